"""German offsets, "nth X of Y", edges of units and bounds. A new phrase is a row here."""

from __future__ import annotations

from bot.understanding.when import algebra as al
from bot.understanding.when import phrases as p
from bot.understanding.when.clock import Clock
from bot.understanding.when.grammar import Row
from bot.understanding.when.language import Table


def rows() -> list[Row]:  # noqa: PLR0915 - a table, one row after the other
    """What is said around days and clock times."""
    t = Table("de")
    t(
        "in",
        lambda a: p.from_now(1, eight_is_a_week=True)((a[-1],)),
        """
        in|über|ueber|binnen {dur}; in etwa|ca|circa|ungefähr|rund|so {dur}; in ca . {dur}; in <art> {dur}
        heute in|über {dur}; von heute ab|an in {dur}; {dur} von jetzt an|ab; von jetzt an in {dur}
    """,
    )
    t(
        "in.between",
        p.between_lengths,
        """
        in so|etwa|ca|circa|ungefähr|rund? {num}|{one} bis|-|oder|/|, {dur}; in ca . {num}|{one} bis|- {dur}
        frühestens? in {num}|{one} bis|- {dur}
    """,
        weight=1,
    )
    t(
        "in.hours",
        lambda a: p.from_now(1)((p.Duration(float(a[0]), "hour"),)),
        "in {hours}",
        weight=1,
    )
    t(
        "later",
        p.relative(1),
        "{dur} später|danach|drauf|darauf; um? {dur} nach hinten; um? {dur} weiter nach? hinten",
    )
    t("in.sum", lambda a: p.from_now(1)((p.total(a[0], a[1]),)), "in {dur} und? {dur}", weight=1)
    t("ago.sum", lambda a: p.from_now(-1)((p.total(a[0], a[1]),)), "vor {dur} und? {dur}", weight=1)
    t("ago", p.from_now(-1), "vor {dur}; vor etwa|ca|circa|ungefähr|rund {dur}; {dur} her")
    t(
        "earlier",
        p.relative(-1),
        "{dur} früher|vorher|davor|zuvor|eher|vorverlegen|vorziehen; um? {dur} vorverlegen|vorziehen|früher; um? {dur} nach vorn|vorne",
    )
    t("since", p.skip, "seit etwa|ca|circa|ungefähr|rund|gut|knapp|fast|über? {dur}", weight=6)
    t(
        "since.date",
        lambda a: {
            "date": al.Weekday(a[0].weekday, "last") if isinstance(a[0], al.Weekday) else a[0],
            "p_from": True,
            "aside": True,
        },
        "seit <art>? {date}",
        weight=1,
    )
    t("since.time", p.skip, "seit $H", weight=1)
    t(
        "within",
        lambda a: p.within(a[-1:]),
        """
        innerhalb {dur}; innerhalb von|der {dur}; binnen {dur}; in den|der <next>|<coming> {dur}
        innerhalb der <next> {dur}
    """,
        weight=1,
    )
    t(
        "rolling",
        lambda a: p.rolling(False)(a[-1:]),
        """
        <art>? <next>|<coming>|<folg> {dur}; in|während? <art>? <next>|<coming> {dur}
    """,
        weight=2,
    )
    t(
        "rolling.back",
        lambda a: p.rolling(True)(a[-1:]),
        """
        <art>? <last> {dur}; in? <art>? <last> {dur}
    """,
        weight=2,
    )
    t(
        "last.of",
        lambda a: p.edge_of(a, last=True),
        "<art>? <last> {dur} im|in|des|vom <art>? {date}",
        "<art>? <last> {dur} im|des monat|monats|monates",
        weight=5,
    )
    t(
        "first.of",
        lambda a: p.edge_of(a, last=False),
        "<art>? ersten|erste {dur} im|in|des|vom <art>? {date}",
        "<art>? ersten|erste {dur} im|des monat|monats|monates",
        weight=5,
    )
    t(
        "rolling.units",
        lambda a: p.date(al.Rolling(3, "day")),
        """
        die|den <next>|<coming> tage|tagen; in den <next>|<coming> tagen; in <next> zeit
    """,
        weight=3,
    )
    t(
        "rolling.weeks",
        lambda a: p.date(al.Rolling(3, "week")),
        """
        die|den <next>|<coming> wochen; in den <next>|<coming> wochen
    """,
        weight=3,
    )
    t(
        "rolling.months",
        lambda a: p.date(al.Rolling(3, "month")),
        """
        die|den <next>|<coming> monate|monaten; in den <next>|<coming> monaten
    """,
        weight=3,
    )
    t(
        "shift",
        lambda a: p.shifted(1)((a[0], a[-1])),
        """
        {dur} nach <art>? {date}; {dur} nach {time}
    """,
        weight=2,
    )
    t(
        "shift.back",
        lambda a: p.shifted(-1)((a[0], a[-1])),
        """
        {dur} vor <art>? {date}; {dur} vor {time}
    """,
        weight=2,
    )
    t("after.now", lambda a: p.shifted(1)((a[1], a[0])), "{date} in {dur}; {date} über {dur}", weight=1)
    t(
        "day.after",
        lambda a: p.day_next_to(1)(a[-1:]),
        """
        am? tag nach|danach <art>? {date}; der|den tag nach <art>? {date}
    """,
        weight=2,
    )
    t(
        "day.before",
        lambda a: p.day_next_to(-1)(a[-1:]),
        """
        am? tag vor <art>? {date}; der|den tag vor <art>? {date}; am vortag von|vom? {date}
    """,
        weight=2,
    )
    t(
        "weekday.after",
        lambda a: p.nth_after(1, 1)((a[0].weekday, a[-1])),
        """
        am|der|den? {d_dow} nach <art>? {date}
    """,
        weight=2,
    )
    t(
        "weekday.before",
        lambda a: p.nth_after(-1, 1)((a[0].weekday, a[-1])),
        """
        am|der|den? {d_dow} vor <art>? {date}
    """,
        weight=2,
    )
    t(
        "nth.weekday.after",
        lambda a: p.nth_after(1)((*a[0], a[-1])),
        """
        {nthdow} nach <art>? {date}
    """,
        weight=3,
    )
    t(
        "nth.weekday.before",
        lambda a: p.nth_after(-1)((*a[0], a[-1])),
        """
        {nthdow} vor <art>? {date}
    """,
        weight=3,
    )
    t(
        "bridge.day",
        lambda a: p.date(al.NthAfter(1, al.Cycle("day"), a[0])) if isinstance(a[0], al.Holiday) else None,
        "am|der|den? brückentag nach|zu|an <art>? {date}",
        weight=3,
    )
    for side, sign in (("davor|zuvor|vorher", -1), ("danach|darauf|drauf", 1)):
        t(
            "weekday.beside",
            lambda a, sign=sign: {"beside": (sign, al.Weekday(a[0].weekday)), "date": a[0]},  # type: ignore[misc]
            f"{{d_dow}} {side}",
            weight=2,
        )
        t(
            "weekend.beside",
            lambda a, sign=sign: {"beside": (sign, al.Cycle("weekend")), "date": al.Cycle("weekend")},  # type: ignore[misc]
            f"<d_cycle> {side}",
            weight=2,
        )
        t(
            "unit.beside",
            lambda a, sign=sign: (
                {"beside": (sign, al.Cycle(a[0]))}
                if a[0] in ("day", "week", "weekend", "month", "workday")
                else None
            ),  # type: ignore[misc]
            f"am|in|an? der|die|den|das? {{unit}} {side}",
            weight=2,
        )
    for word, sign in (("vor", -1), ("nach", 1)):
        t(
            "weekend.beside.date",
            lambda a, sign=sign: p.nth_after(sign, 1)(("weekend", a[0])),  # type: ignore[misc]
            f"<d_cycle> {word} <art>? {{date}}",
            weight=3,
        )
        t(
            "weekday.beside.date",
            lambda a, sign=sign: (
                p.nth_after(sign, 1)((a[1].weekday, a[0])) if isinstance(a[0], al.Holiday) else None
            ),  # type: ignore[misc]
            f"{word} <art>? {{date}} am|,? {{d_dow}}",
            weight=2,
        )
    t(
        "day.of.unit",
        lambda a: p.date(al.Within(al.Fields(day=a[0]), a[1])) if a[1].unit == "month" else None,
        """
        am? {domord} {d_unit}; am? {domord} <art>|of {d_unit}
    """,
        weight=4,
    )
    t(
        "night.between",
        lambda a: p.day_part(a[1], a[0]),
        "{part} von|vom <art>? {date} auf|zu|zum <art>? {date}",
        weight=4,
    )
    t("length.from", lambda a: p.shifted(1)((a[0], a[1])), "{dur} ab <art>? {date}", weight=2)
    t("one.after", p.const(another=1), "der|die|das|den|dem danach|darauf|drauf")
    t("one.before", p.const(another=-1), "der|die|das|den|dem davor")
    t("after.length", p.after_length, "nach {dur}")
    t("from.today", p.from_now(1), "{dur} ab|von heute|jetzt", weight=3)
    t(
        "end.of.day",
        lambda a: {"dated": {"date": al.TODAY, "time": Clock(24, fixed=True)}},
        """
        zum? ende des tages|heutigen; ende des heutigen tages
    """,
        weight=3,
    )
    t(
        "unit.after",
        lambda a: p.nth_after(1, 1)((a[0], a[-1])),
        """
        in? der|die|das|am? {unit} nach <art>? {date}
    """,
        weight=2,
    )
    t(
        "unit.before",
        lambda a: p.nth_after(-1, 1)((a[0], a[-1])),
        """
        in? der|die|das|am? {unit} vor <art>? {date}
    """,
        weight=2,
    )
    t(
        "unit.of",
        lambda a: p.containing("week")(a[-1:]),
        """
        die|der woche vom|mit dem? {date}; woche vom {date}; in der woche vom|um|mit|ab dem? {date}
    """,
        weight=2,
    )
    t(
        "nth",
        lambda a: p.nth_of()((*a[0], a[-1])),
        """
        {nthdow} im|in|des|der|vom|von|am? <art>? {date}
    """,
        weight=3,
    )
    t("nth.last", p.nth_of(-1), "{lastdow} im|in|des|der|vom|von <art>? {date}", weight=3)
    t(
        "nth.unit.month",
        lambda a: p.nth_of()((*a[0], "month")),
        """
        {nthdow} im|des|in monat|monats|monates
    """,
        weight=3,
    )
    t(
        "last.unit.month",
        lambda a: p.nth_of(-1)((a[0], "month")),
        """
        {lastdow} im|des|in monat|monats|monates
    """,
        weight=3,
    )
    t(
        "nth.unit",
        lambda a: p.nth_of()((*a[0], a[-1])),
        """
        {nthunit} im|in|des|der|vom|von? <art>? {date}
    """,
        weight=3,
    )
    t(
        "nth.whole.week",
        p.whole_weeks,
        "{nthwhole} im|in|des|vom? <art>? {date}; {nthwhole} im|des monat|monats",
        weight=4,
    )
    t(
        "last.of.running",
        lambda a: p.nth_of(-1)((a[0], a[1])) if a[1].unit in ("month", "quarter", "half", "year") else None,
        "{lastdow}|{lastunit} {d_unit}",
        weight=3,
    )
    t("nth.week.year", lambda a: p.nth_of()((*a[0], "year")), "{nthunit} des|im jahres|jahr", weight=3)
    t("last.week.year", lambda a: p.nth_of(-1)((a[0], "year")), "{lastunit} des|im jahres|jahr", weight=3)
    t("nth.unit.last", p.nth_of(-1), "{lastunit} im|in|des|der|vom|von <art>? {date}", weight=3)
    t(
        "nth.day.month",
        lambda a: p.nth_of()((*a[0], "month")),
        """
        {nthunit} im|des monat|monats|monates
    """,
        weight=3,
    )
    t("last.unit.before", lambda a: p.nth_after(-1, 1)((a[0], a[1])), "{lastunit} vor <art>? {date}", weight=3)
    t("nth.unit.after", lambda a: p.nth_after(1)((*a[0], a[1])), "{nthunit} nach <art>? {date}", weight=3)
    t("nth.unit.before", lambda a: p.nth_after(-1)((*a[0], a[1])), "{nthunit} vor <art>? {date}", weight=3)
    t("nth.day.week", lambda a: p.nth_of()((*a[0], "week")), "{nthunit} der|dieser woche", weight=3)
    t("last.day.week", lambda a: p.nth_of(-1)((a[0], "week")), "{lastunit} der|dieser woche", weight=3)
    t(
        "weekday.number.time",
        lambda a: {"dated": {"date": al.Checked(al.Fields(day=a[1]), a[0].weekday), "time": p.as_clock(a[2])}},
        "{d_dow} {domd} um $H",
        weight=2,
    )
    t(
        "last.day.month",
        lambda a: p.nth_of(-1)((a[0], "month")),
        """
        {lastunit} im|des monat|monats|monates
    """,
        weight=3,
    )
    for n, word in enumerate(("<third0>", "<third1>", "<third2>")):
        t(
            "third",
            p.of_last(p.third(n)),
            f"zu|am|gegen|zum? {word} <of>|<art>? {{date}}",
            f"zu|am|gegen|zum? {word} der|des|dieser|diesen|dieses|im|vom? {{unit}}",
            f"zu|am|gegen|zum? {word} {{d_unit}}",
            f"zu|am|gegen|zum? {word} {{year}}",
            weight=3,
        )
    for words, first, last in (
        ("anfang bis mitte", 0, 1),
        ("mitte bis ende", 1, 2),
        ("anfang oder mitte", 0, 1),
        ("mitte oder ende", 1, 2),
    ):
        t(
            "thirds",
            p.thirds(first, last),
            f"{words} <of>|<art>? {{date}}",
            weight=4,
        )
    t("short.to.time", p.about, "kurz vor|nach {time}", weight=3)
    t(
        "same.time",
        p.const(same=True),
        """
        um|zu die|der gleichen|gleiche|selben|selbe zeit|uhrzeit; zur gleichen|selben zeit|uhrzeit
        gleiche|selbe zeit|uhrzeit; um|zu? dieselbe|derselben|dieselben|dergleichen zeit|uhrzeit
    """,
    )
    t("day.course", p.const(date=al.TODAY), "im laufe des tages", weight=2)
    t("third.month", lambda a: p.half_of(a[0], a[-1]), "{domord} hälfte <art>|im? {date}", weight=3)
    t("early.unit", lambda a: p.third(0)(a[-1:]), "<early> im|in? {date}", weight=-8)
    t("late.unit", lambda a: p.third(2)(a[-1:]), "<late> im|in {date}", weight=-8)
    t(
        "not.before",
        p.const(b_from=True),
        """
        nicht vor; nicht|nichts|nix früher|eher als; nicht <early>|<late> als; frühestens ab|um|am|gegen?
        ab frühestens
    """,
        weight=4,
    )
    t(
        "every.but",
        lambda a: p.every_but(a[0], a[1]),
        "jeder|alle tag|tage ,? außer am? {d_dow} {d_unit}; <every_day> ,? außer am? {d_dow} {d_unit}",
        weight=4,
    )
    t(
        "every.part.but",
        lambda a: p.every_but(a[1], a[2], a[0]),
        "jeder|jeden|jedem? {part} ,? außer am? {d_dow} {d_unit}",
        weight=4,
    )
    t(
        "before.event",
        lambda a: p.date(a[0], p_bound="before"),
        """
        vor meinem|unserem|ihrem|seinem|dem urlaub|umzug|geburtstag|flug|festival am|ab|vom? {date}
        vor meiner|unserer|ihrer|seiner|der reise|hochzeit|taufe|party|feier|prüfung|abreise|kur am|ab|vom? {date}
        vor meinen|unseren|den ferien ab|am|vom? {date}
    """,
        weight=6,
    )
    t("nothing.before", p.const(b_from=True, asked="b_before"), "nichts|nix vor", weight=4)
    t("nothing.after", p.const(b_until=True, asked="b_after"), "nichts|nix nach|später als?", weight=5)
    t(
        "not.after",
        p.const(b_until=True),
        """
        nicht nach; nicht später als; spätestens bis|um|am|gegen|zum?
        bis spätestens|maximal|höchstens|allerspätestens; bis um|gegen
        bis einschließlich|einschliesslich|inklusive
    """,
        weight=5,
    )
    t(
        "from.word",
        p.const(b_from=True),
        """
        ab um|ca|circa|etwa|ungefähr|dem|der; von <art>? ab; beginnend|startend ab|mit|am
        angefangen ab|mit
    """,
    )
    t(
        "or.later",
        p.const(p_from=True),
        """
        oder|und später|danach; oder|und <late>; und|oder darüber; und|oder nachher
    """,
        weight=2,
    )
    t("told.sides", p.const(told_sides=True), "davor oder danach; vorher oder nachher|danach; danach oder davor")
    t("after.next.week", p.const(date=al.Running("week", 2)), "erst? die <after_next>", weight=-8)
    t("instead.of", p.in_place, "um $H statt|anstatt um? $H; {time} statt|anstatt um? $H", weight=3)
    t(
        "instead.of.aside",
        p.set_aside,
        "statt|anstatt|anstelle von|um? $H am? {date}",
        weight=4,
    )
    t(
        "instead.of.aside.day",
        lambda a: p.set_aside((a[1], a[0])),
        "statt|anstatt|anstelle von|am? {date} um? $H",
        weight=3,
    )
    t(
        "instead.of.on.day",
        p.in_place_of_on_day,
        "am? {date} um? $H statt|anstatt um? $H; am? {date} um? $H statt|anstatt um? $H am? {date}",
        weight=8,
    )
    t("instead.of.on", p.in_place_of, "um? $H statt|anstatt um? $H am? {date}", weight=6)
    t("else", p.const(**{"or": True}, fallback=True), "sonst|ansonsten|notfalls halt|eben|lieber|eher")
    t("or.well", p.const(**{"or": True}), "oder|bzw halt|eben")
    t(
        "failing",
        p.const(**{"or": True}, fallback=True),
        "oder|und? wenn|falls das|es|der|dies nicht geht|klappt|passt|möglich|frei ist?; oder|und wenn|falls nicht",
        weight=2,
    )
    t("about.day", lambda a: {"date": a[0], "aside": "booked"}, "wegen {date}")
    t("let.us", p.const(fix=True), "nehmen|sagen|machen wir")
    t(
        "i.mean",
        p.const(fix=True),
        "ich mein|meine|meinte; ich wollte sagen; meine|meinte ich; mein ich",
        weight=-8,
    )
    t("or.earlier", p.const(p_until=True), "oder|und früher|davor|eher; oder|und <early>", weight=2)
    t("onwards", lambda a: {"time": p.as_clock(a[0]), "p_from": True}, "von $H an|ab", weight=3)
    t("onwards.date", lambda a: {"date": a[0], "p_from": True}, "von|vom {date} an|ab", weight=3)
    return t.rows
