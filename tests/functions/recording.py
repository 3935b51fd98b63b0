"""A sleeper on the stage: recording nights through the front door."""

import math
from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Any
from uuid import UUID

from smartalarm import ports
from smartalarm.adapters.memory import MemoryStager
from smartalarm.instants import instant_to_text
from tests.stage import Stage


def session_id(number: int = 1) -> str:
    """A session's id, the same for the same number."""
    return str(UUID(int=number, version=4))


def sleeper(replacing: Mapping[type, Callable[[], Any]] | None = None, *, consents: bool = True, **settings: Any) -> Stage:
    """A stage with one signed-in user."""
    stage = Stage({ports.SleepStager: MemoryStager, **(replacing or {})}, **settings)
    stage.sign_up()
    agree(stage, consents=consents)
    return stage


def agree(stage: Stage, *, consents: bool = True) -> None:
    """Agree to recording, or take it back."""
    stage.call("PATCH", "/me", {"settings": {"sleep_consent": consents}})


def night_of(length: int, first: int = 0) -> dict[str, Any]:
    """Some epochs: the sleeper turns over every ten minutes."""
    counts = [round(60 * (1 + math.sin(n)), 2) if n % 20 < 2 else 0 for n in range(first, first + length)]
    return {"first": first, "counts": counts, "heart_rate": [55 + n % 7 for n in range(first, first + length)]}


def begin(stage: Stage, hours_ago: float = 8, number: int = 1, status: int = 200, **fields: Any) -> Any:
    """Begin a session so long ago, to the second."""
    start = stage.clock.now() - timedelta(hours=hours_ago)
    body = {"start": instant_to_text(start), "epoch_seconds": 30, "source": "wrist", "time_zone": "Europe/Madrid"}
    return stage.call("PUT", f"/sleep/sessions/{session_id(number)}", {**body, **fields}, status=status)


def send(stage: Stage, batch: dict[str, Any], number: int = 1, status: int = 200) -> Any:
    """Send some epochs."""
    return stage.call("POST", f"/sleep/sessions/{session_id(number)}/epochs", batch, status=status)


def finish(stage: Stage, number: int = 1, status: int = 200) -> Any:
    """End the session."""
    return stage.call("POST", f"/sleep/sessions/{session_id(number)}/finish", {}, status=status)


def show(stage: Stage, number: int = 1, *, query: str = "", status: int = 200) -> Any:
    """The session."""
    return stage.call("GET", f"/sleep/sessions/{session_id(number)}{query}", status=status)


def whole_night(stage: Stage, hours_ago: float = 8, number: int = 1, length: int = 960) -> Any:
    """A recorded and finished night."""
    begin(stage, hours_ago, number)
    send(stage, night_of(length), number)
    finish(stage, number)
    return show(stage, number)


def listed(stage: Stage, query: str = "") -> list[str]:
    """The ids of the sessions, as the list has them."""
    return [one["id"] for one in stage.call("GET", f"/sleep/sessions{query}")["items"]]
