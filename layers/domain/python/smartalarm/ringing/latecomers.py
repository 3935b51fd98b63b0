"""Latecomers: whoever connects or registers while a ring is held ready hears it, too, right after its release."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from smartalarm.errors import SmartAlarmError
from smartalarm.ports import Telemetry
from smartalarm.ringing.around import Around, Audience
from smartalarm.ringing.delivery import Delivery, Envelope, Report
from smartalarm.ringing.occurrence import Occurrence


@dataclass(frozen=True)
class Released:
    """A ring that went out, to whom it was addressed when it was armed, and its report, which grows."""

    user: str
    occurrence: Occurrence
    audience: Audience
    report: Report


class Latecomers:
    """Sends after. Reading who is there costs nothing before the release, and only those who are new cost anything after."""

    def __init__(self, around: Around, delivery: Delivery, telemetry: Telemetry) -> None:
        self._around = around
        self._delivery = delivery
        self._telemetry = telemetry

    def join(self, released: Sequence[Released]) -> None:
        """Ring those who were not there when the rings were armed; the reports get their lines. A failure is logged."""
        try:
            self._join(released)
        except SmartAlarmError as error:  # they hear the next rung
            self._telemetry.problem("latecomers_not_rung", error, rings=len(released))

    def _join(self, released: Sequence[Released]) -> None:
        there = self._around.audiences([one.user for one in released])
        late = [
            (one, self._envelope(one, there[one.user], newcomers))
            for one in released
            if not (newcomers := there[one.user].beyond(one.audience)).is_empty
        ]
        for (one, _), report in zip(late, self._delivery.send([envelope for _, envelope in late]), strict=True):
            one.report.add(report)

    def _envelope(self, one: Released, there: Audience, newcomers: Audience) -> Envelope:
        """Prepared for everybody, because who else is there decides whether a backup device rings; sent to the new ones."""
        devices = {device.id for device in newcomers.devices}
        connections = {connection.id for connection in newcomers.connections}
        full = self._delivery.prepare(one.user, "ring", one.occurrence, there)
        return replace(
            full,
            pushes=tuple(push for push in full.pushes if push.device_id in devices),
            posts=tuple(post for post in full.posts if post[0].id in connections),
        )
