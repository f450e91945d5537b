"""A draft tried in a sandbox before anybody gets it, and the walk kept among its scenarios."""

from datetime import date
from pathlib import Path

import pytest

from app.config import ROOT
from app.flow.source import read
from app.flow.starters import started
from app.runner.drafting.drafts import BESIDE, draft_of, start_draft
from app.runner.house import House
from app.scenarios.run import try_folder
from tests.desk import staffed
from tests.drafting import ANNA, changed
from tests.sandboxes import Bench, app, clock, house, settings
from tests.walk import Walk, code_in

__all__ = ["app", "clock", "house", "settings"]

FLOW = "welcome"


@pytest.fixture(scope="module")
def flow(house: House) -> str:
    """A flow that nobody has published, being drafted; its starter's register is nowhere imported."""
    made = started("register", FLOW, ["en"], date(2026, 11, 29))
    beside = {name: text for name, text in made.beside.items() if name in BESIDE}
    start_draft(house, ANNA, FLOW, {**made.files, **beside})
    return FLOW


@pytest.fixture
def bench(walk: Walk, flow: str) -> Bench:
    walk.lang = "en"
    return Bench(walk, f"{flow}:draft", "ines")


@pytest.fixture(scope="module", autouse=True)
def analyst(app: object, house: House) -> None:
    staffed(house, "ines", "analyst")


def walked(bench: Bench) -> Walk:
    """Through the draft to its end, as the person its first scenario speaks of."""
    bench.inside("/welcome/form").post(customer_number="200145", email="ana.petrova@example-mail.bg")
    assert bench.standing == "code"
    (mail,) = bench.sent()
    return bench.walk.post(code=code_in({"text": mail.text}))


def test_a_draft_is_tried_with_the_people_its_scenarios_speak_of(bench: Bench) -> None:
    assert "200145" in bench.walk.get(bench.at).text
    assert walked(bench).at.endswith("/welcome/done")
    assert bench.sandbox.sheet.source == "draft"


def test_a_sandbox_keeps_the_draft_as_it_was_and_a_new_one_has_the_change(
    bench: Bench, house: House, walk: Walk
) -> None:
    before = bench.sandbox.flow.spec.codes["email_code"].tries
    changed(house, FLOW, ("codes", "email_code", "tries"), 4)
    assert (before, bench.sandbox.flow.spec.codes["email_code"].tries) == (5, 5)
    again = Bench(walk, f"{FLOW}:draft", "ines")
    assert again.sandbox.flow.spec.codes["email_code"].tries == 4


def test_a_walk_is_kept_among_the_drafts_scenarios_and_comes_true(
    bench: Bench, house: House, tmp_path: Path
) -> None:
    before = read(draft_of(house, FLOW).files["scenarios.yaml"], "").data
    walked(bench)
    for _ in range(2):
        bench.walk.get(bench.at)
        bench.walk.post(f"{bench.at}/keep", csrf_token=bench.walk.header_token())
        assert "is a scenario of the draft now" in bench.walk.text
    draft = draft_of(house, FLOW)
    after = read(draft.files["scenarios.yaml"], "").data
    assert after[: len(before)] == before
    first, second = (each["name"] for each in after[len(before) :])
    assert second == f"{first} (2)"
    folder = tmp_path / FLOW
    folder.mkdir()
    for name, text in draft.files.items():
        (folder / name).write_text(text)
    assert {each.failure for each in try_folder(folder, ROOT)} == {None}


def test_a_draft_that_does_not_load_says_so(bench: Bench, house: House, walk: Walk) -> None:
    changed(house, FLOW, ("initial",), "nowhere")
    walk.get("/desk/sandbox/?flow=welcome")
    walk.post("/desk/sandbox/", csrf_token=walk.header_token(), definition="welcome:draft")
    assert "This definition cannot be opened" in walk.text
