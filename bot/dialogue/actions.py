"""Carrying out a decision: one call to a booking service, and the answer to what came of it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta
from typing import assert_never

from booking_core.availability.rules import Window
from booking_core.errors import Upstream
from booking_core.model.booking import Attendee, Booking, BookingStatus
from booking_core.model.slot import Plan
from booking_core.services.booking import OVER, Booked, BookingService, Lost, Promised
from booking_core.services.cancel import CancelService
from booking_core.services.offers import Offers
from booking_core.services.policies import may_change
from booking_core.services.reschedule import Moved, MovePromised, NotMoved, RescheduleService
from bot.dialogue import decisions, replies
from bot.dialogue.asking import Scene, aside, ask, is_idle, rest
from bot.dialogue.phrases import Phrases
from bot.dialogue.reply import Reply
from bot.dialogue.searching import Searching, digest
from bot.dialogue.standing import Standing, standing_of, was_confirmed
from bot.dialogue.state import Held, State
from bot.understanding.meaning import Topic

_DAY = timedelta(days=1)
_MOMENT = timedelta(minutes=1)
_ENOUGH_REFUSALS = 2


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

    @property
    def searching(self) -> Searching:
        """The part that finds and holds times."""
        return Searching(self.offers, self.booking, self.read_deadline)

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
                return await self.searching.search(state, decision, scene)
            case decisions.Explain():
                return await self.searching.explain(state, decision, scene)
            case decisions.Justify():
                return self.searching.justify(state, scene)
            case decisions.Take(plan):
                return await self.searching.take(state, plan, scene)
            case decisions.Confirm():
                return await self._confirm(state, scene)
            case decisions.Decline():
                return self._decline(state, scene)
            case decisions.TooLate(change):
                return rest(state, say.t(f"too_late.{change}"), "info", scene)
            case decisions.Change():
                return await self._change(state, decision, scene)
            case decisions.Stop():
                return rest(state, say.t("stopped"), "info", scene)
            case decisions.ListBookings():
                return self._list(state, scene)
            case decisions.AlreadyBooked(reference):
                booking = scene.booking(reference)
                if booking is None:
                    return ask(state, "asked", scene)
                text = replies.booked_again_text(booking, scene.changes.get(reference), say)
                return rest(replace(state, asked_else=True), text, "info", scene)
            case decisions.NotChangedHere():
                return aside(state, say.t("details.by_phone", phone=say.tenant.phone), "info", scene)
            case decisions.ForeignReference():
                text = say.t("foreign_reference", phone=say.tenant.phone)
                return aside(state, text, "info", scene, repeat=state.expects != "anything")
            case decisions.Handover(why):
                return await self._hand_over(state, why, scene)
            case decisions.AskService(unknown):
                question = replies.service_prompt(state, say, unknown)
                reply = Reply((question.text,), "asked", say.language, question.expects, question.choices)
                return replace(state, expects=question.expects), reply
            case decisions.AskWhen():
                return ask(state, "asked", scene)
            case decisions.AskWhichDay():
                return ask(state, "ambiguous", scene)
            case decisions.Greet():
                return ask(state, "greeted", scene)
            case decisions.Continue():
                return await self._continue(state, decision, scene)
            case decisions.Inform():
                return aside(state, self._info(decision, say), "info", scene)
            case decisions.SmallTalk(kind):
                return await self._small_talk(state, kind, scene)
            case decisions.NotUnderstood():
                key = "not_understood" if state.expects in {"anything", "service"} else "not_understood.short"
                return aside(state, say.t(key), "not_understood", scene, repeat=state.expects != "anything")
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

    async def _confirm(self, state: State, scene: Scene) -> tuple[State, Reply]:
        target = scene.booking(state.target)
        if state.task == "cancel":
            return await self._cancel(state, target, scene)
        if state.held is None:
            return ask(state, "asked", scene)
        if state.task == "move":
            return await self._move(state, target, state.held.plan, scene)
        return await self._book(state, state.held, scene)

    async def _book(self, state: State, held: Held, scene: Scene) -> tuple[State, Reply]:
        say = scene.say
        if state.name is None or state.contact is None:
            return ask(state, "held", scene)
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
                span = say.span(booking.starts_at, booking.ends_at)
                text = say.t("pending", span=span, reference=booking.reference)
                return self._promised(state, text, replace(booking, status=BookingStatus.PENDING), say)
            case Lost(refused=True):
                return rest(state.without_wish(), say.t("refused", phone=say.tenant.phone), "refused", scene)
            case Lost():
                return await self.searching.gone(state, held.plan, scene)

    def _promised(self, state: State, text: str, waits: Booking, say: Phrases) -> tuple[State, Reply]:
        """The calendar has not answered yet: what is asked for is written down, and a later message tells what came of it."""
        state = replace(state.without_wish(), last_booking=waits.reference)
        return state, Reply((text,), "held", say.language, booking=waits)

    def _decline(self, state: State, scene: Scene) -> tuple[State, Reply]:
        say = scene.say
        if state.task != "book":
            state = replace(state.without_wish(), asked_else=True)
            return rest(state, say.t("declined.change"), "info", scene)
        # The refused time is remembered: "um vier" is meant on its day, and a corrected number may well go with it.
        start = state.held.plan.starts_at if state.held else None
        windows = (Window(start, start + _MOMENT, exact=True),) if start else ()
        state = replace(state, held=None, windows=windows, offers=(), time_of_day=None, expects="when")
        return state, Reply((say.t("declined"),), "asked", say.language, "when")

    async def _change(self, state: State, change: decisions.Change, scene: Scene) -> tuple[State, Reply]:
        """Find out which booking is meant and whether it may still be changed, then ask or search."""
        notes = [scene.say.t("one_by_one")] if change.in_turn else []
        begun = state.target is None
        state, reply = await self._ask_or_search(state, change, scene)
        target = scene.booking(state.target)
        if target is not None and change.task == "move" and begun and state.task == "move":
            if standing_of(target, scene.changes.get(target.reference)) is Standing.NOTED:
                notes.append(replies.not_confirmed_text(target, scene.say))
        return state, replace(reply, texts=(*notes, *reply.texts))

    async def _ask_or_search(self, state: State, change: decisions.Change, scene: Scene) -> tuple[State, Reply]:
        say = scene.say
        candidates = list(scene.bookings)
        if not candidates:
            text = say.t("no_booking", phone=say.tenant.phone)
            return rest(state.without_wish(), text, "info", scene)
        target = scene.booking(change.target) or (candidates[0] if len(candidates) == 1 else None)
        state = replace(state, task=change.task, target=target.reference if target else None, held=None)
        if target is None:
            return ask(state, "asked", scene)
        under_way = scene.changes.get(target.reference)
        if standing_of(target, under_way) is Standing.LEAVING:
            state = replace(state.without_wish(), last_booking=target.reference)
            return rest(state, replies.booked_again_text(target, under_way, say), "info", scene)
        if not may_change(say.tenant, target, change.task, now=say.now, conversation=scene.conversation):
            text = replies.policy_text(target, change.task, say)
            return rest(state.without_wish(), text, "policy_denied", scene)
        if change.task == "move" and state.staff is not None and not state.windows:
            # "Geht das auch bei Clara?": at the same time.
            start = target.starts_at
            state = replace(state, windows=(Window(start, start + _MOMENT, exact=True),))
        if change.task == "move" and state.windows:
            return await self.searching.search(state, decisions.Search(), scene, target)
        return ask(state, "asked", scene)

    async def _cancel(self, state: State, target: Booking | None, scene: Scene) -> tuple[State, Reply]:
        say = scene.say
        if target is None:
            return rest(state.without_wish(), say.t("no_booking", phone=say.tenant.phone), "info", scene)
        cancelled = await self.cancel.cancel(say.tenant, target, door=scene.door, reason="Cancelled by the guest")
        if cancelled.status not in OVER:
            span = say.span(cancelled.starts_at, cancelled.ends_at)
            text = say.t("pending.cancel", span=span, reference=cancelled.reference)
            waits = replace(cancelled, status=BookingStatus.PENDING)
            return self._promised(state, text, waits, say)
        return self.cancelled(state, cancelled, scene)

    def cancelled(self, state: State, cancelled: Booking, scene: Scene) -> tuple[State, Reply]:
        """The answer to a yes that has cancelled a booking; of one that never stood no mail tells."""
        say = scene.say
        span = say.span(cancelled.starts_at, cancelled.ends_at)
        lines = [say.t("cancelled", service=say.service_of(cancelled), span=span, reference=cancelled.reference)]
        if cancelled.attendee.email and was_confirmed(cancelled):
            lines.append(say.t("cancelled.mail", address=replies.masked_email(cancelled.attendee.email)))
        lines.append(say.t("idle"))
        state = replace(state.without_wish(), last_booking=None, asked_else=True)
        return state, Reply(tuple(lines), "cancelled", say.language, booking=cancelled)

    async def _move(self, state: State, target: Booking | None, plan: Plan, scene: Scene) -> tuple[State, Reply]:
        say = scene.say
        if target is None:
            return rest(state.without_wish(), say.t("no_booking", phone=say.tenant.phone), "info", scene)
        outcome = await self.reschedule.move(
            say.tenant, target, plan, conversation=scene.conversation, door=scene.door
        )
        match outcome:
            case NotMoved(booking, changed=True):
                last = None if booking.status in OVER else booking.reference
                state = replace(state.without_wish(), last_booking=last)
                return rest(state, replies.unmovable_text(booking, say), "info", scene)
            case NotMoved(booking, refused=True):
                text = say.t("refused.move", old=say.moment(booking.starts_at), phone=say.tenant.phone)
                state = replace(state.without_wish(), last_booking=booking.reference)
                return rest(state, text, "refused", scene)
            case NotMoved():
                return await self.searching.gone(state, plan, scene)
            case MovePromised(booking):
                span = say.span(plan.starts_at, plan.ends_at)
                old = say.moment(booking.starts_at)
                text = say.t("pending.move", span=span, old=old, reference=booking.reference)
                waits = replace(booking, plan=plan, status=BookingStatus.PENDING)
                return self._promised(state, text, waits, say)
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
            return aside(state, text, "listed", scene, repeat=state.service is not None)
        return aside(state, replies.listed_text(scene.bookings, scene.changes, say), "listed", scene)

    async def _hand_over(self, state: State, why: str, scene: Scene) -> tuple[State, Reply]:
        say = scene.say
        phone = say.tenant.phone
        text = say.t(f"handover.{why}" if why in {"asked", "lost"} else why, phone=phone)
        return rest(state, text, "handover", scene)

    async def _continue(self, state: State, decision: decisions.Continue, scene: Scene) -> tuple[State, Reply]:
        say = scene.say
        if state.held is not None and state.held.contact != digest(say.tenant.id, state.contact):
            # Now that the guest is known, the time counts for them.
            plan = state.held.plan
            match await self.searching.hold(state, plan, scene):
                case State() as known:
                    state = known
                case "limit":
                    return self.searching.limited(state, scene)
                case "taken":
                    return await self.searching.gone(state, plan, scene)
        notes = [
            say.t(key)
            for key, wanted in (
                ("stale", decision.stale),
                ("bad_email", decision.bad_email),
                ("bad_phone", decision.bad_phone),
            )
            if wanted
        ]
        return ask(state, "held" if state.held and not decision.stale else "asked", scene, notes)

    async def _small_talk(self, state: State, kind: str, scene: Scene) -> tuple[State, Reply]:
        say = scene.say
        if kind == "bye" and not is_idle(state):
            return rest(state.without_wish(), say.t("bye.open"), "info", scene)
        values = {"salon": say.tenant.name} if kind in {"bye", "chat"} else {}
        if is_idle(state):
            return rest(replace(state, asked_else=kind == "thanks"), say.t(kind, **values), "info", scene)
        key = "thanks.open" if kind == "thanks" else kind
        return aside(state, say.t(key, **values), "info", scene)
