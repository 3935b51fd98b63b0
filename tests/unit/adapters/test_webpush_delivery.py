"""Web Push over real connections: to our own push service and to one that others wrote."""

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from smartalarm.adapters.exchange import Answer, Post
from smartalarm.adapters.poster import Poster
from smartalarm.adapters.webpush import WebPushService, generate_vapid_keys
from smartalarm.addresses import AllowedHosts
from smartalarm.ports import PushMessage, PushResult, Subscription
from tests.servers.push_service import running_push_service
from tests.servers.web_push_testing import WebPushTestingMissing, running_web_push_testing

SUBJECT = "mailto:admin@alarm.example"
PUBLIC_KEY, PRIVATE_KEY = generate_vapid_keys()


class SystemClock:
    """Real time: the push service checks it."""

    def now(self) -> datetime:
        """The system's."""
        return datetime.now(UTC)

    def wait_until(self, instant: datetime) -> None:
        """Not needed here."""


def a_message(subscription: Subscription, **changes: Any) -> PushMessage:
    """A small one."""
    return replace(PushMessage(subscription, b'{"type": "ring"}', "topic-1", 600), **changes)


def post_of(service: WebPushService, message: PushMessage, now: datetime) -> Post:
    """What is posted for a message."""
    posts: list[Post] = []

    def keep(post: Post) -> Answer:
        posts.append(post)
        return Answer(201)

    keeper = WebPushService(PRIVATE_KEY, SUBJECT, clock=SystemClock(), exchange=keep)
    keeper.send([service.prepare(message, now=now)])
    return posts[0]


@pytest.fixture(scope="module")
def push_service() -> Iterator[Any]:
    """Our push service in a process of its own."""
    with running_push_service() as service:
        yield service


def a_sender(push_service: Any, private_key: str = PRIVATE_KEY, read_seconds: float = 5) -> WebPushService:
    """A service that may post to the push service on loopback."""
    return WebPushService(private_key, SUBJECT, [push_service.host], clock=SystemClock(), read_seconds=read_seconds)


def to_subscription(made: dict[str, Any]) -> Subscription:
    """From what the push service gave."""
    return Subscription(made["endpoint"], made["keys"]["p256dh"], made["keys"]["auth"])


def send(sender: WebPushService, made: dict[str, Any], **changes: Any) -> PushResult:
    """Check, prepare and send one message."""
    sender.check(to_subscription(made))
    return sender.send([sender.prepare(a_message(to_subscription(made), **changes), now=SystemClock().now())])[0]


def test_a_message_arrives_as_it_was_written(push_service: Any) -> None:
    """Verified, decrypted and with its TTL, urgency and topic, by a service that knows only the standards."""
    sender, made = a_sender(push_service), push_service.subscribe(PUBLIC_KEY)
    text = json.dumps({"type": "ring", "label": "Aufstehen! ⏰"}, ensure_ascii=False)
    before = SystemClock().now()

    result = send(sender, made, body=text.encode(), topic="T-1_x", ttl_seconds=600)
    [message] = push_service.messages(made["id"], 5)

    assert (result.outcome, result.status) == ("accepted", 201)
    assert (message["text"], message["error"]) == (text, None)
    assert (message["ttl"], message["urgency"], message["topic"]) == (600, "high", "T-1_x")
    assert (message["claims"]["aud"], message["claims"]["sub"]) == (push_service.url, SUBJECT)
    assert before.timestamp() <= message["at"] <= result.at.timestamp()


@pytest.mark.parametrize("size", [1, 100, 3_993])
def test_every_size_that_is_allowed_arrives(push_service: Any, size: int) -> None:
    """Up to the 4,096 bytes that each push service must take."""
    made = push_service.subscribe()

    assert send(a_sender(push_service), made, body=b"x" * size).outcome == "accepted"
    [message] = push_service.messages(made["id"], 5)
    assert (message["text"], message["bytes"]) == ("x" * size, size + 103)


def test_another_applications_key_is_refused(push_service: Any) -> None:
    """A subscription made for other keys never works again with ours."""
    result = send(a_sender(push_service), push_service.subscribe(generate_vapid_keys()[0]))

    assert (result.outcome, result.status) == ("refused", 403)


@pytest.mark.parametrize(
    ("mode", "expected"),
    [
        ({"mode": 410}, ("gone", 410, None)),
        ({"mode": 404}, ("gone", 404, None)),
        ({"mode": 400}, ("refused", 400, None)),
        ({"mode": 413}, ("refused", 413, None)),
        ({"mode": 429, "retry_after": 30}, ("retry", 429, 30.0)),
        ({"mode": 503}, ("retry", 503, None)),
        ({"mode": 307, "location": "http://127.0.0.1:1/x"}, ("refused", 307, None)),
        ({"mode": "close"}, ("retry", None, None)),
        ({"mode": "hang"}, ("retry", None, None)),
        ({"mode": "drip"}, ("retry", None, None)),
    ],
)
def test_a_misbehaving_service_gives_the_outcome_that_fits(
    push_service: Any, mode: dict[str, Any], expected: tuple[str, int | None, float | None]
) -> None:
    """Over real connections."""
    made = push_service.subscribe()
    push_service.fail(made["id"], **mode)

    result = send(a_sender(push_service, read_seconds=0.3), made)

    assert (result.outcome, result.status, result.retry_after_seconds) == expected
    assert result.detail.startswith("127.0.0.1 ")
    assert made["id"] not in result.detail
    assert push_service.messages(made["id"]) == []


def test_a_service_that_recovers_takes_the_next_try(push_service: Any) -> None:
    """Two failures, then the message is taken."""
    sender, made = a_sender(push_service), push_service.subscribe()
    push_service.fail(made["id"], 500, times=2)

    assert [send(sender, made).outcome for _ in range(3)] == ["retry", "retry", "accepted"]


def test_a_revoked_permission_is_gone(push_service: Any) -> None:
    """The user took it back."""
    made = push_service.subscribe()
    push_service.unsubscribe(made["id"])

    assert send(a_sender(push_service), made).outcome == "gone"


def test_hanging_devices_delay_nobody(push_service: Any) -> None:
    """A hundred devices hang, first in line and on the same host; a hundred others get theirs at once."""
    sender, made = a_sender(push_service, read_seconds=3), push_service.subscribe_many(200)
    hanging, healthy = made[:100], made[100:]
    for device in hanging:
        push_service.fail(device["id"], "hang")
    now = SystemClock().now()
    pushes = [sender.prepare(a_message(to_subscription(device)), now=now) for device in made]

    started_at = SystemClock().now().timestamp()
    results = sender.send(pushes)

    assert [result.outcome for result in results] == ["retry"] * 100 + ["accepted"] * 100
    wanted = {device["id"] for device in healthy}
    arrived = {identity: at for identity, at in push_service.arrivals() if identity in wanted}
    assert arrived.keys() == wanted
    assert max(arrived.values()) - started_at < 2.5
    assert max(result.at.timestamp() for result in results) - started_at < 6


def test_results_are_in_the_order_of_the_messages(push_service: Any) -> None:
    """Each device gets its own message, and its own result."""
    sender, made = a_sender(push_service), push_service.subscribe_many(60)
    for device in made[::3]:
        push_service.fail(device["id"], 410)
    now = SystemClock().now()
    pushes = [sender.prepare(a_message(to_subscription(device), body=device["id"].encode()), now=now) for device in made]

    results = sender.send(pushes)

    assert [result.outcome for result in results] == ["gone", "accepted", "accepted"] * 20
    for number in (1, 2, 58):
        assert [message["text"] for message in push_service.messages(made[number]["id"], 5)] == [made[number]["id"]]


def test_a_device_that_comes_back_gets_the_latest_of_a_topic(push_service: Any) -> None:
    """Held messages: the same topic replaces, another one stays, TTL 0 is for those who are there."""
    sender, made = a_sender(push_service), push_service.subscribe()
    push_service.set_online(made["id"], is_online=False)
    for body, topic, ttl in ((b"ring", "one", 600), (b"now", "now", 0), (b"other", "two", 600), (b"stop", "one", 600)):
        assert send(sender, made, body=body, topic=topic, ttl_seconds=ttl).outcome == "accepted"
    assert push_service.messages(made["id"]) == []

    push_service.set_online(made["id"], is_online=True)

    assert [message["text"] for message in push_service.messages(made["id"], 5)] == ["other", "stop"]


def test_the_local_push_service_refuses_what_real_ones_refuse(push_service: Any) -> None:
    """It would not prove much if it took everything."""
    made = push_service.subscribe()
    good = post_of(a_sender(push_service), a_message(to_subscription(made)), SystemClock().now())
    stale = post_of(a_sender(push_service), a_message(to_subscription(made)), SystemClock().now() - timedelta(days=1))
    exchange = Poster(AllowedHosts.parse([push_service.host])).exchange

    def status(**headers: str | None) -> int | None:
        changed = {name: value for name, value in {**good.headers, **headers}.items() if value is not None}
        return exchange(replace(good, headers=changed)).status

    assert status() == 201
    assert status(Authorization=None) == 401
    assert status(Authorization=good.headers["Authorization"].replace("t=", "t=x")) == 403
    assert exchange(stale).status == 403
    assert status(TTL=None) == 400
    assert status(Topic="no good") == 400
    assert status(Urgency="extreme") == 400
    assert status(**{"Content-Encoding": "aesgcm"}) == 415
    assert exchange(replace(good, body=b"x" * 4_097)).status == 413
    assert exchange(replace(good, body=b"x" * 200)).status == 400
    assert exchange(replace(good, target="/push/unknown")).status == 404


def test_an_independent_push_service_decrypts_our_messages() -> None:
    """web-push-testing, written by others in another language, verifies the signature and reads the text."""
    try:
        with running_web_push_testing() as service:
            made = service.subscribe(PUBLIC_KEY)
            sender = WebPushService(PRIVATE_KEY, SUBJECT, [service.url.removeprefix("http://")], clock=SystemClock())

            first = send(sender, made, body=b'{"type": "ring", "n": 1}')
            second = send(sender, made, body="Guten Morgen ☀".encode())
            texts = service.messages(made["clientHash"])
            service.expire(made["clientHash"])
            third = send(sender, made)
    except WebPushTestingMissing as missing:
        pytest.skip(str(missing))

    assert texts == ['{"type": "ring", "n": 1}', "Guten Morgen ☀"]
    assert [result.outcome for result in (first, second, third)] == ["accepted", "accepted", "gone"]
