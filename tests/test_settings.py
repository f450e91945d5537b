"""Settings: what is wrong is named with its cure, and production refuses the demo's parts."""

from pathlib import Path

import pytest

from app import config
from app.config import SettingProblem

PRODUCTION = {
    "NARTHEX_PROFILE": "production",
    "NARTHEX_SECRET_KEYS": "0123456789abcdef0123456789abcdef",
    "NARTHEX_BASE_URL": "https://card.sineva-demo.bg",
    "NARTHEX_DATABASE_URL": "postgresql://narthex@db/narthex",
    "NARTHEX_SMS": "twilio",
    "NARTHEX_TWILIO_ACCOUNT": "AC1",
    "NARTHEX_TWILIO_TOKEN": "t",
    "NARTHEX_TWILIO_FROM": "+359880000000",
    "NARTHEX_MAIL": "smtp",
    "NARTHEX_SMTP_HOST": "mail",
    "NARTHEX_MAIL_FROM": "a@sineva-demo.bg",
    "NARTHEX_APPLE_CERTIFICATE": "pass.pem",
    "NARTHEX_APPLE_WWDR": "wwdr.pem",
    "NARTHEX_APPLE_PASS_TYPE": "pass.bg.sineva",
    "NARTHEX_APPLE_TEAM": "TEAM",
    "NARTHEX_GOOGLE_ACCOUNT": "account.json",
    "NARTHEX_GOOGLE_ISSUER": "338",
}


def test_the_demo_needs_no_setting_at_all() -> None:
    assert config.load({}).demo


def test_production_starts_with_everything_given() -> None:
    assert not config.load(PRODUCTION).demo


@pytest.mark.parametrize("name", sorted(set(PRODUCTION) - {"NARTHEX_PROFILE", "NARTHEX_SMS", "NARTHEX_MAIL"}))
def test_production_refuses_to_start_without_a_setting_and_names_it(name: str) -> None:
    lacking = {key: value for key, value in PRODUCTION.items() if key != name}
    with pytest.raises(SettingProblem, match=name):
        config.load(lacking)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("NARTHEX_SMS", "inbox"),
        ("NARTHEX_MAIL", "inbox"),
        ("NARTHEX_BASE_URL", "http://card.sineva-demo.bg"),
        ("NARTHEX_SECRET_KEYS", "short"),
        ("NARTHEX_SMTP_TLS", "none"),
    ],
)
def test_production_refuses_what_is_only_for_the_demo(name: str, value: str) -> None:
    with pytest.raises(SettingProblem, match=name):
        config.load({**PRODUCTION, name: value})


@pytest.mark.parametrize(
    ("name", "value"),
    [("PORT", "many"), ("NARTHEX_PROFILE", "test"), ("NARTHEX_DNS", "53"), ("NARTHEX_COLOUR", "red")],
)
def test_a_wrong_or_unknown_setting_is_named(name: str, value: str) -> None:
    with pytest.raises(SettingProblem, match=name):
        config.load({name: value})


def test_no_secret_is_in_what_settings_say_of_themselves() -> None:
    given = {**PRODUCTION, "NARTHEX_SMTP_PASSWORD": "hunter2hunter2", "NARTHEX_TWILIO_TOKEN": "tok3n-tok3n"}
    said = repr(config.load(given)) + str(config.load(given))
    assert not any(secret in said for secret in ("hunter2", "tok3n", "0123456789abcdef", "narthex@db"))


def test_the_demos_secret_is_made_once_and_for_its_owner_only(tmp_path: Path) -> None:
    settings = config.load({"NARTHEX_VAR": str(tmp_path)})
    first, second = config.with_demo_secrets(settings), config.with_demo_secrets(settings)
    assert first.secrets() == second.secrets()
    assert (tmp_path / "demo-secret").stat().st_mode & 0o077 == 0


def test_a_wrong_spelling_is_told_in_words_not_as_a_pattern() -> None:
    with pytest.raises(SettingProblem, match="host:port") as told:
        config.load({"NARTHEX_DNS": "53"})
    assert "^" not in str(told.value)


def test_a_home_without_flows_is_named(tmp_path: Path) -> None:
    with pytest.raises(SettingProblem, match="NARTHEX_HOME"):
        config.load({"NARTHEX_HOME": str(tmp_path)})
