"""Pictures of a definition: the one seam behind which pygraphviz lays them out."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from html import escape
from threading import Lock

import pygraphviz

from app.flow.diagram import EVERYWHERE, Diagram, Edge, Node, lines, marked

#: Layout takes more than linear time: 300 states were measured at 23 s.
MOST_STATES = 80

_PROLOGUE = re.compile(r"^.*?<svg[^>]*viewBox=\"([^\"]*)\"[^>]*>", re.DOTALL)
_PAPER = re.compile(r"<polygon fill=\"white\" stroke=\"none\"[^>]*/>\n?")
_FONT = re.compile(r" font-family=\"[^\"]*\"")
_TITLE = re.compile(r"<title>[^<]*</title>\n?")
_SIGN = 0.09  # inches that a sign of a way's label takes at most, on the average of a line
_turn = Lock()


class TooLarge(Exception):
    """More states than can be laid out while somebody waits; the list says the same."""


@dataclass(frozen=True)
class Marks:
    """What is shown beside the definition itself: classes for CSS and notes, by state name and by `state.id`
    or `diagram.key_of`. `everywhere` names, in the reader's language, where the ways of every state start."""

    classes: Mapping[str, str] = field(default_factory=dict)
    notes: Mapping[str, str] = field(default_factory=dict)
    everywhere: str = "(everywhere)"


def dot(picture: Diagram, marks: Marks | None = None) -> str:
    """The diagram in Graphviz' language."""
    return str(_graph(picture, marks or Marks()).to_string())


def svg(picture: Diagram, title: str, marks: Marks | None = None, percent: int = 100) -> str:
    """The diagram as SVG to stand inside a page under a strict CSP: no style, no script, no link.

    It is one image to screen readers, named `title`; beside it belongs the list that says the same. Colours
    come from the page's CSS by class; `percent` is its size. Raises TooLarge.
    """
    if len(picture.nodes) > MOST_STATES:
        raise TooLarge(picture.flow)
    said = marks or Marks()
    box, body = _laid_out(dot(picture, said))
    width, height = (float(side) * percent / 100 for side in box.split()[2:])
    return (
        f'<svg class="diagram" role="img" aria-label="{escape(title)}" viewBox="{box}" '
        f'width="{width:.0f}" height="{height:.0f}" xmlns="http://www.w3.org/2000/svg">{body}'
    )


@lru_cache(maxsize=64)
def _laid_out(written: str) -> tuple[str, str]:
    """The view box and what stands in it."""
    # Graphviz' own library keeps global state: one picture at a time. AGraph takes text for a file's name
    # unless it begins like a graph, which what we wrote always does.
    with _turn:
        drawn = pygraphviz.AGraph(string=written).draw(format="svg", prog="dot")
    found = drawn.decode()
    start = _PROLOGUE.match(found)
    assert start is not None, "Graphviz draws an svg element with a viewBox"
    return start[1], _FONT.sub("", _TITLE.sub("", _PAPER.sub("", found[start.end() :], count=1)))


def _graph(picture: Diagram, marks: Marks) -> pygraphviz.AGraph:
    graph = pygraphviz.AGraph(directed=True, strict=False, rankdir="LR", nodesep="0.35", ranksep="0.7")
    # Laid out for somewhat larger signs than CSS draws: fonts differ from machine to machine.
    graph.node_attr.update(shape="box", fontname="sans-serif", fontsize="14", height="0.5", margin="0.18,0.1")
    graph.edge_attr.update(fontname="sans-serif", fontsize="12.5", arrowsize="0.7")
    above = _widest_above(picture, marks)
    for node in picture.nodes:
        _add_node(graph, node, marks, above.get(node.name, 0))
    if any(edge.source == EVERYWHERE for edge in picture.edges):
        graph.add_node(
            EVERYWHERE,
            id=f"st_{EVERYWHERE}",
            style="dashed",
            label=marks.everywhere,
            **{"class": "everywhere"},
        )
    for number, edge in enumerate(picture.edges):
        _add_edge(graph, edge, number, marks)
    graph.add_subgraph([node.name for node in picture.nodes if node.begins], rank="min")
    if ends := [node.name for node in picture.nodes if node.end]:
        graph.add_subgraph(ends, rank="max")  # ends at the right edge
    return graph


def _widest_above(picture: Diagram, marks: Marks) -> dict[str, int]:
    """By state, the signs of the longest line at a way that leads back to it.

    Graphviz keeps no room for such a label in the direction of the ranks: a state at least as wide keeps it
    away from the labels beside.
    """
    return {
        edge.source: max(map(len, lines(edge, marks.notes)))
        for edge in picture.edges
        if edge.source == edge.dest
    }


def _add_node(graph: pygraphviz.AGraph, node: Node, marks: Marks, above: int) -> None:
    classes = ["state", *(["begins"] if node.begins else []), *(["end", node.end] if node.end else [])]
    if own := marks.classes.get(node.name):
        classes.append(own)
    note = marks.notes.get(node.name)
    # An end is told by its shape as well: success has two borders, all others cut corners.
    shape = "box" if not node.end else "doubleoctagon" if node.end == "success" else "octagon"
    label = f"{node.name}\n{note}" if note else node.name
    graph.add_node(
        node.name,
        id=f"st_{node.name}",
        shape=shape,
        label=label,
        width=f"{max(0.75, above * _SIGN):.2f}",
        **{"class": " ".join(classes)},
    )


def _add_edge(graph: pygraphviz.AGraph, edge: Edge, number: int, marks: Marks) -> None:
    own = [name for way in edge.ways if (name := marked(marks.classes, edge, way))]
    classes = ["way", *dict.fromkeys(own)]
    if edge.source == EVERYWHERE or any(way.trigger == "back" for way in edge.ways):
        classes.append("aside")
    # No label of the definition's texts: names only, which the grammar keeps to letters, digits and _.
    label = "\\l".join(lines(edge, marks.notes)) + "\\l"
    graph.add_edge(
        edge.source,
        edge.dest,
        key=str(number),
        id=f"way_{number}",
        label=label,
        **{"class": " ".join(classes)},
    )
