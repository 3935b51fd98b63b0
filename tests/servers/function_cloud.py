"""A whole cloud on this machine, as far as it can be had.

Every function on the cloud's real runtime, a real PostgreSQL, a small gateway, and a cron for the scheduler. What Google and
Oracle do beyond their runtimes is stood in for.
"""

import json
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from types import MappingProxyType
from typing import Final

from smartalarm.adapters.sql import open_engine
from smartalarm.adapters.sql.migrations import migrate
from smartalarm.adapters.tokens import JwtSigner
from smartalarm.adapters.webpush import generate_vapid_keys
from smartalarm.catalog import FUNCTIONS_ROOT, functions_on
from smartalarm.function import Declaration, ScheduleFunction
from smartalarm.hosts.ticker import rate_to_interval
from smartalarm.hosts.ticks import sign_tick
from tests.servers.cloud_events import Call
from tests.servers.google_tokens import AUDIENCE, EMAIL, GoogleTokens, running_google_tokens
from tests.servers.http_gateway import TICKS, as_handed_over, running_gateway
from tests.servers.instances import Cloud, Instances, LibrariesOf
from tests.servers.minute_cron import MinuteCron
from tests.servers.postgres import fresh_database, running_postgres

SECRET: Final = "a secret of this machine's cloud alone"
TOKEN_SECONDS: Final = 3600
PEER: Final = "127.0.0.1"


@dataclass
class FunctionCloud:
    """A running one."""

    api_url: str
    instances: Instances
    cron: MinuteCron
    google: GoogleTokens

    def tick(self, job: str, *, token: str | None = None) -> int:
        """Call a job as the scheduler does, with `token` in place of its own; the status, once the job has ended."""
        return self.instances.call(job, self._tick(job, token)).status

    def _tick(self, job: str, token: str | None) -> Call:
        now = datetime.now(UTC)
        if self.instances.cloud == "gcp":  # straight to the function's own address
            proof = self.google.sign(now=now) if token is None else token
            return Call("POST", "/", headers={"Authorization": f"Bearer {proof}", "User-Agent": "Google-Cloud-Scheduler"})
        if token is None:
            token = sign_tick(job, JwtSigner(SECRET, "smartalarm", "smartalarm"), now=now, lifetime_seconds=TOKEN_SECONDS)
        body = json.dumps({"tick_token": token}).encode()  # a scheduler of Oracle's sends a body and nothing else
        call = Call("POST", TICKS.format(job), headers={"content-type": "application/json"}, body=body)
        return as_handed_over("oci", call, PEER)


@contextmanager
def running_cloud(
    cloud: Cloud,
    home: Path,
    settings: Mapping[str, str] = MappingProxyType({}),
    *,
    folder: Path = FUNCTIONS_ROOT,
    libraries: LibrariesOf | None = None,
    is_migrated: bool = True,
    is_ticking: bool = True,
    database_url: str | None = None,
) -> Iterator[FunctionCloud]:
    """All functions that the cloud has, with an empty database; nothing starts before it is called.

    `folder` holds them as built (dist/gcp) or as sources; `libraries` what the cloud would install for them, in place of
    what is installed here; `settings` are more environment variables. Raises PostgresMissing.
    """
    functions: dict[str, Declaration] = {d.name: d for d in functions_on(cloud)}
    jobs = {name: d.rate for name, d in functions.items() if isinstance(d, ScheduleFunction)}
    with ExitStack() as stack:
        url = database_url or stack.enter_context(fresh_database(stack.enter_context(running_postgres())))
        if is_migrated:
            _migrate(url)
        google = stack.enter_context(running_google_tokens())
        environment = {**_environment(cloud, url, google), **settings}  # read whenever an instance is started
        instances = stack.enter_context(Instances(cloud, functions, folder, environment, home, libraries=libraries))
        api_url = stack.enter_context(running_gateway(instances, functions))
        environment["API_BASE_URL"] = api_url
        running = FunctionCloud(api_url, instances, MinuteCron({}, lambda _: 0), google)
        rates = {job: rate_to_interval(rate).total_seconds() for job, rate in jobs.items()}
        running.cron = MinuteCron(rates, running.tick)
        if is_ticking:
            running.cron.start()
        stack.callback(running.cron.stop)
        yield running


def _migrate(url: str) -> None:
    engine = open_engine(url)
    migrate(engine)
    engine.close()


def _environment(cloud: Cloud, url: str, google: GoogleTokens) -> Mapping[str, str]:
    """What a deployment sets."""
    public, private = generate_vapid_keys()
    shared = {
        "DATABASE_PROVIDER": "postgresql",
        "CONNECTION_STRING": url,
        "JWT_SECRET_KEY": SECRET,
        "VAPID_PRIVATE_KEY": private,
        "VAPID_PUBLIC_KEY": public,
        "TRUSTED_PROXIES": "127.0.0.1" if cloud == "gcp" else "oci-gateway",
    }
    if cloud == "oci":
        return shared
    return {**shared, "TICK_EMAIL": EMAIL, "TICK_AUDIENCE": AUDIENCE, "TICK_KEYS_URL": google.keys_url}
