"""What only the words of a message tell, beyond its meaning: a further wish, all bookings, details, rude words. Pure."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Literal

from bot.understanding.meaning import Intent, Meaning, ServiceMention, StaffMention

Detail = Literal["name", "contact"]

_ANOTHER = re.compile(
    r"\b(?:dazu|zusätzlich|zusaetzlich|außerdem|ausserdem)\b"
    r"|\bnoch (?:\w+ )?(?:eine?[nrs]?|'?nen?|zwei)\b(?! (?:stunde|moment|frage|sekunde|minute|bisschen|andere))"
    r"|\beine?[nrs]? (?:weitere|zweite)[nrs]?\b|\bauch (?:noch )?(?:eine?[n]?|für|fuer)\b"
    r"|\banother\b(?! (?:day|date|time|slot|hour|question))|\bone more\b(?! (?:thing|question|time))|\bas well\b"
    r"|\b(?:a|the) second (?:one|appointment|booking)\b|\bin addition\b|\badditionally\b|\bplus (?:an?|one)\b"
    r"|\bi(?:'d| would|'ll| will)? also (?:like|want|need|have|book|take)\b"
    r"|\balso (?:an?|one|book|need)\b|\balso for (?:my|our)\b",
    re.IGNORECASE,
)
_AND_A = re.compile(r"\b(?:und|and)(?: dann| then| bitte| please)? (?:eine?[n]?|an?)\b", re.IGNORECASE)
_BESIDE = re.compile(
    r"\b(?:dazu|zusätzlich|zusaetzlich|außerdem|ausserdem|also|as well|in addition|additionally)\b"
    r"|\b(?:für|fuer|for) (?:meine|unsere|my|our)",
    re.IGNORECASE,
)
"""Even in a question these ask for one more, not for another one instead."""
_OR = re.compile(r"\b(?:oder|or)\b", re.IGNORECASE)
_NO_FURTHER_WISH = (
    Intent.NO,
    Intent.CORRECT,
    Intent.UNSURE,
    Intent.STOP,
    Intent.WHY,
    Intent.CANCEL,
    Intent.MOVE,
    Intent.LIST,
    Intent.LATER,
    Intent.EARLIER,
)
_APPOINTMENT = re.compile(r"\b(?:termin\w*|appointments?|bookings?|buchung\w*)\b", re.IGNORECASE)

_ALL = re.compile(
    r"\bbeide[ns]?\b|\ballen?\b|\bsämtliche\b|\bboth\b|\ball (?:of )?(?:them|my|the|two|three|four)\b"
    r"|\bthem all\b|\b(?:cancel|move|reschedule) all\b|^\W*all\b(?! (?:right|good|fine|ok))",
    re.IGNORECASE,
)

_NUMBER = re.compile(
    r"\b(?:buchungs|vorgangs|termin|reservierungs)-?(?:nummer|nr|code)\b|\bbooking (?:number|reference|code|id)\b"
    r"|\b(?:confirmation|reference) (?:number|code)\b|\bmy reference\b",
    re.IGNORECASE,
)
_MISSED = re.compile(
    r"\b(?:vergessen|verloren|verlegt|nochmal|noch (?:ein)?mal|nochmals|brauche|nennen|sagen|forgot\w*|lost|again|need|tell|give)\b",
    re.IGNORECASE,
)

_NAME = r"(?:nach|vor|familien)?namen?|surname"
_CONTACT = (
    r"(?:telefon|handy|mobil|ruf)?nummer|telefon|handy|(?:e-?)?mail(?:-?adresse)?|adresse|kontaktdaten"
    r"|(?:(?:phone|mobile|telephone|contact) )?number|phone|(?:e-?mail )?address|contact details"
)
_ALTER = r"(?:ab)?änder\w*|geändert|korrigier\w*|berichtig\w*|aktualisier\w*|austauschen|chang(?:e|ed|ing)|correct|update|amend|edit"


def _altering(detail: str) -> re.Pattern[str]:
    return re.compile(
        rf"\b(?:{_ALTER})\b[^,;!?]{{0,40}}\b(?:{detail})\b|\b(?:{detail})\b[^,;!?]{{0,60}}\b(?:{_ALTER})\b",
        re.IGNORECASE,
    )


_DETAILS: tuple[tuple[Detail, re.Pattern[str]], ...] = (
    ("name", re.compile(rf"\b(?:{_NAME})\b", re.IGNORECASE)),
    ("contact", re.compile(rf"\b(?:{_CONTACT})\b", re.IGNORECASE)),
)
_ALTERED: tuple[tuple[Detail, re.Pattern[str]], ...] = (
    ("name", _altering(_NAME)),
    ("contact", _altering(_CONTACT)),
)

_RUDE = re.compile(
    r"\b(?:\w*arsch\w*|\w*schei(?:ß|ss)\w*|\w*fick\w*|leck|wichs\w*|hure\w*|fotze\w*|nutte\w*|schlampe\w*|idiot\w*|depp\w*"
    r"|verpiss\w*|kack\w*|spast\w*|missgeburt|penner|mistkerl|drecks\w*|fresse|maul|blödmann|dummkopf|trottel"
    r"|\w*fuck\w*|\w*shit\w*|bitch\w*|ass|asshole\w*|arse\w*|bastard\w*|cunt\w*|dick|dickhead\w*|wank\w*|piss\w*|moron\w*|twat\w*"
    r"|bollocks|bugger|slut\w*|whore\w*|suck\w*|screw you|shut up)\b",
    re.IGNORECASE,
)
_ADDRESSED = re.compile(r"\b(?:du|dich|mich|you)\b", re.IGNORECASE)


def wishes_another(meaning: Meaning) -> bool:
    """Whether another appointment is wished for beside the one that is talked about, and nothing is taken back."""
    if meaning.has(*_NO_FURTHER_WISH) or _OR.search(meaning.text):
        return False
    if meaning.has(Intent.QUESTION) and not _BESIDE.search(meaning.text):
        return False
    if not meaning.service.candidates and meaning.when.none and not meaning.has(Intent.BOOK):
        return False
    named = bool(meaning.service.candidates) and _AND_A.search(meaning.text) is not None
    return named or _ANOTHER.search(meaning.text) is not None


def speaks_of_an_appointment(meaning: Meaning) -> bool:
    """ "Noch ein Termin" leaves open for what, "noch einen" is one more of the same."""
    return _APPOINTMENT.search(meaning.text) is not None


def means_all(meaning: Meaning) -> bool:
    """ "Beide", "all of them"."""
    return _ALL.search(meaning.text) is not None


def asks_for_reference(meaning: Meaning) -> bool:
    """Whether the guest wants to know the number of a booking."""
    if (
        meaning.reference is not None
        or meaning.has(Intent.CANCEL, Intent.MOVE)
        or not _NUMBER.search(meaning.text)
    ):
        return False
    return meaning.has(Intent.QUESTION) or _MISSED.search(meaning.text) is not None


def named_detail(meaning: Meaning) -> Detail | None:
    """Which of the guest's details is spoken of."""
    return next((detail for detail, row in _DETAILS if row.search(meaning.text)), None)


def altered_detail(meaning: Meaning) -> Detail | None:
    """What the guest wants to have changed about themselves."""
    if meaning.has(Intent.MOVE) and speaks_of_an_appointment(meaning):
        return None
    return next((detail for detail, row in _ALTERED if row.search(meaning.text)), None)


def repeatable(meaning: Meaning) -> Meaning:
    """The meaning without unknown words that an answer had better not repeat."""
    service, staff = meaning.service, meaning.staff
    if service.unknown and (_RUDE.search(service.unknown) or _ADDRESSED.search(service.unknown)):
        service = ServiceMention(service.candidates)
    if staff.unknown and _RUDE.search(staff.unknown):
        staff = StaffMention(excluded=staff.excluded)
    return replace(meaning, service=service, staff=staff)
