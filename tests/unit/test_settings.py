"""Settings: read from the environment, refused in one line that names the variable, and all of them documented."""

from pathlib import Path

import pytest

from smartalarm.adapters.webpush import generate_vapid_keys
from smartalarm.hosts.local import _with_database
from smartalarm.hosts.local_secrets import with_secrets
from smartalarm.ports import PushService
from smartalarm.settings import Settings
from smartalarm.wiring import SettingsError, local_injector, settings_from

DOCUMENTED = (Path(__file__).parents[2] / "docs" / "settings.md").read_text()


@pytest.mark.parametrize("name", Settings.model_fields)
def test_every_setting_is_documented(name: str) -> None:
    """One without a description, or without a row in docs/settings.md, fails here."""
    assert Settings.model_fields[name].description
    assert f"| `{name.upper()}` |" in DOCUMENTED


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("DATABASE_PROVIDER", "mongodb"),
        ("PORT", "eighty"),
        ("API_BASE_URL", "https://alarm.example/path"),
        ("CORS_ORIGINS", "https://app.example, app.example"),
        ("TRUSTED_PROXIES", "10.0.0"),
        ("JWT_SECRET_KEY", "so short a secret"),
        ("VAPID_SUBJECT", "mailto:<admin@alarm.example>"),
        ("PUSH_ALLOWED_HOSTS", "no host!"),
        ("GRACE_MINUTES", "0"),
        ("RING_LOOK_AHEAD_SECONDS", "5m"),
    ],
)
def test_a_malformed_value_is_refused_in_one_line_that_names_its_variable(name: str, value: str) -> None:
    """And a secret is not repeated in it."""
    with pytest.raises(SettingsError) as refused:
        settings_from({name: value})
    text = str(refused.value)
    assert text.startswith(f"{name}: ")
    assert "\n" not in text
    assert "so short a secret" not in text


def test_names_of_ours_that_mean_nothing_are_warned_about() -> None:
    """A typing error must not silently leave a default in place; other programs' variables are none of our business."""
    settings, warnings = settings_from({"VAPID_SUBJET": "mailto:ops@alarm.example", "PATH": "/bin", "GRACE_MINUTES": "5"})
    assert settings.grace_minutes == 5
    assert warnings == ["VAPID_SUBJET is set, but there is no such setting."]


def test_a_providers_name_may_be_written_in_any_case() -> None:
    """As deployment guides do."""
    assert settings_from({"DATABASE_PROVIDER": " PostgreSQL "})[0].database_provider == "postgresql"


@pytest.mark.parametrize(
    ("environ", "name"),
    [
        ({"VAPID_PRIVATE_KEY": "no key"}, "VAPID_PRIVATE_KEY"),
        ({"VAPID_PRIVATE_KEY": generate_vapid_keys()[1], "VAPID_PUBLIC_KEY": generate_vapid_keys()[0]}, "VAPID_PUBLIC_KEY"),
    ],
)
def test_push_keys_that_cannot_work_are_refused_by_name(environ: dict[str, str], name: str) -> None:
    """With halves of two pairs, every browser would subscribe with a key that we do not sign with."""
    injector = local_injector(settings_from(environ)[0], "local")
    with pytest.raises(SettingsError, match=f"^{name}: "):
        injector.get(PushService)


def test_a_given_push_key_goes_without_the_half_that_the_local_host_made(tmp_path: Path) -> None:
    """Otherwise the first start would leave a public key behind that never fits a key given later."""
    public_key, private_key = generate_vapid_keys()
    with_secrets(Settings(), tmp_path)
    settings = with_secrets(settings_from({"VAPID_PRIVATE_KEY": private_key})[0], tmp_path)
    assert local_injector(settings, "local").get(PushService).public_key == public_key


@pytest.mark.parametrize(
    "environ",
    [
        {"CONNECTION_STRING": "postgresql://user@db/alarm"},
        {"DATABASE_PROVIDER": "postgresql", "CONNECTION_STRING": "sqlite:////data/alarm.db"},
    ],
)
def test_an_address_of_another_database_than_the_named_one_is_refused(environ: dict[str, str], tmp_path: Path) -> None:
    """Taken for a file of our own, a shared database would lose the leases that other processes hold."""
    with pytest.raises(SettingsError, match=r"^CONNECTION_STRING: "):
        _with_database(settings_from(environ)[0], tmp_path)
