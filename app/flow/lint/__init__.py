"""Flow lint: what a definition that loads may still get wrong, proven before anybody walks it.

Rules and their words are in `app.flow.rules`; each module here checks one topic.
"""

from collections.abc import Mapping
from pathlib import Path

from app.flow.catalogue import Catalogue
from app.flow.definition import Flow
from app.flow.findings import Finding
from app.flow.lint import codes, guards, passwords, reach, shape, stale, texts, unused
from app.flow.lint.scene import Scene
from app.flow.loader import load, read_folder
from app.flow.source import Source

_TOPICS = (
    reach.check,
    shape.check,
    guards.check,
    codes.check,
    passwords.check,
    texts.check,
    stale.check,
    unused.check,
)


def lint(flow: Flow, catalogue: Catalogue, sources: Mapping[str, Source]) -> list[Finding]:
    """Everything the rules find in a loaded flow, by file and line; `sources` tell the places."""
    scene = Scene(flow, catalogue, sources)
    return sorted(finding for check in _TOPICS for finding in check(scene))


def lint_folder(folder: Path, catalogue: Catalogue) -> list[Finding]:
    """What is wrong with the flow in `folder`: what hinders loading, else what the rules find.

    Raises source.Unreadable for a folder or file that cannot be read at all.
    """
    loaded = load(read_folder(folder), catalogue, root=str(folder))
    if loaded.flow is None:
        return loaded.findings
    return lint(loaded.flow, catalogue, loaded.sources)
