"""The local host: one process with HTTP, sockets, the ring loop and the scheduler. `python -m smartalarm.hosts.local`."""

import argparse
import fcntl
import gc
import os
import resource
import signal
import socket
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TextIO

import uvicorn
from pydantic import SecretStr

from smartalarm.adapters.sql.migrations import migrate
from smartalarm.adapters.webpush import WebPushService
from smartalarm.catalog import load_functions
from smartalarm.errors import Unavailable
from smartalarm.hosts.local_app import local_app
from smartalarm.hosts.local_http import EndingHttp
from smartalarm.hosts.local_secrets import with_secrets
from smartalarm.hosts.roles import Parts, process_name, served
from smartalarm.hosts.site import load_site
from smartalarm.ports import Connections, PushService, Store
from smartalarm.settings import Settings
from smartalarm.wiring import SettingsError, local_injector, open_database, settings_from

EVERY_ADDRESS = frozenset({"0.0.0.0", "::", ""})  # noqa: S104  only looked for
LARGEST_MESSAGE = 32 * 1024


def main(environ: Mapping[str, str] = os.environ) -> int:
    """Serve until SIGTERM or SIGINT. Settings come from the environment; docs/settings.md lists them."""
    argparse.ArgumentParser(
        prog="smartalarm",
        description="Serve Smart Alarm from this process. Settings are environment variables: PORT (8080), DATA_DIR "
        "(.data), and those in docs/settings.md.",
    ).parse_args()
    try:
        settings, warnings = settings_from(environ)
    except SettingsError as error:
        return _refuse(str(error))
    for warning in warnings:
        _say(f"warning: {warning}")
    data_dir = Path(settings.data_dir)
    try:
        data_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        return _refuse(f"DATA_DIR: cannot make {data_dir} ({error.strerror}).")
    with _alone(data_dir) as is_alone:
        if not is_alone:
            return _refuse(f"DATA_DIR: another Smart Alarm uses {data_dir}. Stop it, or choose another DATA_DIR.")
        try:
            _check_shared(settings)
            return _serve(_with_database(with_secrets(settings, data_dir), data_dir))
        except SettingsError as error:
            return _refuse(str(error))
        except Unavailable as error:
            return _refuse(f"CONNECTION_STRING: {error.detail}.")


def _check_shared(settings: Settings) -> None:
    """What processes on one database must agree about cannot be made by each for itself. Raises SettingsError."""
    if settings.keyvault_provider != "env":
        raise SettingsError("KEYVAULT_PROVIDER: the local host takes secrets from the environment, or makes its own: env.")
    is_shared = settings.database_provider == "postgresql"
    if settings.smartalarm_role != "all" and not is_shared:
        raise SettingsError("SMARTALARM_ROLE: web and worker share a database, so they need DATABASE_PROVIDER=postgresql.")
    if settings.smartalarm_role == "worker" and not settings.api_base_url:
        raise SettingsError("API_BASE_URL: is not set; a worker's rings tell devices to answer there, not at the worker.")
    secrets = {"JWT_SECRET_KEY": settings.jwt_secret_key, "VAPID_PRIVATE_KEY": settings.vapid_private_key}
    for name, secret in secrets.items():
        if not is_shared or secret.get_secret_value():
            continue
        if settings.smartalarm_role != "all":
            raise SettingsError(f"{name}: is not set; web and worker processes must share it.")
        _say(f"warning: {name} is not set. It is made under DATA_DIR; a second process on this database needs the same one.")


def _with_database(settings: Settings, data_dir: Path) -> Settings:
    if settings.database_provider == "dynamodb":
        raise SettingsError("DATABASE_PROVIDER: the local host keeps its data in sqlite or postgresql.")
    if url := settings.connection_string.get_secret_value():
        # A server's database taken for a file of our own would lose the leases that other processes hold.
        if url.startswith("sqlite") != (settings.database_provider == "sqlite"):
            raise SettingsError(f"CONNECTION_STRING: is not an address of DATABASE_PROVIDER={settings.database_provider}.")
        return settings
    if settings.database_provider != "sqlite":
        raise SettingsError("CONNECTION_STRING: is not set.")
    return settings.model_copy(update={"connection_string": SecretStr(f"sqlite:///{data_dir.resolve() / 'smartalarm.db'}")})


def _serve(settings: Settings) -> int:
    engine = open_database(settings.connection_string.get_secret_value())
    migrate(engine)
    listener = _listen(settings)
    settings = settings.model_copy(update={"port": listener.getsockname()[1]})
    name = process_name(settings, socket.gethostname())
    injector = local_injector(settings, name, engine)
    injector.get(Connections).close_host(name)
    if settings.database_provider == "sqlite":
        injector.get(Store).release_handed()  # nobody else can hold a lease on this file
    declarations = load_functions()
    site = None if settings.smartalarm_role == "worker" else load_site()
    app = local_app(served(declarations, settings), injector, site)
    parts = Parts(injector, engine, declarations)
    config = uvicorn.Config(
        app,
        log_level="warning",
        access_log=False,
        proxy_headers=False,
        server_header=False,
        http=EndingHttp,
        ws="websockets-sansio",
        ws_max_size=LARGEST_MESSAGE,
        timeout_graceful_shutdown=5,
        lifespan="off",
    )
    # uvicorn raises the signal that stopped it once more; with handlers of ours that ends nothing before we are done.
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: None)
    push = injector.get(PushService)
    if isinstance(push, WebPushService):
        push.warm_up()  # 150 ms that the first ring must not wait for
    _allow_open_files()
    if settings.bind_host in EVERY_ADDRESS and not settings.api_base_url:
        _say("warning: API_BASE_URL is not set, so rings tell devices to answer at an address that is not ours.")
    _keep_pauses_short()
    parts.start()
    _say(f"Smart Alarm is ready on {settings.public_url} (API {settings.public_url}/api/v1/docs). Ctrl+C stops it.")
    try:
        uvicorn.Server(config).run(sockets=[listener])
    finally:
        parts.stop()
    _say("Smart Alarm has stopped.")
    return 0


def _allow_open_files() -> None:
    """As many as the system lets us have: sockets of clients must not use up those that pushes need."""
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    with suppress(ValueError, OSError):  # a system that does not let us; then it stays as it was
        resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))


def _keep_pauses_short() -> None:
    """Python's collector stops all threads, also those that are about to ring.

    What is loaded by now stays for ever and is not walked again; the rest is walked rarely, and mostly what is new. In a
    burst of 5,000 rings its longest pause is 40 ms then, not 250 to 700.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 50, 100)


def _listen(settings: Settings) -> socket.socket:
    try:
        listener = socket.create_server((settings.bind_host, settings.port), backlog=2048, reuse_port=False)
    except OSError as error:
        raise SettingsError(f"PORT: cannot listen on {settings.bind_host}:{settings.port} ({error.strerror}).") from None
    # Accepted sockets inherit it. asyncio sets it only where the protocol is named, which create_server does not do, and
    # without it the second packet of every answer waits 40 ms for the first one's delayed acknowledgement.
    listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return listener


@contextmanager
def _alone(data_dir: Path) -> Iterator[bool]:
    """Whether we are the only process with this DATA_DIR; the lock ends with the process, however it ends."""
    file: TextIO
    with (data_dir / "lock").open("w") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            yield False
            return
        yield True


def _say(text: str) -> None:
    sys.stderr.write(f"{text}\n")
    sys.stderr.flush()


def _refuse(text: str) -> int:
    _say(f"Smart Alarm cannot start: {text}")
    return 2


if __name__ == "__main__":
    sys.exit(main())
