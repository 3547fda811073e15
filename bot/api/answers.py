"""What clients of the API read. Pure; instants carry the offset of the tenant's zone."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

import orjson

from booking_core.model.service import Service
from booking_core.model.tenant import Tenant
from booking_core.services.timetable import Times


def availability_answer(times: Times, service: Service, tenant: Tenant, language: str) -> bytes:
    """``{"slots":[{"start","end","segments":[{"name","staff","start","end"}]}],"fresh_at"}`` in order of start.

    ``fresh_at`` is null where the calendar had not to be asked: the whole range is closed to guests.
    """
    names = [service.segment_name(index, language) for index in range(len(service.segments))]
    local = _localised(tenant)
    slots = [
        {
            "start": local(plan.starts_at),
            "end": local(plan.ends_at),
            "segments": [
                {
                    "name": names[placement.segment],
                    "staff": placement.staff,
                    "start": local(placement.starts_at),
                    "end": local(placement.ends_at),
                }
                for placement in plan.placements
            ],
        }
        for plan in times.plans
    ]
    fresh_at = None if times.fresh_at is None else local(times.fresh_at.replace(microsecond=0))
    return orjson.dumps({"slots": slots, "fresh_at": fresh_at})


def _localised(tenant: Tenant) -> Callable[[datetime], str]:
    """Instants in the tenant's zone; each is worked out once, since the starts of one plan are the ends of others."""
    zone, known = tenant.zone, dict[datetime, str]()

    def local(instant: datetime) -> str:
        if (text := known.get(instant)) is None:
            text = known[instant] = instant.astimezone(zone).isoformat()
        return text

    return local
