"""The world outside: DNS and live registers, well, ill and gone."""

import json
import shutil
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from sqlalchemy import text

from app import wiring
from app.config import ROOT, SettingProblem, Settings
from app.runner.house import House
from app.runner.publish import publish
from app.runner.sources import Sources
from tests.apps import ready_app
from tests.conftest import Clock, settings_for
from tests.receivers import DnsReceiver
from tests.walk import PERSON, Walk

MARIA = {
    "national_id": "9912310123",
    "name": "Мария Примерова Синева",
    "email": "maria.sineva.demo@gmail.com",
    "mobile": "+359888123456",
    "card_number": "0009900017",
    "insured_from": "2026-01-01",
    "insured_until": "2031-12-31",
    "employer": "",
}


@pytest.fixture
def dialect() -> str:
    return "sqlite"


def requested(walk: Walk, **changes: str) -> Walk:
    return walk.get("/ecard/").post(**{**PERSON, **changes})


def with_dns(house: House, settings: Settings, receiver: DnsReceiver) -> Walk:
    host, port = receiver.nameserver
    asked = settings.model_copy(update={"dns": f"{host}:{port}"})
    opened = wiring.open_house(asked, house.clock)
    return Walk(ready_app(asked, opened))


def test_a_domain_that_does_not_exist_is_named_on_the_page(house: House, settings: Settings) -> None:
    with DnsReceiver({"gmail.com": ["MX 10 mx.gmail.com."]}) as receiver:
        walk = requested(with_dns(house, settings, receiver), email="maria@gmail.bg")
        assert walk.at == "/ecard/invalid"
        assert "gmail.bg" in walk.text
        assert requested(with_dns(house, settings, receiver)).at == "/ecard/requested"


@pytest.mark.parametrize("receiver", [DnsReceiver(elsewhere="SERVFAIL"), DnsReceiver(root=False)])
def test_a_resolver_that_knows_nothing_keeps_nobody_out(
    house: House, settings: Settings, receiver: DnsReceiver
) -> None:
    with receiver:
        assert requested(with_dns(house, settings, receiver)).at == "/ecard/requested"
    with house.database.read() as connection:
        newest = text("select record from journal order by seq desc limit 1")
        record = json.loads(connection.execute(newest).scalar_one())
    asked = {entry["g"]: (entry["answer"], entry["reason"]) for entry in record["guards"]}
    assert asked["address_takes_mail"] == ("unavailable", "dns_unknown")


class Service(BaseHTTPRequestHandler):
    """The insurer's register over HTTP; the server's `mode` says how it feels."""

    def do_POST(self) -> None:
        asked = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        mode = self.server.mode  # type: ignore[attr-defined]
        rows = [MARIA] if asked.get("national_id") == MARIA["national_id"] else []
        body = {"ok": json.dumps({"rows": rows}), "down": "", "garbage": "<html>"}[mode].encode()
        self.send_response(503 if mode == "down" else 200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002
        """Silence."""


@contextmanager
def service() -> Iterator[ThreadingHTTPServer]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), Service)
    server.mode = "ok"  # type: ignore[attr-defined]
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    try:
        yield server
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@pytest.fixture
def live(house: House, settings: Settings, tmp_path: Path) -> Iterator[tuple[Walk, ThreadingHTTPServer]]:
    """The shipped flow with `insured` asked over HTTP."""
    folder = tmp_path / "ecard"
    shutil.copytree(ROOT / "workflows" / "ecard", folder)
    definition = (folder / "flow.yaml").read_text()
    source = "    source: {http: {url_from: NARTHEX_REGISTER_INSURED, timeout: 1}}\n"
    changed = definition.replace("    key: [card_number]\n", "    key: [card_number]\n" + source)
    (folder / "flow.yaml").write_text(changed)
    with service() as server:
        url = f"http://127.0.0.1:{server.server_address[1]}/rows"
        asking = replace(house, sources=Sources({"NARTHEX_REGISTER_INSURED": url}))
        publish(asking, folder)
        yield Walk(ready_app(settings, asking)), server


def test_a_live_register_whose_address_is_not_set_is_named_at_the_start(
    live: tuple[Walk, ThreadingHTTPServer], house: House, settings: Settings
) -> None:
    with pytest.raises(SettingProblem, match="NARTHEX_REGISTER_INSURED"):
        ready_app(settings, replace(house, sources=Sources({})))


def refusals(house: House) -> int:
    with house.database.read() as connection:
        return int(connection.execute(text("select count(*) from refusals")).scalar_one())


def test_a_live_register_is_asked(live: tuple[Walk, ThreadingHTTPServer]) -> None:
    assert requested(live[0]).at == "/ecard/requested"


@pytest.mark.parametrize("mode", ["down", "garbage"])
def test_a_register_that_does_not_answer_is_not_a_no_and_costs_nothing(
    live: tuple[Walk, ThreadingHTTPServer], house: House, clock: Clock, mode: str
) -> None:
    walk, server = live
    server.mode = mode  # type: ignore[attr-defined]
    requested(walk)
    assert walk.at == "/ecard/try_later"
    assert refusals(house) == 0
    walk.post(trigger="retry")
    assert walk.at == "/ecard/try_later"
    server.mode = "ok"  # type: ignore[attr-defined]
    clock.pass_(minutes=2)
    walk.post(trigger="retry")
    assert walk.at == "/ecard/requested"


def test_runs_stay_on_the_version_they_began_on(house: House, settings: Settings, tmp_path: Path) -> None:
    walk = requested(Walk(ready_app(settings, house)), national_id="1")
    folder = tmp_path / "ecard"
    shutil.copytree(ROOT / "workflows" / "ecard", folder)
    texts = (folder / "texts.bg.yaml").read_text()
    (folder / "texts.bg.yaml").write_text(texts.replace("Неправилно въведени данни", "Нова версия"))
    assert publish(house, folder).number == 2
    assert "Неправилно въведени данни" in walk.get("/ecard/invalid").text
    newcomer = requested(Walk(ready_app(settings, house)), national_id="1")
    assert "Нова версия" in newcomer.text


@pytest.mark.parametrize("kind", ["same", "tabs"])
def test_twenty_posts_at_once_take_one_step(
    house: House, settings: Settings, kind: str, walks: int = 20
) -> None:
    """The same page sent twenty times, and twenty pages of one browser sent at once (S05)."""
    app = ready_app(settings, house)
    walk = Walk(app)
    walk.get("/ecard/form")
    tokens = (
        [walk.hidden()] * walks
        if kind == "same"
        else [walk.get("/ecard/form").hidden() for _ in range(walks)]
    )
    with walk.client.session_transaction() as session:
        cookie = dict(session)
    barrier, locations = threading.Barrier(walks), []

    def post(token: dict[str, str]) -> None:
        client = Walk(app)
        with client.client.session_transaction() as session:
            session.update(cookie)
        barrier.wait()
        answer = client._ask("POST", "/ecard/form", data={**token, **PERSON})
        locations.append((answer.status_code, answer.location))

    threads = [threading.Thread(target=post, args=(token,)) for token in tokens]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert set(locations) == {(303, "/ecard/requested")}
    with house.database.read() as connection:
        counts = {
            t: connection.execute(text(f"select count(*) from {t}")).scalar_one()
            for t in ("journal", "outbox")
        }
    assert counts == {"journal": 2, "outbox": 1}  # that the run began, and its one step


def test_the_limits_go_on_in_memory_while_redis_is_gone(house: House, tmp_path: Path) -> None:
    settings = settings_for(
        tmp_path / "r", NARTHEX_REDIS_URL="redis://127.0.0.1:1/0", NARTHEX_POSTS_PER_MINUTE="2"
    )
    walk = Walk(ready_app(settings, house))
    walk.get("/ecard/form")
    statuses = [walk._ask("POST", "/ecard/form", data=walk.hidden()).status_code for _ in range(4)]
    assert 500 not in statuses
    assert statuses[-1] == 429


def test_a_run_survives_a_restart_of_the_server(
    house: House, settings: Settings, browser: Callable[..., Walk]
) -> None:
    walk = requested(browser(), national_id="1")
    with walk.client.session_transaction() as session:
        cookie = dict(session)
    after = Walk(ready_app(settings, wiring.open_house(settings, house.clock)))
    with after.client.session_transaction() as session:
        session.update(cookie)
    assert after.get("/ecard/form").at == "/ecard/invalid"
    assert "maria.sineva.demo@gmail.com" in after.post(trigger="back").text
