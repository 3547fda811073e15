"""A process from which others are forked: each does one thing in a salon and dies of it, or does not.

It has one thread and no event loop, so that a fork of it is clean, and everything is imported already, so that it is quick.
"""

from __future__ import annotations

import asyncio
import os
import pickle
import subprocess
import sys
import traceback
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Any, BinaryIO
from unittest.mock import patch

from booking_core.model.booking import Booking
from booking_core.model.saga import Saga
from booking_core.services import saga as runner
from booking_core.services.saga_steps import turned_back
from bot.logs import configure_logging
from integrations.sql import SqlDatabase
from tests.crashes.doubles import Crossings, Kill, Nothing
from tests.crashes.salon import Address, HandClock, open_salon, warm_up
from tests.crashes.scenarios import Cell, Scenario, act

_ROOT = Path(__file__).resolve().parents[2]
_AT_ONCE = 2
TurnBack = Callable[[Saga, Booking, str], Saga]


@dataclass(frozen=True, slots=True)
class Life:
    """What a process is to do until it is killed; ``kill`` None for one that nothing happens to. ``forgetful``: it does not know how to undo."""

    address: Address
    now: datetime
    scenario: Scenario
    cell: Cell
    kill: Kill | None
    forgetful: bool = False


@dataclass(frozen=True, slots=True)
class Mortals:
    """The mother process; None where nobody is going to die."""

    process: subprocess.Popen[bytes] | None = None

    async def rehearse(self, life: Life) -> list[str]:
        """Let the mother herself live it: the crossings it has. Her children then know it already and are quicker."""
        names: list[str] = await asyncio.to_thread(self._ask, life)
        return names

    async def live(self, lives: Sequence[Life]) -> list[int]:
        """Let a process live each; their exit statuses, negative for the signal that killed one."""
        statuses: list[int] = await asyncio.to_thread(self._ask, list(lives)) if lives else []
        return statuses

    def _ask(self, request: Life | list[Life]) -> Any:
        assert self.process is not None
        requests, answers = self.process.stdin, self.process.stdout
        assert requests is not None
        assert answers is not None
        pickle.dump(request, requests)
        requests.flush()
        return pickle.load(answers)


@contextmanager
def mortals() -> Iterator[Mortals]:
    """Start the mother process and end it afterwards."""
    with subprocess.Popen(
        [sys.executable, "-c", "from tests.crashes import mortal; mortal.serve()"],
        cwd=_ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    ) as process:
        try:
            yield Mortals(process)
        finally:
            process.kill()


async def live(life: Life, sql: SqlDatabase) -> list[str]:
    """One life; the crossings it had."""
    crossings = Crossings(life.kill or Nothing())
    async with open_salon(life.address, HandClock(life.now), crossings, sql=sql) as salon:
        await act(salon, life.scenario, life.cell)
    return crossings.names


def without_undo(turn_back: TurnBack) -> TurnBack:
    """Sabotage: what turns back leaves everything as it is."""

    def forgetful(saga: Saga, booking: Booking, why: str, **called_off: Any) -> Saga:
        back = turn_back(saga, booking, why, **called_off)
        return replace(back, steps=back.steps[: len(saga.steps)])

    return forgetful


def fork(life: Life, sql: SqlDatabase) -> int:
    """A child that lives and never returns; its number."""
    child = os.fork()
    if child:
        return child
    status = 1
    try:
        if life.forgetful:
            patch.object(runner, "turned_back", without_undo(turned_back)).start()
        asyncio.run(live(life, sql))
        status = 0
    except BaseException:
        traceback.print_exc()
    finally:
        sys.stderr.flush()
        os._exit(status)


def generation(lives: Sequence[Life], sql: SqlDatabase) -> list[int]:
    """All of them, a few at a time; their exit statuses."""
    children: dict[int, int] = {}
    statuses = [0] * len(lives)
    for number, life in enumerate(lives):
        children[fork(life, sql)] = number
        while len(children) == _AT_ONCE or (number == len(lives) - 1 and children):
            child, status = os.wait()
            statuses[children.pop(child)] = os.waitstatus_to_exitcode(status)
    return statuses


def main(requests: BinaryIO, answers: BinaryIO) -> None:
    """Answer until nobody asks any more."""
    warm_up()
    opened: dict[str, SqlDatabase] = {}
    while True:
        try:
            request: Life | list[Life] = pickle.load(requests)
        except EOFError:
            return
        first = request if isinstance(request, Life) else request[0]
        url = first.address.database
        if url not in opened:
            opened = {url: SqlDatabase.open(url)}
        answer: object
        if isinstance(request, Life):
            answer = asyncio.run(live(request, opened[url]))
        else:
            answer = generation(request, opened[url])
        pickle.dump(answer, answers)
        answers.flush()


def serve() -> None:
    """What the mother process runs; whatever is printed goes where errors go."""
    configure_logging("error", sys.stderr)
    with os.fdopen(os.dup(sys.stdout.fileno()), "wb") as answers:
        os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
        main(sys.stdin.buffer, answers)
