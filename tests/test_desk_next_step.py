"""The next step above every page about a flow: whoever follows it brings a new flow to people."""

import html
import re
from collections.abc import Callable

import pytest

from app.config import ROOT
from app.flow.edit import SetValue
from app.gate.checker import carry_out
from app.runner.drafting.changing import change
from app.runner.house import House
from tests.desk import cheap, log_in, staffed
from tests.drafting import ANNA, drafted
from tests.test_desk_release import press
from tests.walk import Walk

AT = "/desk/flows/greeting"
NEXT = re.compile(r'<p class="draft-next">[^<]*<a href="([^"]+)">([^<]+)</a>')


@pytest.fixture
def dialect() -> str:
    return "sqlite"


@pytest.fixture
def desk(house: House, browser: Callable[..., Walk]) -> tuple[Walk, Walk]:
    """An analyst who has begun a flow, and an approver."""
    for name, role in (("anna", "analyst"), ("chief", "approver")):
        staffed(cheap(house), name, role)  # type: ignore[arg-type]
    anna = log_in(browser(lang="en"), "anna")
    press(anna, "/desk/flows", "/desk/flows", name="greeting", starter="form", first="en")
    return anna, log_in(browser(lang="en"), "chief")


def step(walk: Walk, path: str = f"{AT}/texts") -> tuple[str, str] | None:
    """Words and address of the next step as a page about the flow tells it."""
    found = NEXT.search(walk.get(path).text)
    return (html.unescape(found[2]), found[1]) if found else None


def test_each_step_leads_to_the_next_until_the_wizard_runs(desk: tuple[Walk, Walk], house: House) -> None:
    anna, chief = desk
    assert step(anna) == ("check the draft", f"{AT}/check")
    press(anna, f"{AT}/check", f"{AT}/check")
    assert step(anna) == ("see how the check goes", f"{AT}/check")
    carry_out(house, ROOT)
    assert step(chief) is None
    assert step(anna) == ("ask a second person", f"{AT}/release")
    press(anna, f"{AT}/release", f"{AT}/release/ask", words="")
    assert step(anna) == ("a second person decides", f"{AT}/release")
    assert step(chief) == ("agree or decline", f"{AT}/release")
    press(chief, f"{AT}/release", f"{AT}/release/decide", decision="agree", remark="")
    assert step(anna) == ("publish it", f"{AT}/release")
    assert "Open the wizard" not in anna.text
    press(anna, f"{AT}/release", f"{AT}/release/publish", reason="the first one")
    assert step(anna) is None
    assert '<a href="/greeting/">Open the wizard</a>' in anna.text
    assert '<a href="/greeting/">Open' in anna.get("/desk/flows").text
    assert anna.get("/greeting/").status == 200
    press(anna, f"{AT}/texts", f"{AT}/draft")
    assert step(anna) == ("change something", f"{AT}?of=draft")


def test_what_is_wrong_comes_first(desk: tuple[Walk, Walk], house: House) -> None:
    anna, _ = desk
    draft = drafted(house, "greeting")
    change(house, ANNA, "greeting", [SetValue("flow.yaml", ("initial",), "nowhere", "form")], draft.revision)
    assert step(anna, f"{AT}/release") == ("mend the errors", f"{AT}/check")


def test_no_tab_of_a_flow_that_never_was_live_leads_nowhere(desk: tuple[Walk, Walk]) -> None:
    anna, _ = desk
    page = anna.get(AT).text.partition('<nav class="tabs"')[2].partition("</nav>")[0]
    tabs = re.findall(r'<a href="([^"]+)"', page)
    assert len(tabs) > 5
    assert f"{AT}/compare" not in tabs
    for tab in tabs:
        assert anna.get(html.unescape(tab)).status == 200
    assert f"{AT}/compare" not in anna.get(f"{AT}/release").text


def test_whoever_tries_a_flow_finds_the_way_back_to_it(desk: tuple[Walk, Walk]) -> None:
    anna, _ = desk
    assert step(anna, "/desk/sandbox/?flow=greeting") == ("check the draft", f"{AT}/check")
    assert "greeting" not in anna.get("/desk/sandbox/?flow=nowhere").text
    press(anna, "/desk/sandbox/?flow=greeting", "/desk/sandbox/", definition="greeting:draft")
    assert f'<a href="{AT}">' in anna.text
