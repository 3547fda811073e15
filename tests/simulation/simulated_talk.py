"""One simulated conversation over HTTP, checked turn by turn against the rules of the chat."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import aiohttp
import orjson

from booking_core.model.ids import ConversationId
from booking_core.model.tenant import Tenant
from tests.simulation.books import TENANT
from tests.simulation.guests import Move, SimulatedGuest
from tests.simulation.rules import check_answer, text_of
from tests.support.demo import Demo

LONGEST = 15
"""Messages after which a guest leaves whatever has become of the wish."""
URL = "/api/chat/salon-fermata/messages"


@dataclass
class Talk:
    """One conversation as it went."""

    guest: SimulatedGuest
    demo: Demo
    tenant: Tenant
    door: aiohttp.ClientSession
    answers: list[dict[str, Any]] = field(default_factory=list)
    moves: list[Move] = field(default_factory=list)
    booked: dict[str, tuple[str, str | None, str | None]] = field(default_factory=dict)
    events: list[tuple[str, str]] = field(default_factory=list)
    problem: BaseException | None = None

    @property
    def conversation(self) -> str:
        """Its id."""
        return f"c-seed-{self.guest.seed:06}"

    async def run(self) -> None:
        """Talk until the guest has had enough; a long thought moves everybody's clock."""
        clock = self.demo.services.clock
        while (move := await self.next_move()) is not None:
            if move.minutes:
                clock.set(clock.now() + timedelta(minutes=move.minutes))  # type: ignore[attr-defined]
            await self.say(move)

    async def next_move(self) -> Move | None:
        """What the guest wants to say now; None at the end, when the transcript has been compared, and after a problem."""
        if self.problem is not None:
            return None
        last = self.answers[-1] if self.answers else None
        move = self.guest.next(last) if len(self.moves) < LONGEST else None
        if move is None:
            await self._guarded(self._check_transcript())
        return move

    async def say(self, move: Move) -> None:
        """Say it and check the answer; whatever is wrong becomes the ``problem``."""
        await self._guarded(self._turn(move))

    async def _guarded(self, work: Coroutine[Any, Any, None]) -> None:
        try:
            await work
        except Exception as problem:
            self.problem = problem

    async def _turn(self, move: Move) -> None:
        clock = self.demo.services.clock
        self.moves.append(move)
        asked_at = clock.now()
        answer = await self._send(move)
        before, self.answers = self.answers, [*self.answers, answer]
        check_answer(answer, move, before, asked_at, self.tenant)
        code, booking = answer["outcome"]["code"], answer["booking"]
        if booking is not None:
            self.events.append((code, booking["reference"]))
        if code == "booked":
            guest = self.guest
            assert guest.told_name is not None, "booked without a name"
            assert guest.told_email or guest.told_phone, "booked without a way to be reached"
            self.booked[booking["reference"]] = (guest.told_name, guest.told_email, guest.told_phone)
        if code in {"moved", "cancelled"}:
            assert booking["reference"] in self.booked, "a change of somebody else's booking"
        if move.kind == "no" and before and before[-1]["expects"] == "confirm":
            async with self.demo.services.database.read() as work:
                held = await work.claims.find_hold(TENANT, ConversationId(self.conversation), now=clock.now())
            assert held is None, "a no did not free the held time"

    async def _send(self, move: Move) -> dict[str, Any]:
        body = {"conversation": self.conversation, "text": move.text, "choice": move.choice}
        headers = {"Idempotency-Key": f"{self.conversation}-{len(self.moves)}"} if move.twice else {}
        times = 2 if move.twice else 1
        contents = await asyncio.gather(*(self._post(body, headers) for _ in range(times)))
        assert len(set(contents)) == 1, "one message, two answers"
        answer: dict[str, Any] = orjson.loads(contents[0])
        return answer

    async def _post(self, body: dict[str, Any], headers: dict[str, str]) -> bytes:
        async with self.door.post(URL, json=body, headers=headers) as response:
            content = await response.read()
            assert response.status == 200, content
            return content

    async def _check_transcript(self) -> None:
        async with self.door.get(URL, params={"conversation": self.conversation}) as response:
            lines = (await response.json())["messages"]
        mine = [line["text"] for line in lines if line["from"] == "guest"]
        assert len(mine) == len(self.moves)
        for said, move in zip(mine, self.moves, strict=True):
            assert move.text is None or said == move.text
        spoken = [line["text"] for line in lines if line["from"] == "bot"]
        assert spoken == [reply["text"] for answer in self.answers for reply in answer["replies"]]

    def __str__(self) -> str:
        lines = [f"--- seed {self.guest.seed}: {type(self.problem).__name__}: {self.problem}"]
        for index, move in enumerate(self.moves):
            said = move.text if move.text is not None else f"[{move.choice}]"
            lines.append(
                f"guest: {said}{'  (twice)' if move.twice else ''}{'  (after a while)' * bool(move.minutes)}"
            )
            if index < len(self.answers):
                answer = self.answers[index]
                lines.append(f"  bot: {text_of(answer)}")
                labels = [choice["label"] for choice in answer["choices"]]
                lines.append(f"       {answer['outcome']['code']}, expects {answer['expects']}, {labels}")
        return "\n".join(lines)
