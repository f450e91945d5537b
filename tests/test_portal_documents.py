"""Documents of customers: filed, listed, handed out whole to nobody but those who act for the customer."""

import io
import random
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import text

from app.config import Settings
from app.runner.house import House
from app.runner.logins import Login
from app.runner.portal import contents, documents
from app.runner.portal.realms import realm
from app.runner.portal.visitor import Visitor, visitor
from app.store import files
from app.store.crypto import Undecipherable
from app.store.files import CHUNK
from app.web.downloads import file_size
from tests.apps import ready_app
from tests.asking import PDF
from tests.conftest import Clock
from tests.lodge import ADDRESS, Guest, guest, log_in, open_lodge
from tests.walk import Walk

DOCUMENTS = "/portal/lodge/documents"


@pytest.fixture
def dialect() -> str:
    """Whether large files come back whole is asked of both databases; the rest is the same on every one."""
    return "sqlite"


@pytest.fixture
def house(house: House) -> House:
    return open_lodge(house)


@pytest.fixture
def app(settings: Settings, house: House) -> Flask:
    return ready_app(settings, house)


def visitor_of(house: House, its: Guest) -> Visitor:
    login = Login("login", its.account, "lodge", None, house.clock())
    found = visitor(house, realm(house, "lodge"), login)
    assert found
    return found


def file_for(house: House, its: Guest, title: str, content: bytes = PDF, name: str = "letter.pdf") -> str:
    customer = visitor_of(house, its).customer
    assert customer
    return documents.file_document(house, "lodge", customer.numbers, title, name, io.BytesIO(content))


def some_bytes(size: int) -> bytes:
    return b"%PDF-" + random.Random(size).randbytes(size - 5)


def test_documents_are_listed_newest_first_and_the_empty_list_says_what_to_do(
    house: House, browser: Callable[..., Walk], clock: Clock
) -> None:
    its, walk = guest(house), browser(lang="en")
    assert "There are no documents yet" in log_in(walk).get(DOCUMENTS).text
    assert "/portal/lodge/requests#new" in walk.text
    for title in ("Old <i>policy</i>", "New policy", "Newest policy", "Bill"):
        file_for(house, its, title)
        clock.pass_(minutes=1)
    titles = re.findall(r'class="card-link"[^>]*>([^<]+)<', walk.get(DOCUMENTS).text)
    assert titles == ["Bill", "Newest policy", "New policy", "Old &lt;i&gt;policy&lt;/i&gt;"]
    assert "1 KB" in walk.text
    assert re.findall(r'class="card-link"[^>]*>([^<]+)<', walk.get("/portal/lodge/").text) == titles[:3]


def test_files_of_every_size_around_a_chunk_are_whole(house: House) -> None:
    its = guest(house)
    for size in (5, CHUNK - 1, CHUNK, CHUNK + 1, 8 * CHUNK, 9 * CHUNK):
        content = some_bytes(size)
        document = documents.find(house, visitor_of(house, its), file_for(house, its, "Bill", content))
        assert document
        assert b"".join(contents.content(house, document.file)) == content


@pytest.mark.parametrize(
    "damage",
    [
        "delete from file_chunks where number = 2",
        "delete from file_chunks where number = 1",
        "update files set size = size - 40",
        "update file_chunks set content = (select content from file_chunks where number = 0)",
        "update file_chunks set number = case number when 1 then 11 when 2 then 1 else number end",
    ],
)
def test_a_file_that_lost_or_changed_a_part_is_never_taken_for_whole(
    house: House, browser: Callable[..., Walk], damage: str
) -> None:
    its = guest(house)
    document = file_for(house, its, "Bill", some_bytes(2 * CHUNK + 100))
    with house.database.write() as connection:
        connection.execute(text(damage))
    found = documents.find(house, visitor_of(house, its), document)
    assert found
    with pytest.raises(Undecipherable):
        b"".join(contents.content(house, found.file))
    assert log_in(browser(lang="en")).get(f"{DOCUMENTS}/{document}").status == 500


def test_somebody_elses_document_is_as_unknown_as_none(house: House, browser: Callable[..., Walk]) -> None:
    mine, theirs = guest(house), guest(house, "bela.lodge.demo@gmail.com", names=("Nagy Béla",))
    foreign = file_for(house, theirs, "Theirs")
    own = file_for(house, mine, "Mine")
    walk = log_in(browser(lang="en"))
    assert "Theirs" not in walk.get(DOCUMENTS).text
    unknown = [walk._ask("GET", f"{DOCUMENTS}/{name}") for name in (foreign, "0" * 26)]
    assert [each.status_code for each in unknown] == [404, 404]
    assert unknown[0].data.replace(foreign.encode(), b"0" * 26) == unknown[1].data
    assert walk._ask("GET", f"{DOCUMENTS}/{own}").status_code == 200
    stranger = browser(lang="en")._ask("GET", f"{DOCUMENTS}/{own}")
    assert (stranger.status_code, stranger.location) == (303, "/portal/lodge/login")


def test_a_customers_second_login_reads_the_same_documents(
    house: House, browser: Callable[..., Walk]
) -> None:
    first, second = guest(house), guest(house, "bela.lodge.demo@gmail.com", names=("Nagy Béla",))
    with house.database.write() as connection:
        connection.execute(
            text("update memberships set customer_id = :new where customer_id = :old"),
            {"new": first.customers[0], "old": second.customers[0]},
        )
    document = file_for(house, first, "Shared")
    for address in (ADDRESS, "bela.lodge.demo@gmail.com"):
        assert log_in(browser(lang="en"), address)._ask("GET", f"{DOCUMENTS}/{document}").status_code == 200


def test_nothing_of_a_document_stands_in_the_database_in_the_clear(house: House, settings: Settings) -> None:
    content = b"%PDF-1.7 canary " * 20_000
    file_for(house, guest(house), "canary title", content, "canary.pdf")
    for file in Path(settings.var).glob("narthex.db*"):
        assert b"canary" not in file.read_bytes()


def test_a_file_that_changes_while_it_is_read_is_not_stored(house: House) -> None:
    with pytest.raises(ValueError, match="changed"):
        files.seal(
            house.vault, io.BytesIO(PDF), name="a.pdf", media_type="application/pdf",
            size=len(PDF) + 1, now=house.clock(),
        )  # fmt: skip


def test_sizes_are_written_as_people_read_them() -> None:
    assert [file_size(size, "bg") for size in (5, 1024 * 640, 2_500_000)] == ["1 KB", "640 KB", "2,4 MB"]
    assert file_size(2_500_000, "en") == "2.4 MB"


class TestOnBothDatabases:
    @pytest.fixture(params=["sqlite", "postgresql"])
    def dialect(self, request: pytest.FixtureRequest) -> str:
        return str(request.param)

    def test_a_file_of_three_megabytes_comes_back_byte_by_byte(
        self, house: House, browser: Callable[..., Walk]
    ) -> None:
        content = some_bytes(3 * 1024 * 1024 + 17)
        document = file_for(house, guest(house), "Policy", content, "Полица 7.pdf")
        walk = log_in(browser(lang="en"))
        answer = walk._ask("GET", f"{DOCUMENTS}/{document}")
        assert answer.data == content
        assert answer.headers["Content-Length"] == str(len(content))
        assert answer.headers["Content-Type"] == "application/pdf"
        said = answer.headers["Content-Disposition"]
        assert "filename*=UTF-8''%D0%9F%D0%BE%D0%BB%D0%B8%D1%86%D0%B0%207.pdf" in said
        assert re.search(r'filename="?7\.pdf"?', said)
        looked = walk._ask("HEAD", f"{DOCUMENTS}/{document}")
        assert (looked.data, looked.headers["Content-Length"]) == (b"", str(len(content)))
