"""English words for time: what each may stand for."""

from __future__ import annotations

from bot.understanding.when import algebra as al
from bot.understanding.when.clock import part
from bot.understanding.when.grammar import Values
from bot.understanding.when.lexer import number_values

_SMALL = [
    "zero",
    "one",
    "two",
    "three",
    "four",
    "five",
    "six",
    "seven",
    "eight",
    "nine",
    "ten",
    "eleven",
    "twelve",
    "thirteen",
    "fourteen",
    "fifteen",
    "sixteen",
    "seventeen",
    "eighteen",
    "nineteen",
]
_TENS = {
    20: "twenty",
    30: "thirty",
    40: "forty fourty",
    50: "fifty",
    60: "sixty",
    70: "seventy",
    80: "eighty",
    90: "ninety",
}
_ORDINALS = [
    "zeroth",
    "first",
    "second",
    "third",
    "fourth",
    "fifth",
    "sixth",
    "seventh",
    "eighth",
    "ninth",
    "tenth",
    "eleventh",
    "twelfth",
    "thirteenth",
    "fourteenth",
    "fifteenth",
    "sixteenth",
    "seventeenth",
    "eighteenth",
    "nineteenth",
]


def ordinal_values(n: int) -> Values:
    """What an ordinal may be: a day of the month, the nth of something."""
    values: Values = {"ord": n, "word_ord": True}
    if n <= 31:
        values["domord"] = n
    if 4 <= n <= 31:
        values["bigord"] = n
    return values


def _numbers() -> list[tuple[str, object, str]]:
    rows: list[tuple[str, object, str]] = []
    for n, word in enumerate(_SMALL):
        rows += [(k, v, word) for k, v in number_values(n).items()]
        if 1 <= n <= 12:
            rows.append(("ishh", n, word + "ish"))
            if word.endswith("ve"):
                rows.append(("ishh", n, word[:-1] + "ish"))
        if 1 <= n <= 9:
            rows.append(("ones", n, word))
    rows.append(("oh", 0, "oh o"))
    for n, words in _TENS.items():
        rows += [(k, v, words) for k, v in number_values(n).items()]
        rows.append(("tens", n, words))
        for k, v in ordinal_values(n).items():
            rows.append((k, v, " ".join(w[:-1] + "ieth" for w in words.split())))
    for n in range(1, 20):
        rows += [(k, v, _ORDINALS[n] + (" twelvth" if n == 12 else "")) for k, v in ordinal_values(n).items()]
        if n < 10:
            rows.append(("ones_ord", n, _ORDINALS[n]))
    for n in range(10, 20):
        rows.append(("teens", n, _SMALL[n]))
    rows += [("smallord", n, _ORDINALS[n]) for n in (1, 2, 3)]
    rows += [("one", 1, "a an one"), ("couple", 2, "couple"), ("few", 3, "few several")]
    return rows


def rows() -> list[tuple[str, object, str]]:
    """Category, value, words."""
    return [
        *_numbers(),
        ("dow", 0, "monday mondays mon"),
        ("dow", 1, "tuesday tuesdays tue tues tu"),
        ("dow", 2, "wednesday wednesdays weds wensday wendsday wednsday wedneday"),
        ("dow", 3, "thursday thursdays thu thur thurs thurday"),
        ("dow", 4, "friday fridays fri"),
        ("dow", 5, "saturday saturdays"),
        ("dow", 6, "sunday sundays"),
        ("adow", 2, "wed"),
        ("adow", 5, "sat"),
        ("adow", 6, "sun"),
        ("mon", 1, "january jan january's"),
        ("mon", 2, "february feb febuary februrary"),
        ("amon", 3, "march mar"),
        ("mon", 4, "april apr"),
        ("amon", 5, "may"),
        ("mon", 6, "june jun"),
        ("mon", 7, "july jul"),
        ("mon", 8, "august aug"),
        ("mon", 9, "september sept sep"),
        ("mon", 10, "october oct"),
        ("mon", 11, "november nov"),
        ("mon", 12, "december dec"),
        ("nmon", True, "april may june august"),
        ("unit", "second", "second seconds sec secs"),
        ("unit", "minute", "minute minutes min mins"),
        ("unit", "hour", "hour hours hr hrs h"),
        ("unit", "day", "day days day's days'"),
        ("unit", "workday", "workday workdays weekday"),
        ("digitish", True, "oh o double triple treble hundred"),
        ("unit", "week", "week weeks wk wks week's weeks'"),
        ("unit", "fortnight", "fortnight fortnights"),
        ("unit", "weekend", "weekend weekends wkend"),
        ("unit", "month", "month months mth mths mo month's"),
        ("unit", "quarter", "quarters qtr qtrs"),
        ("unit", "year", "year years yr yrs year's"),
        ("qword", True, "quarter qtr"),
        ("oclock", True, "o'clock oclock o'clocks"),
        ("ampm", "am", "am a.m"),
        ("ampm", "pm", "pm p.m"),
        ("today", -1, "yesterday yesterday's yday"),
        ("today", 0, "today today's tday 2day"),
        (
            "today",
            1,
            """
            tomorrow tomorrow"s tmrw tmr tmw tomo tommorow tommorrow tomorow tomorro tomoro tomorrows
            tmmrw tomorow 2moro 2morrow 2mrw morrow tomoz tomos tmoz tomz tommorrow tomrw tmro tmrrw tomora
        """,
        ),
        ("today", 2, "overmorrow"),
        ("tonight", True, "tonight tonite tonight's 2nite 2night"),
        ("part", part("morning"), "morning mornings mornin morn"),
        ("part", part("forenoon"), "forenoon"),
        ("part", part("lunch"), "lunch lunchtime lunchtimes lunchbreak"),
        ("part", part("afternoon"), "afternoon afternoons arvo aft afternon"),
        ("part", part("evening"), "evening evenings eve"),
        ("part", part("night"), "night nights nite"),
        ("part", part("late_morning"), "midmorning"),
        ("noonish", True, "noonish"),
        ("noon", True, "noon midday"),
        ("midnight", True, "midnight midnite"),
        ("this", True, "this"),
        ("next", True, "next nxt following"),
        ("coming", True, "coming upcoming"),
        ("last", True, "last past previous prior"),
        ("art", True, "the a an this"),
        ("of", True, "of in"),
        ("on", True, "on"),
        ("at", True, "at @"),
        (
            "about",
            True,
            """
            around about approximately roughly approx circa ca near nearer towards toward nearly almost
        """,
        ),
        (
            "glue",
            True,
            """
            so
            on at the of in a an around about approximately roughly approx circa for please maybe perhaps
            possibly ideally preferably some sometime anytime any time somewhere exactly sharp then that
            there"s hours local is would be and say i"d like just only really early-ish works ok okay fine
            this by now as well
        """,
        ),
        ("b_from", True, "from after-hours since starting"),
        ("from", True, "from"),
        ("b_until", True, "until till til by through upto thru"),
        ("b_before", True, "before b4"),
        ("b_after", True, "after past"),
        ("to", True, "to until till til through thru - upto"),
        ("and", True, "and & n"),
        ("or", True, "or /"),
        ("between", True, "between btw betw"),
        ("clockword", True, "half quarter"),
        ("early", True, "early"),
        ("mid", True, "mid"),
        ("late", True, "late"),
        ("later_word", True, "later latter afterwards"),
        ("earlier_word", True, "earlier sooner former"),
        ("latest_word", True, "latest"),
        ("earliest_word", True, "earliest soonest"),
        ("third0", True, "early beginning start"),
        ("third1", True, "mid middle"),
        ("third2", True, "late end"),
        ("season", "spring", "spring springtime"),
        ("season", "summer", "summer summertime"),
        ("season", "autumn", "autumn fall"),
        ("season", "winter", "winter wintertime"),
        (
            "cnt",
            True,
            """
            people persons person guests guest adults adult kids children child times x pax euros euro
            dollars bucks pounds quid pence percent degrees miles km kg lbs pieces stars points questions
            seats tables rooms friends men women ladies gentlemen members options appointments bookings
            slots treatments of-us yo year-old
        """,
        ),
        (
            "ordnoun",
            True,
            """
            floor street avenue option one time times appointment visit person child choice grade attempt
            try place birthday class name step session row dose opinion wife husband son daughter
            grader edition anniversary
        """,
        ),
        ("hol", al.Holiday("easter"), "easter"),
        ("hol", al.Holiday("pentecost"), "pentecost whitsun whitsunday"),
        ("hol", al.Holiday("christmas"), "christmas xmas christmastime"),
        ("hol", al.Holiday("boxing_day"), "boxing-day"),
        ("hol", al.Holiday("halloween"), "halloween hallowe'en"),
        ("hol", al.Holiday("thanksgiving"), "thanksgiving"),
        ("hol", al.Holiday("juneteenth"), "juneteenth"),
        ("hol", al.Holiday("epiphany"), "epiphany"),
        ("hol", al.Holiday("new_years_eve"), "hogmanay nye"),
        ("hol", al.Holiday("shrove_tuesday"), "mardi-gras"),
        ("zone", "Etc/GMT", "gmt utc zulu"),
        ("zone", "Europe/Berlin", "cet cest"),
        ("zone", "Europe/London", "bst"),
        ("zone", "America/New_York", "est edt"),
        ("zone", "America/Chicago", "cst cdt"),
        ("zone", "America/Los_Angeles", "pst pdt"),
        ("nowword", True, "now"),
        ("ago_word", True, "ago back earlier"),
        ("greet", True, "good nice great lovely wonderful happy pleasant merry enjoy blessed beautiful"),
        ("p_from", True, "onwards onward upwards earliest"),
        ("p_until", True, "latest"),
        ("ish", True, "ish"),
    ]
