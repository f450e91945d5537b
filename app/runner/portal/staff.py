"""The other side of a request: the organisation's staff reads, answers and closes it."""

from app.flow.normal.lines import lines
from app.runner.house import House
from app.runner.portal.letters import answer_waits
from app.runner.portal.realms import realm
from app.runner.portal.requests import LONGEST_TEXT, Thread
from app.store import accounts, outbox, requests
from app.store.ids import ulid
from app.store.requests import Message, Request


class RequestMissing(Exception):
    """There is no request with this reference."""


class RequestClosed(Exception):
    """The request is closed for good; nothing can be added to it."""


def waiting(house: House, realm_name: str, *, closed_too: bool = False) -> list[Request]:
    """The realm's requests that wait for an answer, the longest waiting first; or all of them."""
    with house.database.read() as connection:
        return requests.of_realm(connection, house.vault, realm_name, closed_too=closed_too)


def thread(house: House, reference: str) -> Thread:
    """The request with its messages; raises RequestMissing."""
    with house.database.read() as connection:
        request = requests.by_reference(connection, house.vault, reference)
        if request is None:
            raise RequestMissing(reference)
        return Thread(request, tuple(requests.messages(connection, house.vault, request.id)))


def answer(house: House, reference: str, typed: str, *, close: bool = False) -> None:
    """Answer the request; in the same commit a mail tells its owner that an answer waits in the portal.

    Raises RequestMissing, RequestClosed, ShapeProblem for what is no text of 4000 characters at most, and
    RealmMissing when no live flow has the realm any more.
    """
    text, now = lines(typed, LONGEST_TEXT), house.clock()
    request = thread(house, reference).request
    here, message = realm(house, request.realm), ulid(now)
    with house.database.read() as connection:
        owner = accounts.by_id(connection, house.vault, request.account)
    if owner is None:
        raise RequestMissing(reference)
    letter = answer_waits(house, here, owner, message)
    with house.database.write() as connection:
        held = requests.hold(connection, house.vault, reference)
        if held is None:
            raise RequestMissing(reference)
        if held.state == "closed":
            raise RequestClosed(reference)
        said = Message(message, "staff", text, now)
        requests.append(connection, house.vault, held, said, "closed" if close else "answered")
        outbox.put(connection, house.vault, letter, now)


def close(house: House, reference: str) -> bool:
    """Close the request for good; False when it was closed already. Raises RequestMissing."""
    with house.database.write() as connection:
        request = requests.hold(connection, house.vault, reference)
        if request is None:
            raise RequestMissing(reference)
        if request.state != "closed":
            requests.move(connection, request, "closed", house.clock())
    return request.state != "closed"
