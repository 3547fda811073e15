"""What a clause is about: a wish, or something told beside it: the past, what else the guest has to do, a bill's date.

The clauses are found among the pieces of meaning, before these become moments. A piece inside a
clause that tells something is marked with what it tells; `wishes` decides what that means for it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise
from typing import Literal

from bot.understanding.when import algebra as al
from bot.understanding.when.assemble import bound_of, leads
from bot.understanding.when.garbled import mark_garbled, slipped
from bot.understanding.when.grammar import Item
from bot.understanding.when.kinds import CLOCKS, DAYS, is_time, names_day
from bot.understanding.when.language import Language, Pairs, Told

Telling = Literal[
    "",
    "past",
    "past?",
    "booked?",
    "busy",
    "busy?",
    "due",
    "leaving",
    "ending",
    "over",
    "closed?",
    "fact?",
    "dated",
    "than",
    "garbled",
]
"""What is told. With a question mark it is a wish after all if the message has no other time."""

_STOPS = frozenset(".!?;:")
_ASIDE: dict[object, Telling] = {True: "past?", "booked": "booked?"}
_SENTENCE = 16  # tokens in which a sentence has shown its verb
_REACH = 4  # tokens from "born" or "invoice" to its date


def mark_told(items: Sequence[Item], language: Language) -> list[Item]:
    """The items, those in clauses that tell something marked with what it is."""
    told = language.told
    if told is None:
        return list(items)
    out = _without_events(_without_particles(slipped(items, language), told), language)
    clauses = _clauses(out, told, language)
    for first, end in clauses:
        _mark(out, first, end, told)
    _mark_ends(out, told)
    _mark_habits(out, clauses, told)
    _mark_compared(out, language)
    for i, item in enumerate(out):
        if "slipped" in item.values:
            mark_garbled(out, i, language)
    return [
        replace(it, told=_ASIDE[it.values["aside"]]) if "aside" in it.values and not it.told else it for it in out
    ]


def _without_particles(items: Sequence[Item], told: Told) -> list[Item]:
    """ "Freitag geht aber nicht", "um drei muss ich dann weg": adverbs inside a clause begin none."""
    out = list(items)
    for i, item in enumerate(items) if told.particles else ():
        if item.text in told.particles and 0 < i < len(out) - 1:
            k = i - 1
            while k > 0 and out[k] is not items[k]:
                k -= 1  # "dann aber"
            before, after = out[k], out[i + 1]
            bound = leads(out, i) and bound_of(before.values)  # "spätestens aber morgen"
            inside = before.text in told.carriers or before.text in told.verbs
            inside = inside and after.text not in told.heads and _goes_on(out, i, told)
            if bound or inside:
                out[i] = Item("", {"glue": True}, out[i].start, out[i].end)
    return out


def _without_events(items: list[Item], language: Language) -> list[Item]:
    """ "Until my bus at two": what happens at a time that bounds the wish tells nothing beside it."""
    out = items
    for i, item in enumerate(items):
        if bound_of(item.values) not in ("until", "before"):
            continue
        k = i + 2 if i + 1 < len(items) and items[i + 1].text == "zu" else i + 1
        if k + 2 >= len(items) or items[k].text not in language.possessives:
            continue
        event = items[k + 1]
        timed = next(("time" in it.values for it in items[k + 2 : k + 5] if "glue" not in it.values), False)
        if timed and event.text.isalpha() and event.values.keys() <= {"ordnoun", "word"}:
            out[i + 1 : k + 2] = [replace(it, text="", values={"glue": True}) for it in items[i + 1 : k + 2]]
    return out


def _goes_on(items: Sequence[Item], i: int, told: Told) -> bool:
    """Whether the words after an adverb have no verb of their own, nor another day: "bin ich aber bis drei im Büro"."""
    for item in items[i + 1 : i + 1 + _SENTENCE]:
        if item.text in _STOPS or item.text == ",":
            break
        if names_day(item) or item.text in told.finite or item.text in told.verbs:
            return False
    return items[i + 1].text not in _STOPS


def _clauses(items: Sequence[Item], told: Told, language: Language) -> list[tuple[int, int]]:
    """The clauses as ranges of items: at stops, at commas after a verb, before words that open one, after a participle."""
    out = []
    first = 0
    verb = auxiliary = False
    for i, item in enumerate(items):
        text = item.text
        cut = after = False
        if text in _STOPS:
            cut = not (i and items[i - 1].text in language.titles)
        elif text == ",":
            between_times = _next_is_time(items, i) and i > 0 and is_time(items[i - 1])
            cut = verb or not between_times or _verb_after_times(items, i, told)
        elif text in told.openers or (text in told.joining and _joins(items, first, i)):
            cut = i > first and items[i - 1].text not in told.running and not _fronted(items, first, i, told)
        elif "beside" in item.values or (text in told.conditions and _next_asks(items, i, told)):
            cut = i > first
        elif "this_time" in item.values:
            cut = i > first and _next_is_time(items, i)
        elif told.verb_last and auxiliary and text.isalpha() and told.participle(text):
            after = not (i + 1 < len(items) and items[i + 1].text in told.closing)
        if cut:
            out.append((first, i))
            first, verb, auxiliary = i, False, False
        done = i > 0 and items[i - 1].text in told.subjects and text.isalpha() and told.participle(text)
        if done or text in told.past or text in told.auxiliaries or text in told.finite:
            verb = True
            auxiliary = auxiliary or text in told.auxiliaries
        if after:
            out.append((first, i + 1))
            first, verb, auxiliary = i + 1, False, False
    out.append((first, len(items)))
    return [(a, b) for a, b in out if b > a]


def _fronted(items: Sequence[Item], first: int, i: int, told: Told) -> bool:
    """ "Um drei wäre ich gern raus": a time, the verb, and what makes it the end of the appointment are one clause."""
    if not told.verb_last or not all(
        is_time(it) or "glue" in it.values or "art" in it.values or it.text == "," for it in items[first:i]
    ):
        return False
    end = next((k for k in range(i, len(items)) if items[k].text in _STOPS or items[k].text == ","), len(items))
    return _fits(_words(items[i:end]), told.leaving) or _asks_end(items[i:end], told, asks=True)


def _next_asks(items: Sequence[Item], i: int, told: Told) -> bool:
    return i + 1 < len(items) and items[i + 1].text in told.askers


def _asks_end(clause: Sequence[Item], told: Told, *, asks: bool) -> bool:
    """ "Kann ich um vier fertig sein": whether a question is about the end of the appointment."""
    said = [it.text for it in clause if it.text not in _STOPS and it.text != ","]
    at = next((k for k, (_, who) in enumerate(pairwise(said)) if who in told.askers), None)
    if at is None or (at and not asks):
        return False
    rest = frozenset(said[at + 2 :])
    return any(
        said[at] in verbs and (not between or rest & between) and rest & complements
        for verbs, between, complements in told.ending
    )


def _joins(items: Sequence[Item], first: int, i: int) -> bool:
    """Whether "and" joins clauses, not times: no time follows, or none came before."""
    return not _next_is_time(items, i) or not any(is_time(it) for it in items[first:i])


def _next_is_time(items: Sequence[Item], i: int) -> bool:
    for item in items[i + 1 : i + 4]:
        if is_time(item):
            return True
        if "glue" not in item.values and "art" not in item.values:
            return False
    return False


def _verb_after_times(items: Sequence[Item], i: int, told: Told) -> bool:
    """Whether what follows is a sentence that begins with its time: "…, morgens arbeite ich"."""
    verbs = told.finite | told.auxiliaries | told.past
    seen = False
    for item in items[i + 1 : i + 1 + 2 * _REACH]:
        if item.text in verbs:
            return seen
        if is_time(item):
            seen = True
        elif "glue" not in item.values and "art" not in item.values:
            return False
    return False


def _words(clause: Sequence[Item]) -> set[str]:
    """The words of a clause, also that which a phrase of no time stands for."""
    return {it.values.get("word", it.text) for it in clause} - {""}


def _mark(items: list[Item], first: int, end: int, told: Told) -> None:
    clause = items[first:end]
    words = _words(clause)
    _mark_documents(items, first, end, told)
    days = [it for it in clause if not DAYS.isdisjoint(it.values)]
    asks = end < len(items) and items[end].text == "?"
    if asks and told.asking.intersection(it.text for it in clause[:3]):
        _neutralise(items, first, end, told)
    lead = next((it.text for it in clause if it.text not in _STOPS and it.text != ","), "")
    if lead in told.asking:
        _open(items, first, end)
    telling: Telling = _telling(clause, words, days, told, asks=asks)
    if not telling and not words.isdisjoint(told.past) and {-1, 1} <= {_direction(it) for it in days}:
        # no comma between what was and what shall be
        telling, end = "past", next(i for i in range(first, end) if _direction(items[i]) == 1)
    if not telling:
        _mark_beside_plans(items, first, end, told)
    if telling:
        for i in range(first, end):
            if is_time(items[i]) and not items[i].told:
                items[i] = replace(items[i], told=telling)


def _mark_ends(items: list[Item], told: Told) -> None:
    """ "Um zehn kommen und um zwölf fertig sein": the time by which it shall be over, beside the one it begins at."""
    over = frozenset().union(*(done for _, _, done in told.ending))
    begun = False
    for i, item in enumerate(items):
        if CLOCKS.isdisjoint(item.values):
            continue
        beside = items[i + 1 : i + 3] if told.verb_last else items[max(i - 2, 0) : i][::-1]
        word = next((it.text for it in beside if it.text), "")  # "done by twelve"
        if begun and not item.told and word in over:
            items[i] = replace(item, told="leaving")
        begun = True


def _mark_beside_plans(items: list[Item], first: int, end: int, told: Told) -> None:
    """ "I phoned yesterday about Friday": the day in the past is only told."""
    planned = next((i for i in range(first, end) if items[i].text in told.planning), end)
    if not any(_direction(it) >= 0 for it in items[planned:end] if not DAYS.isdisjoint(it.values)):
        return
    for i in range(first, planned):
        if _direction(items[i]) == -1:
            items[i] = replace(items[i], told="past?")


def _neutralise(items: list[Item], first: int, end: int, told: Told) -> None:
    """ "Haben Sie nicht am Freitag etwas frei?" refuses nothing."""
    for i in range(first, end):
        if "asked" in items[i].values:
            items[i] = replace(items[i], values={items[i].values["asked"]: True})
    for i in range(first, end):
        if is_time(items[i]):
            return
        if items[i].text in told.negations:
            items[i] = replace(items[i], text=items[i].text + "\u0000")


def _open(items: list[Item], first: int, end: int) -> None:
    """ "Is seven too late on Friday" does not say that it is."""
    for i in range(first, end):
        if "full" in items[i].values:
            items[i] = replace(items[i], values={k: v for k, v in items[i].values.items() if k != "full"})


def _telling(clause: Sequence[Item], words: set[str], days: Sequence[Item], told: Told, *, asks: bool) -> Telling:
    directions = {_direction(it) for it in days}
    has_verb = not words.isdisjoint(told.finite)
    if directions == {0} and any(a.text in told.holding and names_day(b) for a, b in pairwise(clause)):
        return "booked?"
    if has_verb and directions and _fits(words, told.given_up):
        return "booked?"
    if directions and _fits(words, told.appointed) and words.isdisjoint(told.wishing - _appointments(told)):
        return "booked?"
    if 1 not in directions and not words.isdisjoint(told.past | told.auxiliaries | told.subjects):
        done = [w for w in words if w.isalpha() and told.participle(w)]
        past = not words.isdisjoint(told.past) or (bool(done) and not words.isdisjoint(told.auxiliaries))
        past = past or _simple_past(clause, told)
        if past and words.isdisjoint(told.planning):
            sure = -1 in directions or (
                not words.isdisjoint(told.persons) and words.isdisjoint(told.booked) and not asks
            )
            return "past" if sure else "booked?" if 0 in directions and not asks else "past?"
    if len(days) >= 2 and not words.isdisjoint(told.copulas):
        at = [i for i, it in enumerate(clause) if it in days]
        between = [
            it
            for it in clause[at[0] + 1 : at[1]]
            if it.text in told.copulas or ("glue" not in it.values and "one" not in it.values)
        ]
        if len(between) == 1 and between[0].text in told.copulas:
            return "fact?"
    if len(days) == 1 and _is_remark(clause, days[0], told):
        return "fact?"
    if directions == {-1}:
        return "past?"
    if _says_closed(clause, days, told):
        return "closed?"
    opening = [it.text for it in clause if it.text not in _STOPS and it.text != ","][:2]
    said = words
    if told.verb_last and len(opening) == 2 and opening[1] in told.persons:
        said = words - told.verbs.intersection(opening)
        words = words - {opening[0]}  # "da ich arbeite" says why
    due = has_verb and _fits(words, told.due)
    leaves = has_verb and (_fits(said, told.leaving) or (due and not words.isdisjoint(told.again)))
    timed = any(not CLOCKS.isdisjoint(it.values) for it in clause)
    if timed and _asks_end(clause, told, asks=asks):
        return "ending"
    leaves = leaves and timed
    wishing = told.wishing
    if leaves:
        wishing = wishing.difference(*(complements for _, complements in told.leaving))
    if not words.isdisjoint(wishing) or (asks and words.isdisjoint(told.persons)):
        return ""
    if leaves:
        return "leaving"
    if due:
        return "due"
    if _fits(words, told.over):
        return "over"
    if has_verb and _fits(words, told.busy):
        return "busy"
    if _fits(words, told.perhaps):
        return "busy?"
    return ""


def _appointments(told: Told) -> frozenset[str]:
    return frozenset().union(*(things for _, things in told.appointed))


def _is_remark(clause: Sequence[Item], day: Item, told: Told) -> bool:
    """Whether a clause only says which weekday the date before it is: "… , das ist glaub ich ein Dienstag"."""
    if clause[-1] is not day:
        return False
    spoken = [it for it in clause if it.text not in _STOPS and it.text != ","]
    return (
        spoken[-1] is day
        and isinstance(day.values.get("date"), al.Weekday)
        and not any(is_time(it) for it in spoken[:-2])
        and spoken[0].text in told.remarks
        and "one" in spoken[-2].values
    )


def _says_closed(clause: Sequence[Item], days: Sequence[Item], told: Told) -> bool:
    """Whether the house is said to be closed on the day that follows: "you're closed Sundays, right?"."""
    shut = next((i for i, it in enumerate(clause) if it.text in told.shut), None)
    return shut is not None and any(it in days for it in clause[shut + 1 : shut + _REACH])


def _simple_past(clause: Sequence[Item], told: Told) -> bool:
    """Whether someone did something: "I moved house in April"."""
    return any(
        a.text in told.subjects and (word := b.values.get("word", b.text)).isalpha() and told.participle(word)
        for a, b in pairwise(clause)
    )


def _fits(words: set[str], pairs: Pairs) -> bool:
    return any(
        (not finite or not words.isdisjoint(finite)) and (not complements or not words.isdisjoint(complements))
        for finite, complements in pairs
    )


def _direction(item: Item) -> int:
    """-1 if the words of a day point to the past, 1 if they point ahead, 0 if they leave it open."""
    values = item.values.get("dated", item.values)
    node = values.get("date")
    match node:
        case al.Within(outer=outer) | al.Nth(outer=outer):
            node = outer
        case al.Third(base=base) | al.Containing(base=base):
            node = base
        case _:
            pass
    match node:
        case al.Running(offset=n):
            return (n > 0) - (n < 0)
        case al.Shift(n=n, base=base):
            return ((n > 0) - (n < 0)) if base == al.TODAY else 0
        case al.Rolling(backwards=back):
            return -1 if back else 1
        case al.Weekday(mode=mode) | al.Holiday(mode=mode):
            return -1 if mode == "last" else 1 if mode in ("coming", "next", "after_next") else 0
        case _:
            return 0


def _mark_documents(items: list[Item], first: int, end: int, told: Told) -> None:
    """ "Born on 4 May", "the invoice of 3 May": a date that belongs to a thing."""
    if any(it.text in told.births for it in items[first:end]):
        for i in range(first, end):
            if not DAYS.isdisjoint(items[i].values):
                items[i] = replace(items[i], told="dated")
    for i in range(first, end):
        if items[i].text in told.dated:
            for j in range(i + 1, min(i + 1 + _REACH, len(items))):
                if not DAYS.isdisjoint(items[j].values):
                    items[j] = replace(items[j], told="dated")
                    break
                if items[j].text not in told.of and "glue" not in items[j].values:
                    break


def _mark_habits(items: list[Item], clauses: Sequence[tuple[int, int]], told: Told) -> None:
    """ "Sonst immer dienstags, diesmal Donnerstag": the day of a habit is no wish beside the one for this time."""
    now = -1
    for i, item in enumerate(items):
        if "this_time" in item.values:
            now = i
            break
    for first, end in clauses if now >= 0 else ():
        clause = items[first:end]
        habits = told.habits | told.otherwise if end <= now else told.habits
        habit = any(it.text in habits or "habit" in it.values for it in clause)
        if habit and not first <= now < end and any(names_day(it) for it in clause):
            for i in range(first, end):
                if is_time(items[i]):
                    items[i] = replace(items[i], told="past?")


def _mark_compared(items: list[Item], language: Language) -> None:
    """ "Rather Saturday than Friday": what follows "than" up to the comma is no wish, if it is of the kind before it."""
    preferring = False
    compared: set[bool] = set()  # whether days, whether times of day
    for i, item in enumerate(items):
        if item.text in _STOPS or item.text == ",":
            preferring, compared = False, set()
        elif item.text in language.corrections or item.text == "more":
            preferring = True
        elif item.text in ("als", "than") and preferring:
            compared = _kinds_before(items, i)
        elif is_time(item) and names_day(item) in compared:
            items[i] = replace(item, told="than")


def _kinds_before(items: Sequence[Item], i: int) -> set[bool]:
    kinds = set()
    for item in reversed(items[max(i - _REACH, 0) : i]):
        if is_time(item):
            kinds.add(names_day(item))
        elif kinds and "glue" not in item.values:
            break
    return kinds
