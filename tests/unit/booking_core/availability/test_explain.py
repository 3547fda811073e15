"""Why not then? On the demo salon's Wednesday, see test_composite: Anna 9:00-12:30, 13:00-18:00; Clara 10:00-14:00, 14:30-18:00."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
import yaml

from booking_core.availability.demand import PlanWish
from booking_core.availability.explain import (
    DoesNotWork,
    EquipmentTaken,
    Explanation,
    IsBusy,
    IsUnknown,
    NobodyDoesIt,
    OffGrid,
    PauseCannotBeKept,
    RuledOut,
    Times,
    explain,
)
from booking_core.availability.rules import Reason
from booking_core.availability.ticks import bits_within
from booking_core.model.description import tenant_from
from booking_core.model.ids import ResourceId, ServiceId, StaffId
from booking_core.model.interval import Interval, day_interval, local, tick_of
from booking_core.model.service import LocalText, Pause, Segment, Service

ZONE = ZoneInfo("Europe/Berlin")
SALON = tenant_from(
    yaml.safe_load((Path(__file__).parents[4] / "bot/demo/salon.yaml").read_text(encoding="utf-8"))
)
DAY = date(2026, 3, 25)
NOW = local(date(2026, 3, 24), time(9, 30), ZONE)
BASE = tick_of(local(date(2026, 3, 24), time(0), ZONE))
WHOLE = Interval(local(date(2026, 3, 24), time(0), ZONE), local(date(2026, 3, 27), time(0), ZONE))
ANNA, BEN, CLARA = StaffId("anna"), StaffId("ben"), StaffId("clara")


def at(clock: str, day: date = DAY) -> datetime:
    return local(day, time.fromisoformat(clock), ZONE)


def stretch(span: str) -> Interval:
    begins, ends = span.split("-")
    return Interval(at(begins), at(ends))


def times(unread: Mapping[str, str] | None = None, **taken: str) -> Times:
    """Three days of the salon, from Tuesday to Thursday; what is taken is a span of Wednesday by person or ``bar``."""
    working: dict[ResourceId, int] = {}
    for member in SALON.staff:
        bits = 0
        for days in range(3):
            for worked in member.hours.intervals(date(2026, 3, 24) + timedelta(days=days), ZONE):
                bits |= bits_within(worked, BASE)
        working[ResourceId(f"staff:{member.id}")] = bits
    bar = ResourceId("resource:colour-bar")
    busy = {
        bar if name == "bar" else ResourceId(f"staff:{name}"): bits_within(stretch(span), BASE)
        for name, span in taken.items()
    }
    free = {name: bits & ~busy.get(name, 0) for name, bits in working.items()}
    free[bar] = bits_within(WHOLE, BASE) & ~busy.get(bar, 0)
    for name, span in (unread or {}).items():
        free[ResourceId(f"staff:{name}")] &= ~bits_within(stretch(span), BASE)
    return Times(BASE, free, working, busy)


def ask(
    service: str, start: str | datetime, when: Times | None = None, wish: PlanWish | None = None
) -> Explanation:
    return explain(
        SALON,
        SALON.get_service(ServiceId(service)),
        at(start) if isinstance(start, str) else start,
        when or times(),
        now=NOW,
        holiday_of=lambda day: "Karfreitag" if day == date(2026, 4, 3) else None,
        wish=wish or PlanWish(),
    )


def test_what_is_possible_has_a_plan_and_no_obstacle():
    told = ask("full-colour", "09:00")
    assert told.plan is not None
    assert told.plan.staff == (ANNA, ANNA)
    assert told.obstacles == ()


@pytest.mark.parametrize(
    ("start", "reason"),
    [
        (at("09:00", date(2026, 3, 24)), Reason.IN_PAST),
        (at("10:00", date(2026, 3, 24)), Reason.NOTICE_TOO_SHORT),
        (at("12:00", date(2026, 3, 29)), Reason.CLOSED_DAY),
        (at("12:00", date(2026, 4, 3)), Reason.CLOSED_DAY),
        (at("12:00", date(2026, 8, 26)), Reason.BEYOND_HORIZON),
        (at("08:00"), Reason.OUTSIDE_HOURS),
        (at("15:20"), Reason.OUTSIDE_HOURS),  # would last until 18:05
    ],
)
def test_rules_come_first(start: datetime, reason: Reason):
    (obstacle,) = ask("full-colour", start).obstacles
    assert isinstance(obstacle, RuledOut)
    assert obstacle.impediment.reason is reason


def test_the_nearest_starts_on_both_sides_are_named():
    told = ask("full-colour", "12:00")
    assert (told.before, told.after) == (at("11:40"), at("12:55"))
    # Notice: one hour from Tuesday 9:30.
    early = ask("mens-cut", at("10:00", date(2026, 3, 24)))
    assert (early.before, early.after) == (None, at("10:30", date(2026, 3, 24)))


def test_a_pause_that_nobody_can_end_is_named_with_who_is_away():
    # Clara could begin, but would have to go on between 13:20 and 13:35, and her break is at 14:00. Anna's own is at 12:30.
    assert ask("full-colour", "12:00").obstacles == (
        PauseCannotBeKept(0, stretch("13:20-13:35")),
        DoesNotWork(1, CLARA, stretch("14:00-14:30"), all_day=False),
    )


def test_who_is_busy_and_from_when_to_when():
    when = times(anna="14:00-15:30", clara="14:30-15:00")
    assert ask("womens-cut", "14:45", when).obstacles == (
        IsBusy(0, CLARA, stretch("14:30-15:00")),
        IsBusy(0, ANNA, stretch("14:00-15:30")),
    )


def test_who_does_not_work_at_all_that_day():
    told = ask("mens-cut", "12:00", times(anna="11:00-12:30", clara="12:00-13:00"))
    assert told.obstacles == (
        IsBusy(0, ANNA, stretch("11:00-12:30")),
        DoesNotWork(0, BEN, day_interval(DAY, ZONE), all_day=True),
        IsBusy(0, CLARA, stretch("12:00-13:00")),
    )


def test_equipment_is_named_alone_where_somebody_would_be_free():
    assert ask("full-colour", "14:35", times(bar="14:00-15:00")).obstacles == (
        EquipmentTaken(0, "colour-bar", stretch("14:00-15:00")),
    )


def test_time_that_was_never_read_is_not_called_busy():
    told = ask("perm", "09:00", times(unread={"anna": "09:00-09:30"}))
    assert told.obstacles == (IsUnknown(0, ANNA, stretch("09:00-09:30")),)


def test_a_bound_person_who_does_not_do_it():
    assert ask("perm", "09:00", wish=PlanWish.first_by(BEN)).obstacles == (NobodyDoesIt(0),)
    # Whoever applies the colour has to rinse it: with Anna first and Clara last nobody can.
    both = PlanWish({0: ANNA, 1: CLARA})
    assert ask("full-colour", "09:00", wish=both).obstacles == (NobodyDoesIt(1),)


def test_a_bound_person_who_is_away_is_the_only_one_named():
    assert ask("root-colour", "12:30", wish=PlanWish.first_by(ANNA)).obstacles == (
        DoesNotWork(0, ANNA, stretch("12:30-13:00"), all_day=False),
    )


def test_between_ticks_nothing_begins():
    assert ask("mens-cut", at("14:00") + timedelta(minutes=2)).obstacles == (OffGrid(),)


def test_before_all_bitmaps_nothing_is_free():
    when = times()
    late = Times(
        BASE + 2 * 288,
        *({name: bits >> 2 * 288 for name, bits in row.items()} for row in (when.free, when.working, when.busy)),
    )
    told = ask("mens-cut", "14:00", late)
    assert told.plan is None
    assert told.before is None
    assert {type(obstacle) for obstacle in told.obstacles} == {DoesNotWork}


def test_a_pause_too_short_for_one_persons_buffers():
    segments = (
        Segment(30, (ANNA, CLARA), pause_after=Pause(10, 10), buffer_after=10),
        Segment(30, (ANNA, CLARA), same_staff="required", buffer_before=5),
    )
    told = explain(
        SALON,
        Service(ServiceId("massage"), LocalText({"en": "Massage"}), segments),
        at("15:00"),
        times(),
        now=NOW,
        holiday_of=lambda day: None,
    )
    assert told.obstacles == (PauseCannotBeKept(0, stretch("15:40-15:40")),)


def test_a_blocked_pause_needs_its_own_person_to_its_end():
    segments = (
        Segment(30, (ANNA,), pause_after=Pause(20, 20, "blocked")),
        Segment(30, (CLARA,)),
    )
    told = explain(
        SALON,
        Service(ServiceId("massage"), LocalText({"en": "Massage"}), segments),
        at("15:00"),
        times(anna="15:40-16:00"),
        now=NOW,
        holiday_of=lambda day: None,
    )
    assert told.obstacles == (IsBusy(0, ANNA, stretch("15:40-16:00")),)


def test_one_persons_buffers_that_meet_across_anothers_segment():
    # Anna could begin again at 10:50, twenty minutes after her work; Clara's part and both pauses end at 10:45.
    segments = (
        Segment(30, (ANNA,), pause_after=Pause(0, 5), buffer_after=10),
        Segment(5, (CLARA,), pause_after=Pause(0, 5)),
        Segment(30, (ANNA,), buffer_before=10),
    )
    told = explain(
        SALON,
        Service(ServiceId("facial"), LocalText({"en": "Facial"}), segments),
        at("10:00"),
        times(),
        now=NOW,
        holiday_of=lambda day: None,
    )
    assert told.obstacles == (PauseCannotBeKept(1, stretch("10:35-10:45")),)
