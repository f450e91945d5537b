"""What lint says of the files of a draft, kept as long as they are the same: many pages ask for it."""

from collections.abc import Iterator, Mapping

from app.flow.findings import Finding
from app.flow.loader import definition_files, digest
from app.flow.safety import read as safety
from app.flow.source import Unreadable, read
from app.runner import linting
from app.runner.drafting.drafts import BESIDE
from app.runner.named import loaded_files
from app.web.desk.kept import Kept
from app.web.house import house

Known = tuple[Finding, ...]

_KEPT = Kept("findings", 16)


def findings_in(flow: str, files: Mapping[str, str]) -> Known:
    """What is wrong with the files of a flow; what is around it, runs say, is left to the gate."""
    key = (flow, digest(files), house().clock().date())
    found: Known = _KEPT.get(key, lambda: _findings(flow, files))
    return found


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
