"""Named days and seasons by rule: the days guests name when they speak of a date.

Pure arithmetic on the calendar (the Gregorian Easter formula and "nth weekday" rules), by region
where the same name means another day. Whether a house is closed on them is not asked here.
"""

from __future__ import annotations

from datetime import date, timedelta

SPANS = frozenset(
    {"christmas_days", "easter_group", "pentecost_group", "between_years", "advent", "carnival_days"}
)
"""Names that mean several days."""

_SEASONS = {
    "spring": ((3, 20), (6, 21)),
    "summer": ((6, 21), (9, 23)),
    "autumn": ((9, 23), (12, 21)),
    "winter": ((12, 21), (3, 20)),
}

_FIXED = {
    "new_year": (1, 1),
    "epiphany": (1, 6),
    "valentine": (2, 14),
    "womens_day": (3, 8),
    "st_patrick": (3, 17),
    "april_fools": (4, 1),
    "labour_day": (5, 1),
    "walpurgis": (4, 30),
    "independence_day": (7, 4),
    "assumption": (8, 15),
    "swiss_day": (8, 1),
    "unity_day": (10, 3),
    "austria_day": (10, 26),
    "halloween": (10, 31),
    "reformation": (10, 31),
    "all_saints": (11, 1),
    "all_souls": (11, 2),
    "guy_fawkes": (11, 5),
    "veterans_day": (11, 11),
    "st_martin": (11, 11),
    "nikolaus": (12, 6),
    "immaculate": (12, 8),
    "christmas_eve": (12, 24),
    "christmas": (12, 25),
    "christmas_second": (12, 26),
    "boxing_day": (12, 26),
    "new_years_eve": (12, 31),
    "groundhog": (2, 2),
    "candlemas": (2, 2),
    "st_john": (6, 24),
    "juneteenth": (6, 19),
    "cinco_de_mayo": (5, 5),
    "st_andrew": (11, 30),
    "earth_day": (4, 22),
    "tax_day": (4, 15),
}

_EASTER = {
    "fat_thursday": -52,
    "rose_monday": -48,
    "shrove_tuesday": -47,
    "ash_wednesday": -46,
    "palm_sunday": -7,
    "maundy_thursday": -3,
    "good_friday": -2,
    "holy_saturday": -1,
    "easter": 0,
    "easter_monday": 1,
    "easter_tuesday": 2,
    "ascension": 39,
    "white_sunday": 7,
    "whit_saturday": 48,
    "pentecost": 49,
    "whit_monday": 50,
    "whit_tuesday": 51,
    "trinity": 56,
    "corpus_christi": 60,
}

# month, weekday, which (1 first … -1 last)
_NTH = {
    "mlk_day": (1, 0, 3),
    "presidents_day": (2, 0, 3),
    "us_mothers_day": (5, 6, 2),
    "fathers_day_en": (6, 6, 3),
    "memorial_day": (5, 0, -1),
    "us_labor_day": (9, 0, 1),
    "columbus_day": (10, 0, 2),
    "thanksgiving": (11, 3, 4),
    "early_may_bank": (5, 0, 1),
    "spring_bank": (5, 0, -1),
    "summer_bank": (8, 0, -1),
    "harvest": (10, 6, 1),
}


def is_season(key: str) -> bool:
    """Whether the key names a season of the year."""
    return key in _SEASONS


def easter(year: int) -> date:
    """Easter Sunday of the Gregorian calendar (anonymous algorithm, Meeus/Jones/Butcher)."""
    a, (b, c) = year % 19, divmod(year, 100)
    d, e = divmod(b, 4)
    g = (b - (b + 8) // 25 + 1) // 3
    h = (19 * a + b - d - g + 15) % 30
    i, k = divmod(c, 4)
    m = (32 + 2 * e + 2 * i - h - k) % 7
    n = (a + 11 * h + 22 * m) // 451
    month, day = divmod(h + m - 7 * n + 114, 31)
    return date(year, month, day + 1)


def nth_weekday(year: int, month: int, weekday: int, which: int) -> date:
    """The nth (or, with -1, the last) weekday of a month."""
    if which > 0:
        first = date(year, month, 1)
        return first + timedelta(days=(weekday - first.weekday()) % 7 + 7 * (which - 1))
    last = date(year + month // 12, month % 12 + 1, 1) - timedelta(days=1)
    return last - timedelta(days=(last.weekday() - weekday) % 7)


def _advent(year: int, n: int) -> date:
    christmas = date(year, 12, 25)
    fourth = christmas - timedelta(days=christmas.weekday() + 1)
    return fourth - timedelta(days=7 * (4 - n))


def _day(key: str, year: int, region: str) -> date | None:
    if key in _FIXED:
        return date(year, *_FIXED[key])
    if key in _EASTER:
        return easter(year) + timedelta(days=_EASTER[key])
    if key == "mothers_day":
        if region == "GB":
            return easter(year) - timedelta(days=21)
        return nth_weekday(year, 5, 6, 2)
    if key == "fathers_day":
        if region == "DE":
            return easter(year) + timedelta(days=39)
        if region == "AT":
            return nth_weekday(year, 6, 6, 2)
        return nth_weekday(year, 6, 6, 1 if region == "CH" else 3)
    if key == "labor_day_en":
        return date(year, 5, 1) if region != "US" else nth_weekday(year, 9, 0, 1)
    if key in _NTH:
        return nth_weekday(year, *_NTH[key])
    if key.startswith("advent"):
        return _advent(year, int(key[-1]))
    if key == "repentance":
        return _advent(year, 1) - timedelta(days=11)
    if key == "national_mourning":
        return _advent(year, 1) - timedelta(days=14)
    if key == "dead_sunday":
        return _advent(year, 1) - timedelta(days=7)
    if key == "remembrance":
        second_sunday = nth_weekday(year, 11, 6, 2)
        return second_sunday if region == "GB" else date(year, 11, 11)
    if key == "black_friday":
        return nth_weekday(year, 11, 3, 4) + timedelta(days=1)
    if key == "cyber_monday":
        return nth_weekday(year, 11, 3, 4) + timedelta(days=4)
    if key == "thanksgiving_de":
        return nth_weekday(year, 10, 6, 1)
    return None


def bank_holidays(year: int) -> list[date]:
    """The bank holidays of England and Wales, substitutes on Mondays and Tuesdays included."""
    days = [
        easter(year) - timedelta(days=2),
        easter(year) + timedelta(days=1),
        nth_weekday(year, 5, 0, 1),
        nth_weekday(year, 5, 0, -1),
        nth_weekday(year, 8, 0, -1),
    ]
    first = date(year, 1, 1)
    days.append(first if first.weekday() < 5 else first + timedelta(days=7 - first.weekday()))
    christmas = date(year, 12, 25)
    days += {
        4: [christmas, date(year, 12, 28)],
        5: [date(year, 12, 27), date(year, 12, 28)],
        6: [date(year, 12, 26), date(year, 12, 27)],
    }.get(christmas.weekday(), [christmas, date(year, 12, 26)])
    return sorted(days)


_NATIONWIDE = {
    "DE": ("new_year", "good_friday", "easter_monday", "labour_day", "ascension", "whit_monday", "unity_day",
           "christmas", "christmas_second"),
    "AT": ("new_year", "epiphany", "easter_monday", "labour_day", "ascension", "whit_monday", "corpus_christi",
           "assumption", "austria_day", "all_saints", "immaculate", "christmas", "christmas_second"),
    "CH": ("new_year", "ascension", "swiss_day", "christmas"),
    "US": ("new_year", "mlk_day", "presidents_day", "memorial_day", "juneteenth", "independence_day",
           "us_labor_day", "columbus_day", "veterans_day", "thanksgiving", "christmas"),
}  # fmt: skip


def is_workday(day: date, region: str) -> bool:
    """Whether offices work: Monday to Friday without the holidays of the whole country."""
    if day.weekday() >= 5:
        return False
    if region == "GB":
        return day not in bank_holidays(day.year)
    return all(_day(key, day.year, region) != day for key in _NATIONWIDE.get(region, ()))


def span(key: str, year: int, region: str) -> tuple[date, date] | None:
    """The days a name means in a year, end exclusive; None if it has none."""
    if key in _SEASONS:
        (m1, d1), (m2, d2) = _SEASONS[key]
        return date(year, m1, d1), date(year + (m2 < m1), m2, d2)
    if key == "christmas_days":
        return date(year, 12, 25), date(year, 12, 27)
    if key == "easter_group":
        return easter(year) - timedelta(days=2), easter(year) + timedelta(days=2)
    if key == "pentecost_group":
        return easter(year) + timedelta(days=49), easter(year) + timedelta(days=51)
    if key == "between_years":
        return date(year, 12, 27), date(year + 1, 1, 1)
    if key == "advent":
        return _advent(year, 1), date(year, 12, 24)
    if key == "carnival_days":
        return easter(year) - timedelta(days=52), easter(year) - timedelta(days=46)
    day = _day(key, year, region)
    return None if day is None else (day, day + timedelta(days=1))


def next_bank_holiday(today: date, *, monday: bool = False) -> date:
    """The first bank holiday after today, or the first on a Monday."""
    coming = (d for y in (today.year, today.year + 1) for d in bank_holidays(y) if d > today)
    return next(d for d in coming if not monday or d.weekday() == 0)
