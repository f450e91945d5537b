"""The other side of a request: the organisation's staff reads, answers and closes it."""

from app.flow.normal.lines import lines
from app.runner.house import House
from app.runner.portal.letters import answer_waits
from app.runner.portal.realms import realm
from app.runner.portal.requests import LONGEST_TEXT, Thread
from app.runner.staff.acts import AT_THE_CONSOLE, note_within
from app.runner.staff.who import Staff
from app.store import accounts, outbox, requests
from app.store.ids import ulid
from app.store.requests import Message, Page, Request

PAGE = 50


class RequestMissing(Exception):
    """There is no request with this reference."""


class RequestClosed(Exception):
    """The request is closed for good; nothing can be added to it."""


def waiting(house: House, realm_name: str, *, closed_too: bool = False) -> list[Request]:
    """The realm's requests that wait for an answer, the longest waiting first; or all of them."""
    with house.database.read() as connection:
        return requests.of_realm(connection, house.vault, realm_name, closed_too=closed_too)


def page(house: House, page: Page, most: int = PAGE) -> list[Request]:
    """The requests of a page and one more if there are more, the one that waits longest first."""
    with house.database.read() as connection:
        return requests.of_page(connection, house.vault, page, most + 1)


def waiting_by_realm(house: House) -> dict[str, int]:
    """How many wait for an answer in each realm that has any."""
    with house.database.read() as connection:
        return requests.waiting(connection)


def thread(house: House, reference: str) -> Thread:
    """The request with its messages; raises RequestMissing."""
    with house.database.read() as connection:
        request = requests.by_reference(connection, house.vault, reference)
        if request is None:
            raise RequestMissing(reference)
        return Thread(request, tuple(requests.messages(connection, house.vault, request.id)))


def answer(
    house: House,
    reference: str,
    typed: str,
    *,
    close: bool = False,
    by: Staff | str = AT_THE_CONSOLE,
    mark: str | None = None,
) -> None:
    """Answer the request; in the same commit a mail tells its owner that an answer waits in the portal.

    `mark` is a page's own random value: the same form sent twice is one answer. Raises RequestMissing,
    RequestClosed, ShapeProblem for what is no text of 4000 characters at most, and RealmMissing when no live
    flow has the realm any more.
    """
    text, now = lines(typed, LONGEST_TEXT), house.clock()
    request = thread(house, reference).request
    here, message = realm(house, request.realm), _id(house, reference, text, mark) or ulid(now)
    with house.database.read() as connection:
        owner = accounts.by_id(connection, house.vault, request.account)
    if owner is None:
        raise RequestMissing(reference)
    letter = answer_waits(house, here, owner, message)
    with house.database.write() as connection:
        held = requests.hold(connection, house.vault, reference)
        if held is None:
            raise RequestMissing(reference)
        if requests.is_message(connection, message):
            return
        if held.state == "closed":
            raise RequestClosed(reference)
        said = Message(message, "staff", text, now)
        requests.append(connection, house.vault, held, said, "closed" if close else "answered")
        outbox.put(connection, house.vault, letter, now)
        note_within(connection, now, by, "answer and close request" if close else "answer request", reference)


def _id(house: House, reference: str, text: str, mark: str | None) -> str | None:
    """The same for the same form with the same words, and for nothing else."""
    return house.vault.index("\0".join(("staff", reference, mark, text)), "request message") if mark else None


def close(house: House, reference: str, by: Staff | str = AT_THE_CONSOLE) -> bool:
    """Close the request for good; False when it was closed already. Raises RequestMissing."""
    with house.database.write() as connection:
        request = requests.hold(connection, house.vault, reference)
        if request is None:
            raise RequestMissing(reference)
        if request.state != "closed":
            requests.move(connection, request, "closed", house.clock())
            note_within(connection, house.clock(), by, "close request", reference)
    return request.state != "closed"
