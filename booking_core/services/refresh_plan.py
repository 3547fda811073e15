"""Which days of the mirror deserve another look at the calendar, and in what order. Pure; asking is left to the mirror."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import IntEnum

from booking_core.model.ids import StaffId
from booking_core.ports.mirror import MirrorDay, Reading

DayKey = tuple[StaffId, date]


@dataclass(frozen=True, slots=True)
class Pace:
    """How old the mirror may get, and how much may be asked.

    ``calls_a_minute`` is for one staff member's key (a fifth of Cal.com's limit), ``calls_a_day`` for a tenant; routine leaves the
    last fifth of the day's calls to what guests and webhooks want.
    """

    fresh: timedelta = timedelta(seconds=60)
    near_days: int = 7
    middle_days: int = 30
    middle_age: timedelta = timedelta(minutes=15)
    far_age: timedelta = timedelta(hours=12)
    calls_a_minute: int = 24
    calls_a_day: int = 2000
    calls_a_round: int = 16
    longest_run: int = 31
    """Days in one call."""
    bridged_days: int = 7
    """Days that are read along when others on both sides are due: an answer may be long, calls are scarce."""

    @property
    def routine_calls_a_day(self) -> int:
        """Calls after which only what is wanted is asked."""
        return self.calls_a_day - self.calls_a_day // 5


class Urgency(IntEnum):
    """Why a day is due, the most pressing first."""

    INVALIDATED = 0
    ASKED = 1
    UNKNOWN = 2
    AGED = 3


@dataclass(frozen=True, slots=True)
class DueRun:
    """One call to make: a staff member's days from ``first`` to ``last``, both included."""

    staff: StaffId
    first: date
    last: date
    urgency: Urgency


@dataclass(frozen=True, slots=True)
class RefreshPlan:
    """Calls to make now; where there are none, nothing becomes due by itself before ``next_at``."""

    runs: tuple[DueRun, ...]
    next_at: datetime


def wanted(
    days: Mapping[DayKey, MirrorDay],
    staff: Sequence[StaffId],
    *,
    today: date,
    horizon_days: int,
    real: datetime,
    reading: Reading,
    pace: Pace,
    recent_calls: Mapping[StaffId, int],
) -> RefreshPlan:
    """What to ask now. ``recent_calls`` were made in the last minute, ``staff`` are those who may be asked at all."""
    latest = real + pace.fresh
    if reading.paused_until is not None and reading.paused_until > real:
        return RefreshPlan((), min(reading.paused_until, latest))
    calls_left = pace.calls_a_day - reading.calls_on(real.date())
    routine_left = calls_left - (pace.calls_a_day - pace.routine_calls_a_day)
    next_at = latest
    runs: list[DueRun] = []
    for member in staff:
        due: dict[date, Urgency] = {}
        for ahead in range(horizon_days + 1):
            day = today + timedelta(days=ahead)
            urgency, due_at = _due(days.get((member, day)), ahead, pace, real)
            if due_at <= real:
                due[day] = urgency
            else:
                next_at = min(next_at, due_at)
        near = [today + timedelta(days=ahead) for ahead in range(min(pace.near_days, horizon_days) + 1)]
        if any(due.get(day) is Urgency.ASKED for day in near):
            # One call tells the whole week as well as one day of it.
            due = dict.fromkeys(near, Urgency.ASKED) | due
        runs += _runs(member, due, pace, pace.calls_a_minute - recent_calls.get(member, 0))
    runs.sort(key=lambda run: (run.urgency, run.first))
    chosen: list[DueRun] = []
    for run in runs:
        left = routine_left if run.urgency is Urgency.AGED else calls_left
        if len(chosen) < min(pace.calls_a_round, left):
            chosen.append(run)
    return RefreshPlan(tuple(chosen), next_at)


def runs_of_days(days: Iterable[date], *, longest: int, bridged: int = 0) -> list[tuple[date, date]]:
    """Days as runs ``(first, last)`` of at most ``longest``; gaps of up to ``bridged`` days are read along."""
    runs: list[tuple[date, date]] = []
    for day in sorted(set(days)):
        if runs and (day - runs[-1][1]).days <= bridged + 1 and (day - runs[-1][0]).days < longest:
            runs[-1] = (runs[-1][0], day)
        else:
            runs.append((day, day))
    return runs


def _due(day: MirrorDay | None, ahead: int, pace: Pace, real: datetime) -> tuple[Urgency, datetime]:
    """Why and when a day is due."""
    if day is None or day.read_at is None:
        return Urgency.UNKNOWN, real
    if day.invalidated_at is not None and day.invalidated_at > day.read_at:
        return Urgency.INVALIDATED, day.invalidated_at
    if ahead <= pace.near_days and day.asked_at is not None and day.asked_at > day.read_at:
        return Urgency.ASKED, day.read_at + pace.fresh
    return Urgency.AGED, day.read_at + (pace.middle_age if ahead <= pace.middle_days else pace.far_age)


def _runs(staff: StaffId, due: Mapping[date, Urgency], pace: Pace, calls: int) -> list[DueRun]:
    runs = [
        DueRun(staff, first, last, min(urgency for day, urgency in due.items() if first <= day <= last))
        for first, last in runs_of_days(due, longest=pace.longest_run, bridged=pace.bridged_days)
    ]
    return sorted(runs, key=lambda run: (run.urgency, run.first))[: max(calls, 0)]
