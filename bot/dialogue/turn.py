"""The one loop: lock the conversation, load it, understand, decide, act, answer, save."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from booking_core.availability.demand import segments_by
from booking_core.errors import Conflict, IdempotencyMismatch, StaleConversation
from booking_core.model.booking import Booking
from booking_core.model.ids import ConversationId
from booking_core.model.tenant import Tenant
from booking_core.ports.clock import Clock
from booking_core.ports.conversations import StoredConversation, TranscriptLine
from booking_core.ports.idempotency import StoredAnswer
from booking_core.ports.locks import Locks
from booking_core.ports.queue import Queue
from booking_core.ports.unit_of_work import Database
from booking_core.services.booking import LIVE
from bot.dialogue import decisions
from bot.dialogue.actions import Actions
from bot.dialogue.asking import Scene
from bot.dialogue.facts import Facts
from bot.dialogue.phrases import Phrases
from bot.dialogue.policy import decide, decide_choice
from bot.dialogue.replies import info_text, offer_choices, prompt
from bot.dialogue.reply import Reply
from bot.dialogue.state import State, from_bytes, to_bytes
from bot.translations import Translations
from bot.understanding.meaning import Asked, Intent, Meaning, Topic
from bot.understanding.understand import Understander

_LOCK_WAIT_SECONDS = 20.0
_ATTEMPTS = 3
_SAYS_WHO = decisions.Search | decisions.Explain | decisions.AskWhen | decisions.AskWhichDay


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
    """The conversation's id was made for this very message, so a repetition cannot name it yet."""

    @property
    def scope(self) -> str:
        """Where the idempotency key is unique: route, tenant, and conversation once the client knows it."""
        return f"chat:{self.tenant.id}:{'' if self.started_here else self.conversation}"


Encode = Callable[[ConversationId, Reply], bytes]
"""How a door writes an answer; the bytes are kept for repeated requests."""


@dataclass(frozen=True, slots=True)
class Answered:
    """The answer's bytes; ``outcome`` None where an earlier answer was repeated."""

    body: bytes
    outcome: str | None


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

    async def handle(self, message: Message, encode: Encode) -> Answered:
        """Answer a message. Raises IdempotencyMismatch where the key came with another body before."""
        name = f"conversation:{message.tenant.id}:{message.conversation}"
        if message.started_here and message.idempotency_key is not None:
            name = f"first-message:{message.tenant.id}:{message.idempotency_key}"
        async with self.locks.holding([name], wait_seconds=_LOCK_WAIT_SECONDS):
            for attempt in range(_ATTEMPTS):
                try:
                    return await self._turn(message, encode, again=attempt > 0)
                except StaleConversation:
                    # Another process was faster. What this turn did is idempotent, so it is run again on the new state.
                    if attempt == _ATTEMPTS - 1:
                        raise
        raise AssertionError("unreachable")

    async def transcript(self, tenant: Tenant, conversation: ConversationId) -> Sequence[TranscriptLine]:
        """Everything that was said; empty for an unknown conversation."""
        async with self.database.read() as work:
            return await work.conversations.transcript(tenant.id, conversation)

    async def _turn(self, message: Message, encode: Encode, *, again: bool) -> Answered:
        now = self.clock.now()
        tenant = message.tenant
        earlier: StoredAnswer | None = None
        async with self.database.read() as work:
            if message.idempotency_key is not None:
                real_now = self.clock.real()
                earlier = await work.idempotency.find(message.scope, message.idempotency_key, now=real_now)
                if earlier is not None:
                    if earlier.fingerprint != message.fingerprint:
                        raise IdempotencyMismatch()
            stored = await work.conversations.load(tenant.id, message.conversation)
            bookings = await work.bookings.list_by_conversation(tenant.id, message.conversation)
        before = from_bytes(stored.state) if stored else State()
        if earlier is not None:
            if again and before.held is None:
                # What this turn held before it found itself second is in nobody's state.
                async with self.database.write() as work:
                    await work.claims.release_hold(tenant.id, message.conversation)
            return Answered(earlier.body, None)
        live = [booking for booking in bookings if booking.status in LIVE and booking.starts_at > now]
        state, reply, said = await self._answer(before, message, live, now)
        saved = StoredConversation(
            tenant.id, message.conversation, stored.version if stored else 0, to_bytes(state)
        )
        body = encode(message.conversation, reply)
        after = self.clock.now()
        lines = [TranscriptLine("guest", said, now), *(TranscriptLine("bot", text, after) for text in reply.texts)]
        try:
            async with self.database.write() as work:
                await work.conversations.save(saved, now=after)
                await work.conversations.append(tenant.id, message.conversation, lines)
                # What the state no longer holds is free with it. A turn that was run before may have held what no state knows of.
                if state.held is None and (again or before.held is not None):
                    await work.claims.release_hold(tenant.id, message.conversation)
                if message.idempotency_key is not None:
                    answer = StoredAnswer(message.fingerprint, 200, body)
                    await work.idempotency.store(
                        message.scope, message.idempotency_key, answer, now=self.clock.real()
                    )
        except Conflict as answered:
            # The key was answered meanwhile, in another process and (without an id in the message) another conversation.
            raise StaleConversation from answered
        if reply.booking is not None:
            await self.queue.nudge()
        return Answered(body, reply.code)

    async def _answer(
        self, before: State, message: Message, live: Sequence[Booking], now: datetime
    ) -> tuple[State, Reply, str]:
        """The new state, the answer, and the guest's words (a button's label where one was pressed)."""
        tenant = message.tenant
        facts = Facts(tenant, now, live)
        meaning: Meaning | None = None
        if message.choice is not None:
            language = self._language(before, message, None)
            phrases = Phrases(self.translations, tenant, language, now)
            said = _label_of(before, message.choice, phrases)
            state, decision = decide_choice(before, message.choice, facts)
        else:
            said = message.text or ""
            meaning = self._understand(before, message, said, live, now)
            language = self._language(before, message, meaning)
            phrases = Phrases(self.translations, tenant, language, now)
            state, decision = decide(before, meaning, facts)
        state = replace(state, language=language)
        scene = Scene(message.conversation, message.door, phrases, live)
        state, reply = await self.actions.perform(state, decision, scene)
        notes = _notes(before, decision, meaning, state, phrases)
        reply = replace(reply, texts=(*notes, *reply.texts))
        return replace(state, turn=before.turn + 1), reply, said

    def _understand(
        self, state: State, message: Message, text: str, live: Sequence[Booking], now: datetime
    ) -> Meaning:
        """The message's meaning; a clock time alone is meant on the day that is being talked about."""
        tenant = message.tenant
        offered = tuple(offer.plan.starts_at for offer in state.offers)
        if state.held is not None:
            offered = (state.held.plan.starts_at,)
        asked = Asked(state.expects, _choices_on_table(state))
        language = self._language(state, message, None)

        def read(anchor: datetime | None) -> Meaning:
            day = anchor.astimezone(tenant.zone).date() if anchor else None
            return self.understander_of(tenant).understand(
                text, now=now, language=language, asked=asked, offered=offered, day=day
            )

        if state.refused and (meaning := read(state.refused[0].starts_from)).has(Intent.WHY):
            return (
                meaning  # "Warum geht 15 Uhr nicht?" is about what was refused, not about what is offered for it
            )
        if offered:
            return read(offered[0])
        if state.windows:
            return read(state.windows[0].starts_from if _one_day(state) else None)
        talked_of = state.target or state.last_booking
        booked = next((booking.starts_at for booking in live if booking.reference == talked_of), None)
        meaning = read(booked)
        # Another service is another appointment; it has nothing to do with the day of the last one.
        return read(None) if booked and meaning.service.candidates else meaning

    def _language(self, state: State, message: Message, meaning: Meaning | None) -> str:
        """The guest's words win over the talk so far, that over the hint, and that over the tenant's first language."""
        said = meaning.language if meaning else None
        for language in (said, state.language, message.language):
            if language in message.tenant.languages:
                return language
        return message.tenant.language


def fingerprint(body: bytes) -> str:
    """A digest of a request's body, to tell a repetition from another request under the same key."""
    return hashlib.sha256(body).hexdigest()


def _notes(
    before: State, decision: decisions.Decision, meaning: Meaning | None, state: State, say: Phrases
) -> list[str]:
    """What comes before the answer proper: who is speaking, a staff name we do not know, a side question."""
    notes: list[str] = []
    if before.turn == 0:
        notes.append(say.t("notice.first", salon=say.tenant.name))
    if meaning is None:
        return notes
    service = say.tenant.find_service(state.service) if state.service else None
    if meaning.staff.unknown:
        if service is not None:
            who = say.who_does(service)
            notes.append(
                say.t("staff.unknown", name=meaning.staff.unknown, service=say.service(service), staff=who)
            )
        else:
            team = say.join([member.name for member in say.tenant.staff], "and")
            notes.append(say.t("staff.unknown.team", name=meaning.staff.unknown, staff=team))
    named = meaning.staff.staff or meaning.service.candidates
    if named and service is not None and state.staff is not None and isinstance(decision, _SAYS_WHO):
        if len(segments_by(service, state.staff)) not in {0, len(service.segments)}:
            notes.append(say.who_does_what(service, state.staff))
    said_already = {Topic.SERVICES} if isinstance(decision, decisions.AskService) else set()
    topics = [topic for topic in meaning.topics if topic not in {Topic.AVAILABILITY, Topic.UNKNOWN, *said_already}]
    if topics and not isinstance(decision, decisions.Inform | decisions.Change | decisions.Handover):
        notes.append(info_text(topics, [service] if service else [], say))
    return notes


def _one_day(state: State) -> bool:
    first = state.windows[0]
    return (first.starts_before - first.starts_from).total_seconds() <= 25 * 3600


def _choices_on_table(state: State) -> int:
    if state.expects == "service":
        return len(state.candidates)
    if state.expects == "which_booking":
        return 9
    return len(state.offers)


def _label_of(state: State, choice: str, say: Phrases) -> str:
    """What a button said; an unknown one leaves a dash in the transcript."""
    shown = [*offer_choices(state, say), *prompt(state, say).choices]
    if state.expects == "confirm" and choice in {"yes", "no"}:
        return say.t(f"choice.{choice}")
    return next((each.label for each in shown if each.id == choice), "–")
