"""The API's documents as they are served: openapi.json as committed, and a plain page made from it, without scripts."""

import base64
import hashlib
import json
from functools import cache
from html import escape
from os.path import normpath
from pathlib import Path
from typing import Any, Final

from smartalarm.http import Response

OPENAPI_TYPE: Final = "application/json"
DOCS_TYPE: Final = "text/html; charset=utf-8"
# Deployed, it lies in the package; in the source tree at the root, above layers/domain/python/smartalarm.
_OPENAPI: Final = tuple(
    Path(normpath(Path(__file__).parent / place)) for place in ("openapi.json", "../../../../openapi.json")
)
_STYLE: Final = (
    "body{font:16px/1.5 system-ui,sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem;color:#1b1b1f;background:#fff}"
    "code{font:14px ui-monospace,monospace}h2{margin-top:2.5rem}section{border-top:1px solid #ccc;padding:.5rem 0}"
    "b{display:inline-block;min-width:4.5rem}@media(prefers-color-scheme:dark){body{color:#eee;background:#16161a}a{color:#9cf}}"
)


@cache
def openapi_bytes() -> bytes:
    """openapi.json."""
    deployed, source = _OPENAPI
    return (deployed if deployed.is_file() else source).read_bytes()


def openapi_response() -> Response:
    """The document."""
    return Response(200, openapi_bytes(), {"content-type": OPENAPI_TYPE, "cache-control": "public, max-age=300"})


def docs_response() -> Response:
    """The page."""
    headers = {"content-type": DOCS_TYPE, "content-security-policy": docs_policy(), "cache-control": "public, max-age=300"}
    return Response(200, docs_page().encode(), headers)


@cache
def _document() -> dict[str, Any]:
    document: dict[str, Any] = json.loads(openapi_bytes())
    return document


def documented_routes() -> list[tuple[str, str, str]]:
    """(method, path template, operation id) of every operation."""
    return [
        (method.upper(), path, operation["operationId"])
        for path, item in _document()["paths"].items()
        for method, operation in item.items()
        if isinstance(operation, dict) and "operationId" in operation
    ]


@cache
def docs_page() -> str:
    """Every operation with what it takes and answers, as HTML."""
    document = _document()
    parts = [
        "<!doctype html><html lang=en><head><meta charset=utf-8><meta name=viewport content='width=device-width'>",
        f"<title>Smart Alarm API</title><style>{_STYLE}</style></head><body><h1>Smart Alarm API</h1>",
        f"<p>{escape(document['info'].get('description', ''))}</p><p><a href=openapi.json>openapi.json</a></p>",
    ]
    by_tag: dict[str, list[str]] = {}
    for method, path, _ in documented_routes():
        operation = document["paths"][path][method.lower()]
        by_tag.setdefault((operation.get("tags") or ["api"])[0], []).append(_operation(method, path, operation))
    for tag, sections in sorted(by_tag.items()):
        parts += [f"<h2>{escape(tag)}</h2>", *sections]
    return "".join([*parts, "</body></html>"])


def _operation(method: str, path: str, operation: dict[str, Any]) -> str:
    answers = ", ".join(sorted(operation.get("responses", {})))
    takes = [parameter.get("name", "") for parameter in operation.get("parameters", [])]
    parameters = f"<p>Parameters: <code>{escape(', '.join(takes))}</code></p>" if takes else ""
    return (
        f"<section><h3><b>{method}</b> <code>{escape(path)}</code></h3><p>{escape(operation.get('summary', ''))}</p>"
        f"{parameters}<p>Answers: <code>{escape(answers)}</code></p></section>"
    )


@cache
def docs_policy() -> str:
    """The page's own Content-Security-Policy: its one style sheet by hash, and nothing else."""
    digest = base64.b64encode(hashlib.sha256(_STYLE.encode()).digest()).decode()
    return f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; frame-ancestors 'none'; form-action 'none'"
