"""The description tells what is served: same paths, same codes, valid, and the Markdown reference made from it."""

from __future__ import annotations

from importlib.metadata import version
from pathlib import Path
from typing import get_args

from jsonschema import Draft202012Validator

from booking_core.availability.rules import Reason
from bot.dialogue.state import Expects
from bot.http.openapi import EXPECTS, OUTCOMES, describe, reference

DOCUMENT = describe(version("fermata-booking"))


def test_the_reference_in_the_docs_is_generated_from_the_code():
    page = Path(__file__).parents[4] / "docs/api/README.md"
    assert page.read_text(encoding="utf-8") == reference(DOCUMENT)


def test_every_schema_is_a_valid_schema_and_every_reference_leads_to_one():
    schemas = DOCUMENT["components"]["schemas"]
    for schema in schemas.values():
        Draft202012Validator.check_schema(schema)
    names = set(schemas)
    assert {
        part.split('"')[0] for part in str(DOCUMENT).replace("'", '"').split("#/components/schemas/")[1:]
    } <= names


def test_the_codes_are_those_of_the_code():
    assert set(EXPECTS) == set(get_args(Expects))
    assert {reason.value for reason in Reason} <= set(OUTCOMES)
