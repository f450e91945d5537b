"""`narthex serve` beside others: ports, data folders, alarms, and how it says that it cannot start."""

import html
import logging
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import requests

from app import config, wiring
from app.cli.alarm import watch_refusals
from app.cli.demo import fill_portals
from app.cli.listening import bound
from app.config import ROOT
from app.flow.verdict import Charge
from app.runner.house import House
from app.runner.portal import documents
from app.store import budgets, inbox
from tests.conftest import Clock
from tests.server import Server, environment, start
from tests.walk import HIDDEN, PERSON

NARTHEX = Path(sys.executable).parent / "narthex"


@pytest.fixture
def dialect() -> str:
    """Starting and stopping is the same on every database."""
    return "sqlite"


@pytest.fixture
def taken() -> Iterator[int]:
    """A port that somebody else listens on."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield server.getsockname()[1]


def refused(command: str, var: Path, port: int = 0, **more: str) -> str:
    """What a command says that cannot start."""
    ended = subprocess.run(
        [NARTHEX, command],
        env=environment(var, port, **more),
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    said = ended.stdout + ended.stderr
    assert ended.returncode == 2, said
    assert "Traceback" not in said
    return said


def test_a_port_in_use_is_named(tmp_path: Path, taken: int) -> None:
    assert "PORT" in refused("serve", tmp_path, taken)


def test_an_address_that_is_not_ours_is_named(tmp_path: Path) -> None:
    assert "NARTHEX_HOST" in refused("serve", tmp_path, NARTHEX_HOST="192.0.2.1")


@pytest.mark.parametrize("command", ["serve", "worker"])
@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("NARTHEX_VAR", "/proc/narthex"),
        ("NARTHEX_DATABASE_URL", "postgresql://narthex:hunter2@127.0.0.1:1/narthex"),
        ("NARTHEX_REDIS_URL", "rdis://:hunter2@127.0.0.1/0"),
        ("NARTHEX_HOME", "/proc"),
    ],
)
def test_what_keeps_it_from_starting_is_named_without_a_password(
    tmp_path: Path, command: str, name: str, value: str
) -> None:
    said = refused(command, tmp_path, **{name: value})
    assert name in said
    assert "hunter2" not in said


def test_both_families_of_a_host_share_a_free_port() -> None:
    with bound("localhost", 0) as sockets:
        assert len({each.getsockname()[1] for each in sockets}) == 1
        assert sockets[0].getsockname()[1] > 0


@contextmanager
def on_any_port(var: Path) -> Iterator[str]:
    """A server that chose its port itself; the address it says it is at."""
    with (var / "log").open("wb") as log:
        process = subprocess.Popen(
            [NARTHEX, "serve"], env=environment(var, 0), stdout=subprocess.PIPE, stderr=log, text=True
        )
    assert process.stdout is not None
    try:
        yield process.stdout.readline().split()[3].rstrip("/")
    finally:
        process.terminate()
        process.communicate(timeout=60)


def test_links_name_the_port_that_was_free(tmp_path: Path) -> None:
    with on_any_port(tmp_path) as url, requests.Session() as session:
        page = session.get(f"{url}/ecard/form", timeout=10).text
        hidden = {n: html.unescape(v) for n, v in HIDDEN.findall(page) if n in {"csrf_token", "step"}}
        session.post(f"{url}/ecard/form", data={**hidden, **PERSON}, timeout=10)
        messages: list[dict[str, str]] = []
        deadline = time.monotonic() + 30
        while not messages and time.monotonic() < deadline:
            messages = session.get(f"{url}/inbox/messages.json", timeout=10).json()["messages"]
    assert messages
    assert all(f"{url}/w/" in message["text"] for message in messages)


def house_of(var: Path) -> House:
    """The house that a server of this folder has."""
    settings = config.with_demo_secrets(config.load({"NARTHEX_VAR": str(var)}))
    return wiring.open_house(settings, lambda: datetime.now(UTC))


def received(house: House) -> int:
    with house.database.read() as connection:
        return len(inbox.messages(connection, house.vault))


def test_two_servers_begin_one_folder_together_and_the_first_to_stop_leaves_the_inbox(tmp_path: Path) -> None:
    with ThreadPoolExecutor(2) as pool:
        servers: list[Server] = list(pool.map(lambda _: start(tmp_path / "var"), range(2)))
    house = house_of(tmp_path / "var")
    try:
        with house.database.write() as connection:
            inbox.put(
                connection,
                house.vault,
                key="k",
                channel="sms",
                to="+359888123456",
                subject="",
                text="Hello",
                now=house.clock(),
            )
        assert servers[0].stop() == 0
        assert received(house) == 1
        assert servers[1].stop() == 0
        assert received(house) == 0
    finally:
        house.database.close()
        for server in servers:
            server.stop()


@pytest.mark.parametrize(("times", "age", "alarms"), [(301, 4, 1), (300, 4, 0), (301, 6, 0)])
def test_hundreds_of_refusals_in_five_minutes_raise_an_alarm(
    house: House, clock: Clock, caplog: pytest.LogCaptureFixture, times: int, age: int, alarms: int
) -> None:
    with house.database.write() as connection:
        charges = [Charge("match", "browser", "b")] * times
        budgets.charge(connection, house.vault, charges, clock() - timedelta(minutes=age))
    with caplog.at_level(logging.ERROR):
        watch_refusals(house)
    raised = [(r.__dict__["budget"], r.__dict__["refusals"]) for r in caplog.records]
    assert raised == [("match", 301)] * alarms


def test_the_demo_files_documents_for_its_customers_once(house: House) -> None:
    for _ in range(2):
        fill_portals(house, ROOT / "workflows")
    _, filed, _ = documents.of_customer(house, "activation", {"eik": "203955619"})
    assert len(filed) == 2


@pytest.mark.parametrize(("networks", "alarms"), [(20, 1), (19, 0)])
def test_an_answer_guessed_at_from_many_networks_raises_an_alarm(
    house: House, clock: Clock, caplog: pytest.LogCaptureFixture, networks: int, alarms: int
) -> None:
    spec = house.shelf.live("registration").spec.budgets["contract_match"]
    with house.database.write() as connection:
        for number in range(networks):
            answers = {"policy_number": "HU-20471183"}
            charges = budgets.charges_for("contract_match", spec, answers, f"b{number}", f"192.0.2.{number}")
            budgets.charge(connection, house.vault, charges, clock())
    with caplog.at_level(logging.ERROR):
        watch_refusals(house)
    raised = [r.__dict__["budget"] for r in caplog.records if r.message.startswith("answers guessed at")]
    assert raised == ["contract_match"] * alarms
