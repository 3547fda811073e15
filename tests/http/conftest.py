"""Fixtures: running demos of the whole product."""

from __future__ import annotations

import asyncio
import shutil
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any

import pytest

from tests.support.demo import Demo, running_demo


@pytest.fixture(scope="session")
def seeded(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The data folder of a demo that was started once and stopped: migrated, seeded, event types pushed."""
    folder = tmp_path_factory.mktemp("seeded") / "var"

    async def start_once() -> None:
        async with running_demo(folder):
            pass

    asyncio.run(start_once())
    return folder


@pytest.fixture
async def demo(seeded: Path, tmp_path: Path) -> AsyncIterator[Demo]:
    """A demo without bookings on Tuesday, 24 March 2026, 10:15."""
    folder = tmp_path / "var"
    shutil.copytree(seeded, folder)
    async with running_demo(folder) as running:
        yield running


@pytest.fixture
def start_demo() -> Callable[..., Any]:
    """Starts further demos, such as a restart on the same data folder."""
    return running_demo
