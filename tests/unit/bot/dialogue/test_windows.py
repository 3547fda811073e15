"""From what was understood about time to windows that can be searched."""

from __future__ import annotations

from datetime import datetime, time
from zoneinfo import ZoneInfo

import pytest

from bot.dialogue.state import TimeOfDay
from bot.dialogue.windows import whole_days, wished_time
from bot.understanding.when import understand_when

ZONE = ZoneInfo("Europe/Berlin")
NOW = datetime(2026, 3, 24, 10, 15, tzinfo=ZONE)


def wish(text: str, kept: TimeOfDay | None = None, language: str = "de"):
    when = understand_when(text, now=NOW, zone=ZONE, language=language)
    return wished_time(when, kept, now=NOW, zone=ZONE)


def wall(instant: datetime) -> str:
    return instant.astimezone(ZONE).strftime("%m-%dT%H:%M")


def spans(wished):
    return [(wall(window.starts_from), wall(window.starts_before), window.exact) for window in wished.windows]


def test_an_instant_is_an_exact_wish():
    assert spans(wish("Donnerstag um 15 Uhr")) == [("03-26T15:00", "03-26T15:01", True)]


def test_a_part_of_a_day_is_a_window():
    assert spans(wish("Donnerstagnachmittag")) == [("03-26T12:00", "03-26T18:00", False)]


def test_from_five_on_ends_with_the_day():
    assert spans(wish("Freitag ab 17 Uhr")) == [("03-27T17:00", "03-28T00:00", False)]


def test_before_eleven_begins_with_the_day():
    assert spans(wish("Freitag vor elf")) == [("03-27T00:00", "03-27T11:00", False)]


def test_alternatives_keep_their_order():
    assert [start for start, *_ in spans(wish("Mittwoch oder Freitag"))] == ["03-25T00:00", "03-27T00:00"]


def test_next_week_in_the_morning_is_a_window_on_each_day():
    windows = spans(wish("nächste Woche vormittags"))
    assert windows[0] == ("03-30T09:00", "03-30T12:00", False)
    assert len(windows) == 7


def test_another_day_keeps_the_time_of_day():
    assert spans(wish("lieber Freitag", TimeOfDay(time(15, 0)))) == [("03-27T15:00", "03-27T15:01", True)]
    assert spans(wish("lieber Freitag", TimeOfDay(time(12, 0), time(18, 0)))) == [
        ("03-27T12:00", "03-27T18:00", False)
    ]


def test_the_whole_day_forgets_the_time():
    wished = wish("Freitag um 15 Uhr")
    (day,) = whole_days(wished.windows, ZONE)
    assert (wall(day.starts_from), day.exact) == ("03-27T00:00", False)


def test_who_has_to_be_gone_bounds_the_end():
    [window] = wish("Freitag, um drei muss ich aber weg").windows
    assert (wall(window.starts_before), window.bounds_end) == ("03-27T15:00", True)
    [window] = wish("Freitagnachmittag, um drei muss ich weg").windows
    assert (wall(window.starts_from), wall(window.starts_before), window.bounds_end) == (
        "03-27T12:00",
        "03-27T15:00",
        True,
    )


def test_who_has_to_come_before_three_does_not():
    [window] = wish("Freitag vor drei").windows
    assert (wall(window.starts_before), window.bounds_end) == ("03-27T15:00", False)


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("so früh wie möglich am Freitag", "de"),
        ("was ist das früheste am Freitag", "de"),
        ("what's the earliest on Friday", "en"),
        ("the first free slot on Friday", "en"),
    ],
)
def test_the_earliest_of_a_day_keeps_no_time_of_day(text, language):
    assert spans(wish(text, TimeOfDay(time(14)), language)) == [("03-27T00:00", "03-28T00:00", False)]
