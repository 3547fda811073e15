"""English phrases that are not about time, however they look. A new phrase is a row here."""

from __future__ import annotations

from bot.understanding.when import phrases as p
from bot.understanding.when.grammar import Row
from bot.understanding.when.language import Table


def rows() -> list[Row]:
    """What is no time."""
    t = Table("en")
    t(
        "off.work",
        p.const(skip=True, word="finish"),
        "get|gets|getting|knock|knocks|clock|clocks off work?",
        weight=6,
    )
    t("to.finish", p.const(skip=True, word="finished"), "to finish", weight=6)
    t("both.days", p.skip, "both|all mondays|tuesdays|wednesdays|thursdays|fridays|saturdays|sundays", weight=1)
    t(
        "no.matter",
        p.const(glue=True),
        "no joke|kidding|problem|worries|rush|hurry|doubt|stress|pressure|fuss",
        weight=2,
    )
    t(
        "greeting",
        p.skip,
        """
        <greet> {part}; <greet> day|weekend|week|evening|night|one
        have|having a|an <greet> {part}|{unit}; have a <greet> rest of the|your {part}|{unit}
        <greet> {part} {part}; <greet> {dow}; happy {hol}|{mon}; <greet> your|the|our {part}|{unit}
        good <tonight>; see you|ya later|soon|then; a very? <greet> {part}|{unit}
        <greet> rest of your|the {part}|{unit}; enjoy the|your rest of the {part}|{unit}
        good morning to you; <greet> new year; <greet> {hol}; <greet> {season}; g'day; merry christmas
        one good {part}; any good {part}
    """,
        weight=6,
    )
    t("too", p.const(skip=True, full=True), "too early|late|soon|far|tight|busy|short", weight=6)
    t(
        "often",
        p.const(skip=True, often=True),
        """
        every|each other|second|2nd|third|3rd|fourth|4th? week|fortnight|month; every {num}|{few}|couple of? weeks|wks|months
        weekly|fortnightly|biweekly|monthly; once a|every|each week|fortnight|month; on? a weekly|fortnightly|monthly basis
        on? alternate weeks
    """,
        weight=7,
    )
    t("to.the.minute", p.const(glue=True), "and? not a|one minute|second earlier|later|sooner", weight=6)
    t("every.day", p.const(skip=True, every_day=True), "every|each day", weight=7)
    t("closed.day", p.const(skip=True, full=True), "a|another bank|public|national holiday", weight=6)
    t("first.free", p.skip, "the first thing|slot|one|appointment you|that|available|free|going", weight=6)
    t(
        "skip",
        p.skip,
        """
        what time|day; one|a second; hang on a second; just|wait a|one second|minute|sec|moment
        in a second|sec|moment|minute; {num} of us|them|you; about|around {num} of us|them|you; second opinion|hand|time|thought|one|chance
        the second one|option|time|appointment|of; every|each|per|all day
        all day|night|week|year|morning long?; day in day out; day to day; one day; some day; these days
        day off; days off; at the end of the day
        from the beginning|start; time and again; last time|minute|name; next time|question|step|door
        first time|name|thing's; this one; at one point|time; on time; in time; in no time; 24 / 7
        24 hours a day; 7 days a week; {num} times a week|day|month|year
        once|twice a day|week|month|year; per hour|day|week|month|year; an hour each; years? old
        {num} - year - old; {num} years|yrs? old; {num} years|months old; {num} yo; years|months of age
        aged {num}; age {num}; by {ord}|{domord} name
        the {season} collection|menu|season|special|sale|vibes; in the long run; day after day
        over night; the other day; happy hour; black friday sale|deal
        sunday roast|best|school|paper|papers|times; friday feeling; the sun
        sun burn|burnt|cream|screen|tan|shine|bed|light|set|rise
        fall down|off|asleep|out|in|over|through|for|apart
        spring clean|roll|onion|water|break|to|into|up; may or may not; may 's; good to
        half my|price|term|board|way|off
        half hour|day|price session|appointment|slot|massage|consultation; a good time; at noon's
        at least|most; by the way; by now; from now on; until now; up to now; till now; for now
        now and then; right away's; i 'm {nmon}; i'm {nmon}; i am {nmon}; with {nmon}
        {nmon} speaking|here|calling|said|says|told|is|was|does|did|can|could|has|always|cut|cuts
        this is {mon}|{dow}|{season}; it 's {nmon} here; it's {nmon}; {nmon} 's
        called|named {nmon}|{dow}|{season}; ask for {nmon}; see {nmon}; (. {nmon}; thanks {nmon}
        from {num} to {num} ,? how; on? a? scale of|from {num} to|- {num}; since {year}
        rate|rating us|you|it|me|them? from {num} to {num}
        for {dur} now|already; since {date} {year}
        is|was {nmon} in|there|still|working|around|back|on|doing|at
        does|did|has|can|could|will|would {nmon} do|cut|have|take|fit|see|call|still|work|colour|color|come
        {nmon} my|our favourite|usual; neighbour|neighbor|friend|daughter|son|wife|husband|stylist|hairdresser {nmon}
        mum|mom|sister|colleague|cousin|niece|aunt|girlfriend|girl|dog|cat {nmon}; 3/4|1/2|1/4 head|length|sleeve|size|inch
        {nmon} is|was my|the|our hairdresser|stylist|barber|favourite
        should|will|does|would|could|must|to last about|around? {num}|{few}|{couple} of? {unit}
        no mondays|tuesdays|wednesdays|thursdays|fridays|saturdays|sundays|weekends
        hi|hello|hey|dear|ms|miss|mrs|mr {nmon}|{mon}|{dow}|{season}
    """,
        weight=6,
    )
    t("since", p.skip, "since {num}", weight=-6)
    return t.rows
