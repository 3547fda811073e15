"""Wishes for whatever time there is: "egal wann" to the question when, and "wann haben Sie etwas frei?"."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from bot.understanding.intents import Said
from bot.understanding.meaning import Asked, Intent, ServiceMention, StaffMention, Topic
from bot.understanding.text import Span, pattern
from bot.understanding.when import Reading, When
from bot.understanding.when.model import Grain

_ANY = pattern(
    r"egal wann|wann (?:ist |wäre )?(?:mir )?(?:ganz |völlig |total )?(?:egal|gleich)|irgendwann|jederzeit|wann auch immer|hauptsache (?:schnell|bald)|wann (?:ihr|sie|du) (?:wollt|wollen|willst|möchten)|wann es (?:ihnen|euch|dir) passt"
    r"|any ?time|whenever|(?:don't|do not) (?:mind|care) when|doesn't matter when"
)
# To the question when, these alone say it too.
_ANY_ALONE = pattern(
    r"(?:(?:das|es|mir|ist|wäre|ja|ganz|völlig|total|eigentlich|also|hm+) )*(?:egal|gleich|wurscht|wurst|schnuppe)(?: (?:mir|bitte))*|(?:any|whatever|no preference|you choose|immer)"
    r"|(?:mir |uns )?(?:ist|passt) (?:mir |uns )?alles(?: recht)?|(?:ich bin |i'm |i am |bin )?(?:da |zeitlich |ganz |völlig |sehr |quite |very )*(?:flexibel|flexible)"
    r"|(?:i |i really )?(?:don't|do not) (?:mind|care)|(?:it |that )?(?:doesn't|does not) matter(?: to me)?|it's all the same(?: to me)?",
    whole=True,
)
_WHEN_FREE = pattern(
    r"wann…(?:frei\w*|termine?|zeit|platz|plätze|verfügbar|möglich|kommen|vorbeikommen|drankommen)"
    r"|when…(?:free|available|availability|slots?|openings?|appointments?|space|gap|come|fit me in|squeeze me in)"
)
_NEXT_FREE = pattern(
    r"(?:nächste|erste|früheste)[nrs]? (?:noch )?freie[nrs]? (?:termin|platz|zeit|uhrzeit|slot)"
    r"|(?:next|first|earliest|soonest) (?:free|available|open|possible)"
)
_NEITHER = frozenset(
    {
        Intent.CANCEL,
        Intent.MOVE,
        Intent.LIST,
        Intent.STOP,
        Intent.BYE,
        Intent.HUMAN,
        Intent.WHY,
        Intent.NO,
        Intent.OTHER,
    }
)
_NO_WISH = frozenset({Topic.POLICY, Topic.HOURS, Topic.STAFF, Topic.DURATION})
_ASKED_FOR_A_TIME = frozenset({"when", "service", "anything"})


def open_time(
    said: Said, service: ServiceMention, staff: StaffMention, asked: Asked, now: datetime
) -> tuple[When, Said]:
    """The first time there is, where no time was said and any is wished; who answers so is not unsure."""
    found = _any_time(said, service, staff, asked)
    if found is not None:
        return _from(now, found, "day"), replace(said, intents=said.intents - {Intent.UNSURE})
    if Intent.QUESTION not in said.intents or Topic.AVAILABILITY not in said.topics or _otherwise(said):
        return When(), said
    soonest = _NEXT_FREE.search(said.text)
    asking = soonest or _WHEN_FREE.search(said.text)
    if asking is None:
        return When(), said
    grain: Grain = "minute" if soonest else "day"
    # Said with nothing asked, it is about a new appointment and not about the one that was made last.
    added = {Intent.BOOK} if asked.expects == "anything" else frozenset[Intent]()
    return _from(now, asking.span(), grain), replace(said, intents=said.intents | added)


def _otherwise(said: Said) -> bool:
    return bool(said.intents & _NEITHER or _NO_WISH.intersection(said.topics))


def _any_time(said: Said, service: ServiceMention, staff: StaffMention, asked: Asked) -> Span | None:
    if asked.expects not in _ASKED_FOR_A_TIME or _otherwise(said):
        return None
    found = _ANY.search(said.text)
    if found is not None and asked.expects == "anything":
        about_a_booking = service != ServiceMention() or Intent.BOOK in said.intents
        found = found if about_a_booking or _ANY.fullmatch(said.text.strip(" .!")) else None
    if found is None and asked.expects == "when" and staff == StaffMention():
        found = _ANY_ALONE.match(said.text.strip(" .!"))
    return found.span() if found is not None else None


def _from(now: datetime, span: Span, grain: Grain) -> When:
    """From now on; to the minute is as soon as possible, to the day on any."""
    return When((Reading("open_end", now, None, grain, span, "any time", earliest=True),))
