"""Connections to addresses that strangers chose: only checked ones, always bounded."""

import gzip
import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
import requests
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID

from smartalarm.adapters.exchange import Post
from smartalarm.adapters.guard import Guard, HostRefused
from smartalarm.adapters.outgoing import MAX_BODY_BYTES, AddressRefused, BodyTooLarge, open_session
from smartalarm.adapters.poster import Poster
from smartalarm.addresses import AllowedHosts, is_public

PUBLIC = "93.184.215.14"


class Site(BaseHTTPRequestHandler):
    """A small site: every path is one behaviour."""

    protocol_version = "HTTP/1.1"
    seen: list[str]

    def do_GET(self) -> None:
        """Answer as the path says."""
        self.seen.append(self.path)
        path, _, argument = self.path.partition("?")
        if path == "/redirect":
            self._answer(302, b"", ("Location", argument))
        elif path == "/bytes":
            self._answer(200, b"x" * int(argument))
        elif path == "/bomb":
            self._answer(200, gzip.compress(b"x" * 10_000_000), ("Content-Encoding", "gzip"))
        elif path == "/cookie":
            self._answer(200, self.headers.get("Cookie", "none").encode(), ("Set-Cookie", "a=1"))
        elif path == "/who":
            self.seen[-1] = f"from port {self.client_address[1]}"
            self._answer(200, b"")
        elif path == "/hang-up":
            self._answer(200, b"bye")
            self.close_connection = True
        elif path == "/drip":
            self._drip()
        else:
            self._answer(200, b"hello")

    do_POST = do_GET  # noqa: N815 - the standard library's name

    def log_message(self, *_: Any) -> None:
        """Say nothing."""

    def _answer(self, status: int, body: bytes, *headers: tuple[str, str]) -> None:
        self.rfile.read(int(self.headers.get("Content-Length", 0)))
        self.send_response(status)
        for name, value in (*headers, ("Content-Length", str(len(body)))):
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def _drip(self) -> None:
        self.wfile.write(b"HTTP/1.1 200 OK\r\nX-Slow: ")
        gate = threading.Event()
        for _ in range(100):
            gate.wait(0.05)
            try:
                self.wfile.write(b".")
            except OSError:
                return


class QuietServer(ThreadingHTTPServer):
    """Clients that go away are part of the tests."""

    daemon_threads = True

    def handle_error(self, *_: Any) -> None:
        """Say nothing."""


@contextmanager
def running_site(host: str = "127.0.0.1", tls: ssl.SSLContext | None = None) -> Iterator[tuple[int, list[str]]]:
    """The site's port and the list of the paths that it is asked for."""
    seen: list[str] = []
    server_class = type("Server", (QuietServer,), {"address_family": socket.AF_INET6 if ":" in host else socket.AF_INET})
    server = server_class((host, 0), type("MySite", (Site,), {"seen": seen}))
    if tls is not None:
        server.socket = tls.wrap_socket(server.socket, server_side=True)
    thread = threading.Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    try:
        yield server.server_address[1], seen
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@pytest.fixture
def site() -> Iterator[tuple[int, list[str]]]:
    """A site on 127.0.0.1."""
    with running_site() as running:
        yield running


def answering(*answers: Sequence[str]) -> Callable[[str, int], Sequence[str]]:
    """A resolver that gives these answers in turn, the last one for ever; its `asked` counts."""
    left = list(answers)

    def resolve(_host: str, _port: int) -> Sequence[str]:
        resolve.asked += 1  # type: ignore[attr-defined]
        return left.pop(0) if len(left) > 1 else left[0]

    resolve.asked = 0  # type: ignore[attr-defined]
    return resolve


def a_post(host: str, port: int, target: str = "/", scheme: str = "http") -> Post:
    """A post with a small body."""
    return Post(scheme, host, port, target, {"TTL": "1"}, b"body")


@pytest.mark.parametrize(
    "address", [PUBLIC, "8.8.8.8", "172.32.0.1", "2606:2800:21f:cb07:6820:80da:af6b:8b2c", "64:ff9b::808:808"]
)
def test_global_unicast_addresses_are_public(address: str) -> None:
    """What everybody may reach, we may reach."""
    assert is_public(address)


@pytest.mark.parametrize(
    "address",
    [
        *("127.0.0.1", "127.8.8.8", "0.0.0.0", "10.1.2.3", "172.16.0.1", "172.31.255.255", "192.168.1.1"),  # noqa: S104
        *("169.254.169.254", "100.64.0.1", "100.100.100.200", "192.0.0.192", "192.0.2.1", "198.18.0.1", "198.51.100.7"),
        *("203.0.113.9", "224.0.0.1", "239.255.255.250", "240.0.0.1", "255.255.255.255", "192.88.99.1", "168.63.129.16"),
        *("::", "::1", "::ffff:127.0.0.1", "::ffff:8.8.8.8", "::127.0.0.1", "fe80::1", "fe80::1%eth0", "fd00:ec2::254"),
        *("fc00::1", "ff02::1", "2001:db8::1", "2001::1", "2001:20::1", "2002:7f00:1::", "3fff::1", "100::1", "5f00::1"),
        *("64:ff9b::7f00:1", "64:ff9b::a00:1", "64:ff9b:1::808:808", "2606:2800::1%eth0", "", "localhost", "1", "0x7f.1"),
    ],
)
def test_every_other_address_is_not_public(address: str) -> None:
    """Loopback, private, link-local, shared, multicast, reserved, documentation, and IPv4 dressed up as IPv6."""
    assert not is_public(address)


def test_allowed_hosts_are_exact() -> None:
    """A host stands for all its ports, a host with a port for that one; case does not matter, likeness does not count."""
    allowed = AllowedHosts.parse(["127.0.0.1:8090", " LocalHost ", "[::1]:9", "push_service", ""])

    assert allowed.allows("127.0.0.1", 8090)
    assert allowed.allows("localhost", 1)
    assert allowed.allows("::1", 9)
    assert allowed.allows("push_service", 443)
    assert not allowed.allows("127.0.0.1", 8091)
    assert not allowed.allows("127.0.0.2", 8090)
    assert not allowed.allows("sub.localhost", 1)
    assert not allowed.allows("::1", 10)


@pytest.mark.parametrize(
    "entry", ["http://a", "a:b", "a:0", "a:70000", "*.a", "a b", "a/b", "::1", "[::1", "[1]", "[1.2.3.4]", "ä", "a.", "@a"]
)
def test_an_entry_that_is_no_host_is_named(entry: str) -> None:
    """A typo in the setting stops the start instead of allowing something else."""
    with pytest.raises(ValueError, match="is neither host nor host:port"):
        AllowedHosts.parse([entry])


def test_a_loopback_address_is_refused(site: tuple[int, list[str]]) -> None:
    """By number or by name, the site is never reached."""
    port, seen = site
    session, poster = open_session(resolver=answering(["127.0.0.1"])), Poster(resolver=answering(["127.0.0.1"]))

    with pytest.raises(AddressRefused):
        session.get(f"http://127.0.0.1:{port}/")
    with pytest.raises(AddressRefused):
        session.get(f"http://harmless.example:{port}/")
    answer = poster.exchange(a_post("harmless.example", port))

    assert (answer.status, answer.is_refused) == (None, True)
    assert seen == []


@pytest.mark.parametrize("host", ["2130706433", "127.1", "0x7f.0.0.1", "0", "localhost", "::ffff:7f00:1"])
def test_other_spellings_of_loopback_are_refused(site: tuple[int, list[str]], host: str) -> None:
    """What the system's own resolver makes of a host is what is checked."""
    port, seen = site

    assert Poster().exchange(a_post(host, port)).status is None
    assert seen == []


def test_a_listed_host_is_reached_on_its_port_only(site: tuple[int, list[str]]) -> None:
    """The operator's entry names host and port."""
    port, seen = site
    session = open_session(AllowedHosts.parse([f"127.0.0.1:{port}"]))

    assert session.get(f"http://127.0.0.1:{port}/here").text == "hello"
    with running_site() as (other_port, other_seen), pytest.raises(AddressRefused):
        session.get(f"http://127.0.0.1:{other_port}/")

    assert (seen, other_seen) == (["/here"], [])


def test_one_private_address_among_public_ones_is_refused(site: tuple[int, list[str]]) -> None:
    """Which of them would be used is not ours to choose."""
    port, seen = site

    for answer in ([PUBLIC, "127.0.0.1"], ["127.0.0.1", PUBLIC], [PUBLIC, "::1"], [PUBLIC, "::ffff:127.0.0.1"]):
        assert Poster(resolver=answering(answer)).exchange(a_post("mixed.example", port)).is_refused
    assert seen == []


def test_a_second_answer_that_differs_is_checked_too() -> None:
    """DNS rebinding: public when first asked, loopback afterwards."""
    guard = Guard(AllowedHosts(), answering([PUBLIC], ["127.0.0.1"]), keep_seconds=0)

    assert guard.addresses("rebinding.example", 443, 1) == [PUBLIC]
    with pytest.raises(HostRefused):
        guard.addresses("rebinding.example", 443, 1)


def test_an_answer_is_kept_for_a_while() -> None:
    """A burst of connections asks once, and all of them use what was checked."""
    resolver = answering([PUBLIC], ["127.0.0.1"])
    guard = Guard(AllowedHosts(), resolver)

    assert [guard.addresses("kept.example", 443, 1) for _ in range(5)] == [[PUBLIC]] * 5
    assert resolver.asked == 1  # type: ignore[attr-defined]


def test_the_connection_goes_to_the_very_address_that_was_checked(site: tuple[int, list[str]]) -> None:
    """The name exists for our resolver alone and is asked for once: nothing looks it up a second time."""
    port, seen = site
    resolver = answering(["127.0.0.1"], ["10.255.255.1"])
    session = open_session(AllowedHosts.parse([f"named.invalid:{port}"]), resolver=resolver)

    assert session.get(f"http://named.invalid:{port}/by-name").status_code == 200
    assert seen == ["/by-name"]
    assert resolver.asked == 1  # type: ignore[attr-defined]


def test_the_next_address_is_tried_when_one_does_not_answer(site: tuple[int, list[str]]) -> None:
    """A host with a dead address is reached through its other one."""
    port, _ = site
    poster = Poster(AllowedHosts.parse(["two.invalid"]), resolver=answering(["127.0.0.2", "127.0.0.1"]))

    assert poster.exchange(a_post("two.invalid", port)).status == 200


def test_ipv6_is_checked_and_reached_like_ipv4() -> None:
    """The loopback of IPv6 is refused unless it is listed."""
    try:
        running = running_site("::1")
        with running as (port, seen):
            assert Poster().exchange(a_post("::1", port)).is_refused
            assert seen == []
            allowed = AllowedHosts.parse([f"[::1]:{port}"])
            assert open_session(allowed).get(f"http://[::1]:{port}/six").text == "hello"
            assert Poster(allowed).exchange(a_post("::1", port)).status == 200
    except OSError:
        pytest.skip("this machine has no IPv6 loopback")


def test_a_redirect_is_not_followed(site: tuple[int, list[str]]) -> None:
    """A listed host cannot send us on to another one: the redirect is the answer."""
    port, seen = site
    with running_site() as (secret_port, secret_seen):
        target = f"/redirect?http://127.0.0.1:{secret_port}/secret"
        allowed = AllowedHosts.parse([f"127.0.0.1:{port}"])
        session = open_session(allowed)

        assert session.get(f"http://127.0.0.1:{port}{target}", allow_redirects=True).status_code == 302
        assert session.post(f"http://127.0.0.1:{port}{target}", data=b"x").status_code == 302
        assert Poster(allowed).exchange(a_post("127.0.0.1", port, target)).status == 302

    assert (seen, secret_seen) == ([target] * 3, [])


def test_proxies_are_ignored(site: tuple[int, list[str]]) -> None:
    """Neither the environment's nor a given one: a proxy would resolve and connect behind our back."""
    port, _ = site
    session = open_session(AllowedHosts.parse([f"127.0.0.1:{port}"]))

    assert session.trust_env is False
    assert session.get(f"http://127.0.0.1:{port}/", proxies={"http": "http://127.0.0.1:9"}).text == "hello"


def test_cookies_are_not_kept(site: tuple[int, list[str]]) -> None:
    """Strangers cannot recognise us from one call to the next."""
    port, _ = site
    session = open_session(AllowedHosts.parse([f"127.0.0.1:{port}"]))

    assert [session.get(f"http://127.0.0.1:{port}/cookie").text for _ in range(2)] == ["none", "none"]


@pytest.mark.parametrize("path", [f"/bytes?{MAX_BODY_BYTES + 1}", "/bomb"])
def test_an_answer_that_is_too_large_is_not_read(site: tuple[int, list[str]], path: str) -> None:
    """Neither a long one nor one that unpacks to a long one."""
    port, _ = site
    session = open_session(AllowedHosts.parse([f"127.0.0.1:{port}"]))

    with pytest.raises(BodyTooLarge):
        session.get(f"http://127.0.0.1:{port}{path}")


def test_an_answer_of_the_largest_size_is_read(site: tuple[int, list[str]]) -> None:
    """The bound is exact."""
    port, _ = site
    session = open_session(AllowedHosts.parse([f"127.0.0.1:{port}"]))

    assert len(session.get(f"http://127.0.0.1:{port}/bytes?{MAX_BODY_BYTES}").content) == MAX_BODY_BYTES


def test_a_dripping_answer_ends_on_time(site: tuple[int, list[str]]) -> None:
    """A byte now and then does not extend the time: the limit is for the answer as a whole."""
    port, _ = site
    allowed = AllowedHosts.parse([f"127.0.0.1:{port}"])
    session, poster = open_session(allowed, read_seconds=0.3), Poster(allowed, read_seconds=0.3)
    started = time.monotonic()

    answer = poster.exchange(a_post("127.0.0.1", port, "/drip"))
    with pytest.raises(requests.ReadTimeout):
        session.get(f"http://127.0.0.1:{port}/drip")

    assert answer.problem == "did not answer within 0.3 s"
    assert time.monotonic() - started < 2


def test_a_name_server_that_hangs_does_not_hold_us() -> None:
    """The look-up counts towards the time for connecting, and those who wait share one look-up."""
    gate, asked = threading.Event(), []

    def hanging(host: str, _port: int) -> list[str]:
        asked.append(host)
        gate.wait(10)
        return [PUBLIC]

    poster = Poster(resolver=hanging, connect_seconds=0.1)
    problems = [poster.exchange(a_post("slow.example", 443, scheme="https")).problem for _ in range(3)]
    gate.set()

    assert problems == ["could not be reached within 0.1 s"] * 3
    assert asked == ["slow.example"]


@pytest.mark.parametrize("error", [socket.gaierror(-2, "Name or service not known"), UnicodeError("label too long")])
def test_a_name_that_does_not_exist_is_a_plain_problem(error: Exception) -> None:
    """No error of the resolver comes through."""

    def failing(_host: str, _port: int) -> list[str]:
        raise error

    session, poster = open_session(resolver=failing), Poster(resolver=failing)

    assert poster.exchange(a_post("gone.example", 443)).problem == "could not be reached"
    with pytest.raises(requests.ConnectionError):
        session.get("http://gone.example/")


def test_a_closed_port_is_a_plain_problem() -> None:
    """Nobody listens."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        port = taken.getsockname()[1]

        answer = Poster(AllowedHosts.parse(["127.0.0.1"])).exchange(a_post("127.0.0.1", port))

    assert (answer.status, answer.problem, answer.is_refused) == (None, "could not be reached", False)


def test_a_kept_connection_that_the_other_side_closed_is_replaced(site: tuple[int, list[str]]) -> None:
    """The post that finds it closed is made again at once, on a new one."""
    port, seen = site
    poster = Poster(AllowedHosts.parse([f"127.0.0.1:{port}"]))

    statuses = [poster.exchange(a_post("127.0.0.1", port, "/hang-up")).status for _ in range(5)]

    assert statuses == [200] * 5
    assert len(seen) == 5


def test_a_connection_is_kept_but_not_for_long(site: tuple[int, list[str]]) -> None:
    """After half a minute something on the way may have dropped it without a word, so the next post takes a new one."""
    port, seen = site
    instants = iter([0.0, 29.0, 29.0, 60.0, 60.0])
    poster = Poster(AllowedHosts.parse([f"127.0.0.1:{port}"]), monotonic=lambda: next(instants))

    for _ in range(3):
        assert poster.exchange(a_post("127.0.0.1", port, "/who")).status == 200

    first, after_29_seconds, after_31_more = seen
    assert first == after_29_seconds
    assert after_31_more != first


def test_connections_are_kept_and_shared_by_threads(site: tuple[int, list[str]]) -> None:
    """Many threads post through one session, and no answer goes to another's question."""
    port, seen = site
    session = open_session(AllowedHosts.parse([f"127.0.0.1:{port}"]))
    wrong = []

    def ask(number: int) -> None:
        for turn in range(10):
            wanted = number * 100 + turn
            if len(session.get(f"http://127.0.0.1:{port}/bytes?{wanted}").content) != wanted:
                wrong.append(wanted)

    threads = [threading.Thread(target=ask, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert (wrong, len(seen)) == ([], 80)


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, ssl.SSLContext, list[str | None]]:
    """A certificate for push.invalid: its file, a server's TLS context with it, and the names clients asked for."""
    folder = tmp_path_factory.mktemp("tls")
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "push.invalid")])
    now = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("push.invalid")]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    (folder / "certificate.pem").write_bytes(certificate.public_bytes(Encoding.PEM))
    (folder / "key.pem").write_bytes(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(folder / "certificate.pem", folder / "key.pem")
    names: list[str | None] = []
    context.sni_callback = lambda _socket, asked, _context: names.append(asked)
    return folder / "certificate.pem", context, names


def test_tls_names_and_verifies_the_host_not_the_address(
    authority: tuple[Path, ssl.SSLContext, list[str | None]],
) -> None:
    """SNI carries the host name and the certificate must be the host's, although we connect to a number."""
    certificate, context, names = authority
    with running_site(tls=context) as (port, seen):
        allowed = AllowedHosts.parse([f"push.invalid:{port}", f"other.invalid:{port}"])
        session = open_session(allowed, resolver=answering(["127.0.0.1"]), ca_file=str(certificate))
        poster = Poster(allowed, resolver=answering(["127.0.0.1"]), ca_file=str(certificate))

        assert session.get(f"https://push.invalid:{port}/tls").text == "hello"
        assert [poster.exchange(a_post("push.invalid", port, "/p", "https")).status for _ in range(3)] == [200] * 3
        assert poster.exchange(a_post("other.invalid", port, "/x", "https")).problem == "could not prove who it is (TLS)"
        with pytest.raises(requests.exceptions.SSLError):
            session.get(f"https://other.invalid:{port}/y", verify=False)

    assert seen == ["/tls", "/p", "/p", "/p"]
    assert set(names) == {"push.invalid", "other.invalid"}


def test_an_unknown_authority_is_not_believed(authority: tuple[Path, ssl.SSLContext, list[str | None]]) -> None:
    """Without its certificate among ours, a server that says it is the host proves nothing."""
    _, context, _ = authority
    with running_site(tls=context) as (port, seen):
        poster = Poster(AllowedHosts.parse([f"push.invalid:{port}"]), resolver=answering(["127.0.0.1"]))

        assert poster.exchange(a_post("push.invalid", port, "/p", "https")).problem == "could not prove who it is (TLS)"
    assert seen == []


def test_a_dripping_tls_answer_ends_on_time(authority: tuple[Path, ssl.SSLContext, list[str | None]]) -> None:
    """The limit holds on encrypted connections too."""
    certificate, context, _ = authority
    with running_site(tls=context) as (port, _):
        poster = Poster(
            AllowedHosts.parse([f"push.invalid:{port}"]),
            resolver=answering(["127.0.0.1"]),
            read_seconds=0.3,
            ca_file=str(certificate),
        )
        started = time.monotonic()

        answer = poster.exchange(a_post("push.invalid", port, "/drip", "https"))

        assert answer.problem == "did not answer within 0.3 s"
        assert time.monotonic() - started < 2
