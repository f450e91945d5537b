"""Strict replay of everything recorded: each fold is decided again once, each run followed to its end."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from app.flow.replay.sides import Side, side_by_side
from app.flow.replay.strict import replayed
from app.flow.trace import Recorded
from app.runner.replaying.definitions import Definitions
from app.runner.replaying.passages import Passage
from app.runner.replaying.report import Report

SAME, DIFFERS = "same", "differs"

Sides = tuple[Side, ...]


@dataclass
class Divergence:
    """Runs whose record and definition part at the same step in the same way; `seq` is the example's."""

    recorded: Recorded
    sides: Sides
    example: str
    seq: int
    runs: int = 0

    def sentences(self) -> list[str]:
        """Where, how many, and the first differing step side by side."""
        r = self.recorded
        runs = "1 run was" if self.runs == 1 else f"{self.runs:,} runs were"
        return [
            f"At {r.state} on {r.trigger} {runs} recorded otherwise than {r.flow} {r.number} decides.",
            f"Example: {self.example}, step {self.seq}.",
            *side_by_side(self.sides),
        ]

    def plain(self) -> dict[str, Any]:
        """The same for programs."""
        r = self.recorded
        return {
            "flow": r.flow,
            "version": r.number,
            "state": r.state,
            "trigger": r.trigger,
            "runs": self.runs,
            "example": self.example,
            "seq": self.seq,
            "sides": [
                {"what": s.what, "recorded": s.recorded, "replayed": s.replayed, "differs": s.differs}
                for s in self.sides
            ],
        }


class Strict:
    """Strict replay: `learn` decides a record again, `count` counts a run."""

    def __init__(self, definitions: Definitions, report: Report) -> None:
        self._definitions, self._report = definitions, report
        self._numbers: dict[tuple[object, ...], int] = {}

    def learn(self, recorded: Recorded) -> Sides:
        """What differs; raises NotReplayed and BadRecord."""
        return replayed(self._definitions.by(recorded), recorded)

    def count_all(self, passages: Iterable[Passage[Sides]]) -> None:
        """Count every run into the report."""
        for passage in passages:
            self.count(passage)

    def count(self, passage: Passage[Sides]) -> None:
        """Count the runs of one passage; they differ from the first differing step on."""
        first = next((seq for seq, step in enumerate(passage.steps) if step.finding), None)
        group = None if first is None else self._group(passage, first)
        self._report.count(passage, SAME if group is None else DIFFERS, group)

    def _group(self, passage: Passage[Sides], seq: int) -> int:
        step = passage.steps[seq]
        r = step.recorded
        key = (r.digest, r.state, r.trigger, r.chosen, step.finding)
        if key not in self._numbers:
            self._numbers[key] = len(self._report.groups)
            self._report.groups.append(Divergence(r, step.finding, passage.run, seq))
        group = self._report.groups[self._numbers[key]]
        assert isinstance(group, Divergence)
        group.runs += passage.runs
        return self._numbers[key]
