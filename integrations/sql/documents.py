"""Values of the core as JSON documents and back. Instants are ISO 8601 texts in UTC."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from booking_core.model.booking import Attendee
from booking_core.model.ids import ServiceId, StaffId
from booking_core.model.slot import Placement, Plan


def plan_to_document(plan: Plan) -> dict[str, Any]:
    """A plan as ``{"service", "placements": [...]}``; zero buffers and absent resources are left out."""
    return {"service": plan.service, "placements": [_placement_to_document(it) for it in plan.placements]}


def plan_from_document(document: Mapping[str, Any]) -> Plan:
    """The plan that ``plan_to_document`` wrote."""
    placements = tuple(_placement_from_document(it) for it in document["placements"])
    return Plan(ServiceId(document["service"]), placements)


def attendee_to_document(attendee: Attendee) -> dict[str, Any]:
    """A guest's particulars, by field name."""
    return {
        "name": attendee.name,
        "language": attendee.language,
        "email": attendee.email,
        "phone": attendee.phone,
        "alias": attendee.alias,
        "time_zone": attendee.time_zone,
    }


def attendee_from_document(document: Mapping[str, Any]) -> Attendee:
    """The guest that ``attendee_to_document`` wrote."""
    return Attendee(**document)


def _placement_to_document(placement: Placement) -> dict[str, Any]:
    document: dict[str, Any] = {
        "segment": placement.segment,
        "staff": placement.staff,
        "starts_at": _text_of(placement.starts_at),
        "ends_at": _text_of(placement.ends_at),
    }
    if placement.resource is not None:
        document["resource"] = placement.resource
    for name in ("buffer_before", "buffer_after", "blocked_after"):
        if minutes := getattr(placement, name):
            document[name] = minutes
    return document


def _placement_from_document(document: Mapping[str, Any]) -> Placement:
    return Placement(
        segment=document["segment"],
        staff=StaffId(document["staff"]),
        starts_at=_instant_of(document["starts_at"]),
        ends_at=_instant_of(document["ends_at"]),
        resource=document.get("resource"),
        buffer_before=document.get("buffer_before", 0),
        buffer_after=document.get("buffer_after", 0),
        blocked_after=document.get("blocked_after", 0),
    )


def _text_of(instant: datetime) -> str:
    return instant.astimezone(UTC).isoformat()


def _instant_of(text: str) -> datetime:
    return datetime.fromisoformat(text).astimezone(UTC)
