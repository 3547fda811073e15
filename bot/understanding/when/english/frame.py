"""English offsets, "nth X of Y", edges of units and bounds. A new phrase is a row here."""

from __future__ import annotations

from bot.understanding.when import algebra as al
from bot.understanding.when import phrases as p
from bot.understanding.when.grammar import Row, Values
from bot.understanding.when.language import Table


def _weekend_of(node: al.Node) -> Values | None:
    return p.date(al.Containing("weekend", node)) if al.is_day(node) else None


def rows() -> list[Row]:  # noqa: PLR0915 - a table, one row after the other
    """What is said around days and clock times."""
    t = Table("en")
    t(
        "in",
        lambda a: p.from_now(1)(a[-1:]),
        """
        in about|around|roughly|approximately {dur}; in {dur}; {dur} from now; {dur} hence
        {dur} from today; in the {dur}; in {dur} ' time; in {dur} 's time; in {dur} from now
        in another {dur}
    """,
        weight=0,
    )
    t("in.time", p.from_now(1), "in {dur} time", weight=1)
    t("in.sum", lambda a: p.from_now(1)((p.total(a[0], a[1]),)), "in {dur} ,? and? {dur}", weight=1)
    t("ago.sum", lambda a: p.from_now(-1)((p.total(a[0], a[1]),)), "{dur} ,? and? {dur} ago|back", weight=1)
    t("weekdays.ago", lambda a: p.nth_after(-1)((a[0], a[1].weekday, al.TODAY)), "{num} {d_dow} ago", weight=3)
    t("half.of", lambda a: p.half_of(a[0], a[1]), "in? the? {ord} half of the? {date}", weight=3)
    t(
        "ago",
        lambda a: p.from_now(-1)(a[-1:]),
        """
        {dur} ago|back|prior; about|around {dur} ago; before {dur}
    """,
    )
    t("earlier", p.relative(-1), "{dur} earlier|before", weight=-2)
    t("later", p.relative(1), "{dur} later|after", weight=-2)
    t("after.length", p.after_length, "after {dur}")
    t(
        "within",
        lambda a: p.within(a[-1:]),
        """
        within {dur}; within the? <next>|<coming> {dur}; in under|less {dur}; in less than {dur}
        inside of? {dur}
    """,
        weight=2,
    )
    t(
        "rolling",
        lambda a: p.rolling(False)(a[-1:]),
        """
        in|over|during|for? the? <next>|<coming> {dur}; these next {dur}; the {dur} ahead
        upcoming {dur}
    """,
        weight=2,
    )
    t(
        "rolling.back",
        lambda a: p.rolling(True)(a[-1:]),
        """
        in|over|during|for|within? the|these? <last> {dur}; the? {dur} past
    """,
        weight=2,
    )
    t(
        "rolling.units",
        lambda a: p.date(al.Rolling(3, "day")),
        """
        in|over? the <next>|<coming> days; in the coming days
    """,
        weight=5,
    )
    t(
        "rolling.weeks",
        lambda a: p.date(al.Rolling(3, "week")),
        """
        in|over? the <next>|<coming> weeks
    """,
        weight=5,
    )
    t(
        "rolling.months",
        lambda a: p.date(al.Rolling(3, "month")),
        """
        in|over? the <next>|<coming> months
    """,
        weight=5,
    )
    t(
        "shift",
        lambda a: p.shifted(1)((a[0], a[-1])),
        """
        {dur} after|from|following the? {date}; {dur} on {date}; {dur} after|from|past {time}
    """,
        weight=2,
    )
    t(
        "shift.week",
        lambda a: p.shifted(1)((a[1], a[0])) if isinstance(a[1], p.Duration) else None,
        """
        {date} in {dur}; {date} {one} week
    """,
        weight=1,
    )
    t(
        "week.on",
        lambda a: p.date(al.Shift(al.Weekday(a[0].weekday, a[0].mode), 7, "day")),
        """
        {d_dow} week; a week {d_dow}; a week on {d_dow}
    """,
        weight=3,
    )
    t(
        "week.on.day",
        lambda a: p.date(al.Shift(a[0], 7, "day")) if al.is_day(a[0]) else None,
        """
        {date} week; a? week on|from? {date}
    """,
        weight=3,
    )
    t(
        "fortnight.on",
        lambda a: p.date(al.Shift(a[0], 14, "day")) if al.is_day(a[0]) else None,
        """
        {date} fortnight; a? fortnight on|from? {date}
    """,
        weight=3,
    )
    t("weeks.on", p.shifted(1), "{dur} on|from {date}", weight=2)
    t(
        "weeks.on.bare",
        lambda a: p.shifted(1)(a) if a[0].unit == "week" and al.is_day(a[1]) else None,
        """
        {dur} {date}
    """,
        weight=2,
    )
    t("passing.by", p.const(glue=True), "come|pop|stop|drop|swing|call|go by; by on")
    t(
        "no.good",
        p.const(refusal=True),
        """
        no good|use|chance|way; out of the question; off limits; ruled out
    """,
        weight=2,
    )
    t("just", p.about, "just|shortly|bit|little before|after {time}", weight=7)
    t("within.hour", p.const(elapsed=p.Elapsed(0, 3600)), "within the hour; in the next hour", weight=3)
    t(
        "but",
        p.const(excluded=True),
        """
        anything|any|everything|everyday|anytime|day but; any|every day but
    """,
    )
    t(
        "shift.back",
        lambda a: p.shifted(-1)((a[0], a[-1])),
        """
        {dur} before|prior|preceding to? the? {date}; {dur} before|to {time}
    """,
        weight=2,
    )
    t("day.after", lambda a: p.day_next_to(1)(a[-1:]), "the? day after|following {date}", weight=2)
    t(
        "day.before",
        lambda a: p.day_next_to(-1)(a[-1:]),
        """
        the? day before|preceding {date}; the? eve of {date}
    """,
        weight=2,
    )
    t(
        "weekday.after",
        lambda a: p.nth_after(1, 1)((a[0].weekday, a[-1])),
        """
        the? {d_dow} after|following the? {date}
    """,
        weight=2,
    )
    t("day.after.that", p.const(relday=1), "the day after that?; the following one")
    t(
        "weekday.before",
        lambda a: p.nth_after(-1, 1)((a[0].weekday, a[-1])),
        """
        the? {d_dow} before|preceding the? {date}
    """,
        weight=2,
    )
    t(
        "nth.weekday.after",
        lambda a: p.nth_after(1)((*a[0], a[-1])),
        """
        {nthdow} after|from the? {date}
    """,
        weight=2,
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
        "weekday.of.unit",
        lambda a: p.date(al.Within(a[0], a[1])) if a[1].unit in ("week", "month") else None,
        """
        {d_dow} from|of|in the? {d_unit}
    """,
        weight=4,
    )
    t(
        "nth.weekday.before",
        lambda a: p.nth_after(-1)((*a[0], a[-1])),
        """
        {nthdow} before the? {date}
    """,
        weight=2,
    )
    t(
        "unit.after",
        lambda a: p.nth_after(1, 1)((a[0], a[-1])),
        """
        the? {unit} after|following {date}
    """,
        weight=2,
    )
    t(
        "unit.before",
        lambda a: p.nth_after(-1, 1)((a[0], a[-1])),
        """
        the? {unit} before|preceding {date}
    """,
        weight=2,
    )
    t("nth.unit.after", lambda a: p.nth_after(1)((*a[0], a[-1])), "{nthunit} after {date}", weight=2)
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
        {date} weekend
    """,
        weight=3,
    )
    t(
        "fridays.from",
        lambda a: p.nth_after(1)((a[0], a[1].weekday, al.TODAY)),
        """
        {num} {d_dow} from now|today|away
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
        weight=3,
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
    t("nth.unit", lambda a: p.nth_of()((*a[0], a[-1])), "{nthunit} of|in|on the? {date}", weight=3)
    t(
        "last.unit.of",
        p.nth_of(-1),
        """
        in|on? the? {lastunit} of|in|on the? {date}; in|on? the? final {unit} of|in the? {date}
    """,
        weight=3,
    )
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
    t(
        "not.before",
        p.const(b_from=True),
        """
        not before|earlier; not until|till; no|not earlier|sooner than; not any earlier than; no sooner than
        at|any time? from; anytime|sometime|any from; starting from|at|on|around?; beginning from|at|on?
        as of|from; from on; the earliest; earliest; any time from; on or after; at or after
    """,
        weight=4,
    )
    t(
        "after.exact",
        p.const(b_after=True),
        """
        anytime|sometime after; any time after; some time after
        right|straight|just|immediately|directly after; later than
    """,
        weight=5,
    )
    t(
        "not.after",
        p.const(b_until=True),
        """
        not after|later than?; no|not later|after than?; not any later than; at the latest by
        no later than; up until|till|to; the latest; latest; on or before; at or before
        by no later than; due by; by at? latest?; anytime|sometime by|until
    """,
        weight=4,
    )
    t(
        "before.exact",
        p.const(b_before=True),
        """
        anytime|sometime before; any time before; some time before
        right|straight|just|immediately before; earlier than; sooner than; prior to
    """,
        weight=5,
    )
    t(
        "or.later",
        p.const(p_from=True),
        """
        or|and|onwards later|after|onwards|onward|above|beyond; and onwards|onward|after|later
        or any time after; at the earliest
    """,
        weight=3,
    )
    t(
        "or.earlier",
        p.const(p_until=True),
        """
        or earlier|before|sooner; at the latest; or any time before
    """,
        weight=3,
    )
    t(
        "onwards",
        lambda a: {"time": p.as_clock(a[0]), "p_from": True},
        """
        from $H on|onwards|onward|forward; $H onwards|onward|forward
    """,
        weight=3,
    )
    t(
        "onwards.date",
        lambda a: {"date": a[0], "p_from": True},
        """
        from {date} on; from? {date} onwards|onward|forward
    """,
        weight=3,
    )
    t(
        "since.weekday",
        lambda a: {"date": al.Weekday(a[0].weekday, "last"), "p_from": True},
        "since {d_dow}",
        weight=1,
    )
    t("same.time", p.const(same=True), "at? the? same time")
    return t.rows
