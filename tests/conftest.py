"""Fixtures for all tests."""

from __future__ import annotations

import sys

import pytest

from bot.logs import configure_logging

pytest_plugins = ["tests.support.databases", "tests.support.redis_server"]


@pytest.fixture(scope="session", autouse=True)
def _masked_logs() -> None:
    """Log as the product does: without this, a failing test would print guests' data with its traceback."""
    configure_logging("error", sys.stderr)
