"""Carrying out a decision: one call to a booking service, and the answer to what came of it."""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import assert_never

from booking_core.availability.rules import Reason, Window
from booking_core.errors import CalendarUnavailable, Upstream
from booking_core.model.booking import Attendee, Booking
from booking_core.model.ids import ConversationId, Reference
from booking_core.model.interval import day_interval
from booking_core.model.slot import Plan
from booking_core.services.booking import Booked, BookingService, Lost, Promised
from booking_core.services.cancel import CancelService
from booking_core.services.offers import ExactlyFree, Found, FreeInWindow, Impossible, NotFree, Offers, Wish
from booking_core.services.policies import may_change
from booking_core.services.reschedule import Moved, NotMoved, RescheduleService
from bot.dialogue import decisions, replies
from bot.dialogue.phrases import Phrases
from bot.dialogue.reply import Reply, Requested
from bot.dialogue.state import Held, State
from bot.dialogue.wishes import whole_days
from bot.understanding.meaning import Topic

_DAY = timedelta(days=1)
_MOMENT = timedelta(minutes=1)
_ENOUGH_REFUSALS = 2


@dataclass(frozen=True, slots=True)
class Scene:
    """What an action may use besides the state: who speaks where, in which words, with which bookings."""

    conversation: ConversationId
    door: str
    say: Phrases
    bookings: Sequence[Booking]

    def booking(self, reference: Reference | None) -> Booking | None:
        """A live booking of this conversation; any other reference reveals nothing."""
        return next((booking for booking in self.bookings if booking.reference == reference), None)


@dataclass(frozen=True, slots=True)
class Actions:
    """The booking services behind the decisions. ``read_deadline`` in seconds bounds a search.

    A hold that the new state no longer knows is given back by whoever saves that state.
    """

    offers: Offers
    booking: BookingService
    cancel: CancelService
    reschedule: RescheduleService
    read_deadline: float = 6.0

    async def perform(self, state: State, decision: decisions.Decision, scene: Scene) -> tuple[State, Reply]:
        """Act and answer; a calendar that does not answer is an answer, too."""
        try:
            return await self._perform(state, decision, scene)
        except Upstream:
            say = scene.say
            return state, Reply(
                (say.t("calendar_down", phone=say.tenant.phone),), "calendar_down", say.language, "anything"
            )

    async def _perform(self, state: State, decision: decisions.Decision, scene: Scene) -> tuple[State, Reply]:
        say = scene.say
        match decision:
            case decisions.Search():
                return await self._search(state, decision, scene)
            case decisions.Take(plan):
                return await self._take(state, plan, scene)
            case decisions.Confirm():
                return await self._confirm(state, scene)
            case decisions.Decline():
                return self._decline(state, scene)
            case decisions.Change():
                return await self._change(state, decision, scene)
            case decisions.Stop():
                return self._rest(state, say.t("stopped"), "info", scene)
            case decisions.ListBookings():
                return self._list(state, scene)
            case decisions.AlreadyBooked(reference):
                booking = scene.booking(reference)
                if booking is None:
                    return self._ask(state, "asked", scene)
                span = say.span(booking.starts_at, booking.ends_at)
                text = say.t("booked.again", service=say.service_of(booking), span=span, reference=reference)
                return self._rest(replace(state, asked_else=True), text, "info", scene)
            case decisions.ForeignReference():
                text = say.t("foreign_reference", phone=say.tenant.phone)
                return self._aside(state, text, "info", scene, repeat=state.expects != "anything")
            case decisions.Handover(why):
                return await self._hand_over(state, why, scene)
            case decisions.AskService(unknown):
                question = replies.service_prompt(state, say, unknown)
                reply = Reply((question.text,), "asked", say.language, question.expects, question.choices)
                return replace(state, expects=question.expects), reply
            case decisions.AskWhen():
                return self._ask(state, "asked", scene)
            case decisions.AskWhichDay():
                return self._ask(state, "ambiguous", scene)
            case decisions.Greet():
                return self._ask(state, "greeted", scene)
            case decisions.Continue():
                return self._continue(state, decision, scene)
            case decisions.Inform():
                return self._aside(state, self._info(decision, say), "info", scene)
            case decisions.SmallTalk(kind):
                return await self._small_talk(state, kind, scene)
            case decisions.NotUnderstood():
                key = "not_understood" if state.expects in {"anything", "service"} else "not_understood.short"
                return self._aside(state, say.t(key), "not_understood", scene, repeat=state.expects != "anything")
            case _:
                assert_never(decision)

    def _info(self, decision: decisions.Inform, say: Phrases) -> str:
        services = [service for service in say.tenant.services if service.id in decision.services]
        if decision.day is None:
            return replies.info_text(decision.topics, services, say)
        others = [topic for topic in decision.topics if topic is not Topic.HOURS]
        holiday = self.offers.holiday_of(say.tenant, say.language)(decision.day)
        hours = replies.hours_text(decision.day, holiday, say)
        return " ".join([hours, *([replies.info_text(others, services, say)] if others else [])])

    async def _search(
        self, state: State, decision: decisions.Search, scene: Scene, target: Booking | None = None
    ) -> tuple[State, Reply]:
        say = scene.say
        target = target or (scene.booking(state.target) if state.task == "move" else None)
        service_id = target.service if target else state.service
        if service_id is None:
            return self._ask(state, "asked", scene)
        service = say.tenant.get_service(service_id)
        notes: list[str] = []
        if state.staff is not None and state.staff not in service.staff():
            notes.append(
                say.t(
                    "staff.not_this",
                    name=say.tenant.staff_name(state.staff),
                    service=say.service(service),
                    staff=say.who_does(service),
                )
            )
            state = replace(state, staff=None)
        wish = Wish(service, state.windows, state.staff, moving=target.reference if target else None)
        if decision.shift is not None:
            return await self._shifted(state, wish, decision.shift, scene)
        found = await self._find(wish, scene)
        if decision.loosen and isinstance(found, Impossible) and found.impediment.reason is Reason.OUTSIDE_HOURS:
            wish = replace(wish, windows=whole_days(state.windows, say.tenant.zone))
            found = await self._find(wish, scene)
        if isinstance(found, ExactlyFree):
            taken = await self._hold(state, found.plan, scene)
            if taken is not None:
                return self._held(taken, notes, scene, wish)
            found = await self._find(wish, scene)
            if isinstance(found, ExactlyFree):
                found = NotFree((), exact=True)
        return self._on_the_table(state, found, wish, notes, scene)

    async def _find(self, wish: Wish, scene: Scene) -> Found:
        say = scene.say
        try:
            async with asyncio.timeout(self.read_deadline):
                return await self.offers.search(
                    say.tenant, wish, now=say.now, conversation=scene.conversation, language=say.language
                )
        except TimeoutError as slow:
            raise CalendarUnavailable("no answer within the deadline") from slow

    def _on_the_table(
        self, state: State, found: Found, wish: Wish, notes: Sequence[str], scene: Scene
    ) -> tuple[State, Reply]:
        """Offer what was found; whatever was held for the old wish is given back when the turn is saved."""
        say = scene.say
        state = replies.offered(state, replies.plans_of(found))
        text = replies.found_text(found, wish, say)
        state = replace(state, expects="choice" if state.offers else "when")
        choices = replies.offer_choices(state, say)
        reply = Reply(
            (*notes, text), replies.code_of(found), say.language, state.expects, choices, _requested(wish)
        )
        return state, reply

    async def _shifted(
        self, state: State, wish: Wish, shift: decisions.Shift, scene: Scene
    ) -> tuple[State, Reply]:
        """Later, earlier or other than what was shown: the same day first, then the days beyond."""
        say, zone = scene.say, scene.say.tenant.zone
        shown = sorted(
            [offer.plan.starts_at for offer in state.offers] or [window.starts_from for window in wish.windows]
        )
        if not shown:
            return self._ask(state, "asked", scene)
        first_day = day_interval(shown[0].astimezone(zone).date(), zone)
        last_day = day_interval(shown[-1].astimezone(zone).date(), zone)
        match shift:
            case "later":
                tries = [
                    Window(shown[-1] + _MOMENT, last_day.ends_at),
                    Window(last_day.ends_at, last_day.ends_at + 10 * _DAY),
                ]
            case "earlier":
                tries = [
                    Window(first_day.starts_at, shown[0]),
                    Window(min(say.now, first_day.starts_at), first_day.starts_at),
                ]
            case "other":
                tries = [*state.windows, Window(last_day.ends_at, last_day.ends_at + 10 * _DAY)]
        without = frozenset(shown if shift == "other" else ())
        for window in tries:
            loose = replace(window, exact=False)
            if window.exact or loose.starts_before <= loose.starts_from:
                continue
            narrowed = replace(wish, windows=(loose,), without=without)
            found = await self._find(narrowed, scene)
            if isinstance(found, FreeInWindow):
                state = replace(state, windows=(loose,))
                return self._on_the_table(state, found, narrowed, (), scene)
        if shift == "other" or not state.offers:
            state = replace(state, offers=(), windows=(), held=None, expects="when")
            text = say.t("nothing_at_all", service=say.service(wish.service))
            return state, Reply((text,), "none_free", say.language, "when", requested=_requested(wish))
        plans = [offer.plan for offer in state.offers]
        text = say.t(f"shift.none_{shift}", plans=say.plans(plans))
        state = replies.offered(state, plans)
        choices = replies.offer_choices(state, say)
        return replace(state, expects="choice"), Reply((text,), "none_free", say.language, "choice", choices)

    async def _take(self, state: State, plan: Plan, scene: Scene) -> tuple[State, Reply]:
        """Hold a chosen plan; one that went away meanwhile is answered with others in the same turn."""
        taken = await self._hold(state, plan, scene)
        if taken is None:
            return await self._gone(state, plan, scene)
        return self._held(taken, (), scene, None)

    async def _hold(self, state: State, plan: Plan, scene: Scene) -> State | None:
        hold = await self.booking.hold(
            scene.say.tenant,
            scene.conversation,
            plan,
            contact=_digest(scene.say.tenant.id, state.contact),
            moving=state.target if state.task == "move" else None,
        )
        if hold is None:
            return None
        return replace(state, held=Held(hold.id, plan, hold.expires_at), offers=(), days=())

    def _held(self, state: State, notes: Sequence[str], scene: Scene, wish: Wish | None) -> tuple[State, Reply]:
        say = scene.say
        assert state.held is not None
        question = replies.prompt(state, say, scene.booking(state.target))
        texts = [*notes]
        if question.expects != "confirm":
            texts.append(replies.held_text(state.held.plan, say))
        reply = Reply(
            (*texts, question.text),
            "held",
            say.language,
            question.expects,
            question.choices,
            _requested(wish) if wish else _requested_plan(state.held.plan),
        )
        return replace(state, expects=question.expects), reply

    async def _confirm(self, state: State, scene: Scene) -> tuple[State, Reply]:
        target = scene.booking(state.target)
        if state.task == "cancel":
            return await self._cancel(state, target, scene)
        if state.held is None:
            return self._ask(state, "asked", scene)
        if state.task == "move":
            return await self._move(state, target, state.held.plan, scene)
        return await self._book(state, state.held, scene)

    async def _book(self, state: State, held: Held, scene: Scene) -> tuple[State, Reply]:
        say = scene.say
        if state.name is None or state.contact is None:
            return self._ask(state, "held", scene)
        attendee = Attendee(state.name, say.language, state.email, state.phone)
        outcome = await self.booking.confirm(
            say.tenant, scene.conversation, held.hold, held.plan, attendee, door=scene.door
        )
        match outcome:
            case Booked(booking):
                state = replace(state.without_wish(), last_booking=booking.reference)
                reply = Reply((replies.booked_text(booking, say),), "booked", say.language, booking=booking)
                return state, reply
            case Promised(booking):
                state = replace(state.without_wish(), last_booking=booking.reference)
                span = say.span(booking.starts_at, booking.ends_at)
                text = say.t("pending", span=span, reference=booking.reference)
                return state, Reply((text,), "held", say.language, booking=booking)
            case Lost():
                return await self._gone(state, held.plan, scene)

    async def _gone(self, state: State, plan: Plan, scene: Scene) -> tuple[State, Reply]:
        """The time was lost to somebody else: say so and put fresh times on the table in the same turn."""
        say = scene.say
        state = replace(state, held=None, refusals=state.refusals + 1)
        target = scene.booking(state.target) if state.task == "move" else None
        moment = say.moment(plan.starts_at)
        extra = [say.t("slot_taken.twice", phone=say.tenant.phone)] if state.refusals >= _ENOUGH_REFUSALS else []
        window = Window(plan.starts_at, plan.starts_at + _MOMENT, exact=True)
        wish = Wish(
            say.tenant.get_service(plan.service),
            (window,),
            state.staff,
            moving=target.reference if target else None,
            without=frozenset({plan.starts_at}),
        )
        found = await self._find(wish, scene)
        plans = replies.plans_of(found)
        state = replies.offered(replace(state, windows=(window,)), plans)
        old = say.moment(target.starts_at) if target else ""
        if target is not None and plans:
            text = say.t("not_moved", moment=moment, old=old, plans=say.plans(plans))
        elif target is not None:
            text = say.t("not_moved.none", moment=moment, old=old)
        elif plans:
            text = say.t("slot_taken", moment=moment, plans=say.plans(plans))
        else:
            text = say.t("slot_taken.none", moment=moment)
        choices = replies.offer_choices(state, say)
        state = replace(state, expects="choice" if choices else "when")
        reply = Reply((text, *extra), "slot_taken", say.language, state.expects, choices, _requested(wish))
        return state, reply

    def _decline(self, state: State, scene: Scene) -> tuple[State, Reply]:
        say = scene.say
        if state.task != "book":
            state = replace(state.without_wish(), asked_else=True)
            return self._rest(state, say.t("declined.change"), "info", scene)
        # The refused time is remembered: "um vier" is meant on its day, and a corrected number may well go with it.
        start = state.held.plan.starts_at if state.held else None
        windows = (Window(start, start + _MOMENT, exact=True),) if start else ()
        state = replace(state, held=None, windows=windows, offers=(), time_of_day=None, expects="when")
        return state, Reply((say.t("declined"),), "asked", say.language, "when")

    async def _change(self, state: State, change: decisions.Change, scene: Scene) -> tuple[State, Reply]:
        """Find out which booking is meant and whether it may still be changed, then ask or search."""
        say = scene.say
        candidates = list(scene.bookings)
        if not candidates:
            text = say.t("no_booking", phone=say.tenant.phone)
            return self._rest(state.without_wish(), text, "info", scene)
        target = scene.booking(change.target) or (candidates[0] if len(candidates) == 1 else None)
        state = replace(state, task=change.task, target=target.reference if target else None, held=None)
        if target is None:
            labels = say.join([say.booking_choice(booking).label for booking in candidates])
            choices = tuple(say.booking_choice(booking) for booking in candidates)
            state = replace(state, expects="which_booking")
            text = say.t("ask.which_booking", bookings=labels)
            return state, Reply((text,), "asked", say.language, "which_booking", choices)
        if not may_change(say.tenant, target, change.task, now=say.now, conversation=scene.conversation):
            text = replies.policy_text(target, change.task, say)
            return self._rest(state.without_wish(), text, "policy_denied", scene)
        if change.task == "move" and state.windows:
            return await self._search(state, decisions.Search(), scene, target)
        return self._ask(state, "asked", scene)

    async def _cancel(self, state: State, target: Booking | None, scene: Scene) -> tuple[State, Reply]:
        say = scene.say
        if target is None:
            return self._rest(state.without_wish(), say.t("no_booking", phone=say.tenant.phone), "info", scene)
        cancelled = await self.cancel.cancel(say.tenant, target, door=scene.door, reason="Cancelled by the guest")
        span = say.span(cancelled.starts_at, cancelled.ends_at)
        lines = [say.t("cancelled", service=say.service_of(cancelled), span=span, reference=cancelled.reference)]
        if cancelled.attendee.email:
            lines.append(say.t("cancelled.mail", address=replies.masked_email(cancelled.attendee.email)))
        lines.append(say.t("idle"))
        state = replace(state.without_wish(), last_booking=None, asked_else=True)
        return state, Reply(tuple(lines), "cancelled", say.language, booking=cancelled)

    async def _move(self, state: State, target: Booking | None, plan: Plan, scene: Scene) -> tuple[State, Reply]:
        say = scene.say
        if target is None:
            return self._rest(state.without_wish(), say.t("no_booking", phone=say.tenant.phone), "info", scene)
        outcome = await self.reschedule.move(
            say.tenant, target, plan, conversation=scene.conversation, door=scene.door
        )
        match outcome:
            case NotMoved():
                return await self._gone(state, plan, scene)
            case Moved(booking):
                lines = [
                    say.t(
                        "moved",
                        service=say.service_of(booking),
                        span=say.span(booking.starts_at, booking.ends_at),
                        with_whom=say.with_whom(booking.plan),
                        reference=booking.reference,
                    )
                ]
                if booking.attendee.email:
                    lines.append(say.t("moved.mail", address=replies.masked_email(booking.attendee.email)))
                state = replace(state.without_wish(), last_booking=booking.reference)
                return state, Reply(tuple(lines), "moved", say.language, booking=booking)

    def _list(self, state: State, scene: Scene) -> tuple[State, Reply]:
        say = scene.say
        if not scene.bookings:
            text = say.t("listed.none", phone=say.tenant.phone)
            return self._aside(state, text, "listed", scene, repeat=state.service is not None)
        return self._aside(state, replies.listed_text(scene.bookings, say), "listed", scene)

    async def _hand_over(self, state: State, why: str, scene: Scene) -> tuple[State, Reply]:
        say = scene.say
        phone = say.tenant.phone
        text = say.t(f"handover.{why}" if why in {"asked", "lost"} else why, phone=phone)
        return self._rest(state, text, "handover", scene)

    def _continue(self, state: State, decision: decisions.Continue, scene: Scene) -> tuple[State, Reply]:
        say = scene.say
        notes = [
            say.t(key)
            for key, wanted in (
                ("stale", decision.stale),
                ("bad_email", decision.bad_email),
                ("bad_phone", decision.bad_phone),
            )
            if wanted
        ]
        return self._ask(state, "held" if state.held and not decision.stale else "asked", scene, notes)

    async def _small_talk(self, state: State, kind: str, scene: Scene) -> tuple[State, Reply]:
        say = scene.say
        if kind == "bye" and not _idle(state):
            return self._rest(state.without_wish(), say.t("bye.open"), "info", scene)
        values = {"salon": say.tenant.name} if kind in {"bye", "chat"} else {}
        if _idle(state):
            return self._rest(replace(state, asked_else=kind == "thanks"), say.t(kind, **values), "info", scene)
        key = "thanks.open" if kind == "thanks" else kind
        return self._aside(state, say.t(key, **values), "info", scene)

    def _aside(
        self, state: State, text: str, code: str, scene: Scene, *, repeat: bool = True
    ) -> tuple[State, Reply]:
        """Say something and come back to the open question."""
        if _idle(state) or not repeat:
            return self._rest(state, text, code, scene)
        state, reply = self._ask(state, code, scene, [text])
        return state, reply

    def _rest(self, state: State, text: str, code: str, scene: Scene) -> tuple[State, Reply]:
        """Say something; nothing is open."""
        return replace(state, expects="anything"), Reply((text,), code, scene.say.language)

    def _ask(self, state: State, code: str, scene: Scene, notes: Sequence[str] = ()) -> tuple[State, Reply]:
        """Ask the open question of the state."""
        question = replies.prompt(state, scene.say, scene.booking(state.target))
        requested = _requested_plan(state.held.plan) if state.held else None
        reply = Reply(
            (*notes, question.text), code, scene.say.language, question.expects, question.choices, requested
        )
        return replace(state, expects=question.expects), reply


def _idle(state: State) -> bool:
    """Nothing is wished and nothing asked."""
    return (
        state.expects == "anything"
        and state.service is None
        and state.held is None
        and not state.offers
        and state.task == "book"
    )


def _requested(wish: Wish) -> Requested:
    if not wish.windows:
        return Requested(wish.service.id)
    window = wish.windows[0]
    return Requested(wish.service.id, window.starts_from, None if window.exact else window.starts_before)


def _requested_plan(plan: Plan) -> Requested:
    return Requested(plan.service, plan.starts_at)


def _digest(tenant: str, contact: str | None) -> str | None:
    return hashlib.sha256(f"{tenant}\0{contact.lower()}".encode()).hexdigest() if contact else None
