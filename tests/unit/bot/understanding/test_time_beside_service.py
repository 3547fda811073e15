"""A service and a time side by side, in one language or two: no word of the one is taken for the other."""

from __future__ import annotations

import time
from collections.abc import Callable

import pytest

from bot.understanding.meaning import Intent, Meaning


def _starts(meaning: Meaning) -> list[str]:
    return [f"{reading.start:%m-%d %H:%M}" for reading in meaning.when.readings if reading.start is not None]


@pytest.mark.parametrize(
    ("language", "text", "service", "start"),
    [
        ("de", "Herrenhaarschnitt Do 15 Uhr", "mens-cut", "11-26 15:00"),
        ("de", "Herrenhaarschnit Do 15 Uhr", "mens-cut", "11-26 15:00"),
        ("de", "Herrenhaarschnitt 28.5. 10 Uhr", "mens-cut", "05-28 10:00"),
        ("de", "Herrenhaarschnitt 3 Uhr", "mens-cut", "11-25 15:00"),
        ("de", "Herrenhaarschnitt Sa um 10", "mens-cut", "11-28 10:00"),
        ("de", "Kinderhaarschnitt um 3", "kids-cut", "11-25 15:00"),
        ("de", "Dauerwelle 4.12.", "perm", "12-04 00:00"),
        ("de", "Dauerwele 4.12.", "perm", "12-04 00:00"),
        ("de", "Beratung 5.6. 10:00", "consultation", "06-05 10:00"),
        ("de", "Beratun 5.6. 10:00", "consultation", "06-05 10:00"),
        ("de", "Beratung 5. Juni 10:00", "consultation", "06-05 10:00"),
        ("de", "Ansatzfärbung Mi 9.12. 9:30", "root-colour", "12-09 09:30"),
        ("de", "5.6. Beratung 10:00", "consultation", "06-05 10:00"),
        ("en", "children's haircut 5 June 10am", "kids-cut", "06-05 10:00"),
        ("en", "perm 5 June 10am", "perm", "06-05 10:00"),
        ("en", "consultation 3pm", "consultation", "11-25 15:00"),
    ],
)
def test_a_date_beside_a_service_is_read(
    understand: Callable[..., Meaning], language: str, text: str, service: str, start: str
) -> None:
    meaning = understand(text, language=language)
    assert (meaning.service.certain, _starts(meaning)) == (service, [start])


@pytest.mark.parametrize(
    ("text", "start"),
    [
        ("Haarschnitt Do 15 Uhr", "11-26 15:00"),
        ("Haarschnitt 5.12. 10 Uhr", "12-05 10:00"),
        ("Freitag Haarschnitt 10 Uhr", "11-27 10:00"),
        ("Färben 5.12. 10 Uhr", "12-05 10:00"),
    ],
)
def test_a_date_beside_a_word_for_several_services_is_read(
    understand: Callable[..., Meaning], text: str, start: str
) -> None:
    meaning = understand(text)
    assert len(meaning.service.candidates) > 1
    assert _starts(meaning) == [start]


@pytest.mark.parametrize(
    ("text", "service"),
    [
        ("Herren Haarschnit", "mens-cut"),
        ("Damen-Harschnitt", "womens-cut"),
        ("Ansatz ferben", "root-colour"),
        ("Ansatz Färbunk", "root-colour"),
        ("komplete Umfärbung", "full-colour"),
        ("wash and blowdri", "wash-style"),
        ("Männer Haarschnitt", "mens-cut"),
    ],
)
def test_names_written_apart_and_misspelt_are_still_found(
    understand: Callable[..., Meaning], text: str, service: str
) -> None:
    assert understand(text).service.certain == service


@pytest.mark.parametrize("language", ["de", "en"])
@pytest.mark.parametrize(
    ("text", "start"),
    [
        ("men's haircut Donnerstag 14:00", "11-26 14:00"),
        ("Can I have a Damenhaarschnitt am Samstag at ten?", "11-28 10:00"),
        ("am Freitag at 2pm", "11-27 14:00"),
        ("Freitag at 2pm", "11-27 14:00"),
        ("Friday um 14 Uhr", "11-27 14:00"),
        ("tomorrow um 14 Uhr", "11-26 14:00"),
        ("übermorgen at 2pm", "11-27 14:00"),
        ("on Friday nachmittags", "11-27 12:00"),
        ("morgen in the afternoon", "11-26 12:00"),
        ("am 3. Dezember at 2pm", "12-03 14:00"),
        ("3 December um 14 Uhr", "12-03 14:00"),
        ("Herrenhaarschnitt tomorrow", "11-26 00:00"),
        ("a perm am Freitag please", "11-27 00:00"),
    ],
)
def test_day_and_hour_may_be_said_in_two_languages(
    understand: Callable[..., Meaning], language: str, text: str, start: str
) -> None:
    meaning = understand(text, "when", language=language)
    assert _starts(meaning) == [start]


def test_a_day_of_two_meanings_keeps_both_with_the_hour_of_the_other_language(
    understand: Callable[..., Meaning],
) -> None:
    meaning = understand("Herrenhaarschnitt next Thursday um 14 Uhr")
    assert meaning.when.ambiguous
    assert _starts(meaning) == ["11-26 14:00", "12-03 14:00"]


def test_a_week_in_the_other_language_is_not_lost_beside_an_hour(understand: Callable[..., Meaning]) -> None:
    reading = understand("nächste Woche at 10am", "when", language="en").when.first
    assert reading is not None
    assert f"{reading.start:%m-%d %H:%M}/{reading.end:%m-%d %H:%M}" == "11-30 10:00/12-07 00:00"
    assert reading.kind == "interval"


def test_days_that_differ_between_the_languages_are_asked_about(understand: Callable[..., Meaning]) -> None:
    meaning = understand("Freitag, or Monday at 2pm", "when", language="de")
    assert {start[:5] for start in _starts(meaning)} == {"11-27", "11-30"}


@pytest.mark.parametrize(
    ("language", "text", "start"),
    [
        ("en", "Do you have something at 3pm?", "11-25 15:00"),
        ("en", "so at 3pm please", "11-25 15:00"),
        ("en", "may I come at 3pm?", "11-25 15:00"),
        ("en", "Guten Morgen, can I come at 3pm?", "11-25 15:00"),
        ("de", "um 14 Uhr, what a day this is", "11-25 14:00"),
        ("en", "14 Uhr, what a day this is", "11-25 14:00"),
        ("de", "Hier ist Frau Friday, um 14 Uhr bitte", "11-25 14:00"),
    ],
)
def test_words_that_only_look_like_a_day_of_the_other_language_name_none(
    understand: Callable[..., Meaning], language: str, text: str, start: str
) -> None:
    assert _starts(understand(text, language=language)) == [start]


def test_one_number_is_not_the_day_of_one_language_and_the_hour_of_the_other(
    understand: Callable[..., Meaning],
) -> None:
    assert _starts(understand("am 9 am liebsten", "when")) == ["12-09 00:00"]
    assert _starts(understand("9 am")) == ["11-26 09:00"]


def test_two_languages_cost_milliseconds(understand: Callable[..., Meaning]) -> None:
    understand("Herrenhaarschnitt next Thursday um 14 Uhr")
    begin = time.process_time()
    for _ in range(20):
        understand("Herrenhaarschnitt next Thursday um 14 Uhr")
    assert time.process_time() - begin < 20 * 0.05


@pytest.mark.parametrize("expects", ["name", "contact", "anything"])
@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("de", "Schmitt mit zwei t"),
        ("de", "Müller mit 2 l"),
        ("en", "The name is spelled with two t's"),
        ("en", "it's spelt with two ts"),
        ("de", "Ich habe drei Katzen"),
        ("de", "ich habe drei katzen"),
        ("de", "Ich habe zwei bis drei Katzen"),
        ("de", "Ich habe zwei Hunde dabei"),
        ("de", "an den Seiten 3 Millimeter"),
        ("de", "an den seiten 3 mm"),
        ("en", "I have two dogs"),
        ("en", "I've got three cats"),
        ("en", "I have twenty-two cats"),
        ("en", "it was twenty-four pounds fifty"),
        ("en", "3 inches at the sides"),
        ("de", "Ich habe am Montag Geburtstag"),
        ("de", "Am Montag habe ich Geburtstag"),
        ("en", "My birthday is on Monday"),
        ("de", "Ich bin in einer halben Stunde wieder da"),
        ("de", "Bin in 10 Minuten zurück"),
        ("en", "I'll be back in half an hour"),
        ("de", "Ich melde mich in einer Stunde wieder"),
    ],
)
def test_counts_spellings_and_things_beside_are_no_times(
    understand: Callable[..., Meaning], language: str, text: str, expects: str
) -> None:
    assert understand(text, expects, language=language).when.none


@pytest.mark.parametrize(
    ("language", "text", "start"),
    [
        ("de", "drei Uhr", "11-25 15:00"),
        ("de", "um drei Müller", "11-25 15:00"),
        ("de", "Ich habe um drei Katzen zu füttern, lieber um vier", "11-25 16:00"),
        ("de", "Ich habe drei Katzen, passt um vier Uhr?", "11-25 16:00"),
        ("de", "Freitag 15 Herrenhaarschnitt", "11-27 15:00"),
        ("de", "um 3 bei Anna", "11-25 15:00"),
        ("en", "I have two dogs, can I come at four?", "11-25 16:00"),
        ("de", "Ich habe am Montag Geburtstag und hätte gern Samstag um 10 einen Termin", "11-28 10:00"),
        ("de", "Am Samstag um 10, am Montag habe ich Geburtstag", "11-28 10:00"),
        ("de", "Bin in 10 Minuten zurück, Freitag um 10 passt", "11-27 10:00"),
        ("de", "Bitte schreiben Sie mich am Freitag um 10 ein", "11-27 10:00"),
        ("en", "I'll be back in half an hour, Friday at 3 please", "11-27 15:00"),
        ("en", "I'm back at 3 so 4 pm works", "11-25 16:00"),
        ("en", "I'd like a perm for my birthday on Friday", "11-27 00:00"),
    ],
)
def test_the_time_beside_a_count_is_still_read(
    understand: Callable[..., Meaning], language: str, text: str, start: str
) -> None:
    assert _starts(understand(text, "when", language=language)) == [start]


@pytest.mark.parametrize(
    ("language", "text", "start"),
    [
        ("de", "lieber um drei", "11-26 15:00"),
        ("de", "eine Viertelstunde später", "11-26 17:15"),
        ("en", "four works for me", "11-26 16:00"),
        ("en", "four suits me better", "11-26 16:00"),
        ("en", "I'd prefer four please", "11-26 16:00"),
    ],
)
def test_a_bare_number_among_offers_is_an_hour(
    understand: Callable[..., Meaning], language: str, text: str, start: str
) -> None:
    assert _starts(understand(text, "choice", 3, language=language)) == [start]


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("de", "egal"),
        ("de", "ist mir egal"),
        ("de", "egal wann"),
        ("de", "irgendwann"),
        ("de", "jederzeit"),
        ("de", "wann ist mir egal"),
        ("de", "ganz egal, Hauptsache bald"),
        ("de", "Ich bin flexibel"),
        ("de", "mir ist alles recht"),
        ("en", "I'm flexible"),
        ("en", "any time"),
        ("en", "anytime"),
        ("en", "whenever"),
        ("en", "I don't mind"),
        ("en", "doesn't matter when"),
    ],
)
def test_to_the_question_when_any_time_may_be_the_answer(
    understand: Callable[..., Meaning], language: str, text: str
) -> None:
    meaning = understand(text, "when", language=language)
    (reading,) = meaning.when.readings
    assert (reading.kind, reading.grain, reading.earliest) == ("open_end", "day", True)
    assert _starts(meaning) == ["11-25 10:15"]
    assert not meaning.has(Intent.UNSURE, Intent.NO)


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("de", "Wann haben Sie den nächsten freien Termin für einen Herrenhaarschnitt?"),
        ("de", "Wann haben Sie den naechsten freien Termin fuer eine Dauerwelle?"),
        ("de", "Wann wäre denn was frei für einen Herrenhaarschnitt?"),
        ("de", "Wann waere denn was frei?"),
        ("de", "wann hätten Sie Zeit für eine Dauerwelle?"),
        ("de", "Dauerwelle, egal wann"),
        ("en", "When is your next free appointment for a perm?"),
        ("en", "When do you have a free slot for a perm?"),
        ("en", "What's your next available appointment for a perm?"),
        ("en", "a perm, any time"),
    ],
)
def test_who_asks_when_there_is_something_free_wants_the_earliest(
    understand: Callable[..., Meaning], language: str, text: str
) -> None:
    (reading,) = understand(text, language=language).when.readings
    assert (reading.kind, reading.earliest) == ("open_end", True)
    # The next one there is lies as near as can be; anything that is free may lie on any day.
    assert reading.grain == ("minute" if "next" in text or "chsten" in text else "day")


@pytest.mark.parametrize(
    ("language", "text", "expects"),
    [
        ("de", "egal", "anything"),
        ("de", "egal bei wem", "when"),
        ("de", "Kann ich jederzeit absagen?", "when"),
        ("de", "Wann habt ihr offen?", "when"),
        ("de", "Wann ist mein Termin?", "when"),
        ("de", "irgendwie nicht", "when"),
        ("en", "can I cancel any time?", "when"),
        ("en", "when is my appointment?", "when"),
        ("en", "when are you open?", "when"),
    ],
)
def test_other_questions_and_answers_name_no_time(
    understand: Callable[..., Meaning], language: str, text: str, expects: str
) -> None:
    assert understand(text, expects, language=language).when.none


def test_a_narrower_time_is_kept_beside_any_time(understand: Callable[..., Meaning]) -> None:
    assert _starts(understand("irgendwann am Freitag", "when")) == ["11-27 00:00"]
    assert _starts(understand("Wann wäre am Freitag was frei?", "when")) == ["11-27 00:00"]
