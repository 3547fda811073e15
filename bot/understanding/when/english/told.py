"""English clauses that tell something instead of wishing it: the past, the guest's own business, dates of things."""

from __future__ import annotations

import re

from bot.understanding.when.language import Pairs, Told, words

_PARTICIPLE = re.compile(
    r"[a-z]{2,}ed|been|had|done|gone|seen|spoken|made|taken|given|lost|paid|sent|bought|spent"
)
_NONE = frozenset(["need", "wed", "bed", "red", "speed", "feed", "indeed", "hundred", "kindred"])


def participle(word: str) -> bool:
    """Whether a word has the form of a past participle, "got" ("I've got time") aside."""
    return word not in _NONE and _PARTICIPLE.fullmatch(word) is not None


def told() -> Told:
    """The words of English clauses that wish nothing."""
    family = words("""
        son sons daughter daughters kid kids child children boy boys girl girls wife husband partner mum mom dad
        mother father parents grandson granddaughter grandchildren nephew niece friend dog him her them
    """)
    people = words("i i'm i'll we we're we'll he he's she she's they they're my our am")
    schools = words(
        "work school nursery college uni university kindergarten shift job office class practice training"
    )
    busy: Pairs = (
        (
            words("have has need needs must gotta got i've we've he's she's supposed"),
            words("pick collect fetch catch babysit dash attend pack"),
        ),
        (words("have has i've we've"), words("work school")),
        (words("pick picking collect collecting fetch fetching drop dropping meet meeting"), family),
        (
            words("finish finishes finishing start starts starting end ends leave leaves get gets come comes"),
            schools,
        ),
        (words("finish finishes"), frozenset()),
        (
            words("get gets arrive arrives land lands leave leaves depart departs come comes go goes is due"),
            words("train flight plane bus ferry coach tram"),
        ),
        (
            words("i'm we're he's she's am are is"),
            words("meeting meetings working operated flying travelling traveling"),
        ),
        (words("i we"), words("fly travel")),
    )
    due: Pairs = ((words("have has need must i've we've"), words("airport station court home")),)
    leaving: Pairs = (
        (
            words("have has need needs must gotta got i've we've he's she's should"),
            words("leave dash shoot rush off out go gone away finished pick collect fetch catch"),
        ),
        (words("like want love prefer hoping"), words("finished away gone")),
        (words("long provided providing"), words("out done finished away gone")),
    )
    over: Pairs = (
        (words("finish finishes finishing"), frozenset()),
        (words("end ends"), schools),
        (words("i'm we're he's she's am are"), words("done finished")),
    )
    done = words("done finished out through away gone")
    perhaps: Pairs = (
        (
            frozenset(),
            words("""
                dentist doctor doctor's doctors gp wedding party birthday holiday holidays vacation abroad funeral graduation
                christening baptism anniversary prom concert conference meeting meetings lecture lectures exam exams
                interview shift physio hospital rehearsal recital viewing plumber electrician delivery teaching tutoring
            """),
        ),
        (words("cancel cancelling canceling"), frozenset()),
        (words("usually normally"), frozenset()),
        (words("my our"), words("usual")),
        (words("runs run ran"), words("out")),
        (frozenset(), words("due expires expire")),
        (words("i'm we're he's she's lad's son's daughter's kids"), words("at in")),
        (words("i've we've"), words("something plans")),
        (words("i'm we're he's she's"), words("course training shift duty call nights")),
        (words("is are"), schools),
        (words("have has need needs must gotta got i've we've"), words("go run")),
        (family, words("coming comes booked")),
        (people, words("start starts begin begins")),
        (
            people,
            words(
                "ill sick poorly unwell injured work works away leave class classes gym yoga training choir football tennis"
            ),
        ),
    )
    given_up: Pairs = ((words("was were"), words("meant supposed due booked scheduled down")),)
    return Told(
        openers=words("""
            so but now then therefore hence otherwise because though although however could can would i'd we'd please how what
            what's need want let's lets make do that could've which meaning else may might shall will
        """),
        joining=words("and & n"),
        past=words("""
            was were wasn't weren't had hadn't did didn't been came went saw called rang phoned emailed texted tried
            couldn't missed visited told said asked offered suggested waited forgot hated loved arrived used met
        """),
        auxiliaries=words("i've we've he's she's they've you've"),
        participle=participle,
        closing=frozenset(),
        planning=words("""
            think hoping hoped thinking wondering looking planning planned mind wanting wanted needed preferred going meaning meant intended
            if about asking regarding considering aiming after decided chosen chose settled picked free available possible still works
        """),
        booked=words("""
            booked booking book reserved reservation appointment appointments slot arranged agreed scheduled
            pencilled forgot saw heard noticed read spotted looked checked confirmed offered suggested told said asked promised given
        """),
        persons=words("i i've i'm we we've me my us our nobody someone somebody"),
        busy=busy,
        due=due,
        leaving=leaving,
        perhaps=perhaps,
        wishing=words("""
            free available availability slot slots opening openings reschedule rebook fit squeeze back pop
            suits suit prefer
        """),
        finite=words("is are isn't aren't").union(
            *(verbs for verbs, _ in (*busy, *due, *leaving, *perhaps, *given_up))
        ),
        asking=words("do does did have has can could is are would will"),
        negations=words("not"),
        copulas=words("is are falls"),
        dated=words("""
            born dob birth expires invoice receipt letter prescription issued review statement bill certificate
        """),
        of=words("on of from is was dated in the : . date"),
        verb_last=False,
        given_up=given_up,
        appointed=((words("i've we've i'm we're am"), words("appointment appointments booking booked appt")),),
        ending=(
            (words("will would can could might"), words("be"), done),
            (words("am are"), frozenset(), done),
            (words("do will would can could"), frozenset(), words("finish")),
        ),
        over=over,
        holding=words("had"),
        askers=words("i we"),
        conditions=words("if"),
        remarks=words("that that's it's which this"),
        habits=words("usually normally always generally typically mostly ordinarily regularly rule every"),
        otherwise=words("otherwise"),
        shut=words("closed shut"),
        births=words("born dob birthdate expires expired expiry expire"),
        subjects=words("i we he she they it nobody someone somebody you i'd we'd you'd"),
    )
