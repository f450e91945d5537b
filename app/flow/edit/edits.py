"""What can be done to the files of a definition, as plain records that go into a journal and come back.

A place is told by names, never by numbers where there is a name, so that an edit still means the same thing
after somebody else has put something before it.
"""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from enum import Enum
from typing import Any, ClassVar, Final

#: Keys from the root. An item of a list of mappings is `#` and what names it: its `id`, or in a list that is
#: the whole file (scenarios, safety rules) its `name` or `rule`. Other items are told by their position.
Place = tuple[str | int, ...]

#: As `after`: before all siblings.
FIRST: Final = -1


class Absent(Enum):
    """The type of ABSENT."""

    ABSENT = "absent"


#: Nothing stands there, not even an empty value.
ABSENT: Final = Absent.ABSENT


@dataclass(frozen=True)
class SetValue:
    """Put `value` in the place of what stands at `at`; `was` is what the author of the edit saw there.

    With ABSENT as `was` nothing may stand there yet, and the key is put at the end.
    """

    sort: ClassVar[str] = "set"
    file: str
    at: Place
    value: Any
    was: Any


@dataclass(frozen=True)
class Insert:
    """A new key, or a new item of a list, behind the sibling `after`: a key, `#id`, a position or FIRST.

    None puts it at the end. The last part of `at` names what is new; in a list whose items have no names it
    is a number that says no more than that, as `after` tells where the item goes.
    """

    sort: ClassVar[str] = "insert"
    file: str
    at: Place
    value: Any
    after: str | int | None = None


@dataclass(frozen=True)
class Remove:
    """Take away what stands at `at`, which was `was`."""

    sort: ClassVar[str] = "remove"
    file: str
    at: Place
    was: Any


@dataclass(frozen=True)
class Move:
    """Put what stands at `at` behind its sibling `after`; None puts it at the end, FIRST at the beginning."""

    sort: ClassVar[str] = "move"
    file: str
    at: Place
    after: str | int | None = None


@dataclass(frozen=True)
class Rename:
    """Call the key at `at`, or the item named there, `name` from now on; `name` has no `#`."""

    sort: ClassVar[str] = "rename"
    file: str
    at: Place
    name: str


@dataclass(frozen=True)
class ReplaceText:
    """Another text of a whole file, as typed into an editor; it need not be readable."""

    sort: ClassVar[str] = "replace_text"
    file: str
    text: str


@dataclass(frozen=True)
class AddFile:
    """A file that was not there."""

    sort: ClassVar[str] = "add_file"
    file: str
    text: str


@dataclass(frozen=True)
class RemoveFile:
    """Take a file away."""

    sort: ClassVar[str] = "remove_file"
    file: str


#: An edit inside a file.
Inside = SetValue | Insert | Remove | Move | Rename
Edit = Inside | ReplaceText | AddFile | RemoveFile

_SORTS: Mapping[str, type[Edit]] = {
    each.sort: each for each in (SetValue, Insert, Remove, Move, Rename, ReplaceText, AddFile, RemoveFile)
}


class DoesNotFit(Exception):
    """An edit that cannot be made in these files.

    `code` is `gone` (nothing stands there, or the sibling behind which it should go is not there),
    `changed` (something else than `was`; `params` hold it as `theirs`), `there_already`, `unreadable` (the
    file is no YAML of ours; `finding`), `not_written_so` (`why`: a value that our YAML cannot say), or `used`
    (`uses`: what has to go first).
    """

    def __init__(self, edit: Edit, code: str, place: Place = (), **params: Any) -> None:
        super().__init__(f"{edit.sort} does not fit {edit.file} at {list(place)}: {code}")
        self.edit, self.code, self.place, self.params = edit, code, place, params


def to_data(edit: Edit) -> dict[str, Any]:
    """The edit as JSON says it; what is ABSENT is left out."""
    told: dict[str, Any] = {"edit": edit.sort}
    for each in fields(edit):
        value = getattr(edit, each.name)
        if value is not ABSENT:
            told[each.name] = list(value) if each.name == "at" else value
    return told


def from_data(told: Any) -> Edit:
    """The edit that `to_data` told. Raises ValueError for anything else."""
    sort = _SORTS.get(str(told.get("edit"))) if isinstance(told, dict) else None
    if sort is None:
        raise ValueError("an edit is a mapping that says which `edit` it is")
    given = {name: value for name, value in told.items() if name != "edit"}
    known = {each.name for each in fields(sort)}
    if sort is SetValue:
        given.setdefault("was", ABSENT)
    if given.keys() != known:
        raise ValueError(f"'{sort.sort}' takes {', '.join(sorted(known))}")
    for name, value in given.items():
        _CHECKS[name](name, value)
    if "at" in given:
        given["at"] = tuple(given["at"])
        if not given["at"] and sort is not SetValue:
            raise ValueError(f"'{sort.sort}' needs a place below the root")
    return sort(**given)


def _text(name: str, value: Any) -> None:
    if not isinstance(value, str):
        raise ValueError(f"'{name}' is a text")


def _is_part(value: Any) -> bool:
    return isinstance(value, str) or (isinstance(value, int) and not isinstance(value, bool))


def _place(name: str, value: Any) -> None:
    if not isinstance(value, list) or not all(map(_is_part, value)):
        raise ValueError(f"'{name}' is a list of keys and positions")
    if any(isinstance(part, int) and part < 0 for part in value):
        raise ValueError(f"'{name}' counts positions from 0")


def _sibling(name: str, value: Any) -> None:
    if value is not None and not _is_part(value):
        raise ValueError(f"'{name}' is a key, a position or nothing")
    if isinstance(value, int) and value < FIRST:
        raise ValueError(f"'{name}' counts positions from 0")


def _plain(name: str, value: Any) -> None:
    """Whether JSON can say it; what our YAML cannot say besides is told when it is applied."""
    if isinstance(value, dict):
        for key, each in value.items():
            _text("a key", key)
            _plain(name, each)
    elif isinstance(value, list):
        for each in value:
            _plain(name, each)
    elif value is not ABSENT and value is not None and not isinstance(value, str | int):
        raise ValueError(f"'{name}' holds something that is no mapping, list, text, number, truth or nothing")


_CHECKS = {
    "file": _text,
    "text": _text,
    "name": _text,
    "at": _place,
    "after": _sibling,
    "value": _plain,
    "was": _plain,
}
