"""The whole understanding of one message: contacts, name, staff, service, intents and time, in that order.

Each reader blanks what it has claimed, so that "Frau Mai" is no month and "Herr Färber" no service. Pure and deterministic.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime

from booking_core.model.hours import WeeklyHours
from booking_core.model.tenant import Tenant
from bot.understanding.contacts import Contacts, find_contacts
from bot.understanding.intents import IntentReader, Said
from bot.understanding.language import LanguageDetector
from bot.understanding.meaning import Asked, Intent, Meaning, ServiceMention, StaffMention, Topic
from bot.understanding.names import NameReader
from bot.understanding.services import ServiceMatcher
from bot.understanding.staff import StaffMatcher
from bot.understanding.text import Span, clean, lower, mask, overlaps
from bot.understanding.when import Expects, OpeningHours, When, WhenContext, understand_when

_ASKS_ABOUT_TIME = frozenset({Topic.HOURS, Topic.POLICY})
_NOT_A_BOOKING = frozenset({Intent.MOVE, Intent.CANCEL, Intent.LIST, Intent.STOP, Intent.BYE})
_TAKES_UP = frozenset(
    {Intent.YES, Intent.LATER, Intent.EARLIER, Intent.OTHER, Intent.CANCEL, Intent.MOVE, Intent.STOP}
)


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
    ) -> Meaning:
        """What `text` means.

        `now` is aware, or naive local time of the tenant. `language` is that of the conversation so far, for words that
        both languages share. `asked` is what the bot asked last, `offered` the aware times on the table in the order
        said, `day` the day under discussion. Never raises on any text.
        """
        cleaned = clean(text)
        contacts = find_contacts(cleaned, country=self._country, expected=asked.expects == "contact")
        name = self._names.find(cleaned, asked=asked, contacts=contacts.spans)
        taken: tuple[Span, ...] = contacts.spans if name.span is None else (*contacts.spans, name.span)
        staff = self._staff.find(cleaned, taken=taken)
        service = self._services.find(cleaned, asked=asked, taken=(*taken, *staff.spans))
        spoken = mask(cleaned, taken)
        detected = self._languages.detect(spoken)
        said = self._intents.read(lower(spoken), asked=asked)
        when = self._when(
            mask(spoken, (*staff.spans, *service.spans)),
            now=now,
            language=detected or language,
            asked=asked,
            offered=offered,
            day=day,
        )
        when = _without_ordinal(when, said)
        mention = service.mention
        if asked.expects == "service" and _nothing_else(mention, staff.mention, said, when, contacts, name.name):
            mention = ServiceMention(unknown=self._services.unknown_answer(cleaned))
        intents, topics, when = _together(said, mention, staff.mention, when, asked, name.name)
        return Meaning(
            text=text,
            language=detected,
            intents=intents,
            topics=topics,
            service=mention,
            staff=staff.mention,
            when=when,
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
    ) -> When:
        expects: Expects = "any"
        if asked.expects == "choice" or (asked.expects == "when" and day is not None):
            expects = "time"
        elif asked.expects == "when":
            expects = "day"
        return understand_when(
            text,
            now=now,
            zone=self._zone,
            language=language,
            opening=self._opening,
            context=WhenContext(expects=expects, offered=offered, day=day),
        )


def opening_hours(hours: WeeklyHours) -> OpeningHours:
    """A tenant's weekly hours as the time engine takes them."""
    return OpeningHours(
        {
            weekday: tuple((wall.start, wall.end) for wall in walls)
            for weekday, walls in hours.by_weekday.items()
            if walls
        }
    )


def _without_ordinal(when: When, said: Said) -> When:
    """A place among the offers ("den zweiten", "2") is no date or hour as well."""
    if said.ordinal is None or said.ordinal_span is None:
        return when
    kept = tuple(reading for reading in when.readings if not overlaps(reading.span, said.ordinal_span))
    return when if len(kept) == len(when.readings) else replace(When(), readings=kept)


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


def _together(
    said: Said, service: ServiceMention, staff: StaffMention, when: When, asked: Asked, name: str | None
) -> tuple[frozenset[Intent], tuple[Topic, ...], When]:
    """What only the parts together tell: a wish to book, a correction, a question about free times."""
    intents, topics = set(said.intents), list(said.topics)
    named = service != ServiceMention()
    if Intent.BYE in intents and asked.expects not in {"when", "choice", "confirm"} and not named:
        when = When()
    content = not when.none or named or staff != StaffMention()
    if service.unknown is not None and Intent.QUESTION in intents and Topic.SERVICES not in topics and not topics:
        topics.append(Topic.SERVICES)
    if (
        Intent.QUESTION in intents
        and not topics
        and not intents & {Intent.WHY, Intent.MOVE, Intent.CANCEL, Intent.LIST}
        and (not when.none or staff != StaffMention())
    ):
        topics.append(Topic.AVAILABILITY)
    if said.open_question and not topics and not named and when.none and not intents & _TAKES_UP - {Intent.YES}:
        topics.append(Topic.UNKNOWN)
    if named and not when.none and not intents & _NOT_A_BOOKING and not _ASKS_ABOUT_TIME.intersection(topics):
        intents.add(Intent.BOOK)
    if Intent.NO in intents and (content or said.ordinal is not None) and Intent.OTHER not in intents:
        intents.add(Intent.CORRECT)
    if Intent.UNSURE in intents and (content or said.ordinal is not None) and asked.expects != "confirm":
        intents.discard(Intent.UNSURE)
    return frozenset(intents), tuple(topics), when
