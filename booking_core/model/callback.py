"""A request that staff call or write to a guest, because we could not settle something on our own."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from booking_core.model.ids import ConversationId, Reference, TenantId


class CallbackReason(StrEnum):
    """Why a person is needed.

    ``withdrawn``: a promised change could not be kept and the guest may not know. ``overlap``: somebody else's entry lies on
    the booking. ``stuck``: the calendar refuses what has to be put right there, that waits for long without an outage, or we are
    not let see whether somebody else's entry lies on the booking. ``asked`` (nothing writes it yet): the guest wants to be called.
    """

    WITHDRAWN = "withdrawn"
    OVERLAP = "overlap"
    STUCK = "stuck"
    ASKED = "asked"


@dataclass(frozen=True, slots=True)
class Callback:
    """``key`` is unique in its tenant, so that one cause makes one request. ``phone`` None where the guest left no number."""

    tenant: TenantId
    key: str
    reason: CallbackReason
    created_at: datetime
    deadline: datetime
    booking: Reference | None = None
    conversation: ConversationId | None = None
    name: str | None = None
    phone: str | None = None
    done_at: datetime | None = None
