"""The desk's whole day on SQLite and on PostgreSQL: every page opens, every act stands in the chain."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from functools import partial

import pytest
from flask import Flask
from werkzeug.routing import Rule

from app.application import build
from app.config import Settings
from app.gateways.outcome import Failed
from app.runner.drafting.changing import change, save_file
from app.runner.drafting.drafts import discard, draft_of
from app.runner.drafting.saving import Saved
from app.runner.drafting.undoing import redo, undo
from app.runner.house import House
from app.runner.releasing import agreeing, going_live, planning
from app.runner.staff.acts import check_chain
from app.store import drafts, gate_reports, schedules
from app.store.drafts import StaleDraft
from app.web import access
from tests.apps import Compiled
from tests.conftest import Clock
from tests.desk import staffed
from tests.drafting import ANNA, BELA, CHIEF, agreed, bare, changed, checked, drafted, member, set_value
from tests.operating import Operating, operating, post

FLOW, KEEP = "activation", ("fields", "pin", "keep")
CARLA = member("carla", "approver")


@pytest.fixture
def desk(settings: Settings, house: House, clock: Clock) -> Operating:
    def built(opened: House) -> Flask:
        app = build(settings, opened)
        app.jinja_env.bytecode_cache = Compiled()
        return app

    return operating(built, house, clock)


def test_a_draft_lives_its_whole_life(desk: Operating) -> None:
    house, clock = desk.house, desk.clock
    staffed(house, "anna", "analyst")
    bare(house, FLOW)
    draft = changed(house, FLOW, KEEP, "2 h")
    assert undo(house, ANNA, FLOW).draft.digest != draft.digest
    assert redo(house, ANNA, FLOW).draft.digest == draft.digest
    text = draft.files["flow.yaml"] + "# by hand\n"
    saved = save_file(house, BELA, FLOW, draft.revision, "flow.yaml", text)
    assert isinstance(saved, Saved)
    with pytest.raises(StaleDraft):
        discard(house, ANNA, FLOW, draft.revision)
    assert checked(house, FLOW)
    agreed(house, FLOW, saved.draft)
    planning.schedule(house, ANNA, FLOW, saved.draft.digest, clock() + timedelta(hours=1), "tonight")
    assert planning.call_off(house, ANNA, FLOW)
    planning.schedule(house, ANNA, FLOW, saved.draft.digest, clock() + timedelta(hours=1), "tonight")
    clock.pass_(hours=2)
    assert planning.publish_due(house) == 1
    assert going_live.roll_back(house, CHIEF, FLOW, 1, "worse").number == 3
    planning.pause(house, CHIEF, FLOW, "a fault")
    planning.pause(house, CHIEF, FLOW, "a worse one")
    assert planning.resume(house, CHIEF, FLOW)
    with house.database.read() as connection:
        told = [(each.outcome, each.number) for each in schedules.of_flow(connection, FLOW)]
        assert sorted(told, key=str) == [("called_off", None), ("published", 2)]
        report = gate_reports.newest(connection, house.vault, draft.id)
        assert report is not None and report.passed
        assert drafts.open_of(connection, house.vault, FLOW) is None
    assert check_chain(house).fault is None


def at_once(*works: Callable[[], object]) -> list[object]:
    """What came of works begun in the same moment: what they gave, or the sort of what they raised."""

    def done(work: Callable[[], object]) -> object:
        try:
            return work()
        except Exception as problem:
            return type(problem)

    with ThreadPoolExecutor(len(works)) as pool:
        return list(pool.map(done, works))


def test_what_goes_live_is_what_was_agreed_to_whoever_edits_in_that_moment(desk: Operating) -> None:
    house = desk.house
    bare(house, FLOW)
    draft = changed(house, FLOW, KEEP, "2 h")
    assert checked(house, FLOW)
    agreed(house, FLOW, draft)
    edits = [set_value(draft, ("lifetime", "idle"), f"{20 + each} min") for each in range(3)]
    at_once(
        *(partial(change, house, BELA, FLOW, [each]) for each in edits),
        lambda: going_live.publish_draft(house, ANNA, FLOW, draft.digest, "now"),
        lambda: going_live.publish_draft(house, BELA, FLOW, draft.digest, "now"),
    )
    live = house.shelf.live(FLOW)
    if live.number == 2:  # it was quicker than the edits
        assert live.files["flow.yaml"] == draft.files["flow.yaml"]
    else:
        assert draft_of(house, FLOW).digest != draft.digest
    assert check_chain(house).fault is None


def test_of_two_who_decide_in_one_moment_one_does(desk: Operating) -> None:
    house = desk.house
    draft = changed(house, FLOW, KEEP, "2 h")
    agreeing.ask(house, ANNA, FLOW, draft.digest, "")
    told = at_once(
        lambda: agreeing.decide(house, CHIEF, FLOW, draft.digest, True, "yes"),
        lambda: agreeing.decide(house, CARLA, FLOW, draft.digest, False, "no"),
    )
    assert sum(isinstance(each, agreeing.Approval) for each in told) == 1
    assert check_chain(house).fault is None


PARTS = {"flow": FLOW, "register": "customers", "filename": "x", "number": "1"}


def address(rule: Rule, parts: dict[str, str]) -> str:
    built = rule.build({name: parts.get(name, 1) for name in rule._converters})
    assert built is not None
    return built[1]


def test_every_page_of_the_desk_opens_with_something_on_it(desk: Operating) -> None:
    drafted(desk.house, FLOW)
    letter = desk.given_up()
    parts = {
        **PARTS,
        "letter": letter,
        "request": desk.request(),
        "reference": "7kqm-2xrd",
        "document": desk.document(),
    }
    roles = ("analyst", "approver", "qa", "operator", "auditor")
    walk = desk.browser("all", *roles)
    answers = {}
    for rule in desk.app.url_map.iter_rules():
        if rule.endpoint in access.DESK and "GET" in (rule.methods or ()):
            where = address(rule, parts)
            answers[rule.endpoint] = walk._ask("GET", where).status_code
    assert not {name: status for name, status in answers.items() if status >= 500}
    for name in (
        "outbox",
        "letter",
        "requests",
        "request",
        "documents",
        "registers",
        "register_matching",
        "gateways",
    ):
        assert answers[f"desk.{name}"] == 200, name
    for name in (
        "flows",
        "flow",
        "flow_check",
        "flow_release",
        "flow_versions",
        "flow_compare",
        "flow_funnel",
    ):
        assert answers[f"desk.{name}"] == 200, name
    for query in ("state=given_up&channel=sms", "since=2026-11-01&until=2026-11-30", "after=x"):
        assert walk.get(f"/desk/outbox?{query}").status == 200
    assert walk.get("/desk/requests?show=all&realm=lodge").status == 200
    assert walk.get("/desk/acts?outcome=done&since=2026-11-01").status == 200
    walk.get(f"/desk/outbox/{letter}")
    assert "waits to leave again" in post(walk, f"/desk/outbox/{letter}/retry").text
    desk.post(lambda _: Failed("busy")).deliver()
    assert check_chain(desk.house).fault is None
