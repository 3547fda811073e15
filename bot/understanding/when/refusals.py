"""Which of the moments of a message are refused: "Freitag geht nicht", "except Monday", "is fully booked"."""

from __future__ import annotations

from dataclasses import replace

from bot.understanding.when import algebra as al
from bot.understanding.when.assemble import SOFT, bound_of
from bot.understanding.when.language import Language
from bot.understanding.when.moments import Gap, Moment

_ENDS = frozenset(",;.!?")

_SHORT = 4  # words of a curt answer


def mark_refusals(moments: list[Moment], gaps: list[Gap], language: Language) -> list[tuple[Moment, Gap]]:
    out = []
    count = len(moments)
    refused = [False] * count
    closed = [False] * count
    for i in range(count):
        before, after = gaps[i], gaps[i + 1]
        refused[i] = (
            moments[i].refused
            or _refused_before(before, language)
            or _refused_after(after, language, i + 1 < count)
        )
        closed[i] = _verdict(after, language, language.full) or _booked_up(before, language)
        if refused[i] and _asks(after, language) and _verdict(after, language, language.verdicts):
            refused[i], closed[i] = False, True  # "Is Friday bad for you?"
    for i in range(1, count):
        refused[i] = refused[i] or _spared(moments[i - 1], moments[i], gaps[i], gaps[i + 1], language)
    for i in range(1, count):
        # "not Monday or Tuesday", "rather Tuesday than Wednesday"
        listed = bool(gaps[i]) and all("or" in it.values or "and" in it.values for it in gaps[i])
        limited = moments[i].timed and not moments[i - 1].timed
        spared = i > 1 and _spared(moments[i - 2], moments[i - 1], gaps[i - 1], [], language)
        if listed and not limited and refused[i - 1] and (spared or _refused_before(gaps[i - 1], language)):
            refused[i] = True
        compared = [it.text for it in gaps[i] if it.text not in SOFT]
        if compared in (["als"], ["than"]) and any(it.text in language.corrections for it in gaps[i - 1]):
            refused[i] = True
    for i in range(count - 1, 0, -1):
        if (
            refused[i]
            and not refused[i - 1]
            and not (moments[i - 1].date is None and moments[i].date is not None)
            and links(gaps[i], language)[2]
            and gaps[i]
            and not any(it.text in language.passing for it in gaps[i])
            and not _refused_before(gaps[i], language)
        ):
            refused[i - 1] = True
    for i in range(count - 1, 0, -1):
        # "am Dienstag habt ihr um zwei nichts frei": day and time are one
        apart = moments[i].date is None and moments[i - 1].date is not None and not moments[i - 1].timed
        if closed[i] and apart and not _has_stop(gaps[i], language):
            closed[i - 1] = True
        day_last = moments[i - 1].date is None and moments[i].date is not None and not moments[i].timed
        if closed[i - 1] and day_last and not _has_stop(gaps[i], language):
            closed[i] = True  # "Is seven too late on Wednesday"
    for i in range(count):
        m, instead = moments[i], _said_instead(gaps[i + 1], language, i + 1 == count)
        if instead or refused[i] != m.refused:
            m = replace(m, refused=refused[i], instead=instead)
        out.append((replace(m, told="closed?") if closed[i] and not m.told else m, gaps[i]))
    return out


def _booked_up(gap: Gap, language: Language) -> bool:
    """Whether the house is said to be full on the day that follows; "I'm booked for Friday" says it of the guest."""
    at = next((k for k in range(len(gap) - 1, max(len(gap) - 4, -1), -1) if "booked_up" in gap[k].values), None)
    told = language.told
    guest = at and told is not None and gap[at - 1].text in told.persons | told.subjects
    return at is not None and not guest


def _spared(wide: Moment, day: Moment, between: Gap, after: Gap, language: Language) -> bool:
    """Whether a day is taken out of the days before it: "any day next week bar Wednesday"."""
    if wide.date is None or day.date is None or day.timed or not al.is_day(day.date):
        return False
    if al.is_day(wide.date) and not isinstance(wide.date, al.Within):
        return False  # "any Saturday this month bar the 20th" is one of several
    said = [it.text for it in between if "glue" not in it.values and it.text not in SOFT]
    if len(said) != 1:
        return False
    return said[0] in language.sparing or (
        said[0] in language.sparing_last and (not after or after[0].text in _ENDS or "or" in after[0].values)
    )


def _said_instead(gap: Gap, language: Language, final: bool) -> bool:
    """Whether the word after a moment says that it replaces another: "… the sixteenth instead"."""
    for k, item in enumerate(gap):
        if "glue" in item.values:
            continue
        if item.text not in language.instead:
            return False
        rest = [it for it in gap[k + 1 :] if "glue" not in it.values or it.text == "of"]
        return rest[0].text in _ENDS or rest[0].text in language.clause_ends if rest else final
    return False


def _asks(gap: Gap, language: Language) -> bool:
    """Whether the clause ends as a question."""
    return next((it.text for it in gap if it.text in language.clause_ends), "") == "?"


def _verdict(gap: Gap, language: Language, verdicts: frozenset[str]) -> bool:
    """Whether the words after a moment, up to the end of the clause, judge it: "… ist voll"."""
    for k, item in enumerate(gap):
        if item.text in language.clause_ends or item.text in language.why or item.text in language.refusals:
            return False
        following = gap[k + 1].text or "…" if k + 1 < len(gap) else ""
        if verdicts is language.verdicts and item.text in language.curt and following in _ENDS | {""}:
            return True
        if "full" in item.values and verdicts is language.full:
            return True
        if item.text in verdicts:
            if item.text in language.moving_to and following not in language.clause_ends | language.either:
                continue  # "zu" closes a clause, or leads on
            return following not in language.softeners
    return False


def _refused_before(gap: Gap, language: Language) -> bool:
    words = gap
    i = len(words) - 1
    steps = 0
    while i >= 0 and steps < 5:
        text = words[i].text
        if text in _ENDS or text in language.clause_ends or "and" in words[i].values:
            return False
        if text in language.excluding or "excluded" in words[i].values:
            return True
        if text in ("than", "als") and i > 0 and (words[i - 1].text in language.corrections):
            return True
        if text in ("of", "from") and i > 0 and words[i - 1].text in language.excluding:
            return True
        if text in language.refusals or "refusal" in words[i].values:
            return not (i > 0 and words[i - 1].text in language.why) and not any(
                w.text in language.softeners for w in words[i + 1 :]
            )
        if "glue" not in words[i].values and "bind" not in words[i].values and text not in language.passing:
            return False
        i -= 1
        steps += 1
    return False


def _refused_after(gap: Gap, language: Language, more: bool) -> bool:
    """Whether the words after a moment refuse it: "… geht nicht", up to the end of the clause."""
    if _verdict(gap, language, language.verdicts) or _answered_no(gap, language):
        return True
    for k, item in enumerate(gap):
        text = item.text
        if text in language.clause_ends:
            return False
        if text in language.refusals or "refusal" in item.values:
            rest = gap[k + 1 :]
            if rest and rest[0].text in language.softeners | language.verdicts:
                return False  # "isn't bad"
            # a refusal right before the next moment is about that one
            next_refused = more and all(
                ("glue" in it.values or it.text in SOFT) and "and" not in it.values for it in rest
            )
            return not next_refused or _has_stop(rest, language)
    return False


def _answered_no(gap: Gap, language: Language) -> bool:
    """ "Freitag? Wohl nicht.": a question the guest answers in a few words before going on."""
    asked = next((k for k, it in enumerate(gap) if it.text not in SOFT), len(gap))
    if asked >= len(gap) or gap[asked].text != "?":
        return False
    reply = []
    for item in gap[asked + 1 :]:
        if item.text in _ENDS:
            break
        reply.append(item.text)
    else:
        return False
    return 0 < len(reply) <= _SHORT and not language.refusals.isdisjoint(reply)


def _has_stop(gap: Gap, language: Language) -> bool:
    return any(it.text in language.clause_ends for it in gap)


def links(gap: Gap, language: Language) -> tuple[bool, bool, bool]:
    """Whether the words between two moments offer an alternative, correct, or merely list."""
    either = correcting = False
    listing = True
    for it in gap:
        if it.text in language.either or "or" in it.values:
            either = True
            listing = listing and it.text not in language.fallback and "fallback" not in it.values
        elif it.text in language.corrections or it.text in language.specifying or "fix" in it.values:
            correcting = True
            listing = False
        elif not (
            "and" in it.values
            or it.text == "-"
            or "glue" in it.values
            or it.text in SOFT
            or "bind" in it.values
            or bound_of(it.values)
        ):
            listing = False
    return either, correcting, listing
