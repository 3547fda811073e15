"""Values of the core as JSON documents and back. Instants are ISO 8601 texts in UTC."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from datetime import UTC, datetime
from typing import Any

from booking_core.model.booking import Attendee
from booking_core.model.ids import Reference, ServiceId, StaffId, TenantId
from booking_core.model.saga import CallOff, Saga, SagaKind, Step, StepKind, StepState
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


def saga_to_document(saga: Saga) -> dict[str, Any]:
    """A saga without what the table keeps in columns of its own."""
    return {
        "kind": saga.kind.value,
        "plan": plan_to_document(saga.plan),
        "steps": [_step_to_document(step) for step in saga.steps],
        "door": saga.door,
        "back": saga.back,
        "why": saga.why,
        "told": saga.told,
        **({"called_off": asdict(saga.called_off)} if saga.called_off else {}),
    }


def saga_from_document(
    document: Mapping[str, Any], *, tenant: str, id: str, booking: str, attempts: int, created_at: datetime
) -> Saga:
    """The saga that ``saga_to_document`` wrote."""
    return Saga(
        id=id,
        tenant=TenantId(tenant),
        booking=Reference(booking),
        kind=SagaKind(document["kind"]),
        plan=plan_from_document(document["plan"]),
        steps=tuple(_step_from_document(step) for step in document["steps"]),
        door=document["door"],
        created_at=created_at,
        back=document["back"],
        why=document["why"],
        told=document.get("told", False),
        called_off=CallOff(**document["called_off"]) if document.get("called_off") else None,
        attempts=attempts,
    )


def _step_to_document(step: Step) -> dict[str, Any]:
    return {
        "kind": step.kind.value,
        "stage": step.stage,
        "segment": step.segment,
        "staff": step.staff,
        "starts_at": _text_of(step.starts_at),
        "ends_at": _text_of(step.ends_at),
        "reference": step.reference,
        "uid": step.uid,
        "state": step.state.value,
        "begun_at": _text_or_none(step.begun_at),
        "unanswered_at": _text_or_none(step.unanswered_at),
        "result_uid": step.result_uid,
        "result_id": step.result_id,
        "reason": step.reason,
        "undoes": step.undoes,
        "sure_from": _text_or_none(step.sure_from),
    }


def _step_from_document(document: Mapping[str, Any]) -> Step:
    return Step(
        **{
            **document,
            "kind": StepKind(document["kind"]),
            "staff": StaffId(document["staff"]),
            "starts_at": _instant_of(document["starts_at"]),
            "ends_at": _instant_of(document["ends_at"]),
            "state": StepState(document["state"]),
            **{name: _instant_or_none(document.get(name)) for name in ("begun_at", "unanswered_at", "sure_from")},
        }
    )


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


def _text_or_none(instant: datetime | None) -> str | None:
    return None if instant is None else _text_of(instant)


def _instant_of(text: str) -> datetime:
    return datetime.fromisoformat(text).astimezone(UTC)


def _instant_or_none(text: str | None) -> datetime | None:
    return None if text is None else _instant_of(text)
