"""Reading a message: which language, what it means, what is to be done about it, and what has to be said beside that. Pure."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from booking_core.availability.demand import segments_by
from booking_core.model.booking import Booking
from booking_core.model.tenant import Tenant
from bot.dialogue import decisions
from bot.dialogue.days import with_day_numbers
from bot.dialogue.facts import Facts
from bot.dialogue.message import Message
from bot.dialogue.phrases import Phrases
from bot.dialogue.pointing import described_booking
from bot.dialogue.policy import decide, decide_choice
from bot.dialogue.replies import info_text, offer_choices, prompt
from bot.dialogue.state import State
from bot.translations import Translations
from bot.understanding.meaning import Asked, Intent, Meaning, StaffMention, Topic
from bot.understanding.no_such_day import no_such_day
from bot.understanding.understand import Understander
from bot.understanding.when.model import When
from bot.understanding.wording import repeatable

_ONTO = re.compile(r"\s(?:auf|to)\s", re.IGNORECASE)
"""Between the booking that is to be moved and where it is to go."""
_SAYS_WHO = decisions.Search | decisions.Explain | decisions.AskWhen | decisions.AskWhichDay


@dataclass(frozen=True, slots=True)
class Reading:
    """A message as it was read: the changed state, the decision, how to answer, the guest's own words, and (no button) their meaning."""

    state: State
    decision: decisions.Decision
    say: Phrases
    said: str
    meaning: Meaning | None = None


@dataclass(frozen=True, slots=True)
class Reader:
    """Reads messages of every tenant."""

    translations: Translations
    understander_of: Callable[[Tenant], Understander]

    def read(self, state: State, message: Message, facts: Facts) -> Reading:
        """The message as it is meant in this state."""
        tenant = message.tenant
        if message.choice is not None:
            say = Phrases(self.translations, tenant, _language(state, message, None), facts.now)
            said = _label_of(state, message.choice, say, facts.bookings)
            return Reading(*decide_choice(state, message.choice, facts), say, said)
        said = message.text or ""
        meaning = repeatable(self._understand(state, message, said, facts.bookings, facts.now))
        say = Phrases(self.translations, tenant, _language(state, message, meaning), facts.now)
        if no_such_day(said) is not None:
            # What is left of such a date is a month or nothing, and a yes beside it agrees to nothing.
            meaning = replace(meaning, when=When(), intents=meaning.intents - {Intent.YES})
        meaning, facts = self._pointed(state, message, meaning, facts)
        changed, decision = decide(state, meaning, facts)
        if isinstance(decision, decisions.NotUnderstood) and no_such_day(said) is not None:
            changed, decision = replace(changed, confusion=state.confusion), decisions.Continue()
        return Reading(changed, decision, say, said, meaning)

    def _pointed(self, state: State, message: Message, meaning: Meaning, facts: Facts) -> tuple[Meaning, Facts]:
        """Which booking a wish to move or cancel means; the rest of what was said of time is where it is to go."""
        asked = state.task if state.expects == "which_booking" else "book"
        task = "move" if meaning.has(Intent.MOVE) else "cancel" if meaning.has(Intent.CANCEL) else asked
        if task == "book" or not facts.bookings:
            return meaning, facts
        zone = message.tenant.zone

        def described(words: Meaning) -> Booking | None:
            days = [booking.starts_at.astimezone(zone).date() for booking in facts.bookings]
            today = facts.now.astimezone(zone).date()
            words = with_day_numbers(words, days, None, today=today, zone=zone)
            return described_booking(words, facts.bookings, zone)

        if task == "cancel":
            return meaning, _meaning_one(facts, described(meaning))
        for onto in reversed(list(_ONTO.finditer(meaning.text))):
            goal = self._about(state, message, meaning.text[onto.end() :], facts, None)
            if goal.when.none and goal.staff.staff is None:
                continue
            start = self._about(state, message, meaning.text[: onto.start()], facts, None)
            booking = described(start)
            if booking is None:
                return meaning, facts
            # A clock time alone is meant on the day of the booking that moves, which may be another than the last.
            words = meaning.text if start.when.none else meaning.text[onto.end() :]
            goal = self._about(state, message, words, facts, booking)
            return replace(meaning, when=goal.when), _meaning_one(facts, booking)
        if (booking := described(meaning)) is not None:
            # "Den am Samstag bei Ben verschieben" tells which it is and nothing of where it is to go.
            return replace(meaning, when=When(), staff=StaffMention()), _meaning_one(facts, booking)
        booking = described(replace(meaning, when=When()))
        return meaning, _meaning_one(facts, booking)

    def _about(self, state: State, message: Message, words: str, facts: Facts, booking: Booking | None) -> Meaning:
        """A part of a message, said of a booking or of none."""
        tenant = message.tenant
        start = booking.starts_at if booking is not None else None
        day = start.astimezone(tenant.zone).date() if start is not None else None
        meaning = self.understander_of(tenant).understand(
            words,
            now=facts.now,
            language=_language(state, message, None),
            asked=Asked("anything"),
            day=day,
            booked=start,
        )
        today = facts.now.astimezone(tenant.zone).date()
        return with_day_numbers(meaning, (), day, today=today, zone=tenant.zone)

    def _understand(
        self, state: State, message: Message, text: str, live: Sequence[Booking], now: datetime
    ) -> Meaning:
        """The message's meaning; a clock time alone is meant on the day that is being talked about."""
        tenant = message.tenant
        offered = tuple(offer.plan.starts_at for offer in state.offers)
        if state.held is not None:
            offered = (state.held.plan.starts_at,)
        asked = Asked(state.expects, _choices_on_table(state))
        language = _language(state, message, None)

        talked_of = state.target or state.last_booking or (live[0].reference if len(live) == 1 else None)
        appointment = next((booking.starts_at for booking in live if booking.reference == talked_of), None)

        def date_of(instant: datetime) -> date:
            return instant.astimezone(tenant.zone).date()

        def read(anchor: datetime | None) -> Meaning:
            day = date_of(anchor) if anchor else None
            meaning = self.understander_of(tenant).understand(
                text, now=now, language=language, asked=asked, offered=offered, day=day, booked=appointment
            )
            if anchor is None and state.windows:
                day = date_of(state.windows[0].starts_from)
            days = [date_of(offer.plan.starts_at) for offer in state.offers]
            return with_day_numbers(meaning, days, day, today=date_of(now), zone=tenant.zone)

        if state.refused and (meaning := read(state.refused[0].starts_from)).has(Intent.WHY):
            # "Warum geht 15 Uhr nicht?" is about what was refused, not about what is offered for it.
            return meaning
        if offered:
            return read(offered[0])
        if state.windows:
            return read(state.windows[0].starts_from if _one_day(state) else None)
        talked_of = state.target or state.last_booking
        booked = next((booking.starts_at for booking in live if booking.reference == talked_of), None)
        meaning = read(booked)
        # Another service is another appointment; it has nothing to do with the day of the last one.
        return read(None) if booked and meaning.service.candidates else meaning


def notes_before(
    before: State, decision: decisions.Decision, meaning: Meaning | None, state: State, say: Phrases
) -> list[str]:
    """What comes before the answer proper: who is speaking, a staff name we do not know, a side question."""
    notes: list[str] = []
    if before.turn == 0:
        notes.append(say.t("notice.first", salon=say.tenant.name))
    if meaning is None:
        return notes
    if (missing := no_such_day(meaning.text)) is not None:
        notes.append(say.t("no_such_day", day=missing.day, month=say.month(missing.month)))
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


def _language(state: State, message: Message, meaning: Meaning | None) -> str:
    """The guest's words win over the talk so far, that over the hint, and that over the tenant's first language."""
    said = meaning.language if meaning else None
    for language in (said, state.language, message.language):
        if language in message.tenant.languages:
            return language
    return message.tenant.language


def _one_day(state: State) -> bool:
    first = state.windows[0]
    return (first.starts_before - first.starts_from).total_seconds() <= 25 * 3600


def _choices_on_table(state: State) -> int:
    if state.expects == "service":
        return len(state.candidates)
    if state.expects == "which_booking":
        return 9
    return len(state.offers)


def _meaning_one(facts: Facts, booking: Booking | None) -> Facts:
    return replace(facts, meant=booking.reference if booking is not None else None)


def _label_of(state: State, choice: str, say: Phrases, bookings: Sequence[Booking]) -> str:
    """What a button said; an unknown one leaves a dash in the transcript."""
    shown = [*offer_choices(state, say), *prompt(state, say, bookings=bookings).choices]
    if state.expects == "confirm" and choice in {"yes", "no"}:
        return say.t(f"choice.{choice}")
    return next((each.label for each in shown if each.id == choice), "–")
