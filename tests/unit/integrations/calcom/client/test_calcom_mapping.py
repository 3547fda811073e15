"""Slots to ticks, hours to schedules, requests to bodies."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from booking_core.model.hours import WeeklyHours
from booking_core.model.interval import Interval, tick_of
from booking_core.model.tenant import Staff
from booking_core.ports.calendar import EntryRequest
from integrations.calcom import wire
from integrations.calcom.mapping import booking_body, free_ticks, iso, same_schedule, schedule_fields

BERLIN = ZoneInfo("Europe/Berlin")


def at(hour, minute=0, second=0):
    return datetime(2026, 3, 26, hour, minute, second, tzinfo=UTC)


def every_five(first, last):
    starts = []
    while first < last:
        starts.append(first)
        first += timedelta(minutes=5)
    return starts


def test_slots_on_the_grid_are_their_ticks():
    starts = [at(9), at(9, 5), at(10, 55)]
    assert free_ticks(starts, Interval(at(0), at(23))) == {tick_of(start) for start in starts}


def test_what_lies_outside_the_question_is_dropped():
    starts = every_five(at(8), at(12))
    ticks = free_ticks(starts, Interval(at(9), at(9, 30)))
    assert ticks == frozenset(range(tick_of(at(9)), tick_of(at(9, 30))))


def test_slots_off_the_grid_cover_only_whole_ticks():
    assert free_ticks([at(11, 7)], Interval(at(9), at(18))) == frozenset()
    joined = free_ticks(every_five(at(11, 7), at(11, 22)), Interval(at(9), at(18)))
    assert joined == {tick_of(at(11, 10)), tick_of(at(11, 15))}


def test_a_question_off_the_grid_gets_only_ticks_inside_it():
    ticks = free_ticks(every_five(at(9), at(10)), Interval(at(9, 2), at(9, 13)))
    assert ticks == {tick_of(at(9, 5))}


def test_the_hour_that_comes_twice_is_two_hours_of_ticks():
    autumn = [datetime(2026, 10, 25, 2, 30, tzinfo=BERLIN, fold=fold) for fold in (0, 1)]
    asked = Interval(autumn[0] - timedelta(hours=3), autumn[0] + timedelta(hours=6))
    ticks = sorted(free_ticks(autumn, asked))
    assert ticks[1] - ticks[0] == 12


def test_no_slots_are_no_ticks():
    assert free_ticks([], Interval(at(9), at(18))) == frozenset()


def test_instants_are_written_in_utc():
    assert iso(datetime(2026, 3, 29, 3, 0, tzinfo=BERLIN)) == "2026-03-29T01:00:00Z"


def request(**fields):
    values = {
        "tenant": "salon",
        "service": "mens-cut",
        "segment": 0,
        "staff": "anna",
        "starts_at": at(14),
        "reference": "hold1.0",
        "booking": "F7K2QX",
        "attendee_name": "Erika Muster",
        "attendee_alias": "c-0123456789ab@alias.example",
        "attendee_zone": "Europe/Berlin",
        "attendee_language": "de-AT",
    }
    return EntryRequest(**values | fields)


def test_a_booking_carries_alias_and_references_as_strings():
    assert booking_body(request(), 7) == {
        "eventTypeId": 7,
        "start": "2026-03-26T14:00:00Z",
        "attendee": {
            "name": "Erika Muster",
            "email": "c-0123456789ab@alias.example",
            "timeZone": "Europe/Berlin",
            "language": "de",
        },
        "metadata": {"fermataRef": "hold1.0", "fermataBooking": "F7K2QX", "fermataTenant": "salon"},
    }


def test_a_language_that_cal_com_might_not_know_becomes_english():
    assert booking_body(request(attendee_language="nds"), 7)["attendee"]["language"] == "en"


def test_hours_are_grouped_by_equal_times(salon):
    fields = schedule_fields(salon, salon.staff[0])
    assert fields == {
        "timeZone": "Europe/Berlin",
        "availability": [
            {"days": ["Tuesday", "Wednesday"], "startTime": "09:00", "endTime": "12:30"},
            {"days": ["Thursday"], "startTime": "11:00", "endTime": "15:00"},
            {"days": ["Tuesday"], "startTime": "13:00", "endTime": "18:00"},
        ],
    }


def test_a_schedule_is_compared_by_meaning_not_by_grouping(salon):
    member = Staff("x", "X", WeeklyHours.parse({"mon": ["09:00-17:00"], "tue": ["09:00-17:00"]}))
    fields = schedule_fields(salon, member)
    split = [
        wire.Hours(days=("Tuesday",), start_time="09:00", end_time="17:00"),
        wire.Hours(days=("Monday",), start_time="09:00", end_time="17:00"),
    ]
    schedule = wire.Schedule(id=1, name="n", time_zone="Europe/Berlin", availability=split)
    assert same_schedule(schedule, fields)
    assert not same_schedule(schedule.model_copy(update={"time_zone": "Europe/London"}), fields)
    assert not same_schedule(schedule.model_copy(update={"availability": tuple(split[:1])}), fields)
