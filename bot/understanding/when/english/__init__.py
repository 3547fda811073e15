"""English, British and American: its words and phrases for time, and the small words that tie a message together."""

from __future__ import annotations

import re

from bot.understanding.when.english import (
    bounds,
    clocks,
    dates,
    days,
    frame,
    lengths,
    named,
    offsets,
    ranges,
    skips,
)
from bot.understanding.when.english import words as lexical
from bot.understanding.when.english.names import names
from bot.understanding.when.english.told import told
from bot.understanding.when.grammar import grow
from bot.understanding.when.language import Language, words
from bot.understanding.when.lexer import Lexicon, build_lexicon

_KNOWN = """mourning moaning maybe match watch sundae events evens money mother thirsty forty honey nothing mayor
tuesdays sundays month months tonights quarters weekender weekdays weekday sunny satisfied junior julia julian
augustus apron marching marched thirds todays evenings fridge sundry monkey autumns summers springs midday quart quartz quartet
quarterly"""


_DAYISH = re.compile(r"[a-z]{3,}day")
_NO_DAYS = frozenset(["everyday", "midday", "someday", "workday", "weekday", "anyday", "faraday"])


def dayish(word: str) -> bool:
    """Whether an unknown word names some day: "birthday", "payday"."""
    return _DAYISH.fullmatch(word) is not None and word not in _NO_DAYS


def _lexicon() -> Lexicon:
    return build_lexicon(
        lexical.rows(),
        heads="""monday tuesday wednesday thursday friday saturday sunday today tomorrow yesterday mon tues wednes thurs fri this half quarter""",
        tails="""morning mornings afternoon afternoons evening evenings night nights lunchtime noon morn am pm past""",
        correctable="""monday tuesday wednesday thursday friday saturday sunday january february april august september october
    november december tomorrow afternoon morning evening weekend tonight midnight yesterday christmas easter
    wensday wendsday wednsday between fortnight fifteen thirty twelve eleven quarter""",
        known=_KNOWN,
        apostrophes="i'm i've i'd we've you're they're he's she's that's what's hadn't didn't wasn't weren't couldn't",
    )


def english() -> Language:
    """The English tables."""
    return Language(
        code="en",
        lexicon=_lexicon(),
        numbers=grow(clocks.number_rows()),
        core=grow([*clocks.rows(), *days.rows(), *dates.rows(), *lengths.rows(), *named.rows(), *skips.rows()]),
        frame=grow([*ranges.rows(), *offsets.rows(), *frame.rows(), *bounds.rows()]),
        titles=words("mr mrs ms miss dr doctor prof professor sir madam name surname nurse"),
        numbered=words("""
            room number no table gate version phone tel zip code page size suite unit apartment apt flat
            seat option model line platform item pin order extension ext account reference ref booking
            package chair level grade blade guard shade tone toner nuance
        """),
        streets=words("""
            street st road rd avenue ave lane drive square close crescent terrace boulevard blvd highway
        """),
        corrections=words("""
            no nope sorry actually rather instead wait correction mean meant better scratch oops er erm
            uh um hmm hang hold apologies pardon prefer
        """),
        either=words("""
            or alternatively otherwise also failing else and/or
        """),
        refusals=words("""
            not don't dont doesn't doesnt can't cant cannot won't wont isn't isnt never unavailable busy
            impossible couldn't wouldn't aren't arent neither nor unable wasn't weren't
        """),
        excluding=words("except excluding instead but-not besides without"),
        moving=words("""
            move reschedule push postpone shift change switch rebook moved rescheduled postponed moving
            rescheduling swap bring
        """),
        moving_to=words("to until till on"),
        typical=words("""
            i and the a an is are at on in for to you my me we have can could would like please
            appointment book booking tomorrow today next this morning afternoon evening week or not it
            there any time with of from after before until by what do does need want be am pm sorry
            thanks hello hi good
        """),
        cues=words("""
            in of by this next last early mid late until till before after since from during for or and
            - to on every coming through thru about
        """),
        dow_cues=words("""
            on this next last every coming until till by from before after or and - / to through thru
            each sat fri
        """),
        time_cues=words("or and / - @ at around about from by after before in the between until"),
        not_after=words("""
            i we you he she they it be have not also as well need that down there with up into over has
            was is
        """),
        not_before_names=words("the i we you he she they who that with mrs mr ms hi dear hello thanks"),
        passing=words("""
            would works work could that's
            my our your do make it say let lets let's come manage work be available free in on at possible attend
        """),
        month_openers=words("next this last is works would or and to until at through please"),
        clause_ends=words(", ; . ! ? but if unless because though so then although"),
        softeners=words("yet also only"),
        why=words("why whether"),
        introducers=words("name surname called"),
        verdicts=words("bad awful terrible rubbish hopeless tricky difficult rough useless inconvenient awkward"),
        full=words("full booked closed taken packed fully gone shut"),
        curt=words("out off no"),
        specifying=words("so namely meaning ie"),
        after_that=words("afterwards afterward thereafter"),
        before_that=words("beforehand"),
        fallback=words("otherwise else failing"),
        possessives=words("my our his her their"),
        sparing=words("bar barring save"),
        sparing_last=words("but"),
        proposing=words("""
            can could we i you would do make have get say how what about is it be possible then change move push think guess reckon to shall
            should may might like love try fancy manage any chance of must need needs has it's now
        """),
        doing=words("do make manage"),
        instead=words("instead"),
        dow_followers=words("works work would suits is ok okay please morning afternoon evening am pm"),
        dayish=dayish,
        told=told(),
        names=names(),
    )
