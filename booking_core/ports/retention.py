"""How long every database keeps what has run out or is over."""

from __future__ import annotations

from datetime import timedelta
from typing import Final

ANSWERS_KEPT: Final = timedelta(hours=24)
"""An answer to a repeated request, and a call that was left without one."""

RUN_OUT_KEPT: Final = timedelta(minutes=10)
"""A hold after it has run out: clocks of several machines differ, and somebody may still be committing it."""

OVER_KEPT: Final = timedelta(days=30)
"""Journals, work of the outbox and requests to call that are done with.

They are only looked at to find out what went wrong, and may hold what a guest is called and where to reach them.
"""
