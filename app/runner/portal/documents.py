"""The documents of a customer: those the visitor may read, and filing a new one."""

from collections.abc import Mapping
from typing import BinaryIO

from app.flow.normal.text import text
from app.runner.house import House
from app.runner.portal.uploads import Upload, examined
from app.runner.portal.visitor import Visitor
from app.store import customers, documents, files
from app.store.customers import Customer
from app.store.documents import Document

LARGEST = 20 * 1024 * 1024  # bytes
LONGEST_TITLE = 120
MOST = 500


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


def customer_of(house: House, realm: str, numbers: Mapping[str, str]) -> Customer:
    """The customer of the realm with one of these numbers; raises CustomerMissing."""
    with house.database.read() as connection:
        found = customers.find(connection, house.vault, realm, numbers)
    if found is None:
        raise CustomerMissing(realm)
    return found


def file_document(
    house: House,
    realm: str,
    numbers: Mapping[str, str],
    title: str,
    name: str,
    stream: BinaryIO,
    *,
    customer_name: str = "",
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
    with house.database.write() as connection:
        customer = customers.find(connection, house.vault, realm, numbers)
        if customer is None and not customer_name:
            raise CustomerMissing(realm)
        customer = customer or customers.ensure(connection, house.vault, realm, numbers, customer_name, now)
        return documents.add(connection, house.vault, customer.id, title, sealed, now)
