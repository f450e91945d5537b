"""What every answer carries, what it never says, and what the door lets in."""

import logging
import re
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from flask import Flask, abort, session
from flask_wtf.csrf import generate_csrf
from sqlalchemy import text

from app.application import build
from app.config import SettingProblem, Settings
from app.delivery.post import Post
from app.flow.catalogue import Catalogue
from app.logs import JsonLines
from app.runner.house import House
from app.web.browser import network
from app.web.limits import limit_requests
from app.web.security import configure, csrf_holds
from tests.apps import ready_app
from tests.conftest import settings_for
from tests.walk import PERSON, Walk, link_in

#: Somebody of the register; the guide's own example must not be found either.
GEORGI = {"national_id": "6812094628", "mobile": "0888 100 504", "email": "Georgi.Sineva.Demo@gmail.com "}
CANARIES = (
    *("9912310123", "888123456", "maria.sineva"),
    *("6812094628", "888100504", "georgi.sineva.demo", "Георги", "Двуредов"),
)


@pytest.fixture
def dialect() -> str:
    """What the web layer does is the same on every database."""
    return "sqlite"


def requested(walk: Walk, **changes: str) -> Walk:
    return walk.get("/ecard/").post(**{**PERSON, **changes})


@pytest.mark.parametrize(
    "path", ["/", "/ecard/form", "/nowhere", "/w/card", "/inbox/", "/static/css/page.css", "/theme/ecard.css"]
)
def test_every_answer_carries_the_security_headers(walk: Walk, path: str) -> None:
    headers = walk._ask("GET", path).headers
    policy = headers["Content-Security-Policy"]
    assert "unsafe" not in policy
    for rule in ("default-src 'self'", "object-src 'none'", "base-uri 'none'", "frame-ancestors 'none'"):
        assert rule in policy
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "no-referrer"
    assert ("no-store" in headers["Cache-Control"]) is not path.startswith(("/static", "/theme"))


def test_a_file_is_kept_by_browsers_under_the_version_it_has_and_no_other(walk: Walk) -> None:
    (address,) = re.findall(r'"(/static/css/page\.css\?v=\w+)"', walk.get("/").text)
    for path, kept in ((address, True), (f"{address}0", False), ("/static/css/page.css", False)):
        headers = walk._ask("GET", path).headers
        assert ("immutable" in headers["Cache-Control"]) is kept


def test_no_page_has_inline_script_or_style(walk: Walk, post: Post) -> None:
    pages = [requested(walk).text, walk.get("/").text]
    post.deliver()
    pages.append(walk.get(link_in(walk.messages()[0])).text)
    for page in pages:
        assert not re.search(r"<script(?![^>]*\bsrc=)|<style|\sstyle=|\son\w+=", page)


def test_cookies_are_closed_to_scripts_and_say_nothing_of_people(walk: Walk, post: Post) -> None:
    requested(walk)
    post.deliver()
    answer = walk._ask("GET", link_in(walk.messages()[0]))
    cookies = answer.headers.getlist("Set-Cookie") + walk._ask("GET", "/ecard/form").headers.getlist(
        "Set-Cookie"
    )
    assert cookies
    for cookie in cookies:
        assert "HttpOnly" in cookie
        assert "SameSite=Lax" in cookie
    with walk.client.session_transaction() as session:
        assert set(session) <= {"browser", "csrf_token", "_permanent", "notice", "pass"}


def test_production_cookies_belong_to_the_host_and_to_https(tmp_path: Path, house: House) -> None:
    demo = settings_for(tmp_path / "p", NARTHEX_BASE_URL="https://card.sineva-demo.bg")
    app = ready_app(demo, house)
    production = demo.model_copy(update={"profile": "production"})
    configure(app, production)
    assert app.config["SESSION_COOKIE_NAME"].startswith("__Host-")
    assert app.config["SESSION_COOKIE_SECURE"]


def test_links_are_on_our_own_host_whatever_the_request_calls_itself(walk: Walk, post: Post) -> None:
    walk.get("/ecard/form")
    evil = {"Host": "evil.example", "X-Forwarded-Host": "evil.example"}
    walk._ask("POST", "/ecard/form", data={**walk.hidden(), **PERSON}, headers=evil)
    post.deliver()
    assert all("http://localhost/w/" in message["text"] for message in walk.messages())


def test_the_token_of_a_link_leaves_the_url_at_once(walk: Walk, post: Post) -> None:
    requested(walk)
    post.deliver()
    answer = walk._ask("GET", link_in(walk.messages()[0]))
    assert (answer.status_code, answer.location) == (303, "/w/card")


@pytest.mark.parametrize("token", ["x", "x.y.z", "a" * 500, "%00", "../card"])
def test_a_made_up_link_has_a_page_that_helps(walk: Walk, token: str) -> None:
    walk.get(f"/w/{token}")
    assert walk.status == 404
    assert "<h1>" in walk.text


def test_too_many_requests_get_a_page_not_a_bare_429(tmp_path: Path, house: House) -> None:
    settings = settings_for(tmp_path / "few", NARTHEX_POSTS_PER_MINUTE="3", NARTHEX_GETS_PER_MINUTE="10")
    walk = Walk(ready_app(settings, house))
    walk.get("/ecard/form")
    for _ in range(3):
        walk.post("/ecard/form", follow=False, email="x")
    walk.post("/ecard/form", follow=False, email="x")
    assert walk.status == 429
    assert "<h1>" in walk.text
    assert walk.page is not None
    assert int(walk.page.headers["Retry-After"]) > 0
    other = Walk(ready_app(settings, house), address="198.51.100.1")
    assert other.get("/ecard/form").status == 200


def test_a_forged_forwarding_header_is_not_believed(tmp_path: Path, house: House) -> None:
    settings = settings_for(tmp_path / "few", NARTHEX_POSTS_PER_MINUTE="2")
    walk = Walk(ready_app(settings, house))
    statuses = set()
    for number in range(4):
        walk.get("/ecard/form")
        forged = {"X-Forwarded-For": f"203.0.113.{number}"}
        statuses.add(walk._ask("POST", "/ecard/form", data=walk.hidden(), headers=forged).status_code)
    assert 429 in statuses


def test_a_fault_shows_a_reference_and_nothing_of_itself(
    app: Flask, walk: Walk, caplog: pytest.LogCaptureFixture
) -> None:
    def broken() -> str:
        raise RuntimeError("secret of maria.sineva.demo@gmail.com")

    app.add_url_rule("/broken", "broken", broken)
    with caplog.at_level(logging.DEBUG):
        walk.get("/broken")
    assert walk.status == 500
    assert "<h1>" in walk.text
    lines = " ".join(JsonLines().format(record) for record in caplog.records)
    for told in (walk.text, lines):
        assert "maria" not in told
        assert "RuntimeError: " not in told
    reference = re.search(r'"reference": "([0-9a-f]{8})"', lines)
    assert reference is not None
    assert reference[1] in walk.text


def test_nothing_personal_is_in_logs_urls_journal_or_database(
    settings: Settings, walk: Walk, post: Post, house: House, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.DEBUG):
        requested(walk, **GEORGI)
        post.deliver()
        walk.get(link_in(walk.messages()[0])).post(follow=False, trigger="add", wallet="apple")
        walk.get("/w/card.pkpass")
    told = " ".join(JsonLines().format(record) for record in caplog.records if record.name.startswith("app"))
    stored = b"".join(file.read_bytes() for file in settings.var.parent.rglob("*") if file.is_file())
    with house.database.read() as connection:
        journal = " ".join(connection.execute(text("select record from journal")).scalars())
    for canary in CANARIES:
        assert canary not in told
        assert canary not in journal
        assert canary.encode() not in stored


@pytest.mark.parametrize("line", ["a\nb", "\x1b[31mred", "call +359888100504 now", "id 6812094628"])
def test_a_log_line_is_one_line_without_people(line: str) -> None:
    record = logging.LogRecord("app", logging.INFO, "f", 1, line, None, None)
    written = JsonLines().format(record)
    assert "\n" not in written
    assert "\x1b" not in written
    assert not any(canary in written for canary in CANARIES)


def test_other_methods_move_nothing(walk: Walk) -> None:
    requested(walk)
    for method in ("PUT", "DELETE", "PATCH"):
        assert walk._ask(method, "/ecard/requested").status_code == 405
    assert walk.get("/ecard/form").at == "/ecard/requested"


def test_head_is_answered_like_get(walk: Walk) -> None:
    assert walk._ask("HEAD", "/ecard/form").status_code == 200


def test_anything_at_all_in_a_field_is_a_page(browser: Callable[..., Walk]) -> None:
    for typed in (
        "\u202e\u00a0",
        "\x00",
        "９９１２３１０１２３",
        "{{7*7}}",
        "<script>",
        "a" * 5000,
        "\ud83d",
    ):
        walk = browser()
        walk.get("/ecard/form")
        sent = typed.encode("utf-8", "replace").decode()
        walk.post(email=sent, mobile=sent, national_id=sent, device=sent)
        assert walk.status in {200, 400}
        assert "<script>" not in walk.text.replace('<script type="module"', "")
        assert 'value="49"' not in walk.text


@pytest.mark.parametrize(
    "path", ["/static/css/page.css", "/theme/ecard.css", "/health/live", "/health/ready", "/static/nowhere"]
)
def test_files_and_probes_carry_no_cookie(walk: Walk, path: str) -> None:
    walk.get("/ecard/form")
    answer = walk._ask("GET", path)
    assert "Set-Cookie" not in answer.headers
    assert "Cookie" not in answer.headers.get("Vary", "")


def test_what_is_missing_is_kept_by_no_cache(walk: Walk) -> None:
    for path in ("/static/nowhere", "/theme/nowhere.css"):
        assert walk._ask("GET", path).headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize("fields", [{}, {"lang": "en"}])
def test_a_form_from_another_site_takes_nobodys_session_away(
    browser: Callable[..., Walk], fields: dict[str, str]
) -> None:
    answer = browser()._ask("POST", "/ecard/form", data=fields, headers={"Sec-Fetch-Site": "cross-site"})
    assert not [c for c in answer.headers.getlist("Set-Cookie") if c.startswith("narthex=")]


def test_who_lost_the_cookie_on_our_own_page_can_send_it_again(browser: Callable[..., Walk]) -> None:
    ours = {"Sec-Fetch-Site": "same-origin"}
    walk = browser().get("/ecard/form")
    form = walk.hidden()
    walk.client.delete_cookie("narthex")
    walk.page = walk._ask("POST", "/ecard/form", data={**form, **PERSON}, headers=ours)
    assert walk.status == 403
    assert walk.post(**PERSON).at == "/ecard/requested"


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        ("192.0.2.7", "192.0.2.7"),
        ("::ffff:192.0.2.7", "192.0.2.7"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::"),
        ("", "unknown"),
    ],
)
def test_a_network_is_one_ipv4_address_or_an_ipv6_64(app: Flask, address: str, expected: str) -> None:
    with app.test_request_context(environ_base={"REMOTE_ADDR": address}):
        assert network() == expected


def test_a_page_opened_before_the_keys_were_changed_can_still_be_sent(settings: Settings, app: Flask) -> None:
    with app.test_request_context():
        token, kept = generate_csrf(), dict(session)
    old = settings.secret_keys.get_secret_value()
    holds = {}
    for keys in (f"{'n' * 40},{old}", "n" * 40):
        configure(app, settings_for(settings.var, NARTHEX_SECRET_KEYS=keys))
        with app.test_request_context(method="POST", data={"csrf_token": token}):
            session.update(kept)
            holds[keys.count(",")] = csrf_holds()
    assert holds == {1: True, 0: False}


@contextmanager
def silent_server() -> Iterator[tuple[int, list[socket.socket]]]:
    """Takes connections and never says a word; its port and the connections so far."""
    taken: list[socket.socket] = []
    with socket.create_server(("127.0.0.1", 0)) as server:

        def take() -> None:
            while True:
                try:
                    taken.append(server.accept()[0])
                except OSError:
                    return

        thread = threading.Thread(target=take)
        thread.start()
        try:
            yield server.getsockname()[1], taken
        finally:
            server.shutdown(socket.SHUT_RDWR)
            thread.join()
            for each in taken:
                each.close()


def test_a_hung_redis_is_asked_once_and_not_waited_for(tmp_path: Path, house: House) -> None:
    with silent_server() as (port, taken):
        settings = settings_for(tmp_path / "r", NARTHEX_REDIS_URL=f"redis://127.0.0.1:{port}/0")
        app = ready_app(settings, house)
        assert Walk(app).get("/ecard/form").status == 200
        assert len(taken) == 1


def test_redis_gets_a_tenth_of_a_second(tmp_path: Path) -> None:
    settings = settings_for(tmp_path, NARTHEX_REDIS_URL="redis://127.0.0.1:1/0")
    storage: Any = limit_requests(Flask(__name__), settings).storage
    asked = storage.storage.connection_pool.connection_kwargs
    assert (asked["socket_timeout"], asked["socket_connect_timeout"]) == (0.1, 0.1)


@pytest.mark.parametrize("url", ["rdis://:hunter2@cache:6379/0", "redis://:hunter2@cache:many/0"])
def test_a_wrong_address_of_redis_is_named_without_its_password(tmp_path: Path, url: str) -> None:
    with pytest.raises(SettingProblem, match="NARTHEX_REDIS_URL") as told:
        limit_requests(Flask(__name__), settings_for(tmp_path, NARTHEX_REDIS_URL=url))
    assert "hunter2" not in str(told.value)


def test_an_unusual_refusal_keeps_its_own_status(app: Flask, walk: Walk) -> None:
    app.add_url_rule("/odd/<int:code>/x", "odd", abort)
    walk.get("/static/css/page.css", headers={"Range": "bytes=9999999-"})
    assert walk.status == 416
    assert "<h1>" in walk.text
    for code in (409, 418, 501, 505):
        walk.get(f"/odd/{code}/x")
        assert walk.status == code
        assert "<h1>" in walk.text


def test_a_method_that_is_not_taken_names_those_that_are(walk: Walk) -> None:
    answer = walk._ask("DELETE", "/ecard/form")
    assert answer.status_code == 405
    assert set(answer.headers["Allow"].split(", ")) == {"GET", "HEAD", "OPTIONS", "POST"}


@pytest.mark.parametrize(
    "path",
    ["/ecard", "/inbox?lang=en", "//evil.example/a", "/\\evil.example", "//ecard//", "/ecard?a=\r\nb:c"],
)
def test_no_redirect_leads_to_another_host(walk: Walk, path: str) -> None:
    answer = walk._ask("GET", f"http://evil.example{path}")
    assert answer.status_code == 308
    assert re.match(r"/(?![/\\])", answer.headers["Location"])
    assert "http://evil.example" not in answer.get_data(as_text=True)


def test_the_language_cookie_is_as_closed_as_the_profile_says(app: Flask, walk: Walk) -> None:
    app.config["SESSION_COOKIE_SECURE"] = True  # as production has it; a proxy may still say http
    (cookie,) = [
        c for c in walk._ask("GET", "/?lang=hu").headers.getlist("Set-Cookie") if c.startswith("lang=")
    ]
    assert "Secure" in cookie


def events(caplog: pytest.LogCaptureFixture) -> list[str]:
    return [record.__dict__["event"] for record in caplog.records if "event" in record.__dict__]


def test_refusals_at_the_door_are_noted(
    tmp_path: Path, house: House, app: Flask, caplog: pytest.LogCaptureFixture
) -> None:
    with app.test_request_context("/ecard/form", method="POST", data={"csrf_token": "forged"}):
        assert not csrf_holds()
    assert events(caplog) == ["csrf_refused"]
    assert "forged" not in " ".join(JsonLines().format(record) for record in caplog.records)
    walk = Walk(build(settings_for(tmp_path / "few", NARTHEX_GETS_PER_MINUTE="1"), house))
    walk.get("/ecard/form").get("/ecard/form")
    assert walk.status == 429
    assert events(caplog) == ["csrf_refused", "limit_hit"]


def test_a_version_that_no_longer_loads_takes_nothing_else_with_it(
    settings: Settings, house: House, caplog: pytest.LogCaptureFixture
) -> None:
    older = replace(house, catalogue=Catalogue())  # a program without the guards that the flows name
    walk = Walk(ready_app(settings, older)).get("/")
    assert walk.status == 200
    assert "/ecard/" not in walk.text
    assert {r.__dict__["flow"] for r in caplog.records if r.levelname == "ERROR"} == set(house.shelf.names())
