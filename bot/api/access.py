"""Who calls the API: the tenant comes from the key and from nothing else."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Self

from aiohttp import web

from booking_core.model.ids import TenantId
from booking_core.ports.unit_of_work import Database
from bot.api.tenant_keys import opens, tenant_in
from bot.http.problems import HttpProblem


@dataclass(frozen=True, slots=True)
class ApiKeys:
    """The keys that the process was started with, by their digests."""

    _tenants: Mapping[bytes, TenantId] = field(repr=False)

    @classmethod
    def of(cls, tenants: Mapping[str, TenantId]) -> Self:
        """Know these keys."""
        return cls({_digest(key): tenant for key, tenant in tenants.items()})

    def find(self, key: str) -> TenantId | None:
        """The tenant of a key; how long it takes tells nothing about how near a guess is."""
        given, found = _digest(key), None
        for known, tenant in self._tenants.items():
            if hmac.compare_digest(known, given):
                found = tenant
        return found


async def tenant_of_key(request: web.BaseRequest, keys: ApiKeys, database: Database) -> TenantId:
    """The tenant whose key the request carries; raises 401 without one and for one that is unknown.

    What operators make or revoke holds from the next request on.
    """
    key = key_in(request)
    if key is None:
        raise _refused("a key is needed: Authorization: Bearer, or X-Api-Key")
    tenant = keys.find(key) or await _stored(key, database)
    if tenant is None:
        raise _refused("the key is not known")
    return tenant


def key_in(request: web.BaseRequest) -> str | None:
    """The key of ``Authorization: Bearer`` (RFC 6750), else that of ``X-Api-Key``."""
    scheme, _, token = request.headers.get("Authorization", "").strip().partition(" ")
    if scheme.lower() == "bearer" and token.strip():
        return token.strip()
    return request.headers.get("X-Api-Key", "").strip() or None


async def _stored(key: str, database: Database) -> TenantId | None:
    tenant = tenant_in(key)
    if tenant is None:
        return None
    async with database.read() as work:
        stored = await work.tenants.find(tenant)
    return tenant if stored is not None and opens(stored.document, key) else None


def _digest(key: str) -> bytes:
    # Headers may carry bytes that are no UTF-8; they are no known key, and no error either.
    return hashlib.sha256(key.encode("utf-8", "surrogateescape")).digest()


def _refused(detail: str) -> HttpProblem:
    return HttpProblem(401, None, detail, headers={"WWW-Authenticate": "Bearer"})
