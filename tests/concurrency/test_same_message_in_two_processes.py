"""The same message at the same moment in two processes on one database: one effect, one answer, nothing left held."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

import orjson
import pytest

from booking_core.model.ids import ConversationId, new_conversation_id, staff_resource
from booking_core.model.interval import Interval
from bot.channels.webchat import encode
from bot.dialogue.message import Message
from bot.dialogue.turn import Answered, Dialogue
from tests.simulation.deliveries import NOW, Schedule, World, open_world
from tests.support.full_ticks import full_ticks

WISH = "Herrenhaarschnitt am Donnerstag um 16 Uhr, Max Muster, max@example.org"
HALF_AN_HOUR = 6
ROUNDS = 6


@pytest.fixture
async def world(sqlite_url: str) -> AsyncIterator[World]:
    async with open_world(sqlite_url, 0) as opened:
        yield opened


async def say(dialogue: Dialogue, message: Message) -> Answered:
    return await dialogue.handle(message, lambda conversation, reply: encode(conversation, reply, message.tenant))


async def held_ticks(world: World, schedule: Schedule) -> int:
    """How many ticks of anybody are claimed or held at this moment."""
    staff = [staff_resource(member.id) for member in schedule.tenant.staff]
    window = Interval(NOW, NOW + timedelta(days=10))
    async with world.processes[0].database.read() as work:
        full = await full_ticks(work.claims, schedule.tenant.id, staff, window, seats={}, now=world.clock.now())
    return sum(len(ticks) for ticks in full.values())


@dataclass
class OneAfterTheOther:
    """The actions of one process, which begin when the other's are done, or end when the other's are."""

    actions: Any
    waits_before: asyncio.Event | None
    done: asyncio.Event
    waits_after: asyncio.Event | None

    async def perform(self, *args: Any) -> Any:
        if self.waits_before is not None:
            await self.waits_before.wait()
        outcome = await self.actions.perform(*args)
        self.done.set()
        if self.waits_after is not None:
            await self.waits_after.wait()
        return outcome


async def test_a_first_message_without_a_conversation_begins_one_only(world: World) -> None:
    """The second has read the database before the first saves, and looks for a time when the first holds one."""
    for number in range(ROUNDS):
        schedule = Schedule(number, world)
        await schedule.open()
        first_held, second_held = asyncio.Event(), asyncio.Event()
        one, two = (process.dialogue for process in world.processes)
        first: Any = OneAfterTheOther(one.actions, None, first_held, second_held)
        second: Any = OneAfterTheOther(two.actions, first_held, second_held, None)
        dialogues = [replace(one, actions=first), replace(two, actions=second)]
        conversations = [new_conversation_id() for _ in range(2)]
        messages = [
            Message(
                schedule.tenant,
                conversation,
                "chat",
                text=WISH,
                idempotency_key="k-1",
                fingerprint="body",
                started_here=True,
            )
            for conversation in conversations
        ]
        answers = await asyncio.gather(*map(say, dialogues, messages))
        assert len({answer.body for answer in answers}) == 1
        told = orjson.loads(answers[0].body)
        assert told["conversation"] in conversations
        assert told["outcome"]["code"] == "held"
        async with world.processes[0].database.read() as work:
            transcripts = [await work.conversations.transcript(schedule.tenant.id, it) for it in conversations]
        assert sorted(sum(line.speaker == "guest" for line in lines) for lines in transcripts) == [0, 1]
        assert await held_ticks(world, schedule) == HALF_AN_HOUR


async def test_wish_and_yes_and_second_thoughts_in_both_at_once(world: World) -> None:
    lines = [WISH, "ja", "Ich möchte den Termin auf Freitag um 11 Uhr verschieben", "ja", "absagen bitte", "ja"]
    codes = ["held", "booked", "held", "moved", "asked", "cancelled"]
    for number in range(ROUNDS):
        schedule = Schedule(number, world)
        await schedule.open()
        conversation = ConversationId(f"c-both-{number}")
        for position, (text, code) in enumerate(zip(lines, codes, strict=True)):
            message = Message(
                schedule.tenant,
                conversation,
                "chat",
                text=text,
                idempotency_key=f"k-{position}",
                fingerprint=text,
            )
            answers = await asyncio.gather(*(say(process.dialogue, message) for process in world.processes))
            assert len({answer.body for answer in answers}) == 1, text
            assert orjson.loads(answers[0].body)["outcome"]["code"] == code, (text, answers[0].body)
        assert await held_ticks(world, schedule) == 0
        async with world.processes[0].database.read() as work:
            (booking,) = await work.bookings.list_by_conversation(schedule.tenant.id, conversation)
        events = [entry.event for entry in booking.history]
        assert events == ["requested", "confirmed", "moved", "cancelled"]
