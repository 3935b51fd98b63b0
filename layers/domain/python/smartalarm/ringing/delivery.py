"""Delivery: prepares everything that one occurrence sends to a user's devices, sends it, and reports line by line."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Final

from smartalarm.accounts.access import sign_answer_token
from smartalarm.errors import SmartAlarmError
from smartalarm.ports import (
    Clock,
    Connection,
    Connections,
    PreparedPush,
    PushMessage,
    PushService,
    Signer,
    Sockets,
    Telemetry,
)
from smartalarm.ringing.around import Audience
from smartalarm.ringing.device import Device
from smartalarm.ringing.notices import Kind, push_body, readiness_body, ring_message, stop_message, topic_of
from smartalarm.ringing.occurrence import Entry, Occurrence
from smartalarm.settings import Settings

STOP_TTL: Final = timedelta(minutes=10)
READINESS_TTL: Final = timedelta(hours=12)
ANSWER_SLACK: Final = timedelta(minutes=2)


Post = tuple[Connection, dict[str, Any]]
"""A message for one open socket."""


@dataclass(frozen=True)
class Push:
    """One prepared push, whom it is for and where it goes."""

    device_id: str
    endpoint: str
    prepared: PreparedPush


@dataclass(frozen=True)
class Envelope:
    """All that goes out for one occurrence at one moment. `problems` are ledger lines known before sending."""

    user: str
    kind: Kind
    pushes: tuple[Push, ...]
    posts: tuple[Post, ...]
    problems: tuple[Entry, ...] = ()


@dataclass
class Report:
    """What became of an envelope: ledger lines, pushes whose subscription is gone, pushes worth another try."""

    sent_at: datetime
    entries: list[Entry] = field(default_factory=list)
    lost: list[Push] = field(default_factory=list)
    retries: list[Push] = field(default_factory=list)
    retry_after_seconds: float = 0.0

    def add(self, later: "Report") -> None:
        """Take in what became of another envelope for the same occurrence."""
        self.entries += later.entries
        self.lost += later.lost
        self.retries += later.retries
        self.retry_after_seconds = max(self.retry_after_seconds, later.retry_after_seconds)


class Delivery:
    """Sends to devices. Preparing is slow and network-free; sending is quick and from memory."""

    def __init__(
        self,
        push: PushService,
        sockets: Sockets,
        connections: Connections,
        signer: Signer,
        clock: Clock,
        telemetry: Telemetry,
        settings: Settings,
    ) -> None:
        self._push = push
        self._sockets = sockets
        self._connections = connections
        self._signer = signer
        self._clock = clock
        self._telemetry = telemetry
        self._settings = settings

    def prepare(
        self,
        user: str,
        kind: Kind,
        occurrence: Occurrence,
        audience: Audience,
        *,
        by_device: str | None = None,
        rung: int = 0,
    ) -> Envelope:
        """Encrypt and sign for every device that this message concerns. A device that fails is a problem, not an error."""
        now = self._clock.now()
        devices = audience.devices
        with_backup = rung >= 2 or kind != "ring" or not any(d.ring == "always" and d.push_subscription for d in devices)  # noqa: PLR2004  the second rung: two minutes
        silent = {device.id for device in devices if kind != "test" and not device.is_rung(with_backup=with_backup)}
        problems: list[Entry] = []
        pushes: list[Push] = []
        for device in devices:
            if device.push_subscription is None or device.id in silent:
                continue
            try:
                message = self._message(user, kind, occurrence, device, rung, now)
                prepared = self._push.prepare(message, now=now)
                pushes.append(Push(device.id, device.push_subscription.endpoint, prepared))
            except SmartAlarmError as error:
                problems.append(Entry(at=now, event="failed", device_id=device.id, detail=error.detail))
            except Exception as error:  # noqa: BLE001  whatever is wrong with one device, the others ring
                self._telemetry.problem("push_not_prepared", error, device=device.id)
                detail = f"This device's message could not be made ({type(error).__name__})."
                problems.append(Entry(at=now, event="failed", device_id=device.id, detail=detail))
        posts: list[Post] = []
        if kind in {"ring", "stop", "missed"}:
            body = ring_message(occurrence, rung=rung) if kind == "ring" else stop_message(occurrence, by_device)
            heard = [c for c in audience.connections if kind != "ring" or c.device_id not in silent]
            posts = [(connection, body) for connection in heard]
        if kind == "ring" and not pushes and not posts:
            detail = "No device could be reached: none is connected and none has a push subscription."
            problems.append(Entry(at=now, event="no_device", detail=detail))
        return Envelope(user, kind, tuple(pushes), tuple(posts), tuple(problems))

    def prepare_readiness(self, user: str, device: Device, health: str, audience: Audience) -> Envelope:
        """Encrypt and sign, for these devices, the news that another one stopped answering."""
        now = self._clock.now()
        body = readiness_body(device.id, device.name, health)
        pushes: list[Push] = []
        for other in audience.devices:
            if other.push_subscription is None:
                continue
            subscription = other.push_subscription.to_subscription()
            topic = topic_of(f"readiness:{device.id}")
            message = PushMessage(subscription, body, topic, int(READINESS_TTL.total_seconds()), "normal")
            try:
                pushes.append(Push(other.id, subscription.endpoint, self._push.prepare(message, now=now)))
            except Exception as error:  # noqa: BLE001  whatever is wrong with one device, the others are told
                self._telemetry.problem("push_not_prepared", error, device=other.id)
        return Envelope(user, "readiness", tuple(pushes), ())

    def _message(
        self, user: str, kind: Kind, occurrence: Occurrence, device: Device, rung: int, now: datetime
    ) -> PushMessage:
        assert device.push_subscription is not None  # noqa: S101  prepare checked it
        timeout = timedelta(minutes=occurrence.ring.timeout_minutes)
        answer = None
        if kind in {"ring", "test"}:
            lifetime = int((max(occurrence.at - now, timedelta()) + timeout + ANSWER_SLACK).total_seconds())
            token = sign_answer_token(
                self._signer, user=user, occurrence_id=occurrence.id, device_id=device.id, now=now, lifetime_seconds=lifetime
            )
            answer = {"url": f"{self._settings.public_url}/api/v1/occurrences/{occurrence.id}", "token": token}
        return PushMessage(
            subscription=device.push_subscription.to_subscription(),
            body=push_body(kind, occurrence, rung=rung, answer=answer),
            topic=topic_of(occurrence.id),
            ttl_seconds=int((timeout if kind == "ring" else STOP_TTL).total_seconds()),
        )

    def send(self, envelopes: Sequence[Envelope]) -> list[Report]:
        """Send all of them side by side; one report each, in order."""
        reports = [Report(self._clock.now(), list(envelope.problems)) for envelope in envelopes]
        posts = [(index, post) for index, envelope in enumerate(envelopes) for post in envelope.posts]
        gone = self._post(posts, reports) if posts else []
        pushes = [(index, push) for index, envelope in enumerate(envelopes) for push in envelope.pushes]
        self._send_pushes(pushes, reports)
        self._forget(gone)
        return reports

    def _post(self, posts: Sequence[tuple[int, Post]], reports: list[Report]) -> list[Connection]:
        """Post to sockets; those that are gone. A gateway that fails is its own matter: the pushes leave all the same."""
        sent_at = self._clock.now()
        try:
            alive = self._sockets.post([post for _, post in posts])
        except SmartAlarmError as error:
            self._telemetry.problem("sockets_not_reached", error, posts=len(posts))
            for index, (connection, _) in posts:
                detail = "socket: the gateway did not answer"
                reports[index].entries.append(
                    Entry(at=sent_at, event="failed", device_id=connection.device_id, detail=detail)
                )
            return []
        gone: list[Connection] = []
        for (index, (connection, _)), is_alive in zip(posts, alive, strict=True):
            if is_alive:
                entry = Entry(at=sent_at, event="sent", device_id=connection.device_id, detail="socket")
                reports[index].entries.append(entry)
            else:
                gone.append(connection)
        return gone

    def _forget(self, gone: Sequence[Connection]) -> None:
        """After everything has left: a database that is slow or away must not hold up or undo a sending."""
        try:
            for connection in gone:
                self._connections.close(connection.id)
        except SmartAlarmError as error:
            self._telemetry.problem("connection_not_forgotten", error)

    def send_again(self, pushes: Sequence[Sequence[Push]]) -> list[Report]:
        """Another try for pushes that failed for now, all side by side; one report for each group of them."""
        reports = [Report(self._clock.now()) for _ in pushes]
        self._send_pushes([(index, push) for index, group in enumerate(pushes) for push in group], reports)
        return reports

    def _send_pushes(self, pushes: Sequence[tuple[int, Push]], reports: list[Report]) -> None:
        if not pushes:
            return
        sent_at = self._clock.now()
        results = self._push.send([push.prepared for _, push in pushes])
        for outcome, count in sorted(Counter(result.outcome for result in results).items()):
            self._telemetry.count("push_messages_total", count, outcome=outcome)
        for (index, push), result in zip(pushes, results, strict=True):
            report, device_id = reports[index], push.device_id
            report.entries.append(Entry(at=sent_at, event="sent", device_id=device_id, detail="push"))
            event = "accepted" if result.outcome == "accepted" else "failed"
            report.entries.append(Entry(at=result.at, event=event, device_id=device_id, detail=result.detail))
            if result.outcome == "gone":
                report.lost.append(push)
                detail = "The push service dropped this device's subscription. Open Smart Alarm there once."
                report.entries.append(Entry(at=result.at, event="subscription_lost", device_id=device_id, detail=detail))
            elif result.outcome == "retry":
                report.retries.append(push)
                report.retry_after_seconds = max(report.retry_after_seconds, result.retry_after_seconds or 0.0)
