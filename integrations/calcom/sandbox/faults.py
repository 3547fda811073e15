"""Faults that can be switched on: delays, errors, lost answers, a lower limit, an outage, odd webhooks.

Chances are drawn from a seeded generator in the order of requests, so a run can be repeated.
"""

from __future__ import annotations

import random
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, Literal

WebhookMode = Literal["normal", "lost", "late", "double", "reordered"]
_MODES: tuple[WebhookMode, ...] = ("normal", "lost", "late", "double", "reordered")


class BadFaults(ValueError):
    """The setting is not understood; the text says which field and why."""


@dataclass(frozen=True, slots=True)
class FaultSettings:
    """Rates are chances between 0 and 1; `rate_limit` replaces the limit per minute when set.

    `down` answers 503; `closed` with it closes the connection instead.
    """

    delay_ms: int = 0
    error_rate: float = 0.0
    timeout_after_commit_rate: float = 0.0
    rate_limit: int | None = None
    down: bool = False
    closed: bool = False
    webhooks: WebhookMode = "normal"
    seed: int = 0

    def as_json(self) -> dict[str, Any]:
        """The fields of the control interface."""
        return {
            "delay_ms": self.delay_ms,
            "error_rate": self.error_rate,
            "timeout_after_commit_rate": self.timeout_after_commit_rate,
            "rate_limit": self.rate_limit,
            "down": "closed" if self.down and self.closed else self.down,
            "webhooks": self.webhooks,
            "seed": self.seed,
        }


@dataclass(frozen=True, slots=True)
class Draw:
    """What happens to one request."""

    error: bool
    lose_answer: bool


class Faults:
    """The faults in force."""

    def __init__(self, seed: int) -> None:
        self._default = FaultSettings(seed=seed)
        self.settings = self._default
        self._random = random.Random(seed)

    def set(self, settings: FaultSettings) -> None:
        """Put settings in force; the generator starts anew from their seed."""
        self.settings = settings
        self._random = random.Random(settings.seed)

    def clear(self) -> None:
        """Back to a well-behaved server."""
        self.set(self._default)

    def draw(self) -> Draw:
        """Decide about the next request; both chances are always drawn, so rates do not shift the sequence."""
        error, lose = self._random.random(), self._random.random()
        return Draw(error < self.settings.error_rate, lose < self.settings.timeout_after_commit_rate)

    def parse(self, body: Mapping[str, Any]) -> FaultSettings:
        """Settings from a control request; absent fields are off. Raises BadFaults."""
        known = FaultSettings().as_json()
        unknown = [name for name in body if name not in known]
        if unknown:
            raise BadFaults(f"unknown fields: {', '.join(unknown)}; known are {', '.join(known)}")
        down = body.get("down", False)
        if down not in (True, False, None, "closed"):
            raise BadFaults('down must be true, false or "closed"')
        mode = body.get("webhooks") or "normal"
        if mode not in _MODES:
            raise BadFaults(f"webhooks must be one of {', '.join(_MODES)}")
        limit = body.get("rate_limit")
        settings = replace(
            self._default,
            delay_ms=_whole(body, "delay_ms", 0),
            error_rate=_chance(body, "error_rate"),
            timeout_after_commit_rate=_chance(body, "timeout_after_commit_rate"),
            rate_limit=None
            if limit is None or limit is False
            else 0
            if limit is True
            else _whole(body, "rate_limit", 0),
            down=bool(down),
            closed=down == "closed",
            webhooks=mode,
        )
        return replace(settings, seed=_whole(body, "seed", self._default.seed, lowest=None))


def _whole(body: Mapping[str, Any], name: str, default: int, *, lowest: int | None = 0) -> int:
    value = body.get(name)
    if value is None:
        return default
    if isinstance(value, bool) or not isinstance(value, (int, float)) or int(value) != value:
        raise BadFaults(f"{name} must be a whole number")
    if lowest is not None and value < lowest:
        raise BadFaults(f"{name} must not be less than {lowest}")
    return int(value)


def _chance(body: Mapping[str, Any], name: str) -> float:
    value = body.get(name)
    if value is None:
        return 0.0
    if isinstance(value, bool) or not isinstance(value, (int, float)) or not 0 <= value <= 1:
        raise BadFaults(f"{name} must be a number between 0 and 1")
    return float(value)
