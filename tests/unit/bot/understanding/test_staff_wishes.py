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
NOBODY = StaffMention()


@pytest.mark.parametrize(
    ("language", "text", "expected"),
    [
        ("de", "nicht bei Anna", NOBODY),
        ("de", "nicht schon wieder zu Anna", NOBODY),
        ("de", "Anna bitte nicht", NOBODY),
        ("de", "zu Anna möchte ich nicht mehr", NOBODY),
        ("de", "auf keinen Fall Anna", NOBODY),
        ("de", "Anna hat mir nicht gefallen, lieber Clara", CLARA),
        ("de", "nicht Anna, sondern Clara", CLARA),
        ("de", "lieber bei Clara als bei Anna", CLARA),
        ("de", "statt Anna lieber Clara", CLARA),
        ("en", "not with Anna", NOBODY),
        ("en", "not Anna again", NOBODY),
        ("en", "I don't want to go to Anna", NOBODY),
        ("en", "I'd rather not have Anna", NOBODY),
        ("en", "not Anna but Clara", CLARA),
        ("en", "rather Clara than Anna", CLARA),
        ("en", "Clara instead of Anna", CLARA),
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
    assert understand(text, language=language).staff == ANYONE


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
