"""Addresses and keys of a running demo, left in the data folder for commands of other processes."""

from __future__ import annotations

import os
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

import orjson

DEMO_TENANT: Final = "salon-fermata"
_FILE: Final = "demo.json"


@dataclass(frozen=True, slots=True)
class DemoParts:
    """What the demo consists of; ``sandbox`` is None when a real Cal.com takes its place."""

    web: str
    sandbox: str | None
    smtp: str | None
    api_key: str = field(repr=False)
    staff_keys: Mapping[str, str] = field(repr=False)
    webhook_secret: str = field(default="", repr=False)


def find_parts(data_dir: Path) -> DemoParts | None:
    """What the last demo on this data folder left, or None."""
    try:
        raw = orjson.loads((data_dir / _FILE).read_bytes())
        return DemoParts(
            raw["web"],
            raw["sandbox"],
            raw["smtp"],
            raw["api_key"],
            raw["staff_keys"],
            raw.get("webhook_secret", ""),
        )
    except (OSError, KeyError, TypeError, orjson.JSONDecodeError):
        return None


def store_parts(data_dir: Path, parts: DemoParts) -> None:
    """Leave the parts readable for this user only, whole or not at all."""
    content = orjson.dumps(
        {
            "web": parts.web,
            "sandbox": parts.sandbox,
            "smtp": parts.smtp,
            "api_key": parts.api_key,
            "staff_keys": dict(parts.staff_keys),
            "webhook_secret": parts.webhook_secret,
        },
        option=orjson.OPT_INDENT_2,
    )
    draft = data_dir / f"{_FILE}.new"
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(content)
    draft.replace(data_dir / _FILE)


def new_api_key() -> str:
    """A random key for the demo's own API."""
    return "fk_" + secrets.token_hex(16)


def new_webhook_secret() -> str:
    """A random secret for the sandbox to sign its webhooks with."""
    return secrets.token_hex(24)


def new_staff_key() -> str:
    """A random key in the form of Cal.com's."""
    return "cal_" + secrets.token_hex(16)
