"""Dates that no calendar has, and such as only look like them."""

from __future__ import annotations

import pytest

from bot.understanding.no_such_day import NoSuchDay, no_such_day


@pytest.mark.parametrize(
    ("text", "day", "month"),
    [
        ("31. April um 10", 31, 4),
        ("am 32. Mai", 32, 5),
        ("on 31 April", 31, 4),
        ("April 31st at 10", 31, 4),
        ("the 31st of June", 31, 6),
        ("Herrenhaarschnitt am 30.02.2026", 30, 2),
        ("am 31.4.", 31, 4),
    ],
)
def test_days_that_no_year_has(text: str, day: int, month: int):
    assert no_such_day(text) == NoSuchDay(day, month)


@pytest.mark.parametrize(
    "text",
    [
        "am 30. April um 10",
        "am 29. Februar",
        "May 31 at 3 pm",
        "31.12.",
        "um 10.30 Uhr",
        "0171 31.4567",
        "im April 45 Minuten",
        "für 35 Euro",
        "Marta, 32 Jahre",
    ],
)
def test_days_that_there_are(text: str):
    assert no_such_day(text) is None
