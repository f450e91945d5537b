"""A name that is looked for in a definition, and the patterns of places by which it is found."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from app.flow.catalogue import Catalogue
from app.flow.source import Path


@dataclass(frozen=True)
class Wanted:
    """A name of a section, and what is known of the definition: `flow` is what flow.yaml says.

    A section is one of FlowSpec, a part of one (`registers.insured.columns`, `states.form.transitions`), or
    `scenarios`.
    """

    section: str
    name: str
    flow: Any
    catalogue: Catalogue


@dataclass(frozen=True)
class Reference:
    """A word, or with `key` a key, that is made of `before`, the name and `after`.

    `own` are words about the very thing, as texts are, that would go with it.
    """

    file: str
    path: Path
    key: bool = False
    before: str = ""
    after: str = ""
    own: bool = False


def match(value: Any, pattern: Path, at: Path = ()) -> Iterator[tuple[Path, Any]]:
    """The places of a pattern, in which `*` is any key or position, with what stands there."""
    if not pattern:
        yield at, value
        return
    entries: Iterable[tuple[str | int, Any]] = ()
    if isinstance(value, dict):
        entries = value.items() if pattern[0] == "*" else [(p, value[p]) for p in pattern[:1] if p in value]
    elif isinstance(value, list) and pattern[0] == "*":
        entries = enumerate(value)
    for part, inner in entries:
        yield from match(inner, pattern[1:], (*at, part))


def listed(
    file: str,
    value: Any,
    wanted: Wanted,
    values: Iterable[tuple[str, Path]],
    keys: Iterable[tuple[str, Path]],
) -> Iterator[Reference]:
    """Where a word at one of these places, or a key, is the name; each with the section it names."""
    for section, pattern in values:
        if section == wanted.section:
            yield from (Reference(file, path) for path, word in match(value, pattern) if word == wanted.name)
    for section, pattern in keys:
        if section == wanted.section:
            found = (path for path, _ in match(value, pattern) if path[-1] == wanted.name)
            yield from (Reference(file, path, key=True) for path in found)


def register_of(section: str) -> str | None:
    """The register whose columns a section is."""
    first, _, rest = section.partition(".")
    name, _, part = rest.partition(".")
    return name if first == "registers" and part == "columns" else None


def effect_names(wanted: Wanted, verb: str, path: Path) -> bool:
    """Whether what follows the effect is of the section; transitions are the state's, or those everywhere."""
    effect = wanted.catalogue.effects.get(verb)
    sections = effect.section if effect else ()
    sections = (sections,) if isinstance(sections, str) else sections or ()
    if "transitions" not in sections:
        return wanted.section in sections
    if wanted.section == "everywhere":
        return True
    return path[0] == "states" and wanted.section == f"states.{path[1]}.transitions"
