"""Wishes for several people: any of them, or each for a part."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from booking_core.model.service import Service
from bot.dialogue.people import NOBODY, People, narrowed, people_of
from bot.dialogue.state import State, from_bytes, to_bytes
from bot.understanding.meaning import Asked
from bot.understanding.understand import Understander
from bot.wiring.demo import demo_tenant

TENANT = demo_tenant()
NOW = datetime(2026, 3, 24, 10, 15, tzinfo=ZoneInfo("Europe/Berlin"))
UNDERSTANDER = Understander(TENANT)


def service(name: str) -> Service:
    return next(each for each in TENANT.services if each.id == name)


def people(text: str, name: str = "root-colour") -> People:
    meaning = UNDERSTANDER.understand(text, now=NOW, language="de", asked=Asked())
    return people_of(meaning, TENANT, service(name))


@pytest.mark.parametrize(
    ("text", "either"),
    [
        ("Herrenhaarschnitt bei Clara oder Ben", ("clara", "ben")),
        ("Herrenhaarschnitt bei Clara oder bei Ben am Freitag", ("clara", "ben")),
        ("Men's cut with Ben or Anna please", ("ben", "anna")),
    ],
)
def test_any_of_them(text: str, either: tuple[str, ...]):
    assert people(text, "mens-cut") == People(either=either)


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("Ansatzfärbung am 9. Juni um 14 Uhr, Färben Anna, Schneiden Clara", ((0, "anna"), (1, "clara"))),
        ("Ansatzfärbung am 9. Juni, Schneiden Anna, Färben Clara", ((0, "clara"), (1, "anna"))),
        ("Ansatzfärbung, Auftragen bei Clara und Auswaschen bei Anna", ((0, "clara"), (1, "anna"))),
        ("Root colour on 6 May at 3 pm, colour by Anna, cut by Clara", ((0, "anna"), (1, "clara"))),
        ("Colour by Anna, 25 minutes to let it work, cut by Clara", ((0, "anna"), (1, "clara"))),
    ],
)
def test_each_does_a_part(text: str, parts: tuple[tuple[int, str], ...]):
    assert people(text) == People(parts=parts)


def test_the_first_begins_and_the_last_ends():
    assert people("Dauerwelle mit Anna, dann Clara", "perm") == People(parts=((0, "anna"), (2, "clara")))


@pytest.mark.parametrize(
    "text",
    [
        "Ansatzfärbung bei Anna",
        "Ansatzfärbung nicht bei Anna, sondern bei Clara",
        "Ansatzfärbung bei Clara statt bei Anna",
        "Letztes Mal war ich bei Anna. Jetzt bitte bei Clara",
        "Ansatzfärbung bei Clara, auf den Namen Anna Muster, anna@example.org",
    ],
)
def test_one_is_wished(text: str):
    assert people(text) == NOBODY


def test_the_service_is_done_as_wished():
    split = narrowed(service("root-colour"), People(parts=((0, "anna"), (1, "clara"))))
    assert split is not None
    assert [segment.staff for segment in split.segments] == [("anna",), ("clara",)]
    cut = narrowed(service("mens-cut"), People(either=("clara", "ben")))
    assert cut is not None
    assert cut.segments[0].staff == ("ben", "clara")
    assert narrowed(service("mens-cut"), NOBODY) == service("mens-cut")


@pytest.mark.parametrize(
    ("name", "wished"),
    [
        ("root-colour", People(parts=((0, "ben"), (1, "clara")))),
        ("full-colour", People(parts=((0, "anna"), (1, "clara")))),
        ("womens-cut", People(either=("ben",))),
    ],
)
def test_what_nobody_does_like_that(name: str, wished: People):
    assert narrowed(service(name), wished) is None


@pytest.mark.parametrize(
    "wished", [NOBODY, People(either=("anna", "ben")), People(parts=((0, "anna"), (2, "ben")))]
)
def test_people_survive_storage(wished: People):
    state = State(people=wished)
    assert from_bytes(to_bytes(state)) == state
