"""The product in a world of its own: virtual time, ports in memory."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from functools import partial

from booking_core.model.description import tenant_from
from booking_core.model.ids import TenantId
from booking_core.model.tenant import Tenant
from bot.dialogue.phrases import Phrases
from bot.simulation.outside import START, Outside, Weather
from bot.simulation.play import Played, play
from bot.translations import Translations
from bot.wiring.demo import demo_description
from integrations.holidays_calendar import HolidaysCalendar
from integrations.memory.calendar import MemoryCalendar
from integrations.memory.calendar_faults import CalendarFaults
from integrations.memory.database import MemoryDatabase
from integrations.memory.virtual_time import VirtualClock, VirtualTimeLoop

# Cal.com looks and takes in two steps, with so much between them.
_RACE_SECONDS = 0.5
_SIMULATED_HORIZON_DAYS = 28
_SLOW_TRANSACTIONS = 0.15
# Some worlds begin when the salon is open, so that what is booked also begins and ends in them.
_HOURS_LATER = (0, 0, 2, 5)


def simulator() -> Callable[[int, int], Played]:
    """What plays a world of the demo's salon from a seed and a number of guests: no setting, no file of the data folder, no network, no waiting."""
    description = demo_description()
    description["policies"]["horizon_days"] = _SIMULATED_HORIZON_DAYS
    tenant = tenant_from(description)
    phrases_of = partial(Phrases, Translations.load(strict=False))
    closures = HolidaysCalendar()

    @dataclass(frozen=True, slots=True)
    class OneTenant:
        async def tenant_of(self, _: TenantId) -> Tenant:
            return tenant

    def play_seed(seed: int, guests: int) -> Played:
        chance = random.Random(f"{seed}:outside")

        async def pause() -> None:
            # Others may run in between, sometimes for a while.
            if (drawn := chance.random()) < 0.5:
                await asyncio.sleep(chance.uniform(0.0005, 0.004) if drawn < _SLOW_TRANSACTIONS else 0)

        with asyncio.Runner(loop_factory=VirtualTimeLoop) as runner:
            start = START + timedelta(hours=chance.choice(_HOURS_LATER))
            # Real time is another one, so that nothing takes the one for the other.
            clock = VirtualClock(runner.get_loop(), start, real_start=start + timedelta(days=2000))
            calendar = MemoryCalendar(tenants=OneTenant(), clock=clock, chance=chance, race_seconds=_RACE_SECONDS)

            def set_weather(weather: Weather) -> None:
                calendar.faults = CalendarFaults(
                    delay=weather.delay,
                    stall_rate=weather.stall_rate,
                    error_rate=weather.error_rate,
                    lost_rate=weather.lost_rate,
                    limit_rate=weather.limit_rate,
                    refuse_rate=weather.refuse_rate,
                    down=weather.down,
                )

            database = MemoryDatabase(pause=pause)
            outside = Outside(tenant, description, database, calendar, clock, closures, phrases_of, set_weather)
            return runner.run(play(seed, outside, guests=guests))

    return play_seed
