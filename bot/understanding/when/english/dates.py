"""English dates of the calendar. A new phrase is a row here."""

from __future__ import annotations

from bot.understanding.when import algebra as al
from bot.understanding.when import phrases as p
from bot.understanding.when.clock import ClockRange
from bot.understanding.when.grammar import Args, Build, Row, Values
from bot.understanding.when.language import Table


def _day_hours(a: Args) -> Values | None:
    """{dow}? {dom} {mon} {h} to {h}: "18 June 9 till 12" is a day with hours, not days of a month"""
    made = p.fields("w", "d", "m")(a[:3])
    return None if made is None else {"dated": {**made, "trange": ClockRange(p.as_clock(a[3]), p.as_clock(a[4]))}}


def _day_bound(bound: str) -> Build:
    """The same as `day_bound`; a length before it may count from the day."""

    def build(a: Args) -> Values | None:
        made = p.day_bound(bound)(a)
        return None if made is None else {**made, f"d_{bound}_dom": made["date"]}

    return build


def rows() -> list[Row]:  # noqa: PLR0915 - a table, one row after the other
    """Dates."""
    t = Table("en")
    t("month", p.fields("m"), "{mon}", weight=-1)
    t("month.plain", p.fields("m"), "the? month of {mon}")
    t(
        "month.year",
        p.fields("m", "y"),
        """
        {mon} ,? $Y; in {mon} ,? $Y; {mon} of $Y; {mon} ' {yy}
    """,
        weight=1,
    )
    t("month.numeric", p.fields("m", "y"), "{domd} / {year}", weight=1)
    t("year.month", p.fields("y", "m"), "{year} {mon}")
    t(
        "month.after.next",
        lambda a: p.date(al.Shift(al.Fields(month=a[0]), 1, "year")),
        "{mon} after next",
        weight=2,
    )
    t(
        "month.next",
        lambda a: p.date(al.Fields(month=a[-1]), d_month=True),
        """
        next|coming|this {mon}; this coming {mon}
    """,
        weight=1,
    )
    t(
        "month.of.next",
        lambda a: p.date(al.Within(al.Fields(month=a[0]), al.Running("year", 1))),
        """
        {mon} <next> year; {mon} of next year
    """,
        weight=1,
    )
    t(
        "month.last",
        lambda a: p.date(al.Shift(al.Fields(month=a[0]), -1, "year")),
        """
        <last> {mon}
    """,
    )
    t(
        "date.dm",
        p.fields("d", "m", "y"),
        """
        the? {domord} of? {mon} $Y|{yy}?
        the? {domord} of? {mon} , $Y|{yy}
        {dom} of? {mon} $Y|{yy}?
        {dom} of? {mon} , $Y|{yy}
        {dom} -|/ {mon} -|/ $Y|{yy}
        {dom} - {mon}; {domord} day of {mon} $Y?
    """,
        weight=3,
    )
    t(
        "date.dm.hours",
        _day_hours,
        "{dow}? ,? the? {dom}|{domord} of? {mon} ,? from? {h} to|-|until|till|til {h}",
        weight=9,
    )
    t(
        "date.md",
        p.fields("m", "d", "y"),
        """
        {mon} .? the? {domord}|{dom} $Y?
        {mon} .? the? {domord}|{dom} , $Y
        {mon} {domord} ,? {yy}
        {mon} - {dom} - $Y|{yy}
        {mon} , the? {domord}; {mon} .? {dom} , $Y
    """,
        weight=3,
    )
    t(
        "date.md.yy",
        p.fields("m", "d", "y"),
        """
        {mon} {dom} ' {yy}; {mon} {domord} ' {yy}; {mon} {dom} , ' {yy}
    """,
        weight=3,
    )
    t(
        "date.ides",
        lambda a: p.date(al.Fields(month=a[0], day=15 if a[0] in (3, 5, 7, 10) else 13)),
        """
        the? ides of {mon}
    """,
        weight=3,
    )
    t(
        "date.weekday.dm",
        p.fields("w", "d", "m", "y"),
        """
        {dow}|{adow} .? ,? the? {domord} of? {mon} $Y?
        <next>|<coming>|this {dow} ,? the? {domord} of? {mon} $Y?
        <next>|<coming>|this {dow} ,? {dom} of? {mon} $Y?
        {dow}|{adow} .? ,? the? {domord} of? {mon} , $Y
        {dow}|{adow} .? ,? {dom} of? {mon} $Y?
        {dow}|{adow} .? ,? {dom} of? {mon} , $Y
    """,
        weight=4,
    )
    t(
        "date.weekday.md",
        p.fields("w", "m", "d", "y"),
        """
        {dow}|{adow} .? ,? {mon} .? the? {domord}|{dom} $Y?
        {dow}|{adow} .? ,? {mon} .? the? {domord}|{dom} , $Y
    """,
        weight=4,
    )
    t(
        "date.weekday.dom",
        p.fields("w", "d"),
        "<next>|<coming>|this? {dow} ,? the? {domord}; {dow} ( the? {domord} )",
        weight=2,
    )
    t(
        "date.weekday.spoken",
        lambda a: p.fields("w", "d")(a) if a[1] > 1 else None,  # "this Friday, the one after"
        "<next>|<coming>|this? {dow} the {dom}",
        weight=2,
    )
    t(
        "date.of.the",
        lambda a: p.fields("d", "m", "y")(a) if a[1] <= 12 else None,
        """
        {dom}|{domord} of the {ord} $Y?
    """,
        weight=4,
    )
    t("date.dotted", p.tuple_date, "{dmy}")
    t("date.dm.dot", p.tuple_date, "{dm}")
    t("date.loose", p.tuple_date, "{dmy}")
    t("date.slash", p.tuple_date, "on? {slash}")
    t("date.dash", lambda a: p.tuple_date(((a[0], a[1]),)), "on {dom} - {dom}")
    t(
        "dates",
        p.day_list,
        """
        on? the? {domord}|{dom} ,? {domord}|{dom} or {domord}|{dom} of? {mon}
        on? the? {domord} ,? {domord} ,? {domord} or {domord} of? {mon}
        on? the? {domord}|{dom} or the? {domord}|{dom} of? {mon}
    """,
        weight=6,
    )
    t(
        "dates.days",
        lambda a: p.day_list([*a, None]),
        """
        on? the {domord} ,? the? {domord} or the? {domord}; on? the {domord} or the? {domord}
        on? the {domord} ,? the? {domord} ,? the? {domord} or the? {domord}
    """,
        weight=4,
    )
    t(
        "dates.month",
        lambda a: p.day_list([*a[1:], a[0]]),
        """
        {mon} {domord}|{dom} , {domord}|{dom} or {domord}|{dom}; {mon} {domord} {domord} or {domord}; {mon} {domord}|{dom} or the? {domord}|{dom}
    """,
        weight=6,
    )
    t("date.iso", p.iso, "{ymd}")
    for words, bound in (
        ("from|since|starting", "from"),
        ("by|until|till", "until"),
        ("before", "before"),
        ("after", "after"),
    ):
        t(
            f"day.of.month.{bound}",
            _day_bound(bound),
            f"{words} the {{domord}}",
            f"{words} {{digits_ord}}",
            weight=-6,
        )
    t(
        "days.of.month",
        lambda a: p.days((al.Fields(day=a[0]), al.Fields(day=a[1]))) if a[0] < a[1] else None,
        """
        from|between? the? {domord} to|until|till|through|-|and the? {domord}
        the? {domord} to|until|till|through|- the? {domord}
    """,
        weight=2,
    )
    for side, sign in (("before", -1), ("after", 1)):
        t(
            "day.beside.dom",
            lambda a, sign=sign: p.day_next_to(sign)((al.Fields(day=a[0]),)),  # type: ignore[misc]
            f"on? the? day {side} the {{domord}}",
            weight=1,
        )
        t(
            "weekday.beside.dom",
            lambda a, sign=sign: p.nth_after(sign, 1)((a[0], al.Fields(day=a[1]))),  # type: ignore[misc]
            f"on? the {{dow}} {side} the {{domord}}",
            weight=1,
        )
        t(
            "weekday.beside.date",
            lambda a, sign=sign: p.nth_after(sign, 1)((a[0], al.Fields(month=a[2], day=a[1]))),  # type: ignore[misc]
            f"on? the? {{dow}} {side} the? {{domord}}|{{dom}} of? {{mon}}",
            weight=4,
        )
        t(
            "unit.beside.dom",
            lambda a, sign=sign: (  # type: ignore[misc]
                p.nth_after(sign, 1)((a[0], al.Fields(day=a[1]))) if a[0] in ("week", "weekend", "month") else None
            ),
            f"on|in? the {{unit}} {side} the {{domord}}",
            weight=1,
        )
        t(
            "unit.beside.date",
            lambda a, sign=sign: (  # type: ignore[misc]
                p.nth_after(sign, 1)((a[0], al.Fields(month=a[2], day=a[1])))
                if a[0] in ("week", "weekend", "month")
                else None
            ),
            f"on|in? the? {{unit}} {side} the? {{domord}}|{{dom}} of? {{mon}}",
            weight=4,
        )
    t("day.of.month.not.after", p.day_bound("until"), "not|no|nothing after|later than? the {domord}", weight=1)
    t("day.of.month.not", p.day_bound("from"), "not|nothing until|till|before the? {domord}", weight=1)
    t(
        "on.day.of.month",
        lambda a: {**(p.fields("d")(a) or {}), "d_on_dom": a[0]},
        "on the {domord}; on {digits_ord}",
        weight=-6,
    )
    t(
        "day.of.month",
        p.fields("d"),
        """
        for the {domord}; the {digits_ord}; is the {smallord}; the {bigord}
        the {domord} of this month
    """,
        weight=-6,
    )
    t(
        "week.of.dom",
        lambda a: p.containing("week")((al.Fields(day=a[0]),)),
        "the? week of|commencing|beginning|starting|from the {domord}",
        weight=-5,
    )
    t("day.of.month.plain", p.fields("d"), "the {domord} of the month", weight=3)
    t(
        "days.month.md",
        p.day_days_month("m", "d", "e", "y"),
        """
        {mon} {domord}|{dom} to|-|through|thru|until|and|till the? {domord}|{dom} $Y?
        {mon} {domord}|{dom} to|-|through|thru|until|and|till the? {domord}|{dom} , $Y
        from {mon} {domord}|{dom} to|-|through|thru|until the? {domord}|{dom} $Y?
        from {mon} {domord}|{dom} to|-|through|thru|until the? {domord}|{dom} , $Y
    """,
        weight=5,
    )
    t(
        "days.month.dm",
        p.day_days_month("d", "e", "m", "y"),
        """
        the? {domord}|{dom} to|-|through|thru|until|and|till the? {domord}|{dom} of? {mon} $Y?
        the? {domord}|{dom} to|-|through|thru|until|and|till the? {domord}|{dom} of? {mon} , $Y
        from|between the? {domord}|{dom} to|-|through|thru|until|and|till the? {domord}|{dom} of? {mon} $Y?
        from|between the? {domord}|{dom} to|-|through|thru|until|and|till the? {domord}|{dom} of? {mon} , $Y
    """,
        weight=5,
    )
    t("year", p.fields("y"), "in $Y; the year $Y; year $Y")
    t("year.plain", p.fields("y"), "{year}", weight=-65)
    t(
        "years",
        lambda a: p.date(al.Days(al.Fields(year=a[0]), al.Fields(year=a[1]))) if a[0] < a[1] else None,
        """
        {year} -|to|until|through {year}; from {year} -|to|until|through {year}
    """,
    )
    t(
        "week.number",
        p.iso_week,
        """
        calendar? week number|no? {num} {year}?; week no . {num}; wk {num}; kw {num}
    """,
        weight=-1,
    )
    t(
        "quarter.n",
        p.part_of_year("quarter"),
        """
        the? {ord} <qword> of|in? $Y?; the? {ord} <qword> of|in? the? year?
    """,
        weight=3,
    )
    t(
        "quarter.next.year",
        lambda a: p.date(al.Within(al.Part("quarter", a[0]), al.Running("year", 1))) if a[0] <= 4 else None,
        """
        the? {ord} <qword> of|in? next year
    """,
        weight=3,
    )
    t("half.n", p.part_of_year("half"), "the? {ord} half of $Y", weight=3)
    for n in (1, 2, 3, 4):
        t("quarter.q", p.part_of_year("quarter", n), f"q{n} of|in? $Y?", f"q {n} of|in? $Y?", weight=1)
    t("nth.weekday", lambda a: {"nthdow": (a[0], a[1])}, "on? the? {ord} {dow}", weight=2)
    t(
        "nth.unit",
        lambda a: {"nthunit": (a[0], a[1] if len(a) > 1 else "quarter")},
        """
        in|on? the? {ord} {unit}
    """,
        weight=1,
    )
    t("nth.whole.week", lambda a: {"nthwhole": a[0]}, "in? the? {ord} full|whole|complete week", weight=1)
    t("last.whole.week", lambda a: {"nthwhole": -1}, "in? the? <last>|final full|whole|complete week", weight=2)
    return t.rows
