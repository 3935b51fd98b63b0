"""SQL engines: time-outs, settings of each connection, readers that never wait, connections that die."""

import sqlite3
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import psycopg
import pytest
import sqlalchemy as sa

from smartalarm.adapters.sql import Engine, Limits, SqlConnections, SqlCounters, SqlStore, open_engine
from smartalarm.adapters.sql.errors import Raced
from smartalarm.adapters.sql.migrations import migrate
from smartalarm.errors import SmartAlarmError, Unavailable
from smartalarm.ports import Claim, ClaimChange, Commit, Committed, Cursor, Put
from tests.contract.samples import NOW, new_user, save
from tests.servers.sql_databases import KINDS, empty_database

QUICK = Limits(statement_seconds=0.5, lock_seconds=0.2, connect_seconds=2)
FOREVER = {
    "sqlite": "WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n) SELECT count(*) FROM n",
    "postgresql": "SELECT pg_sleep(60)",
}


@pytest.fixture(params=KINDS)
def url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """A database with its tables."""
    with empty_database(request.param, tmp_path) as url:
        engine = open_engine(url)
        migrate(engine)
        engine.close()
        yield url


@pytest.fixture
def engine(url: str) -> Iterator[Engine]:
    """An engine that loses patience quickly."""
    engine = open_engine(url, QUICK)
    yield engine
    engine.close()


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """A SQLite file with its tables."""
    path = tmp_path / "store.db"
    engine = open_engine(f"sqlite:///{path}")
    migrate(engine)
    engine.close()
    return path


# ------------------------------------------------------------------------------------------------ URLs


@pytest.mark.parametrize(
    ("url", "kind"),
    [
        ("sqlite:////tmp/x.db", "sqlite"),
        ("SQLITE:///x.db", "sqlite"),
        ("postgresql://u:p@localhost/db", "postgresql"),
        ("postgres://u:p@localhost/db", "postgresql"),
        ("postgresql+psycopg://u:p@localhost/db?sslmode=require&connect_timeout=3", "postgresql"),
    ],
)
def test_a_url_names_its_database(url: str, kind: str) -> None:
    """Nothing is connected before it is used."""
    engine = open_engine(url)
    assert (engine.dialect.name, engine.dialect.driver) == (kind, {"sqlite": "pysqlite"}.get(kind, "psycopg"))
    engine.close()


@pytest.mark.parametrize(
    "url", ["", "nonsense", "mysql://u:secret@h/d", "sqlite://", "sqlite:///:memory:", "postgresql://u:secret@h:port/d"]
)
def test_a_url_that_cannot_be_used_is_refused_without_telling_its_password(url: str) -> None:
    """At the start, in one line."""
    with pytest.raises(ValueError, match=r"\S") as caught:
        open_engine(url)
    assert "secret" not in str(caught.value)
    assert "\n" not in str(caught.value)


# ------------------------------------------------------------------------------------------------ time-outs


def test_a_statement_that_takes_too_long_is_stopped(engine: Engine) -> None:
    """Reading and writing alike, and the engine works on."""
    statement = sa.text(FOREVER[engine.dialect.name])
    runs: list[Callable[[], object]] = [
        lambda: engine.read(lambda connection: connection.execute(statement).all()),
        lambda: engine.write(lambda connection, _: connection.execute(statement).all()),
    ]
    for run in runs:
        started = time.monotonic()
        with pytest.raises(Unavailable):
            run()
        assert time.monotonic() - started < 10
    store = SqlStore(engine)
    assert save(store, new_user(store), "alarm", "a").seq == 1


def test_a_row_that_somebody_holds_for_long_makes_unavailable(engine: Engine, url: str) -> None:
    """Not a request that hangs."""
    store = SqlStore(engine)
    user = new_user(store)
    other = open_engine(url)

    def hold(connection: sa.Connection, _: int) -> None:
        connection.execute(sa.text("UPDATE users SET seq = seq"))
        with pytest.raises(Unavailable):
            save(store, user, "alarm", "a")
        outcomes = store.commit_many([Commit(user, NOW, (Put("alarm", "a", {}),))])
        assert [type(outcome) for outcome in outcomes] == [Unavailable]
        with pytest.raises(Unavailable):
            store.erase(user)

    other.write(hold)
    other.close()
    assert save(store, user, "alarm", "a").seq == 1


def test_readers_do_not_wait_for_a_writer(engine: Engine, url: str) -> None:
    """They see the state before it, at once, while another process is in the middle of writing."""
    store = SqlStore(engine)
    user = new_user(store)
    save(store, user, "alarm", "a", n=1)
    other = open_engine(url)

    def hold(connection: sa.Connection, _: int) -> None:
        connection.execute(sa.text("UPDATE documents SET fields = :fields"), {"fields": '{"n":2}'})
        assert store.get(user, "alarm", "a").fields == {"n": 1}
        assert store.page(user, "alarm").items[0].fields == {"n": 1}

    other.write(hold)
    other.close()
    assert store.get(user, "alarm", "a").fields == {"n": 2}


@pytest.mark.parametrize(
    "url", ["postgresql://nobody@127.0.0.1:1/nothing", "sqlite:////nonexistent/folder/store.db"], indirect=False
)
def test_a_database_that_is_not_there_is_unavailable(url: str) -> None:
    """For every part, in little time."""
    engine = open_engine(url, QUICK)
    store = SqlStore(engine)
    calls: list[Callable[[], object]] = [
        store.ping,
        store.release_handed,
        lambda: store.get("anna", "alarm", "a"),
        lambda: store.take_due(now=NOW, until=NOW, limit=1),
        lambda: SqlCounters(engine).hit("key", 60, now=NOW),
        lambda: SqlConnections(engine).of(["anna"]),
    ]
    for call in calls:
        with pytest.raises(Unavailable):
            call()
    engine.close()


def test_a_database_without_tables_does_not_answer_a_ping(tmp_path: Path) -> None:
    """Ready means ready to serve."""
    engine = open_engine(f"sqlite:///{tmp_path / 'empty.db'}")
    with pytest.raises(Unavailable):
        SqlStore(engine).ping()
    engine.close()


# ------------------------------------------------------------------------------------------------ transactions


def test_a_transaction_that_raced_is_run_again_and_what_it_wrote_before_is_undone(engine: Engine) -> None:
    """Up to a bound; then it is Unavailable."""
    erase = sa.text("INSERT INTO users (id, seq, is_erased) VALUES (:id, 0, 1)")
    attempts: list[int] = []

    def work(connection: sa.Connection, attempt: int) -> str:
        attempts.append(attempt)
        connection.execute(erase, {"id": f"user-{attempt}"})
        if attempt < 2:
            raise Raced
        return "done"

    assert engine.write(work) == "done"
    assert attempts == [0, 1, 2]
    names = sa.text("SELECT id FROM users")
    assert engine.read(lambda connection: connection.execute(names).scalars().all()) == ["user-2"]

    def never(_: sa.Connection, __: int) -> None:
        raise Raced

    with pytest.raises(Unavailable):
        engine.write(never)


def test_a_mistake_inside_a_transaction_undoes_it_and_comes_through(engine: Engine) -> None:
    """And the next transaction finds a clean connection."""

    def work(connection: sa.Connection, _: int) -> None:
        connection.execute(sa.text("INSERT INTO users (id, seq, is_erased) VALUES ('anna', 0, 0)"))
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        engine.write(work)
    assert SqlStore(engine).commit(Commit("anna", NOW, creates_user=True)) == Committed(0, ())


def test_a_snapshot_sees_one_state(engine: Engine) -> None:
    """Bulk reads take several statements; what is committed between them is not seen."""
    store = SqlStore(engine)
    user = new_user(store)
    count = sa.text("SELECT count(*) FROM documents")

    def read(connection: sa.Connection) -> tuple[int, int]:
        before = connection.execute(count).scalar_one()
        save(store, user, "alarm", f"a{time.monotonic_ns()}")
        return before, connection.execute(count).scalar_one()

    assert engine.read(read, is_snapshot=True) == (0, 0)
    assert engine.read(read) == (1, 2)


def test_one_commit_that_no_column_can_hold_fails_alone(engine: Engine) -> None:
    """Whoever shares its transaction is stored."""
    store = SqlStore(engine)
    fine, wrong = new_user(store), new_user(store)
    outcomes = store.commit_many(
        [Commit(user, NOW, (Put("alarm", name, {}),)) for user, name in ((fine, "a"), (wrong, "a\0b"))]
    )

    assert isinstance(outcomes[0], Committed)
    if engine.dialect.name == "postgresql":
        assert type(outcomes[1]) is SmartAlarmError
    assert [document.id for document in store.page(fine, "alarm").items] == ["a"]


def test_two_processes_may_write_the_same_users_at_once(url: str) -> None:
    """Each with its own engine and its own batches: everybody gets through, and no seq is given twice."""
    engines = [open_engine(url), open_engine(url)]
    stores = [SqlStore(engine) for engine in engines]
    users = [new_user(stores[0]) for _ in range(4)]
    start = threading.Barrier(6)
    outcomes: list[Committed | SmartAlarmError] = []
    versions: list[Claim | None] = []

    def write(number: int) -> None:
        store = stores[number % 2]
        start.wait(10)
        for index in range(10):
            put = Put("alarm", f"{number}-{index}", {})
            order = users if number % 3 else users[::-1]
            if index % 2:
                outcomes.extend(store.commit_many([Commit(user, NOW, (put,)) for user in order]))
            else:
                outcomes.extend(store.commit(Commit(user, NOW, (put,))) for user in order)
            versions.append(store.change_claim(ClaimChange("key", "", {}, expected=None), now=NOW))
            store.take_due(now=NOW, until=NOW, limit=10)

    threads = [threading.Thread(target=write, args=(number,)) for number in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)

    assert [type(outcome) for outcome in outcomes] == [Committed] * (6 * 10 * len(users))
    assert sorted(claim.version for claim in versions if claim) == list(range(1, 61))
    for user in users:
        feed = stores[0].changes(user, Cursor(), 1000).items
        assert [document.seq for document in feed] == list(range(1, 61))
    for engine in engines:
        engine.close()


# ------------------------------------------------------------------------------------------------ PostgreSQL


def test_connections_that_the_server_closed_are_replaced_unnoticed(tmp_path: Path) -> None:
    """After a failover or a restart nobody sees an error for it."""
    with empty_database("postgresql", tmp_path) as url:
        engine = open_engine(url)
        migrate(engine)
        store = SqlStore(engine)
        user = new_user(store)
        save(store, user, "alarm", "a")
        calls: list[Callable[[], int]] = [
            lambda: store.get(user, "alarm", "a").version,
            lambda: save(store, user, "alarm", "b").seq - 1,
            lambda: len(store.changes(user, store.changes(user, Cursor(), 1).cursor, 9).items),
        ]
        for call in calls:
            with psycopg.connect(url, autocommit=True) as admin:
                admin.execute(
                    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                    " WHERE datname = current_database() AND pid <> pg_backend_pid()"
                )
            assert call() == 1
        engine.close()


# ------------------------------------------------------------------------------------------------ SQLite


def test_every_sqlite_connection_is_durable_patient_and_in_wal(file: Path) -> None:
    """The settings belong to the connection, so each one is asked; readers cannot write."""
    engine = open_engine(f"sqlite:///{file}")
    names = ("journal_mode", "synchronous", "busy_timeout", "query_only")

    def settings(connection: sa.Connection, _: int = 0) -> list[object]:
        return [connection.exec_driver_sql(f"PRAGMA {name}").scalar() for name in names]

    assert engine.write(settings) == ["wal", 2, 5000, 0]
    together = threading.Barrier(3)
    seen: list[list[object]] = []

    def read(connection: sa.Connection) -> None:
        together.wait(10)
        seen.append(settings(connection))

    threads = [threading.Thread(target=engine.read, args=(read,)) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(10)
    assert seen == [["wal", 2, 5000, 1]] * 3
    engine.close()


def test_a_closed_sqlite_engine_leaves_one_whole_file(file: Path) -> None:
    """The log is merged into the file, so that a copy of it is a backup."""
    engine = open_engine(f"sqlite:///{file}")
    store = SqlStore(engine)
    user = new_user(store)
    save(store, user, "alarm", "a")
    store.get(user, "alarm", "a")
    engine.close()

    assert [path.name for path in file.parent.iterdir()] == ["store.db"]
    with sqlite3.connect(file) as plain:
        assert plain.execute("SELECT id FROM documents").fetchall() == [("a",)]
    plain.close()


def test_a_sqlite_file_that_cannot_be_written_is_unavailable_and_still_read(file: Path) -> None:
    """A full disk or a lost permission stops writes, not answers."""
    engine = open_engine(f"sqlite:///{file}", QUICK)
    store = SqlStore(engine)
    user = new_user(store)
    save(store, user, "alarm", "a")

    def fill(connection: sa.Connection, _: int) -> None:
        connection.exec_driver_sql("PRAGMA max_page_count = 1")  # SQLite's own way to say: the disk is full

    engine.write(fill)
    with pytest.raises(Unavailable):
        save(store, user, "alarm", "b", large="x" * 200_000)
    assert (store.seq(user), store.count(user, "alarm")) == (1, 1)
    engine.write(lambda connection, _: connection.exec_driver_sql("PRAGMA max_page_count = 1000000"))
    assert save(store, user, "alarm", "b").seq == 2
    engine.close()
