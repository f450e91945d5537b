"""What a step does to the facts: pages are read, guards and effects leave theirs, a link is pressed."""

from app.flow.catalogue import Catalogue
from app.flow.definition import Flow
from app.flow.paths.facts import (
    BY_LINK,
    OPEN_LINK,
    TRIGGER,
    lasting,
    merged,
    nothing_kept,
    submits,
    typed_anew,
)
from app.flow.paths.model import Facts, Move


def begun(flow: Flow, state: str, trigger: str, facts: Facts) -> Facts:
    """The facts that guards see when `trigger` has been fired: what the page asks has just been posted."""
    now = {**facts, TRIGGER: trigger}
    return typed_anew(now, flow.state(state).fields) if submits(flow, state, now) else now


def after(flow: Flow, catalogue: Catalogue, facts: Facts, move: Move) -> dict[str, str] | None:
    """The facts that hold after `move`; None for the opening of a link that is never committed.

    A link's page takes the step `open_link` together with its button's, or neither (`runner.links.press`).
    """
    way = move.transition
    held = begun(flow, way.source, way.trigger, facts)
    if way.keep == "nothing":
        held = nothing_kept(held)
    for _, outcome in move.outcomes:
        held = merged(held, outcome.facts)
    for order in way.effects:
        model = catalogue.effects[order.effect].model
        held = merged(held, model(order, flow, held)) if model else held
    secrets = {f"field {name}" for name, spec in flow.spec.fields.items() if spec.data_class == "secret"}
    held = {name: value for name, value in held.items() if name not in secrets and name != BY_LINK}
    if way.trigger != OPEN_LINK:
        return lasting(held)
    if not pressed(flow, catalogue) & set(flow.triggers(way.dest)):
        return None
    return {**lasting(held), BY_LINK: "yes"}


def pressed(flow: Flow, catalogue: Catalogue) -> frozenset[str]:
    """The triggers of the buttons on the pages that links show."""
    kinds = {flow.state(link.page).kind for link in flow.spec.links.values()}
    return frozenset(trigger for kind in kinds for trigger in catalogue.kinds[kind].raises)
