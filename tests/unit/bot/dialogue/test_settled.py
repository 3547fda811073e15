"""One sentence on what became of a question, in each language."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from booking_core.model.booking import BookingStatus
from booking_core.model.ids import Reference, ServiceId, StaffId
from booking_core.model.saga import SagaKind
from booking_core.model.slot import Placement, Plan
from bot.dialogue.phrases import Phrases
from bot.dialogue.replies import unmovable_text
from bot.dialogue.settled import Settled, settled_text
from bot.dialogue.state import State
from bot.translations import Translations
from bot.wiring.demo import demo_tenant
from tests.support.examples import NOW, booking_of

START = NOW + timedelta(hours=6)
PLAN = Plan(ServiceId("mens-cut"), (Placement(0, StaffId("anna"), START, START + timedelta(minutes=30), None),))
LATER = replace(PLAN, placements=(replace(PLAN.placements[0], starts_at=START + timedelta(hours=1)),))
BOOKING = booking_of("ABC234", PLAN)
SAYS = {language: Phrases(Translations.load(), demo_tenant(), language, NOW) for language in ("de", "en")}


@pytest.mark.parametrize("language", list(SAYS))
def test_each_has_words_of_its_own_that_name_time_and_booking(language: str) -> None:
    say = SAYS[language]
    texts = {settled_text(Settled(kind, BOOKING, PLAN, done), say) for kind in SagaKind for done in (False, True)}
    assert len(texts) == 2 * len(SagaKind)
    for text in texts:
        assert say.span(PLAN.starts_at, PLAN.ends_at) in text
        assert "ABC234" in text
        assert "{" not in text


@pytest.mark.parametrize("language", list(SAYS))
def test_a_move_names_the_time_it_goes_to(language: str) -> None:
    say = SAYS[language]
    assert say.bare_clock(LATER.starts_at) in settled_text(Settled(SagaKind.MOVE, BOOKING, LATER, False), say)


@pytest.mark.parametrize("language", list(SAYS))
def test_why_a_booking_cannot_be_moved_depends_on_how_it_stands(language: str) -> None:
    say = SAYS[language]
    statuses = (BookingStatus.PENDING, BookingStatus.CONFIRMED, BookingStatus.CANCELLED)
    texts = {unmovable_text(replace(BOOKING, status=status), say) for status in statuses}
    assert len(texts) == len(statuses)
    assert all(say.span(PLAN.starts_at, PLAN.ends_at) in text for text in texts)


def test_the_state_is_that_after_the_yes() -> None:
    state = State(turn=3, name="Max", task="cancel", target=Reference("ABC234"), last_booking=Reference("ABC234"))
    after = Settled(SagaKind.CANCEL, BOOKING, PLAN, done=False).after(state)
    assert (after.task, after.target, after.last_booking, after.name) == ("book", None, "ABC234", "Max")
    assert Settled(SagaKind.CANCEL, BOOKING, PLAN, done=True).after(state).last_booking is None
