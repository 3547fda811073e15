"""Public holidays by country and region, from the library `holidays`."""

from __future__ import annotations

from datetime import date
from typing import Protocol, cast

import holidays

from booking_core.errors import InvalidModel


class _Year(Protocol):
    def get(self, key: date) -> str | None: ...


class HolidaysCalendar:
    """Answers from tables in memory; a year is worked out when it is first asked for."""

    def __init__(self) -> None:
        self._years: dict[tuple[str, str | None, str, int], _Year] = {}

    def reason(self, day: date, *, country: str, region: str | None, language: str) -> str | None:
        """The holiday's name in ``language`` (where the country's table has it, else in its own), or None on an ordinary day.

        ``country`` is ISO 3166-1 alpha-2, ``region`` the part of ISO 3166-2 after it (``BE`` for Berlin). Raises InvalidModel for
        what is neither.
        """
        key = (country, region, language, day.year)
        if key not in self._years:
            self._years[key] = _table(country, region, language, day.year)
        return self._years[key].get(day)


def _table(country: str, region: str | None, language: str, year: int) -> _Year:
    try:
        plain = holidays.country_holidays(country, subdiv=region, years=year)
        known = next((code for code in plain.supported_languages if code.split("_")[0] == language), None)
        # Without a language the library takes the one of the process environment.
        chosen = known or plain.default_language
        return cast(
            _Year, holidays.country_holidays(country, subdiv=region, years=year, language=chosen, expand=False)
        )
    except NotImplementedError as error:
        place = f"{country}-{region}" if region else country
        raise InvalidModel(f"no public holidays are known for {place}", field="region") from error
