"""German names for days and stretches: holidays, seasons, beginnings and ends. A new phrase is a row here."""

from __future__ import annotations

from bot.understanding.when import algebra as al
from bot.understanding.when import phrases as p
from bot.understanding.when.grammar import Row
from bot.understanding.when.language import Table


def rows() -> list[Row]:
    """Named days, seasons, edges of units."""
    t = Table("de")
    t("holiday", lambda a: p.date(a[0]), "{hol}; {hol} tag")
    t("holiday.next", p.holiday_mode("bare"), "<next>|<this>|<coming> {hol}")
    t("holiday.last", p.holiday_mode("last"), "<last> {hol}")
    t("holiday.year", lambda a: p.date(al.Within(a[0], al.Fields(year=a[1]))), "{hol} {year}")
    for key, *texts in (
        ("christmas_eve", "heiliger|heiligen|heilig abend", "heilig abend"),
        ("ascension", "christi himmelfahrt"),
        ("unity_day", "tag|tags der deutschen einheit", "tag der einheit"),
        ("labour_day", "tag der arbeit", "erster|ersten mai"),
        ("repentance", "buß|buss|bus -? und|- bettag", "buß|buss|bus und bet - tag"),
        ("white_sunday", "weißer|weißen sonntag"),
        ("fat_thursday", "schmotziger|schmutziger|schmotzigen donnerstag"),
        ("candlemas", "mariä lichtmess"),
        ("immaculate", "mariä empfängnis"),
        (
            "epiphany",
            "heilige|heiligen drei könige|koenige|königen",
            "heilige|heiligen drei könig|koenig",
            "heiligen drei koenige",
        ),
        ("assumption", "mariä himmelfahrt", "mariae himmelfahrt", "maria himmelfahrt"),
        ("black_friday", "black friday"),
        ("cyber_monday", "cyber monday"),
        ("st_martin", "sankt martin", "st martin", "st . martin"),
        ("independence_day", "independence day"),
        (
            "between_years",
            "zwischen den jahren",
            "zwischen weihnachten und neujahr",
            "zwischen weihnachten und silvester",
        ),
        (
            "austria_day",
            "österreichischer nationalfeiertag",
            "österreichischen nationalfeiertag",
            "oesterreichischer nationalfeiertag",
        ),
        ("dead_sunday", "toten sonntag"),
    ):
        t("holiday", p.holiday(key), *texts, weight=5)
    t(
        "holiday.christmas.n",
        lambda a: p.date(al.Holiday("christmas" if a[0] == 1 else "christmas_second")) if a[0] in (1, 2) else None,
        """
        {ord}|{num} weihnachtstag|weihnachtsfeiertag|christtag
    """,
        weight=3,
    )
    t(
        "holiday.easter.n",
        lambda a: p.date(al.Holiday("easter" if a[0] == 1 else "easter_monday")),
        """
        {ord}|{num} osterfeiertag|ostertag
    """,
        weight=3,
    )
    t(
        "holiday.pentecost.n",
        lambda a: p.date(al.Holiday("pentecost" if a[0] == 1 else "whit_monday")),
        """
        {ord}|{num} pfingstfeiertag|pfingsttag
    """,
        weight=3,
    )
    t(
        "holiday.advent",
        lambda a: p.date(al.Holiday(f"advent{a[0]}")) if 1 <= a[0] <= 4 else None,
        """
        {ord} advent|adventssonntag|adventsonntag
    """,
        weight=3,
    )
    t(
        "season",
        lambda a: p.date(al.Holiday(a[-1])),
        """
        im {season}; <this> {season}; <coming>|<next> {season}
    """,
    )
    t("season.in.year", lambda a: p.date(al.Within(al.Holiday(a[0]), al.Fields(year=a[1]))), "im {season} {year}")
    t(
        "season.plain",
        lambda a: p.date(al.Within(al.Holiday(a[0]), al.Fields(year=a[1]))),
        """
        {season} {year}
    """,
    )
    t("season.last", lambda a: p.date(al.Holiday(a[-1], "last")), "<last> {season}")
    t(
        "week.edge",
        lambda a: p.date(al.Third(al.Cycle("week"), a[-1])),
        """
        zum|am|ende? {week_edge}; {week_edge}
    """,
    )
    t(
        "month.edge",
        lambda a: p.date(al.Third(al.Cycle("month"), a[-1])),
        """
        zum|am|gegen? {month_edge}; {month_edge}
    """,
    )
    t(
        "year.edge",
        lambda a: p.date(al.Third(al.Cycle("year"), a[-1])),
        """
        zum|am|gegen? {year_edge}; {year_edge}
    """,
    )
    t(
        "week.edge.weekend",
        p.const(skip_soft=True),
        """
        unter der woche; wochentags; werktags; an werktagen; an wochentagen; an einem wochentag|werktag
    """,
    )
    t(
        "now",
        p.const(now=True),
        """
        jetzt gleich; jetzt sofort; genau jetzt; gerade jetzt; ab sofort
    """,
    )
    return t.rows
