"""One simulated business for some days: its processes, its relay, and the story of what happens."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Coroutine
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from typing import Any, Final

from booking_core.errors import Upstream
from booking_core.model.ids import ConversationId
from booking_core.model.interval import local
from booking_core.ports.calendar import Entry
from bot.simulation.entries import OurEntries
from bot.simulation.ledger import Ledger
from bot.simulation.mortality import Unreachable
from bot.simulation.outside import Outside
from bot.simulation.product import Product, start_product
from bot.simulation.words import Told

PROCESSES: Final = 2
_FURTHEST_DAYS: Final = 24
# Now and then somebody asks for a day on which nobody works.
_TRIES_FOR_AN_OPEN_DAY: Final = 3
# Who wants to come soon is soon disappointed when the calendar stays away.
_SOON: Final = 0.06
_SOON_HOURS: Final = (1.1, 4.0)
_QUARTER: Final = 15 * 60
_POPULAR_HOURS: Final = (9, 10, 10, 11, 12, 13, 14, 15, 16, 16, 16, 17, 17)


@dataclass(slots=True)
class Relay:
    """A mail relay that sometimes does not answer; implements ``booking_core.ports.mailer.Mailer``."""

    chance: random.Random
    accepted: list[bytes] = field(default_factory=list)
    trouble: float = 0.05

    async def send(self, message: bytes, *, sender: str, recipient: str) -> None:
        """Accept the message after a moment, or answer 4xx."""
        await asyncio.sleep(self.chance.uniform(0.01, 0.2))
        if self.chance.random() < self.trouble:
            raise Upstream("try again later")
        self.accepted.append(message)

    async def ping(self) -> None:
        """Always there."""


@dataclass(slots=True)
class World:
    """Everything that acts on one business. ``attempts`` are bookings, moves and cancellations that guests asked for.

    ``held`` is set whenever somebody gets a hold, ``back`` while the calendar is not away for hours.
    """

    outside: Outside
    chance: random.Random
    ledger: Ledger
    ours: OurEntries
    relay: Relay
    held: asyncio.Event = field(default_factory=asyncio.Event)
    back: asyncio.Event = field(default_factory=asyncio.Event)
    told: Told = field(default_factory=Told)
    products: list[Product] = field(default_factory=list)
    attempts: int = 0
    deaths: int = 0
    violations: list[str] = field(default_factory=list)
    story: list[str] = field(default_factory=list)
    _errands: set[asyncio.Task[None]] = field(default_factory=set)

    def tell(self, who: str, what: str) -> None:
        """Add a line to the story."""
        self.story.append(f"{self.outside.clock.now():%a %d %b %H:%M:%S}  {who:<10} {what}")

    def violated(self, finding: str) -> None:
        """Note what must not be, once."""
        if finding not in self.violations:
            self.violations.append(finding)
            self.tell("VIOLATION", finding)

    async def witness(self) -> None:
        """Look at the ledger after an event."""
        for finding in await self.ledger.look():
            self.violated(finding)

    def written(self, entry: Entry) -> None:
        """Look at the calendar after one of our calls has changed it."""
        for finding in self.ours.written(entry):
            self.violated(finding)

    def expect_hold(self, conversation: ConversationId) -> None:
        """Somebody asks for a hold now."""
        self.told.conversations.setdefault(conversation)
        self.ledger.expect_hold(conversation)

    def product(self) -> Product:
        """A living process; raises Unreachable where none is."""
        living = [product for product in self.products if not product.life.dead]
        if not living:
            raise Unreachable
        return self.chance.choice(living)

    def start(self, name: str) -> None:
        """Start a process."""
        self.products = [it for it in self.products if not it.life.dead]
        self.products.append(
            start_product(name, self.outside, self.relay, self.chance, self.ledger.note, self.witness)
        )
        self.tell(name, "starts")

    def send_off(self, errand: Coroutine[Any, Any, None]) -> None:
        """Have something happen by itself."""
        task = asyncio.get_running_loop().create_task(errand)
        self._errands.add(task)
        task.add_done_callback(self._errands.discard)

    def popular_time(self) -> datetime:
        """A time that others want, too: soon, and when most have time."""
        tenant = self.outside.tenant
        if self.chance.random() < _SOON:
            now = self.outside.clock.now() + timedelta(hours=self.chance.uniform(*_SOON_HOURS))
            return now - timedelta(seconds=now.timestamp() % _QUARTER)
        today = self.outside.clock.now().astimezone(tenant.zone).date()
        day = today
        for _ in range(_TRIES_FOR_AN_OPEN_DAY):
            day = today + timedelta(days=round(self.chance.triangular(0, _FURTHEST_DAYS, 1)))
            if day.weekday() in tenant.hours.by_weekday:
                break
        wall = time(self.chance.choice(_POPULAR_HOURS), self.chance.choice((0, 0, 15, 30, 30, 45)))
        return local(day, wall, tenant.zone)


async def open_world(outside: Outside, chance: random.Random) -> World:
    """A business with an empty calendar and its processes running."""
    tenant = outside.tenant
    async with outside.database.write() as work:
        await work.tenants.put(tenant.id, outside.description)
    await outside.calendar.push_event_types(tenant.id)
    ours = OurEntries(outside)
    relay = Relay(random.Random(chance.getrandbits(64)))
    world = World(outside, chance, Ledger(outside, ours), ours, relay)
    outside.calendar.watch(world.written)
    world.back.set()
    for number in range(PROCESSES):
        world.start(f"process-{number + 1}")
    return world
