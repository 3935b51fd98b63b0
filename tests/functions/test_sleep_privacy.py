"""A night belongs to its sleeper: nothing is stored without consent, nothing is kept too long, and erased is gone."""

import json
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from smartalarm.instants import instant_to_compact, instant_to_text
from smartalarm.ports import Commit, Cursor, Document, Key, Put, Store
from smartalarm.sleep.recorded import RECORDING, SUMMARY
from smartalarm.sleep.sessions import SleepSessions
from tests.functions.recording import (
    agree,
    begin,
    finish,
    listed,
    night_of,
    send,
    session_id,
    show,
    sleeper,
    whole_night,
)
from tests.stage import Stage

DAY = 24 * 3600


@pytest.fixture
def stage() -> Stage:
    """Somebody who agreed to be recorded."""
    return sleeper()


def user_of(stage: Stage) -> str:
    """Their id."""
    user: str = stage.call("GET", "/me")["id"]
    return user


def kept(stage: Stage, user: str) -> list[Document]:
    """All that the store holds of their sleep."""
    page = stage.injector.get(Store).changes(user, Cursor(), 1000)
    return [document for document in page.items if document.kind.startswith("sleep")]


def exported(stage: Stage) -> dict[str, Any]:
    """The account's export of sleep, by kind."""
    documents = stage.call("GET", "/me/export")["documents"]
    return {kind: found for kind, found in documents.items() if kind.startswith("sleep")}


def test_nothing_is_stored_without_consent() -> None:
    """403 says what is missing."""
    stage = sleeper(consents=False)
    assert begin(stage, status=403)["code"] == "consent_required"
    assert kept(stage, user_of(stage)) == []


def test_consent_taken_back_stops_recording_and_leaves_what_is_there(stage: Stage) -> None:
    """Reading, exporting and deleting stay possible."""
    whole_night(stage, 20)
    begin(stage, 8, 2)
    agree(stage, consents=False)
    before = stage.injector.get(Store).seq(user_of(stage))
    assert begin(stage, 8, 2, status=403)["code"] == "consent_required"
    assert send(stage, night_of(1), 2, status=403)["code"] == "consent_required"
    assert finish(stage, 2, status=403)["code"] == "consent_required"
    assert stage.injector.get(Store).seq(user_of(stage)) == before
    assert len(listed(stage)) == 2
    assert show(stage)["state"] == "finished"
    assert len(stage.call("GET", "/sleep/export")["items"]) == 2
    stage.call("DELETE", f"/sleep/sessions/{session_id(2)}", status=204)
    stage.call("DELETE", "/sleep/sessions", status=204)
    assert listed(stage) == []


def test_a_server_without_models_records_nothing_and_still_shows_and_erases(stage: Stage) -> None:
    """ML_ENABLED=false; what was recorded before stays its owner's, a night that was open stays so."""
    whole_night(stage, 30)
    begin(stage, 12, 2)
    store, token = stage.injector.get(Store), stage.token
    without = Stage({Store: lambda: store}, ml_enabled=False)
    without.use_token(token)
    assert begin(without, 1, 3, status=404)["code"] == "ml_disabled"
    assert send(without, night_of(1), 2, status=404)["code"] == "ml_disabled"
    assert finish(without, 2, status=404)["code"] == "ml_disabled"
    shown = without.call("GET", "/sleep/sessions")["items"]
    assert [one["state"] for one in shown] == ["recording", "finished"]
    assert len(without.call("GET", "/sleep/export")["items"]) == 2
    assert len(show(without, query="?signal=true")["counts"]) == 960
    without.call("DELETE", f"/sleep/sessions/{session_id()}", status=204)
    without.call("DELETE", "/sleep/sessions", status=204)
    assert listed(without) == []


def test_the_export_holds_every_night_in_numbers_and_words(stage: Stage) -> None:
    """The sleep export as well as the account's."""
    whole_night(stage, 30)
    begin(stage, 8, 2)
    batch = night_of(40)
    send(stage, batch, 2)
    file = stage.send("GET", "/sleep/export")
    assert file.headers["content-disposition"] == 'attachment; filename="smartalarm-sleep-2026-12-01.json"'
    newest, oldest = json.loads(file.body)["items"]
    assert (newest["counts"], newest["heart_rate"]) == (batch["counts"], batch["heart_rate"])
    assert newest["stages"] == newest["confidences"] == [None] * 40
    assert [len(oldest[name]) for name in ("counts", "heart_rate", "stages", "confidences")] == [960] * 4
    documents = exported(stage)
    assert [len(found) for found in documents.values()] == [2, 2]
    signal = {one["id"]: one["fields"] for one in documents[RECORDING]}
    assert signal[session_id(2)]["counts"] == batch["counts"]
    assert signal[session_id(2)]["heart_rate"] == batch["heart_rate"]
    assert signal[session_id(1)]["confidences"] == oldest["confidences"]
    assert sorted(len(one["fields"].get("stages", ())) for one in documents[SUMMARY]) == [0, 960]


def test_many_nights_are_exported_in_pages(stage: Stage) -> None:
    """Each page with the cursor of the next."""
    for number in range(3):
        whole_night(stage, 30 - number * 10, number, length=20)
    first = stage.call("GET", "/sleep/export?limit=2")
    rest = stage.call("GET", f"/sleep/export?limit=2&after={first['next']}")
    assert [one["id"] for one in first["items"] + rest["items"]] == [session_id(number) for number in (2, 1, 0)]
    assert rest["next"] is None


def test_an_erased_night_leaves_an_id_and_nothing_else(stage: Stage) -> None:
    """No store, feed or export has anything of it; its device is told, and cannot bring it back."""
    user = user_of(stage)
    whole_night(stage)
    stage.call("DELETE", f"/sleep/sessions/{session_id()}", status=204)
    show(stage, status=404)
    stage.call("DELETE", f"/sleep/sessions/{session_id()}", status=404)
    send(stage, night_of(1), status=404)
    finish(stage, status=404)
    assert begin(stage, status=410)["code"] == "session_deleted"
    assert [(document.deleted, document.fields) for document in kept(stage, user)] == [(True, {})] * 2
    assert exported(stage) == {}
    stage.injector.get(Store).purge(now=stage.clock.now(), limit=1000)
    assert [(document.kind, document.id) for document in kept(stage, user)] == [(RECORDING, session_id())]
    stage.clock.advance(90 * DAY)
    stage.injector.get(Store).purge(now=stage.clock.now(), limit=1000)
    assert kept(stage, user) == []


def test_all_nights_are_erased_at_once(stage: Stage) -> None:
    """However many there are, also one that is still being recorded."""
    for number in range(23):
        whole_night(stage, 24 * (number + 1), number, length=20)
    begin(stage, 1, 99)
    stage.call("DELETE", "/sleep/sessions", status=204)
    assert listed(stage) == []
    assert {(document.deleted, str(document.fields)) for document in kept(stage, user_of(stage))} == {(True, "{}")}
    stage.call("DELETE", "/sleep/sessions", status=204)


def test_an_erased_account_leaves_no_night(stage: Stage) -> None:
    """And its token records no more."""
    user = user_of(stage)
    whole_night(stage)
    stage.call("DELETE", "/me", status=204)
    assert kept(stage, user) == []
    assert begin(stage, 8, 2, status=401)["code"] == "unauthenticated"
    send(stage, night_of(1), status=404)
    stage.call("GET", "/sleep/sessions", status=401)
    stage.call("GET", "/sleep/export", status=401)
    stage.call("DELETE", "/sleep/sessions", status=401)


def test_a_night_is_hidden_at_once_and_purged_when_its_time_is_over(stage: Stage) -> None:
    """Ninety days after its end, to the second; by no call can it be seen before the purge ran."""
    user = user_of(stage)
    shown = whole_night(stage, 8)
    assert shown["kept_until"] == "2027-03-01T06:00:00.000Z"
    stage.clock.advance(90 * DAY - 1)
    assert listed(stage) == [session_id()]
    nights = stage.injector.get(SleepSessions)
    assert len(nights.nights(user, stage.clock.now().replace(year=2026))) == 1
    stage.clock.advance(1)
    assert listed(stage) == []
    show(stage, status=404)
    send(stage, night_of(1), status=404)
    finish(stage, status=404)
    assert stage.call("GET", "/sleep/export")["items"] == []
    assert nights.nights(user, stage.clock.now().replace(year=2026)) == []
    assert exported(stage) == {}
    assert len(kept(stage, user)) == 2
    assert stage.injector.get(Store).purge(now=stage.clock.now(), limit=100) >= 2
    assert kept(stage, user) == []


def test_a_lowered_limit_counts_at_once() -> None:
    """Nights were stored under a longer one: they are hidden, and the next night that is recorded erases them."""
    before = sleeper(ml_data_retention_days=30)
    whole_night(before, 9 * 24)
    whole_night(before, 5 * 24, 2)
    user = user_of(before)
    store, token = before.injector.get(Store), before.token
    after = Stage({Store: lambda: store}, ml_data_retention_days=7)
    after.use_token(token)
    assert [one["id"] for one in after.call("GET", "/sleep/sessions")["items"]] == [session_id(2)]
    show(after, status=404)
    assert [one["id"] for one in after.call("GET", "/sleep/export")["items"]] == [session_id(2)]
    assert len(exported(after)[RECORDING]) == 1
    agree(after)
    begin(after, 3, 3)
    assert [(one.id, one.deleted) for one in kept(after, user) if one.kind == RECORDING] == [
        (session_id(2), False),
        (session_id(1), True),
        (session_id(3), False),
    ]
    store.purge(now=after.clock.now(), limit=100)
    assert len(kept(after, user)) == 4
    assert Key(user, RECORDING, session_id()) not in store.read([Key(user, RECORDING, session_id())])


def test_an_alarm_that_rang_belongs_to_its_night(stage: Stage) -> None:
    """Within the night or half an hour after it; a skipped one and a test push do not."""
    user = user_of(stage)
    whole_night(stage, 8)  # until now
    stage.add_phone()
    nights = stage.injector.get(SleepSessions)
    since = stage.clock.now().replace(day=1, month=11)
    assert [night.alarm_rang for night in nights.nights(user, since)] == [False]
    stage.set_alarm(1800)
    stage.pass_time(1801)
    (night,) = nights.nights(user, since)
    assert night.alarm_rang
    assert (night.session_id, night.source, night.time_zone, night.analysed_by) == (
        session_id(),
        "wrist",
        "Europe/Madrid",
        "model",
    )
    assert (len(night.stages), night.metrics.time_in_bed_minutes) == (960, 480)
    assert (night.end - night.start).total_seconds() == 8 * 3600


def test_a_ring_later_in_the_morning_belongs_to_no_night(stage: Stage) -> None:
    """More than half an hour after the last epoch, the sleeper was up."""
    user = user_of(stage)
    whole_night(stage, 8)
    stage.add_phone()
    stage.set_alarm(1801)
    stage.pass_time(1803)
    nights = stage.injector.get(SleepSessions).nights(user, stage.clock.now().replace(month=11))
    assert [night.alarm_rang for night in nights] == [False]


def test_a_ring_before_its_time_belongs_to_the_night_it_ended(stage: Stage) -> None:
    """Smart wake rings up to ninety minutes early; the occurrence is known by the alarm's own time."""
    user = user_of(stage)
    whole_night(stage, 8)  # until now
    store, now = stage.injector.get(Store), stage.clock.now()
    at = now + timedelta(minutes=80)
    fields = {"alarm_id": "a", "at": instant_to_text(at), "ring_count": 1, "state": "dismissed"}
    put = Put("occurrence", f"a:{instant_to_compact(at)}", {**fields, "early": {"minutes_early": 81}})
    store.commit(Commit(user, now, writes=(put,)))
    nights = stage.injector.get(SleepSessions)
    since = now - timedelta(days=1)
    assert [night.alarm_rang for night in nights.nights(user, since)] == [True]
    store.commit(Commit(user, now, writes=(replace(put, fields=fields),)))
    assert [night.alarm_rang for night in nights.nights(user, since)] == [False]
