"""Finding, explaining and holding times: what a wish comes to, and the answer that puts it before the guest."""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Literal

from booking_core.availability.demand import segments_by
from booking_core.availability.rules import Reason, Window
from booking_core.errors import CalendarUnavailable, TooManyHolds
from booking_core.model.booking import Booking
from booking_core.model.ids import StaffId
from booking_core.model.interval import day_interval
from booking_core.model.service import Service
from booking_core.model.slot import Plan
from booking_core.ports.claims import HOLDS_PER_CONTACT
from booking_core.services.booking import BookingService
from booking_core.services.offers import ExactlyFree, Found, FreeInWindow, Impossible, NotFree, Offers, Wish
from booking_core.services.policies import may_change
from booking_core.services.reasons import Reasons, find_reasons
from bot.dialogue import decisions, replies
from bot.dialogue.asking import Scene, aside, ask, requested_plan, rest
from bot.dialogue.people import NOBODY, narrowed
from bot.dialogue.reply import Reply, Requested
from bot.dialogue.state import Held, State
from bot.dialogue.why import alone_text, why_text
from bot.dialogue.windows import whole_days

_DAY = timedelta(days=1)
_MOMENT = timedelta(minutes=1)
_ENOUGH_REFUSALS = 2
_COLLEAGUES = 4
"""So many are looked at who might do it instead."""


@dataclass(frozen=True, slots=True)
class Searching:
    """``read_deadline`` in seconds bounds a search. A hold that the new state no longer knows is given back with its saving."""

    offers: Offers
    booking: BookingService
    read_deadline: float

    async def search(
        self, state: State, decision: decisions.Search, scene: Scene, target: Booking | None = None
    ) -> tuple[State, Reply]:
        """Look for the state's wish: hold what is exactly as wished, else offer what there is."""
        say = scene.say
        target = target or (scene.booking(state.target) if state.task == "move" else None)
        service_id = target.service if target else state.service
        if service_id is None:
            return ask(state, "asked", scene)
        service = say.tenant.get_service(service_id)
        notes = [say.t("one_at_a_time")] if decision.once else []
        if state.staff is not None and not segments_by(service, state.staff):
            notes.append(replies.not_done_by_text(service, state.staff, say))
            state = replace(state, staff=None)
        if state.excluded is not None and service.without(state.excluded) is None:
            needed = say.tenant.staff_name(state.excluded)
            notes.append(say.t("staff.needed", name=needed, service=say.service(service)))
            state = replace(state, excluded=None)
        if state.people.staff and narrowed(service, state.people) is None:
            notes.append(say.t("staff.not_so", service=say.service(service)))
            state = replace(state, people=NOBODY)
        wish = _wish(service, state, state.windows, target)
        if decision.shift is not None:
            return await self._shifted(state, wish, decision.shift, scene)
        wish, found = await self._find_loosely(wish, scene, loosen=decision.loosen)
        return await self._answer(state, found, wish, notes, scene)

    async def _answer(
        self, state: State, found: Found, wish: Wish, notes: Sequence[str], scene: Scene
    ) -> tuple[State, Reply]:
        """Hold what is exactly as wished, offer what else was found."""
        target = scene.booking(wish.moving)
        if isinstance(found, ExactlyFree) and target is not None and target.plan == found.plan:
            state = replace(state.without_wish(), last_booking=target.reference, asked_else=True)
            text = replies.booked_again_text(target, scene.changes.get(target.reference), scene.say)
            return rest(state, text, "info", scene)
        if isinstance(found, ExactlyFree):
            taken = await self.hold(state, found.plan, scene)
            match taken:
                case State():
                    return self._held(taken, notes, scene, wish)
                case "limit":
                    return self.limited(state, scene)
                case "taken":
                    found = await self._find(wish, scene)
            if isinstance(found, ExactlyFree):
                found = NotFree((), exact=True)
        told: str | None = None
        wished = (state.staff,) if state.staff is not None else state.people.staff
        if isinstance(found, NotFree) and found.nearest and wished:
            others = await self._colleagues(state, wish, wished, scene)
            word = "and" if state.people.parts else "or"
            told = replies.not_free_with_text(found, wish, wished, others, scene.say, word)
        return self._on_the_table(state, found, wish, notes, scene, told)

    async def _colleagues(
        self, state: State, wish: Wish, wished: Sequence[StaffId], scene: Scene
    ) -> Sequence[StaffId]:
        """Who has what the wished people have not."""
        service = scene.say.tenant.get_service(wish.service.id)
        if state.excluded is not None:
            service = service.without(state.excluded) or service
        others = [member for member in service.staff() if member not in wished][:_COLLEAGUES]
        wishes = {each: replace(wish, service=service, staff=each) for each in others}
        found = [(each, await self._find(theirs, scene)) for each, theirs in wishes.items()]
        return [member for member, times in found if isinstance(times, ExactlyFree | FreeInWindow)]

    async def _find_loosely(self, wish: Wish, scene: Scene, *, loosen: bool) -> tuple[Wish, Found]:
        """What there is for a wish; with ``loosen`` any time will do on a day that does not have the time of day."""
        found = await self._find(wish, scene)
        if loosen and isinstance(found, Impossible) and found.impediment.reason is Reason.OUTSIDE_HOURS:
            wish = replace(wish, windows=whole_days(wish.windows, scene.say.tenant.zone))
            found = await self._find(wish, scene)
        return wish, found

    async def _find(self, wish: Wish, scene: Scene) -> Found:
        say = scene.say
        try:
            async with asyncio.timeout(self.read_deadline):
                return await self.offers.search(
                    say.tenant, wish, now=say.now, conversation=scene.conversation, language=say.language
                )
        except TimeoutError as slow:
            raise CalendarUnavailable("no answer within the deadline") from slow

    async def explain(self, state: State, asked: decisions.Explain, scene: Scene) -> tuple[State, Reply]:
        """Why not? With what is possible instead; a time that is held stays held."""
        say = scene.say
        target = scene.booking(state.target) if state.task == "move" else None
        if target and not may_change(say.tenant, target, "move", now=say.now, conversation=scene.conversation):
            return rest(state.without_wish(), replies.policy_text(target, "move", say), "policy_denied", scene)
        service_id = target.service if target else asked.service
        if service_id is None:
            return await self._explain_without_service(state, asked, scene)
        service = say.tenant.get_service(service_id)
        if asked.staff is not None and not segments_by(service, asked.staff):
            return aside(state, replies.not_done_by_text(service, asked.staff, say), "info", scene)
        if asked.whole and asked.staff is not None:
            if len(segments_by(service, asked.staff)) < len(service.segments):
                code = "held" if state.held else "info"
                return ask(state, code, scene, [say.who_does_what(service, asked.staff)])
        wished = state.wishing(
            service=service_id,
            windows=asked.windows,
            staff=asked.staff,
            people=NOBODY if asked.staff is not None else state.people,
            excluded=None if state.excluded == asked.staff else state.excluded,
            time_of_day=asked.time_of_day,
            candidates=(),
        )
        if not asked.windows:
            return ask(wished, "asked", scene)
        wish = replace(_wish(service, wished, asked.windows, target), whole=asked.whole)
        wish, found = await self._find_loosely(wish, scene, loosen=asked.loosen)
        match found:
            case ExactlyFree(plan):
                if state.held is not None and state.held.plan == plan:
                    return self._held(state, (), scene, wish)
                if any(offer.plan == plan for offer in state.offers):
                    return self.justify(state, scene)
                return await self._answer(wished, found, wish, [say.t("why.free")], scene)
            case FreeInWindow():
                return self._on_the_table(wished, found, wish, [say.t("why.free.window")], scene)
            case NotFree():
                text = why_text(await self._reasons(wish, scene), wish, say)
            case Impossible(impediment):
                text = replies.impediment_text(impediment, service, wish.windows[0], say)
        if state.held is not None:
            code = found.impediment.reason.value if isinstance(found, Impossible) else "info"
            plan = state.held.plan
            still = say.t("why.still", span=say.span(plan.starts_at, plan.ends_at))
            return ask(state, code, scene, [text, still] if state.expects != "confirm" else [text])
        text = f"{text} {replies.nearest_text(found.nearest, say)}"
        return self._on_the_table(wished, found, wish, (), scene, text=text)

    async def _explain_without_service(
        self, state: State, asked: decisions.Explain, scene: Scene
    ) -> tuple[State, Reply]:
        """What can be told before anybody knows for what: judged for the shortest service there is."""
        say = scene.say
        state = state.wishing(windows=asked.windows, staff=asked.staff, time_of_day=asked.time_of_day)
        services = [each for each in say.tenant.services if asked.staff in {None, *each.staff()}]
        if not asked.windows or not services:
            return ask(state, "asked", scene)
        shortest = min(services, key=lambda each: each.shortest_minutes)
        wish = Wish(shortest, asked.windows, asked.staff)
        found = await self._find(wish, scene)
        match found:
            case Impossible(impediment):
                text = replies.impediment_text(impediment, shortest, asked.windows[0], say)
                return ask(replace(state, windows=()), impediment.reason.value, scene, [text])
            case NotFree():
                text = alone_text(await self._reasons(wish, scene), say)
                return ask(replace(state, windows=()), "info", scene, [text])
            case ExactlyFree() | FreeInWindow():
                return ask(state, "asked", scene)

    async def _reasons(self, wish: Wish, scene: Scene) -> Reasons:
        say = scene.say
        return await find_reasons(
            self.offers, say.tenant, wish, now=say.now, conversation=scene.conversation, language=say.language
        )

    def justify(self, state: State, scene: Scene) -> tuple[State, Reply]:
        """Why this question? Then the question again."""
        say = scene.say
        if state.expects in {"name", "contact"}:
            note = [say.t("why.details")]
        elif state.expects == "confirm":
            note = [say.t("why.confirm")]
        else:
            note = [say.t("why.offers")] if state.offers and not state.days else []
        return ask(state, "info", scene, note)

    def _on_the_table(
        self,
        state: State,
        found: Found,
        wish: Wish,
        notes: Sequence[str],
        scene: Scene,
        text: str | None = None,
    ) -> tuple[State, Reply]:
        """Offer what was found; whatever was held for the old wish is given back when the turn is saved."""
        say = scene.say
        state = replies.offered(state, replies.plans_of(found))
        text = text or replies.found_text(found, wish, say)
        refused = wish.windows if isinstance(found, NotFree | Impossible) else ()
        state = replace(state, refused=refused, expects="choice" if state.offers else "when")
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
            return ask(state, "asked", scene)
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
            loose = replace(window.fitting(wish.service), exact=False)
            if window.exact or loose.starts_before <= loose.starts_from:
                continue
            narrowed = replace(wish, windows=(loose,), without=without)
            found = await self._find(narrowed, scene)
            if isinstance(found, FreeInWindow):
                state = replace(state, windows=(loose,))
                return self._on_the_table(state, found, narrowed, (), scene)
        refused = tuple(window for window in tries[:1] if window.starts_before > window.starts_from)
        if shift == "other" or not state.offers:
            state = replace(state, offers=(), windows=(), refused=refused, held=None, expects="when")
            text = say.t("nothing_at_all", service=say.service(wish.service))
            return state, Reply((text,), "none_free", say.language, "when", requested=_requested(wish))
        plans = [offer.plan for offer in state.offers]
        text = say.t(f"shift.none_{shift}", plans=say.plans(plans))
        state = replace(replies.offered(state, plans), refused=refused)
        choices = replies.offer_choices(state, say)
        return replace(state, expects="choice"), Reply((text,), "none_free", say.language, "choice", choices)

    async def take(self, state: State, plan: Plan, scene: Scene) -> tuple[State, Reply]:
        """Hold a chosen plan; one that went away meanwhile is answered with others in the same turn."""
        taken = await self.hold(state, plan, scene)
        match taken:
            case State():
                return self._held(taken, (), scene, None)
            case "limit":
                return self.limited(state, scene)
            case "taken":
                return await self.gone(state, plan, scene)

    async def hold(self, state: State, plan: Plan, scene: Scene) -> State | Literal["taken", "limit"]:
        """Hold a plan: the new state, or that somebody was faster, or that the guest holds enough."""
        tenant = scene.say.tenant
        contact = digest(tenant.id, state.contact)
        moving = state.target if state.task == "move" else None
        try:
            hold = await self.booking.hold(tenant, scene.conversation, plan, contact=contact, moving=moving)
        except TooManyHolds:
            return "limit"
        if hold is None:
            return "taken"
        held = Held(hold.id, plan, hold.expires_at, contact)
        return replace(state, held=held, offers=(), days=(), refused=())

    def limited(self, state: State, scene: Scene) -> tuple[State, Reply]:
        """The guest keeps enough times already: nothing more is held, what lies on the table stays there."""
        say = scene.say
        state = replace(state, held=None, expects="choice" if state.offers else "when")
        text = say.t("hold.limit", count=HOLDS_PER_CONTACT, phone=say.tenant.phone)
        choices = replies.offer_choices(state, say)
        return state, Reply((text,), "refused", say.language, state.expects, choices)

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
            _requested(wish) if wish else requested_plan(state.held.plan),
        )
        return replace(state, expects=question.expects), reply

    async def gone(self, state: State, plan: Plan, scene: Scene) -> tuple[State, Reply]:
        """The time was lost to somebody else: say so and put fresh times on the table in the same turn."""
        say = scene.say
        state = replace(state, held=None, refusals=state.refusals + 1)
        target = scene.booking(state.target) if state.task == "move" else None
        moment = say.moment(plan.starts_at)
        extra = [say.t("slot_taken.twice", phone=say.tenant.phone)] if state.refusals >= _ENOUGH_REFUSALS else []
        window = Window(plan.starts_at, plan.starts_at + _MOMENT, exact=True)
        wish = replace(
            _wish(say.tenant.get_service(plan.service), state, (window,), target),
            without=frozenset({plan.starts_at}),
        )
        found = await self._find(wish, scene)
        plans = replies.plans_of(found)
        state = replace(replies.offered(replace(state, windows=(window,)), plans), refused=(window,))
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


def _wish(service: Service, state: State, windows: Sequence[Window], target: Booking | None) -> Wish:
    """What to search for; a booking that moves keeps its people where they can."""
    if state.excluded is not None:
        service = service.without(state.excluded) or service
    service = narrowed(service, state.people) or service
    windows = tuple(window.fitting(service) for window in windows)
    if target is None:
        return Wish(service, windows, state.staff)
    longest = max(target.plan.placements, key=lambda placement: placement.ends_at - placement.starts_at)
    return Wish(service, windows, state.staff, preferred=longest.staff, moving=target.reference)


def _requested(wish: Wish) -> Requested:
    if not wish.windows:
        return Requested(wish.service.id)
    window = wish.windows[0]
    return Requested(wish.service.id, window.starts_from, None if window.exact else window.starts_before)


def digest(tenant: str, contact: str | None) -> str | None:
    """What stands for a contact where holds are counted."""
    return hashlib.sha256(f"{tenant}\0{contact.lower()}".encode()).hexdigest() if contact else None
