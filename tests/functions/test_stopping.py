"""An answer stops every device, also when whoever wrote it down died or heard nothing back."""

from collections.abc import Sequence

from smartalarm.errors import SmartAlarmError, Unavailable
from smartalarm.ports import Commit, Committed, Store
from tests.stage import Stage


def ringing() -> tuple[Stage, str]:
    """A stage with a ring."""
    stage = Stage()
    stage.sign_up()
    stage.add_phone()
    occurrence_id = stage.set_alarm(20)["next"]["id"]
    stage.pass_time(21)
    return stage, occurrence_id


def test_a_socket_hears_of_an_answer_whose_commit_seemed_to_fail() -> None:
    """The answer was lost on its way back from the database, the second try finds nothing left to do."""
    stage, occurrence_id = ringing()
    socket = stage.open_socket()
    store = stage.injector.get(Store)
    commit_many = store.commit_many

    def lose_the_answer(commits: Sequence[Commit]) -> list[Committed | SmartAlarmError]:
        commit_many(commits)
        return [Unavailable() for _ in commits]

    store.commit_many = lose_the_answer  # type: ignore[method-assign]
    assert stage.send("POST", f"/occurrences/{occurrence_id}/dismiss", {}).status == 503
    store.commit_many = commit_many  # type: ignore[method-assign]
    assert stage.send("POST", f"/occurrences/{occurrence_id}/dismiss", {}).status == 200
    stage.pass_time(1)
    assert stage.heard(socket)[-1]["type"] == "stop"
    assert stage.push_kinds() == ["ring", "stop"]


def test_deleting_again_stops_a_ring_that_the_first_try_could_not_stop() -> None:
    """The alarm went, then the database: who tries again is told that it is gone, and has silence."""
    stage, occurrence_id = ringing()
    alarm_id = occurrence_id.partition(":")[0]
    store = stage.injector.get(Store)
    commit_many = store.commit_many
    store.commit_many = lambda commits: [Unavailable() for _ in commits]  # type: ignore[method-assign]
    assert stage.send("DELETE", f"/alarms/{alarm_id}").status == 503
    store.commit_many = commit_many  # type: ignore[method-assign]
    assert stage.send("DELETE", f"/alarms/{alarm_id}").status == 404
    stage.pass_time(60)
    assert stage.occurrence(occurrence_id)["state"] == "dismissed"
    assert stage.push_kinds() == ["ring", "stop"]


def test_a_snooze_of_a_deleted_alarm_does_not_ring_again() -> None:
    """Also when nobody could take it back while the alarm was deleted."""
    stage, occurrence_id = ringing()
    stage.call("POST", f"/occurrences/{occurrence_id}/snooze", {"minutes": 1})
    store = stage.injector.get(Store)
    commit_many = store.commit_many
    store.commit_many = lambda commits: [Unavailable() for _ in commits]  # type: ignore[method-assign]
    assert stage.send("DELETE", f"/alarms/{occurrence_id.partition(':')[0]}").status == 503
    store.commit_many = commit_many  # type: ignore[method-assign]
    stage.pass_time(120)
    assert stage.occurrence(occurrence_id)["state"] == "dismissed"
    assert stage.push_kinds() == ["ring", "stop"]
