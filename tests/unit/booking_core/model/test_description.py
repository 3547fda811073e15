"""A tenant's description: what it becomes, and errors that name their field."""

from __future__ import annotations

import copy
from pathlib import Path

import pytest
import yaml

from booking_core.errors import InvalidModel, UnknownService
from booking_core.model.description import tenant_from

DOCUMENT = yaml.safe_load((Path(__file__).parents[4] / "bot/demo/salon.yaml").read_text(encoding="utf-8"))


def test_the_demo_salon_is_read_as_it_is_written():
    salon = tenant_from(DOCUMENT)
    assert [member.id for member in salon.staff] == ["anna", "ben", "clara"]
    colour = salon.get_service("root-colour")
    assert colour.composite
    assert colour.shortest_minutes == 30 + 25 + 75
    assert colour.segments[1].same_staff == "preferred"
    assert salon.get_service("full-colour").segments[0].resource == "colour-bar"
    assert salon.policies.hold_minutes == 5
    with pytest.raises(UnknownService):
        salon.get_service("manicure")


def _set(document, path, value):
    *way, last = path
    for step in way:
        document = document[step]
    if value is None:
        del document[last]
    else:
        document[last] = value


@pytest.mark.parametrize(
    ("path", "value", "field"),
    [
        (["zone"], "Europe/Nowhere", "zone"),
        (["zone"], None, "zone"),
        (["hours", "tue"], ["18:00-09:00"], "hours"),
        (["hours", "tue"], ["09:00-12:00", "11:00-18:00"], "hours.tue"),
        (["hours", "tue"], ["nine to five"], "hours.tue"),
        (["hours", "someday"], ["09:00-18:00"], "hours.someday"),
        (["policies", "notice"], 5, "policies"),
        (["languages"], [], "languages"),
        (["services", 0, "segments", 0, "work"], 32, "work"),
        (["services", 0, "segments", 0, "work"], 0, "work"),
        (["services", 0, "segments", 0, "staff"], ["mario"], "services.mens-cut.segments.0.staff"),
        (["services", 0, "segments", 0, "staff"], [], "staff"),
        (["services", 0, "segments"], [], "segments"),
        (["services", 5, "segments", 0, "pause_after"], None, "segments.pause_after"),
        (["services", 5, "segments", 0, "pause_after", "max"], 20, "pause_after.max"),
        (["services", 7, "segments", 0, "resource"], "sauna", "services.full-colour.segments.0.resource"),
    ],
)
def test_an_error_names_its_field(path, value, field):
    document = copy.deepcopy(DOCUMENT)
    _set(document, path, value)
    with pytest.raises(InvalidModel) as caught:
        tenant_from(document)
    assert caught.value.data["field"].endswith(field)
