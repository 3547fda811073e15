"""What only the words tell: one more appointment, all bookings, details, numbers, and words that are not repeated."""

from __future__ import annotations

from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest

from bot.understanding.meaning import Asked, Meaning
from bot.understanding.understand import Understander
from bot.understanding.wording import (
    altered_detail,
    asks_for_reference,
    means_all,
    repeatable,
    wishes_another,
)
from bot.wiring.demo import demo_tenant

ZONE = ZoneInfo("Europe/Berlin")
NOW = datetime(2026, 3, 24, 10, 15, tzinfo=ZONE)
HELD = datetime(2026, 3, 25, 15, tzinfo=ZONE)
UNDERSTANDER = Understander(demo_tenant())


def meant(text: str, expects: str = "confirm") -> Meaning:
    offered = (HELD,) if expects == "confirm" else ()
    return UNDERSTANDER.understand(
        text, now=NOW, language="de", asked=Asked(expects, len(offered)), offered=offered, day=date(2026, 3, 25)
    )


@pytest.mark.parametrize(
    "text",
    [
        "Ja. Und dazu noch einen Kinderhaarschnitt um 15:30",
        "ja, und noch einen für meinen Bruder um 15 Uhr",
        "Ja bitte, außerdem eine Beratung am Freitag um 10",
        "ja, und auch einen Damenhaarschnitt am Freitag",
        "Ja, und einen Kinderhaarschnitt um 15:30",
        "Ja, und kann ich noch einen Kinderhaarschnitt um 15:30 dazu buchen?",
        "Yes, and another one for my brother at 3 pm",
        "Yes please. I'd also like a kids cut at 3.30 pm",
        "yes, and a kids cut on Friday at 10 as well",
    ],
)
def test_one_more_is_wished(text: str):
    assert wishes_another(meant(text))


@pytest.mark.parametrize(
    "text",
    [
        "ja",
        "ja bitte, vielen Dank",
        "ja, aber lieber noch eine Stunde später",
        "ja, aber lieber bei Ben am Freitag",
        "ja, oder gibt es noch einen um 16 Uhr?",
        "Ja, haben Sie noch einen um 16 Uhr?",
        "ja, noch eine Frage: was kostet das?",
        "ja, und noch einen schönen Tag",
        "nein, noch einen anderen am Freitag",
        "yes but another day on Friday",
        "yes, is there another one at 4 pm?",
        "ja, am Mittwoch um 15 Uhr",
    ],
)
def test_nothing_more_is_wished(text: str):
    assert not wishes_another(meant(text))


@pytest.mark.parametrize("text", ["beide", "beide absagen bitte", "alle", "both", "cancel all", "all of them"])
def test_all_bookings_are_meant(text: str):
    assert means_all(meant(text, "which_booking"))


@pytest.mark.parametrize(
    "text", ["alles klar, den ersten", "that's all right, the first", "all good", "den am Samstag"]
)
def test_not_all_are_meant(text: str):
    assert not means_all(meant(text, "which_booking"))


@pytest.mark.parametrize(
    "text",
    [
        "Wie war nochmal meine Buchungsnummer?",
        "Ich habe meine Buchungsnummer vergessen",
        "what's my booking number?",
        "can you give me the reference number",
    ],
)
def test_the_number_is_asked_for(text: str):
    assert asks_for_reference(meant(text, "anything"))


@pytest.mark.parametrize(
    "text", ["meine Buchungsnummer ist F7K2QX", "Wie ist Ihre Telefonnummer?", "absagen, Buchungsnummer vergessen"]
)
def test_the_number_is_not_asked_for(text: str):
    assert not asks_for_reference(meant(text, "anything"))


@pytest.mark.parametrize(
    ("text", "detail"),
    [
        ("change the name to Robert Stone?", "name"),
        ("Kann ich den Namen ändern?", "name"),
        ("Bitte ändern Sie meine Telefonnummer in 0171 2345679", "contact"),
        ("please update my email address", "contact"),
        ("Ich möchte den Termin ändern, mein Name ist Max Muster", None),
        ("Wie ist Ihre Adresse?", None),
    ],
)
def test_what_is_to_be_changed(text: str, detail: str | None):
    assert altered_detail(meant(text, "anything")) == detail


@pytest.mark.parametrize("text", ["Leck mich", "Du Arschloch", "fuck you", "so ein Scheiß"])
def test_rude_words_are_not_repeated(text: str):
    assert repeatable(meant(text, "service")).service.unknown is None


@pytest.mark.parametrize("text", ["Maniküre", "Massage", "Nägel"])
def test_other_words_are(text: str):
    assert repeatable(meant(text, "service")).service.unknown == text


def test_a_rude_name_is_not_repeated():
    meaning = meant("Herrenhaarschnitt am Freitag um 10 bei Arschloch", "anything")
    assert meaning.staff.unknown
    assert repeatable(meaning).staff.unknown is None
