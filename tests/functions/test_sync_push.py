"""POST /sync/push: the envelope, what is refused, what is answered twice, and that a batch is no transaction."""

import json
from collections.abc import Callable
from datetime import timedelta
from time import perf_counter
from typing import Any

import pytest

from smartalarm.adapters.memory import MemoryStore
from smartalarm.errors import Conflict, Unavailable
from smartalarm.ports import Commit, Committed, Store
from smartalarm.sync.clock import Stamp, tick
from tests.functions.pushing import ALARM, DEVICE, clock_at, mutation, push, push_raw, stored, told
from tests.stage import Stage

SCHEDULE: dict[str, Any] = {"start": "2026-12-05T07:00:00", "rrule": None, "exdates": [], "rdates": []}
OCCURRENCE = f"{ALARM}:20261202T060000Z"


class FragileStore(MemoryStore):
    """The database goes away at, or right after, a commit of ours."""

    fails_before: Callable[[Commit], bool] | None = None
    fails_after: Callable[[Commit], bool] | None = None

    def commit(self, commit: Commit) -> Committed:
        """See `Store.commit`."""
        if self.fails_before is not None and self.fails_before(commit):
            raise Unavailable
        committed = super().commit(commit)
        if self.fails_after is not None and self.fails_after(commit):
            raise Unavailable
        return committed


@pytest.fixture
def store() -> FragileStore:
    """A store that holds, until it is told otherwise."""
    return FragileStore()


@pytest.fixture
def stage(store: FragileStore) -> Stage:
    """A stage on it, with one signed-in user."""
    made = Stage({Store: lambda: store})
    made.sign_up()
    return made


@pytest.fixture
def user(stage: Stage) -> str:
    """Their id."""
    user_id: str = stage.call("GET", "/me")["id"]
    return user_id


# ---- the envelope


@pytest.mark.parametrize(
    ("body", "pointer"),
    [
        ([], "/"),
        ({}, "/client_id"),
        ({"client_id": "a b", "mutations": []}, "/client_id"),
        ({"client_id": "", "mutations": []}, "/client_id"),
        ({"client_id": "a" * 65, "mutations": []}, "/client_id"),
        ({"client_id": "a\n", "mutations": []}, "/client_id"),
        ({"client_id": 1, "mutations": []}, "/client_id"),
        ({"client_id": "a"}, "/mutations"),
        ({"client_id": "a", "mutations": {}}, "/mutations"),
        ({"client_id": "a", "mutations": None}, "/mutations"),
        ({"client_id": "a", "mutations": [], "more": 1}, "/more"),
        ({"client_id": "a", "mutations": [1]}, "/mutations/0"),
        ({"client_id": "a", "mutations": [{}]}, "/mutations/0/id"),
    ],
)
def test_a_broken_envelope_is_refused_as_a_whole(stage: Stage, body: Any, pointer: str) -> None:
    """And says where."""
    problem = stage.call("POST", "/sync/push", body, status=422)
    assert pointer.rstrip("/") in [error["pointer"] for error in problem["errors"]]


@pytest.mark.parametrize(
    ("change", "pointer"),
    [
        ({"id": ""}, "/id"),
        ({"id": "a" * 101}, "/id"),
        ({"id": "a b"}, "/id"),
        ({"id": 7}, "/id"),
        ({"kind": None}, "/kind"),
        ({"entity_id": 7}, "/entity_id"),
        ({"clock": 7}, "/clock"),
        ({"fields": []}, "/fields"),
        ({"fields": "x"}, "/fields"),
        ({"version": 3}, "/version"),
    ],
)
def test_a_mutation_has_exactly_its_five_members(stage: Stage, change: dict[str, Any], pointer: str) -> None:
    """One that has others breaks the envelope; nothing of the push is taken."""
    good = mutation("settings", "me", clock_at(stage.clock.now()), theme="dark")
    body = {"client_id": "phone", "mutations": [good, {**good, "id": "other", **change}]}
    problem = stage.call("POST", "/sync/push", body, status=422)
    assert [error["pointer"] for error in problem["errors"]] == [f"/mutations/1{pointer}"]
    assert stage.call("GET", "/me")["settings"]["theme"] == "system"


@pytest.mark.parametrize("left_out", ["id", "kind", "entity_id", "fields", "clock"])
def test_a_member_that_is_missing_breaks_the_envelope(stage: Stage, left_out: str) -> None:
    """Whichever."""
    whole = mutation("settings", "me", clock_at(stage.clock.now()), theme="dark")
    body = {"client_id": "phone", "mutations": [{name: value for name, value in whole.items() if name != left_out}]}
    problem = stage.call("POST", "/sync/push", body, status=422)
    assert [error["pointer"] for error in problem["errors"]] == [f"/mutations/0/{left_out}"]


def test_a_push_has_at_most_a_hundred_mutations(stage: Stage) -> None:
    """A hundred and one are refused, a hundred are answered in order, none is fine."""
    now = stage.clock.now()
    hundred = [mutation("settings", "me", clock_at(now, counter=i), theme="dark") for i in range(100)]
    too_many = {"client_id": "phone", "mutations": [*hundred, {**hundred[0], "id": "one-more"}]}
    assert stage.call("POST", "/sync/push", too_many, status=422)["errors"][0]["pointer"] == "/mutations"
    outcomes = push(stage, *hundred)
    assert [outcome["id"] for outcome in outcomes] == [sent["id"] for sent in hundred]
    assert told(outcomes) == ["applied"] * 100
    assert push(stage) == []


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"{",
        b"nonsense",
        b'{"client_id": "a", "mutations": [NaN]}',
        b'{"client_id": "\xff", "mutations": []}',
        b"\xef\xbb\xbf{}",
    ],
)
def test_what_is_no_json_in_utf8_is_malformed(stage: Stage, raw: bytes) -> None:
    """As everywhere."""
    assert stage.send("POST", "/sync/push", raw=raw).status == 400


def test_a_push_needs_somebody_signed_in_and_json(stage: Stage) -> None:
    """As everywhere."""
    stage.use_token(None)
    assert stage.send("POST", "/sync/push", {"client_id": "a", "mutations": []}).status == 401
    stage.sign_in("ann@example.org")
    assert stage.send("POST", "/sync/push", raw=b"{}", content_type="text/plain").status == 415


def test_an_erased_account_cannot_push(stage: Stage) -> None:
    """Not even nothing."""
    stage.call("DELETE", "/me", status=204)
    assert stage.send("POST", "/sync/push", {"client_id": "a", "mutations": []}).status == 401


# ---- what is refused


@pytest.mark.parametrize(
    ("sent", "refusal"),
    [
        (("alien", "me", {"a": 1}), "unknown_kind /kind"),
        (("session", "me", {"a": 1}), "unknown_kind /kind"),
        (("occurrence", OCCURRENCE, {"state": "dismissed"}), "read_only_kind /kind"),
        (("alarm", ALARM, {}), "no_fields /fields"),
        (("alarm", ALARM, {"label": "a", "next": None}), "unknown_field /fields/next"),
        (("alarm", ALARM.upper(), {"label": "a"}), "invalid_value /entity_id"),
        (("alarm", "one", {"label": "a"}), "invalid_value /entity_id"),
        (("device", OCCURRENCE, {"name": "a"}), "invalid_value /entity_id"),
        (("skip", ALARM, {"skipped": True}), "invalid_value /entity_id"),
        (("skip", f"{ALARM}:20260230T060000Z", {"skipped": True}), "invalid_value /entity_id"),
        (("settings", ALARM, {"theme": "dark"}), "invalid_value /entity_id"),
        (("profile", "you", {"name": "A"}), "invalid_value /entity_id"),
        (("answer", "a b", {"occurrence_id": OCCURRENCE}), "invalid_value /entity_id"),
        (("alarm", ALARM, {"label": ""}), "invalid_value /fields/label"),
        (("alarm", ALARM, {"label": "a\0"}), "invalid_value /fields/label"),
        (("alarm", ALARM, {"label": None}), "invalid_value /fields/label"),
        (("alarm", ALARM, {"enabled": "yes"}), "invalid_value /fields/enabled"),
        (("alarm", ALARM, {"deleted": 1}), "invalid_value /fields/deleted"),
        (("alarm", ALARM, {"schedule": {"start": "7:00"}}), "invalid_value /fields/schedule/start"),
        (("alarm", ALARM, {"schedule": {**SCHEDULE, "rrule": "FREQ=HOURLY"}}), "invalid_value /fields/schedule/rrule"),
        (("alarm", ALARM, {"snooze": {"minutes": 9, "limit": 3, "x": 1}}), "invalid_value /fields/snooze/x"),
        (("alarm", ALARM, {"tags": ["a", 3]}), "invalid_value /fields/tags/1"),
        (("alarm", ALARM, {"time_zone": "Mars/Olympus"}), "invalid_value /fields/time_zone"),
        (("alarm", ALARM, {"time_zone": "Nowhere", "label": ""}), "invalid_value /fields/label"),
        (("skip", OCCURRENCE, {"skipped": None}), "invalid_value /fields/skipped"),
        (("settings", "me", {"theme": "pink"}), "invalid_value /fields/theme"),
        (("settings", "me", {"sleep_goal_minutes": 1.5}), "invalid_value /fields/sleep_goal_minutes"),
        (("profile", "me", {"time_zone": None}), "invalid_value /fields/time_zone"),
        (("profile", "me", {"email": "a@example.org"}), "unknown_field /fields/email"),
        (("device", DEVICE, {"name": "A", "ring": "loudly"}), "invalid_value /fields/ring"),
        (("device", DEVICE, {"push_subscription": {}}), "invalid_value /fields/push_subscription/endpoint"),
        (("answer", "a", {"event": "dismiss"}), "invalid_value /fields/at"),
        (
            ("answer", "a", {"occurrence_id": "x", "event": "dismiss", "at": "2026-12-01T06:00:00.000Z"}),
            "invalid_value /fields/occurrence_id",
        ),
    ],
)
def test_a_refusal_names_the_first_reason_and_changes_nothing(
    stage: Stage, user: str, sent: tuple[str, str, dict[str, Any]], refusal: str
) -> None:
    """What REST refuses sync refuses, at the same place; the others of the batch are taken."""
    kind, entity_id, fields = sent
    clock = clock_at(stage.clock.now())
    good = mutation("settings", "me", clock, theme="dark")
    assert told(push(stage, mutation(kind, entity_id, clock, **fields), good)) == [refusal, "applied"]
    assert stored(stage, user, "alarm", ALARM) is None
    assert stored(stage, user, "device", DEVICE) is None
    assert stage.call("GET", "/me")["settings"]["theme"] == "dark"


@pytest.mark.parametrize(
    "value",
    [
        '"\\ud83d"',
        "1e400",
        "-1e400",
        "1" * 5000,
        "[" * 40 + "]" * 40,
        "[" * 500 + "]" * 500,
        "[" * 60_000 + "]" * 60_000,
        '{"a":' * 30_000 + "1" + "}" * 30_000,
        '["' + "[" * 100 + '", "\\"]"]',
        '{"\\udfff": 1}',
    ],
    ids=["half", "infinite", "minus", "digits", "40", "500", "60000", "objects", "brackets", "name"],
)
def test_a_poisoned_value_refuses_its_own_mutation_alone(stage: Stage, value: str) -> None:
    """However it would break a parser: beside it everything is taken."""
    clock = clock_at(stage.clock.now())
    poisoned = f'{{"id": "p", "kind": "alarm", "entity_id": "{ALARM}", "fields": {{"tags": {value}}}, "clock": "{clock}"}}'
    good = json.dumps(mutation("settings", "me", clock, theme="dark"))
    outcomes = push_raw(stage, poisoned, good)
    assert [outcome.get("code") for outcome in outcomes] == ["invalid_value", None]
    assert outcomes[0]["pointer"].startswith("/fields/tags")
    assert told(push_raw(stage, poisoned, good)) == told(outcomes)


@pytest.mark.parametrize(
    "value",
    [
        "[" * 100_000 + '"' + '\\"' * 50_000,
        "[" * 100_000 + "]" * 100_001,
        "[" * 3000,
        "[" * 3000 + "}" * 3000,
        "]" * 100_000,
    ],
    ids=["endless text", "one too many", "open", "crossed", "closed"],
)
def test_what_is_deep_and_no_json_is_malformed_at_once(stage: Stage, value: str) -> None:
    """However long it is: it is read once."""
    begun_at = perf_counter()
    body = f'{{"client_id": "a", "mutations": [{value}]}}'.encode()
    assert stage.send("POST", "/sync/push", raw=body).status in {400, 422}
    assert perf_counter() - begun_at < 2


def test_poison_outside_the_fields_refuses_its_own_mutation_too(stage: Stage) -> None:
    """A kind, id or clock of half characters is just none; what is told back is whole again, and short."""
    clock = clock_at(stage.clock.now())
    sent = [
        f'{{"id": "1", "kind": "\\ud800", "entity_id": "me", "fields": {{"theme": "dark"}}, "clock": "{clock}"}}',
        f'{{"id": "2", "kind": "settings", "entity_id": "\\ud800", "fields": {{"theme": "dark"}}, "clock": "{clock}"}}',
        '{"id": "3", "kind": "settings", "entity_id": "me", "fields": {"theme": "dark"}, "clock": "\\ud800"}',
        f'{{"id": "4", "kind": "settings", "entity_id": "me", "fields": {{"\\ud800{"x" * 9000}": 1}}, "clock": "{clock}"}}',
    ]
    outcomes = push_raw(stage, *sent)
    assert [outcome["code"] for outcome in outcomes] == ["unknown_kind", "invalid_value", "invalid_clock", "unknown_field"]
    assert outcomes[2]["clock"] == "\ufffd"
    assert max(len(outcome["pointer"]) for outcome in outcomes) <= 200


def test_a_clock_of_more_than_ninety_days_is_expired(stage: Stage) -> None:
    """To the millisecond."""
    limit = stage.clock.now() - timedelta(days=90)
    just, expired = clock_at(limit), clock_at(limit - timedelta(milliseconds=1))
    sent = [mutation("settings", "me", clock, theme="dark") for clock in (just, expired)]
    assert told(push(stage, *sent)) == ["applied", "expired /clock"]


# ---- clocks from the future


def test_a_clock_too_far_ahead_is_clamped_recorded_and_never_redone(stage: Stage) -> None:
    """So nobody can write what others cannot overwrite for years."""
    now = stage.clock.now()
    far = mutation("settings", "me", clock_at(now + timedelta(days=400)), theme="dark")
    first = push(stage, far)
    assert first[0]["clock"] == clock_at(now, "phone")
    stage.clock.advance(60)
    assert push(stage, far) == first
    assert told(push(stage, mutation("settings", "me", clock_at(stage.clock.now()), theme="light"))) == ["applied"]


def test_clamped_clocks_keep_the_order_in_which_their_client_wrote(stage: Stage) -> None:
    """However the push is arranged."""
    future = stage.clock.now() + timedelta(days=1)
    writes = [
        mutation("settings", "me", clock_at(future, counter=i), theme=theme) for i, theme in enumerate(["light", "dark"])
    ]
    assert told(push(stage, *reversed(writes))) == ["applied", "superseded"]
    assert stage.call("GET", "/me")["settings"]["theme"] == "dark"


def test_a_clock_within_five_minutes_ahead_stands_and_rest_still_wins(stage: Stage) -> None:
    """A REST write ticks past all that its document holds."""
    ahead = clock_at(stage.clock.now() + timedelta(minutes=5))
    alarm = stage.set_alarm(3600)
    assert push(stage, mutation("alarm", alarm["id"], ahead, label="Ahead"))[0]["clock"] == ahead
    assert stage.call("PATCH", f"/alarms/{alarm['id']}", {"label": "Rest"})["label"] == "Rest"
    assert stage.call("GET", f"/alarms/{alarm['id']}")["label"] == "Rest"
    again = mutation("alarm", alarm["id"], ahead, label="Ahead again")
    assert told(push(stage, again)) == ["superseded"]
    later = mutation(
        "alarm", alarm["id"], tick("phone", now=stage.clock.now(), seen=tick("z", now=stage.clock.now(), seen=ahead))
    )
    assert told(push(stage, {**later, "fields": {"label": "Later"}})) == ["applied"]


# ---- answered twice


def test_a_doubled_id_is_answered_as_before_whatever_it_holds(stage: Stage) -> None:
    """Within a push, later, overtaken meanwhile, refused, and with other contents."""
    now = stage.clock.now()
    write = mutation("settings", "me", clock_at(now), "w", theme="dark")
    refused = mutation("settings", "me", clock_at(now), "r", theme="pink")
    first = push(stage, write, refused, {**write, "fields": {"theme": "light"}})
    assert told(first) == ["applied", "invalid_value /fields/theme", "applied"]
    push(stage, mutation("settings", "me", clock_at(now, counter=1), theme="light"))
    better = [
        {**write, "fields": {"theme": "nonsense"}},
        {**refused, "fields": {"theme": "system"}, "clock": clock_at(now, counter=2)},
    ]
    assert push(stage, *better) == first[:2]
    assert stage.call("GET", "/me")["settings"]["theme"] == "light"


def test_what_was_superseded_stays_so(stage: Stage) -> None:
    """And raises neither version nor seq."""
    now = stage.clock.now()
    push(stage, mutation("settings", "me", clock_at(now, counter=1), theme="dark"))
    before = stage.injector.get(Store).seq(stage.call("GET", "/me")["id"])
    late = mutation("settings", "me", clock_at(now), theme="light")
    assert told(push(stage, late)) == told(push(stage, late)) == ["superseded"]
    assert before == stage.injector.get(Store).seq(stage.call("GET", "/me")["id"])


def test_a_doubled_id_outlives_its_own_clock(stage: Stage) -> None:
    """Kept for ninety days from the answer, not from the clock; expired ones are remembered as well."""
    old = mutation("settings", "me", clock_at(stage.clock.now() - timedelta(days=89)), theme="dark")
    first = push(stage, old)
    assert told(first) == ["applied"]
    stage.clock.advance(timedelta(days=80).total_seconds())
    assert push(stage, old) == first
    stage.clock.advance(timedelta(days=11).total_seconds())
    assert told(push(stage, old)) == ["expired /clock"]


def test_ids_are_a_users_own(stage: Stage) -> None:
    """Another user's are unknown."""
    write = mutation("settings", "me", clock_at(stage.clock.now()), "same", theme="dark")
    push(stage, write)
    stage.sign_up("bob@example.org")
    assert told(push(stage, {**write, "fields": {"theme": "pink"}})) == ["invalid_value /fields/theme"]


# ---- no transaction, but each mutation whole


def test_what_was_committed_before_a_crash_is_answered_as_it_was(stage: Stage, store: FragileStore) -> None:
    """The outcome is in the commit; the rest of the batch goes through when the client tries again."""
    now = stage.clock.now()
    sent = [
        mutation("alarm", ALARM, clock_at(now), label="Work", schedule=SCHEDULE),
        mutation("settings", "me", clock_at(now), theme="dark"),
        mutation("profile", "me", clock_at(now), name="Anna"),
    ]
    store.fails_after = lambda commit: any(put.kind == "settings" for put in commit.writes)
    assert stage.send("POST", "/sync/push", {"client_id": "phone", "mutations": sent}).status == 503
    store.fails_after = None
    versions = {item["id"]: item["version"] for item in stage.call("GET", "/alarms")["items"]}
    assert stage.call("GET", "/me")["name"] == "Ann"
    assert told(push(stage, *sent)) == ["applied"] * 3
    assert versions == {item["id"]: item["version"] for item in stage.call("GET", "/alarms")["items"]} == {ALARM: 1}
    assert stage.call("GET", "/me")["name"] == "Anna"


def test_nothing_of_a_mutation_stands_without_its_outcome(stage: Stage, store: FragileStore, user: str) -> None:
    """Documents, timers and the record are one commit, for every kind."""
    now = stage.clock.now()
    store.fails_before = lambda commit: any(claim.key.startswith("mutation:") for claim in commit.claims)
    for sent in (
        mutation("alarm", ALARM, clock_at(now), label="Work", schedule=SCHEDULE),
        mutation("skip", OCCURRENCE, clock_at(now), skipped=True),
        mutation("settings", "me", clock_at(now), theme="dark"),
        mutation("profile", "me", clock_at(now), name="Anna"),
        mutation("device", DEVICE, clock_at(now), name="Phone"),
        mutation("answer", "a", clock_at(now), occurrence_id=OCCURRENCE, event="dismiss", at="2026-12-01T06:00:00.000Z"),
    ):
        seq = store.seq(user)
        assert stage.send("POST", "/sync/push", {"client_id": "phone", "mutations": [sent]}).status == 503
        assert (seq, []) == (store.seq(user), store.timers(user))


def test_a_push_meets_other_writers_and_merges_again(stage: Stage, store: FragileStore) -> None:
    """Another device's commit comes in between: both writes stand."""
    alarm = stage.set_alarm(3600)
    meets = [0]

    def meet(commit: Commit) -> bool:
        if any(put.kind == "alarm" for put in commit.writes) and not meets[0]:
            meets[0] = 1
            stage.call("PATCH", f"/alarms/{alarm['id']}", {"category": "work"})
        return False

    store.fails_before = meet
    stage.clock.advance(1)
    assert told(push(stage, mutation("alarm", alarm["id"], clock_at(stage.clock.now()), label="Mine"))) == ["applied"]
    after = stage.call("GET", f"/alarms/{alarm['id']}")
    assert (after["label"], after["category"], after["version"]) == ("Mine", "work", 3)


def test_a_push_that_never_gets_its_turn_may_be_sent_again(stage: Stage, store: FragileStore) -> None:
    """503 with Retry-After: nothing was wrong with it."""
    write = mutation("settings", "me", clock_at(stage.clock.now()), theme="dark")

    def is_crowded(_: Commit) -> bool:
        raise Conflict(code="stale_version")

    store.fails_before = is_crowded
    answer = stage.send("POST", "/sync/push", {"client_id": "phone", "mutations": [write]})
    assert (answer.status, answer.headers["retry-after"]) == (503, "2")
    store.fails_before = None
    assert told(push(stage, write)) == ["applied"]


def test_the_cursor_says_where_the_server_stands(stage: Stage) -> None:
    """It is one that a pull takes, too; from there on comes nothing older than the last commit."""
    write = mutation("settings", "me", clock_at(stage.clock.now()), theme="dark")
    cursor = stage.call("POST", "/sync/push", {"client_id": "phone", "mutations": [write]})["cursor"]
    changes = stage.call("GET", f"/sync/pull?cursor={cursor}")["changes"]
    assert [change["kind"] for change in changes] == ["settings"]


def test_clocks_may_carry_other_clients_and_need_not_rise(stage: Stage) -> None:
    """A worker of the same device has a name of its own."""
    now = stage.clock.now()
    sent = [
        mutation("settings", "me", clock_at(now, "worker"), theme="dark"),
        mutation("settings", "me", clock_at(now - timedelta(hours=1), "page"), larger_text=True),
    ]
    assert told(push(stage, *sent)) == ["applied", "applied"]
    assert Stamp.parse(push(stage, sent[0])[0]["clock"]).client_id == "worker"
