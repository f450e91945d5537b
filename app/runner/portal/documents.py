"""The documents of a customer: those the visitor may read, and filing a new one."""

from collections.abc import Mapping
from typing import IO

from sqlalchemy.exc import IntegrityError

from app.flow.normal.text import text
from app.forms.question import Question
from app.runner.house import House
from app.runner.portal.realms import Realm
from app.runner.portal.uploads import Upload, examined
from app.runner.portal.visitor import Visitor
from app.runner.staff.acts import AT_THE_CONSOLE, note_within
from app.runner.staff.who import Staff
from app.store import customers, documents, files
from app.store.customers import Customer
from app.store.documents import Document
from app.store.files import SealedFile

LARGEST = 20 * 1024 * 1024  # bytes
LONGEST_TITLE = 120
MOST = 500

_AGAIN = 3


class CustomerMissing(Exception):
    """The portal does not know the customer, and was not told a name to make one."""


def of_visitor(house: House, visitor: Visitor, most: int = MOST) -> list[Document]:
    """The documents of the customer acted for, the newest first."""
    if visitor.customer is None:
        return []
    with house.database.read() as connection:
        return documents.of_customer(connection, house.vault, visitor.customer.id, most)


def find(house: House, visitor: Visitor, document: str) -> Document | None:
    """This document, if it is one of the customer acted for; others' are as unknown as none."""
    if visitor.customer is None:
        return None
    with house.database.read() as connection:
        return documents.find(connection, house.vault, visitor.customer.id, document)


def numbers(house: House, here: Realm, kind: str, typed: str) -> dict[str, str]:
    """The number of a customer as the flows keep it, by its kind.

    Raises KeyError for a kind of number the realm does not know customers by, ShapeProblem for a number
    that cannot be one.
    """
    field = here.spec.customer[kind]
    type_ = house.catalogue.field_types[here.flow.spec.fields[field].type]
    question: Question = type_.build(here.flow.field_options[field])
    return {kind: question.read((typed,), house.clock().date())}


def of_customer(
    house: House, realm: str, known_by: Mapping[str, str]
) -> tuple[Customer, list[Document], int]:
    """The customer with one of these numbers, its newest documents, how many accounts can read them.

    Raises CustomerMissing.
    """
    with house.database.read() as connection:
        customer = customers.find(connection, house.vault, realm, known_by)
        if customer is None:
            raise CustomerMissing(realm)
        theirs = documents.of_customer(connection, house.vault, customer.id, MOST)
        return customer, theirs, len(customers.members(connection, customer.id))


def file_document(
    house: House,
    realm: str,
    known_by: Mapping[str, str],
    title: str,
    name: str,
    stream: IO[bytes],
    *,
    customer_name: str = "",
    by: Staff | str = AT_THE_CONSOLE,
) -> str:
    """File a document for a customer, who is made when `customer_name` says how; the document's id.

    Raises NotTaken for what is no PDF, JPEG or PNG of 20 MB at most, ShapeProblem for a title that is no
    line of text, CustomerMissing.
    """
    upload, now = Upload(name, stream), house.clock()
    title, kind = text(title, LONGEST_TITLE), examined(upload, LARGEST)
    sealed = files.seal(
        house.vault, stream, name=kind.name, media_type=kind.media_type, size=kind.size, now=now
    )
    for _ in range(_AGAIN):
        try:
            return _commit(house, realm, known_by, customer_name, title, sealed, by)
        except IntegrityError:  # somebody else has made the customer at this very moment
            continue
    raise CustomerMissing(realm)


def _commit(
    house: House,
    realm: str,
    known_by: Mapping[str, str],
    name: str,
    title: str,
    sealed: SealedFile,
    by: Staff | str,
) -> str:
    now = house.clock()
    with house.database.write() as connection:
        customer = customers.find(connection, house.vault, realm, known_by)
        if customer is None and not name:
            raise CustomerMissing(realm)
        customer = customer or customers.ensure(connection, house.vault, realm, known_by, name, now)
        document = documents.add(connection, house.vault, customer.id, title, sealed, now)
        note_within(connection, now, by, "file document", document)
        return document


def customer_of_id(house: House, customer: str) -> tuple[Customer, list[Document], int]:
    """The customer, its newest documents, how many accounts can read them. Raises CustomerMissing."""
    with house.database.read() as connection:
        found = customers.by_id(connection, house.vault, customer)
        if found is None:
            raise CustomerMissing(customer)
        theirs = documents.of_customer(connection, house.vault, customer, MOST)
        return found, theirs, len(customers.members(connection, customer))


def find_filed(house: House, customer: str, document: str) -> Document | None:
    """This document of this customer, for the staff that filed it."""
    with house.database.read() as connection:
        return documents.find(connection, house.vault, customer, document)


def withdraw(house: House, customer: str, document: str, by: Staff | str = AT_THE_CONSOLE) -> bool:
    """Take a document back for good: nobody reads it any more; False when there is none, or no longer."""
    with house.database.write() as connection:
        found = documents.find(connection, house.vault, customer, document)
        if found is None or not documents.remove(connection, found):
            return False
        note_within(connection, house.clock(), by, "withdraw document", document)
        return True
