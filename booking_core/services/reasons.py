"""Why a wish finds nothing, although no rule forbids it: who is busy, who does not work, what is taken, which pause breaks."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from booking_core.availability.explain import Obstacle, explain
from booking_core.availability.explain_window import explain_window
from booking_core.availability.reach import shortest_minutes
from booking_core.availability.rules import Window, find_impediment, open_intervals
from booking_core.model.ids import ConversationId
from booking_core.model.interval import Interval, days_of, instant_of
from booking_core.model.tenant import Tenant
from booking_core.services.offers import Offers, Wish

_MOST_STARTS = 48
_LONGEST = timedelta(days=14)


@dataclass(frozen=True, slots=True)
class Reasons:
    """The first window of the wish that no rule forbids, and what stands in its way; nothing where it is possible by now."""

    window: Window
    obstacles: tuple[Obstacle, ...]


async def find_reasons(
    offers: Offers,
    tenant: Tenant,
    wish: Wish,
    *,
    now: datetime,
    conversation: ConversationId | None = None,
    language: str | None = None,
) -> Reasons:
    """Explain a wish for which a search has found nothing. Reads the mirror, as the search did."""
    holiday_of = offers.holiday_of(tenant, language)
    allowed = [
        window for window in wish.windows if find_impediment(tenant, wish.service, window, now, holiday_of) is None
    ]
    window = (allowed or list(wish.windows))[0]
    begin = window.starts_from if window.exact else max(window.starts_from, now + tenant.policies.notice)
    end = begin if window.exact else min(window.starts_before, begin + _LONGEST, now + tenant.policies.horizon)
    within = Interval(begin, max(end, begin + timedelta(seconds=1)))
    ground = await offers.ground(tenant, wish, within, now=now, conversation=conversation)
    plan_wish = wish.plan_wish()
    if window.exact:
        told = explain(
            tenant,
            wish.service,
            window.starts_from,
            ground.times(),
            now=now,
            holiday_of=holiday_of,
            wish=plan_wish,
        )
        return Reasons(window, told.obstacles)
    whole = timedelta(minutes=shortest_minutes(wish.service))
    ticks = [
        tick
        for day in days_of(within, tenant.zone)
        for opened in open_intervals(tenant, day, holiday_of)
        if (last := opened.ends_at - whole) >= opened.starts_at
        and (span := within.intersection(Interval(opened.starts_at, last + timedelta(seconds=1))))
        for tick in span.ticks()
        if instant_of(tick) >= span.starts_at
    ]
    step = max(1, -(-len(ticks) // _MOST_STARTS))
    starts = [instant_of(tick) for tick in ticks[::step]]
    return Reasons(window, explain_window(tenant, wish.service, starts, ground.times(), plan_wish))
