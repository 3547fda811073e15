"""The pieces that a description in OpenAPI 3.1 is put together from."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

_STRING: Final = {"type": "string"}
PROBLEM: Final = {
    "description": "What is wrong, as a problem body (RFC 9457) with `code` and, for 422, `field`.",
    "content": {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}},
}


def parameter(name: str, where: str, description: str, *, required: bool = True) -> dict[str, Any]:
    """A parameter; ``where`` is ``path``, ``query`` or ``header``."""
    return {"name": name, "in": where, "required": required, "description": description, "schema": _STRING}


def answer_of(schema: str, description: str) -> dict[str, Any]:
    """An answer with a body of this schema."""
    content = {"application/json": {"schema": {"$ref": f"#/components/schemas/{schema}"}}}
    return {"description": description, "content": content}


def body_of(schema: str) -> dict[str, Any]:
    """A JSON body of this schema."""
    return {"content": {"application/json": {"schema": {"$ref": f"#/components/schemas/{schema}"}}}}


def object_of(required: Sequence[str], **properties: Mapping[str, Any]) -> dict[str, Any]:
    """An object with these properties."""
    return {"type": "object", "required": list(required), "properties": dict(properties)}


def text_of(description: str, **more: Any) -> dict[str, Any]:
    """A string."""
    return {"type": "string", "description": description, **more}
