"""All that one trigger may come to in one situation: the guards answer whatever their models allow.

`app.flow.step.decide` decides; only its answers are made up here, so that no second engine can disagree.
"""

from collections.abc import Iterator

from app.flow.catalogue import Catalogue
from app.flow.definition import Flow, Transition
from app.flow.paths.facts import learnt
from app.flow.paths.model import Facts, Move, Outcome
from app.flow.paths.stepping import begun
from app.flow.step import NothingFits, decide
from app.flow.verdict import Answer, Verdict

#: Guards with their answers, in the order asked.
Given = tuple[tuple[str, Outcome], ...]
_Told = tuple[tuple[Answer, str | None], ...]


class Asking:
    """The decisions of one flow, each sequence of answers put to `decide` once."""

    def __init__(self, flow: Flow, catalogue: Catalogue) -> None:
        self._flow, self._catalogue = flow, catalogue
        self._known: dict[tuple[str, str, _Told], Transition | str | None] = {}

    def decisions(self, state: str, trigger: str, facts: Facts) -> Iterator[Move | Given]:
        """A move for every way the guards can answer, in the order of their outcomes; where no transition
        fits their answers, these alone. Nothing where a guard has no answer: the step cannot be taken."""
        waiting: list[tuple[Given, Facts]] = [((), begun(self._flow, state, trigger, facts))]
        while waiting:
            given, seen = waiting.pop()
            next_ = self._next(state, trigger, tuple((each.answer, each.reason) for _, each in given))
            if isinstance(next_, str):
                possible = outcomes(self._flow, self._catalogue, next_, state, seen)
                waiting += [((*given, (next_, each)), learnt(seen, each.facts)) for each in possible[::-1]]
            else:
                yield given if next_ is None else Move(next_, given)

    def _next(self, state: str, trigger: str, told: _Told) -> Transition | str | None:
        """The transition taken after these answers, or the guard to be asked next; None if nothing fits."""
        key = (state, trigger, told)
        if key not in self._known:
            self._known[key] = _decided(self._flow, state, trigger, told)
        return self._known[key]


def outcomes(flow: Flow, catalogue: Catalogue, guard: str, state: str, facts: Facts) -> tuple[Outcome, ...]:
    """What the guard used as `guard` may answer; without a model, everything it declares."""
    use = flow.guards.get(guard)
    declared = catalogue.guards.get(use.guard) if use else None
    if use is None or declared is None:
        return (Outcome("yes"), Outcome("no"))
    if declared.model is not None:
        return tuple(declared.model(use, flow, state, facts))
    no = [Outcome("no", reason) for reason in declared.reasons] or [Outcome("no")]
    return (Outcome("yes"), *no, *([Outcome("unavailable")] if declared.may_be_unavailable else []))


def _decided(flow: Flow, state: str, trigger: str, told: _Told) -> Transition | str | None:
    answers = iter(told)

    def ask(guard: str) -> Verdict:
        answer = next(answers, None)
        if answer is None:
            raise _Asked(guard)
        return Verdict(*answer)

    try:
        return decide(flow, state, trigger, ask).transition
    except _Asked as asked:
        return asked.guard
    except NothingFits:
        return None


class _Asked(Exception):
    """`decide` wants to know something more."""

    def __init__(self, guard: str) -> None:
        super().__init__(guard)
        self.guard = guard
