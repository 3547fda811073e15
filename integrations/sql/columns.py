"""Column types shared by all tables: instants, JSON documents and what people typed."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

import orjson
from sqlalchemy import BigInteger, Text
from sqlalchemy.engine import Dialect
from sqlalchemy.types import TypeDecorator

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)


def microseconds_of(instant: datetime) -> int:
    """Microseconds since 1970-01-01T00:00Z of an aware instant; raises ValueError for a naive one."""
    if instant.tzinfo is None:
        raise ValueError("an instant needs a time zone")
    return (instant - _EPOCH) // _MICROSECOND


def instant_from(microseconds: int) -> datetime:
    """The UTC instant this many microseconds after 1970-01-01T00:00Z."""
    return _EPOCH + timedelta(microseconds=microseconds)


class Instant(TypeDecorator[datetime]):
    """An aware instant, stored as whole microseconds since the epoch: exact, sortable, alike on every database."""

    impl = BigInteger
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> int | None:
        """Aware instant to integer."""
        return None if value is None else microseconds_of(value)

    def process_result_value(self, value: Any, dialect: Dialect) -> datetime | None:
        """Integer to UTC instant."""
        return None if value is None else instant_from(value)


class Document(TypeDecorator[Any]):
    """A JSON document that no query looks into, stored as text."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: Any, dialect: Dialect) -> str | None:
        """Document to JSON text."""
        return None if value is None else to_json(value)

    def process_result_value(self, value: Any, dialect: Dialect) -> Any:
        """JSON text to document."""
        return None if value is None else orjson.loads(value)


class Words(TypeDecorator[str]):
    """Free text from people; what a database cannot store (NUL, lone surrogates) is left out or replaced."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:
        """Text that every database takes."""
        if value is None:
            return None
        return value.replace("\x00", "").encode("utf-8", "replace").decode("utf-8")


def to_json(value: Any) -> str:
    """JSON text; any mapping counts as an object."""
    return orjson.dumps(value, default=_plain).decode()


def _plain(value: Any) -> Any:
    if isinstance(value, Mapping):
        return dict(value)
    raise TypeError(f"{type(value).__name__} has no JSON form")
