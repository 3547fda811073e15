"""The state survives storage, and nothing else passes for one."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from booking_core.availability.rules import Window
from booking_core.model.slot import Placement, Plan
from bot.dialogue.state import Held, Offer, State, TimeOfDay, from_bytes, to_bytes

INSTANTS = st.datetimes(
    datetime.fromisoformat("2026-01-01"), datetime.fromisoformat("2028-01-01"), timezones=st.just(UTC)
)
PLANS = st.builds(
    lambda start, staff: Plan("mens-cut", (Placement(0, staff, start, start + timedelta(minutes=30)),)),
    INSTANTS,
    st.sampled_from(["anna", "ben"]),
)
STATES = st.builds(
    State,
    turn=st.integers(0, 99),
    language=st.sampled_from([None, "de", "en"]),
    service=st.none() | st.just("mens-cut"),
    candidates=st.just(()) | st.just(("mens-cut", "kids-cut")),
    windows=st.lists(st.builds(Window, INSTANTS, INSTANTS, st.booleans()), max_size=2).map(tuple),
    time_of_day=st.none() | st.builds(TimeOfDay, st.just(time(15, 0)), st.none() | st.just(time(18, 0))),
    name=st.none() | st.text(max_size=20),
    offers=st.lists(st.builds(Offer, st.just("o1-1"), PLANS), max_size=3).map(tuple),
    days=st.lists(INSTANTS, max_size=2).map(tuple),
    held=st.none() | st.builds(Held, st.just("hold"), PLANS, INSTANTS, st.sampled_from([None, "digest"])),
    refused=st.lists(st.builds(Window, INSTANTS, INSTANTS, st.booleans()), max_size=2).map(tuple),
    expects=st.sampled_from(["anything", "choice", "confirm"]),
)


@given(STATES)
def test_what_is_stored_comes_back(state):
    assert from_bytes(to_bytes(state)) == state


def test_a_state_from_before_refusals_were_kept_is_read():
    start = datetime(2026, 3, 26, 15, tzinfo=UTC)
    plan = Plan("mens-cut", (Placement(0, "anna", start, start + timedelta(minutes=30)),))
    old = orjson.loads(to_bytes(State(held=Held("hold", plan, start))))
    del old["refused"], old["held"]["contact"]
    assert from_bytes(orjson.dumps(old)) == State(held=Held("hold", plan, start))


@pytest.mark.parametrize("data", [b"", b"[]", b"{}", b'{"turn": 1}', b"\xff"])
def test_anything_else_is_refused(data):
    with pytest.raises(ValueError, match="stored conversation"):
        from_bytes(data)
