"""When the calendar counts as down, and when it is tried again."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from booking_core.services.calendar_health import CalendarHealth

NOON = datetime(2026, 11, 25, 12, tzinfo=UTC)


def after(seconds: float) -> datetime:
    return NOON + timedelta(seconds=seconds)


def silent(*seconds: float) -> CalendarHealth:
    """A calendar that gave no answer at these moments."""
    health = CalendarHealth()
    for at in seconds:
        health.failed(after(at))
    return health


def test_nothing_is_known_at_first() -> None:
    assert not CalendarHealth().down(NOON)


@pytest.mark.parametrize(("failures", "down"), [(1, False), (2, False), (3, True), (4, True)])
def test_three_calls_without_an_answer_are_enough(failures: int, down: bool) -> None:
    assert silent(*range(failures)).down(after(failures)) is down


def test_one_attempt_counts_once_however_often_it_calls() -> None:
    health = CalendarHealth()
    for at in range(10):
        health.failed(after(at / 4), "ABC234")
    assert not health.down(after(3))
    health.failed(after(3), "DEF567")
    health.failed(after(3.25), "DEF567")
    assert not health.down(after(4))
    health.failed(after(4), "GHJ892")
    assert health.down(after(4))


def test_calls_of_no_attempt_count_each_for_itself() -> None:
    health = silent(0, 1)
    health.failed(after(2), "ABC234")
    assert health.down(after(2))


def test_after_an_answer_the_same_attempt_counts_again() -> None:
    health = silent(0)
    health.failed(after(1), "ABC234")
    health.succeeded(NOON)
    for at in (2, 3):
        health.failed(after(at))
    assert not health.down(after(3))
    health.failed(after(4), "ABC234")
    assert health.down(after(4))


def test_an_attempt_that_goes_on_in_vain_keeps_it_down() -> None:
    health = silent(0, 1)
    for at in (2, 20, 45):
        health.failed(after(at), "ABC234")
    assert health.down(after(74))
    assert not health.down(after(75))


def test_one_answer_makes_it_well_again() -> None:
    health = silent(0, 1, 2)
    health.succeeded(NOON)
    assert not health.down(after(2))
    for at in (3, 4):
        health.failed(after(at))
    assert not health.down(after(4)), "counted anew"
    health.failed(after(5))
    assert health.down(after(5))


def test_an_answer_in_between_breaks_the_row() -> None:
    health = silent(0, 1)
    health.succeeded(NOON)
    health.failed(after(2))
    assert not health.down(after(2))


def test_half_a_minute_after_the_last_failure_it_is_tried_again() -> None:
    health = silent(0, 1, 2)
    assert health.down(after(31.9))
    assert not health.down(after(32))


def test_a_try_in_vain_makes_it_down_at_once_for_another_half_minute() -> None:
    health = silent(0, 1, 2)
    health.failed(after(40))
    assert health.down(after(69))
    assert not health.down(after(70))


def test_an_answer_is_remembered() -> None:
    health = silent(0, 1, 2)
    assert not health.answered_since(after(-60))
    health.succeeded(after(3))
    assert not health.down(after(3))
    assert health.answered_since(after(3))
    assert not health.answered_since(after(4))
