"""Broken promises of the business, as exceptions; ordinary business answers are results, not exceptions.

FermataError                     code, data; the docstring is the developer's text
├─ Rejected       OutsideHours, NoticeTooShort, BeyondHorizon, PolicyDenied, UnknownService, IllegalMove, InvalidModel
├─ Conflict       SlotTaken, BeingChanged, TooManyHolds, HoldExpired, IdempotencyMismatch, StaleConversation, LeaseLost
├─ Upstream       CalendarUnavailable(retry_after), RateLimited(retry_after), Refused(status), Unintelligible
├─ NotAllowed     BadSignature, MissingPermission, UnknownTenant
└─ Misconfigured
"""

from __future__ import annotations

from typing import ClassVar


class FermataError(Exception):
    """Something promised could not be kept."""

    code: ClassVar[str] = "internal"

    def __init__(self, detail: str | None = None, /, **data: object) -> None:
        """``detail`` is for developers and never shown to guests; ``data`` carries facts such as ``field``."""
        doc = (type(self).__doc__ or "").strip().splitlines()
        super().__init__(detail or (doc[0] if doc else self.code))
        self.data = data


class Rejected(FermataError):
    """The request is understood and against the rules of the business."""

    code = "rejected"


class OutsideHours(Rejected):
    """The time lies outside opening or working hours."""

    code = "outside_hours"


class NoticeTooShort(Rejected):
    """The start is nearer than the tenant's minimum notice."""

    code = "notice_too_short"


class BeyondHorizon(Rejected):
    """The start is further away than the tenant's booking horizon."""

    code = "beyond_horizon"


class PolicyDenied(Rejected):
    """A policy of the tenant forbids this change."""

    code = "policy_denied"


class UnknownService(Rejected):
    """No service of the tenant has this id."""

    code = "unknown_service"


class IllegalMove(Rejected):
    """The booking is not in a state that allows this change."""

    code = "illegal_move"


class InvalidModel(Rejected):
    """A tenant, service or schedule description does not hold together; ``data['field']`` names where."""

    code = "invalid_model"


class Conflict(FermataError):
    """Somebody else was first, or the request contradicts an earlier one."""

    code = "conflict"


class SlotTaken(Conflict):
    """At least one tick of the wished time is claimed by somebody else."""

    code = "slot_taken"


class TooManyHolds(Conflict):
    """The guest keeps as many times from others as one may without booking them."""

    code = "too_many_holds"


class BeingChanged(Conflict):
    """Another change of the same booking is under way; the same request may succeed in a moment."""


class HoldExpired(Conflict):
    """The hold ran out before it was confirmed."""

    code = "hold_expired"


class IdempotencyMismatch(Conflict):
    """The same idempotency key came with another request."""

    code = "idempotency_mismatch"


class StaleConversation(Conflict):
    """The conversation was changed by another process since it was loaded; load it again and repeat the turn."""

    code = "stale_conversation"


class LeaseLost(Conflict):
    """Somebody else has taken over the work whose lease had run out; what was about to be written must not be."""

    code = "lease_lost"


class Upstream(FermataError):
    """An outside system did not do its part."""

    code = "upstream_error"


class CalendarUnavailable(Upstream):
    """The calendar cannot be reached, timed out or answered 5xx; the outcome of a write is unknown."""

    code = "calendar_down"

    def __init__(self, detail: str | None = None, /, *, retry_after: float = 1.0, **data: object) -> None:
        """``retry_after`` in seconds."""
        super().__init__(detail, **data)
        self.retry_after = retry_after


class RateLimited(CalendarUnavailable):
    """The calendar asks for a pause; nothing was written."""

    code = "rate_limited"


class Refused(Upstream):
    """The calendar said no; ``status`` is its HTTP status, ``reason`` one of ``taken``, ``limit``, ``notice``, ``gone``, ``other``."""

    code = "refused"

    def __init__(
        self, detail: str | None = None, /, *, status: int, reason: str = "other", **data: object
    ) -> None:
        """Keep the vendor's status as data so that callers need not parse texts."""
        super().__init__(detail, **data)
        self.status = status
        self.reason = reason


class Unintelligible(Upstream):
    """The outside system answered in a form that is not part of its contract."""

    code = "unintelligible"


class NotAllowed(FermataError):
    """The caller may not do this."""

    code = "not_allowed"


class BadSignature(NotAllowed):
    """The signature or secret of the request does not hold."""

    code = "bad_signature"


class MissingPermission(NotAllowed):
    """The key is known and lacks the permission."""

    code = "missing_permission"


class UnknownTenant(NotAllowed):
    """No tenant has this id."""

    code = "unknown_tenant"


class Misconfigured(FermataError):
    """The installation cannot work as configured; the text lists everything that is wrong."""

    code = "misconfigured"
