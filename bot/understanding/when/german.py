"""German: its words for time and the phrases they form. A new phrase is a row here and a corpus line."""

from __future__ import annotations

from bot.understanding.when import algebra as al
from bot.understanding.when import phrases as p
from bot.understanding.when.clock import Clock, narrow, part
from bot.understanding.when.grammar import Row, grow
from bot.understanding.when.language import Language
from bot.understanding.when.lexer import Lexicon, build_lexicon, number_values, plain

_ONES = "null ein zwei drei vier fünf sechs sieben acht neun zehn elf zwölf dreizehn vierzehn fünfzehn sechzehn siebzehn achtzehn neunzehn".split()
_TENS = {
    20: "zwanzig",
    30: "dreißig",
    40: "vierzig",
    50: "fünfzig",
    60: "sechzig",
    70: "siebzig",
    80: "achtzig",
    90: "neunzig",
}
_SMALL_ORDINALS = {1: "erst", 3: "dritt", 7: "siebt", 8: "acht"}


def _cardinal(n: int) -> str:
    if n < 20:
        return _ONES[n]
    tens, ones = n // 10 * 10, n % 10
    return _TENS[tens] if not ones else f"{_ONES[ones]}und{_TENS[tens]}"


def _numbers() -> list[tuple[str, object, str]]:
    rows: list[tuple[str, object, str]] = []
    for n in range(100):
        words = _cardinal(n)
        if n == 1:
            words = "eins"
        elif n == 2:
            words += " zwo"
        elif n % 10 == 2 and n > 20:
            words += " " + words.replace("zwei", "zwo", 1)
        rows += [(k, v, words) for k, v in number_values(n).items()]
        if 1 <= n <= 53:
            stem = _SMALL_ORDINALS.get(n) or _cardinal(n) + ("t" if n < 20 else "st")
            forms = " ".join(stem + ending for ending in ("e", "en", "er", "es", "em", "ens"))
            forms += " siebenter siebenten siebente" if n == 7 else ""
            rows.append(("ord", n, forms))
            rows.append(("word_ord", True, forms))
            if n <= 31:
                rows.append(("domord", n, forms))
            if n <= 12:
                rows.append(("monord", n, forms))
    for y in range(2000, 2100):
        tail = "" if y == 2000 else _cardinal(y - 2000) if y != 2001 else "eins"
        words = f"zweitausend{tail} zweitausendund{tail}" if tail else "zweitausend"
        if y >= 2010:
            words += f" zwanzig{tail}"
        rows.append(("year", y, words))
    for y in range(1900, 2000):
        rows.append(("year", y, "neunzehnhundert" + (_cardinal(y - 1900) if y > 1900 else "")))
    rows.append(("one", 1, "ein eine einen einem einer eines 'ne ne nem ner"))
    rows.append(("h", 1, "ein"))
    for w, v in {
        "anderthalb": 1.5,
        "eineinhalb": 1.5,
        "zweieinhalb": 2.5,
        "dreieinhalb": 3.5,
        "viereinhalb": 4.5,
    }.items():
        rows.append(("dec", v, w))
    rows += [("num", 2, "paar"), ("few", 3, "einigen einige")]
    return rows


def _words() -> list[tuple[str, object, str]]:
    return [
    *_numbers(),
    ("dow", 0, "montag montags montages montagen"),
    ("dow", 1, "dienstag dienstags dienstages dienstagen"),
    ("dow", 2, "mittwoch mittwochs mittwochen"),
    ("dow", 3, "donnerstag donnerstags donnerstages donnerstagen"),
    ("dow", 4, "freitag freitags freitages freitagen"),
    ("dow", 5, "samstag samstags samstages samstagen sonnabend sonnabends"),
    ("dow", 6, "sonntag sonntags sonntages sonntagen"),
    ("adow", 0, "mo"),
    ("adow", 1, "di"),
    ("adow", 2, "mi"),
    ("adow", 3, "do"),
    ("adow", 4, "fr"),
    ("adow", 5, "sa"),
    ("adow", 6, "so"),
    ("weak", True, "so"),
    ("mon", 1, "januar januars jan jänner jaenner jannuar"),
    ("mon", 2, "februar februars feb feber febr"),
    ("mon", 3, "märz maerz mrz märzes"),
    ("mon", 4, "april aprils apr"),
    ("mon", 5, "mai mais"),
    ("mon", 6, "juni jun juno junis"),
    ("mon", 7, "juli jul julei julis"),
    ("mon", 8, "august aug augusts"),
    ("mon", 9, "september sept sep septembers"),
    ("mon", 10, "oktober okt october oktobers"),
    ("mon", 11, "november nov novembers"),
    ("mon", 12, "dezember dez december dezembers"),
    ("unit", "second", "sekunde sekunden sek"),
    ("unit", "minute", "minute minuten min minütchen"),
    ("unit", "hour", "stunde stunden std h"),
    ("unit", "day", "tag tage tagen tages"),
    ("unit", "week", "woche wochen"),
    ("unit", "weekend", "wochenende wochenenden wochenendes we"),
    ("unit", "month", "monat monate monaten monats monates"),
    ("unit", "quarter", "quartal quartale quartals quartalen vierteljahr vierteljahre"),
    ("unit", "half", "halbjahr halbjahre halbjahres"),
    ("unit", "year", "jahr jahre jahren jahres"),
    ("unit", "quarter_hour", "viertelstunde viertelstunden"),
    ("unit", "three_quarter_hour", "dreiviertelstunde"),
    ("unit", "half_hour", "halbstunde"),
    ("uhr", True, "uhr uhrzeit h"),
    ("today", -2, "vorgestern"),
    ("today", -1, "gestern"),
    ("today", 0, "heute heut heit"),
    ("today", 1, "morgen"),
    ("today", 2, "übermorgen uebermorgen"),
    ("today", 3, "überübermorgen"),
    ("part", part("early"), "früh frühs frühmorgens"),
    ("part", part("morning"), "morgens"),
    ("part", part("forenoon"), "vormittag vormittags vormittagen vormittage"),
    ("part", part("noon"), "mittag mittags mittage zmittag z'mittag"),
    ("part", part("lunch"), "mittagszeit mittagspause mittagspausen mittagessen lunch lunchpause"),
    ("part", part("afternoon"), "nachmittag nachmittags nachmittage nachmittagen namittag"),
    ("part", part("evening"), "abend abends abende abenden abig znacht"),
    ("part", part("night"), "nacht nachts"),
    ("part", part("after_work"), "feierabend feierabends"),
    ("part", part("late_afternoon"), "spätnachmittag spätnachmittags"),
    ("part", part("early_afternoon"), "frühnachmittag"),
    ("part", part("late_evening"), "spätabend spätabends"),
    ("part", part("early_evening"), "frühabend frühabends vorabend"),
    ("this", True, "diese diesen dieser dieses diesem dies"),
    ("coming", True, "kommende kommenden kommender kommendes kommendem"),
    ("next", True, "nächste nächsten nächster nächstes nächstem nächst"),
    ("folg", True, "folgende folgenden folgender folgendes folgendem darauffolgende darauffolgenden"),
    ("after_next", True, "übernächste übernächsten übernächster übernächstes übernächstem"),
    ("last", True, "letzte letzten letzter letztes letztem vergangene vergangenen vergangener vergangenes vorige vorigen voriger voriges"),
    ("art", True, "der die das den dem des"),
    ("of", True, "im in der des dem vom von"),
    ("on", True, "am an auf zum zur"),
    ("at", True, "um"),
    ("about", True, "gegen circa zirka ca etwa ungefähr rund ungefaehr schätzungsweise"),
    ("glue", True, "am an im in der die das den dem des um so circa ca etwa ungefähr rund zirka genau auch gleich dann wieder bitte gerne gern zum zur vom von punkt herum rum schon erst wäre noch eventuell vielleicht jeweils immer irgendwann mal ganz sehr also ab auf gegen ich hätte uhr ne und at tag bereits sondern wohl jedoch direkt morgens"),
    ("from", True, "von vom"),
    ("b_from", True, "ab frühestens seit"),
    ("b_until", True, "bis spätestens"),
    ("b_before", True, "vor"),
    ("b_after", True, "nach"),
    ("to", True, "bis - –"),
    ("and", True, "und & u"),
    ("or", True, "oder bzw beziehungsweise /"),
    ("between", True, "zwischen"),
    ("clockword", True, "halb viertel dreiviertel punkt kurz"),
    ("early", True, "früher frühen frühem frühe früh"),
    ("late", True, "später späten spätem späte spät"),
    ("third0", True, "anfang anfangs beginn"),
    ("third1", True, "mitte"),
    ("third2", True, "ende"),
    ("season", "spring", "frühling frühjahr frühlings"),
    ("season", "summer", "sommer sommers"),
    ("season", "autumn", "herbst herbsts"),
    ("season", "winter", "winter winters"),
    ("half_word", True, "hälfte"),
    ("week_word", True, "kw kalenderwoche"),
    ("cnt", True, "personen person leute leuten kinder kindern kind gäste gästen erwachsene erwachsenen freunde mal stück euro eur cent franken chf dollar prozent grad kg kilo km meter cm liter zimmer plätze plätzen köpfe mann frauen männer herren damen punkte sterne fragen termine terminen tische sitzplätze behandlungen haarschnitte jährige jährigen jähriger jährig"),
    ("ordnoun", True, "termin termine mal stock etage platz option stelle person kind besuch wahl frage klasse reihe sitzung anlauf versuch behandlung vorschlag name ding schritt dose impfung stunde"),
    ("hol", al.Holiday("easter"), "ostersonntag ostern"),
    ("hol", al.Holiday("easter_group"), "osterfeiertage osterfeiertagen osterwochenende"),
    ("hol", al.Holiday("easter_monday"), "ostermontag"),
    ("hol", al.Holiday("good_friday"), "karfreitag"),
    ("hol", al.Holiday("maundy_thursday"), "gründonnerstag"),
    ("hol", al.Holiday("holy_saturday"), "karsamstag ostersamstag"),
    ("hol", al.Holiday("palm_sunday"), "palmsonntag"),
    ("hol", al.Holiday("ascension"), "himmelfahrt christihimmelfahrt himmelfahrtstag auffahrt"),
    ("hol", al.Holiday("pentecost"), "pfingstsonntag pfingsten"),
    ("hol", al.Holiday("pentecost_group"), "pfingstfeiertage pfingstwochenende"),
    ("hol", al.Holiday("whit_monday"), "pfingstmontag"),
    ("hol", al.Holiday("corpus_christi"), "fronleichnam"),
    ("hol", al.Holiday("rose_monday"), "rosenmontag"),
    ("hol", al.Holiday("shrove_tuesday"), "faschingsdienstag fastnacht faschingdienstag veilchendienstag fastnachtsdienstag"),
    ("hol", al.Holiday("ash_wednesday"), "aschermittwoch"),
    ("hol", al.Holiday("fat_thursday"), "weiberfastnacht altweiber altweiberfastnacht"),
    ("hol", al.Holiday("christmas_eve"), "heiligabend heiligabends weihnachtsabend"),
    ("hol", al.Holiday("christmas_days"), "weihnachtsfeiertage weihnachtsfeiertagen weihnachtstage weihnachtstagen"),
    ("hol", al.Holiday("christmas"), "weihnachten weihnacht christtag weihnachtstag weihnachtsfeiertag xmas"),
    ("hol", al.Holiday("christmas_second"), "stephanstag stefanitag stefanstag"),
    ("hol", al.Holiday("new_years_eve"), "silvester silvesterabend sylvester altjahrabend"),
    ("hol", al.Holiday("new_year"), "neujahr neujahrstag"),
    ("hol", al.Holiday("epiphany"), "dreikönig dreikönigstag dreikönige"),
    ("hol", al.Holiday("valentine"), "valentinstag"),
    ("hol", al.Holiday("labour_day"), "maifeiertag"),
    ("hol", al.Holiday("halloween"), "halloween"),
    ("hol", al.Holiday("reformation"), "reformationstag"),
    ("hol", al.Holiday("all_saints"), "allerheiligen"),
    ("hol", al.Holiday("all_souls"), "allerseelen"),
    ("hol", al.Holiday("st_martin"), "martinstag sankt-martin"),
    ("hol", al.Holiday("nikolaus"), "nikolaus nikolaustag nikolo"),
    ("hol", al.Holiday("mothers_day"), "muttertag"),
    ("hol", al.Holiday("fathers_day"), "vatertag herrentag männertag"),
    ("hol", al.Holiday("repentance"), "bußtag"),
    ("hol", al.Holiday("dead_sunday"), "totensonntag ewigkeitssonntag"),
    ("hol", al.Holiday("assumption"), "mariä-himmelfahrt"),
    ("hol", al.Holiday("unity_day"), "einheitstag"),
    ("hol", al.Holiday("womens_day"), "frauentag weltfrauentag"),
    ("hol", al.Holiday("black_friday"), "blackfriday"),
    ("hol", al.Holiday("thanksgiving_de"), "erntedank erntedankfest"),
    ("hol", al.Holiday("thanksgiving"), "thanksgiving"),
    ("hol", al.Holiday("advent"), "adventszeit"),
    ("midnight", True, "mitternacht mitternachts"),
    ("week_edge", 0, "wochenanfang wochenbeginn"),
    ("week_edge", 1, "wochenmitte"),
    ("month_edge", 0, "monatsanfang monatsbeginn"),
    ("month_edge", 1, "monatsmitte"),
    ("month_edge", 2, "monatsende"),
    ("year_edge", 0, "jahresanfang jahresbeginn"),
    ("year_edge", 1, "jahresmitte"),
    ("year_edge", 2, "jahresende"),
    ("greet", True, "guten gute schönen schöne schönes schön angenehmen angenehmes frohe frohes fröhliche gutes guter"),
    ("nowword", True, "jetzt"),
    ("ago_word", True, "her"),
    ("p_from", True, "aufwärts frühestens"),
    ("p_until", True, "spätestens"),
]  # fmt: skip


_KNOWN = """mögen moegen montage monate mogen morden mittags mutter sonntagen freita apfel augen augusta sommer
freitext samstage dienst dienste dienstleistung miete mitte marke viertelt oktoberfest aprikose nachmittags
vormittags abends stunde minute wochen woche machen kochen suchen heute leute morgige morgigen heutige
juliane julian juliana junior martin martina december"""


def _lexicon() -> Lexicon:
    return build_lexicon(
        _words(),
        heads="""montag dienstag mittwoch donnerstag freitag samstag sonnabend sonntag montags dienstags mittwochs donnerstags
    freitags samstags sonntags januar februar märz april mai juni juli august september oktober november dezember heute heut morgen übermorgen gestern vorgestern viertel halb um gegen dreiviertel""",
        tails="""woche wochenende hälfte früh morgen morgens vormittag vormittags mittag mittags nachmittag nachmittags abend abends nacht nachts
    spätnachmittag frühabend spätabend nach vor ein eins zwei drei vier fünf sechs sieben acht neun zehn elf zwölf""",
        correctable="""montag dienstag mittwoch donnerstag freitag samstag sonnabend sonntag januar februar april august
    september oktober november dezember übermorgen vormittag nachmittag wochenende nächste nächsten nächster
    übernächste übernächsten kommende kommenden mitternacht weihnachten silvester heiligabend ostern pfingsten
    vormittags nachmittags mittags viertel spätestens frühestens
    zwischen gestern dreizehn vierzehn fünfzehn sechzehn siebzehn achtzehn zwanzig dreißig""",
        known=_KNOWN,
        literals=_LITERALS.split(),
    )


_LITERALS = """hälfte über ungefähr frühestens spätestens nächsten übernächsten hälfte größe schätzungsweise darüber für möglich möglichst
schnellstmöglich frühestmöglich einschließlich österreichischer straße tagsüber übers später früher früh höchstens"""

_HOUR = "{time}|{h}"


def _rows() -> list[Row]:  # noqa: PLR0915
    rows: list[Row] = []

    def add(name: str, *patterns: str, build: object = None, weight: int = 0) -> None:
        rows.extend(Row(f"de.{name}", plain(pattern), build, weight) for pattern in patterns)  # type: ignore[arg-type]

    # clock times
    add("hour", "{h} <uhr>", build=p.hour)
    add(
        "hour.minute",
        "{h} <uhr> {min}",
        "{h} <uhr> und {min} minuten|min",
        "{h} <uhr> {min} minuten|min",
        "{h} <uhr> {mm} <uhr>",
        build=p.hour_minute,
        weight=1,
    )
    add("hour.half", "{h} <uhr> viertel", build=lambda a: p.clock(a[0], 15, minutes_said=True))
    add("clock", "{clock} <uhr>?", "{dot_time} <uhr>", "{comma_time} <uhr>", build=p.said_clock)
    add("clock.digits", "{d4} <uhr>", build=p.digits4, weight=2)
    add("clock.spaced", "{h} {mm} <uhr>", "um|gegen|ab|bis {h} {mm}", "{h} {mw} <uhr>", build=p.hour_minute)
    add("half", "halb {h} <uhr>?", "halber {h}", build=p.past_hour(0, base=-30), weight=1)
    add("half.joined", "halbe {h}", build=p.past_hour(0, base=-30))
    add(
        "to.half",
        "{min} minuten|min? vor halb {h} <uhr>?",
        "{min} vor halber {h}",
        build=p.past_hour(None, -1, base=-30),
        weight=1,
    )
    add("past.half", "{min} minuten|min? nach halb {h} <uhr>?", build=p.past_hour(None, 1, base=-30), weight=1)
    add(
        "quarter.past",
        "viertel nach {h} <uhr>?",
        "viertel über {h} <uhr>?",
        "viertel ueber {h}",
        "viertel ab {h}",
        "1/4 nach {h}",
        "einviertel nach {h}",
        "ein viertel nach {h}",
        build=p.past_hour(15),
        weight=1,
    )
    add(
        "quarter.to",
        "viertel vor {h} <uhr>?",
        "ein viertel vor {h}",
        "1/4 vor {h}",
        build=p.past_hour(15, -1),
        weight=1,
    )
    add("quarter.east", "viertel {h} <uhr>?", build=p.past_hour(0, base=-45))
    add(
        "three.quarters",
        "dreiviertel {h} <uhr>?",
        "drei viertel {h} <uhr>?",
        "3/4 {h} <uhr>?",
        "dreiviertl {h}",
        build=p.past_hour(0, base=-15),
        weight=1,
    )
    add("past", "{min} nach {h} <uhr>?", "{min} minuten|min nach {h} <uhr>?", build=p.past_hour(None, 1))
    add("to", "{min} vor {h} <uhr>?", "{min} minuten|min vor {h} <uhr>?", build=p.past_hour(None, -1))
    add("short.past", "kurz nach {h} <uhr>?", build=p.about)
    add("short.to", "kurz vor {h} <uhr>?", build=p.about)
    add("sharp", "punkt|schlag {h} <uhr>?", "{h} <uhr>? punkt", build=p.at)
    add("sharp.half", "punkt halb {h}", build=p.past_hour(0, base=-30))
    add("midnight", "um? <midnight>", build=p.const(time=Clock(24, fixed=True), midnight=True))
    add("noon", "punkt mittag", "zwölf mittag", "high noon", build=p.const(time=Clock(12, fixed=True)))

    # parts of the day
    add("part", "am|zum|zur|im|in|über? <art>? {part}", build=p.pick("part"), weight=-1)
    add("part.plain", "{part}", build=p.pick("part"))
    add(
        "part.morning",
        "am morgen",
        "am frühen morgen",
        "in der früh|frühe",
        "am nächsten morgen",
        "den morgen",
        "früh am morgen",
        "früh morgens",
        "morgens früh",
        build=p.const(part=part("morning")),
    )
    add(
        "part.early",
        "in der früh|frühe|fruehe",
        "am frühen morgen",
        "früh am morgen",
        "früh morgens",
        "morgens früh",
        "in aller früh|frühe|herrgottsfrühe",
        "am fruehen morgen",
        build=p.const(part=part("early")),
        weight=1,
    )
    add(
        "part.narrow.early",
        "am? <early> {part}",
        "<early> am {part}",
        "zu|gegen beginn|anfang des {part}",
        build=p.narrowed("early"),
        weight=1,
    )
    add(
        "part.narrow.late",
        "am? <late> {part}",
        "<late> am {part}",
        "gegen ende des {part}",
        build=p.narrowed("late"),
        weight=1,
    )
    add(
        "part.work",
        "nach <art>? feierabend",
        "nach der arbeit",
        "nach dienstschluss",
        "nach büroschluss",
        "nach arbeitsende",
        "zum feierabend",
        build=p.const(part=part("after_work")),
        weight=1,
    )
    add(
        "part.lunch",
        "in|während|über <art>|meiner|unserer? mittagspause|mittagszeit|mittag",
        "um die mittagszeit",
        "zur mittagszeit",
        "über mittag",
        "zur mittagspause",
        build=p.const(part=part("lunch")),
        weight=1,
    )
    add(
        "part.noon",
        "um die mittagszeit",
        "gegen mittag",
        "um mittag",
        "um mittag herum",
        "zu mittag",
        "zur mittagszeit",
        "am mittag",
        build=p.const(part=part("noon")),
        weight=2,
    )
    add("part.evening", "gegen abend", build=p.const(part=part("evening")), weight=1)
    add("part.morning2", "gegen morgen", build=p.const(part=part("morning")))
    add("part.day", "tagsüber", "den ganzen tag über", build=p.const(part=part("business")))

    # days
    add("weekday", "{dow}", build=p.weekday())
    add("weekday.each", "jeden|jeder|jede {dow}", "immer {dow}", build=p.weekday())
    add("weekday.one", "an einem {dow}", "irgendeinen|irgendeinem|einem|einen {dow}", build=p.weekday(), weight=-1)
    add("weekday.this", "<this> {dow}", build=p.weekday("coming"))
    add("weekday.coming", "<coming> {dow}", build=p.weekday("coming"))
    add("weekday.next", "<next> {dow}", build=p.weekday("next"))
    add("weekday.after", "<after_next> {dow}", build=p.weekday("after_next"))
    add("weekday.last", "<last> {dow}", build=p.weekday("last"))
    add("today", "{today}", "schon|gleich {today}", build=lambda a: p.day(a[0]))
    add("today.adj", "am? heutigen tag", build=lambda a: p.day(0))
    add("tomorrow.adj", "am? morgigen tag", build=lambda a: p.day(1))
    add(
        "part.early.day",
        "am? <early> {dow} {part}",
        build=lambda a: p.day_part(al.Weekday(a[0]), narrow(a[1], "early")),
        weight=2,
    )
    add(
        "part.late.day",
        "am? <late> {dow} {part}",
        build=lambda a: p.day_part(al.Weekday(a[0]), narrow(a[1], "late")),
        weight=2,
    )
    add("day.after", "am|den? tag danach|darauf|drauf", build=p.const(relday=1))
    add("today.morning", "{today} morgen", build=lambda a: p.day_part(al.Running("day", a[0]), part("morning")))
    add(
        "today.early",
        "{today} <early>|früh morgen",
        build=lambda a: p.day_part(al.Running("day", a[0]), part("early")),
    )
    add("weekday.morning", "{dow} morgen", build=lambda a: p.day_part(al.Weekday(a[0]), part("morning")))
    add(
        "weekday.morning.next",
        "<next>|<this>|<coming> {dow} morgen",
        build=lambda a: p.day_part(al.Weekday(a[0], "coming"), part("morning")),
    )
    add(
        "morning.next",
        "am <next>|<folg> morgen",
        build=lambda a: p.day_part(al.Running("day", 1), part("morning"), d_nextday=1),
    )
    add(
        "tomorrow.early",
        "morgen <early> am morgen",
        build=lambda a: p.day_part(al.Running("day", 1), part("early")),
    )
    add(
        "next.day",
        "am <next>|<folg> tag",
        "<art> <next>|<folg> tag",
        "tags darauf",
        "einen tag später|drauf|darauf",
        "am tag darauf|danach|drauf",
        build=p.const(date=al.Running("day", 1), d_nextday=1),
        weight=1,
    )
    add("this.unit", "<this> {unit}", "in <this> {unit}", build=p.running(0))
    add("running.unit", "laufende|laufenden|aktuelle|aktuellen|aktueller {unit}", build=p.running(0))
    add(
        "next.unit", "<next>|<coming>|<folg> {unit}", "in <art>? <next>|<coming>|<folg> {unit}", build=p.running(1)
    )
    add("coming.weekend", "<coming>|<this> wochenende|we", build=p.const(date=al.Running("weekend", 0)), weight=3)
    add("after.unit", "<after_next> {unit}", build=p.running(2))
    add("last.unit", "<last> {unit}", build=p.running(-1))
    add("before.last", "vorletzte|vorletzten|vorletzter|vorletztes {unit}", build=p.running(-2))
    add(
        "weekend",
        "am|zum|übers|über|das|jedes wochenende|we",
        "an den wochenenden",
        "wochenende",
        "an? <art>? wochenenden",
        build=p.const(date=al.Cycle("weekend")),
        weight=1,
    )
    add("this.year", "heuer", build=p.const(date=al.Running("year", 0)))
    add("ord.year", "in diesem jahr", build=p.const(date=al.Running("year", 0)), weight=1)
    add("month", "{mon}", "in? diesem {mon}", build=p.fields("m"))
    add("month.day", "{mon} {dom}|{domord} ,? {year}?", build=p.fields("m", "d", "y"))
    add("month.year", "{mon} {year}", build=p.fields("m", "y"))
    add("month.next", "<next>|<coming> {mon}", build=lambda a: p.date(al.Fields(month=a[0]), d_month=True))
    add(
        "month.last",
        "<last> {mon}",
        build=lambda a: p.date(al.Within(al.Fields(month=a[0]), al.Running("year", -1))),
    )
    add(
        "date",
        "{domord} {mon} {year}|{yy}?",
        "{dom} .? {mon} {year}|{yy}?",
        build=p.fields("d", "m", "y"),
        weight=3,
    )
    add("date.of", "{domord} <art>|of {mon}", build=p.fields("d", "m"))
    add(
        "nth.week.month",
        "in? der? {ord} {mon} woche",
        build=lambda a: p.nth_of()((a[0], "week", al.Fields(month=a[1]))),
        weight=5,
    )
    add(
        "last.week.month",
        "in? der? letzten|letzte {mon} woche",
        build=lambda a: p.nth_of(-1)(("week", al.Fields(month=a[0]))),
        weight=5,
    )
    add(
        "nth.weekend.month",
        "am? {ord} {mon} wochenende",
        build=lambda a: p.nth_of()((a[0], "weekend", al.Fields(month=a[1]))),
        weight=5,
    )
    add(
        "half.month",
        "in? der? {ord} {mon} hälfte",
        build=lambda a: _half_of(a[0], al.Fields(month=a[1])),
        weight=5,
    )
    add(
        "date.ordinals",
        "{domord} {monord} {year}?",
        "{domord} {domord} {year}",
        build=p.fields("d", "m", "y"),
        weight=2,
    )
    add("date.digits", "{domord} {ord} {year}?", build=p.fields("d", "m", "y"), weight=1)
    add("date.dm", "{dm} {year}|{yy}?", "{dm}", build=p.tuple_date, weight=4)
    add("date.dmy", "{dmy}", build=p.tuple_date)
    add("date.loose", "{dmy}", build=p.tuple_date)
    add("date.slash", "{slash}", build=p.tuple_date)
    add(
        "date.dot",
        "am|den|dem|zum|vom|der|bis {dot_date}",
        "{dow} ,? {dot_date}",
        build=lambda a: p.tuple_date((a[-1],)),
        weight=2,
    )
    add("date.iso", "{ymd}", build=p.iso)
    add(
        "date.weekday",
        "{dow} ,? <art>|am? {domord} {mon} {year}|{yy}?",
        build=p.fields("w", "d", "m", "y"),
        weight=4,
    )
    add("date.weekday.ordinals", "{dow} ,? <art>|am? {domord} {monord}", build=p.fields("w", "d", "m"), weight=4)
    for words, bound in (("ab", "from"), ("bis", "until"), ("vorm", "before")):
        add(
            f"day.of.month.{bound}",
            f"{words} {{domord}}",
            build=lambda a, bound=bound: p.date(al.Fields(day=a[0]), p_bound=bound),
            weight=-1,
        )
    add(
        "days.of.month",
        "vom|am? {domord} bis|- zum|zu|den|dem? {domord}",
        "zwischen dem? {domord} und dem? {domord}",
        build=lambda a: p.days((al.Fields(day=a[0]), al.Fields(day=a[1]))) if a[0] < a[1] else None,
        weight=2,
    )
    add("day.of.month", "am|dem|den|zum|vom|der|beim {domord}", build=p.fields("d"), weight=-1)
    add("day.of.month.weekday", "{dow} ,? <art>|am? {domord}", build=p.fields("w", "d"))
    add(
        "days.month",
        "{domord}|{dom} bis|-|und|/ <art>|zum? {domord}|{dom} {mon} {year}?",
        build=p.day_days_month("d", "e", "m", "y"),
        weight=5,
    )
    add("days.dm", "{domord} bis|- zum? {dm}", build=lambda a: p.day_days_month("d", "m")((a[0], a[1])), weight=5)
    add("year", "im jahr|jahre {year}", "jahr {year}", "in {year}", build=p.fields("y"))
    add(
        "week.number",
        "<week_word> {num} {year}?",
        "in der <week_word> {num}",
        "<week_word> nr|nummer|. {num}",
        build=p.iso_week,
    )
    add("week.ordinal", "{ord} <week_word> {year}?", build=p.iso_week, weight=2)
    add("week.num", "woche {num}", build=p.iso_week)
    add("quarter.n", "{ord} quartal {year}?", build=p.part_of_year("quarter"), weight=3)
    add("half.n", "{ord} halbjahr|jahreshälfte {year}?", build=p.part_of_year("half"), weight=3)
    for n in (1, 2, 3, 4):
        add("quarter.q", f"q{n}", "q " + str(n), build=p.part_of_year("quarter", n))

    add("nth.weekday", "am|an|der|den|dem|zum? {ord} {dow}", build=lambda a: {"nthdow": (a[0], a[1])}, weight=2)
    add(
        "nth.unit",
        "in|am|an|im? der|die|das|dem|den? {ord} {unit}",
        build=lambda a: {"nthunit": (a[0], a[1])},
        weight=1,
    )

    # lengths
    add("length", "{num}|{one}|{dec}|{few} {unit}", "{one} paar {unit}", build=p.duration())
    add("length.half", "{one}? halbe|halben|halbes {unit}", build=lambda a: p.duration(0.5)((a[1],)))
    add("length.word", "{one}? viertelstunde", "{one} viertel stunde", build=p.const(dur=p.Duration(15, "minute")))
    add(
        "length.three",
        "{one}? dreiviertelstunde",
        "dreiviertel stunde",
        "drei viertel stunde",
        build=p.const(dur=p.Duration(45, "minute")),
    )
    add(
        "length.sum",
        "{num}|{one} stunde|stunden und? {num} minuten|min",
        build=lambda a: {"dur": p.Duration(a[0] * 60 + a[1], "minute")},
    )
    add("length.plus", "{num} einhalb {unit}", build=p.plus_half)
    add("length.month", "vierzehn tage|tagen", "14 tage|tagen", build=p.const(dur=p.Duration(14, "day")), weight=1)

    # named days
    add("holiday", "{hol}", "{hol} tag", build=lambda a: p.date(a[0]))
    add("holiday.next", "<next>|<this>|<coming> {hol}", build=p.holiday_mode("bare"))
    add("holiday.last", "<last> {hol}", build=p.holiday_mode("last"))
    add("holiday.year", "{hol} {year}", build=lambda a: p.date(al.Within(a[0], al.Fields(year=a[1]))))
    for key, *texts in (
        ("christmas_eve", "heiliger|heiligen|heilig abend", "heilig abend"),
        ("ascension", "christi himmelfahrt"),
        ("unity_day", "tag|tags der deutschen einheit", "tag der einheit"),
        ("labour_day", "tag der arbeit", "erster|ersten mai"),
        ("repentance", "buß und|- bettag", "buss und bettag", "buß - und bettag", "buss - und bettag"),
        (
            "epiphany",
            "heilige|heiligen drei könige|koenige|königen",
            "heilige|heiligen drei könig|koenig",
            "heiligen drei koenige",
        ),
        ("assumption", "mariä himmelfahrt", "mariae himmelfahrt", "maria himmelfahrt"),
        ("black_friday", "black friday"),
        ("cyber_monday", "cyber monday"),
        ("st_martin", "sankt martin", "st martin", "st . martin"),
        ("independence_day", "independence day"),
        (
            "between_years",
            "zwischen den jahren",
            "zwischen weihnachten und neujahr",
            "zwischen weihnachten und silvester",
        ),
        (
            "austria_day",
            "österreichischer nationalfeiertag",
            "österreichischen nationalfeiertag",
            "oesterreichischer nationalfeiertag",
        ),
        ("dead_sunday", "toten sonntag"),
    ):
        add("holiday", *texts, build=p.holiday(key), weight=5)
    add(
        "holiday.christmas.n",
        "{ord} weihnachtstag|weihnachtsfeiertag|christtag",
        build=lambda a: (
            p.date(al.Holiday("christmas" if a[0] == 1 else "christmas_second")) if a[0] in (1, 2) else None
        ),
        weight=3,
    )
    add(
        "holiday.easter.n",
        "{ord} osterfeiertag|ostertag",
        build=lambda a: p.date(al.Holiday("easter" if a[0] == 1 else "easter_monday")),
        weight=3,
    )
    add(
        "holiday.pentecost.n",
        "{ord} pfingstfeiertag|pfingsttag",
        build=lambda a: p.date(al.Holiday("pentecost" if a[0] == 1 else "whit_monday")),
        weight=3,
    )
    add(
        "holiday.advent",
        "{ord} advent|adventssonntag|adventsonntag",
        build=lambda a: p.date(al.Holiday(f"advent{a[0]}")) if 1 <= a[0] <= 4 else None,
        weight=3,
    )
    add(
        "season",
        "im {season}",
        "<this> {season}",
        "<coming>|<next> {season}",
        build=lambda a: p.date(al.Holiday(a[-1])),
    )
    add(
        "season.plain",
        "{season} {year}",
        build=lambda a: p.date(al.Within(al.Holiday(a[0]), al.Fields(year=a[1]))),
    )
    add("season.last", "<last> {season}", build=lambda a: p.date(al.Holiday(a[-1], "last")))

    # edges of units
    add(
        "week.edge",
        "zum|am|ende? {week_edge}",
        "{week_edge}",
        build=lambda a: p.date(al.Third(al.Running("week"), a[-1])),
    )
    add(
        "month.edge",
        "zum|am|gegen? {month_edge}",
        "{month_edge}",
        build=lambda a: p.date(al.Third(al.Running("month"), a[-1])),
    )
    add(
        "year.edge",
        "zum|am|gegen? {year_edge}",
        "{year_edge}",
        build=lambda a: p.date(al.Third(al.Running("year"), a[-1])),
    )
    add(
        "week.edge.weekend",
        "unter der woche",
        "wochentags",
        "werktags",
        "an werktagen",
        "an wochentagen",
        "an einem wochentag|werktag",
        build=p.const(skip_soft=True),
    )

    # now
    add("now", "jetzt gleich", "jetzt sofort", "genau jetzt", "gerade jetzt", "ab sofort", build=p.const(now=True))

    # not about time
    add(
        "greeting",
        "<greet> {part}|{unit}",
        "<greet> morgen",
        "<greet> {hol}",
        "<greet> tag noch|auch?",
        "<greet> rest|start <art>|in? <art>? {unit}|{part}",
        "einen? <greet> {part}|{unit}|morgen",
        "<greet> <greet> morgen|tag|abend",
        "schönes rest wochenende",
        "<greet> <greet> {part}|{unit}",
        "guten morgen morgen",
        "tag auch",
        "tach auch",
        "gute nacht",
        "guten rutsch",
        "<greet> {dow}",
        "<greet> {dow} {part}|morgen",
        "<greet> neues jahr",
        "gutes neues",
        "<greet> {season}",
        build=p.skip,
        weight=6,
    )
    add(
        "skip",
        "so früh wie möglich",
        "so spät wie möglich",
        "zu früh|spät",
        "zu <early>|<late>",
        "früher oder später",
        "früh genug",
        "wie früh|spät",
        "wie <late>|<early>",
        "ein <late>|<early>",
        "etwas <early>|<late>",
        "auf abruf",
        "ab und zu",
        "nach und nach",
        "von tag zu tag",
        "eines tages",
        "tag und nacht",
        "den ganzen tag",
        "jeden tag",
        "pro|je|jede|jeden woche|tag|monat|stunde|jahr",
        "rund um die uhr",
        "um die uhr",
        "alle {num}? tage|wochen|monate|jahre",
        "alle {num} {unit}",
        "{num} mal",
        "vor allem",
        "vor ort",
        "nach hause",
        "um gottes willen",
        "in ordnung",
        "am ende des tages",
        "auf den letzten drücker",
        "von mir|uns|ihnen aus",
        "ende gut",
        "am ende",
        "zu ende",
        "am anfang",
        "von anfang an",
        "auf die minute",
        "in letzter minute",
        "auf jeden fall",
        "{num} jahre alt",
        "{num} jahre",
        "{num} monate alt",
        "die nächste frage",
        "das nächste mal",
        "nächstes mal",
        "letztes mal",
        "dieses mal",
        "beim nächsten mal",
        "beim letzten mal",
        "heute geht es mir",
        "bis bald|dann|später|gleich|nachher|dahin|jetzt",
        "heutzutage",
        "von heute auf morgen",
        "mittag essen",
        "zu mittag essen|gegessen",
        "abend essen",
        build=p.skip,
        weight=6,
    )
    add(
        "skip.street",
        "straße des {domord} {mon}",
        "strasse des {domord} {mon}",
        "platz des {domord} {mon}",
        build=p.skip,
        weight=20,
    )
    return rows


def _frame_rows() -> list[Row]:
    rows: list[Row] = []

    def add(name: str, *patterns: str, build: object = None, weight: int = 0) -> None:
        rows.extend(Row(f"de.{name}", plain(pattern), build, weight) for pattern in patterns)  # type: ignore[arg-type]

    H = _HOUR
    add("at", f"um|punkt {H}", "um genau|punkt {h}", build=p.at)
    add("at.digits", "um|ab|bis|gegen|vor|nach {d4}", build=p.digits4)
    add("at.dot", "um|ab|gegen|vor|nach|bis {dot_time}", build=p.said_clock)
    add("at.bare.dot", "{dot_time}", build=p.said_clock, weight=-4)
    add(
        "about",
        f"so? um? gegen|circa|ca|etwa|ungefähr|ungefaehr|rund um? {H}",
        f"so um|gegen {H}",
        f"ca . {H}",
        f"um {H} herum|rum",
        f"gegen {H} herum|rum",
        f"so {{time}} rum|herum",
        f"irgendwann|irgendwo um|gegen {H}",
        f"um <art> dreh {H}",
        f"{H} um den dreh",
        f"um {H} um den dreh",
        f"um circa|ca|etwa|ungefähr|rund {H}",
        f"so {{time}}",
        "so {time}",
        build=lambda a: p.about([x for x in a if not isinstance(x, bool)]),
        weight=1,
    )
    add("part.clock", f"{H} {{part}}", f"um {H} {{part}}", build=p.clock_in_part)
    add("clock.part", f"{{part}} um|gegen|so? {H}", build=p.clock_in_part, weight=-1)
    add(
        "clock.morning",
        f"{H} am morgen",
        f"um? {H} morgens",
        build=lambda a: p.clock_in_part((a[0], part("morning"))),
    )
    add("clock.night", f"{H} in der nacht", build=lambda a: p.clock_in_part((a[0], part("night"))))
    add("clock.dated", f"um? {H} {{dated}}", build=p.clock_in_dated)
    add("now.bare", "ab {nowword}", build=p.const(now=True))

    add(
        "range",
        f"von|zwischen {H} bis|und|- {H}",
        f"zwischen {H} und {H}",
        f"von {H} bis|- um? {H}",
        f"{{time}} bis|- um? {H}",
        f"{H} bis|- {{time}}",
        f"von|zwischen um {H} bis|und um? {H}",
        f"so? zwischen {H} und {H}",
        f"um {H} bis|- {H}",
        f"zwischen {{dot_time}} und|- {{dot_time}}",
        "{dot_time} -|bis {dot_time}",
        "von {dot_time} bis|- {dot_time}",
        f"irgendwann zwischen {H} und {H}",
        "von {dot_time} -|bis {h}",
        "{h} -|bis {dot_time}",
        f"zwischen {H} oder {H}",
        "um|gegen {h} bis|- {h}",
        "{dot_time} -|bis {dot_time} <uhr>",
        build=lambda a: p.clock_range([x for x in a if x is not True]),
        weight=2,
    )
    add("range.bare", "{h} bis|- {h}", build=lambda a: {"wrange": p.clock_range(a)["trange"]}, weight=-6)  # type: ignore[index]
    add("range.digits", "{d4} -|bis {d4}", build=lambda a: _digit_range(a), weight=2)
    add(
        "range.after",
        f"ab|nach {H} bis|- {{time}}",
        f"ab {H} und? bis spätestens? {H}",
        build=p.clock_range,
        weight=2,
    )
    add(
        "range.part",
        f"von {{part}} bis {{part}}",
        "{part} bis {part}",
        build=lambda a: {"prange": (a[0], a[1])},
        weight=1,
    )
    add(
        "days",
        "von|vom? {date} bis|-|– <art>|zum|zu|einschließlich|einschliesslich|inklusive? {date}",
        "zwischen <art>? {date} und <art>? {date}",
        "ab {date} bis <art>|zum? {date}",
        build=lambda a: p.days([x for x in a if x is not None and x is not True]),
        weight=2,
    )

    add(
        "in",
        "in|über|ueber|binnen {dur}",
        "in etwa|ca|circa|ungefähr|rund|so {dur}",
        "in <art> {dur}",
        "heute in|über {dur}",
        "von heute ab|an in {dur}",
        "{dur} von jetzt an|ab",
        "von jetzt an in {dur}",
        build=lambda a: p.from_now(1, eight_is_a_week=True)((a[-1],)),
    )
    add("later", "{dur} später|danach", build=lambda a: p.from_now(1)((a[0],)), weight=-4)
    add("ago", "vor {dur}", "vor etwa|ca|circa|ungefähr|rund {dur}", "{dur} her", build=p.from_now(-1))
    add("since", "seit {dur}", build=lambda a: {"dur": a[0]})
    add(
        "within",
        "innerhalb {dur}",
        "innerhalb von|der {dur}",
        "binnen {dur}",
        "in den|der <next>|<coming> {dur}",
        "innerhalb der <next> {dur}",
        build=lambda a: p.within(a[-1:]),
        weight=1,
    )
    add(
        "rolling",
        "<art>? <next>|<coming>|<folg> {dur}",
        "in|während? <art>? <next>|<coming> {dur}",
        build=lambda a: p.rolling(False)(a[-1:]),
        weight=2,
    )
    add(
        "rolling.back",
        "<art>? <last> {dur}",
        "in? <art>? <last> {dur}",
        build=lambda a: p.rolling(True)(a[-1:]),
        weight=2,
    )
    add(
        "rolling.units",
        "die|den <next>|<coming> tage|tagen",
        "in den <next>|<coming> tagen",
        "in <next> zeit",
        build=lambda a: p.date(al.Rolling(3, "day")),
        weight=3,
    )
    add(
        "rolling.weeks",
        "die|den <next>|<coming> wochen",
        "in den <next>|<coming> wochen",
        build=lambda a: p.date(al.Rolling(3, "week")),
        weight=3,
    )
    add(
        "rolling.months",
        "die|den <next>|<coming> monate|monaten",
        "in den <next>|<coming> monaten",
        build=lambda a: p.date(al.Rolling(3, "month")),
        weight=3,
    )
    add(
        "shift",
        "{dur} nach <art>? {date}",
        "{dur} nach {time}",
        build=lambda a: p.shifted(1)((a[0], a[-1])),
        weight=2,
    )
    add(
        "shift.back",
        "{dur} vor <art>? {date}",
        "{dur} vor {time}",
        build=lambda a: p.shifted(-1)((a[0], a[-1])),
        weight=2,
    )
    add("after.now", "{date} in {dur}", "{date} über {dur}", build=lambda a: p.shifted(1)((a[1], a[0])), weight=1)
    add(
        "day.after",
        "am? tag nach|danach <art>? {date}",
        "der|den tag nach <art>? {date}",
        build=lambda a: p.day_next_to(1)(a[-1:]),
        weight=2,
    )
    add(
        "day.before",
        "am? tag vor <art>? {date}",
        "der|den tag vor <art>? {date}",
        "am vortag von|vom? {date}",
        build=lambda a: p.day_next_to(-1)(a[-1:]),
        weight=2,
    )
    add(
        "weekday.after",
        "am|der|den? {d_dow} nach <art>? {date}",
        build=lambda a: p.nth_after(1, 1)((a[0].weekday, a[-1])),
        weight=2,
    )
    add(
        "weekday.before",
        "am|der|den? {d_dow} vor <art>? {date}",
        build=lambda a: p.nth_after(-1, 1)((a[0].weekday, a[-1])),
        weight=2,
    )
    add(
        "nth.weekday.after",
        "{nthdow} nach <art>? {date}",
        build=lambda a: p.nth_after(1)((*a[0], a[-1])),
        weight=3,
    )
    add(
        "nth.weekday.before",
        "{nthdow} vor <art>? {date}",
        build=lambda a: p.nth_after(-1)((*a[0], a[-1])),
        weight=3,
    )
    add(
        "day.of.unit",
        "am? {domord} {d_unit}",
        "am? {domord} <art>|of {d_unit}",
        build=lambda a: p.date(al.Within(al.Fields(day=a[0]), a[1])) if a[1].unit == "month" else None,
        weight=4,
    )
    add("after.length", "nach {dur}", build=p.after_length)
    add("from.today", "{dur} ab|von heute|jetzt", build=p.from_now(1), weight=3)
    add(
        "end.of.day",
        "zum? ende des tages|heutigen",
        "ende des heutigen tages",
        build=lambda a: {"dated": {"date": al.TODAY, "time": Clock(24, fixed=True)}},
        weight=3,
    )
    add(
        "unit.after",
        "in? der|die|das|am? {unit} nach <art>? {date}",
        build=lambda a: p.nth_after(1, 1)((a[0], a[-1])),
        weight=2,
    )
    add(
        "unit.before",
        "in? der|die|das|am? {unit} vor <art>? {date}",
        build=lambda a: p.nth_after(-1, 1)((a[0], a[-1])),
        weight=2,
    )
    add(
        "unit.of",
        "die|der woche vom|mit dem? {date}",
        "woche vom {date}",
        "in der woche vom|um|mit dem? {date}",
        build=lambda a: p.containing("week")(a[-1:]),
        weight=2,
    )
    add(
        "nth",
        "{nthdow} im|in|des|der|vom|von|am? <art>? {date}",
        build=lambda a: p.nth_of()((*a[0], a[-1])),
        weight=3,
    )
    add("nth.last", "{lastdow} im|in|des|der|vom|von <art>? {date}", build=p.nth_of(-1), weight=3)
    add(
        "nth.unit.month",
        "{nthdow} im|des|in monat|monats|monates",
        build=lambda a: p.nth_of()((*a[0], "month")),
        weight=3,
    )
    add(
        "last.unit.month",
        "{lastdow} im|des|in monat|monats|monates",
        build=lambda a: p.nth_of(-1)((a[0], "month")),
        weight=3,
    )
    add(
        "nth.unit",
        "{nthunit} im|in|des|der|vom|von? <art>? {date}",
        build=lambda a: p.nth_of()((*a[0], a[-1])),
        weight=3,
    )
    add("nth.unit.last", "{lastunit} im|in|des|der|vom|von <art>? {date}", build=p.nth_of(-1), weight=3)
    add(
        "nth.day.month",
        "{nthunit} im|des monat|monats|monates",
        build=lambda a: p.nth_of()((*a[0], "month")),
        weight=3,
    )
    add(
        "last.day.month",
        "{lastunit} im|des monat|monats|monates",
        build=lambda a: p.nth_of(-1)((a[0], "month")),
        weight=3,
    )
    for n, word in enumerate(("<third0>", "<third1>", "<third2>")):
        add(
            "third",
            f"zu|am|gegen|zum? {word} <of>|<art>? {{date}}",
            f"zu|am|gegen|zum? {word} der|des|dieser|diesen|dieses|im|vom? {{unit}}",
            f"zu|am|gegen|zum? {word} {{d_unit}}",
            f"zu|am|gegen|zum? {word} {{year}}",
            build=lambda a, n=n: p.third(n)(a[-1:]),
            weight=3,
        )
    for words, first, last in (
        ("anfang bis mitte", 0, 1),
        ("mitte bis ende", 1, 2),
        ("anfang oder mitte", 0, 1),
        ("mitte oder ende", 1, 2),
    ):
        add(
            "thirds",
            f"{words} <of>|<art>? {{date}}",
            build=lambda a, first=first, last=last: p.thirds(first, last)(a),
            weight=4,
        )
    add("short.to.time", "kurz vor|nach {time}", build=p.about, weight=3)
    add(
        "same.time",
        "um|zu die|der gleichen|gleiche|selben|selbe zeit|uhrzeit",
        "zur gleichen|selben zeit|uhrzeit",
        "gleiche|selbe zeit|uhrzeit",
        build=p.const(same=True),
    )
    add("third.month", "{domord} hälfte <art>|im? {date}", build=lambda a: _half_of(a[0], a[-1]), weight=3)
    add("early.unit", "<early> im|in? {date}", build=lambda a: p.third(0)(a[-1:]), weight=-8)
    add("late.unit", "<late> im|in {date}", build=lambda a: p.third(2)(a[-1:]), weight=-8)
    add(
        "not.before",
        "nicht vor",
        "nicht früher|eher als",
        "nicht <early>|<late> als",
        "frühestens ab|um|am|gegen?",
        "ab frühestens",
        build=p.const(b_from=True),
        weight=4,
    )
    add(
        "not.after",
        "nicht nach",
        "nicht später als",
        "spätestens bis|um|am|gegen|zum?",
        "bis spätestens|maximal|höchstens|allerspätestens",
        "bis um|gegen",
        "bis einschließlich|einschliesslich|inklusive",
        build=p.const(b_until=True),
        weight=5,
    )
    add(
        "from.word",
        "ab um|ca|circa|etwa|ungefähr|dem|der",
        "von <art>? ab",
        "beginnend|startend ab|mit|am",
        "angefangen ab|mit",
        build=p.const(b_from=True),
    )
    add(
        "or.later",
        "oder|und später|danach",
        "oder|und <late>",
        "und|oder darüber",
        "und|oder nachher",
        build=p.const(p_from=True),
        weight=2,
    )
    add("or.earlier", "oder|und früher|davor|eher", "oder|und <early>", build=p.const(p_until=True), weight=2)
    add("onwards", f"von {H} an|ab", build=lambda a: {"time": p.as_clock(a[0]), "p_from": True}, weight=3)
    add("onwards.date", "von|vom {date} an|ab", build=lambda a: {"date": a[0], "p_from": True}, weight=3)
    add(
        "soonest",
        "so bald|schnell|früh wie möglich|moeglich",
        "so <early> wie möglich|moeglich",
        "möglichst bald|schnell|zeitnah|früh",
        "schnellstmöglich|baldmöglichst|schnellstmöglichen|frühestmöglich|schnellstens|schnellstmoeglich|baldmoeglichst",
        build=p.const(soonest=True),
    )
    return rows


def _half_of(n: int, base: al.Node) -> p.Values | None:
    if al.grain_of(base) != "month" or n not in (1, 2) or not isinstance(base, al.Fields) or base.month is None:
        return None
    first, last = ((1, 15), (16, 28))[n - 1]
    end: al.Node = al.Fields(base.year, base.month, last) if n == 1 else al.Nth(-1, al.Cycle("day"), base)
    return p.date(al.Days(al.Fields(base.year, base.month, first), end))


def _digit_range(a: p.Args) -> p.Values | None:
    one, two = p.digits4((a[0],)), p.digits4((a[1],))
    if one is None or two is None or a[0] >= a[1] or a[0] >= 1900 <= a[1]:
        return None
    return p.clock_range((one["time"], two["time"]))


def _with_day(node: al.Node, what: object) -> p.Values | None:
    key = {"Clock": "time", "DayPart": "part", "ClockRange": "trange"}[type(what).__name__]
    return {"date": node, key: what}


def german() -> Language:
    """The German tables."""
    return Language(
        code="de",
        lexicon=_lexicon(),
        numbers=None,
        core=grow(_rows()),
        frame=grow(_frame_rows()),
        titles=frozenset(
            "herr herrn frau familie fräulein dr doktor prof schwester kollegin name heiße heisse heißt heisst namens nachname vorname".split()
        ),
        numbered=frozenset(
            "zimmer nummer nr hausnummer platz tisch gate version tel telefon plz code seite größe groesse kundennummer raum wohnung stock linie gleis artikel pin bestellnummer option variante paket kabine stuhl zip".split()
        ),
        streets=frozenset("straße strasse str platz weg allee gasse ring damm ufer".split()),
        corrections=frozenset(
            "nein äh aeh ähm aehm sorry quatsch korrektur verzeihung entschuldigung pardon stattdessen besser lieber eher halt moment vielmehr sondern falsch versprochen doch moment meinte meine nee ne ach".split()
        ),
        either=frozenset(
            "oder auch alternativ ansonsten sonst notfalls bzw beziehungsweise wahlweise oder/und entweder eventuell ersatzweise".split()
        ),
        refusals=frozenset(
            "nicht kein keine keinen keinem nie niemals ungern schlecht unmöglich ungünstig unguenstig".split()
        ),
        excluding=frozenset("außer ausser statt anstatt ausgenommen anstelle".split()),
        moving=frozenset(
            "verschieben verlegen umbuchen vorziehen verschiebe verlege verschoben verlegt umlegen schieben umzubuchen zu verschieben ändern tauschen wechseln umgebucht vorverlegen verschieb".split()
        ),
        moving_to=frozenset("auf zu nach".split()),
        typical=frozenset(
            "ich und der die das ist nicht ein eine am um uhr für mit haben hätte hat gern gerne bitte termin morgen heute bei wir von zu auf geht kann können möchte brauche oder halb nächste woche nächsten tag den dem im ab bis vor nach gegen zwischen wäre noch auch mir passt habt haben sie es wie wann".split()
        ),
        cues=frozenset("nächsten naechsten diesen kommenden jeden bis ab vor nächster letzten".split()),
        dow_cues=frozenset("am nächsten naechsten diesen kommenden jeden sa fr do mi di mo -".split()),
        time_cues=frozenset("oder und / - um ab gegen von zwischen den vor nach".split()),
        not_after=frozenset(),
        not_before_names=frozenset(),
        passing=frozenset("zeit termin kommen möglich moeglich gern gerne so frei da gut".split()),
        month_openers=frozenset("".split()),
    )
