"""Answers that never arrive: the driver asks again, and what was done is not done twice."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import boto3
import pytest

from smartalarm.adapters.clock import SystemClock
from smartalarm.adapters.dynamo import DynamoStore, Limits, Patience, Table, create_table, open_table
from smartalarm.adapters.entropy import SystemEntropy
from smartalarm.errors import Unavailable
from smartalarm.ports import ClaimChange, Commit, Cursor, Put, Timer, TimerChange
from tests.servers.dynamo_table import REGION, fresh_table
from tests.servers.lossy_proxy import LossyProxy, lossy_proxy
from tests.servers.ministack import MinistackMissing, kept_ministack

NOW = datetime(2026, 12, 1, 6, 0, tzinfo=UTC)
ATTEMPTS = 2


@pytest.fixture
def behind_proxy() -> Iterator[tuple[DynamoStore, LossyProxy]]:
    """A store that reaches its table through the proxy, with the user `ada`."""
    try:
        endpoint = kept_ministack()
    except MinistackMissing as missing:
        pytest.skip(str(missing))
    with fresh_table(endpoint) as (direct, _), lossy_proxy(endpoint) as proxy:
        table = through(proxy, direct)
        create_table(table)  # it exists: the same table, seen through the proxy
        store = DynamoStore(table)
        store.commit(Commit("ada", NOW, creates_user=True))
        yield store, proxy
        table.close()


def through(proxy: LossyProxy, direct: Table) -> Table:
    """The same table through the proxy."""
    return open_table(
        direct.name,
        region=REGION,
        endpoint=proxy.endpoint,
        patience=Patience(SystemClock(), SystemEntropy()),
        limits=Limits(connect_seconds=10, read_seconds=30, attempts=ATTEMPTS),
        session=boto3.Session(aws_access_key_id="test", aws_secret_access_key="test"),
    )


def a_commit() -> Commit:
    """A commit of which nothing could be done twice without a conflict."""
    timer = Timer("ring", "ada", NOW + timedelta(minutes=1), "ring", "alarm-1", 1, NOW)
    claim = ClaimChange("email:ada", "ada", {})
    return Commit("ada", NOW, (Put("alarm", "1", {}, expected=0),), (TimerChange("ring", timer),), (claim,))


def test_a_commit_whose_answer_was_lost_is_made_once(behind_proxy: tuple[DynamoStore, LossyProxy]) -> None:
    """Its repetition carries the same token: no conflict with itself, no second version, no second seq."""
    store, proxy = behind_proxy
    proxy.lose("TransactWriteItems")
    committed = store.commit(a_commit())
    assert (proxy.lost, committed.seq, committed.documents[0].version) == (1, 1, 1)
    assert store.changes("ada", Cursor(), 10).items == committed.documents


def test_a_commit_whose_answers_are_all_lost_is_unavailable_and_still_whole(
    behind_proxy: tuple[DynamoStore, LossyProxy],
) -> None:
    """Nobody can know; but what is there is all of it."""
    store, proxy = behind_proxy
    proxy.lose("TransactWriteItems", times=ATTEMPTS)
    with pytest.raises(Unavailable):
        store.commit(a_commit())
    claim = store.claim("email:ada", now=NOW)
    assert claim is not None
    assert (store.seq("ada"), len(store.timers("ada")), claim.version) == (1, 1, 1)


def test_a_read_whose_answer_was_lost_is_made_again(behind_proxy: tuple[DynamoStore, LossyProxy]) -> None:
    """A reset connection is no reason to fail a request."""
    store, proxy = behind_proxy
    proxy.lose("GetItem")
    assert (store.seq("ada"), proxy.lost) == (0, 1)


def test_a_claim_that_was_changed_without_an_answer_is_not_lost_to_itself(
    behind_proxy: tuple[DynamoStore, LossyProxy],
) -> None:
    """A session whose renewal met a broken connection must not look stolen."""
    store, proxy = behind_proxy
    expires_at = NOW + timedelta(days=60)
    store.change_claim(ClaimChange("refresh:1", "ada", {"token": 1}, expires_at), now=NOW)
    proxy.lose("TransactWriteItems")
    claim = store.change_claim(ClaimChange("refresh:1", "ada", {"token": 2}, expires_at, expected=1), now=NOW)
    assert claim is not None
    assert (claim, claim.version, proxy.lost) == (store.claim("refresh:1", now=NOW), 2, 1)


def test_a_claim_that_was_taken_without_an_answer_is_still_given(behind_proxy: tuple[DynamoStore, LossyProxy]) -> None:
    """A ticket opens its socket all the same, once."""
    store, proxy = behind_proxy
    store.change_claim(ClaimChange("ticket:1", "ada", {}, NOW + timedelta(seconds=30)), now=NOW)
    proxy.lose("TransactWriteItems")
    taken = [store.take_claim("ticket:1", now=NOW) for _ in range(2)]
    assert [claim is not None for claim in taken] == [True, False]
    assert proxy.lost == 1


def test_a_timer_that_was_marked_without_an_answer_is_still_handed_over(
    behind_proxy: tuple[DynamoStore, LossyProxy],
) -> None:
    """Otherwise nobody would have it until it is overdue."""
    store, proxy = behind_proxy
    store.commit(a_commit())
    proxy.lose("UpdateItem")
    until = NOW + timedelta(minutes=5)
    assert [[timer.id for timer in store.take_due(now=NOW, until=until, limit=9)] for _ in range(2)] == [["ring"], []]
    assert proxy.lost == 1
