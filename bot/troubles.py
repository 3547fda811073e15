"""Trouble that lasts is told when it begins and when it is over, and not in every round between."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import structlog

from booking_core.errors import FermataError
from booking_core.model.ids import ResourceId, StaffId, TenantId, staff_resource
from booking_core.ports.mirror import MirrorDay
from booking_core.services.calendar_health import ANSWERS

_TOLD_AGAIN = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class _Unread:
    """``last`` is when reading was last seen to fail; ``refused`` whether the calendar has said no to it."""

    last: datetime
    refused: bool


@dataclass(slots=True)
class Troubles:
    """What one process has told of. All instants are real time."""

    _unread: dict[tuple[TenantId, StaffId], _Unread] = field(default_factory=dict)
    _failing: dict[tuple[str, TenantId], datetime] = field(default_factory=dict)

    def mirror_not_read(
        self, tenant: TenantId, failed: Iterable[tuple[StaffId, FermataError]], now: datetime
    ) -> None:
        """Whose calendar could not be read. One that says no is an error: it stays unread until somebody mends it."""
        for staff, trouble in failed:
            known, refused = self._unread.get((tenant, staff)), isinstance(trouble, ANSWERS)
            if known is None or (refused and not known.refused):
                tell = _log().error if refused else _log().warning
                tell("mirror_not_read", tenant=tenant, staff=staff, code=trouble.code)
            self._unread[tenant, staff] = _Unread(now, refused or (known is not None and known.refused))

    def unread(self, tenant: TenantId) -> Mapping[ResourceId, StaffId]:
        """Whose calendar could not be read when it was last tried."""
        return {staff_resource(staff): staff for of, staff in self._unread if of == tenant}

    def mirror_read(self, tenant: TenantId, days: Iterable[MirrorDay]) -> None:
        """What the mirror has of those: whoever was read since is well again, whichever process has read it."""
        waiting = self.unread(tenant)
        for day in days:
            staff = waiting.get(day.resource)
            known = None if staff is None else self._unread.get((tenant, staff))
            if staff is not None and known is not None and day.read_at is not None and day.read_at > known.last:
                del self._unread[tenant, staff]
                _log().warning("mirror_read_again", tenant=tenant, staff=staff)

    def begins(self, event: str, tenant: TenantId, error: Exception, now: datetime) -> None:
        """A duty fails for one tenant: told at once, and hourly while it lasts."""
        told = self._failing.get((event, tenant))
        if told is None or told + _TOLD_AGAIN <= now:
            self._failing[event, tenant] = now
            tell_failed(event, error, tenant=tenant)

    def ends(self, event: str, again: str, tenant: TenantId) -> None:
        """The duty is done for this tenant; told as ``again`` if it failed before."""
        if self._failing.pop((event, tenant), None) is not None:
            _log().warning(again, tenant=tenant)


def tell_failed(event: str, error: Exception, **what: str) -> None:
    """Trouble that was foreseen as a warning, a bug of ours with its trace."""
    if isinstance(error, FermataError):
        _log().warning(event, code=error.code, **what)
    else:
        _log().error(event, error=type(error).__name__, exc_info=error, **what)


def _log() -> structlog.stdlib.BoundLogger:
    logger: structlog.stdlib.BoundLogger = structlog.stdlib.get_logger(__name__)
    return logger
