"""Fixtures: running demos of the whole product."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any

import pytest

from tests.support.demo import Demo, running_demo


@pytest.fixture
async def demo(tmp_path: Path) -> AsyncIterator[Demo]:
    """A fresh demo on Tuesday, 24 March 2026, 10:15."""
    async with running_demo(tmp_path) as running:
        yield running


@pytest.fixture
def start_demo() -> Callable[..., Any]:
    """Starts further demos, such as a restart on the same data folder."""
    return running_demo
