"""Requests and documents at the desk: the commands' rules, every opening noted by id, no number in a URL."""

import shutil
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from app import wiring
from app.runner.portal import documents, staff
from app.runner.portal.documents import CustomerMissing
from app.runner.staff.acts import acts_since
from app.store.requests import Page
from tests.apps import ready_app
from tests.asking import PDF, form_of, send
from tests.conftest import Clock, settings_for
from tests.lodge import log_in as log_in_guest
from tests.operating import Operating, operating, post
from tests.walk import Walk

DOCUMENTS = "/desk/documents"


@pytest.fixture
def desk(demo_var: Path, tmp_path: Path) -> Iterator[Operating]:
    shutil.copytree(demo_var, tmp_path / "var")
    settings, clock = settings_for(tmp_path / "var"), Clock()
    house = wiring.open_house(settings, clock)
    yield operating(lambda opened: ready_app(settings, opened), house, clock)
    house.database.close()


@pytest.fixture
def olga(desk: Operating) -> Walk:
    return desk.browser("olga", "operator")


def acts(desk: Operating) -> list[tuple[str, str]]:
    told = acts_since(desk.house, desk.clock() - timedelta(hours=9))
    return [(act.act, act.subject) for act in told if act.staff == "olga" and act.act != "log in"]


def number_of(desk: Operating) -> str:
    customer = documents.customer_of_id(desk.house, desk.guest.customers[0])[0]
    return next(iter(customer.numbers.values()))


def test_an_answer_at_the_desk_stands_in_the_portal_once_however_often_it_is_sent(
    desk: Operating, olga: Walk
) -> None:
    reference = desk.request()
    olga.get(f"/desk/requests/{reference}")
    assert "Since Monday." in olga.text
    where = f"/desk/requests/{reference}/answer"
    form = form_of(olga, where)
    for _ in range(2):
        assert olga._ask("POST", where, data={**form, "text": "We send somebody."}).status_code == 303
    thread = staff.thread(desk.house, reference)
    assert [(each.author, each.text) for each in thread.messages][1:] == [("staff", "We send somebody.")]
    assert thread.request.state == "answered"
    guest = log_in_guest(Walk(desk.app, lang="en"))
    assert "We send somebody." in guest.get(f"/portal/lodge/requests/{reference}").text
    assert sorted(acts(desk)) == [("answer request", reference), ("read request", reference)]


def test_an_empty_answer_is_not_sent_and_a_closed_request_takes_none(desk: Operating, olga: Walk) -> None:
    reference = desk.request()
    where = f"/desk/requests/{reference}/answer"
    send(olga.get(f"/desk/requests/{reference}"), where, text=" ")
    assert olga.status == 422
    assert "Write what you want" in olga.text
    form = form_of(olga, where)
    send(olga, f"/desk/requests/{reference}/close")
    assert "closed for good" in olga.text
    olga.page = olga._ask("POST", where, data={**form, "text": "Too late"})
    assert "so nothing was added" in olga.get(olga.page.location).text
    assert len(staff.thread(desk.house, reference).messages) == 1
    assert ("close request", reference) in acts(desk)


def test_the_one_that_waits_longest_comes_first_and_pages_go_on(desk: Operating, olga: Walk) -> None:
    references = []
    for number in range(staff.PAGE + 2):
        references.append(desk.request(f"{number:04}-aaaa", f"Subject {number}"))
        desk.clock.pass_(minutes=1)
    olga = desk.browser("olga2", "operator").get("/desk/requests")
    assert olga.text.index("0000-aaaa") < olga.text.index("0001-aaaa")
    assert references[-1] not in olga.text
    further = olga.text.partition('rel="next"')[0].rpartition('href="')[2].partition('"')[0]
    olga.get(further.replace("&amp;", "&"))
    assert references[-1] in olga.text
    assert references[0] not in olga.text
    assert staff.page(desk.house, Page("elsewhere", ("open",))) == []
    assert "No request found" in olga.get("/desk/requests?waiting=3").text


def test_a_customer_is_found_by_a_number_that_stands_in_no_address(desk: Operating, olga: Walk) -> None:
    number = number_of(desk)
    send(olga.get(DOCUMENTS), DOCUMENTS, of="lodge number", number=number)
    assert olga.at == f"{DOCUMENTS}/{desk.guest.customers[0]}"
    assert "Kerekes Hanna" in olga.text
    where = olga.at
    send(olga, where, ("letter.pdf", PDF), title="The invoice")
    assert "is filed" in olga.text
    theirs = documents.customer_of_id(desk.house, desk.guest.customers[0])[1]
    assert [each.title for each in theirs] == ["The invoice"]
    answer = olga._ask("GET", f"{where}/{theirs[0].id}")
    assert answer.get_data() == PDF
    assert "attachment" in answer.headers["Content-Disposition"]
    assert answer.headers["Content-Security-Policy"].startswith("sandbox")
    send(olga.get(where), f"{where}/{theirs[0].id}/withdraw")
    assert documents.customer_of_id(desk.house, desk.guest.customers[0])[1] == []
    assert sorted(acts(desk)) == [
        ("file document", theirs[0].id),
        ("read documents", desk.guest.customers[0]),
        ("save document", theirs[0].id),
        ("withdraw document", theirs[0].id),
    ]
    assert number not in str(acts(desk))


def test_a_customer_the_portal_does_not_know_is_made_with_the_first_document(
    desk: Operating, olga: Walk
) -> None:
    send(olga.get(DOCUMENTS), DOCUMENTS, of="lodge number", number="4711471100")
    assert "No customer in this portal has that number" in olga.text
    first = f"{DOCUMENTS}/new"
    send(olga, first, ("letter.pdf", PDF), title="The invoice", name="")
    assert "Write the customer’s name." in olga.text
    send(olga, first, ("letter.exe", b"MZ nothing"), title="The invoice", name="Nagy Bence")
    assert "no PDF, JPEG or PNG" in olga.text
    with pytest.raises(CustomerMissing):
        documents.of_customer(desk.house, "lodge", {"number": "4711471100"})
    send(olga, first, ("letter.pdf", PDF), title="The invoice", name="Nagy Bence")
    assert "Nagy Bence" in olga.text
    assert "The invoice" in olga.text


def test_other_roles_read_nobodys_request_and_the_refusal_is_noted(desk: Operating) -> None:
    reference, document = desk.request(), desk.document()
    for role in ("auditor", "analyst", "qa"):
        walk = desk.browser(role, role)
        for path in (f"/desk/requests/{reference}", f"{DOCUMENTS}/{desk.guest.customers[0]}/{document}"):
            assert walk.get(path).status == 403
            assert "Kerekes" not in walk.text
    refused = [a.subject for a in acts_since(desk.house, desk.clock()) if a.outcome == "refused"]
    assert refused.count(f"desk.request {reference}") == 3


def test_what_names_nothing_is_not_found(desk: Operating, olga: Walk) -> None:
    reference = desk.request()
    for path in ("/desk/requests/none-none", f"{DOCUMENTS}/nobody", f"/desk/requests/{reference}/files/x"):
        assert olga.get(path).status == 404
    olga.get(DOCUMENTS)
    assert post(olga, DOCUMENTS, of="lodge salary", number="1").status == 400
    assert post(olga.get(DOCUMENTS), DOCUMENTS, of="nowhere number", number="1").status == 400
