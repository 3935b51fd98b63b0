"""The local host's own secrets: made on first start, kept under DATA_DIR with mode 0600."""

import json
import os
import secrets
from pathlib import Path

from smartalarm.adapters.webpush import generate_vapid_keys
from smartalarm.settings import Settings

FILE = "secrets.json"


def with_secrets(settings: Settings, data_dir: Path) -> Settings:
    """The settings with every secret set: those given stay, the others come from DATA_DIR/secrets.json."""
    path = data_dir / FILE
    kept: dict[str, str] = json.loads(path.read_text()) if path.exists() else {}
    made = dict(kept)
    if "jwt_secret_key" not in made:
        made["jwt_secret_key"] = secrets.token_urlsafe(48)
    if "vapid_private_key" not in made:
        made["vapid_public_key"], made["vapid_private_key"] = generate_vapid_keys()
    if made != kept:
        _write(path, made)
    given = {name: _plain(value) for name, value in settings.model_dump(exclude_defaults=True).items()}
    if "vapid_private_key" in given:  # the public half of ours would not fit
        made.pop("vapid_public_key", None)
    return settings.model_validate({**made, **given})


def _plain(value: object) -> object:
    return value.get_secret_value() if hasattr(value, "get_secret_value") else value


def _write(path: Path, content: dict[str, str]) -> None:
    """Whole or not at all, readable by its owner alone from the first byte."""
    temporary = path.with_suffix(".new")
    descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w") as file:
        json.dump(content, file, indent=1)
        file.flush()
        os.fsync(file.fileno())
    temporary.replace(path)
