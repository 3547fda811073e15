"""Each reason in words, in both languages; nothing is told of whose appointment stands in the way."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
import yaml

from booking_core.availability.explain import (
    DoesNotWork,
    EquipmentTaken,
    IsBusy,
    IsUnknown,
    NobodyDoesIt,
    Obstacle,
    OffGrid,
    PauseCannotBeKept,
    RuledOut,
)
from booking_core.availability.rules import Impediment, Reason, Window
from booking_core.model.description import tenant_from
from booking_core.model.ids import ServiceId, StaffId
from booking_core.model.interval import Interval, day_interval, local
from booking_core.services.offers import Wish
from booking_core.services.reasons import Reasons
from bot.dialogue.phrases import Phrases
from bot.dialogue.why import reasons_text, why_text
from bot.translations import Translations

ZONE = ZoneInfo("Europe/Berlin")
DAY = date(2026, 3, 26)
SALON = tenant_from(
    yaml.safe_load((Path(__file__).parents[4] / "bot/demo/salon.yaml").read_text(encoding="utf-8"))
)
ANNA, BEN, CLARA = StaffId("anna"), StaffId("ben"), StaffId("clara")


def at(clock: str) -> datetime:
    return local(DAY, time.fromisoformat(clock), ZONE)


def stretch(first: str, last: str) -> Interval:
    return Interval(at(first), at(last))


WHOLE = day_interval(DAY, ZONE)
BREAK = DoesNotWork(0, ANNA, stretch("15:00", "15:30"), all_day=False)
EARLY = DoesNotWork(0, CLARA, Interval(WHOLE.starts_at, at("10:00")), all_day=False)
LATE = DoesNotWork(0, CLARA, Interval(at("18:00"), WHOLE.ends_at), all_day=False)
AWAY = DoesNotWork(0, BEN, WHOLE, all_day=True)


def busy(staff: StaffId, segment: int = 0) -> IsBusy:
    return IsBusy(segment, staff, stretch("14:00", "16:00"))


def phrases(language: str) -> Phrases:
    return Phrases(Translations.load(), SALON, language, at("09:00"))


@pytest.mark.parametrize(
    ("obstacles", "german", "english"),
    [
        ([busy(ANNA)], "Anna ist dann schon belegt", "Anna is already booked then"),
        (
            [busy(CLARA), busy(ANNA)],
            "Anna und Clara sind dann schon belegt",
            "Anna and Clara are already booked then",
        ),
        ([AWAY], "Ben arbeitet an diesem Tag nicht", "Ben does not work that day"),
        ([BREAK], "Anna hat von 15:00 bis 15:30 Uhr Pause", "Anna has a break from 3 pm to 3.30 pm"),
        ([EARLY], "Clara arbeitet an diesem Tag erst ab 10:00 Uhr", "Clara only starts at 10 am that day"),
        ([LATE], "Clara arbeitet an diesem Tag nur bis 18:00 Uhr", "Clara only works until 6 pm that day"),
        (
            [busy(ANNA), AWAY, BREAK],
            "Anna ist dann schon belegt, Ben arbeitet an diesem Tag nicht und Anna hat von 15:00 bis 15:30 Uhr Pause",
            "Anna is already booked then, Ben does not work that day and Anna has a break from 3 pm to 3.30 pm",
        ),
        (
            [EquipmentTaken(0, "colour-bar", stretch("14:00", "15:00"))],
            "„Farbbar“ ist dann schon belegt",
            "“Colour bar” is already in use then",
        ),
        (
            [IsUnknown(0, ANNA, stretch("14:00", "15:00")), IsUnknown(0, CLARA, stretch("14:00", "15:00"))],
            "ob Anna dann frei ist, kann ich gerade nicht sicher sagen und ob Clara dann frei ist, kann ich gerade nicht sicher sagen",
            "I cannot tell for certain whether Anna is free then and I cannot tell for certain whether Clara is free then",
        ),
        ([NobodyDoesIt(0)], "das kann dann niemand übernehmen", "there is nobody who could do it then"),
        (
            [OffGrid()],
            "Termine beginnen bei uns im Abstand von fünf Minuten",
            "appointments start at intervals of five minutes",
        ),
        ([], "", ""),
    ],
)
def test_reasons(obstacles: list[Obstacle], german: str, english: str):
    assert reasons_text(obstacles, phrases("de")) == german
    assert reasons_text(obstacles, phrases("en")) == english


EXACT = Window(at("14:00"), at("14:01"), exact=True)
AFTERNOON = Window(at("12:00"), at("18:00"))
PAUSE = PauseCannotBeKept(0, stretch("15:20", "15:35"))
ON_THE_DOT = PauseCannotBeKept(0, stretch("15:20", "15:20"))


@pytest.mark.parametrize(
    ("service", "window", "obstacles", "staff", "german", "english"),
    [
        (
            "mens-cut",
            EXACT,
            [busy(ANNA)],
            ANNA,
            "Donnerstag, 26. März, 14:00 Uhr geht für Herrenhaarschnitt nicht: Anna ist dann schon belegt.",
            "Thursday 26 March, 2 pm is not possible for Men's haircut: Anna is already booked then.",
        ),
        (
            "mens-cut",
            AFTERNOON,
            [AWAY],
            BEN,
            "Für Herrenhaarschnitt ist am Donnerstag, 26. März, zwischen 12:00 Uhr und 18:00 Uhr nichts frei: "
            "Ben arbeitet an diesem Tag nicht.",
            "There is nothing free for Men's haircut on Thursday 26 March between 12 pm and 6 pm: "
            "Ben does not work that day.",
        ),
        (
            "perm",
            EXACT,
            [busy(ANNA)],
            None,
            "Donnerstag, 26. März, 14:00 Uhr geht für Dauerwelle nicht, denn für „Wickeln“ ist niemand frei: "
            "Anna ist dann schon belegt.",
            "Thursday 26 March, 2 pm is not possible for Perm, because nobody is free for “rolling”: "
            "Anna is already booked then.",
        ),
        (
            # Who was wished for is not "nobody": others may be free.
            "perm",
            EXACT,
            [busy(ANNA)],
            ANNA,
            "Donnerstag, 26. März, 14:00 Uhr geht für Dauerwelle nicht: Anna ist dann schon belegt.",
            "Thursday 26 March, 2 pm is not possible for Perm: Anna is already booked then.",
        ),
        (
            "full-colour",
            EXACT,
            [PAUSE, busy(CLARA, 1)],
            None,
            "Donnerstag, 26. März, 14:00 Uhr geht für Komplette Umfärbung nicht: Nach der Einwirkzeit müsste es zwischen "
            "15:20 und 15:35 Uhr mit „Auswaschen, schneiden und föhnen“ weitergehen, aber Clara ist dann schon belegt.",
            "Thursday 26 March, 2 pm is not possible for Full colour: once it has been left to work, “rinse, cut and dry” "
            "would have to follow between 3.20 pm and 3.35 pm, but Clara is already booked then.",
        ),
        (
            "full-colour",
            EXACT,
            [ON_THE_DOT, busy(CLARA, 1)],
            None,
            "Donnerstag, 26. März, 14:00 Uhr geht für Komplette Umfärbung nicht: Nach der Einwirkzeit müsste es um 15:20 Uhr "
            "mit „Auswaschen, schneiden und föhnen“ weitergehen, aber Clara ist dann schon belegt.",
            "Thursday 26 March, 2 pm is not possible for Full colour: once it has been left to work, “rinse, cut and dry” "
            "would have to follow at 3.20 pm, but Clara is already booked then.",
        ),
        (
            "full-colour",
            EXACT,
            [PAUSE],
            None,
            "Donnerstag, 26. März, 14:00 Uhr geht für Komplette Umfärbung nicht: Die Einwirkzeit vor „Auswaschen, schneiden "
            "und föhnen“ lässt sich dann nicht einhalten.",
            "Thursday 26 March, 2 pm is not possible for Full colour: “rinse, cut and dry” could not follow in time once it "
            "has been left to work.",
        ),
        (
            "full-colour",
            AFTERNOON,
            [PAUSE, busy(CLARA, 1)],
            None,
            "Für Komplette Umfärbung ist am Donnerstag, 26. März, zwischen 12:00 Uhr und 18:00 Uhr nichts frei: Nach der "
            "Einwirkzeit könnte es nicht rechtzeitig mit „Auswaschen, schneiden und föhnen“ weitergehen, denn Clara ist dann "
            "schon belegt.",
            "There is nothing free for Full colour on Thursday 26 March between 12 pm and 6 pm: once it has been left to "
            "work, “rinse, cut and dry” could not follow in time, because Clara is already booked then.",
        ),
        (
            "full-colour",
            EXACT,
            [EquipmentTaken(0, "colour-bar", stretch("14:00", "15:00"))],
            None,
            "Donnerstag, 26. März, 14:00 Uhr geht für Komplette Umfärbung nicht: „Farbbar“ ist dann schon belegt.",
            "Thursday 26 March, 2 pm is not possible for Full colour: “Colour bar” is already in use then.",
        ),
        (
            "mens-cut",
            EXACT,
            [RuledOut(Impediment(Reason.CLOSED_DAY, DAY, "Karfreitag"))],
            None,
            "Am Donnerstag, 26. März, haben wir wegen des Feiertags geschlossen (Karfreitag).",
            "We are closed on Thursday 26 March for the public holiday (Karfreitag).",
        ),
        (
            "mens-cut",
            EXACT,
            [],
            None,
            "Donnerstag, 26. März, 14:00 Uhr ist für Herrenhaarschnitt nicht frei.",
            "Thursday 26 March, 2 pm is not free for Men's haircut.",
        ),
    ],
)
def test_whole_answers(
    service: str, window: Window, obstacles: list[Obstacle], staff: StaffId | None, german: str, english: str
):
    found = SALON.get_service(ServiceId(service))
    reasons, wish = Reasons(window, tuple(obstacles)), Wish(found, (window,), staff)
    assert why_text(reasons, wish, phrases("de")) == german
    assert why_text(reasons, wish, phrases("en")) == english


def test_somebody_who_shares_the_work_could_not_do_all_of_it():
    wish = Wish(SALON.get_service(ServiceId("full-colour")), (EXACT,), CLARA, whole=True)
    reasons = Reasons(EXACT, (PAUSE, busy(CLARA, 1)))
    assert why_text(reasons, wish, phrases("de")).startswith(
        "Donnerstag, 26. März, 14:00 Uhr geht für Komplette Umfärbung ganz bei Clara nicht: Nach der Einwirkzeit"
    )
    assert "not possible for Full colour with Clara throughout: once" in why_text(reasons, wish, phrases("en"))


def test_how_long_somebody_is_busy_stays_with_the_salon():
    long, short = busy(ANNA), IsBusy(0, ANNA, Interval(at("14:00"), at("14:00") + timedelta(minutes=5)))
    for language in ("de", "en"):
        assert reasons_text([long], phrases(language)) == reasons_text([short], phrases(language))


def test_who_does_what_of_a_service_that_she_does_in_part():
    perm = SALON.get_service(ServiceId("perm"))
    assert phrases("de").who_does_what(perm, CLARA) == (
        "Dauerwelle: Clara übernimmt „Fixieren“ und „Auswaschen und schneiden“; „Wickeln“ macht Anna."
    )
    assert phrases("en").who_does_what(perm, BEN) == (
        "Perm: Ben does “fixing”; “rolling” is done by Anna and “rinse and cut” is done by Anna and Clara."
    )
