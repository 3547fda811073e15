"""What the bot remembers of one conversation between two messages."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, time
from typing import Any, Literal

import orjson

from booking_core.availability.rules import Window
from booking_core.model.ids import HoldId, Reference, ServiceId, StaffId
from booking_core.model.slot import Placement, Plan
from bot.dialogue.people import NOBODY, People

Expects = Literal["service", "when", "choice", "name", "contact", "confirm", "which_booking", "anything"]
Task = Literal["book", "move", "cancel"]


@dataclass(frozen=True, slots=True)
class Offer:
    """A plan shown to the guest under an id that no other answer of this conversation used."""

    id: str
    plan: Plan


@dataclass(frozen=True, slots=True)
class Held:
    """The plan held for this conversation."""

    hold: HoldId
    plan: Plan
    expires_at: datetime
    contact: str | None = None
    """The digest of the contact it counts for; None while nobody knew who the guest is."""


@dataclass(frozen=True, slots=True)
class TimeOfDay:
    """The clock time or part of the day a guest has asked for, kept while only the day changes."""

    start: time
    end: time | None = None


@dataclass(frozen=True, slots=True)
class State:
    """The whole memory. ``turn`` counts answers; ``task`` and ``target`` tell what the talk is about.

    ``days`` are readings of an ambiguous date, to be chosen from. ``refused`` is the wish that the last search had to turn down.
    """

    turn: int = 0
    language: str | None = None
    task: Task = "book"
    target: Reference | None = None
    service: ServiceId | None = None
    candidates: tuple[ServiceId, ...] = ()
    staff: StaffId | None = None
    excluded: StaffId | None = None
    """Who shall not do it."""
    people: People = NOBODY
    """Several who were wished for; ``staff`` is None then."""
    windows: tuple[Window, ...] = ()
    time_of_day: TimeOfDay | None = None
    name: str | None = None
    email: str | None = None
    phone: str | None = None
    offers: tuple[Offer, ...] = ()
    days: tuple[datetime, ...] = ()
    held: Held | None = None
    refused: tuple[Window, ...] = ()
    expects: Expects = "anything"
    last_booking: Reference | None = None
    confusion: int = 0
    refusals: int = 0
    asked_else: bool = False
    """The last answer asked whether there is anything else: a yes to that is none to a booking."""

    @property
    def contact(self) -> str | None:
        """Where the guest can be reached."""
        return self.email or self.phone

    def without_wish(self) -> State:
        """Everything about the guest is kept, everything about the present wish forgotten."""
        return State(
            turn=self.turn,
            language=self.language,
            name=self.name,
            email=self.email,
            phone=self.phone,
            last_booking=self.last_booking,
        )

    def wishing(self, **changes: Any) -> State:
        """A changed wish: what was offered for the old one is off the table."""
        return replace(self, **{"offers": (), "days": (), "refused": (), **changes})


def to_bytes(state: State) -> bytes:
    """Serialise for storage."""
    return orjson.dumps(state)


def from_bytes(data: bytes) -> State:
    """The inverse of `to_bytes`; raises ValueError on anything else."""
    try:
        raw = orjson.loads(data)
        held, of_day = raw["held"], raw["time_of_day"]
        return State(
            **{
                **raw,
                "candidates": tuple(raw["candidates"]),
                "people": _people(raw.get("people")),
                "windows": _windows(raw["windows"]),
                "refused": _windows(raw.get("refused", ())),
                "time_of_day": of_day
                and TimeOfDay(_time(of_day["start"]), _time(of_day["end"]) if of_day["end"] else None),
                "offers": tuple(Offer(row["id"], _plan(row["plan"])) for row in raw["offers"]),
                "days": tuple(_instant(row) for row in raw["days"]),
                "held": held
                and Held(held["hold"], _plan(held["plan"]), _instant(held["expires_at"]), held.get("contact")),
            }
        )
    except (KeyError, TypeError, orjson.JSONDecodeError) as error:
        raise ValueError(f"not a stored conversation: {type(error).__name__}") from error


def _people(row: dict[str, Any] | None) -> People:
    if row is None:
        return NOBODY
    return People(tuple(row["either"]), tuple((index, staff) for index, staff in row["parts"]))


def _windows(rows: Sequence[dict[str, Any]]) -> tuple[Window, ...]:
    return tuple(
        Window(
            _instant(row["starts_from"]),
            _instant(row["starts_before"]),
            row["exact"],
            row.get("bounds_end", False),
        )
        for row in rows
    )


def _instant(text: str) -> datetime:
    return datetime.fromisoformat(text)


def _time(text: str) -> time:
    return time.fromisoformat(text)


def _plan(raw: dict[str, Any]) -> Plan:
    return Plan(
        raw["service"],
        tuple(
            Placement(**{**row, "starts_at": _instant(row["starts_at"]), "ends_at": _instant(row["ends_at"])})
            for row in raw["placements"]
        ),
    )
