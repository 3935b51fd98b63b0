"""Every host hands a function the same request, and its answer on unchanged; samples go where real functions do not."""

import gzip
import json
from typing import Any

import pytest

from smartalarm import wiring
from smartalarm.http import MAX_BODY_BYTES, Response
from smartalarm.injection import Injector
from tests.hosts.clients import HostClient
from tests.hosts.conftest import SAMPLES, Notebook
from tests.servers.cloud_events import CLIENT, Call, json_call

PEOPLE = "/api/v1/people/J%C3%B6rg%20M/greetings"
GREET, BREAK, PICTURE, JOB = (SAMPLES / name for name in ("greet_person", "break_down", "send_picture", "run_job"))

pytestmark = pytest.mark.usefixtures("injector")


def content(response: Response) -> Any:
    """The JSON in an answer."""
    return json.loads(response.body)


def test_a_function_sees_the_request_as_it_was_sent(client: HostClient) -> None:
    """Path, query, cookies, text beyond ASCII, the client's address as the platform saw it, and the scheme."""
    call = json_call(
        "POST", PEOPLE, {"text": "¡Hola ⏰!", "times": 2}, query="tone=cool", Cookie="a=1; b=2", X_Forwarded_For="6.6.6.6"
    )
    answer = client.send(GREET, call)
    assert (answer.status, content(answer)) == (
        201,
        {
            "said": "¡Hola ⏰! ¡Hola ⏰!",
            "person": "Jörg M",
            "tone": "cool",
            "client_address": CLIENT,
            "scheme": "https",
            "cookies": {"a": "1", "b": "2"},
            "version": 7,
        },
    )


def test_an_answer_arrives_with_all_its_headers(client: HostClient) -> None:
    """The function's own, one cookie, and those that every answer carries."""
    headers = client.send(GREET, json_call("POST", PEOPLE, {"text": "x"}, Origin="https://app.example")).headers
    assert headers["content-type"] == "application/json"
    assert headers["etag"] == '"7"'
    assert headers["set-cookie"] == "greeted=yes; Path=/; HttpOnly; SameSite=Strict"
    assert headers["cache-control"] == "no-store"
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["access-control-allow-origin"] == "https://app.example"
    assert headers["x-request-id"]


def test_a_body_that_is_not_text_arrives_byte_for_byte(client: HostClient) -> None:
    """Lambda's results are JSON, so it travels as base64 there."""
    answer = client.send(PICTURE, Call("GET", "/api/v1/picture"))
    assert (answer.status, answer.body) == (200, bytes(range(256)))
    assert answer.headers["content-type"] == "image/png"
    assert answer.headers["cache-control"] == "max-age=60"


@pytest.mark.parametrize(
    ("call", "status", "code"),
    [
        (Call("POST", PEOPLE, headers={"content-type": "application/json"}, body=b'{"text": '), 400, "malformed"),
        (Call("POST", PEOPLE, headers={"content-type": "application/json"}, body=b'{"text": "\xff"}'), 400, "malformed"),
        (json_call("POST", "/api/v1/people/x/insults", {"text": "x"}), 404, "not_found"),
        (json_call("POST", "/api/v1/people/%FF%FE/greetings%00", {"text": "x"}), 404, "not_found"),
        (json_call("PUT", PEOPLE, {"text": "x"}), 405, "method_not_allowed"),
        (json_call("POST", PEOPLE, {"text": "x"}, If_Match='"3"'), 409, "stale_version"),
        (json_call("POST", PEOPLE, {"text": "x" * MAX_BODY_BYTES}), 413, "too_large"),
        (Call("POST", PEOPLE, headers={"content-type": "text/plain"}, body=b"x"), 415, "unsupported_media_type"),
        (Call("POST", PEOPLE), 415, "unsupported_media_type"),
        (json_call("POST", PEOPLE, {"text": "x", "colour": "red"}), 422, "invalid"),
        (json_call("POST", PEOPLE, {"text": "x"}, query="tone=hot"), 422, "invalid"),
        (json_call("POST", PEOPLE, {"text": "x"}, query="a=1&a=2"), 422, "invalid"),
        (json_call("POST", PEOPLE, {"text": "x"}, query="tone=%ff"), 422, "invalid"),
    ],
    ids=lambda value: str(value) if isinstance(value, int) else "",
)
def test_an_error_has_the_same_shape_on_every_host(client: HostClient, call: Call, status: int, code: str) -> None:
    """RFC 9457 problem+json, whatever was wrong."""
    answer = client.send(GREET, call)
    problem = content(answer)
    assert (answer.status, problem["status"], problem["code"]) == (status, status, code)
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.headers["cache-control"] == "no-store"
    assert set(problem) == {"type", "title", "status", "detail", "code"} | ({"errors"} if status == 422 else set())


def packed_call(body: bytes, encoding: str = "gzip") -> Call:
    """A greeting whose body says that it is packed."""
    return Call("POST", PEOPLE, headers={"content-type": "application/json", "Content-Encoding": encoding}, body=body)


@pytest.mark.parametrize("encoding", ["gzip", "GZIP", "x-gzip"])
def test_a_packed_body_is_read_as_if_it_were_not(client: HostClient, encoding: str) -> None:
    """It reaches the function byte for byte, also where bodies travel as text."""
    answer = client.send(GREET, packed_call(gzip.compress('{"text": "¡Hola ⏰!"}'.encode()), encoding))
    assert (answer.status, content(answer)["said"]) == (201, "¡Hola ⏰!")


def test_a_packed_file_is_read_as_the_json_in_it(client: HostClient) -> None:
    """No gateway takes it for text, so none spoils it; its limit is the same."""
    file = gzip.compress('{"text": "¡Hola ⏰!"}'.encode())
    answer = client.send(GREET, Call("POST", PEOPLE, headers={"content-type": "application/gzip"}, body=file))
    assert (answer.status, content(answer)["said"]) == (201, "¡Hola ⏰!")
    for body, status in [(file[:-3], 400), (b'{"text": "x"}', 400), (gzip.compress(b" " * (MAX_BODY_BYTES + 1)), 413)]:
        refused = client.send(GREET, Call("POST", PEOPLE, headers={"content-type": "application/gzip"}, body=body))
        assert refused.status == status


@pytest.mark.parametrize(
    ("call", "status", "code"),
    [
        (packed_call(gzip.compress(b'{"text": "x"}')[:-3]), 400, "malformed"),
        (packed_call(b'{"text": "x"}'), 400, "malformed"),
        (packed_call(gzip.compress(b'{"text": ')), 400, "malformed"),
        (packed_call(gzip.compress(b" " * (MAX_BODY_BYTES + 1))), 413, "too_large"),
        (packed_call(gzip.compress(b'{"text": "x"}'), "br"), 415, "unsupported_media_type"),
        (packed_call(gzip.compress(b'{"text": "x"}'), "gzip, gzip"), 415, "unsupported_media_type"),
    ],
    ids=["cut off", "not packed", "no JSON", "too large inside", "another packing", "packed twice"],
)
def test_a_packed_body_that_cannot_be_read_is_refused_alike_on_every_host(
    client: HostClient, call: Call, status: int, code: str
) -> None:
    """The limit counts for what is unpacked."""
    answer = client.send(GREET, call)
    assert (answer.status, content(answer)["code"]) == (status, code)


def test_a_wrong_method_is_told_the_right_one(client: HostClient) -> None:
    """405 with Allow (RFC 9110, 15.5.6)."""
    assert client.send(GREET, Call("DELETE", PEOPLE)).headers["allow"] == "POST"


def test_a_bug_is_logged_with_the_requests_id_and_never_echoed(client: HostClient, notebook: Notebook) -> None:
    """The caller learns the id by which it can be found in the log, and nothing else."""
    answer = client.send(BREAK, Call("GET", "/api/v1/breakdown", headers={"x-request-id": "chosen-by-the-caller"}))
    assert (answer.status, content(answer)["code"]) == (500, "internal")
    assert b"hunter2" not in answer.body
    ((event, error, fields),) = notebook.problems
    assert (event, str(error)) == ("endpoint_failed", "the password is hunter2")
    assert fields == {"function": "break_down", "request_id": answer.headers["x-request-id"]}
    assert fields["request_id"] != "chosen-by-the-caller"


def test_a_preflight_of_a_listed_origin_is_answered(client: HostClient) -> None:
    """Browsers ask before they send JSON to another origin."""
    headers = {"Origin": "https://app.example", "Access-Control-Request-Method": "POST"}
    answer = client.send(GREET, Call("OPTIONS", PEOPLE, headers=headers))
    assert (answer.status, answer.body) == (204, b"")
    assert answer.headers["access-control-allow-origin"] == "https://app.example"
    assert answer.headers["access-control-allow-methods"] == "OPTIONS, POST"


def test_a_host_that_cannot_be_wired_answers_without_a_word_about_why(
    client: HostClient, injector: Injector, caplog: pytest.LogCaptureFixture
) -> None:
    """A malformed setting, say: 500 to the caller, the cause in the log."""
    wiring.use(Injector({}))
    answer = client.send(GREET, json_call("POST", PEOPLE, {"text": "x"}))
    wiring.use(injector)
    assert (answer.status, content(answer)["code"]) == (500, "internal")
    assert b"Settings" not in answer.body
    assert answer.headers["cache-control"] == "no-store"
    assert "this host provides no Settings" in caplog.text


def test_a_job_is_no_endpoint(http_client: HostClient) -> None:
    """On hosts whose scheduler calls over HTTP a stranger is told to sign in, and other methods to go away."""
    assert http_client.send(JOB, Call("POST", "/")).status == 401
    assert http_client.send(JOB, Call("GET", "/")).status == 405


@pytest.mark.parametrize("name", ["drain_queue", "open_door"])
def test_what_is_neither_endpoint_nor_job_is_not_there(http_client: HostClient, name: str) -> None:
    """Consumers and sockets have no address on the hosts that know only HTTP."""
    assert http_client.send(SAMPLES / name, Call("POST", "/")).status == 404
