"""The app as the local host serves it: the files that `npm run build` made, from a map that is built once, at start.

A path that is not in the map is no file, so no path leads anywhere else on this machine. What no file answers and what
looks like a screen of the app is answered by index.html: the app's own router knows the screen.
"""

import gzip
import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from os.path import normpath
from pathlib import Path
from typing import Final

from smartalarm.errors import MethodNotAllowed
from smartalarm.http import Request, Response, problem
from smartalarm.site_headers import SITE_HEADERS, site_policy

# Packed, it lies in the package; in the source tree where the build leaves it.
_PLACES: Final = tuple(
    Path(normpath(Path(__file__).parent / place)) for place in ("../site", "../../../../../frontend/dist")
)
_INDEX: Final = "/index.html"
_YEAR: Final = "public, max-age=31536000, immutable"
_ASK: Final = "no-cache"  # keep it, but ask each time whether it is still the same
_HASHED: Final = re.compile(r"/assets/.+-[A-Za-z0-9_-]{8,}\.[a-z0-9]+")
_SCREEN: Final = re.compile(r"(?:/(?:[A-Za-z0-9_:~-]|%3A)+)*/?")  # an occurrence's id has colons; browsers escape them
_HOST: Final = re.compile(r"(?:[A-Za-z0-9.-]+|\[[0-9a-fA-F:.]+\])(?::[0-9]{1,5})?")
_SMALLEST_PACKED: Final = 1024
_PACKED: Final = {"br": ".br", "gzip": ".gz"}
_TYPES: Final = {
    ".html": "text/html; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".json": "application/json",
    ".webmanifest": "application/manifest+json",
    ".svg": "image/svg+xml",
    ".txt": "text/plain; charset=utf-8",
    ".png": "image/png",
    ".ico": "image/x-icon",
    ".webp": "image/webp",
    ".woff2": "font/woff2",
    ".mp3": "audio/mpeg",
    ".ogg": "audio/ogg",
    ".m4a": "audio/mp4",
    ".wav": "audio/wav",
}
_TEXT: Final = frozenset({".html", ".js", ".css", ".json", ".webmanifest", ".svg", ".txt"})
_NOT_BUILT: Final = (
    b"<!doctype html><html lang=en><head><meta charset=utf-8><meta name=viewport content='width=device-width'>"
    b"<title>Smart Alarm</title></head><body><h1>Smart Alarm is running</h1><p>The app itself is not built yet. In the "
    b"source folder, run <code>npm ci</code> and <code>npm run build</code> in <code>frontend</code>, then start again.</p>"
    b"<p><a href='/api/v1/docs'>The API's documentation</a></p></body></html>"
)


@dataclass(frozen=True)
class File:
    """One file in each of its encodings ("" is as it is), each with its ETag."""

    media_type: str
    cache_control: str
    bodies: Mapping[str, bytes]
    tags: Mapping[str, str]


class Site:
    """Answers GET and HEAD for the app. Without a built app `/` says how to build it."""

    def __init__(self, files: Mapping[str, File]) -> None:
        self._files = files

    def answer(self, request: Request) -> Response | None:
        """The file, or the app for one of its screens; None for what is none of the app's business."""
        path = "/index.html" if request.path == "/" else request.path
        found = self._files.get(path)
        if found is None and _is_ours(request):
            found = self._files.get(_INDEX)
            if found is None and request.path == "/":
                return _not_built(request)
        if found is None:
            return None
        if request.method not in {"GET", "HEAD"}:
            return problem(MethodNotAllowed("This address answers GET, HEAD.", headers={"allow": "GET, HEAD"}))
        return _file_response(found, request)


def load_site(places: tuple[Path, ...] = _PLACES) -> Site:
    """The built app in the first place that has one, read into memory; an empty site when there is none."""
    for place in places:
        if (place / "index.html").is_file():
            return Site(_read(place))
    return Site({})


def _read(root: Path) -> dict[str, File]:
    raw: dict[str, bytes] = {}
    for path in sorted(root.rglob("*")):
        parts = path.relative_to(root).parts
        is_hidden = any(part.startswith(".") for part in parts)
        is_linked = any(parent.is_symlink() for parent in (path, *path.parents) if parent != root and root in parent.parents)
        if path.is_file() and not is_hidden and not is_linked:
            raw["/" + "/".join(parts)] = path.read_bytes()
    return {name: _file(name, raw) for name in raw if not name.endswith((*_PACKED.values(), ".map"))}


def _file(name: str, raw: Mapping[str, bytes]) -> File:
    suffix = Path(name).suffix
    bodies = {"": raw[name]}
    for encoding, ending in _PACKED.items():
        if name + ending in raw:
            bodies[encoding] = raw[name + ending]
    if suffix in _TEXT and "gzip" not in bodies and len(raw[name]) >= _SMALLEST_PACKED:
        bodies["gzip"] = gzip.compress(raw[name], mtime=0)
    digest = hashlib.sha256(raw[name]).hexdigest()[:24]
    tags = {encoding: f'"{digest}{encoding and "-" + encoding}"' for encoding in bodies}
    return File(_TYPES.get(suffix, "application/octet-stream"), _YEAR if _HASHED.fullmatch(name) else _ASK, bodies, tags)


def _is_ours(request: Request) -> bool:
    """Whether it asks for a screen of the app: no file by its name, nothing of the API."""
    first = request.path.split("/")[1] if request.path.startswith("/") else ""
    return request.method in {"GET", "HEAD"} and first not in {"api", "ws"} and bool(_SCREEN.fullmatch(request.path))


def _file_response(file: File, request: Request) -> Response:
    encoding = _chosen(request.headers.get("accept-encoding", ""), file.bodies)
    headers = {
        **SITE_HEADERS,
        "content-security-policy": site_policy(_socket_address(request)),
        "cache-control": file.cache_control,
        "etag": file.tags[encoding],
        "vary": "Accept-Encoding",
    }
    if _is_known(request.headers.get("if-none-match", ""), file.tags[encoding]):
        return Response(304, b"", headers)
    if encoding:
        headers["content-encoding"] = encoding
    return Response(200, file.bodies[encoding], {**headers, "content-type": file.media_type})


def _not_built(request: Request) -> Response:
    headers = {**SITE_HEADERS, "content-security-policy": site_policy(_socket_address(request)), "cache-control": _ASK}
    return Response(200, _NOT_BUILT, {**headers, "content-type": _TYPES[".html"]})


def _socket_address(request: Request) -> str:
    """Our own host's, as the browser reached us; a Host that could end the policy's text is left out."""
    if not _HOST.fullmatch(request.host):
        return ""
    return f"{'wss' if request.scheme == 'https' else 'ws'}://{request.host}"


def _is_known(sent: str, tag: str) -> bool:
    return any(given.strip().removeprefix("W/") in {tag, "*"} for given in sent.split(","))


def _chosen(accepted: str, bodies: Mapping[str, bytes]) -> str:
    """The smallest encoding that the client takes (RFC 9110, 12.5.3); as it is for one that refuses all of them."""
    weights: dict[str, float] = {}
    for part in accepted.lower().split(","):
        name, _, parameters = part.strip().partition(";")
        weights[name.strip()] = _weight(parameters)
    taken = [name for name in bodies if name and weights.get(name, weights.get("*", 0.0)) > 0]
    return min(taken, key=lambda name: len(bodies[name]), default="")


def _weight(parameters: str) -> float:
    name, _, value = parameters.strip().partition("=")
    if name.strip() != "q":
        return 1.0
    return float(value) if re.fullmatch(r"\s*[01](\.[0-9]{0,3})?\s*", value) else 0.0
