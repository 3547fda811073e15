"""What Cal.com's event types should look like for a tenant, and how an existing one differs; pure.

One event type per staff member and segment, and one hidden probe per staff member whose slots are that member's free ticks.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from booking_core.errors import Misconfigured
from booking_core.model.ids import ServiceId, StaffId
from booking_core.model.interval import TICK_MINUTES
from booking_core.model.service import Segment, Service
from booking_core.model.tenant import Staff, Tenant
from booking_core.ports.tenants import EventTypeLink
from integrations.calcom import wire

PROBE_SLUG = "fermata-probe"
_PROBE_TITLE = "Fermata: free time (please leave as it is)"

# Anything switched on here would make Cal.com refuse or shift what the planner found free.
_OFF: tuple[str, ...] = (
    "bookingWindow",
    "bookingLimitsCount",
    "bookingLimitsDuration",
    "bookerActiveBookingsLimit",
    "confirmationPolicy",
    "recurrence",
    "seats",
)
_PLAIN: Mapping[str, Any] = {
    "slotInterval": TICK_MINUTES,
    "minimumBookingNotice": 0,
    "beforeEventBuffer": 0,
    "afterEventBuffer": 0,
    "offsetStart": 0,
    "onlyShowFirstAvailableSlot": False,
    "requiresBookerEmailVerification": False,
    # Hidden and closed to strangers: a guest who books past the agent would escape its policies.
    "hidden": True,
    "bookingRequiresAuthentication": True,
}


@dataclass(frozen=True, slots=True)
class WantedEventType:
    """One event type as it should be; ``service`` None marks the probe, ``fields`` are what is sent on creation."""

    staff: StaffId
    service: ServiceId | None
    segment: int
    slug: str
    length_minutes: int
    fields: Mapping[str, Any] = field(hash=False)

    @property
    def name(self) -> str:
        """``service.segment@staff`` with segments counted from 1, or ``probe@staff``."""
        return f"probe@{self.staff}" if self.service is None else f"{self.service}.{self.segment + 1}@{self.staff}"

    def link(self, event_type_id: int) -> EventTypeLink:
        """The record that ties it to Cal.com's id."""
        return EventTypeLink(self.staff, self.service, self.segment, event_type_id, self.length_minutes)


def wanted_for(tenant: Tenant, member: Staff) -> tuple[WantedEventType, ...]:
    """The probe and one event type for every segment this staff member does, in the tenant's order.

    Raises Misconfigured where two services would get the same slug.
    """
    wanted = [
        _wanted(
            tenant,
            member.id,
            service=None,
            segment=0,
            slug=PROBE_SLUG,
            title=_PROBE_TITLE,
            length=TICK_MINUTES,
        )
    ]
    for service in tenant.services:
        for index, segment in enumerate(service.segments):
            if member.id in segment.staff:
                wanted.append(
                    _wanted(
                        tenant,
                        member.id,
                        service=service.id,
                        segment=index,
                        slug=f"{_slug(service.id)}-{index + 1}",
                        title=_title(service, index, tenant.language),
                        length=occupied_minutes(segment, member.id),
                    )
                )
    slugs = [each.slug for each in wanted]
    if twice := sorted({slug for slug in slugs if slugs.count(slug) > 1}):
        raise Misconfigured(f"services of {tenant.id} share the event type slugs {', '.join(twice)}")
    return tuple(wanted)


def occupied_minutes(segment: Segment, staff: StaffId) -> int:
    """How long the staff member is taken: both buffers, the work, and a blocked pause at its shortest.

    The shortest, because a longer one could reach into the next segment and Cal.com would then refuse that.
    """
    pause = segment.pause_after
    blocked = pause.min_minutes if pause is not None and pause.staff == "blocked" else 0
    return segment.buffer_before + segment.minutes_with(staff) + blocked + segment.buffer_after


def difference(existing: wire.EventType, wanted: WantedEventType, default_schedule: int) -> wire.Json:
    """The fields to PATCH so that ``existing`` becomes what is wanted; empty when it is already.

    ``default_schedule`` is the staff member's: an event type on another schedule would not see the probe's free time.
    """
    changes: wire.Json = {}
    for name, value in wanted.fields.items():
        if not existing.says(name):
            continue  # a server that does not know the field drops it on every PATCH
        said = existing.value(name)
        same = _same_locations(said, value) if name == "locations" else said == value
        if not same:
            changes[name] = value
    changes |= {name: {"disabled": True} for name in _OFF if not _is_off(existing.value(name))}
    if existing.value("scheduleId") not in (None, default_schedule):
        changes["scheduleId"] = default_schedule
    if _is_on(existing.value("disableCancelling")):
        changes["disableCancelling"] = {"disabled": False}
    if _is_on(existing.value("disableRescheduling")):
        changes["disableRescheduling"] = {"disabled": False}
    return changes


def _wanted(
    tenant: Tenant,
    staff: StaffId,
    *,
    service: ServiceId | None,
    segment: int,
    slug: str,
    title: str,
    length: int,
) -> WantedEventType:
    fields = {
        "title": title,
        "slug": slug,
        "lengthInMinutes": length,
        "locations": [{"type": "address", "address": tenant.address or tenant.name, "public": True}],
        **_PLAIN,
    }
    return WantedEventType(staff, service, segment, slug, length, fields)


def _title(service: Service, index: int, language: str) -> str:
    name = service.name.to(language)
    if not service.composite:
        return name
    return f"{name} {index + 1}/{len(service.segments)}: {service.segment_name(index, language)}"


def _slug(text: str) -> str:
    # Cal.com normalises slugs; an own one that it would change could never be found again.
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-")


def _same_locations(said: object, wanted: list[wire.Json]) -> bool:
    if not isinstance(said, list) or len(said) != len(wanted):
        return False
    return all(
        isinstance(one, dict) and all(one.get(name) == value for name, value in other.items())
        for one, other in zip(said, wanted, strict=True)
    )


def _is_off(policy: object) -> bool:
    return not policy or (isinstance(policy, dict) and policy.get("disabled") is True)


def _is_on(switch: object) -> bool:
    return isinstance(switch, dict) and switch.get("disabled") is True
