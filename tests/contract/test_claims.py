"""Claims: unique keys that one owner holds, until they are released or expire."""

import pytest

from smartalarm.errors import Conflict
from smartalarm.ports import Claim, ClaimChange, Commit, Put, Store
from tests.contract.samples import NOW, after, new_user, take


def refused(store: Store, change: ClaimChange, *, seconds: float = 0) -> bool:
    """Whether the change is refused as a lost claim at this many seconds from NOW."""
    try:
        store.change_claim(change, now=after(seconds))
    except Conflict as error:
        return error.code == "lost_claim"
    return False


def test_a_claim_comes_back_as_it_was_taken(store: Store) -> None:
    """Value, owner, expiry to the microsecond."""
    change = ClaimChange("email:\u00fcml\u00e4ut@example.com", "anna", {"n": [1, {"x": None}]}, after(0.000001))
    claim = Claim(change.key, "anna", {"n": [1, {"x": None}]}, after(0.000001), 1)

    assert store.change_claim(change, now=NOW) == claim
    assert store.claim(change.key, now=NOW) == claim
    assert store.claim("email:another", now=NOW) is None


def test_a_claim_may_have_no_expiry_and_no_owner(store: Store) -> None:
    """It stays until it is released."""
    store.change_claim(ClaimChange("key", "", {}), now=NOW)

    assert store.claim("key", now=after(10**9)) == Claim("key", "", {}, None, 1)


def test_changing_the_value_that_was_passed_changes_nothing_stored(store: Store) -> None:
    """The store shares no object with its callers."""
    value = {"list": [1]}
    store.change_claim(ClaimChange("key", "anna", value), now=NOW)
    value["list"].append(2)

    found = store.claim("key", now=NOW)
    assert found
    assert found.value == {"list": [1]}


def test_a_claim_is_taken_once(store: Store) -> None:
    """The second one loses, also the same owner, and the first one keeps it."""
    store.change_claim(take("key", "anna", n=1), now=NOW)

    assert refused(store, take("key", "eve", n=2))
    assert refused(store, take("key", "anna", n=2))
    assert store.claim("key", now=NOW) == Claim("key", "anna", {"n": 1}, None, 1)


def test_a_claim_expires_at_its_expiry(store: Store) -> None:
    """At that very instant it is as good as absent."""
    store.change_claim(take("key", "anna", seconds=60), now=NOW)

    assert store.claim("key", now=after(59.999999))
    assert store.claim("key", now=after(60)) is None
    assert store.take_claim("key", now=after(60)) is None


def test_an_expired_claim_may_be_taken_by_anybody(store: Store) -> None:
    """With version 1 again, as if it had been free; not a moment before."""
    store.change_claim(take("key", "anna", seconds=60), now=NOW)
    store.change_claim(take("key", "anna", seconds=60, expected=1), now=NOW)

    assert refused(store, take("key", "eve", seconds=120), seconds=59.999999)
    assert not refused(store, take("key", "eve", seconds=120), seconds=60)
    assert store.claim("key", now=after(60)) == Claim("key", "eve", {}, after(120), 1)


@pytest.mark.parametrize(("expected", "stands"), [(None, True), (0, False), (1, False), (2, True), (3, False)])
def test_a_claim_changes_when_its_version_is_the_expected_one(
    store: Store,
    expected: int | None,
    stands: bool,  # noqa: FBT001 - pytest's
) -> None:
    """None: any; 0: must be free; n: exactly n."""
    store.change_claim(take("key", "anna", n=1), now=NOW)
    store.change_claim(take("key", "anna", n=2, expected=1), now=NOW)

    assert refused(store, take("key", "anna", n=3, seconds=9, expected=expected)) is not stands
    assert store.claim("key", now=NOW) == (
        Claim("key", "anna", {"n": 3}, after(9), 3) if stands else Claim("key", "anna", {"n": 2}, None, 2)
    )


def test_a_free_claim_has_no_version_to_expect(store: Store) -> None:
    """Absent and expired are the same; `None` takes it."""
    store.change_claim(take("expired", "anna", seconds=1), now=NOW)
    for key in ("absent", "expired"):
        assert refused(store, take(key, "anna", expected=1), seconds=1)
        assert refused(store, ClaimChange(key, "anna", None, expected=1), seconds=1)
        assert not refused(store, take(key, "eve", expected=None), seconds=1)
        assert store.claim(key, now=after(1)) == Claim(key, "eve", {}, None, 1)


@pytest.mark.parametrize("expected", [None, 1])
def test_a_released_claim_is_free(store: Store, expected: int | None) -> None:
    """Releasing gives None, and the key can be taken again."""
    store.change_claim(take("key", "anna"), now=NOW)

    assert store.change_claim(ClaimChange("key", "anna", None, expected=expected), now=NOW) is None
    assert store.claim("key", now=NOW) is None
    assert not refused(store, take("key", "eve"))


def test_releasing_a_version_that_has_gone_is_refused(store: Store) -> None:
    """Somebody else changed it meanwhile."""
    store.change_claim(take("key", "anna"), now=NOW)
    for expected in (0, 2):
        assert refused(store, ClaimChange("key", "anna", None, expected=expected))
    assert store.claim("key", now=NOW)


@pytest.mark.parametrize("expected", [None, 0])
def test_releasing_what_is_free_changes_nothing(store: Store, expected: int | None) -> None:
    """It is free afterwards."""
    assert store.change_claim(ClaimChange("key", "anna", None, expected=expected), now=NOW) is None
    assert store.claim("key", now=NOW) is None


def test_a_taken_claim_is_gone(store: Store) -> None:
    """`take_claim` gives it to one caller, with all it holds."""
    store.change_claim(take("key", "anna", seconds=60, n=1), now=NOW)

    assert store.take_claim("key", now=NOW) == Claim("key", "anna", {"n": 1}, after(60), 1)
    assert store.take_claim("key", now=NOW) is None
    assert store.claim("key", now=NOW) is None
    assert not refused(store, take("key", "eve"))


@pytest.mark.parametrize("key", ["\0", "a\0", "\ud800", "x" * 3000, ""])
def test_a_key_that_nothing_can_have_is_just_free(store: Store, key: str) -> None:
    """Keys are made of what clients send."""
    assert (store.claim(key, now=NOW), store.take_claim(key, now=NOW)) == (None, None)


# ------------------------------------------------------------------------------------------------ within commits


def test_a_commit_takes_changes_and_releases_claims(store: Store) -> None:
    """Together with its documents."""
    user = new_user(store)
    store.change_claim(take("changed", user, n=1), now=NOW)
    store.change_claim(take("released", user), now=NOW)
    store.change_claim(take("expired", "somebody", seconds=5), now=NOW)
    store.commit(
        Commit(
            user,
            after(5),
            writes=(Put("alarm", "a", {}),),
            claims=(
                take("taken", user, n=1),
                take("changed", user, n=2, expected=1),
                take("expired", user, n=3),
                ClaimChange("released", user, None, expected=1),
                ClaimChange("never was", user, None, expected=None),
            ),
        )
    )

    found = [store.claim(key, now=after(5)) for key in ("taken", "changed", "expired", "released", "never was")]
    assert found == [
        Claim("taken", user, {"n": 1}, None, 1),
        Claim("changed", user, {"n": 2}, None, 2),
        Claim("expired", user, {"n": 3}, None, 1),
        None,
        None,
    ]


@pytest.mark.parametrize(
    "change",
    [
        take("held", "eve"),
        take("held", "eve", expected=2),
        take("free", "eve", expected=1),
        take("expired", "eve", expected=1),
        ClaimChange("held", "eve", None, expected=0),
        ClaimChange("held", "eve", None, expected=2),
        ClaimChange("free", "eve", None, expected=1),
    ],
)
def test_a_commit_that_loses_a_claim_changes_nothing(store: Store, change: ClaimChange) -> None:
    """Neither documents nor the other claims."""
    user = new_user(store, "eve")
    store.change_claim(take("held", "anna", n=1), now=NOW)
    store.change_claim(take("expired", "anna", seconds=5), now=NOW)

    with pytest.raises(Conflict) as caught:
        store.commit(Commit(user, after(5), (Put("alarm", "a", {}),), claims=(take("other", user), change)))

    assert caught.value.code == "lost_claim"
    assert "held" not in caught.value.detail  # keys may hold addresses
    assert (store.seq(user), store.claim("other", now=after(5))) == (0, None)
    assert store.claim("held", now=after(5)) == Claim("held", "anna", {"n": 1}, None, 1)
