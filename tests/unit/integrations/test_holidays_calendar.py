"""Public holidays of a region, named in the guest's language."""

from __future__ import annotations

from datetime import date

import pytest

from booking_core.errors import InvalidModel
from booking_core.ports.closures import Closures
from integrations.holidays_calendar import HolidaysCalendar


@pytest.mark.parametrize(
    ("day", "region", "language", "name"),
    [
        (date(2026, 12, 25), "BE", "de", "Erster Weihnachtstag"),
        (date(2026, 12, 25), "BE", "en", "Christmas Day"),
        (date(2026, 3, 8), "BE", "de", "Frauentag"),
        (date(2026, 3, 8), "BY", "de", None),
        (date(2026, 12, 25), None, "fr", "Erster Weihnachtstag"),
        (date(2026, 12, 24), "BE", "de", None),
    ],
)
def test_reasons(day: date, region: str | None, language: str, name: str | None) -> None:
    closures: Closures = HolidaysCalendar()
    assert closures.reason(day, country="DE", region=region, language=language) == name


@pytest.mark.parametrize(("country", "region"), [("DE", "XX"), ("XX", None)])
def test_unknown_places_are_an_error(country: str, region: str | None) -> None:
    with pytest.raises(InvalidModel) as caught:
        HolidaysCalendar().reason(date(2026, 1, 1), country=country, region=region, language="de")
    assert caught.value.data["field"] == "region"
