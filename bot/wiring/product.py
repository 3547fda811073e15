"""What a serving process consists of."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import timedelta
from functools import partial

import httpx
import structlog

from booking_core.errors import FermataError
from booking_core.model.ids import TenantId, new_alias_local_part
from booking_core.model.tenant import Tenant
from booking_core.ports.clock import Clock
from booking_core.services.booking import BookingService
from booking_core.services.calendar_health import CalendarHealth
from booking_core.services.cancel import CancelService
from booking_core.services.front_desk import FrontDesk
from booking_core.services.idempotent import Idempotent
from booking_core.services.invitations import Invitation
from booking_core.services.mirror import Mirror
from booking_core.services.notices import CHECK, MAIL, MESSAGE
from booking_core.services.offers import Offers
from booking_core.services.overlaps import OverlapCheck
from booking_core.services.reschedule import RescheduleService
from booking_core.services.saga import SagaRunner
from booking_core.services.saga_calls import CalendarSteps
from booking_core.services.tenants import TenantDirectory
from booking_core.services.timetable import Timetable
from bot.demo.parts import (
    DEMO_TENANT,
    DemoParts,
    store_parts,
)
from bot.dialogue.actions import Actions
from bot.dialogue.phrases import Phrases
from bot.dialogue.turn import Dialogue
from bot.http.limits import make_rate_limiter
from bot.http.metrics import Metrics
from bot.later_messages import LaterMessages
from bot.mail import MailHandler
from bot.overlap_checks import OverlapHandler
from bot.services import Services
from bot.settings import Settings
from bot.translations import Translations
from bot.understanding.meaning import Asked
from bot.understanding.understand import Understander
from bot.wiring.calendar import CALCOM_URL, keys_of
from bot.wiring.database import open_database
from bot.wiring.demo import demo_tenant, open_mailbox, prepare_demo
from bot.worker import Worker
from integrations.calcom.client import CalcomClient
from integrations.calcom.gateway import CalcomGateway
from integrations.holidays_calendar import HolidaysCalendar
from integrations.mail.compose import compose
from integrations.mail.mailbox import RunningMailbox
from integrations.mail.rendering import MailRenderer
from integrations.mail.smtp import SmtpMailer
from integrations.memory.clock import DemoClock, SystemClock
from integrations.memory.locks import MemoryLocks
from integrations.memory.queue import MemoryQueue, make_broker
from integrations.redis_store.locks import RedisLocks
from integrations.sql import SqlDatabase

_WARM_TENANTS = 20
_MIRRORED_AT_START = timedelta(days=14)
_MIRROR_SECONDS = 10.0


@dataclass(slots=True)
class _Understanders:
    """One per tenant, made anew when the tenant changes."""

    made: dict[TenantId, tuple[Tenant, Understander]] = field(default_factory=dict)

    def of(self, tenant: Tenant) -> Understander:
        known = self.made.get(tenant.id)
        if known is None or known[0] is not tenant:
            known = self.made[tenant.id] = (tenant, Understander(tenant))
        return known[1]


@asynccontextmanager
async def open_services(
    settings: Settings, *, tell: Callable[[str], None] = lambda _: None
) -> AsyncIterator[Services]:
    """Open everything in order and close it in reverse; ``tell`` hears what a person at the terminal wants to know.

    In the demo the data folder is made, the schema migrated, the sandbox started, the tenant seeded and its event types pushed,
    so that the services are usable at once.
    """
    async with AsyncExitStack() as stack:
        database = open_database(settings)
        stack.push_async_callback(database.close)
        if settings.demo:
            await database.migrate()
        tenants = TenantDirectory(database)
        clock = await _clock(settings, database)
        parts: DemoParts | None = None
        mailbox: RunningMailbox | None = None
        if settings.demo:
            tell("Preparing the demo salon …")
            parts = await prepare_demo(settings, database, clock, stack)
            mailbox = None if settings.smtp_url else await open_mailbox(settings, stack)
            if mailbox is not None:
                parts = replace(parts, smtp=mailbox.address)
            store_parts(settings.data_dir, parts)
        base_url = settings.calcom_base_url or (parts.sandbox if parts else None) or CALCOM_URL
        http = httpx.AsyncClient(limits=httpx.Limits(max_connections=50, max_keepalive_connections=20))
        stack.push_async_callback(http.aclose)
        client = CalcomClient(base_url, http, clock=clock)
        calendar = CalcomGateway(
            client, keys=keys_of(settings, parts), links=tenants, tenants=tenants, clock=clock
        )
        if parts is not None and parts.sandbox is not None:
            await calendar.push_schedules(TenantId(DEMO_TENANT))
            report = await calendar.push_event_types(TenantId(DEMO_TENANT))
            if report.created:
                tell(f"Pushed {len(report.created)} event types to the sandbox calendar.")
        elif parts is not None and settings.calcom_staff_keys:
            report = await calendar.push_event_types(TenantId(DEMO_TENANT))
            tell(f"Pushed event types to {base_url}: {len(report.created)} new, {len(report.updated)} changed.")
        services = await _compose(settings, clock, database, tenants, calendar, parts, mailbox, stack)
        if settings.demo:
            await _fill_mirror(services.mirror, await tenants.tenant_of(TenantId(DEMO_TENANT)), clock)
        for warning in settings.warnings:
            structlog.stdlib.get_logger(__name__).warning("odd_setting", problem=warning)
        yield services


async def _compose(
    settings: Settings,
    clock: Clock,
    database: SqlDatabase,
    tenants: TenantDirectory,
    calendar: CalcomGateway,
    parts: DemoParts | None,
    mailbox: RunningMailbox | None,
    stack: AsyncExitStack,
) -> Services:
    if settings.closed_doors:
        closed = {door: " ".join(missing) for door, missing in settings.closed_doors.items()}
        structlog.stdlib.get_logger(__name__).warning("doors_closed", missing=closed)
    translations = Translations.load(strict=False)
    metrics = Metrics()
    redis_url = settings.redis_url.get_secret_value() if settings.redis_url else None
    locks = RedisLocks.open(redis_url) if redis_url else MemoryLocks()
    stack.push_async_callback(locks.close)
    mirror = Mirror(database, calendar, clock)
    stack.push_async_callback(mirror.close)
    closures = HolidaysCalendar()
    understanders = _Understanders()
    await _warm_up(database, tenants, understanders, closures, clock)
    offers = Offers(database, mirror, closures)
    sagas = SagaRunner(database, CalendarSteps(calendar, clock, CalendarHealth()), mirror, clock)
    stack.push_async_callback(sagas.close)
    bookings = BookingService(
        database, sagas, clock, alias_of=lambda: f"{new_alias_local_part()}@{settings.alias_domain}"
    )
    actions = Actions(
        offers=offers,
        booking=bookings,
        cancel=CancelService(database, sagas, clock),
        reschedule=RescheduleService(database, sagas, clock),
    )
    mailer = _mailer(settings, mailbox)
    worker = Worker(
        database=database,
        clock=clock,
        tenants=tenants,
        sagas=sagas,
        handlers={
            MESSAGE: LaterMessages(database, tenants, clock, partial(Phrases, translations)),
            CHECK: OverlapHandler(OverlapCheck(database, calendar, clock), tenants),
            **({MAIL: _mail_handler(settings, database, tenants, translations, mailer)} if mailer else {}),
        },
        on_settled=metrics.count_booking,
        clean_up=lambda now: database.sweep(now=now, real=clock.real()),
        mirror=mirror,
    )
    queue = MemoryQueue(make_broker(), worker.send)
    stack.push_async_callback(queue.close)
    limiter = make_rate_limiter(
        settings.rate_per_minute, trusted_proxies=settings.trusted_proxies, real=clock.real, redis_url=redis_url
    )
    if limiter is not None:
        stack.push_async_callback(limiter.close)
    secrets = _webhook_secrets(settings, parts)
    return Services(
        settings=settings,
        clock=clock,
        translations=translations,
        metrics=metrics,
        database=database,
        calendar=calendar,
        queue=queue,
        tenants=tenants,
        bookings=bookings,
        mirror=mirror,
        timetable=Timetable(offers, clock),
        desk=FrontDesk(database, offers, bookings, actions.reschedule, actions.cancel, clock),
        idempotent=Idempotent(database, clock),
        dialogue=Dialogue(database, locks, clock, translations, understanders.of, actions, queue),
        worker=worker,
        pings={
            "database": database.ping,
            "calendar": calendar.ping,
            "locks": locks.ping,
            "queue": queue.ping,
            **({"mail": mailer.ping} if mailer else {}),
        },
        limiter=limiter,
        demo=parts,
        mailbox=mailbox,
        calcom_webhook_secrets=secrets,
        announce=_announcer(calendar, secrets[0]) if parts is not None and parts.sandbox is not None else None,
    )


def _webhook_secrets(settings: Settings, parts: DemoParts | None) -> tuple[str, ...]:
    """The configured ones, in the demo else the one it made."""
    if settings.calcom_webhook_secrets:
        return tuple(secret.get_secret_value() for secret in settings.calcom_webhook_secrets)
    return (parts.webhook_secret,) if parts is not None else ()


def _announcer(calendar: CalcomGateway, secret: str) -> Callable[[str], Awaitable[None]]:
    async def announce(address: str) -> None:
        try:
            await calendar.subscribe(TenantId(DEMO_TENANT), f"{address}/webhooks/calcom/{DEMO_TENANT}", secret)
        except FermataError as error:
            # Without webhooks the mirror is only older.
            structlog.stdlib.get_logger(__name__).warning("webhooks_not_subscribed", code=error.code)

    return announce


async def _fill_mirror(mirror: Mirror, tenant: Tenant, clock: Clock) -> None:
    """Read the next two weeks before anybody asks: webhooks may have been missed while nothing ran."""
    today = clock.now().astimezone(tenant.zone).date()
    failed = await mirror.reread(
        tenant,
        [member.id for member in tenant.staff],
        today,
        today + _MIRRORED_AT_START,
        deadline=_MIRROR_SECONDS,
    )
    for staff, error in failed:
        structlog.stdlib.get_logger(__name__).warning("mirror_not_filled", staff=staff, error=type(error).__name__)


def _mailer(settings: Settings, mailbox: RunningMailbox | None) -> SmtpMailer | None:
    if settings.smtp_url is not None:
        return SmtpMailer(settings.smtp_url.get_secret_value())
    if mailbox is not None:
        return SmtpMailer(mailbox.url)
    structlog.stdlib.get_logger(__name__).warning(
        "no_mail_relay", hint="set SMTP_URL; until then invitations wait"
    )
    return None


def _mail_handler(
    settings: Settings,
    database: SqlDatabase,
    tenants: TenantDirectory,
    translations: Translations,
    mailer: SmtpMailer,
) -> MailHandler:
    renderer = MailRenderer()

    def build(invitation: Invitation, sender: str) -> bytes:
        def t(key: str, /, **values: object) -> str:
            return translations.text(invitation.language, key, **values)

        return compose(invitation, renderer, t, sender=sender)

    return MailHandler(
        database, tenants, mailer, build, sender_of=lambda own: own or f"no-reply@{settings.alias_domain}"
    )


async def _warm_up(
    database: SqlDatabase,
    tenants: TenantDirectory,
    understanders: _Understanders,
    closures: HolidaysCalendar,
    clock: Clock,
) -> None:
    """Build at start what the first guest would otherwise wait for: word tables and holiday tables."""
    async with database.read() as work:
        ids = await work.tenants.list_ids()
    for tenant_id in ids[:_WARM_TENANTS]:
        try:
            tenant = await tenants.tenant_of(tenant_id)
        except FermataError as error:
            # A description that cannot be read is its tenant's trouble: everybody else is served.
            structlog.stdlib.get_logger(__name__).warning("tenant_not_readable", tenant=tenant_id, code=error.code)
            continue
        today = clock.now().astimezone(tenant.zone)
        understander = understanders.of(tenant)
        for language in tenant.languages:
            understander.understand("14:30", now=today, language=language, asked=Asked())
            for months in (0, 3):
                day = (today + timedelta(days=30 * months)).date()
                closures.reason(day, country=tenant.country, region=tenant.region, language=language)


async def _clock(settings: Settings, database: SqlDatabase) -> Clock:
    """The demo's clock begins at the later of the set time and the last moment stored; everywhere else time is real."""
    if settings.now is None:
        return SystemClock()
    zone = demo_tenant().zone
    start = settings.now.replace(tzinfo=zone)
    async with database.read() as work:
        last = await work.conversations.latest()
    return DemoClock(max(start, last) if last else start)
