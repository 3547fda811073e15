"""Fixture: where the rivals of these tests meet."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.support.rival_world import World, rival_world


@pytest.fixture
async def world(database_url: str, tmp_path: Path) -> AsyncIterator[World]:
    """An empty salon, once on each kind of database."""
    async with rival_world(database_url, tmp_path) as opened:
        yield opened
