"""Taking one step in the calendar: a lost answer is looked for, never repeated blindly."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable
from dataclasses import dataclass
from datetime import timedelta
from typing import TypeVar

from booking_core.errors import CalendarUnavailable, FermataError, Misconfigured, RateLimited, Refused, Upstream
from booking_core.model.booking import Booking
from booking_core.model.interval import Interval
from booking_core.model.saga import Step, StepKind
from booking_core.model.tenant import Tenant
from booking_core.ports.calendar import Calendar, Entry, EntryRequest
from booking_core.ports.clock import Clock
from booking_core.services.calendar_health import ANSWERS, CalendarHealth
from booking_core.services.saga_endings import is_about_time

_LOOK_STEP_SECONDS = 0.25
_BROKEN_SECONDS = 60.0
# What is asked for later could be carried out when it is no longer reckoned with (`saga_steps.LATE`).
_PROMPT = timedelta(seconds=30)
# The alias is the booking's own: a wide window finds what staff have moved to another day.
_AROUND = timedelta(days=90)
_Answer = TypeVar("_Answer")


@dataclass(frozen=True, slots=True)
class Taken:
    """The calendar is as the step wants it; ``entry`` is what stands there now."""

    entry: Entry | None


@dataclass(frozen=True, slots=True)
class Denied:
    """The calendar's final no, with the reason of ``Refused``."""

    reason: str


@dataclass(frozen=True, slots=True)
class Unknown:
    """No answer, or one that is not to be believed yet; to be tried again after so many seconds.

    ``trouble``: it was our own code that broke.
    """

    retry_after: float
    trouble: Exception | None = None


StepOutcome = Taken | Denied | Unknown


class _HeldUp(Exception):
    """The step was written down too long ago to ask for it now."""


class _Unseen(Upstream):
    """The calendar would not show what it has, which says nothing about the step itself."""


@dataclass(frozen=True, slots=True)
class CalendarSteps:
    """Carries out steps. ``call_seconds`` bounds every call, ``look_again_seconds`` the search for what a lost answer left."""

    calendar: Calendar
    clock: Clock
    health: CalendarHealth
    call_seconds: float = 5.0
    look_again_seconds: float = 2.0

    async def take(self, tenant: Tenant, booking: Booking, step: Step, *, fresh: bool, reason: str) -> StepOutcome:
        """Make the calendar as the step wants it; ``reason`` is what staff read there.

        Unless ``fresh`` an earlier attempt may have got through: the calendar is looked at first. A removal is always read
        again. Every failure is an outcome: a saga must not stop in the middle.
        """
        try:
            if step.kind is StepKind.PLACE:
                return await self._place(tenant, booking, step, fresh=fresh, reason=reason)
            return await self._remove(tenant, booking, step, reason)
        except _HeldUp:
            return Unknown(0.0)
        except RateLimited as busy:
            return Unknown(busy.retry_after)
        except Refused as refusal:
            return Denied(refusal.reason)
        except CalendarUnavailable as silence:
            return Unknown(silence.retry_after)
        except Upstream:
            return Unknown(1.0)
        except FermataError as broken:
            # No key, no event type: a person has to mend it, and waiting helps nobody.
            return Denied(broken.code)
        except Exception as bug:
            return Unknown(_BROKEN_SECONDS, bug)

    async def _place(
        self, tenant: Tenant, booking: Booking, step: Step, *, fresh: bool, reason: str
    ) -> StepOutcome:
        found = None if fresh else await self._look(tenant, booking, step)
        if found is not None and found.starts_at == step.starts_at:
            # A request without an answer may still move it away.
            return self._believed(step, Taken(found))
        uid = found.uid if found is not None else step.uid if fresh else None
        try:
            return Taken(await self._put(tenant, booking, step, uid, reason))
        except RateLimited:
            raise
        except (Refused, CalendarUnavailable) as trouble:
            # Either the answer was lost after the calendar committed, or the no is final. Only a look tells.
            if isinstance(trouble, Refused) and trouble.reason == "limit":
                raise
            final = isinstance(trouble, Refused)
            # What refuses may be our own earlier request, carried out late: without a look a no is not final.
            try:
                there = await (self._look if final else self._look_again)(tenant, booking, step)
            except _Unseen:
                if isinstance(trouble, Refused) and not is_about_time(trouble.reason):
                    raise trouble from None  # it takes nothing at all
                raise
            if there is not None and there.starts_at == step.starts_at:
                return Taken(there)
            if not final or uid is None:
                raise
            if there is not None and there.uid != uid:
                # Staff have moved it in the calendar, where it has another name since.
                return Taken(await self._put(tenant, booking, step, there.uid, reason))
            if isinstance(trouble, Refused) and trouble.reason == "gone":
                if there is not None:
                    return Unknown(1.0)  # it is there all the same
                if step.undoes is None:
                    # Staff have taken it out of the calendar; the guest wants it at another time.
                    return Taken(await self._put(tenant, booking, step, None, reason))
            raise

    async def _put(self, tenant: Tenant, booking: Booking, step: Step, uid: str | None, reason: str) -> Entry:
        """Move the entry of this uid to where the step wants it, or create it."""
        self._check_held_up(step)
        if uid is None:
            return await self._call(booking, self.calendar.create_entry(request_of(tenant, booking, step)))
        moving = self.calendar.move_entry(tenant.id, step.staff, uid, step.starts_at, reason)
        return await self._call(booking, moving)

    async def _remove(self, tenant: Tenant, booking: Booking, step: Step, reason: str) -> StepOutcome:
        if step.uid is not None:
            try:
                await self._cancel(tenant, booking, step, step.uid, reason)
            except Refused as unknown_there:
                if unknown_there.reason != "gone":
                    raise
        # Staff may have moved it, which gives it another name; and what was cancelled is verified.
        left = await self._look(tenant, booking, step)
        if left is not None and left.uid != step.uid:
            await self._cancel(tenant, booking, step, left.uid, reason)
            left = await self._look(tenant, booking, step)
        return self._believed(step, Taken(None)) if left is None else Unknown(1.0)

    async def _cancel(self, tenant: Tenant, booking: Booking, step: Step, uid: str, reason: str) -> None:
        self._check_held_up(step)
        await self._call(booking, self.calendar.cancel_entry(tenant.id, step.staff, uid, reason))

    def _check_held_up(self, step: Step) -> None:
        """Raise where this process was stopped since it wrote the step down: somebody else may have gone on with it since."""
        if step.begun_at is not None and self.clock.real() >= step.begun_at + _PROMPT:
            raise _HeldUp

    def _believed(self, step: Step, outcome: Taken) -> StepOutcome:
        """What was seen, unless an earlier request may still change it."""
        if step.sure_from is None:
            return outcome
        left = (step.sure_from - self.clock.real()).total_seconds()
        return outcome if left <= 0 else Unknown(left)

    async def _look(self, tenant: Tenant, booking: Booking, step: Step) -> Entry | None:
        """The live entry of the step's reference, near where it was or shall be."""
        span = [step.starts_at, step.ends_at, booking.starts_at, booking.ends_at]
        around = Interval(min(span) - _AROUND, max(span) + _AROUND)
        alias = booking.attendee.alias
        try:
            return await self._call(
                booking, self.calendar.find_entry(tenant.id, step.staff, alias, step.reference, around)
            )
        except (Refused, Misconfigured) as blind:
            raise _Unseen from blind

    async def _look_again(self, tenant: Tenant, booking: Booking, step: Step) -> Entry | None:
        """Look whether it has got there, for a moment: a committed entry shows a little after its lost answer."""
        until = asyncio.get_running_loop().time() + self.look_again_seconds
        while True:
            try:
                found = await self._look(tenant, booking, step)
            except Upstream:
                found = None
            there = found is not None and found.starts_at == step.starts_at
            if there or asyncio.get_running_loop().time() >= until:
                return found
            await asyncio.sleep(_LOOK_STEP_SECONDS)

    async def _call(self, booking: Booking, call: Awaitable[_Answer]) -> _Answer:
        try:
            async with asyncio.timeout(self.call_seconds):
                answer = await call
        except TimeoutError as late:
            self.health.failed(self.clock.real(), (booking.tenant, booking.reference))
            raise CalendarUnavailable("no answer within the deadline") from late
        except RateLimited:
            raise
        except CalendarUnavailable:
            self.health.failed(self.clock.real(), (booking.tenant, booking.reference))
            raise
        except ANSWERS:
            # What fails before the calendar is asked (no key, no event type, no database) tells nothing of it.
            self.health.succeeded(self.clock.real())
            raise
        self.health.succeeded(self.clock.real())
        return answer


def request_of(tenant: Tenant, booking: Booking, step: Step) -> EntryRequest:
    """What the calendar is told about one segment: the alias, never the guest's own address."""
    return EntryRequest(
        tenant=tenant.id,
        service=booking.service,
        segment=step.segment,
        staff=step.staff,
        starts_at=step.starts_at,
        reference=step.reference,
        booking=booking.reference,
        attendee_name=booking.attendee.name,
        attendee_alias=booking.attendee.alias,
        attendee_zone=booking.attendee.time_zone or str(tenant.zone),
        attendee_language=booking.attendee.language,
    )
