"""English ranges of hours and days, and bare hours after a preposition. A new phrase is a row here."""

from __future__ import annotations

from dataclasses import replace

from bot.understanding.when import algebra as al
from bot.understanding.when import phrases as p
from bot.understanding.when.clock import Clock, ClockRange
from bot.understanding.when.grammar import Args, Row, Values
from bot.understanding.when.language import Table


def _lasting(start: object, length: p.Duration) -> Values | None:
    c = p.as_clock(start)  # type: ignore[arg-type]
    return None if length.seconds is None else {"lasting": length.seconds, "time": c}


def _lasting_days(a: Args) -> Values | None:
    node, length = (a[1], a[0]) if isinstance(a[0], p.Duration) else (a[0], a[1])
    if length.seconds is not None or not al.is_day(node):
        return None
    last = al.Shift(al.Shift(node, int(length.n), length.unit), -1, "day")
    return p.date(al.Days(node, last))


def rows() -> list[Row]:
    """Ranges, and hours in their frame."""
    t = Table("en")
    t(
        "at",
        p.at,
        """
        <at> $H; <at> exactly|precisely|about|around|like|say? $H; $H sharp|exactly|precisely|dead|prompt
        <at> $H sharp|exactly|precisely|prompt
    """,
    )
    t(
        "ordinal.clock",
        lambda a: {"dated": {"date": al.Fields(day=a[0]), "time": p.as_clock(a[1])}} if a[0] <= 31 else None,
        "{digits_ord} ,? {time}; {digits_ord} <at> $H",
        weight=2,
    )
    t(
        "at.zone",
        lambda a: {"time": replace(p.as_clock(a[0]), zone=a[1])},
        "<at>? {time} {zone}; <at>? {time} ( {zone} )",
        weight=1,
    )
    t("at.digits", p.digits4, "<at>|around|about {d4}; <at> {d3}")
    t(
        "at.pair.part",
        lambda a: p.clock_in_part((Clock(a[0], a[1], minutes_said=True), a[2])) if a[0] <= 12 else None,
        "<at>|around|about? {h} {mm}|{mw} {part}",
        weight=2,
    )
    t(
        "at.pair",
        p.hour_minute,
        """
        <at>|around|about {h} -? {mm}|{mw}
    """,
        weight=1,
    )
    t("at.dot", p.said_clock, "<at>|around|about {dot_time}", weight=1)
    t("at.year", lambda a: p.clock(a[0] // 100, a[0] % 100, minutes_said=True), "<at> {yearw}", weight=1)
    t("at.bare.dot", p.said_clock, "{dot_time}", weight=-4)
    t(
        "about",
        p.about,
        """
        <at>? <about> $H; <at>? <about> $H or so; $H or so|thereabouts|thereabout
        somewhere|sometime <about> $H; say $H; <at>? $H -? ish; $H or thereabouts
    """,
        weight=1,
    )
    t(
        "part.clock",
        p.clock_in_part,
        """
        <at>? $H in|at|on|during the? {part}; <at>? {time} {part}; $H {part}
        <at>? $H in|on|of the {part}; <at>? <about>? $H in the {part}
    """,
        weight=1,
    )
    t("clock.dated", p.clock_in_dated, "<at>? $H {dated}; <at>? <about> $H {dated}", weight=1)
    t("clock.part", p.clock_in_part, "{part} <at>|<about> $H")
    t(
        "range",
        p.clock_range,
        """
        between $H and|to|-|& $H; from $H to|-|until|till|til|through|thru <at>? $H
        {time} to|-|until|till|til|through|thru $H; $H to|-|until|till|til|through|thru {time}
        from $H and|until $H; <at> $H -|to|until|till $H; sometime|anytime|any? time? between $H and $H
        between|from {h}|{time} and|to|-|until|till|til {dot_time}; between|from {dot_time} and|to|-|until|till|til {h}|{time}
        {dot_time} to|until|till|til {h}; between {dot_time} and|- {dot_time}; {dot_time} -|to|until|till {dot_time}
        from {dot_time} -|to|until|till {dot_time}; {dot_time} -|to {time}; {time} -|to {dot_time}
        anywhere|somewhere between|from $H and|to $H; {time} up to $H; between {time}|{h} or $H
        around|about {h} to|- {h}
    """,
        weight=2,
    )
    t("range.bare", p.bare_range, "{h} to|-|until|till|til|thru|through {h}", weight=-6)
    t(
        "range.dot",
        lambda a: None if a[1].minute <= 12 and a[1].minute % 5 else p.clock_range(a),
        "{h} to|-|until|till|til|thru|through {dot_time}",
        weight=2,
    )
    t(
        "date.dot.time",
        lambda a: {"dated": {"date": al.Fields(month=a[0][1], day=a[0][0]), "time": a[1]}},
        "{dot_date} ,? <at>? {time}",
        weight=1,
    )
    t(
        "date.dot.range",
        lambda a: {
            "dated": {
                "date": al.Fields(month=a[0][1], day=a[0][0]),
                "trange": ClockRange(p.as_clock(a[1]), p.as_clock(a[2])),
            }
        },
        "{dot_date} ,? from|between? $H to|-|until|till|til|and $H",
        weight=1,
    )
    t(
        "weekday.number.range",
        lambda a: (
            {"dated": {"date": al.Checked(al.Fields(day=a[1]), a[0].weekday), "trange": a[2]}}
            if a[1] > 12
            else None
        ),
        "{d_dow} {domd} ,? {trange}",
        weight=3,
    )
    t(
        "weekday.number.part",
        lambda a: p.day_part(al.Checked(al.Fields(day=a[1]), a[0].weekday), a[2]) if a[1] > 12 else None,
        "{d_dow} {domd} ,? {part}",
        weight=3,
    )
    t(
        "weekday.number.clock",
        lambda a: (
            {"dated": {"date": al.Checked(al.Fields(day=a[1]), a[0].weekday), "time": a[2]}} if a[1] > 12 else None
        ),
        "{d_dow} {domd} ,? {time}|{dot_time}",
        weight=3,
    )
    t(
        "weekday.numbers",
        lambda a: (
            {"dates": [al.Checked(al.Fields(day=a[k + 1]), a[k].weekday) for k in (0, 2)]}
            if a[1] > 12 and a[3] > 12
            else None
        ),
        "{d_dow} {domd} or {d_dow} {domd}",
        weight=3,
    )
    t(
        "weekday.number.time",
        lambda a: {"dated": {"date": al.Checked(al.Fields(day=a[1]), a[0].weekday), "time": p.as_clock(a[2])}},
        "{d_dow} {domd} <at> $H",
        weight=3,
    )
    t(
        "range.digits",
        p.digit_range,
        """
        {d4} -|to|until|till {d4}; from {d4} -|to|until|till {d4}; between {d4} and {d4}
    """,
        weight=2,
    )
    t(
        "range.mw",
        lambda a: p.clock_range((Clock(a[0], a[1], minutes_said=True), Clock(a[2], a[3], minutes_said=True))),
        """
        from|between {h} {mw} to|and|until|till {h} {mw}
    """,
        weight=3,
    )
    t(
        "range.length",
        lambda a: _lasting(a[1], a[0]),
        """
        for {dur} from|starting|beginning <at>? $H; for {dur} starting|beginning from|at $H
        for {dur} <at> $H
    """,
        weight=3,
    )
    t(
        "range.length.after",
        lambda a: _lasting(a[0], a[1]),
        """
        from|starting|beginning <at>? $H for {dur}; starting|beginning from|at $H for {dur}
    """,
        weight=3,
    )
    t(
        "range.days.after",
        _lasting_days,
        """
        from|starting|beginning {date} for {dur}; for {dur} from|starting|beginning {date}
    """,
        weight=3,
    )
    t(
        "range.part",
        lambda a: {"prange": (a[0], a[1])},
        """
        {part} to|-|until|through {part}; from {part} to|-|until|through {part}
        between {part} and {part}
    """,
        weight=1,
    )
    t(
        "days",
        p.days,
        """
        from? {date} to|-|until|till|til|through|thru|thru {date}; from? {date} up to {date}
        between {date} and|- {date}; from {date} and {date}; starting {date} until|to|through {date}
    """,
        weight=2,
    )
    t(
        "days.from.now",
        lambda a: p.date(al.Days(al.TODAY, a[-1]), d_within=True),
        "between|from now and|to|until|till {date}",
        weight=3,
    )
    t(
        "days.from",
        lambda a: p.days([al.Fields(day=x) if isinstance(x, int) else x for x in a]),
        """
        from {date} - {date}; from the? {domord}|{dom} to|-|through|until|till the? {domord}
    """,
        weight=3,
    )
    t(
        "days.short",
        lambda a: p.days([al.Weekday(x) if isinstance(x, int) else x for x in a]),
        """
        {d_dow} to|-|through|thru|until {d_dow}; from {d_dow} to|-|through|thru|until {d_dow}
    """,
        weight=1,
    )
    return t.rows
