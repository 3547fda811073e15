"""What clients of the API send, checked field by field. Pure; every error names its field."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from booking_core.errors import UnknownService
from booking_core.model.ids import StaffId
from booking_core.model.interval import Interval
from booking_core.model.service import Service
from booking_core.model.tenant import Tenant
from bot.http.problems import HttpProblem

LONGEST_RANGE: Final = timedelta(days=31)
"""From ``from`` to ``to``; more would be an answer of megabytes that nobody reads to its end."""


@dataclass(frozen=True, slots=True)
class AvailabilityWish:
    """Which starts of a service are asked for, perhaps with somebody."""

    service: Service
    starts: Interval
    staff: StaffId | None


def availability_wish(tenant: Tenant, body: Mapping[str, Any], *, composite: bool) -> AvailabilityWish:
    """The wish in a body of ``/availability/simple`` or ``/composite``.

    Raises 422: ``unknown_service``, ``unknown_staff``, ``composite_service`` or ``simple_service`` (asked at the other path),
    ``missing_offset``, ``reversed_range``, ``range_too_long``, and ``invalid`` for what has the wrong form.
    """
    service = service_in(tenant, body.get("service"))
    if service.composite and not composite:
        raise wrong("composite_service", "it has a pause inside: ask /availability/composite", "service")
    if composite and not service.composite:
        raise wrong("simple_service", "it has no pause inside: ask /availability/simple", "service")
    begin, end = instant(body.get("from"), "from"), instant(body.get("to"), "to")
    if end <= begin:
        raise wrong("reversed_range", "to must be later than from", "to")
    if end - begin > LONGEST_RANGE:
        raise wrong("range_too_long", f"to must be at most {LONGEST_RANGE.days} days after from", "to")
    return AvailabilityWish(service, Interval(begin, end), staff_in(tenant, body.get("staff")))


def instant(given: object, field: str) -> datetime:
    """An instant (in UTC) from ISO 8601 with an offset; raises 422 naming the field."""
    if not isinstance(given, str):
        raise wrong(None, f"{field} must be a time with an offset, such as 2026-03-26T14:00:00+01:00", field)
    try:
        parsed = datetime.fromisoformat(given)
        aware = parsed.tzinfo is not None
        # The first and the last day of the calendar have no equal in UTC.
        moved = parsed.astimezone(UTC) if aware else parsed
    except (ValueError, OverflowError):
        raise wrong(None, f"{field} is no time of ISO 8601", field) from None
    if not aware:
        raise wrong("missing_offset", f"{field} needs an offset, such as +01:00 or Z", field)
    return moved


def service_in(tenant: Tenant, given: object) -> Service:
    """The service of this id; raises 422 naming the field ``service``."""
    if not isinstance(given, str):
        raise wrong(None, "service must be the id of a service", "service")
    service = tenant.find_service(given)
    if service is None:
        raise UnknownService(field="service")
    return service


def staff_in(tenant: Tenant, given: object) -> StaffId | None:
    """The staff member of this id, None where none is given; raises 422 naming the field ``staff``."""
    if given is None:
        return None
    if not isinstance(given, str):
        raise wrong(None, "staff must be the id of a staff member", "staff")
    member = tenant.find_staff(given)
    if member is None:
        raise wrong("unknown_staff", "no staff member of the tenant has this id", "staff")
    return member.id


def wrong(code: str | None, detail: str, field: str) -> HttpProblem:
    """The refusal of a field; ``code`` is by default ``invalid``."""
    return HttpProblem(422, code, detail, field=field)
