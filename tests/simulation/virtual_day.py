"""A day in minutes: product and sandbox share one clock that stands still while somebody acts and jumps to what happens next."""

from __future__ import annotations

import heapq
import random
from collections import Counter, defaultdict
from collections.abc import Awaitable, Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any

import pytest
from aiohttp import web

from integrations.calcom import sandbox
from integrations.calcom.sandbox import app as sandbox_app
from integrations.calcom.sandbox.gateway import Gateway
from tests.simulation.guests import Answer, Move, SimulatedGuest
from tests.simulation.simulated_talk import Talk

_MINUTE = 60.0
_COMPOSITES = {
    "de": ["Ansatzfärbung", "eine Dauerwelle", "eine komplette Umfärbung", "Ansatz färben"],
    "en": ["root colour", "a perm", "a full colour", "a root touch-up"],
}


class DayClock:
    """Business and real time in one; moves only when it is set. Implements ``booking_core.ports.clock.Clock``."""

    def __init__(self, start: datetime) -> None:
        self._start = self._now = start.astimezone(UTC)

    def set(self, instant: datetime) -> None:
        """Let it be this moment; time never runs back."""
        self._now = max(self._now, instant.astimezone(UTC))

    def now(self) -> datetime:
        """The moment that it is, in UTC."""
        return self._now

    def real(self) -> datetime:
        """The same."""
        return self._now

    def seconds(self) -> float:
        """Since the start."""
        return (self._now - self._start).total_seconds()


@dataclass(frozen=True, slots=True)
class CalendarCall:
    """One request to the calendar's API: when (seconds of the day), with which key, what, and how it was answered."""

    at: float
    key: str
    what: str
    status: int


@dataclass(slots=True)
class CallLog:
    """Everything that was asked of the calendar."""

    calls: list[CalendarCall] = field(default_factory=list)

    def most_in_a_minute(self, what: str = "") -> int:
        """The most calls with one key in any sixty seconds, of one kind or of all."""
        by_key: dict[str, list[float]] = defaultdict(list)
        for call in self.calls:
            if call.what.startswith(what):
                by_key[call.key].append(call.at)
        return max((_densest(sorted(times)) for times in by_key.values()), default=0)

    def by_kind(self) -> Counter[str]:
        """How many there were of each kind."""
        return Counter(call.what for call in self.calls)


def _densest(times: Sequence[float]) -> int:
    most = first = 0
    for last, at in enumerate(times):
        while times[first] <= at - _MINUTE:
            first += 1
        most = max(most, last - first + 1)
    return most


@contextmanager
def one_clock(monkeypatch: pytest.MonkeyPatch) -> Iterator[CallLog]:
    """Let the demo that is started inside run on one `DayClock`, the sandbox's request limit too; all its calls are logged."""
    log, clocks = CallLog(), list[DayClock]()

    def make_clock(start: datetime) -> DayClock:
        clocks.append(DayClock(start))
        return clocks[-1]

    def seconds() -> float:
        return clocks[-1].seconds()

    class Listening(Gateway):
        async def api(self, request: web.Request) -> web.StreamResponse:
            response = await super().api(request)
            parts = [part if part.islower() else "…" for part in request.path.removeprefix("/v2/").split("/")]
            what = f"{request.method} {'/'.join(parts)}"
            key = request.headers.get("Authorization", "")
            log.calls.append(CalendarCall(seconds(), key, what, response.status))
            return response

    with monkeypatch.context() as patch:
        patch.setattr("bot.wiring.product.DemoClock", make_clock)
        patch.setattr("bot.wiring.demo.start_sandbox", partial(sandbox.start_sandbox, monotonic=seconds))
        patch.setattr(sandbox_app, "Gateway", Listening)
        yield log


class DayGuest(SimulatedGuest):
    """Somebody who knows what they want, every second time a service with pauses."""

    def _opening(self) -> Move:
        wish = self._wish()
        return Move(f"{wish}, {self._details()}" if self.rng.random() < 0.85 else wish, kind="wish")

    def _wish(self) -> str:
        rng, words = self.rng, self.words
        services = _COMPOSITES[self.language]
        if rng.random() < 0.5:
            simple = {"mens-cut", "womens-cut", "kids-cut", "wash-style"}
            services = [form for name, forms in words.services.items() if name in simple for form in forms[:2]]
        when = f"{rng.choice(words.days[:4])} {rng.choice(words.times)}" if rng.random() < 0.8 else ""
        return f"{rng.choice(words.wishes).format(rng.choice(services))} {when}".strip()

    def _to_anything(self, last: Answer) -> Move | None:
        return None if self.rng.random() < 0.8 else super()._to_anything(last)


def arrivals(count: int, opens: datetime, closes: datetime, rng: random.Random) -> list[datetime]:
    """When guests come: half of them any time, the others in the lunch break and after work."""
    found = []
    for _ in range(count):
        share = rng.choice([rng.random(), rng.random(), rng.gauss(0.35, 0.04), rng.gauss(0.8, 0.05)])
        found.append(opens + (closes - opens) * min(max(share, 0.0), 1.0))
    return sorted(found)


@dataclass(slots=True)
class Day:
    """Runs talks and the worker's rounds in the order of their moments."""

    clock: DayClock
    rounds: Sequence[tuple[timedelta, Callable[[], Awaitable[Any]]]]
    rng: random.Random
    _events: list[tuple[datetime, int, Callable[[], Awaitable[timedelta | None]]]] = field(default_factory=list)
    _made: int = 0

    def add(self, at: datetime, event: Callable[[], Awaitable[timedelta | None]]) -> None:
        """Let something happen; it answers after how long it happens again, if it does."""
        self._made += 1
        heapq.heappush(self._events, (at, self._made, event))

    def add_talk(self, at: datetime, talk: Talk) -> None:
        """A guest comes, and answers within a minute, but for a long thought now and then."""

        async def turn() -> timedelta | None:
            move = await talk.next_move()
            if move is None:
                return None
            await talk.say(move)
            return timedelta(seconds=self.rng.uniform(6, 50), minutes=move.minutes)

        self.add(at, turn)

    async def run(self, until: datetime) -> None:
        """Let it become ``until``."""
        for every, duty in self.rounds:
            self.add(self.clock.now() + every, partial(_again, duty, every))
        while self._events and self._events[0][0] <= until:
            at, _, event = heapq.heappop(self._events)
            self.clock.set(at)
            after = await event()
            if after is not None:
                self.add(at + after, event)
        self.clock.set(until)


async def _again(duty: Callable[[], Awaitable[Any]], every: timedelta) -> timedelta:
    await duty()
    return every
