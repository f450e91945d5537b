"""Pages filled in badly, and answers that are there or not."""

from app.flow.catalogue import CATALOGUE
from app.flow.paths.facts import PROBLEM
from app.forms import invent
from app.proof.staging.plan import Asked
from app.proof.staging.registry import stages


@stages("form_valid", turn=3)
def form_valid(asked: Asked) -> None:
    """Spoil the answers that a journal names, else by seed one of those that the reason allows."""
    plan, at = asked.plan, asked.at
    if asked.outcome.answer == "yes" or not plan.course.posts(at):
        return
    told = {
        name.removeprefix(PROBLEM): code
        for name, code in asked.outcome.facts.items()
        if name.startswith(PROBLEM)
    }
    ways = [(name, code) for name, code in told.items()] or _ways(asked)
    chosen = ways if told else [ways[(plan.hand.seed + at) % len(ways)]] if ways else []
    if not chosen:
        raise asked.unfit("nothing that could be typed on this page is refused so")
    for name, code in chosen:
        spoilt = invent.spoilt(plan.flow, name, code, plan.hand.seed)
        if spoilt is None:
            raise asked.unfit(f"no answer to '{name}' is refused as {code}")
        plan.typed[at] |= spoilt


def _ways(asked: Asked) -> list[tuple[str, str]]:
    """The fields asked of this very person and the reasons for which an answer can be refused."""
    plan, flow = asked.plan, asked.plan.flow
    fields = [
        name
        for name in flow.state(asked.plan.course.moves[asked.at].transition.source).fields
        if any(posted in plan.typed[asked.at] for posted in invent.answer(flow, name, plan.hand.seed))
    ]
    wanted = asked.outcome.reason
    return [
        (name, code)
        for name in fields
        for code in CATALOGUE.field_types[flow.spec.fields[name].type].reasons
        if wanted in {None, code} and invent.spoilt(flow, name, code, plan.hand.seed) is not None
    ]


@stages("answered", turn=8)
def answered(asked: Asked) -> None:
    """Follows from the moves before; nothing can be done about it."""
    there = bool(asked.plan.value(asked.options.field, asked.at))
    if there is not (asked.outcome.answer == "yes"):
        is_there = "has an answer" if there else "has no answer"
        raise asked.unfit(f"'{asked.options.field}' {is_there} by then")
