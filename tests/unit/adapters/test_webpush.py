"""Web Push: our keys, what is sent, and what each answer means."""

import base64
import subprocess
import sys
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import http_ece
import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, PublicFormat
from hypothesis import given
from hypothesis import strategies as st

from smartalarm.adapters.exchange import Answer, Post
from smartalarm.adapters.webpush import WebPushService, generate_vapid_keys
from smartalarm.errors import Invalid
from smartalarm.ports import PreparedPush, PushMessage, PushResult, Subscription

NOW = datetime(2026, 11, 22, 6, 0, tzinfo=UTC)
SUBJECT = "mailto:admin@alarm.example"
PRIVATE_KEY = "AQIDBAUGBwgJCgsMDQ4PEBESExQVFhcYGRobHB0eHyA"


class FixedClock:
    """Always the same instant."""

    def now(self) -> datetime:
        """It."""
        return NOW

    def wait_until(self, instant: datetime) -> None:
        """At once."""


PUBLIC_KEY = WebPushService(PRIVATE_KEY, SUBJECT, clock=FixedClock()).public_key


class Network:
    """Answers posts without a network; `posts` keeps them."""

    def __init__(self, answer: Answer | Exception) -> None:
        self.answer = answer
        self.posts: list[Post] = []

    def __call__(self, post: Post) -> Answer:
        """Answer as told."""
        self.posts.append(post)
        if isinstance(self.answer, Exception):
            raise self.answer
        return self.answer


# Fixed keys, so that every process collects the same tests. The device's are those of RFC 8291, section 5.
DEVICE_KEY = ec.derive_private_key(
    int.from_bytes(base64.urlsafe_b64decode("q1dXpw3UpT5VOmu_cf_v6ih07Aems3njxI-JWgLcM94="), "big"), ec.SECP256R1()
)
POINT = DEVICE_KEY.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
P256DH, AUTH = (
    "BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4",
    "BTBZMqHH6r4Tts7J_aSIgg",
)


def base64url(data: bytes) -> str:
    """Base64url without padding."""
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def a_subscription(endpoint: str = "https://fcm.googleapis.com/fcm/send/a-secret-token:APA91b") -> Subscription:
    """One whose keys are good."""
    return Subscription(endpoint, P256DH, AUTH)


def a_message(subscription: Subscription | None = None, **changes: Any) -> PushMessage:
    """A small one."""
    message = PushMessage(subscription or a_subscription(), b'{"type": "ring"}', "topic-1", 600)
    return replace(message, **changes)


def a_service(network: Network | None = None, *allowed: str) -> WebPushService:
    """One that never touches a network."""
    return WebPushService(PRIVATE_KEY, SUBJECT, allowed, clock=FixedClock(), exchange=network or Network(Answer(201)))


def post_of(service: WebPushService, message: PushMessage, now: datetime = NOW) -> Post:
    """What is posted for a message."""
    network = Network(Answer(201))
    sender = WebPushService(PRIVATE_KEY, SUBJECT, clock=FixedClock(), exchange=network)
    sender.send([service.prepare(message, now=now)])
    return network.posts[0]


def claims_of(post: Post) -> dict[str, Any]:
    """The claims that are signed, once the signature proved right."""
    token, key = post.headers["Authorization"].removeprefix("vapid t=").split(",k=")
    point = base64.urlsafe_b64decode(key + "=")
    public = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), point)
    options = {"verify_exp": False, "verify_aud": False}
    claims: dict[str, Any] = jwt.decode(token, public, algorithms=["ES256"], options=options)  # type: ignore[arg-type]
    return claims


# ------------------------------------------------------------------------------------------------------------ keys


def test_generated_keys_belong_together() -> None:
    """65 and 32 bytes, and the service derives the one from the other."""
    public, private = generate_vapid_keys()

    assert len(base64.urlsafe_b64decode(public + "=")) == 65
    assert len(base64.urlsafe_b64decode(private + "=")) == 32
    assert WebPushService(private, SUBJECT, clock=FixedClock()).public_key == public


@pytest.mark.parametrize("form", [PrivateFormat.PKCS8, PrivateFormat.TraditionalOpenSSL])
@pytest.mark.parametrize("line_end", ["\n", "\\n", "\r\n"])
def test_a_private_key_may_be_pem(form: PrivateFormat, line_end: str) -> None:
    """As openssl writes it, also squeezed into one line of an environment file."""
    key = ec.generate_private_key(ec.SECP256R1())
    pem = key.private_bytes(Encoding.PEM, form, NoEncryption()).decode().replace("\n", line_end)
    point = key.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)

    assert WebPushService(pem, SUBJECT, clock=FixedClock()).public_key == base64url(point)


OTHER_CURVE = ec.derive_private_key(7, ec.SECP384R1()).private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())


@pytest.mark.parametrize(
    "key", ["", "short", PUBLIC_KEY, base64url(bytes(32)), base64url(b"\xff" * 32), "ä" * 43, OTHER_CURVE.decode()]
)
def test_a_private_key_that_is_none_is_refused_without_showing_it(key: str) -> None:
    """The start stops with words, not with the secret."""
    with pytest.raises(ValueError, match="the VAPID private key is neither") as caught:
        WebPushService(key, SUBJECT, clock=FixedClock())

    assert not key or key not in str(caught.value)


@pytest.mark.parametrize("subject", ["", "admin@alarm.example", "http://alarm.example", "mailto:<a@b.c>", "mailto:a b@c"])
def test_a_subject_that_push_services_refuse_is_refused(subject: str) -> None:
    """Apple answers 403 for each of these, so the start stops."""
    with pytest.raises(ValueError, match="the VAPID subject"):
        WebPushService(PRIVATE_KEY, subject, clock=FixedClock())


def test_checking_a_subscription_loads_no_client() -> None:
    """A function that only stores subscriptions pays for cryptography alone."""
    program = f"""
import sys
from smartalarm.adapters.webpush import WebPushService
from smartalarm.ports import Subscription
service = WebPushService({PRIVATE_KEY!r}, {SUBJECT!r}, ["localhost:1"], clock=None)
service.check(Subscription({a_subscription().endpoint!r}, {P256DH!r}, {AUTH!r}))
print(service.public_key, sorted({{"pywebpush", "aiohttp", "requests", "urllib3", "py_vapid"}} & set(sys.modules)))
"""
    printed = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True, timeout=60).stdout

    assert printed == f"{PUBLIC_KEY} []\n"


def test_a_process_that_lives_long_can_load_them_before_its_first_message() -> None:
    """So that the first ring after a start is as punctual as any other; without aiohttp, which sends nothing here."""
    program = f"""
import sys
from smartalarm.adapters.clock import SystemClock
from smartalarm.adapters.webpush import WebPushService
WebPushService({PRIVATE_KEY!r}, {SUBJECT!r}, clock=SystemClock()).warm_up()
print(sorted({{"aiohttp", "pywebpush", "requests", "py_vapid"}} & set(sys.modules)))
"""
    printed = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True, timeout=60).stdout
    assert printed.split() == ["['py_vapid',", "'pywebpush',", "'requests']"]


# ------------------------------------------------------------------------------------------------------- preparing


def test_a_prepared_push_is_what_the_standards_ask_for() -> None:
    """The headers of RFC 8030 and 8292, and a body that only the device's keys open."""
    post = post_of(a_service(), a_message())

    authorization = post.headers["Authorization"]
    assert dict(post.headers) == {
        "Authorization": authorization,
        "Content-Encoding": "aes128gcm",
        "Content-Type": "application/octet-stream",
        "TTL": "600",
        "Topic": "topic-1",
        "Urgency": "high",
        "User-Agent": "smartalarm",
    }
    assert (post.scheme, post.host, post.port) == ("https", "fcm.googleapis.com", 443)
    assert post.target == "/fcm/send/a-secret-token:APA91b"
    assert authorization.endswith(f",k={PUBLIC_KEY}")
    clear = http_ece.decrypt(
        post.body, private_key=DEVICE_KEY, auth_secret=base64.urlsafe_b64decode(AUTH + "=="), version="aes128gcm"
    )
    assert clear == b'{"type": "ring"}'


def test_the_signature_names_the_service_the_sender_and_its_end() -> None:
    """Aud is the origin, exp at most a day ahead, sub how to reach us."""
    service = a_service(None, "127.0.0.1:8090")

    assert claims_of(post_of(service, a_message())) == {
        "aud": "https://fcm.googleapis.com",
        "exp": int((NOW + timedelta(hours=12)).timestamp()),
        "sub": SUBJECT,
    }
    local = a_message(a_subscription("http://127.0.0.1:8090/push/1"))
    assert claims_of(post_of(service, local))["aud"] == "http://127.0.0.1:8090"
    usual = a_message(a_subscription("https://WEB.push.apple.com:443/x"))
    assert claims_of(post_of(service, usual))["aud"] == "https://web.push.apple.com"


def test_a_signature_is_reused_for_less_than_an_hour() -> None:
    """Signing for every message would be waste; a clock that goes back signs anew."""
    service = a_service()

    def signed(minutes: float) -> str:
        return post_of(service, a_message(), NOW + timedelta(minutes=minutes)).headers["Authorization"]

    first, soon, later, back = signed(0), signed(49), signed(50), signed(-1)

    assert first == soon
    assert len({first, later, back}) == 3


def test_each_push_is_encrypted_anew() -> None:
    """Salt and sender's key are never used twice."""
    service = a_service()

    first, second = (post_of(service, a_message()).body for _ in range(2))

    assert first[:16] != second[:16]
    assert first[21:86] != second[21:86]


def test_without_a_topic_there_is_no_such_header() -> None:
    """An empty header would be refused."""
    assert "Topic" not in post_of(a_service(), a_message(topic="")).headers


@pytest.mark.parametrize(
    ("change", "pointer"),
    [
        ({"topic": "a" * 33}, "/topic"),
        ({"topic": "a b"}, "/topic"),
        ({"topic": "a+b"}, "/topic"),
        ({"topic": "ä"}, "/topic"),
        ({"topic": "a\n"}, "/topic"),
        ({"ttl_seconds": -1}, "/ttl_seconds"),
        ({"body": b""}, "/body"),
        ({"body": b"x" * 3_994}, "/body"),
        ({"subscription": a_subscription("https://evil.example/x")}, "/push_subscription/endpoint"),
        ({"subscription": replace(a_subscription(), auth="AA")}, "/push_subscription/keys/auth"),
        ({"subscription": replace(a_subscription(), p256dh="AA")}, "/push_subscription/keys/p256dh"),
        ({"subscription": replace(a_subscription(), p256dh="")}, "/push_subscription/keys/p256dh"),
        (
            {"subscription": replace(a_subscription(), p256dh=base64url(POINT[:-1] + b"\x00"))},
            "/push_subscription/keys/p256dh",
        ),
        (
            {"subscription": replace(a_subscription(), p256dh=base64url(b"\x02" + POINT[1:33]))},
            "/push_subscription/keys/p256dh",
        ),
    ],
)
def test_what_a_push_service_would_refuse_is_never_prepared(change: dict[str, Any], pointer: str) -> None:
    """Also a subscription that was stored under other rules."""
    with pytest.raises(Invalid) as caught:
        a_service().prepare(a_message(**change), now=NOW)

    assert [error.pointer for error in caught.value.errors] == [pointer]


# --------------------------------------------------------------------------------------------------------- results


def result_of(answer: Answer | Exception) -> PushResult:
    """What becomes of one push when the network answers so."""
    service = a_service(Network(answer))
    return service.send([service.prepare(a_message(), now=NOW)])[0]


@pytest.mark.parametrize(
    ("status", "outcome"),
    [
        *((status, "accepted") for status in (200, 201, 202, 204)),
        *((status, "gone") for status in (404, 410)),
        *((status, "retry") for status in (408, 425, 429, 500, 502, 503, 504, 507)),
        *((status, "refused") for status in (301, 302, 307, 308, 400, 401, 402, 403, 405, 411, 413, 415, 422, 451)),
    ],
)
def test_each_status_has_one_outcome(status: int, outcome: str) -> None:
    """As RFC 8030 means them; the words name the host and nothing secret."""
    result = result_of(Answer(status))

    assert (result.outcome, result.status, result.at) == (outcome, status, NOW)
    assert result.detail.startswith("fcm.googleapis.com ")
    assert "secret" not in result.detail


@pytest.mark.parametrize(
    ("retry_after", "seconds"),
    [
        ("120", 120.0),
        ("0", 0.0),
        (" 7 ", 7.0),
        ("999999999999", 86_400.0),
        ("Sun, 22 Nov 2026 06:01:30 GMT", 90.0),
        ("Sun, 22 Nov 2026 05:00:00 GMT", 0.0),
        ("Sun, 22 Nov 2026 06:01:30", 90.0),
        ("-5", None),
        ("soon", None),
        ("\uff11\uff12", None),
        ("", None),
        (None, None),
    ],
)
def test_retry_after_is_read_as_seconds_or_as_a_date(retry_after: str | None, seconds: float | None) -> None:
    """What cannot be read is as if it were not there; nobody makes us wait longer than a day."""
    for status in (429, 503):
        assert result_of(Answer(status, retry_after)).retry_after_seconds == seconds
    assert result_of(Answer(400, retry_after)).retry_after_seconds is None


@given(st.text() | st.from_regex(r"[A-Z][a-z]{2}, [0-9]{1,3} [A-Z][a-z]{2} [0-9]{1,6} [0-9:]{1,12} [+-]?[0-9A-Z]{1,12}"))
def test_no_retry_after_makes_reading_it_fail(text: str) -> None:
    """Whatever a push service sends, it is seconds between none and a day, or nothing."""
    seconds = result_of(Answer(429, text)).retry_after_seconds

    assert seconds is None or 0 <= seconds <= 86_400


def test_no_answer_is_worth_another_try() -> None:
    """Time-outs and lost connections pass; an address we do not open stays one."""
    timed_out = result_of(Answer(None, problem="did not answer within 5 s"))
    private = result_of(Answer(None, problem="has an address that is not a public one", is_refused=True))

    assert timed_out == PushResult("retry", None, NOW, "fcm.googleapis.com did not answer within 5 s")
    assert private == PushResult("refused", None, NOW, "fcm.googleapis.com has an address that is not a public one")


def test_a_failure_nobody_thought_of_is_one_devices_alone() -> None:
    """Send never raises for one of them."""
    assert result_of(RuntimeError("a-secret-token")) == PushResult(
        "retry", None, NOW, "fcm.googleapis.com: not sent (RuntimeError)"
    )


def test_sending_nothing_gives_nothing() -> None:
    """A user without devices."""
    assert a_service().send([]) == []


def test_only_what_was_prepared_can_be_sent() -> None:
    """A programming error is told at once."""

    class Other(PreparedPush):
        pass

    with pytest.raises(TypeError, match="prepare"):
        a_service().send([Other()])
