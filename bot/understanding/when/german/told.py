"""German clauses that tell something instead of wishing it: the past, the guest's own business, dates of things."""

from __future__ import annotations

import re

from bot.understanding.when.language import Pairs, Told, words

_PARTICIPLE = re.compile(
    r"(?:ab|an|auf|aus|bei|da|dabei|dran|durch|ein|fest|fort|frei|her|hin|los|mit|nach|vor|vorbei|weg|wieder|zu|zurueck|um)?"
    r"ge[a-z]{2,}(?:t|en)|(?:be|ver|er|zer|ent|emp|miss|unter|ueber)[a-z]{3,}(?:t|en)|[a-z]{3,}iert"
)
_NONE = frozenset(
    [
        "gehen",
        "geht",
        "geben",
        "gelten",
        "gestern",
        "gegen",
        "gern",
        "gerne",
        "gerade",
        "genug",
        "gesamt",
        "gesamten",
        "geoeffnet",
        "geschlossen",
        "geeignet",
        "genauen",
        "gelegen",
        "gesund",
        "besten",
        "bitten",
        "beiden",
        "bereit",
        "bereits",
        "beginnt",
        "beginnen",
        "bekommen",
        "ersten",
        "erst",
        "entweder",
        "verschieben",
        "verlegen",
        "besuchen",
        "erscheinen",
        "verschiedenen",
        "geraten",
        "gehoert",
        "gesamten",
        "ueberlegt",
        "bestimmt",
        "besetzt",
        "belegt",
        "vergeben",
        "verhindert",
    ]
)


_RUNNING = words("""
    kurs training unterricht schule schicht dienst seminar vorlesung meeting besprechung sitzung konferenz uni kita
    zug flug flieger bus bahn fähre chor probe messe prüfung
""")


def participle(word: str) -> bool:
    """Whether a word has the form of a past participle."""
    return word not in _NONE and _PARTICIPLE.fullmatch(word) is not None


def told() -> Told:
    """The words of German clauses that wish nothing."""
    own = words("ich bin sind hab habe haben mein meine wir unser unsere er sie hat")
    busy: Pairs = (
        (words("arbeite fliege verreise operiert jobbe verreist"), frozenset()),
        (words("muss müssen muß soll"), words("arbeiten babysitten")),
        (
            words("bin sind bist"),
            words("""
                urlaub ferien verreist unterwegs arbeiten arbeit krank dienstreise montage kur reha büro
                verhindert beschäftigt verplant weg auswärts verabredet eingespannt dienstlich geschäftlich
            """),
        ),
        (
            own,
            words("""
                meeting meetings besprechung schicht frühschicht spätschicht nachtschicht tagdienst dienst
                frühdienst spätdienst nachtdienst kurs schule uni vorlesung vorlesungen unterricht seminar konferenz
                arzttermin zahnarzttermin prüfung klausur elternabend chorprobe fußballtraining
                bewerbungsgespräch vorstellungsgespräch bandprobe gymnastik reitstunde klavierstunde
            """),
        ),
        (words("kommt landet fährt ankommt losfährt geht"), words("zug flug flieger bus bahn fähre flugzeug")),
        (words("hat kommt kommen haben"), words("schule kindergarten kita hort")),
        (words("hole holen holt"), words("kinder kind sohn tochter enkel mann frau kleine kleinen")),
        (
            words("kommt kommen"),
            words("handwerker paket lieferung klempner monteur elektriker techniker spedition"),
        ),
        (words("geht dauert endet läuft beginnt fährt"), _RUNNING),
        (words("sitze sitzen"), words("sitzung meeting büro konferenz vorlesung besprechung zug auto flieger")),
    )
    due: Pairs = (
        (
            words("muss müssen muß soll"),
            words("""
                bringen hin arbeit schule kita büro flieger bus bahn kriegen erwischen ran schaffen arzt zahnarzt training dienst zuhause anrufen zurückrufen melden
            """),
        ),
    )
    leaving: Pairs = (
        (
            words("muss müssen muß soll sollte sollten müsste müssten"),
            words("""
                weg los fort raus heim heimgehen fertig durch wegfahren losfahren aufbrechen abholen holen zug bahnhof flughafen
                losgehen weggehen weiter zurück hause zuhause
            """),
        ),
        (words("muss müssen muß"), words("gehen")),
        (words("möchte möchten will wollen würde"), words("fertig raus draußen durch")),
        (words("wäre wär solange sofern wenn falls hauptsache damit sodass"), words("raus draußen fertig durch")),
    )
    over: Pairs = (
        (words("bin sind ist"), words("fertig")),
        (words("habe hab haben mach mache machen"), words("feierabend schluss dienstschluss schulschluss")),
        (words("endet enden"), frozenset()),
        (_RUNNING, words("aus vorbei rum")),
    )
    done = words("fertig raus draußen durch weg")
    perhaps: Pairs = (
        (
            frozenset(),
            words("""
                hochzeit taufe konfirmation kommunion abiball abschlussball feier geburtstag geburtstagsfeier
                party firmenfeier jubiläum urlaub ferien messe dienstreise geschäftsreise umzug
            """),
        ),
        (
            own,
            words("""
                zahnarzt arzt physio physiotherapie training sport yoga chor probe kino theater oper konzert fußball
                tennis klavier besuch friseur turnier spiel
            """),
        ),
        (words("komme kommen kommt"), words("arbeit büro dienst uni schule")),
        (words("hab habe haben"), words("vor")),
        (words("ist läuft wird"), words("fällig abgelaufen aus")),
        (words("landen lande ankommen anreisen abreisen"), frozenset()),
        (words("bin sind fahren fahre gehen gehe"), words("in nach beim zum zur")),
    )
    given_up: Pairs = ((words("wollte wollten sollte sollten"), words("eigentlich ursprünglich")),)
    return Told(
        openers=words("""
            aber deshalb darum daher deswegen drum dann jetzt nun sondern sonst weil denn also geht gehts ginge
            passt passts kann könnte koennte koennten können möchte möchten moecht brauche bräuchte brauch braeucht
            will würde würden wuerd hätte hätten hätt wäre wär lieber danach davor obwohl deswegen trotzdem hast
        """),
        joining=words("und & oder u"),
        past=words("""
            war waren warst hatte hatten hattest wurde wurden kam kamen ging gingen rief bekam stand
            konnte konnten konnt musste mussten durfte
        """),
        auxiliaries=words("habe hab haben habt hat hast bin ist sind seid wurde wurden wär wäre"),
        participle=participle,
        closing=words("habe hab haben hat hatte hatten worden bin ist war waren wurde wurden"),
        planning=words("""
            gedacht überlegt gehofft vorgestellt gemeint geplant vorgehabt frei freie entschieden ausgesucht geeinigt
            gewünscht gewählt ausgewählt vorgenommen
        """),
        booked=words("""
            gebucht reserviert ausgemacht vereinbart bekommen eingetragen angeboten vorgeschlagen vorgemerkt abgemacht
            termin termine verabredet hatte hatten hattest ist sind bestätigt bestaetigt zugesagt gehört geschrieben
            gesagt gefunden gesehen vergeben
        """),
        persons=words("ich wir mich mir uns mein meine meinen unser unsere"),
        busy=busy,
        due=due,
        leaving=leaving,
        perhaps=perhaps,
        wishing=words("""
            zeit frei termin verschieben verlegen umbuchen absagen stornieren vorziehen verfügbar
            erreichbar kommen vorbeikommen vorbeischauen nähe gegend da dabei zurück einverstanden
        """),
        finite=words("heißt").union(*(verbs for verbs, _ in (*busy, *due, *leaving, *perhaps, *given_up))),
        asking=words("""
            haben hätten hatten hätte hätt hast habt ist wäre war gibt gäbe geht ginge gehts kann könnte könnten können
            klappt passt kannst könntest könnt
        """),
        negations=words("nicht nich net kein keine keinen"),
        copulas=words("ist wäre fällt isch"),
        dated=words("""
            geboren geb geburtsdatum rechnungsdatum kaufdatum ausstellungsdatum rechnung quittung gutschein bon kassenbon brief mail email
            nachricht rezept überweisung bewertung mahnung beleg
        """),
        running=_RUNNING,
        particles=words("aber jedoch allerdings dann nun also denn"),
        carriers=words("ich wir er sie es mir uns ihm ihr"),
        verbs=words("""
            ist sind isses bin war wär wäre wird würde geht gehts ginge passt passts klappt kann können könnt könnte könnten
            muss müssen müsste soll sollte darf hab habe haben hat hätte hätten will wollen
        """),
        heads=words(
            "ich wir er sie es du bitte nur wenn falls weil lieber gerne vielleicht sonst dann danach davor auch"
        ),
        given_up=given_up,
        appointed=((words("hab habe"), words("termin termine")),),
        ending=(
            (words("bin sind wäre wären werde werden"), frozenset(), done),
            (words("kann könnte koennte können könnten"), words("sein werden"), done),
            (words("komm komme kommen"), frozenset(), words("raus weg")),
        ),
        over=over,
        askers=words("ich wir"),
        conditions=words("wenn falls damit"),
        remarks=words("das der dies"),
        habits=words("immer normalerweise üblicherweise gewöhnlich meist meistens regelmäßig jeden jede jedes"),
        again=words("wieder"),
        otherwise=words("sonst ansonsten eigentlich"),
        shut=words("geschlossen ruhetag"),
        births=words("geboren geb geburtsdatum"),
        of=words("vom am den der dem ist von ."),
    )
