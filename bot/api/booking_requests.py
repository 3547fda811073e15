"""What clients of the API send to book, move and cancel, checked field by field. Pure; every error names its field."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from booking_core.availability.demand import segments_by
from booking_core.availability.exact import Bound, Misfit, exact_plan
from booking_core.model.booking import Attendee, Booking
from booking_core.model.ids import StaffId
from booking_core.model.interval import TICK_SECONDS, Interval, day_interval
from booking_core.model.service import Service
from booking_core.model.slot import Plan
from booking_core.model.tenant import Tenant
from booking_core.services.front_desk import BookingOrder
from bot.api.requests import instant, service_in, staff_in, wrong
from bot.understanding.contacts import check_email, check_phone

NAME_LIMIT: Final = 200
NOTE_LIMIT: Final = 1000
REASON_LIMIT: Final = 500
LONGEST_LIST: Final = timedelta(days=366)
"""From ``from`` to ``to`` of a list of bookings."""
_CONTROL: Final = re.compile(r"[\x00-\x1f\x7f]")
_CONTROL_IN_TEXT: Final = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
_CONTACT_LIMIT: Final = 320


def booking_order(tenant: Tenant, body: Mapping[str, Any]) -> BookingOrder:
    """The order in a body of ``POST /bookings``.

    Raises 422: ``unknown_service``, ``unknown_staff``, ``unsuitable_staff`` (who does no part of it), ``missing_offset``,
    ``unfit_segments`` (they are no plan of the service), ``invalid`` for what has the wrong form.
    """
    service = service_in(tenant, body.get("service"))
    start = _start(body.get("start"))
    staff = _able(service, staff_in(tenant, body.get("staff")))
    attendee = _attendee(tenant, body.get("attendee"))
    exact = _exact(tenant, service, body.get("segments"))
    if exact is not None and exact.starts_at != start:
        raise wrong(None, "start must be that of the first segment", "start")
    note = _text(body.get("note"), "note", NOTE_LIMIT)
    return BookingOrder(service, start, attendee, staff, exact, note)


@dataclass(frozen=True, slots=True)
class MoveOrder:
    """Where a booking is to go; ``staff`` None for whoever can, by preference the same."""

    starts_at: datetime
    staff: StaffId | None
    reason: str | None


def move_order(tenant: Tenant, booking: Booking, body: Mapping[str, Any]) -> MoveOrder:
    """The order in a body of ``PATCH /bookings/{reference}/reschedule``; raises 422 as ``booking_order`` does."""
    start = _start(body.get("start"))
    staff = _able(tenant.get_service(booking.service), staff_in(tenant, body.get("staff")))
    return MoveOrder(start, staff, reason_in(body))


def reason_in(body: Mapping[str, Any]) -> str | None:
    """Why a booking is moved or cancelled, in the caller's words; raises 422."""
    return _text(body.get("reason"), "reason", REASON_LIMIT)


def list_window(tenant: Tenant, query: Mapping[str, str], now: datetime) -> Interval:
    """Which starts a list is about: by default from today's first minute to the end of the booking horizon. Raises 422."""
    today = day_interval(now.astimezone(tenant.zone).date(), tenant.zone).starts_at
    begin = instant(_query(query["from"]), "from") if "from" in query else today
    usual = max(begin, now) + tenant.policies.horizon + timedelta(days=1)
    end = instant(_query(query["to"]), "to") if "to" in query else min(usual, begin + LONGEST_LIST)
    if end <= begin:
        raise wrong("reversed_range", "to must be later than from", "to")
    if end - begin > LONGEST_LIST:
        raise wrong("range_too_long", f"to must be at most {LONGEST_LIST.days} days after from", "to")
    return Interval(begin, end)


def _query(text: str) -> str:
    """A plus sign that was not escaped arrives as a space."""
    return text.replace(" ", "+")


def _start(given: object) -> datetime:
    start = instant(given, "start")
    if start.timestamp() % TICK_SECONDS:
        raise wrong(None, "start must lie on the five-minute grid", "start")
    return start


def _able(service: Service, staff: StaffId | None) -> StaffId | None:
    if staff is not None and not segments_by(service, staff):
        raise wrong("unsuitable_staff", "this staff member does no part of the service", "staff")
    return staff


def _exact(tenant: Tenant, service: Service, given: object) -> Plan | None:
    if given is None:
        return None
    if not isinstance(given, list) or not all(isinstance(part, dict) for part in given):
        raise wrong(None, "segments must be those of a slot", "segments")
    bound = []
    for index, part in enumerate(given):
        member = tenant.find_staff(part["staff"]) if isinstance(part.get("staff"), str) else None
        if member is None:
            raise wrong("unknown_staff", "no staff member of the tenant has this id", f"segments.{index}.staff")
        begin, end = (instant(part.get(edge), f"segments.{index}.{edge}") for edge in ("start", "end"))
        bound.append(Bound(member.id, begin.astimezone(UTC), end.astimezone(UTC)))
    plan = exact_plan(service, bound)
    if isinstance(plan, Misfit):
        field = "segments" if plan.segment is None else f"segments.{plan.segment}"
        raise wrong("unfit_segments", plan.why, field)
    return plan


def _attendee(tenant: Tenant, given: object) -> Attendee:
    if not isinstance(given, dict):
        raise wrong(None, "attendee must be an object with a name", "attendee")
    name = given.get("name")
    if not isinstance(name, str) or not (name := " ".join(_CONTROL.sub(" ", name).split())):
        raise wrong(None, "attendee.name must not be empty", "attendee.name")
    if len(name) > NAME_LIMIT:
        raise wrong(None, f"attendee.name must not be longer than {NAME_LIMIT} characters", "attendee.name")
    language = given.get("language")
    if language is not None and language not in tenant.languages:
        raise wrong(None, f"attendee.language must be one of {', '.join(tenant.languages)}", "attendee.language")
    email, phone = _contact(given, "email"), _contact(given, "phone")
    checked_email = check_email(email) if email else None
    if email and checked_email is None:
        raise wrong(None, "attendee.email is no e-mail address", "attendee.email")
    checked_phone = check_phone(phone, tenant.country) if phone else None
    if phone and checked_phone is None:
        raise wrong(None, "attendee.phone is no phone number", "attendee.phone")
    return Attendee(name, language or tenant.language, checked_email, checked_phone)


def _contact(given: Mapping[str, Any], name: str) -> str | None:
    value = given.get(name)
    if value is None:
        return None
    if not isinstance(value, str) or not value.strip() or len(value) > _CONTACT_LIMIT:
        raise wrong(None, f"attendee.{name} must be a text or left out", f"attendee.{name}")
    return value.strip()


def _text(given: object, name: str, limit: int) -> str | None:
    if given is None:
        return None
    if not isinstance(given, str):
        raise wrong(None, f"{name} must be a text", name)
    if len(given) > limit:
        raise wrong(None, f"{name} must not be longer than {limit} characters", name)
    return _CONTROL_IN_TEXT.sub("", given).strip() or None
