"""Requests of customers: written, followed, answered, by nobody but their owners; what may be attached."""

import html
import logging
import re
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import pytest
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import text

from app.config import Settings
from app.flow.normal.lines import lines
from app.flow.normal.shape import ShapeProblem
from app.runner.house import House
from app.runner.portal import requests, staff, uploads
from app.runner.portal.requests import Draft, NotWritten, Written
from app.runner.portal.visitor import Visitor
from app.store import requests as stored
from tests.apps import ready_app
from tests.asking import JPEG, PDF, PNG, REQUESTS, ask, form_of, reference_in, send
from tests.conftest import Clock
from tests.lodge import guest, log_in, open_lodge
from tests.test_portal_documents import visitor_of
from tests.walk import Walk

OTHER = "bela.lodge.demo@gmail.com"


@pytest.fixture
def dialect() -> str:
    """Counting is asked about on both databases below; the rest is the same on every one."""
    return "sqlite"


@pytest.fixture
def house(house: House) -> House:
    return open_lodge(house)


@pytest.fixture
def app(settings: Settings, house: House) -> Flask:
    return ready_app(settings, house)


@pytest.fixture
def inside(house: House, browser: Callable[..., Walk]) -> Walk:
    """A guest who has logged in."""
    guest(house)
    return log_in(browser(lang="en"))


def count(house: House, table: str) -> int:
    with house.database.read() as connection:
        return int(connection.execute(text(f"select count(*) from {table}")).scalar_one())


def test_a_request_is_followed_from_the_first_word_to_the_last(
    house: House, inside: Walk, clock: Clock
) -> None:
    assert "You have not asked us anything yet" in inside.get(REQUESTS).text
    ask(inside)
    assert "We have received your request" in inside.text
    assert inside.at == f"{REQUESTS}/{reference_in(inside)}"
    reference = reference_in(inside)
    assert "It leaks.\n\nSince Monday." in inside.text
    assert "Waiting for our answer" in inside.text
    clock.pass_(hours=5)
    staff.answer(house, reference, "A roofer comes on Thursday.")
    log_in(inside)
    assert "1 answer to read." in inside.get("/portal/lodge/").text
    assert "A roofer comes on Thursday." in inside.get(f"{REQUESTS}/{reference}").text
    send(inside, f"{REQUESTS}/{reference}", text="Thank you.")
    said = [inside.text.index(each) for each in ("It leaks.", "A roofer", "Thank you.")]
    assert said == sorted(said)
    assert "Waiting for our answer" in inside.get(REQUESTS).text
    inside.get(f"{REQUESTS}/{reference}")
    send(inside, f"{REQUESTS}/{reference}/close")
    assert "The request is closed." in inside.text
    assert form_of(inside, f"{REQUESTS}/{reference}") == {}
    assert count(house, "request_messages") == 3


def test_the_same_form_sent_twice_is_one_request_and_another_text_is_another(
    house: House, inside: Walk
) -> None:
    form = form_of(inside.get(REQUESTS), REQUESTS)
    first = {**form, "subject": "The roof", "text": "It leaks."}
    pages = [inside._ask("POST", REQUESTS, data=first).location for _ in range(3)]
    assert len(set(pages)) == 1
    inside._ask("POST", REQUESTS, data={**first, "text": "It leaks still."})
    assert count(house, "requests") == 2
    page = inside.get(pages[0])
    answer = {**form_of(page, pages[0]), "text": "And the door."}
    for _ in range(2):
        assert inside._ask("POST", pages[0], data=answer).status_code == 303
    assert page.get(pages[0]).text.count("And the door.") == 1


def test_errors_stand_beside_the_fields_and_what_was_typed_is_kept(house: House, inside: Walk) -> None:
    ask(inside, ("roof.pdf", PDF), subject="  ", text='<b>"It leaks"</b>')
    assert inside.status == 422
    assert 'id="subject-error"' in inside.text
    assert "&lt;b&gt;" in inside.text
    assert '<b>"It leaks"</b>' in html.unescape(inside.text)
    assert "<b>" not in inside.text
    assert "choose the file again" in inside.text
    assert "<title>Error:" in inside.text
    ask(inside, text="a" * 4001)
    assert 'id="text-error"' in inside.text
    assert "4000 characters" in inside.text
    ask(inside, text="bell \x07")
    assert 'id="text-error"' in inside.text
    assert count(house, "requests") == count(house, "files") == 0


@pytest.mark.parametrize(
    ("file", "said"),
    [
        (("letter.pdf", b"MZ\x90 a program"), "no PDF, JPEG or PNG"),
        (("letter.pdf", b"<html>%PDF-1.7"), "no PDF, JPEG or PNG"),
        (("letter.svg", b"<svg onload=alert(1)>"), "no PDF, JPEG or PNG"),
        (("letter.pdf", b""), "The file is empty"),
        (("letter.pdf", PDF + b"0" * uploads.LARGEST), "too large: 5 MB"),
    ],
    ids=["program", "page", "drawing", "empty", "large"],
)
def test_a_file_that_is_not_taken_is_named_and_nothing_is_stored(
    house: House, inside: Walk, file: tuple[str, bytes], said: str
) -> None:
    ask(inside, file)
    assert inside.status == 422
    assert 'id="file-error"' in inside.text
    assert said in inside.text
    assert "It leaks." in inside.text
    assert count(house, "requests") == count(house, "files") == count(house, "file_chunks") == 0


def test_more_than_the_form_takes_at_all_is_told_by_a_page_of_ours(house: House, inside: Walk) -> None:
    ask(inside, ("letter.pdf", PDF + b"0" * 16 * 1024 * 1024))
    assert (inside.status, "larger than we take" in inside.text) == (413, True)
    assert inside._ask("POST", "/portal/lodge/switch", data={"customer": "0" * 100_000}).status_code == 413
    assert count(house, "requests") == 0


def test_nobody_reads_a_large_file_before_somebody_is_logged_in(browser: Callable[..., Walk]) -> None:
    stranger = browser(lang="en")
    answer = stranger._ask("POST", REQUESTS, data={"text": "a" * 200_000})
    assert (answer.status_code, answer.location) == (303, "/portal/lodge/login")


@pytest.mark.parametrize(
    ("given_name", "content", "shown", "media_type"),
    [
        ("писмо 7.pdf", PDF, "писмо 7.pdf", "application/pdf"),
        ("..\\..\\win.exe", JPEG, "win.exe.jpg", "image/jpeg"),
        ("/etc/passwd", PNG, "passwd.png", "image/png"),
        ("a\u202egpj<b>;.PNG", PNG, "agpj_b__.png", "image/png"),
    ],
    ids=["Cyrillic", "Windows", "folders", "reversed"],
)
def test_an_attachment_comes_back_as_it_was_under_a_harmless_name(
    inside: Walk, given_name: str, content: bytes, shown: str, media_type: str
) -> None:
    ask(inside, (given_name, content))
    found = re.search(rf'href="({REQUESTS}/[^"]+/files/[^"]+)" download>([^<]+)<', inside.text)
    assert found, inside.text
    assert html.unescape(found[2]) == shown
    answer = inside._ask("GET", found[1])
    assert answer.data == content
    assert answer.mimetype == media_type
    assert answer.headers["Content-Disposition"].startswith("attachment; filename=")
    assert answer.headers["Content-Security-Policy"].startswith("sandbox")
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.headers["Content-Length"] == str(len(content))


@given(st.text(max_size=200))
def test_whatever_a_file_is_called_its_name_is_one_plain_line_with_the_right_ending(name: str) -> None:
    named = uploads.file_name(name, (".pdf",))
    assert named.endswith(".pdf")
    assert 0 < len(named) <= 104
    assert not re.search(r"[\x00-\x1f\x7f/\\\u202a-\u202e\u2066-\u2069\"<>;]", named)
    assert uploads.file_name(named, (".pdf",)) == named


@given(st.text(max_size=300))
def test_prose_keeps_its_lines_and_is_in_normal_form_at_once(typed: str) -> None:
    try:
        once = lines(typed, 200)
    except ShapeProblem as problem:
        assert problem.code in {"required", "too_long", "unusual_characters"}
    else:
        assert lines(once, 200) == once
        assert "\n\n\n" not in once


def test_requests_and_files_of_somebody_else_are_as_unknown_as_none(
    house: House, inside: Walk, browser: Callable[..., Walk], caplog: pytest.LogCaptureFixture
) -> None:
    guest(house, OTHER, names=("Kerekes Hanna", "Nagy Béla"))
    other = log_in(browser(lang="en"), OTHER)
    ask(inside, ("roof.pdf", PDF))
    reference = reference_in(inside)
    theirs = [inside.at, *re.findall(r'href="([^"]+/files/[^"]+)"', inside.text)]
    assert len(theirs) == 2
    caplog.set_level(logging.WARNING)
    for path in [*theirs, theirs[1].replace(reference, "aaaa-aaaa"), f"{REQUESTS}/0000-0000"]:
        assert other._ask("GET", path).status_code == 404
    token = form_of(other.get(REQUESTS), REQUESTS)
    for path in (inside.at, f"{inside.at}/close"):
        assert other._ask("POST", path, data={**token, "text": "mine now"}).status_code == 404
    assert "mine now" not in inside.get(inside.at).text
    assert "Waiting for our answer" in inside.text
    events = [getattr(record, "event", "") for record in caplog.records]
    assert events.count("portal_not_found") == 6


def test_a_request_belongs_to_the_customer_it_was_written_for(
    house: House, browser: Callable[..., Walk]
) -> None:
    first, second = guest(house, names=("Lodge A", "Lodge B")).customers
    walk = log_in(browser(lang="en"))
    send(walk, "/portal/lodge/switch", customer=first)
    ask(walk)
    reference = reference_in(walk)
    send(walk.get("/portal/lodge/"), "/portal/lodge/switch", customer=second)
    assert walk._ask("GET", f"{REQUESTS}/{reference}").status_code == 404
    staff.answer(house, reference, "Done.")
    assert "There are answers for: Lodge A" in walk.get(REQUESTS).text
    send(walk.get("/portal/lodge/"), "/portal/lodge/switch", customer=first)
    assert "Done." in walk.get(f"{REQUESTS}/{reference}").text


def test_what_is_written_to_a_request_closed_meanwhile_is_offered_as_a_new_one(
    house: House, inside: Walk
) -> None:
    ask(inside)
    staff.close(house, reference_in(inside))
    send(inside, inside.at, text="One more thing.")
    assert inside.status == 422
    assert "closed in the meantime" in inside.text
    assert "One more thing." in inside.text
    assert 'value="The roof"' in inside.text


def test_without_the_forms_token_nothing_is_written(house: House, inside: Walk) -> None:
    answer = inside._ask("POST", REQUESTS, data={"mark": "m", "subject": "a", "text": "b"})
    assert answer.status_code == 403
    token = form_of(inside.get(REQUESTS), REQUESTS) | {"mark": "", "subject": "a", "text": "b"}
    assert inside._ask("POST", REQUESTS, data=token).status_code == 400
    assert count(house, "requests") == 0


def test_nothing_of_a_request_or_its_file_stands_in_the_database_in_the_clear(
    house: House, inside: Walk, settings: Settings
) -> None:
    canary = b"%PDF-1.7 canary of a document " * 9000
    ask(inside, ("canary-name.pdf", canary), subject="canary subject", text="canary text")
    assert "canary text" in inside.text
    for file in Path(settings.var).glob("narthex.db*"):
        content = file.read_bytes()
        assert b"canary" not in content
        assert b"PDF-1.7" not in content


class TestOnBothDatabases:
    @pytest.fixture(params=["sqlite", "postgresql"])
    def dialect(self, request: pytest.FixtureRequest) -> str:
        return str(request.param)

    def test_many_at_once_come_to_no_more_than_may_be_open(self, house: House) -> None:
        visitor = visitor_of(house, guest(house))
        for number in range(requests.MOST_OPEN - 1):
            requests.write(house, visitor, Draft(f"{number}", "text", "subject"))

        def write(number: int) -> Written | NotWritten:
            return requests.write(house, visitor, Draft("many" + str(number), "text", "subject"))

        with ThreadPoolExecutor(4) as pool:
            results = list(pool.map(write, range(4)))
        assert [type(each) for each in results].count(Written) == 1
        assert {each.problems[0].code for each in results if isinstance(each, NotWritten)} == {
            "too_many_open"
        }

    def test_the_same_draft_at_once_is_one_request(self, house: House) -> None:
        visitor = visitor_of(house, guest(house))
        with ThreadPoolExecutor(4) as pool:
            drafts = [Draft("mark", "text", "subject")] * 4
            results = list(pool.map(lambda draft: requests.write(house, visitor, draft), drafts))
        assert len(set(results)) == 1

    def test_files_and_messages_of_a_day_are_counted(self, house: House, clock: Clock) -> None:
        visitor = visitor_of(house, guest(house))
        reference = written(requests.write(house, visitor, Draft("m", "text", "subject")))

        def attach(mark: str) -> object:
            return answer_with_file(house, visitor, reference, mark)

        for number in range(requests.FILES_A_DAY):
            assert isinstance(attach(str(number)), Written)
        refused = attach("more")
        assert isinstance(refused, NotWritten)
        assert refused.problems[0].code == "too_many_files"
        for number in range(requests.MESSAGES_A_DAY - requests.FILES_A_DAY - 1):
            requests.answer(house, visitor, reference, Draft(f"t{number}", "text"))
        over = requests.answer(house, visitor, reference, Draft("over", "text"))
        assert isinstance(over, NotWritten)
        assert over.problems[0].code == "too_many_messages"
        clock.pass_(days=1, seconds=1)
        assert isinstance(attach("tomorrow"), Written)
        thread = requests.find(house, visitor, reference)
        assert thread
        assert [m.at for m in thread.messages] == sorted({m.at for m in thread.messages})

    def test_who_closes_and_asks_again_is_still_counted(self, house: House) -> None:
        visitor = visitor_of(house, guest(house))
        for number in range(requests.MOST_OPEN):
            requests.write(house, visitor, Draft(f"{number}", "text", "subject"))
        for each in requests.of_visitor(house, visitor):
            requests.close(house, visitor, each.reference)
        assert isinstance(requests.write(house, visitor, Draft("new", "text", "subject")), Written)
        with house.database.read() as connection:
            assert stored.standing(connection, visitor.account.id) == {
                (visitor.customer.id if visitor.customer else "", "closed"): requests.MOST_OPEN,
                (visitor.customer.id if visitor.customer else "", "open"): 1,
            }


def written(result: Written | NotWritten) -> str:
    assert isinstance(result, Written)
    return result.reference


def answer_with_file(house: House, visitor: Visitor, reference: str, mark: str) -> object:
    import io

    upload = uploads.Upload("a.pdf", io.BytesIO(PDF))
    return requests.answer(house, visitor, reference, replace(Draft(mark, "text"), upload=upload))
