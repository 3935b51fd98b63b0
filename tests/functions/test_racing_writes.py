"""Writes that meet others: without If-Match the last one wins, with it the first; and a skip that meets the ring."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from smartalarm.adapters.memory import MemoryStore
from smartalarm.ports import Commit, Committed, Store, Timer
from tests.stage import Stage

ALARM = {"label": "Work", "schedule": {"start": "2026-12-01T08:00:00"}}


class CrowdedStore(MemoryStore):
    """Somebody else's write of the same thing comes before so many of ours."""

    rivals = 0
    before_commit: Callable[[], None] | None = None
    has_rung: bool = False

    def timers(self, user: str) -> list[Timer]:
        """See `Store.timers`; without those of rings when they have moved on."""
        return [timer for timer in super().timers(user) if timer.purpose != "ring" or not self.has_rung]

    def commit(self, commit: Commit) -> Committed:
        """See `Store.commit`."""
        if self.rivals and commit.writes:
            self.rivals -= 1
            rival = replace(commit, writes=tuple(replace(put, expected=None, deleted=False) for put in commit.writes))
            super().commit(replace(rival, timers=(), claims=()))
        if self.before_commit is not None:
            before, self.before_commit = self.before_commit, None
            before()
        return super().commit(commit)


@pytest.fixture
def store() -> CrowdedStore:
    """A store with nobody else in it yet."""
    return CrowdedStore()


@pytest.fixture
def stage(store: CrowdedStore) -> Stage:
    """A stage on it, with one signed-in user."""
    made = Stage({Store: lambda: store})
    made.sign_up()
    return made


@pytest.mark.parametrize(("path", "body"), [("/alarms/{id}", {"label": "Mine"}), ("/me", {"name": "Mine"})])
def test_without_if_match_the_last_writer_wins_however_many_there_are(
    stage: Stage, store: CrowdedStore, path: str, body: dict[str, str]
) -> None:
    """Nobody who did not ask for it is told to load again."""
    path = path.format(id=stage.call("POST", "/alarms", ALARM, status=201)["id"])
    store.rivals = 8
    changed = stage.call("PATCH", path, body)
    assert body.items() <= changed.items()
    store.rivals = 1
    assert stage.call("PATCH", path, body, status=409, if_match=f'"{changed["version"]}"')["code"] == "stale_version"
    store.rivals = 1000
    assert stage.call("PATCH", path, body, status=409)["code"] == "busy"


def test_deleting_meets_others_the_same_way(stage: Stage, store: CrowdedStore) -> None:
    """An alarm and a device."""
    alarm_id, device_id = stage.call("POST", "/alarms", ALARM, status=201)["id"], stage.add_phone()
    store.rivals = 8
    stage.call("DELETE", f"/alarms/{alarm_id}", status=204)
    store.rivals = 8
    stage.call("DELETE", f"/devices/{device_id}", status=204)


def test_a_device_of_another_version_is_not_removed(stage: Stage) -> None:
    """Zero is a version, too: nothing has it."""
    device_id = stage.add_phone()
    for stale in ("0", "2"):
        stage.call("DELETE", f"/devices/{device_id}", status=409, if_match=f'"{stale}"')
    stage.call("DELETE", f"/devices/{device_id}", status=204, if_match='"1"')


@pytest.mark.parametrize("path", ["/alarms/{id}", "/me"])
def test_a_patch_of_nothing_changes_nothing(stage: Stage, path: str) -> None:
    """Not even the version."""
    path = path.format(id=stage.call("POST", "/alarms", ALARM, status=201)["id"])
    before = stage.call("GET", path)
    assert stage.call("PATCH", path, {}) == before
    stage.call("PATCH", path, {}, status=409, if_match='"7"')


def test_a_skip_stops_a_ring_that_was_claimed_while_it_was_written(stage: Stage, store: CrowdedStore) -> None:
    """It was accepted, so nothing may ring."""
    stage.add_phone()
    socket = stage.open_socket()
    alarm = stage.set_alarm(20)
    stage.pass_time(19)
    store.has_rung = True  # the timer has moved on when it is read ...
    store.before_commit = lambda: stage.pass_time(0.5)  # ... and the claim comes between the reading and the writing
    skipped = stage.call("POST", f"/alarms/{alarm['id']}/skip", {"occurrence_id": alarm["next"]["id"]})
    assert skipped["status"] == "skipped"
    stage.pass_time(5)
    assert stage.occurrence(alarm["next"]["id"])["state"] == "dismissed"
    assert stage.heard(socket)[-1]["type"] == "stop"


def test_a_skip_may_be_repeated_after_its_instant_but_not_taken_back(stage: Stage) -> None:
    """It is idempotent; what is over is over."""
    alarm = stage.set_alarm(20)
    skip = {"occurrence_id": alarm["next"]["id"]}
    stage.call("POST", f"/alarms/{alarm['id']}/skip", skip)
    stage.pass_time(30)
    assert stage.call("POST", f"/alarms/{alarm['id']}/skip", skip)["status"] == "skipped"
    assert stage.call("POST", f"/alarms/{alarm['id']}/unskip", skip, status=409)["code"] == "already_rang"


@pytest.mark.parametrize("verb", ["dismiss", "snooze"])
def test_an_answer_that_meets_the_claim_is_an_answer(stage: Stage, store: CrowdedStore, verb: str) -> None:
    """A second before its instant, just while the ring is claimed."""
    stage.add_phone()
    occurrence_id = stage.set_alarm(20)["next"]["id"]
    stage.pass_time(19)
    store.before_commit = lambda: stage.pass_time(0.5)
    answered = stage.call("POST", f"/occurrences/{occurrence_id}/{verb}")
    assert answered["state"] == {"dismiss": "dismissed", "snooze": "snoozed"}[verb]
    stage.pass_time(15)
    assert stage.push_kinds()[-1] == "stop"
    assert stage.occurrence(occurrence_id)["state"] == answered["state"]
