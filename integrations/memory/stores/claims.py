"""Claims and holds in memory.

There is one writer at a time, so what was read stays true until it is written; a seat is nevertheless never given twice.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from booking_core.availability.ticks import full_of
from booking_core.errors import HoldExpired, SlotTaken, TooManyHolds
from booking_core.model.ids import ConversationId, HoldId, ResourceId, TenantId
from booking_core.model.interval import Interval
from booking_core.model.slot import Hold, Plan
from booking_core.ports.claims import HOLDS_PER_CONTACT
from booking_core.ports.mirror import Counter
from integrations.memory.stores.claim_cells import (
    STRETCH,
    Cell,
    ClaimTables,
    Holder,
    Need,
    Seats,
    StoredHold,
)
from integrations.memory.stores.values import in_utc, plan_in_utc
from integrations.memory.tables import Transaction


class MemoryClaims:
    """Implements ``booking_core.ports.claims.Claims``."""

    __slots__ = ("_tables", "_tx")

    def __init__(self, transaction: Transaction, tables: ClaimTables) -> None:
        """All work happens in the given transaction."""
        self._tx = transaction
        self._tables = tables

    async def hold(
        self,
        hold: Hold,
        *,
        contact: str | None,
        seats: Mapping[ResourceId, int],
        now: datetime,
        shared_with: str | None = None,
        at_most: int = HOLDS_PER_CONTACT,
    ) -> None:
        """Claim the union of the hold's plans in place of what its conversation held before.

        Ticks that ``shared_with`` (the booking to be moved) owns already need no claim.
        Raises TooManyHolds and changes nothing where the contact has ``at_most`` so many in other conversations, SlotTaken where a
        tick has no seat left, ValueError for a hold that needs nothing.
        """
        tenant, conversation = hold.tenant, hold.conversation
        needs = sorted({need for plan in hold.plans for need in plan.needs()})
        if not needs:
            raise ValueError("a hold needs at least one tick")
        if contact is not None:
            held_elsewhere = await self.count_holds(tenant, contact, now=now, not_conversation=conversation)
            if held_elsewhere >= at_most:
                raise TooManyHolds
        if shared_with is not None:
            owned = self._tx.of(self._tables.by_owner).get((tenant, shared_with)) or frozenset()
            needs = [need for need in needs if need not in owned]
        rivals = {
            need: [it for it in self._seats_of(tenant, need) if it[1].conversation != conversation]
            for need in needs
        }
        chosen = _choose(rivals, seats, now)
        self._drop_hold(tenant, conversation)
        self._drop_expired(tenant, rivals, now)
        expires_at = in_utc(hold.expires_at)
        self._insert(tenant, chosen, Holder(None, hold.id, conversation, expires_at))
        self._tx.of(self._tables.by_hold).put((tenant, hold.id), frozenset(needs))
        stored = replace(hold, plans=tuple(plan_in_utc(plan) for plan in hold.plans), expires_at=expires_at)
        self._tx.of(self._tables.holds).put((tenant, conversation), StoredHold(stored, contact))
        if contact is not None:
            by_contact = self._tx.of(self._tables.by_contact)
            others = by_contact.get((tenant, contact)) or frozenset()
            by_contact.put((tenant, contact), others | {conversation})
        self._tx.count(tenant, Counter.CLAIMS)

    async def find_hold(self, tenant: TenantId, conversation: ConversationId, *, now: datetime) -> Hold | None:
        """The conversation's live hold."""
        stored = self._tx.of(self._tables.holds).get((tenant, conversation))
        return None if stored is None or stored.hold.expires_at <= now else stored.hold

    async def count_holds(
        self, tenant: TenantId, contact: str, *, now: datetime, not_conversation: ConversationId | None = None
    ) -> int:
        """Live holds with this contact digest; that of ``not_conversation`` is left out."""
        holds = self._tx.of(self._tables.holds)
        found = self._tx.of(self._tables.by_contact).get((tenant, contact)) or frozenset()
        stored = (holds.get((tenant, it)) for it in found if it != not_conversation)
        return sum(it is not None and it.hold.expires_at > now for it in stored)

    async def release_hold(self, tenant: TenantId, conversation: ConversationId) -> None:
        """Give back whatever the conversation holds; nothing held is fine."""
        if self._drop_hold(tenant, conversation):
            self._tx.count(tenant, Counter.CLAIMS)

    async def commit(
        self,
        tenant: TenantId,
        hold: HoldId,
        plan: Plan,
        *,
        owner: str,
        now: datetime,
    ) -> None:
        """Turn one plan of a live hold into lasting claims of ``owner`` and give the rest back.

        Raises HoldExpired and changes nothing where the hold is gone, has run out or was never on this plan.
        The seats are those the hold has.
        """
        needs = plan.needs()
        if not needs:
            raise ValueError("a plan needs at least one tick")
        held = self._tx.of(self._tables.by_hold).get((tenant, hold)) or frozenset()
        if not needs <= held:
            raise HoldExpired
        lasting = Holder(owner=owner)
        conversation = None
        cells: dict[Need, Seats] = {}
        for need in needs:
            before = self._seats_of(tenant, need)
            mine = next(it for it in before if it[1].hold == hold)
            if not mine[1].live(now):
                raise HoldExpired
            conversation = mine[1].conversation
            cells[need] = tuple(
                (seat, lasting) if holder.hold == hold else (seat, holder) for seat, holder in before
            )
        for need, taken in cells.items():
            self._put(tenant, need, taken)
        by_owner = self._tx.of(self._tables.by_owner)
        by_owner.put((tenant, owner), (by_owner.get((tenant, owner)) or frozenset()) | needs)
        self._tx.of(self._tables.by_hold).put((tenant, hold), held - needs)
        if conversation is not None:
            self._drop_hold(tenant, conversation)
        self._tx.count(tenant, Counter.CLAIMS)

    async def claim(
        self,
        tenant: TenantId,
        needs: Iterable[tuple[ResourceId, int]],
        *,
        owner: str,
        seats: Mapping[ResourceId, int],
        now: datetime,
    ) -> None:
        """Add lasting claims for ``owner``; raises SlotTaken and changes nothing where a tick has no seat left."""
        by_owner = self._tx.of(self._tables.by_owner)
        owned = by_owner.get((tenant, owner)) or frozenset()
        missing = sorted(set(needs) - owned)
        if not missing:
            return
        found = {need: self._seats_of(tenant, need) for need in missing}
        chosen = _choose(found, seats, now)
        self._drop_expired(tenant, found, now)
        self._insert(tenant, chosen, Holder(owner=owner))
        by_owner.put((tenant, owner), owned.union(missing))
        self._tx.count(tenant, Counter.CLAIMS)

    async def release(self, tenant: TenantId, *, owner: str, keep: Iterable[tuple[ResourceId, int]] = ()) -> None:
        """Give back the lasting claims of ``owner`` except those in ``keep``."""
        by_owner = self._tx.of(self._tables.by_owner)
        owned = by_owner.get((tenant, owner)) or frozenset()
        surplus = owned.difference(keep)
        if not surplus:
            return
        for need in surplus:
            self._put(tenant, need, tuple(it for it in self._seats_of(tenant, need) if it[1].owner != owner))
        if kept := owned - surplus:
            by_owner.put((tenant, owner), kept)
        else:
            by_owner.remove((tenant, owner))
        self._tx.count(tenant, Counter.CLAIMS)

    async def full_bits(
        self,
        tenant: TenantId,
        resources: Sequence[ResourceId],
        window: Interval,
        *,
        seats: Mapping[ResourceId, int],
        now: datetime,
        not_conversation: ConversationId | None = None,
        not_owner: str | None = None,
    ) -> Mapping[ResourceId, int]:
        """Ticks with no seat left, for every asked resource (zero where all is free); bit 0 is the window's first tick."""
        ticks = window.ticks()
        if not ticks:
            return dict.fromkeys(resources, 0)
        owned: Collection[Need] = ()
        if not_owner is not None:
            owned = self._tx.of(self._tables.by_owner).get((tenant, not_owner)) or ()
        first = ticks.start - ticks.start % STRETCH
        inside = (1 << len(ticks)) - 1
        full: dict[ResourceId, int] = {}
        for resource in resources:
            taken = self._taken(tenant, resource, ticks, first, now, not_conversation)
            for need in owned:
                if need[0] == resource and need[1] in ticks:
                    for seat, holder in self._seats_of(tenant, need):
                        if holder.owner == not_owner:
                            taken[seat] &= ~(1 << need[1] - first)
            full[resource] = full_of(taken.values(), seats.get(resource, 1)) >> ticks.start - first & inside
        return full

    async def sweep(self, *, run_out: datetime) -> None:
        """Forget holds that had run out at this instant, with the claims that nobody has taken over."""
        dead = [
            key for key, stored in self._tx.of(self._tables.holds).items() if stored.hold.expires_at <= run_out
        ]
        for tenant, conversation in dead:
            self._drop_hold(tenant, conversation)

    def _taken(
        self,
        tenant: TenantId,
        resource: ResourceId,
        ticks: range,
        first: int,
        now: datetime,
        not_conversation: ConversationId | None,
    ) -> dict[int, int]:
        """Bitmaps of what is taken by seat, bit 0 being the tick ``first``."""
        cells = self._tx.of(self._tables.cells)
        taken: dict[int, int] = defaultdict(int)
        for stretch in range(first // STRETCH, (ticks.stop - 1) // STRETCH + 1):
            cell = cells.get((tenant, resource, stretch))
            if cell is None:
                continue
            for seat, bits in enumerate(cell.lasting):
                taken[seat] |= bits << stretch * STRETCH - first
            for tick in cell.held:
                for seat, holder in cell.seats[tick]:
                    held = holder.expires_at is not None and holder.expires_at > now
                    if held and (not_conversation is None or holder.conversation != not_conversation):
                        taken[seat] |= 1 << tick - first
        return taken

    def _seats_of(self, tenant: TenantId, need: Need) -> Seats:
        resource, tick = need
        cell = self._tx.of(self._tables.cells).get((tenant, resource, tick // STRETCH))
        return () if cell is None else cell.seats.get(tick, ())

    def _put(self, tenant: TenantId, need: Need, taken: Seats) -> None:
        resource, tick = need
        cells = self._tx.of(self._tables.cells)
        key = (tenant, resource, tick // STRETCH)
        cell = cells.get(key)
        if cell is None or not cells.changed(key):
            cell = Cell() if cell is None else cell.copy()
            cells.put(key, cell)
        cell.put(tick, taken)

    def _insert(self, tenant: TenantId, chosen: Iterable[tuple[Need, int]], holder: Holder) -> None:
        for need, seat in chosen:
            taken = self._seats_of(tenant, need)
            if any(other == seat for other, _ in taken):
                raise self._tx.doom(SlotTaken("the seat is taken"))
            self._put(tenant, need, (*taken, (seat, holder)))

    def _drop_hold(self, tenant: TenantId, conversation: ConversationId) -> bool:
        """Forget what a conversation holds; whether any tick became free by it."""
        holds, by_hold = self._tx.of(self._tables.holds), self._tx.of(self._tables.by_hold)
        stored = holds.get((tenant, conversation))
        if stored is None:
            return False
        hold = stored.hold.id
        needs = by_hold.get((tenant, hold)) or frozenset()
        for need in needs:
            self._put(tenant, need, tuple(it for it in self._seats_of(tenant, need) if it[1].hold != hold))
        by_hold.remove((tenant, hold))
        holds.remove((tenant, conversation))
        if stored.contact is not None:
            by_contact = self._tx.of(self._tables.by_contact)
            others = (by_contact.get((tenant, stored.contact)) or frozenset()) - {conversation}
            if others:
                by_contact.put((tenant, stored.contact), others)
            else:
                by_contact.remove((tenant, stored.contact))
        return bool(needs)

    def _drop_expired(
        self, tenant: TenantId, found: Mapping[Need, Iterable[tuple[int, Holder]]], now: datetime
    ) -> None:
        lost: dict[HoldId, set[Need]] = {}
        for need, taken in found.items():
            expired = {seat for seat, holder in taken if not holder.live(now)}
            if not expired:
                continue
            before = self._seats_of(tenant, need)
            self._put(tenant, need, tuple(it for it in before if it[0] not in expired))
            for seat, holder in before:
                if seat in expired and holder.hold is not None:
                    lost.setdefault(holder.hold, set()).add(need)
        by_hold = self._tx.of(self._tables.by_hold)
        for hold, needs in lost.items():
            by_hold.put((tenant, hold), (by_hold.get((tenant, hold)) or frozenset()) - needs)


def _choose(
    found: Mapping[Need, Iterable[tuple[int, Holder]]], seats: Mapping[ResourceId, int], now: datetime
) -> list[tuple[Need, int]]:
    """The first free seat of every need; raises SlotTaken where there is none."""
    chosen = []
    for need, rivals in found.items():
        occupied = {seat for seat, holder in rivals if holder.live(now)}
        capacity = seats.get(need[0], 1)
        # Counted, not only searched: after a capacity was lowered, claims may sit on seats above it.
        if len(occupied) >= capacity:
            raise SlotTaken(resource=need[0], tick=need[1])
        chosen.append((need, next(seat for seat in range(capacity) if seat not in occupied)))
    return chosen
