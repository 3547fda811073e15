"""What holds for every text and every now."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from hypothesis import given, settings
from hypothesis import strategies as st

from bot.understanding.when import When, understand_when

BERLIN = ZoneInfo("Europe/Berlin")
GERMAN_DAYS = ("Montag", "Dienstag", "Mittwoch", "Donnerstag", "Freitag", "Samstag", "Sonntag")
ENGLISH_DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
NOWS = st.datetimes(datetime(2025, 1, 1), datetime(2029, 12, 31))  # noqa: DTZ001
CORPUS = Path(__file__).parents[4] / "corpus" / "when"
WORDS = st.sampled_from(
    sorted(
        {
            word
            for name in ("german", "english", "german_silent", "english_silent")
            for line in (CORPUS / f"{name}.jsonl").read_text(encoding="utf-8").splitlines()
            for word in json.loads(line)["text"].split()
        }
    )
)


def understand(text: str, now: datetime, language: str | None = "de") -> When:
    return understand_when(text, now=now, zone=BERLIN, language=language)


@given(text=st.text(max_size=200), now=NOWS, language=st.sampled_from(("de", "en", None)))
@settings(max_examples=300, deadline=None)
def test_no_text_makes_it_fail(text: str, now: datetime, language: str | None) -> None:
    _well_formed(understand(text, now, language), text)


@given(words=st.lists(WORDS, max_size=14), now=NOWS, language=st.sampled_from(("de", "en", None)))
@settings(max_examples=400, deadline=None)
def test_no_jumble_of_time_words_makes_it_fail(words: list[str], now: datetime, language: str | None) -> None:
    text = " ".join(words)
    _well_formed(understand(text, now, language), text)


def _well_formed(when: When, text: str) -> None:
    assert not (when.ambiguous and when.alternatives)
    assert (len(when.readings) > 1) == (when.ambiguous or when.alternatives)
    for r in when.readings:
        a, b = r.span
        assert 0 <= a < b <= len(text)
        assert (r.start is not None) == (r.kind != "open_start")
        assert (r.end is not None) == (r.kind in ("interval", "open_start"))
        if r.start is not None and r.end is not None:
            assert r.start < r.end


@given(
    now=NOWS,
    day=st.integers(0, 6),
    form=st.sampled_from(
        (
            "{}",
            "am {}",
            "diesen {}",
            "nächsten {}",
            "{} um zehn",
            "nächste Woche {}",
            "{} in einer Woche",
            "{}nachmittag",
        )
    ),
)
@settings(max_examples=200, deadline=None)
def test_the_weekday_said_is_the_weekday_understood(now: datetime, day: int, form: str) -> None:
    when = understand(form.format(GERMAN_DAYS[day]), now)
    assert when.readings
    for r in when.readings:
        assert r.start is not None
        assert r.start.weekday() == day
        assert not r.past


SHIFTING = (
    ("de", "heute"), ("de", "morgen um halb drei"), ("de", "übermorgen vormittags"), ("de", "Freitag"),
    ("de", "nächsten Dienstag um neun"), ("de", "nächste Woche"), ("de", "übernächste Woche Montag"),
    ("de", "in drei Tagen"), ("de", "in acht Tagen"), ("de", "am Wochenende"), ("de", "Mitte nächster Woche"),
    ("de", "ab Mittwoch"), ("de", "bis Donnerstag"), ("de", "um zehn"), ("de", "abends"), ("de", "vor drei Tagen"),
    ("en", "tomorrow at half past two"), ("en", "next Friday"), ("en", "Tuesday week"), ("en", "in a fortnight"),
    ("en", "this weekend"), ("en", "late next week"), ("en", "after 5pm"), ("en", "Monday or Wednesday"),
)  # fmt: skip


@given(now=NOWS, case=st.sampled_from(SHIFTING))
@settings(max_examples=300, deadline=None)
def test_a_week_later_everything_is_a_week_later(now: datetime, case: tuple[str, str]) -> None:
    language, text = case
    one, two = (understand(text, at, language) for at in (now, now + timedelta(days=7)))
    assert [_wall(r.start, 7) for r in one.readings] == [_wall(r.start, 0) for r in two.readings]
    assert [_wall(r.end, 7) for r in one.readings] == [_wall(r.end, 0) for r in two.readings]
    assert one.ambiguous == two.ambiguous


def _wall(at: datetime | None, days: int) -> datetime | None:
    return None if at is None else at.replace(tzinfo=None) + timedelta(days=days)


PAST_ONLY_IF_SAID = (
    "um {h} Uhr",
    "{h} Uhr 30",
    "{d}",
    "{d} um {h} Uhr",
    "am {n}.",
    "nachmittags",
    "ab {h} Uhr",
    "zwischen {h} und {h2} Uhr",
    "nächste Woche {d}",
    "bis {d}",
)


@given(
    now=NOWS,
    form=st.sampled_from(PAST_ONLY_IF_SAID),
    hour=st.integers(7, 20),
    day=st.integers(0, 6),
    n=st.integers(1, 28),
)
@settings(max_examples=300, deadline=None)
def test_nothing_lies_in_the_past_unless_it_was_said(
    now: datetime, form: str, hour: int, day: int, n: int
) -> None:
    when = understand(form.format(h=hour, h2=hour + 2, d=GERMAN_DAYS[day], n=n), now)
    aware = now.replace(tzinfo=BERLIN)
    assert when.readings
    for r in when.readings:
        over = r.end or r.start
        assert over is not None
        assert over.astimezone(UTC) > aware.astimezone(UTC)
        assert not r.past


@given(now=NOWS, hours=st.integers(1, 300))
@settings(max_examples=200, deadline=None)
def test_hours_are_elapsed_time_and_days_are_wall_time(now: datetime, hours: int) -> None:
    aware = now.replace(tzinfo=BERLIN, microsecond=0)
    offset = understand(f"in {hours + 1} Stunden", aware).readings[0]
    assert offset.start is not None
    assert offset.start.astimezone(UTC) - aware.astimezone(UTC) == timedelta(hours=hours + 1)
    day = understand(f"in {hours + 1} Tagen", aware).readings[0]
    assert day.start is not None
    expected = aware.date() + timedelta(days=7 if hours + 1 == 8 else hours + 1)
    assert (day.start.date(), day.start.hour) == (expected, 0)


@given(day=st.dates(date(2026, 1, 1), date(2028, 12, 31)), hour=st.integers(0, 23), minute=st.integers(0, 59))
@settings(max_examples=300, deadline=None)
def test_wall_times_survive_the_change_of_clocks(day: date, hour: int, minute: int) -> None:
    now = datetime(day.year, day.month, day.day, 12) - timedelta(days=1)  # noqa: DTZ001
    r = understand(f"morgen um {hour:02}:{minute:02}", now).readings[0]
    assert r.start is not None
    if r.dst_shifted:
        assert r.start.replace(tzinfo=None) > datetime(day.year, day.month, day.day, hour, minute)  # noqa: DTZ001
        return
    assert (r.start.date(), r.start.hour, r.start.minute) == (day, hour, minute)
    twice = r.start.utcoffset() != r.start.replace(fold=1).utcoffset()
    assert r.dst_repeated == twice
    assert r.start.fold == 0


FILLERS = (
    "Guten Tag, {}",
    "Guten Morgen! {}",
    "Hallo, {}",
    "{}, bitte",
    "Ich hätte gerne {} einen Termin",
    "{}, vielen Dank",
    "Guten Abend, geht {}?",
    "{} wäre super",
    "{}, schönen Tag noch!",
)
ASKED = (
    "morgen um drei",
    "nächsten Dienstag",
    "am Freitag zwischen zwei und vier",
    "übermorgen vormittags",
    "am 15. um halb elf",
    "nächste Woche Mittwoch",
    "heute abend",
)
ENGLISH_FILLERS = (
    "Good morning, {}",
    "Hello, {}",
    "{} please",
    "Could I come in {}?",
    "{}, thank you, have a nice day",
    "Good evening! {}",
)
ENGLISH_ASKED = (
    "tomorrow at three",
    "next Tuesday",
    "on Friday between two and four",
    "on the 15th at half ten",
    "Wednesday next week",
)


@given(now=NOWS, filler=st.sampled_from(FILLERS), asked=st.sampled_from(ASKED))
@settings(max_examples=200, deadline=None)
def test_greetings_and_fillers_change_nothing(now: datetime, filler: str, asked: str) -> None:
    assert _meaning(understand(asked, now)) == _meaning(understand(filler.format(asked), now))


@given(now=NOWS, filler=st.sampled_from(ENGLISH_FILLERS), asked=st.sampled_from(ENGLISH_ASKED))
@settings(max_examples=200, deadline=None)
def test_english_fillers_change_nothing(now: datetime, filler: str, asked: str) -> None:
    assert _meaning(understand(asked, now, "en")) == _meaning(understand(filler.format(asked), now, "en"))


TOLD_BESIDE = (
    "Letzte Woche war ich schon bei Ihnen, jetzt bitte {}",
    "Ich habe gestern angerufen, es geht um {}",
    "vor drei wochen wurde mir der schnitt verdorben {}",
    "Seit einem Jahr bin ich Kundin. Geht {}?",
    "Ich warte seit 20 Minuten auf Antwort. {}",
    "Meine Rechnung vom 3. Mai kommt noch. {}, bitte",
    "Hier spricht Julia Mai, ich hätte gern {}",
    "Ich muss um 17 Uhr die Kinder abholen, also {}",
    "Rosenmontag ist schlecht, lieber {}",
)


@given(now=NOWS, beside=st.sampled_from(TOLD_BESIDE), asked=st.sampled_from(ASKED))
@settings(max_examples=300, deadline=None)
def test_what_is_told_beside_a_wish_changes_nothing(now: datetime, beside: str, asked: str) -> None:
    assert _meaning(understand(asked, now)) == _meaning(understand(beside.format(asked), now))


@given(now=NOWS, asked=st.sampled_from(ASKED))
@settings(max_examples=100, deadline=None)
def test_a_closed_holiday_beside_a_wish_only_adds_the_weekday_near_it(now: datetime, asked: str) -> None:
    plain, beside = understand(asked, now), understand(f"Ostersonntag haben Sie zu, oder? Dann {asked}", now)
    assert set(_meaning(plain)) <= set(_meaning(beside))
    assert len(beside.readings) <= len(plain.readings) + 1


@given(now=NOWS, word=st.sampled_from(("morgen", "übermorgen", *GERMAN_DAYS)), data=st.data())
@settings(max_examples=300, deadline=None)
def test_two_letters_that_changed_places_change_nothing(now: datetime, word: str, data: st.DataObject) -> None:
    at = data.draw(st.integers(0, len(word) - 2))
    wrong = (word[:at] + word[at + 1] + word[at] + word[at + 2 :]).lower()
    assert _meaning(understand(f"{word} um zehn", now)) == _meaning(understand(f"{wrong} um zehn", now))


def _meaning(when: When) -> list[tuple[object, ...]]:
    assert when.readings
    return [(r.kind, r.start, r.end, r.grain) for r in when.readings]


@given(now=NOWS, text=st.sampled_from(ASKED))
@settings(max_examples=100, deadline=None)
def test_the_same_question_has_the_same_answer(now: datetime, text: str) -> None:
    assert understand(text, now) == understand(text, now)
    assert understand(text, now) == understand(text, now.replace(tzinfo=BERLIN).astimezone(UTC))


def test_the_language_is_found_when_it_is_not_named() -> None:
    now = datetime(2026, 6, 11, 9)  # noqa: DTZ001
    for text, language in (("next Friday at half three", "en"), ("nächsten Freitag um halb drei", "de")):
        assert _meaning(understand(text, now, None)) == _meaning(understand(text, now, language))
