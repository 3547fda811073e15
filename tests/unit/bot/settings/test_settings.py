"""The settings: every variable, every error at once, and no secret in sight."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import pytest

from booking_core.errors import Misconfigured
from bot.settings import DOOR_SECRETS, Settings, load_settings, settings_table

NAMED_IN_THE_CONTRACT = {
    *("FERMATA_DEMO", "FERMATA_HOST", "PORT", "FERMATA_DATA_DIR", "FERMATA_NOW", "FERMATA_PUBLIC_URL"),
    *(
        "FERMATA_MASTER_KEY",
        "FERMATA_ALIAS_DOMAIN",
        "FERMATA_SANDBOX_PORT",
        "FERMATA_SMTP_PORT",
        "FERMATA_API_KEY",
    ),
    *("FERMATA_DOORS", "DATABASE_URL", "REDIS_URL", "SMTP_URL", "CALCOM_BASE_URL", "CALCOM_API_KEY"),
    *("CALCOM_STAFF_KEYS", "CALCOM_WEBHOOK_SECRET", "RETELL_API_KEY", "VAPI_WEBHOOK_SECRET", "TOOLS_TOKEN"),
    *("ELEVENLABS_TOOL_SECRET", "ELEVENLABS_WEBHOOK_SECRET", "TELEGRAM_TOKEN", "TELEGRAM_WEBHOOK_SECRET"),
    *("TELEGRAM_API_URL", "TELEGRAM_ADMINS"),
}


def problems_of(environ: dict[str, str]) -> dict[str, str]:
    with pytest.raises(Misconfigured) as caught:
        load_settings(environ)
    problems = caught.value.data["problems"]
    assert isinstance(problems, dict)
    return problems


def test_an_empty_environment_is_enough() -> None:
    settings = load_settings({})
    assert (settings.host, settings.port, settings.data_dir) == ("127.0.0.1", 8080, Path("var"))
    assert not settings.demo
    assert settings.database_address == "sqlite+aiosqlite:///var/fermata.db"
    assert settings.doors == frozenset()
    assert settings.warnings == ()


def test_empty_variables_count_as_unset() -> None:
    assert load_settings({"PORT": "", "DATABASE_URL": " ", "FERMATA_DOORS": ""}) == load_settings({})


def test_only_what_is_handed_in_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PORT", "1234")
    assert load_settings({}).port == 8080


def test_every_variable_of_the_contract_is_documented() -> None:
    variables = {field.validation_alias for field in Settings.model_fields.values() if field.validation_alias}
    assert variables >= NAMED_IN_THE_CONTRACT
    table = settings_table()
    assert all(f"| `{name}` |" in table for name in variables)
    assert all(field.description for field in Settings.model_fields.values() if field.validation_alias)
    assert {name for names in DOOR_SECRETS.values() for name in names} <= variables


def test_all_errors_come_at_once_and_quote_no_value() -> None:
    environ = {
        "FERMATA_DEMO": "1",
        "PORT": "65536",
        "FERMATA_NOW": "hush-now",
        "DATABASE_URL": "mysql://user:hush-database@host/db",
        "REDIS_URL": "http://:hush-redis@[broken",
        "CALCOM_BASE_URL": "hush-address",
        "CALCOM_STAFF_KEYS": "hush-staff",
        "FERMATA_API_KEY": "hush",
        "FERMATA_MASTER_KEY": "long-enough-hush-0123456789,hush-short",
        "TELEGRAM_ADMINS": "hush:L9",
        "FERMATA_ALIAS_DOMAIN": "hush domain",
        "FERMATA_DOORS": "tools,hush-door",
    }
    problems = problems_of(environ)
    assert problems.keys() == environ.keys() - {"FERMATA_DEMO"}
    with pytest.raises(Misconfigured) as caught:
        load_settings(environ)
    text = str(caught.value)
    assert "hush" not in text
    assert len(text.splitlines()) == 1 + len(problems)
    assert caught.value.__cause__ is None and caught.value.__context__ is None


@pytest.mark.parametrize("text", ["2026-03-24T10:15Z", "2026-03-24T10:15+01:00", "tomorrow"])
def test_the_demo_clock_takes_local_times_only(text: str) -> None:
    assert problems_of({"FERMATA_DEMO": "1", "FERMATA_NOW": text}).keys() == {"FERMATA_NOW"}


def test_the_clock_is_set_in_the_demo_only() -> None:
    settings = load_settings({"FERMATA_DEMO": "1", "FERMATA_NOW": "2026-03-24T10:15"})
    assert settings.now == datetime(2026, 3, 24, 10, 15)  # noqa: DTZ001 - local time of a tenant
    assert "demo" in problems_of({"FERMATA_NOW": "2026-03-24T10:15"})["FERMATA_NOW"]


def test_the_demo_key_has_no_effect_outside_the_demo() -> None:
    key = "sixteen-chars-ok"
    inside = load_settings({"FERMATA_DEMO": "1", "FERMATA_API_KEY": key})
    assert inside.api_key is not None and inside.api_key.get_secret_value() == key
    outside = load_settings({"FERMATA_API_KEY": key})
    assert outside.api_key is None
    assert "FERMATA_API_KEY" in outside.warnings[0]


def test_a_key_may_hold_commas_and_secrets_may_be_several() -> None:
    settings = load_settings(
        {
            "FERMATA_DEMO": "1",
            "FERMATA_API_KEY": "a,b,c,d,e,f,g,h,i",
            "TOOLS_TOKEN": "old, new,",
            "RETELL_API_KEY": "one",
        }
    )
    assert settings.api_key is not None and len(settings.api_key) == 17
    assert [secret.get_secret_value() for secret in settings.tools_tokens] == ["old", "new"]
    assert settings.doors == {"tools", "retell"}


def test_pairs_are_parsed() -> None:
    settings = load_settings({"CALCOM_STAFF_KEYS": "anna=cal_1=, ben=cal_2", "TELEGRAM_ADMINS": "12:L2,34:L3"})
    assert {name: key.get_secret_value() for name, key in settings.calcom_staff_keys.items()} == {
        "anna": "cal_1=",
        "ben": "cal_2",
    }
    assert settings.telegram_admins == {12: "L2", 34: "L3"}
    assert "repeats" in problems_of({"CALCOM_STAFF_KEYS": "anna=1,anna=2"})["CALCOM_STAFF_KEYS"]


@pytest.mark.parametrize(
    ("given", "used"),
    [
        ("postgres://u:p@h/db", "postgresql+asyncpg://u:p@h/db"),
        ("postgresql://u:p@h/db", "postgresql+asyncpg://u:p@h/db"),
        ("postgresql+asyncpg://u:p@h/db", "postgresql+asyncpg://u:p@h/db"),
        ("sqlite:///x.db", "sqlite+aiosqlite:///x.db"),
    ],
)
def test_database_addresses_get_an_async_driver(given: str, used: str) -> None:
    assert load_settings({"DATABASE_URL": given}).database_address == used


def test_web_addresses_are_normalised() -> None:
    settings = load_settings(
        {"CALCOM_BASE_URL": "https://api.cal.com/v2/", "FERMATA_PUBLIC_URL": "https://salon.example/"}
    )
    assert settings.calcom_base_url == "https://api.cal.com"
    assert settings.public_url == "https://salon.example"


def test_doors_named_need_their_secret() -> None:
    named = load_settings({"FERMATA_DOORS": "tools", "TOOLS_TOKEN": "t", "RETELL_API_KEY": "r"})
    assert named.doors == {"tools"}
    assert named.closed_doors == {}
    problem = problems_of({"FERMATA_DOORS": "telegram", "TELEGRAM_TOKEN": "1:a"})["FERMATA_DOORS"]
    assert "TELEGRAM_WEBHOOK_SECRET" in problem and "TELEGRAM_TOKEN" not in problem


def test_closed_doors_name_what_they_miss() -> None:
    settings = load_settings({"TELEGRAM_TOKEN": "1:a", "TOOLS_TOKEN": "t"})
    assert settings.closed_doors["telegram"] == ("TELEGRAM_WEBHOOK_SECRET",)
    assert "tools" not in settings.closed_doors


def test_unknown_variables_of_ours_are_told_with_the_likely_one() -> None:
    warnings = load_settings({"FERMATA_HOTS": "x", "OTHER": "y"}).warnings
    assert warnings == ("FERMATA_HOTS is not a variable of this product; FERMATA_HOST is",)


def test_no_secret_is_printed() -> None:
    secret = {"FERMATA_MASTER_KEY", "DATABASE_URL", "REDIS_URL", "SMTP_URL", "CALCOM_API_KEY", "CALCOM_STAFF_KEYS"}
    secret |= {"CALCOM_WEBHOOK_SECRET", "FERMATA_API_KEY", "ELEVENLABS_WEBHOOK_SECRET"}
    secret |= {name for names in DOOR_SECRETS.values() for name in names}
    hush = "hush-hush-hush-hush"
    values = dict.fromkeys(secret, hush) | {
        "FERMATA_DEMO": "1",
        "DATABASE_URL": f"postgresql://u:{hush}@h/db",
        "REDIS_URL": f"redis://:{hush}@h",
        "SMTP_URL": f"smtp://u:{hush}@h:25",
        "CALCOM_STAFF_KEYS": f"anna={hush}",
    }
    settings = load_settings(values)
    shown = f"{settings} {settings!r} {settings.model_dump_json()} {settings.model_dump()} {settings.database_url}"
    assert "hush" not in shown
    assert "***" in str(settings.database_url)
