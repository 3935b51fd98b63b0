"""Wiring: the one place that reads the environment and chooses adapters. Each is loaded only where it is used."""

import threading
from collections.abc import Callable, Mapping
from functools import partial
from typing import Any, Final

from pydantic import ValidationError

from smartalarm import ports
from smartalarm.injection import Injector
from smartalarm.settings import Settings

OUR_PREFIXES: Final = (
    *("AUTH_", "CORS_", "FIDO2_", "GRACE_", "HISTORY_", "JWT_", "KEYVAULT_", "METRICS_", "ML_", "ORIGIN_", "PUSH_"),
    *("REFRESH_TOKEN_", "RING_", "SMARTALARM_", "TICK_", "TRUSTED_", "VAPID_", "WEBSOCKET_"),
)

_lock = threading.RLock()
_default: Injector | None = None


class SettingsError(ValueError):
    """A setting is missing or malformed; the text is one line that names the variable, never a secret's value."""


def settings_from(environ: Mapping[str, str]) -> tuple[Settings, list[str]]:
    """The settings, and a line for each unknown variable under a prefix of ours. Raises SettingsError."""
    known = {name.upper(): name for name in Settings.model_fields}
    given = {known[name]: value for name, value in environ.items() if name in known}
    try:
        settings = Settings.model_validate(given)
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        raise SettingsError(f"{str(first['loc'][0]).upper()}: {first['msg'].removeprefix('Value error, ')}") from None
    unknown = sorted(name for name in environ if name.startswith(OUR_PREFIXES) and name not in known)
    return settings, [f"{name} is set, but there is no such setting." for name in unknown]


def default_injector() -> Injector:
    """The process's injector; built from the environment at the first call."""
    global _default  # noqa: PLW0603  one per process, like the environment it comes from
    with _lock:
        if _default is None:
            import os  # read here and nowhere else

            settings, warnings = settings_from(os.environ)
            _default = cloud_injector(settings)
            for warning in warnings:
                _default.get(ports.Telemetry).log("unknown_setting", warning=warning)
        return _default


def use(injector: Injector | None) -> None:
    """Make this the process's injector; None: build it anew at the next call."""
    global _default  # noqa: PLW0603  the same
    with _lock:
        _default = injector


def cloud_injector(settings: Settings) -> Injector:
    """Adapters of a serverless host. A port that needs a secret raises SettingsError where it is missing or too short.

    A vault is asked at the first use of such a port and once: a function that needs no secret never waits for it.
    """
    is_aws = settings.database_provider == "dynamodb"
    keys = _once(partial(with_vault, settings))
    adapters = {**_small(settings, keys), **_web_push(keys), **(_aws(settings) if is_aws else _sql(settings))}
    return _with_settings(settings, adapters)


def with_vault(settings: Settings) -> Settings:
    """The settings with the secrets that KEYVAULT_PROVIDER keeps; one that the environment gives stays.

    Raises SettingsError for a vault that cannot be used, Unavailable for one that does not answer now.
    """
    if settings.keyvault_provider == "env":
        return settings
    if not settings.keyvault_secret:
        raise SettingsError("KEYVAULT_SECRET: is not set; with KEYVAULT_PROVIDER=aws it names the secret to read.")
    try:
        from smartalarm.adapters.secrets_manager import SecretUnusable, new_secrets_client, read_secret
    except ModuleNotFoundError:
        raise SettingsError("KEYVAULT_PROVIDER: aws needs boto3, which is deployed on AWS only; use env.") from None
    try:
        kept = read_secret(new_secrets_client(*_aws_place()), settings.keyvault_secret)
    except SecretUnusable as error:
        raise SettingsError(f"KEYVAULT_SECRET: {error}") from None
    known = {name.lower(): value for name, value in kept.items() if name.lower() in Settings.model_fields}
    try:
        read = Settings.model_validate(known)
    except ValidationError as error:
        name = str(error.errors(include_url=False, include_input=False)[0]["loc"][0]).upper()
        raise SettingsError(f"{name}: its value in {settings.keyvault_secret!r} is malformed.") from None
    given = settings.model_dump(exclude_defaults=True).keys()
    return settings.model_copy(update={name: getattr(read, name) for name in known.keys() - given})


def _is_missing(name: str, settings: Settings) -> SettingsError:
    """The one line for a secret that nobody gave."""
    if settings.keyvault_provider == "env":
        return SettingsError(f"{name}: is not set.")
    return SettingsError(f"{name}: is missing in {settings.keyvault_secret!r}, the secret that KEYVAULT_SECRET names.")


def _with_settings(settings: Settings, adapters: Mapping[type, Callable[[], Any]]) -> Injector:
    return Injector({**adapters, Settings: lambda: settings})


def _small(settings: Settings, keys: Callable[[], Settings]) -> dict[type, Callable[[], Any]]:
    def passwords() -> Any:
        from smartalarm.adapters.passwords import Argon2Passwords

        return Argon2Passwords()

    def signer() -> Any:
        from smartalarm.adapters.tokens import JwtSigner

        if not (secret := keys().jwt_secret_key.get_secret_value()):
            raise _is_missing("JWT_SECRET_KEY", settings)
        return JwtSigner(secret, settings.jwt_issuer, settings.jwt_audience)

    def scheduler_tokens() -> Any:
        from smartalarm.adapters.oidc import GoogleSchedulerTokens

        if not settings.tick_audience:
            raise SettingsError("TICK_AUDIENCE: is not set, but TICK_EMAIL is.")
        return GoogleSchedulerTokens(settings.tick_audience, settings.tick_email, settings.tick_keys_url)

    small: dict[type, Callable[[], Any]] = {ports.Clock: _clock, ports.Entropy: _entropy, ports.Passwords: passwords}
    return {**small, ports.Signer: signer, ports.SchedulerTokens: scheduler_tokens, ports.SleepStager: _stager}


def _clock() -> Any:
    from smartalarm.adapters.clock import SystemClock

    return SystemClock()


def _entropy() -> Any:
    from smartalarm.adapters.entropy import SystemEntropy

    return SystemEntropy()


def _stager() -> Any:
    from smartalarm.adapters.onnx import OnnxStager

    return OnnxStager()


def _web_push(keys: Callable[[], Settings]) -> dict[type, Callable[[], Any]]:
    def push() -> Any:
        from smartalarm.adapters.webpush import WebPushService

        settings = keys()
        if not (key := settings.vapid_private_key.get_secret_value()):
            raise _is_missing("VAPID_PRIVATE_KEY", settings)
        try:
            service = WebPushService(key, settings.vapid_subject, settings.push_allowed_hosts, clock=_clock())
        except ValueError as error:
            raise SettingsError(f"VAPID_PRIVATE_KEY: {error}") from None
        if settings.vapid_public_key.rstrip("=") not in {"", service.public_key}:
            raise SettingsError("VAPID_PUBLIC_KEY: is not the public half of VAPID_PRIVATE_KEY.")
        return service

    return {ports.PushService: push}


def _sql(settings: Settings, host: str = "", opened: Any = None) -> dict[type, Callable[[], Any]]:
    """SQLite, PostgreSQL or Oracle on a host without a queue and without a socket gateway.

    `host` names a process that holds sockets, `opened` is its engine if it has one already.
    """
    engine = _once(lambda: opened or open_database(settings.connection_string.get_secret_value()))

    def of(name: str) -> Callable[[], Any]:
        def make() -> Any:
            from smartalarm.adapters import sql

            return getattr(sql, name)(engine())

        return make

    def make_telemetry() -> Any:
        from smartalarm.adapters.telemetry import LocalTelemetry

        return LocalTelemetry(settings.log_level)

    telemetry = _once(make_telemetry)

    def store() -> Any:
        from smartalarm.adapters.timed_store import TimedStore

        timed = TimedStore(of("SqlStore")(), telemetry())
        return _poking(timed, pokes()) if host else timed

    def make_pokes() -> Any:
        from smartalarm.adapters.pokes import NoPokes, PokeThread

        return PokeThread(_teller(connections, sockets, telemetry)) if host else NoPokes()

    pokes = _once(make_pokes)
    is_shared = settings.database_provider == "postgresql"

    def held_connections() -> Any:
        from smartalarm.adapters.connections_held import HeldConnections

        return HeldConnections(of("SqlConnections")(), host)

    def queue() -> Any:
        from smartalarm.adapters.queue_wake import WakeQueue
        from smartalarm.ringing.leases import WAKES_WITHIN

        has_loop_elsewhere = is_shared and settings.smartalarm_role == "web"
        return WakeQueue(WAKES_WITHIN, of("Line")().wake_ringers if has_loop_elsewhere else None)

    def make_sockets() -> Any:
        from smartalarm.adapters.sockets_local import LocalSockets
        from smartalarm.adapters.sockets_relay import SocketRelay

        return LocalSockets(host, SocketRelay(of("Line")(), telemetry()) if is_shared else None)

    connections = _once(held_connections if is_shared and host else of("SqlConnections"))
    sockets = _once(make_sockets)

    return {
        ports.Store: store,
        ports.Counters: of("SqlCounters"),
        ports.Connections: connections,
        ports.RingQueue: queue,
        ports.Sockets: sockets,
        ports.Pokes: pokes,
        ports.Telemetry: telemetry,
    }


def open_database(url: str) -> Any:
    """The engine of an SQL database, which connects when it is first used. Raises SettingsError."""
    from smartalarm.adapters.sql import open_engine

    if not url:
        raise SettingsError("CONNECTION_STRING: is not set.")
    try:
        return open_engine(url)
    except ValueError as error:
        raise SettingsError(f"CONNECTION_STRING: {error}.") from None


def _aws_place() -> tuple[str, str | None]:
    """Region and, for an emulator, endpoint: the AWS SDKs' own variables."""
    import os  # read in this module and nowhere else

    region = os.environ.get("AWS_REGION") or os.environ.get("AWS_DEFAULT_REGION") or "us-east-1"
    return region, os.environ.get("AWS_ENDPOINT_URL")


def _aws(settings: Settings) -> dict[type, Callable[[], Any]]:
    """DynamoDB, SQS, API Gateway, CloudWatch."""
    region, endpoint = _aws_place()

    def open_table() -> Any:
        from smartalarm.adapters.dynamo import Patience, open_table

        if not (name := settings.connection_string.get_secret_value()):
            raise SettingsError("CONNECTION_STRING: is not set; it names the DynamoDB table.")
        return open_table(name, region=region, patience=Patience(_clock(), _entropy()), endpoint=endpoint)

    table = _once(open_table)

    def of(name: str) -> Callable[[], Any]:
        def make() -> Any:
            from smartalarm.adapters import dynamo

            return getattr(dynamo, name)(table())

        return make

    def queue() -> Any:
        from smartalarm.adapters.queue_sqs import SqsRingQueue, new_sqs_client

        if not settings.ring_queue_url:
            raise SettingsError("RING_QUEUE_URL: is not set.")
        return SqsRingQueue(new_sqs_client(region, endpoint), settings.ring_queue_url)

    def make_sockets() -> Any:
        from smartalarm.adapters.side_by_side import SideBySide
        from smartalarm.adapters.sockets_apigateway import GatewaySockets, new_gateway_client

        url = settings.websocket_url.replace("wss://", "https://", 1).replace("ws://", "http://", 1)
        return GatewaySockets(partial(new_gateway_client, region, url), telemetry(), SideBySide())

    def make_telemetry() -> Any:
        from smartalarm.adapters.telemetry_aws import AwsTelemetry

        return AwsTelemetry(settings.log_level)

    telemetry, sockets, connections = _once(make_telemetry), _once(make_sockets), _once(of("DynamoConnections"))

    pokes = _once(partial(_pokes_at_the_end, connections, sockets, telemetry))
    return {
        ports.Store: lambda: _poking(of("DynamoStore")(), pokes()),
        ports.Counters: of("DynamoCounters"),
        ports.Connections: connections,
        ports.RingQueue: queue,
        ports.Sockets: sockets,
        ports.Pokes: pokes,
        ports.Telemetry: telemetry,
    }


def _poking(store: Any, pokes: Any) -> Any:
    from smartalarm.adapters.poking_store import PokingStore

    return PokingStore(store, pokes)


def _pokes_at_the_end(connections: Callable[[], Any], sockets: Callable[[], Any], telemetry: Callable[[], Any]) -> Any:
    from smartalarm.adapters.pokes import PokesAtTheEnd

    return PokesAtTheEnd(_teller(connections, sockets, telemetry))


def _teller(
    connections: Callable[[], Any], sockets: Callable[[], Any], telemetry: Callable[[], Any]
) -> Callable[[Mapping[str, int]], None]:
    """What it tells by is loaded when there is something to tell."""

    def tell(seqs: Mapping[str, int]) -> None:
        from smartalarm.adapters.poke_teller import Teller

        Teller(connections(), sockets(), _clock(), telemetry())(seqs)

    return tell


def local_injector(settings: Settings, host: str, engine: Any = None) -> Injector:
    """Adapters of the local host: SQL (by its open `engine`), the sockets of process `host`, Prometheus."""
    keys = _small(settings, lambda: settings) | _web_push(lambda: settings)
    adapters = keys | _sql(settings, host, engine)
    return _with_settings(settings, adapters)


def memory_injector(settings: Settings, replacing: Mapping[type, Callable[[], Any]] | None = None) -> Injector:
    """Everything in memory, for tests and simulations; `replacing` puts other adapters in place of some."""
    from smartalarm.adapters import memory

    adapters: dict[type, Callable[[], Any]] = {
        **_small(settings, lambda: settings),
        **_web_push(lambda: settings),
        **_sql(settings),
        ports.Store: memory.MemoryStore,
        ports.Counters: memory.MemoryCounters,
        ports.Connections: memory.MemoryConnections,
        ports.SleepStager: memory.MemoryStager,
        **(replacing or {}),
    }
    return _with_settings(settings, adapters)


def _once(make: Callable[[], Any]) -> Callable[[], Any]:
    made: list[Any] = []
    lock = threading.Lock()

    def get() -> Any:
        with lock:
            if not made:
                made.append(make())
            return made[0]

    return get
