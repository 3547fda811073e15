"""Reading one booking and changing it: reschedule, cancel, confirm, decline, mark absent.

As at Cal.com the uid is the only secret: reading, moving and cancelling need no key. A move makes a new
booking with a new uid and leaves the old one cancelled, pointing forward.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from integrations.calcom.sandbox import booking_rows, event_type_rows, legacy, mails, webhook_payloads, webhooks
from integrations.calcom.sandbox.accounts import User, get_user
from integrations.calcom.sandbox.booking_create import check_time, guarded
from integrations.calcom.sandbox.booking_rows import ACCEPTED, CANCELLED, PENDING, REJECTED, Booking
from integrations.calcom.sandbox.booking_shape import render
from integrations.calcom.sandbox.delivery import Delivery
from integrations.calcom.sandbox.errors import JsonObject, bare, coded, enveloped
from integrations.calcom.sandbox.event_type_rows import EventType
from integrations.calcom.sandbox.routing import BOOKINGS_VERSION, Answer, Auth, Call, Route, success
from integrations.calcom.sandbox.store import Db
from integrations.calcom.sandbox.times import iso_utc, parse_instant
from integrations.calcom.sandbox.validation import iso_problem, one_line, unknown_fields

_RESCHEDULE_FIELDS = frozenset(
    {"start", "rescheduledBy", "reschedulingReason", "seatUid", "emailVerificationCode"}
)
_CANCEL_FIELDS = frozenset({"cancellationReason", "cancelSubsequentBookings", "seatUid"})


@dataclass(frozen=True, slots=True)
class Changed:
    """A changed booking with the webhooks to send once the change is committed."""

    rendered: JsonObject
    deliveries: list[Delivery]


async def get(call: Call) -> Answer:
    """GET by uid."""
    uid = call.params["uid"]
    return success(await call.world.store.read(lambda db: render(db, get_booking(db, uid))))


async def get_legacy(call: Call) -> Answer:
    """GET by uid in version 2024-04-15."""
    uid = call.params["uid"]

    def work(db: Db) -> JsonObject:
        booking = get_booking(db, uid)
        event_type = _event_type(db, booking)
        return legacy.booking(booking, get_user(db, booking.user_id), event_type.slug if event_type else None)

    return success(await call.world.store.read(work))


async def reschedule(call: Call) -> Answer:
    """POST: the old booking is ignored in the check, every other one counts."""
    body = call.fields
    problems = unknown_fields(body, _RESCHEDULE_FIELDS)
    start = parse_instant(body.get("start"))
    if start is None:
        raise one_line([*problems, iso_problem("start")])
    if problems:
        raise one_line(problems)
    now = call.world.now_ms()

    def check(db: Db) -> Booking:
        booking = get_booking(db, call.params["uid"])
        _check_movable(booking)
        event_type = _event_type(db, booking)
        if event_type is not None:
            host = get_user(db, booking.user_id)
            check_time(db, event_type, host, start=start, length=booking.duration, now=now, ignore=booking.uid)
        return booking

    seen = await call.world.store.read(check)
    await call.world.gap()
    by_host = call.caller is not None and call.caller.id == seen.user_id

    def work(db: Db) -> Changed:
        return move(
            db,
            seen,
            start,
            start + (seen.end - seen.start),
            now,
            by_host=by_host,
            rescheduled_by=body.get("rescheduledBy"),
            reason=body.get("reschedulingReason"),
        )

    return success(await _commit(call, guarded(work)), status=201)


async def cancel(call: Call) -> Answer:
    """POST: a reason is required from the host and optional without a key."""
    body = call.fields
    problems = unknown_fields(body, _CANCEL_FIELDS)
    if problems:
        raise one_line(problems)
    now = call.world.now_ms()
    reason = str(body.get("cancellationReason") or "")

    def check(db: Db) -> Booking:
        booking = booking_rows.find(db, call.params["uid"])
        if booking is None:
            raise enveloped(404, f"Booking with uid={call.params['uid']} not found")
        if booking.status == CANCELLED:
            raise enveloped(
                400,
                f"Can't cancel booking with uid={booking.uid} because it has been cancelled already. "
                "Please provide uid of a booking that is not cancelled.",
            )
        event_type = _event_type(db, booking)
        if event_type is not None and event_type.get("disableCancelling").get("disabled"):
            raise bare(400, "This event type does not allow cancellations")
        if booking.end <= now:
            raise bare(400, "Cannot cancel a booking that has already ended")
        if not reason and call.caller is not None and call.caller.id == booking.user_id:
            raise bare(400, "Cancellation reason is required")
        return booking

    seen = await call.world.store.read(check)
    await call.world.gap()
    return success(await _commit(call, lambda db: withdraw(db, seen.uid, reason, now)))


async def confirm(call: Call) -> Answer:
    """POST by the host; does not look whether the time is still free, as at Cal.com."""

    def work(db: Db) -> Changed:
        booking = get_booking(db, call.params["uid"])
        require_host(call, booking)
        if booking.status == ACCEPTED:
            raise coded(400, "TRPCError", "Booking already confirmed")
        now = call.world.now_ms()
        confirmed = booking_rows.save(db, replace(booking, status=ACCEPTED, guarded=False, updated_at=now))
        mails.record(db, confirmed, mails.CREATED, now)
        return Changed(
            render(db, confirmed),
            webhooks.deliveries(db, webhook_payloads.CREATED, confirmed, now, confirmed=True),
        )

    return success(await _commit(call, work))


async def decline(call: Call) -> Answer:
    """POST by the host; may be repeated."""

    def work(db: Db) -> Changed:
        booking = get_booking(db, call.params["uid"])
        require_host(call, booking)
        if booking.status == ACCEPTED:
            raise coded(400, "TRPCError", "Booking already confirmed")
        now = call.world.now_ms()
        reason = call.fields.get("reason")
        rejected = booking_rows.save(
            db, replace(booking, status=REJECTED, rejection_reason=reason, updated_at=now)
        )
        mails.record(db, rejected, mails.REJECTED, now)
        return Changed(render(db, rejected), webhooks.deliveries(db, webhook_payloads.REJECTED, rejected, now))

    return success(await _commit(call, work))


async def mark_absent(call: Call) -> Answer:
    """POST by the host, once the booking has begun."""
    body = call.fields

    def work(db: Db) -> Changed:
        booking = get_booking(db, call.params["uid"])
        require_host(call, booking)
        now = call.world.now_ms()
        if now < booking.start:
            raise enveloped(
                400,
                "Bookings can only be marked as absent after their scheduled start time. Current time in UTC+0: "
                f"{iso_utc(now)}, Booking start time in UTC+0: {iso_utc(booking.start)}",
            )
        absent = {entry["email"]: bool(entry["absent"]) for entry in body.get("attendees") or []}
        people = [
            attendee | {"absent": absent.get(attendee["email"], attendee["absent"])}
            for attendee in booking.attendees
        ]
        marked = booking_rows.save(
            db,
            replace(
                booking, attendees=people, absent_host=bool(body.get("host", booking.absent_host)), updated_at=now
            ),
        )
        sent = webhooks.deliveries(db, webhook_payloads.NO_SHOW, marked, now) if absent else []
        return Changed(render(db, marked), sent)

    return success(await _commit(call, work))


def routes() -> list[Route]:
    """The routes of one booking."""
    one, version = "/v2/bookings/{uid}", BOOKINGS_VERSION
    return [
        Route("GET", one, get, Auth.OPTIONAL, version, get_legacy),
        Route("POST", one + "/reschedule", reschedule, Auth.OPTIONAL, version),
        Route("POST", one + "/cancel", cancel, Auth.OPTIONAL, version),
        Route("POST", one + "/confirm", confirm, Auth.PERMISSION, version),
        Route("POST", one + "/decline", decline, Auth.PERMISSION, version),
        Route("POST", one + "/mark-absent", mark_absent, Auth.PERMISSION, version),
    ]


def move(
    db: Db,
    old: Booking,
    start: int,
    end: int,
    now: int,
    *,
    by_host: bool,
    rescheduled_by: str | None = None,
    reason: str | None = None,
    host: User | None = None,
) -> Changed:
    """Cancel the old booking and insert its successor, for `host` if another takes it over. Raises Collision."""
    event_type = _event_type(db, old)
    pending = event_type is not None and event_type.needs_confirmation and not by_host
    uid = booking_rows.new_uid()
    previous = booking_rows.save(
        db,
        replace(old, status=CANCELLED, rescheduled_to=uid, rescheduled_by=rescheduled_by, updated_at=now),
    )
    responses = {name: value for name, value in old.responses.items() if name != "rescheduledReason"}
    if reason:
        responses["rescheduledReason"] = reason
    booking = booking_rows.insert(
        db,
        replace(
            old,
            id=0,
            uid=uid,
            user_id=host.id if host else old.user_id,
            start=start,
            end=end,
            status=PENDING if pending else ACCEPTED,
            created_at=now,
            updated_at=now,
            attendees=[attendee | {"absent": False} for attendee in old.attendees],
            absent_host=False,
            guarded=True,
            responses=responses,
            rescheduling_reason=reason,
            rescheduled_by=rescheduled_by,
            rescheduled_from=old.uid,
            rescheduled_to=None,
            ics_sequence=old.ics_sequence + 1,
        ),
    )
    mails.record(db, booking, mails.REQUESTED if pending else mails.RESCHEDULED, now)
    trigger = webhook_payloads.REQUESTED if pending else webhook_payloads.RESCHEDULED
    sent = webhooks.deliveries(db, trigger, booking, now, previous=previous)
    return Changed(render(db, booking, created=True), sent)


def withdraw(db: Db, uid: str, reason: str, now: int) -> Changed:
    """Cancel a booking whatever its state; a second cancellation in the same moment counts again."""
    booking = get_booking(db, uid)
    cancelled = booking_rows.save(
        db,
        replace(
            booking,
            status=CANCELLED,
            cancellation_reason=reason,
            updated_at=now,
            ics_sequence=booking.ics_sequence + 1,
        ),
    )
    mails.record(db, cancelled, mails.CANCELLED, now)
    return Changed(render(db, cancelled), webhooks.deliveries(db, webhook_payloads.CANCELLED, cancelled, now))


async def _commit(call: Call, work: Any) -> JsonObject:
    changed: Changed = await call.world.store.write(work)
    await call.world.sender.send(changed.deliveries)
    return changed.rendered


def get_booking(db: Db, uid: str) -> Booking:
    """The booking with that uid, else 404."""
    booking = booking_rows.find(db, uid)
    if booking is None:
        raise enveloped(404, f"Booking with uid={uid} was not found in the database")
    return booking


def _event_type(db: Db, booking: Booking) -> EventType | None:
    return event_type_rows.find(db, booking.event_type_id) if booking.event_type_id is not None else None


def _check_movable(booking: Booking) -> None:
    refusal = f"Can't reschedule booking with uid={booking.uid} because it has been "
    if booking.rescheduled_to:
        raise enveloped(
            400,
            f"{refusal}cancelled and rescheduled already to booking with uid={booking.rescheduled_to}. You probably "
            f"want to reschedule {booking.rescheduled_to} instead by passing it within the request URL.",
        )
    if booking.status in (CANCELLED, REJECTED):
        raise enveloped(
            400, f"{refusal}{booking.status}. Please provide uid of a booking that is not {booking.status}."
        )


def require_host(call: Call, booking: Booking) -> None:
    """Refuse everybody but the host; the text is the same for every action."""
    if call.user.id != booking.user_id:
        raise coded(401, "TRPCError", "User is not authorized to confirm this booking")


def read_reason(body: Mapping[str, Any]) -> str:
    """The reason of an outside cancellation under any of its usual names."""
    return str(body.get("cancellationReason") or body.get("reason") or "")
