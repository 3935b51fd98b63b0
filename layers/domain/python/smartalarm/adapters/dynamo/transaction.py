"""One transaction: its steps, and what it means when DynamoDB refuses it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from pynamodb.expressions.condition import Condition
from pynamodb.expressions.update import Action

from smartalarm.adapters.dynamo.driver import Item, Table
from smartalarm.adapters.dynamo.failures import Cancelled, Raced, Reason, refusal_to_error
from smartalarm.errors import SmartAlarmError, TooLarge

MAX_STEPS = 100
_ORDER = ("check", "delete", "put", "update")  # in which pynamodb sends them, hence that of the reasons
_ORDER_OF_LOSSES = ("user_exists", "lost_timer", "lost_claim", "stale_version")  # which one is told when several are lost
_RACES = ("TransactionConflict", "ThrottlingError", "ProvisionedThroughputExceeded")


@dataclass(frozen=True, slots=True)
class _Step:
    action: str
    request: dict[str, Any]
    loss: SmartAlarmError | None


class Transaction:
    """Steps that happen all or not at all, at most a hundred. `loss` is what a failed condition means to the caller.

    Without a `loss` it means that only our own assumption was wrong: look again and try again.
    """

    def __init__(self, table: Table) -> None:
        self._table = table
        self._steps: list[_Step] = []

    def put(self, item: Item, condition: Condition | None = None, loss: SmartAlarmError | None = None) -> None:
        """Write an item whole."""
        payload = {name: value for name, value in item.items() if name not in ("PK", "SK")}
        self._add("put", item["PK"]["S"], item["SK"]["S"], loss, key="Item", attributes=payload, condition=condition)

    def update(self, pk: str, sk: str, actions: Sequence[Action], condition: Condition) -> None:
        """Change an item."""
        self._add("update", pk, sk, None, actions=actions, condition=condition)

    def delete(self, pk: str, sk: str, condition: Condition | None = None, loss: SmartAlarmError | None = None) -> None:
        """Remove an item, if it is there."""
        self._add("delete", pk, sk, loss, condition=condition)

    def check(self, pk: str, sk: str, condition: Condition) -> None:
        """Only look whether the condition holds."""
        self._add("check", pk, sk, None, condition=condition)

    def send(self) -> None:
        """Make it durable. Raises the loss of a step that failed for good, Raced when trying again is right.

        The request carries a token, so that the driver's repetition after a lost answer does not apply it twice.
        """
        if len(self._steps) > MAX_STEPS:
            raise ValueError(f"a commit makes at most {MAX_STEPS} changes in all, not {len(self._steps)}")
        steps = sorted(self._steps, key=lambda step: _ORDER.index(step.action))
        try:
            self._table.transact(*([s.request for s in steps if s.action == action] for action in _ORDER))
        except Cancelled as cancelled:
            reasons = {id(step): reason for step, reason in zip(steps, cancelled.reasons, strict=False) if reason}
            raise _meaning([(step, reasons[id(step)]) for step in self._steps if id(step) in reasons]) from cancelled

    def _add(self, action: str, pk: str, sk: str, loss: SmartAlarmError | None, **parts: Any) -> None:
        self._steps.append(_Step(action, self._table.request(pk, sk, **parts), loss))


def _meaning(refused: Sequence[tuple[_Step, Reason]]) -> SmartAlarmError | Raced:
    """What is lost for good comes first, even if a race was lost as well; of two timers the one named first."""
    losses = []
    for step, reason in refused:
        if reason.code in _RACES:
            continue
        if reason.code == "ItemCollectionSizeLimitExceeded":
            return TooLarge("One user's data are over 10 GB")
        if reason.code != "ConditionalCheckFailed":
            return refusal_to_error(reason.message)
        if step.loss is not None:
            losses.append(step.loss)
    if losses:
        return min(losses, key=lambda loss: _ORDER_OF_LOSSES.index(loss.code))
    return Raced()
