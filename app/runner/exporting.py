"""A definition taken out of the house: as an archive, or into a folder whose own changes are kept."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from app.flow.archive import ABOUT, write_archive
from app.flow.loader import FLOW, definition_files, digest, read_folder, text_of
from app.runner.house import House
from app.runner.named import Definition
from app.store import releases, versions

#: The ending by which a command knows that an archive is meant.
ENDING = ".zip"


class FolderChanged(Exception):
    """The folder holds what no version does: `file` beside the definition, or, empty, the definition."""

    def __init__(self, file: str) -> None:
        super().__init__(file)
        self.file = file


def about(house: House, found: Definition) -> dict[str, Any]:
    """What an export says of itself; the digest is over the definition's own files."""
    return {
        "flow": found.name,
        "number": found.number,
        "digest": digest(definition_files(found.files)),
        "exported_at": house.clock().isoformat(timespec="seconds"),
    }


def archive_of(house: House, found: Definition) -> bytes:
    """The definition as an archive, with the scenarios and rules that are known of it."""
    return write_archive(found.files, about(house, found))


def archive_name(found: Definition) -> str:
    """What its file is called: `registration-3.zip`, `registration-draft.zip`."""
    return f"{found.name}-{found.number or found.which}{ENDING}"


def into_folder(house: House, found: Definition, folder: Path, *, over: bool = False) -> list[str]:
    """Make the folder hold the definition; the names of the files that were written or removed.

    What lies there and is in no version of the flow is kept, and FolderChanged raised, unless `over`. Texts
    of languages the definition does not speak are removed. Raises source.Unreadable, OSError.
    """
    if not over:
        _check(house, found, folder)
    folder.mkdir(parents=True, exist_ok=True)
    there = read_folder(folder) if (folder / FLOW).exists() else {}
    told = json.dumps(about(house, found), ensure_ascii=False, indent=2, sort_keys=True) + "\n"
    wanted = {**found.files, ABOUT: told}
    changed = [name for name, text in wanted.items() if _text(folder / name) != text]
    gone = [name for name in definition_files(there) if name not in found.files]
    for name in changed:
        (folder / f".{name}.new").write_text(wanted[name], encoding="utf-8", newline="")
    # Whoever reads the folder meanwhile finds each file whole, old or new.
    for name in changed:
        (folder / f".{name}.new").replace(folder / name)
    for name in gone:
        (folder / name).unlink()
    return sorted([*changed, *gone])


def _check(house: House, found: Definition, folder: Path) -> None:
    """Raise FolderChanged for a definition there, or a file beside it, that no version holds."""
    beside = {name: text for name, text in found.files.items() if name not in definition_files(found.files)}
    known, kept = _known(house, found.name)
    if (folder / FLOW).exists():
        held = read_folder(folder)
        if digest(held) not in {*known, digest(definition_files(found.files))}:
            raise FolderChanged("")
    else:
        beside = dict(found.files)
    for name, text in beside.items():
        there = _text(folder / name)
        if there is not None and there != text and there not in kept.get(name, ()):
            raise FolderChanged(name)


def _known(house: House, flow: str) -> tuple[set[str], Mapping[str, set[str]]]:
    """The digests of all versions of a flow, and every text of a file beside one that a release kept."""
    with house.database.read() as connection:
        live = versions.live(connection, flow)
        numbers = range(1, live.number + 1) if live else ()
        found = [versions.numbered(connection, flow, number) for number in numbers]
        beside = [releases.beside(connection, house.vault, flow, number) or {} for number in numbers]
    kept: dict[str, set[str]] = {}
    for each in beside:
        for name, text in each.items():
            kept.setdefault(name, set()).add(text)
    return {each.digest for each in found if each}, kept


def _text(file: Path) -> str | None:
    return text_of(file) if file.exists() else None
