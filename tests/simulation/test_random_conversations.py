"""Hundreds of guests at once, each with a seed, on one demo: every answer keeps the contract and the books balance.

A failing seed prints its whole dialogue.
"""

from __future__ import annotations

import asyncio
import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any

import aiohttp
import orjson
import pytest

from booking_core.model.ids import ConversationId
from booking_core.model.tenant import Tenant
from tests.simulation.books import (
    TENANT,
    check_calendar,
    check_claims,
    check_mails,
    check_privacy,
    check_told,
    our_bookings,
)
from tests.simulation.guests import Move, SimulatedGuest
from tests.simulation.rules import check_answer, text_of
from tests.support.demo import Demo, running_demo

AT_ONCE = 10
LONGEST = 15
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
        """Talk until the guest has had enough."""
        try:
            for _ in range(LONGEST):
                move = self.guest.next(self.answers[-1] if self.answers else None)
                if move is None:
                    break
                await self._turn(move)
            await self._check_transcript()
        except Exception as problem:
            self.problem = problem

    async def _turn(self, move: Move) -> None:
        clock = self.demo.services.clock
        if move.minutes:
            clock.set(clock.now() + timedelta(minutes=move.minutes))  # type: ignore[attr-defined]
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


async def simulate(folder: Path, seeds: Iterable[int]) -> None:
    """Let the guests of these seeds talk, so many at once, and balance the books."""
    async with running_demo(folder) as demo, aiohttp.ClientSession(demo.base_url) as door:
        await demo.sandbox.put("/_sandbox/faults", json={"rate_limit": 100_000})
        tenant = await demo.services.tenants.tenant_of(TENANT)
        talks = [Talk(SimulatedGuest(seed), demo, tenant, door) for seed in seeds]
        chairs = asyncio.Semaphore(AT_ONCE)

        async def visit(talk: Talk) -> None:
            async with chairs:
                await talk.run()

        await asyncio.gather(*(visit(talk) for talk in talks))
        failed = [talk for talk in talks if talk.problem is not None]
        assert not failed, f"{len(failed)} of {len(talks)} failed\n" + "\n".join(map(str, failed[:3]))
        check_variety(talks)
        await demo.services.worker.sweep()
        # What another sweep had taken comes back when its lease has ended.
        demo.services.clock.set(demo.services.clock.now() + timedelta(minutes=10))  # type: ignore[attr-defined]
        await demo.services.worker.sweep()
        bookings = await our_bookings(demo)
        told = {reference: what for talk in talks for reference, what in talk.booked.items()}
        assert {booking.reference for booking in bookings if booking.status != "failed"} == told.keys()
        check_told(bookings, told)
        await check_calendar(demo, bookings)
        await check_claims(demo, bookings, tenant)
        await check_mails(demo, bookings, tenant.zone)
        addresses = [talk.guest.email for talk in talks if talk.guest.email]
        phones = [re.sub(r"\D", "", talk.guest.phone)[1:] for talk in talks if talk.guest.phone]
        await check_privacy(demo, [*addresses, *phones])


def check_variety(talks: list[Talk]) -> None:
    """The guests must have met nearly everything, else the rest proves little."""
    codes = Counter(answer["outcome"]["code"] for talk in talks for answer in talk.answers)
    missing = {
        "booked",
        "moved",
        "cancelled",
        "offers",
        "held",
        "closed_day",
        "outside_hours",
        "in_past",
    } - codes.keys()
    assert not missing, f"nobody met {missing}: {codes}"
    assert codes["booked"] > len(talks) / 5, codes
    assert any(move.twice for talk in talks for move in talk.moves)


async def test_three_hundred_guests_leave_balanced_books(tmp_path: Path) -> None:
    await simulate(tmp_path, range(300))


@pytest.mark.soak
@pytest.mark.timeout(1800)
@pytest.mark.parametrize("first", [1_000, 2_000, 3_000])
async def test_a_thousand_guests_leave_balanced_books(tmp_path: Path, first: int) -> None:
    await simulate(tmp_path, range(first, first + 1_000))
