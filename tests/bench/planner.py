"""The planner over a large salon's months, beside brute force and beside merely decoding the same free time from slots JSON."""

from __future__ import annotations

import gc
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import islice
from random import Random
from time import perf_counter
from typing import Any, Final

import orjson

from booking_core.availability.composite import Planner
from booking_core.availability.ticks import ticks_in
from booking_core.model.ids import ResourceId, ServiceId, StaffId, staff_resource
from booking_core.model.interval import instant_of, tick_of
from booking_core.model.service import LocalText, Pause, Segment, Service
from tests.bench.figures import Rounds, latency_of, ratios_to
from tests.bench.result import BenchResult, Effort, Row, Section
from tests.support.brute_force_planner import World, best_plan, possible

PLANNER: Final = "planner"
BRUTE_FORCE: Final = "brute force"
DECODING: Final = "slots JSON"
STAFF: Final = 20
DAYS: Final = 60
_FIRST: Final = 10
_DAY: Final = 288
_BASE: Final = tick_of(datetime(2026, 3, 2, tzinfo=UTC))
_SIZES: Final = ((5, 15), (10, 30), (20, 30), (20, 60), (40, 60), (40, 120))

Job = Callable[[], object]


@dataclass(frozen=True, slots=True)
class Salon:
    """Free time of so many staff members over so many days, as bitmaps and as the answers of the slots endpoint."""

    staff: tuple[StaffId, ...]
    days: int
    free: Mapping[ResourceId, int]
    slots: tuple[bytes, ...]

    @classmethod
    def drawn(cls, staff: int, days: int) -> Salon:
        """Weekdays nine to six with a break, two thirds of them booked; the same for the same size."""
        draw = Random(staff * 1000 + days)
        members = tuple(StaffId(f"staff-{number}") for number in range(staff))
        free = {}
        for member in members:
            bits = 0
            for day in range(days):
                if day % 7 < 5:
                    bits |= _working_day(draw) << day * _DAY
            free[staff_resource(member)] = bits
        return cls(members, days, free, tuple(_slots(bits) for bits in free.values()))

    def world(self, service: Service) -> World:
        """The same for brute force."""
        return World(service, {name: frozenset(ticks_in(bits, _BASE)) for name, bits in self.free.items()})

    def services(self) -> tuple[Service, Service]:
        """Two segments with the same person preferred, and three by anybody."""
        colour = (
            Segment(30, self.staff, pause_after=Pause(25, 40)),
            Segment(75, self.staff, same_staff="preferred"),
        )
        perm = (
            Segment(50, self.staff, pause_after=Pause(15, 20)),
            Segment(5, self.staff, pause_after=Pause(10, 15)),
            Segment(55, self.staff),
        )
        return (
            Service(ServiceId("colour"), LocalText({"en": "Colour"}), colour),
            Service(ServiceId("perm"), LocalText({"en": "Perm"}), perm),
        )


def _working_day(draw: Random) -> int:
    bits = ((1 << 42) - 1) << 108 | ((1 << 60) - 1) << 156
    for _ in range(6):
        length = draw.choice((3, 6, 9, 12, 18))
        bits &= ~(((1 << length) - 1) << draw.randrange(108, 216))
    return bits


def _slots(bits: int) -> bytes:
    by_day: dict[str, list[dict[str, str]]] = {}
    for tick in ticks_in(bits, _BASE):
        start = instant_of(tick)
        by_day.setdefault(f"{start:%Y-%m-%d}", []).append({"start": f"{start:%Y-%m-%dT%H:%M:%S.000Z}"})
    return orjson.dumps({"status": "success", "data": by_day})


@dataclass(frozen=True, slots=True)
class PlannerBench:
    """The benchmark of the planner. It needs no server: what is measured is pure."""

    name: str = "planner"

    async def run(self, effort: Effort) -> BenchResult:
        """Measure; parties take turns in rounds. Brute force and decoding run once a round, the planner ``repeats`` times."""
        salon = Salon.drawn(STAFF, DAYS)
        facts: dict[str, str | int] = {
            "staff": STAFF,
            "days": DAYS,
            "slots in the JSON": sum(bits.bit_count() for bits in salon.free.values()),
            "aim": "first ten starts under 0.3 ms, all starts under 20 ms",
        }
        return BenchResult(
            self.name,
            (
                Section("20 staff, 60 days", tuple(_large(salon, effort)), facts),
                Section("growth of all starts", tuple(_growth(effort)), {"service": "two segments"}),
            ),
        )


@dataclass(frozen=True, slots=True)
class Question:
    """The same asked of the planner and of brute force, whose time is multiplied by ``factor`` where it answers a part."""

    asked: str
    planner: Job
    brute_force: Job
    factor: float = 1


def _questions(service: Service, salon: Salon) -> tuple[Question, ...]:
    world = salon.world(service)
    first = list(islice(Planner(service, salon.free, _BASE).plans(), _FIRST))
    check_against_brute_force(service, salon, world, first)
    # Brute force is linear in days: one working day tells the time of all, which would take minutes.
    weekdays = sum(day % 7 < 5 for day in range(salon.days))
    one_day = range(_BASE, _BASE + _DAY)
    # With three segments the plans of even one start are many; ten starts take ten times as long.
    some = first if len(service.segments) < 3 else first[:1]

    def starts_of_a_day() -> list[int]:
        return [tick for tick in one_day if possible(world, tick)]

    return (
        Question(
            "first ten starts",
            lambda: list(islice(Planner(service, salon.free, _BASE).starts(), _FIRST)),
            lambda: list(islice((tick for tick in world.ticks() if possible(world, tick)), _FIRST)),
        ),
        Question(
            "first ten starts with their best plans",
            lambda: list(islice(Planner(service, salon.free, _BASE).plans(), _FIRST)),
            lambda: [best_plan(world, tick_of(plan.starts_at)) for plan in some],
            _FIRST / len(some),
        ),
        Question(
            "all starts as a bitmap",
            lambda: Planner(service, salon.free, _BASE).possible_starts(),
            starts_of_a_day,
            weekdays,
        ),
        Question(
            "all starts as instants",
            lambda: list(Planner(service, salon.free, _BASE).starts()),
            starts_of_a_day,
            weekdays,
        ),
        Question(
            "all starts with their best plans",
            lambda: list(Planner(service, salon.free, _BASE).plans()),
            lambda: [best_plan(world, tick_of(plan.starts_at)) for plan in some],
            len(list(Planner(service, salon.free, _BASE).starts())) / len(some),
        ),
    )


def _large(salon: Salon, effort: Effort) -> Iterator[Row]:
    for service in salon.services():
        for question in _questions(service, salon):
            planner: list[list[float]] = []
            rivals: dict[str, list[list[float]]] = {BRUTE_FORCE: [], DECODING: []}
            for _ in range(effort.rounds):
                planner.append(_timed(question.planner, effort.repeats))
                brute = _timed(question.brute_force, 1)
                rivals[BRUTE_FORCE].append([seconds * question.factor for seconds in brute])
                rivals[DECODING].append(_timed(lambda: _decoded(salon), 1))
            for name, rounds in rivals.items():
                labels: dict[str, str | int] = {
                    "segments": len(service.segments),
                    "asked": question.asked,
                    "rival": name,
                }
                yield _row(labels, rounds, planner)


def check_against_brute_force(service: Service, salon: Salon, world: World, first: Sequence[Any]) -> None:
    """What is measured is also right: the first plans, and the first start, are those of brute force."""
    if len(first) != _FIRST:
        raise AssertionError(f"{service.id}: only {len(first)} starts in {salon.days} days")
    if first[0] != best_plan(world, tick_of(first[0].starts_at)):
        raise AssertionError(f"{service.id}: not the best plan")
    starts = islice((tick for tick in world.ticks() if possible(world, tick)), _FIRST)
    if [tick_of(plan.starts_at) for plan in first] != list(starts):
        raise AssertionError(f"{service.id}: not the first starts")


def _growth(effort: Effort) -> Iterator[Row]:
    for staff, days in _SIZES:
        salon = Salon.drawn(staff, days)
        planner, decoding = _growing(salon, effort)
        labels: dict[str, str | int] = {
            "staff": staff,
            "days": days,
            "staff x days": staff * days,
            "rival": DECODING,
        }
        yield _row(labels, decoding, planner)


def _growing(salon: Salon, effort: Effort) -> tuple[Rounds, Rounds]:
    service, _ = salon.services()
    planner, decoding = [], []
    for _ in range(effort.rounds):
        planner.append(_timed(lambda: Planner(service, salon.free, _BASE).possible_starts(), effort.repeats))
        decoding.append(_timed(lambda: _decoded(salon), 1))
    return planner, decoding


def _decoded(salon: Salon) -> list[Any]:
    return [orjson.loads(body) for body in salon.slots]


def _timed(job: Job, times: int) -> list[float]:
    found = []
    # Garbage of one party must not be collected in another's time.
    gc.collect()
    gc.disable()
    try:
        for _ in range(times):
            began = perf_counter()
            job()
            found.append(perf_counter() - began)
    finally:
        gc.enable()
    return found


def _row(labels: Mapping[str, str | int], rival: Rounds, planner: Rounds) -> Row:
    latencies = {"rival": latency_of(rival), PLANNER: latency_of(planner)}
    return Row(labels, latencies, ratios_to(rival, {PLANNER: planner}))
