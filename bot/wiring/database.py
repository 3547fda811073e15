"""Where everything is kept."""

from __future__ import annotations

from bot.settings import Settings
from integrations.sql import SqlDatabase


def open_database(settings: Settings) -> SqlDatabase:
    """The database of these settings; connects on first use."""
    settings.data_dir.mkdir(parents=True, exist_ok=True)
    return SqlDatabase.open(settings.database_address)
