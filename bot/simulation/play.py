"""Playing worlds from their seeds to their ends."""

from __future__ import annotations

import asyncio
import gc
import random
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Final

from bot.simulation.closing import Closing, problems_of
from bot.simulation.guests import Guest, Manner
from bot.simulation.mortality import Killed, track_lives
from bot.simulation.outside import Outside
from bot.simulation.surroundings import FAIR, staff_edits, standstill, sudden_death, weather
from bot.simulation.words import Ear
from bot.simulation.world import World, open_world

GUESTS: Final = 200
_GUESTS_AN_HOUR: Final = 80
_MANNERS: Final = (Manner.CHAT, Manner.CHAT, Manner.TOOL, Manner.PROGRAM)
_QUIET_SECONDS: Final = 600.0
_LONGEST_SETTLING: Final = timedelta(hours=6).total_seconds()


@dataclass(frozen=True, slots=True)
class Played:
    """What came of one seed; ``story`` is the same for the same seed, line for line. ``outcomes`` tells how often what happened."""

    seed: int
    attempts: int
    deaths: int
    violations: tuple[str, ...]
    story: tuple[str, ...]
    outcomes: Mapping[str, int]


def play_all(play_seed: Callable[[int, int], Played], seeds: range, guests: int) -> Iterator[Played]:
    """World after world. Garbage is only looked for between them: to search what is loaded for good again and again takes long."""
    gc.freeze()
    gc.disable()
    try:
        for seed in seeds:
            yield play_seed(seed, guests)
            gc.collect()
    finally:
        gc.enable()
        gc.unfreeze()


async def play(seed: int, outside: Outside, *, guests: int = GUESTS) -> Played:
    """One world, in the running loop's time, which is virtual. What breaks in it names the seed."""
    try:
        return await _play(seed, outside, guests)
    except Exception as error:
        error.add_note(f"seed {seed} with {guests} guests")
        raise


async def _play(seed: int, outside: Outside, guests: int) -> Played:
    loop = asyncio.get_running_loop()
    track_lives(loop)
    loop.set_exception_handler(_but_not_the_dead)
    outside.set_weather(FAIR)
    chance = random.Random(f"{seed}:world")
    world = await open_world(outside, chance)
    around = [asyncio.create_task(actor(world)) for actor in (weather, staff_edits, sudden_death, standstill)]
    async with asyncio.TaskGroup() as group:
        for number in range(guests):
            guest = Guest(world, f"guest-{number + 1}", chance.choice(_MANNERS))
            after = chance.uniform(0, guests / _GUESTS_AN_HOUR) * 3600
            group.create_task(_arrive(guest, after))
    # An outage lasts for as long as it lasts: what was promised meanwhile has its time to the second.
    await world.back.wait()
    for task in around:
        task.cancel()
    await asyncio.gather(*around, return_exceptions=True)
    closing = await _come_to_rest(world)
    for product in world.products:
        product.life.die()
    outcomes = dict(sorted(closing.outcomes.items()))
    return Played(seed, world.attempts, world.deaths, tuple(world.violations), tuple(world.story), outcomes)


async def _arrive(guest: Guest, after: float) -> None:
    await asyncio.sleep(after)
    await guest.live()


async def _come_to_rest(world: World) -> Closing:
    """Nothing goes wrong any more; when nothing is under way any more, or for as long as anything may take, all is counted."""
    world.outside.set_weather(FAIR)
    world.relay.trouble = 0.0
    for product in world.products:
        product.life.threaten(None)
    loop = asyncio.get_running_loop()
    until = loop.time() + _LONGEST_SETTLING
    quiet = 0
    ear = Ear.of(world.outside)
    while True:
        await asyncio.sleep(_QUIET_SECONDS)
        await world.witness()
        closing = await Closing.read(world, ear)
        quiet = 0 if closing.restless else quiet + 1
        # Once more: what was already under way may still arrive.
        if quiet > 1 or loop.time() >= until:
            break
    for finding in problems_of(closing):
        world.violated(finding)
    return closing


def _but_not_the_dead(loop: asyncio.AbstractEventLoop, context: Mapping[str, Any]) -> None:
    """What a killed process leaves unfinished is no error."""
    if not isinstance(context.get("exception"), Killed):
        loop.default_exception_handler(dict(context))
