"""Records as the journal would hold them, made from a definition and the answers of its guards."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from app.flow.definition import Flow
from app.flow.record import GENESIS, Happening, build
from app.flow.step import Decision, decide
from app.flow.trace import Recorded, read
from app.flow.verdict import Verdict
from tests.conftest import BEGINNING


@dataclass
class Journal:
    """The records of one run, taken step by step; `at` is the state it stands in."""

    flow: Flow
    run: str = "01RUN"
    at: str = ""
    records: list[dict[str, Any]] = field(default_factory=list)

    def start(self, state: str = "") -> Recorded:
        """The record with which the run begins."""
        self.at = state or self.flow.spec.initial
        return self._append("run.started", "start", None)

    def step(self, trigger: str, verdicts: Mapping[str, Verdict], chosen: str | None = None) -> Recorded:
        """One step with these answers; `chosen` says otherwise than the definition."""
        if not self.records:
            self.start(self.at)
        decision = decide(self.flow, self.at, trigger, lambda guard: verdicts[guard])
        if chosen:
            way = next(way for way in self.flow.ways(self.at, trigger) if way.id == chosen)
            decision = Decision(way, decision.verdicts)
        return self._append("transition", trigger, decision)

    def _append(self, kind: str, trigger: str, decision: Decision | None) -> Recorded:
        seq = len(self.records)
        at = BEGINNING + timedelta(seconds=seq)
        orders = decision.transition.effects if decision else ()
        problems = (
            [p for _, v in decision.verdicts if v.answer == "no" for p in v.problems] if decision else []
        )
        codes = [f"{p.field}.{p.code}" if p.field else p.code for p in problems]
        said = [decision.transition.say] if decision and decision.transition.say else []
        happening = Happening(
            id=f"{self.run}{seq}",
            run=self.run,
            seq=seq,
            type=kind,
            occurred=at,
            recorded=at,
            now_used=at,
            actor="timer" if trigger == "expire" else "applicant",
            lang="en",
            app="0",
            guards="sha256:none",
            effects=tuple(
                (o.effect, f"{self.run}:{seq}:{n}", "requested") for n, o in enumerate(orders, start=1)
            ),
            errors=tuple(codes + said),
        )
        previous = str(self.records[-1]["hash"]) if self.records else GENESIS
        record = build(self.flow, happening, previous, self.at, trigger, decision, lambda text: text[:4])
        self.records.append(record)
        self.at = str(record["to"])
        return read(record)


def recorded(
    flow: Flow, state: str, trigger: str, verdicts: Mapping[str, Verdict], chosen: str | None = None
) -> Recorded:
    """One step of a run that stands in `state`."""
    return Journal(flow, at=state).step(trigger, verdicts, chosen)
