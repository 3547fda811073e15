"""Times said in two languages at once: "men's haircut Donnerstag 14:00", "am Freitag at 2pm".

The language of the message reads first. Only where a word for a day or an hour of the other language stands in the text
is that one asked as well; a day of the one then carries the hour of the other.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from bot.understanding.text import Span, overlaps, pattern
from bot.understanding.when import Reading, When, WhenContext

ReadTime = Callable[[str, WhenContext], When]
"""Reads the text in a language and a context."""

# Only words that are nothing else in the other language: "Do you", "so", "am" and "may" are no days here.
_DAYS = {
    "de": pattern(
        r"(?:montag|dienstag|mittwoch|donnerstag|freitag|samstag|sonnabend|sonntag)\w*|heute|morgen|übermorgen|(?:januar|jänner|februar|märz|juni|juli|oktober|dezember)(?:s|woche)?|mai(?=$|[ .,!?]| \d)|\w*woche(?:n|nende)?|monat(?:s|en)?"
    ),
    "en": pattern(
        r"(?:mon|tues|wednes|thurs|fri|satur|sun)days?|today|tomorrow|tonight|january|february|june|july|october|december|(?:(?<=\d )|(?<=\dth )|(?<=\dst )|(?<=\drd ))may|may(?= \d)|weeks?|weekend|months?|fortnight"
    ),
}
_HOURS = {
    "de": pattern(
        r"uhr|halb|viertel|\w*(?:vormittag|nachmittag|mittag|abend)s?|um(?! ?,)|gegen|ab|früh|frühestens|spätestens"
    ),
    "en": pattern(
        r"\d{1,2}(?:[:.]\d\d)? ?[ap]\.?m|o'clock|at|noon|midday|mornings?|afternoons?|evenings?|half|quarter|after|before|between|around|from|until"
    ),
}
_OTHER = {"de": "en", "en": "de"}
_DAY = timedelta(days=1)
_LONGER = frozenset({"week", "weekend", "month", "quarter", "year"})


def read_both(text: str, language: str, context: WhenContext, read: Callable[[str, WhenContext], When]) -> When:
    """What `text` says about time in `language`, with what the other language says where the two meet."""
    own = read(language, context)
    other = _OTHER.get(language)
    if other is None:
        return own
    lowered = text.lower()
    days = [match.span() for match in _DAYS[other].finditer(lowered)]
    hours = [match.span() for match in _HOURS[other].finditer(lowered)]
    if not days and not (hours and (own.none or _day_alone(own))):
        return own
    foreign = read(other, context)
    if foreign.none:
        return own
    if days and any(reading.day_said and _covers(reading, days) for reading in foreign.readings):
        return _with_day(own, foreign, lambda narrowed: read(language, narrowed), context)
    if hours and all(r.time_said and not r.day_said and _covers(r, hours) for r in foreign.readings):
        return foreign if own.none else _with_day(foreign, own, lambda narrowed: read(other, narrowed), context)
    return own


def _day_alone(when: When) -> bool:
    return not when.none and all(reading.day_said and not reading.time_said for reading in when.readings)


def _covers(reading: Reading, words: list[Span]) -> bool:
    return any(overlaps(reading.span, word) for word in words)


def _with_day(hour: When, day: When, again: Callable[[WhenContext], When], context: WhenContext) -> When:
    """The hour of one language on the day of the other; `again` reads the hour anew, with a day under discussion."""
    if hour.none:
        return day
    if any(reading.day_said for reading in hour.readings):
        return _of_two_days(hour, day)
    if any(overlaps(one.span, other.span) for one in hour.readings for other in day.readings):
        return day  # the same words cannot be both: "9 am liebsten" is no hour of the ninth
    if all(reading.time_said for reading in day.readings):
        return day  # the one language has understood both
    readings = tuple(joined for reading in day.readings for joined in _at(reading, hour, again, context))
    return replace(day, readings=readings, ambiguous=day.ambiguous and len(readings) > 1)


def _at(
    day: Reading, hour: When, again: Callable[[WhenContext], When], context: WhenContext
) -> tuple[Reading, ...]:
    if day.kind != "interval" or day.start is None or day.end is None or day.time_said:
        return (day,)
    if day.grain == "day" and day.end - day.start < 2 * _DAY:
        under = WhenContext(expects="time", offered=(), day=day.start.date(), booked=context.booked)
        first = again(under).first
        if first is None or _date_of(first) != day.start.date():
            return (day,)
        return (replace(first, day_said=True, span=_around(first.span, day.span)),)
    clock = hour.first
    if clock is None or clock.kind != "instant" or clock.start is None:
        return (day,)  # an afternoon of some week: its days come first
    start = datetime.combine(day.start.date(), clock.start.timetz())
    return (replace(day, start=start, grain="day", time_said=True, span=_around(clock.span, day.span)),)


def _of_two_days(own: When, foreign: When) -> When:
    """Two days that differ are both kept, to be asked about; a week beside one of its days says nothing new."""
    strangers = tuple(
        reading
        for reading in foreign.readings
        if not any(_agree(reading, one) or overlaps(reading.span, one.span) for one in own.readings)
    )
    if not strangers:
        return own
    if all(reading.grain in _LONGER for reading in strangers):
        return foreign
    return When((*own.readings, *strangers), ambiguous=not own.alternatives, alternatives=own.alternatives)


def _agree(one: Reading, other: Reading) -> bool:
    """Whether one of two readings lies in the other."""
    if one.start is None or other.start is None:
        return one.end == other.end
    return _within(one.start, other) or _within(other.start, one)


def _within(moment: datetime, reading: Reading) -> bool:
    if reading.start is None:
        return False
    end = reading.end or reading.start + timedelta(minutes=1)
    return reading.start.astimezone(UTC) <= moment.astimezone(UTC) < end.astimezone(UTC)


def _date_of(reading: Reading) -> object:
    bound = reading.start or reading.end
    return bound.date() if bound is not None else None


def _around(one: Span, other: Span) -> Span:
    return min(one[0], other[0]), max(one[1], other[1])
