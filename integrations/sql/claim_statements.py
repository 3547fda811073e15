"""The statements on claims and holds, built once: building one costs more than running it.

Bind names are those of the arguments; runs of ticks are bound as ``resource_0``, ``first_0``, ``last_0``, ….
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import Any

from sqlalchemy import (
    BindParameter,
    ColumnElement,
    Executable,
    and_,
    bindparam,
    delete,
    func,
    insert,
    not_,
    or_,
    select,
    text,
    union_all,
    update,
)

from booking_core.model.ids import ResourceId
from integrations.sql.columns import Instant
from integrations.sql.tables import claims, holds
from integrations.sql.transaction import delete_free, insert_into

Run = tuple[ResourceId, int, int]
"""A resource with its first and last tick."""

_TENANT: BindParameter[Any] = bindparam("of_tenant")
_NOW: BindParameter[Any] = bindparam("now", type_=Instant)
_HOLD: BindParameter[Any] = bindparam("of_hold")
_OWNER: BindParameter[Any] = bindparam("of_owner")
_CONVERSATION: BindParameter[Any] = bindparam("of_conversation")

TAKE_LOCKS = text("SELECT pg_advisory_xact_lock(key) FROM unnest(CAST(:keys AS bigint[])) AS key")
"""Takes ``keys``, a sorted array; PostgreSQL only."""

INSERT_CLAIM = insert(claims)

DELETE_HELD_CLAIM = delete(claims).where(
    claims.c.tenant == _TENANT,
    claims.c.resource == bindparam("of_resource"),
    claims.c.tick == bindparam("of_tick"),
    claims.c.seat == bindparam("of_seat"),
    claims.c.hold == _HOLD,
)

DELETE_HOLD = delete(holds).where(holds.c.tenant == _TENANT, holds.c.id == _HOLD).returning(holds.c.plans)

DELETE_HOLD_OF_CONVERSATION = (
    delete(holds).where(holds.c.tenant == _TENANT, holds.c.conversation == _CONVERSATION).returning(holds.c.id)
)

FIND_HOLD = select(holds.c.id, holds.c.plans, holds.c.expires_at).where(
    holds.c.tenant == _TENANT, holds.c.conversation == _CONVERSATION, holds.c.expires_at > _NOW
)

COUNT_HOLDS = select(func.count()).where(
    holds.c.tenant == _TENANT,
    holds.c.contact == bindparam("of_contact"),
    holds.c.conversation != bindparam("of_conversation"),
    holds.c.expires_at > _NOW,
)


@lru_cache(maxsize=2)
def put_hold(postgres: bool) -> Executable:
    """Insert a hold in place of the one its conversation has."""
    upsert = insert_into(holds, postgres)
    return upsert.on_conflict_do_update(
        index_elements=[holds.c.tenant, holds.c.conversation],
        set_={name: upsert.excluded[name] for name in ("id", "contact", "expires_at", "plans")},
    )


@lru_cache(maxsize=2)
def delete_claims_of_hold(postgres: bool) -> Executable:
    """Delete the claims of a hold, but on PostgreSQL those that somebody else is deleting or changing."""
    return delete_free(claims, postgres, claims.c.tenant == _TENANT, claims.c.hold == _HOLD)


@lru_cache(maxsize=64)
def claims_on(runs: int, *, and_of_conversation: bool = False) -> Executable:
    """Every claim on so many runs, expired or not, and of a conversation's hold wherever it is; each run is one range of the key.

    What is both comes twice.
    """
    found = select(
        claims.c.resource,
        claims.c.tick,
        claims.c.seat,
        claims.c.owner,
        claims.c.hold,
        claims.c.conversation,
        claims.c.expires_at,
    ).where(claims.c.tenant == _TENANT)
    parts = [found.where(_in_run(claims.c, number)) for number in range(runs)]
    if and_of_conversation:
        held = select(holds.c.id).where(holds.c.tenant == _TENANT, holds.c.conversation == _CONVERSATION)
        parts.append(found.where(claims.c.hold == held.scalar_subquery()))
    return union_all(*parts) if len(parts) > 1 else parts[0]


@lru_cache(maxsize=64)
def commit_hold(runs: int) -> Executable:
    """Make the live claims of a hold on so many runs lasting: all ``needed`` of them, or none; answers which."""
    live = claims.alias("live")
    complete = select(func.count()).where(*_live_of_hold(live.c, runs)).scalar_subquery()
    return (
        update(claims)
        .where(*_live_of_hold(claims.c, runs), complete == bindparam("needed"))
        .values(owner=_OWNER, hold=None, conversation=None, expires_at=None)
        .returning(claims.c.resource, claims.c.tick, claims.c.seat)
    )


@lru_cache(maxsize=64)
def release_except(runs: int) -> Executable:
    """Delete the lasting claims of an owner outside of so many runs; answers which."""
    conditions = [claims.c.tenant == _TENANT, claims.c.owner == _OWNER]
    if runs:
        conditions.append(not_(_in_runs(claims.c, runs)))
    return delete(claims).where(*conditions).returning(claims.c.resource, claims.c.tick, claims.c.seat)


def bound(runs: Sequence[Run]) -> dict[str, Any]:
    """The parameters that stand for runs of ticks."""
    parameters: dict[str, Any] = {}
    for number, (resource, first, last) in enumerate(runs):
        parameters[f"resource_{number}"] = resource
        parameters[f"first_{number}"] = first
        parameters[f"last_{number}"] = last
    return parameters


def _live_of_hold(columns: Any, runs: int) -> tuple[ColumnElement[bool], ...]:
    return (
        columns.tenant == _TENANT,
        columns.hold == _HOLD,
        columns.expires_at > _NOW,
        _in_runs(columns, runs),
    )


def _in_runs(columns: Any, runs: int) -> ColumnElement[bool]:
    return or_(*(_in_run(columns, number) for number in range(runs)))


def _in_run(columns: Any, number: int) -> ColumnElement[bool]:
    first: BindParameter[Any] = bindparam(f"first_{number}")
    last: BindParameter[Any] = bindparam(f"last_{number}")
    return and_(columns.resource == bindparam(f"resource_{number}"), columns.tick.between(first, last))
