"""Conversations and transcripts on SQL; saving is compare-and-set on the version."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import bindparam, func, insert, select, update
from sqlalchemy.exc import IntegrityError

from booking_core.errors import StaleConversation
from booking_core.model.ids import ConversationId, TenantId
from booking_core.ports.conversations import StoredConversation, TranscriptLine
from integrations.sql.columns import Instant, Words
from integrations.sql.tables import conversations, messages
from integrations.sql.transaction import Transaction, insert_or_nothing

_LOAD = select(conversations.c.version, conversations.c.state).where(
    conversations.c.tenant == bindparam("of_tenant"), conversations.c.id == bindparam("of_id")
)

_REPLACE = (
    update(conversations)
    .where(
        conversations.c.tenant == bindparam("of_tenant"),
        conversations.c.id == bindparam("of_id"),
        conversations.c.version == bindparam("known_version"),
    )
    .values(
        version=bindparam("new_version"), state=bindparam("new_state"), updated_at=bindparam("now", type_=Instant)
    )
)

# Run once for each line, so that every line sees the number of the one before.
_APPEND = insert(messages).values(
    tenant=bindparam("of_tenant"),
    conversation=bindparam("of_id"),
    seq=select(func.coalesce(func.max(messages.c.seq), 0) + 1)
    .where(messages.c.tenant == bindparam("of_tenant"), messages.c.conversation == bindparam("of_id"))
    .scalar_subquery(),
    speaker=bindparam("said_by"),
    text=bindparam("said", type_=Words),
    at=bindparam("said_at", type_=Instant),
)

_TRANSCRIPT = (
    select(messages.c.speaker, messages.c.text, messages.c.at)
    .where(messages.c.tenant == bindparam("of_tenant"), messages.c.conversation == bindparam("of_id"))
    .order_by(messages.c.seq)
)

_LATEST = select(func.max(conversations.c.updated_at))


class SqlConversations:
    """Implements ``booking_core.ports.conversations.Conversations``."""

    __slots__ = ("_tx",)

    def __init__(self, transaction: Transaction) -> None:
        """All work happens in the given transaction."""
        self._tx = transaction

    async def load(self, tenant: TenantId, conversation: ConversationId) -> StoredConversation | None:
        """The stored conversation, or None."""
        result = await self._tx.execute(_LOAD, {"of_tenant": tenant, "of_id": conversation})
        row = result.one_or_none()
        return None if row is None else StoredConversation(tenant, conversation, row.version, bytes(row.state))

    async def save(self, conversation: StoredConversation, *, now: datetime) -> None:
        """Store ``state`` as version + 1; raises StaleConversation where the stored version is another."""
        if conversation.version == 0:
            result = await self._tx.execute(
                insert_or_nothing(conversations, self._tx.postgres),
                {
                    "tenant": conversation.tenant,
                    "id": conversation.id,
                    "version": 1,
                    "state": conversation.state,
                    "updated_at": now,
                },
            )
        else:
            result = await self._tx.execute(
                _REPLACE,
                {
                    "of_tenant": conversation.tenant,
                    "of_id": conversation.id,
                    "known_version": conversation.version,
                    "new_version": conversation.version + 1,
                    "new_state": conversation.state,
                    "now": now,
                },
            )
        if result.rowcount != 1:
            raise StaleConversation

    async def append(
        self, tenant: TenantId, conversation: ConversationId, lines: Sequence[TranscriptLine]
    ) -> None:
        """Add lines to the transcript; raises StaleConversation where another process adds lines at this moment."""
        if not lines:
            return
        rows = [
            {
                "of_tenant": tenant,
                "of_id": conversation,
                "said_by": line.speaker,
                "said": line.text,
                "said_at": line.at,
            }
            for line in lines
        ]
        try:
            await self._tx.execute(_APPEND, rows)
        except IntegrityError as error:
            raise self._tx.doom(StaleConversation()) from error

    async def transcript(self, tenant: TenantId, conversation: ConversationId) -> Sequence[TranscriptLine]:
        """All lines in order; empty for an unknown conversation."""
        result = await self._tx.execute(_TRANSCRIPT, {"of_tenant": tenant, "of_id": conversation})
        return [TranscriptLine(row.speaker, row.text, row.at) for row in result]

    async def latest(self) -> datetime | None:
        """When any conversation was last saved; None where there is none."""
        found: datetime | None = (await self._tx.execute(_LATEST)).scalar_one()
        return found
