"""The conversations of the turn benchmark: what is said, and which answer it must get."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, time
from typing import Final, Literal

Language = Literal["de", "en"]
LANGUAGES: Final[tuple[Language, ...]] = ("de", "en")

TENANT: Final = "salon-fermata"


@dataclass(frozen=True, slots=True)
class Line:
    """One message of a ``kind``; an answer with another outcome than ``code`` makes the measurement worthless."""

    kind: str
    text: str
    code: str
    choice: bool = False


@dataclass(frozen=True, slots=True)
class Slot:
    """A time that is free in the demo's calendar."""

    day: date
    at: time
    staff: str


# Days on which both work and nothing is closed; two calendar weeks, so that free time is read as often as in a real chat.
_HELD_DAYS: Final = (date(2026, 4, 8), date(2026, 4, 10), date(2026, 4, 15), date(2026, 4, 17))
_BOOKED_DAYS: Final = (date(2026, 4, 22), date(2026, 4, 24))
_TIMES: Final = (*(time(hour, minute) for hour in (10, 11, 15, 16, 17) for minute in (0, 30)), time(12), time(13))
_STAFF: Final = ("Anna", "Clara")

HELD_SLOTS: Final = tuple(Slot(day, at, staff) for at in _TIMES for day in _HELD_DAYS for staff in _STAFF)
"""For turns that hold a time and give it back: as many conversations may run at the same time."""

BOOKED_SLOTS: Final = tuple(Slot(day, at, staff) for at in _TIMES for day in _BOOKED_DAYS for staff in _STAFF)
"""For turns that book: used up one by one."""


def turns(language: Language, slot: Slot) -> Iterator[Line]:
    """One conversation through all kinds of turn that stay in the house; what it held is free again at its end."""
    if language == "de":
        yield Line("greeting", "Guten Tag", "greeted")
        yield Line("wish", "Ich hätte gern einen Herrenhaarschnitt am Donnerstagnachmittag", "offers")
        yield Line("hold", f"Dann lieber bei {slot.staff} am {_german(slot)}", "held")
        yield Line("detail", "Max Muster", "held")
        yield Line("question", "Was kostet das?", "info")
        yield Line("detail", "max@example.org", "held")
        yield Line("decline", "nein", "asked")
    else:
        yield Line("greeting", "Hello there", "greeted")
        yield Line("wish", "I'd like a men's haircut on Thursday afternoon", "offers")
        yield Line("hold", f"Then rather with {slot.staff} on {_english(slot)}", "held")
        yield Line("detail", "Jane Doe", "held")
        yield Line("question", "How much is it?", "info")
        yield Line("detail", "jane@example.org", "held")
        yield Line("decline", "no", "asked")


def booking(language: Language, slot: Slot) -> Iterator[Line]:
    """A wish with everything in it, and the yes that writes to the calendar."""
    if language == "de":
        wish = f"Herrenhaarschnitt bei {slot.staff} am {_german(slot)}, Max Muster, max@example.org"
    else:
        wish = f"Men's haircut with {slot.staff} on {_english(slot)}, Jane Doe, jane@example.org"
    yield Line("wish with all details", wish, "held")
    yield Line("yes", "yes", "booked", choice=True)


def _german(slot: Slot) -> str:
    return f"{slot.day.day}.{slot.day.month}. um {slot.at:%H:%M} Uhr"


def _english(slot: Slot) -> str:
    return f"{slot.day.day} April at {slot.at:%H:%M}"
