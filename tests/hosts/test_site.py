"""The local host serves the built app: its files, its screens, how long each may be kept and what its pages may do."""

import asyncio
import gzip
from pathlib import Path
from typing import Any

import pytest
import yaml

from smartalarm.hosts.local_app import local_app
from smartalarm.hosts.site import Site, load_site
from smartalarm.http import Request, Response
from smartalarm.site_headers import SITE_HEADERS, site_policy
from tests.fakes import memory_world

INDEX = b"<!doctype html><title>Smart Alarm</title>" + b" " * 2000
SCRIPT = b"export const alarm = 1;\n" * 200
RESOURCES = Path(__file__).parents[2] / "infra" / "aws" / "resources.yml"


@pytest.fixture
def dist(tmp_path: Path) -> Path:
    """A built app, and beside it what nobody may see."""
    root = tmp_path / "dist"
    (root / "assets").mkdir(parents=True)
    (root / "index.html").write_bytes(INDEX)
    (root / "sw.js").write_bytes(b"self.x = 1;")
    (root / "manifest.webmanifest").write_bytes(b"{}")
    (root / "assets" / "app-B3kd9_Xz.js").write_bytes(SCRIPT)
    (root / "assets" / "app-B3kd9_Xz.js.br").write_bytes(b"brotli")
    (root / "assets" / "app-B3kd9_Xz.js.map").write_bytes(b"{}")
    (root / ".env").write_bytes(b"secret")
    (tmp_path / "secret.txt").write_bytes(b"secret")
    (root / "linked.txt").symlink_to(tmp_path / "secret.txt")
    return root


@pytest.fixture
def site(dist: Path) -> Site:
    """The app as it is served."""
    return load_site((dist,))


def get(site: Site, path: str, method: str = "GET", scheme: str = "http", **headers: str) -> Response | None:
    """One request."""
    sent = {"host": "alarm.example:8443", **{name.replace("_", "-"): value for name, value in headers.items()}}
    return site.answer(Request(method, path, headers=sent, scheme=scheme))


def got(site: Site, path: str, **how: Any) -> Response:
    """One request that the app answers."""
    answer = get(site, path, **how)
    assert answer is not None
    return answer


@pytest.mark.parametrize(
    "path",
    [
        "/",
        "/index.html",
        "/alarms",
        "/alarms/0198c2f2-6f5a-7cc1-8f3e-0a1b2c3d4e5f",
        "/history/",
        "/ringing/0198c2f2%3A20261201T060000Z",
    ],
)
def test_a_screen_of_the_app_is_its_page(site: Site, path: str) -> None:
    """The app's own router knows the screen; the page is asked for each time."""
    answer = got(site, path)
    assert (answer.status, answer.body) == (200, INDEX)
    assert answer.headers["content-type"] == "text/html; charset=utf-8"
    assert answer.headers["cache-control"] == "no-cache"


@pytest.mark.parametrize(
    "path",
    [
        *("/api/v1/alarms", "/api", "/ws", "/nothing.js", "/.env", "/linked.txt", "/assets/app-B3kd9_Xz.js.map"),
        *("/../secret.txt", "/assets/../../secret.txt", "/%2e%2e/secret.txt", "//secret.txt", "/assets/app-B3kd9_Xz.js.br"),
        *("/..%2fsecret.txt", "/\\..\\secret.txt", "*", "http://evil/x.js"),
    ],
)
def test_nothing_else_is_the_apps_business(site: Site, path: str) -> None:
    """The API, the socket, what was hidden, linked or lies outside: no path leads there."""
    assert get(site, path) is None


def test_hashed_files_are_kept_for_ever_and_come_packed(site: Site) -> None:
    """Another content has another name."""
    answer = got(site, "/assets/app-B3kd9_Xz.js", accept_encoding="gzip, deflate, br")
    assert answer.headers["cache-control"] == "public, max-age=31536000, immutable"
    assert (answer.headers["content-encoding"], answer.body) == ("br", b"brotli")
    assert answer.headers["content-type"] == "text/javascript; charset=utf-8"
    packed = got(site, "/assets/app-B3kd9_Xz.js", accept_encoding="gzip, br;q=0")
    assert gzip.decompress(packed.body) == SCRIPT
    assert "content-encoding" not in got(site, "/assets/app-B3kd9_Xz.js").headers
    assert got(site, "/sw.js").headers["cache-control"] == "no-cache"
    assert got(site, "/manifest.webmanifest").headers["content-type"] == "application/manifest+json"


def test_a_file_that_is_known_is_not_sent_again(site: Site) -> None:
    """304 by its ETag, which differs by encoding."""
    tag = got(site, "/").headers["etag"]
    again = got(site, "/", if_none_match=f'"other", W/{tag}')
    assert (again.status, again.body, again.headers["etag"]) == (304, b"", tag)
    assert got(site, "/", if_none_match='"other"').status == 200
    assert got(site, "/", accept_encoding="gzip").headers["etag"] != tag


def test_a_page_may_do_what_the_app_needs_and_no_more(site: Site) -> None:
    """One policy; sockets to the host that the browser reached."""
    headers = got(site, "/", scheme="https").headers
    assert headers["content-security-policy"] == site_policy("wss://alarm.example:8443")
    assert "unsafe" not in headers["content-security-policy"]
    assert SITE_HEADERS.items() <= headers.items()
    odd = got(site, "/", host="a; script-src *").headers["content-security-policy"]
    assert odd == site_policy("")


def test_only_reading_is_possible(site: Site) -> None:
    """405 for a file; a screen's path is none."""
    assert got(site, "/sw.js", method="POST").status == 405
    assert got(site, "/alarms", method="HEAD").status == 200
    assert get(site, "/alarms", method="DELETE") is None


def test_without_a_built_app_the_root_says_how_to_build_it(tmp_path: Path) -> None:
    """A fresh clone runs all the same."""
    site = load_site((tmp_path,))
    assert b"npm run build" in got(site, "/").body
    assert get(site, "/alarms") is None


def test_cloudfront_says_the_same_of_the_app(site: Site) -> None:
    """infra/aws/resources.yml and the local host: one set of headers."""
    headers = got(site, "/").headers
    text = RESOURCES.read_text("utf-8")
    policy = _loaded(text)["Resources"]["SecurityHeaders"]["Properties"]["ResponseHeadersPolicyConfig"]
    security = policy["SecurityHeadersConfig"]
    socket = "wss://${WebsocketsApi}.execute-api.${AWS::Region}.${AWS::URLSuffix}"
    theirs = security["ContentSecurityPolicy"]["ContentSecurityPolicy"].strip()
    assert theirs == f"{site_policy(socket)}; upgrade-insecure-requests"  # there is no http there
    assert security["FrameOptions"]["FrameOption"] == headers["x-frame-options"]
    assert security["ReferrerPolicy"]["ReferrerPolicy"] == headers["referrer-policy"]
    assert "ContentTypeOptions" in security
    custom = {item["Header"].lower(): item["Value"] for item in policy["CustomHeadersConfig"]["Items"]}
    assert custom == {name: headers[name] for name in ("permissions-policy", "cross-origin-opener-policy")}


def test_the_local_host_serves_the_app_beside_the_api(site: Site) -> None:
    """Over ASGI: the page at /, problem+json below /api, and no body for HEAD's length to lie about."""
    app = local_app([], memory_world(replacing=_local_sockets()), site)
    status, headers, body = asyncio.run(_ask(app, "/"))
    assert (status, body) == (200, INDEX)
    assert headers[b"content-length"] == str(len(INDEX)).encode()
    assert headers[b"vary"] == b"Accept-Encoding, Origin"
    status, headers, _ = asyncio.run(_ask(app, "/api/v1/nothing"))
    assert (status, headers[b"content-type"]) == (404, b"application/problem+json")


def _local_sockets() -> Any:
    from smartalarm.adapters.sockets_local import LocalSockets  # noqa: PLC0415  only here
    from smartalarm.ports import Sockets  # noqa: PLC0415  only here

    return {Sockets: lambda: LocalSockets("local")}


async def _ask(app: Any, path: str) -> tuple[int, dict[bytes, bytes], bytes]:
    scope = {
        "type": "http",
        "scheme": "http",
        "method": "GET",
        "path": path,
        "raw_path": path.encode(),
        "query_string": b"",
        "headers": [(b"host", b"localhost")],
        "client": ("127.0.0.1", 1),
    }
    sent: list[Any] = []

    async def receive() -> Any:
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(message: Any) -> None:
        sent.append(message)

    await app(scope, receive, send)
    return sent[0]["status"], dict(sent[0]["headers"]), sent[1]["body"]


class _Loader(yaml.SafeLoader):
    """Reads CloudFormation's short forms as what they hold."""


def _short_form(loader: Any, _suffix: str, node: Any) -> Any:
    if isinstance(node, yaml.ScalarNode):
        return loader.construct_scalar(node)
    if isinstance(node, yaml.SequenceNode):
        return loader.construct_sequence(node, deep=True)
    return loader.construct_mapping(node, deep=True)


_Loader.add_multi_constructor("!", _short_form)


def _loaded(text: str) -> Any:
    return yaml.load(text, _Loader)  # noqa: S506  a safe loader with our own constructors
