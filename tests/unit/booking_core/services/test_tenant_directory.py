"""Tenants are kept for a moment and parsed once per version."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
import yaml

from booking_core.errors import UnknownTenant
from booking_core.ports.tenants import TenantDocument
from booking_core.services.tenants import TenantDirectory

DOCUMENT = yaml.safe_load((Path(__file__).parents[4] / "bot" / "demo" / "salon.yaml").read_text(encoding="utf-8"))
SALON = DOCUMENT["tenant"]


@dataclass
class Store:
    """A database with tenants only; ``reads`` counts how often it was asked."""

    stored: dict[str, TenantDocument] = field(default_factory=dict)
    reads: int = 0

    def put(self, document: Mapping[str, Any], version: int) -> None:
        self.stored[document["tenant"]] = TenantDocument(document["tenant"], version, document)

    @property
    def tenants(self) -> Store:
        return self

    @asynccontextmanager
    async def read(self) -> AsyncIterator[Store]:
        yield self

    async def find(self, tenant: str) -> TenantDocument | None:
        self.reads += 1
        return self.stored.get(tenant)


class Timer:
    """Seconds that pass when told to."""

    now = 0.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def store() -> Store:
    store = Store()
    store.put(DOCUMENT, 1)
    return store


@pytest.fixture
def timer() -> Timer:
    return Timer()


@pytest.fixture
def directory(store: Store, timer: Timer) -> TenantDirectory:
    return TenantDirectory(store, keep_seconds=1.0, timer=timer)  # type: ignore[arg-type]


async def test_a_tenant_is_read_once_in_a_moment(directory: TenantDirectory, store: Store, timer: Timer) -> None:
    first = await directory.find(SALON)
    timer.now = 0.9
    assert await directory.find(SALON) is first
    assert store.reads == 1


async def test_a_change_holds_after_a_moment(directory: TenantDirectory, store: Store, timer: Timer) -> None:
    await directory.find(SALON)
    store.put({**DOCUMENT, "name": "Salon Neu"}, 2)
    timer.now = 1.0
    assert (await directory.tenant_of(SALON)).name == "Salon Neu"


async def test_an_unchanged_tenant_stays_the_same_object(
    directory: TenantDirectory, store: Store, timer: Timer
) -> None:
    first = await directory.find(SALON)
    timer.now = 5.0
    assert await directory.find(SALON) is first
    assert store.reads == 2


async def test_an_unknown_tenant_is_looked_for_every_time(directory: TenantDirectory, store: Store) -> None:
    assert await directory.find("other-salon") is None
    with pytest.raises(UnknownTenant):
        await directory.tenant_of("other-salon")
    store.put({**DOCUMENT, "tenant": "other-salon"}, 1)
    assert (await directory.tenant_of("other-salon")).id == "other-salon"


async def test_a_tenant_that_was_removed_is_gone_after_a_moment(
    directory: TenantDirectory, store: Store, timer: Timer
) -> None:
    await directory.find(SALON)
    store.stored.clear()
    timer.now = 1.5
    assert await directory.find(SALON) is None
