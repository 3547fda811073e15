"""Names that are words too: where the name was asked for, they are names."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from bot.understanding.meaning import Intent, Meaning, StaffMention


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Ben, 0171 4443332", "Ben"),
        ("Anna", "Anna"),
        ("anna", "Anna"),
        ("Anna bitte", "Anna"),
        ("Clara und meine Nummer ist 0170 1234567", "Clara"),
        ("Sonntag Peter", "Sonntag Peter"),
        ("Peter Sonntag", "Peter Sonntag"),
        ("Herr Morgen", "Morgen"),
        ("Frau Abend", "Abend"),
        ("Herr Sonntag, 0171 4443332", "Sonntag"),
        ("Lang", "Lang"),
        ("lang", "Lang"),
        ("Herr Klein", "Klein"),
        ("Young", "Young"),
        ("nguyen van an", "Nguyen van An"),
        ("Nguyen Van An", "Nguyen Van An"),
        ("Peter Morgen", "Peter Morgen"),
        ("Peter Morgen, peter@example.org", "Peter Morgen"),
        ("Ich heiße Peter Morgen", "Peter Morgen"),
    ],
)
def test_the_answer_to_the_question_for_a_name(understand: Callable[..., Meaning], text: str, name: str) -> None:
    meaning = understand(text, "name")
    assert (meaning.name, meaning.staff) == (name, StaffMention())
    assert meaning.when.none


def test_a_name_beside_the_contact_asked_for_is_kept_whole(understand: Callable[..., Meaning]) -> None:
    meaning = understand("Peter Morgen, peter@example.org", "contact")
    assert (meaning.name, meaning.email) == ("Peter Morgen", "peter@example.org")
    assert meaning.when.none


@pytest.mark.parametrize(
    "text",
    ["bei Anna", "lieber bei Ben", "Nein, Anna", "Anna soll das machen", "Hat Ben Zeit?", "bei Ben und Anna"],
)
def test_a_wish_for_somebody_is_no_name(understand: Callable[..., Meaning], text: str) -> None:
    meaning = understand(text, "name")
    assert meaning.name is None
    assert meaning.staff.staff in {"anna", "ben"}


@pytest.mark.parametrize(
    "text",
    [
        "Mein Nachname schreibt sich mit ü",
        "mein nachname schreibt sich mit ü",
        "Der Name wird mit tz geschrieben",
        "The name is spelled with two t's",
        "guten Morgen",
        "morgen",
        "Morgen um drei",
        "Sonntag",
        "lange",
    ],
)
def test_none_of_this_is_a_name(understand: Callable[..., Meaning], text: str) -> None:
    assert understand(text, "name").name is None


@pytest.mark.parametrize("expects", ["name", "contact"])
@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("de", "E-Mail habe ich nicht"),
        ("de", "Ich habe keine E-Mail"),
        ("de", "eine Mailadresse hab ich leider nicht"),
        ("de", "ohne E-Mail"),
        ("en", "I don't have an email"),
        ("en", "no email"),
        ("en", "I haven't got an e-mail address"),
    ],
)
def test_who_has_no_address_says_no(
    understand: Callable[..., Meaning], language: str, text: str, expects: str
) -> None:
    meaning = understand(text, expects, language=language)
    assert meaning.has(Intent.NO)
    assert (meaning.name, meaning.bad_email) == (None, None)


def test_with_another_contact_it_is_no_refusal(understand: Callable[..., Meaning]) -> None:
    meaning = understand("ich habe keine E-Mail, nur 0170 1234567", "contact")
    assert (meaning.phone, meaning.intents) == ("+491701234567", frozenset())
