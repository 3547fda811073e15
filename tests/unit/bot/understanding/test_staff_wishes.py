"""Whom a guest wants, whom not, and whom only in the past."""

from __future__ import annotations

import time
from collections.abc import Callable

import pytest

from booking_core.model.ids import StaffId
from bot.understanding.meaning import Meaning, StaffMention

ANNA = StaffMention(staff=StaffId("anna"))
CLARA = StaffMention(staff=StaffId("clara"))
ANYONE = StaffMention(anyone=True)
ANYONE_BUT_ANNA = StaffMention(anyone=True, excluded=StaffId("anna"))
CLARA_NOT_ANNA = StaffMention(staff=StaffId("clara"), excluded=StaffId("anna"))
NOT_ANNA = StaffMention(excluded=StaffId("anna"))


@pytest.mark.parametrize(
    ("language", "text", "expected"),
    [
        ("de", "nicht bei Anna", NOT_ANNA),
        ("de", "nicht schon wieder zu Anna", NOT_ANNA),
        ("de", "Anna bitte nicht", NOT_ANNA),
        ("de", "zu Anna möchte ich nicht mehr", NOT_ANNA),
        ("de", "auf keinen Fall Anna", NOT_ANNA),
        ("de", "Anna hat mir nicht gefallen, lieber Clara", CLARA_NOT_ANNA),
        ("de", "nicht Anna, sondern Clara", CLARA_NOT_ANNA),
        ("de", "lieber bei Clara als bei Anna", CLARA_NOT_ANNA),
        ("de", "statt Anna lieber Clara", CLARA_NOT_ANNA),
        ("en", "not with Anna", NOT_ANNA),
        ("en", "not Anna again", NOT_ANNA),
        ("en", "I don't want to go to Anna", NOT_ANNA),
        ("en", "I'd rather not have Anna", NOT_ANNA),
        ("en", "not Anna but Clara", CLARA_NOT_ANNA),
        ("en", "rather Clara than Anna", CLARA_NOT_ANNA),
        ("en", "Clara instead of Anna", CLARA_NOT_ANNA),
    ],
)
def test_a_name_that_is_refused_is_not_wished(
    understand: Callable[..., Meaning], language: str, text: str, expected: StaffMention
) -> None:
    assert understand(text, language=language).staff == expected


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("de", "jemand anderes als Anna"),
        ("de", "bei jemand anderem als Anna bitte"),
        ("de", "ein anderer Friseur als Anna"),
        ("de", "bei irgendwem außer Anna"),
        ("de", "bei jemand anderem bitte"),
        ("en", "somebody other than Anna"),
        ("en", "someone else than Anna"),
        ("en", "anyone but Anna"),
        ("en", "anyone apart from Anna"),
        ("en", "a different stylist than Anna"),
        ("en", "with someone else please"),
    ],
)
def test_somebody_else_may_be_anybody(understand: Callable[..., Meaning], language: str, text: str) -> None:
    assert understand(text, language=language).staff == (ANYONE_BUT_ANNA if "Anna" in text else ANYONE)


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("de", "niemand außer Anna"),
        ("de", "bei keiner anderen als Anna"),
        ("de", "Schneidet Anna nicht?"),
        ("de", "Ist Anna nicht da?"),
        ("de", "bei Anna geht es nicht vor drei"),
        ("de", "bei Anna, wenn es nicht zu teuer ist"),
        ("de", "am Freitag bei Anna passt mir nicht"),
        ("en", "nobody but Anna"),
        ("en", "no one else but Anna"),
        ("en", "can't I have Anna?"),
        ("en", "don't you have Anna on Friday?"),
        ("en", "not before three with Anna"),
    ],
)
def test_a_denial_of_something_else_leaves_the_name(
    understand: Callable[..., Meaning], language: str, text: str
) -> None:
    assert understand(text, language=language).staff == ANNA


@pytest.mark.parametrize(
    ("language", "text", "expected"),
    [
        ("de", "Ich war letztes Mal bei Anna, diesmal lieber bei Clara", CLARA),
        ("de", "sonst gehe ich zu Anna, diesmal zu Clara", CLARA),
        ("de", "Ich war letztes Mal bei Anna", ANNA),
        ("en", "I usually see Anna, this time Clara please", CLARA),
        ("en", "I had Anna last time, Clara this time", CLARA),
        ("en", "I had Anna last time, could I see her again", ANNA),
    ],
)
def test_whom_a_guest_had_before_gives_way_to_whom_she_wants_now(
    understand: Callable[..., Meaning], language: str, text: str, expected: StaffMention
) -> None:
    assert understand(text, language=language).staff == expected


def test_many_refused_names_take_time_in_proportion(understand: Callable[..., Meaning]) -> None:
    def seconds(text: str) -> float:
        begun = time.perf_counter()
        understand(text)
        return time.perf_counter() - begun

    piece = "nicht zu Anna "
    short = min(seconds(piece * 17) for _ in range(3))
    assert min(seconds(piece * 136) for _ in range(3)) <= 16 * short + 0.05
