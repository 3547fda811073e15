"""Cal.com's answers other than success, translated to errors of the core; its texts never travel further.

Error bodies echo request bodies and booking uids, so an exception made here names route, status and symbol only.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import orjson

from booking_core.errors import CalendarUnavailable, RateLimited, Refused, Unintelligible, Upstream

_BLOCK_SECONDS = 60.0  # how long Cal.com blocks a key that asked too often, when the answer does not say
_FIRST_TIMESTAMP = 1e9  # some deployments send the reset as epoch seconds instead of seconds left
_SYMBOL = re.compile(r"[A-Za-z][A-Za-z0-9_]{0,59}")

# Parts of messages seen on the wire. The first hit wins; the HTTP status alone does not tell these apart.
_REASONS: tuple[tuple[str, str], ...] = (
    ("booking_limit_reached", "limit"),
    ("duration_limit_reached", "limit"),
    ("maximum number of active bookings", "limit"),
    ("booking_conflict_error", "taken"),
    ("already has booking at this time or is not available", "taken"),
    ("no more seats left", "taken"),
    ("can't be booked at the", "notice"),
    ("book a meeting in the past", "notice"),
    ("because it has been cancelled", "gone"),
)


@dataclass(frozen=True, slots=True)
class Complaint:
    """What an error body says, in whichever of its forms; ``code`` is a symbol, ``message`` stays inside this package."""

    code: str | None
    message: str


@dataclass(frozen=True, slots=True)
class RateBudget:
    """What a key may still ask in the present window; ``resets_at`` is a real instant."""

    limit: int
    remaining: int
    resets_at: datetime | None


def read_complaint(body: bytes) -> Complaint:
    """The code and message of an error body; never raises.

    Cal.com has an enveloped form ``{"status","error":{"code","message","details"}}`` whose details are an object, a list of
    validation errors, a string or absent, and a bare form ``{"statusCode","message"}``; gateways answer HTML.
    """
    try:
        answer = orjson.loads(body)
    except orjson.JSONDecodeError:
        return Complaint(None, "")
    if not isinstance(answer, dict):
        return Complaint(None, "")
    error = answer.get("error")
    if isinstance(error, dict):
        return Complaint(_symbol(error.get("code")), _message(error))
    return Complaint(None, _text(answer.get("message")))


def error_of(route: str, status: int, headers: Mapping[str, str], body: bytes, *, now: datetime) -> Upstream:
    """The core's error for an answer that is no success.

    ``route`` is the method with the path's template, ``now`` the real time. 429 becomes RateLimited, 5xx CalendarUnavailable,
    other 4xx Refused with a reason, anything else Unintelligible.
    """
    if status == 429:
        return RateLimited(f"{route}: too many requests", retry_after=seconds_until_reset(headers, now=now))
    if status >= 500:
        return CalendarUnavailable(f"{route}: answered {status}", retry_after=_retry_after(headers) or 1.0)
    if status < 400:
        return Unintelligible(f"{route}: answered {status}")
    complaint = read_complaint(body)
    code = f" ({complaint.code})" if complaint.code else ""
    return Refused(f"{route}: answered {status}{code}", status=status, reason=reason_of(status, complaint.message))


def reason_of(status: int, message: str) -> str:
    """``taken``, ``limit``, ``gone``, ``notice`` or ``other`` for a refusal."""
    lowered = message.lower()
    for part, reason in _REASONS:
        if part in lowered:
            return reason
    return {404: "gone", 409: "taken"}.get(status, "other")


def budget_of(headers: Mapping[str, str], *, now: datetime) -> RateBudget | None:
    """The tightest limit among ``X-RateLimit-*-<Name>``; None where the answer carries none."""
    remaining = _limits(headers, "remaining")
    if not remaining:
        return None
    name = min(remaining, key=lambda each: remaining[each])
    resets = _limits(headers, "reset").get(name)
    return RateBudget(
        limit=int(_limits(headers, "limit").get(name, remaining[name])),
        remaining=int(remaining[name]),
        resets_at=None if resets is None else _instant(resets, now),
    )


def seconds_until_reset(headers: Mapping[str, str], *, now: datetime) -> float:
    """How long to wait after a 429, at least one second."""
    if (said := _retry_after(headers)) is not None:
        return max(1.0, said)
    remaining = _limits(headers, "remaining")
    resets = _limits(headers, "reset")
    used_up = [seconds for name, seconds in resets.items() if remaining.get(name, 0) <= 0]
    if not used_up:
        return _BLOCK_SECONDS
    return max(1.0, *((_instant(seconds, now) - now).total_seconds() for seconds in used_up))


def _limits(headers: Mapping[str, str], kind: str) -> dict[str, float]:
    prefix = f"x-ratelimit-{kind}"
    found: dict[str, float] = {}
    for name, text in headers.items():
        lowered = name.lower()
        if lowered.startswith(prefix) and (number := _number(text)) is not None:
            found[lowered.removeprefix(prefix)] = number
    return found


def _instant(seconds: float, now: datetime) -> datetime:
    since_epoch = seconds if seconds > _FIRST_TIMESTAMP else now.timestamp() + seconds
    return datetime.fromtimestamp(since_epoch, now.tzinfo)


def _retry_after(headers: Mapping[str, str]) -> float | None:
    return next((_number(text) for name, text in headers.items() if name.lower() == "retry-after"), None)


def _number(text: str) -> float | None:
    try:
        number = float(text)
    except ValueError:
        return None
    return number if 0 <= number < 1e12 else None


def _message(error: Mapping[str, Any]) -> str:
    details = error.get("details")
    inner = details.get("message") if isinstance(details, dict) else details
    return _text(error.get("message")) or _text(inner)


def _symbol(value: object) -> str | None:
    return value if isinstance(value, str) and _SYMBOL.fullmatch(value) else None


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""
