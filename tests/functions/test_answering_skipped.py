"""What will not ring cannot be answered."""

from tests.stage import Stage


def test_a_ring_of_an_alarm_that_is_off_cannot_be_answered() -> None:
    """409 with the reason; nothing is written into the history."""
    stage = Stage()
    stage.sign_up()
    alarm = stage.set_alarm(60)
    stage.call("PATCH", f"/alarms/{alarm['id']}", {"enabled": False})
    for answer in ("dismiss", "snooze"):
        refused = stage.call("POST", f"/occurrences/{alarm['next']['id']}/{answer}", status=409)
        assert (refused["code"], refused["detail"]) == ("not_ringing", "It will not ring. The alarm is off.")
    assert stage.call("GET", "/occurrences")["items"] == []
