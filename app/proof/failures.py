"""Failures kept between runs: saved by what they are, driven first next time, gone when they come true.

One JSON file each under `NARTHEX_VAR/failures/<flow>/`. A failure that is to stay a regression test for good
is marked `kept` and never deleted.
"""

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path as File
from typing import Any

from app.flow.paths.explore import Situation, Space
from app.flow.paths.model import Move, Path


class NoFailure(Exception):
    """A file holds no saved failure; the text names it and says what to do."""


@dataclass(frozen=True)
class Failure:
    """A path that did not go as it says: what happened at its last move, or when `probe` was tried there."""

    path: Path
    text: str
    probe: str | None = None
    lang: str | None = None

    @property
    def in_words(self) -> str:
        """One line."""
        tried = f" [{self.probe}]" if self.probe else ""
        return f"{self.path.in_words()}{tried}: {self.text}"


@dataclass(frozen=True)
class Saved:
    """A failure of an earlier run; `failure` is missing when the definition has no such path any more."""

    file: File
    kept: bool
    words: str
    failure: Failure | None


def save(folder: File, failure: Failure) -> File:
    """Write a failure down; the same one twice is one file, which stays as kept as it was."""
    told = _told(failure)
    name = hashlib.sha256(json.dumps(told, sort_keys=True).encode()).hexdigest()[:16]
    file = folder / f"{name}.json"
    folder.mkdir(parents=True, exist_ok=True)
    kept = file.exists() and bool(_read(file).get("kept"))
    _write(file, {**told, "words": failure.in_words, "text": failure.text, "kept": kept})
    return file


def keep(saved: Saved) -> None:
    """Let a failure stay for good."""
    _write(saved.file, {**_read(saved.file), "kept": True})


def load(folder: File, space: Space) -> Iterator[Saved]:
    """The failures saved for a flow, by name; raises NoFailure for a file that is none."""
    for file in sorted(folder.glob("*.json")):
        told = _read(file)
        try:
            path = _path(space, told["moves"])
            failure = Failure(path, told["text"], told["probe"], told["lang"]) if path else None
            yield Saved(file, bool(told["kept"]), told["words"], failure)
        except (KeyError, TypeError, AttributeError):
            raise NoFailure(f"{file}: this is no saved failure; delete it") from None


def _read(file: File) -> dict[str, Any]:
    try:
        told = json.loads(file.read_text(encoding="utf-8"))
    except ValueError:
        raise NoFailure(f"{file}: this is not JSON; delete it") from None
    if not isinstance(told, dict):
        raise NoFailure(f"{file}: this is no saved failure; delete it")
    return told


def _write(file: File, told: Mapping[str, Any]) -> None:
    file.write_text(json.dumps(told, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


def _told(failure: Failure) -> dict[str, Any]:
    moves = [_move(move) for move in failure.path.moves]
    return {"moves": moves, "probe": failure.probe, "lang": failure.lang}


def _move(move: Move) -> dict[str, Any]:
    asked = [[guard, each.answer, each.reason] for guard, each in move.outcomes]
    return {"state": move.transition.source, "way": move.transition.id, "guards": asked}


def _path(space: Space, moves: list[dict[str, Any]]) -> Path | None:
    """The path with these moves through the space as it is now; None where it has gone."""
    waiting: list[tuple[Situation, tuple[Move, ...]]] = [(space.initial, ())]
    while waiting:
        here, gone = waiting.pop()
        if len(gone) == len(moves):
            return Path(gone) if gone else None
        for edge in space.edges[here]:
            if _move(edge.move) == moves[len(gone)]:
                waiting.append((edge.target, (*gone, edge.move)))
    return None
