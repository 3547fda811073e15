"""Two guests want the same time of the same person at the same moment, over HTTP."""

from __future__ import annotations

import asyncio
from itertools import pairwise
from pathlib import Path

from tests.support.demo import running_demo

ROUNDS = 25


async def test_exactly_one_is_promised_it_and_exactly_one_books_it(tmp_path: Path) -> None:
    async with running_demo(tmp_path) as demo:
        await demo.sandbox.put("/_sandbox/faults", json={"rate_limit": 100000})
        for number in range(ROUNDS):
            minutes = 9 * 60 + 15 * number
            wish = f"Herrenhaarschnitt bei Ben am Dienstag, den 31. März um {minutes // 60}:{minutes % 60:02d} Uhr"
            guests = [demo.guest(), demo.guest()]
            await asyncio.gather(*(guest.say(f"{wish}, Max Muster, 0170 1234567") for guest in guests))
            held = [guest for guest in guests if guest.code == "held"]
            if not held:
                # His break, or the half hour runs into what the round before has booked: nobody may get it.
                assert all(guest.code in {"alternatives", "outside_hours"} for guest in guests)
                continue
            assert len(held) == 1
            await asyncio.gather(*(guest.say("ja") for guest in guests))
            assert [guest.code for guest in held] == ["booked"]
        bookings = await demo.sandbox_bookings()
        spans = sorted((booking["start"], booking["end"]) for booking in bookings)
        assert len(spans) > ROUNDS // 3
        assert all(earlier[1] <= later[0] for earlier, later in pairwise(spans))
