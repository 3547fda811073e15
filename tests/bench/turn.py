"""One turn's latency over HTTP, alone and in a crowd, beside two anchors measured in the same rounds."""

from __future__ import annotations

import asyncio
import json
import secrets
import tempfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from time import perf_counter
from typing import Final

import aiohttp
import orjson

from tests.bench import talk
from tests.bench.figures import latency_of, ratios_to
from tests.bench.result import BenchResult, Effort, Row, Section
from tests.bench.servers import Server, running_anchors, running_product
from tests.bench.talk import Language, Line

PRODUCT: Final = "product"
ANCHORS: Final = ("echo", "floor")
AIMS: Final = {"floor": 3.0}
_ALL: Final = "all"
_BOOKINGS: Final = 30


class WrongAnswer(Exception):
    """A server answered something else than what was to be measured."""


@dataclass(slots=True)
class Samples:
    """Latencies in seconds by kind of turn, one list per round; ``cpu`` is the server's processor time for all of them."""

    by_kind: dict[str, list[list[float]]] = field(default_factory=dict)
    cpu: float | None = 0.0
    _round: int = -1

    def begin_round(self) -> None:
        """What is added from now on belongs to the next round."""
        self._round += 1

    def add(self, kind: str, seconds: float) -> None:
        """Keep one latency, also under the name of all kinds."""
        for name in (_ALL, kind):
            rounds = self.by_kind.setdefault(name, [])
            while len(rounds) <= self._round:
                rounds.append([])
            rounds[self._round].append(seconds)

    @contextmanager
    def accounting(self, server: Server) -> Iterator[None]:
        """Count the server's processor time inside the block."""
        before = server.cpu_seconds()
        yield
        after = server.cpu_seconds()
        if self.cpu is None or before is None or after is None:
            self.cpu = None
        else:
            self.cpu += after - before

    @property
    def cpu_per_answer(self) -> float | None:
        """Processor time in seconds for one answer."""
        return self.cpu / sum(map(len, self.by_kind[_ALL])) if self.cpu else None


@dataclass(frozen=True, slots=True)
class Party:
    """Somebody who answers turns; ``url_of`` tells where a line in a language is sent."""

    name: str
    server: Server
    session: aiohttp.ClientSession
    url_of: Callable[[Language, Line, int], str]
    checked: bool = False

    async def answer(self, language: Language, line: Line, place: int, conversation: str) -> tuple[float, bytes]:
        """Say one line; the seconds until the whole answer was here, and the answer."""
        said = {"choice": line.text} if line.choice else {"text": line.text}
        body = orjson.dumps({"conversation": conversation, "language": None, **said})
        url = self.url_of(language, line, place)
        began = perf_counter()
        async with self.session.post(url, data=body, headers={"Content-Type": "application/json"}) as response:
            answer = await response.read()
            seconds = perf_counter() - began
        if response.status != 200:
            raise WrongAnswer(f"{self.name}: {response.status} to {line.text!r}: {answer[:500]!r}")
        if self.checked and (code := orjson.loads(answer)["outcome"]["code"]) != line.code:
            raise WrongAnswer(f"{self.name}: {code} instead of {line.code} to {line.text!r}")
        return seconds, answer


@dataclass(frozen=True, slots=True)
class TurnBench:
    """The benchmark of the turn."""

    name: str = "turn"

    async def run(self, effort: Effort) -> BenchResult:
        """Start product and anchors, let them take turns in rounds, and end them."""
        if effort.crowd > len(talk.HELD_SLOTS):
            raise ValueError(f"at most {len(talk.HELD_SLOTS)} conversations find a free time at once")
        with tempfile.TemporaryDirectory(prefix="fermata-bench-") as name:
            folder = Path(name)
            async with running_product(folder) as server, _session() as session:
                product = _product(session, server)
                answers = folder / "answers.json"
                answers.write_text(json.dumps(await _recorded(product)), encoding="utf-8")
                async with running_anchors(folder, answers) as anchors:
                    parties = [product, *(_anchor(name, session, anchors) for name in ANCHORS)]
                    alone, crowd = await _measure(parties, effort)
                booked = await _book(product, min(_BOOKINGS, effort.rounds * effort.repeats))
        return BenchResult(
            self.name,
            (
                Section(
                    "one conversation at a time", tuple(_rows(alone)), {"conversations": 1}, AIMS, _cpu(alone)
                ),
                Section(
                    f"{effort.crowd} simultaneous conversations",
                    tuple(_rows(crowd)),
                    {"conversations": effort.crowd},
                    AIMS,
                    _cpu(crowd),
                ),
                Section(
                    "booking, with the calendar's own time", tuple(_rows({PRODUCT: booked})), {"conversations": 1}
                ),
            ),
        )


def _session() -> aiohttp.ClientSession:
    return aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=0), timeout=aiohttp.ClientTimeout(total=60))


def _product(session: aiohttp.ClientSession, server: Server) -> Party:
    url = f"{server.address}/api/chat/{talk.TENANT}/messages"
    return Party(PRODUCT, server, session, lambda *_: url, checked=True)


def _anchor(name: str, session: aiohttp.ClientSession, server: Server) -> Party:
    def url_of(language: Language, _: Line, place: int) -> str:
        return f"{server.address}/{name}/{_answer_name(language, place)}"

    return Party(name, server, session, url_of)


def _answer_name(language: Language, place: int) -> str:
    return f"{language}-{place}"


async def _recorded(product: Party) -> dict[str, str]:
    """One answer of the product to every line, for the floor to repeat; warms the product up as well."""
    answers = {}
    for language in talk.LANGUAGES:
        conversation = _new_conversation()
        for place, line in enumerate(talk.turns(language, talk.HELD_SLOTS[0])):
            _, answer = await product.answer(language, line, place, conversation)
            answers[_answer_name(language, place)] = answer.decode()
    return answers


async def _measure(parties: Sequence[Party], effort: Effort) -> tuple[dict[str, Samples], dict[str, Samples]]:
    """Every party alone and in a crowd, in rounds that begin with another party each."""
    alone = {party.name: Samples() for party in parties}
    crowd = {party.name: Samples() for party in parties}
    for party in parties:
        await _talks(party, [0, 1], Samples(_round=0))
    for turn in range(effort.rounds):
        order = [*parties[turn % len(parties) :], *parties[: turn % len(parties)]]
        for party in order:
            alone[party.name].begin_round()
            with alone[party.name].accounting(party.server):
                for number in range(effort.repeats):
                    await _talks(party, [number], alone[party.name])
        for party in order:
            crowd[party.name].begin_round()
            with crowd[party.name].accounting(party.server):
                await _talks(party, range(effort.crowd), crowd[party.name])
    return alone, crowd


async def _talks(party: Party, numbers: Iterable[int], samples: Samples) -> None:
    """As many conversations at the same time as there are numbers; each speaks as soon as it was answered."""
    async with asyncio.TaskGroup() as group:
        for number in numbers:
            language = talk.LANGUAGES[number % len(talk.LANGUAGES)]
            lines = talk.turns(language, talk.HELD_SLOTS[number % len(talk.HELD_SLOTS)])
            group.create_task(_talk(party, language, lines, samples))


async def _talk(party: Party, language: Language, lines: Iterable[Line], samples: Samples) -> None:
    conversation = _new_conversation()
    for place, line in enumerate(lines):
        seconds, _ = await party.answer(language, line, place, conversation)
        samples.add(line.kind, seconds)


async def _book(product: Party, count: int) -> Samples:
    samples = Samples()
    samples.begin_round()
    for number, slot in enumerate(talk.BOOKED_SLOTS[:count]):
        language = talk.LANGUAGES[number % len(talk.LANGUAGES)]
        await _talk(product, language, talk.booking(language, slot), samples)
    del samples.by_kind[_ALL]
    return samples


def _rows(samples: dict[str, Samples]) -> Iterator[Row]:
    for kind, rounds in samples[PRODUCT].by_kind.items():
        by_party = {name: each.by_kind[kind] for name, each in samples.items()}
        latencies = {name: latency_of(each) for name, each in by_party.items()}
        anchors = {name: each for name, each in by_party.items() if name != PRODUCT}
        yield Row({"turn": kind}, latencies, ratios_to(rounds, anchors))


def _cpu(samples: dict[str, Samples]) -> dict[str, float]:
    return {name: cost for name, each in samples.items() if (cost := each.cpu_per_answer) is not None}


def _new_conversation() -> str:
    return "bench-" + secrets.token_hex(8)
