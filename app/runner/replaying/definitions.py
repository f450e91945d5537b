"""The definitions a replay needs: those the records were made by, and the one they are held against."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from app.flow.definition import Flow
from app.flow.findings import suggestion
from app.flow.loader import load, read_folder
from app.flow.source import Unreadable
from app.flow.trace import Recorded
from app.runner.house import FlowMissing, House
from app.runner.replaying.lessons import NotReplayed
from app.runner.replaying.troubles import RESTORE
from app.store import versions

LIVE = "live"


class NoSuchDefinition(Exception):
    """What runs are to be held against is not there or does not load; the text says what to do."""


@dataclass
class Definitions:
    """Published versions as the records name them; those that cannot be had become NotReplayed."""

    house: House
    _had: dict[tuple[str, int, str], Flow]

    @classmethod
    def of(cls, house: House) -> "Definitions":
        """Those of this house."""
        return cls(house, {})

    def by(self, recorded: Recorded) -> Flow:
        """The definition that `recorded` was decided by; raises NotReplayed if it is no longer there."""
        key = (recorded.flow, recorded.number, recorded.digest)
        if key not in self._had:
            self._had[key] = self._published(*key)
        return self._had[key]

    def _published(self, name: str, number: int, digest: str) -> Flow:
        called = f"version {number} of {name} ({digest[:19]})"
        try:
            flow = self.house.shelf.version(name, number, digest)
        except FlowMissing as missing:
            if str(missing) == f"{name} {number}":
                raise NotReplayed(
                    f"its definition, {called}, is not in the database any more", RESTORE
                ) from None
            what = f"its definition, {called}, does not load with this program: {missing}"
            raise NotReplayed(what, "replay it with the program it was recorded by") from None
        if flow.digest != digest:
            raise NotReplayed(f"the content of its definition, {called}, was altered", RESTORE)
        return flow


def against(house: House, named: str, only: str | None) -> Mapping[str, Flow]:
    """What to hold runs against, by their flow.

    `named` is `live`, a version's number or a folder, `only` the one flow that is asked about. Raises
    NoSuchDefinition.
    """
    if named == LIVE or named.isdecimal():
        return _versions(house, None if named == LIVE else int(named), only)
    flow = _folder(house, named)
    if only not in {None, flow.name}:
        raise NoSuchDefinition(f"{named} holds the flow {flow.name}, and {only} was asked for.")
    return {flow.name: flow}


def check_flow(house: House, name: str | None) -> None:
    """Raises NoSuchDefinition for the name of a flow that nobody ever published."""
    names = house.shelf.names()
    if name is not None and name not in names:
        raise NoSuchDefinition(f"There is no flow '{name}'. {suggestion(name, names)}")


def _versions(house: House, number: int | None, only: str | None) -> Mapping[str, Flow]:
    check_flow(house, only)
    found: dict[str, Flow] = {}
    for name in [only] if only else house.shelf.names():
        with house.database.read() as connection:
            version = (
                versions.live(connection, name)
                if number is None
                else versions.numbered(connection, name, number)
            )
        if version is not None:
            found[name] = house.shelf.version(name, version.number, version.digest)
    if not found:
        where = f" of {only}" if only else ""
        raise NoSuchDefinition(
            f"There is no version {number}{where}; `narthex flows list` shows what is live."
        )
    return found


def _folder(house: House, named: str) -> Flow:
    folder = Path(named)
    if not folder.is_dir():
        words = f"'{named}' is no folder, no version's number and not '{LIVE}'."
        raise NoSuchDefinition(words)
    try:
        loaded = load(read_folder(folder), house.catalogue, root=str(folder))
    except Unreadable as problem:
        raise NoSuchDefinition(str(problem)) from None
    if loaded.flow is None:
        findings = "\n".join(map(str, loaded.findings))
        raise NoSuchDefinition(f"{findings}\n{named} does not load, so nothing can be held against it.")
    return loaded.flow
