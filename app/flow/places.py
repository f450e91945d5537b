"""Where something stands in a file, as people say it: "state 'form', transition 'found'", "step 2"."""

from typing import Any

from app.flow.phrases import Phrase, listed
from app.flow.source import Path

_SECTIONS = {
    "fields": "field",
    "registers": "register",
    "budgets": "budget",
    "codes": "code",
    "links": "link",
    "cards": "card",
    "notices": "notice",
    "accounts": "account",
    "guards": "guard",
    "states": "state",
}


def sort_of(section: str) -> str:
    """What one entry of a section is called: `fields` holds fields, `registers.insured.columns` columns."""
    last = section.rpartition(".")[2]
    return Phrase(_SECTIONS.get(last, last.removesuffix("s")))


def words(path: Path, data: Any) -> str:
    """The place `path` of `data` in words; empty for the root."""
    if path and isinstance(path[0], int):
        return _in_scenario(path)
    parts: list[str] = []
    rest = list(path)
    if len(rest) > 1 and rest[0] in _SECTIONS:
        parts.append(Phrase("{sort} '{name}'", sort=sort_of(str(rest[0])), name=rest[1]))
        data, rest = data[rest[0]][rest[1]], rest[2:]
    if len(rest) > 1 and rest[0] in {"transitions", "everywhere"} and isinstance(rest[1], int):
        data = data[rest[0]][rest[1]]
        name = data.get("id") if isinstance(data, dict) else None
        if isinstance(name, str):
            parts.append(Phrase("transition '{name}'", name=name))
        else:
            parts.append(Phrase("transition {number}", number=rest[1] + 1))
        rest = rest[2:]
    if rest:
        parts.append(".".join(str(part + 1) if isinstance(part, int) else part for part in rest))
    return listed(parts)


def _in_scenario(path: Path) -> str:
    """A list is the root of `scenarios.yaml` alone; the line says which scenario it is."""
    rest, step = path[1:], ""
    if rest[:1] == ("steps",) and len(rest) > 1:
        step, rest = f"step {int(rest[1]) + 1}", rest[2:]
    inside = ".".join(str(part + 1) if isinstance(part, int) else part for part in rest)
    return ", ".join(part for part in (step, inside) if part)


def owner(path: Path) -> Path:
    """The transition, or else the entry of a section, that `path` leads into."""
    return path[:4] if path[2:3] == ("transitions",) else path[:2]


def locate(data: Any, path: Path, word: str) -> Path:
    """Where below `path` the scalar or key `word` first stands; `path` if nowhere."""
    here = data
    for part in path:
        here = here[part]
    return next(_search(here, path, word), path)


def _search(here: Any, path: Path, word: str) -> Any:
    if here == word:
        yield path
    elif isinstance(here, dict):
        for key, value in here.items():
            if key == word:
                yield (*path, key)
            yield from _search(value, (*path, key), word)
    elif isinstance(here, list):
        for number, value in enumerate(here):
            yield from _search(value, (*path, number), word)
