"""One function of each kind under each cloud's real runtime, as a process of its own, wired by its environment alone."""

import json
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from pydantic import SecretStr

from smartalarm.accounts.accounts import Accounts
from smartalarm.accounts.profile import NewAccount
from smartalarm.adapters.sql import open_engine
from smartalarm.adapters.sql.migrations import migrate
from smartalarm.adapters.tokens import JwtSigner
from smartalarm.adapters.webpush import generate_vapid_keys
from smartalarm.catalog import FUNCTIONS_ROOT
from smartalarm.hosts.ticks import sign_tick
from smartalarm.http import MAX_BODY_BYTES, Response
from smartalarm.ports import Timer
from smartalarm.ringing.messages import timers_to_body
from smartalarm.sync.tickets import Tickets
from smartalarm.wiring import cloud_injector, settings_from
from tests.hosts.conftest import SAMPLES
from tests.servers.cloud_events import (
    CLIENT,
    Call,
    http_api_event,
    http_api_result,
    json_call,
    schedule_event,
    sqs_event,
    websocket_event,
)
from tests.servers.lambda_runtime_api import InvocationFailed
from tests.servers.runtimes import GoogleFunction, OracleFunction, running_google, running_lambda, running_oracle

SECRET = "a secret of at least 32 characters"
PEOPLE = "/api/v1/people/J%C3%B6rg%20M/greetings"
GREET, BREAK, PICTURE, JOB, QUEUE, DOOR = (
    SAMPLES / name for name in ("greet_person", "break_down", "send_picture", "run_job", "drain_queue", "open_door")
)


@pytest.fixture
def environment(tmp_path: Path) -> Mapping[str, str]:
    """The settings of a deployment: a database with its tables, secrets, the platform's own hop as a trusted proxy."""
    url = f"sqlite:///{tmp_path / 'smartalarm.db'}"
    engine = open_engine(url)
    migrate(engine)
    engine.close()
    return {
        "DATABASE_PROVIDER": "sqlite",
        "CONNECTION_STRING": url,
        "JWT_SECRET_KEY": SECRET,
        "VAPID_PRIVATE_KEY": generate_vapid_keys()[1],
        "TRUSTED_PROXIES": "127.0.0.1,oci-gateway",
        "CORS_ORIGINS": "https://app.example",
    }


def tick(job: str) -> str:
    """A token that starts the job now, under the deployment's secret."""
    return sign_tick(job, JwtSigner(SECRET, "smartalarm", "smartalarm"), now=datetime.now(UTC), lifetime_seconds=60)


def check_greeting(answer: Response) -> None:
    """The one answer that all hosts give."""
    assert (answer.status, json.loads(answer.body)) == (
        201,
        {
            "said": "¡Hola ⏰!",
            "person": "Jörg M",
            "tone": "cool",
            "client_address": CLIENT,
            "scheme": "https",
            "cookies": {"a": "1"},
            "version": 7,
        },
    )
    assert answer.headers["set-cookie"] == "greeted=yes; Path=/; HttpOnly; SameSite=Strict"
    assert answer.headers["etag"] == '"7"'
    assert answer.headers["cache-control"] == "no-store"


def greeting() -> Call:
    """The one call that all hosts get."""
    return json_call("POST", PEOPLE, {"text": "¡Hola ⏰!"}, query="tone=cool", Cookie="a=1", X_Forwarded_Proto="https")


# ------------------------------------------------------------------------------------------------ Lambda


def test_lambda_runs_an_endpoint(environment: Mapping[str, str], tmp_path: Path) -> None:
    """Two invocations of one process, a wrong one between them."""
    with running_lambda(GREET, environment, tmp_path) as api:
        check_greeting(http_api_result(api.invoke(http_api_event(greeting()))))
        wrong = http_api_result(api.invoke(http_api_event(json_call("POST", PEOPLE, {"text": 3}))))
        assert (wrong.status, json.loads(wrong.body)["code"]) == (422, "invalid")
        check_greeting(http_api_result(api.invoke(http_api_event(greeting()))))


def test_lambda_carries_bytes(environment: Mapping[str, str], tmp_path: Path) -> None:
    """Through the bootstrap's JSON and back."""
    with running_lambda(PICTURE, environment, tmp_path) as api:
        answer = http_api_result(api.invoke(http_api_event(Call("GET", "/api/v1/picture"))))
        assert answer.body == bytes(range(256))


def test_lambda_runs_a_job_and_reports_its_failure(environment: Mapping[str, str], tmp_path: Path) -> None:
    """The report that Lambda stores names the job, never the cause."""
    with running_lambda(JOB, environment, tmp_path) as api:
        assert api.invoke(schedule_event()) is None
        with pytest.raises(InvocationFailed) as failed:
            api.invoke(schedule_event())
        assert failed.value.report["errorType"] == "JobFailed"
        assert "hunter2" not in json.dumps(failed.value.report)
        assert api.invoke(schedule_event()) is None


def test_lambda_runs_a_consumer(environment: Mapping[str, str], tmp_path: Path) -> None:
    """A good, a bad and a late message."""
    now = datetime.now(UTC)
    timer = Timer("ring:a", "ann", now, "ring", "a", 1, now - timedelta(hours=1))
    late = Timer("ring:b", "ann", now, "ring", "later", 1, now - timedelta(hours=1))
    event = sqs_event({"good": timers_to_body([timer]), "bad": "?", "late": timers_to_body([late])})
    with running_lambda(QUEUE, environment, tmp_path) as api:
        assert api.invoke(event) == {"batchItemFailures": [{"itemIdentifier": "bad"}, {"itemIdentifier": "late"}]}


def test_lambda_runs_a_socket_route(environment: Mapping[str, str], tmp_path: Path) -> None:
    """Let in, and refused."""
    origin = {"Origin": "https://app.example"}
    with running_lambda(DOOR, environment, tmp_path) as api:
        assert api.invoke(websocket_event("$connect", query={"word": "sesame"}, headers=origin)) == {"statusCode": 200}
        assert api.invoke(websocket_event("$connect", query={"word": "please"}, headers=origin)) == {"statusCode": 401}


# ------------------------------------------------------------------------------------------------ Google


@pytest.fixture
def google(environment: Mapping[str, str], tmp_path: Path) -> Iterator[GoogleFunction]:
    """The greeting under functions-framework and gunicorn."""
    with running_google(GREET, environment, tmp_path) as function:
        yield function


def test_google_runs_an_endpoint_on_many_threads_at_once(google: GoogleFunction) -> None:
    """The first calls of a process arrive together: everything is built once."""
    with ThreadPoolExecutor(8) as pool:
        for answer in pool.map(lambda _: google.send(greeting()), range(16)):
            check_greeting(answer)


def test_google_keeps_the_path_as_it_was_sent(google: GoogleFunction) -> None:
    """An encoded slash is part of a name, a plain one is not."""
    answer = google.send(json_call("POST", "/api/v1/people/a%2Fb/greetings", {"text": "x"}))
    assert json.loads(answer.body)["person"] == "a/b"
    assert google.send(json_call("POST", "/api/v1/people/a/b/greetings", {"text": "x"})).status == 404


def test_google_refuses_a_body_over_the_limit_and_lives_on(google: GoogleFunction) -> None:
    """The rest of the body is never parsed."""
    assert google.send(json_call("POST", PEOPLE, {"text": "x" * MAX_BODY_BYTES * 4})).status == 413
    check_greeting(google.send(greeting()))


def test_google_runs_a_job_for_its_scheduler_alone(environment: Mapping[str, str], tmp_path: Path) -> None:
    """A signed tick starts it; nothing else does."""
    with running_google(JOB, environment, tmp_path) as function:
        assert function.send(json_call("POST", "/", {})).status == 401
        assert function.send(json_call("POST", "/", {}, X_Tick_Token=tick("run_job"))).status == 204
        failed = function.send(json_call("POST", "/", {}, X_Tick_Token=tick("run_job")))
        assert failed.status == 500
        assert b"hunter2" not in failed.body


# ------------------------------------------------------------------------------------------------ Oracle


@pytest.fixture
def oracle(environment: Mapping[str, str], tmp_path: Path) -> Iterator[OracleFunction]:
    """The greeting under fdk, on its unix socket."""
    with running_oracle(GREET, environment, tmp_path) as function:
        yield function


def test_oracle_runs_an_endpoint(oracle: OracleFunction) -> None:
    """The transport says 200 always; the real status travels in a header."""
    check_greeting(oracle.send(greeting()))
    assert oracle.send(Call("DELETE", PEOPLE)).status == 405
    assert oracle.send(json_call("POST", "/api/v1/nowhere", {"text": "x"})).status == 404


def test_oracle_never_shows_an_exception(environment: Mapping[str, str], tmp_path: Path) -> None:
    """Left alone, fdk would send its text to the caller."""
    with running_oracle(BREAK, environment, tmp_path) as function:
        status, headers, body = function.post({"fn-intent": "httprequest", "fn-http-method": "GET"}, b"")
        assert (status, headers["fn-http-status"]) == (200, "404")
        answer = function.send(Call("GET", "/api/v1/breakdown"))
        assert answer.status == 500
        assert b"hunter2" not in body + answer.body
        assert "hunter2" in function.log.read_text()


def test_oracle_is_quiet_about_libraries(environment: Mapping[str, str], tmp_path: Path) -> None:
    """Left alone, fdk turns every library's debug lines on; the host turns them off again."""
    with running_oracle(PICTURE, environment, tmp_path) as function:
        assert function.send(Call("GET", "/api/v1/picture")).body == bytes(range(256))
        assert "chatter" not in function.log.read_text()


def test_oracle_runs_a_job_for_its_scheduler_alone(environment: Mapping[str, str], tmp_path: Path) -> None:
    """A direct call without the gateway is wrapped in nothing, its token lies in the body."""
    with running_oracle(JOB, environment, tmp_path) as function:
        assert json.loads(function.post({}, b"{}")[2])["status"] == 401
        assert function.post({}, json.dumps({"tick_token": tick("run_job")}).encode())[::2] == (200, b"")


# ------------------------------------------------------------------------------------------------ the product's own


def test_a_user_of_one_cloud_is_at_home_on_the_others(environment: Mapping[str, str], tmp_path: Path) -> None:
    """Register on Lambda, set an alarm on Google, list it on Oracle: one database, the same functions."""
    account = {"email": "ann@example.org", "password": "correct horse battery", "time_zone": "Europe/Madrid", "locale": "es"}
    alarm = {"label": "Früh ⏰", "schedule": {"start": "2030-01-07T07:00:00"}, "time_zone": "Europe/Madrid"}
    with running_lambda(FUNCTIONS_ROOT / "register_account", environment, tmp_path) as api:
        event = http_api_event(json_call("POST", "/api/v1/auth/register", account, query="session=cookie"))
        registered = http_api_result(api.invoke(event))
    assert registered.status == 201, registered.body
    assert "HttpOnly" in registered.headers["set-cookie"]
    bearer = f"Bearer {json.loads(registered.body)['access_token']}"
    with running_google(FUNCTIONS_ROOT / "create_alarm", environment, tmp_path) as google_function:
        created = google_function.send(json_call("POST", "/api/v1/alarms", alarm, Authorization=bearer))
    assert created.status == 201, created.body
    with running_oracle(FUNCTIONS_ROOT / "list_alarms", environment, tmp_path) as oracle_function:
        listed = oracle_function.send(json_call("GET", "/api/v1/alarms", query="limit=5", Authorization=bearer))
    assert [item["label"] for item in json.loads(listed.body)["items"]] == ["Früh ⏰"]


def test_lambda_rings_and_sweeps(environment: Mapping[str, str], tmp_path: Path) -> None:
    """A timer whose user is gone is settled, a body that cannot be read is not; the sweep finds nothing to do."""
    now = datetime.now(UTC)
    gone = Timer("ring:x", "0198c2f2-6f5a-7cc1-8f3e-0a1b2c3d4e5f", now, "ring", "x:20261201T060000Z", 1, now)
    with running_lambda(FUNCTIONS_ROOT / "ring_due", environment, tmp_path) as api:
        result = api.invoke(sqs_event({"gone": timers_to_body([gone]), "bad": "?"}))
        assert result == {"batchItemFailures": [{"itemIdentifier": "bad"}]}
    with running_lambda(FUNCTIONS_ROOT / "dispatch_due", environment, tmp_path) as api:
        assert api.invoke(schedule_event()) is None


def test_lambda_opens_a_socket_for_a_ticket_once(environment: Mapping[str, str], tmp_path: Path) -> None:
    """Opened, spoken to and closed; the same ticket again is refused, and so is a foreign page."""
    settings, warnings = settings_from(environment)
    assert warnings == []
    world = cloud_injector(settings)
    user = world.get(Accounts).register(
        NewAccount(email="ann@example.org", password=SecretStr("correct horse battery"), time_zone="Europe/Madrid"),
        client_address=CLIENT,
    )
    ticket = world.get(Tickets).issue(user.user.id, None, "wss://socket.example").ticket
    foreign, home = {"Origin": "https://evil.example"}, {"Origin": "https://app.example"}
    with running_lambda(FUNCTIONS_ROOT / "open_socket", environment, tmp_path) as api:
        for headers, status in ((foreign, 403), (home, 200), (home, 401)):
            event = websocket_event("$connect", query={"ticket": ticket}, headers=headers)
            assert api.invoke(event) == {"statusCode": status}
    for function, route, body in (
        ("answer_socket", "$default", '{"action": "ping"}'),
        ("close_socket", "$disconnect", None),
    ):
        with running_lambda(FUNCTIONS_ROOT / function, environment, tmp_path) as api:
            assert api.invoke(websocket_event(route, body=body)) == {"statusCode": 200}


def test_google_purges_for_its_scheduler_alone(environment: Mapping[str, str], tmp_path: Path) -> None:
    """The product's own hourly job."""
    with running_google(FUNCTIONS_ROOT / "purge_expired", environment, tmp_path) as function:
        assert function.send(json_call("POST", "/", {})).status == 401
        assert function.send(json_call("POST", "/", {}, X_Tick_Token=tick("purge_expired"))).status == 204
