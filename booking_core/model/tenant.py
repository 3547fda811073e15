"""A business: its zone, hours, policies, staff, services and equipment."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from zoneinfo import ZoneInfo

from booking_core.errors import InvalidModel, UnknownService
from booking_core.model.hours import WeeklyHours
from booking_core.model.ids import ServiceId, StaffId, TenantId
from booking_core.model.service import LocalText, Service


@dataclass(frozen=True, slots=True)
class Staff:
    """Somebody who does segments, within own working hours."""

    id: StaffId
    name: str
    hours: WeeklyHours


@dataclass(frozen=True, slots=True)
class Equipment:
    """A room or device of which ``capacity`` segments can use one seat each at a time."""

    id: str
    name: LocalText
    capacity: int = 1


@dataclass(frozen=True, slots=True)
class Policies:
    """Rules for guests. Minutes, days and hours as named."""

    notice_minutes: int = 60
    horizon_days: int = 90
    cancel_hours: int = 24
    reschedule_hours: int = 24
    hold_minutes: int = 5
    grace_minutes: int = 30

    @property
    def notice(self) -> timedelta:
        """Least time between now and a start."""
        return timedelta(minutes=self.notice_minutes)

    @property
    def horizon(self) -> timedelta:
        """Greatest time between now and a start."""
        return timedelta(days=self.horizon_days)


@dataclass(frozen=True, slots=True)
class Tenant:
    """One business and everything that decides what can be booked there."""

    id: TenantId
    name: str
    zone: ZoneInfo
    languages: tuple[str, ...]
    hours: WeeklyHours
    staff: tuple[Staff, ...]
    services: tuple[Service, ...]
    policies: Policies = Policies()
    equipment: tuple[Equipment, ...] = ()
    country: str = "DE"
    region: str | None = None
    address: str = ""
    phone: str = ""
    email: str = ""

    def __post_init__(self) -> None:
        known = {member.id for member in self.staff}
        rooms = {item.id for item in self.equipment}
        for service in self.services:
            for index, segment in enumerate(service.segments):
                place = f"services.{service.id}.segments.{index}"
                if missing := set(segment.staff) - known:
                    raise InvalidModel(f"{place}: unknown staff {sorted(missing)}", field=f"{place}.staff")
                if segment.resource is not None and segment.resource not in rooms:
                    raise InvalidModel(f"{place}: unknown resource {segment.resource}", field=f"{place}.resource")
        if not self.languages:
            raise InvalidModel("a tenant needs at least one language", field="languages")

    @property
    def language(self) -> str:
        """The language spoken when nothing else is known."""
        return self.languages[0]

    def find_service(self, service: str) -> Service | None:
        """The service of this id, or None."""
        return next((candidate for candidate in self.services if candidate.id == service), None)

    def get_service(self, service: ServiceId) -> Service:
        """The service of this id; raises UnknownService."""
        if found := self.find_service(service):
            return found
        raise UnknownService(service=service)

    def find_staff(self, staff: str) -> Staff | None:
        """The staff member of this id, or None."""
        return next((member for member in self.staff if member.id == staff), None)

    def staff_name(self, staff: StaffId) -> str:
        """What a staff member is called; the id where it is unknown (a former colleague)."""
        member = self.find_staff(staff)
        return member.name if member else staff
