"""The JSON Schema of `flow.yaml`, by which editors complete and check while one writes.

The grammar's classes give the frame; guards, effects, kinds and field types of the catalogue are folded in
with their options and their help, so that no second list is kept.
"""

from collections.abc import Iterable, Mapping
from typing import Any, cast

from pydantic import BaseModel
from pydantic.json_schema import models_json_schema

from app.flow.catalogue import Catalogue, Effect, FieldType, Guard, Kind
from app.flow.names import bare
from app.flow.spec import NAME_PATTERN, FlowSpec

Schema = dict[str, Any]

DIALECT = "https://json-schema.org/draft/2020-12/schema"


def json_schema(catalogue: Catalogue) -> Schema:
    """The schema (2020-12) of a definition that uses this catalogue; its keys always stand in one order."""
    models = _models(catalogue)
    references, joint = models_json_schema(
        [(model, "validation") for model in models], ref_template="#/$defs/{model}"
    )
    parts = cast(Schema, tidy(joint["$defs"]))
    names = {model: _name_of(references[model, "validation"]) for model in models}
    frame = cast(Schema, parts.pop(names[FlowSpec]))
    _fold(parts, "FieldSpec", "type", _sorted(catalogue.field_types), names)
    _fold(parts, "StateSpec", "kind", _sorted(catalogue.kinds), names)
    guards = frame["properties"]["guards"]["patternProperties"]
    guards[NAME_PATTERN] = _guards(_sorted(catalogue.guards), names)
    parts["TransitionSpec"]["properties"]["effects"]["items"] = _effects(_sorted(catalogue.effects))
    unused = {names[each.options] for each in _entries(catalogue)} - set(_mentioned([frame, parts]))
    kept = {name: part for name, part in parts.items() if name not in unused}
    return {"$schema": DIALECT, "title": "A flow of Narthex", **frame, "$defs": kept}


def _entries(catalogue: Catalogue) -> list[Guard | Kind | FieldType]:
    return [
        *_sorted(catalogue.guards),
        *_sorted(catalogue.kinds),
        *_sorted(catalogue.field_types),
    ]


def _sorted(section: Mapping[str, Any]) -> list[Any]:
    return [section[name] for name in sorted(section)]


def _models(catalogue: Catalogue) -> list[type[BaseModel]]:
    return list(dict.fromkeys([FlowSpec, *(entry.options for entry in _entries(catalogue))]))


def _name_of(reference: Mapping[str, Any]) -> str:
    return str(reference["$ref"]).removeprefix("#/$defs/")


def tidy(schema: Any) -> Any:
    """Without titles made of names, and closed where keys have a pattern."""
    if isinstance(schema, list):
        return [tidy(each) for each in schema]
    if not isinstance(schema, dict):
        return schema
    kept = {key: tidy(value) for key, value in schema.items() if key != "title" or not isinstance(value, str)}
    if "patternProperties" in kept:
        kept.setdefault("additionalProperties", False)
    return kept


def _fold(
    parts: Schema,
    owner: str,
    key: str,
    entries: Iterable[Kind | FieldType],
    names: Mapping[type[BaseModel], str],
) -> None:
    """Let `owner` take, beside its own keys, the options of the entry that its `key` names, and no others."""
    schema = parts[owner]
    own = {name: True for name in schema["properties"]}
    entries = list(entries)
    known: list[Any] = [{"const": entry.name, "description": entry.help} for entry in entries]
    schema["properties"][key] = {"anyOf": known or [False]}
    schema["allOf"] = [
        {
            "if": {"properties": {key: {"const": entry.name}}, "required": [key]},
            "then": _with(own, parts[names[entry.options]]),
        }
        for entry in entries
    ]


def _with(own: Mapping[str, Any], options: Schema) -> Schema:
    then: Schema = {"properties": {**own, **options.get("properties", {})}, "additionalProperties": False}
    if "required" in options:
        then["required"] = options["required"]
    return then


def _guards(guards: Iterable[Guard], names: Mapping[type[BaseModel], str]) -> Schema:
    """One guard of the catalogue and its options; nothing may stand behind one that needs none."""
    properties: Schema = {}
    for guard in guards:
        options = {"$ref": f"#/$defs/{names[guard.options]}"}
        either = [options, {"type": "null"}] if bare(guard) else [options]
        properties[guard.name] = {"anyOf": either, "description": guard.help}
    return {
        "type": "object",
        "properties": properties,
        "additionalProperties": False,
        "minProperties": 1,
        "maxProperties": 1,
    }


def _effects(effects: Iterable[Effect]) -> Schema:
    """`verb object`, or the verb alone for an effect that takes none."""
    return {
        "type": "string",
        "anyOf": [
            {"pattern": rf"^{effect.name} [a-z][a-z0-9_]*$", "description": effect.help}
            if effect.section
            else {"const": effect.name, "description": effect.help}
            for effect in effects
        ]
        or [False],
    }


def _mentioned(schema: Any) -> Iterable[str]:
    if isinstance(schema, list):
        for each in schema:
            yield from _mentioned(each)
    elif isinstance(schema, dict):
        if isinstance(reference := schema.get("$ref"), str):
            yield reference.removeprefix("#/$defs/")
        for value in schema.values():
            yield from _mentioned(value)
