"""German: its words and phrases for time, and the small words that tie a message together."""

from __future__ import annotations

import re

from bot.understanding.when.german import clocks, days, frame, named, ranges, skips
from bot.understanding.when.german import words as lexical
from bot.understanding.when.german.names import names
from bot.understanding.when.german.told import told
from bot.understanding.when.grammar import grow
from bot.understanding.when.language import Language, words
from bot.understanding.when.lexer import Lexicon, build_lexicon

_DAYISH = re.compile(r"[a-z]{4,}(?:tag|tags|tage|tagen|abend|fest|wochenende|woche)|[a-z]{3,}(?:feier|markt)")
_NO_DAYS = frozenset(
    [
        "alltag",
        "jedentag",
        "bundestag",
        "landtag",
        "eintag",
        "ganztags",
        "halbtags",
        "halbtag",
        "ganztag",
        "vortag",
    ]
)

_KNOWN = """mögen moegen montage monate morden mittags mutter sonntagen freita apfel augen augusta sommer
freitext samstage dienst dienste dienstleistung miete mitte marke viertelt oktoberfest aprikose nachmittags
vormittags abends stunde minute wochen woche machen kochen suchen heute leute morgige morgigen heutige
juliane julian juliana junior martin martina december osten stern nächte nächten morgan hefte gesten gestein hüte jaguar
wischen zischen geistern mittig haute auguste heule hegte freytag freital morten margen machste beute meute sorgen borgen
heuer heuern häute feuerabend übernachten österr"""

_LITERALS = """hälfte über ungefähr frühestens spätestens nächsten übernächsten hälfte größe schätzungsweise darüber für möglich möglichst
schnellstmöglich frühestmöglich einschließlich österreichischer straße tagsüber übers später früher früh höchstens"""


def dayish(word: str) -> bool:
    """Whether an unknown word names some day: "Zuckerfest", "Geburtstag"."""
    return _DAYISH.fullmatch(word) is not None and word not in _NO_DAYS


def _lexicon() -> Lexicon:
    return build_lexicon(
        lexical.rows(),
        heads="""montag dienstag mittwoch donnerstag freitag samstag sonnabend sonntag montags dienstags mittwochs donnerstags
    freitags samstags sonntags januar februar märz april mai juni juli august september oktober november dezember heute heut morgen übermorgen gestern vorgestern viertel halb um gegen dreiviertel""",
        tails="""woche wochenende hälfte früh morgen morgens vormittag vormittags mittag mittags nachmittag nachmittags abend abends nacht nachts
    spätnachmittag frühabend spätabend nach vor ein eins zwei drei vier fünf sechs sieben acht neun zehn elf zwölf""",
        correctable="""montag dienstag mittwoch donnerstag freitag samstag sonnabend sonntag januar februar april august
    september oktober november dezember übermorgen vormittag nachmittag wochenende nächste nächsten nächster
    übernächste übernächsten kommende kommenden mitternacht weihnachten silvester heiligabend ostern pfingsten
    vormittags nachmittags mittags viertel heute morgen morgens mittag abend abends spätestens frühestens
    zwischen gestern dreizehn vierzehn fünfzehn sechzehn siebzehn achtzehn zwanzig dreißig""",
        known=_KNOWN,
        literals=_LITERALS.split(),
        dotted={
            "d": "den",
            "o": "oder",
            "u": "und",
            "zw": "zwischen",
            "vorm": "vormittags",
            "nachm": "nachmittags",
            "nachmitt": "nachmittags",
            "ca": "ca",
            "bzw": "oder",
            "evtl": "eventuell",
            "spät": "spätestens",
            "frühest": "frühestens",
            "abds": "abends",
            "mittw": "mittwoch",
            "donn": "donnerstag",
            "donnerst": "donnerstag",
            "freit": "freitag",
            "samst": "samstag",
            "nä": "nächste",
            "nächst": "nächste",
            "kommd": "kommende",
            "wo": "woche",
            "geb": "geboren",
            "morg": "morgen",
        },
    )


def german() -> Language:
    """The German tables."""
    return Language(
        code="de",
        lexicon=_lexicon(),
        numbers=None,
        core=grow([*clocks.rows(), *days.rows(), *named.rows(), *skips.rows()]),
        frame=grow([*ranges.rows(), *frame.rows()]),
        titles=words("""
            herr herrn frau familie fräulein dr doktor prof schwester kollegin name heiße heisse heißt
            heisst namens nachname vorname
        """),
        numbered=words("""
            zimmer nummer nr hausnummer platz tisch gate version tel telefon plz code seite größe
            groesse kundennummer raum wohnung stock linie gleis artikel pin bestellnummer option
            variante paket kabine stuhl zip farbton ton tönung farbe nuance stufe skala rechnung
        """),
        streets=words("straße strasse str platz weg allee gasse ring damm ufer"),
        corrections=words("""
            nein äh aeh ähm aehm sorry quatsch korrektur verzeihung entschuldigung pardon stattdessen
            besser lieber eher halt moment vielmehr sondern falsch versprochen doch meinte nee ne ups hoppla huch
            ach
        """),
        either=words("""
            oder auch alternativ ansonsten sonst notfalls bzw beziehungsweise wahlweise oder/und
            ersatzweise
        """),
        refusals=words("""
            nicht nich net nit ned kein keine keinen keinem nie niemals ungern
        """),
        excluding=words("außer ausser statt anstatt ausgenommen anstelle"),
        moving=words("""
            verschieben verlegen umbuchen vorziehen verschiebe verlege verschoben verlegt umlegen
            schieben umzubuchen ändern tauschen wechseln umgebucht vorverlegen verschieb
        """),
        moving_to=words("auf zu nach"),
        typical=words("""
            ich und der die das ist nicht ein eine am um uhr für mit haben hätte hat gern gerne bitte
            termin morgen heute bei wir von zu auf geht kann können möchte brauche oder halb nächste
            woche nächsten tag den dem im ab bis vor nach gegen zwischen wäre noch auch mir passt habt
            sie es wie wann
        """),
        cues=words("nächsten naechsten diesen kommenden jeden bis ab vor nächster letzten"),
        dow_cues=words("am nächsten übernächsten naechsten diesen kommenden jeden sa fr do mi di mo -"),
        time_cues=words("oder und / - um ab bis gegen von zwischen den vor nach"),
        not_after=words(""),
        not_before_names=words(""),
        passing=words(
            "geht ginge passt wäre mir es zeit termin kommen möglich moeglich gern gerne so frei da gut"
        ),
        month_openers=words(""),
        clause_ends=words(", ; . : ! ? aber wenn falls weil sondern dafür sonst jedoch dann"),
        softeners=words("noch auch doch nur mehr-als"),
        why=words("warum wieso weshalb ob"),
        introducers=words("name heiße heißt namens nachname vorname"),
        verdicts=words(
            "dazwischengekommen dazwischenkommt schlecht unmöglich ungünstig blöd doof flach suboptimal ungeeignet"
        ),
        full=words("voll ausgebucht belegt geschlossen dicht zu ruhetag vergeben weg nix nichts besetzt feiertag"),
        specifying=words("also sprich nämlich genauer beziehungsweise"),
        after_that=words("danach hinterher anschließend nachher"),
        before_that=words("davor vorher zuvor"),
        fallback=words("sonst ansonsten notfalls ersatzweise"),
        possessives=words("meinem meiner meinen unserem unserer unseren seinem seiner ihrem ihrer"),
        sparing=words("ohne"),
        proposing=words("""
            geht gehts ginge gings passt würde wäre wär ist kann können könnte könnten wir ich sie man es machen nehmen haben hätte
            auch dann also stattdessen sein vielleicht eventuell möglich daraus draus
        """),
        instead=words("stattdessen dafür"),
        dow_followers=words("""
            passt passte ginge geht wäre waere klappt würde ist nachmittag vormittag abend früh
            schon schön erst gern gerne nur lieber eher auch immer nicht kann könnte leider
        """),
        dayish=dayish,
        told=told(),
        names=names(),
    )
