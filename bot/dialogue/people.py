"""Wishes for more than one person: "bei Clara oder Ben", "Färben Anna, Schneiden Clara". Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from itertools import pairwise

from booking_core.model.ids import StaffId
from booking_core.model.service import Service
from booking_core.model.slot import Plan
from booking_core.model.tenant import Tenant
from bot.understanding.meaning import Meaning
from bot.understanding.text import Word, words_of

_OR = re.compile(
    r"\s*,?\s*(?:oder|or|bzw\.?|und|and|/)\s+(?:(?:auch|even|bei|mit|with|by|von|zu|to)\s+)*", re.IGNORECASE
)
_APART = re.compile(
    r"[.!?;\n]|\b(?:oder|or|nicht|not|kein\w*|no|statt|instead|lieber|rather|letzte\w*|last|sonst|als|than|sondern|but|aber)\b",
    re.IGNORECASE,
)
_FEW_WORDS = 10
_LONG_ENOUGH = 4


@dataclass(frozen=True, slots=True)
class People:
    """``either``: any of them will do. ``parts``: who is to do which segment."""

    either: tuple[StaffId, ...] = ()
    parts: tuple[tuple[int, StaffId], ...] = ()

    @property
    def staff(self) -> tuple[StaffId, ...]:
        """Everybody who was named."""
        return self.either or tuple(dict.fromkeys(member for _, member in self.parts))


NOBODY = People()


def people_of(meaning: Meaning, tenant: Tenant, service: Service | None) -> People:
    """Several people who were wished for; nobody where it was one, or where the words set them against each other."""
    if meaning.staff.staff is None:
        return NOBODY
    text, words = meaning.text, words_of(meaning.text)
    named = _named(meaning, words, tenant)
    if len({staff for _, staff in named}) < 2 or meaning.staff.staff not in {staff for _, staff in named}:
        return NOBODY
    between = [text[one.end : two.start] for (one, _), (two, _) in pairwise(named)]
    if all(_OR.fullmatch(gap) for gap in between):
        return People(either=tuple(dict.fromkeys(staff for _, staff in named)))
    if service is None or not service.composite or len(named) > len(service.segments):
        return NOBODY
    if any(_APART.search(gap) or len(gap.split()) > _FEW_WORDS for gap in between):
        return NOBODY
    return People(parts=_parts(named, words, service))


def _named(meaning: Meaning, words: tuple[Word, ...], tenant: Tenant) -> list[tuple[Word, StaffId]]:
    """The names of staff in a message; not the guest's own, and nobody who was ruled out."""
    own = {word.folded for word in words_of(meaning.name)} if meaning.name else set()
    by_name: dict[str, set[StaffId]] = {}
    for member in tenant.staff:
        for word in words_of(member.name):
            by_name.setdefault(word.folded, set()).add(member.id)
    found = []
    for word in words:
        staff = by_name.get(word.folded, set())
        if len(staff) == 1 and word.folded not in own and meaning.staff.excluded not in staff:
            found.append((word, next(iter(staff))))
    return found


def _parts(
    named: list[tuple[Word, StaffId]], words: tuple[Word, ...], service: Service
) -> tuple[tuple[int, StaffId], ...]:
    """Whose words before the name are those of a segment does that; the others do what is left, in the order said."""
    parts: dict[int, StaffId] = {}
    rest = []
    begin = 0
    for word, staff in named:
        before = [each.folded for each in words if begin <= each.start < word.start]
        begin = word.end
        index = next(
            (i for i in range(len(service.segments)) if i not in parts and _speaks_of(service, i, before)), None
        )
        if index is None:
            rest.append(staff)
        else:
            parts[index] = staff
    left = [index for index in range(len(service.segments)) if index not in parts]
    for place, staff in enumerate(rest):
        # The first to be named begins, the last one ends.
        index = left[-1] if place and place == len(rest) - 1 else left[place]
        parts[index] = staff
    return tuple(sorted(parts.items()))


def _speaks_of(service: Service, index: int, before: list[str]) -> bool:
    name = service.segments[index].name
    if name is None:
        return False
    own = {
        word.folded[:_LONG_ENOUGH]
        for text in name.by_language.values()
        for word in words_of(text)
        if len(word.folded) >= _LONG_ENOUGH
    }
    short = {word.folded for text in name.by_language.values() for word in words_of(text)}
    return any(word in short or word[:_LONG_ENOUGH] in own for word in before if word not in {"und", "and"})


def served_by(plan: Plan, people: People) -> bool:
    """Whether a plan is as these people were wished for."""
    if people.either:
        return any(member in people.either for member in plan.staff)
    does = {placement.segment: placement.staff for placement in plan.placements}
    return all(does.get(index) == member for index, member in people.parts)


def narrowed(service: Service, people: People) -> Service | None:
    """The service as only these people do it; None where they cannot."""
    segments = []
    for index, segment in enumerate(service.segments):
        wished = dict(people.parts).get(index)
        allowed = (wished,) if wished is not None else people.either or segment.staff
        staff = tuple(member for member in segment.staff if member in allowed)
        if not staff and people.either:
            staff = segment.staff  # somebody else has to, whoever of them begins
        if not staff:
            return None
        segments.append(replace(segment, staff=staff))
    for before, segment in pairwise(segments):
        if segment.same_staff == "required" and not set(before.staff) & set(segment.staff):
            return None
    if people.either and not set(people.either) & set(service.staff()):
        return None
    return replace(service, segments=tuple(segments))
