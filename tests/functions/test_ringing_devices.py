"""One device's trouble is its own: the others ring, and a new subscription outlives the end of the old one."""

from datetime import datetime, timedelta

from smartalarm.errors import Unavailable
from smartalarm.ports import Connections, PushMessage, PushResult
from tests.stage import FakePush, Stage


class FussyPush(FakePush):
    """A push service that breaks over the messages of one phone."""

    def prepare(self, message: PushMessage, *, now: datetime) -> PushMessage:
        """Break, or nothing to encrypt."""
        if message.subscription.endpoint.endswith("/odd"):
            raise ArithmeticError
        return super().prepare(message, now=now)


def test_a_device_whose_message_cannot_be_made_does_not_silence_the_others() -> None:
    """The ledger names it."""
    stage = Stage()
    stage.push = FussyPush(stage.clock)
    stage.sign_up()
    odd = stage.add_phone("odd")
    stage.add_phone("good")
    occurrence_id = stage.set_alarm(20)["next"]["id"]
    stage.pass_time(21)
    assert stage.push_kinds("good") == ["ring"]
    failed = [line["device_id"] for line in stage.occurrence(occurrence_id)["ledger"] if line["event"] == "failed"]
    assert failed == [odd]


def test_a_subscription_made_while_the_old_one_was_refused_stays() -> None:
    """The ring is encrypted for the old one; the browser renews it before the push service says that it is gone."""
    stage = Stage()
    stage.sign_up()
    phone = stage.add_phone("old")
    stage.set_alarm(20)
    stage.pass_time(15)
    stage.push.answers["https://push.example/old"] = [PushResult("gone", 410, stage.clock.now(), "gone")]
    new = {"endpoint": "https://push.example/new", "keys": {"p256dh": "x", "auth": "y"}}
    stage.call("PUT", f"/devices/{phone}", {"name": "phone", "push_subscription": new})
    stage.pass_time(6)
    device = stage.call("GET", f"/devices/{phone}")
    assert (device["push"], device["push_subscription"]) == ("ok", new)
    stage.pass_time(30)
    assert stage.push_kinds("new")[-1] == "ring"


def test_a_device_that_never_rings_can_still_be_tested() -> None:
    """Testing is asked for; ringing is not."""
    stage = Stage()
    stage.sign_up()
    phone = stage.add_phone(ring="never")
    stage.call("POST", f"/devices/{phone}/test", status=202)
    stage.pass_time(1)
    assert stage.push_kinds() == ["test"]


def test_a_socket_that_cannot_be_forgotten_holds_up_no_push() -> None:
    """The sending is over before anything is tidied."""

    def refuse(connection_id: str) -> None:
        raise Unavailable(f"{connection_id} stays")

    stage = Stage()
    stage.sign_up()
    stage.add_phone()
    stage.sockets.gone.add(stage.open_socket())
    stage.injector.get(Connections).close = refuse  # type: ignore[method-assign]
    stage.set_alarm(20)
    due_at = stage.clock.now() + timedelta(seconds=20)
    stage.pass_time(21)
    assert [push.at for push in stage.pushes()] == [due_at]
    assert "connection_not_forgotten" in stage.telemetry.problems
