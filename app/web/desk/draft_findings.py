"""What lint says of the files of a draft, kept as long as they are the same: many pages ask for it."""

from collections import OrderedDict
from collections.abc import Iterator, Mapping
from threading import Lock

from flask import current_app

from app.flow.findings import Finding
from app.flow.loader import definition_files, digest
from app.flow.safety import read as safety
from app.flow.source import Unreadable, read
from app.runner import linting
from app.runner.drafting.drafts import BESIDE
from app.runner.named import loaded_files
from app.web.house import house

_KEPT = 16
_EXTENSION = "desk_draft_findings"

Known = tuple[Finding, ...]


class _Shelf:
    """The findings in what was asked for last."""

    def __init__(self) -> None:
        self._found: OrderedDict[tuple[str, ...], Known] = OrderedDict()
        self._lock = Lock()

    def of(self, flow: str, files: Mapping[str, str]) -> Known:
        key = (flow, digest(files), house().clock().date().isoformat())
        with self._lock:
            if key in self._found:
                self._found.move_to_end(key)
                return self._found[key]
        found = _findings(flow, files)
        with self._lock:
            self._found[key] = found
            while len(self._found) > _KEPT:
                self._found.popitem(last=False)
        return found


def findings_in(flow: str, files: Mapping[str, str]) -> Known:
    """What is wrong with the files of a flow; what is around it, runs say, is left to the gate."""
    shelf: _Shelf = current_app.extensions.setdefault(_EXTENSION, _Shelf())
    return shelf.of(flow, files)


def _findings(flow: str, files: Mapping[str, str]) -> Known:
    root, today = f"workflows/{flow}", house().clock().date()
    found = linting.findings(house(), definition_files(files), root, today=today, surroundings=False)
    return (*found, *_beside(flow, files))


def _beside(flow: str, files: Mapping[str, str]) -> Iterator[Finding]:
    """What cannot be read beside the definition; whether scenarios come true is for the gate to say."""
    loaded = None
    for name in sorted(BESIDE & files.keys()):
        place = f"workflows/{flow}/{name}"
        try:
            if name != safety.FILE:
                read(files[name], place)
                continue
            loaded = loaded or loaded_files(house(), flow, files).flow
            if loaded is None:
                read(files[name], place)
            else:
                yield from safety.understood(files[name], place, loaded, house().catalogue).findings
        except Unreadable as unreadable:
            yield unreadable.finding
