"""Settings of the sandbox: its users, their keys and hours, and the knobs of the double.

Keys are handed in by whoever starts it; nothing here makes or reads secrets.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

WORKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday")


@dataclass(frozen=True, slots=True)
class Hours:
    """Weekly working hours in the shape of a Cal.com schedule: English day names, wall-clock HH:MM."""

    days: tuple[str, ...]
    start_time: str
    end_time: str


@dataclass(frozen=True, slots=True)
class SandboxUser:
    """One Cal.com account: a host with one default schedule and one API key (`cal_…`)."""

    username: str
    name: str
    email: str
    api_key: str = field(repr=False)
    time_zone: str = "Europe/Berlin"
    availability: tuple[Hours, ...] = (Hours(WORKDAYS, "09:00", "17:00"),)
    id: int | None = None


@dataclass(frozen=True, slots=True)
class SandboxConfig:
    """What one sandbox serves.

    `database` is the SQLite file; users missing in it are added at start, those present are kept.
    `rate_limit_per_minute` counts per key; `booking_latency_ms` is the time between the availability
    check and the insert of a booking, the gap in which the real server lets overlaps through.
    """

    database: Path
    users: tuple[SandboxUser, ...]
    rate_limit_per_minute: int = 120
    booking_latency_ms: int = 0
    seed: int = 0
    expired_keys: tuple[str, ...] = field(default=(), repr=False)
    late_webhook_ms: int = 1500
    page_title: str = "Sandbox calendar"
    banner: str = "A double of Cal.com on this machine. Nothing here reaches the real Cal.com."
