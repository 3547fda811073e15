"""What a "why?" is about: the words, the refusal before it, or the question that is open."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
import yaml

from booking_core.availability.rules import Window
from booking_core.model.description import tenant_from
from booking_core.model.ids import HoldId, ServiceId, StaffId
from booking_core.model.interval import local
from booking_core.model.slot import Placement, Plan
from bot.dialogue.decisions import Change, Continue, Decision, Decline, Explain, Inform, Justify, Search, Stop
from bot.dialogue.facts import Facts
from bot.dialogue.policy import decide
from bot.dialogue.state import Held, Offer, State, TimeOfDay
from bot.understanding.meaning import Asked
from bot.understanding.understand import Understander

ZONE = ZoneInfo("Europe/Berlin")
SALON = tenant_from(
    yaml.safe_load((Path(__file__).parents[4] / "bot/demo/salon.yaml").read_text(encoding="utf-8"))
)
UNDERSTANDER = Understander(SALON)
NOW = datetime(2026, 3, 24, 10, 15, tzinfo=ZONE)
THURSDAY = date(2026, 3, 26)
CUT, ANNA, CLARA = ServiceId("mens-cut"), StaffId("anna"), StaffId("clara")


def exactly(clock: str, day: date = THURSDAY) -> Window:
    start = local(day, time.fromisoformat(clock), ZONE)
    return Window(start, start + timedelta(minutes=1), exact=True)


def plan(clock: str, staff: StaffId = ANNA) -> Plan:
    start = exactly(clock).starts_from
    return Plan(CUT, (Placement(0, staff, start, start + timedelta(minutes=30)),))


WISHED = State(language="de", service=CUT, windows=(exactly("15:00"),), staff=ANNA)
REFUSED = replace(WISHED, refused=WISHED.windows, offers=(Offer("o1", plan("14:30")),), expects="choice")
HELD = replace(WISHED, held=Held(HoldId("h"), plan("14:30"), NOW + timedelta(minutes=5)), expects="confirm")


def decided(state: State, text: str) -> Decision:
    offered = [state.held.plan] if state.held else [offer.plan for offer in state.offers]
    meaning = UNDERSTANDER.understand(
        text,
        now=NOW,
        language="de",
        asked=Asked(state.expects, len(state.offers)),
        offered=tuple(one.starts_at for one in offered),
        day=THURSDAY,
    )
    _, decision = decide(state, meaning, Facts(SALON, NOW))
    return decision


@pytest.mark.parametrize(
    "text", ["Warum?", "warum nicht?", "Wieso geht das nicht?", "why?", "why not?", "But why?"]
)
def test_a_bare_why_is_about_what_was_refused(text: str):
    assert decided(REFUSED, text) == Explain(CUT, (exactly("15:00"),), ANNA)


@pytest.mark.parametrize(
    ("text", "window", "staff"),
    [
        ("Warum geht 16 Uhr nicht?", exactly("16:00"), ANNA),
        ("why isn't 4 pm possible?", exactly("16:00"), ANNA),
        ("Warum nicht bei Clara?", exactly("15:00"), CLARA),
        ("why not with Clara?", exactly("15:00"), CLARA),
        ("Warum nicht am Freitag um 9 bei Clara?", exactly("09:00", date(2026, 3, 27)), CLARA),
        ("why can't I come on Friday at 9 am?", exactly("09:00", date(2026, 3, 27)), ANNA),
    ],
)
def test_what_is_said_in_the_question_is_what_it_is_about(text: str, window: Window, staff: StaffId):
    found = decided(REFUSED, text)
    assert isinstance(found, Explain)
    assert (found.windows, found.staff) == ((window,), staff)


def test_a_person_alone_is_meant_at_the_time_that_is_held():
    assert decided(HELD, "Warum nicht bei Clara?") == Explain(CUT, (exactly("14:30"),), CLARA)


def test_a_day_alone_keeps_the_time_of_day_and_may_be_any_time_of_it():
    state = replace(REFUSED, time_of_day=TimeOfDay(time(15)))
    found = decided(state, "Warum nicht am Freitag?")
    assert found == Explain(CUT, (exactly("15:00", date(2026, 3, 27)),), ANNA, TimeOfDay(time(15)), loosen=True)


@pytest.mark.parametrize("text", ["Warum geht es nicht früher?", "why can't it be earlier?"])
def test_earlier_and_later_are_meant_on_the_day(text: str):
    found = decided(HELD, text)
    assert isinstance(found, Explain)
    (window,) = found.windows
    assert not window.exact
    assert window.starts_before == exactly("14:30").starts_from


@pytest.mark.parametrize("state", [HELD, replace(HELD, expects="name"), replace(REFUSED, refused=())])
def test_without_a_refusal_it_is_about_the_open_question(state: State):
    assert decided(state, "warum?") == Justify()


def test_a_question_at_the_end_is_no_yes_and_no_no():
    assert isinstance(decided(HELD, "Warum nicht um 16 Uhr?"), Explain)
    assert isinstance(decided(HELD, "ja, aber warum?"), Justify)


@pytest.mark.parametrize(
    "text", ["Warum ist das so teuer?", "Warum haben Sie am Sonntag zu?", "why is it so expensive?"]
)
def test_other_questions_stay_what_they_are(text: str):
    assert isinstance(decided(HELD, text), Inform)


def test_why_not_without_a_question_mark_agrees():
    one = replace(WISHED, offers=(Offer("o1", plan("14:30")),), expects="choice")
    assert type(decided(one, "Warum nicht")).__name__ == "Take"


def test_who_is_not_known_needs_no_reason():
    assert decided(HELD, "Warum nicht bei Petra?") == Continue()


def test_nothing_is_known_of_a_why_out_of_the_blue():
    assert isinstance(decided(State(), "Warum?"), Inform)


def test_a_new_wish_forgets_what_was_refused():
    assert not isinstance(decided(REFUSED, "Dann am Freitag um 10"), Explain)
    assert isinstance(decided(REFUSED, "Dann am Freitag um 10"), Search)
    assert REFUSED.wishing(windows=()).refused == ()


@pytest.mark.parametrize(
    ("text", "who"),
    [
        ("Warum macht das Anna?", CLARA),
        ("why does Anna do the second part?", CLARA),
        ("Warum nicht alles bei Clara?", CLARA),
        ("can Clara do all of it?", CLARA),
        ("Kann Anna das ganz machen?", ANNA),
    ],
)
def test_who_shares_the_work_may_be_asked_about(text: str, who: StaffId):
    start = exactly("14:30").starts_from
    both = Plan(
        CUT,
        (
            Placement(0, CLARA, start, start + timedelta(minutes=30)),
            Placement(1, ANNA, start + timedelta(minutes=60), start + timedelta(minutes=90)),
        ),
    )
    state = replace(HELD, staff=CLARA, held=Held(HoldId("h"), both, NOW + timedelta(minutes=5)))
    assert decided(state, text) == Explain(CUT, (exactly("14:30"),), who, whole=True)


def test_stopping_in_the_middle_of_moving_leaves_everything_and_cancelling_cancels():
    moving = State(language="de", task="move", service=None, expects="when")
    assert isinstance(decided(moving, "Abbrechen"), Decline)
    assert decided(moving, "Stornieren bitte") == Change("cancel")
    assert isinstance(decided(replace(WISHED, expects="when"), "Abbrechen"), Stop)
