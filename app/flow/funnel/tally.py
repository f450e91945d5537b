"""Counting runs, one after the other; memory grows with the definition, not with the runs."""

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Literal

from app.flow.definition import Flow
from app.flow.funnel.learnt import Learnt

_SECOND = 1_000_000  # microseconds

#: How a run stands in the state it stands in: under way, over, or left by its applicant for another run.
Standing = Literal["still", "ended", "gone"]

#: A step and when it was taken, in microseconds since 1970.
Timed = tuple[int, Learnt]


@dataclass
class Tally:
    """What was counted of one version's runs, people told by their runs.

    `left` counts for each state how those who reached it left it for the last time: by which way
    (`state.id`) or, where they stand there now, how. So `reached` of a state is the sum of its `left`.
    `spans` are the seconds from reaching the state to taking the way; `refused`, `asked` and `wrong` count
    runs, their `_steps` steps; the two latter by language.
    """

    flow: Flow
    runs: int = 0
    broken: int = 0
    reached: Counter[str] = field(default_factory=Counter)
    left: Counter[tuple[str, str]] = field(default_factory=Counter)
    taken: Counter[str] = field(default_factory=Counter)
    taken_steps: Counter[str] = field(default_factory=Counter)
    spans: dict[str, Counter[int]] = field(default_factory=lambda: defaultdict(Counter))
    refused: Counter[tuple[str, str]] = field(default_factory=Counter)
    refused_steps: Counter[tuple[str, str]] = field(default_factory=Counter)
    asked: Counter[tuple[str, str]] = field(default_factory=Counter)
    asked_steps: Counter[tuple[str, str]] = field(default_factory=Counter)
    wrong: Counter[tuple[str, str, str]] = field(default_factory=Counter)
    wrong_steps: Counter[tuple[str, str, str]] = field(default_factory=Counter)
    ends: Counter[str] = field(default_factory=Counter)
    to_success: Counter[int] = field(default_factory=Counter)

    def add(self, lang: str, steps: Sequence[Timed]) -> None:
        """Count one run, whole and in order, of a person who reads `lang`.

        A run whose records do not join is counted as broken and as nothing else.
        """
        if not _joined(steps):
            self.broken += 1
            return
        self.runs += 1
        self._ways(steps)
        self._troubles(lang, [step for _, step in steps])
        self._end(steps)

    def _ways(self, steps: Sequence[Timed]) -> None:
        since = steps[0][0]
        last = {steps[0][1].to: ""}
        ways: set[str] = set()
        for at, step in steps:
            if step.way is None:
                continue
            ways.add(step.way)
            self.taken_steps[step.way] += 1
            self.spans[step.way][max(at - since, 0) // _SECOND] += 1
            if step.to != step.state:
                last[step.state] = step.way
                last[step.to] = ""
                since = at
        at_last = steps[-1][1].to
        last[at_last] = self._standing(at_last, steps[-1][1])
        self.taken.update(ways)
        self.reached.update(last.keys())
        self.left.update(last.items())

    def _standing(self, state: str, newest: Learnt) -> Standing:
        spec = self.flow.spec.states.get(state)
        if spec and spec.end:
            return "ended"
        return "gone" if newest.let_go else "still"

    def _troubles(self, lang: str, steps: Sequence[Learnt]) -> None:
        refused = Counter(each for step in steps for each in step.refused)
        asked = Counter((lang, each) for step in steps for each in step.asked)
        wrong = Counter((lang, *each) for step in steps for each in step.wrong)
        self.refused.update(refused.keys())
        self.refused_steps.update(refused)
        self.asked.update(asked.keys())
        self.asked_steps.update(asked)
        self.wrong.update(wrong.keys())
        self.wrong_steps.update(wrong)

    def _end(self, steps: Sequence[Timed]) -> None:
        state = steps[-1][1].to
        spec = self.flow.spec.states.get(state)
        end = spec.end if spec else None
        self.ends[end or self._standing(state, steps[-1][1])] += 1
        if end == "success":
            arrived = next(at for at, step in reversed(steps) if step.to != step.state or step.begins)
            self.to_success[max(arrived - steps[0][0], 0) // _SECOND] += 1


def _joined(steps: Sequence[Timed]) -> bool:
    """Whether the run begins with its start and each step begins where the one before led."""
    if not steps or not steps[0][1].begins:
        return False
    return all(step.state == before.to and not step.begins for (_, before), (_, step) in pairwise(steps))
