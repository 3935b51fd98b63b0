"""Secrets on AWS: read once, at the first use of a port that needs one, and missed in one line that says what to do."""

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from smartalarm.adapters.sql import open_engine
from smartalarm.adapters.sql.migrations import migrate
from smartalarm.adapters.webpush import generate_vapid_keys
from smartalarm.catalog import FUNCTIONS_ROOT
from smartalarm.errors import Unavailable
from smartalarm.http import Response
from smartalarm.ports import PushService, Signer
from smartalarm.ringing.dispatch import Dispatch
from smartalarm.wiring import SettingsError, cloud_injector, settings_from
from tests.servers.cloud_events import Call, http_api_event, http_api_result, json_call, schedule_event
from tests.servers.runtimes import running_lambda
from tests.servers.secrets_server import SecretsServer, running_secrets_server

PUBLIC, PRIVATE = generate_vapid_keys()
SECRET = {"JWT_SECRET_KEY": "a secret of at least 32 characters", "VAPID_PUBLIC_KEY": PUBLIC, "VAPID_PRIVATE_KEY": PRIVATE}
ACCOUNT = {"email": "ann@example.org", "password": "correct horse battery", "time_zone": "Europe/Madrid", "locale": "es"}
DENIED = "may not be read: the function's role lacks secretsmanager:GetSecretValue on it."
LEAKS = ("JWT", "KEYVAULT", "smartalarm/test", "secretsmanager", "Traceback", "hunter2")


@pytest.fixture
def vault(monkeypatch: pytest.MonkeyPatch) -> Iterator[SecretsServer]:
    """A Secrets Manager that this process finds where an emulator's would be."""
    with running_secrets_server() as server:
        server.text = json.dumps({**SECRET, "ORIGIN_SECRET": "not a setting"})
        for name, value in aws(server).items():
            monkeypatch.setenv(name, value)
        yield server


def aws(server: SecretsServer) -> dict[str, str]:
    """What the AWS SDKs read."""
    return {
        "AWS_ENDPOINT_URL": server.endpoint,
        "AWS_REGION": "eu-central-1",
        "AWS_ACCESS_KEY_ID": "test",
        "AWS_SECRET_ACCESS_KEY": "test",
    }


def given(**more: str) -> Any:
    """Settings of a function on AWS."""
    named = {
        "DATABASE_PROVIDER": "dynamodb",
        "CONNECTION_STRING": "smartalarm-test",
        "RING_QUEUE_URL": "https://queue",
        "KEYVAULT_PROVIDER": "AWS",
        "KEYVAULT_SECRET": "smartalarm/test",
    }
    return settings_from({**named, **more})[0]


def test_the_secret_is_read_once_and_only_when_somebody_needs_it(vault: SecretsServer) -> None:
    """The sweep runs every minute and never does."""
    injector = cloud_injector(given())
    injector.get(Dispatch)
    assert vault.calls == []
    assert injector.get(PushService).public_key == PUBLIC
    injector.get(Signer)
    assert vault.calls == ["GetSecretValue smartalarm/test"]


def test_what_the_environment_gives_stays(vault: SecretsServer) -> None:
    """As for every other setting."""
    public, private = generate_vapid_keys()
    injector = cloud_injector(given(VAPID_PUBLIC_KEY=public, VAPID_PRIVATE_KEY=private))
    assert injector.get(PushService).public_key == public
    assert len(vault.calls) == 1


@pytest.mark.parametrize(
    ("refusal", "text", "line"),
    [
        (
            "ResourceNotFoundException",
            "",
            "KEYVAULT_SECRET: 'smartalarm/test' does not exist in this account and region; `make deploy` creates it.",
        ),
        (
            "AccessDeniedException",
            "",
            f"KEYVAULT_SECRET: 'smartalarm/test' {DENIED}",
        ),
        ("", "hunter2", "KEYVAULT_SECRET: 'smartalarm/test' holds no JSON object of texts."),
        ("", "{}", "JWT_SECRET_KEY: is missing in 'smartalarm/test', the secret that KEYVAULT_SECRET names."),
        ("", '{"JWT_SECRET_KEY": "hunter2"}', "JWT_SECRET_KEY: its value in 'smartalarm/test' is malformed."),
    ],
)
def test_a_secret_that_cannot_be_used_is_one_line(vault: SecretsServer, refusal: str, text: str, line: str) -> None:
    """It names the setting and what to do, and repeats no value."""
    vault.refusal, vault.text = refusal, text
    with pytest.raises(SettingsError) as refused:
        cloud_injector(given()).get(Signer)
    assert str(refused.value) == line


def test_a_vault_that_is_busy_is_asked_again_by_the_next_call(vault: SecretsServer) -> None:
    """A failure of a moment is not kept for the life of the process."""
    injector = cloud_injector(given())
    vault.refusal = "InternalServiceError"
    with pytest.raises(Unavailable):
        injector.get(Signer)
    vault.refusal = ""
    injector.get(Signer)


@pytest.mark.parametrize(
    ("environ", "line"),
    [
        ({"KEYVAULT_PROVIDER": "oci"}, "KEYVAULT_PROVIDER: Input should be 'env' or 'aws'"),
        ({"KEYVAULT_PROVIDER": "hashicorp"}, "KEYVAULT_PROVIDER: Input should be 'env' or 'aws'"),
        ({"ORIGIN_SECRET_SHA256": "the secret itself"}, "ORIGIN_SECRET_SHA256: holds something else than SHA-256 digests"),
    ],
)
def test_a_vault_that_there_is_not_is_refused_in_one_line(environ: dict[str, str], line: str) -> None:
    """Before anything is served."""
    with pytest.raises(SettingsError) as refused:
        settings_from(environ)
    assert str(refused.value).startswith(line)
    assert "\n" not in str(refused.value)


@pytest.mark.parametrize(
    ("more", "port", "line"),
    [
        (
            {"KEYVAULT_SECRET": ""},
            Signer,
            "KEYVAULT_SECRET: is not set; with KEYVAULT_PROVIDER=aws it names the secret to read.",
        ),
        ({"KEYVAULT_PROVIDER": "env"}, Signer, "JWT_SECRET_KEY: is not set."),
        ({"KEYVAULT_PROVIDER": "env"}, PushService, "VAPID_PRIVATE_KEY: is not set."),
    ],
)
def test_a_secret_that_nobody_gave_is_missed_by_who_needs_it(more: dict[str, str], port: type, line: str) -> None:
    """And by nobody else: the sweep is built without."""
    injector = cloud_injector(given(**more))
    injector.get(Dispatch)
    with pytest.raises(SettingsError) as refused:
        injector.get(port)
    assert str(refused.value) == line


# ------------------------------------------------------------------------------------------------ in Lambda's own bootstrap


@pytest.fixture
def environment(vault: SecretsServer, tmp_path: Path) -> Mapping[str, str]:
    """A function's, with a database that needs no server."""
    url = f"sqlite:///{tmp_path / 'smartalarm.db'}"
    engine = open_engine(url)
    migrate(engine)
    engine.close()
    return {"CONNECTION_STRING": url, "KEYVAULT_PROVIDER": "aws", "KEYVAULT_SECRET": "smartalarm/test", **aws(vault)}


def registered(environment: Mapping[str, str], home: Path, times: int = 1) -> list[Response]:
    """One process's answers to people who sign up."""
    with running_lambda(FUNCTIONS_ROOT / "register_account", environment, home) as api:
        calls = [
            json_call("POST", "/api/v1/auth/register", {**ACCOUNT, "email": f"ann{n}@example.org"}) for n in range(times)
        ]
        return [http_api_result(api.invoke(http_api_event(call))) for call in calls]


def test_lambda_asks_the_vault_once_a_process(environment: Mapping[str, str], vault: SecretsServer, tmp_path: Path) -> None:
    """Two people sign up; a job that needs no secret asks nobody."""
    assert [answer.status for answer in registered(environment, tmp_path, times=2)] == [201, 201]
    assert len(vault.calls) == 1
    with running_lambda(FUNCTIONS_ROOT / "purge_expired", environment, tmp_path) as api:
        assert api.invoke(schedule_event()) is None
    assert len(vault.calls) == 1


@pytest.mark.parametrize(
    ("refusal", "line"),
    [
        ("AccessDeniedException", DENIED),
        ("ResourceNotFoundException", "does not exist in this account and region; `make deploy` creates it."),
    ],
)
def test_a_caller_learns_nothing_of_a_secret_that_is_missing(
    environment: Mapping[str, str], vault: SecretsServer, tmp_path: Path, refusal: str, line: str
) -> None:
    """The operator does: one line in the log says it all."""
    vault.refusal = refusal
    (answer,) = registered(environment, tmp_path)
    assert (answer.status, answer.headers["content-type"]) == (500, "application/problem+json")
    assert not [word for word in LEAKS if word in answer.body.decode()]
    lines = [json.loads(text) for text in (tmp_path / "lambda.log").read_text().splitlines() if text.startswith("{")]
    assert [entry["reason"] for entry in lines if entry["level"] == "error"] == [
        f"KEYVAULT_SECRET: 'smartalarm/test' {line}"
    ]


def test_a_malformed_setting_is_one_line_in_lambdas_log(environment: Mapping[str, str], tmp_path: Path) -> None:
    """Nothing can be built then, not even telemetry; the caller still gets a problem."""
    with running_lambda(FUNCTIONS_ROOT / "check_live", {**environment, "GRACE_MINUTES": "soon"}, tmp_path) as api:
        answer = http_api_result(api.invoke(http_api_event(Call("GET", "/api/v1/health/live"))))
    assert answer.status == 500
    assert b"GRACE" not in answer.body
    said = [text for text in (tmp_path / "lambda.log").read_text().splitlines() if "GRACE_MINUTES" in text]
    assert len(said) == 1
    assert "GRACE_MINUTES: Input should be a valid integer" in said[0]
    assert "Traceback" not in (tmp_path / "lambda.log").read_text()
