"""German weekdays, dates and lengths of time. A new phrase is a row here."""

from __future__ import annotations

from bot.understanding.when import algebra as al
from bot.understanding.when import phrases as p
from bot.understanding.when.clock import narrow, part
from bot.understanding.when.grammar import Row
from bot.understanding.when.language import Table


def rows() -> list[Row]:  # noqa: PLR0915 - a table, one row after the other
    """Days, dates, units, lengths."""
    t = Table("de")
    t("weekday", p.weekday(), "{dow}")
    t("last.of.month", lambda a: p.nth_of(-1)(("day", al.Fields(month=a[0]))), "am <last> {mon}", weight=1)
    t(
        "weekday.southern",
        lambda a: {"dated": {"date": al.Weekday(a[0]), "time": p.as_clock(a[1])}},
        "{southern_dow} am {hw}",
    )
    t("weekday.each", p.every_weekday, "immer {dow}")
    t("weekday.every", p.repeated_weekday, "jeden|jeder|jede|jedem {dow}")
    t(
        "weekday.every.nth",
        lambda a: p.repeated_weekday(a[-1:]),
        "jeden|jeder|jede|jedem {ord} {dow}; jeden anderen {dow}",
        weight=3,
    )
    t(
        "nth.every.month",
        p.repeated_nth,
        "jeden|jeder|jede|jedem {ord} {dow} im|des|in|eines? jeden? monat|monats; am|den? {ord} {dow} jeden|jedes monat|monats",
        weight=5,
    )
    t("weekday.one", p.weekday(), "an einem {dow}; irgendeinen|irgendeinem|einem|einen {dow}", weight=-1)
    t("weekday.this", p.weekday("coming"), "<this> {dow}")
    t("weekday.coming", p.weekday("coming"), "<coming> {dow}")
    t("weekday.next", p.weekday("next"), "<next> {dow}")
    t("weekday.after", p.weekday("after_next"), "<after_next> {dow}")
    t("weekday.last", p.weekday("last"), "<last> {dow}")
    t("today", lambda a: p.day(a[0]), "{today}; schon|gleich {today}")
    t("today.adj", lambda a: p.day(0), "am? heutigen tag")
    t("tomorrow.adj", lambda a: p.day(1), "am? morgigen tag")
    t(
        "part.early.day",
        lambda a: p.day_part(al.Weekday(a[0]), narrow(a[1], "early")),
        """
        am? <early> {dow} {part}
    """,
        weight=2,
    )
    t(
        "part.late.day",
        lambda a: p.day_part(al.Weekday(a[0]), narrow(a[1], "late")),
        """
        am? <late> {dow} {part}
    """,
        weight=2,
    )
    t("day.after", p.const(beside=(1, al.Cycle("day"))), "am|den? tag danach|darauf|drauf")
    t(
        "today.morning",
        lambda a: p.day_part(al.Running("day", a[0]), part("morning")),
        """
        {today} morgen
    """,
    )
    t(
        "today.early",
        lambda a: p.day_part(al.Running("day", a[0]), part("early")),
        """
        {today} <early>|früh morgen
    """,
    )
    t(
        "weekday.morning",
        lambda a: p.day_part(al.Weekday(a[0]), part("morning")),
        """
        {dow} morgen
    """,
    )
    t(
        "weekday.morning.next",
        lambda a: p.day_part(al.Weekday(a[0], "coming"), part("morning")),
        """
        <next>|<this>|<coming> {dow} morgen
    """,
    )
    t(
        "morning.next",
        lambda a: p.day_part(al.Running("day", 1), part("morning"), d_nextday=1),
        """
        am <next>|<folg> morgen
    """,
    )
    t(
        "tomorrow.early",
        lambda a: p.day_part(al.Running("day", 1), part("early")),
        """
        morgen <early> am morgen
    """,
    )
    t(
        "next.day",
        p.const(date=al.Running("day", 1), d_nextday=1),
        """
        am <next>|<folg> tag; <art> <next>|<folg> tag; tags darauf; einen tag später|drauf|darauf
        am tag darauf|danach|drauf
    """,
        weight=1,
    )
    t("this.unit", p.running(0), "<this> {unit}; in <this> {unit}")
    t("running.unit", p.running(0), "laufende|laufenden|aktuelle|aktuellen|aktueller {unit}")
    t(
        "next.unit",
        p.running(1),
        """
        <next>|<coming>|<folg> {unit}; in <art>? <next>|<coming>|<folg> {unit}
    """,
    )
    t("coming.weekend", p.const(date=al.Running("weekend", 0)), "<coming>|<this> wochenende|we", weight=3)
    t("new.year", lambda a: p.running(1)(("year",)), "im|in|des|vom? neuen jahr|jahre|jahres")
    t("after.unit", p.running(2), "<after_next> {unit}")
    t("last.unit", p.running(-1), "<last> {unit}")
    t(
        "unit.before.last",
        lambda a: {"nthunit": (-2, a[0])} if a[0] in ("day", "workday") else None,
        "am|der|den? vorletzten|vorletzter|vorletzte {unit}",
        weight=1,
    )
    t(
        "last.unit.aside",
        lambda a: {**(p.running(-1)(a) or {}), "aside": True},
        "von|aus|wie <last> {unit}",
        weight=2,
    )
    t(
        "yesterday.aside",
        lambda a: {**p.day(a[0]), "aside": True} if a[0] < 0 else None,
        "von {today}",
        weight=2,
    )
    t("today.compared", lambda a: {**p.day(a[0]), "aside": True}, "wie {today}", weight=2)
    t("before.last", p.running(-2), "vorletzte|vorletzten|vorletzter|vorletztes {unit}")
    t(
        "weekend",
        p.const(date=al.Cycle("weekend"), d_cycle=True),
        """
        am|zum|übers|über|das|jedes wochenende|we; an den wochenenden; wochenende
        an? <art>? wochenenden
    """,
        weight=1,
    )
    t("this.year", p.const(date=al.Running("year", 0)), "heuer")
    t("ord.year", p.const(date=al.Running("year", 0)), "in diesem jahr", weight=1)
    t("month", p.fields("m"), "{mon}; in? diesem {mon}")
    t("month.day", p.fields("m", "d", "y"), "{mon} {dom}|{domord} ,? {year}?", weight=1)
    t("month.year", p.fields("m", "y"), "{mon} {year}")
    t(
        "month.next",
        lambda a: p.date(al.Fields(month=a[0]), d_month=True),
        """
        <next>|<coming> {mon}
    """,
    )
    t(
        "month.last",
        lambda a: p.date(al.Within(al.Fields(month=a[0]), al.Running("year", -1))),
        """
        <last> {mon}
    """,
    )
    t(
        "date",
        p.fields("d", "m", "y"),
        """
        am|der|den|dem|zum|vom? {domord} {mon} {year}|{yy}?; am|der|den|dem|zum|vom? {dom} .? {mon} {year}|{yy}?
    """,
        weight=3,
    )
    t("date.of", p.fields("d", "m"), "{domord} <art>|of {mon}")
    t(
        "nth.week.month",
        lambda a: p.nth_of()((a[0], "week", al.Fields(month=a[1]))),
        """
        in? der? {ord} {mon} woche
    """,
        weight=5,
    )
    t(
        "last.week.month",
        lambda a: p.nth_of(-1)(("week", al.Fields(month=a[0]))),
        """
        in? der? letzten|letzte {mon} woche
    """,
        weight=5,
    )
    t(
        "week.month.before.last",
        lambda a: p.nth_of(-2)((a[1], al.Fields(month=a[0]))) if a[1] in ("week", "weekend") else None,
        "in|am? der|das? vorletzten|vorletzte|vorletztes {mon} {unit}",
        weight=5,
    )
    t(
        "last.weekend.month",
        lambda a: p.nth_of(-1)(("weekend", al.Fields(month=a[0]))),
        "am|das? letzten|letztes|letzte {mon} wochenende",
        weight=5,
    )
    t(
        "nth.weekend.month",
        lambda a: p.nth_of()((a[0], "weekend", al.Fields(month=a[1]))),
        """
        am? {ord} {mon} wochenende
    """,
        weight=5,
    )
    t(
        "half.month",
        lambda a: p.half_of(a[0], al.Fields(month=a[1])),
        """
        in? der? {ord} {mon} hälfte
    """,
        weight=5,
    )
    t(
        "dates",
        p.day_list,
        """
        am? {domord}|{dom} ,? {domord}|{dom} oder {domord}|{dom} {mon}; am? {domord}|{dom} oder am? {domord}|{dom} {mon}
        am? {domord} oder am? {dm}
    """,
        weight=6,
    )
    t(
        "dates.numbered",
        p.numbered_days,
        """
        am|den|der? {dom_pair} {dom_pair}? {domord}? oder|bzw|und {domord} {mon}
        am|den|der? {dom_pair} {domord} {mon}; am|den|der? {domord} {dom_pair} oder|bzw|und {domord} {mon}
    """,
        weight=6,
    )
    t(
        "dates.in.a.row",
        p.days_in_a_row,
        """
        am|den|der? {dom_pair} {dom_pair}? {domord}? oder|bzw|und am|den|der? {domord}
    """,
        weight=6,
    )
    t(
        "dates.in.a.row.month",
        lambda a: p.days_in_a_row(a[:-1], a[-1]),
        "am|den|der? {dom_pair} {dom_pair}? {domord}? oder|bzw|und am|den|der {domord} {mon}",
        weight=6,
    )
    t(
        "dates.of.month",
        lambda a: {"dates": [al.Fields(day=a[0]), al.Fields(day=a[1])]},
        "am|den|der {domord} oder|bzw|und am|den|der? {domord}",
        weight=2,
    )
    t(
        "part.of.day.of.month",
        lambda a: p.day_part(al.Fields(day=a[1], month=a[2]), a[0]),
        "am|in? der? {part} des|vom {domord} {mon}?",
        weight=4,
    )
    t(
        "dates.of.month.list",
        lambda a: {"dates": [al.Fields(day=day) for day in a]},
        """
        am|den|der? {domord} ,? {domord} oder|und|bzw am|den|der? {domord}
        am|den|der? {domord} ,? {domord} ,? {domord} oder|und|bzw am|den|der? {domord}
    """,
        weight=6,
    )
    t(
        "date.ordinals",
        p.fields("d", "m", "y"),
        """
        am|der|den|dem|zum|vom? {domord} {monord} {year}?; {domord} {domord} {year}
    """,
        weight=2,
    )
    t("date.digits", p.fields("d", "m", "y"), "{domord} {ord} {year}?", weight=1)
    t("date.spoken", p.fields("d", "m"), "am|den {domd} {domd}", weight=-1)
    t("date.dm", p.tuple_date, "{dm} {year}|{yy}?; {dm}", weight=4)
    t("date.dmy", p.tuple_date, "{dmy}")
    t("date.loose", p.tuple_date, "{dmy}")
    t("date.slash", p.tuple_date, "{slash}")
    t(
        "date.dot",
        lambda a: p.tuple_date((a[-1],)),
        """
        am|den|dem|zum|vom|der|bis {dot_date}; {dow} ,? {dot_date}
    """,
        weight=2,
    )
    t("date.iso", p.iso, "{ymd}")
    t(
        "date.weekday",
        p.fields("w", "d", "m", "y"),
        """
        {dow} ,? <art>|am? {domord} {mon} {year}|{yy}?
    """,
        weight=4,
    )
    t("date.weekday.ordinals", p.fields("w", "d", "m"), "{dow} ,? <art>|am? {domord} {monord}", weight=4)
    for words, bound in (("ab", "from"), ("bis", "until"), ("vorm", "before")):
        t(
            f"day.of.month.{bound}",
            p.day_bound(bound),
            f"{words} {{domord}}",
            weight=-6,
        )
    t("day.of.month.plain", p.fields("d"), "dem|zum {domd}", weight=-6)
    t(
        "days.of.month",
        lambda a: p.days((al.Fields(day=a[0]), al.Fields(day=a[1]))) if a[0] < a[1] else None,
        """
        vom|am? {domord} bis|- zum|zu|den|dem? {domord}; zwischen dem? {domord} und dem? {domord}
    """,
        weight=2,
    )
    t(
        "day.of.month",
        p.fields("d"),
        "am|zum|vom|beim {domord}; der|den|dem {stop_ord}|{bigord}; den|der {stop_ord}; am|den|der {domd}",
        weight=-6,
    )
    t("day.of.month.weekday", p.fields("w", "d"), "{dow} ,? <art>|am? {domord}; {dow} ,? den|dem|der {domd}")
    t(
        "days.month",
        p.day_days_month("d", "e", "m", "y"),
        """
        {domord}|{dom} bis|-|und|/ <art>|zum? {domord}|{dom} {mon} {year}?
    """,
        weight=5,
    )
    t(
        "days.dm",
        lambda a: p.day_days_month("d", "m")((a[0], a[1])),
        "{domord} bis|- zum? {dm}|{dot_date}",
        weight=5,
    )
    t("year", p.fields("y"), "im jahr|jahre {year}; jahr {year}; in {year}")
    t(
        "week.number",
        p.iso_week,
        """
        <week_word> {num} {year}?; in der <week_word> {num}; <week_word> nr|nummer|. {num}
    """,
    )
    t("week.ordinal", p.iso_week, "{ord} <week_word> {year}?", weight=2)
    t("week.num", p.iso_week, "woche {num}")
    t(
        "week.numbers",
        lambda a: {"dates": [al.IsoWeek(n) for n in a]} if all(1 <= n <= 53 for n in a) else None,
        "<week_word> {num} oder|/ <week_word>? {num}",
        weight=3,
    )
    t(
        "week.numbers.slash",
        lambda a: {"dates": [al.IsoWeek(n) for n in a[0]]} if a[0][0] < a[0][1] <= 53 else None,
        "<week_word> {slash}",
        weight=3,
    )
    t("quarter.n", p.part_of_year("quarter"), "im|in|das|dem? {ord} quartal {year}?", weight=3)
    t("half.n", p.part_of_year("half"), "im|in|der? {ord} halbjahr|jahreshälfte {year}?", weight=3)
    for n in (1, 2, 3, 4):
        t("quarter.q", p.part_of_year("quarter", n), f"q{n}", "q " + str(n))
    t(
        "weekday.before.last",
        lambda a: {"nthdow": (-2, a[0])},
        "am|der|den? vorletzten|vorletzter|vorletzte {dow}",
        weight=2,
    )
    t("nth.weekday", lambda a: {"nthdow": (a[0], a[1])}, "am|an|der|den|dem|zum? {ord} {dow}", weight=2)
    t(
        "nth.whole.week",
        lambda a: {"nthwhole": a[0]},
        "in? die|der? {ord} volle|vollen|ganze|ganzen woche",
        weight=1,
    )
    t(
        "last.whole.week",
        lambda a: {"nthwhole": -1},
        "in? die|der? <last> volle|vollen|ganze|ganzen woche",
        weight=2,
    )
    t(
        "nth.unit",
        lambda a: {"nthunit": (a[0], a[1])},
        """
        in|am|an|im? der|die|das|dem|den? {ord} {unit}
    """,
        weight=1,
    )
    t(
        "length",
        p.duration(),
        """
        {num}|{one}|{dec}|{few} {unit}; {one} paar {unit}
        {one} gute|guten|knappe|knappen|gut|knapp {unit}; gut|knapp {num} {unit}
    """,
    )
    t(
        "length.later.part",
        lambda a: (
            {**(p.relative(1)((p.Duration(float(a[0]), a[1]),)) or {}), "part": a[2]}
            if a[1] in ("day", "week")
            else None
        ),
        "{num}|{one} {unit} später|danach {part}",
        weight=1,
    )
    t("length.half", lambda a: p.duration(0.5)((a[1],)), "{one}? halbe|halben|halbes {unit}")
    t(
        "length.word",
        p.const(dur=p.Duration(15, "minute")),
        """
        {one}? viertelstunde; {one} viertel stunde
    """,
    )
    t(
        "length.three",
        p.const(dur=p.Duration(45, "minute")),
        """
        {one}? dreiviertelstunde; dreiviertel stunde; drei viertel stunde
    """,
    )
    t(
        "length.sum",
        lambda a: {"dur": p.Duration(a[0] * 60 + a[1], "minute")},
        """
        {num}|{one} stunde|stunden und? {num} minuten|min
    """,
    )
    t("length.plus", p.plus_half, "{num} einhalb {unit}")
    t("length.month", p.const(dur=p.Duration(14, "day")), "vierzehn tage|tagen; 14 tage|tagen", weight=1)
    return t.rows
