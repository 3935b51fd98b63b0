"""Alarms by push: merged field by field, and with all that follows when REST writes them."""

from datetime import timedelta
from typing import Any

import pytest

from smartalarm import ports
from smartalarm.alarms.alarms import MAX_ALARMS
from smartalarm.ports import Commit, Key, Put
from smartalarm.sync.stored import entity_of, is_incomplete
from tests.functions.pushing import ALARM, clock_at, mutation, push, stored, told
from tests.stage import Stage


@pytest.fixture
def stage() -> Stage:
    """A stage with one signed-in user and a phone."""
    made = Stage()
    made.sign_up(time_zone="UTC")
    made.add_phone()
    return made


@pytest.fixture
def user(stage: Stage) -> str:
    """Their id."""
    user_id: str = stage.call("GET", "/me")["id"]
    return user_id


def in_seconds(stage: Stage, seconds: float) -> dict[str, Any]:
    """A schedule that is due once, so many seconds from now, in UTC."""
    start = (stage.clock.now() + timedelta(seconds=seconds)).replace(tzinfo=None, microsecond=0)
    return {"start": start.isoformat(), "rrule": None, "exdates": [], "rdates": []}


def write(stage: Stage, alarm_id: str = ALARM, client: str = "phone", counter: int = 0, **fields: Any) -> dict[str, Any]:
    """A mutation of an alarm, made now."""
    return mutation("alarm", alarm_id, clock_at(stage.clock.now(), client, counter), **fields)


def create(stage: Stage, seconds: float = 60, **fields: Any) -> str:
    """An alarm made by push; its id."""
    assert told(push(stage, write(stage, label="Work", schedule=in_seconds(stage, seconds), **fields))) == ["applied"]
    return ALARM


def rings(stage: Stage, user: str) -> list[ports.Timer]:
    """The timers of coming rings."""
    return [timer for timer in stage.injector.get(ports.Store).timers(user) if timer.purpose == "ring"]


# ---- becoming one


def test_a_pushed_alarm_rings_as_one_that_was_posted(stage: Stage) -> None:
    """To the instant, by the direct path."""
    create(stage, 10)
    assert stage.call("GET", f"/alarms/{ALARM}")["next"]["status"] == "will_ring"
    stage.pass_time(11)
    assert stage.push_kinds() == ["ring"]


def test_a_part_of_an_alarm_is_kept_unseen_until_the_rest_comes(stage: Stage, user: str) -> None:
    """No list shows it, no timer stands, and it is gone after ninety days; completed, it rings."""
    assert told(push(stage, write(stage, label="Work", deleted=False), write(stage, enabled=True))) == ["applied"] * 2
    part = stored(stage, user, "alarm", ALARM)
    assert part is not None
    assert (is_incomplete(part), part.deleted, part.expires_at) == (True, True, stage.clock.now() + timedelta(days=90))
    assert entity_of(part).fields == {"label": "Work", "deleted": False, "enabled": True}
    assert stage.call("GET", "/alarms")["items"] == rings(stage, user) == []
    stage.call("GET", f"/alarms/{ALARM}", status=404)
    stage.call("PATCH", f"/alarms/{ALARM}", {"label": "Mine"}, status=404)
    stage.clock.advance(5)
    assert told(push(stage, write(stage, client="tablet", schedule=in_seconds(stage, 20)))) == ["applied"]
    whole = stored(stage, user, "alarm", ALARM)
    assert whole is not None
    assert (is_incomplete(whole), whole.deleted, whole.expires_at) == (False, False, None)
    view = stage.call("GET", f"/alarms/{ALARM}")
    assert (view["label"], view["snooze"], view["created_at"]) == ("Work", {"minutes": 9, "limit": 3}, view["updated_at"])
    stage.pass_time(21)
    assert stage.push_kinds() == ["ring"]


def test_a_part_of_an_alarm_may_be_made_whole_by_rest(stage: Stage, user: str) -> None:
    """To REST its id is free: what the POST says is the latest, what it leaves out stands as it was written."""
    assert told(push(stage, write(stage, label="Part", enabled=False, snooze={"minutes": 5, "limit": 1}, deleted=True))) == [
        "applied"
    ]
    body = {"id": ALARM, "label": "Whole", "schedule": in_seconds(stage, 20), "enabled": True}
    made = stage.call("POST", "/alarms", body, status=201)
    assert (made["label"], made["enabled"], made["snooze"]["minutes"], made["version"]) == ("Whole", True, 5, 2)
    assert stage.call("GET", f"/alarms/{ALARM}") == made
    whole = stored(stage, user, "alarm", ALARM)
    assert whole is not None
    assert (is_incomplete(whole), whole.deleted, whole.expires_at) == (False, False, None)
    assert set(entity_of(whole).clocks) == {"label", "schedule", "enabled", "snooze", "deleted"}
    stage.call("POST", "/alarms", body, status=409)
    stage.pass_time(21)
    assert stage.push_kinds() == ["ring"]


def test_a_part_that_was_deleted_stays_deleted_when_the_rest_comes(stage: Stage, user: str) -> None:
    """The delete has its own clock, wherever it arrives in the order."""
    later = write(stage, counter=1, deleted=True)
    assert told(push(stage, later, write(stage, label="Work", schedule=in_seconds(stage, 60)))) == ["applied"] * 2
    tombstone = stored(stage, user, "alarm", ALARM)
    assert tombstone is not None
    assert (tombstone.deleted, is_incomplete(tombstone), rings(stage, user)) == (True, False, [])


def test_a_spelling_of_a_schedule_is_kept_as_its_model_writes_it(stage: Stage) -> None:
    """So one value is one, however it was sent, and the same mutation is never two."""
    short = {"start": "2026-12-05T07:00:00", "rrule": "freq=daily"}
    clock = clock_at(stage.clock.now())
    long = {"start": "2026-12-05T07:00:00", "rrule": "FREQ=DAILY", "exdates": [], "rdates": []}
    sent = [mutation("alarm", ALARM, clock, label="Work", schedule=schedule) for schedule in (short, long)]
    assert told(push(stage, *sent)) == ["applied", "applied"]
    view = stage.call("GET", f"/alarms/{ALARM}")
    assert (view["schedule"], view["version"]) == (long, 1)


# ---- merging


def test_edits_of_two_fields_by_two_devices_both_stand(stage: Stage) -> None:
    """Whoever comes first; and of one field the later."""
    create(stage, 3600)
    stage.clock.advance(60)
    phone = write(stage, label="Phone", tags=["a"])
    stage.clock.advance(60)
    tablet = write(stage, client="tablet", label="Tablet", category="work")
    assert told(push(stage, tablet)) == ["applied"]
    assert told(push(stage, phone)) == ["merged"]
    view = stage.call("GET", f"/alarms/{ALARM}")
    assert (view["label"], view["tags"], view["category"]) == ("Tablet", ["a"], "work")


def test_a_rest_write_beats_what_was_written_before_and_is_beaten_by_what_is_later(stage: Stage) -> None:
    """By when it was written, not when it arrives."""
    alarm_id = stage.set_alarm(3600)["id"]
    stage.clock.advance(60)
    early = write(stage, alarm_id, label="Early")
    stage.clock.advance(60)
    stage.call("PATCH", f"/alarms/{alarm_id}", {"label": "Rest"})
    stage.clock.advance(60)
    late = write(stage, alarm_id, label="Late")
    stage.clock.advance(600)
    assert told(push(stage, early)) == ["superseded"]
    assert stage.call("GET", f"/alarms/{alarm_id}")["label"] == "Rest"
    assert told(push(stage, late)) == ["applied"]
    assert stage.call("GET", f"/alarms/{alarm_id}")["label"] == "Late"


def test_only_fields_that_were_given_carry_clocks(stage: Stage, user: str) -> None:
    """A default that nobody wrote is beaten by any write, however old."""
    old = write(stage, category="work")
    stage.clock.advance(60)
    alarm_id = stage.set_alarm(3600)["id"]
    first = stored(stage, user, "alarm", alarm_id)
    assert first is not None
    assert set(entity_of(first).clocks) == {"label", "schedule", "time_zone"}
    assert told(push(stage, {**old, "entity_id": alarm_id})) == ["applied"]
    stage.call("PATCH", f"/alarms/{alarm_id}", {"priority": "high"})
    again = stored(stage, user, "alarm", alarm_id)
    assert again is not None
    assert set(entity_of(again).clocks) == {"label", "schedule", "time_zone", "category", "priority"}


def test_a_document_from_before_there_were_clocks_is_all_defaults(stage: Stage, user: str) -> None:
    """Any write beats it; what was not written stays."""
    alarm_id = stage.set_alarm(3600)["id"]
    store = stage.injector.get(ports.Store)
    document = store.get(user, "alarm", alarm_id)
    bare = {name: value for name, value in document.fields.items() if name != "clocks"}
    store.commit(Commit(user, stage.clock.now(), writes=(Put("alarm", alarm_id, bare),)))
    ancient = mutation("alarm", alarm_id, clock_at(stage.clock.now() - timedelta(days=80)), label="Ancient")
    assert told(push(stage, ancient)) == ["applied"]
    assert stage.call("GET", f"/alarms/{alarm_id}")["label"] == "Ancient"
    assert stage.call("PATCH", f"/alarms/{alarm_id}", {"label": "New"})["label"] == "New"


def test_what_changes_nothing_raises_no_version(stage: Stage) -> None:
    """The very same write under another id stands, and a superseded one does not."""
    create(stage, 3600)
    again = write(stage, label="Work")
    older = mutation("alarm", ALARM, clock_at(stage.clock.now() - timedelta(hours=1)), label="Old", enabled=True)
    assert told(push(stage, again, older)) == ["applied", "merged"]
    assert stage.call("GET", f"/alarms/{ALARM}")["version"] == 2
    assert told(push(stage, {**again, "id": "again"}, {**older, "id": "older"})) == ["applied", "merged"]
    assert stage.call("GET", f"/alarms/{ALARM}")["version"] == 2


# ---- deleting and bringing back


def test_deleting_by_push_is_deleting(stage: Stage, user: str) -> None:
    """The timer goes with it, and it is kept for ninety days as a tombstone, renewed by each commit."""
    create(stage, 3600)
    stage.clock.advance(1)
    assert told(push(stage, write(stage, deleted=True))) == ["applied"]
    stage.call("GET", f"/alarms/{ALARM}", status=404)
    assert rings(stage, user) == []
    stage.clock.advance(86400)
    assert told(push(stage, write(stage, label="Edited"))) == ["applied"]
    tombstone = stored(stage, user, "alarm", ALARM)
    assert tombstone is not None
    assert (tombstone.deleted, tombstone.fields["label"]) == (True, "Edited")
    assert tombstone.expires_at == stage.clock.now() + timedelta(days=90)


def test_only_deleted_false_brings_back(stage: Stage, user: str) -> None:
    """With what was edited meanwhile; it rings again."""
    create(stage, 30)
    stage.clock.advance(1)
    stage.call("DELETE", f"/alarms/{ALARM}", status=204)
    stage.clock.advance(1)
    assert told(push(stage, write(stage, label="Edited"))) == ["applied"]
    stage.call("GET", f"/alarms/{ALARM}", status=404)
    assert told(push(stage, write(stage, counter=1, deleted=False))) == ["applied"]
    assert stage.call("GET", f"/alarms/{ALARM}")["label"] == "Edited"
    revived = stored(stage, user, "alarm", ALARM)
    assert revived is not None
    assert (revived.expires_at, len(rings(stage, user))) == (None, 1)
    stage.pass_time(40)
    assert stage.push_kinds() == ["ring"]


def test_the_editors_save_is_not_silenced_by_an_older_delete(stage: Stage) -> None:
    """It writes `deleted: false`, so it wins if it is the later one, in any order."""
    create(stage, 3600)
    stage.clock.advance(60)
    delete = write(stage, client="tablet", deleted=True)
    stage.clock.advance(60)
    save = write(stage, label="Kept", enabled=True, deleted=False)
    assert told(push(stage, save)) == ["applied"]
    assert told(push(stage, delete)) == ["superseded"]
    assert stage.call("GET", f"/alarms/{ALARM}")["label"] == "Kept"


def test_an_id_that_was_deleted_stays_taken_for_rest(stage: Stage) -> None:
    """As ever; sync alone brings one back."""
    create(stage, 3600)
    stage.call("DELETE", f"/alarms/{ALARM}", status=204)
    body = {"id": ALARM, "label": "New", "schedule": in_seconds(stage, 60)}
    assert stage.call("POST", "/alarms", body, status=409)["code"] == "id_taken"


# ---- what follows


def test_what_rings_of_an_alarm_deleted_by_push_stops(stage: Stage) -> None:
    """On every device."""
    create(stage, 10)
    socket = stage.open_socket()
    stage.pass_time(15)
    assert told(push(stage, write(stage, deleted=True))) == ["applied"]
    stage.pass_time(5)
    assert stage.push_kinds() == ["ring", "stop"]
    assert "stop" in [message["type"] for message in stage.heard(socket)]


@pytest.mark.parametrize("fields", [{"enabled": False}, {"schedule": {"start": "2026-12-24T07:00:00"}}])
def test_what_rings_of_an_alarm_moved_or_switched_off_by_push_stops(stage: Stage, fields: dict[str, Any]) -> None:
    """As by PATCH."""
    create(stage, 10)
    stage.pass_time(15)
    assert told(push(stage, write(stage, **fields))) == ["applied"]
    stage.pass_time(5)
    assert stage.push_kinds() == ["ring", "stop"]


def test_a_ring_that_was_overdue_is_told_as_missed(stage: Stage) -> None:
    """When the server was away and the change takes its timer."""
    create(stage, 60)
    occurrence_id = stage.call("GET", f"/alarms/{ALARM}")["next"]["id"]
    stage.clock.advance(600)
    assert told(push(stage, write(stage, schedule=in_seconds(stage, 3600)))) == ["applied"]
    missed = stage.occurrence(occurrence_id)
    assert (missed["state"], missed["reason"]) == ("missed", "The alarm was changed before this one could ring.")


def test_a_one_off_that_rang_stays_enabled(stage: Stage) -> None:
    """The server never changes `enabled` by itself."""
    create(stage, 10)
    stage.pass_time(3600)
    view = stage.call("GET", f"/alarms/{ALARM}")
    assert (view["enabled"], view["next"], view["version"]) == (True, None, 1)


# ---- how many there may be


def test_one_alarm_too_many_is_refused_by_its_kind(stage: Stage, user: str) -> None:
    """Asked again the answer is the same, whatever was deleted meanwhile; under a new id it may be tried again."""
    store = stage.injector.get(ports.Store)
    alarm_id = stage.set_alarm(3600)["id"]
    fields = store.get(user, "alarm", alarm_id).fields
    for start in range(0, MAX_ALARMS - 1, 20):
        some = range(start, min(start + 20, MAX_ALARMS - 1))
        writes = tuple(Put("alarm", f"00000000-0000-4000-8000-{number:012}", fields) for number in some)
        store.commit(Commit(user, stage.clock.now(), writes=writes))
    one_more = write(stage, label="Work", schedule=in_seconds(stage, 60))
    assert told(push(stage, one_more)) == ["quota /kind"]
    assert Key(user, "alarm", ALARM) not in store.read([Key(user, "alarm", ALARM)])
    assert told(push(stage, write(stage, alarm_id, counter=1, label="Edits are fine"))) == ["applied"]
    stage.call("DELETE", f"/alarms/{alarm_id}", status=204)
    assert told(push(stage, one_more, {**one_more, "id": "again"})) == ["quota /kind", "applied"]


def test_a_push_that_broke_off_before_it_could_stop_the_ring_does_so_when_it_comes_again(stage: Stage, user: str) -> None:
    """The delete was committed, its ring went on; the client pushes again, because it heard no answer."""
    create(stage, 10)
    stage.pass_time(15)
    delete = write(stage, deleted=True)
    store = stage.injector.get(ports.Store)
    ringing = store.timers(user)
    assert told(push(stage, delete)) == ["applied"]
    live = next(timer for timer in ringing if timer.purpose == "ladder")
    occurrence = store.get(user, "occurrence", live.subject)
    as_before = {**occurrence.fields, "state": "ringing", "answered_by": None}
    change = ports.TimerChange(live.id, live)
    store.commit(Commit(user, stage.clock.now(), writes=(Put("occurrence", live.subject, as_before),), timers=(change,)))
    assert told(push(stage, delete)) == ["applied"]
    assert stage.occurrence(live.subject)["state"] == "dismissed"
