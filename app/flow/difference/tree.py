"""A definition as one tree of names and values, in which everything has an identity.

What holds by default is written out, so that a limit has a value whether the file names it or not. Ways are
keyed by their ids; in what order they are tried stands beside them.
"""

from collections.abc import Iterable, Mapping
from typing import Any

from pydantic import BaseModel

from app.flow.definition import Flow
from app.flow.loader import FLOW, THEME
from app.flow.source import Unreadable, read

Tree = dict[str, Any]

#: Beside the ways of a state: their ids in order, each with its trigger.
ORDER = "order of ways"


def effective(flow: Flow) -> Tree:
    """What holds in `flow`, by the grammar's and the catalogue's models."""
    tree: Tree = keyed(_dumped(flow.spec))
    for name in tree["fields"]:
        tree["fields"][name] |= _dumped(flow.field_options[name])
    for name in tree["states"]:
        tree["states"][name] |= _dumped(flow.kind_options[name])
    for name, use in flow.guards.items():
        if name in tree["guards"]:
            tree["guards"][name] = {use.guard: _by_register(_dumped(use.options))}
    tree["theme"] = _dumped(flow.theme)
    tree["texts"] = {lang: dict(words) for lang, words in flow.texts.items()}
    return tree


def written(flow: Flow) -> Tree:
    """What stands in the files of `flow`, by name; flow.yaml in the shape of `effective`."""
    tree: Tree = {}
    for name, text in flow.files.items():
        try:
            data = read(text, name).data
        except Unreadable:  # pragma: no cover - a Flow is made of files that were read
            data = text
        tree[name] = keyed(data) if name == FLOW and isinstance(data, dict) else data
    return tree


def section_of(file: str) -> str:
    """Where in `effective` the content of a file stands."""
    return "theme" if file == THEME else "texts" if file.startswith("texts.") else ""


def keyed(data: Mapping[str, Any]) -> Tree:
    """flow.yaml's data with its ways keyed by id instead of listed."""
    tree = dict(data)
    if isinstance(tree.get("everywhere"), list):
        tree["everywhere"], tree[f"everywhere {ORDER}"] = _ways(tree["everywhere"])
    states = tree.get("states")
    if isinstance(states, Mapping):
        tree["states"] = {name: _state(state) for name, state in states.items()}
    if isinstance(tree.get("waivers"), list):
        tree["waivers"] = _waivers(tree["waivers"])
    guards = tree.get("guards")
    if isinstance(guards, Mapping):
        tree["guards"] = {name: _guard(use) for name, use in guards.items()}
    return tree


def _waivers(listed: Iterable[Any]) -> dict[str, Any]:
    """What is borne of lint's findings, by the rule and its place."""
    borne: dict[str, Any] = {}
    for each in listed:
        name, number = f"{each.get('rule')} {each.get('at')}", 2
        while name in borne:
            name, number = f"{each.get('rule')} {each.get('at')} ({number})", number + 1
        borne[name] = each
    return borne


def _state(state: Any) -> Any:
    if not isinstance(state, Mapping):
        return state
    own = dict(state)
    if isinstance(own.get("transitions"), list):
        own["transitions"], own[ORDER] = _ways(own["transitions"])
    return own


def _ways(listed: Iterable[Any]) -> tuple[dict[str, Any], list[tuple[str, str]]]:
    ways: dict[str, Any] = {}
    for each in listed:
        name, number = str(each["id"]), 2
        while name in ways:
            name, number = f"{each['id']} ({number})", number + 1
        ways[name] = {key: value for key, value in each.items() if key != "id"}
    return ways, [(name, str(way["trigger"])) for name, way in ways.items()]


def _guard(use: Any) -> Any:
    if not isinstance(use, Mapping):
        return use
    return {name: _by_register(options) for name, options in use.items()}


def _by_register(options: Any) -> Any:
    """A match's registers are told apart by their names; which is asked first stands beside them."""
    if not isinstance(options, Mapping) or not isinstance(options.get("contact"), list | tuple):
        return options
    rules: dict[str, Any] = {}
    for each in options["contact"]:
        name, number = str(each["register"]), 2
        while name in rules:
            name, number = f"{each['register']} ({number})", number + 1
        rules[name] = each
    return {**options, "contact": rules, "contact_order": list(rules)}


def _dumped(model: BaseModel) -> Tree:
    dumped = model.model_dump(by_alias=True)
    return {key: _listed(value) for key, value in dumped.items()}


def _listed(value: Any) -> Any:
    """Tuples as lists: an option may be declared as either."""
    if isinstance(value, Mapping):
        return {key: _listed(each) for key, each in value.items()}
    return [_listed(each) for each in value] if isinstance(value, list | tuple) else value
