"""The calendar page of the sandbox: one day, a column for each host, as HTML that also works embedded.

Reads the store and draws; the script in it only asks for the page again when a booking changed. Embedded, it turns to the
day of that booking.
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from html import escape
from itertools import pairwise
from pathlib import Path
from typing import TypeVar
from zoneinfo import ZoneInfo

from integrations.calcom.sandbox import booking_rows, event_type_rows
from integrations.calcom.sandbox.accounts import User, effective_schedule, list_users
from integrations.calcom.sandbox.availability import Interval, open_intervals, subtract
from integrations.calcom.sandbox.booking_rows import ACCEPTED, PENDING, Booking
from integrations.calcom.sandbox.config import SandboxConfig
from integrations.calcom.sandbox.event_type_rows import EventType
from integrations.calcom.sandbox.store import Db
from integrations.calcom.sandbox.times import MINUTE, from_ms, get_zone, local_ms

T = TypeVar("T")

_HOUR = 60 * MINUTE
_TOGETHER = "fermataBooking"
_SIGN = (
    '<svg viewBox="0 0 24 14" width="18" height="11" aria-hidden="true"><path d="M1 13a11 11 0 0 1 22 0" '
    'fill="none" stroke="currentColor" stroke-width="2"/><circle cx="12" cy="11" r="2" fill="currentColor"/></svg>'
)
_PICK = (
    '<form method="get"><label class="hidden" for="pick">Date</label>'
    '<input id="pick" type="date" name="day" value="{day}"><button>Show</button></form>'
)
_ASSETS = Path(__file__).parent / "assets"


@dataclass(frozen=True, slots=True)
class Assets:
    """Stylesheet and script, inlined into every page."""

    css: str
    js: str

    def content_security_policy(self) -> str:
        """Nothing from elsewhere; the one script by its hash. Framing is allowed on purpose."""
        digest = base64.b64encode(hashlib.sha256(self.js.encode()).digest()).decode()
        return (
            "default-src 'none'; img-src data:; style-src 'unsafe-inline'; connect-src 'self'; form-action 'self'; "
            f"base-uri 'none'; script-src 'sha256-{digest}'"
        )


@dataclass(frozen=True, slots=True)
class Column:
    """One host's day."""

    host: User
    closed: list[Interval]
    bookings: list[Booking]


@dataclass(frozen=True, slots=True)
class Day:
    """Everything drawn on one day; `span` is the drawn time in epoch milliseconds."""

    day: date
    zone: ZoneInfo
    span: Interval
    columns: list[Column]
    types: Mapping[int, EventType]
    now: int


def load_assets() -> Assets:
    """Read stylesheet and script."""
    return Assets((_ASSETS / "page.css").read_text("utf-8"), (_ASSETS / "page.js").read_text("utf-8"))


def read_day(db: Db, asked: str | None, now: int) -> Day:
    """The day asked for (ISO date, else the day of now) in the first host's zone."""
    users = list_users(db)
    zone = get_zone(users[0].time_zone) if users else ZoneInfo("UTC")
    day = _parse_day(asked) or from_ms(now).astimezone(zone).date()
    whole = (local_ms(day, 0, zone), local_ms(day + timedelta(days=1), 0, zone))
    types = event_type_rows.all_by_id(db)
    opened: dict[int, list[Interval]] = {}
    bookings: dict[int, list[Booking]] = {}
    for user in users:
        schedule = effective_schedule(db, user, None)
        opened[user.id] = open_intervals(schedule, whole) if schedule else []
        bookings[user.id] = [
            booking
            for booking in booking_rows.of_host(db, user.id, whole, (ACCEPTED, PENDING))
            if not _is_probe(types.get(booking.event_type_id or 0))
        ]
    span = _span(whole, [*_flatten(opened.values()), *_times(_flatten(bookings.values()))])
    columns = [Column(user, subtract([span], opened[user.id]), bookings[user.id]) for user in users]
    return Day(day, zone, span, columns, types, now)


def draw(day: Day, config: SandboxConfig, assets: Assets, *, embed: bool) -> str:
    """The page as HTML."""
    title = escape(config.page_title)
    heading = f"{day.day:%A}, {day.day.day} {day.day:%B %Y}"
    extra = "&amp;embed=1" if embed else ""
    before, after = day.day - timedelta(days=1), day.day + timedelta(days=1)
    pick = "" if embed else _PICK.format(day=day.day)
    count = sum(len(column.bookings) for column in day.columns)
    return f"""<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<link rel="icon" href="data:,">
<title>{heading} – {title}</title>
<style>{assets.css}</style>
</head>
<body{' class="embed"' if embed else ""}>
<aside class="banner" aria-label="Sandbox"><strong>Sandbox.</strong> {escape(config.banner)}</aside>
<header>
<h1 id="heading">{heading}</h1>
<nav id="days" aria-label="Day">
<a href="?day={before}{extra}" rel="prev"><span aria-hidden="true">←</span>&nbsp;Previous</a>
<a href="?{extra.removeprefix("&amp;")}">Today</a>
<a href="?day={after}{extra}" rel="next">Next&nbsp;<span aria-hidden="true">→</span></a>
{pick}</nav>
<p class="status" id="status" role="status">{_counted(count)}</p>
</header>
<main class="scroll" id="scroll" tabindex="0" aria-label="Calendar of the day">
{_grid(day)}
</main>
<script>{assets.js}</script>
</body>
</html>
"""


def _grid(day: Day) -> str:
    start, end = day.span
    minutes = (end - start) // MINUTE
    hours = "".join(
        f'<li style="top:calc({(at - start) // MINUTE} * var(--minute))">{_clock(at, day.zone)}</li>'
        for at in range(start, end + 1, _HOUR)
    )
    columns = "".join(_column(day, column) for column in day.columns)
    return (
        f'<div class="day" id="day" style="--staff:{max(1, len(day.columns))};--minutes:{minutes}" data-zone="{day.zone.key}">'
        f'<div class="hours" aria-hidden="true"><ol>{hours}</ol></div>{columns}</div>'
    )


def _column(day: Day, column: Column) -> str:
    name = f"host-{column.host.id}"
    marks = [_block(day, "closed", closed, "", hidden=True) for closed in column.closed]
    marks += [
        _block(
            day,
            "pause",
            pause,
            f"<span>{_SIGN} Pause {_range(pause, day.zone)}</span>",
        )
        for pause in pauses(column.bookings)
    ]
    for booking, lane, lanes in _lanes(column.bookings):
        marks.append(_bar(day, booking, lane, lanes))
    if day.span[0] <= day.now < day.span[1]:
        marks.append(_block(day, "now", (day.now, day.now), "", hidden=True))
    return (
        f'<section class="staff" aria-labelledby="{name}"><h2 id="{name}">{escape(column.host.name)}</h2>'
        f"<ol>{''.join(marks)}</ol></section>"
    )


def pauses(bookings: Sequence[Booking]) -> list[Interval]:
    """The gaps between consecutive bookings of one column that belong to one appointment."""
    groups: dict[str, list[Booking]] = {}
    for booking in bookings:
        reference = booking.metadata.get(_TOGETHER)
        if reference:
            groups.setdefault(reference, []).append(booking)
    found: list[Interval] = []
    for group in groups.values():
        ordered = sorted(group, key=lambda booking: booking.start)
        for earlier, later in pairwise(ordered):
            if earlier.end < later.start:
                found.append((earlier.end, later.start))
    return sorted(found)


def _bar(day: Day, booking: Booking, lane: int, lanes: int) -> str:
    kinds = ["booking"]
    words = []
    if booking.status == PENDING:
        kinds.append("pending")
        words.append("pending")
    if lanes > 1:
        kinds.append("double")
        words.append("double")
    event_type = day.types.get(booking.event_type_id or 0)
    title = event_type.title if event_type else booking.title.split(" between ")[0]
    guest = booking.attendees[0]["name"] if booking.attendees else ""
    interval = (booking.start, booking.end)
    marks = "".join(f" <i>{word}</i>" for word in words)
    text = f"<b>{_range(interval, day.zone)}</b>{marks} {escape(title)}<br>{escape(guest)}"
    return _block(day, " ".join(kinds), interval, text, lane=lane, lanes=lanes, uid=booking.uid)


def _block(
    day: Day,
    kind: str,
    interval: Interval,
    content: str,
    *,
    lane: int = 0,
    lanes: int = 1,
    hidden: bool = False,
    uid: str = "",
) -> str:
    start, end = max(interval[0], day.span[0]), min(interval[1], day.span[1])
    style = f"--from:{(start - day.span[0]) // MINUTE};--length:{(end - start) // MINUTE};--lane:{lane};--lanes:{lanes}"
    marks = ' aria-hidden="true"' if hidden else ""
    marks += f' data-uid="{escape(uid)}"' if uid else ""
    return f'<li class="{kind}"{marks} style="{style}">{content}</li>'


def _lanes(bookings: Sequence[Booking]) -> list[tuple[Booking, int, int]]:
    placed: list[tuple[Booking, int, int]] = []
    cluster: list[tuple[Booking, int]] = []
    ends: list[int] = []

    def close() -> None:
        placed.extend((booking, lane, len(ends)) for booking, lane in cluster)
        cluster.clear()
        ends.clear()

    for booking in sorted(bookings, key=lambda item: (item.start, item.end)):
        if ends and booking.start >= max(ends):
            close()
        lane = next((index for index, end in enumerate(ends) if end <= booking.start), len(ends))
        if lane == len(ends):
            ends.append(booking.end)
        else:
            ends[lane] = booking.end
        cluster.append((booking, lane))
    close()
    return placed


def _is_probe(event_type: EventType | None) -> bool:
    return event_type is not None and bool(event_type.get("hidden")) and "probe" in event_type.slug


def _span(whole: Interval, intervals: Iterable[Interval]) -> Interval:
    shown = list(intervals) or [(whole[0] + 9 * _HOUR, whole[0] + 18 * _HOUR)]
    first = max(whole[0], min(start for start, _ in shown))
    last = min(whole[1], max(end for _, end in shown))
    return whole[0] + (first - whole[0]) // _HOUR * _HOUR, whole[0] - (whole[0] - last) // _HOUR * _HOUR


def _times(bookings: Iterable[Booking]) -> list[Interval]:
    return [(booking.start, booking.end) for booking in bookings]


def _flatten(groups: Iterable[list[T]]) -> list[T]:
    return [item for group in groups for item in group]


def _clock(at: int, zone: ZoneInfo) -> str:
    return f"{from_ms(at).astimezone(zone):%H:%M}"


def _range(interval: Interval, zone: ZoneInfo) -> str:
    return f"{_clock(interval[0], zone)}–{_clock(interval[1], zone)}"


def _counted(count: int) -> str:
    return "No bookings" if count == 0 else "1 booking" if count == 1 else f"{count} bookings"


def _parse_day(text: str | None) -> date | None:
    if text is None:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None
