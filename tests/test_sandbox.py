"""QA's sandbox: the real pages, a world that QA decides, and nothing that leaves."""

import re
import shutil
import socket
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC
from typing import Any, NoReturn
from urllib.parse import urlencode

import pytest

from app.config import ROOT
from app.runner.house import House
from app.sandbox.sandboxes import Sandboxes, delete_old
from app.scenarios.run import try_text
from tests.conftest import Clock
from tests.desk import log_in
from tests.sandboxes import Bench, app, bench, clock, counts, house, settings
from tests.walk import PERSON, Walk

__all__ = ["app", "bench", "clock", "house", "settings"]

ROUNDS = ("timer", "double_click", "two_tabs", "back_then_submit", "retry", "stale_token")


@pytest.fixture
def no_network(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Whoever opens a connection or asks for a name fails."""

    def closed(*_: Any, **__: Any) -> NoReturn:
        raise AssertionError("something wanted to leave")

    for name in ("connect", "connect_ex", "sendto"):
        monkeypatch.setattr(socket.socket, name, closed)
    monkeypatch.setattr(socket, "getaddrinfo", closed)
    monkeypatch.setattr(socket, "create_connection", closed)
    yield


@pytest.mark.usefixtures("no_network")
def test_a_walk_to_the_card_sends_nothing_and_leaves_the_house_as_it_was(bench: Bench, house: House) -> None:
    before = counts(house)
    assert bench.request().status == 200
    assert bench.standing == "requested"
    (sms,) = bench.sent()
    link = next(line for line in sms.text.splitlines() if "/w/" in line).removeprefix("http://localhost")
    assert link.startswith(f"{bench.at}/app/w/")
    page = bench.walk.get(link)
    assert page.at == f"{bench.at}/app/w/card"
    handed = page.post(wallet="apple", trigger="add")
    assert handed.page is not None
    assert handed.page.mimetype == "application/vnd.apple.pkpass"
    assert counts(house) == before
    assert {record["env"] for record in bench.records()} == {"preview"}


def test_nothing_in_a_sandbox_could_send(bench: Bench) -> None:
    house, post = bench.sandbox.house, bench.sandbox.post
    assert {carrier.name for carrier in post.carriers.values()} == {"outbox"}
    assert house.webhooks == frozenset()
    assert not house.google_objects
    assert repr(house.sources) == "<Sources []>"
    assert bench.sandbox.app.extensions.get("narthex_receipts") is None


def test_the_button_for_google_leads_nowhere(bench: Bench) -> None:
    bench.request()
    link = next(line for line in bench.sent()[0].text.splitlines() if "/w/" in line)
    page = bench.walk.get(link.removeprefix("http://localhost")).post(
        wallet="google", trigger="add", follow=False
    )
    assert page.status == 200
    assert "pay.google.com" in page.text
    assert page.page is not None
    assert "Location" not in page.page.headers


def test_cookies_of_inside_and_outside_never_meet(bench: Bench) -> None:
    bench.walk.get("/ecard/form")
    bench.request()
    kept = {(each.key, each.path) for each in bench.walk.client._cookies.values()}
    inside = {(name, path) for name, path in kept if name.startswith(f"sandbox_{bench.name}_")}
    assert ("narthex", "/") in kept
    assert (f"sandbox_{bench.name}_narthex", bench.at) in inside
    assert all(path.startswith(bench.at) for _, path in inside)
    assert all(path == "/" for _, path in kept - inside)


def test_pages_inside_may_be_framed_by_the_desk_and_by_nobody_else(bench: Bench) -> None:
    page = bench.inside("/ecard/form").page
    assert page is not None
    policy = page.headers["Content-Security-Policy"]
    assert "frame-ancestors 'self'" in policy
    assert "form-action 'self';" in f"{policy};"
    alone = bench.walk._ask("GET", f"{bench.at}/app/ecard/form", headers={"Sec-Fetch-Dest": "document"})
    assert alone.status_code == 303
    assert bench.walk.get(alone.location).text.count("<iframe") == 1


def test_only_its_owner_gets_in(bench: Bench, browser: Any) -> None:
    for path in (bench.at, f"{bench.at}/page", f"{bench.at}/app/ecard/form"):
        assert browser().get(path).at == "/desk/login"
    other = log_in(browser(), "milena")
    for path in (bench.at, f"{bench.at}/page", f"{bench.at}/app/ecard/form"):
        assert other.get(path).status == 404
    operator = log_in(browser(), "stoyan")
    assert operator.get(f"{bench.at}/app/ecard/form").status == 403
    stranger = browser()
    assert stranger.get(bench.at).post(f"{bench.at}/app/ecard/form", **PERSON).at == "/desk/login"


def test_the_clock_goes_to_the_next_deadline_and_does_what_time_does(bench: Bench, clock: Clock) -> None:
    bench.request()
    begun = bench.sandbox.house.clock()
    text_before = bench.walk.get(bench.at).text
    assert 'value="resend:card_link"' in text_before
    bench.clock(deadline="resend:card_link")
    assert bench.sandbox.house.clock() > begun
    assert 'value="resend:card_link"' not in bench.walk.get(bench.at).text
    bench.clock(deadline="end:requested")
    assert bench.inside("/ecard/").text
    assert bench.records()[-1]["event"] == "expire"
    assert bench.sent()  # the inbox forgets within a day, the outbox does not
    assert clock.now < bench.sandbox.house.clock()
    bench.act(f"{bench.at}/preset", preset="timer")  # nothing is left to send
    assert bench.sandbox.sheet.came is None


def test_the_clock_runs_with_the_real_one_until_it_is_stopped(bench: Bench, clock: Clock) -> None:
    began = bench.sandbox.house.clock()
    clock.pass_(minutes=5)
    assert (bench.sandbox.house.clock() - began).total_seconds() == 300
    bench.clock(goes="no")
    clock.pass_(minutes=5)
    assert (bench.sandbox.house.clock() - began).total_seconds() == 300
    bench.clock(minutes="90").clock(goes="yes")
    clock.pass_(minutes=1)
    assert (bench.sandbox.house.clock() - began).total_seconds() == 300 + 90 * 60 + 60
    for landmark, day in {"clocks": "2027-03-28T00:00", "leap_day": "2028-02-28T22:00"}.items():
        bench.clock(landmark=landmark)
        assert bench.sandbox.house.clock().astimezone(UTC).isoformat().startswith(day)
    assert bench.clock(landmark="x").walk.status == 400
    for minutes in ("-1", "9" * 5000):
        assert bench.clock(minutes=minutes).walk.status == 400


@pytest.mark.parametrize(
    "at", ["/%2e%2e/%2e%2e/runs", "/..\\..\\runs", "//elsewhere.example/", "\\x", "/a/../../b"]
)
def test_the_frame_shows_nothing_that_is_not_inside(bench: Bench, at: str) -> None:
    page = bench.walk.get(f"{bench.at}?{urlencode({'at': at})}").text
    assert f'<iframe name="page" id="page" src="{bench.at}/app/ecard/form"' in page


def test_a_check_answers_as_chosen_the_next_time_and_then_by_itself(bench: Bench) -> None:
    for answer, state in {
        "register insured=silent": "try_later",
        "register profiles=malformed": "try_later",
        "register insured=knows_nobody": "not_found",
        "dns=no_such_domain": "invalid",
        "dns=takes_no_mail": "invalid",
        "dns=unknown": "requested",
        "guard card_found=unknown": "not_found",
        "guard card_found=unavailable": "try_later",
    }.items():
        bench.new_browser().check(answer).request()
        assert (answer, bench.standing) == (answer, state)
        assert bench.sandbox.sheet.faults == {}


def test_a_check_chosen_from_now_on_stays_so_until_it_is_undone(bench: Bench) -> None:
    bench.check("register insured=silent", when="always").request()
    assert bench.standing == "try_later"
    bench.walk.post(trigger="retry")
    assert bench.standing == "try_later"
    assert "register insured" in bench.walk.get(bench.at).text
    bench.check("register insured=random", when="always")
    assert bench.walk.status == 200
    bench.check("register insured=")
    bench.inside("/ecard/try_later").post(trigger="retry")
    assert bench.standing == "requested"


def test_a_slow_register_takes_its_time_and_answers(bench: Bench) -> None:
    waited: list[float] = []
    kept: Sandboxes = bench.walk.app.extensions["narthex_sandboxes"]
    opened = bench.sandbox
    kept._open[bench.name] = replace(opened, house=replace(opened.house, wait=waited.append))
    opened.app.extensions["narthex"] = kept._open[bench.name].house
    bench.check("register insured=slow").request()
    assert (bench.standing, waited) == ("requested", [3.0])


def test_what_qa_made_a_guard_say_stands_beside_the_step(bench: Bench) -> None:
    bench.check("guard card_found=not_in_force").request()
    (said,) = bench.sandbox.sheet.said
    assert (said.seq, said.guard, said.code) == (1, "card_found", "not_in_force")
    judged = {each["g"]: each["reason"] for each in bench.records()[-1]["guards"]}
    assert judged["card_found"] == "not_in_force"
    assert "You made card_found say not_in_force" in bench.walk.get(f"{bench.at}?lang=en").text


def test_what_is_not_offered_cannot_be_chosen(bench: Bench) -> None:
    for answer in (
        "register insured=nonsense",
        "register nobody=silent",
        "guard card_found=yes",
        "guard x=no",
    ):
        assert bench.check(answer).walk.status == 400
    for answer in ("x", "="):
        bench.check(answer)
    assert bench.sandbox.sheet.faults == {}


def test_a_preset_takes_at_most_one_step_and_says_so(bench: Bench) -> None:
    for preset in ROUNDS:
        bench.new_browser()
        if preset == "timer":
            bench.request()
        bench.preset(preset)
        came = bench.sandbox.sheet.came
        assert came is not None
        assert (came.preset, came.sound) == (preset, True)
        assert len(came.answers) == (1 if preset in {"stale_token", "timer"} else 2)
        assert len(came.steps) == (0 if preset == "stale_token" else 1)
        assert bench.walk.status == 200
        assert bench.inside("/ecard/").status == 200


def test_a_preset_types_the_code_that_came(walk: Walk) -> None:
    bench = Bench(walk, "registration:folder")
    bench.preset("wrong_code")
    assert bench.sandbox.sheet.came is None  # this page asks for none
    led = []
    for preset in ("double_click", "wrong_code", "double_click"):
        came = bench.preset(preset).sandbox.sheet.came
        assert came is not None
        assert came.sound
        led.append(came.answers[0].state)
    assert led == ["verify_phone", "verify_phone", "email"]
    assert len(bench.sent()) == 1
    assert bench.inside("/portal/registration/login").status == 200


def test_one_has_so_many_and_each_goes_by_itself_after_a_week(walk: Walk, clock: Clock) -> None:
    bench = Bench(walk, name="milena")
    kept: Sandboxes = bench.walk.app.extensions["narthex_sandboxes"]
    folder = kept.root / bench.name
    sheet = (folder / "sandbox.json").read_text()
    assert oct(folder.stat().st_mode)[-3:] == "700"
    for number in range(19):
        shutil.copytree(folder, kept.root / f"{number:016x}")
        file = kept.root / f"{number:016x}" / "sandbox.json"
        file.write_text(file.read_text().replace(bench.name, f"{number:016x}"))
    bench.act("/desk/sandbox/", definition="ecard:1")
    assert bench.walk.at == "/desk/sandbox/"
    assert len(kept.of("milena")) == 20
    clock.pass_(days=7)
    assert log_in(walk, "milena").get(f"/desk/sandbox/{bench.name}").status == 404
    assert folder.exists()
    delete_old(kept.root, clock.now)  # the worker, where nobody makes another one
    assert not folder.exists()
    (shutil.copytree(kept.root / "wallet", folder) / "sandbox.json").write_text(sheet)
    assert kept.sweep() == 1
    assert kept.of("milena") == []
    assert not folder.exists()


def test_taken_away_it_is_gone(bench: Bench) -> None:
    folder = bench.sandbox.folder
    bench.act(f"{bench.at}/remove")
    assert not folder.exists()
    assert bench.walk.get(bench.at).status == 404


def test_a_definition_that_is_not_offered_makes_nothing(bench: Bench) -> None:
    for definition in ("ecard:99", "../etc:folder", "nothing", "ecard:x"):
        assert bench.act("/desk/sandbox/", definition=definition).walk.status == 404


def test_no_act_moves_by_get_or_without_the_form(bench: Bench) -> None:
    for path in ("clock", "check", "preset", "remove"):
        assert bench.walk.get(f"{bench.at}/{path}").status in {404, 405}
        assert bench.walk._ask("POST", f"{bench.at}/{path}", data={"minutes": "5"}).status_code == 403
    assert re.search(r"\bsandbox\b", bench.walk.get("/desk/").text)


def test_a_walk_is_saved_as_a_scenario_that_comes_true(bench: Bench) -> None:
    assert bench.walk.get(f"{bench.at}/scenario").status == 404
    bench.request(national_id="1")
    bench.walk.post(trigger="back")
    bench.request()
    saved = bench.walk.get(f"{bench.at}/scenario")
    assert saved.page is not None
    assert "ecard.scenario.yaml" in saved.page.headers["Content-Disposition"]
    (tried,) = try_text(ROOT / "workflows" / "ecard", saved.text)
    assert (tried.failure, tried.steps[-1].partition(", ")[0]) == (None, "at: form -> requested")


def test_what_qa_made_a_guard_say_against_the_world_is_told_apart(bench: Bench) -> None:
    bench.check("guard card_found=unavailable")
    bench.request()
    assert bench.standing == "try_later"
    saved = bench.walk.get(f"{bench.at}/scenario")
    assert saved.status == 200  # the registers can be silent in earnest
    assert "registers: silent" in saved.text
