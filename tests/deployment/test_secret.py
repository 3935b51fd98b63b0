"""A stage's secret: made once, completed where it lacks something, never overwritten, never shown."""

import json
import uuid
from hashlib import sha256

import pytest

from scripts.deployment.refusal import Refused
from scripts.deployment.secret import ensure_secret, origin_sha256, secret_name
from smartalarm.adapters.webpush import WebPushService
from tests.deployment.conftest import Client
from tests.fakes import ManualClock


@pytest.fixture
def stage() -> str:
    """One that nobody else uses."""
    return f"t{uuid.uuid4().hex[:8]}"


def test_the_first_deployment_makes_every_entry(client: Client, stage: str) -> None:
    """The push keys belong together, and the digest is the header's."""
    secrets = client("secretsmanager")
    made = ensure_secret(secrets, stage)
    kept = json.loads(secrets.get_secret_value(SecretId=secret_name(stage))["SecretString"])
    entries = ("JWT_SECRET_KEY", "METRICS_TOKEN", "ORIGIN_SECRET", "VAPID_PRIVATE_KEY", "VAPID_PUBLIC_KEY")
    assert made.made == entries == tuple(sorted(kept))
    assert made.origin_sha256 == sha256(kept["ORIGIN_SECRET"].encode()).hexdigest()
    assert len(kept["JWT_SECRET_KEY"]) >= 32
    push = WebPushService(kept["VAPID_PRIVATE_KEY"], "mailto:ops@alarm.example", (), clock=ManualClock())
    assert push.public_key == kept["VAPID_PUBLIC_KEY"]


def test_the_next_one_changes_nothing(client: Client, stage: str) -> None:
    """New keys would end every session and every push subscription."""
    secrets = client("secretsmanager")
    ensure_secret(secrets, stage)
    before = secrets.get_secret_value(SecretId=secret_name(stage))
    again = ensure_secret(secrets, stage)
    after = secrets.get_secret_value(SecretId=secret_name(stage))
    assert again.made == ()
    assert (after["SecretString"], after["VersionId"]) == (before["SecretString"], before["VersionId"])


def test_what_a_person_put_there_stays_and_the_rest_is_added(client: Client, stage: str) -> None:
    """Also entries that we know nothing of."""
    secrets = client("secretsmanager")
    given = {"JWT_SECRET_KEY": "chosen by a person, 32 characters", "OTHER": "x"}
    secrets.create_secret(Name=secret_name(stage), SecretString=json.dumps(given))
    made = ensure_secret(secrets, stage)
    kept = json.loads(secrets.get_secret_value(SecretId=secret_name(stage))["SecretString"])
    assert "JWT_SECRET_KEY" not in made.made
    assert {key: kept[key] for key in given} == given


def test_a_secret_of_another_shape_is_refused_in_one_line(client: Client, stage: str) -> None:
    """It may be somebody else's; its text is not shown."""
    client("secretsmanager").create_secret(Name=secret_name(stage), SecretString="hunter2")
    with pytest.raises(Refused) as refused:
        ensure_secret(client("secretsmanager"), stage)
    assert str(refused.value) == f"The secret smartalarm/{stage} is no JSON object; it is left as it is."


def test_while_the_header_is_replaced_both_values_open() -> None:
    """Edges learn of the new one one after another."""
    digests = origin_sha256({"ORIGIN_SECRET": "new", "ORIGIN_SECRET_PREVIOUS": "old"})
    assert digests == f"{sha256(b'new').hexdigest()},{sha256(b'old').hexdigest()}"
