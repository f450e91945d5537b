"""What uses a name of a definition, and giving it another name everywhere."""

from collections.abc import Iterator, Mapping
from copy import deepcopy
from dataclasses import dataclass
from typing import Any

from app.flow.catalogue import Catalogue
from app.flow.definition import Flow
from app.flow.edit.edits import ABSENT, DoesNotFit, Edit, Place, Remove, Rename, SetValue
from app.flow.edit.model import find, names
from app.flow.edit.refers import SCENARIOS, references
from app.flow.edit.sheet import sheet_of
from app.flow.edit.wanted import Reference, Wanted
from app.flow.loader import FLOW
from app.flow.places import words
from app.flow.source import Path, Source, Unreadable


@dataclass(frozen=True)
class Use:
    """A place that names something: `words` say it in a sentence's middle, `line` counts from 1.

    `own` are words about the very thing, its texts: they belong to it and go with it.
    """

    file: str
    place: Place
    line: int
    words: str
    own: bool = False


def uses(given: Flow | Mapping[str, str], section: str, name: str, catalogue: Catalogue) -> list[Use]:
    """Everything that names `name` of a section, in the order of the files and lines.

    A section is one of FlowSpec, a part of one (`registers.insured.columns`, `states.form.transitions`), or
    `scenarios`. Files that cannot be read are passed over. A Flow has neither scenarios nor safety rules.
    """
    files = given.files if isinstance(given, Flow) else given
    sources = dict(_readable(files))
    wanted = _wanted(sources, section, name, catalogue)
    found = [
        _use(sources[each.file], each)
        for each in references({file: source.data for file, source in sources.items()}, wanted)
    ]
    return sorted(found, key=lambda use: (use.file, use.line, str(use.place)))


def rename_everywhere(
    files: Mapping[str, str], section: str, old: str, new: str, catalogue: Catalogue
) -> list[Edit]:
    """The edits, to be made one after another, by which `old` of a section is called `new` everywhere.

    The rename of the thing itself is the last. Raises DoesNotFit if it is not there, `new` is there already,
    or a file that may name it cannot be read.
    """
    place = declared(section, old)
    file = SCENARIOS if section == "scenarios" else FLOW
    itself = Rename(file, place, new)
    sources = {name: _read(itself, name, text) for name, text in files.items()}
    there = sources[file].data if file in sources else None
    if find(there, place) is ABSENT:
        raise DoesNotFit(itself, "gone", place)
    if find(there, declared(section, new)) is not ABSENT:
        raise DoesNotFit(itself, "there_already", declared(section, new))
    wanted = _wanted(sources, section, old, catalogue)
    said = {name: source.data for name, source in sources.items()}
    found = [_renaming(said[each.file], each, old, new) for each in references(said, wanted)]
    return [*found, itself]


def declared(section: str, name: str) -> Place:
    """Where a name of a section is declared: in flow.yaml, a scenario in its own file."""
    if section == "scenarios":
        return (f"#{name}",)
    parts = tuple(section.split("."))
    return (*parts, f"#{name}" if parts[-1] in {"transitions", "everywhere"} else name)


def _readable(files: Mapping[str, str]) -> Iterator[tuple[str, Source]]:
    for name, text in files.items():
        try:
            yield name, sheet_of(text, name).source
        except Unreadable:
            continue


def _read(edit: Edit, name: str, text: str) -> Source:
    try:
        return sheet_of(text, name).source
    except Unreadable as unreadable:
        raise DoesNotFit(edit, "unreadable", finding=unreadable.finding) from None


def _wanted(sources: Mapping[str, Source], section: str, name: str, catalogue: Catalogue) -> Wanted:
    flow = sources[FLOW].data if FLOW in sources else None
    return Wanted(section, name, flow, catalogue)


def _named(said: Any, path: Path) -> Place:
    """A place of keys and numbers with the names of items in it."""
    place: list[str | int] = []
    for depth, part in enumerate(path):
        called = names(said, root=depth == 0)[int(part)] if isinstance(said, list) else part
        place.append(called)
        said = said[part]
    return tuple(place)


def _use(source: Source, found: Reference) -> Use:
    line = source.mark(found.path, key=found.key)[0]
    told = words(found.path, source.data)
    if isinstance(found.path[0], int):
        item = source.data[found.path[0]]
        title = next((f"{key} '{item[key]}'" for key in ("name", "rule") if key in item), "")
        told = ", ".join(part for part in (title.replace("name ", "scenario ", 1), told) if part)
    return Use(source.path, _named(source.data, found.path), line, told, found.own)


def _renaming(said: Any, found: Reference, old: str, new: str) -> Edit:
    place = _named(said, found.path)
    word = found.before + new + found.after
    if found.key:
        return Rename(found.file, place, word)
    return SetValue(found.file, place, word, found.before + old + found.after)


def remove_everywhere(files: Mapping[str, str], section: str, name: str, catalogue: Catalogue) -> list[Edit]:
    """The edits that take `name` of a section away, and the texts about it with it.

    Raises DoesNotFit: `gone`, `unreadable`, or `used` with the `uses` that have to go first.
    """
    place = declared(section, name)
    file = SCENARIOS if section == "scenarios" else FLOW
    sources = {each: _read(Remove(file, place, None), each, text) for each, text in files.items()}
    itself = Remove(file, place, deepcopy(find(sources[file].data if file in sources else None, place)))
    if itself.was is ABSENT:
        raise DoesNotFit(itself, "gone", place)
    found = uses(files, section, name, catalogue)
    if others := [use for use in found if not use.own and not _inside(use, file, place)]:
        raise DoesNotFit(itself, "used", place, uses=others)
    texts = [use for use in found if use.own]
    return [
        *(Remove(use.file, use.place, deepcopy(find(sources[use.file].data, use.place))) for use in texts),
        itself,
    ]


def _inside(use: Use, file: str, place: Place) -> bool:
    """Whether it is the thing itself that names itself: a state that leads to itself."""
    return use.file == file and use.place[: len(place)] == place
