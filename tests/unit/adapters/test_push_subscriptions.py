"""Which subscriptions are accepted: known push services' endpoints, and keys that can be used."""

import base64
from dataclasses import replace
from datetime import datetime
from urllib.parse import urlsplit

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from hypothesis import given
from hypothesis import strategies as st

from smartalarm.adapters.exchange import Answer, Post
from smartalarm.adapters.webpush import WebPushService
from smartalarm.errors import Invalid
from smartalarm.ports import Subscription

PRIVATE_KEY = "AQIDBAUGBwgJCgsMDQ4PEBESExQVFhcYGRobHB0eHyA"
# Fixed keys, so that every process collects the same tests. The device's are those of RFC 8291, section 5.
DEVICE_KEY = ec.derive_private_key(
    int.from_bytes(base64.urlsafe_b64decode("q1dXpw3UpT5VOmu_cf_v6ih07Aems3njxI-JWgLcM94="), "big"), ec.SECP256R1()
)
POINT = DEVICE_KEY.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
P256DH, AUTH = (
    "BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4",
    "BTBZMqHH6r4Tts7J_aSIgg",
)


class NoClock:
    """Checking needs no time."""

    def now(self) -> datetime:
        """Never asked."""
        raise AssertionError

    def wait_until(self, instant: datetime) -> None:
        """Never asked."""
        raise AssertionError(instant)


def no_network(post: Post) -> Answer:
    """Checking needs none."""
    raise AssertionError(post)


def base64url(data: bytes) -> str:
    """Base64url without padding."""
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def a_subscription(endpoint: str = "https://fcm.googleapis.com/fcm/send/a-secret-token:APA91b") -> Subscription:
    """One whose keys are good."""
    return Subscription(endpoint, P256DH, AUTH)


def a_service(*allowed: str) -> WebPushService:
    """One that lets the operator's hosts pass."""
    return WebPushService(PRIVATE_KEY, "mailto:a@b.example", allowed, clock=NoClock(), exchange=no_network)


@pytest.mark.parametrize(
    "endpoint",
    [
        "https://fcm.googleapis.com/fcm/send/dHI:APA91b",
        "https://FCM.googleapis.com/wp/x",
        "https://jmt17.google.com/fcm/send/x",
        "https://updates.push.services.mozilla.com/wpush/v2/gAAAAA-_=",
        "https://wns2-par02p.notify.windows.com/w/?token=BQYAAAD%2bl%2F%3d",
        "https://web.push.apple.com/QGxX",
        "https://api.push.apple.com:443/x",
    ],
)
def test_endpoints_of_known_push_services_are_good(endpoint: str) -> None:
    """All that browsers hand out."""
    a_service().check(a_subscription(endpoint))


@pytest.mark.parametrize(
    "endpoint",
    [
        *("", "https://", "https://fcm.googleapis.com", "https://fcm.googleapis.com/", "fcm.googleapis.com/x", "//a/x"),
        *("http://fcm.googleapis.com/x", "https://fcm.googleapis.com:8443/x", "https://fcm.googleapis.com:80/x"),
        *("ftp://fcm.googleapis.com/x", "https:fcm.googleapis.com/x", "https:///fcm.googleapis.com/x"),
        *("https://fcm.googleapis.com.evil.example/x", "https://evilfcm.googleapis.com/x", "https://googleapis.com/x"),
        *("https://push.services.mozilla.com/x", "https://evil-push.apple.com/x", "https://push.apple.com.evil.example/x"),
        *("https://notify.windows.com/x", "https://a.notify.windows.com.evil.example/x", "https://xnotify.windows.com/x"),
        *("https://fcm.googleapis.com./x", "https://.fcm.googleapis.com/x", "https://a..push.apple.com/x"),
        *("https://user@fcm.googleapis.com/x", "https://fcm.googleapis.com@evil.example/x", "https://a:b@web.push.apple.com/x"),
        *("https://evil.example\\@fcm.googleapis.com/x", "https://fcm.googleapis.com\\.evil.example/x"),
        *("https://evil.example#@fcm.googleapis.com/x", "https://fcm.googleapis.com/x#fragment"),
        *("https://fcm.googleapis.com:/x", "https://fcm.googleapis.com:0443/x", "https://fcm.googleapis.com:99999/x"),
        *("https://fcm.googleapis.com /x", " https://fcm.googleapis.com/x", "https://fcm.googleapis.com/x\n"),
        *("https://fcm.googleapis.com/x\r\nHost: evil", "https://fcm.googleapis.com/\x00", "https://fcm.googleapis.com/%zz"),
        *("https://fcm\u3002googleapis\u3002com/x", "https://\uff46cm.googleapis.com/x"),
        *("https://fcm.googleap\u0131s.com/x", "https://fcm.googleapis.com/ä"),
        *("https://xn--fcm-0na.googleapis.com/x", "https://%66cm.googleapis.com/x", "https://fcm.googleapis.com%00.evil.example/x"),
        *("https://127.0.0.1/x", "https://[::1]/x", "https://localhost/x", "https://[fcm.googleapis.com]/x", "https://[1::2::3]/x"),
        *("https://fcm.googleapis.com?/x", "https://fcm.googleapis.com;a/x", "https://-.push.apple.com/x", "https://-a.push.apple.com/x"),
        "https://fcm.googleapis.com/" + "x" * 2_048,
    ],
)  # fmt: skip
def test_endpoints_that_only_look_like_one_are_refused(endpoint: str) -> None:
    """Nobody makes us post anywhere else, however the address is dressed up."""
    with pytest.raises(Invalid) as caught:
        a_service().check(a_subscription(endpoint))

    assert [error.pointer for error in caught.value.errors] == ["/push_subscription/endpoint"]


@given(st.text() | st.from_regex(r"https?://[^/]{0,30}/.*"))
def test_no_text_makes_the_check_fail_otherwise(text: str) -> None:
    """Whatever is sent as a subscription, the answer is Invalid."""
    with pytest.raises(Invalid):
        a_service().check(Subscription(text, text, text))


@given(st.text(alphabet="abcdefghijklmnopqrstuvwxyz.-:@/\\#?%[]", max_size=40))
def test_no_host_but_the_known_ones_is_accepted(text: str) -> None:
    """What the strict reading accepts, the standard library reads as the same known host."""
    endpoint = f"https://{text}fcm.googleapis.com/x{text}"
    try:
        a_service().check(a_subscription(endpoint))
    except Invalid:
        return

    assert urlsplit(endpoint).hostname == "fcm.googleapis.com"


def test_listed_hosts_may_be_plain_and_anywhere() -> None:
    """What the operator lists may use http, any port and loopback; nothing else may."""
    service = a_service("127.0.0.1:8090", "push.internal", "[::1]:9")

    for good in (
        "http://127.0.0.1:8090/a",
        "https://127.0.0.1:8090/a",
        "http://push.internal/a",
        "https://push.internal:99/a",
    ):
        service.check(a_subscription(good))
    service.check(a_subscription("http://[::1]:9/a"))
    for bad in ("http://127.0.0.1/a", "http://127.0.0.1:8091/a", "http://a.push.internal/a", "http://[::1]:8/a"):
        with pytest.raises(Invalid):
            service.check(a_subscription(bad))


def test_keys_may_be_padded() -> None:
    """Some browsers' libraries pad base64url."""
    good = a_subscription()

    a_service().check(replace(good, p256dh=good.p256dh + "=", auth=good.auth + "=="))


OFF_CURVE = POINT[:-1] + bytes([POINT[-1] ^ 1])
COMPRESSED = DEVICE_KEY.public_key().public_bytes(Encoding.X962, PublicFormat.CompressedPoint)


@pytest.mark.parametrize(
    "p256dh",
    [
        *(
            "",
            "=",
            "x",
            P256DH[:-1],
            P256DH + "A",
            P256DH + "==",
            "ä" * 87,
            " " + P256DH,
        ),
        *(
            base64url(OFF_CURVE),
            base64url(COMPRESSED),
            base64url(bytes(65)),
            base64url(b"\x04" + bytes(64)),
            base64url(b"\x00"),
        ),
        P256DH[:40] + "+" + P256DH[41:],
        P256DH[:40] + "\n" + P256DH[40:],
    ],
)
def test_a_key_that_is_no_point_is_refused(p256dh: str) -> None:
    """65 bytes, uncompressed, on the curve, written as base64url."""
    with pytest.raises(Invalid) as caught:
        a_service().check(replace(a_subscription(), p256dh=p256dh))

    assert [error.pointer for error in caught.value.errors] == ["/push_subscription/keys/p256dh"]


@pytest.mark.parametrize(
    "auth", ["", "=" * 4, base64url(bytes(15)), base64url(bytes(17)), "a" * 21, "a" * 21 + "!", "a" * 22 + "="]
)
def test_a_secret_that_is_not_16_bytes_is_refused(auth: str) -> None:
    """Exactly 16."""
    with pytest.raises(Invalid) as caught:
        a_service().check(replace(a_subscription(), auth=auth))

    assert [error.pointer for error in caught.value.errors] == ["/push_subscription/keys/auth"]


def test_everything_wrong_is_named_at_once() -> None:
    """One answer, three fields."""
    with pytest.raises(Invalid) as caught:
        a_service().check(Subscription("x", "y", "z"))

    pointers = ["/push_subscription/endpoint", "/push_subscription/keys/p256dh", "/push_subscription/keys/auth"]
    assert [error.pointer for error in caught.value.errors] == pointers
