"""English named days and seasons. A new phrase is a row here, a new name one of `HOLIDAYS`."""

from __future__ import annotations

from bot.understanding.when import algebra as al
from bot.understanding.when import phrases as p
from bot.understanding.when.english.holidays import HOLIDAYS
from bot.understanding.when.grammar import Row
from bot.understanding.when.language import Table


def rows() -> list[Row]:
    """Named days and seasons."""
    t = Table("en")
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
        t(
            "holiday",
            p.holiday(key),
            *[text if text.startswith("the? ") else f"the? {text}" for text in texts],
            weight=9,
        )
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
    return t.rows
