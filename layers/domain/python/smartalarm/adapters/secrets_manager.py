"""Secrets from AWS Secrets Manager: one secret holds them all as JSON, `{"JWT_SECRET_KEY": "...", ...}`."""

import json
from collections.abc import Mapping
from typing import Any, Final

from botocore.exceptions import BotoCoreError, ClientError

from smartalarm.adapters.aws_client import new_aws_client
from smartalarm.errors import Unavailable

_PERMANENT: Final = {
    "ResourceNotFoundException": "does not exist in this account and region; `make deploy` creates it",
    "AccessDeniedException": "may not be read: the function's role lacks secretsmanager:GetSecretValue on it",
    "InvalidRequestException": "is being deleted; restore it with `aws secretsmanager restore-secret`",
    "DecryptionFailure": "cannot be decrypted: the role lacks kms:Decrypt on its key",
}


class SecretUnusable(ValueError):
    """The secret is missing, forbidden or no JSON object of texts; the text says which in one line, never a value."""


def new_secrets_client(region: str, endpoint: str | None = None) -> Any:
    """A client with time limits and bounded retries."""
    return new_aws_client("secretsmanager", region, endpoint, connect_seconds=1, read_seconds=2, attempts=3)


def read_secret(client: Any, name: str) -> Mapping[str, str]:
    """What the secret `name` (or its ARN) holds. Raises SecretUnusable, or Unavailable when asking again may help."""
    try:
        text = client.get_secret_value(SecretId=name).get("SecretString", "")
    except ClientError as error:
        code = str(error.response.get("Error", {}).get("Code", ""))
        if code in _PERMANENT:
            raise SecretUnusable(f"{name!r} {_PERMANENT[code]}.") from None
        raise Unavailable("The secrets cannot be read") from error  # why is in the log: callers read this text
    except BotoCoreError as error:
        raise Unavailable("The secrets cannot be read") from error
    try:
        content = json.loads(text)
    except ValueError:
        content = None
    if not isinstance(content, dict) or not all(isinstance(value, str) for value in content.values()):
        raise SecretUnusable(f"{name!r} holds no JSON object of texts.")  # the text itself stays out of every log
    return content
