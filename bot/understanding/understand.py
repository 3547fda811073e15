"""The whole understanding of one message: contacts, name, staff, service, intents and time, in that order.

Each reader blanks what it has claimed, so that "Frau Mai" is no month and "Herr Färber" no service. Pure and deterministic.
"""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date, datetime

from booking_core.model.hours import WeeklyHours
from booking_core.model.tenant import Tenant
from bot.understanding.asides import asides
from bot.understanding.combine import Parts, combine
from bot.understanding.contacts import Contacts, find_contacts
from bot.understanding.intents import IntentReader, Said
from bot.understanding.language import LanguageDetector, wished_language
from bot.understanding.meaning import Asked, Intent, Meaning, ServiceMention, StaffMention, Topic
from bot.understanding.names import NameReader
from bot.understanding.open_times import open_time
from bot.understanding.services import ServiceMatcher
from bot.understanding.staff import StaffMatcher
from bot.understanding.text import Span, clean, lower, mask, outside, overlaps, words_of
from bot.understanding.two_languages import read_both
from bot.understanding.when import Expects, OpeningHours, When, WhenContext, understand_when

_GAP = "\x00"
"""Stands for what another reader has claimed: neither a word nor a space nor the end of a sentence."""
_DENIAL = re.compile(r"\b(?:nicht|keine?n?|not)\b|n't\b", re.IGNORECASE)
# "The first one", "that one" and "ein anderer Tag" name no hour, though an hour may have been asked for.
_NO_HOUR = re.compile(
    r"(?<=(?:the|ird|hat|his|ich|rst|ond|ast|ter|ier|dle|her|ext|any|ood|day) )one\b|\bein\b(?!\s+uhr\b)",
    re.IGNORECASE,
)

_ARTICLE_BEFORE = re.compile(r"\b(?:den|die|das|der|dem|einen?|eine[mr]|the|an?)\s+$", re.IGNORECASE)
_BESIDE_A_WISH = frozenset(
    {Intent.QUESTION, Intent.GREET, Intent.THANKS, Intent.YES, Intent.NO, Intent.CORRECT, Intent.HELP}
)
_SHORT_ANSWER = "answer"
"""The rule name of the time engine for answers that relate to what was offered."""


class Understander:
    """Understands messages to one tenant; built once per version of the tenant, then without state."""

    def __init__(self, tenant: Tenant) -> None:
        self._zone = tenant.zone
        self._country = tenant.country
        self._opening = opening_hours(tenant.hours)
        self._languages = LanguageDetector(tenant)
        self._staff = StaffMatcher(tenant)
        self._services = ServiceMatcher(tenant)
        self._names = NameReader(is_staff=self._staff.knows, is_service_word=self._services.is_service_word)
        self._intents = IntentReader()

    def understand(
        self,
        text: str,
        *,
        now: datetime,
        language: str,
        asked: Asked,
        offered: tuple[datetime, ...] = (),
        day: date | None = None,
        booked: datetime | None = None,
    ) -> Meaning:
        """What `text` means.

        `now` is aware, or naive local time of the tenant. `language` is that of the conversation so far, for words that
        both languages share. `asked` is what the bot asked last, `offered` the aware times on the table in the order
        said, `day` the day under discussion, `booked` the aware start of the appointment that is spoken of. Never raises
        on any text.
        """
        cleaned = clean(text)
        words = words_of(cleaned)
        contacts = find_contacts(cleaned, words, country=self._country, expected=asked.expects == "contact")
        name = self._names.find(cleaned, words, asked=asked, contacts=contacts.spans)
        taken: tuple[Span, ...] = contacts.spans if name.span is None else (*contacts.spans, name.span)
        spoken, words = mask(cleaned, taken, _GAP), outside(words, taken)
        said = self._intents.read(lower(spoken), asked=asked)
        detected = self._languages.detect(words)
        if Intent.WHY in said.intents:
            # "Warum nicht bei Anna?" asks for her, which "nicht bei Anna" does not.
            denials = tuple(match.span() for match in _DENIAL.finditer(spoken))
            spoken, words = mask(spoken, denials), outside(words, denials)
        staff = self._staff.find(spoken, words)
        service = self._services.find(mask(spoken, staff.spans, _GAP), outside(words, staff.spans), asked=asked)
        claimed = (*staff.spans, *service.spans)
        beside = asides(spoken, lower(spoken), words, claimed)
        timed = mask(spoken, (*staff.spans, *_named_only(spoken, service.spans), *beside)).replace(_GAP, " ")
        timed = _NO_HOUR.sub(_blank, timed)
        if Intent.CANCEL in said.intents:
            # "Ich kann morgen nicht kommen" is about a time that "15 Uhr geht nicht" takes out.
            timed = _DENIAL.sub(_blank, timed)
        when = self._when(
            timed,
            now=now,
            language=detected or language,
            asked=asked,
            offered=offered,
            day=day,
            booked=booked,
        )
        when = _without_ordinal(when, said)
        if when.none and said.ordinal is None:
            local = now.replace(tzinfo=self._zone) if now.tzinfo is None else now.astimezone(self._zone)
            when, said = open_time(said, service.mention, staff.mention, asked, local)
        mention = service.mention
        if asked.expects == "service" and _nothing_else(mention, staff.mention, said, when, contacts, name.name):
            mention = ServiceMention(unknown=self._services.unknown_answer(cleaned))
        parts = combine(
            said,
            mention,
            staff.mention,
            when,
            asked,
            guest=bool(contacts.spans) or name.name is not None,
            goes_on=_goes_on(timed, when),
        )
        wished = wished_language(lower(spoken))
        return Meaning(
            text=text,
            language=wished or detected,
            intents=parts.intents,
            topics=parts.topics if wished is None else _about_language(parts),
            service=parts.service,
            staff=parts.staff,
            when=parts.when,
            ordinal=said.ordinal,
            name=name.name,
            email=contacts.email,
            phone=contacts.phone,
            bad_email=contacts.bad_email,
            bad_phone=contacts.bad_phone,
            reference=contacts.reference,
        )

    def _when(
        self,
        text: str,
        *,
        now: datetime,
        language: str,
        asked: Asked,
        offered: tuple[datetime, ...],
        day: date | None,
        booked: datetime | None,
    ) -> When:
        expects: Expects = "any"
        if asked.expects == "choice" or (asked.expects == "when" and day is not None):
            expects = "time"
        elif asked.expects == "when":
            expects = "day"

        def read(spoken: str, context: WhenContext) -> When:
            return understand_when(
                text, now=now, zone=self._zone, language=spoken, opening=self._opening, context=context
            )

        when = read_both(
            text, language, WhenContext(expects=expects, offered=offered, day=day, booked=booked), read
        )
        # A bare "later" or "earlier" is an intent, not a time: how far it reaches is for the dialogue to decide.
        shifts = [r for r in when.readings if r.rule == _SHORT_ANSWER and r.kind in {"open_end", "open_start"}]
        return When() if shifts and len(shifts) == len(when.readings) else when


def _named_only(text: str, spans: tuple[Span, ...]) -> tuple[Span, ...]:
    """Spans of services with the article before them: "den Damenhaarschnitt morgen" leaves no "den morgen"."""
    found = []
    for start, end in spans:
        article = _ARTICLE_BEFORE.search(text[:start])
        found.append((article.start() if article else start, end))
    return tuple(found)


def opening_hours(hours: WeeklyHours) -> OpeningHours:
    """A tenant's weekly hours as the time engine takes them."""
    return OpeningHours(
        {
            weekday: tuple((wall.start, wall.end) for wall in walls)
            for weekday, walls in hours.by_weekday.items()
            if walls
        }
    )


def _goes_on(text: str, when: When) -> bool:
    """Whether the time stands in a sentence after a question: "Karfreitag haben Sie zu? Dann Donnerstag um 10"."""
    first = when.first
    if first is None or "?" not in text[: first.span[0]]:
        return False
    return first.time_said or "?" not in text[first.span[1] :]


def _blank(match: re.Match[str]) -> str:
    return " " * len(match.group())


def _without_ordinal(when: When, said: Said) -> When:
    """A place among the offers ("den zweiten", "2") is no date or hour as well."""
    if said.ordinal is None or said.ordinal_span is None:
        return when
    kept = tuple(reading for reading in when.readings if not overlaps(reading.span, said.ordinal_span))
    return when if len(kept) == len(when.readings) else replace(When(), readings=kept)


def _about_language(parts: Parts) -> tuple[Topic, ...]:
    """The topics of a message that wishes for a language: unknown where it wishes for nothing else."""
    topics = tuple(topic for topic in parts.topics if topic is not Topic.UNKNOWN)
    return topics if topics or parts.content or parts.intents - _BESIDE_A_WISH else (Topic.UNKNOWN,)


def _nothing_else(
    service: ServiceMention, staff: StaffMention, said: Said, when: When, contacts: Contacts, name: str | None
) -> bool:
    return (
        service == ServiceMention()
        and staff == StaffMention()
        and when.none
        and said.ordinal is None
        and not said.intents
        and not said.topics
        and not contacts.spans
        and name is None
    )
