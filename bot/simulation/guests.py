"""Who wants something of a simulated business: guests who chat, assistants on the phone, and programs."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine, Sequence
from dataclasses import dataclass, field
from datetime import UTC, timedelta
from enum import Enum
from typing import Any, Final, TypeVar, assert_never

from booking_core.availability.rules import Window
from booking_core.errors import BeingChanged, IllegalMove, Upstream
from booking_core.model.booking import Attendee, Booking, BookingStatus
from booking_core.model.ids import ConversationId, HoldId, Reference
from booking_core.model.saga import SagaKind
from booking_core.model.service import Service
from booking_core.model.slot import Hold, Plan
from booking_core.services.booking import OVER, Booked, Confirmation, Promised
from booking_core.services.front_desk import BookingOrder, Unavailable
from booking_core.services.idempotent import Answer, Call
from booking_core.services.offers import ExactlyFree, Found, FreeInWindow, Impossible, NotFree, Wish
from booking_core.services.reschedule import Moved, MovePromised, NotMoved, Rescheduling
from bot.simulation.mortality import Unreachable
from bot.simulation.product import Product
from bot.simulation.surroundings import somebody_in_between
from bot.simulation.world import World

_TRIES: Final = 6
_CHANGES: Final = (("move",), ("cancel",), ("move", "cancel"), ("move", "move"))
# How often staff enter something on a guest's time in the very moment, and how often a program repeats a call much later.
_SOMEBODY_IN_BETWEEN: Final = 0.06
_REPEATS: Final = 0.1
_BOOKED, _PROMISED, _UNAVAILABLE = 201, 202, 409
_Answer = TypeVar("_Answer")


class Manner(Enum):
    """How somebody asks; the value names the door."""

    CHAT = "chat"
    TOOL = "tools"
    """An assistant on the phone waits three seconds and repeats its calls, up to three beside each other."""
    PROGRAM = "api"

    @property
    def patience(self) -> float:
        """Seconds that it waits for an answer."""
        return 3.0 if self is Manner.TOOL else 7.0


@dataclass(frozen=True, slots=True)
class _Called:
    """A program's call by its key, and the tokens under which it was run: one, if all is well."""

    key: str
    tokens: dict[HoldId, None] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Guest:
    """Books, and perhaps changes his or her mind later."""

    world: World
    name: str
    manner: Manner

    async def live(self) -> None:
        """Look for a time, take it, say yes (perhaps more than once), then move or cancel, perhaps from two devices at once."""
        chance = self.world.chance
        service = chance.choice(self.world.outside.tenant.services)
        booking = await (self._order(service) if self.manner is Manner.PROGRAM else self._book(service))
        if booking is None or chance.random() < 0.3:
            return
        # Some at once, while a promise is still open.
        await asyncio.sleep(chance.choice((15, 120, 1800)) * chance.random())
        changes = chance.choice(_CHANGES)
        if chance.random() < 0.2:
            await asyncio.gather(*(self._change(change, booking, service, alone=False) for change in changes))
            # Which of the two came last, nobody can tell.
            self.world.told.unsure(booking.reference)
            return
        for change in changes:
            booking = await self._change(change, booking, service)
            await asyncio.sleep(chance.uniform(1, 600))

    @property
    def _conversation(self) -> ConversationId:
        return ConversationId(f"c-{self.name}")

    async def _book(self, service: Service) -> Booking | None:
        """A wish, an offer, a hold, a thought and a yes."""
        chance = self.world.chance
        held = await self._find_and_hold(service, None)
        if held is None:
            return None
        hold, plan = held
        # Some think for longer than a hold lasts.
        await asyncio.sleep(chance.choice((5, 20, 60, 600)) * chance.uniform(0.5, 1.5))
        attendee = self._attendee()

        async def say_yes() -> Confirmation | None:
            await asyncio.sleep(chance.uniform(0, 1))
            return await self._insist(
                lambda product: product.booking.confirm(
                    self.world.outside.tenant,
                    self._conversation,
                    hold.id,
                    plan,
                    attendee,
                    door=self.manner.value,
                    deadline=self.manner.patience,
                )
            )

        self.world.attempts += 1
        if chance.random() < _SOMEBODY_IN_BETWEEN:
            self.world.send_off(somebody_in_between(self.world, plan))
        times = chance.choice((1, 1, 2, 3) if self.manner is Manner.TOOL else (1, 1, 1, 2))
        answers = await asyncio.gather(*(say_yes() for _ in range(times)))
        if self.manner is Manner.TOOL and chance.random() < 0.3:
            answers.append(await say_yes())
        return self._hear(hold.id, plan, [answer for answer in answers if answer is not None])

    def _hear(self, hold: HoldId, plan: Plan, heard: Sequence[Confirmation]) -> Booking | None:
        """What is made of one or more answers to the same yes."""
        world = self.world
        booked = [it.booking for it in heard if isinstance(it, Booked)]
        promised = [it.booking for it in heard if isinstance(it, Promised)]
        if len({it.reference for it in (*booked, *promised)}) > 1:
            world.violated(f"{self.name}: one hold, two bookings")
        now = world.outside.clock.now()
        for booking in promised:
            world.told.promise(booking, SagaKind.BOOK, plan.starts_at, now, asked=now)
        for booking in booked:
            self._look(booking)
        if booked:
            world.told.booked(booked[0], plan)
            world.tell(self.name, f"booked {booked[0].reference} {_span(plan)}")
            return booked[0]
        if promised:
            world.tell(self.name, f"is promised {promised[0].reference} {_span(plan)}")
            return promised[0]
        if heard:
            world.told.lost.append(hold)
        world.tell(self.name, f"has lost {_span(plan)}" if heard else "hears nothing")
        return None

    def _look(self, booking: Booking) -> None:
        """Who is told that a booking stands can see it in the calendar."""
        if booking.status is not BookingStatus.CONFIRMED:
            self.world.violated(f"{booking.reference}: told that it stands, and it is {booking.status}")
        for line in self.world.ours.missing(booking):
            self.world.violated(f"told that it stands: {line}")

    async def _order(self, service: Service) -> Booking | None:
        """A program names a time and books in one call; it repeats the call with the same key, perhaps before it has an answer."""
        world, chance = self.world, self.world.chance
        attendee = self._attendee()
        for number in range(3):
            order = BookingOrder(service, world.popular_time(), attendee)
            called = _Called(f"{self.name}-{number}")

            def book(
                product: Product, order: BookingOrder = order, called: _Called = called
            ) -> Coroutine[Any, Any, Answer]:
                return self._book_once(product, order, called)

            world.attempts += 1
            times = chance.choice((1, 1, 1, 2))
            answers = [await self._insist(book)] if times == 1 else await self._both(book)
            if chance.random() < _REPEATS:
                await asyncio.sleep(chance.uniform(0, 300))
                answers.append(await self._insist(book))
            heard = dict.fromkeys(answer for answer in answers if answer is not None)
            if not heard:
                world.tell(self.name, "hears nothing")
                return None
            if len(heard) > 1:
                world.violated(f"{called.key}: one key, {len(heard)} answers")
            booking = await self._ordered(next(iter(heard)))
            if booking is not None:
                return booking
            world.told.lost += called.tokens
            world.tell(self.name, f"cannot have {order.starts_at.astimezone(UTC):%a %d %H:%M} UTC {service.id}")
            await asyncio.sleep(chance.uniform(1, 60))
        return None

    async def _book_once(self, product: Product, order: BookingOrder, called: _Called) -> Answer:
        """As the API does it: the answer of the first call with this key."""

        async def run(token: str) -> Answer:
            called.tokens[HoldId(token)] = None
            await self._expect_holds(token)
            booked = await product.desk.book(self.world.outside.tenant, order, token=token, door=self.manner.value)
            match booked:
                case Booked(booking):
                    return Answer(_BOOKED, booking.reference.encode())
                case Promised(booking):
                    return Answer(_PROMISED, booking.reference.encode())
                case Unavailable():
                    return Answer(_UNAVAILABLE, b"")

        return await product.idempotent.once(Call(self.manner.value, called.key, called.key), run)

    async def _expect_holds(self, token: str) -> None:
        """What a calendar has refused for good is tried again under a name that goes on."""
        name, again = token, 0
        while True:
            self.world.expect_hold(ConversationId(f"{self.manner.value}-{name}"))
            async with self.world.outside.database.read() as work:
                earlier = await work.bookings.find_by_hold(self.world.outside.tenant.id, HoldId(name))
            if earlier is None or earlier.status is not BookingStatus.FAILED:
                return
            again += 1
            name = f"{token}-{again}"

    async def _both(self, book: Callable[[Product], Coroutine[Any, Any, Answer]]) -> list[Answer | None]:
        return list(await asyncio.gather(self._insist(book), self._insist(book)))

    async def _ordered(self, answer: Answer) -> Booking | None:
        """The booking that an answer names, None for a no."""
        if answer.status == _UNAVAILABLE:
            return None
        booking = await self._find(Reference(answer.body.decode()))
        if booking is None:
            self.world.violated(f"{self.name}: told of {answer.body.decode()}, which there is not")
            return None
        return self._hear(
            booking.hold, booking.plan, [Booked(booking) if answer.status == _BOOKED else Promised(booking)]
        )

    async def _find(self, reference: Reference) -> Booking | None:
        async with self.world.outside.database.read() as work:
            return await work.bookings.find(self.world.outside.tenant.id, reference)

    async def _find_and_hold(self, service: Service, moving: Booking | None) -> tuple[Hold, Plan] | None:
        world, tenant = self.world, self.world.outside.tenant
        reference = moving.reference if moving is not None else None
        for _ in range(3):
            wish = Wish(service, (self._window(),), moving=reference)

            def search(product: Product, wish: Wish = wish) -> Coroutine[Any, Any, Found]:
                now = world.outside.clock.now()
                return product.offers.search(tenant, wish, now=now, conversation=self._conversation)

            found = await self._insist(search)
            if not (plans := () if found is None else _plans_of(found)):
                continue
            plan = world.chance.choice(plans)

            def hold(product: Product, plan: Plan = plan) -> Coroutine[Any, Any, Hold | None]:
                world.expect_hold(self._conversation)
                return product.booking.hold(tenant, self._conversation, plan, contact=self.name, moving=reference)

            held = await self._insist(hold)
            if held is not None:
                world.held.set()
                world.tell(self.name, f"holds {_span(plan)} {service.id}")
                return held, plan
        return None

    async def _change(self, change: str, booking: Booking, service: Service, *, alone: bool = True) -> Booking:
        """Change it unless it has begun; the booking as the guest knows it then."""
        if self.world.outside.clock.now() >= booking.starts_at:
            return booking
        if change == "cancel":
            await self._cancel(booking)
            return booking
        return await self._move(booking, service, alone=alone)

    async def _move(self, booking: Booking, service: Service, *, alone: bool) -> Booking:
        world = self.world
        given_up, since = world.told.is_cancelled(booking.reference), world.outside.clock.now()
        if self.manner is Manner.PROGRAM:
            moved = await self._move_by_order(booking)
        else:
            held = await self._find_and_hold(service, booking)
            if held is None:
                return booking
            given_up, since = world.told.is_cancelled(booking.reference), world.outside.clock.now()
            moved = await self._move_to(booking, held[1])
        match moved:
            case Moved():
                if alone:
                    self._look(moved.booking)
                # An answer may come after that to a cancellation asked for later.
                if given_up or not world.told.is_cancelled(booking.reference):
                    world.told.booked(moved.booking, moved.booking.plan)
                what = f"moved {booking.reference} to {_span(moved.booking.plan)}"
                booking = moved.booking
            case MovePromised(plan=plan):
                now = world.outside.clock.now()
                world.told.promise(moved.booking, SagaKind.MOVE, plan.starts_at, now, asked=since)
                world.told.unsure(booking.reference)
                what = f"is promised to move {booking.reference} to {_span(plan)}"
            case NotMoved() | Unavailable():
                what = f"could not move {booking.reference}"
            case None:
                world.told.unsure(booking.reference)
                what = f"hears nothing of moving {booking.reference}"
            case _:
                assert_never(moved)
        world.tell(self.name, what)
        return booking

    async def _move_to(self, booking: Booking, plan: Plan) -> Rescheduling | None:
        world = self.world
        world.attempts += 1
        if world.chance.random() < _SOMEBODY_IN_BETWEEN:
            world.send_off(somebody_in_between(world, plan))
        moved = await self._insist(
            lambda product: product.reschedule.move(
                world.outside.tenant,
                booking,
                plan,
                conversation=self._conversation,
                door=self.manner.value,
                deadline=self.manner.patience,
            )
        )
        if isinstance(moved, Moved) and moved.booking.plan != plan:
            world.violated(f"{booking.reference}: told that it is moved, and it is at another time")
        return moved

    async def _move_by_order(self, booking: Booking) -> Moved | MovePromised | NotMoved | Unavailable | None:
        world = self.world
        world.attempts += 1
        starts_at = world.popular_time()
        try:
            return await self._insist(
                lambda product: product.desk.move(
                    world.outside.tenant, booking, starts_at, None, door=self.manner.value
                )
            )
        except IllegalMove:
            return NotMoved(booking)

    async def _cancel(self, booking: Booking) -> None:
        world = self.world
        world.attempts += 1
        since = world.outside.clock.now()
        world.told.unwanted.setdefault(booking.reference, since)
        try:
            left = await self._insist(lambda product: self._call_off(product, booking))
            # Whoever wants no appointment any more asks until somebody answers.
            asked = 1
            while left is None and asked < _TRIES:
                await asyncio.sleep(world.chance.uniform(60, 900))
                left = await self._insist(lambda product: self._call_off(product, booking))
                asked += 1
        except IllegalMove:
            world.tell(self.name, f"may not cancel {booking.reference} any more")
            return
        if left is None:
            world.told.nothing(booking.reference)
            world.tell(self.name, f"hears nothing of cancelling {booking.reference}")
            return
        # A cancellation that was accepted is carried out in the end, whatever the answer says for now.
        world.told.cancelled(booking.reference)
        if left.status in OVER:
            world.told.off.add(left.reference)
            world.tell(self.name, f"cancelled {booking.reference}")
        else:
            now = world.outside.clock.now()
            world.told.promise(left, SagaKind.CANCEL, left.starts_at, now, asked=since)
            world.tell(self.name, f"is promised to cancel {booking.reference}")

    async def _call_off(self, product: Product, booking: Booking) -> Booking:
        tenant, door = self.world.outside.tenant, self.manner.value
        if self.manner is Manner.PROGRAM:
            return await product.desk.cancel(tenant, booking, door=door, reason="Changed my mind")
        return await product.cancelling.cancel(
            tenant, booking, door=door, reason="Changed my mind", deadline=self.manner.patience
        )

    async def _insist(self, work: Callable[[Product], Coroutine[Any, Any, _Answer]]) -> _Answer | None:
        """Ask again where a process dies, the calendar is away or another change is under way; None when that helps nothing."""
        chance = self.world.chance
        for _ in range(_TRIES):
            try:
                product = self.world.product()
                return await product.life.ask(work(product))
            except (Unreachable, Upstream, BeingChanged):
                await asyncio.sleep(chance.uniform(1, 30))
        return None

    def _window(self) -> Window:
        chance, start = self.world.chance, self.world.popular_time()
        if chance.random() < 0.6:
            return Window(start, start + timedelta(minutes=1), exact=True)
        return Window(start, start + timedelta(hours=chance.randrange(1, 5)))

    def _attendee(self) -> Attendee:
        mail = f"{self.name}@example.org" if self.world.chance.random() < 0.8 else None
        language = self.world.chance.choice(("de", "en"))
        return Attendee(self.name.title(), language, mail, None if mail else "+49301234567")


def _plans_of(found: Found) -> Sequence[Plan]:
    match found:
        case ExactlyFree(plan):
            return (plan,)
        case FreeInWindow(plans, _):
            return plans
        case NotFree(nearest) | Impossible(_, nearest):
            return nearest
        case _:
            assert_never(found)


def _span(plan: Plan) -> str:
    return f"{plan.starts_at:%a %d %H:%M} to {plan.ends_at:%H:%M} UTC ({', '.join(plan.staff)})"
