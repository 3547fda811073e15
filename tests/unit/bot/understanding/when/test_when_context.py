"""What a pending question, offered times and opening hours change about the same words."""

from __future__ import annotations

from datetime import date, datetime, time
from zoneinfo import ZoneInfo

import pytest

from bot.understanding.when import OpeningHours, When, WhenContext, understand_when

BERLIN = ZoneInfo("Europe/Berlin")
NOW = datetime(2026, 6, 11, 9, tzinfo=BERLIN)
OFFERED = WhenContext(
    offered=(
        datetime(2026, 6, 12, 10, 0, tzinfo=BERLIN),
        datetime(2026, 6, 12, 14, 30, tzinfo=BERLIN),
        datetime(2026, 6, 15, 9, 0, tzinfo=BERLIN),
    )
)
DAYTIME = OpeningHours({day: ((time(9), time(18)),) for day in range(6)})
EVENING = OpeningHours({day: ((time(17), time(23)),) for day in range(7)})
ALL_DAY = OpeningHours({day: ((time(6), time(22)),) for day in range(7)})
EARLY = OpeningHours({day: ((time(5), time(13)),) for day in range(7)})


def ask(
    text: str, context: WhenContext | None = None, opening: OpeningHours | None = None, language: str = "de"
) -> When:
    return understand_when(text, now=NOW, zone=BERLIN, language=language, context=context, opening=opening)


def starts(when: When) -> list[str]:
    return [f"{r.start:%m-%d %H:%M}" if r.start else "" for r in when.readings]


@pytest.mark.parametrize(
    ("language", "text", "expected"),
    [
        ("de", "halb drei", "06-12 14:30"),
        ("de", "um halb drei bitte", "06-12 14:30"),
        ("de", "um zehn", "06-12 10:00"),
        ("de", "zehn", "06-12 10:00"),
        ("de", "neun Uhr", "06-15 09:00"),
        ("de", "der spätere", "06-15 09:00"),
        ("de", "den früheren bitte", "06-12 10:00"),
        ("de", "der zweite", "06-12 14:30"),
        ("de", "den ersten Termin", "06-12 10:00"),
        ("de", "die letzte", "06-15 09:00"),
        ("de", "um elf", "06-12 11:00"),
        ("de", "eine Stunde später", "06-15 10:00"),
        ("de", "eine Stunde früher", "06-12 09:00"),
        ("de", "am nächsten Tag", "06-13 00:00"),
        ("de", "lieber nachmittags", "06-12 12:00"),
        ("de", "eine Woche später", "06-22 09:00"),
        ("de", "das früheste", "06-12 10:00"),
        ("de", "ich nehme den frühesten", "06-12 10:00"),
        ("de", "der späteste bitte", "06-15 09:00"),
        ("de", "die späteste Uhrzeit", "06-15 09:00"),
        ("en", "I'd take the earliest", "06-12 10:00"),
        ("en", "I'll have the soonest", "06-12 10:00"),
        ("en", "the latest please", "06-15 09:00"),
        ("en", "earliest would be best", "06-12 10:00"),
        ("de", "am Tag davor", "06-11 00:00"),
        ("de", "zwei Tage später vormittags", "06-17 09:00"),
        ("de", "am nächsten Tag zur gleichen Zeit", "06-13 10:00"),
        ("de", "gleiche Uhrzeit am Mittwoch", "06-17 10:00"),
        ("en", "half two", "06-12 14:30"),
        ("en", "half past two", "06-12 14:30"),
        ("en", "the later one", "06-15 09:00"),
        ("en", "the second one", "06-12 14:30"),
        ("en", "the earlier one please", "06-12 10:00"),
        ("en", "an hour later", "06-15 10:00"),
        ("en", "ten", "06-12 10:00"),
    ],
)
def test_answers_to_offers(language: str, text: str, expected: str) -> None:
    assert starts(ask(text, OFFERED, language=language)) == [expected]


@pytest.mark.parametrize(
    ("language", "later", "earlier"),
    [("de", "etwas später", "lieber früher"), ("en", "a bit later", "something earlier")],
)
def test_later_and_earlier_than_all_offers_are_open(language: str, later: str, earlier: str) -> None:
    (after,) = ask(later, OFFERED, language=language).readings
    (before,) = ask(earlier, OFFERED, language=language).readings
    assert (after.kind, after.start) == ("open_end", OFFERED.offered[2])
    assert (before.kind, before.end) == ("open_start", OFFERED.offered[0])


@pytest.mark.parametrize(
    "text", ["der spätere", "eine Stunde später", "den zweiten", "zehn", "15.", "lieber früher"]
)
def test_without_context_such_words_mean_nothing(text: str) -> None:
    assert ask(text).none


def test_a_bare_number_is_what_was_asked_for() -> None:
    day, clock = WhenContext(expects="day"), WhenContext(expects="time", day=date(2026, 6, 19))
    assert starts(ask("15.", day)) == ["06-15 00:00"]
    assert starts(ask("der fünfzehnte", day)) == ["06-15 00:00"]
    assert starts(ask("am 3.", day)) == ["07-03 00:00"]
    assert starts(ask("Mi", day)) == ["06-17 00:00"]
    assert starts(ask("drei", clock)) == ["06-19 15:00"]
    assert starts(ask("15", clock)) == ["06-19 15:00"]
    assert starts(ask("10 30", clock)) == ["06-19 10:30"]
    assert starts(ask("the twenty third", day, language="en")) == ["06-23 00:00"]
    assert starts(ask("half past nine", clock, language="en")) == ["06-19 09:30"]


def test_the_day_under_discussion_holds_for_times_and_parts() -> None:
    context = WhenContext(day=date(2026, 6, 19))
    assert starts(ask("um halb drei", context)) == ["06-19 14:30"]
    assert starts(ask("lieber vormittags", context)) == ["06-19 09:00"]
    assert starts(ask("am nächsten Tag", context)) == ["06-20 00:00"]
    assert starts(ask("the next day", context, language="en")) == ["06-20 00:00"]
    assert starts(ask("morgen um drei", context)) == ["06-12 15:00"]
    (after,) = ask("ab 16 Uhr", context).readings
    assert (after.kind, f"{after.start:%m-%d %H:%M}") == ("open_end", "06-19 16:00")


def test_a_weekday_alone_is_the_one_that_was_offered_or_spoken_of() -> None:
    later = WhenContext(offered=(datetime(2026, 6, 23, 15, tzinfo=BERLIN),))
    assert starts(ask("Dienstag um 15 Uhr", later)) == ["06-23 15:00"]
    assert starts(ask("am Donnerstag danach", later)) == ["06-25 00:00"]
    assert starts(ask("Mittwoch um 15 Uhr", later)) == ["06-17 15:00"]
    assert starts(ask("Samstag um elf", WhenContext(day=date(2026, 6, 20)))) == ["06-20 11:00"]
    assert starts(ask("Dienstag um 15 Uhr")) == ["06-16 15:00"]


@pytest.mark.parametrize(
    ("opening", "text", "expected"),
    [
        (None, "morgen um drei", ["06-12 15:00"]),
        (DAYTIME, "morgen um drei", ["06-12 15:00"]),
        (EARLY, "morgen um sechs", ["06-12 06:00"]),
        (DAYTIME, "morgen um neun", ["06-12 09:00"]),
        (EVENING, "morgen um acht", ["06-12 20:00"]),
        (DAYTIME, "morgen um acht", ["06-12 08:00"]),
        (ALL_DAY, "morgen um acht", ["06-12 08:00", "06-12 20:00"]),
        (ALL_DAY, "morgen um acht Uhr abends", ["06-12 20:00"]),
        (ALL_DAY, "morgen um 08:00", ["06-12 08:00"]),
        (EVENING, "morgen um zehn", ["06-12 10:00"]),
        (EVENING, "morgens um sieben", ["06-12 07:00"]),
        (DAYTIME, "Sonntag um fünf", ["06-14 17:00"]),
    ],
)
def test_opening_hours_decide_the_half_of_the_day(
    opening: OpeningHours | None, text: str, expected: list[str]
) -> None:
    when = ask(text, opening=opening)
    assert starts(when) == expected
    assert when.ambiguous == (len(expected) > 1)


def test_flags_say_what_was_said() -> None:
    (r,) = ask("Freitag so gegen drei").readings
    assert (r.day_said, r.time_said, r.approximate, r.past) == (True, True, True, False)
    (r,) = ask("um zehn").readings
    assert (r.day_said, r.time_said, r.approximate) == (False, True, False)
    (r,) = ask("nächste Woche").readings
    assert (r.day_said, r.time_said) == (True, False)
    (r,) = ask("gestern um drei").readings
    assert r.past


def test_a_date_long_past_is_given_back_as_it_was_said() -> None:
    (r,) = ask("2024-06-17").readings
    assert (f"{r.start:%Y-%m-%d}", r.past, r.day_said) == ("2024-06-17", True, True)


def test_changes_of_the_clocks_are_flagged() -> None:
    eve = datetime(2027, 3, 27, 18, tzinfo=BERLIN)
    (gap,) = understand_when("morgen um 02:30", now=eve, zone=BERLIN, language="de").readings
    assert (gap.dst_shifted, f"{gap.start:%H:%M}") == (True, "03:30")
    eve = datetime(2027, 10, 30, 18, tzinfo=BERLIN)
    (twice,) = understand_when("morgen um 02:30", now=eve, zone=BERLIN, language="de").readings
    assert twice.dst_repeated
    assert twice.start is not None
    assert twice.start.fold == 0
