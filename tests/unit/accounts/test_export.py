"""The export: everything, and no secret."""

import pytest

from smartalarm.accounts import export as export_module
from smartalarm.accounts.accounts import Accounts
from smartalarm.accounts.export import Export
from smartalarm.accounts.profile import NewAccount
from smartalarm.errors import NotFound
from smartalarm.injection import Injector
from smartalarm.ports import Clock, Commit, Put, Store

SUBSCRIPTION = {
    "endpoint": "https://push.example.com/v1/secret-path",
    "keys": {"p256dh": "the-point", "auth": "the-auth"},
}


@pytest.fixture
def ana(injector: Injector) -> str:
    """Ana's id."""
    new = NewAccount.model_validate(
        {"email": "ana@example.com", "password": "correct horse battery", "time_zone": "Europe/Madrid"}
    )
    return injector.get(Accounts).register(new, client_address="203.0.113.5").user.id


def _put(injector: Injector, user: str, *puts: Put) -> None:
    injector.get(Store).commit(Commit(user, injector.get(Clock).now(), puts))


def test_every_document_of_every_kind_is_in_it(injector: Injector, ana: str) -> None:
    """What was deleted lately says so."""
    _put(injector, ana, Put("alarm", "a1", {"label": "Work"}), Put("occurrence", "a1:x", {"ledger": [{"event": "due"}]}))
    _put(injector, ana, Put("alarm", "a0", {"label": "Old"}), Put("alarm", "a1", {"label": "Later"}))
    _put(injector, ana, Put("alarm", "a0", {"label": "Old"}, deleted=True))

    documents = injector.get(Export).of(ana).documents

    assert list(documents) == ["alarm", "occurrence", "profile", "settings"]
    assert [(item.id, item.deleted, item.version) for item in documents["alarm"]] == [("a0", True, 2), ("a1", False, 2)]
    assert documents["alarm"][1].fields == {"label": "Later"}
    assert documents["occurrence"][0].fields == {"ledger": [{"event": "due"}]}


def test_more_than_one_page_is_read(injector: Injector, ana: str) -> None:
    """All of it, not the first part."""
    count = export_module.PAGE + 30
    for first in range(0, count, 10):
        _put(injector, ana, *(Put("alarm", f"{n:04}", {}) for n in range(first, first + 10)))

    assert len(injector.get(Export).of(ana).documents["alarm"]) == count


def test_what_could_send_a_push_is_masked_at_any_depth(injector: Injector, ana: str) -> None:
    """Endpoint path and keys are secrets; where pushes go is not."""
    _put(
        injector,
        ana,
        Put("device", "d1", {"name": "Phone", "push_subscription": SUBSCRIPTION}),
        Put("device", "d2", {"name": "Old", "push_subscription": None}),
        Put("mutation", "m1", {"log": [{"fields": {"push_subscription": SUBSCRIPTION}}]}),
    )

    file = injector.get(Export).of(ana)
    text = file.model_dump_json()

    assert not [secret for secret in ("secret-path", "the-point", "the-auth") if secret in text]
    assert file.documents["device"][0].fields["push_subscription"] == {
        "endpoint": "https://push.example.com/(not exported)",
        "keys": "(not exported)",
    }
    assert file.documents["device"][1].fields == {"name": "Old", "push_subscription": None}


def test_the_password_is_in_it_in_no_form(injector: Injector, ana: str) -> None:
    """Nor its hash."""
    text = injector.get(Export).of(ana).model_dump_json()

    assert "quick:" not in text
    assert "battery" not in text


def test_somebody_else_is_not_in_it(injector: Injector, ana: str) -> None:
    """One's own data only."""
    injector.get(Store).commit(
        Commit("bob", injector.get(Clock).now(), (Put("alarm", "b1", {"label": "Bob's"}),), creates_user=True)
    )

    assert "Bob" not in injector.get(Export).of(ana).model_dump_json()


def test_an_erased_account_has_nothing_to_export(injector: Injector, ana: str) -> None:
    """It is gone."""
    injector.get(Store).erase(ana)

    with pytest.raises(NotFound):
        injector.get(Export).of(ana)
