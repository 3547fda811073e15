"""The demo salon and what it takes to understand its guests."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path
from typing import Protocol
from zoneinfo import ZoneInfo

import pytest
import yaml

from booking_core.model.description import tenant_from
from booking_core.model.tenant import Tenant
from bot.understanding.meaning import Asked, Meaning
from bot.understanding.understand import Understander

NOW = datetime(2026, 11, 25, 10, 15, tzinfo=ZoneInfo("Europe/Berlin"))
FIRST_OFFER = datetime(2026, 11, 26, 15, 0, tzinfo=ZoneInfo("Europe/Berlin"))


class Understand(Protocol):
    """Understands one message on Wednesday, 25 November 2026 at 10:15 in Berlin."""

    def __call__(self, text: str, expects: str = ..., offered: int = ..., *, language: str = ...) -> Meaning: ...


@pytest.fixture(scope="session")
def salon() -> Tenant:
    """The tenant of the demo."""
    document = yaml.safe_load(Path("bot/demo/salon.yaml").read_text(encoding="utf-8"))
    return tenant_from(document)


@pytest.fixture(scope="session")
def understander(salon: Tenant) -> Understander:
    """Built once, as in production."""
    return Understander(salon)


@pytest.fixture(scope="session")
def understand(understander: Understander) -> Understand:
    """One message to the salon; with a choice pending, offers an hour apart lie on the table."""

    def read(text: str, expects: str = "anything", offered: int = 0, *, language: str = "de") -> Meaning:
        offers = tuple(FIRST_OFFER + timedelta(hours=index) for index in range(offered))
        return understander.understand(
            text,
            now=NOW,
            language=language,
            asked=Asked(expects, offered),
            offered=offers if expects == "choice" else (),
        )

    return read
