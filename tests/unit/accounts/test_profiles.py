"""The profile: whole fields replaced, versions, and the timer that a new zone sets."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from pydantic import ValidationError

from smartalarm.accounts.profile import MeView, Preferences, ProfileChange
from smartalarm.accounts.profiles import Profiles, read_me
from smartalarm.errors import Conflict, NotFound, Unavailable
from smartalarm.injection import Injector
from smartalarm.ports import Clock, Commit, Put, Store, Timer
from tests.fakes import RecordingQueue

FIELDS = {
    "email": "ana@example.com",
    "name": "Ana",
    "locale": "es",
    "time_zone": "Europe/Madrid",
    "created_at": "2026-11-01T00:00:00.000Z",
    "updated_at": "2026-11-01T00:00:00.000Z",
}


@pytest.fixture
def profiles(injector: Injector) -> Profiles:
    """Profiles of a world with one user, ana, who never changed a setting."""
    writes = (Put("profile", "me", FIELDS),)
    injector.get(Store).commit(Commit("ana", injector.get(Clock).now(), writes, creates_user=True))
    return injector.get(Profiles)


def _change(profiles: Profiles, expected: int | None = None, **fields: Any) -> MeView:
    return profiles.change("ana", ProfileChange.model_validate(fields), expected=expected)


def test_fields_that_are_not_sent_stay(profiles: Profiles) -> None:
    """And the version goes up by one."""
    view = _change(profiles, name="Ana María")

    assert (
        view.name,
        view.locale,
        view.time_zone,
        view.email,
        view.version,
    ) == ("Ana María", "es", "Europe/Madrid", "ana@example.com", 2)


def test_settings_are_replaced_whole(injector: Injector, profiles: Profiles) -> None:
    """What is left out has its default again; they count as a change of the profile."""
    _change(profiles, settings={"theme": "dark", "larger_text": True})
    view = _change(profiles, settings={"language": "pt-BR"})

    assert Preferences(language="pt-BR") == view.settings == read_me(injector.get(Store), "ana").settings
    assert view.version == 3


def test_settings_that_an_older_version_stored_are_completed(injector: Injector, profiles: Profiles) -> None:
    """What it did not know has its default, what is not known any more is left out."""
    store, now = injector.get(Store), injector.get(Clock).now()
    store.commit(Commit("ana", now, (Put("settings", "me", {"theme": "dark", "forgotten": 1}),)))

    assert Preferences(theme="dark") == _change(profiles, name="A").settings


def test_what_sync_keeps_in_a_document_survives_a_change(injector: Injector, profiles: Profiles) -> None:
    """A write replaces the fields it names, not what others put beside them."""
    store, now = injector.get(Store), injector.get(Clock).now()
    store.commit(Commit("ana", now, (Put("profile", "me", {**FIELDS, "beside": {"a": 1}}),)))
    _change(profiles, name="A")

    assert store.get("ana", "profile", "me").fields["beside"] == {"a": 1}


def test_an_empty_change_writes_nothing(injector: Injector, profiles: Profiles) -> None:
    """Same version, same seq."""
    before = injector.get(Store).seq("ana")

    assert _change(profiles).version == 1
    assert injector.get(Store).seq("ana") == before


def test_a_stale_version_is_a_conflict(profiles: Profiles) -> None:
    """Somebody else wrote in between; nothing is changed."""
    _change(profiles, expected=1, name="First")

    with pytest.raises(Conflict) as caught:
        _change(profiles, expected=1, name="Second")
    assert caught.value.code == "stale_version"
    assert _change(profiles).name == "First"


def test_of_parallel_changes_with_one_version_one_wins(profiles: Profiles) -> None:
    """The others learn it."""

    def outcome(n: int) -> bool:
        try:
            _change(profiles, expected=1, name=f"Name {n}")
        except Conflict:
            return False
        return True

    with ThreadPoolExecutor(8) as threads:
        assert sum(threads.map(outcome, range(8))) == 1


def test_a_new_zone_sets_one_timer_in_the_same_commit_and_hurries_it(
    injector: Injector, profiles: Profiles, queue: RecordingQueue
) -> None:
    """It is due at once, and its revision is the profile's new version."""
    now = injector.get(Clock).now()
    _change(profiles, time_zone="America/Sao_Paulo")

    expected = Timer("recompute", "ana", now, "recompute", "", revision=2, set_at=now)
    assert [expected] == injector.get(Store).timers("ana") == queue.sent


def test_a_second_zone_moves_the_same_timer(
    injector: Injector, profiles: Profiles, advance: Callable[[float], None]
) -> None:
    """Whoever still works for the first one loses it."""
    _change(profiles, time_zone="America/Sao_Paulo")
    advance(1)
    _change(profiles, time_zone="Asia/Tokyo")

    assert [(timer.id, timer.revision) for timer in injector.get(Store).timers("ana")] == [("recompute", 3)]


@pytest.mark.parametrize("fields", [{"time_zone": "Europe/Madrid"}, {"name": "A"}, {"settings": {}}])
def test_without_a_new_zone_no_timer_is_set(
    injector: Injector, profiles: Profiles, queue: RecordingQueue, fields: dict[str, Any]
) -> None:
    """The same zone again is none."""
    _change(profiles, **fields)

    assert injector.get(Store).timers("ana") == queue.sent == []


def test_a_queue_that_fails_does_not_fail_the_change(
    injector: Injector, profiles: Profiles, queue: RecordingQueue, problems: list[str]
) -> None:
    """The timer is durable; the next sweep finds it. But it is logged."""
    queue.error = Unavailable()

    assert _change(profiles, time_zone="Asia/Tokyo").time_zone == "Asia/Tokyo"
    assert len(injector.get(Store).timers("ana")) == len(problems) == 1


def test_an_account_that_is_gone_has_no_profile(injector: Injector, profiles: Profiles) -> None:
    """As if it never was."""
    injector.get(Store).erase("ana")

    with pytest.raises(NotFound) as caught:
        _change(profiles, name="A")
    assert caught.value.code == "no_such_user"


@pytest.mark.parametrize(
    ("fields", "place"),
    [
        ({"time_zone": "Mars/Olympus"}, "time_zone"),
        ({"time_zone": "europe/madrid"}, "time_zone"),
        ({"time_zone": None}, "time_zone"),
        ({"name": ""}, "name"),
        ({"name": " "}, "name"),
        ({"name": "x" * 201}, "name"),
        ({"name": "a\0b"}, "name"),
        ({"name": None}, "name"),
        ({"locale": "en_US"}, "locale"),
        ({"locale": "x"}, "locale"),
        ({"locale": "en-"}, "locale"),
        ({"settings": None}, "settings"),
        ({"settings": {"theme": "pink"}}, "settings"),
        ({"settings": {"sleep_goal_minutes": 239}}, "settings"),
        ({"settings": {"sleep_goal_minutes": 721}}, "settings"),
        ({"settings": {"unknown": True}}, "settings"),
        ({"email": "new@example.com"}, "email"),
        ({"version": 9}, "version"),
        ({"id": "me"}, "id"),
    ],
)
def test_wrong_and_read_only_fields_are_refused_by_name(fields: dict[str, Any], place: str) -> None:
    """Null too, where nothing may be null."""
    with pytest.raises(ValidationError) as caught:
        ProfileChange.model_validate(fields)

    assert {place} == {error["loc"][0] for error in caught.value.errors()}


@pytest.mark.parametrize("locale", ["en", "pt-BR", "zh-Hant-TW", "sl-rozaj-biske", "es-419"])
def test_language_tags_are_accepted_by_their_shape(locale: str) -> None:
    """BCP 47."""
    assert ProfileChange(locale=locale).given() == {"locale": locale}
