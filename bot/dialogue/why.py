"""Why something cannot be, in words: who is away, who is busy, what is taken, which pause breaks. Pure.

Nothing is said about whose appointments stand in the way, or how long they last.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from booking_core.availability.explain import (
    DoesNotWork,
    EquipmentTaken,
    IsBusy,
    IsUnknown,
    NobodyDoesIt,
    Obstacle,
    OffGrid,
    PauseCannotBeKept,
    RuledOut,
)
from booking_core.model.interval import Interval, day_interval
from booking_core.services.offers import Wish
from booking_core.services.reasons import Reasons
from bot.dialogue.phrases import Phrases
from bot.dialogue.replies import impediment_text, window_text


def why_text(reasons: Reasons, wish: Wish, say: Phrases) -> str:
    """A whole answer: what does not work, and why. ``wish`` is what the reasons were looked for."""
    service, staff = wish.service, wish.staff
    window, obstacles = reasons.window, reasons.obstacles
    if obstacles and isinstance(obstacles[0], RuledOut):
        return impediment_text(obstacles[0].impediment, service, window, say)
    broken = next((each for each in obstacles if isinstance(each, PauseCannotBeKept)), None)
    others = [each for each in obstacles if each is not broken]
    values = {
        "service": say.service(service),
        "when": say.moment(window.starts_from) if window.exact else window_text(wish.windows, say),
        "reasons": reasons_text(others, say),
    }
    if wish.whole and staff is not None:
        values["service"] = say.t("why.whole", service=values["service"], staff=say.tenant.staff_name(staff))
    form = "exact" if window.exact else "window"
    if broken is not None:
        values["segment"] = say.segment(service, broken.segment + 1)
        values["span"] = _between(broken.starts_within, say)
        form += ".pause" if window.exact else ".later"
        return say.t(f"why.{form}" if others else f"why.{form}.bare", **values)
    if not others:
        return say.t(f"why.{form}.bare", **values)
    people = [each for each in others if isinstance(each, IsBusy | DoesNotWork | IsUnknown)]
    if service.composite and people == others and staff not in {each.staff for each in people}:
        return say.t(f"why.{form}.segment", **values, segment=say.segment(service, people[0].segment))
    return say.t(f"why.{form}", **values)


def alone_text(reasons: Reasons, say: Phrases) -> str:
    """The reasons by themselves, before it is known for what the guest wants to come."""
    window = reasons.window
    when = say.moment(window.starts_from) if window.exact else say.date_of(window.starts_from)
    return say.t("why.alone", when=when, reasons=reasons_text(reasons.obstacles, say))


def reasons_text(obstacles: Sequence[Obstacle], say: Phrases) -> str:
    """All reasons as parts of one sentence, people with the same reason together; empty without any."""
    order = [member.name for member in say.tenant.staff]
    people: dict[tuple[str, str], list[str]] = {}
    for obstacle in obstacles:
        key, staff, values = _reason(obstacle, say)
        told = people.setdefault((key, say.t(key, staff="\0", **values)), [])
        if staff and staff not in told:
            told.append(staff)
    parts = []
    for (key, template), names in people.items():
        if len(names) > 1 and say.translations.has(say.language, f"{key}.many"):
            parts.append(say.t(f"{key}.many", staff=say.join(sorted(names, key=order.index), "and")))
        else:
            parts += [template.replace("\0", name) for name in names or [""]]
    return say.join(parts, "and")


def _reason(obstacle: Obstacle, say: Phrases) -> tuple[str, str, dict[str, str]]:
    """The text's key, whom it is about, and its other values."""
    tenant = say.tenant
    match obstacle:
        case IsBusy(_, staff):
            return "why.busy", tenant.staff_name(staff), {}
        case IsUnknown(_, staff):
            return "why.unknown", tenant.staff_name(staff), {}
        case DoesNotWork(_, staff, _, True):
            return "why.off_day", tenant.staff_name(staff), {}
        case DoesNotWork(_, staff, time):
            key, values = _off(time, say)
            return key, tenant.staff_name(staff), values
        case EquipmentTaken(_, resource):
            names = {item.id: item.name.to(say.language) for item in tenant.equipment}
            return "why.equipment", "", {"name": names.get(resource, resource)}
        case NobodyDoesIt() | PauseCannotBeKept() | RuledOut():
            return "why.nobody", "", {}
        case OffGrid():
            return "why.grid", "", {}


def _off(time: Interval, say: Phrases) -> tuple[str, dict[str, str]]:
    """Before somebody's hours, after them, or in a break between two of them."""
    zone = say.tenant.zone
    day = day_interval(time.starts_at.astimezone(zone).date(), zone)
    if time.starts_at == day.starts_at:
        return "why.from", {"time": say.clock(time.ends_at)}
    if time.ends_at == day.ends_at:
        return "why.until", {"time": say.clock(time.starts_at)}
    return "why.break", {"start": say.bare_clock(time.starts_at), "end": say.clock(time.ends_at)}


def _between(starts_within: Interval, say: Phrases) -> str:
    first: datetime = starts_within.starts_at
    if first == starts_within.ends_at:
        return say.t("why.at", time=say.clock(first))
    return say.t("why.between", start=say.bare_clock(first), end=say.clock(starts_within.ends_at))
