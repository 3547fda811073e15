"""`GET /v2/bookings`: filters, order and pages, with the real server's faulty totals.

`totalItems` and `returnedItems` ignore the filters on creation and update time: a reader has to stop at a
short page.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from integrations.calcom.sandbox import booking_rows
from integrations.calcom.sandbox.accounts import User
from integrations.calcom.sandbox.booking_shape import render_all
from integrations.calcom.sandbox.errors import JsonObject, invalid
from integrations.calcom.sandbox.routing import BOOKINGS_VERSION, Answer, Auth, Call, Route, success
from integrations.calcom.sandbox.store import Db
from integrations.calcom.sandbox.times import parse_instant
from integrations.calcom.sandbox.validation import Problem, iso_problem

_STATUSES: Mapping[str, str] = {
    "upcoming": "(end_ms >= :now AND status NOT IN ('cancelled', 'rejected'))",
    "recurring": "(end_ms >= :now AND recurring_uid IS NOT NULL AND status NOT IN ('cancelled', 'rejected'))",
    "past": "(end_ms <= :now AND status NOT IN ('cancelled', 'rejected'))",
    "cancelled": "(status IN ('cancelled', 'rejected'))",
    "unconfirmed": "(end_ms >= :now AND status = 'pending')",
}
_DESCENDING = ("past", "cancelled")
_INSTANTS: Mapping[str, str] = {"afterStart": "start_ms >= ?", "beforeEnd": "end_ms <= ?"}
_UNCOUNTED: Mapping[str, str] = {
    "afterCreatedAt": "created_ms >= ?",
    "beforeCreatedAt": "created_ms <= ?",
    "afterUpdatedAt": "updated_ms >= ?",
    "beforeUpdatedAt": "updated_ms <= ?",
}
_SORTS: Mapping[str, str] = {
    "sortStart": "start_ms",
    "sortEnd": "end_ms",
    "sortCreated": "created_ms",
    "sortUpdatedAt": "updated_ms",
}
_DEFAULT_TAKE, _MOST = 100, 250


@dataclass(slots=True)
class Condition:
    """SQL clauses with their values, joined by AND."""

    clauses: list[str] = field(default_factory=list)
    values: list[Any] = field(default_factory=list)

    def add(self, clause: str, *values: Any) -> None:
        """One clause more."""
        self.clauses.append(clause)
        self.values += values

    def sql(self) -> str:
        """The condition."""
        return " AND ".join(self.clauses)


async def list_bookings(call: Call) -> Answer:
    """GET: bookings the caller hosts or attends."""
    take, skip = _page(call.query)
    statuses = _statuses(call.query)
    problems = [
        iso_problem(name)
        for name in (*_INSTANTS, *_UNCOUNTED)
        if name in call.query and parse_instant(call.query[name]) is None
    ]
    if problems:
        raise invalid([problem.listed(dict(call.query)) for problem in problems])
    counted = _condition(call.user, call.query, statuses, call.world.now_ms())
    order = _order(call.query, statuses)

    def work(db: Db) -> tuple[list[JsonObject], int]:
        total = booking_rows.count(db, counted.sql(), counted.values)
        every = Condition([*counted.clauses], [*counted.values])
        for name, clause in _UNCOUNTED.items():
            if name in call.query:
                every.add(clause, parse_instant(call.query[name]))
        found = booking_rows.search(db, every.sql(), every.values, order, take=take, skip=skip)
        return render_all(db, found), total

    data, total = await call.world.store.read(work)
    return success(data, pagination=_pagination(total, take, skip))


def routes() -> list[Route]:
    """The route of this module."""
    return [Route("GET", "/v2/bookings", list_bookings, Auth.PERMISSION, BOOKINGS_VERSION)]


def _condition(caller: User, query: Mapping[str, str], statuses: list[str], now: int) -> Condition:
    condition = Condition()
    attends = "id IN (SELECT booking_id FROM attendees WHERE {} = ?)"
    condition.add(f"(user_id = ? OR {attends.format('email')})", caller.id, caller.email)
    if statuses:
        clause = " OR ".join(_STATUSES[status].replace(":now", str(now)) for status in statuses)
        condition.add(f"({clause})")
    for name, column in (("attendeeEmail", "email"), ("attendeeName", "name")):
        if query.get(name):
            condition.add(attends.format(column), query[name])
    if query.get("bookingUid"):
        condition.add("uid = ?", query["bookingUid"])
    ids = [part for name in ("eventTypeIds", "eventTypeId") for part in query.get(name, "").split(",") if part]
    if ids:
        condition.add(f"event_type_id IN ({', '.join('?' * len(ids))})", *ids)
    for name, clause in _INSTANTS.items():
        if name in query:
            condition.add(clause, parse_instant(query[name]))
    return condition


def _order(query: Mapping[str, str], statuses: list[str]) -> str:
    for name, column in _SORTS.items():
        if query.get(name) in ("asc", "desc"):
            return f"{column} {query[name]}, id {query[name]}"
    if len(statuses) == 1 and statuses[0] in _DESCENDING:
        return "start_ms DESC, id"
    return "start_ms, id"


def _statuses(query: Mapping[str, str]) -> list[str]:
    if not query.get("status"):
        return []
    statuses = query["status"].split(",")
    if any(status not in _STATUSES for status in statuses):
        text = f"Invalid status. Allowed are {', '.join(_STATUSES)}"
        raise invalid([Problem("status", {"isEnum": text}).listed({"status": statuses})])
    return statuses


def _page(query: Mapping[str, str]) -> tuple[int, int]:
    numbers: dict[str, int] = {"take": _DEFAULT_TAKE, "skip": 0}
    for name in numbers:
        if name not in query:
            continue
        text = query[name]
        if not text.lstrip("-").isdigit():
            raise invalid([Problem(name, {"isNumber": f"{name} must be a number"}).listed({name: text})])
        numbers[name] = int(text)
    take, skip = numbers["take"], numbers["skip"]
    if take < 1:
        raise invalid([Problem("take", {"min": "take must not be less than 1"}).listed({"take": take})])
    if take > _MOST:
        text = f"take must not be greater than {_MOST}"
        raise invalid([Problem("take", {"max": text}).listed({"take": take})])
    if skip < 0:
        raise invalid([Problem("skip", {"min": "skip must not be less than 0"}).listed({"skip": skip})])
    return take, skip


def _pagination(total: int, take: int, skip: int) -> JsonObject:
    returned = max(0, min(take, total - skip))
    pages = -(-total // take)
    current = skip // take + 1 if total else 0
    return {
        "returnedItems": returned,
        "totalItems": total,
        "itemsPerPage": take,
        "remainingItems": max(0, total - skip - returned),
        "currentPage": current,
        "totalPages": pages,
        "hasNextPage": current < pages,
        "hasPreviousPage": skip > 0,
    }
