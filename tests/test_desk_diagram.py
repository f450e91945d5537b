"""The diagram at the desk: readable, stable, and the same as the list; what is selected is told."""

import re
import xml.etree.ElementTree as ET
from collections.abc import Callable

import pytest

from app.drawing import svg
from app.flow.definition import Flow
from app.flow.diagram import diagram, lines
from app.runner.house import House
from tests import thirty
from tests.desk import cheap, log_in, staffed
from tests.drafted import drafted
from tests.test_diagram import FLOWS, shipped
from tests.walk import Walk

SVG = "{http://www.w3.org/2000/svg}"
PAGE = "/desk/flows/registration/diagram"
#: What a sign takes beside and above, in parts of the size that CSS gives it (diagram.css); rather too much.
BROAD, HIGH, DEEP = 0.62, 0.8, 0.2
SIZES = {"way": 11, "state": 13}


@pytest.fixture
def dialect() -> str:
    return "sqlite"


@pytest.fixture
def desk(house: House, browser: Callable[..., Walk]) -> Walk:
    staffed(cheap(house), "vera", "analyst")
    return log_in(browser(lang="en"))


Box = tuple[float, float, float, float, str]


def labels(flow: Flow) -> list[Box]:
    """Left, top, right, bottom of every text in the picture, and its words."""
    found = []
    for group in ET.fromstring(svg(diagram(flow), flow.name)).iter(f"{SVG}g"):
        size = next((SIZES[each] for each in group.get("class", "").split() if each in SIZES), 13)
        for text in group.findall(f"{SVG}text"):
            words, x, y = text.text or "", float(text.get("x", 0)), float(text.get("y", 0))
            width = len(words) * size * BROAD
            left = {"middle": x - width / 2, "start": x}[text.get("text-anchor", "start")]
            found.append((left, y - size * HIGH, left + width, y + size * DEEP, words))
    return found


@pytest.mark.parametrize("name", [*FLOWS, "thirty"])
def test_no_two_labels_overlap_not_even_with_thirty_states(name: str) -> None:
    flow = thirty.flow() if name == "thirty" else shipped(name)
    drawn = labels(flow)
    assert len(drawn) >= len(flow.spec.states)
    for number, (left, top, right, bottom, words) in enumerate(drawn):
        for other in drawn[number + 1 :]:
            apart = right <= other[0] or other[2] <= left or bottom <= other[1] or other[3] <= top
            assert apart, (words, other[4])


def ranks(flow: Flow) -> list[list[str]]:
    """The states from left to right, those of one rank from above."""
    columns: dict[int, list[tuple[float, str]]] = {}
    for group in ET.fromstring(svg(diagram(flow), flow.name)).iter(f"{SVG}g"):
        if "state" in group.get("class", "").split():
            text = group.find(f"{SVG}text")
            assert text is not None
            place = float(text.get("y", 0)), text.text or ""
            columns.setdefault(round(float(text.get("x", 0))), []).append(place)
    return [[name for _, name in sorted(column)] for _, column in sorted(columns.items())]


@pytest.mark.parametrize("dest", ["step_6", "step_3", "refused"])
def test_one_way_more_leaves_every_state_where_it_stood(dest: str) -> None:
    assert ranks(thirty.flow(f"{{id: one_more, trigger: submit, dest: {dest}}}")) == ranks(thirty.flow())


def test_the_list_says_all_that_the_picture_says(desk: Walk) -> None:
    assert desk.get(PAGE).status == 200
    text = desk.text.replace("<wbr>", "")
    told = text.partition('id="list"')[2]
    drawn = diagram(shipped("registration"))
    assert set(re.findall(r'data-svg="(st_\w+)"', told)) >= {f"st_{node.name}" for node in drawn.nodes}
    assert re.findall(r'data-svg="(way_\d+)"', told)
    listed = re.sub(r"<[^>]+>", "", told)
    assert all(line in listed for edge in drawn.edges for line in lines(edge) if edge.source != "everywhere")
    assert set(re.findall(r'data-svg="([^"]+)"', told)) <= set(re.findall(r' id="([^"]+)"', text))


def test_a_selected_state_is_told_in_the_words_of_the_flow_with_its_ways_in_order(desk: Walk) -> None:
    desk.get(f"{PAGE}?state=verify_phone")
    panel = re.sub(r"<[^>]+>", "", desk.text.partition('<aside class="panel"')[2].replace("<wbr>", ""))
    panel = re.sub(r"\s+", " ", panel)
    assert "Telefonszám ellenőrzése" in panel
    answers = ("no_tries_left", "expired", "yes")
    places = [panel.index(f"phone_code_right answers “{each}”") for each in answers]
    assert places == sorted(places)
    assert "orders use_code phone_code" in panel
    assert re.search(r"People come from.*identify.*by submit: found", panel)
    assert re.search(r'class="[^"]*state[^"]* selected"', desk.text)
    desk.get(f"{PAGE}?state=identify")
    assert "Runs begin here." in desk.text
    assert "Back leads here from verify_phone." in desk.text


def test_a_selected_way_is_told_with_what_it_asks_and_says(desk: Walk) -> None:
    desk.get(f"{PAGE}?way=password.weak")
    panel = desk.text.partition('<aside class="panel"')[2]
    assert "password_fits does not answer “yes”" in panel
    assert "set off by a button" in panel
    assert re.search(r'class="[^"]*way selected"', desk.text)
    assert "Nothing selected" in desk.get(f"{PAGE}?way=password.nothing").text


@pytest.mark.parametrize(
    ("form", "begins", "name"),
    [
        ("svg", "<svg", "registration-live.svg"),
        ("dot", "digraph", "registration-live.dot"),
        ("mermaid", "stateDiagram-v2", "registration-live.mmd"),
    ],
)
def test_the_picture_is_taken_away_as_a_file(desk: Walk, form: str, begins: str, name: str) -> None:
    desk.get(f"{PAGE}/{form}?of=live")
    assert desk.page is not None
    assert desk.text.startswith(begins)
    assert name in desk.page.headers["Content-Disposition"]
    assert desk.get(f"{PAGE}/png").status == 404


def test_a_draft_is_drawn_instead_of_what_is_live(house: House, desk: Walk) -> None:
    way = "      - {id: not_on_file, trigger: submit, dest: identify, say: not_on_file}\n"
    more = "      - {id: off, trigger: give_up, dest: cancelled}\n"
    drafted(house, "registration", ("flow.yaml", way, way + more))
    assert "give_up: off" in desk.get(PAGE).text
    assert "give_up: off" not in desk.get(f"{PAGE}?of=live").text
