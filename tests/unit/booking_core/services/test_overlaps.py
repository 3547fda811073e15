"""Who was there first, what is a twin of ours, and what is nobody's business."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from contextlib import nullcontext
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from booking_core.errors import CalendarUnavailable, Refused
from booking_core.model.booking import Booking, BookingStatus
from booking_core.model.callback import CallbackReason
from booking_core.model.hours import WeeklyHours
from booking_core.model.ids import StaffId, TenantId
from booking_core.model.interval import Interval
from booking_core.model.saga import Saga, SagaKind
from booking_core.model.slot import Plan
from booking_core.model.tenant import Policies, Tenant
from booking_core.ports.calendar import Entry
from booking_core.services.notices import MAIL, MESSAGE, enqueue_check
from booking_core.services.overlaps import MovedByStaff, Overlap, OverlapCheck, extras_of, overlaps_of
from booking_core.services.saga_steps import move_steps
from integrations.sql import SqlDatabase
from tests.support.examples import NOW, TENANT, booking_of, composite, minutes, single

ANNA = StaffId("anna")
SALON = Tenant(TENANT, "Salon", ZoneInfo("Europe/Berlin"), ("de",), WeeklyHours.parse({}), (), (), Policies())


def confirmed(plan: Plan, *, entry_id: int | None = 100) -> Booking:
    """A booking whose entries are named ``ours-0``, ``ours-1`` and numbered from ``entry_id``."""
    made = booking_of("ABC234", plan, status=BookingStatus.CONFIRMED)
    appointments = tuple(
        replace(
            it,
            uid=f"ours-{it.segment}",
            entry_id=None if entry_id is None else entry_id + it.segment,
            reference=f"{made.hold}:{it.segment}:0",
        )
        for it in made.appointments
    )
    return replace(made, appointments=appointments)


def entry(
    start: float,
    length: float = 30,
    *,
    uid: str = "theirs",
    number: int = 200,
    reference: str | None = None,
    live: bool = True,
) -> Entry:
    """Somebody's entry of Anna, ``start`` minutes after ``NOW``."""
    starts_at = NOW + minutes(start)
    return Entry(uid, number, ANNA, starts_at, starts_at + minutes(length), live, reference)


def whose(booking: Booking, *entries: Entry) -> list[bool]:
    """For each overlap whether ours was first."""
    return [overlap.ours_first for overlap in overlaps_of(booking, ANNA, entries)]


@pytest.mark.parametrize(
    ("start", "number", "ours_first"),
    [
        (75, 200, [True]),  # theirs is younger and begins later
        (45, 200, [True]),  # theirs is younger and begins earlier
        (60, 200, [False]),  # the same start: nobody can tell who was let through
        (75, 50, [False]),  # theirs is older
        (60, 50, [False]),
        (90, 200, []),  # begins when ours ends
        (30, 50, []),  # ends when ours begins
    ],
)
def test_the_older_entry_has_the_better_right(start: float, number: int, ours_first: list[bool]) -> None:
    assert whose(confirmed(single(60)), entry(start, number=number)) == ours_first


def test_an_entry_of_ours_without_a_number_claims_no_right() -> None:
    assert whose(confirmed(single(60), entry_id=None), entry(75)) == [False]


@pytest.mark.parametrize(
    "other",
    [
        entry(60, live=False),
        entry(60, uid="ours-0", reference=None),
        entry(60, uid="twin", reference="hold-ABC234:0:0"),
    ],
    ids=["cancelled", "ours", "twin"],
)
def test_what_is_ours_or_cancelled_overlaps_nothing(other: Entry) -> None:
    assert whose(confirmed(single(60)), other) == []


def test_what_is_ours_hides_nothing_behind_it() -> None:
    assert whose(confirmed(single(60)), entry(60, uid="ours-0"), entry(60, live=False), entry(75)) == [True]


def test_another_booking_of_ours_is_foreign_to_this_one() -> None:
    assert whose(confirmed(single(60)), entry(60, reference="hold-ABC2345:0:0")) == [False]


def test_buffers_are_ours_and_a_free_pause_is_not() -> None:
    booking = confirmed(composite())  # 0 to 30 with 5 before and 10 after it, 50 to 75
    assert len(whose(booking, entry(-10, 6))) == 1
    assert len(whose(booking, entry(38, 5))) == 1
    assert whose(booking, entry(40, 10)) == []
    assert len(whose(booking, entry(30, 30))) == 2, "one overlap with each segment"


def test_an_overlap_concerns_the_staff_member_who_was_looked_at() -> None:
    assert overlaps_of(confirmed(single(60, staff="ben")), ANNA, [entry(60)]) == []


def test_extras_carry_our_reference_and_are_none_of_our_appointments() -> None:
    booking = confirmed(single(60))
    twin = entry(60, uid="twin", reference="hold-ABC234:0:0")
    others = [
        entry(60, uid="ours-0", reference="hold-ABC234:0:0"),
        replace(twin, live=False),
        entry(60),
        entry(60, uid="next", reference="hold-ABC2345:0:0"),
    ]
    assert extras_of(booking, [*others, twin]) == [twin]


@dataclass
class Clock:
    """Both clocks stand still."""

    def now(self) -> datetime:
        return NOW

    def real(self) -> datetime:
        return NOW


@dataclass
class BookOfAnna:
    """A calendar with these entries; what happens ``meanwhile`` happens after it was read, ``then`` after an entry was."""

    entries: list[Entry] = field(default_factory=list)
    cancelled: list[str] = field(default_factory=list)
    windows: list[Interval] = field(default_factory=list)
    asked: list[tuple[StaffId, str]] = field(default_factory=list)
    meanwhile: Any = None
    then: Any = None

    async def list_entries(self, tenant: TenantId, staff: StaffId, window: Interval) -> Sequence[Entry]:
        self.windows.append(window)
        found = [
            it
            for it in self.entries
            if it.staff == staff and it.live and Interval(it.starts_at, it.ends_at).overlaps(window)
        ]
        if self.meanwhile is not None:
            await self.meanwhile()
        return found

    async def get_entry(self, tenant: TenantId, staff: StaffId, uid: str) -> Entry | None:
        self.asked.append((staff, uid))
        found = next((it for it in self.entries if it.uid == uid), None)
        if self.then is not None:
            await self.then()
        return found

    def shift(self, uid: str, start: float) -> None:
        """Staff move an entry: it ends, and another one of its reference begins."""
        (old,) = (it for it in self.entries if it.uid == uid)
        new = entry(start, uid=f"{uid}-moved", number=old.entry_id + 50, reference=old.reference)
        self.entries = [*(replace(it, live=it.live and it.uid != uid) for it in self.entries), new]

    async def cancel_entry(self, tenant: TenantId, staff: StaffId, uid: str, reason: str) -> None:
        self.cancelled.append(uid)
        self.entries = [replace(it, live=it.live and it.uid != uid) for it in self.entries]

    def __getattr__(self, name: str) -> Any:
        raise AssertionError(f"the check must not use {name}")


@pytest.fixture
async def database(sqlite_url: str) -> AsyncIterator[SqlDatabase]:
    opened = SqlDatabase.open(sqlite_url)
    yield opened
    await opened.close()


async def stored(database: SqlDatabase, booking: Booking) -> Booking:
    async with database.write() as work:
        await work.bookings.add(booking)
    return booking


async def told(database: SqlDatabase) -> tuple[list[str], list[CallbackReason], list[str]]:
    """Kinds of what waits in the outbox, why somebody is to call, and what happened to the booking."""
    async with database.write() as work:
        late = NOW + minutes(600)
        items = await work.outbox.lease(now=late, real=late, until=late, limit=20)
        callbacks = await work.callbacks.list_open(TENANT)
        booking = await work.bookings.find(TENANT, booking_of("ABC234", single()).reference)
    assert booking is not None
    assert booking.status is BookingStatus.CONFIRMED
    events = [it.event for it in booking.history if it.door in {"worker", "calendar"}]
    return sorted(it.kind for it in items), [it.reason for it in callbacks], events


async def test_where_theirs_was_first_the_guest_is_asked_once(database: SqlDatabase) -> None:
    booking = await stored(database, confirmed(single(60)))
    calendar = BookOfAnna([entry(75, number=50)])
    check = OverlapCheck(database, calendar, Clock())
    for _ in range(2):
        (found,) = await check.check(SALON, booking.reference, 0)
        assert isinstance(found, Overlap)
        assert not found.ours_first
    assert await told(database) == ([MAIL, MESSAGE], [CallbackReason.OVERLAP], ["overlapped"])
    assert calendar.cancelled == []


async def test_where_ours_was_first_only_the_salon_hears_of_it(database: SqlDatabase) -> None:
    booking = await stored(database, confirmed(single(60)))
    calendar = BookOfAnna([entry(75)])
    assert len(await OverlapCheck(database, calendar, Clock()).check(SALON, booking.reference, 0)) == 1
    assert await told(database) == ([], [CallbackReason.OVERLAP], ["overlapped"])
    assert calendar.cancelled == []


async def test_what_was_made_anew_behind_theirs_is_asked_about_after_all(database: SqlDatabase) -> None:
    """A move that was taken back may make our entry anew: what came second has the older number from then on."""
    booking = await stored(database, confirmed(single(60)))
    calendar = BookOfAnna([entry(75)])
    check = OverlapCheck(database, calendar, Clock())
    await check.check(SALON, booking.reference, 0)
    calendar.entries = [entry(75, number=50)]
    for _ in range(2):
        await check.check(SALON, booking.reference, 0)
    assert await told(database) == ([MAIL, MESSAGE], [CallbackReason.OVERLAP], ["overlapped", "overlapped"])


async def test_one_that_was_first_is_enough_to_ask_the_guest(database: SqlDatabase) -> None:
    booking = await stored(database, confirmed(single(60)))
    calendar = BookOfAnna([entry(75), entry(55, 10, uid="older", number=50)])
    await OverlapCheck(database, calendar, Clock()).check(SALON, booking.reference, 0)
    assert (await told(database))[0] == [MAIL, MESSAGE]


async def test_a_twin_is_cancelled_and_nobody_is_bothered(database: SqlDatabase) -> None:
    booking = await stored(database, confirmed(single(60)))
    mine = entry(60, uid="ours-0", number=100, reference="hold-ABC234:0:0")
    calendar = BookOfAnna([mine, replace(mine, uid="twin", entry_id=101)])
    assert await OverlapCheck(database, calendar, Clock()).check(SALON, booking.reference, 0) == ()
    assert calendar.cancelled == ["twin"]
    assert await told(database) == ([], [], [])


def ours(start: float = 60, *, segment: int = 0, length: float = 30, uid: str | None = None) -> Entry:
    """Our own entry of a segment, or another one of its reference."""
    number = 100 + segment if uid is None else 150
    reference = f"hold-ABC234:{segment}:0"
    return entry(start, length, uid=uid or f"ours-{segment}", number=number, reference=reference)


async def moves_of(database: SqlDatabase) -> list[dict[str, str]]:
    """What the history says about moves by staff."""
    async with database.read() as work:
        booking = await work.bookings.find(TENANT, booking_of("ABC234", single()).reference)
    assert booking is not None
    lines = [it for it in booking.history if it.event == "moved_by_staff"]
    assert all((it.actor, it.door) == ("staff", "calendar") for it in lines)
    return [it.data for it in lines]


async def test_what_staff_have_shifted_is_all_the_guest_has_and_stays(database: SqlDatabase) -> None:
    booking = await stored(database, confirmed(single(60)))
    calendar = BookOfAnna([ours()])
    calendar.shift("ours-0", 70)
    (found,) = await OverlapCheck(database, calendar, Clock()).check(SALON, booking.reference, 0)
    assert isinstance(found, MovedByStaff)
    assert (found.segment, found.entry.uid) == (0, "ours-0-moved")
    assert (found.moved_from, found.moved_to) == (NOW + minutes(60), NOW + minutes(70))
    assert calendar.cancelled == []
    assert await told(database) == ([], [], ["moved_by_staff"])
    (line,) = await moves_of(database)
    assert datetime.fromisoformat(line["from"]) == NOW + minutes(60)
    assert datetime.fromisoformat(line["to"]) == NOW + minutes(70)
    assert (line["segment"], line["uid"]) == ("0", "ours-0-moved")
    async with database.read() as work:
        stands = await work.bookings.find(TENANT, booking.reference)
    assert stands is not None
    assert (stands.plan, stands.appointments) == (booking.plan, booking.appointments)


async def test_each_move_is_written_down_once_and_told_every_time(database: SqlDatabase) -> None:
    booking = await stored(database, confirmed(single(60)))
    calendar = BookOfAnna([ours()])
    check = OverlapCheck(database, calendar, Clock())
    uid = "ours-0"
    for start in (70, 80):
        calendar.shift(uid, start)
        uid += "-moved"
        for _ in range(2):
            assert len(await check.check(SALON, booking.reference, 0)) == 1
    assert [it["uid"] for it in await moves_of(database)] == ["ours-0-moved", "ours-0-moved-moved"]
    assert calendar.cancelled == []


async def test_the_guests_time_is_told_and_not_that_of_the_buffers(database: SqlDatabase) -> None:
    booking = await stored(database, confirmed(composite(60)))
    calendar = BookOfAnna([ours(55, length=45), ours(110, segment=1, length=25)])
    calendar.shift("ours-0", 65)
    (found,) = await OverlapCheck(database, calendar, Clock()).check(SALON, booking.reference, 0)
    assert isinstance(found, MovedByStaff)
    assert (found.moved_from, found.moved_to) == (NOW + minutes(60), NOW + minutes(70))


async def test_a_segment_moved_to_another_day_is_not_seen_and_nothing_is_done(database: SqlDatabase) -> None:
    booking = await stored(database, confirmed(composite(60)))
    calendar = BookOfAnna([ours(55, length=45), ours(110, segment=1, length=25)])
    calendar.shift("ours-1", 24 * 60)
    assert await OverlapCheck(database, calendar, Clock()).check(SALON, booking.reference, 0) == ()
    assert (calendar.cancelled, calendar.asked) == ([], [])


async def test_of_two_that_may_be_what_was_moved_both_stay(database: SqlDatabase) -> None:
    """Nobody can tell which of them the guest has; a person has to look."""
    booking = await stored(database, confirmed(single(60)))
    calendar = BookOfAnna([ours()])
    calendar.shift("ours-0", 70)
    check = OverlapCheck(database, calendar, Clock())
    assert len(await check.check(SALON, booking.reference, 0)) == 1
    calendar.entries.append(ours(uid="twin"))
    assert len(await check.check(SALON, booking.reference, 0)) == 2
    assert calendar.cancelled == []
    assert [it["uid"] for it in await moves_of(database)] == ["ours-0-moved", "twin"]


@pytest.mark.parametrize(("start", "refused"), [(-90, False), (60, True)], ids=["over", "to come"])
async def test_a_twin_that_cannot_be_cancelled_any_more_is_left(
    database: SqlDatabase, start: float, refused: bool
) -> None:
    booking = await stored(database, replace(confirmed(single(start)), status=BookingStatus.CANCELLED))
    twin = entry(start, uid="twin", reference=booking.appointments[0].reference)

    class NoMore(BookOfAnna):
        async def cancel_entry(self, tenant: TenantId, staff: StaffId, uid: str, reason: str) -> None:
            raise Refused("the time has passed", status=400, reason="other")

    check = OverlapCheck(database, NoMore([twin]), Clock())
    late = [(twin.staff, Interval(twin.starts_at, twin.ends_at))]
    with pytest.raises(Refused) if refused else nullcontext():
        assert await check.check(SALON, booking.reference, 0, late) == ()


async def test_each_segment_is_judged_by_its_own_entry(database: SqlDatabase) -> None:
    booking = await stored(database, confirmed(composite(60)))
    twin = ours(55, length=45, uid="twin")
    calendar = BookOfAnna([ours(55, length=45), ours(110, segment=1, length=25), twin])
    calendar.shift("ours-1", 115)
    await OverlapCheck(database, calendar, Clock()).check(SALON, booking.reference, 0)
    assert calendar.cancelled == ["twin"]
    assert [(it["segment"], it["uid"]) for it in await moves_of(database)] == [("1", "ours-1-moved")]


async def test_a_twin_is_one_too_many_wherever_ours_is(database: SqlDatabase) -> None:
    """Some moves keep the uid: ours is live where the list does not reach."""
    booking = await stored(database, confirmed(single(60)))
    calendar = BookOfAnna([ours(24 * 60), ours(uid="twin")])
    assert await OverlapCheck(database, calendar, Clock()).check(SALON, booking.reference, 0) == ()
    assert (calendar.cancelled, calendar.asked) == (["twin"], [(ANNA, "ours-0")])


async def test_an_entry_that_staff_move_after_the_list_was_read_is_looked_for_again(database: SqlDatabase) -> None:
    """The list was no picture of one moment, or is no more: what it shows besides ours may be what ours was moved to."""
    booking = await stored(database, confirmed(single(60)))
    calendar = BookOfAnna([ours(), ours(uid="twin")])

    async def shift() -> None:
        calendar.shift("ours-0", 70)

    calendar.meanwhile = shift
    with pytest.raises(CalendarUnavailable):
        await OverlapCheck(database, calendar, Clock()).check(SALON, booking.reference, 0)
    assert calendar.cancelled == []
    assert await moves_of(database) == []


async def test_what_staff_move_after_ours_was_seen_live_is_not_what_is_removed(database: SqlDatabase) -> None:
    booking = await stored(database, confirmed(single(60)))
    calendar = BookOfAnna([ours(), ours(uid="twin")])

    async def shift() -> None:
        calendar.shift("ours-0", 70)

    calendar.then = shift
    await OverlapCheck(database, calendar, Clock()).check(SALON, booking.reference, 0)
    assert calendar.cancelled == ["twin"]
    assert [it.uid for it in calendar.entries if it.live] == ["ours-0-moved"]


async def test_a_move_of_the_guests_that_begins_while_ours_is_asked_for_is_not_the_staffs(
    database: SqlDatabase,
) -> None:
    booking = await stored(database, confirmed(single(60)))
    calendar = BookOfAnna([ours()])
    calendar.shift("ours-0", 70)
    calendar.then = lambda: moving(database, booking, single(70))
    with pytest.raises(CalendarUnavailable):
        await OverlapCheck(database, calendar, Clock()).check(SALON, booking.reference, 0)
    assert await moves_of(database) == []


@pytest.mark.parametrize("reference", ["hold-ABC234:7:0", "hold-ABC234:", "hold-ABC234:x:0"])
async def test_a_reference_that_names_no_segment_is_left_alone(database: SqlDatabase, reference: str) -> None:
    booking = await stored(database, confirmed(single(60)))
    calendar = BookOfAnna([ours(), entry(60, uid="strange", reference=reference)])
    assert await OverlapCheck(database, calendar, Clock()).check(SALON, booking.reference, 0) == ()
    assert (calendar.cancelled, calendar.asked) == ([], [])


async def test_without_a_name_of_ours_nothing_is_one_too_many(database: SqlDatabase) -> None:
    booking = confirmed(single(60))
    nameless = tuple(replace(it, uid=None) for it in booking.appointments)
    await stored(database, replace(booking, appointments=nameless))
    calendar = BookOfAnna([ours()])
    assert await OverlapCheck(database, calendar, Clock()).check(SALON, booking.reference, 0) == ()
    assert calendar.cancelled == []
    assert await told(database) == ([], [], [])


async def test_a_foreign_overlap_and_a_move_are_both_written_down(database: SqlDatabase) -> None:
    booking = await stored(database, confirmed(single(60)))
    calendar = BookOfAnna([ours(), entry(75)])
    calendar.shift("ours-0", 70)
    check = OverlapCheck(database, calendar, Clock())
    for _ in range(2):
        assert len(await check.check(SALON, booking.reference, 0)) == 2
    assert await told(database) == ([], [CallbackReason.OVERLAP], ["moved_by_staff", "overlapped"])


async def test_what_staff_move_back_to_a_time_that_was_left_stays(database: SqlDatabase) -> None:
    """The guest has moved from 60 to 300, a lost request has 60 looked at once more, and there the staff have put it."""
    booking = await stored(database, replace(confirmed(single(300)), sequence=1))
    calendar = BookOfAnna([ours(300)])
    calendar.shift("ours-0", 65)
    span = Interval(NOW + minutes(60), NOW + minutes(90))
    check = OverlapCheck(database, calendar, Clock())
    (found,) = await check.check(SALON, booking.reference, 0, [(ANNA, span), (ANNA, span)])
    assert isinstance(found, MovedByStaff)
    assert (found.moved_from, found.moved_to) == (NOW + minutes(300), NOW + minutes(65))
    assert calendar.cancelled == []
    assert len(await moves_of(database)) == 1


@pytest.mark.parametrize("status", [BookingStatus.CANCELLED, BookingStatus.FAILED])
async def test_where_nobody_comes_any_more_everything_of_ours_is_one_too_many(
    database: SqlDatabase, status: BookingStatus
) -> None:
    booking = await stored(database, replace(confirmed(single(60)), status=status))
    calendar = BookOfAnna([ours()])
    calendar.shift("ours-0", 70)
    span = Interval(NOW + minutes(60), NOW + minutes(90))
    check = OverlapCheck(database, calendar, Clock())
    assert await check.check(SALON, booking.reference, 0, [(ANNA, span)]) == ()
    assert (calendar.cancelled, calendar.asked) == (["ours-0-moved"], [])


async def test_one_call_for_each_staff_member_spans_all_of_their_work(database: SqlDatabase) -> None:
    booking = await stored(database, confirmed(composite()))
    calendar = BookOfAnna()
    await OverlapCheck(database, calendar, Clock()).check(SALON, booking.reference, 0)
    assert calendar.windows == [Interval(NOW - minutes(5), NOW + minutes(75))]


@pytest.mark.parametrize(
    "changes",
    [{"status": BookingStatus.CANCELLED}, {"sequence": 1}],
    ids=["cancelled", "moved since"],
)
async def test_what_has_changed_since_is_left_to_the_check_of_that_change(
    database: SqlDatabase, changes: dict[str, Any]
) -> None:
    booking = await stored(database, replace(confirmed(single(60)), **changes))
    calendar = BookOfAnna([entry(60)])
    assert await OverlapCheck(database, calendar, Clock()).check(SALON, booking.reference, 0) == ()
    assert calendar.windows == []


async def moving(database: SqlDatabase, booking: Booking, plan: Plan) -> None:
    """Somebody begins to move it."""
    saga = Saga("saga-1", TENANT, booking.reference, SagaKind.MOVE, plan, move_steps(booking, plan), "chat", NOW)
    async with database.write() as work:
        await work.sagas.add(saga, owner="somebody", until=NOW + minutes(1))


async def test_an_entry_on_its_way_to_another_time_is_no_twin(database: SqlDatabase) -> None:
    booking = await stored(database, confirmed(single(60)))
    calendar = BookOfAnna([entry(75, uid="moved", reference="hold-ABC234:0:0")])
    check = OverlapCheck(database, calendar, Clock())
    await moving(database, booking, single(75))
    with pytest.raises(CalendarUnavailable):
        await check.check(SALON, booking.reference, 0)
    assert calendar.cancelled == []


async def test_nor_is_one_whose_move_began_while_the_calendar_was_read(database: SqlDatabase) -> None:
    booking = await stored(database, confirmed(single(60)))
    calendar = BookOfAnna([entry(75, uid="moved", reference="hold-ABC234:0:0")])
    calendar.meanwhile = lambda: moving(database, booking, single(75))
    with pytest.raises(CalendarUnavailable):
        await OverlapCheck(database, calendar, Clock()).check(SALON, booking.reference, 0)
    assert calendar.cancelled == []


async def test_nor_one_whose_move_was_finished_while_the_calendar_was_read(database: SqlDatabase) -> None:
    booking = await stored(database, confirmed(single(60)))
    calendar = BookOfAnna([entry(75, uid="moved", reference="hold-ABC234:0:0")])

    async def finished() -> None:
        async with database.write() as work:
            await work.bookings.save(replace(booking, plan=single(75), sequence=1))

    calendar.meanwhile = finished
    with pytest.raises(CalendarUnavailable):
        await OverlapCheck(database, calendar, Clock()).check(SALON, booking.reference, 0)
    assert calendar.cancelled == []


@pytest.mark.parametrize(
    "changes",
    [{"status": BookingStatus.CANCELLED}, {"sequence": 1, "plan": single(300)}],
    ids=["cancelled", "moved since"],
)
async def test_what_was_made_late_is_removed_whatever_became_of_the_booking(
    database: SqlDatabase, changes: dict[str, Any]
) -> None:
    booking = await stored(database, replace(confirmed(single(60)), **changes))
    twin = entry(60, uid="late", number=101, reference="hold-ABC234:0:0")
    moved = entry(300, uid="ours-0", number=100, reference="hold-ABC234:0:0")
    calendar = BookOfAnna([twin, entry(60, uid="theirs"), moved])
    span = Interval(twin.starts_at, twin.ends_at)
    check = OverlapCheck(database, calendar, Clock())
    assert await check.check(SALON, booking.reference, 0, [(ANNA, span)]) == ()
    assert (calendar.windows, calendar.cancelled) == ([span], ["late"])


async def test_the_check_of_a_change_with_lost_answers_knows_its_times(database: SqlDatabase) -> None:
    booking = await stored(database, confirmed(composite()))
    async with database.write() as work:
        await enqueue_check(work.outbox, booking, cause="saga-1", due_at=NOW, late=True)
        await enqueue_check(work.outbox, replace(booking, sequence=1), cause="saga-2", due_at=NOW)
        asked, plain = await work.outbox.lease(now=NOW, real=NOW, until=NOW + minutes(1), limit=20)
    assert asked.payload["late"] == [
        [it.staff, it.occupied.starts_at.isoformat(), it.occupied.ends_at.isoformat()]
        for it in booking.plan.placements
    ]
    assert "late" not in plain.payload
