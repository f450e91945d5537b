"""What is wrong with a definition: where, which rule, in words, and the cure."""

from collections.abc import Iterable
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Literal

Severity = Literal["error", "warning", "note"]

#: Line and column, counted from 1.
Mark = tuple[int, int]

_LISTED = 12


@dataclass(frozen=True, order=True)
class Finding:
    """One thing to mend, at a line and column counted from 1; `code` is the contract, `text` its words."""

    path: str
    line: int
    column: int
    code: str
    severity: Severity
    text: str
    fix: str = ""

    def __str__(self) -> str:
        words = f"{self.text} {self.fix}" if self.fix else self.text
        return f"{self.path}:{self.line}:{self.column}: {self.code} {words}"


def shown(value: object) -> str:
    """`value` as a message quotes it, cut at 40 characters."""
    if isinstance(value, bool) or value is None:
        return {True: "true", False: "false", None: "nothing"}[value]
    if isinstance(value, dict | list):
        return "a mapping" if isinstance(value, dict) else "a list"
    words = str(value)
    return f"'{words[:40]}…'" if len(words) > 40 else f"'{words}'"


def nearest(word: str, known: Iterable[str]) -> str | None:
    """The word of `known` most like `word`, None if none is alike."""
    names = {name.casefold(): name for name in sorted(known)}
    close = get_close_matches(word.casefold(), names, n=1, cutoff=0.6)
    return names[close[0]] if close else None


def suggestion(word: str, known: Iterable[str]) -> str:
    """`Did you mean 'x'?`, or what there is if little is there, or nothing."""
    names = sorted(set(known))
    if close := nearest(word, names):
        return f"Did you mean '{close}'?"
    if not names:
        return "There is none yet."
    return f"Known: {', '.join(names)}." if len(names) <= _LISTED else ""
