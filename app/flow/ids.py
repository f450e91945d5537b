"""What a place in a definition's files is called, wherever its line goes: what waivers and reports name."""

from typing import Any

from app.flow.source import Path, Source


def id_of(source: Source, place: Path) -> str:
    """A state, `state.transition`, `section.name`, a text's key, `theme.key`; empty for a whole file."""
    name = source.path.rpartition("/")[2]
    if name != "flow.yaml":
        key = ".".join(str(part) for part in place)
        return f"theme.{key}" if name == "theme.yaml" and key else key
    if place[:1] == ("everywhere",) and len(place) > 1:
        return f"everywhere.{_transition(source.data, place[:2])}"
    if place[2:3] == ("transitions",) and len(place) > 3:
        return f"{place[1]}.{_transition(source.data, place[:4])}"
    if place[:1] == ("states",) and len(place) > 1:
        return str(place[1])
    return ".".join(str(part) for part in place[:2])


def _transition(data: Any, place: Path) -> str:
    here = data
    for part in place:
        here = here[part]
    written = here.get("id") if isinstance(here, dict) else None
    return written if isinstance(written, str) else str(int(place[-1]) + 1)
