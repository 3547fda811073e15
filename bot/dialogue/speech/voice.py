"""What a language must be able to say aloud."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Voice:
    """The words of one language; a further language is one more of these.

    `number` takes 0 to 999,999. `time` is the form for confirmations, `casual_time` the one for
    echoing a caller. `date` takes whether the year is said. `near` names days by their distance from
    today. `joint` stands between a date and a time. `duration` takes minutes, `money` whole units,
    hundredths and a currency of `currencies`. `either` joins alternatives.
    """

    number: Callable[[int], str]
    time: Callable[[dt.time], str]
    casual_time: Callable[[dt.time], str]
    date: Callable[[dt.date, bool], str]
    near: Mapping[int, str]
    joint: str
    duration: Callable[[int], str]
    money: Callable[[int, int, str], str]
    currencies: frozenset[str]
    either: Callable[[Sequence[str]], str]
    digits: tuple[str, ...]
    plus: str
