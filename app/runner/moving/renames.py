"""Which state of one version is which of another, where its name is another: what analysts renamed (F061)."""

from collections.abc import Iterator, Mapping

from app.flow.definition import Flow
from app.flow.edit import Rename
from app.flow.edit.differing import differences
from app.flow.loader import FLOW
from app.flow.source import read
from app.runner.house import House
from app.store import drafts

_STATES = "states"


def renamed_states(house: House, old: Flow, new: Flow) -> Mapping[str, str]:
    """New names of states by the old ones: those renamed at the desk, and those that are the same but for it.

    Between an older and a newer version, in whichever direction.
    """
    alike = dict(_of(differences(FLOW, read(old.files[FLOW], FLOW).data, read(new.files[FLOW], FLOW).data)))
    low, high = sorted((old.number, new.number))
    written = _written(house, old.name, low, high)
    return alike | (written if old.number == low else {after: before for before, after in written.items()})


def _written(house: House, flow: str, low: int, high: int) -> dict[str, str]:
    """What was renamed by edits of the drafts between two versions, one after the other."""
    now: dict[str, str] = {}
    with house.database.read() as connection:
        for draft, revision in drafts.published_between(connection, flow, low, high):
            edits = list(drafts.edits(connection, house.vault, draft, revision))
            for edit in reversed(edits):
                told = edit.what.get("edits", []) if edit.undone_by is None else []
                for before, after in _told(told):
                    first = next((name for name, is_now in now.items() if is_now == before), before)
                    now[first] = after
    return {before: after for before, after in now.items() if before != after}


def _told(edits: list[Mapping[str, object]]) -> Iterator[tuple[str, str]]:
    for each in edits:
        at = each.get("at")
        if each.get("edit") == Rename.sort and isinstance(at, list) and at[:1] == [_STATES] and len(at) == 2:
            yield str(at[1]), str(each["name"])


def _of(edits: Iterator[object]) -> Iterator[tuple[str, str]]:
    for each in edits:
        if isinstance(each, Rename) and each.at[:1] == (_STATES,) and len(each.at) == 2:
            yield str(each.at[1]), each.name
