"""From one definition to another: which recorded verdicts hold there, which guards would say otherwise."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Literal

from app.flow.catalogue import CATALOGUE, Catalogue
from app.flow.definition import FORM_VALID, Flow, GuardUse
from app.flow.replay.parts import all_equal, deciding, limits, references
from app.flow.replay.strict import several
from app.flow.trace import Judged, Recorded

Standing = Literal["stands", "by its numbers", "unknown"]


@dataclass(frozen=True)
class Carried:
    """What becomes of the recorded verdicts of a guard: `old` is its name in the definition recorded by."""

    old: str | None
    standing: Standing


@dataclass(frozen=True, eq=False)
class Bridge:
    """Recorded steps of `old` are asked about on `new`; what was found out is kept."""

    old: Flow
    new: Flow
    catalogue: Catalogue = field(default_factory=lambda: CATALOGUE)
    _carried: dict[str, Carried] = field(default_factory=dict, repr=False)

    def carried(self, guard: str) -> Carried:
        """How the verdicts of a guard of `new` follow from the record, whatever it was called in `old`."""
        if guard not in self._carried:
            use = self.new.guards.get(guard)
            self._carried[guard] = self._carry(use) if use else Carried(None, "unknown")
        return self._carried[guard]

    def _carry(self, use: GuardUse) -> Carried:
        refer = references(self.catalogue, use)
        hook = self.catalogue.guards[use.guard].rejudge
        # The same name first: two names may mean the same, and each was judged by itself.
        for old in sorted(self.old.guards.values(), key=lambda each: each.name != use.name):
            if (old.guard, old.options) != (use.guard, use.options) or not all_equal(
                self.old, self.new, refer
            ):
                continue
            same = all(limits(self.old, each) == limits(self.new, each) for each in refer)
            if same and (refer or hook is None):
                return Carried(old.name, "stands")
            return Carried(old.name, "by its numbers" if hook else "unknown")
        return Carried(None, "unknown")

    def answers(self, guard: str, recorded: Recorded, state: str) -> tuple[Judged, ...]:
        """What `guard` of `new` may have answered in this step, taken in `state`; none: nobody can know."""
        use = self.new.guards.get(guard)
        if use is None:
            return ()
        if use.guard == FORM_VALID:
            return self._form(use.name, recorded, state)
        carried = self.carried(guard)
        judged = next((each for each in recorded.judged if each.guard == carried.old), None)
        if judged is None or carried.standing == "unknown":
            return ()
        named = replace(judged, guard=guard)
        if carried.standing == "stands":
            return (named,)
        hook = self.catalogue.guards[use.guard].rejudge
        return several(hook(self.new, use.options, named)) if hook else ()

    def _form(self, guard: str, recorded: Recorded, state: str) -> tuple[Judged, ...]:
        """Whether the page's form is well-formed: a field that was never asked is not known to be."""
        judged = next((each for each in recorded.judged if each.guard == guard), None)
        fields = self.new.state(state).fields
        known = set(fields) - set(self.unasked(recorded, state))
        if not fields:
            return (Judged(guard, "yes"),)
        if judged is None:
            return ()
        wrong = [problem for problem in judged.problems if problem[0] in known]
        if wrong:
            return (Judged(guard, "no", wrong[0][1], tuple(wrong)),)
        return (Judged(guard, "yes"),) if len(known) == len(fields) else ()

    def unasked(self, recorded: Recorded, state: str) -> tuple[str, ...]:
        """The fields of the page of `state` that this step did not ask for, or asked for otherwise."""
        asked = {each.field for each in recorded.answers}
        return tuple(
            name for name in self.new.state(state).fields if name not in asked or name in self._otherwise
        )

    @cached_property
    def _otherwise(self) -> frozenset[str]:
        names = self.new.spec.fields
        return frozenset(
            name
            for name in names
            if deciding(self.old, ("fields", name)) != deciding(self.new, ("fields", name))
        )

    def possible(self, guard: str, told_apart: Sequence[str]) -> tuple[Judged, ...]:
        """Every answer that a guard of which nothing is known may give.

        Refusals are told apart where a condition does, by `told_apart`; all others count as one.
        """
        use = self.new.guards.get(guard)
        known = self.catalogue.guards.get(use.guard if use else guard)
        answers = [Judged(guard, "yes")]
        if known and known.may_be_unavailable:
            answers.append(Judged(guard, "unavailable"))
        named = [reason for reason in known.reasons if reason in told_apart] if known else []
        answers += [Judged(guard, "no", reason) for reason in named]
        if not known or not known.reasons or len(named) < len(known.reasons):
            answers.append(Judged(guard, "no"))
        return tuple(answers)
