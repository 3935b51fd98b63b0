"""The burst on APScheduler 3, as one would build it: jobs in SQLite, a thread pool, encryption and posting in the job.

    python -m tests.bench.rival_apscheduler < job.json

A job: {"database", "subscriptions", "allowed_host", "due_at"}. Prints "loaded" when every job is stored, then runs until
its standard input closes. It posts with our own Web Push adapter, so what differs is the scheduler alone.
"""

import json
import os
import sys
from datetime import UTC, datetime
from functools import cache
from typing import Any

import sqlalchemy as sa
from apscheduler.executors.pool import ThreadPoolExecutor
from apscheduler.jobstores.sqlalchemy import SQLAlchemyJobStore
from apscheduler.schedulers.background import BackgroundScheduler

from smartalarm.adapters.clock import SystemClock
from smartalarm.adapters.webpush import WebPushService, generate_vapid_keys
from smartalarm.ports import PushMessage, Subscription

WORKERS = 20  # as in the example of its user guide
JOB = "tests.bench.rival_apscheduler:ring"  # jobs are stored by name
BODY = b"x" * 600  # a ring message is about as long


@cache
def service() -> WebPushService:
    """One per process."""
    allowed = os.environ["PUSH_ALLOWED_HOSTS"].split(",")
    return WebPushService(generate_vapid_keys()[1], "mailto:admin@alarm.example", allowed, clock=SystemClock())


def ring(endpoint: str, p256dh: str, auth: str) -> None:
    """The job: encrypt, sign, post."""
    message = PushMessage(Subscription(endpoint, p256dh, auth), BODY, "topic", 600)
    (result,) = service().send([service().prepare(message, now=datetime.now(UTC))])
    if result.outcome != "accepted":
        raise RuntimeError(result.detail)


def main() -> None:
    """Load the jobs, ring, wait for the end of the input."""
    job: dict[str, Any] = json.loads(sys.stdin.readline())
    os.environ["PUSH_ALLOWED_HOSTS"] = job["allowed_host"]
    durability = ["OFF"]  # loading is not measured, so it need not wait for the disk
    engine = sa.create_engine(f"sqlite:///{job['database']}")
    sa.event.listen(engine, "connect", lambda driver, _: driver.execute("PRAGMA journal_mode = WAL"))
    sa.event.listen(engine, "connect", lambda driver, _: driver.execute(f"PRAGMA synchronous = {durability[-1]}"))
    scheduler = BackgroundScheduler(
        jobstores={"default": SQLAlchemyJobStore(engine=engine)},
        executors={"default": ThreadPoolExecutor(WORKERS)},
        job_defaults={"misfire_grace_time": 3600},
        timezone=UTC,
    )
    service().warm_up()  # as our host does
    due_at = datetime.fromisoformat(job["due_at"])
    scheduler.start(paused=True)
    for made in job["subscriptions"]:
        keys = made["keys"]
        scheduler.add_job(JOB, "date", run_date=due_at, args=(made["endpoint"], keys["p256dh"], keys["auth"]))
    durability.append("FULL")  # as ours
    engine.dispose()
    print("loaded", flush=True)  # noqa: T201 - the program's output
    scheduler.resume()
    sys.stdin.read()
    os._exit(0)  # what still waits in the pool is of no interest any more


if __name__ == "__main__":
    main()
