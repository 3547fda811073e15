"""German words for time: what each may stand for."""

from __future__ import annotations

from bot.understanding.when import algebra as al
from bot.understanding.when.clock import part
from bot.understanding.when.lexer import number_values

_ONES = [
    "null",
    "ein",
    "zwei",
    "drei",
    "vier",
    "fünf",
    "sechs",
    "sieben",
    "acht",
    "neun",
    "zehn",
    "elf",
    "zwölf",
    "dreizehn",
    "vierzehn",
    "fünfzehn",
    "sechzehn",
    "siebzehn",
    "achtzehn",
    "neunzehn",
]
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

_SOUTHERN = {
    2: "zwoa zwöi",
    3: "drü drüü",
    4: "vieri",
    5: "foifi füfi föifi fünfi",
    6: "sächsi sechsi",
    7: "sibni siebni sieme simme",
    8: "achti",
    9: "nüni nüüni",
    10: "zähni zehni",
    11: "elfi ölfi oife",
    12: "zwölfi zwöufi",
}
"""Hours as they are said in Switzerland and Bavaria only, so never counts of something."""

_SOUTHERN_DAYS = {
    0: "mäntig määntig",
    1: "ziischtig zischtig zyschtig erchtag",
    2: "mittwuch mittwuuch mittwuche",
    3: "dunschtig donnschtig donschtig dunnschtig pfinztag pfinsta",
    4: "fritig friitig",
    5: "samschtig samstig",
    6: "sunntig sunntag",
}
"""Weekdays of people who say "am zwei" for two o'clock."""


def cardinal(n: int) -> str:
    """The number word from 0 to 99."""
    if n < 20:
        return _ONES[n]
    tens, ones = n // 10 * 10, n % 10
    return _TENS[tens] if not ones else f"{_ONES[ones]}und{_TENS[tens]}"


def _numbers() -> list[tuple[str, object, str]]:
    rows: list[tuple[str, object, str]] = []
    for n in range(100):
        words = cardinal(n)
        if n == 1:
            words = "eins"
        elif n == 2:
            words += " zwo"
        elif n % 10 == 2 and n > 20:
            words += " " + words.replace("zwei", "zwo", 1)
        rows += [(k, v, words) for k, v in number_values(n).items()]
        if 1 <= n <= 53:
            stem = _SMALL_ORDINALS.get(n) or cardinal(n) + ("t" if n < 20 else "st")
            forms = " ".join(stem + ending for ending in ("e", "en", "er", "es", "em", "ens"))
            forms += " siebenter siebenten siebente" if n == 7 else ""
            if n % 10 == 2 and n != 12:
                forms += " " + forms.replace("zwei", "zwo", n)
            rows.append(("ord", n, forms))
            rows.append(("word_ord", True, forms))
            if 4 <= n <= 31:
                rows.append(("bigord", n, forms))
            if n <= 31:
                rows.append(("domord", n, forms))
            if n <= 12:
                rows.append(("monord", n, forms))
    for y in range(2000, 2100):
        tail = "" if y == 2000 else cardinal(y - 2000) if y != 2001 else "eins"
        words = f"zweitausend{tail} zweitausendund{tail}" if tail else "zweitausend"
        if y >= 2010:
            words += f" zwanzig{tail}"
        rows.append(("year", y, words))
    for y in range(1900, 2000):
        rows.append(("year", y, "neunzehnhundert" + (cardinal(y - 1900) if y > 1900 else "")))
    rows.append(("one", 1, "ein eine einen einem einer eines 'ne ne nem ner"))
    rows.append(("h", 1, "ein"))
    for n, word in enumerate(["viere", "fünfe", "sechse", "siebene"], start=4):
        rows.append(("h", n, word))
    for n, word in enumerate(["neune", "zehne", "elfe", "zwölfe"], start=9):
        rows.append(("h", n, word))
    for n, word in _SOUTHERN.items():
        rows.append(("h", n, word))
        rows.append(("southern_h", n, word))
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


def rows() -> list[tuple[str, object, str]]:
    """Category, value, words."""
    return [
        *_numbers(),
        ("dow", 0, "montag montags montages montagen"),
        (
            "dow",
            1,
            "dienstag dienstags dienstages dienstagen dienschtag dingsdag",
        ),
        ("dow", 2, "mittwoch mittwochs mittwochen"),
        (
            "dow",
            3,
            "donnerstag donnerstags donnerstages donnerstagen donnerschtag",
        ),
        ("dow", 4, "freitag freitags freitages freitagen freidach freidag"),
        (
            "dow",
            5,
            "samstag samstags samstages samstagen sonnabend sonnabends samschdag samschtag sünnavend sünnabend",
        ),
        ("dow", 6, "sonntag sonntags sonntages sonntagen sunndag"),
        *(("southern_dow", n, word) for n, word in _SOUTHERN_DAYS.items()),
        *(("dow", n, word) for n, word in _SOUTHERN_DAYS.items()),
        ("adow", 0, "mo"),
        ("adow", 1, "di"),
        ("adow", 2, "mi"),
        ("adow", 3, "do"),
        ("adow", 4, "fr"),
        ("adow", 5, "sa"),
        ("adow", 6, "so"),
        ("weak", True, "so"),
        ("title", True, "fr"),
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
        (
            "unit",
            "workday",
            """
            werktag werktage werktagen werktages arbeitstag arbeitstage arbeitstagen arbeitstages
            wochentag wochentage wochentagen
        """,
        ),
        ("unit", "week", "woche wochen wuche wuchen"),
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
        ("today", 0, "heute heut heit hüt"),
        ("today", 1, "morgen morn morng"),
        ("atoday", 1, "mogen"),
        ("atoday", 0, "huete"),
        ("today", 2, "übermorgen uebermorgen übermorn"),
        ("today", 3, "überübermorgen"),
        ("part", part("early"), "früh frühs frühmorgens"),
        ("part", part("morning"), "morgens"),
        ("part", part("forenoon"), "vormittag vormittags vormittagen vormittage"),
        ("part", part("noon"), "mittag mittags mittage zmittag z'mittag"),
        ("part", part("lunch"), "mittagszeit mittagspause mittagspausen mittagessen lunch lunchpause"),
        ("part", part("afternoon"), "nachmittag nachmittags nachmittage nachmittagen namittag nomittag"),
        ("part", part("evening"), "abend abends abende abenden abig oobig zabig z'abig znacht z'nacht d'nacht"),
        ("part", part("night"), "nacht nachts"),
        ("part", part("after_work"), "feierabend feierabends"),
        ("part", part("late_afternoon"), "spätnachmittag spätnachmittags"),
        ("part", part("early_afternoon"), "frühnachmittag"),
        ("part", part("late_evening"), "spätabend spätabends"),
        ("part", part("early_evening"), "frühabend frühabends vorabend"),
        ("this", True, "diese diesen dieser dieses diesem dies"),
        ("coming", True, "kommende kommenden kommender kommendes kommendem"),
        ("next", True, "nächste nächsten nächster nächstes nächstem nächst nächschte nächschti nächscht"),
        ("folg", True, "folgende folgenden folgender folgendes folgendem darauffolgende darauffolgenden"),
        ("after_next", True, "übernächste übernächsten übernächster übernächstes übernächstem"),
        (
            "last",
            True,
            """
            letzte letzten letzter letztes letztem vergangene vergangenen vergangener vergangenes vorige
            vorigen voriger voriges
        """,
        ),
        ("art", True, "der die das den dem des"),
        ("of", True, "im in der des dem vom von"),
        ("on", True, "am an auf zum zur"),
        ("at", True, "um"),
        ("about", True, "gegen circa zirka ca etwa ungefähr rund ungefaehr schätzungsweise"),
        (
            "glue",
            True,
            """
            am an im in der die das den dem des um so circa ca etwa ungefähr rund zirka genau auch gleich
            dann wieder bitte gerne gern zum zur vom von punkt herum rum schon erst wäre noch eventuell
            vielleicht jeweils immer irgendwann mal ganz sehr also ab auf gegen ich hätte uhr ne und at
            tag bereits sondern wohl jedoch direkt morgens ja
        """,
        ),
        ("from", True, "von vom"),
        ("this_time", True, "diesmal ausnahmsweise"),
        ("b_from", True, "ab frühestens allerfrühestens seit"),
        ("b_until", True, "bis spätestens allerspätestens"),
        ("b_before", True, "vor"),
        ("b_after", True, "nach"),
        ("to", True, "bis - –"),
        ("and", True, "und & u"),
        ("or", True, "oder bzw beziehungsweise /"),
        ("between", True, "zwischen"),
        ("clockword", True, "halb viertel dreiviertel punkt kurz"),
        ("early", True, "früher frühen frühem frühe früh"),
        ("late", True, "später späten spätem späte spät"),
        ("later_word", True, "später spätere späteren späterer späteres letztere letzteren danach"),
        ("earlier_word", True, "früher frühere früheren früherer früheres davor eher vorher"),
        ("latest_word", True, "späteste spätesten spätester spätestes"),
        ("earliest_word", True, "früheste frühesten frühester frühestes frühste frühsten"),
        ("third0", True, "anfang anfangs beginn"),
        ("third1", True, "mitte"),
        ("third2", True, "ende"),
        ("season", "spring", "frühling frühjahr frühlings"),
        ("season", "summer", "sommer sommers"),
        ("season", "autumn", "herbst herbsts"),
        ("season", "winter", "winter winters"),
        ("half_word", True, "hälfte"),
        ("week_word", True, "kw kalenderwoche"),
        (
            "cnt",
            True,
            """
            personen person leute leuten kinder kindern kind gäste gästen erwachsene erwachsenen freunde
            mal stück euro eur cent franken chf dollar prozent grad kg kilo km meter cm liter zimmer
            plätze plätzen köpfe mann frauen männer herren damen punkte sterne fragen termine terminen
            tische sitzplätze behandlungen haarschnitte jährige jährigen jähriger jährig
        """,
        ),
        (
            "ordnoun",
            True,
            """
            termin termine mal stock etage platz option stelle person kind besuch wahl frage klasse reihe
            sitzung anlauf versuch behandlung vorschlag name ding schritt dose impfung stunde
        """,
        ),
        ("hol", al.Holiday("easter"), "ostersonntag ostern"),
        ("hol", al.Holiday("easter_group"), "osterfeiertage osterfeiertagen osterwochenende"),
        ("hol", al.Holiday("easter_monday"), "ostermontag"),
        ("hol", al.Holiday("good_friday"), "karfreitag"),
        ("hol", al.Holiday("maundy_thursday"), "gründonnerstag"),
        ("hol", al.Holiday("holy_saturday"), "karsamstag ostersamstag osterabend"),
        ("hol", al.Holiday("palm_sunday"), "palmsonntag"),
        ("hol", al.Holiday("ascension"), "himmelfahrt christihimmelfahrt himmelfahrtstag auffahrt"),
        ("hol", al.Holiday("pentecost"), "pfingstsonntag pfingsten"),
        ("hol", al.Holiday("pentecost_group"), "pfingstfeiertage pfingstwochenende"),
        ("hol", al.Holiday("whit_saturday"), "pfingstsamstag pfingstsonnabend"),
        ("hol", al.Holiday("whit_monday"), "pfingstmontag"),
        ("hol", al.Holiday("easter_tuesday"), "osterdienstag"),
        ("hol", al.Holiday("whit_tuesday"), "pfingstdienstag"),
        ("hol", al.Holiday("corpus_christi"), "fronleichnam"),
        ("hol", al.Holiday("rose_monday"), "rosenmontag"),
        (
            "hol",
            al.Holiday("shrove_tuesday"),
            """
            faschingsdienstag fastnacht faschingdienstag veilchendienstag fastnachtsdienstag
        """,
        ),
        ("hol", al.Holiday("ash_wednesday"), "aschermittwoch"),
        (
            "hol",
            al.Holiday("fat_thursday"),
            """
            weiberfastnacht altweiber altweiberfastnacht schwerdonnerstag weiberdonnerstag
        """,
        ),
        ("hol", al.Holiday("christmas_eve"), "heiligabend heiligabends weihnachtsabend"),
        (
            "hol",
            al.Holiday("christmas_days"),
            """
            weihnachtsfeiertage weihnachtsfeiertagen weihnachtstage weihnachtstagen
        """,
        ),
        (
            "hol",
            al.Holiday("christmas"),
            """
            weihnachten weihnacht christtag weihnachtstag weihnachtsfeiertag xmas
        """,
        ),
        ("hol", al.Holiday("christmas_second"), "stephanstag stefanitag stefanstag stephanitag"),
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
        ("hol", al.Holiday("repentance"), "bußtag bettag"),
        ("hol", al.Holiday("national_mourning"), "volkstrauertag"),
        ("hol", al.Holiday("candlemas"), "lichtmess mariälichtmess"),
        ("hol", al.Holiday("st_john"), "johannistag johanni sonnwend"),
        ("hol", al.Holiday("white_sunday"), "weißersonntag quasimodo"),
        ("hol", al.Holiday("immaculate"), "mariäempfängnis"),
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
        (
            "greet",
            True,
            """
            guten gute schönen schöne schönes schön angenehmen angenehmes frohe frohes fröhliche gutes
            guter
        """,
        ),
        ("nowword", True, "jetzt"),
        ("ago_word", True, "her"),
        ("p_from", True, "aufwärts frühestens"),
        ("p_until", True, "spätestens"),
    ]
