"""English clock times. A new phrase is a row here."""

from __future__ import annotations

from bot.understanding.when import phrases as p
from bot.understanding.when.clock import Clock, apply_half
from bot.understanding.when.english.words import ordinal_values
from bot.understanding.when.grammar import Args, Build, Row, Values
from bot.understanding.when.language import Table
from bot.understanding.when.lexer import number_values


def _hour_half(a: Args) -> Values | None:
    """{h} {ampm}"""
    if not 0 <= a[0] <= 24 or (a[0] > 12 and a[-1] == "am"):
        return None
    return {"time": apply_half(Clock(a[0], fixed=a[0] > 12 or a[0] == 0), a[-1])}


def _hour_minute_half(a: Args) -> Values | None:
    """{h} {min} {ampm}"""
    base = p.clock(a[0], a[1], minutes_said=True)
    return None if base is None else {"time": apply_half(base["time"], a[-1])}


def _clock_half(a: Args) -> Values | None:
    """{clock} {ampm}"""
    c: Clock = a[0]
    return (
        {"time": apply_half(Clock(c.hour, c.minute, c.second, minutes_said=True), a[-1])}
        if c.hour <= 12 or a[-1] == "pm"
        else None
    )


def _relative(minutes: int | None, sign: int) -> Build:
    """minutes past or to {h|noon|midnight} {ampm}?"""

    def build(a: Args) -> Values | None:
        args = list(a)
        m = args.pop(0) if minutes is None else minutes
        h = args[0]
        half = args[1] if len(args) > 1 else None
        if not isinstance(h, int) or h > 24 or m > 59:
            return None
        c = Clock(h, fixed=h > 12 or h == 0)
        if half:
            c = apply_half(c, half)
        return p.past_hour(m, sign)((c,))

    return build


def _to_fixed(minutes: int | None, sign: int, hour: int) -> Build:
    def build(a: Args) -> Values | None:
        m = a[0] if minutes is None else minutes
        total = hour * 60 + sign * m
        return {"time": Clock(total // 60 % 24, total % 60, fixed=True, minutes_said=True)}

    return build


def _range_half(a: Args) -> Values | None:
    """from {h} to {h} {ampm}"""
    last = _hour_half((a[1], a[2]))
    return None if last is None else p.clock_range((a[0], last["time"]))


def _five_step(build: Build) -> Build:
    """Bare numbers before "to" are minutes only in steps of five: "9 to 5" is a range."""
    return lambda a: build(a) if a[0] in (5, 10, 20, 25) else None


def _quarter_step(build: Build) -> Build:
    """The same before noon or midnight, where "15 to noon" can be no range."""
    return lambda a: build(a) if a[0] in (5, 10, 15, 20, 25) else None


def number_rows() -> list[Row]:
    """Number words of two or three tokens."""
    t = Table("en")
    t("number", lambda a: number_values(a[0] + a[1]), "{tens} {ones}; {tens} - {ones}")
    t(
        "ordinal",
        lambda a: ordinal_values(a[0] + a[1]),
        """
        {tens} {ones_ord}; {tens} - {ones_ord}
    """,
    )
    t(
        "ordinal.digits",
        lambda a: ordinal_values(a[0] + a[1]) if a[1] < 10 else None,
        """
        {tens} {digits_ord}
    """,
    )
    t(
        "year",
        lambda a: {"year": 2000 + a[0] + (a[1] or 0)},
        """
        two thousand and? {tens} -? {ones}?
    """,
        weight=5,
    )
    t(
        "year.small",
        lambda a: {"year": 2000 + (a[0] if a else 0)},
        """
        two thousand and? {teens}|{ones}; two thousand
    """,
        weight=5,
    )
    t(
        "year.twenty",
        lambda a: {"yearw": 2000 + sum(x for x in a if x)},
        """
        twenty {tens} -? {ones}?; twenty {teens}
    """,
    )
    t(
        "year.nineteen",
        lambda a: {"yearw": 1900 + a[0] + (a[1] or 0)} if a[0] >= 60 else None,
        """
        nineteen {tens} -? {ones}?
    """,
    )
    t("workday", p.const(unit="workday"), "working|business|work|office day|days")
    return t.rows


def rows() -> list[Row]:
    """Clock times."""
    t = Table("en")
    t("half.past.what.was.said", p.const(past_minutes=30), "half past", weight=-16)
    t("quarter.past.what.was.said", p.const(past_minutes=15), "quarter past", weight=-16)
    t("hour", p.hour, "{h} <oclock>; {h} o clock; {h} o ' clock", weight=1)
    t(
        "hour.half",
        _hour_half,
        """
        {h} {ampm}; {h} in the {ampm}; {h} <oclock> {ampm}; {h} <oclock> in? the? {ampm}
    """,
        weight=1,
    )
    t("hour.am", lambda a: _hour_half((a[0], "am")), "{h} a . m .?; {h} a m", weight=1)
    t("hour.pm", lambda a: _hour_half((a[0], "pm")), "{h} p . m .?; {h} p m; {h} p", weight=1)
    t("clock", p.said_clock, "{clock} <oclock>?; {clock} hours|hrs|h?")
    t("clock.half", _clock_half, "{clock}|{dot_time} {ampm}", weight=1)
    t("clock.p", lambda a: _clock_half((a[0], "pm")), "{clock} p", weight=1)
    t("clock.a", lambda a: _clock_half((a[0], "am")), "{clock} a", weight=-9)
    t("hour.minute.half", _hour_minute_half, "{h} {mm}|{mw} {ampm}; {h} {min} {ampm}", weight=2)
    t(
        "digits.half",
        lambda a: _hour_minute_half((a[0] // 100, a[0] % 100, a[1])),
        """
        {d4}|{d3} {ampm}
    """,
        weight=2,
    )
    t("half.ish.word", p.with_approximate(_relative(30, 1)), "half {ishh}", weight=2)
    t("half.ish", p.with_approximate(_relative(30, 1)), "half {h} -? <ish>", weight=2)
    t("hour.words", p.hour_minute, "{hw} -? {mstep}; {h} {mstep}", weight=-2)
    t(
        "hour.oh",
        lambda a: _hour_minute_half((*a[:2], a[2] if len(a) > 2 else "")),
        """
        {h} <oh> {ones}; {h} <oh> {ones} {ampm}
    """,
        weight=2,
    )
    t("clock.bare", p.weak_clock, "{h} {mm}", weight=-6)
    t("hour.h", lambda a: p.clock(a[0]) if a[0] > 12 else None, "{h} h")
    t("military", p.digits4, "{d4} hours|hrs|h", weight=2)
    t("hundred", p.hour, "{h} hundred hours|hrs?; zero|oh {ones} hundred hours|hrs?", weight=2)
    t("half.british", _relative(30, 1), "half {h} {ampm}?", weight=-1)
    for words, minutes in (("quarter", 15), ("half", 30)):
        for art in ("", "a "):
            t(
                "past",
                _relative(minutes, 1),
                f"{art}{words} past|after {{h}} {{ampm}}?",
                f"{art}{words} past|after {{h}} <oclock>",
                weight=2,
            )
            t(
                "to",
                _relative(minutes, -1),
                f"{art}{words} to|til|till|before|of|until {{h}} {{ampm}}?",
                f"{art}{words} to|til|till|before|of {{h}} <oclock>",
                weight=2,
            )
            t("past.noon", _to_fixed(minutes, 1, 12), f"{art}{words} past|after <noon>", weight=2)
            t("to.noon", _to_fixed(minutes, -1, 12), f"{art}{words} to|til|till|until|before|of <noon>", weight=2)
            t("past.midnight", _to_fixed(minutes, 1, 0), f"{art}{words} past|after <midnight>", weight=2)
            t(
                "to.midnight",
                _to_fixed(minutes, -1, 24),
                f"{art}{words} to|til|till|until|before|of <midnight>",
                weight=2,
            )
    t(
        "past.minutes",
        _relative(None, 1),
        """
        {min} minutes|minute|min|mins past|after {h} {ampm}?; {min} past {h} {ampm}?
        {min} past {h} <oclock>; {min} minutes past {h} <oclock>
    """,
        weight=1,
    )
    t(
        "to.minutes",
        _relative(None, -1),
        """
        {min} minutes|minute|min|mins to|til|till|before|of {h} {ampm}?
    """,
        weight=1,
    )
    t(
        "range.noon",
        lambda a: p.clock_range((a[0], Clock(12, fixed=True))),
        "from|between {h} to|-|until|till|til|and <noon>",
        weight=3,
    )
    t("range.hours", p.clock_range, "from|between {h} to|-|until|till|til|and {h}", weight=3)
    t(
        "range.hours.minutes",
        lambda a: p.clock_range((a[0], Clock(a[1], a[2], minutes_said=True))),
        "from|between {h} to|-|until|till|til|and {hw} {mstep}",
        weight=3,
    )
    t(
        "range.hours.half",
        _range_half,
        """
        from|between {h} to|-|until|till|til|and {h} {ampm}
    """,
        weight=3,
    )
    t(
        "to.bare",
        _five_step(_relative(None, -1)),
        """
        {min} to|til|till|of|before {h} {ampm}?; {min} to|til {h} <oclock>
    """,
    )
    t(
        "range.ten",
        lambda a: p.clock_range(a) if a[0] == 10 and a[1] in (11, 12) else None,
        "{domd} to|till|til {domd}",
        weight=1,
    )
    t("after.bare", _five_step(_relative(None, 1)), "{min} after {h} {ampm}?")
    t("past.noon.minutes", _to_fixed(None, 1, 12), "{min} minutes|min|mins? past|after <noon>", weight=1)
    t(
        "to.noon.bare",
        _quarter_step(_to_fixed(None, -1, 12)),
        "{min} to|til|before <noon>",
    )
    t(
        "to.noon.minutes",
        _to_fixed(None, -1, 12),
        """
        {min} minutes|min|mins to|til|before <noon>
    """,
        weight=1,
    )
    t(
        "past.midnight.minutes",
        _to_fixed(None, 1, 0),
        """
        {min} minutes|min|mins? past|after <midnight>
    """,
        weight=1,
    )
    t(
        "to.midnight.bare",
        _quarter_step(_to_fixed(None, -1, 24)),
        "{min} to|til|before <midnight>",
    )
    t(
        "to.midnight.minutes",
        _to_fixed(None, -1, 24),
        """
        {min} minutes|min|mins to|til|before <midnight>
    """,
        weight=1,
    )
    t(
        "shortly",
        p.with_half(p.about),
        """
        just|shortly|a little|bit? after|past {h} {ampm}?; just|shortly before {h} {ampm}?
    """,
    )
    t("ish", p.about, "{h} -? <ish>; {time} -? <ish>; {clock} -? <ish>", weight=1)
    t("ish.word", p.about, "{ishh}", weight=1)
    t(
        "noon",
        p.const(time=Clock(12, fixed=True)),
        """
        at? <noon>; 12|twelve <noon>; at? high|twelve <noon>; at? 12 <noon>
    """,
    )
    t(
        "noonish",
        p.const(time=Clock(12, fixed=True, approximate=True)),
        """
        around|about <noon>; <noonish>
    """,
        weight=1,
    )
    t("midnight", p.const(time=Clock(24, fixed=True)), "at? <midnight>; 12|twelve <midnight>")
    return t.rows
