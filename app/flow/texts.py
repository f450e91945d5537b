"""The words of a flow: nested YAML flattened to dotted keys, plain sentences only."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from app.flow.findings import Finding, shown
from app.flow.phrases import Phrase
from app.flow.rules import finding
from app.flow.source import Path, Source

_KEY = re.compile(r"[a-z0-9_]+(\.[a-z0-9_]+)*")


@dataclass(frozen=True)
class Texts:
    """One language: text by flat key (`states.form.title`), and where each stands in its file."""

    words: Mapping[str, str]
    places: Mapping[str, Path]


def file_of(language: str) -> str:
    """The name of a language's file."""
    return f"texts.{language}.yaml"


def flatten(source: Source) -> tuple[Texts, list[Finding]]:
    """The texts of a file, and what is wrong with them. A key may hold dots itself: `body.1`."""
    words: dict[str, str] = {}
    places: dict[str, Path] = {}
    findings: list[Finding] = []
    if not isinstance(source.data, dict):
        findings.append(
            _wrong(source, (), Phrase("The file should hold keys and texts."), Phrase("Write `key: text`."))
        )
        return Texts(words, places), findings
    for path, value in _leaves(source.data, ()):
        key = ".".join(str(part) for part in path)
        if problem := _problem(key, value):
            findings.append(_wrong(source, path, *problem))
        elif key in words:
            line = source.mark(places[key])[0]
            what = Phrase("'{key}' stands here twice, first in line {line}.", key=key, line=line)
            findings.append(_wrong(source, path, what, Phrase("Remove one.")))
        else:
            words[key], places[key] = value, path
    return Texts(words, places), findings


def _leaves(mapping: Mapping[str, Any], path: Path) -> Iterator[tuple[Path, Any]]:
    for key, value in mapping.items():
        if isinstance(value, dict):
            yield from _leaves(value, (*path, key))
        else:
            yield (*path, key), value


def _problem(key: str, value: Any) -> tuple[str, str] | None:
    if not _KEY.fullmatch(key):
        return Phrase("The key {key} is not written as it should be.", key=shown(key)), Phrase(
            "Use a-z, 0-9 and _."
        )
    if isinstance(value, list):
        return Phrase("'{key}' holds a list.", key=key), Phrase(
            'Write keys and texts, e.g. `body: {"1": ..., "2": ...}`.'
        )
    if value is None or (isinstance(value, str) and not value.strip()):
        return Phrase("'{key}' has no words.", key=key), Phrase("Write them, or delete the key.")
    if not isinstance(value, str):
        return Phrase("'{key}' is {given}, which is no text.", key=key, given=shown(value)), Phrase(
            "Put it in quotes."
        )
    return None


def _wrong(source: Source, path: Path, what: str, fix: str) -> Finding:
    return finding("F000", source, path, what=what, fix=fix)
