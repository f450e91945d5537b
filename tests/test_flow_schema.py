"""The JSON Schema for editors says what the catalogue says."""

import dataclasses
import json
from collections.abc import Iterator
from typing import Any

import pytest

from app.flow.catalogue import Catalogue
from app.flow.schema import json_schema
from tests.flows import CATALOGUE

SCHEMA = json_schema(CATALOGUE)
PARTS = SCHEMA["$defs"]


def every(schema: Any, key: str) -> Iterator[Any]:
    if isinstance(schema, list):
        for each in schema:
            yield from every(each, key)
    elif isinstance(schema, dict):
        if key in schema:
            yield schema[key]
        for value in schema.values():
            yield from every(value, key)


def then(part: str, key: str, name: str) -> dict[str, Any]:
    """What the schema asks of an entry that names `name`."""
    (found,) = [
        case["then"] for case in PARTS[part]["allOf"] if case["if"]["properties"][key] == {"const": name}
    ]
    return found


def test_it_is_json_of_the_dialect_it_names_and_refers_to_nothing_missing():
    assert json.loads(json.dumps(SCHEMA)) == SCHEMA
    assert SCHEMA["$schema"] == "https://json-schema.org/draft/2020-12/schema"
    references = {str(each).removeprefix("#/$defs/") for each in every(SCHEMA, "$ref")}
    assert references <= set(PARTS)


def test_every_word_of_the_catalogue_is_offered_with_its_help():
    kinds = {each["const"]: each["description"] for each in PARTS["StateSpec"]["properties"]["kind"]["anyOf"]}
    assert kinds == {name: kind.help for name, kind in CATALOGUE.kinds.items()}
    types = {each["const"]: each["description"] for each in PARTS["FieldSpec"]["properties"]["type"]["anyOf"]}
    assert types == {name: each.help for name, each in CATALOGUE.field_types.items()}
    (guards,) = SCHEMA["properties"]["guards"]["patternProperties"].values()
    assert {n: g["description"] for n, g in guards["properties"].items()} == {
        name: guard.help for name, guard in CATALOGUE.guards.items()
    }
    effects = PARTS["TransitionSpec"]["properties"]["effects"]["items"]["anyOf"]
    assert {each["description"] for each in effects} == {e.help for e in CATALOGUE.effects.values()}


def test_a_field_takes_its_types_options_and_a_state_its_kinds_beside_their_own():
    word = then("FieldSpec", "type", "word")
    assert set(word["properties"]) == {"type", "class", "purpose", "keep", "optional", "max"}
    assert word["properties"]["max"]["type"] == "integer"
    assert word["additionalProperties"] is False
    wallet = then("StateSpec", "kind", "wallet")
    assert wallet["required"] == ["card"] and "transitions" in wallet["properties"]
    assert "card" not in then("StateSpec", "kind", "message")["properties"]


def test_a_guard_is_one_of_the_catalogue_and_needs_no_options_if_it_has_none():
    (guards,) = SCHEMA["properties"]["guards"]["patternProperties"].values()
    assert (guards["minProperties"], guards["maxProperties"]) == (1, 1)
    assert guards["additionalProperties"] is False
    assert {"type": "null"} in guards["properties"]["link_live"]["anyOf"]
    assert {"type": "null"} not in guards["properties"]["known"]["anyOf"]


def test_an_effect_is_its_verb_and_what_it_acts_on():
    effects = PARTS["TransitionSpec"]["properties"]["effects"]["items"]["anyOf"]
    assert {"const": "note", "description": "Note it."} in effects
    assert {"pattern": "^send [a-z][a-z0-9_]*$", "description": "Send it."} in effects


def test_names_are_closed_and_titles_made_of_names_are_left_out():
    assert all(isinstance(each, dict) for each in every(SCHEMA["properties"], "title"))
    for name, part in {"": SCHEMA, **PARTS}.items():
        if "properties" in part and name not in {"FieldSpec", "StateSpec"}:
            assert part["additionalProperties"] is False, name


def test_its_order_does_not_depend_on_who_registered_first():
    turned = Catalogue(
        **{
            field.name: dict(reversed(getattr(CATALOGUE, field.name).items()))
            for field in dataclasses.fields(Catalogue)
            if isinstance(getattr(CATALOGUE, field.name), dict)
        }
    )
    assert json.dumps(json_schema(turned)) == json.dumps(SCHEMA)


@pytest.mark.parametrize("empty", [Catalogue()])
def test_a_catalogue_of_nothing_allows_nothing(empty):
    schema = json_schema(empty)
    assert schema["$defs"]["StateSpec"]["properties"]["kind"] == {"anyOf": [False]}
