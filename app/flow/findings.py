"""What is wrong with a definition: where, which rule, in words, and the cure."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches
from typing import Literal

from app.flow.phrases import Phrase, listed

Severity = Literal["error", "warning", "note"]

#: Line and column, counted from 1.
Mark = tuple[int, int]

_LISTED = 12


@dataclass(frozen=True)
class Waiver:
    """Who bears what a finding says, why, and until when (the last day, as 2027-01-31)."""

    owner: str
    reason: str
    until: str


@dataclass(frozen=True, order=True)
class Finding:
    """One thing to mend, at a line and column counted from 1; `code` is the contract, `text` its words.

    `rule` is the case of RULES and `words` what fills its frame, so that it can be said in another language.
    `id` names what it is about wherever that is moved: a state, `state.transition`, `section.name`, a text's
    key. `example` is a way there or a case in which it shows. `waiver` is set once somebody bears it.
    """

    path: str
    line: int
    column: int
    code: str
    severity: Severity
    text: str
    fix: str = ""
    rule: str = field(default="", compare=False)
    words: Mapping[str, object] = field(default_factory=dict, compare=False)
    id: str = field(default="", compare=False)
    example: str = field(default="", compare=False)
    waiver: Waiver | None = field(default=None, compare=False)

    @property
    def waived(self) -> bool:
        """Whether somebody bears it for now."""
        return self.waiver is not None

    @property
    def blocks(self) -> bool:
        """Whether it stands in the way of publishing at the desk: an error or a warning nobody bears."""
        return self.severity != "note" and not self.waived

    def __str__(self) -> str:
        words = f"{self.text} {self.fix}" if self.fix else self.text
        return f"{self.path}:{self.line}:{self.column}: {self.code} {words}"


def shown(value: object) -> str:
    """`value` as a message quotes it, cut at 40 characters."""
    if isinstance(value, bool) or value is None:
        return {True: "true", False: "false", None: Phrase("nothing")}[value]
    if isinstance(value, dict | list):
        return Phrase("a mapping") if isinstance(value, dict) else Phrase("a list")
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
        return Phrase("Did you mean '{near}'?", near=close)
    if not names:
        return Phrase("There is none yet.")
    return Phrase("Known: {names}.", names=listed(names)) if len(names) <= _LISTED else ""
