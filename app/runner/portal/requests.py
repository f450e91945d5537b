"""What a customer asks in the portal: written, followed, gone on with, closed."""

from dataclasses import dataclass, field, replace
from datetime import timedelta

from sqlalchemy import Connection

from app.flow.normal.lines import lines
from app.flow.normal.shape import ShapeProblem
from app.flow.normal.text import text
from app.flow.verdict import Problem
from app.runner.house import House
from app.runner.portal.uploads import LARGEST, Examined, NotTaken, Upload, examined
from app.runner.portal.visitor import Visitor
from app.store import files, requests
from app.store.files import SealedFile, StoredFile
from app.store.ids import new_reference
from app.store.requests import Message, Request

LONGEST_SUBJECT, LONGEST_TEXT = 120, 4000
MOST_OPEN = 20  # requests of one account that wait for the staff
MESSAGES_A_DAY, FILES_A_DAY = 50, 10
MOST = 500

_A_DAY = timedelta(days=1)
_LIMITS = {
    "subject": {"most": LONGEST_SUBJECT},
    "text": {"most": LONGEST_TEXT},
    "file": {"most": LARGEST // 1024 // 1024},
}


@dataclass(frozen=True)
class Draft:
    """A form as it came. `mark` is the page's own random value: the same form posted twice is one message."""

    mark: str
    text: str = field(repr=False)
    subject: str = field(default="", repr=False)
    upload: Upload | None = None


@dataclass(frozen=True)
class Written:
    """The message stands in the request with this reference."""

    reference: str


@dataclass(frozen=True)
class NotWritten:
    """Nothing was stored, for these reasons; `closed` of no field: the request has been closed meanwhile."""

    problems: tuple[Problem, ...]


@dataclass(frozen=True)
class Thread:
    """A request with its messages, the oldest first."""

    request: Request
    messages: tuple[Message, ...] = field(repr=False)


@dataclass(frozen=True)
class _Fair:
    """A draft without problems, its file sealed."""

    subject: str = field(repr=False)
    text: str = field(repr=False)
    sealed: SealedFile | None


def of_visitor(house: House, visitor: Visitor) -> list[Request]:
    """The account's own requests for the customer acted for, the last touched first."""
    if visitor.customer is None:
        return []
    with house.database.read() as connection:
        return requests.of_customer(connection, house.vault, visitor.account.id, visitor.customer.id, MOST)


def standing(house: House, visitor: Visitor) -> dict[tuple[str, requests.State], int]:
    """How many of the account's requests stand in which state, by customer and state."""
    with house.database.read() as connection:
        return requests.standing(connection, visitor.account.id)


def find(house: House, visitor: Visitor, reference: str) -> Thread | None:
    """This request, if it is the account's own and of the customer acted for; else it is unknown."""
    with house.database.read() as connection:
        request = requests.by_reference(connection, house.vault, reference)
        if request is None or not _is_theirs(request, visitor):
            return None
        return Thread(request, tuple(requests.messages(connection, house.vault, request.id)))


def find_file(house: House, visitor: Visitor, reference: str, file: str) -> StoredFile | None:
    """This file of this request, under the same condition."""
    thread = find(house, visitor, reference)
    theirs = [message.file for message in thread.messages if message.file] if thread else []
    return next((each for each in theirs if each.id == file), None)


def _is_theirs(request: Request, visitor: Visitor) -> bool:
    customer = visitor.customer
    return (
        customer is not None
        and request.realm == visitor.realm.name
        and request.account == visitor.account.id
        and request.customer == customer.id
    )


def write(house: House, visitor: Visitor, draft: Draft) -> Written | NotWritten:
    """Make a new request of the draft."""
    fair = _fair(house, draft, with_subject=True)
    if isinstance(fair, NotWritten):
        return fair
    if visitor.customer is None:
        return NotWritten((Problem("no_customer"),))
    now, message = house.clock(), _id(house, visitor, draft, fair, "new")
    request = Request(
        message,
        new_reference(),
        visitor.realm.name,
        visitor.account.id,
        visitor.customer.id,
        fair.subject,
        "open",
        now,
        now,
    )
    with house.database.write() as connection:
        requests.hold_account(connection, visitor.account.id)
        if before := requests.by_id(connection, house.vault, message):
            return Written(before.reference)
        if problems := _limits(house, connection, visitor, fair, is_new=True):
            return NotWritten(problems)
        while requests.by_reference(connection, house.vault, request.reference):
            request = replace(request, reference=new_reference())
        requests.add(connection, house.vault, request)
        _append(house, connection, request, message, fair)
    return Written(request.reference)


def answer(house: House, visitor: Visitor, reference: str, draft: Draft) -> Written | NotWritten | None:
    """Add the draft to a request, which is open again then; None when it is not the visitor's."""
    fair = _fair(house, draft, with_subject=False)
    if isinstance(fair, NotWritten):
        return fair if find(house, visitor, reference) else None
    message = _id(house, visitor, draft, fair, reference)
    with house.database.write() as connection:
        requests.hold_account(connection, visitor.account.id)
        request = requests.hold(connection, house.vault, reference)
        if request is None or not _is_theirs(request, visitor):
            return None
        if requests.is_message(connection, message):
            return Written(reference)
        if request.state == "closed":
            return NotWritten((Problem("closed"),))
        if problems := _limits(house, connection, visitor, fair, is_new=request.state != "open"):
            return NotWritten(problems)
        _append(house, connection, request, message, fair)
    return Written(reference)


def close(house: House, visitor: Visitor, reference: str) -> bool:
    """Close a request for good, once more changes nothing; False when it is not the visitor's."""
    with house.database.write() as connection:
        request = requests.hold(connection, house.vault, reference)
        if request is None or not _is_theirs(request, visitor):
            return False
        if request.state != "closed":
            requests.move(connection, request, "closed", house.clock())
    return True


def _append(house: House, connection: Connection, request: Request, message: str, fair: _Fair) -> None:
    if fair.sealed:
        files.put(connection, house.vault, fair.sealed)
    file = fair.sealed.file if fair.sealed else None
    written = Message(message, "customer", fair.text, house.clock(), file)
    requests.append(connection, house.vault, request, written, "open")


def _limits(
    house: House, connection: Connection, visitor: Visitor, fair: _Fair, *, is_new: bool
) -> tuple[Problem, ...]:
    account = visitor.account.id
    messages, files_sent = requests.written_since(connection, account, house.clock() - _A_DAY)
    counts = requests.standing(connection, account)
    waiting = sum(count for (_, state), count in counts.items() if state == "open")
    found = []
    if is_new and waiting >= MOST_OPEN:
        found.append(Problem("too_many_open", None, {"most": MOST_OPEN}))
    if messages >= MESSAGES_A_DAY:
        found.append(Problem("too_many_messages", None, {"most": MESSAGES_A_DAY}))
    if fair.sealed and files_sent >= FILES_A_DAY:
        found.append(Problem("too_many_files", "file", {"most": FILES_A_DAY}))
    return tuple(found)


def _fair(house: House, draft: Draft, *, with_subject: bool) -> _Fair | NotWritten:
    """The draft's normal forms with its file sealed, or everything that has to be mended."""
    problems: dict[str, str] = {}
    subject = body = ""
    kind = None
    try:
        subject = text(draft.subject, LONGEST_SUBJECT) if with_subject else ""
    except ShapeProblem as problem:
        problems["subject"] = problem.code
    try:
        body = lines(draft.text, LONGEST_TEXT)
    except ShapeProblem as problem:
        problems["text"] = problem.code
    try:
        kind = examined(draft.upload) if draft.upload else None
    except NotTaken as problem:
        problems["file"] = problem.code
    if problems:
        return NotWritten(tuple(Problem(code, name, _LIMITS[name]) for name, code in problems.items()))
    return _Fair(subject, body, _sealed(house, draft.upload, kind) if draft.upload and kind else None)


def _sealed(house: House, upload: Upload, kind: Examined) -> SealedFile:
    return files.seal(
        house.vault,
        upload.stream,
        name=kind.name,
        media_type=kind.media_type,
        size=kind.size,
        now=house.clock(),
    )


def _id(house: House, visitor: Visitor, draft: Draft, fair: _Fair, place: str) -> str:
    """The same for the same form with the same words and file, and for nothing else."""
    customer = visitor.customer.id if visitor.customer else ""
    digest = fair.sealed.digest if fair.sealed else ""
    parts = (visitor.account.id, customer, place, draft.mark, fair.subject, fair.text, digest)
    return house.vault.index("\0".join(parts), "request message")
