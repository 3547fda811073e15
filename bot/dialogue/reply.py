"""What is answered, before a channel gives it its form."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from booking_core.model.booking import Booking
from booking_core.model.ids import StaffId
from bot.dialogue.state import Expects


@dataclass(frozen=True, slots=True)
class ChoiceSegment:
    """One block of the bar."""

    name: str
    staff: StaffId
    staff_name: str
    starts_at: datetime
    ends_at: datetime


@dataclass(frozen=True, slots=True)
class Choice:
    """One button; times are set where it stands for a start."""

    id: str
    label: str
    starts_at: datetime | None = None
    ends_at: datetime | None = None
    segments: tuple[ChoiceSegment, ...] = ()
    service_name: str | None = None
    price: float | None = None


@dataclass(frozen=True, slots=True)
class Requested:
    """What the guest asked for, as it was understood."""

    service: str | None = None
    starts_at: datetime | None = None
    ends_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Reply:
    """One answer: texts in order, what is expected next, buttons, the outcome's code and a booking where there is one."""

    texts: tuple[str, ...]
    code: str
    language: str
    expects: Expects = "anything"
    choices: tuple[Choice, ...] = ()
    requested: Requested | None = None
    booking: Booking | None = None
