"""SQS batches for a consumer: all messages of a batch become one RingBatch; the ones that failed are named, alone."""

from typing import Any

from smartalarm.events import HandedTimer, RingBatch
from smartalarm.function import ConsumerFunction
from smartalarm.hosts.translate import log_failure
from smartalarm.ports import Timer
from smartalarm.ringing.messages import body_to_timers
from smartalarm.wiring import default_injector


def answer_batch(declaration: ConsumerFunction, event: dict[str, Any], request_id: str) -> dict[str, Any]:
    """Run the consumer; gives SQS's partial batch response (ReportBatchItemFailures).

    A body that cannot be read fails its message until the queue parks it; the others run. A timer that the consumer
    returns fails every message that carried it. If the consumer itself breaks, nothing counts as settled.
    """
    bearers: dict[tuple[str, str], list[str]] = {}
    attempts: dict[Timer, int] = {}
    failed: list[str] = []
    for record in event.get("Records") or []:
        message_id = str(record["messageId"])
        try:
            timers, attempt = body_to_timers(record["body"])
        except Exception as error:  # noqa: BLE001  whatever is wrong with it, only this message fails
            log_failure("message_unreadable", error, function=declaration.name, request_id=request_id, message_id=message_id)
            failed.append(message_id)
            continue
        for timer in timers:
            bearers.setdefault((timer.user, timer.id), []).append(message_id)
            # At least once: the same timer may come twice in one batch. It runs once.
            attempts[timer] = max(attempt, attempts.get(timer, 1))
    if attempts:
        batch = RingBatch(tuple(HandedTimer(timer, attempt) for timer, attempt in attempts.items()))
        for timer in _run(declaration, batch, request_id):
            failed += bearers.get((timer.user, timer.id), ())
    return {"batchItemFailures": [{"itemIdentifier": message_id} for message_id in dict.fromkeys(failed)]}


def _run(declaration: ConsumerFunction, batch: RingBatch, request_id: str) -> list[Timer]:
    """The timers that are not settled."""
    try:
        injector = default_injector()
        return list(declaration.call(batch, **injector.arguments(declaration.call)) or ())
    except Exception as error:  # noqa: BLE001  the one catch-all of this entry point
        log_failure("consumer_failed", error, function=declaration.name, request_id=request_id)
        return [handed.timer for handed in batch.handed]
