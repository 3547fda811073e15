"""Four processes change the same times at Cal.com in the same moment: at the end of a hold, moving and cancelling, from outside."""

from __future__ import annotations

import asyncio
from concurrent.futures import ProcessPoolExecutor
from dataclasses import replace
from datetime import timedelta

import pytest

from booking_core.model.booking import BookingStatus
from booking_core.model.slot import Plan
from booking_core.services.booking import Booked
from tests.support.rival_races import (
    Changing,
    Expiring,
    Outside,
    in_four_processes,
    race_at_expiry,
    race_of_changes,
    race_with_outside,
)
from tests.support.rival_salon import ANNA, BEN, plan_at, shifted, start_of
from tests.support.rival_services import Setting, open_rival
from tests.support.rival_world import Books, World


def assert_agreement(books: Books) -> None:
    """Record, claims and calendar say the same about our bookings, and no two of them share anything."""
    assert books.overlaps() == []
    assert books.disagreements() == []


# At the end of a hold


async def holds_about_to_expire(world: World, rounds: int) -> list[Expiring]:
    """One hold in each round."""
    expiring = []
    for number in range(rounds):
        hold = await world.own.hold(f"{number}-holder", shifted(number, 0))
        assert hold is not None
        expiring.append(Expiring(number, f"{number}-holder", hold))
    return expiring


async def test_without_claims_an_expiring_hold_is_confirmed_and_taken_over(
    world: World, four_processes: ProcessPoolExecutor
) -> None:
    """The negative control: the holder and both of those who take over are told that it is theirs."""
    expiring = await holds_about_to_expire(world, 1)
    world.gap.together(6)
    results = await in_four_processes(four_processes, race_at_expiry, world.without_claims(), expiring)
    assert len({reference for (reference,) in results if reference}) == 3
    assert (await world.books(1)).overlaps()


@pytest.mark.parametrize("rounds", [8, pytest.param(100, marks=pytest.mark.soak)])
async def test_an_expiring_hold_is_either_confirmed_or_taken_over(
    world: World, four_processes: ProcessPoolExecutor, rounds: int
) -> None:
    expiring = await holds_about_to_expire(world, rounds)
    results = await in_four_processes(four_processes, race_at_expiry, world.setting, expiring)
    books = await world.books(rounds)
    for number, (yes, yes_again, taken, taken_too) in enumerate(zip(*results, strict=True)):
        # Both yeses come from the same guest and must hear the same.
        assert yes == yes_again
        assert [bool(yes), bool(taken), bool(taken_too)].count(True) == 1
        assert [it.reference for it in books.confirmed_in(number)] == [yes or taken or taken_too]
    assert_agreement(books)
    assert books.clashes() == []


# Moving and cancelling


async def bookings_to_change(world: World, rounds: int) -> list[Changing]:
    """In every second round a booking, which shall be moved by a hundred minutes; somebody else wants the new time of every third."""
    changing = []
    for number in range(0, 2 * rounds, 2):
        start = start_of(number)
        made = await world.own.book(f"{number}-first", plan_at(start))
        assert isinstance(made, Booked)
        changing.append(
            Changing(
                number,
                made.booking,
                to=plan_at(start + timedelta(minutes=100)),
                wants_old=plan_at(start, first=BEN),
                wants_new=_over_the_new_time(number) if number % 3 == 2 else None,
            )
        )
    return changing


def _over_the_new_time(number: int) -> Plan:
    return plan_at(start_of(number) + timedelta(minutes=105))


async def test_without_claims_a_booking_is_moved_onto_another(
    world: World, four_processes: ProcessPoolExecutor
) -> None:
    """The negative control: what is moved and what is booked find the same time free."""
    (booked_before,) = await bookings_to_change(world, 1)
    changing = [replace(booked_before, cancels=False, wants_old=None, wants_new=_over_the_new_time(0))]
    world.gap.together(4)
    results = await in_four_processes(four_processes, race_of_changes, world.without_claims(), changing)
    moved, _, booked, _ = (mine[0] for mine in results)
    assert moved == "moved"
    assert booked
    assert (await world.books(2)).overlaps()


@pytest.mark.parametrize("rounds", [6, pytest.param(60, marks=pytest.mark.soak)])
async def test_moved_and_cancelled_at_once_a_booking_ends_in_one_place(
    world: World, four_processes: ProcessPoolExecutor, rounds: int
) -> None:
    changing = await bookings_to_change(world, rounds)
    results = await in_four_processes(four_processes, race_of_changes, world.setting, changing)
    books = await world.books(2 * rounds)
    assert_agreement(books)
    assert books.clashes() == []
    now = {booking.reference: booking for booking in books.bookings}
    for each, (moved, cancelled, new, old) in zip(changing, zip(*results, strict=True), strict=True):
        after = now[each.booking.reference]
        if cancelled:
            assert after.status is BookingStatus.CANCELLED
        else:
            assert after.status is BookingStatus.CONFIRMED
            assert (after.plan == each.to) is (moved is not None)
        # Whoever was told that a time is his has it.
        for told in (new, old):
            assert told is None or now[told].status is BookingStatus.CONFIRMED


# From outside


def outsides(rounds: int) -> list[Outside]:
    """An entry on the colour, on the cut, or at exactly the time of the cut, in turn."""
    wanted = []
    for number in range(rounds):
        plan = plan_at(start_of(number))
        colour, cut = plan.placements
        host, start = [
            (colour.staff, colour.starts_at + timedelta(minutes=5)),
            (cut.staff, cut.starts_at + timedelta(minutes=5)),
            (cut.staff, cut.starts_at),
        ][number % 3]
        wanted.append(Outside(number, plan, host, start, 30))
    return wanted


@pytest.mark.parametrize("rounds", [9, pytest.param(90, marks=pytest.mark.soak)])
async def test_an_outside_booking_in_the_same_instant_leaves_no_half_and_no_secret(
    world: World, four_processes: ProcessPoolExecutor, rounds: int
) -> None:
    """Cal.com may let both through. Then the check after the write finds it, and else exactly one of both is there."""
    results = await in_four_processes(four_processes, race_with_outside, world.setting, outsides(rounds))
    books = await world.books(rounds)
    assert_agreement(books)
    for number, (*ours, outside) in enumerate(zip(*results, strict=True)):
        mine = [reference for reference in ours if reference]
        standing = books.confirmed_in(number)
        assert [booking.reference for booking in standing] == mine
        assert len(mine) <= 1
        if outside is None:
            assert mine, "neither of both is there"
        for booking in standing:
            overlapping = await world.own.overlaps.check(world.own.tenant, booking.reference, booking.sequence)
            assert bool(overlapping) is (outside is not None)


async def booked_while_somebody_writes(world: World, setting: Setting, outside: Outside) -> bool:
    """Whether we booked, when the outside entry comes between Cal.com's check and its write of both our parts."""
    world.gap.together(3)
    async with open_rival(setting) as rival:
        booking = asyncio.create_task(rival.book("ours", outside.plan))
        # Ours are both inside the gap as soon as it takes only one more to let them on.
        while world.gap.waiting < 2:
            await asyncio.sleep(0.01)
        assert await world.outside_booking(outside.host, outside.start, outside.minutes)
        await world.gap()
        world.gap.together(0)
        return isinstance(await booking, Booked)


async def test_an_entry_that_slips_in_beside_ours_is_detected(world: World) -> None:
    """Cal.com's own race: the foreign entry starts at another minute, and both are there."""
    shifted_cut = outsides(2)[1]
    assert await booked_while_somebody_writes(world, world.setting, shifted_cut)
    books = await world.books(2)
    assert_agreement(books)
    assert len(books.clashes()) == 1
    (ours,) = books.confirmed
    (overlap,) = await world.own.overlaps.check(world.own.tenant, ours.reference, ours.sequence)
    assert (overlap.staff, overlap.foreign.starts_at) == (BEN, shifted_cut.start)


async def test_an_entry_that_takes_our_second_part_leaves_nothing_of_the_first(world: World) -> None:
    """The very same time is refused by Cal.com once the colour is written already; the colour is taken back."""
    same_cut = outsides(3)[2]
    assert not await booked_while_somebody_writes(world, world.setting, same_cut)
    books = await world.books(3)
    assert_agreement(books)
    assert [entry.host for entry in books.entries] == [BEN]
    assert books.confirmed == []
    assert not any(books.claims.values())


async def test_without_undoing_half_of_a_composite_is_left(world: World) -> None:
    """The negative control: what the test above looks for is there when a part booked in vain is not taken back."""
    same_cut = outsides(3)[2]
    assert not await booked_while_somebody_writes(world, replace(world.setting, undoing=False), same_cut)
    books = await world.books(3)
    assert sorted(entry.host for entry in books.entries) == [ANNA, BEN]
    assert any("has 1 parts" in problem for problem in books.disagreements())
