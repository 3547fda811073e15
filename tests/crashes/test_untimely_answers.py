"""Answers that come too late, twice or to nobody: what the guest is told must be what is so in the end."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass, field, replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from booking_core.errors import CalendarUnavailable, Refused
from booking_core.model.booking import Attendee, BookingStatus
from booking_core.ports.calendar import Entry, EntryRequest
from booking_core.services.booking import Booked, Confirmation, Lost, Promised
from booking_core.services.cancel import CancelService
from booking_core.services.saga_calls import request_of
from booking_core.services.saga_endings import PROMISE
from booking_core.services.saga_steps import LATE
from integrations.calcom.gateway import CalcomGateway
from tests.crashes.doubles import Fate, Moment, Nothing
from tests.crashes.ledger import Books, problems_of
from tests.crashes.mortal import Mortals
from tests.crashes.salon import Salon
from tests.crashes.scenarios import ROOT, SCENARIOS, Cell, Scenario, Wish, act
from tests.crashes.stage import Stage, open_stage


@pytest.fixture
async def stage(sqlite_url: str, tmp_path: Path) -> AsyncIterator[Stage]:
    """A stage on SQLite."""
    async with open_stage(tmp_path, sqlite_url, Mortals()) as opened:
        yield opened


@dataclass(slots=True)
class Unreachable:
    """Calls of these names do not get through, from the first to the ``last`` of each name."""

    names: frozenset[str]
    last: int = 1000
    counts: dict[str, int] = field(default_factory=dict)

    def strike(self, number: int, name: str, moment: Moment) -> None:
        """Raises before the call."""
        if moment is Moment.BEFORE and name in self.names:
            self.counts[name] = self.counts.get(name, 0) + 1
            if self.counts[name] <= self.last:
                raise CalendarUnavailable("no connection", sent=True)


async def test_a_guest_who_was_told_no_gets_no_letter_about_it(stage: Stage) -> None:
    """The calendar refuses one segment and then does not answer, so that the others are undone after the answer."""
    scenario = scenario_named("book, refused")
    cell = await stage.prepare(scenario)
    answer = await confirm(stage.salon, cell, scenario.wish, Unreachable(frozenset({"cancel_entry"})))
    assert isinstance(answer, Lost)
    books = await settled(stage, scenario, cell)
    assert problems_of(books) == []
    assert [booking.status for booking in books.bookings] == [BookingStatus.FAILED]
    assert books.mails == []


async def test_a_guest_who_was_told_to_wait_hears_that_it_came_to_nothing(stage: Stage) -> None:
    """The calendar does not answer until the promise has run out."""
    cell = Cell(1)
    answer = await confirm(stage.salon, cell, ROOT, Unreachable(frozenset({"create_entry", "find_entry"})))
    assert isinstance(answer, Promised)
    stage.clock.forward(PROMISE)
    books = await settled(stage, SCENARIOS[0], cell)
    assert problems_of(books) == []
    assert [mail.invitation for mail in books.mails] == [None]


def without_looking_again(salon: Salon) -> Salon:
    """What a lost answer has left is not searched for at once."""
    runner = salon.bookings.sagas
    runner = replace(runner, calls=replace(runner.calls, look_again_seconds=0.0))
    return replace(
        salon, bookings=replace(salon.bookings, sagas=runner), worker=replace(salon.worker, sagas=runner)
    )


async def test_a_request_carried_out_after_it_was_given_up_leaves_nothing_behind(stage: Stage) -> None:
    """Two tries without an answer, the second just before the promise runs out; it is carried out after that."""
    salon, cell = without_looking_again(stage.salon), Cell(1)
    silent = Unreachable(frozenset({"create_entry"}))
    assert isinstance(await confirm(salon, cell, ROOT, silent), Promised)
    [booking] = await salon.bookings.list_of(salon.tenant.id, cell.conversation)
    salon.crossings.begin(silent)
    stage.clock.forward(PROMISE - timedelta(seconds=10))
    await salon.worker.settle()
    async with salon.sql.read() as work:
        saga = await work.sagas.find_open(salon.tenant.id, booking.reference)
    assert saga is not None
    salon.crossings.begin(Nothing())
    stage.clock.forward(timedelta(seconds=30))
    await salon.worker.settle()
    for step in saga.steps:
        await salon.gateway.create_entry(request_of(salon.tenant, booking, step))
    stage.clock.forward(LATE)
    books = await settled(stage, SCENARIOS[0], cell)
    assert problems_of(books) == []
    assert [it.status for it in books.bookings] == [BookingStatus.FAILED]


async def test_a_cancellation_that_meets_a_booking_being_made_is_carried_out(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It sees the booking unfinished, and finds it made when it comes to undo it."""
    salon, cell = stage.salon, Cell(1)
    gate = asyncio.Event()
    create = CalcomGateway.create_entry

    async def waiting(self: CalcomGateway, request: EntryRequest) -> Entry:
        await gate.wait()
        return await create(self, request)

    monkeypatch.setattr(CalcomGateway, "create_entry", waiting)
    confirming = asyncio.create_task(confirm(salon, cell, ROOT))
    while not (begun := await salon.bookings.list_of(salon.tenant.id, cell.conversation)):
        await asyncio.sleep(0.01)

    class Late:
        """Takes over only when there is nothing left to take over."""

        async def turn_back(self, *arguments: Any, **named: Any) -> Any:
            gate.set()
            await confirming
            return await salon.bookings.sagas.turn_back(*arguments, **named)

        def __getattr__(self, name: str) -> Any:
            return getattr(salon.bookings.sagas, name)

    cancels = CancelService(salon.database, Late(), salon.clock)  # type: ignore[arg-type]
    cancelled = await cancels.cancel(salon.tenant, begun[0], door="chat", reason="guest")
    assert isinstance(confirming.result(), Booked)
    assert cancelled.status is BookingStatus.CANCELLED
    assert problems_of(await settled(stage, SCENARIOS[0], cell)) == []


async def test_a_cancellation_ends_when_there_is_nothing_left_to_cancel(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The calendar refuses to cancel what is over; staff are asked to put it right."""
    scenario = scenario_named("cancel three segments")
    cell = await stage.prepare(scenario)

    async def refuse(*_: object) -> None:
        raise Refused("it is over", status=400)

    monkeypatch.setattr(CalcomGateway, "cancel_entry", refuse)
    await act(stage.salon, scenario, cell)
    stage.clock.forward(timedelta(hours=1))
    await stage.salon.worker.settle()
    assert (await read(stage, cell)).open_sagas == 1
    stage.clock.forward(timedelta(weeks=4))
    await stage.salon.worker.settle()
    books = await read(stage, cell)
    assert (books.open_sagas, books.callbacks) == (0, 3)
    assert [booking.status for booking in books.bookings] == [BookingStatus.CANCELLED]
    assert books.claimed == {}


async def test_one_yes_said_twice_at_once_is_one_booking(database_url: str, tmp_path: Path) -> None:
    """On either database; whoever comes second hears of the same booking."""
    async with open_stage(tmp_path, database_url, Mortals()) as stage:
        salon, cell = stage.salon, Cell(1)
        plan = ROOT.on(cell.day)
        hold = await salon.bookings.hold(salon.tenant, cell.conversation, plan, contact=None)
        assert hold is not None
        guest = Attendee("Jule Weiß", "de", email=cell.email)
        answers = await asyncio.gather(
            *(
                salon.bookings.confirm(salon.tenant, cell.conversation, hold.id, plan, guest, door="chat")
                for _ in range(2)
            )
        )
        assert all(isinstance(answer, Booked) for answer in answers), answers
        assert problems_of(await settled(stage, SCENARIOS[0], cell)) == []


def scenario_named(name: str) -> Scenario:
    """One of the matrix."""
    return next(scenario for scenario in SCENARIOS if scenario.name == name)


async def confirm(salon: Salon, cell: Cell, wish: Wish | None, fate: Fate | None = None) -> Confirmation:
    """Hold and confirm under this fate; what the guest is told."""
    assert wish is not None
    plan = wish.on(cell.day)
    hold = await salon.bookings.hold(salon.tenant, cell.conversation, plan, contact=None)
    assert hold is not None
    guest = Attendee("Jule Weiß", "de", email=cell.email)
    salon.crossings.begin(fate or Nothing())
    answer = await salon.bookings.confirm(salon.tenant, cell.conversation, hold.id, plan, guest, door="chat")
    salon.crossings.begin(Nothing())
    return answer


async def settled(stage: Stage, scenario: Scenario, cell: Cell) -> Books:
    """The books once the worker has nothing left to do."""
    await stage.recover(scenario)
    return await read(stage, cell)


async def read(stage: Stage, cell: Cell) -> Books:
    """The books as they are."""
    [books] = await stage.read([cell])
    return books
