"""What a decision may look at besides the message."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from booking_core.model.booking import Booking
from booking_core.model.ids import Reference
from booking_core.model.tenant import Tenant


@dataclass(frozen=True, slots=True)
class Facts:
    """The tenant, the time, and this conversation's live bookings. ``meant`` is the one of them that the words describe."""

    tenant: Tenant
    now: datetime
    bookings: Sequence[Booking] = ()
    meant: Reference | None = None
