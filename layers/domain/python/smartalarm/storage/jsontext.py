"""JSON as the stores keep it: compact text, so what a caller holds and what is stored never share an object."""

import json
from typing import Any

from smartalarm.ports import JsonObject

_compact = json.JSONEncoder(ensure_ascii=False, allow_nan=False, separators=(",", ":")).encode
_ascii = json.JSONEncoder(ensure_ascii=True, allow_nan=False, separators=(",", ":")).encode


def json_to_text(fields: JsonObject) -> str:
    """Compact JSON that every backend can store. Raises ValueError or TypeError for what is not JSON (NaN included)."""
    text = _compact(fields)
    if not text.isascii():
        try:
            text.encode()
        except UnicodeEncodeError:  # a lone surrogate is JSON but not UTF-8: keep it escaped
            return _ascii(fields)
    return text


def text_to_json(text: str) -> dict[str, Any]:
    """The object again, new on every call."""
    fields: dict[str, Any] = json.loads(text)
    return fields
