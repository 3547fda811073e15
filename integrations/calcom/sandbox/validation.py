"""Validation messages as Cal.com words them: the list form and the one-line form of bookings and slots.

Which fields exist is said by the modules that use it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from integrations.calcom.sandbox.errors import ApiError, JsonObject, enveloped


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong with one property; `constraints` maps rule to text, in the server's order."""

    name: str
    constraints: Mapping[str, str] = field(default_factory=dict)
    children: Sequence[Problem] = ()

    def line(self) -> str:
        """`start property is wrong,start must be a valid ISO 8601 date string `."""
        texts = ", ".join(self.constraints.values())
        return f"{self.name} property is wrong,{texts} " + ", ".join(child.line() for child in self.children)

    def listed(self, target: Any) -> JsonObject:
        """The entry of `details.errors`; it echoes the target, as the real server does."""
        entry: JsonObject = {"target": target}
        value: Any = None
        if isinstance(target, Mapping) and self.name in target:
            value = target[self.name]
            entry["value"] = value
        elif isinstance(target, list) and self.name.isdigit():
            value = target[int(self.name)]
            entry["value"] = value
        entry |= {"property": self.name, "children": [child.listed(value) for child in self.children]}
        if self.constraints:
            entry["constraints"] = dict(self.constraints)
        return entry


def one_line(problems: Sequence[Problem]) -> ApiError:
    """400 with all problems in the message, the form of bookings and slots."""
    return enveloped(400, ", ".join(problem.line() for problem in problems))


def unknown_fields(body: Mapping[str, Any], known: frozenset[str]) -> list[Problem]:
    """A problem for every field that does not exist."""
    return [
        Problem(name, {"whitelistValidation": f"property {name} should not exist"})
        for name in body
        if name not in known
    ]


ISO_DATE_TEXT = "must be a valid ISO 8601 date string"
ZONE_TEXT = "must be a valid IANA time-zone"


def iso_problem(name: str) -> Problem:
    """The property is not an ISO date."""
    return Problem(name, {"isDateString": f"{name} {ISO_DATE_TEXT}"})


def zone_problem(name: str = "timeZone") -> Problem:
    """The property is not an IANA zone."""
    return Problem(name, {"isTimeZone": f"{name} {ZONE_TEXT}"})
