"""German ranges of hours and days, and bare hours after a preposition. A new phrase is a row here."""

from __future__ import annotations

from bot.understanding.when import algebra as al
from bot.understanding.when import phrases as p
from bot.understanding.when.clock import part
from bot.understanding.when.grammar import Row
from bot.understanding.when.language import Table


def rows() -> list[Row]:
    """Ranges, and hours in their frame."""
    t = Table("de")
    t("at", p.at, "um|punkt $H; um genau|punkt {h}")
    t("at.digits", p.digits4, "um|gegen {d4}")
    t("at.dot", p.said_clock, "um|gegen {dot_time}")
    t("at.bare.dot", p.said_clock, "{dot_time}", weight=-4)
    t(
        "about",
        lambda a: p.about([x for x in a if not isinstance(x, bool)]),
        """
        so? um? gegen|circa|ca|etwa|ungefähr|ungefaehr|rund um? $H; so um|gegen $H; ca . $H
        um $H herum|rum; gegen $H herum|rum; so {time} rum|herum; irgendwann|irgendwo um|gegen $H
        um <art> dreh $H; $H um den dreh; um $H um den dreh; um circa|ca|etwa|ungefähr|rund $H
        so {time}; um die $H; so um die $H
    """,
        weight=1,
    )
    t("part.clock", p.clock_in_part, "$H {part}; um $H {part}")
    t("clock.part", p.clock_in_part, "{part} um|gegen|so? $H", weight=-1)
    t(
        "clock.morning",
        lambda a: p.clock_in_part((a[0], part("morning"))),
        """
        $H am morgen; um? $H morgens
    """,
    )
    t(
        "date.dot.time",
        lambda a: {"dated": {"date": al.Fields(month=a[0][1], day=a[0][0]), "time": a[1]}},
        "{dot_date} ,? um? {time}",
        weight=1,
    )
    t(
        "date.dot.clock",
        lambda a: {"dated": {"date": al.Fields(month=a[0][1], day=a[0][0]), "time": p.as_clock(a[1])}},
        "{dot_date} ,? um|gegen $H",
        weight=2,
    )
    t(
        "date.dot.part",
        lambda a: p.day_part(al.Fields(month=a[0][1], day=a[0][0]), a[1]),
        "{dot_date} ,? am? {part}",
        weight=1,
    )
    t(
        "date.dot.from",
        lambda a: {
            "dated": {"date": al.Fields(month=a[0][1], day=a[0][0]), "time": p.as_clock(a[1])},
            "p_from": True,
        },
        "{dot_date} ,? ab $H",
        weight=2,
    )
    t(
        "rather.clock.day",
        lambda a: {"dated": {"date": a[1], "time": p.as_clock(a[0])}},
        "lieber|eher|doch|dann {h} am {d_dow}",
    )
    t(
        "day.of.month.hour",
        lambda a: {"dated": {"date": al.Fields(day=a[0]), "time": p.as_clock(a[1])}},
        "{stop_ord} um|gegen $H",
    )
    t("clock.night", lambda a: p.clock_in_part((a[0], part("night"))), "$H in der nacht")
    t("clock.dated", p.clock_in_dated, "um? $H {dated}")
    t("now.bare", p.const(now=True), "ab {nowword}")
    t(
        "range",
        lambda a: p.clock_range([x for x in a if x is not True]),
        """
        von|zwischen $H bis|und|- $H; zwischen $H und $H; von $H bis|- um? $H; {time} bis|- um? $H
        $H bis|- {time}; von|zwischen um $H bis|und um? $H; so? zwischen $H und $H; um $H bis|- $H
        zwischen {dot_time} und|- {dot_time}; {dot_time} -|bis {dot_time}
        von {dot_time} bis|- {dot_time}; irgendwann zwischen $H und $H; von {dot_time} -|bis {h}
        {h} -|bis {dot_time}; {dot_time} -|bis {time}; {time} -|bis {dot_time}; zwischen $H oder $H; um|gegen {h} bis|- {h}
        {dot_time} -|bis {dot_time} <uhr>
    """,
        weight=2,
    )
    t("range.bare", p.bare_range, "{h} bis|- {h}", weight=-6)
    t("range.digits", p.digit_range, "{d4} -|bis {d4}", weight=2)
    t("range.after", p.clock_range, "ab|nach $H bis|- {time}; ab $H und? bis spätestens? $H", weight=2)
    t(
        "range.part",
        lambda a: {"prange": (a[0], a[1])},
        """
        von {part} bis {part}; {part} bis {part}
    """,
        weight=1,
    )
    t(
        "days",
        lambda a: p.days([x for x in a if x is not None and x is not True]),
        """
        von|vom? {date} bis|-|– <art>|zum|zu|einschließlich|einschliesslich|inklusive? {date}
        zwischen <art>? {date} und <art>? {date}; ab {date} bis <art>|zum? {date}
    """,
        weight=2,
    )
    return t.rows
