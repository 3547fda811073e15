"""English offsets: from now, and from a day or time that is named. A new phrase is a row here."""

from __future__ import annotations

from bot.understanding.when import algebra as al
from bot.understanding.when import phrases as p
from bot.understanding.when.grammar import Row
from bot.understanding.when.language import Table


def rows() -> list[Row]:  # noqa: PLR0915 - a table, one row after the other
    """What is counted from a moment."""
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
    t(
        "in.between",
        p.between_lengths,
        "in about|around|roughly|maybe? {num}|{one}|{couple} to|-|or|, {dur} time?; in {num}|{one} to|-|or {dur} ' time",
        weight=1,
    )
    t("in.time", p.from_now(1), "in {dur} time", weight=1)
    t("in.sum", lambda a: p.from_now(1)((p.total(a[0], a[1]),)), "in {dur} ,? and? {dur}", weight=1)
    t("ago.sum", lambda a: p.from_now(-1)((p.total(a[0], a[1]),)), "{dur} ,? and? {dur} ago|back", weight=1)
    t("weekdays.ago", lambda a: p.nth_after(-1)((a[0], a[1].weekday, al.TODAY)), "{num} {d_dow} ago", weight=3)
    t(
        "ago",
        lambda a: p.from_now(-1)(a[-1:]),
        """
        {dur} ago|back|prior; in {dur} ago; about|around {dur} ago; before {dur}
    """,
    )
    t("earlier", p.relative(-1), "{dur} earlier|before|sooner", weight=-2)
    t(
        "forward",
        p.relative(-1),
        "bring it|that|this|mine forward|forwards by? {dur}; bring my|the appointment|booking forward by? {dur}",
    )
    t(
        "back",
        p.relative(1),
        """
        push|put|move it|that|this|mine? back by? {dur}; push|put|move my|the appointment|booking back by? {dur}
        push|put|move it|that|this|mine {dur} back|later
    """,
    )
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
        "week.of.holiday",
        lambda a: p.containing("week")(a) if isinstance(a[0], al.Holiday) else None,
        "{date} week",
        weight=4,
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
    t("just", p.about, "just|shortly|bit|little before|after {time}", weight=7)
    t(
        "within.hour",
        p.const(elapsed=p.Elapsed(0, 3600)),
        "within the hour; in|within the? <next>|<coming> hour",
        weight=3,
    )
    t(
        "shift.back",
        lambda a: p.shifted(-1)((a[0], a[-1])),
        """
        {dur} before|prior|preceding to? the? {date}; {dur} before|to {time}
    """,
        weight=2,
    )
    t("shift.dom", p.shifted(1), "{dur} {d_after_dom}", weight=2)
    t("shift.back.dom", p.shifted(-1), "{dur} {d_before_dom}", weight=2)
    t("day.after", lambda a: p.day_next_to(1)(a[-1:]), "the? day after|following the? {date}", weight=2)
    t(
        "day.before",
        lambda a: p.day_next_to(-1)(a[-1:]),
        """
        the? day before|preceding the? {date}; the? eve of {date}
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
    t("day.after.that", p.const(relday=1), "the following one")
    t("one.after", p.const(another=1), "the one after that|it?", weight=2)
    t("one.before", p.const(another=-1), "the one before that|it?", weight=2)
    for side, sign in (("before", -1), ("after", 1)):
        t(
            "weekday.beside",
            lambda a, sign=sign: {"beside": (sign, al.Weekday(a[0].weekday)), "date": a[0]},  # type: ignore[misc]
            f"on? the {{d_dow}} {side}|{'preceding' if sign < 0 else 'following'} that|it?",
            f"on? {{d_dow}} {side} that|it",
            weight=2,
        )
        t(
            "weekend.beside",
            lambda a, sign=sign: {"beside": (sign, al.Cycle("weekend")), "date": al.Cycle("weekend")},  # type: ignore[misc]
            f"<d_cycle> {side} that|it?",
            weight=2,
        )
        t(
            "weekend.beside.date",
            lambda a, sign=sign: p.nth_after(sign, 1)(("weekend", a[0])),  # type: ignore[misc]
            f"<d_cycle> {side} the? {{date}}",
            weight=3,
        )
        t(
            "unit.beside",
            lambda a, sign=sign: (  # type: ignore[misc]
                {"beside": (sign, al.Cycle(a[0]))}
                if a[0] in ("day", "week", "weekend", "month", "workday")
                else None
            ),
            f"on|in? the {{unit}} {side} that|it?",
            weight=2,
        )
    t(
        "last.before",
        lambda a: p.nth_after(-1, 1)((a[0], a[-1])),
        "on|in? the? {lastdow}|{lastunit} before the? {date}",
        weight=3,
    )
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
        "fridays.from",
        lambda a: p.nth_after(1)((a[0], a[1].weekday, al.TODAY)),
        """
        {num} {d_dow} from now|today|away
    """,
        weight=3,
    )
    return t.rows
