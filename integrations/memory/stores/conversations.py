"""Conversations and transcripts in memory."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from booking_core.errors import StaleConversation
from booking_core.model.ids import ConversationId, TenantId
from booking_core.ports.conversations import StoredConversation, TranscriptLine
from integrations.memory.stores.values import in_utc, words
from integrations.memory.tables import Table, Transaction


class ConversationTables:
    """Conversations with the instant of their last saving, and transcripts."""

    __slots__ = ("conversations", "transcripts")

    def __init__(self) -> None:
        """Nobody has said anything."""
        self.conversations: Table[tuple[TenantId, ConversationId], tuple[StoredConversation, datetime]] = Table()
        self.transcripts: Table[tuple[TenantId, ConversationId], tuple[TranscriptLine, ...]] = Table()


class MemoryConversations:
    """Implements ``booking_core.ports.conversations.Conversations``."""

    __slots__ = ("_tables", "_tx")

    def __init__(self, transaction: Transaction, tables: ConversationTables) -> None:
        """All work happens in the given transaction."""
        self._tx = transaction
        self._tables = tables

    async def load(self, tenant: TenantId, conversation: ConversationId) -> StoredConversation | None:
        """The stored conversation, or None."""
        stored = self._tx.of(self._tables.conversations).get((tenant, conversation))
        return None if stored is None else stored[0]

    async def save(self, conversation: StoredConversation, *, now: datetime) -> None:
        """Store ``state`` as version + 1; raises StaleConversation where the stored version is another."""
        conversations = self._tx.of(self._tables.conversations)
        stored = conversations.get((conversation.tenant, conversation.id))
        if conversation.version != (0 if stored is None else stored[0].version):
            raise StaleConversation
        saved = replace(conversation, version=conversation.version + 1, state=bytes(conversation.state))
        conversations.put((conversation.tenant, conversation.id), (saved, in_utc(now)))

    async def append(
        self, tenant: TenantId, conversation: ConversationId, lines: Sequence[TranscriptLine]
    ) -> None:
        """Add lines to the transcript."""
        if not lines:
            return
        transcripts = self._tx.of(self._tables.transcripts)
        added = tuple(TranscriptLine(it.speaker, words(it.text) or "", in_utc(it.at)) for it in lines)
        transcripts.put((tenant, conversation), (transcripts.get((tenant, conversation)) or ()) + added)

    async def transcript(self, tenant: TenantId, conversation: ConversationId) -> Sequence[TranscriptLine]:
        """All lines in order; empty for an unknown conversation."""
        return list(self._tx.of(self._tables.transcripts).get((tenant, conversation)) or ())

    async def latest(self) -> datetime | None:
        """When any conversation was last saved; None where there is none."""
        return max((at for _, (_, at) in self._tx.of(self._tables.conversations).items()), default=None)
