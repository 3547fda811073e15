"""Who may do what over the API: one table of routes, and what a key is granted."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from aiohttp import web

from booking_core.errors import MissingPermission
from booking_core.model.ids import TenantId
from bot.api.access import ApiKeys, key_in, tenant_of_key
from bot.services import SERVICES

BASE: Final = "/api/v2"


class Permission(StrEnum):
    """What a key may be granted; ``admin`` includes all others."""

    READ = "read"
    BOOK = "book"
    CANCEL = "cancel"
    RESCHEDULE = "reschedule"
    ADMIN = "admin"


NEEDED: Final[Mapping[tuple[str, str], Permission]] = {
    ("POST", f"{BASE}/availability/simple"): Permission.READ,
    ("POST", f"{BASE}/availability/composite"): Permission.READ,
    ("GET", f"{BASE}/bookings"): Permission.READ,
    ("GET", f"{BASE}/bookings/{{reference}}"): Permission.READ,
    ("POST", f"{BASE}/bookings"): Permission.BOOK,
    ("PATCH", f"{BASE}/bookings/{{reference}}/reschedule"): Permission.RESCHEDULE,
    ("DELETE", f"{BASE}/bookings/{{reference}}"): Permission.CANCEL,
}
"""Every route that takes a key, by method and template; one that is missing here is closed to everybody but ``admin``."""

# Every key is the owner's own so far.
_GRANTED: Final = frozenset({Permission.ADMIN})


@dataclass(frozen=True, slots=True)
class Caller:
    """Whose key a request carries. ``owner`` tells keys of one tenant apart without being one."""

    tenant: TenantId
    owner: str
    granted: frozenset[Permission]

    def may(self, needed: Permission) -> bool:
        """Whether the key is granted this."""
        return needed in self.granted or Permission.ADMIN in self.granted


async def caller_of(request: web.Request, keys: ApiKeys) -> Caller:
    """The caller; raises 401 without a known key, and MissingPermission where the route needs more than the key is granted."""
    tenant = await tenant_of_key(request, keys, request.app[SERVICES].database)
    owner = hashlib.sha256((key_in(request) or "").encode("utf-8", "surrogateescape")).hexdigest()[:16]
    caller = Caller(tenant, owner, _GRANTED)
    resource = request.match_info.route.resource
    template = resource.canonical if resource is not None else ""
    # A HEAD request asks for what a GET would tell.
    method = "GET" if request.method == "HEAD" else request.method
    if not caller.may(NEEDED.get((method, template), Permission.ADMIN)):
        raise MissingPermission
    return caller
