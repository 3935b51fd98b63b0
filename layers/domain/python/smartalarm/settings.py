"""Every setting, its default and what it is for. Built once, in `wiring`; the environment is read nowhere else."""

import re
from datetime import timedelta
from ipaddress import ip_network
from typing import Annotated, Any, Final, Literal

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, SecretStr

from smartalarm.addresses import AllowedHosts

SHORTEST_SECRET: Final = 32
_ORIGIN: Final = re.compile(r"https?://[^/\s]+/?|\*|null")
_DIGEST: Final = re.compile(r"[0-9a-f]{64}")
_PLATFORM: Final = re.compile(r"[a-z][a-z0-9-]*")


def _comma_separated(value: Any) -> Any:
    return tuple(part.strip() for part in value.split(",") if part.strip()) if isinstance(value, str) else value


def _lower(value: Any) -> Any:
    return value.strip().lower() if isinstance(value, str) else value


def _origins(names: tuple[str, ...]) -> tuple[str, ...]:
    for name in names:
        if not _ORIGIN.fullmatch(name):
            raise ValueError(f"{name!r} is no origin, like https://alarm.example.org")
    return names


def _hops(names: tuple[str, ...]) -> tuple[str, ...]:
    for name in names:
        try:
            ip_network(name, strict=False)
        except ValueError:
            if not _PLATFORM.fullmatch(name):
                raise ValueError(f"{name!r} is neither an address nor a network, like 10.0.0.0/8") from None
    return names


def _hosts(names: tuple[str, ...]) -> tuple[str, ...]:
    AllowedHosts.parse(names)
    return names


def _long_enough(secret: SecretStr) -> SecretStr:
    if 0 < len(secret.get_secret_value()) < SHORTEST_SECRET:
        raise ValueError(f"needs at least {SHORTEST_SECRET} characters")
    return secret


def _digests(names: tuple[str, ...]) -> tuple[str, ...]:
    if not all(_DIGEST.fullmatch(name) for name in names):
        raise ValueError("holds something else than SHA-256 digests of 64 hexadecimal digits in lower case")
    return names


Names = Annotated[tuple[str, ...], BeforeValidator(_comma_separated)]


class Settings(BaseModel):
    """One frozen value. A field's environment variable is its name in capitals."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    # Where data lives
    database_provider: Annotated[Literal["sqlite", "postgresql", "oracle", "dynamodb"], BeforeValidator(_lower)] = Field(
        "sqlite", description="Which store: sqlite, postgresql, oracle (compiles, not run) or dynamodb."
    )
    connection_string: SecretStr = Field(
        SecretStr(""), description="The database's URL, or the DynamoDB table's name. Empty: SQLite under DATA_DIR."
    )
    data_dir: str = Field(".data", description="Local host: where the database and its own secrets are kept.")
    redis_connection_string: SecretStr = Field(SecretStr(""), description="Reserved; nothing uses Redis yet.")
    history_retention_days: int = Field(365, ge=14, le=3650, description="How long past rings and their ledgers are kept.")

    # Serving
    bind_host: str = Field("127.0.0.1", description="Local host: address to listen on.")
    port: int = Field(8080, ge=0, le=65535, description="Local host: port to listen on.")
    api_base_url: str = Field(
        "", pattern=r"^(https?://[^/\s]+)?$", description="Our own address as devices see it. Empty: http://BIND_HOST:PORT."
    )
    cors_origins: Annotated[Names, AfterValidator(_origins)] = Field(
        (), description="Origins, comma-separated, that may call the API and open sockets."
    )
    trusted_proxies: Annotated[Names, AfterValidator(_hops)] = Field(
        (), description="Addresses of proxies whose X-Forwarded-For is believed."
    )
    origin_secret_sha256: Annotated[Names, AfterValidator(_digests)] = Field(
        (),
        description="AWS: SHA-256 of the x-origin-verify header that CloudFront sends; other calls are refused. Empty: off.",
    )
    websocket_url: str = Field("", description="Managed gateways: the WebSocket API's wss:// address.")
    metrics_token: SecretStr = Field(
        SecretStr(""), description="Bearer token for /metrics; without it only local serves it."
    )

    # Accounts
    jwt_secret_key: Annotated[SecretStr, AfterValidator(_long_enough)] = Field(
        SecretStr(""), description="Signs tokens, >= 32 characters. Local: made on first start."
    )
    jwt_issuer: str = Field("smartalarm", min_length=1, description="The tokens' iss.")
    jwt_audience: str = Field("smartalarm", min_length=1, description="The tokens' aud.")
    fido2_origin: str = Field("", description="Reserved for passkeys: the origin they are bound to.")
    refresh_token_days: int = Field(60, ge=1, le=365, description="A session ends after this long without use.")
    auth_failures_per_account: int = Field(10, ge=1, description="Wrong passwords per account and address in 15 minutes.")
    auth_requests_per_address: int = Field(100, ge=1, description="Sign-in and register requests per address in 15 minutes.")

    # Ringing
    grace_minutes: int = Field(30, ge=1, le=180, description="A ring late by less still rings, a later one is missed.")
    ring_look_ahead_seconds: int = Field(
        300, ge=15, le=900, description="Timers due within this are handed to the ring queue; at least two ticks apart."
    )
    ring_queue_url: str = Field("", description="AWS: the ring queue's URL.")
    tick_email: str = Field(
        "", description="Google: e-mail of the service account whose scheduler may start jobs over HTTP."
    )
    tick_audience: str = Field(
        "", description="Google: the audience that the scheduler's tokens name, our service's address."
    )
    tick_keys_url: str = Field(
        "",
        pattern=r"^(http://127\.0\.0\.1:\d+/\S*)?$",
        description="Tests: where the keys of those tokens are, on this machine alone. Empty: Google's.",
    )
    vapid_public_key: str = Field("", description="Web Push key, base64url. Local: made on first start.")
    vapid_private_key: SecretStr = Field(SecretStr(""), description="Web Push key, base64url. Local: made on first start.")
    vapid_subject: str = Field(
        "mailto:admin@localhost.localdomain",
        pattern=r"^(mailto:|https://)[^\s<>]+$",
        description="Whom push services may write to.",
    )
    push_allowed_hosts: Annotated[Names, AfterValidator(_hosts)] = Field(
        (), description="More push hosts (host or host:port); these may be plain http or loopback."
    )

    # Sleep
    ml_enabled: bool = Field(
        default=True,
        description="Whether sleep is analyzed. false: nothing is recorded or analyzed; nights kept can be seen and erased.",
    )
    ml_data_retention_days: int = Field(
        90, ge=1, le=3650, description="How long a recorded night is kept after it ended; a lower value counts at once."
    )

    # Running
    smartalarm_role: Annotated[Literal["all", "web", "worker"], BeforeValidator(_lower)] = Field(
        "all", description="Local host: all, or with PostgreSQL web (HTTP and sockets) or worker (rings and jobs)."
    )
    keyvault_provider: Annotated[Literal["env", "aws"], BeforeValidator(_lower)] = Field(
        "env", description="Where secrets come from: env, the environment itself, or aws, Secrets Manager."
    )
    keyvault_secret: str = Field(
        "", description="With KEYVAULT_PROVIDER=aws: name or ARN of the secret, a JSON object of settings by name."
    )
    otel_exporter_otlp_endpoint: str = Field("", description="Reserved for traces.")
    log_level: Annotated[Literal["debug", "info", "warning", "error"], BeforeValidator(_lower)] = Field(
        "info", description="Least severe log line that is written."
    )

    @property
    def look_ahead(self) -> timedelta:
        """Timers due within this are handed over by whoever writes or finds them."""
        return timedelta(seconds=self.ring_look_ahead_seconds)

    @property
    def public_url(self) -> str:
        """Our own address as devices see it, without a slash at the end."""
        return self.api_base_url or f"http://{self.bind_host}:{self.port}"
