"""Strict replay: a recorded step decided once more by its own definition, fed the answers recorded (B2).

Nothing is asked: verdicts come from the record, times are those it names, a timer fires where it fired.
"""

from collections.abc import Mapping, Sequence

from app.flow.catalogue import CATALOGUE, Catalogue
from app.flow.definition import Flow, Transition
from app.flow.replay.sides import Side, listed
from app.flow.replay.why import answer_in_words, answer_word
from app.flow.step import Decision, NothingFits, UnknownTrigger, decide
from app.flow.trace import BadRecord, Judged, Recorded
from app.flow.verdict import Problem, Verdict

ANSWERS = frozenset({"yes", "no", "unavailable"})


def replayed(flow: Flow, recorded: Recorded, catalogue: Catalogue = CATALOGUE) -> tuple[Side, ...]:
    """Everything that must come out alike, recorded beside replayed; empty when it all did.

    Raises BadRecord where a verdict cannot be one: an answer there is not, a guard told twice.
    """
    sides = _sides(flow, recorded, _verdicts(recorded), catalogue)
    return tuple(sides) if any(side.differs for side in sides) else ()


class _NotRecorded(Exception):
    """A guard is asked that was not asked when the step was taken."""


def _verdicts(recorded: Recorded) -> dict[str, Verdict]:
    verdicts: dict[str, Verdict] = {}
    for each in recorded.judged:
        if each.answer not in ANSWERS:
            known = ", ".join(sorted(ANSWERS))
            what = f"the guard {each.guard} answered {each.answer!r}, which is no answer ({known})"
            raise BadRecord(recorded.run, recorded.seq, what)
        if each.guard in verdicts:
            what = f"the guard {each.guard} is told twice, and a step asks each once"
            raise BadRecord(recorded.run, recorded.seq, what)
        verdicts[each.guard] = as_verdict(each)
    return verdicts


def as_verdict(judged: Judged) -> Verdict:
    """The verdict that was recorded so."""
    problems = tuple(Problem(code, field) for field, code in judged.problems)
    return Verdict(judged.answer, judged.reason, problems, counts=judged.counts)


def _sides(
    flow: Flow, recorded: Recorded, verdicts: Mapping[str, Verdict], catalogue: Catalogue
) -> list[Side]:
    if recorded.type != "transition":
        return _undecided(flow, recorded)
    asked: list[str] = []

    def ask(guard: str) -> Verdict:
        asked.append(guard)
        if guard not in verdicts:
            raise _NotRecorded(guard)
        return verdicts[guard]

    told = {each.guard: f"{each.guard} {answer_word(each)}" for each in recorded.judged}
    try:
        decision = decide(flow, recorded.state, recorded.trigger, ask)
    except (UnknownTrigger, NothingFits, _NotRecorded, KeyError):
        return [
            _asked(told, asked),
            Side("way", recorded.chosen or "-", _why_none(flow, recorded, asked, told)),
        ]
    return [
        _asked(told, [guard for guard, _ in decision.verdicts]),
        *_counters(flow, recorded, catalogue),
        *_way(flow, recorded, decision),
    ]


def _undecided(flow: Flow, recorded: Recorded) -> list[Side]:
    """That a run began, or a note: nothing was asked, and nothing moves but by staff, to another version.

    Where staff let it go on is in no definition, only that there is such a page.
    """
    stands = flow.spec.initial if recorded.type == "run.started" else recorded.state
    leads = recorded.to if recorded.moves else stands
    return [
        Side("way", recorded.chosen or "-", "-"),
        Side("from", recorded.state, stands),
        Side("leads to", recorded.to, leads),
        Side("page", f"{recorded.to} ({recorded.kind})", _page(flow, leads)),
    ]


def _asked(told: Mapping[str, str], asked: Sequence[str]) -> Side:
    """Which guards were asked, in order. A set would hide that another order asks other guards."""
    replayed_as = (told.get(guard, f"{guard} (nothing recorded)") for guard in asked)
    return Side("guards asked", listed(told.values()), listed(replayed_as))


def _why_none(flow: Flow, recorded: Recorded, asked: Sequence[str], told: Mapping[str, str]) -> str:
    if recorded.state not in flow.transitions:
        return f"none: there is no state {recorded.state}"
    if not flow.ways(recorded.state, recorded.trigger):
        return f"none: {recorded.state} does not answer to {recorded.trigger}"
    if asked and asked[-1] not in told:
        return f"cannot be told without {asked[-1]}"
    return "none fits"


def _way(flow: Flow, recorded: Recorded, decision: Decision) -> list[Side]:
    way = decision.transition
    effects = (name for name, _ in recorded.effects)
    return [
        Side("way", recorded.chosen or "-", way.id),
        Side("leads to", recorded.to, way.dest),
        Side("outcome", recorded.outcome, "stayed" if decision.stayed else "moved"),
        Side("effects", listed(effects), listed(order.effect for order in way.effects)),
        Side("page", f"{recorded.to} ({recorded.kind})", _page(flow, way.dest)),
        Side("page says", listed(recorded.errors), listed(_errors(way, decision))),
    ]


def _page(flow: Flow, state: str) -> str:
    return f"{state} ({flow.state(state).kind})" if state in flow.spec.states else f"{state} (not there)"


def _errors(way: Transition, decision: Decision) -> list[str]:
    """The codes the page shows: what every refusal has to mend, then what the way says. Back shows none."""
    refusals = [] if way.trigger == "back" else [v for _, v in decision.verdicts if v.answer == "no"]
    problems = [problem for verdict in refusals for problem in verdict.problems]
    codes = [f"{problem.field}.{problem.code}" if problem.field else problem.code for problem in problems]
    return [*codes, way.say] if way.say else codes


def _counters(flow: Flow, recorded: Recorded, catalogue: Catalogue) -> list[Side]:
    """The answers that follow from recorded numbers and the definition's limits, found again from these."""
    sides = []
    for each in recorded.judged:
        use = flow.guards.get(each.guard)
        hook = catalogue.guards[use.guard].rejudge if use and use.guard in catalogue.guards else None
        if use is None or hook is None or not each.counts:
            continue
        again = several(hook(flow, use.options, each))
        if again and _plain(each) not in map(_plain, again):
            sides.append(Side(f"{each.guard} by its numbers", _told(each), " or ".join(map(_told, again))))
    return sides


def several(rejudged: Judged | Sequence[Judged] | None) -> tuple[Judged, ...]:
    """What a guard's `rejudge` hook told, as the answers it may have given; none where nobody can know."""
    if rejudged is None:
        return ()
    return (rejudged,) if isinstance(rejudged, Judged) else tuple(rejudged)


def _plain(judged: Judged) -> tuple[object, ...]:
    return judged.answer, judged.reason, frozenset(judged.counts)


def _told(judged: Judged) -> str:
    return answer_in_words(judged)
