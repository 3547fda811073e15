"""The parts together: who claims which words, what reaches the time engine, and that no text breaks it."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from booking_core.model.tenant import Tenant
from bot.understanding.meaning import Asked, Intent, Meaning
from bot.understanding.understand import Understander

NOW = datetime(2026, 11, 25, 10, 15, tzinfo=ZoneInfo("Europe/Berlin"))
EXPECTATIONS = ("service", "when", "choice", "name", "contact", "confirm", "which_booking", "anything")

_GUEST_WORDS = st.lists(
    st.sampled_from(
        [
            "ja",
            "nein",
            "bei",
            "Anna",
            "Herr",
            "Frau",
            "von",
            "der",
            "Haarschnitt",
            "morgen",
            "um",
            "drei",
            "2",
            "@",
            "at",
            "punkt",
            "org",
            "null",
            "eins",
            ",",
            ".",
            "?",
            "!",
            "(",
            ")",
            "-",
            "'",
            "nicht",
            "den",
            "zweiten",
            "Dr",
            "ß",
            "İ",
            "\x00",
            "\u200d",
            "für",
            "my",
            "name",
            "is",
            "termin",
            "0170",
            "+49",
            "F7K2QX",
        ]
    ),
    max_size=30,
).map(" ".join)


@given(
    text=st.one_of(st.text(max_size=300), _GUEST_WORDS),
    expects=st.sampled_from(EXPECTATIONS),
    offered=st.integers(0, 4),
    language=st.sampled_from(["de", "en"]),
)
@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_text_is_understood_somehow(
    understander: Understander, text: str, expects: str, offered: int, language: str
) -> None:
    asked = Asked(expects, offered)
    meaning = understander.understand(text, now=NOW, language=language, asked=asked)
    assert meaning.text == text
    assert meaning.language in {"de", "en", None}
    assert len(meaning.service.candidates) <= 3
    assert meaning.ordinal is None or 1 <= abs(meaning.ordinal) <= offered
    assert meaning.name is None or 0 < len(meaning.name) <= 80
    assert not {Intent.YES, Intent.NO} <= meaning.intents
    assert not {Intent.YES, Intent.UNSURE} <= meaning.intents
    assert meaning == understander.understand(text, now=NOW, language=language, asked=asked)


@pytest.mark.parametrize(
    "piece",
    [
        "ja ",
        "bei ",
        "Max Muster ",
        "Frau ",
        "a@",
        "null eins ",
        "Haarschnitt ",
        "was kostet das, ",
        "a",
        "1 ",
        "(",
    ],
)
def test_a_long_message_takes_time_in_proportion(understander: Understander, piece: str) -> None:
    def seconds(length: int) -> float:
        text = (piece * length)[:length]
        best = float("inf")
        for _ in range(3):
            begin = time.process_time()
            understander.understand(text, now=NOW, language="de", asked=Asked("contact", 3))
            best = min(best, time.process_time() - begin)
        return best

    # Four times the text may take four times as long; twelve leaves room for noise and is far below the square.
    assert seconds(2_000) < 12 * seconds(500) + 0.02


def test_text_beyond_the_limit_is_cut_and_not_refused(understand: Callable[..., Meaning]) -> None:
    meaning = understand("ja " * 2_000)
    assert meaning.has(Intent.YES)
    assert len(meaning.text) == 6_000


def test_a_claimed_name_is_neither_service_nor_day(understand: Callable[..., Meaning]) -> None:
    meaning = understand("Herr Färber hier, Dauerwelle am Freitag bitte")
    assert (meaning.name, meaning.service.certain) == ("Färber", "perm")
    meaning = understand("Hier ist Frau Sonntag, ich hätte gern einen Termin am Dienstag")
    assert meaning.name == "Sonntag"
    assert meaning.when.first is not None
    assert meaning.when.first.start == datetime(2026, 12, 1, tzinfo=ZoneInfo("Europe/Berlin"))


def test_a_phone_number_is_no_time_and_a_time_no_phone_number(understand: Callable[..., Meaning]) -> None:
    meaning = understand("Morgen um 15:30, 0170 1234567", "contact")
    assert meaning.phone == "+491701234567"
    assert meaning.when.first is not None
    assert meaning.when.first.start == datetime(2026, 11, 26, 15, 30, tzinfo=ZoneInfo("Europe/Berlin"))
    assert understand("24.12.2026 14:30-15:30", "contact").phone is None


def test_the_day_under_discussion_reaches_the_time_engine(understander: Understander) -> None:
    meaning = understander.understand(
        "um vier", now=NOW, language="de", asked=Asked("when"), day=date(2026, 12, 3)
    )
    assert meaning.when.first is not None
    assert meaning.when.first.start == datetime(2026, 12, 3, 16, 0, tzinfo=ZoneInfo("Europe/Berlin"))


@pytest.mark.parametrize(
    ("language", "text", "start"),
    [
        ("de", "Können wir meinen Termin eine halbe Stunde vorverlegen?", "14:30"),
        ("de", "Kann ich meinen Termin um eine Stunde nach hinten verschieben?", "16:00"),
        ("en", "can we move my appointment half an hour earlier?", "14:30"),
        ("en", "can we push my appointment back by an hour?", "16:00"),
    ],
)
def test_what_is_booked_is_what_a_shift_starts_from(
    understander: Understander, language: str, text: str, start: str
) -> None:
    booked = datetime(2026, 11, 26, 15, tzinfo=NOW.tzinfo)
    asked = Asked()
    meaning = understander.understand(text, now=NOW, language=language, asked=asked, booked=booked)
    (reading,) = meaning.when.readings
    assert reading.start is not None
    assert f"{reading.start:%d %H:%M}" == f"26 {start}"
    assert meaning.has(Intent.MOVE)
    assert understander.understand(text, now=NOW, language=language, asked=asked).when.none


def test_opening_hours_of_the_tenant_decide_the_half_of_the_day(salon: Tenant, understander: Understander) -> None:
    meaning = understander.understand("morgen um acht", now=NOW, language="de", asked=Asked("when"))
    assert meaning.when.first is not None
    assert meaning.when.first.start is not None
    assert meaning.when.first.start.date() == date(2026, 11, 26)
    london = Understander(replace(salon, zone=ZoneInfo("Europe/London")))
    there = london.understand("tomorrow at 3", now=NOW, language="en", asked=Asked("when"))
    assert there.when.first is not None
    assert there.when.first.start == datetime(2026, 11, 26, 15, 0, tzinfo=ZoneInfo("Europe/London"))


@pytest.mark.parametrize(
    ("text", "expects"),
    [
        ("ja, aber was kostet das?", "confirm"),
        ("muss ich das?", "confirm"),
        ("passt das?", "confirm"),
        ("ok?", "confirm"),
        ("yes, but how much is it?", "confirm"),
        ("ja, Moment", "confirm"),
        ("passt nicht", "confirm"),
        ("ja, nein", "confirm"),
        ("ja, aber um vier", "confirm"),
        ("yes but with Ben", "confirm"),
        ("vielleicht", "confirm"),
    ],
)
def test_nothing_of_this_is_plain_consent(understand: Callable[..., Meaning], text: str, expects: str) -> None:
    intents = understand(text, expects).intents
    assert Intent.YES not in intents or intents & {Intent.QUESTION, Intent.CORRECT}


def test_words_of_a_refused_time_still_tell_which_booking_is_meant(understand: Callable[..., Meaning]) -> None:
    meaning = understand("ich kann am Freitag leider nicht kommen")
    assert meaning.has(Intent.CANCEL)
    assert meaning.when.first is not None
    assert meaning.when.first.start == datetime(2026, 11, 27, tzinfo=ZoneInfo("Europe/Berlin"))


def test_da_kann_ich_nicht_refuses_the_offer_and_cancels_nothing(understand: Callable[..., Meaning]) -> None:
    assert understand("da kann ich doch nicht", "choice", 3).intents == {Intent.NO, Intent.OTHER}


def test_a_bare_number_is_a_place_only_among_offers(understand: Callable[..., Meaning]) -> None:
    assert understand("2", "choice", 3).ordinal == 2
    assert understand("2", "choice", 1).ordinal is None
    assert understand("2", "when").ordinal is None
    assert understand("um 2", "choice", 3).ordinal is None
    assert understand("den dritten", "choice", 2).ordinal is None


@pytest.mark.parametrize(
    ("text", "staff", "service"),
    [
        ("Warum nicht bei Anna?", "anna", None),
        ("why not with Anna?", "anna", None),
        ("Warum macht Ben keine Dauerwelle?", "ben", "perm"),
        ("Why doesn't Clara do perms?", "clara", "perm"),
    ],
)
def test_a_why_not_asks_for_what_it_denies(understand, text, staff, service):
    meaning = understand(text, "choice", 3)
    assert meaning.has(Intent.WHY)
    assert (meaning.staff.staff, meaning.service.certain) == (staff, service)


@pytest.mark.parametrize("text", ["nicht bei Anna", "not with Anna", "Bitte keine Dauerwelle"])
def test_a_denial_alone_does_not(understand, text):
    meaning = understand(text, "choice", 3)
    assert (meaning.staff.staff, meaning.service.certain) == (None, None)


@pytest.mark.parametrize(
    "text", ["Was ist der Grund?", "Woran liegt das?", "Was spricht dagegen?", "what is the reason?", "how come?"]
)
def test_other_words_for_why(understand, text):
    assert understand(text, "choice", 3).has(Intent.WHY)
