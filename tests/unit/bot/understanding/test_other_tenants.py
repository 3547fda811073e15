"""Matching lives from the tenant's own tables: other houses, other staff, other countries."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from zoneinfo import ZoneInfo

from booking_core.model.hours import WeeklyHours
from booking_core.model.ids import ServiceId, StaffId, TenantId
from booking_core.model.service import LocalText, Segment, Service
from booking_core.model.tenant import Staff, Tenant
from bot.understanding.meaning import Asked, Meaning, ServiceMention, StaffMention
from bot.understanding.understand import Understander

NOW = datetime(2026, 11, 25, 10, 15, tzinfo=ZoneInfo("Europe/Berlin"))
HOURS = WeeklyHours.parse({"tue": ["09:00-18:00"]})


def _service(service: str, german: str, english: str, **aliases: tuple[str, ...]) -> Service:
    return Service(
        ServiceId(service),
        LocalText({"de": german, "en": english}),
        (Segment(30, (StaffId("mai"),)),),
        aliases,
    )


PRACTICE = Tenant(
    id=TenantId("practice"),
    name="Praxis Mai",
    zone=ZoneInfo("Europe/Berlin"),
    languages=("de", "en"),
    hours=HOURS,
    staff=(
        Staff(StaffId("mai"), "Dr. Petra Mai", HOURS),
        Staff(StaffId("will"), "Will Mai", HOURS),
        Staff(StaffId("rose"), "Rose", HOURS),
    ),
    services=(
        _service("back-massage", "Rückenmassage", "Back massage"),
        _service("full-massage", "Ganzkörpermassage", "Full body massage"),
        _service("taping", "Kinesiotaping", "Taping", de=("Tape",)),
        _service("manicure", "Maniküre", "Manicure"),
    ),
)


def read(text: str, expects: str = "anything", tenant: Tenant = PRACTICE) -> Meaning:
    return Understander(tenant).understand(text, now=NOW, language="de", asked=Asked(expects))


def test_a_service_that_salons_lack_is_known_where_it_is_offered() -> None:
    assert read("Maniküre").service.certain == "manicure"
    assert read("Rückenmassage bitte").service.certain == "back-massage"
    assert read("rueckenmasage").service.certain == "back-massage"


def test_a_word_that_several_names_share_means_all_of_them() -> None:
    assert read("Massage").service == ServiceMention((ServiceId("back-massage"), ServiceId("full-massage")))


def test_an_unknown_wish_is_named_and_nothing_is_put_in_its_place() -> None:
    assert read("Dauerwelle", "service").service == ServiceMention(unknown="Dauerwelle")


def test_a_colleague_named_like_an_ordinary_word_needs_a_wish_around() -> None:
    assert read("bei Rose").staff == StaffMention(staff=StaffId("rose"))
    assert read("Rose bitte").staff == StaffMention(staff=StaffId("rose"))
    assert read("ich will einen Termin").staff == StaffMention()
    assert read("with Will please").staff == StaffMention(staff=StaffId("will"))


def test_a_surname_of_two_colleagues_names_neither() -> None:
    assert read("Termin am 3. Mai").staff == StaffMention()
    assert read("bei Petra Mai").staff == StaffMention(staff=StaffId("mai"))


def test_national_numbers_are_read_as_of_the_country() -> None:
    austria = replace(PRACTICE, country="AT")
    assert read("0664 1234567", "contact", austria).phone == "+436641234567"
    britain = replace(PRACTICE, country="GB")
    assert read("020 7946 0958", "contact", britain).phone == "+442079460958"


def test_a_tenant_without_services_is_no_error() -> None:
    bare = replace(PRACTICE, services=(), staff=())
    assert read("Herrenschnitt bei Anna", tenant=bare).service.candidates == ()
