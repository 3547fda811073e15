"""The demo salon's composites on one Wednesday, worked out by hand; and the planner's promises one by one.

On 25 March 2026 Anna works 9:00-12:30 and 13:00-18:00, Clara 10:00-14:00 and 14:30-18:00, Ben not at all.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, datetime, time, timedelta
from itertools import islice
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
import yaml

from booking_core.availability.composite import Planner, find_plans, possible_starts
from booking_core.availability.demand import PlanWish
from booking_core.availability.ticks import bits_within, ticks_in
from booking_core.model.description import tenant_from
from booking_core.model.ids import ResourceId, ServiceId, StaffId
from booking_core.model.interval import Interval, day_interval, instant_of, local, tick_of
from booking_core.model.service import LocalText, Pause, Segment, Service
from booking_core.model.slot import Plan

ZONE = ZoneInfo("Europe/Berlin")
SALON = tenant_from(
    yaml.safe_load((Path(__file__).parents[4] / "bot/demo/salon.yaml").read_text(encoding="utf-8"))
)
DAY = date(2026, 3, 25)
BASE = tick_of(local(DAY, time(0), ZONE))
ANNA, BEN, CLARA = StaffId("anna"), StaffId("ben"), StaffId("clara")


def at(clock: str, day: date = DAY) -> datetime:
    return local(day, time.fromisoformat(clock), ZONE)


def stretch(span: str, day: date = DAY) -> Interval:
    begins, ends = span.split("-")
    return Interval(at(begins, day), at(ends, day))


def hours(day: date = DAY, **busy: list[str]) -> dict[ResourceId, int]:
    """Free time of the salon on a day, less what is busy there; the bar is free around the clock."""
    base = tick_of(local(day, time(0), ZONE))
    free = {ResourceId("resource:colour-bar"): bits_within(day_interval(day, ZONE), base)}
    for member in SALON.staff:
        bits = 0
        for worked in member.hours.intervals(day, ZONE):
            bits |= bits_within(worked, base)
        free[ResourceId(f"staff:{member.id}")] = bits
    for name, spans in busy.items():
        resource = ResourceId("resource:colour-bar" if name == "bar" else f"staff:{name}")
        for span in spans:
            free[resource] &= ~bits_within(stretch(span, day), base)
    return free


def clocks(*spans: str) -> list[str]:
    """Every five minutes of the spans, both ends included."""

    def steps() -> Iterator[str]:
        for span in spans:
            whole = stretch(span)
            for number in range(whole.minutes // 5 + 1):
                yield f"{(whole.starts_at + timedelta(minutes=5 * number)).astimezone(ZONE):%H:%M}"

    return list(steps())


def starts(service: str, free: Mapping[ResourceId, int], wish: PlanWish | None = None) -> list[str]:
    bits = possible_starts(SALON.get_service(ServiceId(service)), free, BASE, None, wish or PlanWish())
    return [f"{instant_of(tick).astimezone(ZONE):%H:%M}" for tick in ticks_in(bits, BASE)]


def plan(service: str, clock: str, free: Mapping[ResourceId, int], wish: PlanWish | None = None) -> Plan:
    planner = Planner(SALON.get_service(ServiceId(service)), free, BASE, wish or PlanWish())
    found = planner.plan_at(at(clock))
    assert found is not None
    return found


def told(plan: Plan) -> list[str]:
    return [f"{it.staff} {_clock(it.starts_at)}-{_clock(it.ends_at)}" for it in plan.placements]


def _clock(instant: datetime) -> str:
    return f"{instant.astimezone(ZONE):%H:%M}"


def test_root_colour_begins_until_two_hours_and_ten_before_closing():
    assert starts("root-colour", hours()) == clocks("09:00-15:50")


def test_root_colour_stays_with_one_person_and_waits_no_longer_than_need_be():
    assert told(plan("root-colour", "09:00", hours())) == ["anna 09:00-09:30", "anna 09:55-11:10"]


@pytest.mark.parametrize(
    ("clock", "expected"),
    [
        # Anna could only go on after her break, at 13:00; Clara is done before hers.
        ("11:30", ["clara 11:30-12:00", "clara 12:25-13:40"]),
        ("11:50", ["clara 11:50-12:20", "clara 12:45-14:00"]),
        # From here Clara's own break is in the way, and Anna's pause covers Anna's.
        ("11:55", ["anna 11:55-12:25", "anna 13:00-14:15"]),
        ("12:00", ["anna 12:00-12:30", "anna 13:00-14:15"]),
        # Nobody can do both: Clara begins, Anna goes on.
        ("12:05", ["clara 12:05-12:35", "anna 13:00-14:15"]),
    ],
)
def test_root_colour_around_the_breaks(clock: str, expected: list[str]):
    assert told(plan("root-colour", clock, hours())) == expected


def test_root_colour_with_anna_bound_leaves_out_what_she_cannot_begin():
    # 12:05 and later she would run into her break; from 13:00 on she works again.
    assert starts("root-colour", hours(), PlanWish.first_by(ANNA)) == clocks("09:00-12:00", "13:00-15:50")
    both = PlanWish({0: ANNA, 1: ANNA})
    assert starts("root-colour", hours(), both) == clocks("09:00-10:20", "11:50-12:00", "13:00-15:50")


def test_a_preferred_person_is_worth_a_longer_pause():
    # Without the wish Clara would be five minutes quicker.
    assert told(plan("root-colour", "11:50", hours(), PlanWish(preferred=ANNA))) == [
        "anna 11:50-12:20",
        "anna 13:00-14:15",
    ]


def test_a_guest_may_want_the_long_pause():
    assert told(plan("root-colour", "09:00", hours(), PlanWish(pause="longest"))) == [
        "anna 09:00-09:30",
        "anna 10:10-11:25",
    ]


def test_perm_needs_anna_first_and_whoever_is_there_for_the_fixing():
    assert starts("perm", hours()) == clocks("09:00-11:40", "13:00-15:45")
    # Anna's break begins when she has rolled, so Clara fixes. Clara could rinse, too, but would be left five idle minutes.
    assert told(plan("perm", "11:40", hours())) == ["anna 11:40-12:30", "clara 12:45-12:50", "anna 13:00-13:55"]


def test_full_colour_keeps_one_person_throughout():
    expected = clocks("09:00-09:45", "10:00-11:15", "11:25-11:40", "12:55-15:15")
    assert starts("full-colour", hours()) == expected
    for found in find_plans(SALON.get_service(ServiceId("full-colour")), hours(), BASE):
        assert len(set(found.staff)) == 1


def test_full_colour_needs_the_bar_while_colour_is_applied_only():
    free = hours(bar=["14:00-15:00"])
    assert starts("full-colour", free) == clocks(
        "09:00-09:45", "10:00-11:15", "11:25-11:40", "12:55-13:10", "15:00-15:15"
    )
    needs = plan("full-colour", "09:00", free).needs()
    assert sum(name == "resource:colour-bar" for name, _ in needs) == 50 // 5


def test_in_a_free_pause_the_staff_can_serve_others():
    cut = SALON.get_service(ServiceId("consultation"))
    colour = plan("root-colour", "09:00", hours())
    free = hours()
    for name, tick in colour.needs():
        free[name] &= ~(1 << tick - BASE)
    in_pause = stretch("09:30-09:50")
    assert [told(found) for found in find_plans(cut, free, BASE, in_pause)] == [
        ["anna 09:30-09:45"],
        ["anna 09:35-09:50"],
        ["anna 09:40-09:55"],
    ]


def massage(pause: Pause, *, same: str = "any", after: int = 0, before: int = 0) -> Service:
    segments = (
        Segment(30, (ANNA, CLARA), pause_after=pause, buffer_after=after),
        Segment(30, (ANNA, CLARA), same_staff=same, buffer_before=before),
    )
    return Service(ServiceId("massage"), LocalText({"en": "Massage"}), segments)


def test_a_blocked_pause_occupies_to_its_end():
    free = hours(clara=["09:00-18:00"])
    found = Planner(massage(Pause(20, 20, "blocked")), free, BASE).plan_at(at("09:00"))
    assert found is not None
    assert found.placements[0].blocked_after == 20
    assert len(found.needs()) == (30 + 20 + 30) // 5
    free = hours(anna=["09:35-09:40"], clara=["09:00-10:00"])
    assert Planner(massage(Pause(20, 20, "blocked")), free, BASE).plan_at(at("09:00")) is None
    assert Planner(massage(Pause(20, 20)), free, BASE).plan_at(at("09:00")) is not None


def test_buffers_lie_inside_a_blocked_pause():
    found = Planner(massage(Pause(20, 20, "blocked"), after=5, before=10), hours(), BASE).plan_at(at("09:00"))
    assert found is not None
    first, second = found.placements
    assert (first.buffer_after, first.blocked_after, second.buffer_before) == (5, 5, 10)
    assert first.occupied.ends_at == second.occupied.starts_at


def test_a_pause_too_short_for_both_buffers_changes_staff_or_fails():
    changing = Planner(massage(Pause(10, 10), after=10, before=5), hours(), BASE).plan_at(at("10:00"))
    assert changing is not None
    assert set(changing.staff) == {ANNA, CLARA}
    staying = massage(Pause(10, 10), same="required", after=10, before=5)
    assert possible_starts(staying, hours(), BASE) == 0
    assert possible_starts(massage(Pause(15, 15), same="required", after=10, before=5), hours(), BASE) != 0


def test_one_persons_buffers_do_not_meet_across_anothers_segment():
    # Anna needs ten minutes after and ten before; Clara's part between takes only five.
    segments = (
        Segment(30, (ANNA,), pause_after=Pause(0, 5), buffer_after=10),
        Segment(5, (CLARA,), pause_after=Pause(0, 10)),
        Segment(30, (ANNA,), buffer_before=10),
    )
    service = Service(ServiceId("facial"), LocalText({"en": "Facial"}), segments)
    planner = Planner(service, hours(), BASE)
    found = planner.plan_at(at("10:00"))
    assert found is not None
    # Anna can begin again twenty minutes after her work, which takes both pauses at their longest.
    assert told(found) == ["anna 10:00-10:30", "clara 10:35-10:40", "anna 10:50-11:20"]
    shorter = (segments[0], Segment(5, (CLARA,), pause_after=Pause(0, 5)), segments[2])
    assert find_plans(Service(ServiceId("facial"), LocalText({"en": "Facial"}), shorter), hours(), BASE) == []


def test_of_equals_who_has_more_free_time_does_it():
    cut = SALON.get_service(ServiceId("womens-cut"))
    planner = Planner(cut, hours(), BASE)
    found = planner.plan_at(at("15:00"))
    assert found is not None
    assert found.staff == (ANNA,)
    busy = Planner(cut, hours(anna=["09:00-12:30"]), BASE).plan_at(at("16:00"))
    assert busy is not None
    assert busy.staff == (CLARA,)


def test_a_small_gap_outweighs_free_time():
    cut = SALON.get_service(ServiceId("womens-cut"))
    # At 14:30 Clara begins without a gap; Anna, who has more time, would leave 14:15-14:30 to nobody.
    found = Planner(cut, hours(anna=["14:00-14:15"]), BASE).plan_at(at("14:30"))
    assert found is not None
    assert found.staff == (CLARA,)


def test_an_instant_between_ticks_or_before_all_time_has_no_plan():
    planner = Planner(SALON.get_service(ServiceId("mens-cut")), hours(), BASE)
    assert planner.plan_at(at("09:00") + timedelta(seconds=1)) is None
    assert planner.plan_at(at("09:00") - timedelta(days=3)) is None
    assert planner.all_plans_at(at("09:00") - timedelta(days=3)) == []


def test_nobody_free_and_nobody_bound_find_nothing():
    cut = SALON.get_service(ServiceId("womens-cut"))
    assert find_plans(cut, {}, BASE) == []
    assert find_plans(cut, hours(), BASE, None, PlanWish.first_by(BEN)) == []


def test_plans_come_lazily_and_in_order():
    planner = Planner(SALON.get_service(ServiceId("root-colour")), hours(), BASE)
    first = list(islice(planner.plans(), 3))
    assert [_clock(one.starts_at) for one in first] == ["09:00", "09:05", "09:10"]
    assert [one.starts_at for one in first] == list(islice(planner.starts(), 3))


def test_over_the_change_of_clocks_elapsed_time_counts():
    # On 29 March 2026 Berlin has no 2:30; a night shift from 1:00 to 4:00 lasts two hours.
    night = date(2026, 3, 29)
    base = tick_of(local(night, time(0), ZONE))
    free = {ResourceId("staff:anna"): bits_within(stretch("01:00-04:00", night), base)}
    service = massage(Pause(45, 60))
    plans = find_plans(service, free, base)
    assert [(_clock(one.starts_at), _clock(one.ends_at)) for one in plans] == [
        ("01:00", "03:45"),
        ("01:05", "03:50"),
        ("01:10", "03:55"),
        ("01:15", "04:00"),
    ]


@pytest.mark.parametrize("ticks_before", [0, 1, 2, 288])
def test_an_interval_may_begin_before_the_bitmaps(ticks_before: int):
    cut = SALON.get_service(ServiceId("mens-cut"))
    within = Interval(instant_of(BASE - ticks_before), at("09:10"))
    assert list(ticks_in(possible_starts(cut, hours(), BASE, within), BASE)) == [BASE + 108, BASE + 109]
    assert [_clock(one.starts_at) for one in find_plans(cut, hours(), BASE, within)] == ["09:00", "09:05"]


def test_the_first_tick_of_the_bitmaps_is_a_start_like_any_other():
    opens = BASE + 9 * 12
    free = {ResourceId("staff:anna"): (1 << 6) - 1}
    cut = SALON.get_service(ServiceId("mens-cut"))
    planner = Planner(cut, free, opens)
    found = planner.plan_at(instant_of(opens))
    assert found is not None
    assert told(found) == ["anna 09:00-09:30"]
    assert planner.all_plans_at(instant_of(opens)) == [found]
    assert planner.plan_at(instant_of(opens - 1)) is None
