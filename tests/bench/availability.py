"""Availability over HTTP from the mirror, beside the calendar's own slots of the same days and beside the anchors of a turn."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from time import perf_counter
from typing import Any, Final

import aiohttp
import orjson

from tests.bench.result import BenchResult, Effort, Section
from tests.bench.samples import PRODUCT, Samples, WrongAnswer, client, cpu_of, rows_of
from tests.bench.servers import API_KEY, Server, running_anchors, running_product

CALENDAR: Final = "calendar"
ANCHORS: Final = ("echo", "floor")
AIMS: Final = {"floor": 2.0, CALENDAR: 0.1}
_STAFF: Final = "anna"
_FIRST: Final = date(2026, 3, 25)
_SLOTS_VERSION: Final = "2024-09-04"
_NIGHT: Final = 60
"""Ticks after midnight in which nobody works."""

Request = tuple[str, str, Mapping[str, Any]]


@dataclass(frozen=True, slots=True)
class Question:
    """All starts of a service on so many days."""

    path: str
    service: str
    days: int

    @property
    def name(self) -> str:
        """What it is called in the table and by the floor."""
        return f"{self.service}, {self.days} day{'s' * (self.days > 1)}"


QUESTIONS: Final = tuple(
    Question(path, service, days)
    for path, service in (("simple", "mens-cut"), ("composite", "root-colour"), ("composite", "perm"))
    for days in (1, 7)
)


@dataclass(frozen=True, slots=True)
class Party:
    """Somebody who answers questions; ``requests`` gives method, address and what goes with it."""

    name: str
    server: Server
    session: aiohttp.ClientSession
    requests: Callable[[Question, int], Request]

    async def answer(self, question: Question, variant: int = 0) -> tuple[float, bytes]:
        """Ask; the seconds until the whole answer was here, and the answer."""
        method, url, options = self.requests(question, variant)
        began = perf_counter()
        async with self.session.request(method, url, **options) as response:
            body = await response.read()
            seconds = perf_counter() - began
        if response.status != 200:
            raise WrongAnswer(f"{self.name}: {response.status} to {question.name}: {body[:500]!r}")
        return seconds, body


@dataclass(frozen=True, slots=True)
class AvailabilityBench:
    """The benchmark of ``/api/v2/availability``."""

    name: str = "availability"

    async def run(self, effort: Effort) -> BenchResult:
        """Start product and anchors, let all parties take turns in rounds, and end them."""
        with tempfile.TemporaryDirectory(prefix="fermata-bench-") as name:
            folder = Path(name)
            async with running_product(folder) as server, client() as session:
                product = Party(PRODUCT, server, session, _to_product(server))
                calendar = Party(CALENDAR, server, session, await _to_calendar(session, server))
                answers = folder / "answers.json"
                answers.write_text(json.dumps(await _recorded(product, calendar)), encoding="utf-8")
                async with running_anchors(folder, answers) as anchors:
                    parties = [
                        product,
                        calendar,
                        *(Party(name, anchors, session, _to_anchor(name, anchors)) for name in ANCHORS),
                    ]
                    anew = await _measure(parties, effort, new=True)
                    again = await _measure(parties, effort, new=False)
        facts: dict[str, str | int] = {"staff": 3, "calendar": "one call for one of them"}
        return BenchResult(
            self.name,
            (
                Section("each question new", tuple(rows_of(anew, "asked")), facts, AIMS, cpu_of(anew)),
                Section("the same asked again", tuple(rows_of(again, "asked")), facts, AIMS, cpu_of(again)),
            ),
        )


async def _measure(parties: Sequence[Party], effort: Effort, *, new: bool) -> dict[str, Samples]:
    """``new`` questions differ from each other by minutes of the night, so that nobody has an answer ready."""
    samples = {party.name: Samples() for party in parties}
    for turn in range(effort.rounds):
        for party in [*parties[turn % len(parties) :], *parties[: turn % len(parties)]]:
            samples[party.name].begin_round()
            with samples[party.name].accounting(party.server):
                for repeat in range(effort.repeats):
                    variant = turn * effort.repeats + repeat + 1 if new else 0
                    for question in QUESTIONS:
                        seconds, _body = await party.answer(question, variant)
                        samples[party.name].add(question.name, seconds)
    return samples


async def _recorded(product: Party, calendar: Party) -> dict[str, str]:
    """One answer of the product to every question, for the floor to repeat; what is measured must be right, too."""
    answers = {}
    for question in QUESTIONS:
        _, answer = await product.answer(question)
        slots = orjson.loads(answer)["slots"]
        _, theirs = await calendar.answer(question)
        free = {slot["start"] for slots in orjson.loads(theirs)["data"].values() for slot in slots}
        by_anna = [slot for slot in slots if slot["segments"][0]["staff"] == _STAFF]
        if not by_anna or len(by_anna) > len(free):
            raise WrongAnswer(f"{question.name}: {len(by_anna)} starts with {_STAFF} in {len(free)} free ticks")
        answers[question.name] = answer.decode()
    return answers


def _to_product(server: Server) -> Callable[[Question, int], Request]:
    headers = {"Authorization": f"Bearer {API_KEY}", "Content-Type": "application/json"}

    def request(question: Question, variant: int) -> Request:
        url = f"{server.address}/api/v2/availability/{question.path}"
        return "POST", url, {"data": _body(question, variant), "headers": headers}

    return request


def _to_anchor(name: str, server: Server) -> Callable[[Question, int], Request]:
    headers = {"Content-Type": "application/json"}

    def request(question: Question, variant: int) -> Request:
        url = f"{server.address}/{name}/{question.name}"
        return "POST", url, {"data": _body(question, variant), "headers": headers}

    return request


async def _to_calendar(session: aiohttp.ClientSession, server: Server) -> Callable[[Question, int], Request]:
    """The calendar's free ticks of one staff member; its limit is lifted, so that it can be asked as often as the others."""
    async with session.get(f"{server.address}/api/demo") as response:
        demo = await response.json()
    async with session.put(f"{demo['sandbox']}/_sandbox/faults", json={"rate_limit": 1_000_000}) as response:
        response.raise_for_status()
    headers = {"Authorization": f"Bearer {demo['staff_keys'][_STAFF]}", "cal-api-version": _SLOTS_VERSION}

    def request(question: Question, variant: int) -> Request:
        begin, end = _range(question, variant)
        asked = {"eventTypeSlug": "fermata-probe", "username": _STAFF, "start": begin, "end": end}
        return "GET", f"{demo['sandbox']}/v2/slots", {"params": asked, "headers": headers}

    return request


def _body(question: Question, variant: int) -> bytes:
    begin, end = _range(question, variant)
    return orjson.dumps(
        {"service": question.service, "from": begin, "to": end, "conversation": f"bench-availability-{variant}"}
    )


def _range(question: Question, variant: int) -> tuple[str, str]:
    """From midnight to midnight, and a few minutes of both nights more."""
    later, earlier = variant % _NIGHT, variant // _NIGHT
    begin = datetime.combine(_FIRST, time(), UTC) - timedelta(minutes=5 * earlier)
    return (
        f"{begin:%Y-%m-%dT%H:%M:%SZ}",
        f"{begin + timedelta(days=question.days, minutes=5 * (later + earlier)):%Y-%m-%dT%H:%M:%SZ}",
    )
