"""Forking recorded runs: their steps brought about again with invented people, and then otherwise."""

from collections.abc import Callable

import pytest
from click.testing import CliRunner, Result
from flask import Flask

from app import wiring
from app.cli import main
from app.config import ROOT, Settings
from app.proof.page import read_page
from app.proof.spot import recorded
from app.runner.house import House
from app.sandbox.making import to_type
from app.sandbox.tabs import Filler, Tab
from app.store import inbox, run_search
from tests.conftest import SECRET
from tests.desk import log_in
from tests.sandboxes import Bench, app, clock, counts, house, settings
from tests.walk import Walk

__all__ = ["app", "clock", "house", "settings"]

FLOWS = ("ecard", "registration", "activation")


@pytest.fixture(scope="module")
def walked(app: Flask, house: House, settings: Settings) -> dict[str, str]:
    """A run of each flow, its page sent as often as it has a form, by what the home page says to type."""
    post = wiring.open_post(settings, house)
    for name in FLOWS:
        flow, folder = house.shelf.live(name), ROOT / "workflows" / name
        tab = Tab(app, {}, "192.0.2.77", flow.spec.languages[0])
        state = flow.spec.initial
        while state in flow.spec.states and flow.state(state).kind in {"form", "code", "message"}:
            form = tab.look(f"/{name}/{state}").form(None)
            assert form is not None
            with house.database.read() as connection:
                messages = tuple(inbox.messages(connection, house.vault))
            fields = Filler(flow, to_type(str(folder)), messages).filled(form, state)
            answer = tab.ask("POST", form.action, fields)
            state = answer.location.rpartition("/")[2]
            post.deliver()
    with house.database.read() as connection:
        return {run.flow: run.id for run in run_search.newest(connection, {}, None, 20)}


@pytest.mark.parametrize("flow", FLOWS)
def test_a_run_of_each_flow_stands_again_before_its_last_step(
    walk: Walk, house: House, walked: dict[str, str], flow: str
) -> None:
    steps = [each for each in recorded(house, walked[flow]) if each.type == "transition"]
    before, last = counts(house), steps[-1]
    forked = Bench(walk, fork={"run": walked[flow], "step": str(last.seq), "reason": "what if"})
    assert forked.sandbox.sheet.origin is not None
    assert forked.sandbox.sheet.origin.stopped is None
    path = walk.get(f"{forked.at}/app/{flow}/").at
    if last.seq > 1:
        assert "continue" in read_page(walk.text).triggers()
        assert [each["to"] for each in forked.records() if each["type"] == "transition"] == [
            each.to for each in steps[:-1]
        ]
        path = walk.get(f"{forked.at}/app/{flow}/{last.state}").at
    assert path.endswith(f"/{last.state}")
    assert counts(house) == before


def test_one_chooses_differently_from_there(walk: Walk, walked: dict[str, str]) -> None:
    wish = {"run": walked["registration"], "step": "2", "say": "phone_code_right=expired"}
    forked = Bench(walk, fork=wish)
    forked.preset("retry")
    last = forked.records()[-1]
    assert (last["from"], last["chosen"]) == ("verify_phone", "verify_phone.expired")


def test_a_step_that_is_not_there_forks_nothing(walk: Walk, app: Flask, walked: dict[str, str]) -> None:
    desk = log_in(walk)
    kept = app.extensions["narthex_sandboxes"]
    before = len(kept.of("vera"))
    for wish in (
        {"run": walked["ecard"], "step": "99"},
        {"run": walked["ecard"], "step": "x"},
        {"run": "nobody", "step": "1"},
        {"run": walked["ecard"], "step": "1", "say": "card_found=nonsense"},
    ):
        desk.get("/desk/sandbox/")
        assert desk.post("/desk/sandbox/fork", csrf_token=desk.header_token(), **wish).status == 404
    assert len(kept.of("vera")) == before


@pytest.fixture
def narthex(settings: Settings) -> Callable[..., Result]:
    environment = {"NARTHEX_VAR": str(settings.var), "NARTHEX_SECRET_KEYS": SECRET, "NARTHEX_DNS": "off"}
    return lambda *words: CliRunner().invoke(main, ["runs", "fork", *words], env=environment)


def test_the_command_tells_where_another_answer_leads(
    narthex: Callable[..., Result], house: House, walked: dict[str, str]
) -> None:
    before = counts(house)
    told = narthex(walked["ecard"], "--at", "1", "--say", "card_found=unavailable")
    assert told.exit_code == 0, told.output
    assert "1. form submit -> try_later" in told.output
    assert "card_found was made to say unavailable" in told.output
    plain = narthex(walked["ecard"], "--at", "1")
    assert "1. form submit -> requested" in plain.output
    assert "would send: sms" in plain.output
    for words in (("nobody", "--at", "1"), (walked["ecard"], "--at", "9")):
        refused = narthex(*words)
        assert (refused.exit_code, len(refused.output.splitlines())) == (2, 1)
    nonsense = narthex(walked["ecard"], "--at", "1", "--say", "card_found=x")
    assert nonsense.exit_code == 2
    assert "it can say unknown, contact_differs" in nonsense.output
    unasked = narthex(walked["registration"], "--at", "2", "--say", "contract_on_file=unavailable")
    assert unasked.exit_code == 2
    assert (
        "contract_on_file was not asked at this step, so nothing changed; asked: form_valid" in unasked.output
    )
    assert counts(house) == before
