"""Checking data against a pydantic model, with findings an analyst can act on."""

import json
from collections.abc import Iterable, Iterator, Mapping
from typing import Annotated, Any, TypeVar, get_args, get_origin

from pydantic import BaseModel, ValidationError

from app.flow.findings import Finding, shown, suggestion
from app.flow.phrases import Phrase, beginning
from app.flow.places import words
from app.flow.rules import finding
from app.flow.source import Path, Source
from app.flow.spec import NAME_PATTERN
from app.flow.unions import Error, quoted, split, telling

M = TypeVar("M", bound=BaseModel)

_PATTERNS = {
    NAME_PATTERN: Phrase("Write small Latin letters, digits and _, a letter first, 40 characters at most.")
}
_EXPECTED = {
    "string_type": ("{given} should be a text", "Put it in quotes."),
    "int_type": ("{given} should be a whole number", ""),
    "bool_type": ("{given} should be true or false", "Write `true` or `false`."),
    "dict_type": ("{given} should hold keys and values", "Write `key: value`."),
    "model_type": ("{given} should hold keys and values", "Write `key: value`."),
    "list_type": ("{given} should be a list", "Write `[one, two]` or lines that begin with `- `."),
    "tuple_type": ("{given} should be a list", "Write `[one, two]` or lines that begin with `- `."),
}
#: Which argument of a generic its elements are of.
_ELEMENT = {dict: 1, Mapping: 1, list: 0, tuple: 0}


def check(
    model: type[M],
    data: Any,
    source: Source,
    at: Path = (),
    rule: str = "F000",
    also: Iterable[str] = (),
) -> tuple[M | None, list[Finding]]:
    """`data`, which stands at `at` in `source`, as a `model`, or everything that is wrong with it.

    Scalars are taken strictly, as they were written: a number in quotes is a text. `also` are keys that the
    same mapping may hold beside those of `model`, for suggestions.
    """
    try:
        return model.model_validate_json(json.dumps(data), strict=True), []
    except ValidationError as problem:
        errors: list[Error] = [*problem.errors(include_url=False)]
        return None, list(_findings(model, data, telling(data, errors), source, at, rule, set(also)))


def _findings(
    model: type[BaseModel],
    data: Any,
    errors: Iterable[Error],
    source: Source,
    at: Path,
    rule: str,
    also: set[str],
) -> Iterator[Finding]:
    told: set[tuple[Path, str]] = set()
    for error in errors:
        path, rest = split(data, error["loc"])
        lacking = str(rest[-1]) if error["type"] == "missing" else ""
        if (path, lacking) in told:
            continue
        told.add((path, lacking))
        here = (*at, *path)
        if lacking:
            yield _lacks(source, here, lacking, rule)
        elif error["type"] == "extra_forbidden":
            known = {name for each in _models(model, path[:-1]) for name in _keys(each)} | also
            yield _unknown_key(source, here, known, rule)
        else:
            what, fix = _problem(error)
            yield _said(source, here, what, fix, rule, key="[key]" in rest)


def _said(source: Source, path: Path, what: str, fix: str, rule: str, *, key: bool = False) -> Finding:
    return finding(rule, source, path, key, what=_sentence(source, path, what), fix=fix)


def _sentence(source: Source, place: Path, what: str) -> str:
    where = words(place, source.data)
    return beginning(
        Phrase("{where}: {what}.", where=where, what=what) if where else Phrase("{what}.", what=what)
    )


def _lacks(source: Source, path: Path, key: str, rule: str) -> Finding:
    if len(path) == 2 and path[0] == "fields" and key in {"class", "purpose", "keep"}:
        return finding("F041", source, path, field=path[1], key=key)
    return _said(source, path, Phrase("'{key}' is missing", key=key), "", rule)


def _unknown_key(source: Source, path: Path, known: set[str], rule: str) -> Finding:
    name = str(path[-1])
    what = _sentence(source, path[:-1], Phrase("{given} is not known here", given=shown(name)))
    return finding(rule, source, path, True, what=what, fix=suggestion(name, known))


def _problem(error: Error) -> tuple[str, str]:
    """What is wrong with a value, without a full stop, and the cure."""
    kind, given, ctx = error["type"], shown(error["input"]), error.get("ctx", {})
    if kind in _EXPECTED:
        what, fix = _EXPECTED[kind]
        return Phrase(what, given=given), Phrase(fix)
    if kind == "literal_error":
        near = suggestion(str(error["input"]), quoted(ctx["expected"]))
        return Phrase("{given} is none of the words known here", given=given), near
    if kind == "string_pattern_mismatch":
        pattern = ctx["pattern"]
        known = _PATTERNS.get(pattern) or Phrase("Its pattern is {pattern}", pattern=pattern)
        return Phrase("{given} is not written as it should be", given=given), known
    if kind in {"too_short", "too_long"}:
        return _how_many(kind, ctx), ""
    if kind in {"value_error", "assertion_error"}:
        return str(ctx.get("error", error["msg"])), ""
    message = str(error["msg"]).replace("Input should", "should").replace(" after validation", "")
    return f"{given}: {message[:1].lower()}{message[1:]}", ""


def _how_many(kind: str, ctx: Mapping[str, Any]) -> str:
    if kind == "too_short":
        return Phrase("should hold at least {count}", count=_entries(ctx["min_length"]))
    return Phrase("should hold at most {count}", count=_entries(ctx["max_length"]))


def _entries(count: int) -> str:
    return Phrase("1 entry") if count == 1 else Phrase("{count} entries", count=count)


def _keys(model: type[BaseModel]) -> Iterator[str]:
    for name, info in model.model_fields.items():
        yield info.alias or name


def _models(annotation: Any, path: Path) -> Iterator[type[BaseModel]]:
    """The models that may stand at `path` below `annotation`."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield from _below(annotation, path)
        return
    origin, args = get_origin(annotation), get_args(annotation)
    if origin in _ELEMENT:
        if path:
            yield from _models(args[_ELEMENT[origin]], path[1:])
        return
    for each in args[:1] if origin is Annotated else args:
        yield from _models(each, path)


def _below(model: type[BaseModel], path: Path) -> Iterator[type[BaseModel]]:
    if not path:
        yield model
    for name, info in model.model_fields.items():
        if path and (info.alias or name) == path[0]:
            yield from _models(info.annotation, path[1:])
