"""What goes on around the guests: staff at their calendar and what it tells of them, the weather, sudden death."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from typing import Final

from booking_core.errors import Refused, Upstream
from booking_core.model.interval import Interval
from booking_core.model.slot import Plan
from booking_core.ports.calendar import Entry
from bot.simulation.mortality import Unreachable
from bot.simulation.outside import Weather
from bot.simulation.world import World

FAIR: Final = Weather("fair")
_WEATHERS: Final = (
    Weather("slow", delay=(1.0, 6.0), stall_rate=0.1),
    Weather("failing", error_rate=0.3),
    Weather("losing answers", lost_rate=0.3),
    Weather("limiting", limit_rate=0.3),
    Weather("down", down=True),
    Weather("refusing", refuse_rate=1.0),
    Weather("stormy", delay=(0.5, 6.0), stall_rate=0.1, error_rate=0.15, lost_rate=0.15, limit_rate=0.05),
)
_GONE: Final = (Weather("away for hours", down=True), Weather("refusing for hours", refuse_rate=1.0))
# In how many worlds the calendar is of no use for longer than any promise waits, and for how many seconds then.
_HAS_LONG_OUTAGE: Final = 0.3
_LONG_OUTAGE: Final = (2.2 * 3600, 3.0 * 3600)
_OUTAGE_BEGINS: Final = (60.0, 2400.0)
# Seconds after which a process is told: at once, late, twice, the later change first, or not at all.
_DELIVERIES: Final = ((0.0,), (0.0,), (20.0,), (0.0, 5.0), (60.0, 1.0), ())
# Seconds: shorter than a lease, about as long, and longer than any late answer.
_STANDSTILLS: Final = (20.0, 61.0, 100.0, 300.0)
_OF_OURS: Final = 0.35
_SHIFTS: Final = (-120, -60, -30, -15, 5, 10, 15, 30, 60, 180, 1440)


async def staff_edits(world: World) -> None:
    """Staff enter what they like, move it and take it out, and do the same with our entries; the calendar tells of it, more or less."""
    chance, tenant, calendar = world.chance, world.outside.tenant, world.outside.calendar
    own: list[Entry] = []
    while True:
        await asyncio.sleep(chance.uniform(10, 200))
        if chance.random() < _OF_OURS:
            _edit_ours(world)
            continue
        member = chance.choice(tenant.staff)
        start = world.popular_time() + timedelta(minutes=chance.choice((0, 0, 5, 10)))
        try:
            if not own or chance.random() < 0.5:
                entered = calendar.book_outside(tenant.id, member.id, start, chance.choice((15, 30, 60)))
            else:
                entry = own.pop(chance.randrange(len(own)))
                if chance.random() < 0.5:
                    calendar.cancel_outside(tenant.id, entry.uid)
                    world.tell("staff", f"cancels {_span(entry)}")
                    _webhook(world, entry, freed=True)
                    continue
                entered = calendar.move_outside(tenant.id, entry.uid, start)
                world.tell("staff", f"moves {_span(entry)}")
                _webhook(world, entry, freed=True)
        except Refused:
            continue
        own.append(entered)
        world.tell("staff", f"enters {_span(entered)}")
        _webhook(world, entered, freed=False)


def _edit_ours(world: World) -> None:
    """A member of staff moves or cancels what a guest has booked, and tells nobody."""
    chance, tenant, calendar = world.chance, world.outside.tenant.id, world.outside.calendar
    now = world.outside.clock.now()
    ahead = [entry for entry in world.ours.live_of_all() if entry.starts_at > now]
    if not ahead:
        return
    entry = chance.choice(ahead)
    what = f"{_span(entry)} ({entry.reference})"
    if chance.random() < 0.3:
        calendar.cancel_outside(tenant, entry.uid)
        world.ours.cancelled_by_staff(entry)
        world.tell("staff", f"cancels our {what}")
        _webhook(world, entry, freed=True)
        return
    moved = calendar.move_outside(tenant, entry.uid, entry.starts_at + timedelta(minutes=chance.choice(_SHIFTS)))
    world.ours.moved_by_staff(moved)
    world.tell("staff", f"moves our {what} to {_span(moved)}")
    _webhook(world, entry, freed=True)
    _webhook(world, moved, freed=False)


async def somebody_in_between(world: World, plan: Plan) -> None:
    """A member of staff enters something of their own just where and when a guest says yes: the calendar may take both."""
    chance, tenant = world.chance, world.outside.tenant.id
    await asyncio.sleep(chance.uniform(0.2, 1.6))
    placement = chance.choice(plan.placements)
    start = placement.starts_at + timedelta(minutes=chance.choice((-10, 0, 0, 5, 10)))
    try:
        entered = world.outside.calendar.book_outside(tenant, placement.staff, start, chance.choice((10, 20)))
    except Refused:
        return
    world.tell("staff", f"enters {_span(entered)}")
    _webhook(world, entered, freed=False)


async def weather(world: World) -> None:
    """The calendar is well about half of the time.

    In some worlds it is away, or refuses, for hours once, as soon as somebody holds a time.
    """
    chance, clock = world.chance, world.outside.clock
    away_from = None
    if chance.random() < _HAS_LONG_OUTAGE:
        away_from = clock.now() + timedelta(seconds=chance.uniform(*_OUTAGE_BEGINS))
    while True:
        await asyncio.sleep(chance.uniform(20, 300))
        if away_from is not None and clock.now() >= away_from:
            away_from = None
            if chance.random() < 0.5:
                world.held.clear()
                await world.held.wait()
            world.back.clear()
            await _have(world, chance.choice(_GONE), chance.uniform(*_LONG_OUTAGE))
            world.back.set()
        else:
            await _have(world, chance.choice(_WEATHERS), chance.uniform(10, 300))


async def _have(world: World, chosen: Weather, seconds: float) -> None:
    world.outside.set_weather(chosen)
    world.tell("calendar", chosen.name)
    await asyncio.sleep(seconds)
    world.outside.set_weather(FAIR)
    world.tell("calendar", FAIR.name)


async def sudden_death(world: World) -> None:
    """Processes die in the middle of whatever they do, and are started again after a while."""
    chance = world.chance
    while True:
        await asyncio.sleep(chance.uniform(10, 240))
        living = [product for product in world.products if not product.life.dead]
        if not living:
            continue
        victim = chance.choice(living)
        victim.life.threaten(chance.randrange(1, 60))
        await victim.life.end()
        world.deaths += 1
        world.tell(victim.name, "dies")
        world.send_off(_again(world, victim.name, chance.uniform(0.5, 90)))


async def _again(world: World, name: str, after: float) -> None:
    await asyncio.sleep(after)
    world.start(name)


async def standstill(world: World) -> None:
    """Processes are stopped for a while, as a machine that is suspended or out of memory, and go on as if nothing had been."""
    chance = world.chance
    while True:
        await asyncio.sleep(chance.uniform(60, 900))
        living = [product for product in world.products if not product.life.dead]
        if not living:
            continue
        victim, seconds = chance.choice(living), chance.choice(_STANDSTILLS)
        world.tell(victim.name, f"stands still for {seconds:.0f} seconds")
        victim.life.stop(seconds)


def _webhook(world: World, entry: Entry, *, freed: bool) -> None:
    for after in world.chance.choice(_DELIVERIES):
        world.send_off(_deliver(world, entry, after * world.chance.uniform(0.5, 1.5), freed=freed))


async def _deliver(world: World, entry: Entry, after: float, *, freed: bool) -> None:
    await asyncio.sleep(after)
    span = Interval(entry.starts_at, entry.ends_at)
    try:
        product = world.product()
        await product.life.ask(product.mirror.invalidate(world.outside.tenant, entry.staff, span, freed=freed))
    except (Unreachable, Upstream):
        return


def _span(entry: Entry) -> str:
    return f"{entry.staff} {entry.starts_at:%a %d %H:%M} to {entry.ends_at:%H:%M} UTC"
