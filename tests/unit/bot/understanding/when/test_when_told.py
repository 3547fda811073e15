"""What is told beside a wish, and how it bends the wish: what was agreed or replaced, habits, limits, closed days, garbled days.

Each table has its neighbours: nearly the same words that mean something else. The time is Thursday, 11 June 2026, 9:00.
"""

from __future__ import annotations

from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest

from bot.understanding.when import OpeningHours, When, WhenContext, understand_when
from bot.understanding.when.model import Reading

BERLIN = ZoneInfo("Europe/Berlin")
NOW = datetime(2026, 6, 11, 9, tzinfo=BERLIN)


def ask(
    language: str,
    text: str,
    *,
    now: datetime = NOW,
    context: WhenContext | None = None,
    opening: OpeningHours | None = None,
) -> When:
    return understand_when(text, now=now, zone=BERLIN, language=language, context=context, opening=opening)


def told(when: When) -> str:
    """All readings in short: "12 10:00" is a start, "12 9:00-11:00" a stretch, "12" a day, "12 15:00-" and "-12 15:00" open."""
    joint = " or " if when.ambiguous else " & "
    return joint.join(_short(reading) for reading in when.readings) or "nothing"


def _short(reading: Reading) -> str:
    start, end = reading.start, reading.end
    if start is None:
        return f"-{end:%d %H:%M}" if end else "?"
    if reading.kind == "open_end":
        return f"{start:%d %H:%M}-"
    if end is None:
        return f"{start:%d %H:%M}"
    return f"{start:%d}" if reading.grain == "day" else f"{start:%d %H:%M}-{end:%H:%M}"


@pytest.mark.parametrize(
    ("language", "text", "expected"),
    [
        # Two slips: which day it is cannot be known, so its time is on no day.
        ("de", "Donertsag um zehn", "nothing"),
        ("de", "Mitwoh um zehn", "nothing"),
        ("de", "am Dientsg vormittags", "nothing"),
        ("en", "Thrusdy at ten", "nothing"),
        ("en", "Wenesdy at three", "nothing"),
        ("en", "Satrudy morning", "nothing"),
        ("en", "wedensdya at ten", "nothing"),
        ("en", "fruday at ten", "12 10:00"),
        ("en", "frudat at ten", "nothing"),
        ("en", "sumdat at ten", "nothing"),
        ("de", "Mobtaf um zehn", "nothing"),
        # Another day that was said holds.
        ("de", "Mitwoh um zehn oder Freitag um elf", "12 11:00"),
        ("en", "Thrusdy at ten or Friday at eleven", "12 11:00"),
        # One slip is understood, and so is a spelling that many have.
        ("de", "Donerstag um elf", "11 11:00"),
        ("de", "Mitwoch um elf", "17 11:00"),
        ("de", "Smastag um elf", "13 11:00"),
        ("en", "Thrusday at eleven", "11 11:00"),
        ("en", "Satruday at eleven", "13 11:00"),
        ("en", "Wendsday at eleven", "17 11:00"),
        # Other words that begin like a day.
        ("de", "Montana um elf", "11 11:00"),
        ("en", "Mandy at eleven", "11 11:00"),
        ("en", "sunny at eleven", "11 11:00"),
        ("en", "Frieda at eleven", "11 11:00"),
    ],
)
def test_a_weekday_with_two_slips_is_not_guessed(language: str, text: str, expected: str) -> None:
    assert told(ask(language, text)) == expected


@pytest.mark.parametrize(
    ("language", "text", "expected"),
    [
        ("de", "ausgemacht war Freitag um 9, also 10?", "12 10:00"),
        ("de", "ausgemacht war Freitag um 9, geht auch 10?", "12 10:00"),
        ("de", "wir hatten Freitag um neun gesagt, können wir zehn machen?", "12 10:00"),
        ("de", "vereinbart war Freitag um 14 Uhr, lieber Samstag", "13"),
        ("de", "Ich wollte eigentlich am Freitag kommen, geht auch Montag um neun?", "15 09:00"),
        ("de", "ich wär für freitag zwei uhr eingetragen kann das auch drei sein", "12 15:00"),
        ("en", "we had agreed on Friday at 9, so 10?", "12 10:00"),
        ("en", "I'm down for two on Friday, could that be three", "12 15:00"),
        ("en", "I was booked in for ten tomorrow but it'll have to be Monday at ten", "15 10:00"),
        ("en", "we said half three Friday, any chance of four instead", "12 16:00"),
        ("en", "we'd agreed on Friday at 9, could we do 10 instead?", "12 10:00"),
        ("en", "I'd booked Friday at nine, is ten possible?", "12 10:00"),
        ("en", "we agreed on Friday at two, could we do Saturday", "13"),
        ("en", "I was meant to come on Friday, could you do Monday at nine", "15 09:00"),
        ("en", "I rang about the 19th, could I have the 26th instead", "26"),
        # Said alone it is what the message is about, and a count is no hour.
        ("de", "ausgemacht war Freitag um 9", "12 09:00"),
        ("de", "Ich wollte eigentlich am Freitag um drei kommen", "12 15:00"),
        ("de", "wir hatten Freitag um neun gesagt, können wir zwei Personen machen?", "12 09:00"),
        ("de", "wir hatten Freitag um neun gesagt, können wir zehn Minuten später machen?", "12 09:10"),
        ("en", "we agreed Friday at 9", "12 09:00"),
        ("en", "I'm down for two on Friday", "12 14:00"),
        ("en", "a table for two on Friday", "12"),
        ("en", "I'd like Friday at nine", "12 09:00"),
        ("en", "we said Friday at nine, can we bring 2 kids", "12 09:00"),
    ],
)
def test_what_was_agreed_is_not_the_wish(language: str, text: str, expected: str) -> None:
    assert told(ask(language, text)) == expected


@pytest.mark.parametrize(
    ("language", "text", "expected"),
    [
        ("de", "statt um zwei am Freitag lieber um drei", "12 15:00"),
        ("de", "statt zwei am Freitag lieber drei", "12 15:00"),
        ("de", "drei statt zwei am Freitag", "12 15:00"),
        ("de", "am Freitag um drei statt um zwei", "12 15:00"),
        ("de", "statt Freitag um zwei geht auch drei?", "12 15:00"),
        ("de", "statt Freitag um zwei lieber Samstag um zehn", "13 10:00"),
        ("de", "statt um zwei am Freitag", "nothing"),
        ("en", "instead of two on Friday could you do three?", "12 15:00"),
        ("en", "three instead of two on Friday", "12 15:00"),
        ("en", "on Friday at three instead of two", "12 15:00"),
        ("en", "instead of Friday at two, three please", "12 15:00"),
        ("en", "instead of Friday at two, Saturday at ten", "13 10:00"),
        ("en", "instead of two on Friday", "nothing"),
        ("de", "statt sechs am Freitag lieber sieben", "12 19:00"),
        ("en", "instead of six on Friday could we do seven", "12 19:00"),
        ("en", "rather than six on Friday could we do seven", "12 19:00"),
        ("en", "how about seven instead of six on Friday", "12 19:00"),
        ("en", "instead of my six o'clock on Friday could I have seven", "12 19:00"),
        ("en", "could I swap six on Friday for seven", "12 19:00"),
        ("en", "Saturday at six instead of six on Friday", "13 18:00"),
        ("en", "Friday at six, no, seven", "12 19:00"),
        ("en", "eight instead of nine on Friday", "12 08:00"),
        # Numbers of people.
        ("en", "a table of six on Friday", "12"),
        ("en", "instead of six people on Friday", "12"),
        ("de", "statt zwei Personen am Freitag", "12"),
    ],
)
def test_what_is_replaced_is_not_the_wish(language: str, text: str, expected: str) -> None:
    assert told(ask(language, text)) == expected


@pytest.mark.parametrize(
    ("language", "text", "expected"),
    [
        ("de", "Freitag, um drei muss ich aber weg", "-12 15:00"),
        ("de", "Freitag, ich muss aber spätestens um drei los", "-12 15:00"),
        ("de", "Freitag, um drei muss ich dann zum Zahnarzt", "-12 15:00"),
        ("de", "Freitag muss ich um drei weg", "-12 15:00"),
        ("de", "Freitagvormittag, um elf muss ich aber die Kinder abholen", "12 09:00-11:00"),
        ("de", "Freitag ab zehn, um zwölf muss ich aber weg", "12 10:00-12:00"),
        ("de", "Freitag oder Samstag, um drei muss ich jedoch weg", "-12 15:00 & -13 15:00"),
        ("de", "am Freitag bin ich aber bis drei in der Arbeit", "12 15:00-"),
        ("de", "Freitag, ich muss bis drei arbeiten", "12 15:00-"),
        ("de", "Freitag, bis drei muss ich wieder raus sein", "-12 15:00"),
        ("de", "Freitag, bis drei muss ich zurück sein", "-12 15:00"),
        ("de", "Freitag, um drei müsste ich fertig sein", "-12 15:00"),
        ("de", "Freitag, um drei muss ich nach Hause", "-12 15:00"),
        ("de", "Freitag, um drei wäre ich gern raus", "-12 15:00"),
        ("de", "Freitag, bis drei muss ich wieder im Büro sein", "-12 15:00"),
        ("en", "Friday, but at three I have to leave", "-12 15:00"),
        ("en", "Friday, at three I have to go though", "-12 15:00"),
        ("de", "Freitag passt, solange ich bis drei fertig bin", "-12 15:00"),
        ("de", "Freitag passt, wenn ich um drei draußen bin", "-12 15:00"),
        ("de", "Freitag, Hauptsache ich bin um drei raus", "-12 15:00"),
        ("de", "Freitag vor meinem Zug um drei", "-12 15:00"),
        ("en", "Friday until my bus at three", "-12 15:00"),
        ("en", "I'm free on Friday from eleven until my bus at three", "12 11:00-15:00"),
        ("en", "before my meeting at three on Friday", "-12 15:00"),
        ("en", "Friday, but I have to be gone by three", "-12 15:00"),
        ("en", "Friday's fine as long as I'm out by three", "-12 15:00"),
        ("en", "Friday, at three I have to leave, though", "-12 15:00"),
        ("en", "Friday, but I must be off by three", "-12 15:00"),
        ("en", "I have to leave at three on Friday", "-12 15:00"),
        ("en", "Friday morning, but I have to pick the kids up at eleven", "12 06:00-11:00"),
        ("en", "Friday from ten, but I have to leave at twelve", "12 10:00-12:00"),
        ("en", "I work till three on Friday", "12 15:00-"),
        # Without a day it may be meant of any.
        ("de", "um drei muss ich aber weg", "nothing"),
        ("de", "um drei muss ich dann aber leider wieder los", "nothing"),
        ("de", "um acht muss ich weg", "nothing"),
        ("de", "bis drei muss ich wieder raus sein", "nothing"),
        ("en", "I have to leave at three, though", "nothing"),
        ("en", "but at three I have to leave", "nothing"),
        ("de", "um drei muss ich weg, Freitag", "-12 15:00"),
        ("de", "um drei muss ich aber weg, also Freitag", "12"),
        ("en", "I'd need to leave at three though, Friday", "-12 15:00"),
        ("en", "I have to leave at three, so Friday", "12"),
        # A time of its own is the wish; when the guest comes free says nothing of it without a day, or for another day.
        ("de", "Freitag um zehn, um zwölf muss ich aber weg", "12 10:00"),
        ("de", "Ich arbeite immer bis sechs, also Samstag", "13"),
        ("en", "Friday at ten, but I have to leave at twelve", "12 10:00"),
        ("en", "need to go on Friday", "12"),
        ("en", "I work till 6 most days, so Saturday", "13"),
        ("en", "I need to get my hair done at three on Friday", "12 15:00"),
        ("en", "Friday, I have to be home by three", "12"),
    ],
)
def test_the_guests_own_business_sets_a_limit(language: str, text: str, expected: str) -> None:
    assert told(ask(language, text)) == expected


@pytest.mark.parametrize(
    ("language", "text"),
    [("de", "um drei muss ich aber weg"), ("en", "I have to leave at three, though")],
)
def test_a_limit_alone_is_one_of_the_day_that_is_spoken_of(language: str, text: str) -> None:
    (reading,) = ask(language, text, context=WhenContext(day=date(2026, 6, 19))).readings
    assert (reading.kind, reading.end) == ("open_start", datetime(2026, 6, 19, 15, tzinfo=BERLIN))


@pytest.mark.parametrize(
    ("language", "text", "expected"),
    [
        ("de", "Freitag um drei geht aber nicht, Samstag um drei", "13 15:00"),
        ("de", "Freitag geht aber leider nicht, Samstag", "13"),
        ("de", "Dienstag kann ich dann doch nicht, Mittwoch um zehn", "17 10:00"),
        ("de", "Freitag ist aber schlecht", "nothing"),
        ("de", "so schnell wie möglich, spätestens aber übermorgen", "-14 00:00"),
        # Here it begins a clause.
        ("de", "Freitag geht aber nicht vor zehn", "12 10:00-"),
        ("de", "Freitag passt aber Montag wäre auch gut", "12 & 15"),
        ("de", "Freitag passt aber bitte nicht zu früh", "12"),
        ("de", "Freitag kann ich aber Samstag nicht", "12"),
        ("de", "Freitag wäre aber gut", "12"),
        ("en", "Friday doesn't work though, Saturday at three", "13 15:00"),
        ("en", "Friday would be better though", "12"),
    ],
)
def test_an_adverb_inside_a_clause_does_not_cut_it(language: str, text: str, expected: str) -> None:
    assert told(ask(language, text)) == expected


@pytest.mark.parametrize(
    ("language", "text", "expected"),
    [
        ("de", "sonst immer dienstags, diesmal Freitag", "12"),
        ("de", "sonst dienstags, diesmal aber Freitag", "12"),
        ("de", "normalerweise dienstags um zehn, dieses Mal Freitag um elf", "12 11:00"),
        ("de", "diesmal Freitag, normalerweise komme ich dienstags", "12"),
        ("de", "immer dienstags, ausnahmsweise mal Freitag", "12"),
        ("en", "usually Tuesdays, this time Friday", "12"),
        ("en", "it's always Tuesdays at ten but this time Friday at eleven", "12 11:00"),
        ("en", "Tuesdays as a rule, but Friday this time", "12"),
        ("en", "every Tuesday at ten, for once Friday", "12"),
        # Without a contrast a habit is the wish, and "sonst" afterwards offers a second one.
        ("de", "wie immer Dienstag um zehn", "16 10:00"),
        ("de", "ich kann immer dienstags", "16"),
        ("de", "diesmal Freitag, sonst Samstag", "12 & 13"),
        ("en", "I always do Tuesdays", "16"),
        ("en", "this time Friday, otherwise Saturday", "12 & 13"),
        ("en", "this time tomorrow", "12 09:00"),
    ],
)
def test_a_habit_is_no_wish_beside_what_is_for_this_time(language: str, text: str, expected: str) -> None:
    assert told(ask(language, text)) == expected


@pytest.mark.parametrize(
    ("language", "text", "expected"),
    [
        ("de", "Karfreitag haben Sie zu? Dann Gründonnerstag um 10", "02 10:00"),
        ("de", "Karfreitag haben Sie zu? Dann Donnerstag um 10", "02 10:00"),
        ("de", "Ostermontag ist zu, dann Dienstag um 10", "31 10:00 or 07 10:00"),
        ("de", "Montag ist zu? Dann Dienstag um 10", "31 10:00"),
        ("de", "Ostermontag ist zu, dann übermorgen um 10", "01 10:00"),
        ("en", "You're closed on Good Friday? Then Thursday at 10", "02 10:00"),
        ("en", "You're closed on Easter Monday, so Tuesday at 10", "31 10:00 or 07 10:00"),
        ("en", "Closed on Monday? Then Tuesday at 10", "31 10:00"),
        ("en", "You're closed on Easter Monday, so tomorrow at 10", "31 10:00"),
    ],
)
def test_the_wish_follows_the_closed_day(language: str, text: str, expected: str) -> None:
    monday_before_easter = datetime(2026, 3, 30, 9, tzinfo=BERLIN)
    assert told(ask(language, text, now=monday_before_easter)) == expected


@pytest.mark.parametrize(
    ("language", "text", "expected"),
    [
        ("de", "zwischen zehn und zwölf, Dienstag oder Mittwoch", "16 10:00-12:00 & 17 10:00-12:00"),
        ("de", "Mittwoch kann ich ab zwei, Freitag nur vormittags", "17 14:00- & 12 09:00-12:00"),
        ("de", "Montag kann ich erst ab vier und Dienstag gar nicht", "15 16:00-"),
        ("de", "am 19., das ist glaub ich ein Freitag, um 9:15", "19 09:15"),
        ("de", "der 20. ist ein Samstag, oder? da um halb zwölf", "20 11:30"),
        ("de", "Richtung Wochenende, Freitag ab 15 Uhr", "12 15:00-"),
        ("de", "vor dem 17., am besten nachmittags", "-17 00:00"),
        ("de", "am 19. oder 20. gegen Mittag", "19 11:00-14:00 & 20 11:00-14:00"),
        ("en", "half five onwards, Monday or Tuesday", "15 17:30- & 16 17:30-"),
        ("en", "Wednesday I can do from two, Friday mornings only", "17 14:00- & 12 06:00-12:00"),
        ("en", "on the 19th, that's a Friday, at 9:15", "19 09:15"),
        ("en", "before the 17th, ideally an afternoon", "-17 00:00"),
        ("en", "next Wednesday but one at noon", "24 12:00"),
        ("en", "Friday, twelvish", "12 12:00"),
        ("de", "Freitag um sechs oder sieben", "12 18:00 & 12 19:00"),
        ("de", "um sechs oder sieben am Freitag", "12 18:00 & 12 19:00"),
        ("de", "Freitag um acht oder neun", "12 08:00 & 12 09:00"),
        ("en", "six or seven on Friday", "12 18:00 & 12 19:00"),
        ("en", "ten or eleven on Friday", "12 10:00 & 12 11:00"),
        ("en", "ten or half ten on the fifteenth", "15 10:00 & 15 10:30"),
        ("en", "a table for two or three on Friday", "12"),
        # Of a month that has begun only what is left of it.
        ("de", "dienstags diesen Monat um vier", "16 16:00"),
        ("de", "Montag diese Woche", "08"),
        ("en", "any Tuesday this month, after four", "16 16:00-"),
        ("en", "Monday this week", "08"),
        # A time after a day is that day's alone, and a remark may be wrong.
        ("de", "Dienstag um zehn oder Mittwoch", "16 10:00 & 17"),
        ("de", "am 19., das ist ein Montag, um neun", "19 09:00 or 22 09:00"),
        ("en", "Tuesday at ten or Wednesday", "16 10:00 & 17"),
    ],
)
def test_days_and_times_find_each_other(language: str, text: str, expected: str) -> None:
    assert told(ask(language, text)) == expected


@pytest.mark.parametrize(
    ("language", "text", "expected"),
    [
        ("de", "Freitag, aber nichts vor zehn", "12 10:00-"),
        ("de", "Freitag, aber nichts nach sechs", "-12 18:00"),
        ("de", "nichts vor dem 19.", "19 00:00-"),
        ("en", "nothing before ten on Friday please", "12 10:00-"),
        ("en", "Friday, nothing after six please", "-12 18:00"),
        ("en", "nothing before July", "01 00:00-"),
        ("en", "nothing before the 19th", "19 00:00-"),
        # The question asks for just that.
        ("de", "Haben Sie am Freitag nichts nach sechs?", "12 18:00-"),
        ("de", "Habt ihr am Freitag nichts vor zehn?", "-12 10:00"),
        ("en", "Do you have nothing after six on Friday?", "12 18:00-"),
        ("en", "Is there nothing before ten tomorrow?", "-12 10:00"),
    ],
)
def test_nothing_before_is_from_then_on(language: str, text: str, expected: str) -> None:
    assert told(ask(language, text)) == expected


@pytest.mark.parametrize(
    ("language", "text", "expected"),
    [
        ("de", "am 30. Juni ist ihr Geburtstag, also am Wochenende davor", "27 00:00-00:00"),
        ("de", "am Wochenende nach dem 26. Juni", "27 00:00-00:00"),
        ("de", "am Wochenende vor dem 30. Juni", "27 00:00-00:00"),
        ("en", "it's her birthday on the 30th of June, so ideally the weekend before", "27 00:00-00:00"),
        ("en", "the weekend after the 26th of June", "27 00:00-00:00"),
        ("en", "the weekend before the 30th", "27 00:00-00:00"),
        ("en", "the week before the 30th", "22 00:00-00:00"),
        ("de", "im Juli, am liebsten in der zweiten Woche", "06 00:00-00:00"),
        ("en", "next month, ideally the second week", "06 00:00-00:00"),
        ("en", "any time in the first week of August is fine", "03 00:00-00:00"),
        ("de", "Montag um neun, sonst Dienstag um dieselbe Zeit", "15 09:00 & 16 09:00"),
        ("en", "I can't make it today, same time tomorrow?", "12"),
        ("en", "I can't make it before ten tomorrow", "12 10:00-"),
        ("en", "is 12 too early on Sunday?", "14 12:00"),
        ("en", "the Saturday of the Christmas weekend", "26"),
        ("en", "the Thursday before the 1st of July", "25"),
        ("de", "am letzten Donnerstag dieses Monats um elf", "25 11:00"),
        ("de", "am letzten Freitag nächsten Monats", "31"),
        ("de", "letzten Donnerstag", "04"),
        ("de", "Samstag um zwei ist mir was dazwischengekommen, Sonntag um drei?", "14 15:00"),
        ("en", "something's come up on Saturday at two, Sunday at three?", "14 15:00"),
        ("en", "by lunchtime on Tuesday", "-16 14:00"),
        ("en", "not the weekend, Monday's better", "15"),
        ("de", "letzte Woche des Jahres", "28 00:00-00:00"),
        ("de", "in der ersten Woche des Jahres", "04 00:00-00:00"),
        ("de", "vorletzte Oktoberwoche", "19 00:00-00:00"),
        ("de", "die letzten zwei Wochen im Oktober", "19 00:00-00:00"),
        ("de", "in den letzten zehn Tagen des Monats", "21"),
        ("en", "the last week of the year", "28 00:00-00:00"),
        ("en", "the last two weeks of October", "19 00:00-00:00"),
        ("en", "the last ten days of the month", "21"),
        ("en", "Saturday, so the 4th of July", "04"),
        ("en", "the fourth of next month", "04"),
        ("en", "my shift ends at two on Tuesday, can I come at half past?", "16 14:30"),
        ("en", "my son at 4 and my daughter at half past on Monday", "15 16:00 & 15 16:30"),
        ("en", "half past nine and not a minute earlier, on Saturday", "13 09:30"),
        ("de", "um halb zehn und keine Minute früher, am Samstag", "13 09:30"),
        ("de", "um fünf Uhr am Nachmittag des 17.", "17 17:00"),
        ("de", "der 17. und 18. gehen beide", "17 & 18"),
        ("en", "the week after the 3rd of July", "06 00:00-00:00"),
        ("en", "any Saturday this month bar the 20th", "13"),
        ("en", "let's leave Friday and go for Monday at 2", "15 14:00"),
        ("en", "let's leave it at Friday", "12"),
        ("en", "I'll take the later one on Friday", "12"),
        ("de", "am 22., 23. oder 24. nachmittags", "22 12:00-18:00 & 23 12:00-18:00 & 24 12:00-18:00"),
        ("de", "spätestens bis Ende nächster Woche", "-22 00:00"),
        ("de", "bis Ende der Woche", "-15 00:00"),
        ("en", "by the end of next week at the latest", "-22 00:00"),
        ("en", "by the end of next month", "-01 00:00"),
    ],
)
def test_stretches_beside_and_inside_others(language: str, text: str, expected: str) -> None:
    assert told(ask(language, text)) == expected


@pytest.mark.parametrize(
    ("language", "text", "expected"),
    [
        ("de", "morgen oder Montag, morgen aber erst ab zwölf", "12 12:00- & 15"),
        ("de", "morgen oder Montag, Montag aber erst ab zwölf", "12 & 15 12:00-"),
        ("de", "morgen oder Montag, aber morgen erst ab zwölf", "12 12:00- & 15"),
        ("de", "Dienstag oder Mittwoch, Dienstag aber nur bis zwölf", "-16 12:00 & 17"),
        ("de", "Montag, Dienstag oder Mittwoch, Mittwoch nur nachmittags", "15 & 16 & 17 12:00-18:00"),
        ("de", "nächste Woche Montag oder Dienstag, Dienstag aber erst ab drei", "15 & 16 15:00-"),
        ("de", "am 17. oder 19., am 19. nur vormittags", "17 & 19 09:00-12:00"),
        ("en", "tomorrow or Monday, but tomorrow only after twelve", "12 12:00- & 15"),
        ("en", "Tuesday or Wednesday, Wednesday only after three", "16 & 17 15:00-"),
        ("en", "tomorrow or Monday, tomorrow only from noon though", "12 12:00- & 15"),
        ("en", "the 17th or the 19th, on the 19th only in the morning", "17 & 19 06:00-12:00"),
        # What follows the list without a day holds for all of it.
        ("de", "morgen oder Montag, aber erst ab zwölf", "12 12:00- & 15 12:00-"),
        ("en", "Tuesday or Wednesday, after three", "16 15:00- & 17 15:00-"),
    ],
)
def test_what_is_said_of_one_day_of_a_list_holds_for_it_alone(language: str, text: str, expected: str) -> None:
    assert told(ask(language, text)) == expected


@pytest.mark.parametrize(
    ("language", "text", "expected"),
    [
        ("de", "jeden Freitag um zehn", "12 10:00"),
        ("de", "jeden zweiten Freitag", "12"),
        ("de", "jeden zweiten Montag im Monat", "13"),
        ("de", "alle zwei Wochen freitags", "12"),
        ("de", "alle 14 Tage am Freitag um zehn", "12 10:00"),
        ("de", "jede zweite Woche dienstags", "16"),
        ("de", "wöchentlich montags um neun", "15 09:00"),
        ("de", "einmal im Monat freitags", "12"),
        ("en", "every Friday at ten", "12 10:00"),
        ("en", "every other Friday", "12"),
        ("en", "every second Monday of the month", "13"),
        ("en", "every two weeks on Friday", "12"),
        ("en", "Fridays at ten every fortnight", "12 10:00"),
        ("en", "weekly on Monday at 9", "15 09:00"),
        ("en", "once a month on a Friday", "12"),
    ],
)
def test_a_wish_that_repeats_is_its_next_time_and_unsure(language: str, text: str, expected: str) -> None:
    when = ask(language, text)
    assert told(when) == expected
    assert [(reading.repeats, reading.certainty) for reading in when.readings] == [(True, 0.5)]


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("de", "am Freitag um zehn"),
        ("de", "wie immer Dienstag um zehn"),
        ("de", "der zweite Freitag im Monat"),
        ("de", "Ich komme alle vier Wochen, geht Freitag um zehn?"),
        ("en", "on Friday at ten"),
        ("en", "the second Friday of the month"),
        ("en", "I come every four weeks, could I have Friday at ten?"),
    ],
)
def test_a_wish_for_once_does_not_repeat(language: str, text: str) -> None:
    assert [reading.repeats for reading in ask(language, text).readings] == [False]


@pytest.mark.parametrize(
    ("language", "text", "expected"),
    [
        ("de", "eine halbe Stunde früher", "19 14:30"),
        ("de", "ne halbe Stunde eher", "19 14:30"),
        ("de", "zwei Stunden später", "19 17:00"),
        ("de", "um eine Stunde nach hinten bitte", "19 16:00"),
        ("de", "eine Viertelstunde vorverlegen", "19 14:45"),
        ("de", "eine Woche später", "26 15:00"),
        ("de", "gleiche Uhrzeit am Montag", "15 15:00"),
        ("en", "half an hour earlier", "19 14:30"),
        ("en", "half an hour sooner", "19 14:30"),
        ("en", "an hour later", "19 16:00"),
        ("en", "push it back an hour", "19 16:00"),
        ("en", "bring my appointment forward by half an hour", "19 14:30"),
        ("en", "a week later", "26 15:00"),
        ("en", "same time on Monday", "15 15:00"),
    ],
)
def test_a_shift_is_exact_from_what_is_booked(language: str, text: str, expected: str) -> None:
    booked = datetime(2026, 6, 19, 15, tzinfo=BERLIN)
    assert told(ask(language, text, context=WhenContext(day=booked.date(), booked=booked))) == expected
    if "Uhrzeit" not in text and "same time" not in text:
        assert told(ask(language, text)) == "nothing"


def test_what_is_offered_is_nearer_than_what_is_booked() -> None:
    offered, booked = datetime(2026, 6, 12, 10, tzinfo=BERLIN), datetime(2026, 6, 19, 15, tzinfo=BERLIN)
    context = WhenContext(offered=(offered,), booked=booked)
    assert told(ask("de", "eine halbe Stunde später", context=context)) == "12 10:30"
    assert told(ask("en", "half an hour later", context=context)) == "12 10:30"
