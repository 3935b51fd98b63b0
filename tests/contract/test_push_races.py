"""Many pushes at once on every backend: none is lost, none is taken twice, and all ends as if they had come one by one."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

from smartalarm import ports, wiring
from smartalarm.adapters.clock import SystemClock
from smartalarm.errors import Unavailable
from smartalarm.injection import Injector
from smartalarm.ports import Commit, Key, Put
from smartalarm.settings import Settings
from smartalarm.sync.clock import Stamp, unix_ms
from smartalarm.sync.push import Push
from smartalarm.sync.push_body import PushAnswer, PushBody
from tests.contract.backends import Backend
from tests.fakes import ManualClock, QuickPasswords, RecordingQueue, RecordingTelemetry
from tests.functions.pushing import ALARM, written
from tests.stage import FakePush, FakeSockets

NOW = SystemClock().now().replace(microsecond=0)
USER = "0198c2f2-6f5a-7cc1-8f3e-0a1b2c3d4e99"
CLIENTS, EDITS = 4, 6


def product_on(backend: Backend) -> Injector:
    """The product on this backend, by the real clock: writers who meet wait for each other."""
    clock = ManualClock()
    fakes: dict[type, Any] = {
        ports.Store: lambda: backend.store,
        ports.Connections: lambda: backend.connections,
        ports.Clock: SystemClock,
        ports.Passwords: QuickPasswords,
        ports.PushService: lambda: FakePush(clock),
        ports.Sockets: lambda: FakeSockets(clock),
        ports.RingQueue: RecordingQueue,
        ports.Telemetry: RecordingTelemetry,
    }
    return wiring.memory_injector(Settings(), fakes)


def body_of(client: int) -> PushBody:
    """One client's edits: each time the one field that all write, and one that it alone writes."""
    mine = ["category", "instructions", "priority", "smart_wake_minutes"][client]
    values: list[Any] = [[f"c{n}", f"text {n}", "high", n][client] for n in range(EDITS)]
    mutations = [
        {
            "id": f"{client}-{n}",
            "kind": "alarm",
            "entity_id": ALARM,
            "fields": {"label": f"{client} {n}", mine: values[n]},
            "clock": str(Stamp(unix_ms(NOW) - 1000 + n, client, f"client{client}")),
        }
        for n in range(EDITS)
    ]
    return PushBody.model_validate({"client_id": f"client{client}", "mutations": mutations})


def push_until_answered(push: Push, body: PushBody) -> PushAnswer:
    """As a client does that is told to try again."""
    for _ in range(20):
        try:
            return push.push(USER, body)
        except Unavailable:
            continue
    raise AssertionError("it never got through")


def test_no_acknowledged_mutation_is_lost_however_many_push_at_once(backend: Backend) -> None:
    """Each client pushes everything twice at the same time, as one does that heard no answer."""
    product = product_on(backend)
    profile = Put("profile", "me", {"time_zone": "UTC"}, expected=0)
    backend.store.commit(Commit(USER, NOW, writes=(profile,), creates_user=True))
    start = {"start": (NOW + timedelta(days=1)).replace(tzinfo=None).isoformat()}
    first = {"id": "first", "kind": "alarm", "entity_id": ALARM, "clock": str(Stamp(unix_ms(NOW) - 9000, 0, "a"))}
    made = {**first, "fields": {"label": "Work", "schedule": start}}
    push = product.get(Push)
    push.push(USER, PushBody.model_validate({"client_id": "a", "mutations": [made]}))
    with ThreadPoolExecutor(2 * CLIENTS) as pool:
        answers = list(pool.map(lambda client: push_until_answered(push, body_of(client)), [*range(CLIENTS)] * 2))
    for one, other in zip(answers[:CLIENTS], answers[CLIENTS:], strict=True):
        assert one.outcomes == other.outcomes
    document = backend.store.read([key := Key(USER, "alarm", ALARM)])[key]
    entity = written(document)
    assert entity.fields["label"] == f"{CLIENTS - 1} {EDITS - 1}"
    assert [entity.fields[name] for name in ("category", "instructions", "smart_wake_minutes")] == ["c5", "text 5", 5]
    assert entity.clocks["priority"] == str(Stamp(unix_ms(NOW) - 1000 + EDITS - 1, 2, "client2"))
    timers = [timer for timer in backend.store.timers(USER) if timer.purpose == "ring"]
    assert [timer.due_at for timer in timers] == [NOW + timedelta(days=1)]
