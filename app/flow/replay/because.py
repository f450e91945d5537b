"""Why a recorded step comes out otherwise on another definition, in one sentence."""

from app.flow.definition import Transition
from app.flow.replay.branches import Branch
from app.flow.replay.bridge import Bridge
from app.flow.replay.changes import orders
from app.flow.replay.turns import Turn, old_way
from app.flow.replay.why import answer_word, failed, wanted_in_words
from app.flow.trace import Judged, Recorded


def now(bridge: Bridge, recorded: Recorded, turn: Turn) -> str:
    """What happens now, as it follows on `now `: `'locked' is taken and leads to locked, because ...`."""
    if turn.kind == "stuck":
        return f"they are stuck: {turn.why}"
    if recorded.type == "run.started":
        return f"runs begin at {turn.to[0]}"
    if turn.kind == "open":
        return f"it depends on {_open(bridge, recorded, turn)}"
    branch = turn.branches[0]
    taken = " or ".join(f"'{each.way.id}'" for each in turn.branches)
    leads = "stays there" if branch.way.dest == recorded.state else f"leads to {branch.way.dest}"
    return f"{taken} is taken and {leads}, because {_because(bridge, recorded, turn.branches)}"


def _open(bridge: Bridge, recorded: Recorded, turn: Turn) -> str:
    """The guards nobody can answer for, the fields they lack, and what would lead where."""
    guards = dict.fromkeys(guard for branch in turn.branches for guard in branch.supposed)
    leads: dict[str, str] = {}
    for branch in turn.branches:
        told = [f"{each.guard} {answer_word(each)}" for each in branch.judged if each.guard in guards]
        leads.setdefault(branch.way.dest, " and ".join(told) or "what was recorded")
    ways = "; ".join(f"{told} leads to {dest}" for dest, told in leads.items())
    lacking = [name for guard in guards for name in lacks(bridge, recorded, guard)]
    needs = (
        f" (needs the field {' and '.join(dict.fromkeys(lacking))}, not asked there before)"
        if lacking
        else ""
    )
    named = " and ".join(guards) or " and ".join(_left_open(turn))
    return f"{named}, of which the record does not tell enough{needs}: {ways}"


def _left_open(turn: Turn) -> list[str]:
    """The guards whose answers differ between the branches, where each is possible by its numbers."""
    told: dict[str, set[str]] = {}
    for branch in turn.branches:
        for each in branch.judged:
            told.setdefault(each.guard, set()).add(answer_word(each))
    return [guard for guard, answers in told.items() if len(answers) > 1]


def lacks(bridge: Bridge, recorded: Recorded, guard: str) -> tuple[str, ...]:
    """The fields that `guard` looks at and that nobody was asked for when the step was recorded."""
    use = bridge.new.guards.get(guard)
    if use is None:
        return ()
    if use.guard == "form_valid":
        return bridge.unasked(recorded, recorded.state) if recorded.state in bridge.new.spec.states else ()
    refer = bridge.catalogue.guards[use.guard].references
    named = [name for section, name in refer(use.options) if section == "fields"] if refer else []
    asked = {name for state in bridge.old.spec.states.values() for name in state.fields}
    return tuple(name for name in named if name not in asked)


def _because(bridge: Bridge, recorded: Recorded, branches: tuple[Branch, ...]) -> str:
    before = {each.guard: each for each in recorded.judged}
    for each in branches[0].judged:
        was = before.get(bridge.carried(each.guard).old or each.guard)
        if was is not None and (was.answer, was.reason) != (each.answer, each.reason):
            return f"{each.guard} answers {_renewed(_answers(branches, each.guard), each, was)}"
    return _by_the_ways(bridge, recorded, branches[0])


def _answers(branches: tuple[Branch, ...], guard: str) -> str:
    """Every answer that the guard gives in one of the branches: `wrong or used`."""
    words = (_word(each) for branch in branches for each in branch.judged if each.guard == guard)
    return " or ".join(dict.fromkeys(words))


def _word(judged: Judged) -> str:
    return judged.reason if judged.answer == "no" and judged.reason else judged.answer


def _renewed(answers: str, judged: Judged, was: Judged) -> str:
    """`no_tries_left (3 of 3 tries, was 3 of 5)`: what is answered, and the numbers that are others now."""
    before = {count.name: count for count in was.counts}
    numbers = [
        f"{c.after} of {c.limit} {c.name}, was {before[c.name].after} of {before[c.name].limit}"
        for c in judged.counts
        if c.name in before and before[c.name].limit != c.limit
    ]
    return f"{answers} ({'; '.join(numbers)})" if numbers else f"{answers}, was {_word(was)}"


def _by_the_ways(bridge: Bridge, recorded: Recorded, branch: Branch) -> str:
    """What about the ways themselves decides, all verdicts being as they were."""
    chosen, way = recorded.chosen or "", branch.way
    there = {each.id: each for each in bridge.new.ways(recorded.state, recorded.trigger)}
    if chosen not in there:
        return f"there is no way '{chosen}' any more"
    if chosen == way.id:
        return _same_way(bridge, recorded, way)
    judged = {each.guard: each for each in branch.judged}
    condition = failed(there[chosen], judged)
    if list(there).index(way.id) < list(there).index(chosen):
        new = old_way_ids(bridge, recorded)
        return f"'{way.id}' stands above '{chosen}'" + ("" if way.id in new else " and is new")
    if condition is None:
        return f"'{chosen}' does not fit any more"
    answer = answer_word(judged[condition.guard]) if condition.guard in judged else "nothing"
    return f"'{chosen}' wants {wanted_in_words(condition)} of {condition.guard}, which answered {answer}"


def old_way_ids(bridge: Bridge, recorded: Recorded) -> tuple[str, ...]:
    """The ways there were when the step was recorded."""
    return tuple(way.id for way in bridge.old.ways(recorded.state, recorded.trigger))


def _same_way(bridge: Bridge, recorded: Recorded, way: Transition) -> str:
    if way.dest != recorded.to:
        return f"'{way.id}' led to {recorded.to}"
    before = old_way(bridge, recorded)
    if before is not None and before.effects != way.effects:
        return f"it orders {orders(way)}, ordered {orders(before)}"
    kind = bridge.new.state(way.dest).kind
    if kind != recorded.kind:
        return f"the page {way.dest} is of kind {kind}, was {recorded.kind}"
    return "its definition is another one"
