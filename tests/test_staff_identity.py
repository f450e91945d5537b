"""Logging in by the organisation's identity provider: who comes in, and every answer that is a lie."""

import logging
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from typing import Any
from urllib.parse import parse_qsl, urlencode

import pytest
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st

from app import wiring
from app.config import SettingProblem, Settings, load
from app.gateways.oidc import Provider
from app.runner.door import Refused
from app.runner.house import House
from app.runner.staff import entry, people
from app.runner.staff.acts import acts_since
from app.runner.staff.entry import Entered
from app.runner.staff.identity import Identities, Question, ask, come_in, fit_name, role_map, roles_of
from app.runner.staff.people import NoPasswordHere, check_name
from tests.apps import ready_app
from tests.conftest import Clock
from tests.desk import HOME, LOGIN, PASSWORD, cheap, log_in, staffed
from tests.receivers.oidc import CLIENT, SECRET, Fault, IdentityProvider
from tests.walk import Walk

BACK = "http://localhost/desk/login/answer"
BOTH = ["sqlite", "postgresql"]
PERSON: dict[str, Any] = {"sub": "248289761001", "preferred_username": "Vera", "roles": ["qa", "unknown"]}


@pytest.fixture
def dialect() -> str:
    return "sqlite"


@pytest.fixture
def house(house: House) -> House:
    return replace(cheap(house), second_factor=True)


@pytest.fixture
def provider(clock: Clock) -> Iterator[IdentityProvider]:
    with IdentityProvider(clock, BACK, person=dict(PERSON)) as provider:
        yield provider


@pytest.fixture
def identities(provider: IdentityProvider) -> Identities:
    reached = Provider(provider.issuer, CLIENT, SECRET, BACK, seconds=0.5, pause=0)
    return Identities(reached, "roles", {}, "preferred_username")


@pytest.fixture
def app(settings: Settings, house: House, identities: Identities) -> Flask:
    app = ready_app(settings, house)
    app.extensions["narthex_identities"] = identities
    return app


@pytest.fixture
def events(caplog: pytest.LogCaptureFixture) -> Callable[[], list[tuple[str, str]]]:
    caplog.set_level(logging.WARNING)
    return lambda: [
        (record.__dict__["event"], record.__dict__.get("reason", ""))
        for record in caplog.records
        if "event" in record.__dict__
    ]


def asks(walk: Walk) -> str:
    """Press the button; where the browser is sent."""
    answer = walk._ask("GET", "/desk/login/provider")
    assert answer.status_code == 303
    return str(answer.location)


def comes_back(walk: Walk, address: str) -> Walk:
    return walk.get(address.removeprefix("http://localhost"))


def enters(walk: Walk, provider: IdentityProvider) -> Walk:
    return comes_back(walk, provider.authorize(asks(walk)))


def acts(house: House) -> list[tuple[str, str, str, str]]:
    since = house.clock() - timedelta(days=1)
    return [(act.staff, act.act, act.subject, act.outcome) for act in acts_since(house, since)]


def cookies(walk: Walk) -> dict[str, str]:
    return {name: each.value for (_, _, name), each in walk.client._cookies.items()}


def test_whom_the_provider_gives_a_role_comes_in_and_nobody_asks_for_a_code(
    app: Flask, house: House, provider: IdentityProvider
) -> None:
    walk = Walk(app, lang="en").get("/desk/runs?flow=ecard")
    assert walk.at == LOGIN
    assert walk.text.index("Log in with your organisation") < walk.text.index(
        "Or with a password of this desk"
    )
    planted = walk.hidden()["csrf_token"]
    walk.client.set_cookie("narthex_desk", "planted")
    enters(walk, provider)
    assert walk.at == "/desk/runs"
    assert cookies(walk)["narthex_desk"] != "planted"
    assert walk.header_token() != planted
    assert (
        "Your password and your second factor are kept by your organisation" in walk.get("/desk/account").text
    )
    assert acts(house)[-2:] == [
        ("(provider)", "add staff", "vera: qa", "done"),
        ("vera", "log in by provider", "", "done"),
    ]
    (member,) = people.everyone(house)
    assert str(PERSON["sub"]) not in str(member)
    with pytest.raises(NoPasswordHere):
        people.set_password(house, "vera", PASSWORD)
    for password in ("!", "", PASSWORD):
        assert isinstance(entry.log_in(house, "192.0.2.1", "vera", password), Refused)


FAULTS: dict[Fault, str] = {
    "nonce": "nonce",
    "audience": "aud",
    "issuer": "iss",
    "expired": "exp",
    "authorized party": "azp",
    "none": "",
    "unknown key": "",
    "public key as secret": "",
    "altered": "",
}


def test_no_token_that_breaks_a_rule_lets_anybody_in(
    app: Flask, house: House, provider: IdentityProvider, events: Callable[[], list[tuple[str, str]]]
) -> None:
    walk = Walk(app, lang="en")
    for number, (fault, claim) in enumerate(FAULTS.items(), 1):
        provider.fault = fault
        enters(walk, provider)
        assert (walk.at, "did not fit what we asked" in walk.text) == (LOGIN, True), fault
        event, reason = events()[-1]
        assert event == "identity_refused"
        assert reason == claim or not claim, fault
        assert acts(house) == [("(nobody)", "log in by provider", "", "refused")] * number
    assert people.everyone(house) == []
    provider.fault = ""
    assert enters(walk, provider).at == HOME


def test_a_provider_that_is_down_slow_or_another_one_is_told_and_the_password_door_stays(
    app: Flask, house: House, provider: IdentityProvider
) -> None:
    walk = Walk(app, lang="en")
    faults: tuple[Fault, ...] = ("5xx", "garbled", "redirect", "hang", "mixed up")
    for number, fault in enumerate(faults, 1):
        provider.fault = fault
        walk.get("/desk/login/provider")
        assert (walk.at, "cannot be reached" in walk.text) == (LOGIN, True), fault
        assert "If you have a password of this desk" in walk.text
        assert len(provider.calls) == number, "no redirect is followed"
    staffed(house, "olga")
    assert log_in(walk, "olga").at == "/desk/login/code"


def test_a_provider_that_fails_between_question_and_answer_is_told_too(
    app: Flask, provider: IdentityProvider, events: Callable[[], list[tuple[str, str]]]
) -> None:
    walk = Walk(app, lang="en")
    address = provider.authorize(asks(walk))
    provider.fault = "5xx"
    assert "cannot be reached" in comes_back(walk, address).text
    assert events() == [("identity_away", "provider_error")]


def test_while_a_provider_is_down_not_everybody_waits_for_it(
    provider: IdentityProvider, house: House
) -> None:
    reached = Provider(provider.issuer, CLIENT, SECRET, BACK, seconds=0.2, pause=60)
    provider.fault = "hang"
    for _ in range(5):
        assert not isinstance(ask(house, Identities(reached, "roles", {}, "sub")), Question)
    assert len(provider.calls) == 1


def test_an_answer_is_good_once_for_the_browser_that_asked_and_for_ten_minutes(
    app: Flask, house: House, provider: IdentityProvider, clock: Clock
) -> None:
    walk, other = Walk(app, lang="en"), Walk(app, lang="en")
    question = asks(walk)
    address = provider.authorize(question)
    assert comes_back(other, address).at == LOGIN, "nobody is logged in as somebody else by a link"
    before = cookies(walk)
    assert comes_back(walk, address).at == HOME
    comes_back(walk, provider.authorize(question))  # another code for the question that was answered
    thief = Walk(app, lang="en")
    thief.client.set_cookie("narthex", before["narthex"])
    assert comes_back(thief, address).at == LOGIN, "the provider gives no second token for a code"
    late = provider.authorize(asks(other))
    clock.pass_(minutes=10)
    assert comes_back(other, late).at == LOGIN
    assert [act[1] for act in acts(house) if act[3] == "refused"] == ["log in by provider"] * 4


def test_an_answer_that_was_touched_lets_nobody_in(app: Flask, provider: IdentityProvider) -> None:
    walk, unfit, broken_off = Walk(app, lang="en"), "did not fit", "You were not logged in"
    for altered, said in (
        ({"state": "another"}, unfit),
        ({"state": ""}, unfit),
        ({"state": "ő"}, unfit),
        ({"iss": "http://elsewhere.example"}, unfit),
        ({"code": "another"}, unfit),
        ({"error": "access_denied"}, broken_off),
        ({"code": ""}, broken_off),
    ):
        query = dict(parse_qsl(provider.authorize(asks(walk)).partition("?")[2]))
        walk.get(f"/desk/login/answer?{urlencode({**query, **altered})}")
        assert (walk.at, said in walk.text) == (LOGIN, True), altered
        assert walk.get(HOME).at == LOGIN


def test_a_code_of_somebody_elses_question_does_not_fit_ours(
    app: Flask, house: House, provider: IdentityProvider
) -> None:
    ours, theirs = Walk(app, lang="en"), Walk(app, lang="en")
    state = asks(ours).partition("state=")[2].partition("&")[0]
    code = provider.authorize(asks(theirs)).partition("code=")[2].partition("&")[0]
    assert comes_back(ours, f"/desk/login/answer?code={code}&state={state}").at == LOGIN
    assert people.everyone(house) == []


def test_roles_are_those_of_the_newest_login_and_without_one_everything_ends(
    app: Flask, house: House, provider: IdentityProvider
) -> None:
    walk = enters(Walk(app, lang="en"), provider)
    provider.person["roles"] = ["auditor", "qa"]
    enters(Walk(app, lang="en"), provider)
    assert people.everyone(house)[0].roles == ("qa", "auditor")
    provider.person["roles"] = ["gardener"]
    refused = enters(Walk(app, lang="en"), provider)
    assert "gives you no role at this desk" in refused.text
    assert walk.get(HOME).at == LOGIN
    assert people.everyone(house)[0].roles == ()
    assert acts(house)[-1] == ("vera", "log in by provider", "", "refused")
    provider.person |= {"roles": "qa", "preferred_username": "another name"}
    assert enters(walk, provider).at == HOME
    assert [member.name for member in people.everyone(house)] == ["vera"]
    people.leave(house, "vera")
    let_go = enters(Walk(app, lang="en"), provider)
    assert "gives you no role at this desk" in let_go.text


def test_a_name_that_is_taken_is_nobody_elses(app: Flask, house: House, provider: IdentityProvider) -> None:
    people.leave(house, staffed(house, "vera-2"))
    staffed(house, "vera", "operator")
    enters(Walk(app, lang="en"), provider)
    found = {member.name: member.roles for member in people.everyone(house) if member.left_at is None}
    assert found == {"vera": ("operator",), "vera-3": ("qa",)}


@pytest.mark.parametrize("dialect", BOTH)
def test_two_first_logins_at_once_take_one_person_in(
    house: House, provider: IdentityProvider, identities: Identities
) -> None:
    def first(_number: int) -> object:
        question = ask(house, identities)
        assert isinstance(question, Question)
        query = provider.authorize(question.url).partition("?")[2]
        answer = {"code": query.partition("code=")[2].partition("&")[0], "state": _state(question.url)}
        return come_in(house, identities, "192.0.2.1", question.kept, answer)

    with ThreadPoolExecutor(4) as pool:
        results = list(pool.map(first, range(4)))
    assert [type(each) for each in results] == [Entered] * 4, results
    assert [member.name for member in people.everyone(house)] == ["vera"]


def _state(url: str) -> str:
    return url.partition("state=")[2].partition("&")[0]


def test_a_provider_may_change_its_key(app: Flask, provider: IdentityProvider) -> None:
    assert enters(Walk(app, lang="en"), provider).at == HOME
    provider.rotate()
    assert enters(Walk(app, lang="en"), provider).at == HOME


def test_the_password_door_can_be_closed(settings: Settings, house: House, identities: Identities) -> None:
    closed = replace(house, staff_passwords=False)
    app = ready_app(settings, closed)
    app.extensions["narthex_identities"] = identities
    walk = Walk(app, lang="en").get(LOGIN)
    assert ('name="password"' in walk.text, "Log in with your organisation" in walk.text) == (False, True)
    assert isinstance(entry.log_in(closed, "192.0.2.1", staffed(house, "olga"), PASSWORD), Refused)


def test_roles_are_read_from_claims_of_every_shape() -> None:
    read = Identities(Provider("https://id.example", "a", "b", BACK), "realm.roles", {}, "name")
    for told, roles in (
        ({"realm": {"roles": ["qa"]}}, ("qa",)),
        ({"realm.roles": "auditor qa"}, ("qa", "auditor")),
        ({"realm": ["qa"]}, ()),
        ({"realm.roles": [["qa"], None, 7]}, ()),
        ({}, ()),
    ):
        assert roles_of(read, told) == roles  # type: ignore[arg-type]
    mapped = replace(read, role_map=role_map("Narthex Analysts=analyst, cn=qa,ou=x=qa"))
    assert roles_of(mapped, {"realm.roles": ["Narthex Analysts", "qa"]}) == ("analyst",)


@given(st.text(max_size=60) | st.integers() | st.none())
def test_whatever_a_provider_calls_somebody_becomes_a_name_that_fits(told: object) -> None:
    check_name(fit_name(told))


def test_settings_that_do_not_go_together_are_named(settings: Settings) -> None:
    base = {"NARTHEX_VAR": str(settings.var), "NARTHEX_OIDC_ISSUER": "https://id.example"}
    with pytest.raises(SettingProblem, match="NARTHEX_OIDC_CLIENT_ID: missing"):
        load(base)
    with pytest.raises(SettingProblem, match="NARTHEX_STAFF_PASSWORDS: off needs"):
        load({"NARTHEX_STAFF_PASSWORDS": "off"})
    given = {**base, "NARTHEX_OIDC_CLIENT_ID": "a", "NARTHEX_OIDC_CLIENT_SECRET": "b"}
    with pytest.raises(SettingProblem, match="NARTHEX_OIDC_ROLE_MAP: write their group=our role"):
        wiring.open_identity(load({**given, "NARTHEX_OIDC_ROLE_MAP": "group=king"}))
    opened = wiring.open_identity(load({**given, "NARTHEX_OIDC_ROLE_MAP": "group=qa"}))
    assert opened
    assert (opened.provider.issuer, opened.role_map) == ("https://id.example", {"group": "qa"})
    assert wiring.open_identity(settings) is None
    plain = {**given, "NARTHEX_OIDC_ISSUER": "http://id.example"}
    with pytest.raises(SettingProblem, match="NARTHEX_OIDC_ISSUER: must begin with https"):
        wiring.open_identity(load(plain))
    with pytest.raises(SettingProblem, match="NARTHEX_OIDC_ISSUER: production needs an https address"):
        load({**plain, "NARTHEX_PROFILE": "production", "NARTHEX_OIDC_ISSUER": "http://127.0.0.1/x"})
