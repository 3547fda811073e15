"""Everything a request may use, made by the wiring and kept under one typed key of the application."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import Final, Protocol

from aiohttp import web

from booking_core.ports.calendar import Calendar
from booking_core.ports.clock import Clock
from booking_core.ports.queue import Queue
from booking_core.ports.unit_of_work import Database
from booking_core.services.booking import BookingService
from booking_core.services.front_desk import FrontDesk
from booking_core.services.idempotent import Idempotent
from booking_core.services.mirror import Mirror
from booking_core.services.tenants import TenantDirectory
from booking_core.services.timetable import Timetable
from bot.demo.parts import DemoParts
from bot.dialogue.turn import Dialogue
from bot.http.health import Ping
from bot.http.limits import RateLimiter
from bot.http.metrics import Metrics
from bot.settings import Settings
from bot.translations import Translations
from bot.worker import Worker


class MailboxReader(Protocol):
    """The demo's mailbox."""

    async def messages(self) -> list[dict[str, object]]:
        """All messages, newest first, as ``/api/demo/mailbox`` shows them."""
        ...


@dataclass(frozen=True, slots=True)
class Services:
    """The composed product. ``demo`` is None outside the demo, ``mailbox`` where mail goes to a real relay."""

    settings: Settings
    clock: Clock
    translations: Translations
    metrics: Metrics
    database: Database
    calendar: Calendar
    queue: Queue
    tenants: TenantDirectory
    bookings: BookingService
    mirror: Mirror
    timetable: Timetable
    desk: FrontDesk
    idempotent: Idempotent
    dialogue: Dialogue
    worker: Worker
    pings: Mapping[str, Ping]
    limiter: RateLimiter | None = None
    demo: DemoParts | None = None
    mailbox: MailboxReader | None = None
    calcom_webhook_secrets: tuple[str, ...] = field(default=(), repr=False)
    announce: Callable[[str], Awaitable[None]] | None = None
    """Tells the sandbox where this server listens (``http://host:port``), once it does; None where there is nobody to tell."""


SERVICES: Final = web.AppKey("services", Services)
