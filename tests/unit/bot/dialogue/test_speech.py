"""What is said aloud: natural, without a digit, and understood again by the time engine."""

from __future__ import annotations

import re
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.dialogue.speech import (
    UnspeakableError,
    speak_code,
    speak_date,
    speak_digits,
    speak_duration,
    speak_either,
    speak_moment,
    speak_money,
    speak_number,
    speak_time,
)
from bot.understanding.when import understand_when

BERLIN = ZoneInfo("Europe/Berlin")
TODAY = date(2026, 6, 11)
NOW = datetime(2026, 6, 11, 9, tzinfo=BERLIN)
MINUTES = [time(k // 60, k % 60) for k in range(1440)]


@pytest.mark.parametrize(
    ("at", "german", "english"),
    [
        (time(14, 30), "vierzehn Uhr dreißig", "two thirty pm"),
        (time(13, 0), "dreizehn Uhr", "one pm"),
        (time(1, 0), "ein Uhr früh", "one in the morning"),
        (time(9, 5), "neun Uhr fünf", "nine oh five am"),
        (time(0, 0), "null Uhr", "twelve am"),
        (time(12, 0), "zwölf Uhr", "noon"),
        (time(21, 1), "einundzwanzig Uhr eins", "nine oh one pm"),
        (time(3, 0), "drei Uhr früh", "three in the morning"),
    ],
)
def test_times_for_confirmation(at: time, german: str, english: str) -> None:
    assert (speak_time(at, "de"), speak_time(at, "en")) == (german, english)


@pytest.mark.parametrize(
    ("at", "german", "english"),
    [
        (time(14, 30), "halb drei", "half past two"),
        (time(9, 45), "Viertel vor zehn", "quarter to ten"),
        (time(20, 15), "Viertel nach acht abends", "quarter past eight in the evening"),
        (time(10, 25), "fünf vor halb elf", "twenty-five past ten"),
        (time(12, 30), "halb eins", "half past twelve"),
        (time(13, 0), "ein Uhr", "one o'clock"),
        (time(9, 7), "neun Uhr sieben", "nine oh seven am"),
    ],
)
def test_times_for_echoing(at: time, german: str, english: str) -> None:
    assert (speak_time(at, "de", casual=True), speak_time(at, "en", casual=True)) == (german, english)


@pytest.mark.parametrize("language", ["de", "en"])
@pytest.mark.parametrize("casual", [False, True])
def test_every_minute_of_the_day_is_words_only(language: str, casual: bool) -> None:
    for at in MINUTES:
        said = speak_time(at, language, casual=casual)
        assert re.fullmatch(r"[A-Za-zäöüß' -]+", said), said
        assert not re.search(r"\beins Uhr|halb (drei|vier|fünf|sech|sieb|acht|neun)zehn|halb .*zwanzig", said), (
            said
        )


@pytest.mark.parametrize("language", ["de", "en"])
@pytest.mark.parametrize("casual", [False, True])
def test_every_minute_said_is_understood(language: str, casual: bool) -> None:
    wrong = []
    for at in MINUTES:
        moment = datetime.combine(date(2026, 6, 16), at, tzinfo=BERLIN)
        said = speak_moment(moment, language, today=TODAY, casual=casual)
        readings = understand_when(said, now=NOW, zone=BERLIN, language=language).readings
        if [r.start for r in readings] != [moment]:
            wrong.append((said, [str(r.start) for r in readings]))
    assert not wrong, wrong[:10]


@given(
    now=st.datetimes(datetime(2025, 1, 1), datetime(2029, 12, 31)),  # noqa: DTZ001
    ahead=st.integers(1, 365 * 24 * 60 - 1),
    language=st.sampled_from(("de", "en")),
    near=st.booleans(),
    casual=st.booleans(),
)
@settings(max_examples=500, deadline=None)
def test_what_we_say_we_understand(now: datetime, ahead: int, language: str, near: bool, casual: bool) -> None:
    wall = now.replace(second=0, microsecond=0) + timedelta(minutes=ahead)
    said = speak_moment(wall, language, today=now.date(), near=near, casual=casual)
    (reading,) = understand_when(said, now=now, zone=BERLIN, language=language).readings
    assert reading.start is not None
    if not reading.dst_shifted:
        assert reading.start.replace(tzinfo=None) == wall, said


@given(day=st.dates(date(2020, 1, 1), date(2035, 12, 31)), language=st.sampled_from(("de", "en")))
@settings(max_examples=300, deadline=None)
def test_every_date_said_is_understood(day: date, language: str) -> None:
    said = speak_date(day, language, today=TODAY)
    (reading,) = understand_when(said, now=NOW, zone=BERLIN, language=language).readings
    assert reading.start is not None
    assert reading.start.date() == day, said


def test_dates_name_the_year_only_where_it_is_not_the_next() -> None:
    assert speak_date(date(2026, 12, 1), "de", today=TODAY) == "am Dienstag, den ersten Dezember"
    assert speak_date(date(2026, 12, 1), "en", today=TODAY) == "on Tuesday, the first of December"
    assert (
        speak_date(date(2027, 6, 11), "de", today=TODAY)
        == "am Freitag, den elften Juni zweitausendsiebenundzwanzig"
    )
    assert speak_date(date(2028, 3, 3), "en", today=TODAY) == "on Friday, the third of March twenty twenty-eight"
    assert speak_date(date(2026, 6, 12), "de", today=TODAY, near=True) == "morgen"
    assert speak_date(date(2026, 6, 13), "en", today=TODAY, near=True) == "the day after tomorrow"


def test_lengths_prices_numbers_and_codes() -> None:
    assert speak_duration(45, "de") == "eine Dreiviertelstunde"
    assert speak_duration(50, "de") == "fünfzig Minuten"
    assert speak_duration(61, "de") == "eine Stunde und eine Minute"
    assert speak_duration(150, "en") == "two hours and thirty minutes"
    assert speak_money(2450, "EUR", "de") == "vierundzwanzig Euro fünfzig"
    assert speak_money(100, "EUR", "de") == "ein Euro"
    assert speak_money(2450, "GBP", "en") == "twenty-four pounds fifty"
    assert speak_money(99, "EUR", "en") == "ninety-nine cents"
    assert speak_number(101, "de") == "einhunderteins"
    assert speak_number(1201, "en") == "one thousand two hundred and one"
    assert speak_digits("+49 170 12345", "de") == "plus vier neun eins, sieben null eins, zwei drei vier fünf"
    assert speak_code("A7K2", "de") == "A, sieben, K, zwei"
    assert speak_either(("neun Uhr", "zehn Uhr", "elf Uhr"), "de") == "neun Uhr, zehn Uhr oder elf Uhr"
    assert speak_either((), "en") == ""


def test_what_cannot_be_said_is_a_clear_error() -> None:
    with pytest.raises(UnspeakableError):
        speak_time(time(9), "fr")
    with pytest.raises(UnspeakableError):
        speak_money(100, "XTS", "de")
    with pytest.raises(UnspeakableError):
        speak_number(-1, "de")
