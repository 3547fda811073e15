"""What is kept of claims and holds in memory: cells by resource and stretch of ticks, and the indexes over them."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

from booking_core.model.ids import ConversationId, HoldId, ResourceId, TenantId
from booking_core.model.slot import Hold
from integrations.memory.tables import Table

Need = tuple[ResourceId, int]

STRETCH: Final = 288
"""Ticks that share a row: a day, long enough to be read at once and short enough to be copied when it changes."""


@dataclass(frozen=True, slots=True)
class Holder:
    """Who has a seat: a booking for good, or a conversation's hold until it expires."""

    owner: str | None = None
    hold: HoldId | None = None
    conversation: ConversationId | None = None
    expires_at: datetime | None = None

    def live(self, now: datetime) -> bool:
        """Whether the claim still counts."""
        return self.expires_at is None or self.expires_at > now


Seats = tuple[tuple[int, Holder], ...]
"""The seats of one tick that are taken, expired ones among them."""


@dataclass(slots=True)
class Cell:
    """A stretch of one resource's ticks: who has which seat, bitmaps of what lasts by seat, and the ticks that are only held.

    The bitmaps follow from the seats; they make the question what is full cheap.
    """

    seats: dict[int, Seats] = field(default_factory=dict)
    lasting: list[int] = field(default_factory=list)
    held: set[int] = field(default_factory=set)

    def copy(self) -> Cell:
        """Another one that may be changed."""
        return Cell(dict(self.seats), list(self.lasting), set(self.held))

    def put(self, tick: int, taken: Seats) -> None:
        """Replace what is taken of a tick."""
        bit = 1 << tick % STRETCH
        for seat in range(len(self.lasting)):
            self.lasting[seat] &= ~bit
        self.held.discard(tick)
        for seat, holder in taken:
            if holder.expires_at is not None:
                self.held.add(tick)
                continue
            while len(self.lasting) <= seat:
                self.lasting.append(0)
            self.lasting[seat] |= bit
        if taken:
            self.seats[tick] = taken
        else:
            self.seats.pop(tick, None)


@dataclass(frozen=True, slots=True)
class StoredHold:
    """A hold with the digest by which its guest is counted."""

    hold: Hold
    contact: str | None


class ClaimTables:
    """Rows of claims and holds with the indexes over them."""

    __slots__ = ("by_contact", "by_hold", "by_owner", "cells", "holds")

    def __init__(self) -> None:
        """Nothing is claimed."""
        self.cells: Table[tuple[TenantId, ResourceId, int], Cell] = Table()
        self.by_owner: Table[tuple[TenantId, str], frozenset[Need]] = Table()
        self.by_hold: Table[tuple[TenantId, HoldId], frozenset[Need]] = Table()
        self.holds: Table[tuple[TenantId, ConversationId], StoredHold] = Table()
        self.by_contact: Table[tuple[TenantId, str], frozenset[ConversationId]] = Table()
