"""Recorded nights on every backend: no epoch is lost, none overlaps another, all are small, and they go in time."""

import random
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import count
from typing import Any

import pytest
import sqlalchemy as sa

from smartalarm import ports, wiring
from smartalarm.accounts.export import Export
from smartalarm.adapters.clock import SystemClock
from smartalarm.adapters.memory import MemoryStager, MemoryStore
from smartalarm.adapters.sql.schema import documents
from smartalarm.errors import Conflict, NotFound, Unavailable
from smartalarm.injection import Injector
from smartalarm.instants import instant_to_text
from smartalarm.ports import Commit, Cursor, Put
from smartalarm.settings import Settings
from smartalarm.sleep.beginning import NewNights
from smartalarm.sleep.erasing import SleepEraser
from smartalarm.sleep.finishing import SleepFinisher
from smartalarm.sleep.recorded import RECORDING, SUMMARY, summary_id
from smartalarm.sleep.recorder import SleepRecorder
from smartalarm.sleep.session_views import EpochsTaken, NewSleepSession, SleepEpochs, WholeSleepSession
from smartalarm.sleep.sessions import SleepSessions
from tests.contract.backends import Backend
from tests.contract.racing import THREADS, race
from tests.fakes import START, ManualClock, QuickPasswords, RecordingQueue, RecordingTelemetry
from tests.functions.recording import session_id
from tests.stage import FakePush, FakeSockets

EPOCHS = 960
MOST_BYTES = 8 * 1024
DAYS = timedelta(days=90)
_people = count(1)


class NoisyStager(MemoryStager):
    """Finds stages without any order, each with a confidence of its own: what packs worst."""

    def stage(
        self, counts: Sequence[float | None], heart_rate: Sequence[float | None] | None, mode: ports.StagingMode
    ) -> ports.Staging:
        """As drawn."""
        known = super().stage(counts, heart_rate, mode)
        drawn = random.Random(20261202)  # noqa: S311  tests repeat
        stages = tuple(drawn.choice(ports.STAGES) for _ in counts)
        probabilities = tuple((share := drawn.random(),) * 2 + ((1 - share),) * 2 for _ in counts)
        return replace(known, stages=stages, probabilities=probabilities)


def product_on(backend: Backend, clock: Any) -> Injector:
    """The product on this backend, by this clock."""
    fakes: dict[type, Any] = {
        ports.Store: lambda: backend.store,
        ports.Connections: lambda: backend.connections,
        ports.Clock: lambda: clock,
        ports.Passwords: QuickPasswords,
        ports.PushService: lambda: FakePush(clock),
        ports.Sockets: lambda: FakeSockets(clock),
        ports.RingQueue: RecordingQueue,
        ports.Telemetry: RecordingTelemetry,
        ports.SleepStager: NoisyStager,
    }
    return wiring.memory_injector(Settings(), fakes)


def new_sleeper(backend: Backend, now: datetime) -> str:
    """A user who agreed to be recorded."""
    user = f"sleeper-{next(_people)}"
    me = {"email": "ann@example.org", "name": "Ann", "locale": "en", "time_zone": "UTC"}
    times = {"created_at": instant_to_text(now), "updated_at": instant_to_text(now)}
    writes = (Put("profile", "me", {**me, **times}, expected=0), Put("settings", "me", {"sleep_consent": True}, expected=0))
    backend.store.commit(Commit(user, now, writes=writes, creates_user=True))
    return user


def night_from(start: datetime) -> NewSleepSession:
    """A night of a wrist."""
    return NewSleepSession(start=start, source="wrist", time_zone="UTC")


def noise(length: int = EPOCHS) -> SleepEpochs:
    """What packs worst: numbers without any order, each with all its digits."""
    drawn = random.Random(20261201)  # noqa: S311  tests repeat
    counts = [round(drawn.uniform(0, 3000), 2) for _ in range(length)]
    return SleepEpochs(first=0, counts=counts, heart_rate=[round(drawn.uniform(40, 120), 2) for _ in range(length)])


def until_answered(recorder: SleepRecorder, user: str, batch: SleepEpochs) -> EpochsTaken:
    """As a device does that is told to try again."""
    for _ in range(20):
        try:
            return recorder.add(user, session_id(), batch)
        except Unavailable:
            continue
    raise AssertionError("it never got through")


def test_batches_that_come_at_once_all_stay(backend: Backend) -> None:
    """Every one twice, as from a phone that heard no answer."""
    clock = SystemClock()
    product = product_on(backend, clock)
    now = clock.now().replace(microsecond=0)
    user = new_sleeper(backend, now)
    product.get(NewNights).put(user, session_id(), night_from(now - timedelta(hours=8)))
    recorder = product.get(SleepRecorder)

    def send(number: int) -> EpochsTaken:
        first = number % (THREADS // 2) * 50
        batch = SleepEpochs(first=first, counts=[first + n for n in range(50)], heart_rate=[60 + n for n in range(50)])
        return until_answered(recorder, user, batch)

    answers = race(send)
    assert all(isinstance(answer, EpochsTaken) for answer in answers), answers
    shown = product.get(SleepSessions).get(user, session_id(), with_signal=True)
    length = THREADS // 2 * 50
    assert (shown.received_epochs, shown.counts) == (length, [float(n) for n in range(length)])
    assert shown.heart_rate == [60.0 + n % 50 for n in range(length)]


def test_of_nights_that_begin_at_once_one_is_recorded(backend: Backend) -> None:
    """However many devices lie by the bed."""
    clock = SystemClock()
    product = product_on(backend, clock)
    now = clock.now().replace(microsecond=0)
    user = new_sleeper(backend, now)
    nights = product.get(NewNights)

    def begin(number: int) -> WholeSleepSession:
        return nights.put(user, session_id(number), night_from(now - timedelta(hours=1, seconds=number)))

    answers = race(begin)
    winners = [answer.id for answer in answers if isinstance(answer, WholeSleepSession)]
    assert len(winners) == 1, answers
    losers = [answer for answer in answers if isinstance(answer, Conflict | Unavailable)]
    assert {loser.code for loser in losers} <= {"overlapping_session", "busy"}
    assert len(losers) == THREADS - 1
    page = product.get(SleepSessions).page(user, from_at=None, to_at=None, after=None, limit=50)
    assert [one.id for one in page.items] == winners


@pytest.mark.parametrize("_", range(3))
def test_a_night_does_not_grow_into_one_that_begins_meanwhile(backend: Backend, _: int) -> None:
    """Late epochs of a device and a new night at the same moment: one of them is refused."""
    clock = SystemClock()
    product = product_on(backend, clock)
    now = clock.now().replace(microsecond=0)
    user = new_sleeper(backend, now)
    nights, recorder = product.get(NewNights), product.get(SleepRecorder)
    nights.put(user, session_id(), night_from(now - timedelta(hours=8)))
    recorder.add(user, session_id(), SleepEpochs(first=0, counts=[1.0] * 120))  # silent for seven hours

    def act(number: int) -> Any:
        if number == 0:
            return nights.put(user, session_id(2), night_from(now - timedelta(hours=5)))
        return recorder.add(user, session_id(), SleepEpochs(first=120, counts=[1.0] * 480))

    refused = [outcome for outcome in race(act, threads=2) if isinstance(outcome, Conflict)]
    assert [conflict.code for conflict in refused] == ["overlapping_session"]


def test_a_night_is_small(backend: Backend) -> None:
    """Eight hours with stages, confidence and figures take at most 8 KB, also where nothing of it can be packed."""
    product = product_on(backend, ManualClock())
    user = new_sleeper(backend, START)
    product.get(NewNights).put(user, session_id(), night_from(START - timedelta(hours=8)))
    product.get(SleepRecorder).add(user, session_id(), noise())
    product.get(SleepFinisher).finish(user, session_id())
    held = bytes_of_night(backend, user, START - timedelta(hours=8))
    assert 4096 < held <= MOST_BYTES


def bytes_of_night(backend: Backend, user: str, start: datetime) -> int:
    """What the backend's own rows of the two documents hold, keys and names included."""
    store = backend.store
    names = [(RECORDING, session_id()), (SUMMARY, summary_id(session_id(), start))]
    if isinstance(store, MemoryStore):
        rows = store._users[user].rows
        return sum(len(rows[name].text) + len(name[1]) for name in names)
    if backend.engine is not None:
        statement = sa.select(documents).where(documents.c.user_id == user, documents.c.kind.in_([RECORDING, SUMMARY]))
        found = backend.engine.read(lambda connection: connection.execute(statement).all())
        assert len(found) == 2
        return sum(len(value) if isinstance(value, str) else 8 for row in found for value in row)
    items = [item_of(store, user, kind, document_id) for kind, document_id in names]
    return sum(len(name) + size_of(value) for item in items for name, value in item.items())


def item_of(store: Any, user: str, kind: str, document_id: str) -> dict[str, Any]:
    """The item as DynamoDB gives it."""
    item: dict[str, Any] = store._table.get(f"u#{user}", f"d#{kind}#{ports.order_key(document_id)}")
    return item


def size_of(value: dict[str, Any]) -> int:
    """DynamoDB's own count of an attribute: bytes of text and binaries, about half a byte a digit of a number."""
    ((kind, content),) = value.items()
    return {"N": 11, "BOOL": 1}.get(kind) or len(content if isinstance(content, bytes) else content.encode())


def test_a_night_is_gone_when_its_time_is_over(backend: Backend) -> None:
    """From reading, patterns and exports at once, from the store with the next purge; the day before, all is there."""
    clock = ManualClock()
    product = product_on(backend, clock)
    user = new_sleeper(backend, START)
    sessions, export = product.get(SleepSessions), product.get(Export)
    start = START - timedelta(hours=8)
    product.get(NewNights).put(user, session_id(), night_from(start))
    product.get(SleepRecorder).add(user, session_id(), noise())
    product.get(SleepFinisher).finish(user, session_id())

    def seen() -> list[int]:
        shown = sessions.page(user, from_at=None, to_at=None, after=None, limit=50).items
        files = export.of(user).documents
        in_exports = [len(sessions.export(user, after=None, limit=50).items), len(files.get(RECORDING, ()))]
        return [len(shown), *in_exports, len(files.get(SUMMARY, ())), len(sessions.nights(user, start))]

    def held() -> list[str]:
        changes = backend.store.changes(user, Cursor(), 100).items
        return sorted(document.kind for document in changes if document.kind.startswith("sleep"))

    clock.instant = START + DAYS - timedelta(seconds=1)
    backend.store.purge(now=clock.now(), limit=1000)
    assert (seen(), held()) == ([1] * 5, [SUMMARY, RECORDING])
    clock.instant = START + DAYS
    assert (seen(), held()) == ([0] * 5, [SUMMARY, RECORDING])
    with pytest.raises(NotFound):
        sessions.get(user, session_id(), with_signal=True)
    if backend.name == "dynamodb":  # which removes by this attribute by itself, in seconds since 1970
        names = [(RECORDING, session_id()), (SUMMARY, summary_id(session_id(), start))]
        expiries = [item_of(backend.store, user, *name)["ttl"]["N"] for name in names]
        assert expiries == [str(int(clock.instant.timestamp()))] * 2
    backend.store.purge(now=clock.now(), limit=1000)
    assert (seen(), held()) == ([0] * 5, [])


def test_erased_nights_leave_no_signal_behind(backend: Backend) -> None:
    """One, all, or the whole account: the feed has nothing but ids, and after a purge not those of summaries."""
    clock = ManualClock()
    product = product_on(backend, clock)
    user = new_sleeper(backend, START)
    eraser, store = product.get(SleepEraser), backend.store
    for number in range(1, 13):
        product.get(NewNights).put(user, session_id(number), night_from(START - timedelta(days=number)))
        product.get(SleepRecorder).add(user, session_id(number), noise(30))
        product.get(SleepFinisher).finish(user, session_id(number))
    eraser.delete(user, session_id(1), expected=None)
    eraser.delete_all(user)
    remains = [one for one in store.changes(user, Cursor(), 100).items if one.kind.startswith("sleep")]
    assert len(remains) == 24
    assert all(document.deleted and not document.fields for document in remains)
    store.purge(now=clock.now(), limit=1000)
    remains = [one for one in store.changes(user, Cursor(), 100).items if one.kind.startswith("sleep")]
    assert [document.kind for document in remains] == [RECORDING] * 12
    store.erase(user)
    assert store.changes(user, Cursor(), 100).items == ()
