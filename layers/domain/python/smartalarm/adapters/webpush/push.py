"""The PushService port over pywebpush, py_vapid and guarded connections."""

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

from smartalarm.adapters.exchange import Answer, Post
from smartalarm.adapters.side_by_side import OutOfTime, SideBySide
from smartalarm.adapters.webpush import subscriptions
from smartalarm.adapters.webpush.answers import to_result
from smartalarm.adapters.webpush.keys import Vapid
from smartalarm.adapters.webpush.library import web_pusher
from smartalarm.addresses import AllowedHosts
from smartalarm.errors import Invalid
from smartalarm.ports import Clock, PreparedPush, PushMessage, PushResult, Subscription

Exchange = Callable[[Post], Answer]

_TOPIC = re.compile(r"[A-Za-z0-9_-]{0,32}")  # RFC 8030, section 5.4; none when empty
# RFC 8291, section 4: push services must take 4,096 bytes; header 86, tag 16 and delimiter 1 are ours.
MAX_BODY_BYTES = 4_096 - 86 - 16 - 1
# A sending must be over, and written down, before the watch of its ring (10 s) would send it again.
START_SECONDS = 4.0
END_SECONDS = 8.0


@dataclass(frozen=True, slots=True)
class _EncryptedPush:
    """An encrypted, signed message that only waits to be posted."""

    post: Post


class WebPushService:
    """Web Push (see ports.PushService). Safe to use from many threads; heavy imports wait for the first message.

    `vapid_private_key` is base64url of 32 bytes or PEM, `subject` a mailto: or https: address of the operator;
    `allowed_hosts` ("host" or "host:port") may be http, on any port and at any address. `exchange` replaces the network.
    Raises ValueError for a key, a subject or a host that is none.
    """

    def __init__(
        self,
        vapid_private_key: str,
        subject: str,
        allowed_hosts: Iterable[str] = (),
        *,
        clock: Clock,
        exchange: Exchange | None = None,
        connect_seconds: float = 2.0,
        read_seconds: float = 4.0,
        most_at_once: int = 128,
    ) -> None:
        self._vapid = Vapid(vapid_private_key, subject)
        self._allowed = AllowedHosts.parse(allowed_hosts)
        self._clock = clock
        self._given_exchange = exchange
        self._limits = (connect_seconds, read_seconds)
        self._most_at_once = most_at_once

    @property
    def public_key(self) -> str:
        """The VAPID public key, base64url without padding."""
        return self._vapid.public_key

    def warm_up(self) -> None:
        """Load now what the first message would wait for: for processes that live long."""
        web_pusher()
        _ = self._exchange

    def check(self, subscription: Subscription) -> None:
        """Raise Invalid unless the endpoint is a known push service's and the keys can be used. No network."""
        subscriptions.check(subscription, self._allowed)

    def prepare(self, message: PushMessage, *, now: datetime) -> PreparedPush:
        """Encrypt and sign; no network. Raises Invalid for an unusable subscription, topic, TTL or size of body."""
        if not _TOPIC.fullmatch(message.topic):
            raise Invalid.field("/topic", "must be at most 32 letters, digits, - or _")
        if message.ttl_seconds < 0:
            raise Invalid.field("/ttl_seconds", "must not be negative")
        if not 0 < len(message.body) <= MAX_BODY_BYTES:
            raise Invalid.field("/body", f"must be 1 to {MAX_BODY_BYTES} bytes")
        try:
            endpoint = subscriptions.to_endpoint(message.subscription.endpoint, self._allowed)
        except ValueError as error:
            raise Invalid.field(subscriptions.ENDPOINT, str(error)) from None
        headers = {
            "Authorization": self._vapid.authorization(endpoint.origin, now),
            "Content-Encoding": "aes128gcm",
            "Content-Type": "application/octet-stream",
            "TTL": str(message.ttl_seconds),
            "Urgency": message.urgency,
            "User-Agent": "smartalarm",
        }
        if message.topic:
            headers["Topic"] = message.topic
        body = self._encrypted(message)
        return _EncryptedPush(Post(endpoint.scheme, endpoint.host, endpoint.port, endpoint.target, headers, body))

    def send(self, pushes: Sequence[PreparedPush]) -> list[PushResult]:
        """Post them all side by side, each within its own time limit; results in order. Never raises for one of them.

        It ends within END_SECONDS whatever happens: what could not be posted within START_SECONDS gets the outcome "retry".
        """
        posts = [_to_post(push) for push in pushes]
        outcomes = self._side_by_side.run(posts, self._post, lane=lambda post: post.host)
        return [
            outcome if isinstance(outcome, PushResult) else self._not_sent(post, outcome)
            for post, outcome in zip(posts, outcomes, strict=True)
        ]

    def _encrypted(self, message: PushMessage) -> bytes:
        subscription = message.subscription
        keys = {"p256dh": subscription.p256dh, "auth": subscription.auth}
        try:
            subscriptions.to_auth(subscription.auth)
            subscriptions.to_point(subscription.p256dh)  # the library checks that it lies on the curve
            body: bytes = web_pusher()({"endpoint": subscription.endpoint, "keys": keys}).encode(message.body)["body"]
        except ValueError:
            self.check(subscription)  # says which of the keys is wrong
            raise
        return body

    def _post(self, post: Post) -> PushResult:
        return to_result(post.host, self._exchange(post), self._clock.now())

    def _not_sent(self, post: Post, error: Exception) -> PushResult:
        why = "out of time before it was sent" if isinstance(error, OutOfTime) else f"not sent ({type(error).__name__})"
        return PushResult("retry", None, self._clock.now(), f"{post.host}: {why}")

    @cached_property
    def _side_by_side(self) -> SideBySide:
        return SideBySide(most=self._most_at_once, start_within_seconds=START_SECONDS, end_within_seconds=END_SECONDS)

    @cached_property
    def _exchange(self) -> Exchange:
        if self._given_exchange is not None:
            return self._given_exchange
        from smartalarm.adapters.poster import Poster  # noqa: PLC0415 - as above

        connect_seconds, read_seconds = self._limits
        poster = Poster(
            self._allowed, connect_seconds=connect_seconds, read_seconds=read_seconds, most_idle=self._most_at_once
        )
        return poster.exchange


def _to_post(push: PreparedPush) -> Post:
    if not isinstance(push, _EncryptedPush):
        raise TypeError("only what prepare() gave can be sent")
    return push.post
