"""A whole night analyzed: in this process by the model alone, and as a request to the real local host.

960 epochs with heart rate, the night model, one thread; measured warm, as a server or a function that was called before is.
The model alone is held to its CPU time, which is its time on a machine that does nothing else.
"""

import http.client
import json
import random
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from smartalarm.adapters.onnx import OnnxStager
from smartalarm.ports import StagingMode
from smartalarm.sleep.metrics import night_metrics
from tests.bench.figures import Figure, Goal, percentile
from tests.bench.seeding import Seeding
from tests.servers.local_host import running_local_host

EPOCHS = 960
MODEL_MS, REQUEST_MS = 10.0, 60.0
ROUNDS, REQUESTS = 100, 200
SECRET = "a-benchmark-secret-of-more-than-32-characters"


def figures(say: Callable[[str], None]) -> list[Figure]:
    """Measured now; takes a quarter of a minute."""
    counts, beats = made_night()
    stager = OnnxStager()
    inside = {mode: _inside(stager, counts, beats, mode) for mode in ("night", "live")}
    say(f"sleep: the model alone {sorted(round(wall, 1) for _, wall in inside['night'])[:: ROUNDS // 5]} ms")
    requests = _requests(counts, beats)
    say(f"sleep: as a request {sorted(round(each, 1) for each in requests)[:: REQUESTS // 5]} ms")
    name = f"sleep: features, model and metrics of {EPOCHS} epochs"
    request = "sleep: POST /sleep/analyze of a night"
    night, live = ([percentile(times, 50) for times in zip(*inside[mode], strict=True)] for mode in ("night", "live"))
    return [
        Figure(f"{name}, CPU p50", night[0], "ms", goal=Goal("value", at_most=MODEL_MS)),
        Figure(f"{name}, by the clock p50", night[1], "ms"),
        Figure("sleep: the same by the live model, CPU p50", live[0], "ms"),
        Figure(f"{request}, p50", percentile(requests, 50), "ms"),
        Figure(f"{request}, p95", percentile(requests, 95), "ms", goal=Goal("value", at_most=REQUEST_MS)),
    ]


def made_night() -> tuple[list[float], list[float]]:
    """Mostly still, now and then not; a pulse that goes up and down in cycles."""
    chance = random.Random(960)  # noqa: S311  the same night every time
    counts = [round(max(0.0, chance.gauss(-40, 60)), 2) for _ in range(EPOCHS)]
    return counts, [round(chance.gauss(58 + 4 * (epoch // 90 % 2), 3), 1) for epoch in range(EPOCHS)]


def _inside(stager: OnnxStager, counts: list[float], beats: list[float], mode: StagingMode) -> list[tuple[float, float]]:
    """Milliseconds of each round, of all threads' CPU and by the clock; the first rounds are not counted."""
    found = []
    for number in range(ROUNDS + 5):
        started, cpu_before = time.perf_counter(), time.process_time()
        night_metrics(stager.stage(counts, beats, mode).stages)
        if number >= 5:
            found.append(((time.process_time() - cpu_before) * 1000, (time.perf_counter() - started) * 1000))
    return found


def _requests(counts: list[float], beats: list[float]) -> list[float]:
    """Milliseconds of each request of one client on one kept connection."""
    night: dict[str, Any] = {"start": "2030-01-06T22:00:00Z", "epoch_seconds": 30, "mode": "night", "source": "wrist"}
    body = json.dumps({**night, "counts": counts, "heart_rate": beats})
    found = []
    with tempfile.TemporaryDirectory() as folder:
        with Seeding(Path(folder), jwt_secret_key=SECRET) as seeding:
            (user,) = seeding.users(1)
        headers = {"authorization": f"Bearer {user.token}", "content-type": "application/json"}
        with running_local_host(Path(folder), JWT_SECRET_KEY=SECRET) as host:
            connection = http.client.HTTPConnection("127.0.0.1", host.port, timeout=30)
            for number in range(REQUESTS + 5):
                started = time.perf_counter()
                connection.request("POST", "/api/v1/sleep/analyze", body, headers)
                answer = connection.getresponse()
                content = answer.read()
                took = time.perf_counter() - started
                if answer.status != http.HTTPStatus.OK or len(json.loads(content)["epochs"]) != EPOCHS:
                    raise RuntimeError(f"analyze: {answer.status} {content[:300]!r}")
                if number >= 5:
                    found.append(took * 1000)
    return found
