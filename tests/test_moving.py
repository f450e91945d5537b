"""Runs under way moved to another version: they go on there, and all that is told of them still holds."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta

import pytest
from flask import Flask

from app.application import build
from app.config import Settings
from app.delivery.post import Post
from app.flow.moving import Hindrance, WrongMapping
from app.flow.safety.events import of_record
from app.runner import coverage
from app.runner.funnel import funnel
from app.runner.house import House
from app.runner.journal.verify import Checked, verify_chains
from app.runner.moving.carrying import Moved, carry_out
from app.runner.moving.planning import Plan, SameVersion, course_of, moves_of, plan
from app.runner.replaying.replay import Asked, held_against, judged_anew, strictly
from app.runner.searching import Criteria, find
from app.runner.staff.acts import acts_since
from app.runner.story import story
from app.runner.sweep import sweep
from app.store import run_search, runs
from app.store.runs import Run
from tests.conftest import Clock
from tests.drafting import CHIEF
from tests.lodge import CHEAP
from tests.moved import BIRTH, BIRTH_TEXTS, put_live, renamed
from tests.test_activation_walk import LIPA, PASSWORD, Colleague
from tests.test_registration_walk import ESZTER, Applicant
from tests.walk import PERSON, Walk, link_in


@pytest.fixture
def dialect(request: pytest.FixtureRequest) -> str:
    """SQLite, but for tests that say otherwise."""
    return str(getattr(request, "param", "sqlite"))


both = pytest.mark.parametrize(
    "dialect",
    ["sqlite", pytest.param("postgresql", marks=pytest.mark.xdist_group("postgres"))],
    indirect=True,
)


@pytest.fixture
def house(house: House) -> House:
    return replace(house, passwords=CHEAP)


@pytest.fixture
def app(settings: Settings, house: House) -> Flask:
    return build(settings, house)


@pytest.fixture
def colleague(browser: Callable[..., Walk], post: Post, clock: Clock) -> Callable[[], Colleague]:
    return lambda: Colleague(browser(), post, clock)


def planned(house: House, flow: str, old: int = 1, **mapping: str) -> Plan:
    return plan(house, course_of(house, flow, old, mapping))


def moved(house: House, flow: str, old: int = 1, new: int | None = None, **mapping: str) -> Moved:
    return carry_out(house, CHIEF, course_of(house, flow, old, mapping, new), "the old one is wrong")


def open_runs(house: House, flow: str) -> list[Run]:
    with house.database.read() as connection:
        listed = run_search.newest(connection, {"flow": flow, "open": True}, None, 100)
        return [run for each in listed if (run := runs.by_id(connection, each.id))]


def answers(house: House, run: Run) -> dict[str, str]:
    with house.database.read() as connection:
        return runs.read_answers(connection, run, house.vault)


def legs(told: Plan) -> list[tuple[str, str, int]]:
    return [(each.state, each.to, each.runs) for each in told.legs]


def blocked(told: Plan) -> list[tuple[str, Hindrance, int]]:
    return [(each.state, each.hindrance, each.runs) for each in told.blocked]


def assert_all_holds(house: House) -> None:
    """Every chain is whole, and every step comes out as it was recorded."""
    checked = Checked()
    assert list(verify_chains(house, (), checked)) == []
    assert checked.runs
    for report in (strictly(house, Asked()), judged_anew(house, Asked())):
        assert (report.exit_code, list(report.troubles)) == (0, []), report.sentences()
        assert set(report.classes) <= {"same"}


def test_a_colleague_goes_on_on_the_new_version_in_the_middle_of_everything(
    house: House, colleague: Callable[[], Colleague]
) -> None:
    first, slow, proven = colleague(), colleague(), colleague()
    first.identify()
    slow.identify(eik="1")
    pin = first.pin()
    proven.prove()
    assert renamed(house, "activation", "states", "pin", "prove_address", {"tries: 5": "tries: 4"}) == 2
    told = planned(house, "activation")
    assert legs(told) == [
        ("identify", "identify", 1),
        ("password", "password", 1),
        ("pin", "prove_address", 1),
    ]
    assert blocked(told) == []
    assert moved(house, "activation") == Moved(3, 0, id=moves_of(house, "activation")[0].id)
    assert {run.number for run in open_runs(house, "activation")} == {2}
    first.walk.get("/activation/pin")
    assert first.walk.at == "/activation/prove_address"
    first.walk.post(trigger="check", pin=pin)  # sent before, and still good
    assert first.walk.at == "/activation/pin_confirmed"
    first.walk.post(trigger="activate")
    first.choose(PASSWORD)
    slow.walk.get("/activation/identify")
    assert "must have" in slow.walk.text or 'id="problems"' in slow.walk.text  # what was wrong is still said
    slow.walk.post(eik=LIPA, email="elena.opora.demo@gmail.com")
    assert slow.walk.at == "/activation/prove_address"
    proven.choose(PASSWORD)
    assert_all_holds(house)


def test_a_link_sent_before_opens_the_renamed_page(walk: Walk, house: House, post: Post) -> None:
    walk.get("/ecard/").post(**PERSON)
    post.deliver(100)
    link = link_in(walk.messages()[-1])
    renamed(house, "ecard", "states", "add_to_wallet", "put_into_wallet")
    assert legs(planned(house, "ecard")) == [("requested", "requested", 1)]
    assert moved(house, "ecard").runs == 1
    walk.get(link).post(follow=False, trigger="add", wallet="apple")
    assert [run.state for run in open_runs(house, "ecard")] == []
    assert_all_holds(house)


@both
def test_there_and_back_all_is_as_it_was(
    browser: Callable[..., Walk], house: House, post: Post, clock: Clock
) -> None:
    one = Applicant(browser(lang="hu"), post, clock).identify(ESZTER)
    one.walk.post(code="22222")
    code = one.code("sms")
    other = Applicant(browser(lang="hu", address="192.0.2.77"), post, clock).prove_phone(
        {**ESZTER, "policy_number": "HU-30911742", "mobile_prefix": "30", "mobile_number": "7654321"}
    )
    assert other.walk.at == "/registration/email"
    before = sorted(open_runs(house, "registration"), key=lambda run: run.id)
    kept = [answers(house, run) for run in before]
    renamed(house, "registration", "states", "verify_phone", "phone")
    clock.pass_(minutes=5)
    assert moved(house, "registration").runs == 2
    assert {run.state for run in open_runs(house, "registration")} == {"phone", "email"}
    clock.pass_(seconds=1)
    assert moved(house, "registration", old=2, new=1).runs == 2
    after = sorted(open_runs(house, "registration"), key=lambda run: run.id)
    assert [answers(house, run) for run in after] == kept
    assert [replace(run, seq=0, head="") for run in after] == [replace(run, seq=0, head="") for run in before]
    assert [
        (order.from_number, order.to_number, order.runs) for order in moves_of(house, "registration")
    ] == [
        (2, 1, 2),
        (1, 2, 2),
    ]
    one.walk.get("/registration/verify_phone").post(code=code)
    assert one.walk.at == "/registration/email"
    assert_all_holds(house)


def test_a_code_of_another_length_cannot_be_typed_so_they_stay(
    house: House, colleague: Callable[[], Colleague]
) -> None:
    colleague().identify()
    colleague().identify(eik="1")
    back = colleague().identify()
    back.walk.post(trigger="back")  # the PIN sent may still be given
    longer = "    alphabet: digits\n    length: 8\n    valid"
    put_live(house, "activation", {"    alphabet: digits\n    valid": longer, "    max: 6\n": "    max: 8\n"})
    told = planned(house, "activation")
    differs = Hindrance("code_differs", "pin_code")
    assert sorted(blocked(told), key=lambda each: each[0]) == [("identify", differs, 1), ("pin", differs, 1)]
    done = moved(house, "activation")
    assert (done.runs, done.stay) == (1, 2)
    assert sorted(run.number for run in open_runs(house, "activation")) == [1, 1, 2]


def test_whoever_was_not_asked_what_the_state_needs_stays_unless_put_before_the_question(
    house: House, colleague: Callable[[], Colleague]
) -> None:
    one, other = colleague(), colleague()
    one.identify()
    other.identify(eik="1")
    put_live(house, "activation", BIRTH, BIRTH_TEXTS)
    told = planned(house, "activation")
    assert blocked(told) == [("pin", Hindrance("field_missing", "birth"), 1)]
    assert legs(told) == [("identify", "identify", 1)]
    assert blocked(planned(house, "activation", pin="identify")) == [
        ("pin", Hindrance("other_kind", "form"), 1)
    ]
    assert legs(planned(house, "activation", identify="")) == []


def test_a_mapping_leads_to_a_state_of_the_same_kind_or_nowhere(
    house: House, colleague: Callable[[], Colleague]
) -> None:
    colleague().identify()
    put_live(house, "activation", BIRTH, BIRTH_TEXTS)
    assert blocked(planned(house, "activation", pin="identify")) == [
        ("pin", Hindrance("other_kind", "form"), 1)
    ]
    assert blocked(planned(house, "activation", pin="")) == [("pin", Hindrance("left"), 1)]
    with pytest.raises(WrongMapping) as wrong:
        planned(house, "activation", pin="passwort")
    assert (wrong.value.name, wrong.value.old, wrong.value.near) == ("passwort", False, "password")
    with pytest.raises(SameVersion):
        planned(house, "activation", old=2)


def test_whoever_stands_where_no_state_is_any_more_stays_until_it_is_said_where_they_go(
    house: House, colleague: Callable[[], Colleague]
) -> None:
    one = colleague().identify(eik="1")
    one.walk.post(eik=LIPA, email="nobody@opora-demo.bg")
    renamed(house, "activation", "states", "identify", "who", {"tries: 5": "tries: 4"})
    told = planned(house, "activation")
    assert (told.offered, legs(told)) == ({"identify": "who"}, [("identify", "who", 1)])
    assert moved(house, "activation", identify="").runs == 0
    assert moves_of(house, "activation") == []  # nothing was carried out, so nothing is told
    assert moved(house, "activation").runs == 1
    assert moved(house, "activation") == Moved()  # once more does no harm
    acts = [
        (act.staff, act.act, act.subject) for act in acts_since(house, house.clock() - timedelta(hours=1))
    ]
    assert acts == [("chief", "move runs", "activation 1 to 2: 1")]
    assert_all_holds(house)


def test_an_answer_that_would_be_none_there_keeps_its_run_where_it_is(
    house: House, colleague: Callable[[], Colleague]
) -> None:
    colleague().identify()
    put_live(
        house,
        "activation",
        {"  eik:\n    type: eik\n": "  eik:\n    type: text\n    max: 5\n"},
    )
    assert blocked(planned(house, "activation")) == [("pin", Hindrance("field_type", "eik"), 1)]


def test_what_must_be_proven_there_was_proven(house: House, colleague: Callable[[], Colleague]) -> None:
    colleague().prove()
    put_live(
        house,
        "activation",
        {"    requires: [pin_right]\n": "    requires: [pin_right, customer_on_file]\n"},
    )
    assert blocked(planned(house, "activation")) == [
        ("password", Hindrance("unproven", "customer_on_file"), 1)
    ]


def test_an_open_page_is_answered_with_the_renewed_one_and_nothing_typed_is_lost(
    house: House, colleague: Callable[[], Colleague]
) -> None:
    one = colleague().identify(eik="1")
    renamed(house, "activation", "states", "identify", "who", {"tries: 5": "tries: 4"})
    moved(house, "activation")
    one.walk.post(eik=LIPA, email="elena.opora.demo@gmail.com")
    assert one.walk.at == "/activation/who"
    assert "elena.opora.demo@gmail.com" in one.walk.text and LIPA in one.walk.text
    assert (run := open_runs(house, "activation")[0]).seq == 2  # begun, slipped, moved: not a step was taken
    assert run.state == "who"
    one.walk.post()
    one.walk.post(eik=LIPA, email="elena.opora.demo@gmail.com")
    assert one.walk.at == "/activation/pin"
    assert_all_holds(house)


def test_a_page_of_which_all_typed_is_secret_says_only_where_the_request_stands(
    house: House, colleague: Callable[[], Colleague]
) -> None:
    one = colleague().identify()
    pin = one.pin()
    renamed(house, "activation", "states", "pin", "prove_address")
    moved(house, "activation")
    one.walk.post(trigger="check", pin=pin)
    assert one.walk.at == "/activation/prove_address"
    assert pin not in one.walk.text
    assert "обновена" not in one.walk.text
    one.walk.post(trigger="check", pin=pin)
    assert one.walk.at == "/activation/pin_confirmed"
    (run,) = open_runs(house, "activation")
    told = story(house, run.id)
    assert told is not None
    flow = told.flow_of(told.records[2])
    assert flow is not None and of_record(flow, told.records[2]) == {("reach", "prove_address")}


def test_a_state_with_another_time_of_its_own_begins_it_anew(walk: Walk, house: House, clock: Clock) -> None:
    walk.get("/ecard/").post(**PERSON)
    (run,) = open_runs(house, "ecard")
    put_live(house, "ecard", {"    lifetime: 24 h\n": "    lifetime: 12 h\n"})
    renamed(house, "ecard", "states", "requested", "on_its_way")
    clock.pass_(hours=20)
    moved(house, "ecard", new=3)
    assert open_runs(house, "ecard")[0].expires_at == run.expires_at  # as long as before: it goes on
    moved(house, "ecard", old=3, new=2)
    assert open_runs(house, "ecard")[0].expires_at == house.clock() + timedelta(hours=12)
    assert_all_holds(house)


def test_moved_on_the_last_minute_they_have_as_long_as_one_may_be_idle(
    house: House, colleague: Callable[[], Colleague], clock: Clock
) -> None:
    colleague().identify(eik="1")
    put_live(house, "activation", {"absolute: 24 h": "absolute: 1 h"})
    clock.pass_(hours=3)
    moved(house, "activation")
    assert open_runs(house, "activation")[0].expires_at == house.clock() + timedelta(minutes=30)
    clock.pass_(minutes=31)
    sweep(house)
    assert open_runs(house, "activation") == []


def test_what_only_the_older_version_asked_is_forgotten_when_the_run_is_over(
    house: House, colleague: Callable[[], Colleague], clock: Clock
) -> None:
    put_live(house, "activation", BIRTH, BIRTH_TEXTS)
    one = colleague()
    one.walk.get("/activation/").post(eik="1", email="elena.opora.demo@gmail.com", birth="1960")
    (run,) = open_runs(house, "activation")
    moved(house, "activation", old=2, new=1)
    assert answers(house, run)["birth~"] == "1960"  # it may be moved back
    clock.pass_(hours=25)
    sweep(house)
    sweep(house)
    assert "email~" in answers(house, run)
    assert "birth~" not in answers(house, run)


def test_done_in_two_goes_each_run_is_moved_once(
    house: House, colleague: Callable[[], Colleague], clock: Clock
) -> None:
    for _ in range(3):
        colleague().identify(eik="1")
    put_live(house, "activation", {"tries: 5": "tries: 4"})
    course = course_of(house, "activation", 1, {})
    first = carry_out(house, CHIEF, course, "half of them", most=2)
    assert (first.runs, first.left) == (2, 1)
    clock.pass_(seconds=1)
    assert carry_out(house, CHIEF, course, "the rest", most=2).runs == 1
    assert [order.runs for order in moves_of(house, "activation")] == [1, 2]


def test_who_takes_a_step_meanwhile_is_whole_on_either_version(
    house: House, colleague: Callable[[], Colleague]
) -> None:
    people = [colleague().identify(eik="1") for _ in range(6)]
    put_live(house, "activation", {"tries: 5": "tries: 4"})
    with ThreadPoolExecutor(7) as pool:
        slips = [pool.submit(one.walk.post, eik="2", email="x") for one in people]
        first = pool.submit(moved, house, "activation").result()
        assert all(slip.result().at == "/activation/identify" for slip in slips)
    second = moved(house, "activation")
    assert first.runs + second.runs == 6
    assert set(first.blocked) <= {Hindrance("moved_on")}
    assert {run.number for run in open_runs(house, "activation")} == {2}
    assert_all_holds(house)


def test_counts_of_a_version_hold_only_what_was_done_on_it(
    house: House, colleague: Callable[[], Colleague]
) -> None:
    one = colleague().identify()
    renamed(house, "activation", "states", "pin", "prove_address")
    moved(house, "activation")
    one.walk.get("/activation/pin").post(trigger="check", pin=one.pin())
    old, new = (coverage.taken(house, coverage.version(house, "activation", at)) for at in (1, 2))
    assert (dict(old.recorded), dict(new.recorded)) == ({"identify.found": 1}, {"prove_address.right": 1})
    (told,) = funnel(house, "activation", [2]).versions
    assert (told.left_out, told.runs.number) == (1, 0)
    found = find(house, Criteria(pattern="pin > prove_address", flow="activation"))
    assert len(found.runs) == 1
    (run,) = found.runs
    told_of = story(house, run.id)
    assert told_of is not None
    assert [(each.number, each.state, each.to) for each in told_of.records][2:4] == [
        (2, "pin", "prove_address"),
        (2, "prove_address", "pin_confirmed"),
    ]
    report = held_against(house, Asked(), "1")
    assert report.classes["stuck"] == 1  # version 1 has no such state, and says so
