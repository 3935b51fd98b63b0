"""Answers made offline: applied at their true meaning, in any order, and never twice."""

from collections.abc import Callable
from datetime import datetime, timedelta
from itertools import permutations
from typing import Any

import pytest

from smartalarm import ports
from smartalarm.adapters.memory import MemoryStore
from smartalarm.instants import instant_to_text
from smartalarm.ports import Commit, Committed
from tests.functions.pushing import ALARM, clock_at, mutation, push, told
from tests.stage import Stage


@pytest.fixture
def stage() -> Stage:
    """A stage with one signed-in user and a phone."""
    made = Stage()
    made.sign_up(time_zone="UTC")
    made.add_phone()
    return made


class MeetingStore(MemoryStore):
    """Somebody else writes right before a commit of ours."""

    before: Callable[[Commit], None] = staticmethod(lambda _: None)

    def commit(self, commit: Commit) -> Committed:
        """See `Store.commit`."""
        self.before(commit)
        return super().commit(commit)


def answer(stage: Stage, occurrence: str, kind: str, when: datetime | None = None, **fields: Any) -> dict[str, Any]:
    """An answer given now, or at that instant."""
    when = when or stage.clock.now()
    given = {"occurrence_id": occurrence, "event": kind, "ring": 1, "at": instant_to_text(when), "minutes": None, **fields}
    made = mutation("answer", "", clock_at(when), **given)
    return {**made, "entity_id": made["id"]}


def rung(stage: Stage, seconds: float = 10, **fields: Any) -> str:
    """The occurrence of an alarm that rings since a moment."""
    occurrence_id: str = stage.set_alarm(seconds, **fields)["next"]["id"]
    stage.pass_time(seconds + 5)
    assert stage.occurrence(occurrence_id)["state"] == "ringing"
    return occurrence_id


# ---- dismissals


def test_a_dismissal_by_push_stops_every_device(stage: Stage) -> None:
    """And the ledger says who."""
    occurrence_id = rung(stage)
    socket = stage.open_socket()
    assert told(push(stage, answer(stage, occurrence_id, "dismiss"))) == ["applied"]
    stage.pass_time(5)
    assert stage.push_kinds() == ["ring", "stop"]
    assert "stop" in [message["type"] for message in stage.heard(socket)]
    view = stage.occurrence(occurrence_id)
    assert (view["state"], view["answered_by"]) == ("dismissed", "phone")


@pytest.mark.parametrize(("seconds", "notes"), [(0, 0), (5, 0), (6, 1)])
def test_an_answer_is_noted_as_offline_when_it_arrives_late(stage: Stage, seconds: float, notes: int) -> None:
    """Then the ledger says when it was given; an answer given online comes by push as well and needs no such note."""
    occurrence_id = rung(stage)
    given = answer(stage, occurrence_id, "dismiss")
    stage.clock.advance(seconds)
    assert told(push(stage, given)) == ["applied"]
    details = [line["detail"] for line in stage.occurrence(occurrence_id)["ledger"]]
    assert details.count("Answered offline, by its own clock at 2026-12-01T06:00:15.000Z.") == notes


def test_a_late_dismissal_settles_a_missed_ring(stage: Stage) -> None:
    """The person was awake; the device was offline."""
    occurrence_id = rung(stage)
    given = answer(stage, occurrence_id, "dismiss")
    stage.pass_time(3600)
    assert stage.occurrence(occurrence_id)["state"] == "missed"
    assert told(push(stage, given)) == ["applied"]
    assert stage.occurrence(occurrence_id)["state"] == "dismissed"
    assert told(push(stage, answer(stage, occurrence_id, "dismiss"))) == ["superseded"]


def test_a_dismissal_of_what_the_server_never_had_creates_it(stage: Stage) -> None:
    """The alarm was made, rang and was dismissed on a device without a network."""
    start = {"start": (stage.clock.now() + timedelta(minutes=10)).replace(tzinfo=None).isoformat()}
    made = mutation("alarm", ALARM, clock_at(stage.clock.now()), label="Offline", schedule=start)
    stage.clock.advance(601)
    occurrence_id = f"{ALARM}:{stage.clock.now() - timedelta(seconds=1):%Y%m%dT%H%M%SZ}"
    given = answer(stage, occurrence_id, "dismiss")
    stage.clock.advance(7200)
    assert told(push(stage, made, given)) == ["applied", "applied"]
    assert stage.occurrence(occurrence_id)["state"] == "dismissed"
    stage.pass_time(60)
    assert stage.push_kinds() == []


def test_a_dismissal_a_little_early_takes_the_ring_that_is_to_come(stage: Stage) -> None:
    """A device whose clock runs ahead; the next one of the alarm rings."""
    alarm = stage.set_alarm(120)
    occurrence_id = alarm["next"]["id"]
    assert told(push(stage, answer(stage, occurrence_id, "dismiss"))) == ["applied"]
    stage.pass_time(130)
    assert (stage.push_kinds(), stage.occurrence(occurrence_id)["state"]) == ([], "dismissed")


def test_what_rings_much_later_cannot_be_dismissed_beforehand(stage: Stage) -> None:
    """Whatever the device's clock said: it rings."""
    alarm = stage.set_alarm(1200)
    ahead = stage.clock.now() + timedelta(seconds=1201)
    sent = answer(stage, alarm["next"]["id"], "dismiss", ahead)
    assert told(push(stage, sent)) == ["superseded"]
    stage.pass_time(1201)
    assert stage.push_kinds() == ["ring"]


# ---- snoozes


def test_a_snooze_by_push_rings_again_when_it_ends_by_the_time_it_was_made(stage: Stage) -> None:
    """Not nine minutes after the push."""
    occurrence_id = rung(stage)
    given = answer(stage, occurrence_id, "snooze", minutes=5)
    made_at = stage.clock.now()
    stage.pass_time(120)
    assert told(push(stage, given)) == ["applied"]
    view = stage.occurrence(occurrence_id)
    assert (view["state"], datetime.fromisoformat(view["snoozed_until"])) == ("snoozed", made_at + timedelta(minutes=5))
    stage.pass_time(200)
    assert (stage.occurrence(occurrence_id)["state"], stage.occurrence(occurrence_id)["ring_count"]) == ("ringing", 2)


def test_a_snooze_without_minutes_takes_the_alarms_own(stage: Stage) -> None:
    """As by REST."""
    occurrence_id = rung(stage, snooze={"minutes": 3, "limit": 2})
    made_at = stage.clock.now()
    assert told(push(stage, answer(stage, occurrence_id, "snooze"))) == ["applied"]
    assert datetime.fromisoformat(stage.occurrence(occurrence_id)["snoozed_until"]) == made_at + timedelta(minutes=3)


def test_a_snooze_that_is_over_already_rings_now(stage: Stage) -> None:
    """Late is better than never, within the grace; beyond it is missed."""
    occurrence_id = rung(stage, ring={"timeout_minutes": 60})
    given = answer(stage, occurrence_id, "snooze", minutes=1)
    stage.pass_time(300)
    before = len(stage.push_kinds())
    assert told(push(stage, given)) == ["applied"]
    stage.pass_time(3)
    assert (stage.occurrence(occurrence_id)["state"], stage.occurrence(occurrence_id)["ring_count"]) == ("ringing", 2)
    assert stage.push_kinds()[before:].count("ring") == 1


def test_a_late_snooze_never_revives_what_is_over(stage: Stage) -> None:
    """Dismissed elsewhere, or missed."""
    occurrence_id = rung(stage)
    given = answer(stage, occurrence_id, "snooze", minutes=30)
    stage.call("POST", f"/occurrences/{occurrence_id}/dismiss")
    assert told(push(stage, given)) == ["superseded"]
    other = rung(stage)
    late = answer(stage, other, "snooze", minutes=30)
    stage.pass_time(3600)
    assert told(push(stage, late)) == ["superseded"]
    assert stage.occurrence(other)["state"] == "missed"


def test_of_two_snoozes_of_one_ring_the_earlier_end_wins(stage: Stage) -> None:
    """In any order."""
    for order in ((9, 5), (5, 9)):
        occurrence_id = rung(stage, ring={"timeout_minutes": 60})
        made_at = stage.clock.now()
        outcomes = push(stage, *(answer(stage, occurrence_id, "snooze", minutes=minutes) for minutes in order))
        assert told(outcomes) == (["applied", "applied"] if order == (9, 5) else ["applied", "superseded"])
        ends_at = datetime.fromisoformat(stage.occurrence(occurrence_id)["snoozed_until"])
        assert ends_at == made_at + timedelta(minutes=5)


def test_a_snooze_of_an_earlier_ring_changes_nothing(stage: Stage) -> None:
    """The second ring rings on."""
    occurrence_id = rung(stage)
    late = answer(stage, occurrence_id, "snooze", minutes=30)
    stage.call("POST", f"/occurrences/{occurrence_id}/snooze", {"minutes": 1})
    stage.pass_time(65)
    assert told(push(stage, late)) == ["superseded"]
    assert stage.occurrence(occurrence_id)["state"] == "ringing"


def test_past_the_limit_a_snooze_changes_nothing(stage: Stage) -> None:
    """Only a dismissal is left."""
    occurrence_id = rung(stage, snooze={"minutes": 5, "limit": 0})
    assert told(push(stage, answer(stage, occurrence_id, "snooze"), answer(stage, occurrence_id, "snooze", ring=7))) == [
        "superseded",
        "superseded",
    ]
    assert stage.occurrence(occurrence_id)["state"] == "ringing"


def test_a_snooze_of_what_the_server_never_had_creates_it(stage: Stage) -> None:
    """And it rings when the snooze ends."""
    start = {"start": (stage.clock.now() + timedelta(minutes=10)).replace(tzinfo=None).isoformat()}
    made = mutation("alarm", ALARM, clock_at(stage.clock.now()), label="Offline", schedule=start)
    stage.clock.advance(601)
    occurrence_id = f"{ALARM}:{stage.clock.now() - timedelta(seconds=1):%Y%m%dT%H%M%SZ}"
    given = answer(stage, occurrence_id, "snooze", minutes=9)
    stage.clock.advance(60)
    assert told(push(stage, made, given)) == ["applied", "applied"]
    stage.pass_time(490)
    assert (stage.push_kinds(), stage.occurrence(occurrence_id)["ring_count"]) == (["ring"], 2)


def test_answers_of_one_morning_end_the_same_in_any_order(stage: Stage) -> None:
    """Two snoozes and a dismissal of the third ring; and nothing rings in between."""
    states = set()
    for order in permutations(range(3)):
        occurrence_id = rung(stage, ring={"timeout_minutes": 60})
        begun_at = stage.clock.now()
        events = [("snooze", 1), ("snooze", 2), ("dismiss", 3)]
        given = [
            answer(stage, occurrence_id, event, begun_at + timedelta(minutes=2 * number), ring=number, minutes=1)
            for event, number in events
        ]
        stage.clock.advance(600)
        before = len(stage.push_kinds())
        push(stage, *(given[i] for i in order))
        stage.pass_time(60)
        states.add(stage.occurrence(occurrence_id)["state"])
        assert "ring" not in stage.push_kinds()[before:]
    assert states == {"dismissed"}


def test_two_snoozes_end_the_same_in_either_order(stage: Stage) -> None:
    """The second ring's stands."""
    ends = set()
    for order in ((0, 1), (1, 0)):
        occurrence_id = rung(stage, ring={"timeout_minutes": 60})
        begun_at = stage.clock.now()
        given = [
            answer(stage, occurrence_id, "snooze", begun_at, minutes=1),
            answer(stage, occurrence_id, "snooze", begun_at + timedelta(minutes=2), ring=2, minutes=30),
        ]
        stage.clock.advance(600)
        push(stage, *(given[i] for i in order))
        view = stage.occurrence(occurrence_id)
        ends.add((view["state"], view["ring_count"], datetime.fromisoformat(view["snoozed_until"]) - begun_at))
    assert ends == {("snoozed", 2, timedelta(minutes=32))}


# ---- reports


def test_reports_of_a_device_are_noted_once(stage: Stage) -> None:
    """Shown and heard, with that device's own clock."""
    occurrence_id = rung(stage)
    assert told(push(stage, *(answer(stage, occurrence_id, event) for event in ("shown", "heard", "shown")))) == [
        "applied",
        "applied",
        "superseded",
    ]
    assert stage.events(occurrence_id).count("shown") == 1


def test_a_late_report_of_an_earlier_ring_says_nothing_about_the_one_that_rings_now(stage: Stage) -> None:
    """It is noted, once, and a report of the ring that rings now is noted as well."""
    occurrence_id = rung(stage, ring={"timeout_minutes": 60})
    given = answer(stage, occurrence_id, "shown")
    again = answer(stage, occurrence_id, "shown")
    snoozed = answer(stage, occurrence_id, "snooze", minutes=1)
    stage.pass_time(1)
    push(stage, snoozed)
    stage.pass_time(65)
    assert stage.occurrence(occurrence_id)["ring_count"] == 2
    assert told(push(stage, given, again, answer(stage, occurrence_id, "shown", ring=2))) == [
        "applied",
        "superseded",
        "applied",
    ]
    assert stage.events(occurrence_id).count("shown") == 1
    details = [line["detail"] for line in stage.occurrence(occurrence_id)["ledger"]]
    assert details.count("Ring 1 was shown there, by its own clock at 2026-12-01T06:00:15.000Z.") == 1


def test_a_report_settles_a_test_push(stage: Stage) -> None:
    """As by REST: it was seen, so it is over."""
    device_id = stage.add_phone("tablet")
    test_id = stage.call("POST", f"/devices/{device_id}/test", status=202)["test_id"]
    stage.pass_time(2)
    assert told(push(stage, answer(stage, test_id, "shown"))) == ["applied"]
    assert stage.occurrence(test_id)["state"] == "dismissed"


# ---- what never fails


def test_an_answer_never_fails_because_there_is_nothing_left_to_answer(stage: Stage) -> None:
    """The alarm is gone, never was, names no such instant, or it was long ago."""
    occurrence_id = rung(stage)
    alarm_id = occurrence_id.partition(":")[0]
    daily = stage.call(
        "POST", "/alarms", {"label": "Old", "schedule": {"start": "2020-01-01T05:00:00", "rrule": "FREQ=DAILY"}}, status=201
    )
    stage.call("DELETE", f"/alarms/{alarm_id}", status=204)
    now = stage.clock.now()
    sent = [
        answer(stage, occurrence_id, "snooze", minutes=5),
        answer(stage, occurrence_id, "dismiss"),
        answer(stage, f"{alarm_id}:20261201T030000Z", "dismiss"),
        answer(stage, f"{ALARM}:20261201T030000Z", "snooze", minutes=5),
        answer(stage, f"{daily['id']}:20261201T033000Z", "dismiss"),
        answer(stage, f"{daily['id']}:20261116T050000Z", "dismiss", now - timedelta(days=15)),
        answer(stage, f"{daily['id']}:20261201T050000Z", "shown"),
    ]
    assert told(push(stage, *sent)) == ["superseded"] * 7
    assert [item["id"] for item in stage.call("GET", "/occurrences")["items"]] == [occurrence_id]


def test_an_answer_sent_again_is_answered_as_before(stage: Stage) -> None:
    """And changes nothing, although a second one of its kind would."""
    occurrence_id = rung(stage, ring={"timeout_minutes": 60})
    given = answer(stage, occurrence_id, "snooze", minutes=2)
    first = push(stage, given)
    stage.pass_time(130)
    assert stage.occurrence(occurrence_id)["state"] == "ringing"
    assert push(stage, {**given, "fields": {**given["fields"], "ring": 2}}) == first
    assert stage.occurrence(occurrence_id)["state"] == "ringing"


def test_an_answer_that_meets_another_is_told_as_it_is_recorded() -> None:
    """Dismissed elsewhere between our look and our commit: superseded, now and when it is asked again."""
    store = MeetingStore()
    stage = Stage({ports.Store: lambda: store})
    stage.sign_up(time_zone="UTC")
    stage.add_phone()
    occurrence_id = rung(stage)
    meets = [0]

    def meet(commit: Commit) -> None:
        if commit.claims and not meets[0]:
            meets[0] = 1
            stage.call("POST", f"/occurrences/{occurrence_id}/dismiss", {})

    store.before = meet
    given = answer(stage, occurrence_id, "dismiss")
    assert told(push(stage, given)) == told(push(stage, given)) == ["superseded"]
    assert meets == [1]


@pytest.mark.parametrize(
    ("fields", "pointer"),
    [
        ({"event": "sleep"}, "/fields/event"),
        ({"ring": 0}, "/fields/ring"),
        ({"minutes": 0}, "/fields/minutes"),
        ({"minutes": 121}, "/fields/minutes"),
        ({"at": "yesterday"}, "/fields/at"),
        ({"at": None}, "/fields/at"),
        ({"occurrence_id": ALARM}, "/fields/occurrence_id"),
    ],
)
def test_an_answer_that_is_none_is_refused(stage: Stage, fields: dict[str, Any], pointer: str) -> None:
    """At its field."""
    sent = answer(stage, f"{ALARM}:20261201T060000Z", "dismiss", **fields)
    assert told(push(stage, sent)) == [f"invalid_value {pointer}"]
