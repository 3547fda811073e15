"""How guests say it in a hurry: lists without commas, ends of the appointment, garbled days, days told from others.

Each table has its neighbours: nearly the same words that mean something else. The time is Thursday, 11 June 2026, 9:00.
"""

from __future__ import annotations

from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest

from bot.understanding.when import When, WhenContext, understand_when
from bot.understanding.when.model import Reading

BERLIN = ZoneInfo("Europe/Berlin")
NOW = datetime(2026, 6, 11, 9, tzinfo=BERLIN)


def ask(language: str, text: str, *, now: datetime = NOW, context: WhenContext | None = None) -> When:
    locale = "de_DE" if language == "de" else "en_GB"
    return understand_when(text, now=now, zone=BERLIN, language=language, locale=locale, context=context)


def said(when: When) -> str:
    """All readings in short: "6-12 10:00", "6-12" a day, "6-12..6-14" days, "6-12 15:00-" and "-6-12 15:00" open."""
    return (" or " if when.ambiguous else " & ").join(_short(r) for r in when.readings) or "nothing"


def _short(reading: Reading) -> str:
    start, end = reading.start, reading.end
    if start is None:
        return f"-{_at(end)}" if end else "?"
    if end is None:
        return _at(start) + ("-" if reading.kind == "open_end" else "")
    if (start.hour, end.hour) == (0, 0):
        days = (end.date() - start.date()).days
        last = date.fromordinal(end.toordinal() - 1)
        return _at(start) if days == 1 else f"{_at(start)}..{last.month}-{last.day}"
    return f"{_at(start)}-{end:%H:%M}"


def _at(at: datetime) -> str:
    return f"{at.month}-{at.day}" + (f" {at:%H:%M}" if at.hour or at.minute else "")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("am 3. 4. oder 5. Juli", "7-3 & 7-4 & 7-5"),
        ("am 3. 4. und 5. Juli", "7-3 & 7-4 & 7-5"),
        ("am 3. 4. oder 5. Juli um zehn", "7-3 10:00 & 7-4 10:00 & 7-5 10:00"),
        ("am 8. 9. 10. oder 11. Juli", "7-8 & 7-9 & 7-10 & 7-11"),
        ("am 3. 4. 5. Juli", "7-3 & 7-4 & 7-5"),
        ("am 3. 5. oder 8. Juli", "7-3 & 7-5 & 7-8"),
        ("am 3. 4. oder 5.", "7-3 & 7-4 & 7-5"),
        ("am 3. 4. oder am 5. Juli", "7-3 & 7-4 & 7-5"),
        # Two numbers are a date where no list of days goes on after them.
        ("am 3. 4.", "4-3"),
        ("am 3. 4. um fünf", "4-3 17:00"),
        ("am 3. 4. oder 10. 4.", "4-3 & 4-10"),
        ("am 3. 4. und 10. April", "4-3 & 4-10"),
        ("am 3.4. oder 5. Juli", "4-3 & 7-5"),
        ("am 3. 5. oder 8.", "5-3 & 5-8"),
        ("am 22. 10. oder 23. Oktober", "10-22 & 10-23"),
        ("vom 3. 4. bis 5. 4.", "4-3..4-5"),
    ],
)
def test_numbered_days_without_commas(text: str, expected: str) -> None:
    assert said(ask("de", text)) == expected


@pytest.mark.parametrize(
    ("language", "text", "expected"),
    [
        ("en", "the 18th 19th or 20th", "6-18 & 6-19 & 6-20"),
        ("en", "the 1st 2nd or 3rd of July", "7-1 & 7-2 & 7-3"),
        ("en", "could do the 18th but 19th at five", "6-18 & 6-19 17:00"),
        ("en", "the 18th, it's my 30th", "6-18"),
        ("de", "mo di oder mi", "6-15 & 6-16 & 6-17"),
        ("de", "do oder fr ab 17h", "6-11 17:00- & 6-12 17:00-"),
        ("de", "mo und mi kann ich nicht", "nothing"),
        ("de", "mo geht, di nicht", "6-15"),
        ("de", "mo-do ab 16 uhr, fr schon ab 13 uhr", "6-15 16:00- & 6-12 13:00-"),
        ("de", "montag bis donnerstag ab 16 uhr, freitag ab 13 uhr", "6-15 16:00- & 6-12 13:00-"),
        ("de", "montag bis freitag, am liebsten mittwoch", "6-17"),
        ("en", "mon to thurs after 4, fri from 1", "6-15 16:00- & 6-12 13:00-"),
        ("de", "Sa/So", "6-13 & 6-14"),
        ("de", "Samstag oder so", "6-13"),
        ("de", "fr. ab 14h / sa. bis 12h", "6-12 14:00- & -6-13 12:00"),
        ("de", "der 13. oder halt der 20. Juni", "6-13 & 6-20"),
        ("de", "der dritte Juli oder der zehnte, beides Freitage", "7-3 & 7-10"),
        ("en", "the 3rd or 10th of July, both Fridays", "7-3 & 7-10"),
        # The weeks that one of them is counted in are those of the list.
        ("de", "in zwei Wochen Montag oder Dienstag", "6-29 & 6-30"),
        ("de", "Montag oder Dienstag in zwei Wochen", "6-29 & 6-30"),
        ("en", "two weeks on Monday or Tuesday", "6-29 & 6-30"),
        ("en", "Monday or Tuesday week", "6-22 & 6-23"),
    ],
)
def test_lists_of_days_said_in_a_hurry(language: str, text: str, expected: str) -> None:
    assert said(ask(language, text)) == expected


@pytest.mark.parametrize(
    ("language", "text", "expected"),
    [
        ("de", "kann ich um vier fertig sein?", "-6-11 16:00"),
        ("de", "bin ich um vier fertig", "-6-11 16:00"),
        ("de", "bin ich Freitag um vier fertig?", "-6-12 16:00"),
        ("de", "Freitag, kann ich da um vier fertig sein?", "-6-12 16:00"),
        ("de", "wäre ich am Samstag um zwölf fertig?", "-6-13 12:00"),
        ("de", "komme ich um vier wieder raus?", "-6-11 16:00"),
        ("en", "will I be done at four?", "-6-11 16:00"),
        ("en", "can I be finished at four on Friday?", "-6-12 16:00"),
        ("en", "can I be out by one on Saturday?", "-6-13 13:00"),
        # A start beside it is the wish; the end only follows from it.
        ("de", "bin ich um vier fertig, wenn ich am Freitag um zwei komme?", "6-12 14:00"),
        ("de", "wann bin ich fertig wenn ich um 14 Uhr komme", "6-11 14:00"),
        ("de", "Freitag um zwei, bin ich dann um vier fertig?", "6-12 14:00"),
        ("en", "will I be done by four if I come at two on Friday", "6-12 14:00"),
        ("de", "ich will am Freitag um zehn kommen und um zwölf fertig sein", "6-12 10:00"),
        ("en", "I'd like to come at ten on Friday and be done by twelve", "6-12 10:00"),
        ("de", "ich möchte am Freitag um drei fertig sein", "-6-12 15:00"),
        ("en", "I'd like to finish by three on Friday", "-6-12 15:00"),
        ("en", "I'd love to get it finished by Friday", "-6-13"),
        # Who tells that he is done is free from then on.
        ("de", "ich bin am Freitag um vier fertig", "6-12 16:00-"),
        ("de", "Freitag bin ich um vier fertig mit Arbeiten", "6-12 16:00-"),
        ("de", "am Freitag hab ich um fünf Feierabend", "6-12 17:00-"),
        ("de", "Freitag mach ich um vier Schluss", "6-12 16:00-"),
        ("en", "I finish work at five on Friday", "6-12 17:00-"),
        ("en", "I get off work at five on Friday", "6-12 17:00-"),
        ("en", "I'm finished at four on Friday", "6-12 16:00-"),
        # And these are starts.
        ("de", "kann ich um vier kommen?", "6-11 16:00"),
        ("en", "can I get my nails done at four on Friday?", "6-12 16:00"),
        ("en", "can I get 10% off on Friday at 4", "6-12 16:00"),
        ("en", "I finish at four on Fridays, so half four Friday", "6-12 16:30"),
    ],
)
def test_the_end_of_an_appointment_is_no_start(language: str, text: str, expected: str) -> None:
    assert said(ask(language, text)) == expected


@pytest.mark.parametrize(
    ("language", "text"), [("de", "kann ich um vier fertig sein?"), ("en", "will I be done at four?")]
)
def test_by_the_end_that_is_asked_for_the_guest_has_to_be_gone(language: str, text: str) -> None:
    (reading,) = ask(language, text).readings
    assert reading.bounds_end
    (reading,) = ask(language, text, context=WhenContext(day=date(2026, 6, 19))).readings
    assert reading.end == datetime(2026, 6, 19, 16, tzinfo=BERLIN)


@pytest.mark.parametrize(
    ("language", "text", "expected"),
    [
        ("de", "am Mobntaag um zehn", "nothing"),
        ("de", "mobntaag um zehn", "nothing"),
        ("de", "am reitaag um zehn", "nothing"),
        ("de", "asmstsg um zehn", "nothing"),
        ("en", "on utesdya at ten", "nothing"),
        ("en", "firda at ten", "nothing"),
        ("en", "next monfsay at ten", "nothing"),
        ("en", "tomoz at two", "6-12 14:00"),
        # Names and other words beside a time are no days.
        ("de", "Frieda um zehn", "6-11 10:00"),
        ("en", "Mandy at ten", "6-11 10:00"),
        ("en", "sunny at ten", "6-11 10:00"),
        ("de", "am besten um zehn", "6-11 10:00"),
    ],
)
def test_a_garbled_weekday_does_not_sound_sure(language: str, text: str, expected: str) -> None:
    assert said(ask(language, text)) == expected


@pytest.mark.parametrize(
    ("language", "text", "expected"),
    [
        ("en", "not this Friday, the one after", "6-19"),
        ("en", "not next week, the one after", "6-22..6-28"),
        ("de", "nicht diesen Freitag, sondern den danach", "6-19"),
        ("de", "diesen Samstag oder den danach", "6-13 & 6-20"),
        ("en", "the one after lunch", "6-11 12:00-14:00"),
        ("de", "ab dem 20., am liebsten donnerstags um fünf", "6-25 17:00"),
        ("de", "ab nächster Woche bin ich wieder da, dann gern Dienstag", "6-16"),
        ("en", "after the 20th, ideally a Friday", "6-26"),
        ("de", "ab dem 20. oder Freitag", "6-20- & 6-12"),
        ("de", "Ende Juli, so die letzte Woche", "7-21..7-31 & 7-27..8-2"),
        ("en", "midweek next week around lunch", "6-17 12:00-14:00"),
        ("de", "im neuen Jahr am liebsten montags", "1-4"),
        ("en", "a Monday in the new year", "1-4"),
        ("en", "happy new year", "nothing"),
        ("en", "bank holiday Monday", "8-31"),
        ("en", "we're away 20th to 27th, straight after that please", "6-28-"),
    ],
)
def test_days_told_from_others(language: str, text: str, expected: str) -> None:
    assert said(ask(language, text)) == expected


@pytest.mark.parametrize(
    ("language", "text", "expected"),
    [
        ("de", "Freitag 9 Uhr ist mir zu früh, 11 wär besser", "6-12 11:00"),
        ("en", "9 on Friday is too early can you do 11", "6-12 11:00"),
        ("en", "Friday at 9 I can't but 11 would be good", "6-12 11:00"),
        ("en", "don't want Friday, Saturday at noon then", "6-13 12:00"),
        ("en", "any time but Monday next week", "6-16..6-21"),
        ("en", "any day but preferably Monday", "6-15"),
        ("de", "ich hab morgen um drei einen Termin und wollte fragen ob auch vier geht", "6-12 16:00"),
        ("en", "I've an appointment tomorrow at three and was wondering if four would work", "6-12 16:00"),
        ("en", "running late for my 11 o'clock today, can you do half past", "6-11 11:30"),
        ("en", "could you ring me back about Friday at one, I think I need to make it two", "6-12 14:00"),
        ("en", "I had Tuesday at 9 but could it be 10", "6-16 10:00"),
        ("en", "we'd said Tuesday 9, now it needs to be 10", "6-16 10:00"),
        ("en", "id booked for Friday at 3 but its got to be Monday now same time", "6-15 15:00"),
        # Said alone it is what the message is about.
        ("de", "ich hab morgen um drei einen Termin", "6-12 15:00"),
        ("en", "I had Tuesday at 9", "6-16 09:00"),
        ("en", "what time was I booked for on Friday", "6-12"),
        ("en", "are you fully booked for Friday", "6-12"),
        ("en", "Friday at 4 or as close to it as you can", "6-12 16:00"),
        ("de", "1. Juli, kein Scherz, 10 Uhr", "7-1 10:00"),
        ("de", "am 24. macht ihr früher zu, also lieber 23. um 15 Uhr", "6-23 15:00"),
        ("de", "20.6 vormittag", "6-20 09:00-12:00"),
        ("en", "up to and including the 20th", "-6-21"),
    ],
)
def test_what_is_booked_or_refused_gives_way_to_what_is_wished(language: str, text: str, expected: str) -> None:
    assert said(ask(language, text)) == expected


@pytest.mark.parametrize(
    ("language", "text", "expected"),
    [
        ("de", "Mittwoch und Donnerstag bin ich weg, sonst jeden Tag nächste Woche", "6-15..6-16 & 6-19..6-21"),
        ("en", "Wednesday and Thursday I'm away, any other day next week", "6-15..6-16 & 6-19..6-21"),
        ("de", "nächste Woche, Dienstag hab ich Schule", "6-15 & 6-17..6-21"),
        ("de", "Montags habt ihr zu, dann nächste Woche", "6-16..6-21"),
        ("de", "am 16. bin ich weg, sonst nächste Woche", "6-15 & 6-17..6-21"),
        # A day of another week takes none out, and a time of day no whole day.
        ("de", "Samstag ist Hochzeit, nächste Woche gern", "6-15..6-21"),
        ("en", "wedding on Saturday so sometime next week", "6-15..6-21"),
        ("de", "Dienstag hab ich bis 18 Uhr Kurs, geht es danach noch?", "6-16 18:00-"),
    ],
)
def test_days_of_the_guests_own_business_are_left_out(language: str, text: str, expected: str) -> None:
    assert said(ask(language, text)) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("am Montag, Fr. Müller bitte", "6-15"),
        ("Montag und Fr Müller um zehn", "6-15 10:00"),
        ("Mo., Mi. oder Fr. um 10", "6-15 10:00 & 6-17 10:00 & 6-12 10:00"),
        ("Fr. Nachmittag", "6-12 12:00-18:00"),
    ],
)
def test_a_friday_and_a_title_are_told_apart(text: str, expected: str) -> None:
    assert said(ask("de", text)) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("ok then 3, no 3.30 on Monday", "6-15 15:30"),
        ("room no 3, Friday at 2", "6-12 14:00"),
        ("booking no 3 on Friday", "6-12"),
    ],
)
def test_a_no_after_a_pause_is_no_number(text: str, expected: str) -> None:
    assert said(ask("en", text)) == expected


@pytest.mark.parametrize(
    ("language", "earliest", "plain"),
    [("de", "Das früheste am Freitag, bitte", "Freitag"), ("en", "the earliest on Friday please", "Friday")],
)
def test_the_earliest_of_a_weekday_lies_in_the_week_of_the_offers(
    language: str, earliest: str, plain: str
) -> None:
    week = tuple(datetime(2026, 6, day, 10, tzinfo=BERLIN) for day in (16, 17))
    assert said(ask(language, earliest, context=WhenContext(offered=week))) == "6-19"
    assert said(ask(language, earliest, context=WhenContext(day=date(2026, 6, 16)))) == "6-19"
    assert said(ask(language, plain, context=WhenContext(offered=week))) == "6-12"
    # Offers of several weeks name none, and without any it is the next one.
    weeks = (datetime(2026, 6, 12, 10, tzinfo=BERLIN), *week)
    assert said(ask(language, earliest, context=WhenContext(offered=weeks[1:]))) == "6-19"
    assert said(ask(language, earliest)) == "6-12"


@pytest.mark.parametrize(
    ("language", "text", "expected"),
    [
        ("de", "am Freitag, aber nicht vormittags", "6-12 12:00-"),
        ("de", "Freitag, nicht am Abend", "-6-12 17:00"),
        ("en", "on Friday, but not in the morning", "6-12 12:00-"),
        ("en", "Friday but not in the evening please", "-6-12 17:00"),
        # The middle leaves two sides, and a part of another day none.
        ("de", "Freitag, nicht mittags", "6-12"),
        ("de", "nicht Freitag vormittag, Samstag", "6-13"),
        ("de", "Freitag nachmittag, nicht vormittags", "6-12 12:00-18:00"),
    ],
)
def test_a_part_of_the_day_that_is_refused_leaves_the_rest(language: str, text: str, expected: str) -> None:
    assert said(ask(language, text)) == expected
