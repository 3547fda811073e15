"""Invitations to the salon of the examples, and the catalogues as translators."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from babel.messages.pofile import read_po

from booking_core.services.invitations import Invitation, InvitedSegment, Party
from booking_core.services.notices import Notice
from integrations.mail.rendering import MailRenderer

BERLIN = ZoneInfo("Europe/Berlin")
LOCALES = Path(__file__).resolve().parents[4] / "locales"


@pytest.fixture(scope="session")
def catalogue():
    """All texts of one language by key."""

    def read(language):
        with (LOCALES / language / "LC_MESSAGES" / "mail.po").open("rb") as file:
            return {message.id: message.string for message in read_po(file) if message.id}

    return read


@pytest.fixture(scope="session")
def translator(catalogue):
    """The translate function of one language; a missing key or placeholder fails."""

    def speak(language):
        texts = catalogue(language)
        return lambda key, /, **values: texts[key].format(**values)

    return speak


@pytest.fixture(scope="session")
def renderer():
    return MailRenderer()


@pytest.fixture
def invite():
    """Makes an invitation; ``pieces`` are (name, staff, minutes, pause after in minutes) from ``start`` in Berlin."""

    def make(
        *,
        start="2026-03-26T15:30",
        fold=0,
        pieces=(("Auftragen", "Anna", 30, 25), ("Auswaschen, schneiden und föhnen", "Clara", 75, 0)),
        guest="Jürgen Groß",
        email="juergen@example.org",
        salon="Salon Fermata",
        salon_email="hallo@salon-fermata.example",
        **changes,
    ):
        instant = datetime.fromisoformat(start).replace(tzinfo=BERLIN, fold=fold).astimezone(UTC)
        first, segments = instant, []
        for name, staff, minutes, pause in pieces:
            segments.append(InvitedSegment(name, staff, instant, instant + timedelta(minutes=minutes)))
            instant += timedelta(minutes=minutes + pause)
        values = {
            "kind": Notice.CONFIRMED,
            "uid": "0123456789abcdef@salon.fermata.invalid",
            "sequence": 0,
            "stamp": datetime(2026, 3, 24, 9, 15, 3, tzinfo=UTC),
            "reference": "F7K2QX",
            "language": "de",
            "service": "Ansatzfärbung",
            "zone": BERLIN,
            "guest_zone": BERLIN,
            "location": "Kastanienallee 12, 10435 Berlin",
            "phone": "+49 30 5550 1234",
            "price": 65.0,
            "move_until": first - timedelta(hours=24),
            "cancel_until": first - timedelta(hours=24),
        }
        return Invitation(
            segments=tuple(segments),
            organizer=Party(salon, salon_email),
            guest=Party(guest, email),
            **values | changes,
        )

    return make
