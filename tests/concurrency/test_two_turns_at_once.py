"""A yes is being carried out in one process, or its process has died of it, and the guest's next message reaches another."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from typing import Any

import orjson
import pytest

from booking_core.errors import IdempotencyMismatch
from booking_core.model.booking import Booking, BookingStatus
from booking_core.model.ids import ConversationId
from booking_core.services.notices import MESSAGE
from bot.channels.webchat import encode
from bot.dialogue.message import Message
from bot.dialogue.turn import Dialogue
from tests.simulation.deliveries import Schedule, World, open_world

CHAT = ConversationId("c-two-turns")
WISH = "Herrenhaarschnitt am Donnerstag um 16 Uhr, Max Muster, max@example.org"
MOVE = "Ich möchte den Termin auf Freitag um 11 Uhr verschieben"
PATIENCE = 6.0
"""Seconds for which a call to the calendar is held up at most; after seven the guest gets a promise."""


@dataclass
class Salon:
    """A salon of two processes, and what the guest says to them."""

    world: World
    schedule: Schedule

    @property
    def first(self) -> Dialogue:
        return self.world.processes[0].dialogue

    @property
    def second(self) -> Dialogue:
        return self.world.processes[1].dialogue

    async def say(
        self, dialogue: Dialogue, text: str | None, *, choice: str | None = None, key: str | None = None
    ) -> dict[str, Any]:
        message = Message(
            self.schedule.tenant,
            CHAT,
            "chat",
            text=text,
            choice=choice,
            idempotency_key=key,
            fingerprint=f"{text} {choice}",
        )
        answered = await dialogue.handle(message, lambda it, reply: encode(it, reply, message.tenant))
        told: dict[str, Any] = orjson.loads(answered.body)
        return told

    async def bookings(self) -> list[Booking]:
        async with self.world.processes[0].database.read() as work:
            return list(await work.bookings.list_by_conversation(self.schedule.tenant.id, CHAT))

    async def transcript(self) -> list[tuple[str, str]]:
        async with self.world.processes[0].database.read() as work:
            lines = await work.conversations.transcript(self.schedule.tenant.id, CHAT)
        return [(line.speaker, line.text) for line in lines]

    async def later_messages(self) -> list[str]:
        async with self.world.processes[0].database.write() as work:
            now, real = self.world.clock.now(), self.world.clock.real()
            items = await work.outbox.lease(now=now, real=real, until=real, limit=50)
        return [item.payload["notice"] for item in items if item.kind == MESSAGE]

    def local(self, booking: Booking) -> str:
        return booking.starts_at.astimezone(self.schedule.tenant.zone).strftime("%a %H:%M")


def text_of(answer: dict[str, Any]) -> str:
    return " ".join(reply["text"] for reply in answer["replies"])


@pytest.fixture
async def salon(database_url: str, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Salon]:
    monkeypatch.setattr("tests.simulation.deliveries._CALL_SECONDS", 2 * PATIENCE)
    async with open_world(database_url, 0) as world:
        schedule = Schedule(0, world)
        await schedule.open()
        yield Salon(world, schedule)


@dataclass
class Halting:
    """The actions of one process. ``before`` and ``after`` are waited for around what is done; ``dies`` afterwards."""

    actions: Any
    before: asyncio.Event | None = None
    after: asyncio.Event | None = None
    dies: bool = False
    came: asyncio.Event = field(default_factory=asyncio.Event)
    did: asyncio.Event = field(default_factory=asyncio.Event)

    def __getattr__(self, name: str) -> Any:
        return getattr(self.actions, name)

    async def perform(self, *args: Any) -> Any:
        self.came.set()
        if self.before is not None:
            await self.before.wait()
        outcome = await self.actions.perform(*args)
        self.did.set()
        if self.dies:
            raise SystemError("the process died")
        if self.after is not None:
            await self.after.wait()
        return outcome


def halting(dialogue: Dialogue, **how: Any) -> tuple[Dialogue, Halting]:
    actions = Halting(dialogue.actions, **how)
    stand_in: Any = actions
    return replace(dialogue, actions=stand_in), actions


@asynccontextmanager
async def held_up(salon: Salon, call: str) -> AsyncIterator[tuple[asyncio.Event, asyncio.Event]]:
    """Until the second event is set the calendar does not answer this call; the first tells that it was asked."""
    calendar: Any = salon.world.calendar
    asked, go_on = asyncio.Event(), asyncio.Event()
    through: Callable[..., Awaitable[Any]] = getattr(calendar, call)

    async def wait(*args: Any, **named: Any) -> Any:
        asked.set()
        await asyncio.wait_for(go_on.wait(), PATIENCE)
        return await through(*args, **named)

    setattr(calendar, call, wait)
    try:
        yield asked, go_on
    finally:
        go_on.set()
        setattr(calendar, call, through)


NOS = ["nein", "Abbrechen bitte", "nein, doch nicht", "Bitte absagen"]
OTHERS = [("doch lieber um 15 Uhr", "Thu 15:00"), ("Nein, lieber am Freitag um 10 Uhr", "Fri 10:00")]


@pytest.mark.parametrize("second", NOS)
async def test_a_no_to_a_yes_under_way_offers_to_cancel_what_is_being_booked(salon: Salon, second: str) -> None:
    await salon.say(salon.first, WISH)
    async with held_up(salon, "create_entry") as (asked, go_on):
        yes = asyncio.create_task(salon.say(salon.first, "ja"))
        await asked.wait()
        no = await salon.say(salon.second, second)
        go_on.set()
        booked = await yes
    assert "wird gerade eingetragen" in text_of(no)
    assert "Soll ich diesen Termin absagen?" in text_of(no)
    assert no["expects"] == "confirm"
    assert booked["outcome"]["code"] == "booked"
    assert "Soll ich diesen Termin absagen?" in text_of(booked)
    assert booked["expects"] == "confirm"
    # What was told to follow follows.
    assert await salon.later_messages() == ["confirmed"]
    said = [text for speaker, text in await salon.transcript() if speaker == "guest"]
    assert sorted(said) == sorted([WISH, "ja", second])
    assert (await salon.say(salon.second, "ja"))["outcome"]["code"] == "cancelled"
    (booking,) = await salon.bookings()
    assert booking.status is BookingStatus.CANCELLED


@pytest.mark.parametrize(("second", "start"), OTHERS)
async def test_another_time_while_a_yes_is_carried_out_is_a_move(salon: Salon, second: str, start: str) -> None:
    await salon.say(salon.first, WISH)
    async with held_up(salon, "create_entry") as (asked, go_on):
        yes = asyncio.create_task(salon.say(salon.first, "ja"))
        await asked.wait()
        other = await salon.say(salon.second, second)
        go_on.set()
        booked = await yes
    assert "wird gerade eingetragen" in text_of(other)
    assert "statt am Donnerstag, 26. März, 16:00 Uhr" in text_of(other)
    assert booked["outcome"]["code"] == "booked"
    assert booked["booking"]["start"].startswith("2026-03-26T16:00")
    assert "Soll ich den Termin so verschieben?" in text_of(booked)
    assert (await salon.say(salon.first, "ja"))["outcome"]["code"] == "moved"
    (booking,) = await salon.bookings()
    assert salon.local(booking) == start


async def test_the_yes_is_told_where_only_a_question_came_between(salon: Salon) -> None:
    await salon.say(salon.first, WISH)
    dialogue, actions = halting(salon.first, before=asyncio.Event())
    yes = asyncio.create_task(salon.say(dialogue, "ja"))
    await actions.came.wait()
    assert (await salon.say(salon.second, "Was kostet das?"))["expects"] == "confirm"
    assert actions.before is not None
    actions.before.set()
    booked = await yes
    assert (booked["outcome"]["code"], booked["expects"]) == ("booked", "anything")
    assert (await salon.say(salon.second, "ja"))["outcome"]["code"] == "info"
    (booking,) = await salon.bookings()
    assert salon.local(booking) == "Thu 16:00"


@pytest.mark.parametrize(
    ("second", "question"),
    [
        ("doch lieber um 15 Uhr", "15:00 bis 15:30 Uhr"),
        ("lieber am Freitagnachmittag", "Was passt Ihnen?"),
        ("nein", "Soll ich diesen Termin absagen?"),
    ],
)
async def test_a_yes_counts_for_what_it_was_said_to_although_the_talk_has_gone_on(
    salon: Salon, second: str, question: str
) -> None:
    await salon.say(salon.first, WISH)
    dialogue, actions = halting(salon.first, before=asyncio.Event())
    yes = asyncio.create_task(salon.say(dialogue, "ja"))
    await actions.came.wait()
    await salon.say(salon.second, second)
    assert actions.before is not None
    actions.before.set()
    booked = await yes
    assert booked["outcome"]["code"] == "booked"
    assert booked["booking"]["start"].startswith("2026-03-26T16:00")
    assert question in text_of(booked)
    # What is asked now is about this booking: there will never be a second one.
    if booked["expects"] == "choice":
        await salon.say(salon.second, None, choice=booked["choices"][0]["id"])
    last = await salon.say(salon.second, "ja")
    assert last["outcome"]["code"] == ("cancelled" if second == "nein" else "moved"), last
    assert len(await salon.bookings()) == 1


@pytest.mark.parametrize(("text", "choice"), [("nein", None), (None, "no")])
async def test_a_no_does_not_answer_a_question_asked_meanwhile(
    salon: Salon, text: str | None, choice: str | None
) -> None:
    await salon.say(salon.first, WISH)
    dialogue, actions = halting(salon.first, before=asyncio.Event())
    no = asyncio.create_task(salon.say(dialogue, text, choice=choice))
    await actions.came.wait()
    other = await salon.say(salon.second, "doch lieber um 15 Uhr")
    assert other["expects"] == "confirm"
    assert actions.before is not None
    actions.before.set()
    answer = await no
    assert answer["expects"] == "confirm"
    assert "15:00 bis 15:30 Uhr" in text_of(answer)
    assert (await salon.say(salon.second, "ja"))["outcome"]["code"] == "booked"
    (booking,) = await salon.bookings()
    assert salon.local(booking) == "Thu 15:00"


async def test_a_button_does_not_choose_from_what_was_offered_meanwhile(salon: Salon) -> None:
    offers = await salon.say(salon.first, "Herrenhaarschnitt am Donnerstagnachmittag")
    dialogue, actions = halting(salon.first, after=asyncio.Event())
    press = asyncio.create_task(salon.say(dialogue, None, choice=offers["choices"][0]["id"]))
    await actions.did.wait()
    others = await salon.say(salon.second, "lieber am Freitagvormittag")
    assert actions.after is not None
    actions.after.set()
    answer = await press
    assert (answer["expects"], answer["choices"]) == ("choice", others["choices"])
    # Nothing is held for a choice that did not count.
    chosen = await salon.say(salon.second, None, choice=others["choices"][0]["id"])
    assert chosen["outcome"]["requested"]["start"].startswith("2026-03-27")


async def test_a_wish_that_comes_second_is_understood_all_the_same(salon: Salon) -> None:
    dialogue, actions = halting(salon.first, before=asyncio.Event())
    wish = asyncio.create_task(salon.say(dialogue, WISH))
    await actions.came.wait()
    assert (await salon.say(salon.second, "Guten Tag"))["outcome"]["code"] == "greeted"
    assert actions.before is not None
    actions.before.set()
    answer = await wish
    assert (answer["outcome"]["code"], answer["expects"]) == ("held", "confirm")


async def test_the_same_key_with_another_message_is_refused_while_the_first_runs(salon: Salon) -> None:
    await salon.say(salon.first, WISH)
    async with held_up(salon, "create_entry") as (asked, go_on):
        yes = asyncio.create_task(salon.say(salon.first, "ja", key="k-1"))
        await asked.wait()
        with pytest.raises(IdempotencyMismatch):
            await salon.say(salon.second, "nein", key="k-1")
        go_on.set()
        booked = await yes
    assert (booked["outcome"]["code"], booked["expects"]) == ("booked", "anything")
    assert await salon.say(salon.second, "ja", key="k-1") == booked
    said = [text for speaker, text in await salon.transcript() if speaker == "guest"]
    assert said == [WISH, "ja"]


async def test_a_key_that_was_answered_before_the_yes_began_books_nothing(salon: Salon) -> None:
    await salon.say(salon.first, WISH)
    gate = asyncio.Event()
    clock: Any = salon.world.clock

    class Late(Dialogue):
        async def _begin(self, *args: Any) -> None:
            gate.set()
            await asyncio.sleep(0)
            await answered.wait()
            await super()._begin(*args)

    answered = asyncio.Event()
    first = salon.first
    late = Late(
        first.database,
        first.locks,
        clock,
        first.translations,
        first.understander_of,
        first.actions,
        first.queue,
    )
    yes = asyncio.create_task(salon.say(late, "ja", key="k-1"))
    await gate.wait()
    assert (await salon.say(salon.second, "nein", key="k-1"))["expects"] == "when"
    answered.set()
    with pytest.raises(IdempotencyMismatch):
        await yes
    assert await salon.bookings() == []


async def dead(salon: Salon, *said: str) -> None:
    """The guest says all this; the process dies when the last of it is done and nothing of that is saved."""
    *before, last = said
    for text in before:
        await salon.say(salon.first, text)
    dialogue, _ = halting(salon.first, dies=True)
    with pytest.raises(SystemError):
        await salon.say(dialogue, last)


@pytest.mark.parametrize("second", NOS)
async def test_after_a_crash_a_no_hears_that_the_booking_stands(salon: Salon, second: str) -> None:
    await dead(salon, WISH, "ja")
    answer = await salon.say(salon.second, second)
    assert "Ihr Termin ist eingetragen: Herrenhaarschnitt am Donnerstag, 26. März, 16:00" in text_of(answer)
    assert "Soll ich diesen Termin absagen?" in text_of(answer)
    assert "trage nichts ein" not in text_of(answer)
    assert (await salon.say(salon.second, "ja"))["outcome"]["code"] == "cancelled"


@pytest.mark.parametrize(("second", "start"), OTHERS)
async def test_after_a_crash_another_time_is_a_move(salon: Salon, second: str, start: str) -> None:
    await dead(salon, WISH, "ja")
    answer = await salon.say(salon.second, second)
    assert "statt am Donnerstag, 26. März, 16:00 Uhr" in text_of(answer)
    assert (await salon.say(salon.second, "ja"))["outcome"]["code"] == "moved"
    (booking,) = await salon.bookings()
    assert salon.local(booking) == start


async def test_after_a_crash_the_same_yes_is_the_same_booking(salon: Salon) -> None:
    await dead(salon, WISH, "ja")
    answer = await salon.say(salon.second, "ja")
    assert answer["outcome"]["code"] == "booked"
    (booking,) = await salon.bookings()
    assert answer["booking"]["reference"] == booking.reference


@pytest.mark.parametrize(
    ("said", "told", "left"),
    [
        ((MOVE, "ja"), "Ihr Termin ist verschoben: Herrenhaarschnitt ist jetzt am Freitag, 27. März, 11:00", 1),
        (("Bitte den Termin absagen", "ja"), "Ihr Termin ist abgesagt: Herrenhaarschnitt am Donnerstag", 0),
    ],
)
async def test_after_a_crash_a_no_to_a_change_hears_that_it_is_done(
    salon: Salon, said: tuple[str, ...], told: str, left: int
) -> None:
    await dead(salon, WISH, "ja")
    await salon.say(salon.second, "ja")
    await dead(salon, *said)
    answer = await salon.say(salon.second, "nein, doch nicht")
    assert told in text_of(answer)
    assert "es bleibt alles, wie es ist" not in text_of(answer)
    live = [it for it in await salon.bookings() if it.status is BookingStatus.CONFIRMED]
    assert len(live) == left


async def test_after_a_crash_the_same_yes_to_a_cancellation_hears_that_it_is_done(salon: Salon) -> None:
    await dead(salon, WISH, "ja")
    await salon.say(salon.second, "ja")
    await dead(salon, "Bitte den Termin absagen", "ja")
    answer = await salon.say(salon.second, "ja")
    assert (answer["outcome"]["code"], answer["booking"]["status"]) == ("cancelled", "cancelled")


@pytest.mark.parametrize(
    ("said", "call", "told", "notice"),
    [
        (MOVE, "move_entry", "wird gerade verschoben", "moved"),
        ("Bitte den Termin absagen", "cancel_entry", "wird gerade abgesagt", "cancelled"),
    ],
)
async def test_a_no_to_a_change_under_way_hears_of_it_and_is_told_later(
    salon: Salon, said: str, call: str, told: str, notice: str
) -> None:
    await salon.say(salon.first, WISH)
    await salon.say(salon.first, "ja")
    await salon.say(salon.first, said)
    async with held_up(salon, call) as (asked, go_on):
        yes = asyncio.create_task(salon.say(salon.first, "ja"))
        await asked.wait()
        no = await salon.say(salon.second, "nein, doch nicht")
        go_on.set()
        done = await yes
    assert told in text_of(no)
    assert done["outcome"]["code"] == notice
    assert await salon.later_messages() == [notice]
