"""What is mutated, and which tests judge it: those that run in seconds and concern the module."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

_SERVICES = "tests/unit/booking_core/services"
_PLANNER = "tests/unit/booking_core/availability"
_CONTRACTS = "tests/contracts"


@dataclass(frozen=True, slots=True)
class Subject:
    """A module and its judges, those that find most first. ``only`` chooses among their tests as pytest's ``-k`` does."""

    group: str
    path: str
    judges: Sequence[str]
    only: str = ""


def _saga(module: str, *judges: str) -> Subject:
    tests = [f"{_SERVICES}/test_{name}.py" for name in judges]
    return Subject("saga", f"booking_core/services/{module}.py", tests)


def _claims(module: str) -> Subject:
    judges = (
        "database/test_claims_contract",
        "database/test_shared_holds_contract",
        "sql/test_claim_bits_contract",
        "database/test_hold_limits_contract",
    )
    tests = [f"{_CONTRACTS}/{name}.py" for name in (*judges, "sql/test_claims_model")]
    # PostgreSQL takes too long for so many runs, and what runs in memory does not concern these modules.
    only = "not postgresql and not memory and not many_writers"
    return Subject("claims", f"integrations/sql/{module}.py", tests, only)


def _planner(module: str, *judges: str) -> Subject:
    names = dict.fromkeys((*judges, "composite", "plan_wish", "planner_properties"))
    return Subject(
        "planner", f"booking_core/availability/{module}.py", [f"{_PLANNER}/test_{it}.py" for it in names]
    )


_WHOLE = ("saga_runner", "booking_service", "reschedule_service", "cancel_service")

SUBJECTS: Sequence[Subject] = (
    _saga("saga", *_WHOLE),
    _saga("saga_steps", "saga_steps", "reschedule_service", "saga_endings"),
    _saga("saga_calls", "saga_calls", *_WHOLE),
    _saga("saga_endings", "saga_endings", *_WHOLE),
    _saga("booking", "booking_service", "saga_runner"),
    _saga("reschedule", "reschedule_service"),
    _saga("cancel", "cancel_service"),
    _saga("overlaps", "overlaps", "overlap_races"),
    _claims("claims"),
    _claims("claim_statements"),
    _claims("occupancy"),
    _planner("choice", "showing", "ranking"),
    _planner("composite"),
    _planner("day_bits", "day_bits"),
    _planner("demand", "demand", "reach", "explain"),
    _planner("exact", "exact"),
    _planner("explain", "explain", "explain_window"),
    _planner("explain_window", "explain_window", "explain"),
    _planner("feasible", "exact", "explain"),
    _planner("ground", "explain", "reach"),
    _planner("lanes", "lanes"),
    _planner("levels", "reach"),
    _planner("ranking", "ranking"),
    _planner("reach", "reach"),
    _planner("rules", "rules"),
    _planner("showing", "showing"),
    _planner("ticks", "ticks", "day_bits"),
)

_SAGA = "booking_core/services"
_SQL = "integrations/sql"
_PLANS = "booking_core/availability"
_PAUSE = "least, most = (pause.min_minutes, pause.max_minutes) if pause else "
_UNION = "return union_all(*parts) if len(parts) > 1 else parts[0]"

EQUIVALENT: Mapping[tuple[str, str, str], str] = {
    (
        f"{_SAGA}/overlaps.py",
        "older = appointment.entry_id is not None and appointment.entry_id < entry.entry_id",
        "older = appointment.entry_id is not None and appointment.entry_id <= entry.entry_id",
    ): "no two entries have the same number, and our own were left out before",
    (
        f"{_SQL}/claim_statements.py",
        _UNION,
        "return union_all(*parts) if len(parts) >= 1 else parts[0]",
    ): "a union of one is that one",
    (
        f"{_SQL}/claim_statements.py",
        _UNION,
        "return union_all(*parts) if len(parts) > 1 else parts[ -1]",
    ): "of one part the last is the first",
    (
        f"{_SQL}/claims.py",
        "if position == 0 or needs[position - 1] != (resource, tick - 1):",
        "if position == -1 or needs[position - 1] != (resource, tick - 1):",
    ): "before the first comes the last, which in a sorted list is no neighbour of it",
    **{
        (
            f"{_SAGA}/saga_steps.py",
            "gone = _remove(appointment, old, _carried(booking, appointment), stage=0)",
            f"gone = _remove(appointment, old, _carried(booking, appointment), stage={other})",
        ): "the stage is given afterwards"
        for other in (" 1", " -1")
    },
    (
        f"{_PLANS}/composite.py",
        "return self._choice(first, last - first).starts << first if first < last else 0",
        "return self._choice(first, last - first).starts << first if first <= last else 0",
    ): "in no ticks there are no starts",
    **{
        (f"{_PLANS}/exact.py", f"{_PAUSE}(0, 0)", f"{_PAUSE}{other}"): "every segment but the last has a pause"
        for other in ("( 1, 0)", "( -1, 0)", "(0, 1)", "(0, -1)")
    },
    **{
        (
            f"{_PLANS}/composite.py",
            "_LARGEST_CHUNK = 1152",
            f"_LARGEST_CHUNK = {other}",
        ): "all chunks find the same"
        for other in (1151, 1153)
    },
    **{
        (f"{_PLANS}/composite.py", was, becomes): "the first tick is looked at in vain"
        for was, becomes in (
            ("self._able = 0", "self._able = 1"),
            ("self._able |= bits if work else 0", "self._able |= bits if work else 1"),
        )
    },
    (
        f"{_PLANS}/composite.py",
        "return None if rest or offset < 0 else int(offset)",
        "return None if rest or offset < -1 else int(offset)",
    ): "nobody is free before the bitmaps, so nothing begins there",
    (
        f"{_PLANS}/day_bits.py",
        "return ((1 << (beyond - first)) - 1) << first if beyond > first else 0",
        "return ((1 << (beyond - first)) - 1) << first if beyond >= first else 0",
    ): "so many as no ticks are the empty bitmap",
    (
        f"{_PLANS}/explain.py",
        "room = self.times.free.get(equipment_resource(segment.resource), 0)",
        "room = self.times.free.get(equipment_resource(segment.resource), 1)",
    ): "no start is tried at the first tick: its way back is always inside the bitmaps",
    (
        f"{_PLANS}/explain_window.py",
        "if lowest < times.base:",
        "if lowest <= times.base:",
    ): "to begin where they begin changes nothing",
    **{
        (
            f"{_PLANS}/explain_window.py",
            "segment = 0 if isinstance(obstacle, RuledOut | OffGrid) else obstacle.segment",
            f"segment = {other} if isinstance(obstacle, RuledOut | OffGrid) else obstacle.segment",
        ): "an attempt knows neither of the two"
        for other in ("1", "-1")
    },
    **{
        (f"{_PLANS}/{module}.py", f"{name} = 0", f"{name} = 1"): "the first bit of a lane lies before every start"
        for module, name in (("feasible", "begins"), ("levels", "begins"), ("levels", "onward"))
    },
    (
        f"{_PLANS}/feasible.py",
        "elif both <= step.least:",
        "elif both < step.least:",
    ): "where the two are equal both ways find the same",
    (
        f"{_PLANS}/ground.py",
        "return (bits >> origin if origin >= 0 else bits << -origin) & ((1 << known) - 1)",
        "return (bits >> origin if origin > 0 else bits << -origin) & ((1 << known) - 1)",
    ): "a shift by nothing has no direction",
    (f"{_PLANS}/lanes.py", "_NARROW = 320", "_NARROW = 319"): "both ways of repeating find the same",
    (
        f"{_PLANS}/levels.py",
        "if cost[0] != miss or any(cost[1:2]) or (len(cost) > 2 and cost[2] != slack):",
        "if cost[0] != miss or any(cost[1:2]) or (len(cost) >= 2 and cost[2] != slack):",
    ): "nobody changes after the last segment, so that two criteria are never asked of it",
    **{
        (
            f"{_PLANS}/reach.py",
            "elapsed += segment.pause_after.max_minutes if segment.pause_after else 0",
            f"elapsed += segment.pause_after.max_minutes if segment.pause_after else {other}",
        ): "only the last segment has no pause, and nothing is asked after it"
        for other in ("1", "-1")
    },
    (
        f"{_PLANS}/showing.py",
        "shown += by_start[mark].ranked(around, Interval(mark, mark), LEEWAY + timedelta(seconds=1))[:1]",
        "shown += by_start[mark].ranked(around, Interval(mark, mark), LEEWAY + timedelta(seconds= 2))[:1]",
    ): "all that are compared lie within the leeway",
    (
        f"{_PLANS}/ticks.py",
        "window = (bits >> below if below >= 0 else bits << -below) & every",
        "window = (bits >> below if below > 0 else bits << -below) & every",
    ): "a shift by nothing has no direction",
}
"""Mutants that behave like the original: path, line as it is and as it becomes, without indentation -> the reason."""
