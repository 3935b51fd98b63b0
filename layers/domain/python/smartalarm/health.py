"""Health and who may read metrics."""

import hmac
from dataclasses import dataclass
from typing import Any, ClassVar, Literal

from pydantic import BaseModel, ConfigDict

from smartalarm.errors import NotFound, Unauthenticated
from smartalarm.http import Request
from smartalarm.settings import Settings

_LOOPBACK = frozenset({"127.0.0.1", "::1"})
_PROXIED = frozenset({"forwarded", "x-forwarded-for", "x-forwarded-host", "x-real-ip"})


class Health(BaseModel):
    """How the process is."""

    model_config = ConfigDict(frozen=True)

    status: Literal["live", "ready"]


@dataclass(frozen=True)
class MetricsReader:
    """Somebody who may read metrics: the bearer of METRICS_TOKEN; without that setting, this machine alone."""

    is_credential: ClassVar[bool] = True
    openapi: ClassVar[dict[str, Any]] = {"security": [{}, {"bearer": []}]}

    @classmethod
    def from_request(cls, request: Request, *, settings: Settings) -> "MetricsReader":
        """Raises Unauthenticated for a wrong token, NotFound when nobody from outside may read."""
        token = settings.metrics_token.get_secret_value()
        if token:
            if not hmac.compare_digest((request.bearer or "").encode(), token.encode()):
                raise Unauthenticated("Metrics need METRICS_TOKEN as bearer.")
        # A proxy on this machine, which nobody listed as trusted, makes everybody look like this machine.
        elif request.client_address not in _LOOPBACK or not _PROXIED.isdisjoint(request.headers):
            raise NotFound("There is nothing at this address.")
        return cls()
