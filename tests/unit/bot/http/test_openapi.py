"""The description tells what is served: same paths, same codes, valid, and the Markdown reference made from it."""

from __future__ import annotations

import ast
from dataclasses import replace
from importlib import import_module
from importlib.metadata import version
from pathlib import Path
from types import ModuleType
from typing import get_args

from jsonschema import Draft202012Validator

from booking_core import services
from booking_core.availability.rules import Reason
from booking_core.model.booking import BookingStatus
from bot.booking_json import booking_json
from bot.dialogue.state import Expects
from bot.http.openapi import EXPECTS, OUTCOMES, describe, reference
from bot.http.openapi_bookings import EVENTS, STATUSES
from tests.support.examples import booking_of
from tests.support.saga_world import cut, salon

DOCUMENT = describe(version("fermata-booking"))


def test_the_reference_in_the_docs_is_generated_from_the_code() -> None:
    page = Path(__file__).parents[4] / "docs/api/README.md"
    assert page.read_text(encoding="utf-8") == reference(DOCUMENT)


def test_every_schema_is_a_valid_schema_and_every_reference_leads_to_one() -> None:
    schemas = DOCUMENT["components"]["schemas"]
    for schema in schemas.values():
        Draft202012Validator.check_schema(schema)
    names = set(schemas)
    assert {
        part.split('"')[0] for part in str(DOCUMENT).replace("'", '"').split("#/components/schemas/")[1:]
    } <= names


def test_the_codes_are_those_of_the_code() -> None:
    assert set(EXPECTS) == set(get_args(Expects))
    assert {reason.value for reason in Reason} <= set(OUTCOMES)


def written_events() -> set[str]:
    """Every event that some service writes into a history: the second argument wherever an entry is made."""
    found: set[str] = set()
    for file in Path(services.__path__[0]).glob("*.py"):
        module = import_module(f"{services.__name__}.{file.stem}")
        for function in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if not isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef) or function.name == "entry_of":
                continue
            local = {
                target.id: node.value
                for node in ast.walk(function)
                if isinstance(node, ast.Assign)
                for target in node.targets
                if isinstance(target, ast.Name)
            }
            for node in ast.walk(function):
                if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Name):
                    continue
                if node.func.id in ("entry_of", "HistoryEntry"):
                    found |= values_of(node.args[1], local, module)
    return found


def values_of(node: ast.expr, local: dict[str, ast.expr], module: ModuleType) -> set[str]:
    match node:
        case ast.Constant(str(value)):
            return {value}
        case ast.IfExp(body=one, orelse=other):
            return values_of(one, local, module) | values_of(other, local, module)
        case ast.Name(name) if name in local:
            return values_of(local[name], local, module)
        case ast.Name(name):
            return {getattr(module, name)}
        case _:
            raise AssertionError(f"an event that cannot be read off the code: {ast.unparse(node)}")


def test_every_event_of_a_history_is_described() -> None:
    assert written_events() == set(EVENTS)
    entry = DOCUMENT["components"]["schemas"]["HistoryEntry"]["properties"]["event"]
    assert entry["enum"] == list(EVENTS)
    assert all(f"`{event}`: " in entry["description"] for event in EVENTS)


def test_every_status_is_described() -> None:
    tenant = salon()
    told = {
        booking_json(replace(booking_of("ABC234", cut()), status=status), tenant, "de")["status"]
        for status in BookingStatus
    }
    assert told == set(STATUSES)
    for schema in ("Booking", "FullBooking"):
        assert set(DOCUMENT["components"]["schemas"][schema]["properties"]["status"]["enum"]) == told
