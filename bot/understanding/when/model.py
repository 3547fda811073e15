"""The values of the time engine: what was said about time, and what it means.

Pure data. How a text becomes these values is the business of the other modules here.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time
from typing import Literal

Kind = Literal["instant", "interval", "open_end", "open_start"]
Grain = Literal["minute", "hour", "daypart", "day", "weekend", "week", "month", "quarter", "year"]
Expects = Literal["day", "time", "any"]


@dataclass(frozen=True, slots=True)
class Reading:
    """One meaning of one wish.

    `start` and `end` are aware datetimes in the zone of the question; `end` is exclusive.
    By `kind`: an ``instant`` has a start and no end; an ``interval`` has both (a day, a week, a
    day part, a range); ``open_end`` has only a start ("ab 17 Uhr"); ``open_start`` only an end
    ("vor elf", "bis Freitag").

    `span` is the half-open range of characters of the text it came from; `rule` names the rows of
    the language tables that fired, for explanation only; `certainty` is 0..1.

    Flags: `past`: what was said lies before now and was not moved. `day_said`: a day, date, week
    or month was named, not only a clock time. `time_said`: a clock time or day part was named.
    `dst_shifted`: the wall time does not exist that day and was moved forward. `dst_repeated`: it
    exists twice, the first is meant. `approximate`: "gegen", "around", "3ish".
    `earliest`: the first time there is in it is wished ("so früh wie möglich am Freitag").
    `repeats`: it was named as one of many ("every other Friday"); the reading is the next of them.
    `bounds_end`: by `end` the guest has to be gone ("um drei muss ich weg"), not only to have come.
    """

    kind: Kind
    start: datetime | None
    end: datetime | None
    grain: Grain
    span: tuple[int, int]
    rule: str
    certainty: float = 1.0
    past: bool = False
    day_said: bool = False
    time_said: bool = False
    dst_shifted: bool = False
    dst_repeated: bool = False
    approximate: bool = False
    bounds_end: bool = False
    earliest: bool = False
    repeats: bool = False


@dataclass(frozen=True, slots=True)
class When:
    """All that a message says about time.

    `readings` come in order of preference. With `ambiguous`, they are meanings of one and the same
    wish that lead to different days (or halves of the day): ask, or read the first back. With
    `alternatives`, they are independent wishes in the order said. Otherwise there is at most one.
    """

    readings: tuple[Reading, ...] = ()
    ambiguous: bool = False
    alternatives: bool = False

    @property
    def none(self) -> bool:
        """True if no time was understood."""
        return not self.readings

    @property
    def first(self) -> Reading | None:
        """The preferred reading, if any."""
        return self.readings[0] if self.readings else None


@dataclass(frozen=True, slots=True)
class OpeningHours:
    """When the house is open: ISO weekday minus one (Monday 0) to intervals of local wall time.

    An interval is (opens, closes), the end exclusive; `time.min` as closing time means midnight.
    A weekday that is absent is closed.
    """

    days: Mapping[int, tuple[tuple[time, time], ...]] = field(default_factory=dict)

    def on(self, weekday: int) -> tuple[tuple[time, time], ...]:
        """The intervals of a weekday (Monday 0), empty when closed."""
        return self.days.get(weekday, ())

    def covers(self, weekday: int, moment: time) -> bool:
        """Whether the house is open on that weekday at that wall time."""
        return any(a <= moment and (moment < b or b == time.min) for a, b in self.on(weekday))

    def covers_any_day(self, moment: time) -> bool:
        """Whether the house is open at that wall time on some day of the week."""
        return any(self.covers(day, moment) for day in range(7))


@dataclass(frozen=True, slots=True)
class WhenContext:
    """What the conversation was about when the text was said.

    `expects`: what the pending question asked for; "15." is a day after "für welchen Tag?", "drei"
    a clock time after "um wie viel Uhr?". `offered`: the times that were offered, in the order
    they were said (aware); "der spätere", "halb drei", "eine Stunde später" relate to them.
    `day`: the day under discussion; a clock time alone is meant on it, "am nächsten Tag" follows it.
    `booked`: the start of the appointment that is spoken of (aware); without offers, "eine Stunde später" and
    "zur gleichen Zeit" relate to it.
    """

    expects: Expects = "any"
    offered: tuple[datetime, ...] = ()
    day: date | None = None
    booked: datetime | None = None

    @property
    def anchors(self) -> tuple[datetime, ...]:
        """The moments that words like "later" relate to, in the order said."""
        return self.offered or (() if self.booked is None else (self.booked,))
