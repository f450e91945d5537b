"""Moving runs at the desk and by the command: the dry run, the reasons, carrying it out."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime

import pytest
from click.testing import CliRunner, Result

from app.cli import main
from app.flow.edit import rename_everywhere
from app.proof.telling import NotTellable, as_scenario
from app.runner.drafting.changing import change
from app.runner.drafting.drafts import draft_of
from app.runner.drafting.saving import Saved
from app.runner.house import House
from app.runner.moving import carrying
from app.runner.moving.planning import course_of, moves_of
from app.runner.story import story
from app.store import drafts, run_search
from tests.conftest import SECRET, Clock
from tests.desk import cheap, log_in, staffed
from tests.drafting import ANNA, bare
from tests.moved import BIRTH, BIRTH_TEXTS, publish, put_live, renamed
from tests.test_desk_release import press, send
from tests.walk import Walk

AT = "/desk/flows/activation"
MOVE = f"{AT}/move"
DO = f"{MOVE}/carry_out"


@pytest.fixture
def dialect() -> str:
    return "sqlite"


@pytest.fixture
def today(clock: Clock) -> None:
    """A clock that is right, as commands go by the machine's."""
    clock.now = datetime.now(UTC)


@dataclass
class Desk:
    house: House
    chief: Walk
    otto: Walk


@pytest.fixture
def desk(house: House, browser: Callable[..., Walk]) -> Desk:
    """An approver, an operator, and four people under way on version 1, one of them further on."""
    for name, role in (("chief", "approver"), ("otto", "operator")):
        staffed(cheap(house), name, role)  # type: ignore[arg-type]
    for _ in range(3):
        browser().get("/activation/").post(eik="1", email="x")
    browser().get("/activation/").post(eik="203955619", email="elena.opora.demo@gmail.com")
    return Desk(house, log_in(browser(lang="en"), "chief"), log_in(browser(lang="en"), "otto"))


def test_an_approver_sees_who_would_move_and_moves_them(desk: Desk) -> None:
    chief = desk.chief
    put_live(desk.house, "activation", BIRTH, BIRTH_TEXTS)
    assert f'href="{MOVE}?from=1"' in chief.get(f"{AT}/versions").text
    chief.get(f"{MOVE}?from=1")
    for told in (
        "Would move: 3",
        "Would stay: 1",
        "“birth” was never asked, and the state needs it.",
        "Choose a state before that question, or let them finish.",
    ):
        assert told in chief.text
    send(chief, DO, reason="")
    assert "Say why" in chief.text
    assert moves_of(desk.house, "activation") == []
    press(chief, f"{MOVE}?from=1", DO, reason="version 1 asks too little")
    assert "Moved. Who stays" in chief.text
    assert "Would move: 0" in chief.text
    (order,) = moves_of(desk.house, "activation")
    assert (order.runs, order.by, order.reason) == (3, "chief", "version 1 asks too little")
    for page in (f"{AT}/versions", MOVE):
        assert "version 1 → 2" in chief.get(page).text
        assert "version 1 asks too little" in chief.text


def test_where_a_state_leads_stands_in_the_address(desk: Desk) -> None:
    chief = desk.chief
    renamed(desk.house, "activation", "states", "pin", "prove_address")
    assert "it was probably renamed so" in chief.get(f"{MOVE}?from=1&to=2").text
    assert "Would move: 4" in chief.text
    chief.get(f"{MOVE}?from=1&to=2&m.pin=&m.identify=identify")
    assert "Would move: 3" in chief.text
    assert "They are left where they are." in chief.text
    press(chief, f"{MOVE}?from=1&to=2&m.identify=", DO, reason="those with a PIN first")
    (order,) = moves_of(desk.house, "activation")
    assert (order.runs, order.mapping) == (1, {"identify": "", "pin": "prove_address"})


def test_an_operator_looks_and_moves_nobody_and_others_do_not_look(
    desk: Desk, browser: Callable[..., Walk]
) -> None:
    put_live(desk.house, "activation", {"tries: 5": "tries: 4"})
    otto = desk.otto.get(f"{MOVE}?from=1")
    assert "Would move: 4" in otto.text
    assert "An approver can carry this out." in otto.text
    token = otto.header_token()
    refused = otto.client.post(DO, data={"csrf_token": token, "from": "1", "to": "2", "reason": "x"})
    assert refused.status_code == 403
    anna = log_in(browser(lang="en"), staffed(desk.house, "anna", "analyst"))
    assert anna.client.get(f"{MOVE}?from=1").status_code == 403
    assert moves_of(desk.house, "activation") == []


def test_an_operator_finds_the_way_to_a_pause_and_no_way_that_is_closed(desk: Desk) -> None:
    put_live(desk.house, "activation", {"tries: 5": "tries: 4"})
    otto = desk.otto.get("/desk/flows")
    assert f'href="{AT}/versions"' in otto.text and f'href="{AT}"' not in otto.text
    press(otto, f"{AT}/versions", f"{AT}/versions/pause", reason="the register moves house")
    assert "otto paused it" in otto.text
    shown = set(re.findall(rf'href="({AT}[^"?#]*)', otto.text))
    assert {each: otto.client.get(each).status_code for each in shown} == dict.fromkeys(shown, 200)


@pytest.mark.parametrize(
    ("asked", "status"),
    [
        ("?from=1&to=9", 404),
        ("?from=7", 404),
        ("?from=1&to=1", 422),
        ("?from=1&m.pin=nowhere", 404),
        ("?from=1&m.nowhere=pin", 404),
        ("?from=x", 200),
        ("", 200),
    ],
)
def test_odd_addresses_are_answered(desk: Desk, asked: str, status: int) -> None:
    put_live(desk.house, "activation", {"tries: 5": "tries: 4"})
    page = desk.chief.get(f"{MOVE}{asked}").page
    assert page is not None and page.status_code == status


def test_more_than_fit_in_one_go_are_moved_by_pressing_again(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    put_live(desk.house, "activation", {"tries: 5": "tries: 4"})
    monkeypatch.setattr("app.web.desk.flow_move.MOST_AT_ONCE", 3)
    press(desk.chief, f"{MOVE}?from=1", DO, reason="all of them")
    assert "Press again to go on" in desk.chief.text
    send(desk.chief, DO, reason="all of them")
    assert sorted(order.runs for order in moves_of(desk.house, "activation")) == [1, 3]
    assert carrying.MOST_AT_ONCE > 3


def test_a_state_that_an_analyst_renamed_is_known_by_its_edit(desk: Desk) -> None:
    house = desk.house
    draft = bare(house)
    edits = rename_everywhere(draft.files, "states", "pin", "zz", house.catalogue)
    saved = change(house, ANNA, "activation", edits)
    assert isinstance(saved, Saved)
    # Its ways are others as well, so that only the edit tells.
    files = {**saved.draft.files}
    files["flow.yaml"] = files["flow.yaml"].replace("      - {id: not_yet,", "      - {id: too_soon,", 1)
    with house.database.write() as connection:
        drafts.close(connection, draft_of(house, "activation"), "published", house.clock(), "anna", 2)
    publish(house, "activation", files)
    assert '<option value="zz" selected>' in desk.chief.get(f"{MOVE}?from=1").text


def test_a_moved_run_is_told_page_by_page_and_comes_out_as_recorded(
    desk: Desk, browser: Callable[..., Walk]
) -> None:
    house = desk.house
    renamed(house, "activation", "states", "pin", "prove_address")
    carrying.carry_out(house, "chief", course_of(house, "activation", 1, {}), "why not")
    with house.database.read() as connection:
        wanted = {"flow": "activation", "state": "prove_address"}
        (run,) = run_search.newest(connection, wanted, None, 9)
    qa = log_in(browser(lang="en"), staffed(house, "vera", "qa"))
    assert "Moved to version 2: pin → prove_address" in qa.get(f"/desk/runs/{run.id}").text
    assert f"/desk/runs/{run.id}/page/2" in qa.text
    for seq in (1, 2):  # the page as it was on version 1, and as it is on 2
        page = qa.get(f"/desk/runs/{run.id}/page/{seq}").page
        assert page is not None and page.status_code == 200
    checked = qa.get(f"/desk/runs/{run.id}?replay=strict").text
    assert "Replayed strictly: it comes out as recorded" in checked
    told = story(house, run.id)
    assert told is not None and told.moved_at == 2
    shown = narthex(house, "show", run.id, group="runs")
    assert "pin  moved to version 2  -> prove_address" in shown.output
    assert "by the staff" in shown.output
    with pytest.raises(NotTellable, match="was moved to another version at step 2"):
        as_scenario(house, run.id)


def narthex(house: House, *words: str, group: str = "flows") -> Result:
    """The command on the house's own database."""
    environment = {
        "NARTHEX_DATABASE_URL": house.database.url.render_as_string(hide_password=False),
        "NARTHEX_SECRET_KEYS": SECRET,
    }
    return CliRunner().invoke(main, [group, *words], env=environment)


@pytest.mark.usefixtures("today")
def test_the_command_says_first_what_would_come_of_it(desk: Desk) -> None:
    house = desk.house
    put_live(house, "activation", BIRTH, BIRTH_TEXTS)
    dry = narthex(house, "move", "activation", "--from", "1", "--dry-run")
    assert dry.exit_code == 1
    assert "identify -> identify" in dry.output
    assert "pin stays: 'birth' was never asked, and the state needs it" in dry.output
    assert dry.output.endswith("3 move, 1 stay.\n")
    assert moves_of(house, "activation") == []
    done = narthex(house, "move", "activation", "--from", "1", "--reason", "too little is asked")
    assert (done.exit_code, done.output.splitlines()[-1]) == (1, "activation: 3 moved to version 2, 1 stay.")
    assert (
        "3 runs moved from 1 to 2 by (console): too little is asked"
        in narthex(house, "versions", "activation").output
    )


@pytest.mark.usefixtures("today")
def test_the_command_moves_all_along_a_mapping(desk: Desk) -> None:
    renamed(desk.house, "activation", "states", "pin", "zz", {"tries: 5": "tries: 4"})
    words = ("move", "activation", "--from", "1", "--to", "2", "--map", "pin=zz", "--reason", "why not")
    done = narthex(desk.house, *words)
    assert (done.exit_code, done.output.splitlines()[-1]) == (0, "activation: 4 moved to version 2, 0 stay.")


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("--from", "1"), "Say why with --reason"),
        (("--from", "2", "--dry-run"), "They stand on version 2 already; name another one with --to."),
        (("--from", "9", "--dry-run"), "activation has no such version"),
        (("--from", "1", "--map", "pin", "--dry-run"), "--map pin: write OLD=NEW"),
        (("--from", "1", "--map", "pin=pim", "--dry-run"), "no state 'pim'"),
    ],
)
def test_a_wrong_command_says_what_to_write(desk: Desk, words: tuple[str, ...], told: str) -> None:
    put_live(desk.house, "activation", {"tries: 5": "tries: 4"})
    wrong = narthex(desk.house, "move", "activation", *words)
    assert (wrong.exit_code, told in wrong.output) == (2, True), wrong.output
