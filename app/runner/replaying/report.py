"""What a replay found: counts, first differences in groups, what could not be replayed, the paths gone."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

from app.runner.replaying.lessons import path_in_words
from app.runner.replaying.passages import Passage
from app.runner.replaying.troubles import Troubles

_MOST_PATHS = 100_000  # told apart; runs on any further path are counted together


class Differing(Protocol):
    """Runs that first differ at the same place in the same way."""

    @property
    def runs(self) -> int:
        """How many."""

    @property
    def example(self) -> str:
        """The id of one of them."""

    def sentences(self) -> list[str]:
        """What is otherwise, for people."""

    def plain(self) -> dict[str, Any]:
        """What is otherwise, for programs."""


@dataclass
class Gone:
    """The runs that took one path, and how many of them differ, by the number of their group."""

    example: str
    end: str
    runs: int = 0
    differing: Counter[int] = field(default_factory=Counter)


@dataclass
class Report:
    """The outcome of one replay; `mode` is `strict`, `reguard` or `against …`.

    `classes` counts runs, `notes` are sentences beside the differences that count as none.
    """

    mode: str
    troubles: Troubles = field(default_factory=Troubles)
    runs: int = 0
    records: int = 0
    folds: int = 0
    classes: Counter[str] = field(default_factory=Counter)
    groups: list[Differing] = field(default_factory=list)
    paths: dict[tuple[int, ...], Gone] = field(default_factory=dict)
    moves: Sequence[str] = ()
    notes: list[str] = field(default_factory=list)

    @property
    def exit_code(self) -> int:
        """0: nothing differs, 1: something does, 2: not carried out for some."""
        return 2 if self.troubles else int(bool(self.groups))

    def count(self, passage: Passage[Any], sort: str, group: int | None) -> None:
        """Note the runs of one passage: their path, their class, and the group they differ with."""
        moves, end = tuple([step.move for step in passage.steps]), passage.end
        self.runs += passage.runs
        self.records += len(moves) * passage.runs
        self.classes[sort] += passage.runs
        gone = self.paths.get(moves)
        if gone is None:
            if len(self.paths) >= _MOST_PATHS:
                moves, end = (), ""
            gone = self.paths.setdefault(moves, Gone(passage.run, end))
        gone.runs += passage.runs
        if group is not None:
            gone.differing[group] += passage.runs

    def path(self, moves: tuple[int, ...], end: str) -> str:
        """A path in words."""
        if not moves:
            return "further paths, together"
        return path_in_words([self.moves[move] for move in moves], end)

    def sentences(self) -> list[str]:
        """The whole report for people."""
        told = []
        for number, group in enumerate(self._largest_first(), start=1):
            told += [
                f"{number}. {line}" if not i else f"   {line}" for i, line in enumerate(group.sentences())
            ]
            told.append("")
        told += self.notes
        told += [trouble.sentence for trouble in self.troubles]
        if self.troubles.further:
            told.append(f"{self.troubles.further:,} further troubles of other kinds.")
        classes = ", ".join(f"{number:,} {sort}" for sort, number in self.classes.items() if number)
        told.append(
            f"{many(self.runs, 'run')} with {many(self.records, 'record')} replayed ({self.mode}): "
            f"{classes or 'nothing to replay'}."
        )
        return told

    def plain(self) -> dict[str, Any]:
        """The whole report for programs."""
        return {
            "mode": self.mode,
            "runs": self.runs,
            "records": self.records,
            "classes": dict(self.classes),
            "differences": [group.plain() for group in self._largest_first()],
            "notes": self.notes,
            "troubles": [
                {"what": each.what, "where": each.where, "cure": each.cure, "runs": each.runs}
                for each in self.troubles
            ],
        }

    def _largest_first(self) -> list[Differing]:
        return sorted(self.groups, key=lambda group: -group.runs)


def many(number: int, word: str) -> str:
    """A number with its word: `1 run`, `2,000 runs`."""
    return f"{number:,} {word}" if number == 1 else f"{number:,} {word}s"
