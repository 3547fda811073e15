"""Which days are read again, when, and within which budget."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

from booking_core.model.ids import ResourceId, StaffId
from booking_core.ports.mirror import MirrorDay, Reading
from booking_core.services.refresh_plan import DayKey, DueRun, Pace, RefreshPlan, Urgency, runs_of_days, wanted

REAL = datetime(2026, 11, 25, 12, 0, tzinfo=UTC)
TODAY = date(2026, 3, 24)
ANNA, BEN = StaffId("anna"), StaffId("ben")
PACE = Pace()


def ahead(days: int) -> date:
    return TODAY + timedelta(days=days)


def mirrored(
    *, age: timedelta, staff: tuple[StaffId, ...] = (ANNA,), days: range = range(91)
) -> dict[DayKey, MirrorDay]:
    return {
        (member, ahead(number)): MirrorDay(ResourceId(f"staff:{member}"), ahead(number), 0, b"\0" * 36, REAL - age)
        for member in staff
        for number in days
    }


def plan(
    days: dict[DayKey, MirrorDay],
    *,
    staff: tuple[StaffId, ...] = (ANNA,),
    reading: Reading | None = None,
    pace: Pace = PACE,
    recent: dict[StaffId, int] | None = None,
) -> RefreshPlan:
    return wanted(
        days,
        staff,
        today=TODAY,
        horizon_days=90,
        real=REAL,
        reading=reading or Reading(),
        pace=pace,
        recent_calls=recent or {},
    )


def test_what_is_young_is_left_alone_and_the_next_look_is_soon() -> None:
    assert plan(mirrored(age=timedelta(seconds=30))) == RefreshPlan((), REAL + timedelta(seconds=60))
    nearly = mirrored(age=timedelta(minutes=14, seconds=50))
    assert plan(nearly) == RefreshPlan((), REAL + timedelta(seconds=10))


def test_days_never_read_are_read_up_to_the_horizon() -> None:
    assert plan({}).runs == (
        DueRun(ANNA, ahead(0), ahead(30), Urgency.UNKNOWN),
        DueRun(ANNA, ahead(31), ahead(61), Urgency.UNKNOWN),
        DueRun(ANNA, ahead(62), ahead(90), Urgency.UNKNOWN),
    )


def test_a_month_is_read_every_quarter_of_an_hour_and_the_rest_twice_a_day() -> None:
    assert plan(mirrored(age=timedelta(minutes=15))).runs == (DueRun(ANNA, ahead(0), ahead(30), Urgency.AGED),)
    old = plan(mirrored(age=timedelta(hours=12)))
    assert [(run.first, run.last) for run in old.runs] == [
        (ahead(0), ahead(30)),
        (ahead(31), ahead(61)),
        (ahead(62), ahead(90)),
    ]


def test_a_near_day_that_somebody_asked_for_brings_its_week_after_a_minute() -> None:
    days = mirrored(age=timedelta(seconds=60), staff=(ANNA, BEN))
    key = (BEN, ahead(3))
    days[key] = replace(days[key], asked_at=REAL - timedelta(seconds=1))
    assert plan(days, staff=(ANNA, BEN)).runs == (DueRun(BEN, ahead(0), ahead(7), Urgency.ASKED),)
    younger = {key: replace(day, read_at=REAL - timedelta(seconds=59)) for key, day in days.items()}
    assert plan(younger, staff=(ANNA, BEN)) == RefreshPlan((), REAL + timedelta(seconds=1))
    days[key] = replace(days[key], asked_at=REAL - timedelta(seconds=61))
    assert plan(days, staff=(ANNA, BEN)).runs == ()  # asked for before it was read


def test_a_far_day_that_somebody_asked_for_has_time() -> None:
    days = mirrored(age=timedelta(seconds=90))
    key = (ANNA, ahead(8))
    days[key] = replace(days[key], asked_at=REAL)
    assert plan(days).runs == ()


def test_an_invalidated_day_is_read_first_and_not_before_it_is_believed() -> None:
    days = mirrored(age=timedelta(minutes=20), staff=(ANNA, BEN))
    key = (BEN, ahead(40))
    days[key] = replace(days[key], invalidated_at=REAL)
    first, *_ = plan(days, staff=(ANNA, BEN)).runs
    assert first == DueRun(BEN, ahead(40), ahead(40), Urgency.INVALIDATED)
    days = mirrored(age=timedelta(seconds=1))
    days[ANNA, ahead(2)] = replace(days[ANNA, ahead(2)], invalidated_at=REAL + timedelta(seconds=5))
    assert plan(days) == RefreshPlan((), REAL + timedelta(seconds=5))


def test_nothing_is_asked_during_a_pause() -> None:
    until = REAL + timedelta(seconds=20)
    assert plan({}, reading=Reading(paused_until=until)) == RefreshPlan((), until)
    assert plan({}, reading=Reading(paused_until=REAL)).runs


def test_the_last_fifth_of_the_day_is_for_what_is_wanted() -> None:
    days = mirrored(age=timedelta(minutes=15), staff=(ANNA, BEN))
    days[BEN, ahead(1)] = replace(days[BEN, ahead(1)], asked_at=REAL)
    spent = Reading(counted_on=REAL.date(), calls=PACE.routine_calls_a_day)
    assert [run.urgency for run in plan(days, staff=(ANNA, BEN), reading=spent).runs] == [Urgency.ASKED]
    spent = Reading(counted_on=REAL.date(), calls=PACE.calls_a_day)
    assert plan(days, staff=(ANNA, BEN), reading=spent).runs == ()
    yesterday = Reading(counted_on=REAL.date() - timedelta(days=1), calls=PACE.calls_a_day)
    assert len(plan(days, staff=(ANNA, BEN), reading=yesterday).runs) == 2


def test_one_key_makes_few_calls_a_minute_and_a_round_has_an_end() -> None:
    assert plan({}, recent={ANNA: PACE.calls_a_minute}).runs == ()
    assert len(plan({}, recent={ANNA: PACE.calls_a_minute - 1}).runs) == 1
    many = tuple(StaffId(f"staff-{number}") for number in range(30))
    runs = plan({}, staff=many).runs
    assert len(runs) == PACE.calls_a_round
    assert {run.first for run in runs} == {TODAY}  # the near days of everybody before the far ones of anybody


def test_a_day_of_guests_stays_within_the_budget() -> None:
    """Twenty people, every near day wanted all the time: the cap holds and the near days still get the last calls."""
    staff = tuple(StaffId(f"staff-{number}") for number in range(20))
    real, calls = REAL.replace(hour=0), 0
    read: dict[StaffId, datetime] = {}
    while real < REAL.replace(hour=0) + timedelta(days=1):
        days = {
            (member, ahead(number)): MirrorDay(ResourceId(member), ahead(number), 0, b"", at, asked_at=real)
            for member, at in read.items()
            for number in range(3)
        }
        found = wanted(
            days,
            staff,
            today=TODAY,
            horizon_days=2,
            real=real,
            reading=Reading(counted_on=real.date(), calls=calls),
            pace=PACE,
            recent_calls={},
        )
        read |= {run.staff: real for run in found.runs}
        calls += len(found.runs)
        real += timedelta(seconds=300)
    assert calls == PACE.calls_a_day


def test_runs_bridge_short_gaps_and_have_a_longest_length() -> None:
    days = [ahead(0), ahead(1), ahead(5), ahead(40)]
    assert runs_of_days(days, longest=31) == [
        (ahead(0), ahead(1)),
        (ahead(5), ahead(5)),
        (ahead(40), ahead(40)),
    ]
    assert runs_of_days(days, longest=31, bridged=3) == [(ahead(0), ahead(5)), (ahead(40), ahead(40))]
    assert runs_of_days([ahead(number) for number in range(5)], longest=2) == [
        (ahead(0), ahead(1)),
        (ahead(2), ahead(3)),
        (ahead(4), ahead(4)),
    ]
