"""The way from a text to a `When`: lex, parse, weigh, resolve."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from functools import cache
from zoneinfo import ZoneInfo

from bot.understanding.when.assemble import assemble
from bot.understanding.when.clauses import mark_told
from bot.understanding.when.distractors import blank
from bot.understanding.when.english import english
from bot.understanding.when.garbled import unknown_day
from bot.understanding.when.german import german
from bot.understanding.when.grammar import Item, read
from bot.understanding.when.language import Language
from bot.understanding.when.lexer import fold, tokenize
from bot.understanding.when.model import OpeningHours, When, WhenContext
from bot.understanding.when.moments import Moment
from bot.understanding.when.resolve import Place, answer
from bot.understanding.when.short import short_answer
from bot.understanding.when.wishes import wishes

_MAKERS = {"de": german, "en": english}
_REGIONS = {"de": "DE", "en": "US"}  # whose named days are meant when no locale is known
_LONGEST = 20_000  # characters read of a message; nobody says more about one appointment
_NO_CONTEXT = WhenContext()


def understand_when(
    text: str,
    *,
    now: datetime,
    zone: ZoneInfo,
    language: str | None = None,
    locale: str | None = None,
    opening: OpeningHours | None = None,
    context: WhenContext | None = None,
) -> When:
    """What `text` says about time, seen from `now` in `zone`.

    `now` is aware, or naive local time of `zone`. `language` is "de", "en" or None (both are tried);
    `locale` (`de_DE, de_AT, de_CH, en_GB, en_US`) decides the order of numeric dates, words and
    holidays. `opening` decides the half of the day of a bare hour; `context` what a short answer
    relates to. Of a very long text only the beginning is read. Never raises on any text; one without a time gives an empty `When`.
    """
    text = text[:_LONGEST]
    aware = now.replace(tzinfo=zone) if now.tzinfo is None else now.astimezone(zone)
    code = (language or (locale or "")[:2] or "").lower()[:2]
    context = context or _NO_CONTEXT
    month_first = locale == "en_US"
    found: list[Moment] = []
    for candidate in _candidates(code, text):
        more = parse(text, candidate, context, month_first=month_first)
        if not found or _cover(more) > 2 * _cover(found):
            found, code = more, candidate.code
    if not found:
        return When()
    region = (locale or "")[-2:] if locale and len(locale) == 5 else _REGIONS[code]
    place = Place(aware, aware.replace(tzinfo=None, fold=0), zone, region, opening, context)
    return answer(found, place)


@cache
def tables(code: str) -> Language:
    """The tables of a language, made when first needed."""
    return _MAKERS[code]()


def _candidates(code: str, text: str) -> Sequence[Language]:
    """The language that was named, or all, the one whose everyday words the text has most of first."""
    if code in _MAKERS:
        return (tables(code),)
    said = set(fold(text[:400]).split())
    return sorted((tables(c) for c in _MAKERS), key=lambda x: -len(x.typical & said))


def _cover(moments: list[Moment]) -> int:
    return sum(m.end - m.start for m in moments)


def pieces(text: str, language: Language, *, month_first: bool = False) -> list[Item]:
    """The tokens and pieces of meaning of a text, before they are put together."""
    items = tokenize(text, language.lexicon, month_first=month_first)
    if language.numbers is not None:
        items = read(items, language.numbers)
    return read(read(blank(items, language), language.core), language.frame)


def parse(text: str, language: Language, context: WhenContext, *, month_first: bool = False) -> list[Moment]:
    """The wishes of a text in one language."""
    items = mark_told(pieces(text, language, month_first=month_first), language)
    moving = any(it.text in language.moving for it in items)
    moments, gaps = assemble(items, language, moving=moving)
    if not moments:
        return short_answer(items, context)
    talked = context.day is not None or bool(context.offered)
    found = wishes(moments, gaps, language, moving=moving, talked=talked)
    if any(m.date is None and m.timed for m in found) and unknown_day(items, language):
        # a clock time whose day was not understood is on no day
        return [m for m in found if m.date is not None or not m.timed]
    return found
