"""All that one trigger may come to in one situation: the guards answer whatever their models allow.

`app.flow.step.decide` decides; only its answers are made up here, so that no second engine can disagree.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from app.flow.catalogue import Catalogue
from app.flow.definition import Flow
from app.flow.paths.facts import learnt
from app.flow.paths.model import Facts, Move, Outcome
from app.flow.paths.stepping import begun
from app.flow.step import NothingFits, decide
from app.flow.verdict import Verdict

#: Guards with their answers, in the order asked.
Given = tuple[tuple[str, Outcome], ...]


def outcomes(flow: Flow, catalogue: Catalogue, guard: str, state: str, facts: Facts) -> tuple[Outcome, ...]:
    """What the guard used as `guard` may answer; without a model, everything it declares.

    None at all: the step cannot be taken here.
    """
    use = flow.guards.get(guard)
    declared = catalogue.guards.get(use.guard) if use else None
    if use is None or declared is None:
        return (Outcome("yes"), Outcome("no"))
    if declared.model is not None:
        return tuple(declared.model(use, flow, state, facts))
    no = [Outcome("no", reason) for reason in declared.reasons] or [Outcome("no")]
    return (Outcome("yes"), *no, *([Outcome("unavailable")] if declared.may_be_unavailable else []))


def decisions(
    flow: Flow, catalogue: Catalogue, state: str, trigger: str, facts: Facts
) -> Iterator[Move | Given]:
    """A move for every way the guards can answer, in the order of their outcomes; where no transition fits
    their answers, these alone."""
    waiting: list[tuple[int, ...]] = [()]
    while waiting:
        script = _Script(flow, catalogue, state, waiting.pop(), begun(flow, state, trigger, facts))
        try:
            decision = decide(flow, state, trigger, script.ask)
        except _Impossible:
            continue
        except NothingFits:
            yield tuple(script.given)
        else:
            yield Move(decision.transition, tuple(script.given))
        finally:
            waiting += script.others
    return


@dataclass
class _Script:
    """Guards that answer by numbers: the first ones as told, every later one with its first outcome.

    `others` are the numbers of what could have been answered instead, the nearest last.
    """

    flow: Flow
    catalogue: Catalogue
    state: str
    told: Sequence[int]
    facts: Facts
    given: list[tuple[str, Outcome]] = field(default_factory=list)
    others: list[tuple[int, ...]] = field(default_factory=list)

    def ask(self, guard: str) -> Verdict:
        possible = outcomes(self.flow, self.catalogue, guard, self.state, self.facts)
        if not possible:
            raise _Impossible
        at = len(self.given)
        number = self.told[at] if at < len(self.told) else 0
        if at >= len(self.told):
            before = (*self.told, *(0 for _ in range(at - len(self.told))))
            self.others += [(*before, other) for other in range(len(possible) - 1, 0, -1)]
        outcome = possible[number]
        self.given.append((guard, outcome))
        self.facts = learnt(self.facts, outcome.facts)
        return Verdict(outcome.answer, outcome.reason)


class _Impossible(Exception):
    """The step cannot be taken here at all: no link was ever sent, say."""
