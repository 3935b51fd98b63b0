"""The one secret of a stage, `smartalarm/<stage>` in Secrets Manager: made once, never overwritten or shown.

CloudFormation does not make it: then its values would lie in templates, and go with the stack.
"""

import hashlib
import json
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from scripts.deployment.refusal import Refused, code_of
from smartalarm.adapters.webpush import generate_vapid_keys

ORIGIN, PREVIOUS_ORIGIN = "ORIGIN_SECRET", "ORIGIN_SECRET_PREVIOUS"


@dataclass(frozen=True)
class Secret:
    """`made`: the entries that were missing; `origin_sha256`: what functions compare CloudFront's header with."""

    name: str
    made: tuple[str, ...]
    origin_sha256: str


def secret_name(stage: str) -> str:
    """Where a stage's secrets are."""
    return f"smartalarm/{stage}"


def ensure_secret(client: Any, stage: str) -> Secret:
    """Make the secret, or the entries it lacks; what is there stays. `client` is boto3's. Raises Refused."""
    name = secret_name(stage)
    kept = _read(client, name)
    whole = _with_missing(kept or {})
    made = tuple(sorted(whole.keys() - (kept or {}).keys()))
    try:
        if kept is None:
            client.create_secret(
                Name=name,
                Description=f"What Smart Alarm's stage {stage} signs with; without it all sessions and subscriptions end.",
                SecretString=json.dumps(whole),
            )
        elif made:
            client.put_secret_value(SecretId=name, SecretString=json.dumps(whole))
    except client.exceptions.ResourceExistsException:  # somebody deploys at the same time
        return ensure_secret(client, stage)
    return Secret(name, made, origin_sha256(whole))


def origin_sha256(content: dict[str, str]) -> str:
    """Digests of the header's value and, while one replaces another, of the value before it."""
    values = [content[key] for key in (ORIGIN, PREVIOUS_ORIGIN) if content.get(key)]
    return ",".join(hashlib.sha256(value.encode()).hexdigest() for value in values)


def _read(client: Any, name: str) -> dict[str, str] | None:
    try:
        text = client.get_secret_value(SecretId=name)["SecretString"]
    except client.exceptions.ResourceNotFoundException:
        return None
    except client.exceptions.InvalidRequestException:
        raise Refused(
            f"The secret {name} is being deleted: `aws secretsmanager restore-secret --secret-id {name}`."
        ) from None
    except client.exceptions.ClientError as error:
        raise Refused(f"The secret {name} cannot be read: {code_of(error)}.") from None
    try:
        content = json.loads(text)
    except ValueError:
        content = None
    if not isinstance(content, dict):
        raise Refused(f"The secret {name} is no JSON object; it is left as it is.")
    return content


def _with_missing(kept: dict[str, str]) -> dict[str, str]:
    makers: dict[str, Callable[[], str]] = {
        "JWT_SECRET_KEY": lambda: secrets.token_urlsafe(48),
        ORIGIN: lambda: secrets.token_urlsafe(32),
        "METRICS_TOKEN": lambda: secrets.token_urlsafe(32),
    }
    whole = dict(kept)
    for key, make in makers.items():
        if not whole.get(key):
            whole[key] = make()
    if not whole.get("VAPID_PRIVATE_KEY"):  # a pair: half of one fits no other
        whole["VAPID_PUBLIC_KEY"], whole["VAPID_PRIVATE_KEY"] = generate_vapid_keys()
    return whole
