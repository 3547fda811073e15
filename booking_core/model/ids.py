"""Identifiers as distinct types, so that a staff id is never handed in where a service id is meant."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from typing import NewType, Protocol

TenantId = NewType("TenantId", str)
ServiceId = NewType("ServiceId", str)
StaffId = NewType("StaffId", str)
ResourceId = NewType("ResourceId", str)
"""What can be claimed: ``staff:<id>`` or ``resource:<id>``."""
ConversationId = NewType("ConversationId", str)
HoldId = NewType("HoldId", str)
Reference = NewType("Reference", str)
"""A booking's public name: six characters, unique in its tenant, spoken and printed. It authorises nothing."""

# No 0/O, 1/I/L: a reference is read aloud and typed by hand.
_REFERENCE_ALPHABET = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"


def staff_resource(staff: StaffId) -> ResourceId:
    """The claimable resource of a staff member."""
    return ResourceId(f"staff:{staff}")


def equipment_resource(resource: str) -> ResourceId:
    """The claimable resource of a room or piece of equipment."""
    return ResourceId(f"resource:{resource}")


def new_reference() -> Reference:
    """A random booking reference (about 29 bits); the database refuses the rare repetition."""
    return Reference("".join(secrets.choice(_REFERENCE_ALPHABET) for _ in range(6)))


def new_hold_id() -> HoldId:
    """A random hold id; it becomes the idempotency reference of the booking made from it."""
    return HoldId(secrets.token_hex(12))


def new_conversation_id() -> ConversationId:
    """An unguessable conversation id (128 bits); it is the only key to the conversation."""
    return ConversationId("c-" + secrets.token_hex(16))


def new_alias_local_part() -> str:
    """The random local part under which the calendar knows a guest: ``c-`` and twelve lower-case characters."""
    return "c-" + secrets.token_hex(6)


class Ids(Protocol):
    """Where new identifiers come from; a simulation draws them from its seed."""

    def reference(self) -> Reference:
        """A booking's public name."""
        ...

    def hold(self) -> HoldId:
        """The id of a hold."""
        ...

    def token(self) -> str:
        """Anything that nobody else draws: a lease's owner, a journal's id."""
        ...


@dataclass(frozen=True, slots=True)
class RandomIds:
    """From the operating system's randomness."""

    def reference(self) -> Reference:
        """See ``new_reference``."""
        return new_reference()

    def hold(self) -> HoldId:
        """See ``new_hold_id``."""
        return new_hold_id()

    def token(self) -> str:
        """64 random bits."""
        return secrets.token_hex(8)
