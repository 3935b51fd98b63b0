"""Tickets: what opens one socket, once, within 30 seconds. A socket's address must not carry an access token."""

import hashlib
from datetime import datetime, timedelta
from typing import Final

from pydantic import BaseModel, ConfigDict

from smartalarm.errors import Unauthenticated
from smartalarm.http import Request
from smartalarm.instants import Instant, to_milliseconds
from smartalarm.ports import Claim, ClaimChange, Clock, Commit, Entropy, Store
from smartalarm.settings import Settings
from smartalarm.text import UuidText

LIFETIME: Final = timedelta(seconds=30)


class Ticket(BaseModel):
    """Connect to `<url>?ticket=<ticket>` before `expires_at`."""

    model_config = ConfigDict(frozen=True)

    url: str
    ticket: str
    expires_at: Instant


class Tickets:
    """Issues and redeems tickets; only their hashes are stored."""

    def __init__(self, store: Store, clock: Clock, entropy: Entropy) -> None:
        self._store = store
        self._clock = clock
        self._entropy = entropy

    def issue(self, user: str, device_id: str | None, url: str) -> Ticket:
        """A new ticket for the user, and the device that will hold the socket. Raises NotFound for an erased account."""
        now: datetime = self._clock.now()
        ticket = self._entropy.token(32)
        expires_at = to_milliseconds(now + LIFETIME)
        change = ClaimChange(_key(ticket), user, {"device_id": device_id}, expires_at=expires_at, expected=0)
        self._store.commit(Commit(user, now, claims=(change,)))  # a commit, because an erased user must not get it
        return Ticket(url=url, ticket=ticket, expires_at=expires_at)

    def redeem(self, ticket: str) -> Claim:
        """Take the ticket: its owner is the user. Raises Unauthenticated for one that is unknown, spent or expired."""
        claim = self._store.take_claim(_key(ticket), now=self._clock.now())
        if claim is None:
            raise Unauthenticated("This ticket is not valid any more. Ask for a new one.")
        return claim


def _key(ticket: str) -> str:
    return f"ticket:{hashlib.sha256(ticket.encode()).hexdigest()}"


class TicketRequest(BaseModel):
    """Which of the user's devices will hold the socket, if it is one."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    device_id: UuidText | None = None


def socket_url(request: Request, settings: Settings) -> str:
    """Where to connect: the managed gateway's address, or our own host's /ws as the client reached us."""
    if settings.websocket_url:
        return settings.websocket_url
    scheme = "wss" if request.scheme == "https" else "ws"
    return f"{scheme}://{request.host}/ws"
