"""German clock times and parts of the day. A new phrase is a row here."""

from __future__ import annotations

from bot.understanding.when import algebra as al
from bot.understanding.when import phrases as p
from bot.understanding.when.clock import Clock, part
from bot.understanding.when.grammar import Row
from bot.understanding.when.language import Table


def rows() -> list[Row]:
    """Clock times and parts of the day."""
    t = Table("de")
    t("hour", p.hour, "{h} <uhr>")
    t("hour.southern", p.hour, "am|um {southern_h}; am|um {southern_h} <uhr>", weight=1)
    t("hour.ending", p.const(time=Clock(8)), "um|gegen achte <uhr>?", weight=1)
    t("hour.letter", lambda a: {**(p.hour(a) or {}), "hours": a[0]}, "{num} h", weight=1)
    t(
        "hour.minute",
        p.hour_minute,
        """
        {h} <uhr> {min}; {h} <uhr> und {min} minuten|min; {h} <uhr> {min} minuten|min
    """,
        weight=1,
    )
    t("hour.half", lambda a: p.clock(a[0], 15, minutes_said=True), "{h} <uhr> viertel")
    t("clock", p.said_clock, "{clock} <uhr>?; {dot_time} <uhr>; {comma_time} <uhr>")
    t("clock.words", lambda a: p.hour_minute(a) if 7 <= a[0] <= 23 else None, "{hw} {mstep}", weight=-2)
    t("clock.digits", p.digits4, "{d4} <uhr>", weight=2)
    t("clock.spaced", p.hour_minute, "{h} {mm} <uhr>; um|gegen {h} {mm}|{mw}; {h} {mw} <uhr>")
    t("half", p.past_hour(0, base=-30), "halb {h} <uhr>?; halber {h}", weight=1)
    t("half.joined", p.past_hour(0, base=-30), "halbe|halbi|hoiwe|hoibe {h}; am halbi|halb {h}")
    t(
        "to.half",
        p.past_hour(None, -1, base=-30),
        """
        {min} minuten|min? vor halb {h} <uhr>?; {min} vor halber {h}
    """,
        weight=1,
    )
    t("past.half", p.past_hour(None, 1, base=-30), "{min} minuten|min? nach halb {h} <uhr>?", weight=1)
    t(
        "quarter.past",
        p.past_hour(15),
        """
        am viertel ab {h}; am viertel nach {southern_h}; viertel nach {h} <uhr>?; viertel über {h} <uhr>?; viertel ueber {h}; viertel ab {h}
        1/4 nach {h}; einviertel nach {h}; ein viertel nach {h}
    """,
        weight=1,
    )
    t(
        "quarter.to",
        p.past_hour(15, -1),
        """
        viertel vor {h} <uhr>?; ein viertel vor {h}; 1/4 vor {h}
    """,
        weight=1,
    )
    t("quarter.east", p.past_hour(0, base=-45), "viertel {h} <uhr>?")
    t(
        "three.quarters",
        p.past_hour(0, base=-15),
        """
        dreiviertel {h} <uhr>?; drei viertel {h} <uhr>?; 3/4 {h} <uhr>?; dreiviertl {h}
    """,
        weight=1,
    )
    for minutes, word in ((-15, "dreiviertel"), (-45, "viertel")):
        t(
            "past.quarter",
            p.past_hour(None, 1, base=minutes),
            f"{{min}} minuten|min? nach {word} {{h}} <uhr>?",
            weight=1,
        )
        t(
            "to.quarter",
            p.past_hour(None, -1, base=minutes),
            f"{{min}} minuten|min? vor {word} {{h}} <uhr>?",
            weight=1,
        )
    t("clock.bare", p.weak_clock, "{h} {mm}", weight=-6)
    t("past", p.past_hour(None, 1), "{min} nach {h} <uhr>?; {min} minuten|min nach {h} <uhr>?")
    t("to", p.past_hour(None, -1), "{min} vor {h} <uhr>?; {min} minuten|min vor {h} <uhr>?")
    t("short.past", p.about, "kurz nach {h} <uhr>?")
    t("short.to", p.about, "kurz vor {h} <uhr>?")
    t("sharp", p.at, "punkt|schlag {h} <uhr>?; {h} <uhr>? punkt")
    t("sharp.half", p.past_hour(0, base=-30), "punkt halb {h}")
    t("midnight", p.const(time=Clock(24, fixed=True), midnight=True), "um? <midnight>")
    t("noon", p.const(time=Clock(12, fixed=True)), "punkt mittag; zwölf mittag; high noon")
    t("part", p.pick("part"), "am|zum|zur|im|in|über? <art>? {part}", weight=-1)
    t("over.work", lambda a: {"time": Clock(a[0]), "p_from": True}, "um|ab|seit {h} <uhr>? feierabend", weight=3)
    t("part.plain", p.pick("part"), "{part}")
    t(
        "part.morning",
        p.const(part=part("morning")),
        """
        am morgen|morge; z'morge; am frühen morgen; in der früh|frühe; am nächsten morgen; den morgen; früh am morgen
        früh morgens; morgens früh
    """,
    )
    t(
        "part.early",
        p.const(part=part("early")),
        """
        in der|da früh|frühe|fruehe|friah; am frühen morgen; früh am morgen; früh morgens; morgens früh
        in aller früh|frühe|herrgottsfrühe; am fruehen morgen
    """,
        weight=1,
    )
    t(
        "part.narrow.early",
        p.narrowed("early"),
        """
        am? <early> {part}; <early> am {part}; zu|gegen beginn|anfang des {part}
    """,
        weight=1,
    )
    t(
        "part.narrow.late",
        p.narrowed("late"),
        """
        am? <late> {part}; <late> am {part}; gegen ende des {part}
    """,
        weight=1,
    )
    t(
        "part.work",
        p.const(part=part("after_work")),
        """
        nach <art>? feierabend; nach der arbeit; nach dienstschluss; nach büroschluss; nach arbeitsende
        zum feierabend
    """,
        weight=1,
    )
    t(
        "part.lunch",
        p.const(part=part("lunch")),
        """
        in|während|über <art>|meiner|unserer? mittagspause|mittagszeit|mittag; um die mittagszeit
        zur mittagszeit; über mittag; zur mittagspause
    """,
        weight=1,
    )
    t(
        "part.noon",
        p.const(part=part("noon")),
        """
        um die mittagszeit; gegen mittag; um mittag; um mittag herum; zu mittag; zur mittagszeit
        am mittag
    """,
        weight=2,
    )
    t("part.evening", p.const(part=part("evening")), "gegen abend", weight=1)
    t("part.morning2", p.const(part=part("morning")), "gegen morgen")
    t(
        "part.last.night",
        lambda a: p.day_part(al.Running("day", -1), part("night")),
        "letzte|vergangene nacht",
        weight=2,
    )
    t("part.this", lambda a: p.day_part(al.TODAY, a[0]), "an|am|in? diesem|diesen|dieser|diese {part}", weight=2)
    t(
        "part.this.morning",
        lambda a: p.day_part(al.TODAY, part("morning")),
        "an|am? diesem|diesen morgen",
        weight=2,
    )
    t(
        "soonest",
        p.const(soonest=True),
        """
        so bald|schnell|früh|zeitig wie möglich|moeglich; sobald wie|als möglich|moeglich; so bald|schnell|früh|zeitig es|wie es? geht; so <early> wie möglich|moeglich
        möglichst bald|schnell|zeitnah|früh
        schnellstmöglich|baldmöglichst|schnellstmöglichen|frühestmöglich|schnellstens|schnellstmoeglich|baldmoeglichst
    """,
    )
    t(
        "soonest.pointed",
        p.const(soonest=True, choice="earlier"),
        """
        das|der|den|die? frühste|früheste|frühesten|frühestmögliche|frühestmöglichen|nächstmögliche|nächstmöglichen termin|zeitpunkt?
    """,
    )
    t("part.day", p.const(part=part("business")), "tagsüber; den ganzen tag über")
    return t.rows
