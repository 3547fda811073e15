"""API keys that operators make for a tenant: named, kept as digests in its stored description, revoked by their names.

A key tells its tenant, so that a request reads that tenant alone. Pure; reading and storing is left to others.
"""

from __future__ import annotations

import hashlib
import hmac
import re
import secrets
from collections.abc import Mapping
from typing import Any, Final

from booking_core.errors import InvalidModel
from booking_core.model.ids import TenantId

FIELD: Final = "api_keys"
"""Where a stored description has them; a file never has."""

_PREFIX: Final = "fk_"
_FORM: Final = re.compile(r"fk_(?P<tenant>.+)_(?P<secret>[0-9a-f]{32})", re.DOTALL)
_NAME: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,63}")

Document = Mapping[str, Any]


def names_in(document: Document) -> list[str]:
    """The names of all keys, in the order they were made."""
    return list(document.get(FIELD, {}))


def with_new_key(document: Document, tenant: TenantId, name: str) -> tuple[dict[str, Any], str]:
    """The description with one key more, and the key, which is in no other place; raises InvalidModel."""
    known: Mapping[str, str] = document.get(FIELD, {})
    if not _NAME.fullmatch(name):
        raise InvalidModel("the name must be 1 to 64 letters, digits, dots, _ or -", field="name")
    if name in known:
        raise InvalidModel(
            f"there is a key {name!r} already; revoke it first or choose another name", field="name"
        )
    key = f"{_PREFIX}{tenant}_{secrets.token_hex(16)}"
    return {**document, FIELD: {**known, name: _digest(key)}}, key


def without_key(document: Document, name: str) -> dict[str, Any] | None:
    """The description without this key; None where there is none of this name."""
    known: Mapping[str, str] = document.get(FIELD, {})
    if name not in known:
        return None
    return {**document, FIELD: {other: digest for other, digest in known.items() if other != name}}


def without_keys(document: Document) -> dict[str, Any]:
    """The description as its file has it."""
    return {field: value for field, value in document.items() if field != FIELD}


def keeping_keys(document: Document, earlier: Document | None) -> dict[str, Any]:
    """A description from a file with the keys of the one it takes the place of; raises InvalidModel where it brings some itself."""
    if FIELD in document:
        raise InvalidModel(f"{FIELD} do not belong into the file; `fermata keys` makes them", field=FIELD)
    kept = (earlier or {}).get(FIELD)
    return dict(document) if kept is None else {**document, FIELD: kept}


def tenant_in(key: str) -> TenantId | None:
    """The tenant whose key this would be, None for what has another form."""
    found = _FORM.fullmatch(key)
    # Headers may carry bytes that are no UTF-8, which no database takes.
    return TenantId(found["tenant"]) if found is not None and found["tenant"].isprintable() else None


def opens(document: Document, key: str) -> bool:
    """Whether the description has this key; how long it takes tells nothing about how near a guess is."""
    given, found = _digest(key), False
    for digest in document.get(FIELD, {}).values():
        found |= hmac.compare_digest(digest, given)
    return found


def _digest(key: str) -> str:
    # The keys are random and long, so that nobody finds them by trying; what makes trying slow would slow down every request.
    return hashlib.sha256(key.encode("utf-8", "surrogateescape")).hexdigest()
