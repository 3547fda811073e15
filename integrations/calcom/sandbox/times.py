"""Instants and zones on the wire: ISO text to milliseconds since the epoch (UTC) and back."""

from __future__ import annotations

import re
import zoneinfo
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache

MINUTE = 60_000
DAY = 24 * 60 * MINUTE

_LAST_YEAR = 9000  # beyond it a window of some days may leave what datetime can hold
_EPOCH_ORDINAL = date(1970, 1, 1).toordinal()
_ISO_DATE = re.compile(r"^\d{4}-\d{2}-\d{2}$")
_ISO = re.compile(r"^\d{4}-\d{2}-\d{2}([T ]\d{2}:\d{2}(:\d{2}(\.\d{1,9})?)?(Z|[+-]\d{2}:?\d{2})?)?$")
CLOCK = re.compile(r"^([01]\d|2[0-3]):[0-5]\d$")


def is_date_only(text: str) -> bool:
    """Whether the text is a bare ISO date, which Cal.com reads as UTC day bounds."""
    return _ISO_DATE.match(text) is not None


def parse_instant(text: object) -> int | None:
    """ISO date or date-time to epoch milliseconds; without offset it is UTC; None when it is not ISO."""
    if not isinstance(text, str) or not _ISO.match(text):
        return None
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return None
    if moment.year >= _LAST_YEAR:
        return None
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=UTC)
    return to_ms(moment)


def to_ms(moment: datetime) -> int:
    """Aware datetime to epoch milliseconds."""
    return round(moment.timestamp() * 1000)


def from_ms(ms: int) -> datetime:
    """Epoch milliseconds to an aware datetime in UTC."""
    return datetime.fromtimestamp(ms / 1000, UTC)


def iso_utc(ms: int) -> str:
    """`2026-03-26T14:00:00.000Z`, the form of every instant in an answer."""
    # Put together from cached halves because one slot list holds thousands of instants.
    days, rest = divmod(ms, DAY)
    return _utc_date(days) + _utc_time(rest)


@lru_cache(maxsize=2048)
def _utc_time(rest: int) -> str:
    minutes, below = divmod(rest, MINUTE)
    seconds, milliseconds = divmod(below, 1000)
    hours, minute = divmod(minutes, 60)
    return f"T{hours:02d}:{minute:02d}:{seconds:02d}.{milliseconds:03d}Z"


@lru_cache(maxsize=2048)
def _utc_date(days: int) -> str:
    return date.fromordinal(_EPOCH_ORDINAL + days).isoformat()


def iso_utc_seconds(ms: int) -> str:
    """`2026-03-26T14:00:00Z`, the form in BOOKING_CREATED webhooks."""
    return from_ms(ms).isoformat(timespec="seconds")[:-6] + "Z"


def iso_local(ms: int, zone: zoneinfo.ZoneInfo) -> str:
    """`2026-11-24T09:00:00.000+01:00`, the form of slots when a zone was asked for."""
    return datetime.fromtimestamp(ms / 1000, zone).isoformat(timespec="milliseconds")


@lru_cache(maxsize=1)
def _zone_names() -> dict[str, str]:
    return {name.lower(): name for name in zoneinfo.available_timezones() if name != "localtime"}


def find_zone(name: object) -> zoneinfo.ZoneInfo | None:
    """The IANA zone of that name in any case; None for offsets and unknown names."""
    if not isinstance(name, str):
        return None
    known = _zone_names().get(name.lower())
    return zoneinfo.ZoneInfo(known) if known else None


def get_zone(name: str) -> zoneinfo.ZoneInfo:
    """The zone of a stored name; UTC where a stored name no longer exists."""
    return find_zone(name) or zoneinfo.ZoneInfo("UTC")


def local_ms(day: date, minutes: int, zone: zoneinfo.ZoneInfo, *, fold: int = 0) -> int:
    """Wall time (minutes after midnight, up to 24 h) of a local date to epoch milliseconds.

    A time that a clock change skips moves forward by the gap; of a time that occurs twice `fold`
    takes the first (0) or the second (1).
    """
    wall = datetime(day.year, day.month, day.day) + timedelta(minutes=minutes)  # noqa: DTZ001 - zone follows
    chosen = wall.replace(tzinfo=zone, fold=fold)
    skipped = chosen.astimezone(UTC).astimezone(zone).replace(tzinfo=None) != wall
    return to_ms(chosen.replace(fold=0) if skipped else chosen)


def clock_minutes(text: str) -> int:
    """`HH:MM` to minutes after midnight."""
    return int(text[:2]) * 60 + int(text[3:5])
