"""`POST /v2/bookings`: ordinary, recurring and seated bookings.

Check and insert are two steps with a gap between them, as at Cal.com: what arrives in the gap is only
stopped when host, start and end are the same (409); any other overlap becomes a real double booking.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import TypeVar

from integrations.calcom.sandbox import (
    booking_rows,
    calendar,
    event_type_rows,
    legacy,
    mails,
    webhook_payloads,
    webhooks,
)
from integrations.calcom.sandbox.accounts import User, find_user_named, get_user
from integrations.calcom.sandbox.availability import contains
from integrations.calcom.sandbox.booking_input import Wish, attendee_shape, check_body, read_wish
from integrations.calcom.sandbox.booking_rows import ACCEPTED, PENDING, Booking, Collision
from integrations.calcom.sandbox.booking_shape import render, render_all
from integrations.calcom.sandbox.delivery import Delivery
from integrations.calcom.sandbox.errors import JsonObject, bare, enveloped, invalid
from integrations.calcom.sandbox.event_type_rows import EventType
from integrations.calcom.sandbox.routing import BOOKINGS_VERSION, Answer, Auth, Call, Route, success
from integrations.calcom.sandbox.store import Db
from integrations.calcom.sandbox.times import DAY, MINUTE, from_ms, to_ms

TAKEN = "User either already has booking at this time or is not available"
_OUT_OF_BOUNDS = (
    "The event type can't be booked at the \"start\" time provided. This could be because it's too soon (violating "
    "the minimum booking notice) or too far in the future (outside the event's scheduling window). Try fetching "
    'available slots first using the GET /v2/slots endpoint and then make a booking with "start" time equal to one '
    "of the available slots."
)
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Plan:
    """What is going to be inserted."""

    wish: Wish
    event_type: EventType
    host: User
    starts: list[int]


async def create(call: Call) -> Answer:
    """POST; needs no key unless the event type says so."""
    body = call.fields
    check_body(body)
    now = call.world.now_ms()
    plan = await call.world.store.read(lambda db: _plan(db, call, body, now))
    await call.world.gap()
    if plan.event_type.seats is not None:
        return await _take_seat(call, plan, now)

    def work(db: Db) -> tuple[list[JsonObject], list[Delivery]]:
        made, sent = insert_plan(db, plan, now)
        return render_all(db, made, created=True), sent

    rendered, sent = await call.world.store.write(guarded(work))
    await call.world.sender.send(sent)
    return success(rendered if plan.event_type.get("recurrence") else rendered[0], status=201)


async def create_legacy(call: Call) -> Answer:
    """POST in version 2024-04-15: a body written for a newer version lacks what that one wants."""
    body = call.fields
    problems = legacy.booking_problems(body)
    target = {name: body[name] for name in ("start", "eventTypeId") if name in body}
    if problems:
        raise invalid([problem.listed(target) for problem in problems])
    raise enveloped(400, "Bookings of version 2024-04-15 are not part of this sandbox")


def routes() -> list[Route]:
    """The route of this module."""
    return [Route("POST", "/v2/bookings", create, Auth.OPTIONAL, BOOKINGS_VERSION, create_legacy)]


def guarded(work: Callable[[Db], T]) -> Callable[[Db], T]:
    """The work, with a collision turned into Cal.com's 409."""

    def run(db: Db) -> T:
        try:
            return work(db)
        except Collision:
            raise bare(409, "booking_conflict_error") from None

    return run


def check_time(
    db: Db, event_type: EventType, host: User, *, start: int, length: int, now: int, ignore: str | None = None
) -> None:
    """Refuse a start that is past, out of bounds or not free; lengths in minutes."""
    if start < now:
        raise enveloped(400, "Attempting to book a meeting in the past.")
    end = start + length * MINUTE
    free = calendar.free_time(db, host, event_type, (start - DAY, end + DAY), ignore=ignore)
    notice = int(event_type.get("minimumBookingNotice") or 0) * MINUTE
    bounds = calendar.booking_window(event_type, now, free.zone)
    if start < now + notice or (bounds is not None and not bounds[0] <= start < bounds[1]):
        raise enveloped(400, _OUT_OF_BOUNDS)
    if ignore is None and calendar.limit_reached(db, event_type, start, length, free.zone):
        raise bare(401, "booking_limit_reached")
    if not contains(free.intervals, start, end):
        raise enveloped(400, TAKEN)


def insert_plan(
    db: Db, plan: Plan, now: int, seat: JsonObject | None = None
) -> tuple[list[Booking], list[Delivery]]:
    """Insert the bookings of a plan with their mails and webhooks. Raises Collision.

    `seat` is the first attendee of a group, for a seated event type.
    """
    event_type, wish, host = plan.event_type, plan.wish, plan.host
    pending = event_type.needs_confirmation
    series = str(uuid.uuid4()) if event_type.get("recurrence") else None
    made: list[Booking] = []
    sent: list[Delivery] = []
    for start in plan.starts:
        uid = booking_rows.new_uid()
        guests = [attendee_shape("", guest, wish.attendee.time_zone, "en") for guest in wish.guests]
        people = [seat] if seat is not None else [wish.attendee.shape(), *guests]
        booking = booking_rows.insert(
            db,
            Booking(
                uid=uid,
                user_id=host.id,
                event_type_id=event_type.id,
                start=start,
                end=start + wish.length * MINUTE,
                status=PENDING if pending else ACCEPTED,
                created_at=now,
                updated_at=now,
                title=f"{event_type.title} between {host.name} and {wish.attendee.name}",
                description=None if seat is not None else wish.notes,
                location=wish.location,
                ics_uid=f"{uid}@Cal.com",
                recurring_uid=series,
                metadata=wish.metadata,
                attendees=people,
                guests=[] if seat is not None else wish.guests,
                seated=seat is not None,
                responses=wish.responses,
            ),
        )
        mails.record(db, booking, mails.REQUESTED if pending else mails.CREATED, now)
        trigger = webhook_payloads.REQUESTED if pending else webhook_payloads.CREATED
        sent += webhooks.deliveries(db, trigger, booking, now)
        made.append(booking)
    return made, sent


def _plan(db: Db, call: Call, body: JsonObject, now: int) -> Plan:
    event_type = _event_type(db, body)
    host = get_user(db, event_type.owner_id)
    if event_type.get("bookingRequiresAuthentication"):
        _require_owner(call, event_type)
    wish = read_wish(body, event_type)
    if event_type.get("requiresBookerEmailVerification"):
        code = body.get("emailVerificationCode")
        raise bare(400, "invalid_verification_code" if code else "email_verification_required")
    starts = _starts(event_type, wish, body)
    _check_booker_limit(db, event_type, wish, now)
    if event_type.seats is not None and _group(db, event_type, wish.start) is not None:
        return Plan(wish, event_type, host, starts)
    for start in starts:
        check_time(db, event_type, host, start=start, length=wish.length, now=now)
    return Plan(wish, event_type, host, starts)


def _event_type(db: Db, body: JsonObject) -> EventType:
    if isinstance(body.get("eventTypeId"), int):
        found = event_type_rows.find(db, body["eventTypeId"])
        if found is None:
            raise enveloped(404, f"Event type with id {body['eventTypeId']} not found.")
        return found
    username, slug = str(body.get("username")), str(body["eventTypeSlug"])
    owner = find_user_named(db, username)
    if owner is None:
        raise enveloped(404, f"User with username {username} not found")
    found = event_type_rows.find_by_slug(db, owner.id, slug)
    if found is None:
        raise enveloped(404, f"Event type with slug {slug} belonging to user {username} not found.")
    return found


def _require_owner(call: Call, event_type: EventType) -> None:
    prefix = "checkBookingRequiresAuthentication - "
    if call.caller is None:
        raise enveloped(
            401,
            prefix + "request must be authenticated by passing credentials belonging to event type owner, host or "
            "team or org admin or owner.",
        )
    if call.caller.id != event_type.owner_id:
        raise enveloped(
            403,
            prefix + "user is not authorized to access this event type. User has to be either event type owner, "
            "host, team admin or owner or org admin or owner.",
        )


def _check_booker_limit(db: Db, event_type: EventType, wish: Wish, now: int) -> None:
    policy = event_type.get("bookerActiveBookingsLimit") or {}
    most = policy.get("maximumActiveBookings")
    if policy.get("disabled") or most is None:
        return
    active = booking_rows.active_of_booker(db, event_type.id, wish.attendee.email, now)
    if len(active) < most:
        return
    text = "Attendee with this email can't book because the maximum number of active bookings has been reached."
    if policy.get("offerReschedule"):
        text += f" You can reschedule your existing booking ({active[-1].uid}) to a new timeslot instead."
    raise enveloped(400, text)


def _starts(event_type: EventType, wish: Wish, body: JsonObject) -> list[int]:
    series = event_type.get("recurrence")
    if not series or series.get("disabled"):
        return [wish.start]
    times = int(body.get("recurrenceCount") or series["occurrences"])
    every = int(series["interval"])
    return [_later(wish.start, number * every, str(series["frequency"])) for number in range(times)]


def _later(start: int, steps: int, frequency: str) -> int:
    first = from_ms(start)
    match frequency:
        case "daily":
            return to_ms(first + timedelta(days=steps))
        case "monthly":
            month = first.month - 1 + steps
            return to_ms(
                first.replace(year=first.year + month // 12, month=month % 12 + 1, day=min(first.day, 28))
            )
        case "yearly":
            return to_ms(first.replace(year=first.year + steps))
        case _:
            return to_ms(first + timedelta(weeks=steps))


def _group(db: Db, event_type: EventType, start: int) -> Booking | None:
    found = booking_rows.of_event_type(db, event_type.id, (start, start + 1))
    return found[0] if found else None


async def _take_seat(call: Call, plan: Plan, now: int) -> Answer:
    seat_uid = str(uuid.uuid4())
    person = plan.wish.attendee.shape() | {
        "seatUid": seat_uid,
        "bookingFieldsResponses": {"name": plan.wish.attendee.name, "guests": []},
        "metadata": plan.wish.metadata,
    }

    def work(db: Db) -> tuple[JsonObject, list[Delivery]]:
        group = _group(db, plan.event_type, plan.wish.start)
        if group is not None:
            if len(group.attendees) >= (plan.event_type.seats or 0):
                raise enveloped(409, "No more seats left at this seated booking.")
            joined = booking_rows.save(db, replace(group, attendees=[*group.attendees, person], updated_at=now))
            title = f"{plan.event_type.title} between {plan.host.name} and {plan.wish.attendee.name}"
            only = replace(joined, attendees=[person], title=title, responses=plan.wish.responses)
            mails.record(db, only, mails.CREATED, now)
            return render(db, joined) | {"seatUid": seat_uid}, webhooks.deliveries(
                db, webhook_payloads.CREATED, only, now
            )
        made, sent = insert_plan(db, replace(plan, starts=plan.starts[:1]), now, person)
        return render(db, made[0], created=True) | {"seatUid": seat_uid}, sent

    rendered, sent = await call.world.store.write(guarded(work))
    await call.world.sender.send(sent)
    return success(rendered, status=201)
