"""What the domain needs from outside. Each Protocol's docstring is its contract; tests/contract holds every adapter to it.

Time is always passed in (`now`): no adapter reads a clock. Every method may raise `Unavailable`, and no driver's own error
ever comes through. All instants are aware UTC datetimes and survive storage to the microsecond.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal, Protocol, runtime_checkable

from smartalarm.errors import SmartAlarmError

JsonObject = Mapping[str, Any]


# ------------------------------------------------------------------------------------------------ what is stored


@dataclass(frozen=True, slots=True)
class Key:
    """Names one document. `user` and `id` are 1 to 255 characters, `kind` 1 to 64, none of them NUL."""

    user: str
    kind: str
    id: str


@dataclass(frozen=True, slots=True)
class Document:
    """One thing a user owns. `version` counts its own writes from 1, `seq` is the user's commit that wrote it last.

    `fields` is JSON: dicts, lists, str, int, float, bool, None. A deleted document is a tombstone that keeps its fields.
    One past `expires_at` stays as it is until `purge` removes it, without a trace in the feed.
    """

    user: str
    kind: str
    id: str
    version: int
    seq: int
    fields: JsonObject
    deleted: bool = False
    expires_at: datetime | None = None

    @property
    def key(self) -> Key:
        """Its name."""
        return Key(self.user, self.kind, self.id)


def order_key(document_id: str) -> str:
    """The text that lists are sorted by: what follows the last colon of the id first, so occurrences sort by instant.

    `<alarm>:<instant>` -> `<instant>:<alarm>`; an id without a colon stays as it is.
    """
    head, colon, tail = document_id.rpartition(":")
    return f"{tail}:{head}" if colon else document_id


@dataclass(frozen=True, slots=True)
class Put:
    """Write one document whole. `expected`: None any version, 0 must not exist yet (a tombstone exists), n exactly n."""

    kind: str
    id: str
    fields: JsonObject
    deleted: bool = False
    expected: int | None = None
    expires_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Timer:
    """One row of the due index: at `due_at` something must happen for `user`.

    `id` is unique within the user. `revision` changes with every save of what the timer stands for, so (id, due_at,
    revision) is the guard: it still stands exactly when nothing relevant changed. `set_at` is when it was written;
    `handed_at` is the store's own, so what a commit passes there is ignored.
    """

    id: str
    user: str
    due_at: datetime
    purpose: str
    subject: str
    revision: int
    set_at: datetime
    handed_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class TimerChange:
    """Set (`timer`) or clear (`timer=None`) the timer `id`. With `expected` the stored one must match its guard."""

    id: str
    timer: Timer | None
    expected: Timer | None = None


@dataclass(frozen=True, slots=True)
class Claim:
    """A unique key (1 to 512 characters) with an owner, a value and an expiry.

    An expired claim (expires_at <= now) is as good as absent. `version` counts its own changes from 1, and from 1 again
    when it is taken after it was free.
    """

    key: str
    owner: str
    value: JsonObject
    expires_at: datetime | None
    version: int


@dataclass(frozen=True, slots=True)
class ClaimChange:
    """Take, change or release (`value=None`) a claim. `expected`: 0 must be free, n exactly that version, None any.

    `owner` is whose `erase` removes it; the guard is the version alone. Releasing what is free changes nothing.
    """

    key: str
    owner: str
    value: JsonObject | None
    expires_at: datetime | None = None
    expected: int | None = 0


MAX_WRITES = 20


@dataclass(frozen=True, slots=True)
class Commit:
    """One atomic change of one user's data: at most 20 documents, with timers and claims, each named once.

    `creates_user`: the user must not exist yet, else `Conflict(code="user_exists")`. Without it the user must exist,
    else `NotFound(code="no_such_user")`; an erased user never comes back. A commit that breaks its own shape (too many
    documents, one name twice, another user's timer) is a programming error: ValueError.
    """

    user: str
    now: datetime
    writes: tuple[Put, ...] = ()
    timers: tuple[TimerChange, ...] = ()
    claims: tuple[ClaimChange, ...] = ()
    creates_user: bool = False

    def __post_init__(self) -> None:
        if len(self.writes) > MAX_WRITES:
            raise ValueError(f"a commit carries at most {MAX_WRITES} documents, not {len(self.writes)}")
        if len({(put.kind, put.id) for put in self.writes}) != len(self.writes):
            raise ValueError("a commit names each document once")
        if len({change.id for change in self.timers}) != len(self.timers):
            raise ValueError("a commit names each timer once")
        if len({change.key for change in self.claims}) != len(self.claims):
            raise ValueError("a commit names each claim once")
        for change in self.timers:
            for timer in (change.timer, change.expected):
                if timer is not None and (timer.user, timer.id) != (self.user, change.id):
                    raise ValueError(f"timer {timer.id} is not {self.user}'s {change.id}")


@dataclass(frozen=True, slots=True)
class Committed:
    """What a commit made: the user's new seq (the old one when no document was written) and the documents as stored."""

    seq: int
    documents: tuple[Document, ...]


@dataclass(frozen=True, slots=True, order=True)
class Cursor:
    """A place in a user's change feed; a page may split a commit, so it is (seq, kind, id). The start is Cursor()."""

    seq: int = 0
    kind: str = ""
    id: str = ""


@dataclass(frozen=True, slots=True)
class Page:
    """Some documents, and where to go on: `next` is an opaque text for `after`, None at the end."""

    items: tuple[Document, ...]
    next: str | None


@dataclass(frozen=True, slots=True)
class ChangePage:
    """Some changes in (seq, kind, id) order; `cursor` is the last one's place; `more` when others follow."""

    items: tuple[Document, ...]
    cursor: Cursor
    more: bool


class Store(Protocol):
    """Documents, timers and claims. Safe to use from many threads. Deletion of a user's data is `erase`."""

    def get(self, user: str, kind: str, document_id: str) -> Document:
        """One live document. Raises NotFound when absent, deleted or another user's."""

    def read(self, keys: Iterable[Key]) -> dict[Key, Document]:
        """Those of the keys that exist, tombstones included, read consistently; any number of keys and users."""

    def page(
        self,
        user: str,
        kind: str,
        *,
        after: str | None = None,
        limit: int = 200,
        newest_first: bool = False,
        first: str | None = None,
        last: str | None = None,
    ) -> Page:
        """Live documents of a kind by `order_key(id)`, between `first` and `last` (order keys, both inclusive).

        `after` is a former page's `next` for the same kind; a text that no page gave raises Invalid at pointer "/after".
        """

    def list_many(self, users: Iterable[str], kinds: Sequence[str]) -> dict[str, list[Document]]:
        """All live documents of these kinds for each user (users without any are absent), by kind, then order key.

        For small kinds: devices...
        """

    def count(self, user: str, kind: str) -> int:
        """How many live documents of the kind the user has."""

    def changes(self, user: str, since: Cursor, limit: int) -> ChangePage:
        """The user's documents written after `since`, tombstones included, each once, at its latest version.

        Nothing new, or no such user: an empty page whose cursor is `since`.
        """

    def seq(self, user: str) -> int:
        """The user's latest seq; 0 when there is no such user."""

    def commit(self, commit: Commit) -> Committed:
        """Make all of it durable, or nothing.

        Raises Conflict for a lost timer (code "lost_timer"), claim ("lost_claim") or expected version
        ("stale_version"), NotFound(code="no_such_user"). Races for the user's seq are retried inside.
        """

    def commit_many(self, commits: Sequence[Commit]) -> list[Committed | SmartAlarmError]:
        """Several users' commits, each atomic alone, outcomes in order; one failing never undoes another.

        The users of one call must differ from each other, else ValueError. A store that does not answer makes
        Unavailable the outcome of each commit it may have lost; it is not raised.
        """

    def take_due(self, *, now: datetime, until: datetime, limit: int) -> list[Timer]:
        """Hand over timers with due_at <= until, earliest first, marking `handed_at = now`; each goes to one caller only.

        One handed over before is given again only when both its due instant and its last handing lie more than
        RETAKE_SECONDS before `now`. A timer stays in the index until a commit moves or clears it; setting one makes it
        unhanded.
        """

    def release_handed(self) -> int:
        """Forget who took what; how many. Only for a process that knows it is alone (a single box after a crash)."""

    def timers(self, user: str) -> list[Timer]:
        """All of one user's timers, by due instant."""

    def users_with_timers(self, purpose: str, *, after: str | None, limit: int) -> list[str]:
        """Ids of users that have a timer of the purpose, sorted, after a given one: how a job walks everybody."""

    def claim(self, key: str, *, now: datetime) -> Claim | None:
        """The claim, unless absent or expired."""

    def change_claim(self, change: ClaimChange, *, now: datetime) -> Claim | None:
        """Change one claim outside a commit (no seq). Raises Conflict(code="lost_claim"). None after a release."""

    def take_claim(self, key: str, *, now: datetime) -> Claim | None:
        """Remove the claim and return it: of many callers exactly one gets it. None when absent or expired."""

    def erase(self, user: str) -> None:
        """Remove everything the user owns: documents, timers, claims. The id stays spent for ever, also one never used.

        Idempotent.
        """

    def purge(self, *, now: datetime, limit: int) -> int:
        """Remove expired documents, claims and counters, at most `limit` of each; how many were removed in all.

        A document or claim has expired when expires_at <= now, a counter when its window has ended. Raises no seq.
        """

    def ping(self) -> None:
        """Raises Unavailable when the store cannot answer a read now."""


RETAKE_SECONDS = 10


@dataclass(frozen=True, slots=True)
class Count:
    """Hits within the running window, this one included, and when the window ends."""

    count: int
    resets_at: datetime


class Counters(Protocol):
    """Fixed-window counters for limits. Approximate under a crash, exact under races."""

    def hit(self, key: str, window_seconds: int, *, now: datetime) -> Count:
        """Count one more. A window starts with its first hit and has ended at `resets_at`."""

    def clear(self, key: str) -> None:
        """Forget the key."""


@dataclass(frozen=True, slots=True)
class Connection:
    """One open socket. `host` is the process that holds it, "" on a managed gateway."""

    id: str
    user: str
    device_id: str | None
    opened_at: datetime
    host: str = ""


class Connections(Protocol):
    """Which sockets are open, and when each device was last seen. Raises no seq."""

    def open(self, connection: Connection) -> None:
        """Remember it; a second time with the same id changes nothing."""

    def find(self, connection_id: str) -> Connection | None:
        """The connection, if known."""

    def close(self, connection_id: str) -> None:
        """Forget it. Idempotent."""

    def close_host(self, host: str) -> None:
        """Forget all connections of a process (it starts anew). "" is a gateway's, no process's: nothing is forgotten."""

    def of(self, users: Iterable[str]) -> dict[str, list[Connection]]:
        """Open connections per user, the oldest first; users without any are absent."""

    def saw(self, user: str, device_id: str, *, at: datetime) -> None:
        """The device was there at this instant; an earlier one than known changes nothing."""

    def last_seen(self, user: str) -> dict[str, datetime]:
        """Per device id, the latest instant given to `saw`."""

    def forget_user(self, user: str) -> None:
        """Remove all that is known of the user's connections and devices."""


# ------------------------------------------------------------------------------------------------ what reaches out


@dataclass(frozen=True, slots=True)
class Subscription:
    """A Web Push subscription as the browser gave it: endpoint, P-256 point (base64url, 65 bytes), auth (16 bytes)."""

    endpoint: str
    p256dh: str
    auth: str


@dataclass(frozen=True, slots=True)
class PushMessage:
    """One message for one device. `topic`: a later message with the same one replaces it at the push service."""

    subscription: Subscription
    body: bytes
    topic: str
    ttl_seconds: int
    urgency: Literal["very-low", "low", "normal", "high"] = "high"


class PreparedPush(Protocol):
    """An encrypted, signed message that only waits to be posted."""


@dataclass(frozen=True, slots=True)
class PushResult:
    """What the push service said.

    accepted: it took it (not: it was delivered); gone: drop the subscription; retry: worth another try, after
    `retry_after_seconds` if given; refused: never going to work.
    """

    outcome: Literal["accepted", "gone", "retry", "refused"]
    status: int | None
    at: datetime
    detail: str
    retry_after_seconds: float | None = None


class PushService(Protocol):
    """Web Push (RFC 8030, 8291, 8292)."""

    @property
    def public_key(self) -> str:
        """The VAPID public key, base64url without padding."""

    def check(self, subscription: Subscription) -> None:
        """Raise Invalid for an endpoint that is not a known push service's, or keys that are no P-256 point and 16 bytes.

        Pointers lie below /push_subscription. Makes no network call.
        """

    def prepare(self, message: PushMessage, *, now: datetime) -> PreparedPush:
        """Encrypt and sign; no network. Raises Invalid when the keys are unusable."""

    def send(self, pushes: Sequence[PreparedPush]) -> list[PushResult]:
        """Post them all side by side, each within its own time limit; results in order. Never raises for one of them."""


class Sockets(Protocol):
    """Posts to open sockets."""

    def post(self, messages: Sequence[tuple[Connection, JsonObject]]) -> list[bool]:
        """Send each message to its connection, side by side, bounded in time; False: that connection is gone."""


class Pokes(Protocol):
    """Lets a user's open sockets know that there is something new to pull: best effort, at most 4 times a second."""

    def note(self, user: str, seq: int, *, is_ring: bool) -> None:
        """The user's data are at `seq` now. Takes no time, never raises. `is_ring`: by a ring step, which goes first."""

    def flush(self) -> None:
        """Tell what was noted, where nobody does beside the work. Never raises."""


class RingQueue(Protocol):
    """Carries timers that are due soon to the ring consumer. At least once, in any order; losing one loses no ring."""

    def send(self, timers: Sequence[Timer], *, now: datetime) -> None:
        """Deliver them a little before their due instants. Called after the commit that wrote them. Raises Unavailable."""

    def retry(self, timer: Timer, *, attempt: int, delay_seconds: float, now: datetime) -> None:
        """Deliver one timer again, alone, as its `attempt`-th try."""


# ------------------------------------------------------------------------------------------------ what infers

Stage = Literal["wake", "light", "deep", "rem"]
StagingMode = Literal["night", "live"]
STAGES: tuple[Stage, ...] = ("wake", "light", "deep", "rem")
"""The order in which probabilities stand: N1 and N2 are light, N3 is deep (AASM)."""


@dataclass(frozen=True, slots=True)
class Agreement:
    """How far a model lies from a sleep laboratory, in minutes a night: the mean of model - laboratory, and its 95 % limits.

    Bland and Altman, Lancet 1986: a figure of ours less `high` to the same less `low` holds the truth of most nights.
    """

    bias: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Staging:
    """What a model makes of some epochs, one entry each, in order: the stage and the probabilities in the order of STAGES.

    An epoch with no signal near has None in both. `model` and `version` name what made it; `agreement` says how well it
    agrees with a laboratory, by the name of a metric.
    """

    model: str
    version: str
    stages: tuple[Stage | None, ...]
    probabilities: tuple[tuple[float, float, float, float] | None, ...]
    agreement: Mapping[str, Agreement] = field(default_factory=dict)


class SleepStager(Protocol):
    """Sleep stages from activity counts and heart rate, one of each for every 30 seconds. Safe to use from many threads."""

    def stage(self, counts: Sequence[float | None], heart_rate: Sequence[float | None] | None, mode: StagingMode) -> Staging:
        """`night` looks at all of them; `live` looks back alone, so what it says of some epochs stays when more come.

        Both lists have the same length, None where nothing was measured; `heart_rate` None: there is none at all. The same
        signal always gives the same stages. Raises Unavailable when the model cannot be used.
        """


# ------------------------------------------------------------------------------------------------ small things


@runtime_checkable
class Clock(Protocol):
    """Time itself."""

    def now(self) -> datetime:
        """The current instant, UTC."""

    def wait_until(self, instant: datetime) -> None:
        """Return at the instant, never before; at once when it has passed."""


class Entropy(Protocol):
    """Randomness and ids, so that tests and the simulation can replay them."""

    def uuid(self) -> str:
        """A new UUIDv7 (RFC 9562)."""

    def token(self, size: int) -> str:
        """`size` random bytes as base64url without padding."""

    def fraction(self) -> float:
        """A number in [0, 1), for jitter."""


class Passwords(Protocol):
    """Password hashing, argon2id (RFC 9106)."""

    def hash(self, password: str) -> str:
        """The encoded hash."""

    def verify(self, encoded: str | None, password: str) -> bool:
        """Whether it fits. With None the same work is done against a dummy, and the answer is False."""


class Signer(Protocol):
    """Signs and checks short-lived tokens (JWT, RFC 7519)."""

    def sign(self, claims: JsonObject, *, now: datetime, lifetime_seconds: int) -> str:
        """A token with these claims plus iss, aud, iat, exp."""

    def verify(self, token: str, *, now: datetime) -> dict[str, Any]:
        """The claims. Raises Unauthenticated for anything expired, tampered, foreign or unreadable."""

    def derive(self, purpose: str, text: str) -> str:
        """A secret text that only we can derive from `text`: base64url of HMAC-SHA256 under a key for `purpose`."""


class SchedulerTokens(Protocol):
    """Tokens by which a cloud's own scheduler proves who it is."""

    def check(self, token: str, *, now: datetime) -> None:
        """Return when it is the scheduler's.

        Raises Unauthenticated for a token that is not valid, Forbidden for somebody else's, Unavailable when the keys to
        check it by cannot be had now.
        """


class Telemetry(Protocol):
    """Metrics and logs."""

    def count(self, name: str, value: int = 1, **labels: str) -> None:
        """Add to a counter."""

    def observe(self, name: str, seconds: float, **labels: str) -> None:
        """Record one duration."""

    def log(self, event: str, **fields: Any) -> None:
        """Write one informational line."""

    def problem(self, event: str, error: BaseException | None = None, **fields: Any) -> None:
        """Write one error line, with the traceback if there is one."""

    def exposition(self) -> str:
        """The metrics as Prometheus text; empty where they go elsewhere."""
