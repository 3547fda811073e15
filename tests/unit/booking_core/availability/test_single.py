"""Plans of one segment against brute force: the same starts, and each fits into free time."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from booking_core.availability.single import single_plans
from booking_core.model.interval import Interval
from booking_core.model.service import LocalText, Segment, Service

EPOCH = datetime(2026, 1, 1, tzinfo=UTC)
FIRST = int(EPOCH.timestamp()) // 300


@given(
    st.dictionaries(st.sampled_from(["anna", "ben"]), st.frozensets(st.integers(0, 60), max_size=50)),
    st.integers(1, 8),
    st.integers(0, 2),
    st.integers(0, 2),
    st.integers(0, 40),
    st.integers(1, 60),
)
def test_every_start_that_fits_and_no_other(free, work, before, after, opens, width):
    service = Service(
        "cut",
        LocalText({"en": "Cut"}),
        (Segment(work_minutes=work * 5, staff=("anna", "ben"), buffer_before=before * 5, buffer_after=after * 5),),
    )
    within = Interval(EPOCH + timedelta(minutes=5 * opens), EPOCH + timedelta(minutes=5 * (opens + width)))
    absolute = {staff: frozenset(FIRST + tick for tick in ticks) for staff, ticks in free.items()}
    plans = single_plans(service, ["anna", "ben"], absolute, within)
    expected = {
        (staff, tick)
        for staff, ticks in free.items()
        for tick in range(opens, opens + width)
        if all(tick + step in ticks for step in range(-before, work + after))
    }
    assert {(plan.staff[0], (plan.starts_at - EPOCH) // timedelta(minutes=5)) for plan in plans} == expected
    assert [plan.starts_at for plan in plans] == sorted(plan.starts_at for plan in plans)
    for plan in plans:
        assert {tick for _, tick in plan.needs()} <= absolute[plan.staff[0]]
