"""Where conversations are kept: the dialogue's state and the transcript."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal, Protocol

from booking_core.model.ids import ConversationId, TenantId


@dataclass(frozen=True, slots=True)
class StoredConversation:
    """``state`` is opaque here; ``version`` is 0 for a conversation that does not exist yet."""

    tenant: TenantId
    id: ConversationId
    version: int
    state: bytes


@dataclass(frozen=True, slots=True)
class TranscriptLine:
    """One line as it was said."""

    speaker: Literal["guest", "bot"]
    text: str
    at: datetime


class Conversations(Protocol):
    """Saving is compare-and-set on the version."""

    async def load(self, tenant: TenantId, conversation: ConversationId) -> StoredConversation | None:
        """The stored conversation, or None."""
        ...

    async def save(self, conversation: StoredConversation, *, now: datetime) -> None:
        """Store ``state`` as version + 1; raises StaleConversation where the stored version is another."""
        ...

    async def append(
        self, tenant: TenantId, conversation: ConversationId, lines: Sequence[TranscriptLine]
    ) -> None:
        """Add lines to the transcript."""
        ...

    async def transcript(self, tenant: TenantId, conversation: ConversationId) -> Sequence[TranscriptLine]:
        """All lines in order; empty for an unknown conversation."""
        ...

    async def latest(self) -> datetime | None:
        """When any conversation was last saved; None where there is none."""
        ...
