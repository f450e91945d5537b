"""Everything recorded, held against another definition: whole paths, by their first difference (B3)."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from functools import partial
from typing import Any

from app.flow.definition import Flow
from app.flow.replay.because import now
from app.flow.replay.bridge import Bridge
from app.flow.replay.changes import beginnings, changes, reworded
from app.flow.replay.groups import Fate, First, Group
from app.flow.replay.turns import CLASSES, SAME, End, Turn, class_of, followed, reached, turn
from app.flow.trace import Recorded
from app.runner.replaying.definitions import Definitions
from app.runner.replaying.lessons import Alike, NotReplayed, path_in_words
from app.runner.replaying.passages import Passage
from app.runner.replaying.report import Report

PROJECTION = (
    "What follows a first difference is projection: the person would have seen another page. It names the "
    "end and counts as nothing else."
)


@dataclass(slots=True)
class Seen:
    """How a record comes out on the other definition, and whether its page shows other words there.

    `group` is the group of runs that first differ here, once there is one; `reached` keeps where the record
    led from other states, asked about after a first difference.
    """

    turn: Turn
    reworded: bool
    group: int | None = None
    reached: dict[str, tuple[End, ...]] = field(default_factory=dict)


@dataclass
class Counted(Group):
    """A group that programs can read."""

    def plain(self) -> dict[str, Any]:
        """The same for programs."""
        fates = [
            {"class": fate.sort, "ended": fate.ended, "ends": list(fate.ends), "runs": number}
            for fate, number in self.fates.most_common()
        ]
        return {
            **asdict(self.first),
            "runs": self.runs,
            "classes": self.classes,
            "fates": fates,
            "example": self.example,
            "path": self.path,
            "sentences": self.sentences(),
        }


class Against:
    """Counterfactual replay: `learn` takes a record on the other definition, `count` counts a run."""

    def __init__(self, definitions: Definitions, other: Mapping[str, Flow], report: Report) -> None:
        self._definitions, self._other, self._report = definitions, other, report
        self._bridges: dict[tuple[str, str], Bridge] = {}
        self._groups: dict[First, int] = {}
        self._pages: Counter[str] = Counter()
        report.classes = Counter(dict.fromkeys(CLASSES, 0))

    def learn(self, recorded: Recorded) -> Seen:
        """What becomes of the step; raises NotReplayed."""
        bridge = self._bridge(recorded)
        return Seen(turn(bridge, recorded), reworded(bridge.old, bridge.new, recorded.to))

    def _bridge(self, recorded: Recorded) -> Bridge:
        key = (recorded.flow, recorded.digest)
        if key not in self._bridges:
            new = self._other.get(recorded.flow)
            if new is None:
                what = f"there is nothing to hold runs of {recorded.flow} against"
                raise NotReplayed(what, "name one flow with --flow")
            self._bridges[key] = Bridge(self._definitions.by(recorded), new)
        return self._bridges[key]

    def count_all(self, passages: Iterable[Passage[Seen]]) -> None:
        """Count every run into the report."""
        for passage in passages:
            self.count(passage)
        self._report.notes += self._notes()

    def count(self, passage: Passage[Seen]) -> None:
        """Count the runs of one passage: their class, and the group of their first difference."""
        steps = passage.steps
        first = next((at for at, step in enumerate(steps) if step.finding.turn is not SAME), None)
        for page in {step.to for step in steps[:first] if step.finding.reworded}:
            self._pages[page] += passage.runs
        if first is None:
            self._report.count(passage, "same", None)
            return
        number = self._group(passage, first)
        fate = self._fate(steps, first)
        group = self._report.groups[number]
        assert isinstance(group, Counted)
        group.fates[fate] += passage.runs
        self._report.count(passage, fate.sort, number)

    def _fate(self, steps: Sequence[Alike[Seen]], first: int) -> Fate:
        ended, turned = steps[-1].to, steps[first].finding.turn
        if turned.kind == "stuck":
            return Fate("stuck", ended, (steps[first].state,))
        further = [partial(self._reached, step) for step in steps[first + 1 :]]
        ends = followed(turned.to, further)
        return Fate(class_of(ends, ended), ended, tuple(sorted({end.state for end in ends})))

    def _reached(self, step: Alike[Seen], state: str) -> tuple[End, ...]:
        kept = step.finding.reached
        if state not in kept:
            kept[state] = reached(self._bridge(step.recorded), step.recorded, state)
        return kept[state]

    def _group(self, passage: Passage[Seen], at: int) -> int:
        step = passage.steps[at]
        if step.finding.group is None:
            first = self._first(step)
            if first not in self._groups:
                self._groups[first] = len(self._report.groups)
                path = path_in_words(
                    [_word(each) for each in passage.steps[1:at]], f"{step.state} on {step.recorded.trigger}"
                )
                self._report.groups.append(Counted(first, passage.run, path))
            step.finding.group = self._groups[first]
        return step.finding.group

    def _first(self, step: Alike[Seen]) -> First:
        r, bridge = step.recorded, self._bridge(step.recorded)
        begins = r.type == "run.started"
        return First(
            flow=r.flow,
            state=r.state,
            trigger=r.trigger,
            took="" if begins else r.chosen or "",
            came=r.to,
            now=now(bridge, r, step.finding.turn),
            expected=beginnings(bridge) if begins else changes(bridge, r.state, r.trigger),
        )

    def _notes(self) -> list[str]:
        told = [PROJECTION] if self._report.groups else []
        if self._pages:
            pages = ", ".join(f"{page} ({runs:,})" for page, runs in self._pages.most_common())
            told.append(f"Pages with other words, by runs that saw them, which is no difference: {pages}.")
        return told


def _word(step: Alike[Seen]) -> str:
    r = step.recorded
    return f"{r.state}.{r.chosen or r.trigger}"
