"""English lengths of time, now, and the soonest possible. A new phrase is a row here."""

from __future__ import annotations

from bot.understanding.when import phrases as p
from bot.understanding.when.grammar import Row
from bot.understanding.when.language import Table


def rows() -> list[Row]:
    """Lengths of time."""
    t = Table("en")
    t(
        "length",
        p.duration(),
        """
        {num}|{one}|{dec} {unit}; {num}|{one} - {unit}
    """,
        weight=0,
    )
    t("length.few", p.duration(), "a? {few}|{couple} of? {unit}")
    t(
        "length.half",
        lambda a: p.duration(0.5)((a[-1],)),
        """
        half {one} {unit}; half - {one} - {unit}; {one} half {unit}; half {unit}
    """,
        weight=1,
    )
    t("length.quarter", p.const(dur=p.Duration(15, "minute")), "a? quarter of an hour", weight=2)
    t(
        "length.three",
        p.const(dur=p.Duration(45, "minute")),
        "three|3 -? quarters|quarter of? an? hour; 3/4|¾ of? an? hour|hr|h; three|3 quarter hour",
        weight=4,
    )
    t("length.halves", p.const(dur=p.Duration(30, "minute")), "1/2|½ of? an? hour|hr|h", weight=4)
    t("length.fourth", p.const(dur=p.Duration(15, "minute")), "1/4|¼ of? an? hour|hr|h", weight=4)
    t(
        "length.and.half",
        lambda a: p.duration()((a[0] + 0.5, a[1])),
        """
        {num}|{one} {unit} and a half; {num}|{one} and a|an half {unit}
    """,
        weight=2,
    )
    t(
        "length.and.quarter",
        lambda a: p.duration()((a[0] + 0.25, a[1])),
        "{num}|{one} {unit} and a quarter; {num}|{one} and a quarter {unit}",
        weight=2,
    )
    t(
        "length.sum",
        lambda a: {"dur": p.Duration(a[0] * 60 + a[1], "minute")},
        """
        {num}|{one} hour|hours and? {num} minutes|mins|min
    """,
        weight=1,
    )
    t(
        "now",
        p.const(now=True),
        """
        right now; just now; immediately; straight away; at this moment; at the moment
    """,
    )
    t(
        "soonest",
        p.const(soonest=True),
        """
        as soon as possible; asap; as early as possible; as soon as you can
        at your earliest convenience; the? soonest possible; the? earliest possible
        the? earliest|soonest|next|first available; the? earliest|soonest slot|opening|time|date|appointment
        the? earliest|soonest you have|can|got; the? next|first free? slot|opening
        what's|whats the? earliest|soonest; what is the? earliest|soonest; the? earliest|soonest on
    """,
        weight=3,
    )
    return t.rows
