"""Coming back to the open question: what is said beside it, and the question itself. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from booking_core.model.booking import Booking
from booking_core.model.ids import ConversationId, Reference
from booking_core.model.saga import Saga
from booking_core.model.slot import Plan
from bot.dialogue import replies
from bot.dialogue.phrases import Phrases
from bot.dialogue.reply import Reply, Requested
from bot.dialogue.state import State


@dataclass(frozen=True, slots=True)
class Scene:
    """What an action may use besides the state: who speaks where, in which words, with which bookings.

    ``changes`` are those under way with them.
    """

    conversation: ConversationId
    door: str
    say: Phrases
    bookings: Sequence[Booking]
    changes: Mapping[Reference, Saga] = field(default_factory=dict)

    def booking(self, reference: Reference | None) -> Booking | None:
        """A live booking of this conversation; any other reference reveals nothing."""
        return next((booking for booking in self.bookings if booking.reference == reference), None)


def aside(state: State, text: str, code: str, scene: Scene, *, repeat: bool = True) -> tuple[State, Reply]:
    """Say something and come back to the open question."""
    if is_idle(state) or not repeat:
        return rest(state, text, code, scene)
    state, reply = ask(state, code, scene, [text])
    return state, reply


def rest(state: State, text: str, code: str, scene: Scene) -> tuple[State, Reply]:
    """Say something; nothing is open."""
    return replace(state, expects="anything"), Reply((text,), code, scene.say.language)


def ask(state: State, code: str, scene: Scene, notes: Sequence[str] = ()) -> tuple[State, Reply]:
    """Ask the open question of the state."""
    question = replies.prompt(state, scene.say, scene.booking(state.target), scene.bookings)
    requested = requested_plan(state.held.plan) if state.held else None
    reply = Reply((*notes, question.text), code, scene.say.language, question.expects, question.choices, requested)
    return replace(state, expects=question.expects), reply


def is_idle(state: State) -> bool:
    """Nothing is wished and nothing asked."""
    return (
        state.expects == "anything"
        and state.service is None
        and state.held is None
        and not state.offers
        and state.task == "book"
    )


def requested_plan(plan: Plan) -> Requested:
    """The start of a plan as what was asked for."""
    return Requested(plan.service, plan.starts_at)
