"""English parts of the day, weekdays and units of the calendar. A new phrase is a row here."""

from __future__ import annotations

from bot.understanding.when import algebra as al
from bot.understanding.when import phrases as p
from bot.understanding.when.clock import Clock, narrow, part
from bot.understanding.when.grammar import Row
from bot.understanding.when.language import Table


def rows() -> list[Row]:  # noqa: PLR0915 - a table, one row after the other
    """Parts of the day, days, weeks, months."""
    t = Table("en")
    t("part", p.pick("part"), "{part}")
    t(
        "part.in",
        p.pick("part"),
        """
        in|during|at|over|around the? {part}; of a|an? {part}; any|some|an|one {part}; the {part}
    """,
    )
    t("part.this", lambda a: p.day_part(al.TODAY, a[0]), "this|the {part}", weight=1)
    t("part.this.exact", lambda a: p.day_part(al.TODAY, a[0]), "this {part}", weight=2)
    t("part.the", p.pick("part"), "the {part}", weight=2)
    t(
        "part.next",
        lambda a: p.day_part(al.Running("day", 1), part("morning"), d_nextday=1),
        """
        the? next|following morning
    """,
        weight=2,
    )
    t(
        "part.early",
        lambda a: {"part": narrow(a[-1], "early")} if a else {"part": part("small_hours")},
        """
        in? the? early {part}; early in|on the {part}; early {part}; in? the early hours
    """,
        weight=1,
    )
    t(
        "part.late",
        p.narrowed("late"),
        """
        in? the? late|later {part}; late|later in|on the {part}
    """,
        weight=1,
    )
    t(
        "part.mid",
        lambda a: {"part": part("late_morning") if a[0].name == "morning" else a[0]},
        """
        in? the? mid -? {part}
    """,
        weight=1,
    )
    t("part.late.night", p.const(part=part("late_night")), "late at night", weight=1)
    t(
        "part.early.this",
        lambda a: p.day_part(al.TODAY, narrow(a[0], "early")),
        """
        early this {part}
    """,
        weight=2,
    )
    t(
        "part.late.this",
        lambda a: p.day_part(al.TODAY, narrow(a[0], "late")),
        """
        late|later this {part}
    """,
        weight=2,
    )
    t(
        "part.early.day",
        lambda a: p.day_part(al.Weekday(a[0]), narrow(a[1], "early")),
        """
        early {dow} {part}
    """,
        weight=2,
    )
    t(
        "part.late.day",
        lambda a: p.day_part(al.Weekday(a[0]), narrow(a[1], "late")),
        """
        late {dow} {part}
    """,
        weight=2,
    )
    t(
        "part.early.today",
        lambda a: p.day_part(al.Running("day", a[0]), narrow(a[1], "early")),
        """
        early {today} {part}
    """,
        weight=2,
    )
    t(
        "part.late.today",
        lambda a: p.day_part(al.Running("day", a[0]), narrow(a[1], "late")),
        """
        late {today} {part}
    """,
        weight=2,
    )
    t("tonight", lambda a: p.day_part(al.TODAY, part("night")), "<tonight>")
    t(
        "tonight.late",
        lambda a: p.day_part(al.TODAY, part("late_night")),
        """
        late|later <tonight>
    """,
    )
    t("tonight.early", lambda a: p.day_part(al.TODAY, part("early_evening")), "early <tonight>")
    t("last.night", lambda a: p.day_part(al.Running("day", -1), part("night")), "last night", weight=2)
    t(
        "last.night.late",
        lambda a: p.day_part(al.Running("day", -1), part("late_night")),
        """
        late last night
    """,
        weight=2,
    )
    t(
        "part.work",
        p.const(part=part("after_work")),
        """
        after work|hours; after office|business|working hours
    """,
        weight=1,
    )
    t(
        "part.lunch",
        p.const(part=part("lunch")),
        """
        at|over|during|around lunch; lunch time|break|hour
        at|over|during|in my|the|our lunch|lunchtime break|hour?
    """,
        weight=1,
    )
    t(
        "part.first",
        p.const(part=part("early_morning")),
        """
        first thing in the morning; first thing
    """,
        weight=1,
    )
    t(
        "part.day",
        p.const(part=part("business")),
        """
        during the day|daytime; in the daytime; during|in|within business|office|working|opening hours
    """,
        weight=1,
    )
    t("part.middle", p.const(part=part("late_morning")), "middle of the morning", weight=1)
    t(
        "end.of.day",
        p.const(time=Clock(24, fixed=True)),
        """
        the? end of the? day; end of play; eod; close of business; cob
    """,
        weight=1,
    )
    t(
        "end.of.today",
        lambda a: {"dated": {"date": al.TODAY, "time": Clock(24, fixed=True)}},
        """
        the? end of today|tonight
    """,
        weight=1,
    )
    t(
        "end.of.tomorrow",
        lambda a: {"dated": {"date": al.Running("day", 1), "time": Clock(24, fixed=True)}},
        """
        the? end of tomorrow
    """,
        weight=1,
    )
    t("middle.of.night", p.const(part=part("small_hours")), "the? middle of the night", weight=3)
    t("weekday.doubtful", lambda a: p.date(al.OneOf(al.Weekday(a[0][0]), al.Weekday(a[0][1]))), "{twodow}")
    t("weekday", p.weekday(), "{dow}; any {dow}")
    t("weekday.each", p.repeated_weekday, "every|each single? {dow}; alternate {dow}", weight=1)
    t(
        "weekday.every.nth",
        p.repeated_weekday,
        "every|each other|second|2nd|third|3rd|fourth|4th {dow}",
        weight=3,
    )
    t("nth.every.month", p.repeated_nth, "every|each {ord} {dow} of|in the|each|every? month", weight=5)
    t("nth.of.every.month", p.repeated_nth, "on? the? {ord} {dow} of|in each|every month", weight=5)
    t(
        "weekday.this",
        p.weekday("coming"),
        """
        this|coming {dow}; on? this coming {dow}; the? upcoming {dow}; on? the|this coming {dow}
        {dow} coming; this here {dow}
    """,
        weight=1,
    )
    t("weekday.next", p.weekday("next"), "on? the? next|nxt {dow}; on? the? following {dow}", weight=1)
    t(
        "weekday.after",
        p.weekday("after_next"),
        """
        the? {dow} after next; next next {dow}; the? next {dow} but one; not this {dow} but|, the next|following
        {dow} after next
        not this coming {dow} but|, the next|following
    """,
        weight=2,
    )
    t(
        "weekday.last",
        p.weekday("last"),
        """
        on? the? <last> {dow}; this past {dow}; the? previous {dow}
    """,
        weight=1,
    )
    t(
        "weekday.week.last",
        lambda a: p.date(al.Within(al.Weekday(a[0]), al.Running("week", -1))),
        """
        {dow} last week
    """,
        weight=1,
    )
    t("today", lambda a: p.day(a[0]), "{today}")
    t("tomorrow.after", lambda a: p.day(2), "the? day after tomorrow|tmrw|tmr|tomo", weight=2)
    t("yesterday.before", lambda a: p.day(-2), "the? day before yesterday", weight=2)
    t("same.day", lambda a: p.day(0), "later today; today still")
    t("next.day", p.const(date=al.Running("day", 1), d_nextday=1), "the? next|following day", weight=-1)
    t(
        "this.unit",
        lambda a: p.running(0)(a or ("quarter",)),
        """
        this|current {unit}; the? current {unit}; this|current <qword>
    """,
        weight=1,
    )
    t(
        "next.unit",
        lambda a: p.running(1)(a or ("quarter",)),
        """
        the? <next>|<coming> {unit}; the? <next>|<coming> <qword>; this coming {unit}
    """,
        weight=1,
    )
    t("coming.week", p.const(date=al.Running("week", 1)), "the coming week")
    t(
        "after.unit",
        p.running(2),
        "the? {unit} after next; the? next next {unit}; the? next {unit} but one",
        weight=2,
    )
    t(
        "last.unit",
        lambda a: p.running(-1)(a or ("quarter",)),
        """
        the? <last> {unit}; the? <last> <qword>
    """,
        weight=1,
    )
    t("before.last", p.running(-2), "the? {unit} before last", weight=2)
    t(
        "coming.weekend",
        p.const(date=al.Running("weekend", 0)),
        """
        this|coming|upcoming weekend|wkend; this coming weekend; the coming weekend
    """,
        weight=4,
    )
    t("new.year", lambda a: p.running(1)(("year",)), "in|of|during|into the? new year", weight=1)
    t("last.weekend", p.const(date=al.Running("weekend", -1), lastunit="weekend"), "<last> weekend", weight=4)
    t(
        "weekend",
        p.const(date=al.Cycle("weekend"), d_cycle=True),
        """
        on|at|over|during? the|a|any weekend|weekends|wkend; weekend|weekends; at|on weekends
        any weekend
    """,
        weight=1,
    )
    return t.rows
