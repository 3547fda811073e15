"""English, British and American: its words for time and the phrases they form. A new phrase is a row here."""

from __future__ import annotations

from bot.understanding.when import algebra as al
from bot.understanding.when import phrases as p
from bot.understanding.when.clock import Clock, apply_half, narrow, part
from bot.understanding.when.grammar import Row, Values, grow
from bot.understanding.when.language import Language
from bot.understanding.when.lexer import Lexicon, build_lexicon, number_values

_SMALL = "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen".split()
_TENS = {
    20: "twenty",
    30: "thirty",
    40: "forty fourty",
    50: "fifty",
    60: "sixty",
    70: "seventy",
    80: "eighty",
    90: "ninety",
}
_ORDINALS = "zeroth first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth thirteenth fourteenth fifteenth sixteenth seventeenth eighteenth nineteenth".split()


def ordinal_values(n: int) -> Values:
    """What an ordinal may be: a day of the month, the nth of something."""
    values: Values = {"ord": n, "word_ord": True}
    if n <= 31:
        values["domord"] = n
    if 4 <= n <= 31:
        values["bigord"] = n
    return values


def _numbers() -> list[tuple[str, object, str]]:
    rows: list[tuple[str, object, str]] = []
    for n, word in enumerate(_SMALL):
        rows += [(k, v, word) for k, v in number_values(n).items()]
        if 1 <= n <= 12:
            rows.append(("ishh", n, word + "ish"))
        if 1 <= n <= 9:
            rows.append(("ones", n, word))
    rows.append(("oh", 0, "oh o"))
    for n, words in _TENS.items():
        rows += [(k, v, words) for k, v in number_values(n).items()]
        rows.append(("tens", n, words))
        for k, v in ordinal_values(n).items():
            rows.append((k, v, " ".join(w[:-1] + "ieth" for w in words.split())))
    for n in range(1, 20):
        rows += [(k, v, _ORDINALS[n] + (" twelvth" if n == 12 else "")) for k, v in ordinal_values(n).items()]
        if n < 10:
            rows.append(("ones_ord", n, _ORDINALS[n]))
    for n in range(10, 20):
        rows.append(("teens", n, _SMALL[n]))
    rows += [("one", 1, "a an one"), ("couple", 2, "couple"), ("few", 3, "few several")]
    return rows


def _words() -> list[tuple[str, object, str]]:
    return [
    *_numbers(),
    ("dow", 0, "monday mondays mon"),
    ("dow", 1, "tuesday tuesdays tue tues tu"),
    ("dow", 2, "wednesday wednesdays weds wensday wendsday wednsday wedneday"),
    ("dow", 3, "thursday thursdays thu thur thurs thurday"),
    ("dow", 4, "friday fridays fri"),
    ("dow", 5, "saturday saturdays"),
    ("dow", 6, "sunday sundays"),
    ("adow", 2, "wed"),
    ("adow", 5, "sat"),
    ("adow", 6, "sun"),
    ("mon", 1, "january jan january's"),
    ("mon", 2, "february feb febuary februrary"),
    ("amon", 3, "march mar"),
    ("mon", 4, "april apr"),
    ("amon", 5, "may"),
    ("mon", 6, "june jun"),
    ("mon", 7, "july jul"),
    ("mon", 8, "august aug"),
    ("mon", 9, "september sept sep"),
    ("mon", 10, "october oct"),
    ("mon", 11, "november nov"),
    ("mon", 12, "december dec"),
    ("nmon", True, "april may june august"),
    ("unit", "second", "second seconds sec secs"),
    ("unit", "minute", "minute minutes min mins"),
    ("unit", "hour", "hour hours hr hrs h"),
    ("unit", "day", "day days day's days'"),
    ("unit", "week", "week weeks wk wks week's weeks'"),
    ("unit", "fortnight", "fortnight fortnights"),
    ("unit", "weekend", "weekend weekends wkend"),
    ("unit", "month", "month months mth mths mo month's"),
    ("unit", "quarter", "quarters qtr qtrs"),
    ("unit", "year", "year years yr yrs year's"),
    ("qword", True, "quarter qtr"),
    ("oclock", True, "o'clock oclock o'clocks"),
    ("ampm", "am", "am a.m"),
    ("ampm", "pm", "pm p.m"),
    ("today", -1, "yesterday yesterday's yday"),
    ("today", 0, "today today's tday 2day"),
    ("today", 1, "tomorrow tomorrow's tmrw tmr tmw tomo tommorow tommorrow tomorow tomorro tomoro tomorrows tmmrw tomorow 2moro 2morrow 2mrw morrow"),
    ("today", 2, "overmorrow"),
    ("tonight", True, "tonight tonite tonight's 2nite 2night"),
    ("part", part("morning"), "morning mornings mornin morn"),
    ("part", part("forenoon"), "forenoon"),
    ("part", part("lunch"), "lunch lunchtime lunchtimes lunchbreak"),
    ("part", part("afternoon"), "afternoon afternoons arvo aft afternon"),
    ("part", part("evening"), "evening evenings eve"),
    ("part", part("night"), "night nights nite"),
    ("part", part("late_morning"), "midmorning"),
    ("noonish", True, "noonish"),
    ("noon", True, "noon midday"),
    ("midnight", True, "midnight midnite"),
    ("this", True, "this"),
    ("next", True, "next nxt following"),
    ("coming", True, "coming upcoming"),
    ("last", True, "last past previous prior"),
    ("art", True, "the a an this"),
    ("of", True, "of in"),
    ("on", True, "on"),
    ("at", True, "at @"),
    ("about", True, "around about approximately roughly approx circa ca near nearer towards toward nearly almost"),
    ("glue", True, "on at the of in a an around about approximately roughly approx circa for please maybe perhaps possibly ideally preferably some sometime anytime any time somewhere exactly sharp then that there's hours local is would be and say i'd like just only really early-ish works ok okay fine this by now as well"),
    ("b_from", True, "from after-hours since starting"),
    ("from", True, "from"),
    ("b_until", True, "until till til by through upto thru"),
    ("b_before", True, "before"),
    ("b_after", True, "after past"),
    ("to", True, "to until till til through thru - upto"),
    ("and", True, "and & n"),
    ("or", True, "or /"),
    ("between", True, "between btw betw"),
    ("clockword", True, "half quarter"),
    ("early", True, "early"),
    ("mid", True, "mid"),
    ("late", True, "late"),
    ("third0", True, "early beginning start"),
    ("third1", True, "mid middle"),
    ("third2", True, "late end"),
    ("season", "spring", "spring springtime"),
    ("season", "summer", "summer summertime"),
    ("season", "autumn", "autumn fall"),
    ("season", "winter", "winter wintertime"),
    ("cnt", True, "people persons person guests guest adults adult kids children child times x pax euros euro dollars bucks pounds quid pence percent degrees miles km kg lbs pieces stars points questions seats tables rooms friends men women ladies gentlemen members options appointments bookings slots treatments of-us yo year-old"),
    ("ordnoun", True, "floor street avenue option one time times appointment visit person child choice grade attempt try place birthday class half name step session row dose opinion wife husband son daughter grader edition anniversary"),
    ("hol", al.Holiday("easter"), "easter"),
    ("hol", al.Holiday("pentecost"), "pentecost whitsun whitsunday"),
    ("hol", al.Holiday("christmas"), "christmas xmas christmastime"),
    ("hol", al.Holiday("boxing_day"), "boxing-day"),
    ("hol", al.Holiday("halloween"), "halloween hallowe'en"),
    ("hol", al.Holiday("thanksgiving"), "thanksgiving"),
    ("hol", al.Holiday("juneteenth"), "juneteenth"),
    ("hol", al.Holiday("epiphany"), "epiphany"),
    ("hol", al.Holiday("new_years_eve"), "hogmanay nye"),
    ("hol", al.Holiday("shrove_tuesday"), "mardi-gras"),
    ("nowword", True, "now"),
    ("ago_word", True, "ago back earlier"),
    ("greet", True, "good nice great lovely wonderful happy pleasant merry enjoy blessed beautiful"),
    ("p_from", True, "onwards onward upwards earliest"),
    ("p_until", True, "latest"),
    ("ish", True, "ish"),
]  # fmt: skip


_KNOWN = """mourning moaning maybe match watch sundae events evens money mother thirsty forty honey nothing mayor
tuesdays sundays month months tonights quarters weekender weekdays weekday sunny satisfied junior julia julian
augustus apron marching marched thirds todays evenings fridge sundry monkey autumns summers springs midday"""


def _lexicon() -> Lexicon:
    return build_lexicon(
        _words(),
        heads="""monday tuesday wednesday thursday friday saturday sunday today tomorrow yesterday mon tues wednes thurs fri this half quarter""",
        tails="""morning mornings afternoon afternoons evening evenings night nights lunchtime noon morn am pm""",
        correctable="""monday tuesday wednesday thursday friday saturday sunday january february april august september october
    november december tomorrow afternoon morning evening weekend tonight midnight yesterday christmas easter
    between fortnight fifteen thirty twelve eleven""",
        known=_KNOWN,
    )


_HOUR = "{time}|{h}"
_MON = "{mon}"


def _half_of_day(text: str | None) -> str:
    return text or ""


def _hour_half(a: p.Args) -> p.Values | None:
    """{h} {ampm}"""
    if not 0 <= a[0] <= 24 or (a[0] > 12 and a[-1] == "am"):
        return None
    return {"time": apply_half(Clock(a[0], fixed=a[0] > 12 or a[0] == 0), a[-1])}


def _hour_minute_half(a: p.Args) -> p.Values | None:
    """{h} {min} {ampm}"""
    base = p.clock(a[0], a[1], minutes_said=True)
    return None if base is None else {"time": apply_half(base["time"], a[-1])}


def _clock_half(a: p.Args) -> p.Values | None:
    """{clock} {ampm}"""
    c: Clock = a[0]
    return (
        {"time": apply_half(Clock(c.hour, c.minute, c.second, minutes_said=True), a[-1])}
        if c.hour <= 12 or a[-1] == "pm"
        else None
    )


def _relative(minutes: int | None, sign: int) -> p.Build:
    """minutes past or to {h|noon|midnight} {ampm}?"""

    def build(a: p.Args) -> p.Values | None:
        args = list(a)
        m = args.pop(0) if minutes is None else minutes
        h = args[0]
        half = args[1] if len(args) > 1 else None
        if not isinstance(h, int) or h > 24 or m > 59:
            return None
        c = Clock(h, fixed=h > 12 or h == 0)
        if half:
            c = apply_half(c, half)
        made = p.past_hour(m, sign)((c,))
        return made

    return build


def _to_fixed(minutes: int | None, sign: int, hour: int) -> p.Build:
    def build(a: p.Args) -> p.Values | None:
        m = a[0] if minutes is None else minutes
        total = hour * 60 + sign * m
        return {"time": Clock(total // 60 % 24, total % 60, fixed=True, minutes_said=True)}

    return build


def _range_half(a: p.Args) -> p.Values | None:
    """from {h} to {h} {ampm}"""
    last = _hour_half((a[1], a[2]))
    return None if last is None else p.clock_range((a[0], last["time"]))


def _five_step(build: p.Build) -> p.Build:
    """Bare numbers before "to" are minutes only in steps of five: "9 to 5" is a range."""
    return lambda a: build(a) if a[0] in (5, 10, 20, 25) else None


def _number_rows() -> list[Row]:
    rows: list[Row] = []

    def add(name: str, *patterns: str, build: object = None, weight: int = 0) -> None:
        rows.extend(Row(f"en.{name}", pattern, build, weight) for pattern in patterns)  # type: ignore[arg-type]

    add("number", "{tens} {ones}", "{tens} - {ones}", build=lambda a: number_values(a[0] + a[1]))
    add("ordinal", "{tens} {ones_ord}", "{tens} - {ones_ord}", build=lambda a: ordinal_values(a[0] + a[1]))
    add(
        "ordinal.digits", "{tens} {digits_ord}", build=lambda a: ordinal_values(a[0] + a[1]) if a[1] < 10 else None
    )
    add(
        "year",
        "two thousand and? {tens} -? {ones}?",
        build=lambda a: {"year": 2000 + a[0] + (a[1] or 0)},
        weight=5,
    )
    add(
        "year.small",
        "two thousand and? {teens}|{ones}",
        "two thousand",
        build=lambda a: {"year": 2000 + (a[0] if a else 0)},
        weight=5,
    )
    add("year.pairs", "twenty {tens} -? {ones}", "nineteen {tens} -? {ones}", build=lambda a: None)
    add(
        "year.twenty",
        "twenty {tens} -? {ones}?",
        "twenty {teens}",
        build=lambda a: (
            {
                "yearw": 2000 + a[0] + (a[1] if len(a) > 1 and a[1] else 0),
                **({"h": 20, "mm2": a[0]} if False else {}),
            }
            if a[0] >= 10
            else None
        ),
    )
    add(
        "year.nineteen",
        "nineteen {tens} -? {ones}?",
        build=lambda a: {"yearw": 1900 + a[0] + (a[1] or 0)} if a[0] >= 60 else None,
    )
    return rows


def _rows() -> list[Row]:  # noqa: PLR0915
    rows: list[Row] = []

    def add(name: str, *patterns: str, build: object = None, weight: int = 0) -> None:
        rows.extend(Row(f"en.{name}", pattern, build, weight) for pattern in patterns)  # type: ignore[arg-type]

    year = "{year}|{yearw}"
    # clock times
    add("hour", "{h} <oclock>", "{h} o clock", "{h} o ' clock", build=p.hour, weight=1)
    add(
        "hour.half",
        "{h} {ampm}",
        "{h} <oclock> {ampm}",
        "{h} <oclock> in? the? {ampm}",
        "{h} a m",
        "{h} p m",
        build=lambda a: _hour_half(a) if len(a) > 1 else None,
        weight=1,
    )
    add("hour.am", "{h} a . m .?", "{h} a m", build=lambda a: _hour_half((a[0], "am")), weight=1)
    add("hour.pm", "{h} p . m .?", "{h} p m", "{h} p", build=lambda a: _hour_half((a[0], "pm")), weight=1)
    add("clock", "{clock} <oclock>?", "{clock} hours|hrs|h?", build=p.said_clock)
    add("clock.half", "{clock}|{dot_time} {ampm}", build=_clock_half, weight=1)
    add("clock.p", "{clock} p", build=lambda a: _clock_half((a[0], "pm")), weight=1)
    add("clock.a", "{clock} a", build=lambda a: _clock_half((a[0], "am")), weight=-9)
    add("hour.minute.half", "{h} {mm}|{mw} {ampm}", "{h} {min} {ampm}", build=_hour_minute_half, weight=2)
    add(
        "digits.half",
        "{d4}|{d3} {ampm}",
        build=lambda a: _hour_minute_half((a[0] // 100, a[0] % 100, a[1])),
        weight=2,
    )
    add("hour.words", "{hw} {mstep}", build=p.hour_minute, weight=-2)
    add(
        "hour.oh",
        "{h} <oh> {ones}",
        "{h} <oh> {ones} {ampm}",
        build=lambda a: _hour_minute_half((*a[:2], a[2] if len(a) > 2 else "")),
        weight=2,
    )
    add("military", "{d4} hours|hrs|h", build=p.digits4, weight=2)
    add("hundred", "{h} hundred hours|hrs?", "zero|oh {ones} hundred hours|hrs?", build=p.hour, weight=2)
    add("half.british", "half {h} {ampm}?", build=_relative(30, 1), weight=-1)
    for words, minutes in (("quarter", 15), ("half", 30)):
        for art in ("", "a "):
            add(
                "past",
                f"{art}{words} past|after {{h}} {{ampm}}?",
                f"{art}{words} past|after {{h}} <oclock>",
                build=_relative(minutes, 1),
                weight=2,
            )
            add(
                "to",
                f"{art}{words} to|til|till|before|of|until {{h}} {{ampm}}?",
                f"{art}{words} to|til|till|before|of {{h}} <oclock>",
                build=_relative(minutes, -1),
                weight=2,
            )
            add("past.noon", f"{art}{words} past|after <noon>", build=_to_fixed(minutes, 1, 12), weight=2)
            add("to.noon", f"{art}{words} to|til|before|of <noon>", build=_to_fixed(minutes, -1, 12), weight=2)
            add("past.midnight", f"{art}{words} past|after <midnight>", build=_to_fixed(minutes, 1, 0), weight=2)
            add(
                "to.midnight",
                f"{art}{words} to|til|before|of <midnight>",
                build=_to_fixed(minutes, -1, 24),
                weight=2,
            )
    add(
        "past.minutes",
        "{min} minutes|minute|min|mins past|after {h} {ampm}?",
        "{min} past {h} {ampm}?",
        "{min} past {h} <oclock>",
        "{min} minutes past {h} <oclock>",
        build=_relative(None, 1),
        weight=1,
    )
    add(
        "to.minutes",
        "{min} minutes|minute|min|mins to|til|till|before|of {h} {ampm}?",
        build=_relative(None, -1),
        weight=1,
    )
    add("range.hours", "from|between {h} to|-|until|till|til|and {h}", build=p.clock_range, weight=3)
    add(
        "range.hours.half",
        "from|between {h} to|-|until|till|til|and {h} {ampm}",
        build=lambda a: _range_half(a),
        weight=3,
    )
    add(
        "to.bare",
        "{min} to|til|till|of|before {h} {ampm}?",
        "{min} to|til {h} <oclock>",
        build=_five_step(_relative(None, -1)),
    )
    add("after.bare", "{min} after {h} {ampm}?", build=_five_step(_relative(None, 1)))
    add("past.noon.minutes", "{min} minutes|min|mins? past|after <noon>", build=_to_fixed(None, 1, 12), weight=1)
    add("to.noon.minutes", "{min} minutes|min|mins? to|til|before <noon>", build=_to_fixed(None, -1, 12), weight=1)
    add(
        "past.midnight.minutes",
        "{min} minutes|min|mins? past|after <midnight>",
        build=_to_fixed(None, 1, 0),
        weight=1,
    )
    add(
        "to.midnight.minutes",
        "{min} minutes|min|mins? to|til|before <midnight>",
        build=_to_fixed(None, -1, 24),
        weight=1,
    )
    add(
        "shortly",
        "just|shortly|a little|bit? after|past {h} {ampm}?",
        "just|shortly before {h} {ampm}?",
        build=lambda a: p.about((_hour_half(a)["time"] if a[1] else a[0],)) if True else None,
    )  # type: ignore[index]
    add("ish", "{h} -? <ish>", "{time} -? <ish>", "{clock} -? <ish>", build=p.about, weight=1)
    add("ish.word", "{ishh}", build=p.about, weight=1)
    add(
        "noon",
        "at? <noon>",
        "12|twelve <noon>",
        "at? high|twelve <noon>",
        "at? 12 <noon>",
        build=p.const(time=Clock(12, fixed=True)),
    )
    add(
        "noonish",
        "around|about <noon>",
        "<noonish>",
        build=p.const(time=Clock(12, fixed=True, approximate=True)),
        weight=1,
    )
    add("midnight", "at? <midnight>", "12|twelve <midnight>", build=p.const(time=Clock(24, fixed=True)))

    # parts of the day
    add("part", "{part}", build=p.pick("part"))
    add(
        "part.in",
        "in|during|at|over|by|around the? {part}",
        "of a|an? {part}",
        "any|some|an|one {part}",
        "the {part}",
        build=p.pick("part"),
    )
    add("part.this", "this|the {part}", build=lambda a: p.day_part(al.TODAY, a[0]), weight=1)
    add("part.this.exact", "this {part}", build=lambda a: p.day_part(al.TODAY, a[0]), weight=2)
    add("part.the", "the {part}", build=p.pick("part"), weight=2)
    add(
        "part.next",
        "the? next|following morning",
        build=lambda a: p.day_part(al.Running("day", 1), part("morning"), d_nextday=1),
        weight=2,
    )
    add(
        "part.early",
        "in? the? early {part}",
        "early in|on the {part}",
        "early {part}",
        "in? the early hours",
        build=lambda a: {"part": narrow(a[-1], "early")} if a else {"part": part("small_hours")},
        weight=1,
    )
    add(
        "part.late",
        "in? the? late|later {part}",
        "late|later in|on the {part}",
        build=p.narrowed("late"),
        weight=1,
    )
    add(
        "part.mid",
        "in? the? mid -? {part}",
        build=lambda a: {"part": part("late_morning") if a[0].name == "morning" else a[0]},
        weight=1,
    )
    add("part.late.night", "late at night", build=p.const(part=part("late_night")), weight=1)
    add(
        "part.early.this",
        "early this {part}",
        build=lambda a: p.day_part(al.TODAY, narrow(a[0], "early")),
        weight=2,
    )
    add(
        "part.late.this",
        "late|later this {part}",
        build=lambda a: p.day_part(al.TODAY, narrow(a[0], "late")),
        weight=2,
    )
    add(
        "part.early.day",
        "early {dow} {part}",
        build=lambda a: p.day_part(al.Weekday(a[0]), narrow(a[1], "early")),
        weight=2,
    )
    add(
        "part.late.day",
        "late {dow} {part}",
        build=lambda a: p.day_part(al.Weekday(a[0]), narrow(a[1], "late")),
        weight=2,
    )
    add(
        "part.early.today",
        "early {today} {part}",
        build=lambda a: p.day_part(al.Running("day", a[0]), narrow(a[1], "early")),
        weight=2,
    )
    add(
        "part.late.today",
        "late {today} {part}",
        build=lambda a: p.day_part(al.Running("day", a[0]), narrow(a[1], "late")),
        weight=2,
    )
    add("tonight", "<tonight>", build=lambda a: p.day_part(al.TODAY, part("night")))
    add("tonight.late", "late|later <tonight>", build=lambda a: p.day_part(al.TODAY, part("late_night")))
    add("tonight.early", "early <tonight>", build=lambda a: p.day_part(al.TODAY, part("early_evening")))
    add("last.night", "last night", build=lambda a: p.day_part(al.Running("day", -1), part("night")), weight=2)
    add(
        "last.night.late",
        "late last night",
        build=lambda a: p.day_part(al.Running("day", -1), part("late_night")),
        weight=2,
    )
    add(
        "part.work",
        "after work|hours",
        "after office|business|working hours",
        build=p.const(part=part("after_work")),
        weight=1,
    )
    add(
        "part.lunch",
        "at|over|during|around lunch",
        "lunch time|break|hour",
        "at|over|during|in my|the|our lunch|lunchtime break|hour?",
        build=p.const(part=part("lunch")),
        weight=1,
    )
    add(
        "part.first",
        "first thing in the morning",
        "first thing",
        build=p.const(part=part("early_morning")),
        weight=1,
    )
    add(
        "part.day",
        "during the day|daytime",
        "in the daytime",
        "during|in|within business|office|working|opening hours",
        build=p.const(part=part("business")),
        weight=1,
    )
    add("part.middle", "middle of the morning", build=p.const(part=part("late_morning")), weight=1)
    add(
        "end.of.day",
        "the? end of the? day",
        "eod",
        "close of business",
        "cob",
        build=lambda a: {"dated": {"date": al.TODAY, "time": Clock(24, fixed=True)}},
        weight=1,
    )
    add(
        "end.of.today",
        "the? end of today|tonight",
        build=lambda a: {"dated": {"date": al.TODAY, "time": Clock(24, fixed=True)}},
        weight=1,
    )
    add(
        "end.of.tomorrow",
        "the? end of tomorrow",
        build=lambda a: {"dated": {"date": al.Running("day", 1), "time": Clock(24, fixed=True)}},
        weight=1,
    )
    add("middle.of.night", "the? middle of the night", build=p.const(part=part("small_hours")), weight=3)

    # days
    add("weekday", "{dow}", "any {dow}", build=p.weekday())
    add("weekday.each", "every|each {dow}", build=p.weekday(), weight=1)
    add(
        "weekday.this",
        "this|coming {dow}",
        "on? this coming {dow}",
        "the? upcoming {dow}",
        "on? the|this coming {dow}",
        "{dow} coming",
        "this here {dow}",
        build=p.weekday("coming"),
        weight=1,
    )
    add("weekday.next", "on? the? next|nxt {dow}", "on? the? following {dow}", build=p.weekday("next"), weight=1)
    add(
        "weekday.after",
        "the? {dow} after next",
        "next next {dow}",
        "not this {dow} but the next|following",
        "not this {dow} but the one after",
        "{dow} after next",
        build=p.weekday("after_next"),
        weight=2,
    )
    add(
        "weekday.last",
        "on? the? <last> {dow}",
        "this past {dow}",
        "the? previous {dow}",
        build=p.weekday("last"),
        weight=1,
    )
    add(
        "weekday.week.last",
        "{dow} last week",
        build=lambda a: p.date(al.Within(al.Weekday(a[0]), al.Running("week", -1))),
        weight=1,
    )
    add("today", "{today}", build=lambda a: p.day(a[0]))
    add("tomorrow.after", "the? day after tomorrow|tmrw|tmr|tomo", build=lambda a: p.day(2), weight=2)
    add("yesterday.before", "the? day before yesterday", build=lambda a: p.day(-2), weight=2)
    add("same.day", "later today", "today still", build=lambda a: p.day(0))
    add("next.day", "the? next|following day", build=p.const(date=al.Running("day", 1), d_nextday=1), weight=-1)
    add(
        "this.unit",
        "this|current {unit}",
        "the? current {unit}",
        "this|current <qword>",
        build=lambda a: p.running(0)(a or ("quarter",)),
        weight=1,
    )
    add(
        "next.unit",
        "the? <next>|<coming> {unit}",
        "the? <next>|<coming> <qword>",
        "this coming {unit}",
        build=lambda a: p.running(1)(a or ("quarter",)),
        weight=1,
    )
    add("coming.week", "the coming week", build=p.const(date=al.Running("week", 1)))
    add("after.unit", "the? {unit} after next", "the? next next {unit}", build=p.running(2), weight=2)
    add("after.unit.one", "the? {unit} after that", build=lambda a: None)
    add(
        "last.unit",
        "the? <last> {unit}",
        "the? <last> <qword>",
        build=lambda a: p.running(-1)(a or ("quarter",)),
        weight=1,
    )
    add("before.last", "the? {unit} before last", build=p.running(-2), weight=2)
    add(
        "coming.weekend",
        "this|coming|upcoming weekend|wkend",
        "this coming weekend",
        "the coming weekend",
        build=p.const(date=al.Running("weekend", 0)),
        weight=4,
    )
    add("last.weekend", "<last> weekend", build=p.const(date=al.Running("weekend", -1)), weight=4)
    add(
        "weekend",
        "on|at|over|during? the|a|any weekend|weekends|wkend",
        "weekend|weekends",
        "at|on weekends",
        "any weekend",
        build=p.const(date=al.Cycle("weekend")),
        weight=1,
    )
    add("month", "{mon}", build=p.fields("m"), weight=-1)
    add("month.plain", "the? month of {mon}", build=p.fields("m"))
    add(
        "month.year",
        f"{_MON} ,? {year}",
        f"in {_MON} ,? {year}",
        f"{_MON} of {year}",
        f"{_MON} ' {{yy}}",
        build=p.fields("m", "y"),
        weight=1,
    )
    add(
        "month.next",
        f"next|coming|this {_MON}",
        "this coming {mon}",
        build=lambda a: p.date(al.Fields(month=a[-1]), d_month=True),
        weight=1,
    )
    add(
        "month.of.next",
        f"{_MON} <next> year",
        f"{_MON} of next year",
        build=lambda a: p.date(al.Within(al.Fields(month=a[0]), al.Running("year", 1))),
        weight=1,
    )
    add(
        "month.last",
        f"<last> {_MON}",
        build=lambda a: (
            p.date(al.Within(al.Fields(month=a[0]), al.Running("year", -1)))
            if False
            else p.date(al.Shift(al.Fields(month=a[0]), -1, "year"))
        ),
    )
    # dates
    add(
        "date.dm",
        f"the? {{domord}} of? {_MON} ,? {year}|{{yy}}?",
        f"{{dom}} of? {_MON} ,? {year}|{{yy}}?",
        f"{{dom}} -|/ {_MON} -|/ {year}|{{yy}}",
        f"{{dom}} - {_MON}",
        f"{{domord}} day of {_MON} {year}?",
        build=p.fields("d", "m", "y"),
        weight=3,
    )
    add(
        "date.md",
        f"{_MON} .? the? {{domord}}|{{dom}} ,? {year}?",
        f"{_MON} {{domord}} ,? {{yy}}",
        f"{_MON} - {{dom}} - {year}|{{yy}}",
        f"{_MON} , the? {{domord}}",
        f"{_MON} .? {{dom}} , {year}",
        build=p.fields("m", "d", "y"),
        weight=3,
    )
    add(
        "date.md.yy",
        f"{_MON} {{dom}} ' {{yy}}",
        f"{_MON} {{domord}} ' {{yy}}",
        f"{_MON} {{dom}} , ' {{yy}}",
        build=p.fields("m", "d", "y"),
        weight=3,
    )
    add(
        "date.ides",
        f"the? ides of {_MON}",
        build=lambda a: p.date(al.Fields(month=a[0], day=15 if a[0] in (3, 5, 7, 10) else 13)),
        weight=3,
    )
    add(
        "date.weekday.dm",
        f"{{dow}}|{{adow}} .? ,? the? {{domord}} of? {_MON} ,? {year}?",
        f"{{dow}}|{{adow}} .? ,? {{dom}} of? {_MON} ,? {year}?",
        build=p.fields("w", "d", "m", "y"),
        weight=4,
    )
    add(
        "date.weekday.md",
        f"{{dow}}|{{adow}} .? ,? {_MON} .? the? {{domord}}|{{dom}} ,? {year}?",
        build=p.fields("w", "m", "d", "y"),
        weight=4,
    )
    add("date.weekday.dom", "{dow} ,? the? {domord}", "{dow} the {dom}", build=p.fields("w", "d"), weight=2)
    add(
        "date.of.the",
        f"{{dom}}|{{domord}} of the {{ord}} {year}?",
        build=lambda a: p.fields("d", "m", "y")(a) if a[1] <= 12 else None,
        weight=4,
    )
    add("date.dotted", "{dmy}", build=p.tuple_date)
    add("date.dm.dot", "{dm}", build=p.tuple_date)
    add("date.loose", "{dmy}", build=p.tuple_date)
    add("date.slash", "on? {slash}", build=p.tuple_date)
    add("date.dash", "on {dom} - {dom}", build=lambda a: p.tuple_date(((a[0], a[1]),)))
    add("date.iso", "{ymd}", build=p.iso)
    for words, bound in (
        ("from|since|starting", "from"),
        ("by|until|till", "until"),
        ("before", "before"),
        ("after", "after"),
    ):
        add(
            f"day.of.month.{bound}",
            f"{words} the {{domord}}",
            f"{words} {{digits_ord}}",
            build=lambda a, bound=bound: p.date(al.Fields(day=a[0]), p_bound=bound) if a[0] <= 31 else None,
            weight=-1,
        )
    add(
        "days.of.month",
        "from|between? the? {domord} to|until|till|through|-|and the? {domord}",
        "the? {domord} to|until|till|through|- the? {domord}",
        build=lambda a: p.days((al.Fields(day=a[0]), al.Fields(day=a[1]))) if a[0] < a[1] else None,
        weight=2,
    )
    add(
        "day.of.month",
        "on|for|of|is the {domord}",
        "the {digits_ord}",
        "the {bigord}",
        "on {digits_ord}",
        "the {domord} of this month",
        build=p.fields("d"),
        weight=-1,
    )
    add("day.of.month.plain", "the {domord} of the month", build=p.fields("d"), weight=3)
    add(
        "days.month.md",
        f"{_MON} {{domord}}|{{dom}} to|-|through|thru|until|and|till the? {{domord}}|{{dom}} ,? {year}?",
        f"from {_MON} {{domord}}|{{dom}} to|-|through|thru|until the? {{domord}}|{{dom}} ,? {year}?",
        build=p.day_days_month("m", "d", "e", "y"),
        weight=5,
    )
    add(
        "days.month.dm",
        f"the? {{domord}}|{{dom}} to|-|through|thru|until|and|till the? {{domord}}|{{dom}} of? {_MON} ,? {year}?",
        f"from|between the? {{domord}}|{{dom}} to|-|through|thru|until|and|till the? {{domord}}|{{dom}} of? {_MON} ,? {year}?",
        build=p.day_days_month("d", "e", "m", "y"),
        weight=5,
    )
    add("year", f"in {year}", f"the year {year}", f"year {year}", build=p.fields("y"))
    add("year.plain", "{year}", build=p.fields("y"), weight=-15)
    add(
        "years",
        "{year} -|to|until|through {year}",
        "from {year} -|to|until|through {year}",
        build=lambda a: p.date(al.Days(al.Fields(year=a[0]), al.Fields(year=a[1]))) if a[0] < a[1] else None,
    )
    add(
        "week.number",
        "calendar? week number|no? {num} {year}?",
        "week no . {num}",
        "wk {num}",
        "kw {num}",
        build=p.iso_week,
        weight=-1,
    )
    add(
        "quarter.n",
        f"the? {{ord}} <qword> of|in? {year}?",
        f"the? {{ord}} <qword> of|in? the? year?",
        build=p.part_of_year("quarter"),
        weight=3,
    )
    add(
        "quarter.next.year",
        "the? {ord} <qword> of|in? next year",
        build=lambda a: p.date(al.Within(al.Part("quarter", a[0]), al.Running("year", 1))) if a[0] <= 4 else None,
        weight=3,
    )
    add("half.n", f"the? {{ord}} half of {year}", build=p.part_of_year("half"), weight=3)
    for n in (1, 2, 3, 4):
        add(
            "quarter.q",
            f"q{n} of|in? {year}?",
            f"q {n} of|in? {year}?",
            build=p.part_of_year("quarter", n),
            weight=1,
        )

    add("nth.weekday", "on? the? {ord} {dow}", build=lambda a: {"nthdow": (a[0], a[1])}, weight=2)
    add(
        "nth.unit",
        "in|on? the? {ord} full? {unit}",
        "in|on? the? {ord} <qword>",
        build=lambda a: {"nthunit": (a[0], a[1] if len(a) > 1 else "quarter")},
        weight=1,
    )

    # lengths
    add(
        "length",
        "{num}|{one}|{dec} {unit}",
        "{one} few|couple {unit}",
        "{num}|{one} - {unit}",
        build=p.duration(),
        weight=0,
    )
    add("length.few", "a? {few}|{couple} of? {unit}", build=p.duration())
    add(
        "length.half",
        "half {one} {unit}",
        "half - {one} - {unit}",
        "{one} half {unit}",
        "half {unit}",
        build=lambda a: p.duration(0.5)((a[-1],)),
        weight=1,
    )
    add("length.quarter", "a? quarter of an hour", build=p.const(dur=p.Duration(15, "minute")), weight=2)
    add("length.three", "three|3 quarters of an hour", build=p.const(dur=p.Duration(45, "minute")), weight=2)
    add(
        "length.and.half",
        "{num}|{one} {unit} and a half",
        "{num}|{one} and a half {unit}",
        build=lambda a: p.duration()((a[0] + 0.5, a[1])),
        weight=2,
    )
    add(
        "length.sum",
        "{num}|{one} hour|hours and? {num} minutes|mins|min",
        build=lambda a: {"dur": p.Duration(a[0] * 60 + a[1], "minute")},
        weight=1,
    )

    # named days
    add("holiday", "{hol} day?", "the? {hol}", build=lambda a: p.date(a[0]))
    add("holiday.next", "next|this|coming {hol}", build=p.holiday_mode("bare"))
    add("holiday.last", "<last> {hol}", build=p.holiday_mode("last"))
    add("holiday.year", "{hol} day? of|in? {year}", build=lambda a: p.date(al.Within(a[0], al.Fields(year=a[1]))))
    for key, *texts in _HOLIDAYS:
        add("holiday", *texts, build=p.holiday(key), weight=9)
        add("holiday.next", *[f"next|this|coming {t}" for t in texts], build=p.holiday(key), weight=5)
        add("holiday.last", *[f"<last> {t}" for t in texts], build=p.holiday(key, "last"), weight=5)
        add(
            "holiday.year",
            *[f"{t} of|in? {{year}}" for t in texts],
            build=lambda a, key=key: p.date(al.Within(al.Holiday(key), al.Fields(year=a[0]))),
            weight=6,
        )
    add(
        "holiday.advent",
        "{ord} sunday of|in advent",
        "{ord} advent sunday?",
        build=lambda a: p.date(al.Holiday(f"advent{a[0]}")) if 1 <= a[0] <= 4 else None,
        weight=5,
    )
    add(
        "season",
        "in the? {season}",
        "this|next|coming {season}",
        "the current {season}",
        "this coming {season}",
        "current {season}",
        "during the {season}",
        "the {season}",
        build=lambda a: p.date(al.Holiday(a[-1])),
    )
    add(
        "season.plain",
        "{season} of? {year}",
        build=lambda a: p.date(al.Within(al.Holiday(a[0]), al.Fields(year=a[1]))),
    )
    add("season.last", "<last> {season}", build=lambda a: p.date(al.Holiday(a[-1], "last")), weight=1)

    # now
    add(
        "now",
        "right now",
        "just now",
        "immediately",
        "straight away",
        "at this moment",
        "at the moment",
        build=p.const(now=True),
    )
    add(
        "soonest",
        "as soon as possible",
        "asap",
        "as early as possible",
        "as soon as you can",
        "at your earliest convenience",
        "the? soonest possible",
        "the? earliest possible",
        "the? earliest available",
        "the? next available",
        "the? first available",
        build=p.const(soonest=True),
        weight=3,
    )

    # not about time
    add(
        "greeting",
        "<greet> {part}",
        "<greet> day|weekend|week|evening|night|one",
        "have|having a|an <greet> {part}|{unit}",
        "have a <greet> rest of the|your {part}|{unit}",
        "<greet> {part} {part}",
        "<greet> {dow}",
        "happy {hol}|{mon}",
        "<greet> your|the|our {part}|{unit}",
        "good <tonight>",
        "see you|ya later|soon|then",
        "a very? <greet> {part}|{unit}",
        "<greet> rest of your|the {part}|{unit}",
        "enjoy the|your rest of the {part}|{unit}",
        "good morning to you",
        "<greet> new year",
        "<greet> {hol}",
        "<greet> {season}",
        "g'day",
        "merry christmas",
        "one good {part}",
        "any good {part}",
        build=p.skip,
        weight=6,
    )
    add(
        "skip",
        "what time|day",
        "one|a second",
        "hang on a second",
        "just|wait a|one second|minute|sec|moment",
        "in a second|sec|moment|minute",
        "second opinion|hand|time|thought|one|chance",
        "the second one|option|time|appointment|of",
        "every|each|per|all day",
        "all day|night|week|year|morning long?",
        "day in day out",
        "day to day",
        "one day",
        "some day",
        "these days",
        "day off",
        "days off",
        "at the end of the day",
        "in the end",
        "at the end",
        "in the beginning",
        "from the beginning|start",
        "time and again",
        "last time|minute|name",
        "next time|question|step|door|to",
        "first time|name|thing's",
        "this time|one",
        "at one point|time",
        "on time",
        "in time",
        "in no time",
        "24 / 7",
        "24 hours a day",
        "7 days a week",
        "{num} times a week|day|month|year",
        "once|twice a day|week|month|year",
        "per hour|day|week|month|year",
        "an hour each",
        "years? old",
        "{num} - year - old",
        "{num} years|yrs? old",
        "{num} years|months old",
        "{num} yo",
        "years|months of age",
        "aged {num}",
        "age {num}",
        "by {ord}|{domord} name",
        "the {season} collection|menu|season|special|sale|vibes",
        "in the long run",
        "day after day",
        "over night",
        "the other day",
        "happy hour",
        "black friday sale|deal",
        "sunday roast|best|school|lunch roast|paper|times",
        "sunday best",
        "friday feeling",
        "the sun",
        "sun burn|burnt|cream|screen|tan|shine|bed|light|set|rise",
        "fall down|off|asleep|out|in|over|through|for|apart",
        "spring clean|roll|onion|water|break|to|into|up",
        "may or may not",
        "may 's",
        "good to",
        "half of|the|my|price|term|a|board|way|off",
        "half hour|day|price session|appointment|slot|massage|consultation",
        "a good time",
        "at noon's",
        "at least|most",
        "by the way",
        "by now",
        "from now on",
        "until now",
        "up to now",
        "till now",
        "for now",
        "now and then",
        "right away's",
        "i 'm {nmon}",
        "i'm {nmon}",
        "i am {nmon}",
        "with|from {nmon}",
        "{nmon} speaking|here|calling|said|says|told|is|was|does|did|can|could|has|always|cut|cuts",
        "this is {mon}|{dow}|{season}",
        "it 's {nmon} here",
        "it's {nmon}",
        "{nmon} 's",
        "called|named {nmon}|{dow}|{season}",
        "ask for {nmon}",
        "see {nmon}",
        "(. {nmon}",
        "thanks {nmon}",
        "hi|hello|hey|dear|ms|miss|mrs|mr {nmon}|{mon}|{dow}|{season}",
        build=p.skip,
        weight=6,
    )
    return rows


_HOLIDAYS: tuple[tuple[str, ...], ...] = (
    ("christmas_eve", "christmas|xmas eve", "christmas|xmas 's eve"),
    ("christmas", "christmas|xmas day"),
    ("boxing_day", "boxing day", "st stephen's day", "saint stephen's day", "day after christmas day"),
    ("new_years_eve", "new year|year's|years|year' eve", "new year ' s eve", "the? eve of new year"),
    ("new_year", "new year|year's|years|year' day", "new year ' s day", "new year's", "new years"),
    ("easter", "easter sunday|day"),
    ("easter_monday", "easter monday"),
    ("good_friday", "good friday"),
    ("maundy_thursday", "maundy|holy thursday", "covenant thursday"),
    ("holy_saturday", "holy|easter saturday", "black saturday"),
    ("palm_sunday", "palm sunday"),
    ("ash_wednesday", "ash wednesday"),
    ("shrove_tuesday", "shrove tuesday", "pancake tuesday|day", "mardi gras", "fat tuesday"),
    ("ascension", "ascension|ascencion day|thursday?", "ascension of jesus"),
    ("pentecost", "whit sunday", "white sunday"),
    ("whit_monday", "whit monday", "pentecost monday", "monday of the holy spirit"),
    ("corpus_christi", "corpus christi", "the? feast of corpus christi"),
    ("trinity", "trinity sunday"),
    ("valentine", "valentine's|valentines|valentine|valentines' day?", "st|saint valentine's|valentine day?"),
    ("st_patrick", "st|saint .? patrick's|patricks|patrick|paddy's day", "paddy's|patrick's day"),
    ("st_andrew", "st|saint .? andrew's day"),
    ("april_fools", "april fools|fool's|fools' day?"),
    ("mothers_day", "mother's|mothers|mothers'|mother day", "mothering sunday"),
    ("fathers_day", "father's|fathers|fathers'|father day"),
    ("early_may_bank", "may day bank holiday", "early may bank holiday", "may bank holiday"),
    ("spring_bank", "spring|late bank holiday", "late may bank holiday", "whitsun bank holiday"),
    ("summer_bank", "august|summer bank holiday", "august bank holiday monday"),
    ("labour_day", "may day"),
    ("labor_day_en", "labor|labour day"),
    ("independence_day", "independence day", "the? fourth|4th of july's?", "fourth of july"),
    ("halloween", "all hallows' eve", "all hallows eve", "halloween day|night"),
    ("all_saints", "all saints|saints' day", "all hallows|hallows' day"),
    ("all_souls", "all souls|souls' day"),
    ("guy_fawkes", "bonfire night", "guy fawkes night|day?"),
    ("remembrance", "remembrance sunday|day", "armistice day"),
    ("veterans_day", "veterans|veteran's|veterans' day"),
    ("memorial_day", "memorial day"),
    ("mlk_day", "martin luther king jr? .? day", "martin luther king 's|jr's day", "mlk day", "martin luther king's day", "civil rights day", "idaho human rights day"),
    ("presidents_day", "presidents|president's|presidents' day", "washington's birthday"),
    ("columbus_day", "columbus day", "indigenous peoples day"),
    ("thanksgiving", "thanksgiving day?"),
    ("black_friday", "black friday"),
    ("cyber_monday", "cyber monday"),
    ("groundhog", "groundhog day", "groundhogs day"),
    ("cinco_de_mayo", "cinco de mayo"),
    ("earth_day", "earth day"),
    ("womens_day", "women's|womens|woman's day", "international women's day"),
    ("epiphany", "three kings day", "twelfth night", "epiphany day"),
    ("nikolaus", "st|saint nicholas day"),
    ("reformation", "reformation day"),
    ("unity_day", "german unity day", "day of german unity"),
    ("between_years", "between christmas and new year|year's|years", "between the years", "between xmas and new year|year's|years"),
    ("bank_holiday", "bank holiday monday?"),
    ("tax_day", "tax day"),
    ("repentance", "day of repentance"),
)  # fmt: skip


def _frame_rows() -> list[Row]:  # noqa: PLR0915
    rows: list[Row] = []

    def add(name: str, *patterns: str, build: object = None, weight: int = 0) -> None:
        rows.extend(Row(f"en.{name}", pattern, build, weight) for pattern in patterns)  # type: ignore[arg-type]

    H = _HOUR
    add(
        "at",
        f"<at> {H}",
        f"<at> exactly|precisely|about|around? {H}",
        f"{H} sharp|exactly|precisely|dead|prompt",
        f"<at> {H} sharp|exactly|precisely|prompt",
        build=p.at,
    )
    add("at.digits", "<at>|by|from|until|till|before|after|around {d4}", "<at> {d3}", build=p.digits4)
    add(
        "at.pair",
        "<at>|around|about {h} {mm}|{mw}",
        "from|until|till|by|before|after {h} {mw}",
        build=p.hour_minute,
        weight=1,
    )
    add("at.dot", "<at>|by|from|until|till|before|after|around|about {dot_time}", build=p.said_clock, weight=1)
    add("at.year", "<at> {yearw}", build=lambda a: p.clock(a[0] // 100, a[0] % 100, minutes_said=True), weight=1)
    add("at.bare.dot", "{dot_time}", build=p.said_clock, weight=-4)
    add(
        "about",
        f"<at>? <about> {H}",
        f"<at>? <about> {H} or so",
        f"{H} or so|thereabouts|thereabout",
        f"somewhere|sometime <about> {H}",
        f"say {H}",
        f"<at>? {H} -? ish",
        f"{H} or thereabouts",
        build=p.about,
        weight=1,
    )
    add(
        "part.clock",
        f"<at>? {H} in|at|on|during the? {{part}}",
        f"<at>? {{time}} {{part}}",
        f"{H} {{part}}",
        f"<at>? {H} in|on|of the {{part}}",
        f"<at>? <about>? {H} in the {{part}}",
        build=p.clock_in_part,
        weight=1,
    )
    add("clock.dated", f"<at>? {H} {{dated}}", f"<at>? <about> {H} {{dated}}", build=p.clock_in_dated, weight=1)
    add("clock.part", f"{{part}} <at>|<about> {H}", build=p.clock_in_part)
    add(
        "range",
        f"between {H} and|to|-|& {H}",
        f"from {H} to|-|until|till|til|through|thru <at>? {H}",
        f"{{time}} to|-|until|till|til|through|thru {H}",
        f"{H} to|-|until|till|til|through|thru {{time}}",
        f"from {H} and|until {H}",
        f"<at> {H} -|to|until|till {H}",
        f"sometime|anytime|any? time? between {H} and {H}",
        f"between {{dot_time}} and|- {{dot_time}}",
        "{dot_time} -|to|until|till {dot_time}",
        "from {dot_time} -|to|until|till {dot_time}",
        "{dot_time} -|to {time}",
        "{time} -|to {dot_time}",
        f"anywhere|somewhere between|from {H} and|to {H}",
        f"{{time}} up to {H}",
        f"between {{time}}|{{h}} or {H}",
        "around|about {h} to|- {h}",
        build=p.clock_range,
        weight=2,
    )
    add("range.bare", "{h} to|- {h}", build=lambda a: {"wrange": p.clock_range(a)["trange"]}, weight=-6)  # type: ignore[index]
    add(
        "range.digits",
        "{d4} -|to|until|till {d4}",
        "from {d4} -|to|until|till {d4}",
        "between {d4} and {d4}",
        build=lambda a: _digit_range(a),
        weight=2,
    )
    add(
        "range.mw",
        "from|between {h} {mw} to|and|until|till {h} {mw}",
        build=lambda a: p.clock_range(
            (Clock(a[0], a[1], minutes_said=True), Clock(a[2], a[3], minutes_said=True))
        ),
        weight=3,
    )
    add(
        "range.length",
        f"for {{dur}} from|starting|beginning <at>? {H}",
        f"for {{dur}} starting|beginning from|at {H}",
        f"for {{dur}} <at> {H}",
        build=lambda a: _lasting(a[1], a[0]),
        weight=3,
    )
    add(
        "range.length.after",
        f"from|starting|beginning <at>? {H} for {{dur}}",
        f"starting|beginning from|at {H} for {{dur}}",
        build=lambda a: _lasting(a[0], a[1]),
        weight=3,
    )
    add(
        "range.days.after",
        "from|starting|beginning {date} for {dur}",
        "for {dur} from|starting|beginning {date}",
        build=lambda a: _lasting_days(a),
        weight=3,
    )
    add(
        "range.part",
        "{part} to|-|until|through {part}",
        "from {part} to|-|until|through {part}",
        "between {part} and {part}",
        build=lambda a: {"prange": (a[0], a[1])},
        weight=1,
    )
    add(
        "days",
        "from? {date} to|-|until|till|til|through|thru|thru {date}",
        "from? {date} up to {date}",
        "between {date} and|- {date}",
        "from {date} and {date}",
        "starting {date} until|to|through {date}",
        build=lambda a: p.days(a),
        weight=2,
    )
    add(
        "days.from",
        "from {date} - {date}",
        "from the? {domord}|{dom} to|-|through|until|till the? {domord}",
        build=lambda a: p.days([al.Fields(day=x) if isinstance(x, int) else x for x in a]),
        weight=3,
    )
    add(
        "days.short",
        "{d_dow} to|-|through|thru|until {d_dow}",
        "from {d_dow} to|-|through|thru|until {d_dow}",
        build=lambda a: p.days([al.Weekday(x) if isinstance(x, int) else x for x in a]),
        weight=1,
    )

    add(
        "in",
        "in about|around|roughly|approximately {dur}",
        "in {dur}",
        "{dur} from now",
        "{dur} hence",
        "{dur} from today",
        "in the {dur}",
        "in {dur} ' time",
        "in {dur} 's time",
        "in {dur} from now",
        "in another {dur}",
        build=lambda a: p.from_now(1)(a[-1:]),
        weight=0,
    )
    add("in.time", "in {dur} time", build=p.from_now(1), weight=1)
    add(
        "ago",
        "{dur} ago|back|prior",
        "about|around {dur} ago",
        "before {dur}",
        build=lambda a: p.from_now(-1)(a[-1:]),
    )
    add("earlier", "{dur} earlier|before", build=lambda a: {"relative": (-1, a[0])}, weight=-2)
    add("later", "{dur} later|after", build=lambda a: {"relative": (1, a[0])}, weight=-2)
    add("after.length", "after {dur}", build=p.after_length)
    add(
        "within",
        "within {dur}",
        "within the? <next>|<coming> {dur}",
        "in under|less {dur}",
        "in less than {dur}",
        "inside of? {dur}",
        build=lambda a: p.within(a[-1:]),
        weight=2,
    )
    add(
        "rolling",
        "in|over|during|for? the? <next>|<coming> {dur}",
        "these next {dur}",
        "the {dur} ahead",
        "upcoming {dur}",
        build=lambda a: p.rolling(False)(a[-1:]),
        weight=2,
    )
    add(
        "rolling.back",
        "in|over|during|for|within? the|these? <last> {dur}",
        "the? {dur} past",
        build=lambda a: p.rolling(True)(a[-1:]),
        weight=2,
    )
    add(
        "rolling.units",
        "in|over? the <next>|<coming> days",
        "in the coming days",
        build=lambda a: p.date(al.Rolling(3, "day")),
        weight=5,
    )
    add(
        "rolling.weeks",
        "in|over? the <next>|<coming> weeks",
        build=lambda a: p.date(al.Rolling(3, "week")),
        weight=5,
    )
    add(
        "rolling.months",
        "in|over? the <next>|<coming> months",
        build=lambda a: p.date(al.Rolling(3, "month")),
        weight=5,
    )
    add(
        "shift",
        "{dur} after|from|following the? {date}",
        "{dur} on {date}",
        "{dur} after|from|past {time}",
        build=lambda a: p.shifted(1)((a[0], a[-1])),
        weight=2,
    )
    add(
        "shift.week",
        "{date} in {dur}",
        "{date} {one} week",
        build=lambda a: p.shifted(1)((a[1], a[0])) if isinstance(a[1], p.Duration) else None,
        weight=1,
    )
    add(
        "week.on",
        "{d_dow} week",
        "a week {d_dow}",
        "a week on {d_dow}",
        build=lambda a: p.date(al.Shift(al.Weekday(a[0].weekday, a[0].mode), 7, "day")),
        weight=3,
    )
    add(
        "week.on.day",
        "{date} week",
        "a? week on|from? {date}",
        build=lambda a: p.date(al.Shift(a[0], 7, "day")) if al.is_day(a[0]) else None,
        weight=3,
    )
    add(
        "fortnight.on",
        "{date} fortnight",
        "a? fortnight on|from? {date}",
        build=lambda a: p.date(al.Shift(a[0], 14, "day")) if al.is_day(a[0]) else None,
        weight=3,
    )
    add("weeks.on", "{dur} on|from {date}", build=p.shifted(1), weight=2)
    add(
        "weeks.on.bare",
        "{dur} {date}",
        build=lambda a: p.shifted(1)(a) if a[0].unit == "week" and al.is_day(a[1]) else None,
        weight=2,
    )
    add("passing.by", "come|pop|stop|drop|swing|call|go by", "by on", build=p.const(glue=True))
    add(
        "no.good",
        "no good|use|chance|way",
        "out of the question",
        "off limits",
        "ruled out",
        build=p.const(refusal=True),
        weight=2,
    )
    add("just", "just|shortly|bit|little before|after {time}", build=p.about, weight=7)
    add("within.hour", "within the hour", "in the next hour", build=p.const(elapsed=p.Elapsed(0, 3600)), weight=3)
    add(
        "but",
        "anything|any|everything|everyday|anytime|day but",
        "any|every day but",
        build=p.const(excluded=True),
    )
    add(
        "shift.back",
        "{dur} before|prior|preceding to? the? {date}",
        "{dur} before|to {time}",
        build=lambda a: p.shifted(-1)((a[0], a[-1])),
        weight=2,
    )
    add("day.after", "the? day after|following {date}", build=lambda a: p.day_next_to(1)(a[-1:]), weight=2)
    add(
        "day.before",
        "the? day before|preceding {date}",
        "the? eve of {date}",
        build=lambda a: p.day_next_to(-1)(a[-1:]),
        weight=2,
    )
    add(
        "weekday.after",
        "the? {d_dow} after|following the? {date}",
        build=lambda a: p.nth_after(1, 1)((a[0].weekday, a[-1])),
        weight=2,
    )
    add("day.after.that", "the day after that?", "the following one", build=p.const(relday=1))
    add(
        "weekday.before",
        "the? {d_dow} before|preceding the? {date}",
        build=lambda a: p.nth_after(-1, 1)((a[0].weekday, a[-1])),
        weight=2,
    )
    add(
        "nth.weekday.after",
        "{nthdow} after|from the? {date}",
        build=lambda a: p.nth_after(1)((*a[0], a[-1])),
        weight=2,
    )
    add(
        "day.of.unit",
        "the? {domord}|{dom} of the? {d_unit}",
        "the? {domord} day of the? {d_unit}",
        "on? the {domord} {d_unit}",
        build=lambda a: p.date(al.Within(al.Fields(day=a[0]), a[1])) if a[1].unit == "month" else None,
        weight=4,
    )
    add(
        "weekday.of.unit",
        "{d_dow} from|of|in the? {d_unit}",
        build=lambda a: p.date(al.Within(a[0], a[1])) if a[1].unit in ("week", "month") else None,
        weight=4,
    )
    add(
        "nth.weekday.before",
        "{nthdow} before the? {date}",
        build=lambda a: p.nth_after(-1)((*a[0], a[-1])),
        weight=2,
    )
    add(
        "unit.after",
        "the? {unit} after|following {date}",
        build=lambda a: p.nth_after(1, 1)((a[0], a[-1])),
        weight=2,
    )
    add(
        "unit.before",
        "the? {unit} before|preceding {date}",
        build=lambda a: p.nth_after(-1, 1)((a[0], a[-1])),
        weight=2,
    )
    add("nth.unit.after", "{nthunit} after {date}", build=lambda a: p.nth_after(1)((*a[0], a[-1])), weight=2)
    add(
        "unit.of",
        "in? the? week of|commencing|beginning|starting|containing|from|with the? {date}",
        "in? the week on|that {date}",
        "w / c the? {date}",
        "wc the? {date}",
        "w / b the? {date}",
        "wb the? {date}",
        "{d_dow}'s week {date}",
        "week commencing on? {date}",
        "week of the {date}",
        build=lambda a: p.containing("week")(a[-1:]),
        weight=3,
    )
    add(
        "unit.of.dom",
        "week of|commencing|beginning|starting the? {domord}",
        build=lambda a: p.containing("week")((al.Fields(day=a[0]),)),
        weight=3,
    )
    add(
        "weekend.long",
        "{date} weekend",
        build=lambda a: (
            p.date(al.LongWeekend(a[0]))
            if isinstance(a[0], al.Holiday) or isinstance(a[0], al.Fields) and a[0].day
            else None
        ),
        weight=3,
    )
    add(
        "fridays.from",
        "{num} {d_dow} from now|today|away",
        build=lambda a: p.nth_after(1)((a[0], a[1].weekday, al.TODAY)),
        weight=3,
    )
    add("weekend.of", "the? weekend of|after the? {date}", build=lambda a: _weekend_of(a[-1]), weight=3)
    add(
        "nth",
        "{nthdow} of|in|on the? {date}",
        "{nthdow} {date}",
        build=lambda a: p.nth_of()((*a[0], a[-1])),
        weight=3,
    )
    add(
        "nth.last",
        "on? the? {lastdow} of|in|on the? {date}",
        "on? the? final {dow} of|in the? {date}",
        build=p.nth_of(-1),
        weight=3,
    )
    add("nth.month", "{nthdow} of|in the|each|every month", build=lambda a: p.nth_of()((*a[0], "month")), weight=3)
    add(
        "last.month",
        "on? the? {lastdow} of|in the|each|every month",
        build=lambda a: p.nth_of(-1)((a[0], "month")),
        weight=3,
    )
    add("nth.unit", "{nthunit} of|in|on the? {date}", build=lambda a: p.nth_of()((*a[0], a[-1])), weight=3)
    add(
        "last.unit.of",
        "in|on? the? {lastunit} of|in|on the? {date}",
        "in|on? the? final {unit} of|in the? {date}",
        build=p.nth_of(-1),
        weight=3,
    )
    add("nth.unit.month", "{nthunit} of|in the month", build=lambda a: p.nth_of()((*a[0], "month")), weight=3)
    add(
        "last.unit.month",
        "in|on? the? {lastunit} of|in the month",
        "in|on? the? final {unit} of|in the month",
        build=lambda a: p.nth_of(-1)((a[0], "month")),
        weight=3,
    )
    for n, words in enumerate(("beginning|start", "middle", "end")):
        add(
            "third",
            f"at|in|by|towards|around|near? the? {words} of the|this? {{date}}",
            f"at|in|towards|around|near? the? {words} of the|this? {{unit}}",
            f"{words} of {{d_unit}}",
            f"the? {words} of {{year}}",
            build=lambda a, n=n: p.third(n)(a[-1:]),
            weight=3,
        )
    for n, words in enumerate(("early", "mid", "late")):
        add(
            "third",
            f"in? {words} -? {{date}}",
            f"in? {words} {{year}}",
            f"{words} in|on|of? the? {{date}}",
            f"{words} -? {{d_unit}}",
            build=lambda a, n=n: p.third(n)(a[-1:]),
            weight=1,
        )
    for words, first, last in (("early|beginning to|- mid|middle", 0, 1), ("mid|middle to|- late|end", 1, 2)):
        add(
            "thirds",
            f"{words} of? {{date}}",
            build=lambda a, first=first, last=last: p.thirds(first, last)(a),
            weight=4,
        )
    add("third.later", "later|late this {unit}", "later {d_unit}", build=lambda a: p.third(2)(a[-1:]), weight=3)
    add("third.earlier", "early|earlier this {unit}", build=lambda a: p.third(0)(a[-1:]), weight=3)
    add(
        "third.mid",
        "midweek",
        "mid - week",
        "mid week",
        "in the middle of the week",
        build=lambda a: p.date(al.Third(al.Running("week"), 1)),
        weight=3,
    )
    add(
        "eom",
        "eom",
        "the? end of month",
        "month end",
        "end of the month",
        build=p.const(date=al.Third(al.Running("month"), 2)),
        weight=3,
    )
    add(
        "eoy",
        "eoy",
        "the? end of year",
        "year end",
        "end of the year",
        build=p.const(date=al.Third(al.Running("year"), 2)),
        weight=3,
    )
    add(
        "not.before",
        "not before|earlier",
        "no|not earlier|sooner than",
        "not any earlier than",
        "no sooner than",
        "at|any time? from",
        "anytime|sometime|any from",
        "starting from|at|on|around?",
        "beginning from|at|on?",
        "as of|from",
        "from on",
        "the earliest",
        "earliest",
        "any time from",
        "on or after",
        "at or after",
        build=p.const(b_from=True),
        weight=4,
    )
    add(
        "after.exact",
        "anytime|sometime after",
        "any time after",
        "some time after",
        "right|straight|just|immediately|directly after",
        "later than",
        build=p.const(b_after=True),
        weight=5,
    )
    add(
        "not.after",
        "not after|later than?",
        "no|not later|after than?",
        "not any later than",
        "at the latest by?",
        "no later than",
        "up until|till|to",
        "the latest",
        "latest",
        "on or before",
        "at or before",
        "by no later than",
        "due by",
        "by at? latest?",
        "anytime|sometime by|until",
        build=p.const(b_until=True),
        weight=4,
    )
    add(
        "before.exact",
        "anytime|sometime before",
        "any time before",
        "some time before",
        "right|straight|just|immediately before",
        "earlier than",
        "sooner than",
        "prior to",
        build=p.const(b_before=True),
        weight=5,
    )
    add(
        "or.later",
        "or|and|onwards later|after|onwards|onward|above|beyond",
        "and onwards|onward|after|later",
        "or any time after",
        "at the earliest",
        build=p.const(p_from=True),
        weight=3,
    )
    add(
        "or.earlier",
        "or earlier|before|sooner",
        "at the latest",
        "or any time before",
        build=p.const(p_until=True),
        weight=3,
    )
    add(
        "onwards",
        f"from {H} on|onwards|onward|forward",
        f"{H} onwards|onward|forward",
        build=lambda a: {"time": p.as_clock(a[0]), "p_from": True},
        weight=3,
    )
    add(
        "onwards.date",
        "from {date} on",
        "from? {date} onwards|onward|forward",
        build=lambda a: {"date": a[0], "p_from": True},
        weight=3,
    )
    add("same.time", "at? the? same time", build=p.const(same=True))
    add(
        "choice.later",
        "the later|latter|last|latest one|slot|time|option?",
        build=p.const(choice="later"),
        weight=1,
    )
    add(
        "choice.earlier",
        "the earlier|former|earliest one|slot|time|option?",
        build=p.const(choice="earlier"),
        weight=1,
    )
    return rows


def _weekend_of(node: al.Node) -> p.Values | None:
    return p.date(al.Containing("weekend", node)) if al.is_day(node) else None


def _lasting(start: object, length: p.Duration) -> p.Values | None:
    c = p.as_clock(start)  # type: ignore[arg-type]
    return None if length.seconds is None else {"lasting": length.seconds, "time": c}


def _lasting_days(a: p.Args) -> p.Values | None:
    node, length = (a[1], a[0]) if isinstance(a[0], p.Duration) else (a[0], a[1])
    if length.seconds is not None or not al.is_day(node):
        return None
    last = al.Shift(al.Shift(node, int(length.n), length.unit), -1, "day")
    return p.date(al.Days(node, last))


def _digit_range(a: p.Args) -> p.Values | None:
    one, two = p.digits4((a[0],)), p.digits4((a[1],))
    if one is None or two is None or a[0] >= a[1] or (a[0] >= 1900 and a[1] >= 1900 and a[1] <= 2100):
        return None
    return p.clock_range((one["time"], two["time"]))


def _with_day(node: al.Node, what: object) -> p.Values | None:
    key = {"Clock": "time", "DayPart": "part", "ClockRange": "trange"}[type(what).__name__]
    return {"date": node, key: what}


def english() -> Language:
    """The English tables."""
    return Language(
        code="en",
        lexicon=_lexicon(),
        numbers=grow(_number_rows()),
        core=grow(_rows()),
        frame=grow(_frame_rows()),
        titles=frozenset("mr mrs ms miss dr doctor prof professor sir madam name surname nurse".split()),
        numbered=frozenset(
            "room number no table gate version phone tel zip code page size suite unit apartment apt flat seat option model line platform item pin order extension ext account reference ref booking package chair".split()
        ),
        streets=frozenset(
            "street st road rd avenue ave lane drive square close crescent terrace boulevard blvd highway".split()
        ),
        corrections=frozenset(
            "no nope sorry actually rather instead wait correction mean meant better scratch oops er erm uh um hmm hang hold apologies pardon prefer".split()
        ),
        either=frozenset(
            "or alternatively otherwise either also failing else maybe possibly perhaps and/or".split()
        ),
        refusals=frozenset(
            "not don't dont doesn't doesnt can't cant cannot won't wont isn't isnt never unavailable busy booked impossible couldn't wouldn't aren't arent neither nor unable".split()
        ),
        excluding=frozenset("except excluding instead but-not besides without".split()),
        moving=frozenset(
            "move reschedule push postpone shift change switch rebook moved rescheduled postponed moving rescheduling swap bring".split()
        ),
        moving_to=frozenset("to until till on".split()),
        typical=frozenset(
            "i and the a an is are at on in for to you my me we have can could would like please appointment book booking tomorrow today next this morning afternoon evening week or not it there any time with of from after before until by what do does need want be am pm sorry thanks hello hi good".split()
        ),
        cues=frozenset(
            "in of by this next last early mid late until till before after since from during for or and - to on every coming through thru about".split()
        ),
        dow_cues=frozenset(
            "on this next last every coming until till by from before after or and - / to through thru each sat fri".split()
        ),
        time_cues=frozenset("or and / - at around about from by after before in the between until".split()),
        not_after=frozenset(
            "i we you he she they it be have not also as well the need that down in there with for through on up into over has was is or-not".split()
        )
        - {"in", "on", "for", "or-not", "the", "through"},
        not_before_names=frozenset(
            "the i we you he she they who that with mrs mr ms hi dear hello thanks".split()
        ),
        passing=frozenset(
            "do make it say let lets let's come manage work be available free in on at possible attend".split()
        ),
        month_openers=frozenset("next this last is works would or and to until at through please".split()),
    )
