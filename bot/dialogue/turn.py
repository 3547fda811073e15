"""The one loop: lock the conversation, load it, understand, decide, act, answer, save."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import datetime

from booking_core.errors import Conflict, IdempotencyMismatch, StaleConversation, TooManyHolds
from booking_core.model.booking import Booking
from booking_core.model.ids import ConversationId, Ids, RandomIds, Reference
from booking_core.model.saga import Saga, SagaKind
from booking_core.model.tenant import Tenant
from booking_core.ports.clock import Clock
from booking_core.ports.conversations import StoredConversation, TranscriptLine
from booking_core.ports.idempotency import Begun, Running, StoredAnswer
from booking_core.ports.locks import Locks
from booking_core.ports.queue import Queue
from booking_core.ports.unit_of_work import Database
from booking_core.services.booking import LIVE
from booking_core.services.idempotent import LEASE
from bot.dialogue import decisions
from bot.dialogue.actions import Actions
from bot.dialogue.asking import Scene, ask, is_idle
from bot.dialogue.facts import Facts
from bot.dialogue.message import Message
from bot.dialogue.overtaking import ANSWERS, merged, same_question
from bot.dialogue.phrases import Phrases
from bot.dialogue.policy import decide_further, decide_too_late
from bot.dialogue.reading import Reader, notes_before
from bot.dialogue.reply import Reply
from bot.dialogue.settled import Settled, find_settled, settled_text
from bot.dialogue.state import State, from_bytes, to_bytes
from bot.translations import Translations
from bot.understanding.meaning import Meaning
from bot.understanding.understand import Understander

_LOCK_WAIT_SECONDS = 20.0
_ATTEMPTS = 6

Encode = Callable[[ConversationId, Reply], bytes]
"""How a door writes an answer; the bytes are kept for repeated requests."""


@dataclass(frozen=True, slots=True)
class Answered:
    """The answer's bytes; ``outcome`` None where an earlier answer was repeated."""

    body: bytes
    outcome: str | None


@dataclass(frozen=True, slots=True)
class _Table:
    """What a turn finds when it begins; ``live`` are the conversation's bookings, ``changes`` what is under way with them."""

    version: int
    state: State
    live: Sequence[Booking]
    changes: Mapping[Reference, Saga]
    settled: Settled | None
    earlier: StoredAnswer | None


@dataclass(frozen=True, slots=True)
class _Come:
    """What a turn has come to: from which state to which, the answer, and the guest's words (the label of a pressed button)."""

    before: State
    state: State
    reply: Reply
    said: str
    began: datetime

    @property
    def lasting(self) -> bool:
        """Whether something was booked, promised, moved or cancelled: that cannot be run again on another state."""
        return self.reply.booking is not None

    @property
    def disturbs(self) -> bool:
        """Whether something was held in place of what the conversation held before."""
        return self.state.held is not None and self.state.held != self.before.held


@dataclass(frozen=True, slots=True)
class Dialogue:
    """Handles messages of all doors, one at a time per conversation."""

    database: Database
    locks: Locks
    clock: Clock
    translations: Translations
    understander_of: Callable[[Tenant], Understander]
    actions: Actions
    queue: Queue
    ids: Ids = field(default_factory=RandomIds)

    @property
    def _reader(self) -> Reader:
        return Reader(self.translations, self.understander_of)

    async def handle(self, message: Message, encode: Encode) -> Answered:
        """Answer a message. Raises IdempotencyMismatch where the key came with another body before, or is being answered."""
        name = f"conversation:{message.tenant.id}:{message.conversation}"
        if message.started_here and message.idempotency_key is not None:
            name = f"first-message:{message.tenant.id}:{message.idempotency_key}"
        async with self.locks.holding([name], wait_seconds=_LOCK_WAIT_SECONDS):
            return await self._attempts(message, encode, owner=self.ids.token())

    async def transcript(self, tenant: Tenant, conversation: ConversationId) -> Sequence[TranscriptLine]:
        """Everything that was said; empty for an unknown conversation."""
        async with self.database.read() as work:
            return await work.conversations.transcript(tenant.id, conversation)

    async def _attempts(self, message: Message, encode: Encode, *, owner: str) -> Answered:
        """Run the turn until its outcome is saved. Where another process was faster, what cannot be undone is told on its state."""
        come: _Come | None = None
        for attempt in range(_ATTEMPTS):
            table = await self._load(message)
            lasting = come is not None and come.lasting
            if (earlier := table.earlier) is not None and not (lasting and _differs(earlier, message)):
                if _differs(earlier, message):
                    raise IdempotencyMismatch()
                if come is not None and come.disturbs:
                    await self._hold_as_stored(message, table.state, table)
                return Answered(earlier.body, None)
            if come is not None and lasting:
                told = self._on_newer(come, message, table)
                if told.state.held is not None:
                    await self._hold_as_stored(message, told.state, table)
            else:
                told = come = await self._come_to(message, table, come, owner)
            try:
                return await self._save(message, table, told, encode, owner, again=attempt > 0)
            except StaleConversation:
                if attempt == _ATTEMPTS - 1:
                    raise
        raise AssertionError("unreachable")

    async def _load(self, message: Message) -> _Table:
        now, tenant = self.clock.now(), message.tenant
        earlier: StoredAnswer | None = None
        async with self.database.read() as work:
            if (key := message.idempotency_key) is not None:
                real = self.clock.real()
                earlier = await work.idempotency.find(message.scope, key, now=real)
                if earlier is None:
                    _check(await work.idempotency.find_running(message.scope, key, now=real), message)
            stored = await work.conversations.load(tenant.id, message.conversation)
            bookings = await work.bookings.list_by_conversation(tenant.id, message.conversation)
            live = [booking for booking in bookings if booking.status in LIVE and booking.starts_at > now]
            found = [(it.reference, await work.sagas.find_open(tenant.id, it.reference)) for it in live]
            state = from_bytes(stored.state) if stored else State()
            settled = await find_settled(work, tenant.id, state)
        changes = {reference: saga for reference, saga in found if saga is not None}
        return _Table(stored.version if stored else 0, state, live, changes, settled, earlier)

    async def _save(
        self, message: Message, table: _Table, come: _Come, encode: Encode, owner: str, *, again: bool
    ) -> Answered:
        tenant, state, reply = message.tenant, come.state, come.reply
        saved = StoredConversation(tenant.id, message.conversation, table.version, to_bytes(state))
        body = encode(message.conversation, reply)
        after = self.clock.now()
        said = TranscriptLine("guest", come.said, come.began)
        lines = [said, *(TranscriptLine("bot", text, after) for text in reply.texts)]
        try:
            async with self.database.write() as work:
                await work.conversations.save(saved, now=after)
                await work.conversations.append(tenant.id, message.conversation, lines)
                # What the state no longer holds is free with it. A turn that was run before may have held what no state knows of.
                if state.held is None and (again or table.state.held is not None):
                    await work.claims.release_hold(tenant.id, message.conversation)
                # Whoever has answered this key with another body meanwhile keeps it; what was done has to be told all the same.
                if (key := message.idempotency_key) is not None and table.earlier is None:
                    answer, real = StoredAnswer(message.fingerprint, 200, body), self.clock.real()
                    if not come.lasting:
                        _check(await work.idempotency.find_running(message.scope, key, now=real), message)
                    await work.idempotency.store(message.scope, key, answer, now=real)
                    if come.lasting:
                        await work.idempotency.abandon(message.scope, key, owner=owner, now=real)
        except (StaleConversation, IdempotencyMismatch):
            raise
        except Conflict as answered:
            # The key was answered meanwhile, in another process and (without an id in the message) another conversation.
            raise StaleConversation from answered
        if reply.booking is not None:
            await self.queue.nudge()
        return Answered(body, reply.code)

    async def _come_to(self, message: Message, table: _Table, earlier: _Come | None, owner: str) -> _Come:
        """Understand, decide and act; ``earlier`` is what the same turn came to on an older state, without lasting effect."""
        now, tenant, before = self.clock.now(), message.tenant, table.state
        facts = Facts(tenant, now, table.live)
        read = self._reader.read(before, message, facts)
        state, decision, say = read.state, read.decision, read.say
        notes: list[str] = []
        settled = table.settled
        if settled is not None and not isinstance(decision, decisions.Confirm):
            settled = await self._promised(tenant, before, settled)
        if settled is not None and not isinstance(decision, decisions.Confirm):
            notes.append(settled_text(settled, say))
            begun = settled.after(before)
            if isinstance(decision, decisions.Decline | decisions.Stop):
                state, decision = decide_too_late(begun, settled.kind, settled.booking.reference)
            else:
                read = self._reader.read(begun, message, facts)
                state, decision, say = read.state, read.decision, read.say
        state = replace(state, language=say.language)
        scene = Scene(message.conversation, message.door, say, table.live, table.changes)
        known = settled is not None and not isinstance(decision, decisions.Confirm)
        if earlier is not None and not known and not same_question(earlier.before, before):
            if message.choice is not None or isinstance(decision, ANSWERS):
                # Said to another question than the one that is open now.
                if earlier.disturbs:
                    await self._hold_as_stored(message, before, table)
                state, reply = ask(replace(before, language=say.language), "asked", scene)
                return _Come(before, replace(state, turn=before.turn + 1), reply, read.said, now)
        if isinstance(decision, decisions.Confirm):
            await self._begin(message, owner)
        if isinstance(decision, decisions.Confirm) and settled is not None and _is_gone(settled):
            state, reply = self.actions.cancelled(settled.after(before), settled.booking, scene)
        else:
            state, reply = await self.actions.perform(state, decision, scene)
            if (
                isinstance(decision, decisions.Confirm)
                and decision.further is not None
                and reply.booking is not None
            ):
                state, reply = await self._go_on(state, decision.further, reply, reply.booking, scene, facts)
        notes = [*notes, *notes_before(before, decision, read.meaning, state, say)]
        reply = replace(reply, texts=(*notes, *reply.texts))
        return _Come(before, replace(state, turn=before.turn + 1), reply, read.said, now)

    async def _go_on(
        self, state: State, further: Meaning, done: Reply, first: Booking, scene: Scene, facts: Facts
    ) -> tuple[State, Reply]:
        """The answer to a yes, and then to what was wished beside it."""
        others = [booking for booking in scene.bookings if booking.reference != first.reference]
        bookings = [*others, first] if first.status in LIVE else others
        state, decision = decide_further(state, further, replace(facts, bookings=bookings), first)
        state, more = await self.actions.perform(state, decision, replace(scene, bookings=bookings))
        texts = (*done.texts, *more.texts)
        return state, replace(done, texts=texts, expects=more.expects, choices=more.choices)

    def _on_newer(self, come: _Come, message: Message, table: _Table) -> _Come:
        """A turn that had an effect, on the state that another process has saved meanwhile: its answer, then what is open now."""
        booking, newer = come.reply.booking, table.state
        assert booking is not None
        state = replace(merged(come.before, come.state, newer, booking), turn=newer.turn + 1)
        reply = come.reply
        if not is_idle(state):
            say = Phrases(self.translations, message.tenant, reply.language, self.clock.now())
            scene = Scene(message.conversation, message.door, say, table.live, table.changes)
            state, question = ask(state, reply.code, scene)
            texts = (*reply.texts, *question.texts)
            reply = replace(reply, texts=texts, expects=question.expects, choices=question.choices)
        return replace(come, state=state, reply=reply)

    async def _promised(self, tenant: Tenant, state: State, settled: Settled) -> Settled | None:
        """What became of the question, once it is certain that a message follows where it is not done."""
        sagas = self.actions.booking.sagas
        for _ in range(_ATTEMPTS):
            if settled.done or settled.told:
                return settled
            _, waits = await sagas.promise(tenant.id, settled.booking.reference, settled.kind)
            if waits:
                return settled
            # It has come to something this very moment.
            async with self.database.read() as work:
                again = await find_settled(work, tenant.id, state)
            if again is None:
                return None
            settled = again
        return settled

    async def _begin(self, message: Message, owner: str) -> None:
        """Before something is done that lasts: whoever uses the same key for another message from now on is refused."""
        if (key := message.idempotency_key) is None:
            return
        real = self.clock.real()
        async with self.database.write() as work:
            found = await work.idempotency.begin(
                message.scope,
                key,
                message.fingerprint,
                owner=owner,
                token=self.ids.hold(),
                now=real,
                until=real + LEASE,
            )
        # The same message under way elsewhere does no harm: both do the same thing, and one of them answers.
        if not isinstance(found, Begun):
            _check(found, message)

    async def _hold_as_stored(self, message: Message, state: State, table: _Table) -> None:
        """What a turn held before it found itself second is in nobody's state: hold what the state says again."""
        held, tenant = state.held, message.tenant
        if held is None:
            async with self.database.write() as work:
                await work.claims.release_hold(tenant.id, message.conversation)
        elif table.settled is None:
            moving = state.target if state.task == "move" else None
            with suppress(TooManyHolds):
                await self.actions.booking.hold(
                    tenant,
                    message.conversation,
                    held.plan,
                    contact=held.contact,
                    moving=moving,
                    name=held.hold,
                )


def _differs(known: StoredAnswer | Running, message: Message) -> bool:
    return known.fingerprint != message.fingerprint


def _check(known: StoredAnswer | Running | None, message: Message) -> None:
    if known is not None and _differs(known, message):
        raise IdempotencyMismatch()


def _is_gone(settled: Settled) -> bool:
    return settled.kind is SagaKind.CANCEL and settled.done
