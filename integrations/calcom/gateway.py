"""The port ``Calendar`` on Cal.com: one account and key per staff member, one booking per segment."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Protocol
from urllib.parse import urlsplit

from booking_core.errors import Misconfigured, RateLimited, Refused
from booking_core.model.ids import ServiceId, StaffId, TenantId
from booking_core.model.interval import Interval
from booking_core.model.tenant import Staff, Tenant
from booking_core.ports.calendar import Entry, EntryRequest, EventTypeReport, FreeTime
from booking_core.ports.clock import Clock
from booking_core.ports.tenants import EventTypeLink
from integrations.calcom import wire
from integrations.calcom.client import CalcomClient
from integrations.calcom.event_types import WantedEventType, difference, wanted_for
from integrations.calcom.mapping import booking_body, entry_of, free_ticks, iso, same_schedule, schedule_fields

# Cal.com reads bounds by its own days and leaves out bookings that straddle an edge; ask wider and filter.
_MARGIN = timedelta(days=1)
# Everything that takes time, whatever Cal.com's clock says about "now".
_LIVE = "upcoming,past,unconfirmed"
# Of Cal.com's 120 calls a minute; a key with a lower limit keeps a quarter.
_CALLS_FOR_WRITES = 30
TRIGGERS = ("BOOKING_CREATED", "BOOKING_RESCHEDULED", "BOOKING_CANCELLED", "BOOKING_REJECTED")
"""What changes free time; an unconfirmed request takes none."""


class StaffKeys(Protocol):
    """Where the API keys are."""

    def key_of(self, tenant: TenantId, staff: StaffId) -> str:
        """The Cal.com key of a staff member; raises Misconfigured where there is none."""
        ...


class LinkStore(Protocol):
    """Which event type stands for which segment."""

    async def links(self, tenant: TenantId) -> Sequence[EventTypeLink]:
        """Every link of the tenant."""
        ...

    async def store_links(self, tenant: TenantId, links: Sequence[EventTypeLink]) -> None:
        """Replace all links of the tenant."""
        ...


class TenantDirectory(Protocol):
    """Where tenants are described."""

    async def tenant_of(self, tenant: TenantId) -> Tenant:
        """The tenant; raises UnknownTenant."""
        ...


class CalcomGateway:
    """Implements ``booking_core.ports.calendar.Calendar``.

    Besides the port's errors every method may raise Misconfigured: no key, no event type pushed yet, or one that is gone.
    """

    def __init__(
        self,
        client: CalcomClient,
        *,
        keys: StaffKeys,
        links: LinkStore,
        tenants: TenantDirectory,
        clock: Clock,
    ) -> None:
        self._client = client
        self._keys = keys
        self._links = links
        self._tenants = tenants
        self._clock = clock

    async def read_free_time(self, tenant: TenantId, staff: StaffId, asked: Interval) -> FreeTime:
        """One `/v2/slots` call on the staff member's probe.

        Raises Misconfigured without a probe: an unknown day must never look like a fully booked one. Raises RateLimited without
        asking where the key's last calls of the minute are left for writes.
        """
        probe = await self._link(tenant, staff, None, 0)
        key = self._keys.key_of(tenant, staff)
        read_at = self._clock.real()
        self._keep_calls_for_writes(key, read_at)
        try:
            starts = await self._client.slots(
                key, probe.event_type_id, asked.starts_at - _MARGIN, asked.ends_at + _MARGIN
            )
        except Refused as refusal:
            if refusal.status == 404:
                raise _missing(tenant, staff, "probe") from refusal
            raise
        return FreeTime(staff, asked, free_ticks(starts, asked), read_at)

    async def create_entry(self, request: EntryRequest) -> Entry:
        """`POST /v2/bookings`, once.

        ``starts_at`` is where the staff member's time begins (with a buffer: before the guest comes); the event type's length is
        the rest of it.
        """
        link = await self._link(request.tenant, request.staff, request.service, request.segment)
        key = self._keys.key_of(request.tenant, request.staff)
        booking = await self._client.create_booking(key, booking_body(request, link.event_type_id))
        return entry_of(booking, request.staff)

    async def find_entry(
        self, tenant: TenantId, staff: StaffId, alias: str, reference: str, near: Interval
    ) -> Entry | None:
        """One list call by alias (Cal.com cannot search metadata), matched by reference; the oldest where there are two."""
        bookings = await self._client.list_bookings(
            self._keys.key_of(tenant, staff), {"attendeeEmail": alias, **_wide(near)}
        )
        entries = (entry_of(booking, staff) for booking in bookings)
        ours = [entry for entry in entries if entry.live and entry.reference == reference]
        return min(ours, key=lambda entry: entry.entry_id, default=None)

    async def get_entry(self, tenant: TenantId, staff: StaffId, uid: str) -> Entry | None:
        """`GET /v2/bookings/{uid}`."""
        booking = await self._client.get_booking(self._keys.key_of(tenant, staff), uid)
        return None if booking is None else entry_of(booking, staff)

    async def list_entries(self, tenant: TenantId, staff: StaffId, window: Interval) -> Sequence[Entry]:
        """Live bookings of every event type that overlap the window, by start."""
        bookings = await self._client.list_bookings(
            self._keys.key_of(tenant, staff), {"status": _LIVE, **_wide(window)}
        )
        entries = [entry_of(booking, staff) for booking in bookings]
        inside = [
            entry for entry in entries if entry.live and Interval(entry.starts_at, entry.ends_at).overlaps(window)
        ]
        return sorted(inside, key=lambda entry: (entry.starts_at, entry.entry_id))

    async def move_entry(
        self, tenant: TenantId, staff: StaffId, uid: str, starts_at: datetime, reason: str
    ) -> Entry:
        """`POST /v2/bookings/{uid}/reschedule`, once; metadata and length are kept by Cal.com."""
        key = self._keys.key_of(tenant, staff)
        return entry_of(await self._client.reschedule_booking(key, uid, starts_at, reason), staff)

    async def cancel_entry(self, tenant: TenantId, staff: StaffId, uid: str, reason: str) -> None:
        """`POST /v2/bookings/{uid}/cancel`.

        Cancelled before, by whomever, is success. A uid that Cal.com does not know is Refused with ``gone`` and status 404.
        """
        try:
            await self._client.cancel_booking(self._keys.key_of(tenant, staff), uid, reason or "cancelled")
        except Refused as refusal:
            if refusal.status == 404 or refusal.reason != "gone":
                raise

    async def push_event_types(self, tenant: TenantId, *, dry_run: bool = False) -> EventTypeReport:
        """Create what is missing, change what differs, adopt what has the right slug; delete nothing.

        Raises Misconfigured before writing anything where keys or slugs do not fit. A push that breaks off is completed by the next.
        """
        described = await self._tenants.tenant_of(tenant)
        keys = self._distinct_keys(described)
        plan = {member.id: wanted_for(described, member) for member in described.staff}
        created: list[str] = []
        updated: list[str] = []
        unchanged: list[str] = []
        links: list[EventTypeLink] = []
        for staff, wanted_types in plan.items():
            key = keys[staff]
            schedule = await self._client.find_default_schedule(key)
            if schedule is None:
                raise Misconfigured(f"the Cal.com account of {staff} has no default schedule")
            by_slug = {existing.slug: existing for existing in await self._client.list_event_types(key)}
            for wanted in wanted_types:
                existing = by_slug.get(wanted.slug)
                if existing is None:
                    created.append(wanted.name)
                    if not dry_run:
                        links.append(await self._create(key, wanted))
                    continue
                changes = difference(existing, wanted, schedule.id)
                (updated if changes else unchanged).append(wanted.name)
                if changes and not dry_run:
                    await self._client.update_event_type(key, existing.id, changes)
                links.append(wanted.link(existing.id))
        if not dry_run and set(links) != set(await self._links.links(tenant)):
            await self._links.store_links(tenant, links)
        return EventTypeReport(tuple(created), tuple(updated), tuple(unchanged))

    async def push_schedules(self, tenant: TenantId) -> tuple[StaffId, ...]:
        """Write the tenant's working hours into each staff member's default schedule; who was changed.

        For installations whose hours are kept by us (the demo): it replaces the weekly hours in Cal.com, not its date overrides.
        """
        described = await self._tenants.tenant_of(tenant)
        keys = self._distinct_keys(described)
        changed: list[StaffId] = []
        for member in described.staff:
            if await self._push_schedule(keys[member.id], described, member):
                changed.append(member.id)
        return tuple(changed)

    async def subscribe(self, tenant: TenantId, url: str, secret: str) -> tuple[StaffId, ...]:
        """Have every staff member's account tell of its bookings at this address; whose subscription was made or changed.

        A subscription to the same path at another address is taken to be an earlier one of ours and moved.
        """
        described = await self._tenants.tenant_of(tenant)
        changed: list[StaffId] = []
        for staff, key in self._distinct_keys(described).items():
            fields: wire.Json = {
                "active": True,
                "subscriberUrl": url,
                "triggers": list(TRIGGERS),
                "secret": secret,
            }
            path = urlsplit(url).path
            ours = [known for known in await self._client.list_webhooks(key) if _path(known) == path]
            if not ours:
                await self._client.create_webhook(key, fields)
                changed.append(staff)
                continue
            known = next((each for each in ours if each.subscriber_url == url), ours[0])
            same = (known.active, known.subscriber_url, known.secret) == (True, url, secret)
            if not same or set(known.triggers) != set(TRIGGERS):
                await self._client.update_webhook(key, known.id, fields)
                changed.append(staff)
        return tuple(changed)

    async def ping(self) -> None:
        """Ask for an answer without a key."""
        await self._client.ping()

    def _keep_calls_for_writes(self, key: str, now: datetime) -> None:
        budget = self._client.budget(key)
        if budget is None or budget.resets_at is None or budget.resets_at <= now:
            return
        if budget.remaining < min(_CALLS_FOR_WRITES, budget.limit // 4):
            raise RateLimited(
                "the rest of the minute is for writes", retry_after=(budget.resets_at - now).total_seconds()
            )

    async def _push_schedule(self, key: str, tenant: Tenant, member: Staff) -> bool:
        fields = schedule_fields(tenant, member)
        schedule = await self._client.find_default_schedule(key)
        if schedule is None:
            await self._client.create_schedule(key, {"name": "Working hours", "isDefault": True, **fields})
            return True
        if same_schedule(schedule, fields):
            return False
        await self._client.update_schedule(key, schedule.id, fields)
        return True

    async def _create(self, key: str, wanted: WantedEventType) -> EventTypeLink:
        created = await self._client.create_event_type(key, dict(wanted.fields))
        return wanted.link(created.id)

    async def _link(
        self, tenant: TenantId, staff: StaffId, service: ServiceId | None, segment: int
    ) -> EventTypeLink:
        for link in await self._links.links(tenant):
            if (link.staff, link.service, link.segment) == (staff, service, segment):
                return link
        raise _missing(tenant, staff, "probe" if service is None else f"{service}.{segment + 1}")

    def _distinct_keys(self, tenant: Tenant) -> dict[StaffId, str]:
        # Two staff members on one account would share one calendar and overwrite each other's event types.
        keys = {member.id: self._keys.key_of(tenant.id, member.id) for member in tenant.staff}
        seen: dict[str, StaffId] = {}
        for staff, key in keys.items():
            if key in seen:
                raise Misconfigured(
                    f"{seen[key]} and {staff} have the same Cal.com key; each needs an own account"
                )
            seen[key] = staff
        return keys


def _path(webhook: wire.Webhook) -> str:
    try:
        return urlsplit(webhook.subscriber_url).path
    except ValueError:
        return ""


def _wide(window: Interval) -> dict[str, str]:
    return {"afterStart": iso(window.starts_at - _MARGIN), "beforeEnd": iso(window.ends_at + _MARGIN)}


def _missing(tenant: TenantId, staff: StaffId, what: str) -> Misconfigured:
    return Misconfigured(
        f"Cal.com has no event type {what}@{staff} of {tenant}; push the event types", tenant=tenant, staff=staff
    )
