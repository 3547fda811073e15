"""The journal of a change that reaches into the calendar: what is to be done there, what has been done, and which way it goes."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from booking_core.model.ids import Reference, StaffId, TenantId
from booking_core.model.slot import Plan


class SagaKind(StrEnum):
    """What the guest asked for."""

    BOOK = "book"
    MOVE = "move"
    CANCEL = "cancel"


class StepKind(StrEnum):
    """A step names what the calendar shall look like afterwards, so that repeating it does no harm.

    ``place``: one live entry of this reference stands at this time. ``remove``: none does.
    """

    PLACE = "place"
    REMOVE = "remove"


class StepState(StrEnum):
    """``begun`` is written before the calendar is asked; whoever finds it there cannot know the answer and has to look.

    Where a saga turns back, what was not begun is ``skipped``, and what has no answer yet is ``unsure``: the step that undoes
    it will look.
    """

    TODO = "todo"
    BEGUN = "begun"
    DONE = "done"
    REFUSED = "refused"
    SKIPPED = "skipped"
    UNSURE = "unsure"


OPEN_STATES = frozenset({StepState.TODO, StepState.BEGUN})


@dataclass(frozen=True, slots=True)
class Step:
    """One remote step. Steps of one ``stage`` do not stand in each other's way and are taken together, stages in order.

    ``starts_at`` and ``ends_at`` bound the staff member's time, buffers included. ``reference`` is what the entry carries in
    the calendar; ``uid`` the calendar's name of it before the step, as far as known; ``result_uid`` and ``result_id`` those
    after it. ``begun_at`` is real time, and so is ``unanswered_at``: when the last try began that has had no answer. ``undoes``
    is the position of the step that this one takes back. Before ``sure_from`` (real time) the calendar may still carry out an
    earlier request: what is not there yet may come.
    """

    kind: StepKind
    stage: int
    segment: int
    staff: StaffId
    starts_at: datetime
    ends_at: datetime
    reference: str
    uid: str | None = None
    state: StepState = StepState.TODO
    begun_at: datetime | None = None
    unanswered_at: datetime | None = None
    result_uid: str | None = None
    result_id: int | None = None
    reason: str | None = None
    undoes: int | None = None
    sure_from: datetime | None = None

    @property
    def open(self) -> bool:
        """Whether it still has to be done or looked at."""
        return self.state in OPEN_STATES


@dataclass(frozen=True, slots=True)
class CallOff:
    """Through which door, and why, somebody does not want any more what is being made or changed."""

    door: str
    reason: str


@dataclass(frozen=True, slots=True)
class Saga:
    """The journal of one change of one booking; a booking has one open saga at most.

    ``plan`` is where the booking shall be. ``back`` says that the steps taken are being taken back, ``why`` for what reason.
    ``called_off``: somebody did not want it any more. ``told``: the guest has already heard that it does not come about. ``attempts`` counts how often somebody took it over.
    ``created_at`` is business time.
    """

    id: str
    tenant: TenantId
    booking: Reference
    kind: SagaKind
    plan: Plan
    steps: tuple[Step, ...]
    door: str
    created_at: datetime
    back: bool = False
    why: str | None = None
    attempts: int = 0
    told: bool = False
    called_off: CallOff | None = None

    @property
    def current(self) -> tuple[int, ...]:
        """Positions of the open steps of the first stage that has any; empty when everything is done."""
        stage = min((step.stage for step in self.steps if step.open), default=None)
        return tuple(at for at, step in enumerate(self.steps) if step.open and step.stage == stage)

    @property
    def over(self) -> bool:
        """Whether no step is left."""
        return not self.current

    def with_step(self, at: int, step: Step) -> Saga:
        """The saga with one step replaced."""
        return replace(self, steps=(*self.steps[:at], step, *self.steps[at + 1 :]))
