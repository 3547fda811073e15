"""English bounds ("not before", "or later") and the phrases that tie a time to its sentence. A new phrase is a row here."""

from __future__ import annotations

from bot.understanding.when import algebra as al
from bot.understanding.when import phrases as p
from bot.understanding.when.grammar import Row
from bot.understanding.when.language import Table


def rows() -> list[Row]:  # noqa: PLR0915 - a table, one row after the other
    """On which side of a time it is open, and what is said around it."""
    t = Table("en")
    t("possible", p.const(glue=True), "i|we can|could do|make|come|manage; i|we can|could", weight=-9)
    t(
        "asking",
        p.const(glue=True),
        "can't|couldn't|isn't|don't|haven't|won't|wouldn't|doesn't|hasn't you|i|we|there|julia|it",
        weight=1,
    )
    t(
        "offer.first",
        p.const(choice="earlier"),
        "the earliest|soonest one; the earliest|soonest of those|them|these",
    )
    t("offer.last", p.const(choice="later"), "the latest one; the latest of those|them|these")
    t(
        "make.it",
        p.const(fix=True),
        "can|could? i|we|you? make it|that; let's make it|that; can|could it be; let's|lets say|do; shall we say",
    )
    t("document", p.skip, "email|e-mail|mail|message|letter|text of|from|dated {date}", weight=3)
    t("this.time", p.const(skip=True, this_time=True), "just|only? this time|once; just? for once", weight=-1)
    t("or.not", p.const(glue=True), "or not|no; or what")
    t(
        "booked.up",
        p.const(booked_up=True, word="booked"),
        "booked|full up|out|solid? on|for; fully booked on|for; don't|aren't|not open on|for?",
    )
    t(
        "i.mean",
        p.const(fix=True),
        "oh? sorry|oops|no|wait ,? i mean|meant; oh|oops|no|wait ,? sorry; i mean|meant",
    )
    t(
        "instead.of",
        p.in_place,
        "do|at $H instead|rather of|than at? $H; {time} instead|rather of|than at? $H",
        weight=3,
    )
    t(
        "instead.of.aside",
        p.set_aside,
        "instead|rather of|than at|my|the? $H on? {date}",
        weight=4,
    )
    t(
        "instead.of.aside.day",
        lambda a: p.set_aside((a[1], a[0])),
        "instead|rather of|than on? {date} at? $H",
        weight=3,
    )
    t(
        "instead.of.on",
        p.in_place_of,
        "do|make|about|at? $H instead|rather of|than at? $H on? {date}",
        weight=6,
    )
    t(
        "let.it.go",
        lambda a: {"date": a[0], "set_aside": True} if al.is_day(a[0]) else None,
        "let's|lets leave|skip|forget|drop|scrap {date}; forget|scrap|scratch {date}",
        weight=3,
    )
    t(
        "swap",
        lambda a: p.in_place_of((a[2], a[0], a[1])),
        "swap|exchange|trade|switch|change|move my|the? $H on? {date} for|to|with $H",
        weight=6,
    )
    t(
        "swap.on.day",
        lambda a: p.in_place_of((a[2], a[1], a[0])),
        "swap|exchange|trade|switch|change|move my|the? {date} at? $H for|to|with $H",
        weight=6,
    )
    t(
        "instead.of.on.day",
        p.in_place_of_on_day,
        "on? {date} at? $H instead of at? $H; on? {date} at? $H instead of at? $H on? {date}",
        weight=8,
    )
    t(
        "instead.of.dated",
        lambda a: {"dated": {**a[1], "time": p.as_clock(a[0])}} if "time" in a[1] else None,
        "do|at? $H instead of {dated}",
        weight=3,
    )
    t("so.much", p.const(glue=True), "so well|much|nice|nicely|good|lovely|kind|far|sorry|busy|happy|many")
    t(
        "told.from",
        p.const(told_from=1),
        "any? time? after that|then|this; anytime after that|then; straight|right|directly|immediately|just|soon|shortly after that",
    )
    t("told.until", p.const(told_from=-1), "any? time? before that|then; anytime before that|then")
    t("told.sides", p.const(told_sides=True), "before or after; either before or after; before that or after that")
    t(
        "failing",
        p.const(**{"or": True}),
        "or? if not; or? failing that; or? if that's|it's full|booked|taken|gone",
    )
    t("passing.by", p.const(glue=True), "come|pop|stop|drop|swing|call|go by; by on")
    t(
        "no.good",
        p.const(refusal=True),
        """
        nothing|none free|available|left? on|for
        no slots|space|spaces|time|room|availability|appointments free|available|left? on|for; not to come|do|have|be
        out for me|us|him|her|now; off the table|cards|menu; a nightmare|problem|pain|disaster|non-starter; no good|use|chance|way; out of the question; off limits; ruled out; out of question
    """,
        weight=2,
    )
    t(
        "come.up",
        p.const(refusal=True),
        "something's|something|something has|have|had? come|came|cropped up",
        weight=2,
    )
    t(
        "cannot.make.it",
        p.const(refusal=True),
        "can't|cannot|couldn't|won't|can make|do|manage it|that; can not make|do|manage it|that; not able|unable to make|do|manage it|that",
        weight=2,
    )
    t(
        "but.ideally",
        p.const(glue=True),
        "day|time|anything|anytime but preferably|ideally|maybe|mainly|mostly",
        weight=6,
    )
    t(
        "not.wanted",
        p.const(excluded=True, refusal=True),
        "don't|dont|wouldn't want|fancy|like|need; do|would not want|fancy|like|need; rather not do|have|come?",
        weight=2,
    )
    t(
        "but",
        p.const(excluded=True),
        """
        anything|any|everything|everyday|anytime|day|time but; any|every day|weekday but|bar|barring; other than; apart|aside from
        with the? exception of; save|except|excepting for; not including|counting
    """,
    )
    t(
        "not.before",
        p.const(b_from=True),
        """
        can't|cannot|couldn't before|until|till|til; can't|cannot|couldn't|won't make|do|come|get|be it|there|here|in|free|available? before|until|till|til
        not before|earlier; not until|till; no|not earlier|sooner than; not any earlier than; no sooner than
        at|any time? from; anytime|sometime|any from; starting from|at|on|around?; beginning from|at|on?
        as of|from; from on; any time from; on or after; at or after
    """,
        weight=4,
    )
    t(
        "before.event",
        lambda a: p.date(a[0], p_bound="before"),
        """
        before my|our|her|his|the holiday|holidays|vacation|trip|wedding|birthday|party|flight|exam|christening|move on|from? the? {date}
    """,
        weight=6,
    )
    t(
        "nothing.before",
        p.const(b_from=True, asked="b_before"),
        "nothing before|until|till|earlier than?",
        weight=4,
    )
    t("nothing.after", p.const(b_until=True, asked="b_after"), "nothing after|past|later than?", weight=4)
    t("this.side", p.const(b_before=True), "this side of the?", weight=2)
    t("earliest", p.const(b_from=True, soonword=True), "the? earliest", weight=4)
    t("latest", p.const(b_until=True, latest_word=True), "the? latest", weight=4)
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
        no later than; up until|till|to; on or before; at or before; up to|until and including; until|till and including
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
        or|and|onwards later|onwards|onward|above|beyond; and onwards|onward|later
        or any time after; at the very|absolute? earliest
    """,
        weight=3,
    )
    t("or.after", p.const(p_from=True, or_bound="b_after"), "or|and|onwards after", weight=3)
    t("or.before", p.const(p_until=True, or_bound="b_before"), "or before", weight=3)
    t(
        "or.earlier",
        p.const(p_until=True),
        """
        or earlier|sooner; at the very|absolute? latest; or any time before
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
        lambda a: {
            "date": al.Weekday(a[0].weekday, "last") if isinstance(a[0], al.Weekday) else a[0],
            "p_from": True,
            "aside": True,
        },
        "ever? since the? {date}",
        weight=1,
    )
    t("same.time", p.const(same=True), "at? the? same time")
    return t.rows
