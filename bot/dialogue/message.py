"""What reaches the dialogue, whatever door it came through."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

from booking_core.model.ids import ConversationId
from booking_core.model.tenant import Tenant


@dataclass(frozen=True, slots=True)
class Message:
    """One message from any door; exactly one of ``text`` and ``choice``. ``fingerprint`` identifies the request's body."""

    tenant: Tenant
    conversation: ConversationId
    door: str
    text: str | None = None
    choice: str | None = None
    language: str | None = None
    idempotency_key: str | None = None
    fingerprint: str = ""
    started_here: bool = False
    """The conversation's id was made for this very message, so a repetition cannot name it yet.

    A repetition is known by key and body alone and gets the first one's answer with its conversation: clients draw a new key for
    every message, as the key is all that tells two guests with the same first words apart.
    """

    @property
    def scope(self) -> str:
        """Where the idempotency key is unique: route, tenant, and conversation once the client knows it."""
        return f"chat:{self.tenant.id}:{'' if self.started_here else self.conversation}"


def fingerprint(body: bytes) -> str:
    """A digest of a request's body, to tell a repetition from another request under the same key."""
    return hashlib.sha256(body).hexdigest()
