"""English "nth X of Y", edges of units, days with a part or hour. A new phrase is a row here."""

from __future__ import annotations

from bot.understanding.when import algebra as al
from bot.understanding.when import phrases as p
from bot.understanding.when.clock import in_part, part
from bot.understanding.when.grammar import Row, Values
from bot.understanding.when.language import Table


def _weekend_of(node: al.Node) -> Values | None:
    return p.date(al.Containing("weekend", node)) if al.is_day(node) else None


def _same_moment(node: al.Node) -> Values | None:
    """ "This time next week": the day a week from today at the hour it is now."""
    if isinstance(node, al.Running) and node.unit in ("week", "month", "year", "day"):
        return p.date(al.Shift(al.TODAY, node.offset, node.unit), now=True)
    if isinstance(node, al.Weekday) and node.mode != "bare":
        return p.date(node, now=True)
    return None


def rows() -> list[Row]:  # noqa: PLR0915 - a table, one row after the other
    """What is said around days and clock times."""
    t = Table("en")
    t("half.of", lambda a: p.half_of(a[0], a[1]), "in? the? {ord} half of the? {date}", weight=3)
    t(
        "do.hour",
        lambda a: {"dated": {"date": a[1], "time": p.as_clock(a[0])}} if al.is_day(a[1]) else None,
        """
        do|make|manage|have|try|does|is|would|will|say it? {h} on? {date}
    """,
        weight=1,
    )
    t(
        "hour.on.day",
        lambda a: {"dated": {"date": a[1], "time": p.as_clock(a[0])}} if al.is_day(a[1]) else None,
        "{h} on {date}",
        weight=-12,
    )
    t(
        "hour.on.day.of.month",
        lambda a: {"dated": {"date": al.Fields(day=a[1]), "time": p.as_clock(a[0])}},
        "{h} {d_on_dom}",
        weight=-12,
    )
    t(
        "every.but",
        lambda a: p.every_but(a[0], a[1]),
        "any day|time bar|barring|but|except|excluding {d_dow} {d_unit}; <every_day> bar|barring|but|except|excluding {d_dow} {d_unit}",
        weight=4,
    )
    t(
        "every.part.but",
        lambda a: p.every_but(a[1], a[2], a[0]),
        "any|every {part} bar|barring|but|except|excluding {d_dow} {d_unit}; {part} bar|barring|but|except|excluding {d_dow} {d_unit}",
        weight=4,
    )
    t(
        "hour.asked.on.day",
        lambda a: {"dated": {"date": a[1], "time": p.as_clock(a[0])}} if al.is_day(a[1]) else None,
        "is|would {h} be? <full> on? {date}",
        weight=1,
    )
    t("hours.on.day", lambda a: p.hours_on_day(a[0], a[1], a[2]), "{h} or $H on? {date}", weight=-12)
    t(
        "for.so.many.or",
        lambda a: p.date(a[-1]) if al.is_day(a[-1]) else None,
        "for|of|we're|with {h} or {h} on? {date}; we'd|we'll|we|they|there be|are {h} or {h} on? {date}",
    )
    t(
        "that.one.on.day",
        lambda a: p.date(a[-1]) if al.is_day(a[-1]) else None,
        "earlier|later|other|first|last|second|that|this|which|same one on {date}",
    )
    t(
        "so.many.on.day.of.month",
        lambda a: p.date(al.Fields(day=a[-1])),
        """
        for|of|we're|with {h} {d_on_dom}; we'd|we'll|we|they|there be|are {h} {d_on_dom}
        we will|would be {h} {d_on_dom}
    """,
    )
    t(
        "for.so.many",
        lambda a: p.date(a[-1]) if al.is_day(a[-1]) else None,
        """
        for|of|we're|with {h} on {date}; we'd|we'll|we|they|there be|are {h} on {date}
        we will|would be {h} on {date}
    """,
    )
    t(
        "down.for",
        lambda a: {"date": a[1], "time": p.as_clock(a[0]), "aside": "booked"} if al.is_day(a[1]) else None,
        "down|in|booked|scheduled for $H on? {date}",
    )
    t(
        "my.hour",
        lambda a: {"date": a[1], "time": p.as_clock(a[0]), "aside": "booked"} if al.is_day(a[1]) else None,
        "my|our {time} on? {date}",
        weight=1,
    )
    t("my.hour.alone", lambda a: {"time": p.as_clock(a[0]), "aside": "booked"}, "my|our {time}", weight=1)
    t(
        "hour.day.part",
        lambda a: (
            None
            if not al.is_day(a[1]) or (c := in_part(p.as_clock(a[0]), a[2])) is None
            else {"dated": {"date": a[1], "time": c}}
        ),
        "{h} on? {date} {part}",
        weight=1,
    )
    t(
        "hour.today",
        lambda a: {"dated": {"date": al.Running("day", a[1]), "time": p.as_clock(a[0])}} if a[1] >= 0 else None,
        "{h} {today}",
        weight=-12,
    )
    t(
        "last.of",
        lambda a: p.edge_of(a, last=True),
        "the? <last> {dur} of|in the? {date}",
        "the? <last> {dur} of|in the month",
        weight=5,
    )
    t(
        "first.of",
        lambda a: p.edge_of(a, last=False),
        "the? first {dur} of|in the? {date}",
        "the? first {dur} of|in the month",
        weight=5,
    )
    t("do.clock", p.at, "do|manage {time}")
    t(
        "date.half",
        lambda a: p.day_part(a[0], part("morning" if a[1] == "am" else "afternoon")) if al.is_day(a[0]) else None,
        "{date} {ampm}",
        weight=1,
    )
    t("date.am.i", lambda a: p.date(a[0]) if al.is_day(a[0]) else None, "{date} am i", weight=1)
    t("half.alone", lambda a: {"wpart": part("morning" if a[0] == "am" else "afternoon")}, "{ampm}", weight=-6)
    t("half.date", lambda a: p.day_part(a[-1], part("afternoon")) if al.is_day(a[-1]) else None, "pm on? {date}")
    t(
        "now.that.day",
        lambda a: None if (made := _same_moment(a[-1])) is None else {"dated": made},
        "at? this time {date}; {date} at? this time",
        weight=3,
    )
    t(
        "day.of.unit",
        lambda a: p.date(al.Within(al.Fields(day=a[0]), a[1])) if a[1].unit == "month" else None,
        """
        the? {domord}|{dom} of the? {d_unit}; the? {domord} day of the? {d_unit}
        on? the {domord} {d_unit}
    """,
        weight=4,
    )
    t(
        "weekday.of.stretch",
        lambda a: p.date(al.Within(a[0], al.LongWeekend(a[1]))) if isinstance(a[1], al.Holiday) else None,
        "on? the? {d_dow} of|on|over the? {date} weekend|<d_cycle>",
        weight=4,
    )
    t(
        "weekday.of.unit",
        lambda a: p.date(al.Within(a[0], a[1])) if a[1].unit in ("week", "month") else None,
        """
        {d_dow} from|of|in the? {d_unit}
    """,
        weight=4,
    )
    t(
        "unit.of",
        lambda a: p.containing("week")(a[-1:]),
        """
        in? the? week of|commencing|beginning|starting|containing|from|with the? {date}
        in? the week on|that {date}; w / c the? {date}; wc the? {date}; w / b the? {date}
        wb the? {date}; {d_dow}'s week {date}; week commencing on? {date}; week of the {date}
    """,
        weight=3,
    )
    t(
        "unit.of.dom",
        lambda a: p.containing("week")((al.Fields(day=a[0]),)),
        """
        week of|commencing|beginning|starting the? {domord}
    """,
        weight=3,
    )
    t(
        "weekend.long",
        lambda a: (
            p.date(al.LongWeekend(a[0]))
            if isinstance(a[0], al.Holiday) or (isinstance(a[0], al.Fields) and a[0].day)
            else None
        ),
        """
        {date} weekend; {date} <d_cycle>
    """,
        weight=3,
    )
    t(
        "weekend.of.day",
        lambda a: p.date(al.LongWeekend(a[-1])) if al.is_day(a[-1]) else None,
        "{d_cycle} of|around the? {date}",
        weight=3,
    )
    t("weekend.of", lambda a: _weekend_of(a[-1]), "the? weekend of|after the? {date}", weight=3)
    t(
        "nth",
        lambda a: p.nth_of()((*a[0], a[-1])),
        """
        {nthdow} of|in|on the? {date}; {nthdow} {date}
    """,
        weight=3,
    )
    t(
        "nth.last",
        p.nth_of(-1),
        """
        on? the? {lastdow} of|in|on the? {date}; on? the? final {dow} of|in the? {date}
    """,
        weight=5,
    )
    t(
        "nth.month",
        lambda a: p.nth_of()((*a[0], "month")),
        """
        {nthdow} of|in the|each|every month
    """,
        weight=3,
    )
    t(
        "last.month",
        lambda a: p.nth_of(-1)((a[0], "month")),
        """
        on? the? {lastdow} of|in the|each|every month
    """,
        weight=3,
    )
    for n, lead in (
        (-2, "penultimate"),
        (-2, "last but one"),
    ):
        t(
            "nth.from.end",
            p.nth_of(n),
            f"on|in? the? {lead} {{d_dow}}|{{unit}} of|in|on the? {{date}}",
            weight=6,
        )
        t(
            "nth.from.end.month",
            lambda a, n=n: p.nth_of(n)((a[0], "month")),  # type: ignore[misc]
            f"on|in? the? {lead} {{d_dow}}|{{unit}} of|in the|each|every month",
            weight=6,
        )
    for n, lead in ((-2, "second|2nd|next"), (-3, "third|3rd")):
        t(
            "nth.to.last",
            p.nth_of(n),
            f"on|in? the? {lead} to? {{lastdow}}|{{lastunit}} of|in|on the? {{date}}",
            weight=6,
        )
        t(
            "nth.to.last.month",
            lambda a, n=n: p.nth_of(n)((a[0], "month")),  # type: ignore[misc]
            f"on|in? the? {lead} to? {{lastdow}}|{{lastunit}} of|in the|each|every month",
            weight=6,
        )
    t("nth.unit", lambda a: p.nth_of()((*a[0], a[-1])), "{nthunit} of|in|on the? {date}", weight=3)
    t(
        "last.unit.of",
        p.nth_of(-1),
        """
        in|on? the? {lastunit} of|in|on the? {date}; in|on? the? final {unit} of|in the? {date}
    """,
        weight=5,
    )
    t("nth.whole.week", p.whole_weeks, "{nthwhole} of|in the? {date}; {nthwhole} of|in the month", weight=4)
    t("nth.week.year", lambda a: p.nth_of()((*a[0], "year")), "{nthunit} of|in the year", weight=3)
    t("last.week.year", lambda a: p.nth_of(-1)((a[0], "year")), "in|on? the? {lastunit} of|in the year", weight=5)
    t("nth.unit.month", lambda a: p.nth_of()((*a[0], "month")), "{nthunit} of|in the month", weight=3)
    t(
        "last.unit.month",
        lambda a: p.nth_of(-1)((a[0], "month")),
        """
        in|on? the? {lastunit} of|in the month; in|on? the? final {unit} of|in the month
    """,
        weight=3,
    )
    for n, words in enumerate(("beginning|start", "middle", "end")):
        t(
            "third",
            p.of_last(p.third(n)),
            f"at|in|by|towards|around|near? the? {words} of the|this? {{date}}",
            f"at|in|towards|around|near? the? {words} of the|this? {{unit}}",
            f"{words} of {{d_unit}}",
            f"the? {words} of {{year}}",
            weight=3,
        )
    for n, words in enumerate(("early", "mid", "late")):
        t(
            "third",
            p.of_last(p.third(n)),
            f"in? {words} -? {{date}}",
            f"in? {words} {{year}}",
            f"{words} in|on|of? the? {{date}}",
            f"{words} in|on the {{unit}}",
            f"{words} -? {{d_unit}}",
            weight=1,
        )
    for words, first, last in (("early|beginning to|- mid|middle", 0, 1), ("mid|middle to|- late|end", 1, 2)):
        t("thirds", p.thirds(first, last), f"{words} of? {{date}}", weight=4)
    t("third.later", lambda a: p.third(2)(a[-1:]), "later|late this {unit}; later {d_unit}", weight=3)
    t("third.earlier", lambda a: p.third(0)(a[-1:]), "early|earlier this {unit}", weight=3)
    t(
        "third.mid",
        lambda a: p.date(al.Third(al.Cycle("week"), 1)),
        """
        midweek; mid - week; mid week; in the middle of the week
    """,
        weight=3,
    )
    t(
        "eom",
        p.const(date=al.Third(al.Cycle("month"), 2)),
        """
        eom; the? end of month; month end; end of the month
    """,
        weight=3,
    )
    t(
        "eoy",
        p.const(date=al.Third(al.Cycle("year"), 2)),
        """
        eoy; the? end of year; year end; end of the year
    """,
        weight=3,
    )
    return t.rows
