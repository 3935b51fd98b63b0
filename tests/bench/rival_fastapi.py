"""Creating an alarm as one would write it with FastAPI, SQLAlchemy and dateutil: the same work as ours, in one file.

    python -m tests.bench.rival_fastapi --port 8091 --database /tmp/rival.db --secret <JWT secret> --users <file of ids>

Per request: the bearer token is checked, the body validated (the rule too), the next occurrence computed, and the alarm, its
timer and the user's sequence number are written in one durable transaction.
"""

import argparse
import json
import uuid
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Any, Literal, Self
from zoneinfo import ZoneInfo

import jwt
import sqlalchemy as sa
import uvicorn
from dateutil.rrule import rrulestr
from fastapi import Depends, FastAPI, Header, HTTPException
from pydantic import BaseModel, Field, field_validator, model_validator
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column, sessionmaker

AUDIENCE = "smartalarm"


class Row(DeclarativeBase):
    """Base of the tables."""


class User(Row):
    """A user."""

    __tablename__ = "users"
    id: Mapped[str] = mapped_column(primary_key=True)
    seq: Mapped[int] = mapped_column(default=0)


class AlarmRow(Row):
    """An alarm."""

    __tablename__ = "alarms"
    id: Mapped[str] = mapped_column(primary_key=True)
    user_id: Mapped[str] = mapped_column(index=True)
    version: Mapped[int]
    seq: Mapped[int]
    fields: Mapped[dict[str, Any]] = mapped_column(sa.JSON)


class TimerRow(Row):
    """When an alarm is due next."""

    __tablename__ = "timers"
    id: Mapped[str] = mapped_column(primary_key=True)
    user_id: Mapped[str]
    due_at: Mapped[datetime] = mapped_column(index=True)


class ScheduleOut(BaseModel):
    """Wall times as iCalendar."""

    start: datetime
    rrule: str | None = None
    exdates: list[datetime] = Field([], max_length=500)
    rdates: list[datetime] = Field([], max_length=500)


class Schedule(ScheduleOut):
    """The same, checked."""

    @model_validator(mode="after")
    def check_rule(self) -> Self:
        """Refuse what dateutil cannot read."""
        if self.rrule is not None:
            rrulestr(self.rrule, dtstart=self.start)
        return self

    def next_at(self, zone: ZoneInfo, now: datetime) -> datetime | None:
        """The next instant."""
        local_now = now.astimezone(zone).replace(tzinfo=None)
        if self.rrule is None:
            wall = self.start if self.start >= local_now else None
        else:
            rule = rrulestr(self.rrule, dtstart=self.start, forceset=True)
            for excluded in self.exdates:
                rule.exdate(excluded)
            for added in self.rdates:
                rule.rdate(added)
            wall = rule.after(local_now, inc=True)
        return wall.replace(tzinfo=zone).astimezone(UTC) if wall else None


class Snooze(BaseModel):
    """Snoozing."""

    minutes: int = Field(9, ge=1, le=120)
    limit: int = Field(3, ge=0, le=50)


class Ring(BaseModel):
    """Ringing."""

    sound: str = Field("sunrise", max_length=50)
    ramp_seconds: int = Field(60, ge=0, le=600)
    vibrate: bool = True
    challenge: Literal["none", "math", "hold", "shake", "memory"] = "none"
    timeout_minutes: int = Field(10, ge=1, le=60)


class AlarmFields(BaseModel):
    """What body and answer share."""

    label: str = Field(min_length=1, max_length=200)
    enabled: bool = True
    schedule: ScheduleOut
    time_zone: str = "UTC"
    smart_wake_minutes: int = Field(0, ge=0, le=90)
    snooze: Snooze = Snooze()
    ring: Ring = Ring()
    category: str = Field("other", max_length=50)
    priority: Literal["low", "normal", "high", "critical"] = "normal"
    instructions: str = Field("", max_length=4000)
    tags: list[Annotated[str, Field(max_length=50)]] = Field([], max_length=20)


class AlarmIn(AlarmFields):
    """The body."""

    schedule: Schedule

    @field_validator("time_zone")
    @classmethod
    def check_zone(cls, name: str) -> str:
        """Refuse unknown zones."""
        ZoneInfo(name)
        return name


class AlarmOut(AlarmFields):
    """The answer; nothing in it is checked a second time."""

    id: str
    next_at: datetime | None
    version: int
    created_at: datetime
    updated_at: datetime


def make_app(engine: sa.Engine, secret: str) -> FastAPI:
    """The application."""
    app = FastAPI()
    sessions = sessionmaker(engine, expire_on_commit=False)

    def session() -> Iterator[Session]:
        with sessions() as opened:
            yield opened

    def current_user(authorization: Annotated[str, Header()]) -> str:
        try:
            claims = jwt.decode(authorization.removeprefix("Bearer "), secret, algorithms=["HS256"], audience=AUDIENCE)
        except jwt.PyJWTError:
            raise HTTPException(401) from None
        return str(claims["sub"])

    @app.post("/api/v1/alarms", status_code=201)
    def create_alarm(
        body: AlarmIn, user_id: Annotated[str, Depends(current_user)], db: Annotated[Session, Depends(session)]
    ) -> AlarmOut:
        now = datetime.now(UTC)
        next_at = body.schedule.next_at(ZoneInfo(body.time_zone), now)
        alarm = AlarmOut(
            **body.model_dump(), id=str(uuid.uuid4()), next_at=next_at, version=1, created_at=now, updated_at=now
        )
        raised = sa.update(User).where(User.id == user_id).values(seq=User.seq + 1).returning(User.seq)
        seq = db.execute(raised).scalar()
        if seq is None:
            raise HTTPException(401)
        db.add(AlarmRow(id=alarm.id, user_id=user_id, version=1, seq=seq, fields=alarm.model_dump(mode="json")))
        if next_at is not None:
            db.add(TimerRow(id=alarm.id, user_id=user_id, due_at=next_at.replace(tzinfo=None)))
        db.commit()
        return alarm

    return app


def open_database(path: str, user_ids: list[str]) -> sa.Engine:
    """As durable as ours, with the users in it."""
    engine = sa.create_engine(f"sqlite:///{path}", connect_args={"timeout": 30}, pool_size=40)
    set_up: Callable[..., None] = _set_up
    sa.event.listen(engine, "connect", set_up)
    Row.metadata.create_all(engine)
    with Session(engine) as db:
        db.add_all(User(id=user_id, seq=0) for user_id in user_ids)
        db.commit()
    return engine


def _set_up(driver: Any, _: object) -> None:
    driver.execute("PRAGMA journal_mode = WAL")
    driver.execute("PRAGMA synchronous = FULL")


def main() -> None:
    """Serve until a signal."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    for name in ("port", "database", "secret", "users"):
        parser.add_argument(f"--{name}", required=True)
    given = parser.parse_args()
    engine = open_database(given.database, json.loads(Path(given.users).read_text()))
    uvicorn.run(make_app(engine, given.secret), port=int(given.port), log_level="warning", access_log=False)


if __name__ == "__main__":
    main()
