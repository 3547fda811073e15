"""One turn's latency over HTTP, alone and in a crowd, beside two anchors measured in the same rounds."""

from __future__ import annotations

import asyncio
import json
import secrets
import tempfile
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter
from typing import Final

import aiohttp
import orjson

from tests.bench import talk
from tests.bench.result import BenchResult, Effort, Section
from tests.bench.samples import ALL, PRODUCT, Samples, WrongAnswer, client, cpu_of, rows_of
from tests.bench.servers import Server, running_anchors, running_product
from tests.bench.talk import Language, Line

ANCHORS: Final = ("echo", "floor")
AIMS: Final = {"floor": 3.0}
_BOOKINGS: Final = 30


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
            async with running_product(folder) as server, client() as session:
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
                    "one conversation at a time",
                    tuple(rows_of(alone, "turn")),
                    {"conversations": 1},
                    AIMS,
                    cpu_of(alone),
                ),
                Section(
                    f"{effort.crowd} simultaneous conversations",
                    tuple(rows_of(crowd, "turn")),
                    {"conversations": effort.crowd},
                    AIMS,
                    cpu_of(crowd),
                ),
                Section(
                    "booking, with the calendar's own time",
                    tuple(rows_of({PRODUCT: booked}, "turn")),
                    {"conversations": 1},
                ),
            ),
        )


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
    del samples.by_kind[ALL]
    return samples


def _new_conversation() -> str:
    return "bench-" + secrets.token_hex(8)
