"""What every answer carries, what it never says, and what the door lets in."""

import logging
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import text

from app.application import build
from app.config import Settings
from app.delivery.post import Post
from app.logs import JsonLines
from app.runner.house import House
from app.web.security import configure
from tests.conftest import settings_for
from tests.walk import PERSON, Walk, link_in

#: Somebody who stands in the register alone; the guide's own example is also on the home page.
GEORGI = {"national_id": "6812094628", "mobile": "0888 100 504", "email": "Georgi.Sineva.Demo@gmail.com "}
CANARIES = ("6812094628", "888100504", "georgi.sineva.demo", "Георги", "Двуредов")


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
    app = build(demo, house)
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
    walk = Walk(build(settings, house))
    walk.get("/ecard/form")
    for _ in range(3):
        walk.post("/ecard/form", follow=False, email="x")
    walk.post("/ecard/form", follow=False, email="x")
    assert walk.status == 429
    assert "<h1>" in walk.text
    other = Walk(build(settings, house), address="198.51.100.1")
    assert other.get("/ecard/form").status == 200


def test_a_forged_forwarding_header_is_not_believed(tmp_path: Path, house: House) -> None:
    settings = settings_for(tmp_path / "few", NARTHEX_POSTS_PER_MINUTE="2")
    walk = Walk(build(settings, house))
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
