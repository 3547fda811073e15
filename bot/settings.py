"""The settings of one process, and the only reader of the environment. What is made of them is left to the wiring."""

from __future__ import annotations

import difflib
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Annotated, Any, Final

from pydantic import Field, ValidationError, ValidationInfo, field_validator
from pydantic.fields import FieldInfo
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsConfigDict

from booking_core.errors import Misconfigured
from bot.setting_types import (
    DatabaseAddress,
    DomainName,
    LevelById,
    LogLevel,
    Names,
    Port,
    RedisAddress,
    Secret,
    SecretByName,
    Secrets,
    ServerAddress,
    SmtpAddress,
    WebAddress,
)

DOOR_SECRETS: Final[Mapping[str, tuple[str, ...]]] = {
    "telegram": ("TELEGRAM_TOKEN", "TELEGRAM_WEBHOOK_SECRET"),
    "retell": ("RETELL_API_KEY",),
    "vapi": ("VAPI_WEBHOOK_SECRET",),
    "elevenlabs": ("ELEVENLABS_TOOL_SECRET",),
    "tools": ("TOOLS_TOKEN",),
}
"""Doors of the demo tenant and the variables without which each cannot be opened."""

API_KEY_LENGTH: Final = 16
MASTER_KEY_LENGTH: Final = 16


class Settings(BaseSettings):
    """Everything that can be set, by the name of its variable; an empty variable counts as unset.

    Made by ``load_settings``. Secrets print as ``***``; variables marked so take several, comma-separated, the first of which is
    used for sending and all of which are accepted.
    """

    model_config = SettingsConfigDict(
        frozen=True, extra="ignore", hide_input_in_errors=True, validate_default=False
    )

    demo: bool = Field(
        default=False,
        validation_alias="FERMATA_DEMO",
        description="`1` starts the self-contained demo: sandbox calendar, mailbox, demo tenant, demo keys and clock.",
    )
    host: str = Field(
        default="127.0.0.1", validation_alias="FERMATA_HOST", description="Address that the web server listens on."
    )
    port: Port = Field(
        default=8080,
        validation_alias="PORT",
        description="Port that the web server listens on; `0` takes a free one.",
    )
    data_dir: Path = Field(
        default=Path("./var"),
        validation_alias="FERMATA_DATA_DIR",
        description="Folder for everything the embedded product keeps.",
    )
    now: datetime | None = Field(
        default=None,
        validation_alias="FERMATA_NOW",
        description="Demo only: local time of the tenant at which the clock starts (`2026-03-24T10:15`); it then ticks.",
    )
    public_url: WebAddress | None = Field(
        default=None,
        validation_alias="FERMATA_PUBLIC_URL",
        description="Address under which guests reach this server, for links in mails and messages.",
    )
    master_keys: Secrets = Field(
        default=(),
        validation_alias="FERMATA_MASTER_KEY",
        description="Encrypts the secrets of tenants; several for rotation, the first encrypts.",
    )
    alias_domain: DomainName = Field(
        default="guests.fermata.example",
        validation_alias="FERMATA_ALIAS_DOMAIN",
        description="Domain of the alias addresses under which the calendar knows guests.",
    )
    sandbox_port: Port = Field(
        default=0,
        validation_alias="FERMATA_SANDBOX_PORT",
        description="Port of the sandbox calendar; `0` takes a free one.",
    )
    smtp_port: Port = Field(
        default=0,
        validation_alias="FERMATA_SMTP_PORT",
        description="Port of the demo's mail server; `0` takes a free one.",
    )
    database_url: DatabaseAddress | None = Field(
        default=None,
        validation_alias="DATABASE_URL",
        description="`postgresql+asyncpg://…`; without it an SQLite file in the data folder.",
    )
    redis_url: RedisAddress | None = Field(
        default=None,
        validation_alias="REDIS_URL",
        description="`redis://…` for locks, limits and the queue of several processes; without it they live in the process.",
    )
    smtp_url: SmtpAddress | None = Field(
        default=None,
        validation_alias="SMTP_URL",
        description="`smtp://user:password@host:port` (or `smtps`, `smtp+starttls`) of the mail relay.",
    )
    calcom_base_url: ServerAddress | None = Field(
        default=None,
        validation_alias="CALCOM_BASE_URL",
        description="Address of Cal.com without `/v2`; in the demo it replaces the sandbox.",
    )
    calcom_api_key: Secret | None = Field(
        default=None, validation_alias="CALCOM_API_KEY", description="Key of the account that owns the calendar."
    )
    calcom_staff_keys: SecretByName = Field(
        default_factory=dict,
        validation_alias="CALCOM_STAFF_KEYS",
        description="Key of each staff member: `anna=cal_…,ben=cal_…`.",
    )
    calcom_webhook_secrets: Secrets = Field(
        default=(),
        validation_alias="CALCOM_WEBHOOK_SECRET",
        description="Signs webhooks of Cal.com; several for rotation.",
    )
    api_key: Secret | None = Field(
        default=None,
        validation_alias="FERMATA_API_KEY",
        description="Demo only: admin key of `/api/v2` and the console, 16 characters or more; without it one is made.",
    )
    retell_api_keys: Secrets = Field(
        default=(),
        validation_alias="RETELL_API_KEY",
        description="Verifies requests of Retell; several for rotation.",
    )
    vapi_secrets: Secrets = Field(
        default=(),
        validation_alias="VAPI_WEBHOOK_SECRET",
        description="Verifies requests of Vapi; several for rotation.",
    )
    elevenlabs_tool_secrets: Secrets = Field(
        default=(),
        validation_alias="ELEVENLABS_TOOL_SECRET",
        description="Verifies tool calls of ElevenLabs; several for rotation.",
    )
    elevenlabs_webhook_secrets: Secrets = Field(
        default=(),
        validation_alias="ELEVENLABS_WEBHOOK_SECRET",
        description="Verifies events of ElevenLabs; several for rotation.",
    )
    telegram_tokens: Secrets = Field(
        default=(),
        validation_alias="TELEGRAM_TOKEN",
        description="Token of the Telegram bot; several for rotation, the first sends.",
    )
    telegram_webhook_secrets: Secrets = Field(
        default=(),
        validation_alias="TELEGRAM_WEBHOOK_SECRET",
        description="Verifies updates of Telegram; several for rotation.",
    )
    telegram_api_url: WebAddress = Field(
        default="https://api.telegram.org",
        validation_alias="TELEGRAM_API_URL",
        description="Address of Telegram's Bot API.",
    )
    telegram_admins: LevelById = Field(
        default_factory=dict,
        validation_alias="TELEGRAM_ADMINS",
        description="Operators by Telegram user id and level: `1234:L2,5678:L3`.",
    )
    tools_tokens: Secrets = Field(
        default=(),
        validation_alias="TOOLS_TOKEN",
        description="Bearer token of the generic tools door; several for rotation.",
    )
    named_doors: Names | None = Field(
        default=None,
        validation_alias="FERMATA_DOORS",
        description="Doors to open, of `telegram,retell,vapi,elevenlabs,tools`; each needs its secret. "
        "Without it those that have one.",
    )
    log_level: LogLevel = Field(
        default="info",
        validation_alias="FERMATA_LOG_LEVEL",
        description="Least level that is logged: `debug`, `info`, `warning` or `error`.",
    )
    trusted_proxies: Annotated[int, Field(ge=0, le=10)] = Field(
        default=0,
        validation_alias="FERMATA_TRUSTED_PROXIES",
        description="How many proxies of ours stand before this server; their entries of `X-Forwarded-For` are believed.",
    )
    rate_per_minute: Annotated[int, Field(ge=0)] = Field(
        default=0,
        validation_alias="FERMATA_RATE_PER_MINUTE",
        description="Requests a minute allowed to one IP address; `0` is no limit.",
    )
    warnings: tuple[str, ...] = Field(default=(), exclude=True)
    """What is odd about the environment without being wrong, to be logged once."""

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Only what is handed in: the process environment reaches this class through ``load_settings`` alone."""
        return (init_settings,)

    @field_validator("now", mode="before")
    @classmethod
    def _naive_local_time(cls, value: object, info: ValidationInfo) -> object:
        if info.data.get("demo") is False:
            raise ValueError("only the demo's clock can be set; remove it or set FERMATA_DEMO=1")
        if isinstance(value, str):
            try:
                value = datetime.fromisoformat(value)
            except ValueError:
                raise ValueError("must be a local time such as 2026-03-24T10:15") from None
        if isinstance(value, datetime) and value.tzinfo is not None:
            raise ValueError("must be a local time without an offset, such as 2026-03-24T10:15")
        return value

    @field_validator("master_keys")
    @classmethod
    def _long_enough(cls, keys: tuple[Secret, ...]) -> tuple[Secret, ...]:
        if any(len(key) < MASTER_KEY_LENGTH for key in keys):
            raise ValueError(f"every key needs {MASTER_KEY_LENGTH} characters or more")
        return keys

    @field_validator("api_key")
    @classmethod
    def _long_key(cls, key: Secret | None, info: ValidationInfo) -> Secret | None:
        if key is not None and len(key) < API_KEY_LENGTH:
            raise ValueError(f"needs {API_KEY_LENGTH} characters or more")
        # Outside the demo it opens nothing; an environment shared with a demo must not stop other commands.
        return key if info.data.get("demo") is not False else None

    @field_validator("named_doors")
    @classmethod
    def _doors_with_secrets(cls, doors: tuple[str, ...] | None, info: ValidationInfo) -> tuple[str, ...] | None:
        # Fields are checked in order, each on its own, so that this names missing secrets beside every other error.
        problems: list[str] = []
        for number, door in enumerate(doors or (), start=1):
            if door not in DOOR_SECRETS:
                problems.append(f"entry {number} is none of {', '.join(DOOR_SECRETS)}")
            elif missing := _missing_secrets(door, info.data):
                problems.append(f"the door {door} needs {' and '.join(missing)}")
        if problems:
            raise ValueError("; ".join(problems))
        return doors

    @property
    def doors(self) -> frozenset[str]:
        """The doors to mount."""
        if self.named_doors is not None:
            return frozenset(self.named_doors)
        return frozenset(DOOR_SECRETS) - self.closed_doors.keys()

    @property
    def closed_doors(self) -> Mapping[str, tuple[str, ...]]:
        """Doors that stay unmounted for want of a secret, with the variables that miss; empty where doors were named."""
        if self.named_doors is not None:
            return {}
        values = dict(self)
        return {door: missing for door in DOOR_SECRETS if (missing := _missing_secrets(door, values))}

    @property
    def database_address(self) -> str:
        """The database for SQLAlchemy, with the password: the given one, else an SQLite file in the data folder."""
        if self.database_url is not None:
            return self.database_url.get_secret_value()
        return f"sqlite+aiosqlite:///{self.data_dir / 'fermata.db'}"


def load_settings(environ: Mapping[str, str]) -> Settings:
    """The settings of this environment; raises Misconfigured with every error at once, none of which quotes a value.

    ``data['problems']`` maps each variable to what is wrong with it.
    """
    values: dict[str, Any] = {
        name: content for name in _fields_by_variable() if (content := environ.get(name, "").strip())
    }
    try:
        settings = Settings(**values)
        return settings.model_copy(update={"warnings": _oddities(environ, demo=settings.demo)})
    except ValidationError as error:
        problems = _problems(error)
    # Outside the except block, so that the validation error (it holds the values) is no context of this one.
    lines = "\n".join(f"  {variable}: {problem}" for variable, problem in problems.items())
    raise Misconfigured(f"{len(problems)} of the settings cannot be used:\n{lines}", problems=problems)


def settings_table() -> str:
    """Every variable with default and meaning as a Markdown table."""
    rows = ["| Variable | Default | Meaning |", "|---|---|---|"]
    for name, field in _fields_by_variable().items():
        rows.append(f"| `{name}` | {_default_text(field)} | {field.description} |")
    return "\n".join(rows) + "\n"


def _default_text(field: FieldInfo) -> str:
    if field.default_factory is not None or field.default is None or field.default is False or field.default == ():
        return "–"
    shown = f"./{field.default}" if isinstance(field.default, Path) else field.default
    return f"`{shown}`"


def _fields_by_variable() -> dict[str, FieldInfo]:
    return {
        field.validation_alias: field
        for field in Settings.model_fields.values()
        if isinstance(field.validation_alias, str)
    }


def _missing_secrets(door: str, values: Mapping[str, Any]) -> tuple[str, ...]:
    fields = {field.validation_alias: name for name, field in Settings.model_fields.items()}
    # A value that did not pass its own check is absent here and reported there.
    return tuple(name for name in DOOR_SECRETS.get(door, ()) if values.get(fields[name], "reported") == ())


def _problems(error: ValidationError) -> dict[str, str]:
    problems: dict[str, str] = {}
    for item in error.errors(include_url=False, include_input=False, include_context=False):
        variable = str(item["loc"][0])
        text = item["msg"].removeprefix("Value error, ")
        problems[variable] = f"{problems[variable]}; {text}" if variable in problems else text
    return problems


def _oddities(environ: Mapping[str, str], *, demo: bool) -> tuple[str, ...]:
    known = _fields_by_variable()
    odd: list[str] = []
    for name in sorted(environ):
        if name.startswith("FERMATA_") and name not in known:
            similar = difflib.get_close_matches(name, known, n=1)
            odd.append(f"{name} is not a variable of this product" + (f"; {similar[0]} is" if similar else ""))
    if environ.get("FERMATA_API_KEY", "").strip() and not demo:
        odd.append("FERMATA_API_KEY has no effect outside the demo")
    return tuple(odd)
