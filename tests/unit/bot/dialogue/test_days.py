"""Bare day numbers among offers and in the month last spoken of."""

from __future__ import annotations

from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest

from bot.dialogue.days import with_day_numbers
from bot.understanding.meaning import Asked
from bot.understanding.understand import Understander
from bot.wiring.demo import demo_tenant

ZONE = ZoneInfo("Europe/Berlin")
NOW = datetime(2026, 3, 24, 10, 15, tzinfo=ZONE)
UNDERSTANDER = Understander(demo_tenant())
OFFERED = (date(2026, 6, 12), date(2026, 6, 16))


def start_of(text: str, named=OFFERED, anchor: date | None = date(2026, 6, 12)) -> str | None:
    meaning = UNDERSTANDER.understand(text, now=NOW, language="de", asked=Asked("choice", len(named)))
    placed = with_day_numbers(meaning, named, anchor, today=NOW.date(), zone=ZONE).when.first
    return placed and placed.start and placed.start.astimezone(ZONE).strftime("%m-%dT%H:%M")


@pytest.mark.parametrize("text", ["das am 16.", "der 16.", "am 16. bitte", "the 16th", "on the 16th please"])
def test_a_day_number_is_an_offers_day(text: str):
    assert start_of(text) == "06-16T00:00"


def test_a_clock_time_beside_it_stays():
    assert start_of("am 16. um 10") == "06-16T10:00"


@pytest.mark.parametrize(
    ("text", "start"), [("das am 9.", "06-09T00:00"), ("der 17. um halb vier", "06-17T15:30")]
)
def test_else_it_lies_in_the_month_last_spoken_of(text: str, start: str):
    assert start_of(text) == start


def test_nobody_is_sent_into_the_past():
    assert start_of("der 9.", named=(), anchor=date(2026, 3, 27)) == "04-09T00:00"


def test_a_day_that_the_month_lacks_stays_as_it_was_read():
    assert start_of("der 31.", named=(date(2026, 6, 12),)) == "03-31T00:00"


def test_two_offers_of_one_number_say_nothing():
    assert start_of("der 16.", named=(date(2026, 5, 16), date(2026, 6, 16)), anchor=None) == "04-16T00:00"


@pytest.mark.parametrize(("text", "start"), [("am 16. April", "04-16T00:00"), ("am 9.4.", "04-09T00:00")])
def test_a_month_that_was_said_counts(text: str, start: str):
    assert start_of(text) == start


def test_without_an_anchor_nothing_changes():
    assert start_of("der 9.", named=(), anchor=None) == "04-09T00:00"
