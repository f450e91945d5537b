"""Who may ask for what at the desk: every endpoint of `access.DESK`, by everybody (S50, S64)."""

import logging
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import get_args

import pytest
from flask import Flask
from werkzeug.routing import IntegerConverter, Rule

from app import wiring
from app.runner.house import House
from app.runner.staff.acts import acts_since
from app.runner.staff.who import Role
from app.web import access
from tests.apps import ready_app
from tests.conftest import Clock, settings_for
from tests.desk import HOME, LOGIN, cheap, log_in, staffed
from tests.walk import Walk

ROLES: tuple[Role, ...] = get_args(Role)
MATRIX = [(endpoint, role) for endpoint in sorted(access.DESK) for role in ROLES]


@dataclass
class Desk:
    """An application with one member of staff for each role, called after it, each in a browser."""

    app: Flask
    house: House
    browsers: dict[str, Walk]

    def refused(self) -> list[tuple[str, str]]:
        """Who was refused what, so far."""
        acts = acts_since(self.house, self.house.clock() - timedelta(hours=1))
        return [(act.staff, act.subject.partition(" ")[0]) for act in acts if act.outcome == "refused"]

    def asks(self, endpoint: str) -> list[tuple[str, str]]:
        """Each way to ask for the endpoint: method and an address with parts that name nothing."""
        rules = [rule for rule in self.app.url_map.iter_rules() if rule.endpoint == endpoint]
        assert rules, f"{endpoint} stands in access.DESK and leads nowhere"
        return [(method, address(rule)) for rule in rules for method in (rule.methods or set()) & MOVES]


MOVES = {"GET", "POST"}


def address(rule: Rule) -> str:
    """The rule's address, each part of it made up."""
    parts = {
        name: 1 if isinstance(converter, IntegerConverter) else "x"
        for name, converter in rule._converters.items()
    }
    built = rule.build(parts)
    assert built is not None
    return built[1]


@pytest.fixture(scope="module")
def desk(demo_var: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    var = tmp_path_factory.mktemp("desk") / "var"
    shutil.copytree(demo_var, var)
    settings = settings_for(var)
    house = cheap(wiring.open_house(settings, Clock()))
    app = ready_app(settings, house)
    browsers = {}
    for role in ROLES:
        browsers[role] = Walk(app, lang="en")
        log_in(browsers[role], staffed(house, role, role))
        assert browsers[role].at == HOME
    yield Desk(app, house, browsers)
    house.database.close()


@pytest.mark.parametrize("endpoint", sorted(access.DESK))
def test_strangers_are_led_to_the_login_page(desk: Desk, endpoint: str) -> None:
    for method, where in desk.asks(endpoint):
        answer = Walk(desk.app)._ask(method, where)
        assert (answer.status_code, answer.location) == (303, LOGIN), (method, where)


@pytest.mark.parametrize(("endpoint", "role"), MATRIX)
def test_a_role_opens_what_it_is_for_and_nothing_else(
    desk: Desk, endpoint: str, role: Role, caplog: pytest.LogCaptureFixture
) -> None:
    before, walk = desk.refused(), desk.browsers[role]
    for method, where in desk.asks(endpoint):
        caplog.clear()
        with caplog.at_level(logging.WARNING):
            answer = walk._ask(method, where)
        events = tuple(r.__dict__["event"] for r in caplog.records if "event" in r.__dict__)
        assert answer.status_code < 500
        assert answer.location != LOGIN
        if role not in access.DESK[endpoint]:
            assert (answer.status_code, events) == (403, ("desk_refused",))
            before.append((role, endpoint))
        elif method == "GET":
            assert (answer.status_code == 403, events) == (False, ())
        else:  # let in by the role; sent back for want of the form's token, or of the thing it names
            assert (answer.status_code, events) in {(403, ("csrf_refused",)), (404, ())}
    assert sorted(desk.refused()) == sorted(before)


@pytest.mark.parametrize(
    "path",
    [
        *("/desk/", "/desk/nowhere", "/desk/a/b/c", "/desk/login/more"),
        *("/desk/runs", "/desk/sandbox/x/app/ecard/form", "/desk/flow.yaml", "/desk/%2e%2e/x"),
    ],
)
@pytest.mark.parametrize("method", ["GET", "POST", "HEAD"])
def test_whatever_is_below_the_desk_leads_strangers_to_the_login_page(
    desk: Desk, path: str, method: str
) -> None:
    answer = Walk(desk.app)._ask(method, path)
    assert (answer.status_code, answer.location) == (303, LOGIN)


def test_an_endpoint_that_no_list_names_is_open_to_nobody(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(access, "DESK", {})
    assert desk.browsers["qa"].get(HOME).status == 403


def test_pages_of_the_desk_are_kept_by_nobody_and_found_by_no_search(desk: Desk) -> None:
    for path in (HOME, "/desk/nowhere"):
        headers = desk.browsers["qa"]._ask("GET", path).headers
        assert headers["Cache-Control"] == "no-store"
        assert "noindex" in headers["X-Robots-Tag"]


def test_a_forged_login_is_answered_in_the_desks_frame_too(desk: Desk) -> None:
    walk = Walk(desk.app, lang="en")
    walk.page = walk._ask("POST", LOGIN, data={"name": "qa"})
    assert walk.status == 403
    assert "Log out" not in walk.text
    assert f'href="{HOME}"' in walk.text


def test_what_is_not_there_is_said_in_the_desks_own_frame(desk: Desk) -> None:
    walk = desk.browsers["operator"].get("/desk/nowhere")
    assert walk.status == 404
    assert "There is no such page" in walk.text
    assert f'href="{HOME}"' in walk.text
