"""Whether a piece of meaning is a wish of its own beside the one before it, or a word that belongs to it."""

from __future__ import annotations

from collections.abc import Sequence

from bot.understanding.when import algebra as al
from bot.understanding.when.anchors import refuses
from bot.understanding.when.grammar import Item
from bot.understanding.when.language import Language
from bot.understanding.when.moments import Gap, Moment

_PARTING = frozenset(",.;:!?")


def is_often(gap: Gap) -> bool:
    """Whether the words right before a moment say how often it shall be: "alle zwei Wochen freitags"."""
    for item in reversed(gap):
        if "often" in item.values:
            return True
        if "glue" not in item.values:
            return False
    return False


def is_next_of_list(moments: Sequence[Moment], gaps: Sequence[Gap], m: Moment, gap: Gap) -> bool:
    """Whether "and" or a comma leads from a day with its time to another day: "Montag kann ich ab vier, Dienstag …"."""
    if len(moments) < 2 or m.date is None or not any("and" in it.values or it.text == "," for it in gap):
        return False
    day, last = moments[-2], moments[-1]
    of_one_day = day.date is not None and not day.timed and last.date is None and last.timed
    return of_one_day and not any(it.text in _PARTING for it in gaps[-1])


def is_of_list(moments: Sequence[Moment], m: Moment) -> bool:
    """Whether a day of a list is spoken of again: "Montag oder Dienstag, am Montag aber …"."""
    days = [x.date for x in moments]
    return len(days) > 1 and days[-1] is not None and m.date is not None and m.date in days


def is_day_again(item: Item, last: Moment, gap: Gap, language: Language) -> bool:
    """Whether a number that alone is no day is one beside a day of the month: "the 18th but 19th is better"."""
    node = last.date.inner if isinstance(last.date, al.Within) else last.date
    if not (isinstance(node, al.Fields) and node.day is not None) or last.timed or not gap:
        return False
    if "or" in gap[-1].values:
        return True
    return "digits_ord" in item.values and (
        gap[-1].text in language.clause_ends or gap[-1].text in language.corrections
    )


def part_of_month(last: Moment, item: Item) -> Moment | None:
    """A week of the month that was said before it: "Ende April, so die letzte Woche"."""
    base = last.date.base if isinstance(last.date, al.Third) else last.date
    if base is None or al.grain_of(base) != "month" or last.timed:
        return None
    n, unit = item.values.get("nthunit", (0, ""))
    if "lastunit" in item.values:
        n, unit = -1, item.values["lastunit"]
    if not n or unit not in ("week", "weekend"):
        return None
    return Moment(item.start, item.end, item.rules, date=al.Nth(n, al.Cycle(unit), base))


def is_said_instead(
    moments: Sequence[Moment], gaps: Sequence[Gap], m: Moment, gap: Gap, language: Language
) -> bool:
    """Whether a day follows a stretch of days that is refused: "not the weekend, Monday's better"."""
    if not moments or m.date is None or moments[-1].date is None or al.is_day(moments[-1].date):
        return False
    return refuses(gaps[-1], language) and any(it.text == "," for it in gap)
