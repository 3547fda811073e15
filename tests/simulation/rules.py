"""What must hold after every answer, whoever says whatever: the rules of the chat's contract."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from booking_core.model.tenant import Tenant
from bot.translations import clock, long_date
from tests.simulation.guests import Move

Answer = Mapping[str, Any]

CODES = frozenset(
    [
        "greeted",
        "asked",
        "offers",
        "none_free",
        "alternatives",
        "held",
        "booked",
        "moved",
        "cancelled",
        "listed",
        "slot_taken",
        "in_past",
        "closed_day",
        "outside_hours",
        "notice_too_short",
        "beyond_horizon",
        "policy_denied",
        "ambiguous",
        "not_understood",
        "info",
        "handover",
        "refused",
        "calendar_down",
    ]
)
EXPECTS = frozenset(["service", "when", "choice", "name", "contact", "confirm", "which_booking", "anything"])
_WITH_CHOICES = frozenset({"choice", "which_booking", "confirm"})
_WITH_BOOKING = frozenset({"booked", "moved", "cancelled"})
_LOCAL = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d")
_AWARE = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d[+-]\d\d:\d\d")
_UNREADABLE = re.compile(r"[{}\[\]_]|\d{4}-\d\d-\d\d|None|\bnull\b|Traceback")
_QUOTED = re.compile(r"„[^“]*“|“[^”]*”")
_ONLY = {
    "de": re.compile(r"\b(?:Sie|Ihnen|Ihre?|bei|und|oder|für|Uhr|bitte|ich|wir|ist|nicht)\b"),
    "en": re.compile(r"\b(?:you|your|the|with|and|or|for|which|please|we|is|not|shall|what)\b"),
}
_BERLIN = ZoneInfo("Europe/Berlin")


def text_of(answer: Answer) -> str:
    """All texts of an answer."""
    return " ".join(reply["text"] for reply in answer["replies"])


def check_answer(answer: Answer, move: Move, history: Sequence[Answer], now: datetime, tenant: Tenant) -> None:
    """Raise AssertionError for an answer that breaks a rule; ``history`` are the answers before it."""
    code, expects, choices = answer["outcome"]["code"], answer["expects"], answer["choices"]
    assert code in CODES, code
    assert expects in EXPECTS, expects
    assert answer["replies"], "an answer without words"
    before = history[-1] if history else None
    if before is None:
        assert ("KI-Assistent" if answer["language"] == "de" else "AI assistant") in answer["replies"][0]["text"]
    _check_words(answer, move, before)
    _check_choices(answer, now)
    if expects in _WITH_CHOICES:
        assert choices, f"{expects} without choices"
    if expects == "confirm":
        assert [choice["id"] for choice in choices] == ["yes", "no"]
    _check_booking(answer)
    if code in _WITH_BOOKING:
        assert before is not None, f"{code} in the first answer"
        assert before["expects"] == "confirm", f"{code} after expects={before['expects']}"
        assert move.agrees, f"{code} without a yes: {move}"
    if code == "booked":
        _check_read_back(answer["booking"], history[-3:], tenant)
    if before is not None and move.kind == "later" and code == "offers":
        earliest = min((choice["start"] for choice in before["choices"] if "start" in choice), default="")
        assert all(choice["start"] > earliest for choice in choices), "later is not later"


def _check_words(answer: Answer, move: Move, before: Answer | None) -> None:
    for reply in answer["replies"]:
        text = reply["text"]
        assert text.strip(), "an empty text"
        assert not _UNREADABLE.search(_QUOTED.sub("", text)), f"not for a guest's eyes: {text!r}"
        assert "!!" not in text
    language = answer["language"]
    other = "en" if language == "de" else "de"
    strange = _ONLY[other].search(_QUOTED.sub("", text_of(answer)))
    assert strange is None, f"{strange.group()!r} in an answer in {language}" if strange else ""
    if move.language is not None:
        assert language == move.language, f"answered in {language}"
    if move.choice is not None and before is not None:
        assert language == before["language"], "a button changed the language"


def _check_choices(answer: Answer, now: datetime) -> None:
    choices = answer["choices"]
    ids = [choice["id"] for choice in choices]
    assert all(isinstance(each, str) and each for each in ids)
    assert len(set(ids)) == len(ids), f"ids come twice: {ids}"
    labels = [choice["label"] for choice in choices]
    assert all(labels), "a button without a label"
    assert len(set(labels)) == len(labels), f"two buttons look alike: {labels}"
    for choice in choices:
        if choice.get("start") is None:
            continue
        assert _LOCAL.fullmatch(choice["start"]), choice["start"]
        start = datetime.fromisoformat(choice["start"]).replace(tzinfo=_BERLIN)
        assert str(start.day) in choice["label"]
        if answer["expects"] == "choice":
            assert start > now, f"an offer in the past: {choice['label']}"
            assert clock(start, _BERLIN, answer["language"]).removesuffix(" Uhr") in choice["label"]
    requested = answer["outcome"]["requested"]
    for edge in ("start", "end"):
        if requested and requested[edge]:
            assert _LOCAL.fullmatch(requested[edge]), requested


def _check_booking(answer: Answer) -> None:
    code, booking = answer["outcome"]["code"], answer["booking"]
    if booking is None:
        assert code not in _WITH_BOOKING, f"{code} without a booking"
        return
    expected = {"booked": "confirmed", "moved": "confirmed", "cancelled": "cancelled", "held": "pending"}
    assert booking["status"] == expected.get(code), f"{code}: {booking['status']}"
    assert re.fullmatch(r"[A-Z0-9]{6}", booking["reference"])
    assert booking["reference"] in text_of(answer)
    times = [booking["start"], booking["end"]]
    times += [segment[edge] for segment in booking["segments"] for edge in ("start", "end")]
    for instant in times:
        assert _AWARE.fullmatch(instant), instant
    assert booking["segments"][0]["start"] == booking["start"]
    assert booking["segments"][-1]["end"] == booking["end"]


def _check_read_back(booking: Mapping[str, Any], history: Sequence[Answer], tenant: Tenant) -> None:
    """Service, day with date and clock time stood in the last three answers before the yes."""
    said = " ".join(text_of(answer) for answer in history)
    start = datetime.fromisoformat(booking["start"])
    service = tenant.get_service(booking["service"])
    zone = tenant.zone
    for what in (
        {service.name.to(language) for language in tenant.languages},
        {long_date(start, zone, language) for language in tenant.languages},
        {clock(start, zone, language).removesuffix(" Uhr") for language in tenant.languages},
    ):
        assert any(form in said for form in what), f"{what} was not read back"
