"""English dates, lengths of time and named days. A new phrase is a row here."""

from __future__ import annotations

from bot.understanding.when import algebra as al
from bot.understanding.when import phrases as p
from bot.understanding.when.english.holidays import HOLIDAYS
from bot.understanding.when.grammar import Row
from bot.understanding.when.language import Table


def rows() -> list[Row]:  # noqa: PLR0915 - a table, one row after the other
    """Dates, lengths, named days."""
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
        the? {domord} of? {mon} ,? $Y|{yy}?; {dom} of? {mon} ,? $Y|{yy}?; {dom} -|/ {mon} -|/ $Y|{yy}
        {dom} - {mon}; {domord} day of {mon} $Y?
    """,
        weight=3,
    )
    t(
        "date.md",
        p.fields("m", "d", "y"),
        """
        {mon} .? the? {domord}|{dom} ,? $Y?; {mon} {domord} ,? {yy}; {mon} - {dom} - $Y|{yy}
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
        {dow}|{adow} .? ,? the? {domord} of? {mon} ,? $Y?; {dow}|{adow} .? ,? {dom} of? {mon} ,? $Y?
    """,
        weight=4,
    )
    t(
        "date.weekday.md",
        p.fields("w", "m", "d", "y"),
        """
        {dow}|{adow} .? ,? {mon} .? the? {domord}|{dom} ,? $Y?
    """,
        weight=4,
    )
    t("date.weekday.dom", p.fields("w", "d"), "{dow} ,? the? {domord}; {dow} the {dom}", weight=2)
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
        on? the? {domord}|{dom} or the? {domord}|{dom} of? {mon}
    """,
        weight=6,
    )
    t(
        "dates.month",
        lambda a: p.day_list([*a[1:], a[0]]),
        """
        {mon} {domord}|{dom} , {domord}|{dom} or {domord}|{dom}; {mon} {domord}|{dom} or the? {domord}|{dom}
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
            p.day_bound(bound),
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
    t("day.of.month.not", p.day_bound("from"), "not until|till|before the? {domord}", weight=1)
    t(
        "day.of.month",
        p.fields("d"),
        """
        on|for|of|is the {domord}; the {digits_ord}; the {bigord}; on {digits_ord}
        the {domord} of this month
    """,
        weight=-6,
    )
    t("day.of.month.plain", p.fields("d"), "the {domord} of the month", weight=3)
    t(
        "days.month.md",
        p.day_days_month("m", "d", "e", "y"),
        """
        {mon} {domord}|{dom} to|-|through|thru|until|and|till the? {domord}|{dom} ,? $Y?
        from {mon} {domord}|{dom} to|-|through|thru|until the? {domord}|{dom} ,? $Y?
    """,
        weight=5,
    )
    t(
        "days.month.dm",
        p.day_days_month("d", "e", "m", "y"),
        """
        the? {domord}|{dom} to|-|through|thru|until|and|till the? {domord}|{dom} of? {mon} ,? $Y?
        from|between the? {domord}|{dom} to|-|through|thru|until|and|till the? {domord}|{dom} of? {mon} ,? $Y?
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
        in|on? the? {ord} full? {unit}
    """,
        weight=1,
    )
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
    t("length.three", p.const(dur=p.Duration(45, "minute")), "three|3 quarters of an hour", weight=2)
    t(
        "length.and.half",
        lambda a: p.duration()((a[0] + 0.5, a[1])),
        """
        {num}|{one} {unit} and a half; {num}|{one} and a half {unit}
    """,
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
    t("holiday", lambda a: p.date(a[0]), "{hol} day?; the? {hol}")
    t("holiday.next", p.holiday_mode("bare"), "next|this|coming {hol}")
    t("holiday.last", p.holiday_mode("last"), "<last> {hol}")
    t(
        "holiday.year",
        lambda a: p.date(al.Within(a[0], al.Fields(year=a[1]))),
        """
        {hol} day? of|in? {year}
    """,
    )
    for key, *texts in HOLIDAYS:
        t("holiday", p.holiday(key), *texts, weight=9)
        t("holiday.next", p.holiday(key), *[f"next|this|coming {t}" for t in texts], weight=5)
        t("holiday.last", p.holiday(key, "last"), *[f"<last> {t}" for t in texts], weight=5)
        t(
            "holiday.year",
            p.holiday_in_year(key),
            *[f"{t} of|in? {{year}}" for t in texts],
            weight=6,
        )
    t(
        "holiday.advent",
        lambda a: p.date(al.Holiday(f"advent{a[0]}")) if 1 <= a[0] <= 4 else None,
        """
        {ord} sunday of|in advent; {ord} advent sunday?
    """,
        weight=5,
    )
    t(
        "season",
        lambda a: p.date(al.Holiday(a[-1])),
        """
        in the? {season}; this|next|coming {season}; the current {season}; this coming {season}
        current {season}; during the {season}; the {season}
    """,
    )
    t(
        "season.plain",
        lambda a: p.date(al.Within(al.Holiday(a[0]), al.Fields(year=a[1]))),
        """
        {season} of? {year}
    """,
    )
    t("season.year", lambda a: p.date(al.Within(al.Holiday(a[1]), al.Fields(year=a[0]))), "$Y {season}")
    t("season.last", lambda a: p.date(al.Holiday(a[-1], "last")), "<last> {season}", weight=1)
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
        the? earliest available; the? next available; the? first available
    """,
        weight=3,
    )
    return t.rows
