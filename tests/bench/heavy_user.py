"""A heavy user's two weeks, put into a store: 200 alarms (which never ring) and 5,000 occurrences with their ledgers.

python -m tests.bench.heavy_user --data-dir <folder> --user <id>
"""

import argparse
from datetime import UTC, datetime, timedelta
from pathlib import Path

from smartalarm.adapters.sql import SqlStore, open_engine
from smartalarm.alarms.alarm import Alarm, NewAlarm
from smartalarm.alarms.schedule import Schedule
from smartalarm.alarms.zones import zone
from smartalarm.ports import Commit, Put, Store
from smartalarm.ringing.occurrence import Occurrence

ALARMS = 200
OCCURRENCES = 5_000


def main() -> None:
    """Put them into the database of a local host, which may be running."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data-dir", type=Path, required=True, help="the host's DATA_DIR")
    parser.add_argument("--user", required=True, help="whose they are: the id of an account")
    arguments = parser.parse_args()
    engine = open_engine(f"sqlite:///{arguments.data_dir.resolve() / 'smartalarm.db'}")
    try:
        live(SqlStore(engine), arguments.user)
    finally:
        engine.close()


def live(store: Store, user: str) -> None:
    """Two weeks of the heavy user, each ring with a ledger as a phone and a browser leave it."""
    now = datetime.now(UTC).replace(microsecond=0)
    for start in range(0, ALARMS, 20):
        puts = []
        for number in range(start, start + 20):
            wall = (now + timedelta(days=-20, minutes=7 * number)).replace(tzinfo=None)
            new = NewAlarm(label=f"Alarm {number}", schedule=Schedule(start=wall, rrule="FREQ=DAILY"))
            puts.append(_put(new.to_alarm(_id(number), now)))
        store.commit(Commit(user, now, writes=tuple(puts)))
    for start in range(0, OCCURRENCES, 20):
        rings = [_ring(number, now) for number in range(start, start + 20)]
        store.commit(Commit(user, now, writes=tuple(one.to_put(expected=0, keep_days=365) for one in rings)))


def _put(alarm: Alarm) -> Put:
    return Put("alarm", alarm.id, alarm.to_fields(), expected=0)


def _ring(number: int, now: datetime) -> Occurrence:
    alarm = NewAlarm(label=f"Alarm {number % ALARMS}", schedule=Schedule(start=datetime(2026, 1, 1))).to_alarm(  # noqa: DTZ001
        _id(number % ALARMS), now
    )
    at = now - timedelta(seconds=200 * number + 60)
    ring = Occurrence.of(alarm, at, zone("UTC")).note(at, "scheduled").claim().note(at, "claimed").release(at)
    for device in ("0198c2f2-6f5a-7cc1-8f3e-0a1b2c3d4e60", "0198c2f2-6f5a-7cc1-8f3e-0a1b2c3d4e61"):
        ring = ring.note(at, "sent", "push", device).note(at, "accepted", "201", device).note(at, "shown", None, device)
    return ring.dismiss(at, "0198c2f2-6f5a-7cc1-8f3e-0a1b2c3d4e60").note(at, "stop_sent", "push")


def _id(number: int) -> str:
    return f"0198c2f2-6f5a-7cc1-8f3e-{number:012x}"


if __name__ == "__main__":
    main()
