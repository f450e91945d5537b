"""Pictures of a definition: complete, inside a strict CSP, and the same as the list."""

import re
import xml.etree.ElementTree as ET
from pathlib import Path

import pytest
from click.testing import CliRunner

from app import drawing, wiring
from app.cli import main
from app.config import ROOT
from app.drawing import Marks, TooLarge, svg
from app.flow.definition import Flow
from app.flow.diagram import EVERYWHERE, Diagram, Node, diagram, lines, mermaid
from app.flow.loader import load, read_folder

FLOWS = sorted(file.parent.name for file in (ROOT / "workflows").glob("*/flow.yaml"))


def shipped(name: str) -> Flow:
    flow = load(read_folder(ROOT / "workflows" / name), wiring.catalogue()).flow
    assert flow is not None
    return flow


@pytest.mark.parametrize("name", FLOWS)
def test_every_state_and_every_way_on_stands_in_the_picture_once(name: str) -> None:
    flow = shipped(name)
    picture = diagram(flow)
    assert [node.name for node in picture.nodes] == list(flow.spec.states)
    drawn = sorted(f"{way.source}.{way.id}" for edge in picture.edges for way in edge.ways)
    assert drawn == sorted(f"{way.source}.{way.id}" for ways in flow.transitions.values() for way in ways)
    assert len({(edge.source, edge.dest) for edge in picture.edges}) == len(picture.edges)


@pytest.mark.parametrize("name", FLOWS)
def test_the_svg_is_one_image_without_style_script_or_link(name: str) -> None:
    picture = diagram(shipped(name))
    written = svg(picture, "The flow <&> its ways")
    root = ET.fromstring(written)
    assert (root.get("role"), root.get("aria-label")) == ("img", "The flow <&> its ways")
    assert not re.search(r"<(style|script|a|foreignObject)\b|style=|href", written)
    words = {text.text for text in root.iter("{http://www.w3.org/2000/svg}text")}
    assert {node.name for node in picture.nodes} <= words
    assert {line for edge in picture.edges for line in lines(edge)} <= words


def test_what_is_marked_is_told_by_class_and_in_words() -> None:
    picture = diagram(shipped("ecard"))
    marks = Marks(
        {"form.later": "uncovered", "form": "busy"}, {"form.later": "never", "form": "12 runs"}, "(навсякъде)"
    )
    root = ET.fromstring(svg(picture, "ecard", marks))
    groups = {each.get("class", "") for each in root.iter("{http://www.w3.org/2000/svg}g")}
    assert any("uncovered" in each.split() for each in groups)
    assert any({"begins", "busy"} <= set(each.split()) for each in groups)
    words = {text.text for text in root.iter("{http://www.w3.org/2000/svg}text")}
    assert {"12 runs", "submit: later never", "(навсякъде)"} <= words


def test_what_holds_everywhere_starts_from_one_place() -> None:
    edges = diagram(shipped("registration")).edges
    assert {edge.dest for edge in edges if edge.source == EVERYWHERE} == {"expired", "cancelled"}
    assert [lines(edge) for edge in edges if edge.dest == "expired"] == [["expire"]]


def test_more_states_than_can_be_laid_out_are_refused() -> None:
    nodes = tuple(Node(f"s{n}", "message", None, n == 0) for n in range(drawing.MOST_STATES + 1))
    with pytest.raises(TooLarge):
        svg(Diagram("large", nodes, ()), "large")


def test_mermaid_begins_and_ends_where_the_flow_does() -> None:
    told = mermaid(diagram(shipped("activation")))
    assert told.startswith("stateDiagram-v2\n")
    assert "[*] --> identify" in told
    assert "active --> [*]" in told


def test_the_command_draws_a_folder_and_names_what_it_does_not_know(tmp_path: Path) -> None:
    out = tmp_path / "ecard.svg"
    ran = CliRunner().invoke(main, ["flows", "diagram", "ecard", "--out", str(out)])
    assert (ran.exit_code, out.read_text()[:4]) == (0, "<svg")
    assert (
        CliRunner().invoke(main, ["flows", "diagram", "ecard", "--as", "dot"]).output.startswith("strict")
        is False
    )
    wrong = CliRunner().invoke(main, ["flows", "diagram", "ecrad"])
    assert wrong.exit_code == 2
    assert "ecard" in wrong.output
