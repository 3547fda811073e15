"""Who wants something of a simulated business: guests who chat, assistants on the phone, and programs."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine, Sequence
from dataclasses import dataclass
from datetime import UTC, timedelta
from enum import Enum
from typing import Any, Final, TypeVar, assert_never

from booking_core.availability.rules import Window
from booking_core.errors import Upstream
from booking_core.model.booking import Attendee, Booking, BookingStatus
from booking_core.model.ids import ConversationId, HoldId
from booking_core.model.service import Service
from booking_core.model.slot import Hold, Plan
from booking_core.services.booking import Booked, Confirmation, Promised
from booking_core.services.front_desk import BookingOrder, Unavailable
from booking_core.services.offers import ExactlyFree, Found, FreeInWindow, Impossible, NotFree, Wish
from booking_core.services.reschedule import Moved, MovePromised, NotMoved, Rescheduling
from bot.simulation.mortality import Unreachable
from bot.simulation.product import Product
from bot.simulation.world import World

_TRIES: Final = 6
_CHANGES: Final = (("move",), ("cancel",), ("move", "cancel"), ("move", "move"))
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
            await asyncio.gather(*(self._change(change, booking, service) for change in changes))
            # Which of the two came last, nobody can tell.
            self.world.told.unsure(booking.reference)
            return
        for change in changes:
            await self._change(change, booking, service)
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
        for booking in promised:
            world.told.promise(booking)
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

    async def _order(self, service: Service) -> Booking | None:
        """A program names a time and books in one call; it repeats the call with the same key."""
        world, chance = self.world, self.world.chance
        attendee = self._attendee()
        for number in range(3):
            order = BookingOrder(service, world.popular_time(), attendee)
            hold = HoldId(f"{self.name}-{number}")

            def book(
                product: Product, order: BookingOrder = order, hold: HoldId = hold
            ) -> Coroutine[Any, Any, Booked | Promised | Unavailable]:
                return product.desk.book(world.outside.tenant, order, token=hold, door=self.manner.value)

            world.attempts += 1
            world.told.conversations.append(ConversationId(f"{self.manner.value}-{hold}"))
            answer = await self._insist(book)
            if answer is None:
                world.tell(self.name, "hears nothing")
                return None
            if not isinstance(answer, Unavailable):
                return self._hear(hold, answer.booking.plan, [answer])
            world.told.lost.append(hold)
            world.tell(self.name, f"cannot have {order.starts_at.astimezone(UTC):%a %d %H:%M} UTC {service.id}")
            await asyncio.sleep(chance.uniform(1, 60))
        return None

    async def _find_and_hold(self, service: Service, moving: Booking | None) -> tuple[Hold, Plan] | None:
        world, tenant = self.world, self.world.outside.tenant
        reference = moving.reference if moving is not None else None
        world.told.conversations.append(self._conversation)
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
                return product.booking.hold(tenant, self._conversation, plan, contact=self.name, moving=reference)

            held = await self._insist(hold)
            if held is not None:
                world.tell(self.name, f"holds {_span(plan)} {service.id}")
                return held, plan
        return None

    async def _change(self, change: str, booking: Booking, service: Service) -> None:
        if change == "move":
            await self._move(booking, service)
        else:
            await self._cancel(booking)

    async def _move(self, booking: Booking, service: Service) -> None:
        world = self.world
        held = await self._find_and_hold(service, booking)
        if held is None:
            return
        world.attempts += 1
        _, plan = held
        given_up = world.told.is_cancelled(booking.reference)

        def move(product: Product) -> Coroutine[Any, Any, Rescheduling]:
            return product.reschedule.move(
                world.outside.tenant,
                booking,
                plan,
                conversation=self._conversation,
                door=self.manner.value,
                deadline=self.manner.patience,
            )

        moved = await self._insist(move)
        match moved:
            case Moved():
                # An answer may come after that to a cancellation asked for later.
                if given_up or not world.told.is_cancelled(booking.reference):
                    world.told.booked(moved.booking, plan)
                what = f"moved {booking.reference} to {_span(plan)}"
            case MovePromised():
                world.told.promise(moved.booking)
                world.told.unsure(booking.reference)
                what = f"is promised to move {booking.reference} to {_span(plan)}"
            case NotMoved():
                what = f"could not move {booking.reference}"
            case None:
                world.told.unsure(booking.reference)
                what = f"hears nothing of moving {booking.reference}"
            case _:
                assert_never(moved)
        world.tell(self.name, what)

    async def _cancel(self, booking: Booking) -> None:
        world = self.world
        world.attempts += 1
        left = await self._insist(
            lambda product: product.cancelling.cancel(
                world.outside.tenant,
                booking,
                door=self.manner.value,
                reason="Changed my mind",
                deadline=self.manner.patience,
            )
        )
        if left is None:
            world.told.nothing(booking.reference)
            world.tell(self.name, f"hears nothing of cancelling {booking.reference}")
            return
        # A cancellation that was accepted is carried out in the end, whatever the answer says for now.
        world.told.cancelled(booking.reference)
        if left.status in {BookingStatus.CANCELLED, BookingStatus.FAILED}:
            world.tell(self.name, f"cancelled {booking.reference}")
        else:
            world.told.promise(left)
            world.tell(self.name, f"is promised to cancel {booking.reference}")

    async def _insist(self, work: Callable[[Product], Coroutine[Any, Any, _Answer]]) -> _Answer | None:
        """Ask again where a process dies or the calendar is away; None when that helps nothing."""
        chance = self.world.chance
        for _ in range(_TRIES):
            try:
                product = self.world.product()
                return await product.life.ask(work(product))
            except (Unreachable, Upstream):
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
