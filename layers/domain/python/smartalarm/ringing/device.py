"""A device: where a ring goes. What is stored, and the shapes on the wire."""

from typing import Annotated, Any, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from smartalarm.instants import Instant
from smartalarm.ports import Document, Subscription
from smartalarm.sync.ticking import content_of
from smartalarm.text import Name

RingOn = Literal["always", "backup", "never"]
Platform = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9 ._/-]{0,49}$")]
KeyText = Annotated[str, StringConstraints(min_length=1, max_length=200)]


class SubscriptionKeys(BaseModel):
    """The keys a browser made for its push subscription, base64url."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    p256dh: KeyText
    auth: KeyText


class PushSubscription(BaseModel):
    """What `PushSubscription.toJSON()` gives in a browser."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    endpoint: Annotated[str, StringConstraints(min_length=1, max_length=2048)]
    keys: SubscriptionKeys
    expiration_time: Annotated[float | None, Field(alias="expirationTime", exclude=True)] = None
    """Browsers send it; none sets it, and nothing here needs it."""

    def to_subscription(self) -> Subscription:
        """The same for the push port."""
        return Subscription(self.endpoint, self.keys.p256dh, self.keys.auth)


class NewDevice(BaseModel):
    """A device as its owner puts it."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: Name
    platform: Platform = "web"
    ring: RingOn = "always"
    push_subscription: PushSubscription | None = None


class Device(NewDevice):
    """A stored device.

    `push_lost_at`: when its push service said that the subscription is gone. `reported_at`: when the user's other devices
    were told that this one stopped answering.
    """

    id: str
    push_lost_at: Instant | None = None
    reported_at: Instant | None = None
    created_at: Instant
    updated_at: Instant

    @classmethod
    def from_document(cls, document: Document) -> Self:
        """The stored device."""
        return cls.model_validate({"id": document.id, **content_of(document.fields)})

    def to_fields(self) -> dict[str, Any]:
        """The JSON that is stored."""
        return self.model_dump(mode="json", exclude={"id"})

    def is_rung(self, *, with_backup: bool) -> bool:
        """Whether it rings, at this rung of the ladder."""
        return self.ring == "always" or (self.ring == "backup" and with_backup)


class DeviceView(BaseModel):
    """A device as the API shows it. `push`: ok, none, or lost (subscribe again on that device).

    `health`: quiet when push services took its last rings and it showed none of them; `last_shown_at`: when it last showed
    or answered one, of the latest 30.
    """

    model_config = ConfigDict(frozen=True)

    id: str
    name: str
    platform: str
    ring: RingOn
    push_subscription: PushSubscription | None
    push: Literal["ok", "none", "lost"]
    push_lost_at: Instant | None
    health: Literal["ok", "quiet", "lost", "none"]
    last_shown_at: Instant | None
    connected: bool
    last_seen_at: Instant | None
    version: int
    created_at: Instant
    updated_at: Instant


class PushKey(BaseModel):
    """The VAPID public key, base64url without padding."""

    model_config = ConfigDict(frozen=True)

    public_key: str
