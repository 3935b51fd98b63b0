"""One user's story through every endpoint of the product; told on each host alike, and none may be left out."""

import gzip
import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any

from smartalarm.http import MAX_BODY_BYTES, Response
from smartalarm.instants import instant_to_text, text_to_instant
from tests.servers.cloud_events import Call, json_call

Send = Callable[[str, Call], Response]
API = "/api/v1"
PASSWORD = "correct horse battery staple"
UNKNOWN = "0198c2f2-6f5a-7cc1-8f3e-0a1b2c3d4e5f"
DEVICE = "0198c2f2-6f5a-7cc1-8f3e-0a1b2c3d4e60"
NIGHT = "0198c2f2-6f5a-7cc1-8f3e-0a1b2c3d4e61"
PROBLEM_KEYS = {"type", "title", "status", "detail", "code"}
ALARM = {
    "label": "Früh ⏰",
    "schedule": {"start": "2030-01-07T07:00:00", "rrule": "FREQ=WEEKLY;BYDAY=MO"},
    "time_zone": "Europe/Madrid",
}


class Visit:
    """One user on one host. `called` are the functions that answered so far."""

    def __init__(self, send: Send) -> None:
        self.called: set[str] = set()
        self.token = ""
        self._send = send

    def do(
        self, function: str, method: str, path: str, body: Any = None, *, status: int = 200, query: str = "", **headers: str
    ) -> Any:
        """The JSON that the function answers with this status, signed in when there is a token. None without a body."""
        return self.see(function, json_call(method, API + path, body, query=query, **headers), status)[1]

    def see(self, function: str, call: Call, status: int) -> tuple[Response, Any]:
        """The same for any call; also the answer itself."""
        if self.token and "authorization" not in {name.lower() for name in call.headers}:
            headers = {**call.headers, "Authorization": f"Bearer {self.token}"}
            call = Call(call.method, call.path, call.query, headers, call.body)
        answer = self._send(function, call)
        assert answer.status == status, (function, call.method, call.path, answer.status, answer.body[:500])
        self.called.add(function)
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert "cache-control" in answer.headers
        if status == 204:
            assert (answer.body, answer.headers.get("content-length")) == (b"", None)
        media = answer.headers.get("content-type", "")
        content: Any = json.loads(answer.body) if "json" in media and answer.body else None
        if status >= 400:
            assert media == "application/problem+json"
            assert set(content) == PROBLEM_KEYS | ({"errors"} if status == 422 else set())
            assert content["status"] == status
        return answer, content


def tell(send: Send, *, metrics_status: int, makes_mistakes: bool = True, has_sockets: bool = True) -> Visit:
    """The whole story. `metrics_status`: 200 on the machine itself, 404 elsewhere while there is no token.

    Without `makes_mistakes` nothing is sent that a gateway in between might change. `has_sockets`: tickets are sold there.
    """
    visit = Visit(send)
    _look_around(visit, metrics_status)
    _sign_up(visit)
    _keep_sessions(visit)
    _set_alarms(visit)
    _add_devices(visit, has_sockets=has_sockets)
    _answer_rings(visit)
    _push(visit)
    _pull(visit)
    _analyze(visit)
    _sleep(visit)
    if makes_mistakes:
        _make_mistakes(visit)
    _leave(visit)
    return visit


def _look_around(visit: Visit, metrics_status: int) -> None:
    assert visit.do("check_live", "GET", "/health/live") == {"status": "live"}
    assert visit.do("check_ready", "GET", "/health/ready") == {"status": "ready"}
    assert visit.do("get_push_key", "GET", "/push/key")["public_key"]
    assert visit.do("show_openapi", "GET", "/openapi.json")["openapi"] == "3.1.0"
    page, _ = visit.see("show_docs", Call("GET", f"{API}/docs"), 200)
    assert page.body.startswith(b"<!doctype html>")
    assert page.headers["content-type"] == "text/html; charset=utf-8"
    visit.do("show_metrics", "GET", "/metrics", status=metrics_status)


def _sign_up(visit: Visit) -> None:
    account = {
        "email": "ann@example.org",
        "password": PASSWORD,
        "name": "Änn ⏰",
        "time_zone": "Europe/Madrid",
        "locale": "es",
    }
    weak = visit.do("register_account", "POST", "/auth/register", {**account, "password": "short"}, status=422)
    assert [error["pointer"] for error in weak["errors"]] == ["/password"]
    signed_in = visit.do("register_account", "POST", "/auth/register", account, status=201)
    assert signed_in["user"]["name"] == "Änn ⏰"
    visit.do("register_account", "POST", "/auth/register", account, status=409)
    visit.do("get_profile", "GET", "/me", status=401)
    visit.token = signed_in["access_token"]
    answer, me = visit.see("get_profile", Call("GET", f"{API}/me"), 200)
    assert (me["email"], answer.headers["etag"]) == ("ann@example.org", f'"{me["version"]}"')
    changed = visit.do("change_profile", "PATCH", "/me", {"locale": "en"}, If_Match=answer.headers["etag"])
    assert changed["locale"] == "en"
    visit.do("change_profile", "PATCH", "/me", {"locale": "de"}, status=409, If_Match=answer.headers["etag"])


def _keep_sessions(visit: Visit) -> None:
    credentials = {"email": "ann@example.org", "password": PASSWORD}
    visit.do("log_in", "POST", "/auth/login", {**credentials, "password": "wrong"}, status=401)
    login = json_call("POST", f"{API}/auth/login", credentials, query="session=cookie")
    answer, signed_in = visit.see("log_in", login, 200)
    assert signed_in["refresh_token"] is None
    cookie, *attributes = answer.headers["set-cookie"].split("; ")
    assert {"HttpOnly", "SameSite=Strict", "Path=/api/v1/auth"} <= set(attributes)
    refresh = json_call("POST", f"{API}/auth/refresh", {}, query="session=cookie", Cookie=f"theme=dark; {cookie}")
    answer, again = visit.see("refresh_session", refresh, 200)
    assert again["access_token"]
    visit.do("refresh_session", "POST", "/auth/refresh", {}, query="session=cookie", status=204)
    renewed = answer.headers["set-cookie"].split(";")[0]
    answer, _ = visit.see("log_out", json_call("POST", f"{API}/auth/logout", {}, Cookie=renewed), 204)
    assert "Max-Age=0" in answer.headers["set-cookie"].split("; ")
    # The access token of the session that was just ended still lives; the story goes on with the first one.


def _set_alarms(visit: Visit) -> None:
    create = json_call("POST", f"{API}/alarms", ALARM, Idempotency_Key="first-alarm")
    answer, alarm = visit.see("create_alarm", create, 201)
    assert (alarm["label"], answer.headers["etag"]) == ("Früh ⏰", '"1"')
    assert visit.see("create_alarm", create, 201)[1]["id"] == alarm["id"]
    path = f"/alarms/{alarm['id']}"
    listed = visit.do("list_alarms", "GET", "/alarms", query="limit=1")
    assert [item["id"] for item in listed["items"]] == [alarm["id"]]
    changed = visit.do("change_alarm", "PATCH", path, {"label": "Later"}, If_Match='"1"')
    assert changed["version"] == 2
    visit.do("change_alarm", "PATCH", path, {"label": "Never"}, status=409, If_Match='"1"')
    coming = visit.do("preview_alarm", "GET", f"{path}/occurrences", query="from=2030-01-01T00:00:00Z&count=2")["items"]
    assert [item["local"] for item in coming] == ["2030-01-07T07:00:00+01:00", "2030-01-14T07:00:00+01:00"]
    unsaved = {"alarm": ALARM, "from": "2030-01-01T00:00:00Z", "count": 1}
    assert len(visit.do("preview_unsaved_alarm", "POST", "/alarms/preview", unsaved)["items"]) == 1
    named = {"occurrence_id": coming[0]["id"]}
    assert visit.do("skip_occurrence", "POST", f"{path}/skip", named)["status"] == "skipped"
    assert visit.do("unskip_occurrence", "POST", f"{path}/unskip", named)["status"] == "will_ring"
    assert visit.do("get_alarm", "GET", path)["label"] == "Later"
    visit.do("delete_alarm", "DELETE", path, status=204)
    visit.do("get_alarm", "GET", path, status=404)


def _add_devices(visit: Visit, *, has_sockets: bool) -> None:
    device = {"name": "Ännas Telefon", "platform": "android", "ring": "always", "push_subscription": None}
    assert visit.do("put_device", "PUT", f"/devices/{DEVICE}", device)["name"] == "Ännas Telefon"
    assert [item["id"] for item in visit.do("list_devices", "GET", "/devices")["items"]] == [DEVICE]
    assert visit.do("get_device", "GET", f"/devices/{DEVICE}")["id"] == DEVICE
    assert visit.do("test_device", "POST", f"/devices/{DEVICE}/test", status=409)["code"] == "no_push"
    if has_sockets:
        ticket = visit.do("issue_ticket", "POST", "/sync/ticket", {"device_id": DEVICE})
        assert ticket["url"].startswith("ws")
    visit.do("delete_device", "DELETE", f"/devices/{DEVICE}", status=204)


def _answer_rings(visit: Visit) -> None:
    """Nothing rang here: rings have tests of their own. That the calls arrive is seen from the answers."""
    occurrence = f"/occurrences/{UNKNOWN}:20300107T060000Z"
    assert visit.do("list_occurrences", "GET", "/occurrences", query="state=missed&limit=5") == {"items": [], "next": None}
    visit.do("get_occurrence", "GET", occurrence, status=404)
    visit.do("snooze_occurrence", "POST", f"{occurrence}/snooze", {"minutes": 5}, status=404)
    visit.do("dismiss_occurrence", "POST", f"{occurrence}/dismiss", {}, status=404)
    ack = {"event": "heard", "device_id": DEVICE, "at": "2030-01-07T06:00:00.000Z"}
    visit.do("acknowledge_occurrence", "POST", f"{occurrence}/ack", ack, status=404)


def _push(visit: Visit) -> None:
    """One write is taken and one refused; sent again they are answered the same."""
    write = {"kind": "settings", "entity_id": "me", "clock": "9999999999999-0000-story"}  # clamped, whatever time it is
    good = {"id": "good", **write, "fields": {"larger_text": True}}
    bad = {"id": "bad", **write, "fields": {"larger_text": "yes"}}
    pushed = {"client_id": "story", "mutations": [good, bad]}
    answer = visit.do("push_mutations", "POST", "/sync/push", pushed)
    assert [outcome["outcome"] for outcome in answer["outcomes"]] == ["applied", "rejected"]
    assert visit.do("push_mutations", "POST", "/sync/push", pushed)["outcomes"] == answer["outcomes"]


def _pull(visit: Visit) -> None:
    """From nothing to all there is, and from there to nothing new."""
    answer = visit.do("pull_changes", "GET", "/sync/pull", query="cursor=0&limit=200")
    assert {item["kind"] for item in answer["changes"] if not item["deleted"]} >= {"profile", "settings"}
    assert answer["zones"]["Europe/Madrid"]
    again = visit.do("pull_changes", "GET", "/sync/pull", query=f"cursor={answer['cursor']}")
    assert (again["changes"], again["more"]) == ([], False)
    visit.do("pull_changes", "GET", "/sync/pull", query="cursor=nonsense", status=410)


def _analyze(visit: Visit) -> None:
    """The real model stages a made night: restless, still, restless again. The same packed gives the same."""
    counts = [60, 0, 25, 90] * 10 + [0] * 200 + [80, 10, 120, 40] * 10
    night = {"start": "2030-01-06T22:00:00Z", "epoch_seconds": 30, "counts": counts, "mode": "night", "source": "wrist"}
    told = visit.do("analyze_sleep", "POST", "/sleep/analyze", night)
    assert (told["model"], len(told["epochs"]), told["quality"]["note"]) == ("sleep-night", 280, "counts_only")
    assert (told["epochs"][-1]["stage"], told["metrics"]["total_sleep_time_minutes"] > 60) == ("wake", True)
    gzipped = gzip.compress(json.dumps(night).encode())
    packed = Call("POST", f"{API}/sleep/analyze", headers={"content-type": "application/gzip"}, body=gzipped)
    assert visit.see("analyze_sleep", packed, 200)[1] == told
    too_short = {**night, "counts": counts[:19]}
    refused = visit.do("analyze_sleep", "POST", "/sleep/analyze", too_short, status=422)
    assert [error["pointer"] for error in refused["errors"]] == ["/counts"]


def _sleep(visit: Visit) -> None:
    """A night is recorded: what is sent in parts and packed, comes back whole, and goes."""
    started_at = text_to_instant(visit.do("get_profile", "GET", "/me")["created_at"]) - timedelta(hours=2)
    path = f"/sleep/sessions/{NIGHT}"
    night = {"start": instant_to_text(started_at), "source": "wrist", "time_zone": "Europe/Madrid"}
    refused = visit.do("put_sleep_session", "PUT", path, night, status=403)
    assert refused["code"] == "consent_required"
    visit.do("change_profile", "PATCH", "/me", {"settings": {"sleep_consent": True}})
    assert visit.do("put_sleep_session", "PUT", path, night)["state"] == "recording"
    late = {"first": 60, "counts": [0, None] * 30, "heart_rate": [54.5] * 60}
    assert visit.do("add_sleep_epochs", "POST", f"{path}/epochs", late)["last_epoch"] == 119
    early = json.dumps({"first": 0, "counts": [70.07] * 60}).encode()
    headers = {"content-type": "application/gzip"}
    packed = Call("POST", f"{API}{path}/epochs", "", headers, gzip.compress(early))
    assert visit.see("add_sleep_epochs", packed, 200)[1]["received_epochs"] == 120
    assert len(visit.do("finish_sleep_session", "POST", f"{path}/finish", {})["epochs"]) == 120
    assert [one["id"] for one in visit.do("list_sleep_sessions", "GET", "/sleep/sessions")["items"]] == [NIGHT]
    shown = visit.do("get_sleep_session", "GET", path, query="signal=true")
    assert shown["counts"] == [70.07] * 60 + [0, None] * 30
    assert visit.do("export_sleep", "GET", "/sleep/export")["items"][0]["heart_rate"][-1] == 54.5
    figures = visit.do("show_sleep_insights", "GET", "/sleep/insights", query="days=7")["insights"]
    assert (figures["regularity"]["status"], figures["regularity"]["index"]) == ("not_enough_nights", None)
    visit.do("show_sleep_insights", "GET", "/sleep/insights", query="days=6", status=422)
    assert visit.do("list_recommendations", "GET", "/sleep/recommendations")["items"] == []
    path_of_answer = "/sleep/recommendations/long_latency/feedback"
    assert visit.do("answer_recommendation", "PUT", path_of_answer, {"answer": "dismissed"})["until"]
    visit.do("delete_sleep_session", "DELETE", path, status=204)
    visit.do("get_sleep_session", "GET", path, status=404)
    visit.do("delete_sleep_sessions", "DELETE", "/sleep/sessions", status=204)


def _make_mistakes(visit: Visit) -> None:
    """The shapes of errors are `see`'s business; here only that each status arises where it should.

    Packed JSON under its own type is no mistake, but no text either, which some gateways take it for.
    """
    json_type = {"content-type": "application/json"}
    packed_type = {**json_type, "content-encoding": "gzip"}
    unsaved = gzip.compress(json.dumps({"alarm": ALARM}).encode())
    visit.see("preview_unsaved_alarm", Call("POST", f"{API}/alarms/preview", headers=packed_type, body=unsaved), 200)
    visit.see("preview_unsaved_alarm", Call("POST", f"{API}/alarms/preview", headers=packed_type, body=unsaved[:-4]), 400)
    visit.see("create_alarm", Call("POST", f"{API}/alarms", headers=json_type, body=b'{"label": '), 400)
    visit.see("create_alarm", Call("POST", f"{API}/alarms", headers=json_type, body=b'{"label": "\xff"}'), 400)
    visit.see("create_alarm", Call("POST", f"{API}/alarms", headers=json_type, body=b" " * (MAX_BODY_BYTES + 1)), 413)
    visit.see("create_alarm", Call("POST", f"{API}/alarms", headers={"content-type": "text/plain"}, body=b"{}"), 415)
    visit.do("create_alarm", "POST", "/alarms", {**ALARM, "version": 7}, status=422)
    visit.do("create_alarm", "POST", "/alarms", {**ALARM, "label": "a\x00b"}, status=422)
    visit.do("list_alarms", "GET", "/alarms", query="limit=0", status=422)
    visit.do("list_alarms", "GET", "/alarms", query="colour=red", status=422)
    visit.do("list_alarms", "GET", "/alarms", query="after=nonsense", status=422)
    visit.do("get_profile", "GET", "/me", status=401, Authorization="Bearer nonsense")
    visit.do("get_profile", "PUT", "/me", {}, status=405)
    visit.do("get_profile", "GET", "/nowhere", status=404)
    visit.do("get_alarm", "GET", "/alarms/%25%C3%BC%2Fb", status=404)


def _leave(visit: Visit) -> None:
    exported, content = visit.see("export_account", Call("GET", f"{API}/me/export"), 200)
    assert content["user"]["name"] == "Änn ⏰"
    assert exported.headers["content-disposition"].startswith("attachment")
    visit.do("erase_account", "DELETE", "/me", status=204)
    visit.do("get_profile", "GET", "/me", status=401)
