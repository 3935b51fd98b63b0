"""A commit on DynamoDB: what it costs, what a refusal means, how races and indexes that lag are survived."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from pynamodb.exceptions import CancellationReason, TransactWriteError, UpdateError, VerboseClientError

from smartalarm.adapters.dynamo import DynamoConnections, DynamoStore, Patience
from smartalarm.adapters.entropy import SystemEntropy
from smartalarm.errors import Conflict, NotFound, SmartAlarmError, TooLarge, Unavailable
from smartalarm.ports import ClaimChange, Commit, Connection, Cursor, Key, Put, Timer, TimerChange
from tests.servers.dynamo_table import HalfEntropy, StoppedClock, WatchedConnection, fresh_table
from tests.servers.ministack import MinistackMissing, kept_ministack

NOW = datetime(2026, 12, 1, 6, 0, tzinfo=UTC)
Request = dict[str, Any]


@pytest.fixture(scope="module")
def endpoint() -> str:
    """The emulator's address."""
    try:
        return kept_ministack()
    except MinistackMissing as missing:
        pytest.skip(str(missing))


class Stage:
    """A store whose connection can be told to answer differently."""

    def __init__(self, store: DynamoStore, connection: WatchedConnection, waits: list[float]) -> None:
        self.store, self.connection, self.waits = store, connection, waits

    def operations(self) -> list[str]:
        """What was asked of DynamoDB since the stage was set or cleared."""
        return [call.operation for call in self.connection.calls]

    def units(self) -> float:
        """What it cost, in request units."""
        return sum(call.units for call in self.connection.calls)

    def refuse(self, times: int, *codes: str | None) -> None:
        """Cancel the next transactions with these reasons, one per step in sending order."""
        left = [times]

        def before(operation: str, _: Request) -> None:
            if operation == "TransactWriteItems" and left[0]:
                left[0] -= 1
                raise cancelled(*codes)

        self.connection.before = before


def cancelled(*codes: str | None) -> TransactWriteError:
    """What pynamodb raises for a cancelled transaction."""
    reasons = [CancellationReason(code, "over the size limit") if code else None for code in codes]
    cause = VerboseClientError(
        {"Error": {"Code": "TransactionCanceledException"}}, "TransactWriteItems", cancellation_reasons=reasons
    )
    return TransactWriteError("Failed", cause)


@pytest.fixture
def stage(endpoint: str) -> Iterator[Stage]:
    """A store on a fresh table, with the user `ada`; waiting is only written down."""
    clock = StoppedClock()
    with fresh_table(endpoint, patience=Patience(clock, HalfEntropy(), attempts=5)) as (table, connection):
        store = DynamoStore(table)
        store.commit(Commit("ada", NOW, creates_user=True))
        connection.calls.clear()
        yield Stage(store, connection, clock.waits)


def a_timer(name: str, seconds: int = 0, revision: int = 1) -> Timer:
    """One of ada's timers."""
    return Timer(name, "ada", NOW + timedelta(seconds=seconds), "ring", "alarm-1", revision, NOW)


def a_put(expected: int | None = None, **fields: Any) -> Put:
    """A write of ada's alarm."""
    return Put("alarm", "1", fields or {"label": "Wake up"}, expected=expected)


# ------------------------------------------------------------------------------------------------ what it costs


def test_a_ring_commit_is_one_read_and_one_transaction(stage: Stage) -> None:
    """One document and two timers of a known user: the root is read, then all is written at once."""
    ring, ladder = a_timer("ring"), a_timer("ladder", 30)
    stage.store.commit(Commit("ada", NOW, (a_put(0),), (TimerChange("ring", ring), TimerChange("ladder", ladder))))
    stage.connection.calls.clear()
    moved = replace(ring, due_at=NOW + timedelta(days=1), revision=2), replace(ladder, due_at=NOW + timedelta(seconds=60))
    stage.store.commit(
        Commit("ada", NOW, (a_put(1),), (TimerChange("ring", moved[0], ring), TimerChange("ladder", moved[1], ladder)))
    )
    assert stage.operations() == ["GetItem", "TransactWriteItems"]
    # Read 1. Written twice over: root 2, document 2, timers 2 + 2; indexes moved (out and in): feed 2, due 2 + 2.
    assert stage.units() == 1 + 8 + 6


def test_creating_an_alarm_is_one_read_and_one_transaction(stage: Stage) -> None:
    """A new document with its first timer and the answer kept for a repeated request."""
    answer = ClaimChange("idempotent:1", "ada", {"status": 201}, NOW + timedelta(days=1))
    stage.store.commit(Commit("ada", NOW, (a_put(0),), (TimerChange("ring", a_timer("ring")),), (answer,)))
    assert stage.operations() == ["GetItem", "TransactWriteItems"]
    # Read 1. Root 2, document 2 and its place in the feed 1, timer 2 + 1, claim 2 + 1.
    assert stage.units() == 1 + 11


def test_creating_a_user_reads_nothing(stage: Stage) -> None:
    """There is nothing to know beforehand: the condition says whether the id is free."""
    stage.store.commit(Commit("grace", NOW, (a_put(),), creates_user=True))
    assert stage.operations() == ["TransactWriteItems"]


def test_a_commit_without_expectations_reads_its_documents_in_the_same_request(stage: Stage) -> None:
    """Last writer wins costs no second round trip."""
    stage.store.commit(Commit("ada", NOW, (a_put(), replace(a_put(), id="2"))))
    assert stage.operations() == ["BatchGetItem", "TransactWriteItems"]


def test_reading_many_documents_is_one_request_for_each_hundred(stage: Stage) -> None:
    """Doubled keys are asked for once."""
    keys = [Key("ada", "alarm", str(number)) for number in range(150)]
    assert stage.store.read(keys + keys) == {}
    assert stage.operations() == ["BatchGetItem", "BatchGetItem"]


# ------------------------------------------------------------------------------------------------ refusals and races


def test_a_conflicting_transaction_is_tried_again(stage: Stage) -> None:
    """TransactionConflict says nothing about who is right, so nobody is told."""
    stage.refuse(2, "TransactionConflict", "TransactionConflict")
    committed = stage.store.commit(Commit("ada", NOW, (a_put(0),)))
    assert (committed.seq, len(stage.waits)) == (1, 2)


def test_a_lost_race_for_the_seq_is_tried_again_with_a_new_look(stage: Stage) -> None:
    """Somebody commits between our look and our transaction."""
    other = [Commit("ada", NOW, (Put("alarm", "other", {}),))]

    def before(operation: str, _: Request) -> None:
        if operation == "TransactWriteItems" and other:
            stage.store.commit(other.pop())

    stage.connection.before = before
    assert stage.store.commit(Commit("ada", NOW, (a_put(0),))).seq == 2


def test_a_document_written_between_look_and_transaction_is_no_conflict_for_who_expects_nothing(stage: Stage) -> None:
    """The last writer wins, on top of the other's version."""
    other = [Commit("ada", NOW, (a_put(label="theirs"),))]

    def before(operation: str, _: Request) -> None:
        if operation == "TransactWriteItems" and other:
            stage.store.commit(other.pop())

    stage.connection.before = before
    committed = stage.store.commit(Commit("ada", NOW, (a_put(label="ours"),)))
    assert (committed.documents[0].version, committed.documents[0].fields) == (2, {"label": "ours"})


def test_races_without_end_become_unavailable(stage: Stage) -> None:
    """The number of tries is bounded."""
    stage.refuse(99, "TransactionConflict", None)
    with pytest.raises(Unavailable) as raised:
        stage.store.commit(Commit("ada", NOW, (a_put(0),)))
    assert (raised.value.code, stage.operations().count("GetItem")) == ("busy", 5)


def test_a_throttled_transaction_is_tried_again(stage: Stage) -> None:
    """Throughput is a matter of moments."""
    stage.refuse(1, None, "ThrottlingError")
    assert stage.store.commit(Commit("ada", NOW, (a_put(0),))).seq == 1


@pytest.mark.parametrize(
    ("codes", "expected"),
    [
        # In sending order: the cleared timer, the document, the moved timer, the claim, the root.
        (("ConditionalCheckFailed", None, None, None, "ConditionalCheckFailed"), "lost_timer"),
        ((None, "ConditionalCheckFailed", None, None, None), "stale_version"),
        ((None, None, "ConditionalCheckFailed", None, None), "lost_timer"),
        ((None, None, None, "ConditionalCheckFailed", "TransactionConflict"), "lost_claim"),
        ((None, "ConditionalCheckFailed", None, "ConditionalCheckFailed", None), "lost_claim"),
        ((None, "ConditionalCheckFailed", "ConditionalCheckFailed", None, None), "lost_timer"),
    ],
)
def test_each_refused_step_is_told_apart(stage: Stage, codes: tuple[str | None, ...], expected: str) -> None:
    """What is lost for good is told at once, even when the seq was raced for as well."""
    stage.refuse(1, *codes)
    with pytest.raises(Conflict) as raised:
        stage.store.commit(
            Commit(
                "ada",
                NOW,
                (a_put(3),),
                (TimerChange("a", a_timer("a"), a_timer("a")), TimerChange("b", None, a_timer("b"))),
                (ClaimChange("key", "ada", {}, NOW + timedelta(days=1)),),
            )
        )
    assert raised.value.code == expected


def test_of_two_lost_timers_the_one_that_was_named_first_is_told(stage: Stage) -> None:
    """Whatever the order in which DynamoDB hears of them."""
    ring, ladder = a_timer("ring"), replace(a_timer("ladder"), purpose="ladder")
    with pytest.raises(Conflict, match="The ring timer"):
        stage.store.commit(Commit("ada", NOW, (), (TimerChange("ring", ring, ring), TimerChange("ladder", None, ladder))))
    with pytest.raises(Conflict, match="The ladder timer"):
        stage.store.commit(Commit("ada", NOW, (), (TimerChange("ladder", None, ladder), TimerChange("ring", ring, ring))))


@pytest.mark.parametrize(
    ("code", "expected"), [("ItemCollectionSizeLimitExceeded", TooLarge), ("ValidationError", TooLarge)]
)
def test_a_step_that_is_too_large_says_so(stage: Stage, code: str, expected: type[SmartAlarmError]) -> None:
    """No retry helps."""
    stage.refuse(1, code, None)
    with pytest.raises(expected):
        stage.store.commit(Commit("ada", NOW, (a_put(0),)))


def test_a_document_over_the_limit_is_refused_before_it_is_sent(stage: Stage) -> None:
    """An item holds 400 KB; the text counts in UTF-8."""
    with pytest.raises(TooLarge):
        stage.store.commit(Commit("ada", NOW, (a_put(0, text="ü" * 210_000),)))
    stage.store.commit(Commit("ada", NOW, (a_put(0, text="u" * 390_000),)))
    assert stage.store.seq("ada") == 1


def test_documents_that_are_too_large_together_are_refused(stage: Stage) -> None:
    """A transaction holds 4 MB, packed; what says the same over and over is packed well, this is not."""
    text = SystemEntropy().token(285_000)
    writes = tuple(Put("alarm", str(number), {"text": text}) for number in range(20))
    with pytest.raises(TooLarge):
        stage.store.commit(Commit("ada", NOW, writes))


def test_more_than_a_hundred_changes_are_a_mistake_of_the_caller(stage: Stage) -> None:
    """DynamoDB takes no more in one transaction."""
    timers = tuple(TimerChange(str(number), a_timer(str(number))) for number in range(100))
    with pytest.raises(ValueError, match="at most 100"):
        stage.store.commit(Commit("ada", NOW, (), timers))


def test_a_name_that_no_key_can_hold_is_refused_for_writing_and_absent_for_reading(stage: Stage) -> None:
    """A sort key holds 1,024 bytes; PostgreSQL knows no NUL, so no store takes one."""
    for name in ("x" * 1_000, "\0", "\ud800"):
        with pytest.raises(SmartAlarmError) as raised:
            stage.store.commit(Commit("ada", NOW, (Put("alarm", name, {}),)))
        assert raised.value.code == "invalid"
        with pytest.raises(NotFound):
            stage.store.get("ada", "alarm", name)
        assert stage.store.claim(name, now=NOW) is None


# ------------------------------------------------------------------------------------------------ single items


def test_a_write_that_meets_a_transaction_is_tried_again(stage: Stage) -> None:
    """TransactionConflictException on a single item: a tick marks a timer while a commit touches it."""
    stage.store.commit(Commit("ada", NOW, (), (TimerChange("ring", a_timer("ring")),)))
    left = [2]

    def before(operation: str, _: Request) -> None:
        if operation == "UpdateItem" and left[0]:
            left[0] -= 1
            cause = VerboseClientError({"Error": {"Code": "TransactionConflictException"}}, operation)
            raise UpdateError("Failed", cause)

    stage.connection.before = before
    assert [timer.id for timer in stage.store.take_due(now=NOW, until=NOW, limit=9)] == ["ring"]


def unprocessed(operation: str, part: str, times: int) -> Callable[[str, Request], Request | None]:
    """A service that leaves a batch undone so many times."""
    left = [times]

    def before(asked: str, request: Request) -> Request | None:
        if asked != operation or not left[0]:
            return None
        left[0] -= 1
        return {part: request["RequestItems"]}

    return before


def test_keys_that_were_left_unread_are_asked_for_again(stage: Stage) -> None:
    """A throttled batch gives back what it did not do."""
    stage.store.commit(Commit("ada", NOW, (a_put(0),)))
    stage.connection.before = unprocessed("BatchGetItem", "UnprocessedKeys", 2)
    assert list(stage.store.read([Key("ada", "alarm", "1"), Key("ada", "alarm", "2")])) == [Key("ada", "alarm", "1")]
    assert len(stage.waits) == 2


def test_keys_that_stay_unread_become_unavailable(stage: Stage) -> None:
    """Never a partial answer."""
    stage.connection.before = unprocessed("BatchGetItem", "UnprocessedKeys", 99)
    with pytest.raises(Unavailable):
        stage.store.read([Key("ada", "alarm", "1"), Key("ada", "alarm", "2")])


def test_items_that_were_left_undeleted_are_deleted_again(stage: Stage) -> None:
    """An erase ends only when all is gone."""
    stage.store.commit(Commit("ada", NOW, (a_put(0),)))
    stage.connection.before = unprocessed("BatchWriteItem", "UnprocessedItems", 2)
    stage.store.erase("ada")
    assert stage.store.read([Key("ada", "alarm", "1")]) == {}


# ------------------------------------------------------------------------------------------------ indexes that lag


def lagging(index: str, stale: list[Request]) -> Callable[[str, Request], Request | None]:
    """An index that shows what it was told, whatever the table holds by now."""

    def before(operation: str, request: Request) -> Request | None:
        if operation != "Query" or request.get("IndexName") != index:
            return None
        hash_value = next(iter(request["ExpressionAttributeValues"].values()))
        items = [item for item in stale if hash_value in item.values()]
        return {"Items": items, "Count": len(items)}

    return before


def test_erasing_finds_lasting_claims_that_the_index_does_not_show_yet(stage: Stage) -> None:
    """An address claimed a moment before the erase is free again after it."""
    stage.store.commit(Commit("ada", NOW, claims=(ClaimChange("email", "ada", {}),)))
    stage.store.change_claim(ClaimChange("passkey", "ada", {}), now=NOW)
    stage.connection.before = lagging("by_lookup", [])
    stage.store.erase("ada")
    assert [stage.store.claim(key, now=NOW) for key in ("email", "passkey")] == [None, None]


def test_erasing_leaves_a_claim_that_somebody_else_has_by_now(stage: Stage) -> None:
    """A mark, or a late index, may name a claim that has changed hands."""
    stage.store.commit(Commit("ada", NOW, claims=(ClaimChange("email", "ada", {}),)))
    stage.store.change_claim(ClaimChange("email", "grace", {}, expected=1), now=NOW)
    stage.store.erase("ada")
    claim = stage.store.claim("email", now=NOW)
    assert claim is not None
    assert claim.owner == "grace"


def test_a_timer_that_was_moved_meanwhile_is_not_handed_over(stage: Stage) -> None:
    """The index still shows the old instant; the timer itself decides."""
    stage.store.commit(Commit("ada", NOW, (), (TimerChange("ring", a_timer("ring")), TimerChange("gone", a_timer("gone")))))
    shown: list[Request] = []

    def watch(operation: str, request: Request) -> Request | None:
        if operation == "TransactWriteItems":
            shown.extend(step["Put"]["Item"] for step in request["TransactItems"] if "Put" in step)
        return None

    stage.connection.before = watch
    ring = a_timer("ring")
    stage.store.commit(Commit("ada", NOW, (), (TimerChange("ring", ring), TimerChange("gone", a_timer("gone")))))
    later = replace(ring, due_at=NOW + timedelta(hours=1), revision=2)
    stage.connection.before = None
    stage.store.commit(Commit("ada", NOW, (), (TimerChange("ring", later, ring), TimerChange("gone", None))))
    stage.connection.before = lagging("by_due", shown)
    assert len(shown) == 2
    assert stage.store.take_due(now=NOW, until=NOW, limit=9) == []
    assert stage.store.timers("ada") == [later]


def test_a_document_written_between_the_two_looks_of_the_feed_is_not_lost(stage: Stage) -> None:
    """The index names its old place; it is left out there and follows at its new one."""
    stage.store.commit(Commit("ada", NOW, (a_put(0), replace(a_put(0), id="2"))))
    again = [Commit("ada", NOW, (a_put(1),))]

    def before(operation: str, _: Request) -> None:
        if operation == "BatchGetItem" and again:
            stage.store.commit(again.pop())

    stage.connection.before = before
    first = stage.store.changes("ada", Cursor(), 10)
    assert ([document.id for document in first.items], first.cursor, first.more) == (["2"], Cursor(1, "alarm", "2"), True)
    second = stage.store.changes("ada", first.cursor, 10)
    assert ([(document.id, document.seq) for document in second.items], second.more) == ([("1", 2)], False)


# ------------------------------------------------------------------------------------------------ keeping house


def test_purge_goes_on_where_the_last_call_stopped(stage: Stage) -> None:
    """One call reads a bounded part of the table; several reach its end."""
    for number in range(7):
        change = ClaimChange(f"ticket:{number}", "ada", {}, NOW + timedelta(seconds=30))
        stage.store.change_claim(change, now=NOW)
    later = NOW + timedelta(minutes=1)
    assert [stage.store.purge(now=later, limit=3) for _ in range(4)] == [3, 3, 1, 0]


def test_erasing_spares_the_connections_for_whoever_closes_them(endpoint: str) -> None:
    """Sockets are no part of the store; `forget_user` takes both items of each."""
    with fresh_table(endpoint) as (table, _):
        connections, store = DynamoConnections(table), DynamoStore(table)
        connections.open(Connection("c1", "ada", "phone", NOW))
        connections.saw("ada", "phone", at=NOW)
        store.erase("ada")
        assert connections.find("c1") == Connection("c1", "ada", "phone", NOW)
        connections.forget_user("ada")
        assert (connections.find("c1"), connections.of(["ada"]), connections.last_seen("ada")) == (None, {}, {})
