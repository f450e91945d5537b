"""What customers ask in the portal, and the messages that follow, each with a file at most.

A request is `open` while the staff has to answer, `answered` while the customer may, `closed` for good.
"""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Literal

from sqlalchemy import ColumnElement, Connection, bindparam, func, insert, literal, select, tuple_, update

from app.store import files
from app.store.crypto import Vault
from app.store.files import StoredFile
from app.store.portal_models import accounts, request_messages, requests
from app.store.portal_models import files as file_rows

State = Literal["open", "answered", "closed"]
Author = Literal["customer", "staff"]

_TICK = timedelta(microseconds=1)


@dataclass(frozen=True)
class Request:
    """One request: whose, for which customer, the reference to quote, where it stands."""

    id: str
    reference: str
    realm: str
    account: str
    customer: str
    subject: str = field(repr=False)
    state: State
    created_at: datetime
    updated_at: datetime


@dataclass(frozen=True)
class Message:
    """One message of a request: by whom, what, when, and the file that came with it."""

    id: str
    author: Author
    text: str = field(repr=False)
    at: datetime
    file: StoredFile | None = None


_INSERT = insert(requests)
_INSERT_MESSAGE = insert(request_messages)
_MOVE = (
    update(requests)
    .where(requests.c.id == bindparam("request"))
    .values(state=bindparam("to"), updated_at=bindparam("now"))
)
_BY_REFERENCE = select(requests).where(requests.c.reference == bindparam("quoted"))
_HOLD = _BY_REFERENCE.with_for_update()
_HOLD_ACCOUNT = select(accounts.c.id).where(accounts.c.id == bindparam("account")).with_for_update()
_BY_ID = select(requests).where(requests.c.id == bindparam("request"))
_IS_MESSAGE = (
    select(func.count()).select_from(request_messages).where(request_messages.c.id == bindparam("message"))
)
_OF_CUSTOMER = (
    select(requests)
    .where(requests.c.account_id == bindparam("account"), requests.c.customer_id == bindparam("customer"))
    .order_by(requests.c.updated_at.desc(), requests.c.id)
    .limit(bindparam("most"))
)
_OF_REALM = (
    select(requests)
    .where(
        requests.c.realm == bindparam("in_realm"), requests.c.state.in_(bindparam("states", expanding=True))
    )
    .order_by(requests.c.updated_at, requests.c.id)
)
_WAITING = (
    select(requests.c.realm, func.count().label("waiting"))
    .where(requests.c.state == "open")
    .group_by(requests.c.realm)
    .order_by(requests.c.realm)
)
_MESSAGES = (
    select(
        request_messages.c.id,
        request_messages.c.author,
        request_messages.c.text,
        request_messages.c.at,
        *files.COLUMNS,
    )
    .outerjoin(file_rows, file_rows.c.id == request_messages.c.file_id)
    .where(request_messages.c.request_id == bindparam("request"))
    .order_by(request_messages.c.at, request_messages.c.id)
)
_STANDING = (
    select(requests.c.customer_id, requests.c.state, func.count().label("requests"))
    .where(requests.c.account_id == bindparam("account"))
    .group_by(requests.c.customer_id, requests.c.state)
    .order_by(requests.c.customer_id, requests.c.state)
)
_WRITTEN = (
    select(func.count().label("messages"), func.count(request_messages.c.file_id).label("files"))
    .select_from(request_messages)
    .join(requests, requests.c.id == request_messages.c.request_id)
    .where(
        requests.c.account_id == bindparam("account"),
        request_messages.c.author == "customer",
        request_messages.c.at > bindparam("since"),
    )
)
_FILES_OF_ACCOUNT = (
    select(request_messages.c.file_id)
    .join(requests, requests.c.id == request_messages.c.request_id)
    .where(requests.c.account_id == bindparam("account"), request_messages.c.file_id.is_not(None))
    .order_by(request_messages.c.id)
)


def hold_account(connection: Connection, account: str) -> bool:
    """Let nobody else write for the account until the commit, so that limits hold; False when it is gone."""
    return connection.execute(_HOLD_ACCOUNT, {"account": account}).first() is not None


def by_id(connection: Connection, vault: Vault, request: str) -> Request | None:
    """The request of this id."""
    return _request(connection.execute(_BY_ID, {"request": request}).first(), vault)


def by_reference(connection: Connection, vault: Vault, reference: str) -> Request | None:
    """The request with this reference, whosever it is."""
    return _request(connection.execute(_BY_REFERENCE, {"quoted": reference}).first(), vault)


def hold(connection: Connection, vault: Vault, reference: str) -> Request | None:
    """The same, and nobody else moves it until the commit."""
    return _request(connection.execute(_HOLD, {"quoted": reference}).first(), vault)


def _request(row: Any, vault: Vault) -> Request | None:
    if row is None:
        return None
    return Request(
        row.id,
        row.reference,
        row.realm,
        row.account_id,
        row.customer_id,
        vault.decrypt(row.subject, f"requests:{row.id}:subject"),
        row.state,
        row.created_at,
        row.updated_at,
    )


def add(connection: Connection, vault: Vault, request: Request) -> None:
    """Store a new request; its first message is appended afterwards."""
    values = {
        "id": request.id,
        "reference": request.reference,
        "realm": request.realm,
        "account_id": request.account,
        "customer_id": request.customer,
        "subject": vault.encrypt(request.subject, f"requests:{request.id}:subject"),
        "state": request.state,
        "created_at": request.created_at,
        "updated_at": request.updated_at,
    }
    connection.execute(_INSERT, values)


def append(connection: Connection, vault: Vault, request: Request, message: Message, state: State) -> None:
    """Add a message, whose file is there already, and let the request stand in `state`.

    It comes behind all others, whatever the clocks of several machines say.
    """
    at = max(message.at, request.updated_at + _TICK)
    connection.execute(
        _INSERT_MESSAGE,
        {
            "id": message.id,
            "request_id": request.id,
            "author": message.author,
            "text": vault.encrypt(message.text, f"request_messages:{message.id}:text"),
            "file_id": message.file.id if message.file else None,
            "at": at,
        },
    )
    move(connection, request, state, at)


def move(connection: Connection, request: Request, state: State, now: datetime) -> None:
    """Let the request stand in `state` from now on."""
    at = max(now, request.updated_at + _TICK)
    connection.execute(_MOVE, {"request": request.id, "to": state, "now": at})


def is_message(connection: Connection, message: str) -> bool:
    """Whether this message is there already."""
    return connection.execute(_IS_MESSAGE, {"message": message}).scalar_one() > 0


def messages(connection: Connection, vault: Vault, request: str) -> list[Message]:
    """The messages of a request in the order they were written."""
    found = []
    for row in connection.execute(_MESSAGES, {"request": request}):
        text = vault.decrypt(row.text, f"request_messages:{row.id}:text")
        file = files.of_row(row, vault) if row.file_id else None
        found.append(Message(row.id, row.author, text, row.at, file))
    return found


def of_customer(
    connection: Connection, vault: Vault, account: str, customer: str, most: int
) -> list[Request]:
    """The account's newest requests for this customer, the last touched first."""
    asked = {"account": account, "customer": customer, "most": most}
    return [found for row in connection.execute(_OF_CUSTOMER, asked) if (found := _request(row, vault))]


def of_realm(connection: Connection, vault: Vault, realm: str, *, closed_too: bool) -> list[Request]:
    """The requests that wait for an answer, the longest waiting first; or all of the realm."""
    states = ["open", "answered", "closed"] if closed_too else ["open"]
    rows = connection.execute(_OF_REALM, {"in_realm": realm, "states": states})
    return [found for row in rows if (found := _request(row, vault))]


@dataclass(frozen=True)
class Page:
    """What a page of requests shows: of which realm (None: all), in which states, touched last by then.

    `after` is the request that the page before ended with: when it was touched last, and its id.
    """

    realm: str | None
    states: tuple[State, ...]
    touched_by: datetime | None = None
    after: tuple[datetime, str] | None = None


def of_page(connection: Connection, vault: Vault, page: Page, most: int) -> list[Request]:
    """Up to `most` requests, the one that waits longest first."""
    query = select(requests).where(requests.c.state.in_(page.states))
    if page.realm:
        query = query.where(requests.c.realm == page.realm)
    if page.touched_by:
        query = query.where(requests.c.updated_at <= page.touched_by)
    if page.after:
        query = query.where(tuple_(requests.c.updated_at, requests.c.id) > tuple_(*_typed(page.after)))
    rows = connection.execute(query.order_by(requests.c.updated_at, requests.c.id).limit(most))
    return [found for row in rows if (found := _request(row, vault))]


def _typed(after: tuple[datetime, str]) -> tuple[ColumnElement[Any], ColumnElement[Any]]:
    moment, request = after
    return literal(moment, requests.c.updated_at.type), literal(request, requests.c.id.type)


def waiting(connection: Connection) -> dict[str, int]:
    """How many requests wait for an answer, by realm."""
    return {row.realm: row.waiting for row in connection.execute(_WAITING)}


def standing(connection: Connection, account: str) -> dict[tuple[str, State], int]:
    """How many requests of the account stand in which state, by customer and state."""
    rows = connection.execute(_STANDING, {"account": account})
    return {(row.customer_id, row.state): row.requests for row in rows}


def written_since(connection: Connection, account: str, since: datetime) -> tuple[int, int]:
    """How many messages, and how many files with them, the account has written since then."""
    row = connection.execute(_WRITTEN, {"account": account, "since": since}).one()
    return row.messages, row.files


def files_of(connection: Connection, account: str) -> list[str]:
    """The ids of the files that came with the account's requests, to be forgotten after them."""
    return list(connection.execute(_FILES_OF_ACCOUNT, {"account": account}).scalars())
