"""Cal.com API v2 over HTTP: one method per endpoint, the right version header, errors of the core, and nothing else.

GETs are retried within a budget; writes never are, their callers look up what became of them.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import quote

import httpx
import orjson
import stamina

from booking_core.errors import CalendarUnavailable, RateLimited, Refused, Unintelligible
from booking_core.ports.clock import Clock
from integrations.calcom import wire
from integrations.calcom.answers import RateBudget, budget_of, error_of
from integrations.calcom.mapping import iso

# Versions are matched as exact strings; a wrong one silently selects an API of 2024-04-15 with other shapes.
EVENT_TYPES_VERSION = "2024-06-14"
SCHEDULES_VERSION = "2024-06-11"
SLOTS_VERSION = "2024-09-04"
BOOKINGS_VERSION = "2024-08-13"

PAGE_SIZE = 250  # the most that Cal.com gives at once
_MOST_PAGES = 200
_CONNECT_SECONDS = 2.0


@dataclass(frozen=True, slots=True)
class Patience:
    """Seconds to wait: ``read`` for one GET, ``read_budget`` for a GET with its retries, ``write`` for one write.

    Cal.com answers a write only after calendars, mails and webhooks, so ``write`` is long.
    """

    read: float = 5.0
    read_budget: float = 8.0
    write: float = 30.0
    attempts: int = 3


@dataclass(frozen=True, slots=True)
class _Route:
    """One endpoint: ``template`` is what errors and logs may name, ``path`` has the ids in it."""

    method: str
    template: str
    path: str
    version: str | None

    @property
    def name(self) -> str:
        return f"{self.method} {self.template}"


class CalcomClient:
    """Speaks to one Cal.com host; the key of a staff member comes with every call.

    Every method raises CalendarUnavailable (timeout, transport, 5xx; ``data["sent"]`` is False where nothing left this machine),
    RateLimited, Refused or Unintelligible.
    """

    def __init__(
        self,
        base_url: str,
        http: httpx.AsyncClient,
        *,
        clock: Clock,
        patience: Patience | None = None,
    ) -> None:
        """``base_url`` without ``/v2``; the HTTP client stays the caller's to close."""
        self._base_url = base_url.rstrip("/")
        self._http = http
        self._clock = clock
        self._patience = patience or Patience()
        self._budgets: dict[str, RateBudget] = {}

    def budget(self, key: str) -> RateBudget | None:
        """What the last answer said this key may still ask; None before the first answer."""
        return self._budgets.get(key)

    async def ping(self) -> None:
        """Return if the API answers at all (without a key it says 401); raises CalendarUnavailable."""
        route = _Route("GET", "/v2/me", "/v2/me", None)
        response = await self._exchange(route, None, seconds=self._patience.read)
        if response.status_code >= 500:
            raise error_of(route.name, response.status_code, response.headers, b"", now=self._clock.real())

    async def me(self, key: str) -> wire.Me:
        """`GET /v2/me`."""
        route = _Route("GET", "/v2/me", "/v2/me", None)
        return wire.parse(wire.ME, await self._get(route, key), route.name)

    async def slots(self, key: str, event_type_id: int, starts: datetime, ends: datetime) -> list[datetime]:
        """`GET /v2/slots` between two instants, as sorted starts; what lies outside is left to the caller.

        No zone is asked for: with one, Cal.com filters by local dates and loses slots near midnight.
        """
        route = _Route("GET", "/v2/slots", "/v2/slots", SLOTS_VERSION)
        query = {"eventTypeId": str(event_type_id), "start": iso(starts), "end": iso(ends)}
        days = wire.parse(wire.SLOTS, await self._get(route, key, query), route.name)
        return sorted(slot.start for slots in days.values() for slot in slots)

    async def create_booking(self, key: str, body: wire.Json) -> wire.Booking:
        """`POST /v2/bookings`."""
        route = _Route("POST", "/v2/bookings", "/v2/bookings", BOOKINGS_VERSION)
        return wire.parse(wire.BOOKING, await self._write(route, key, body), route.name)

    async def get_booking(self, key: str, uid: str) -> wire.Booking | None:
        """`GET /v2/bookings/{uid}`; None when there is none."""
        route = _Route("GET", "/v2/bookings/{uid}", f"/v2/bookings/{quote(uid, safe='')}", BOOKINGS_VERSION)
        try:
            return wire.parse(wire.BOOKING, await self._get(route, key), route.name)
        except Refused as refusal:
            if refusal.status == 404:
                return None
            raise

    async def list_bookings(self, key: str, filters: Mapping[str, str]) -> list[wire.Booking]:
        """`GET /v2/bookings`, all pages, each booking once.

        A short page is the end: the totals in the answer ignore some filters.
        """
        route = _Route("GET", "/v2/bookings", "/v2/bookings", BOOKINGS_VERSION)
        found: dict[str, wire.Booking] = {}
        for page in range(_MOST_PAGES):
            query = {"sortStart": "asc", **filters, "take": str(PAGE_SIZE), "skip": str(page * PAGE_SIZE)}
            bookings = wire.parse(wire.BOOKINGS, await self._get(route, key, query), route.name)
            found.update((booking.uid, booking) for booking in bookings)
            if len(bookings) < PAGE_SIZE:
                return list(found.values())
        raise Unintelligible(f"{route.name}: no end after {_MOST_PAGES} pages")

    async def reschedule_booking(self, key: str, uid: str, start: datetime, reason: str) -> wire.Booking:
        """`POST /v2/bookings/{uid}/reschedule`; the answer is a new booking with a new uid."""
        route = _booking_action(uid, "reschedule")
        body = {"start": iso(start), "reschedulingReason": reason}
        return wire.parse(wire.BOOKING, await self._write(route, key, body), route.name)

    async def cancel_booking(self, key: str, uid: str, reason: str) -> None:
        """`POST /v2/bookings/{uid}/cancel`; Cal.com refuses a host's cancellation without a reason."""
        await self._write(_booking_action(uid, "cancel"), key, {"cancellationReason": reason})

    async def list_event_types(self, key: str) -> list[wire.EventType]:
        """`GET /v2/event-types`: the key's own, hidden ones too."""
        route = _Route("GET", "/v2/event-types", "/v2/event-types", EVENT_TYPES_VERSION)
        return wire.parse(wire.EVENT_TYPES, await self._get(route, key), route.name)

    async def create_event_type(self, key: str, fields: wire.Json) -> wire.EventType:
        """`POST /v2/event-types`; unknown fields are dropped silently there, so read back what matters."""
        route = _Route("POST", "/v2/event-types", "/v2/event-types", EVENT_TYPES_VERSION)
        return wire.parse(wire.EVENT_TYPE, await self._write(route, key, fields), route.name)

    async def update_event_type(self, key: str, event_type_id: int, fields: wire.Json) -> wire.EventType:
        """`PATCH /v2/event-types/{id}`: the given fields are replaced."""
        route = _Route("PATCH", "/v2/event-types/{id}", f"/v2/event-types/{event_type_id}", EVENT_TYPES_VERSION)
        return wire.parse(wire.EVENT_TYPE, await self._write(route, key, fields), route.name)

    async def find_default_schedule(self, key: str) -> wire.Schedule | None:
        """`GET /v2/schedules/default`; None where the account has none."""
        route = _Route("GET", "/v2/schedules/default", "/v2/schedules/default", SCHEDULES_VERSION)
        try:
            data = await self._get(route, key)
        except Refused as refusal:
            if refusal.status == 404:
                return None
            raise
        return None if data is None else wire.parse(wire.SCHEDULE, data, route.name)

    async def create_schedule(self, key: str, fields: wire.Json) -> wire.Schedule:
        """`POST /v2/schedules`."""
        route = _Route("POST", "/v2/schedules", "/v2/schedules", SCHEDULES_VERSION)
        return wire.parse(wire.SCHEDULE, await self._write(route, key, fields), route.name)

    async def update_schedule(self, key: str, schedule_id: int, fields: wire.Json) -> wire.Schedule:
        """`PATCH /v2/schedules/{id}`: arrays are replaced as a whole."""
        route = _Route("PATCH", "/v2/schedules/{id}", f"/v2/schedules/{schedule_id}", SCHEDULES_VERSION)
        return wire.parse(wire.SCHEDULE, await self._write(route, key, fields), route.name)

    async def list_webhooks(self, key: str) -> list[wire.Webhook]:
        """`GET /v2/webhooks`: the subscriptions of the key's user; those of single event types are not among them."""
        route = _Route("GET", "/v2/webhooks", "/v2/webhooks", None)
        query = {"take": str(PAGE_SIZE)}
        return wire.parse(wire.WEBHOOKS, await self._get(route, key, query), route.name)

    async def create_webhook(self, key: str, fields: wire.Json) -> wire.Webhook:
        """`POST /v2/webhooks`; a second one for the same address is refused with 409."""
        route = _Route("POST", "/v2/webhooks", "/v2/webhooks", None)
        return wire.parse(wire.WEBHOOK, await self._write(route, key, fields), route.name)

    async def update_webhook(self, key: str, webhook_id: str | int, fields: wire.Json) -> wire.Webhook:
        """`PATCH /v2/webhooks/{id}`: the given fields are replaced."""
        route = _Route("PATCH", "/v2/webhooks/{id}", f"/v2/webhooks/{quote(str(webhook_id), safe='')}", None)
        return wire.parse(wire.WEBHOOK, await self._write(route, key, fields), route.name)

    async def _get(self, route: _Route, key: str, query: Mapping[str, str] | None = None) -> Any:
        try:
            async with asyncio.timeout(self._patience.read_budget):
                async for attempt in stamina.retry_context(
                    on=_worth_another_try,
                    attempts=self._patience.attempts,
                    timeout=self._patience.read_budget,
                    wait_initial=0.1,
                    wait_max=1.0,
                    wait_jitter=0.1,
                ):
                    with attempt:
                        return await self._data(route, key, query=query, seconds=self._patience.read)
        except TimeoutError:
            raise CalendarUnavailable(f"{route.name}: no answer within the budget", sent=True) from None
        raise AssertionError("stamina ends with a result or an exception")

    async def _write(self, route: _Route, key: str, body: wire.Json) -> Any:
        return await self._data(route, key, body=body, seconds=self._patience.write)

    async def _data(
        self,
        route: _Route,
        key: str,
        *,
        query: Mapping[str, str] | None = None,
        body: wire.Json | None = None,
        seconds: float,
    ) -> Any:
        response = await self._exchange(route, key, query=query, body=body, seconds=seconds)
        now = self._clock.real()
        if (budget := budget_of(response.headers, now=now)) is not None:
            self._budgets[key] = budget
        if not response.is_success:
            raise error_of(route.name, response.status_code, response.headers, response.content, now=now)
        try:
            answer = orjson.loads(response.content)
        except orjson.JSONDecodeError:
            answer = None
        if not isinstance(answer, dict) or answer.get("status") != "success":
            raise Unintelligible(f"{route.name}: answered {response.status_code} without the success envelope")
        return answer.get("data")

    async def _exchange(
        self,
        route: _Route,
        key: str | None,
        *,
        query: Mapping[str, str] | None = None,
        body: wire.Json | None = None,
        seconds: float,
    ) -> httpx.Response:
        headers = {"Accept": "application/json"}
        if key is not None:
            headers["Authorization"] = f"Bearer {key}"
        if route.version is not None:
            headers["cal-api-version"] = route.version
        content = None
        if body is not None:
            headers["Content-Type"] = "application/json"
            content = orjson.dumps(body)
        try:
            # httpx counts each wait for bytes on its own; a server that drips would never run into its timeout.
            async with asyncio.timeout(seconds):
                return await self._http.request(
                    route.method,
                    self._base_url + route.path,
                    params=dict(query) if query else None,
                    content=content,
                    headers=headers,
                    timeout=httpx.Timeout(seconds, connect=min(seconds, _CONNECT_SECONDS)),
                )
        except (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout) as error:
            raise CalendarUnavailable(f"{route.name}: {type(error).__name__}", sent=False) from None
        except (httpx.HTTPError, TimeoutError) as error:
            # httpx errors hold the request, and with it the guest; only the kind of error goes on.
            raise CalendarUnavailable(f"{route.name}: {type(error).__name__}", sent=True) from None


def _worth_another_try(error: Exception) -> bool:
    # A 429 blocks the key for a minute: asking again within the budget only makes it longer.
    return isinstance(error, CalendarUnavailable) and not isinstance(error, RateLimited)


def _booking_action(uid: str, action: str) -> _Route:
    return _Route(
        "POST",
        f"/v2/bookings/{{uid}}/{action}",
        f"/v2/bookings/{quote(uid, safe='')}/{action}",
        BOOKINGS_VERSION,
    )
