"""F027, F030-F032: what is done is done once, whoever waits keeps the answers, no stranger sends at will."""

from collections.abc import Iterator
from datetime import timedelta

from app.flow.definition import Transition
from app.flow.findings import Finding
from app.flow.lint.graph import by_people, graph, reachable
from app.flow.lint.scene import Scene
from app.flow.lint.stepping import agreed, sent
from app.flow.lint.trails import follow, from_the_beginning
from app.flow.source import Path

#: Whoever has this long needs no warning (WCAG 2.2.1).
LONG_ENOUGH = timedelta(hours=20)

#: Where effects declare what remains: doing it twice makes two of it, or undoes the first.
_REMAINING = {"accounts", "cards"}


def check(scene: Scene) -> Iterator[Finding]:
    """Times, effects and messages as people meet them who wait, go back or mean ill."""
    yield from _times(scene)
    for ways in scene.flow.transitions.values():
        for way in ways:
            yield from _twice(scene, way)
            yield from _lost(scene, way)
    yield from _by_strangers(scene)


def _times(scene: Scene) -> Iterator[Finding]:
    """F027: after `idle` the house offers to continue and nothing is lost, so it is the end that counts."""
    spans: list[tuple[Path, timedelta]] = [(("lifetime", "absolute"), scene.spec.lifetime.absolute)]
    for name, state in scene.spec.states.items():
        if isinstance(state.lifetime, timedelta) and not state.end:
            spans.append((("states", name, "lifetime"), state.lifetime))
    for place, span in spans:
        if span < LONG_ENOUGH:
            hours = f"{span / timedelta(hours=1):.3g}"
            yield scene.found("F027", place, hours=hours)


def _twice(scene: Scene, way: Transition) -> Iterator[Finding]:
    """F030: no Back leads before an effect that remains."""
    for order in way.effects:
        sections = scene.catalogue.effects[order.effect].section or ()
        if not _REMAINING & {sections, *([] if isinstance(sections, str) else sections)}:
            continue

        def then(each: Transition, went_back: bool) -> bool:
            return went_back or each.trigger == "back"

        trails = follow(scene, way.dest, False, then, by_people)
        if True in trails.values(way.source):
            path = trails.told(way.source, True, way)
            effect = f"{order.effect} {order.argument}"
            yield scene.found("F030", scene.place(way), effect=effect, state=way.source, path=path)


def _lost(scene: Scene, way: Transition) -> Iterator[Finding]:
    """F031: whoever waits for a message that does not come can have it sent again."""
    ahead = reachable(graph(scene.flow, by_people), [way.dest])
    further = [each for state in ahead for each in scene.flow.transitions[state] if by_people(each)]
    for name in sent(scene, way):
        if not any(name in sent(scene, each) for each in further):
            yield scene.found("F031", scene.place(way), name=name, way=way.id)


def _by_strangers(scene: Scene) -> Iterator[Finding]:
    """F032: before anything goes to an address that was typed, somebody has counted the network.

    What goes to one address, and from the whole flow, is limited by every policy (`per_day`,
    `messages_per_day`).
    """
    typed = {field for state in scene.spec.states.values() for field in state.fields}
    policies = {**scene.spec.codes, **scene.spec.links}
    counting = {name for name in scene.flow.guards if _counts_networks(scene, name)}

    def then(way: Transition, counted: bool) -> bool:
        return counted or bool(counting & set(agreed(scene, way)))

    trails = from_the_beginning(scene, False, then)
    for state, ways in scene.flow.transitions.items():
        for way in ways if False in trails.values(state) else ():
            for name in sent(scene, way):
                if name in policies and policies[name].to in typed and not then(way, False):
                    path = trails.told(state, False, way)
                    yield scene.found("F032", scene.place(way), name=name, state=state, path=path)


def _counts_networks(scene: Scene, guard: str) -> bool:
    budgets = scene.references("budgets")[guard]
    return any("network" in scene.spec.budgets[name].per for name in budgets)
