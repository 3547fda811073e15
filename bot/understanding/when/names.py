"""Surnames and house names that are months or weekdays: "hier spricht Julia Mai", "Team Sonntag & Söhne".

A first name alone proves nothing ("bei Anna Freitag um zehn" is a wish), so a place is asked for as
well: someone introduces himself, begins or signs a message, or names a firm.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from bot.understanding.when.grammar import Item
from bot.understanding.when.language import Language, Names

_NAMES = frozenset(("dow", "adow", "mon", "amon", "season"))
_EDGES = frozenset(".,!?;")
_EDGE = Item("", {}, 0, 0)


def blank_names(items: list[Item], language: Language) -> None:
    """Empties the months and weekdays that are names."""
    names = language.names
    if names is None:
        return
    surnames = set()
    for i, item in enumerate(items):
        if _NAMES.isdisjoint(item.values):
            continue
        before = items[i - 1] if i else _EDGE
        if _is_firm(items, i, names) or _stands_alone(items, i, names):
            items[i] = replace(item, values={})
        elif _is_given(items, i, names):
            items[i : i + 2] = [replace(it, values={}) for it in items[i : i + 2]]
        elif _is_first_name(before, language) and _introduced(items, i, language):
            items[i] = replace(item, values={})
            surnames.add(item.text)
    for i, item in enumerate(items):
        if item.text in surnames and i and items[i - 1].text in names.under and "dow" in item.values:
            items[i] = replace(item, values={})  # "Auf Freitag, Peter Freitag"


def _is_firm(items: Sequence[Item], i: int, names: Names) -> bool:
    """Whether a firm is named: "Team Sonntag", "Sonntag & Söhne"."""
    before = items[i - 1] if i else _EDGE
    if before.text in names.firms_before and items[i].upper:
        return True
    after = [it.text for it in items[i + 1 : i + 3]]
    return len(after) == 2 and after[0] in names.firms_after and after[1] in names.partners


def _stands_alone(items: Sequence[Item], i: int, names: Names) -> bool:
    """Whether a name begins or signs a message without any other: "Hier Freitag, …", "… Grüße, Jan"."""
    before = [it.text for it in items[max(i - 2, 0) : i]]
    after = items[i + 1].text if i + 1 < len(items) else ""
    if before == [names.here]:
        return after == ","
    if "mon" not in items[i].values and "amon" not in items[i].values:
        return False
    signed = (before[-1:] == [","] and before[0] in names.closings) or (
        before[-1:] and before[-1] in names.closings
    )
    return bool(signed) and (not after or (after in _EDGES and i + 2 >= len(items)))


def _is_given(items: Sequence[Item], i: int, names: Names) -> bool:
    """Whether a month is the first name of who speaks or signs: "August Miller, M I …"."""
    item = items[i]
    after = items[i + 1] if i + 1 < len(items) else _EDGE
    if item.text not in names.given or not (item.upper and after.upper and after.text.isalpha()):
        return False
    # "my name's June March": both are names
    before_name = i > 0 and items[i - 1].text in names.announced_by and not _NAMES.isdisjoint(after.values)
    if after.values and not before_name:
        return False
    if before_name:
        return True
    closing = items[i + 2].text if i + 2 < len(items) else ""
    before = items[i - 1].text if i else ""
    opens = (
        before == "" or before in _EDGES or before in names.greetings or before in names.announced_by | names.under
    )
    return opens and (closing == "" or closing in _EDGES or closing in names.speaking)


def _is_first_name(item: Item, language: Language) -> bool:
    known = language.names is not None and item.text in language.names.first
    return known or (item.upper and not item.values and item.text.isalpha())


def _introduced(items: Sequence[Item], i: int, language: Language) -> bool:
    """Whether the name that ends at `i` is where people say who they are."""
    names = language.names
    if names is None:
        return False
    lead = [it.text for it in items[max(i - 5, 0) : i - 1]]
    while lead and lead[-1] in names.between:
        lead.pop()
    if len(lead) > 1 and (lead[-2], lead[-1]) in names.introduced_by:
        return True
    if lead and lead[-1] in names.announced_by:
        return True
    if items[i - 1].text not in names.first:
        return False
    after = items[i + 1].text if i + 1 < len(items) else ""
    opens = not lead or lead[-1] in _EDGES or lead[-1] in names.greetings
    signs = after == "" or (after in _EDGES and i + 2 >= len(items))
    return opens and (signs or after in names.speaking or (after == "," and _speaks(items, i + 2, language)))


def _speaks(items: Sequence[Item], at: int, language: Language) -> bool:
    return at < len(items) and language.names is not None and items[at].text in language.names.speaking
