"""Two definitions of one flow beside each other: what one does otherwise than the other."""

from collections.abc import Callable, Mapping, Set
from dataclasses import dataclass
from pathlib import Path

from app.flow.catalogue import Catalogue
from app.flow.difference.change import Change
from app.flow.difference.differences import differences
from app.flow.difference.patch import FilePatch, patches
from app.flow.difference.renamed import renamed, under_new_names
from app.flow.difference.union import Union, union
from app.flow.findings import suggestion
from app.flow.loader import digest, load, read_folder
from app.runner.coverage import taken
from app.runner.drafting.drafts import BESIDE, read_beside
from app.runner.house import House
from app.runner.named import DRAFT, LIVE, Definition, NotThere, definition


class NotNamed(Exception):
    """What is to be compared is not there, or it is not said of which flow; the text says what to do."""


@dataclass(frozen=True)
class Compared:
    """Two definitions; `changes` and `union` are None where one of them does not load."""

    old: Definition
    new: Definition
    changes: list[Change] | None
    union: Union | None
    patches: list[FilePatch]

    @property
    def same(self) -> bool:
        """Whether nothing differs but comments, blank lines and what lies beside the definition."""
        return self.changes == []


def compared(catalogue: Catalogue, old: Definition, new: Definition) -> Compared:
    """What `new` does otherwise than `old`; scenarios and rules are compared where both have any.

    Those that a draft has lost are told as well: of a version they may just not be known.
    """
    lines = patches(*_files(old, new))
    if old.flow is None or new.flow is None:
        return Compared(old, new, None, None, lines)
    changes = differences(old.flow, new.flow)
    names = renamed(old.flow, new.flow)
    before = (under_new_names(old.flow, names) if names else None) or old.flow
    both = union(before, new.flow, changes, catalogue)
    return Compared(old, new, changes, both, lines)


def _files(old: Definition, new: Definition) -> tuple[Mapping[str, str], Mapping[str, str]]:
    if set(old.files) & BESIDE and (new.is_draft or set(new.files) & BESIDE):
        return old.files, new.files
    return _without_beside(old.files), _without_beside(new.files)


def _without_beside(files: Mapping[str, str]) -> Mapping[str, str]:
    return {name: text for name, text in files.items() if name not in BESIDE}


def people_on(house: House, old: Definition) -> Mapping[str, int]:
    """How often people took each way of a published version, by `state.id`; empty for a draft or a folder."""
    return taken(house, old.flow).recorded if old.flow is not None and old.number else {}


def sides(
    look: Callable[[], House], catalogue: Catalogue, old: str, new: str, only: str | None
) -> tuple[Definition, Definition]:
    """The definitions that a command means by two of: a folder, a number, `live`, `draft`.

    `only` is the flow that is meant; a folder says it too, and two folders need no database to `look` into.
    Raises NotNamed, and source.Unreadable for a folder that cannot be read.
    """
    folders = {each: _folder(catalogue, each) for each in (old, new) if not _is_version(each)}
    named = {each.name for each in folders.values()}
    if {old, new} == set(folders):
        _check_alike(named)
        return folders[old], folders[new]
    house = look()
    name = only or next(iter(named), None) or _only_one(house)
    _check_alike({*named, name})
    return _side(house, old, name, folders), _side(house, new, name, folders)


def _check_alike(names: Set[str]) -> None:
    if len(names) > 1:
        raise NotNamed(f"These are different flows: {', '.join(sorted(names))}. Name two of one flow.")


def _is_version(named: str) -> bool:
    return named in {LIVE, DRAFT} or named.isdecimal()


def _only_one(house: House) -> str:
    names = house.shelf.names()
    if len(names) == 1:
        return names[0]
    raise NotNamed(f"Say of which flow with --flow NAME. Known: {', '.join(names) or 'none yet'}.")


def _side(house: House, named: str, flow: str, folders: Mapping[str, Definition]) -> Definition:
    if named in folders:
        return folders[named]
    try:
        return definition(house, flow, named)
    except NotThere:
        names = house.shelf.names()
        if flow not in names and named != DRAFT:
            raise NotNamed(f"There is no flow '{flow}'. {suggestion(flow, names)}") from None
    what = "There is no draft" if named == DRAFT else f"There is no version {named}"
    raise NotNamed(f"{what} of {flow}; `narthex flows list` shows what there is.")


def _folder(catalogue: Catalogue, named: str) -> Definition:
    folder = Path(named)
    if not folder.is_dir():
        raise NotNamed(f"'{named}' is no folder, no version's number, not '{LIVE}' and not '{DRAFT}'.")
    files = read_folder(folder)
    loaded = load(files, catalogue, root=str(folder))
    name = loaded.flow.name if loaded.flow else folder.resolve().name
    return Definition(
        name,
        named,
        None,
        digest(files),
        {**files, **read_beside(folder)},
        loaded.flow,
        tuple(loaded.findings),
    )
