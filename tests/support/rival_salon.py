"""The salon that rivals book at: two staff members, one basin, and a service of colour, pause and cut."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any, Final

from booking_core.model.description import tenant_from
from booking_core.model.hours import WEEKDAYS
from booking_core.model.ids import ResourceId, ServiceId, StaffId, TenantId, equipment_resource, staff_resource
from booking_core.model.slot import Placement, Plan
from booking_core.model.tenant import Tenant

NOW: Final = datetime(2026, 3, 24, 9, 0, tzinfo=UTC)
TENANT: Final = TenantId("salon-rivals")
ANNA: Final = StaffId("anna")
BEN: Final = StaffId("ben")
RESOURCES: Final[tuple[ResourceId, ...]] = (
    staff_resource(ANNA),
    staff_resource(BEN),
    equipment_resource("basin"),
)
SERVICE: Final = ServiceId("colour-cut")
COLOUR_MINUTES: Final = 45
CUT_MINUTES: Final = 30
PAUSES: Final = (30, 60)
ROUND_MINUTES: Final = 180
"""From the start of a round to that of the next."""
DOCUMENT: Final[dict[str, Any]] = {
    "tenant": TENANT,
    "name": "Salon Rivalen",
    "zone": "Europe/Berlin",
    "languages": ["de"],
    "hours": {day: ["06:00-22:00"] for day in WEEKDAYS},
    "staff": [{"id": ANNA, "name": "Anna"}, {"id": BEN, "name": "Ben"}],
    "resources": [{"id": "basin", "name": "Waschplatz"}],
    "policies": {"horizon_days": 365},
    "services": [
        {
            "id": SERVICE,
            "name": "Farbe und Schnitt",
            "segments": [
                {
                    "work": COLOUR_MINUTES,
                    "staff": [ANNA, BEN],
                    "resource": "basin",
                    "pause_after": {"min": PAUSES[0], "max": PAUSES[1]},
                },
                {"work": CUT_MINUTES, "staff": [ANNA, BEN]},
            ],
        }
    ],
}

# Six in the morning, and five rounds until nine in the evening.
_FIRST = datetime(2026, 4, 6, 4, 0, tzinfo=UTC)
_ROUNDS_A_DAY = 5


def salon() -> Tenant:
    """The salon as the product reads it."""
    return tenant_from(DOCUMENT)


def start_of(number: int) -> datetime:
    """When a round begins; rounds have nothing in common."""
    day, place = divmod(number, _ROUNDS_A_DAY)
    return _FIRST + timedelta(days=day, minutes=ROUND_MINUTES * place)


def plan_at(start: datetime, *, first: StaffId = ANNA, pause: int = PAUSES[0]) -> Plan:
    """Colour at the basin with one of the two, then the cut with the other."""
    second = BEN if first == ANNA else ANNA
    coloured = start + timedelta(minutes=COLOUR_MINUTES)
    cut = coloured + timedelta(minutes=pause)
    return Plan(
        SERVICE,
        (
            Placement(0, first, start, coloured, "basin"),
            Placement(1, second, cut, cut + timedelta(minutes=CUT_MINUTES)),
        ),
    )


def variant(number: int, kind: int) -> Plan:
    """One of four plans for a round, told apart by who colours and how long the pause is.

    Each of them needs the basin at the same time, so one excludes the others. The calendar knows no basin: there, those in which
    somebody else colours do not touch each other at all.
    """
    return plan_at(start_of(number), first=(ANNA, BEN)[kind % 2], pause=PAUSES[kind // 2 % 2])


def shifted(number: int, steps: int) -> Plan:
    """The plan of a round so many times five minutes later."""
    return plan_at(start_of(number) + timedelta(minutes=5 * steps))
