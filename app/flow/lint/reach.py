"""F001-F004: every state can be reached, and from every state there is a way out."""

from collections.abc import Iterator

from app.flow.findings import Finding
from app.flow.lint import table
from app.flow.lint.graph import Graph, by_people, circle, graph, leading_to, reachable
from app.flow.lint.scene import Scene
from app.flow.phrases import listed


def check(scene: Scene) -> Iterator[Finding]:
    """States nobody reaches, states nobody leaves."""
    everything = graph(scene.flow, lambda way: True)  # noqa: ARG005
    reached = reachable(everything, [scene.spec.initial])
    for state in scene.spec.states:
        if state not in reached:
            yield scene.found("F001", ("states", state), state=state)
    yield from _only_in_theory(scene, reached)
    yield from _stuck(scene)
    yield from _no_way_out(scene, reached)


def _only_in_theory(scene: Scene, reached: set[str]) -> Iterator[Finding]:
    """F002: conditions of one transition that contradict each other lead nowhere."""
    possible = graph(scene.flow, lambda way: table.can_fit(scene, way))
    for state in sorted(reached - reachable(possible, [scene.spec.initial])):
        ways = [w for all_ways in scene.flow.transitions.values() for w in all_ways if w.dest == state]
        never = [f"'{way.source}.{way.id}'" for way in ways if not table.can_fit(scene, way)]
        names = listed(never, "{one} or {more}")
        if names:
            yield scene.found("F002", ("states", state), state=state, ways=names)


def _stuck(scene: Scene) -> Iterator[Finding]:
    for name, state in scene.spec.states.items():
        if not state.end and not any(map(by_people, scene.flow.transitions[name])):
            yield scene.found("F003", ("states", name), state=name)


def _no_way_out(scene: Scene, reached: set[str]) -> Iterator[Finding]:
    """F004: waiting until the run goes out of date is no way out, so the clock's transitions do not count."""
    states = scene.spec.states
    leads = graph(scene.flow, by_people)
    to_end = leading_to(leads, [name for name, state in states.items() if state.end])
    to_success = leading_to(leads, [name for name, state in states.items() if state.end == "success"])
    told: set[str] = set()
    for name, state in states.items():
        round_ = circle(leads, name)
        if state.end or name in told or name not in reached or name in to_success or not round_:
            continue
        told |= _together(leads, name)
        rule = "F004b" if name in to_end else "F004a"
        yield scene.found(rule, ("states", name), state=name, circle=" → ".join(round_))


def _together(leads: Graph, state: str) -> set[str]:
    """The states that lead to each other with `state`: one circle is told once."""
    return reachable(leads, [state]) & leading_to(leads, [state])
