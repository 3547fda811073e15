"""E-mail addresses, phone numbers and references, typed and spoken."""

from __future__ import annotations

import pytest

from bot.understanding.contacts import Contacts, check_email, check_phone, find_contacts
from bot.understanding.text import clean, words_of


def read(text: str, *, expected: bool = False, country: str = "DE") -> Contacts:
    cleaned = clean(text)
    return find_contacts(cleaned, words_of(cleaned), country=country, expected=expected)


@pytest.mark.parametrize(
    ("said", "address"),
    [
        ("max@example.org", "max@example.org"),
        ("Max.Muster@EXAMPLE.org.", "Max.Muster@example.org"),
        ("(max@example.org)", "max@example.org"),
        ("max.muster (at) example.org", "max.muster@example.org"),
        ("max.muster [at] example.org", "max.muster@example.org"),
        ("max @ example . org", "max@example.org"),
        ("max punkt muster at example punkt org", "max.muster@example.org"),
        ("max dot muster at example dot org", "max.muster@example.org"),
        ("max minus muster klammeraffe example punkt org", "max-muster@example.org"),
        ("max bindestrich muster ät example punkt org", "max-muster@example.org"),
        ("max unterstrich muster at example punkt org", "max_muster@example.org"),
        ("m a x at gmx punkt de", "max@gmx.de"),
        ("muster 85 at web punkt de", "muster85@web.de"),
        ("info at mein minus salon punkt de", "info@mein-salon.de"),
        ("gast@salon.test", "gast@salon.test"),
        ("gast@salon-fermata.example", "gast@salon-fermata.example"),
        ("max at example.org. Danke", "max@example.org"),
    ],
)
def test_an_address_is_read(said: str, address: str) -> None:
    assert read(said).email == address


@pytest.mark.parametrize(
    "text",
    [
        "haircut tomorrow at 3.30",
        "tomorrow at noon. Or later",
        "at the salon. The big one",
        "Punkt drei",
        "um drei Punkt",
        "see you at three dot thirty",
        "look at me",
        "",
        "@",
    ],
)
def test_no_address_is_invented(text: str) -> None:
    found = read(text)
    assert (found.email, found.bad_email) == (None, None)


@pytest.mark.parametrize("text", ["max@example", "max@", "max@@example.org", "max@example..org", "max at gmx"])
def test_a_broken_address_is_told_when_one_was_asked_for(text: str) -> None:
    found = read(text, expected=True)
    assert found.email is None
    assert found.bad_email


@pytest.mark.parametrize(
    ("said", "number"),
    [
        ("0170 1234567", "+491701234567"),
        ("0170/1234567", "+491701234567"),
        ("(0170) 123-4567", "+491701234567"),
        ("+49 170 1234567", "+491701234567"),
        ("0049 170 1234567", "+491701234567"),
        ("+44 20 7946 0958", "+442079460958"),
        ("030 5550 1234", "+493055501234"),
        ("meine Nummer ist 1701234567", "+491701234567"),
        ("null eins sieben null eins zwei drei vier fünf sechs sieben", "+491701234567"),
        ("null eins sieben null, zwölf, vierunddreißig, sechsundfünfzig, sieben", "+491701234567"),
        ("plus vier neun eins sieben null 1234567", "+491701234567"),
        ("oh one seven oh one two three four five six seven", "+491701234567"),
        ("zero one seven zero one double two three four five six", "+491701223456"),
    ],
)
def test_a_number_is_read_as_e164(said: str, number: str) -> None:
    assert read(said).phone == number


@pytest.mark.parametrize("text", ["0151123456", "01234567890", "0000000000", "0170 123", "12345"])
def test_placeholders_and_fragments_are_bad_numbers(text: str) -> None:
    found = read(text, expected=True)
    assert found.phone is None
    assert found.bad_phone == text


@pytest.mark.parametrize(
    "text",
    [
        "am 24.12.2026 um 14:30",
        "2026-11-26 14:30",
        "3.12. 10:00",
        "10.00-12.00",
        "zwischen 9 und 11",
        "eins zwei drei",
        "Haus 12, 10435 Berlin",
        "30 Euro",
        "um drei, vier oder fünf",
    ],
)
def test_dates_times_and_prices_are_no_numbers(text: str) -> None:
    found = read(text)
    assert (found.phone, found.bad_phone) == (None, None)


@pytest.mark.parametrize(
    ("text", "reference"),
    [
        ("F7K2QX", "F7K2QX"),
        ("f7k2qx", "F7K2QX"),
        ("Buchung F7K2QX absagen", "F7K2QX"),
        ("reference: F7K 2QX", "F7K2QX"),
        ("Referenz ABCDEF", "ABCDEF"),
        ("my booking number is 234567", "234567"),
        ("Buchung stornieren", None),
        ("Referenz fehlte", None),
        ("Friday", None),
        ("F7K0QX", None),
        ("F7K2QXX", None),
        ("234567", None),
    ],
)
def test_references(text: str, reference: str | None) -> None:
    assert read(text).reference == reference


def test_addresses_and_numbers_are_checked_without_the_network() -> None:
    assert check_email("a@b.invalid-tld-nowhere") == "a@b.invalid-tld-nowhere"
    assert check_email("a@localhost") is None
    assert check_phone("110", "DE") is None
