"""The pure half of `fermata when`: how a text was understood, for people and as JSON lines."""

from __future__ import annotations

import json
import time
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from bot.understanding.when.engine import tables, understand_when
from bot.understanding.when.model import Reading, When

_LOCALES = frozenset(("de_DE", "de_AT", "de_CH", "en_GB", "en_US"))


class BadLine(ValueError):
    """An input that cannot be answered; its message is meant for the reader."""


def explain(text: str, lang: str | None, now: datetime, zone: str, locale: str | None = None) -> str:
    """How `text` was understood: one line per reading with its span, rule and certainty.

    Raises `BadLine` for an unknown zone, language or locale.
    """
    when = understand_when(text, now=now, zone=_zone(zone), language=_language(lang), locale=_locale(locale))
    lines = [f"text:  {text}", f"now:   {now:%a %Y-%m-%d %H:%M} ({zone})"]
    if when.none:
        return "\n".join([*lines, "No time understood."])
    if when.ambiguous:
        lines.append("ambiguous: ask, or read the first back")
    if when.alternatives:
        lines.append("alternatives, in the order said")
    for number, reading in enumerate(when.readings, 1):
        lines += _describe(number, reading, text)
    return "\n".join(lines)


def _describe(number: int, r: Reading, text: str) -> list[str]:
    when = {
        "instant": f"{_long(r.start)}",
        "interval": f"{_long(r.start)}  until  {_long(r.end)}",
        "open_end": f"from {_long(r.start)} on",
        "open_start": f"until {_long(r.end)}",
    }[r.kind]
    flags = [
        f
        for f in ("past", "approximate", "dst_shifted", "dst_repeated", "bounds_end", "earliest", "repeats")
        if getattr(r, f)
    ]
    a, b = r.span
    return [
        f"{number}. {when}",
        f"   kind {r.kind}, grain {r.grain}, certainty {r.certainty:.2f}"
        + (f", {', '.join(flags)}" if flags else ""),
        f'   from {a}..{b}: "{text[a:b]}"',
        f"   rules {r.rule}",
    ]


def _long(at: datetime | None) -> str:
    return "" if at is None else f"{at:%a %Y-%m-%d %H:%M}"


def answer_jsonl(line: str, default_zone: str | None = None) -> str:
    """The answer to one JSON line, as one JSON line without a newline.

    The zone is that of the line, else `default_zone`, else the one of the locale (Europe/London for
    en_GB, otherwise Europe/Berlin). An unusable line gives `{"id": …, "error": …}`.
    """
    identity: Any = None
    try:
        try:
            asked = json.loads(line)
        except ValueError as problem:
            raise BadLine(f"not JSON: {problem}") from None
        if not isinstance(asked, dict):
            raise BadLine("a line must be a JSON object")
        identity = asked.get("id")
        return json.dumps({"id": identity, **_answer(asked, default_zone)}, ensure_ascii=False)
    except BadLine as problem:
        return json.dumps({"id": identity, "error": str(problem)}, ensure_ascii=False)


def _answer(asked: dict[str, Any], default_zone: str | None) -> dict[str, Any]:
    text = asked.get("text")
    if not isinstance(text, str):
        raise BadLine("`text` must be a string")
    locale = _locale(asked.get("locale"))
    zone = _zone(asked.get("zone") or default_zone or ("Europe/London" if locale == "en_GB" else "Europe/Berlin"))
    now = _now(asked.get("now"))
    language = _language(asked.get("lang"))
    for code in (language,) if language else ("de", "en"):
        tables(code)  # made once, not part of the time of a question
    begun = time.perf_counter_ns()
    when = understand_when(text, now=now, zone=zone, language=language, locale=locale)
    spent = (time.perf_counter_ns() - begun) // 1000
    return {**as_fields(when), "us": spent}


def as_fields(when: When) -> dict[str, Any]:
    """The fields of a JSON answer: naive local times, nulls where open or nothing was understood."""
    first = when.first
    if first is None:
        return {"start": None, "end": None, "grain": None, "kind": "none"}
    out: dict[str, Any] = {
        "start": _naive(first.start),
        "end": _naive(first.end),
        "grain": first.grain,
        "kind": first.kind,
    }
    if len(when.readings) > 1:
        out["alts"] = [[_naive(r.start), _naive(r.end)] for r in when.readings]
    if when.ambiguous:
        out["ambiguous"] = True
    if first.repeats:
        out["repeats"] = True
    return out


def _naive(at: datetime | None) -> str | None:
    return None if at is None else at.replace(tzinfo=None, microsecond=0).isoformat()


def _now(value: object) -> datetime:
    if not isinstance(value, str):
        raise BadLine("`now` must be a local time such as 2026-06-11T09:00")
    try:
        return datetime.fromisoformat(value)
    except ValueError:
        raise BadLine(f"`now` is not an ISO time: {value[:40]}") from None


def _zone(name: object) -> ZoneInfo:
    if not isinstance(name, str):
        raise BadLine("`zone` must be a string")
    try:
        return ZoneInfo(name)
    except (ValueError, OSError, KeyError):
        raise BadLine(f"unknown zone: {name[:60]}") from None


def _language(code: object) -> str | None:
    if code in (None, ""):
        return None
    if code not in ("de", "en"):
        raise BadLine(f"unknown lang: {str(code)[:20]} (de, en)")
    return str(code)


def _locale(code: object) -> str | None:
    if code in (None, ""):
        return None
    if code not in _LOCALES:
        raise BadLine(f"unknown locale: {str(code)[:20]} ({', '.join(sorted(_LOCALES))})")
    return str(code)
