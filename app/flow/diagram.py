"""A definition as a picture has it: states, and the ways between them, gathered so that labels stay apart.

Derived from the compiled flow, never drawn by hand, so it cannot lie. Says the same as a list does; who lays
it out stands behind `app.drawing`.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from app.flow.definition import Flow, Transition
from app.flow.spec import TransitionSpec

#: The node from which ways start that hold everywhere.
EVERYWHERE = "everywhere"


@dataclass(frozen=True)
class Node:
    """A state. `end` is its kind of end, None where the passage goes on; `begins`: runs start here."""

    name: str
    kind: str
    end: str | None
    begins: bool


@dataclass(frozen=True)
class Edge:
    """All transitions from one state to another, in the order in which they are tried."""

    source: str
    dest: str
    ways: tuple[Transition, ...]


@dataclass(frozen=True)
class Diagram:
    """What is drawn of one flow."""

    flow: str
    nodes: tuple[Node, ...]
    edges: tuple[Edge, ...]


def diagram(flow: Flow) -> Diagram:
    """The flow's states in the order written, and its transitions gathered by where they lead from and to.

    What is declared under `everywhere` starts from one node of its own: from every state it would hide the
    rest.
    """
    shared = {way.id: way.dest for way in map(_of_everywhere, flow.spec.everywhere)}
    gathered: dict[tuple[str, str], list[Transition]] = {}
    for way in _ways(flow):
        source = EVERYWHERE if shared.get(way.id) == way.dest else way.source
        gathered.setdefault((source, way.dest), []).append(way)
    nodes = tuple(
        Node(name, state.kind, state.end, name == flow.spec.initial)
        for name, state in flow.spec.states.items()
    )
    edges = tuple(Edge(source, dest, tuple(ways)) for (source, dest), ways in gathered.items())
    return Diagram(flow.name, nodes, edges)


def _of_everywhere(spec: TransitionSpec) -> Transition:
    return Transition.compile(EVERYWHERE, spec)


def _ways(flow: Flow) -> Iterator[Transition]:
    for ways in flow.transitions.values():
        yield from ways


def key_of(way: Transition, source: str | None = None) -> str:
    """How a way is named where it may lead to two places: `form.found>requested`.

    `source` is where it starts on the picture, if not in its state.
    """
    return f"{source or way.source}.{way.id}>{way.dest}"


def marked(marks: Mapping[str, str], edge: Edge, way: Transition) -> str | None:
    """What `marks` hold of one way of an edge, by `key_of` on this picture or by `state.id`."""
    return marks.get(key_of(way, edge.source)) or marks.get(f"{way.source}.{way.id}")


def lines(edge: Edge, notes: Mapping[str, str] | None = None) -> list[str]:
    """What stands on an edge: `trigger: id` of each way, or each trigger once where the ways hold everywhere.

    `notes` are added behind, by `state.id`, or by `key_of` where a picture is of two versions.
    """
    said = notes or {}
    if edge.source == EVERYWHERE:
        shared = ((way.trigger, said.get(key_of(way, EVERYWHERE), "")) for way in edge.ways)
        return list(dict.fromkeys(f"{trigger} {note}".strip() for trigger, note in shared))
    return [_line(way, marked(said, edge, way) or "") for way in edge.ways]


def _line(way: Transition, note: str) -> str:
    own = way.trigger if way.id == way.trigger else f"{way.trigger}: {way.id}"
    return f"{own} {note}" if note else own


def mermaid(picture: Diagram) -> str:
    """The diagram as Mermaid's stateDiagram-v2."""
    told = ["stateDiagram-v2", "  direction LR"]
    told += [f"  [*] --> {node.name}" for node in picture.nodes if node.begins]
    for edge in picture.edges:
        told += [f"  {edge.source} --> {edge.dest}: {line.replace(':', '')}" for line in lines(edge)]
    told += [f"  {node.name} --> [*]" for node in picture.nodes if node.end]
    return "\n".join(told) + "\n"
