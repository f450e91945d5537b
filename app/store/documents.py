"""Documents that the organisation files for a customer, to be read in the portal."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, bindparam, delete, insert, select

from app.store import files
from app.store.crypto import Vault
from app.store.files import SealedFile, StoredFile
from app.store.ids import ulid
from app.store.portal_models import documents
from app.store.portal_models import files as file_rows


@dataclass(frozen=True)
class Document:
    """One document: its title, when it was filed, its file."""

    id: str
    title: str = field(repr=False)
    filed_at: datetime
    file: StoredFile


_INSERT = insert(documents)
_FIELDS = select(documents.c.id, documents.c.title, documents.c.filed_at, *files.COLUMNS).join(
    file_rows, file_rows.c.id == documents.c.file_id
)
_OF_CUSTOMER = (
    _FIELDS.where(documents.c.customer_id == bindparam("customer"))
    .order_by(documents.c.filed_at.desc(), documents.c.id.desc())
    .limit(bindparam("most"))
)
_ONE = _FIELDS.where(
    documents.c.id == bindparam("document"), documents.c.customer_id == bindparam("customer")
)
_FILES = select(documents.c.file_id).where(documents.c.customer_id == bindparam("customer"))
_REMOVE = delete(documents).where(documents.c.id == bindparam("document"))
_FORGET = delete(documents).where(documents.c.customer_id == bindparam("customer"))


def add(
    connection: Connection, vault: Vault, customer: str, title: str, sealed: SealedFile, now: datetime
) -> str:
    """File a document for the customer; its id."""
    files.put(connection, vault, sealed)
    document = ulid(now)
    values = {
        "id": document,
        "customer_id": customer,
        "file_id": sealed.file.id,
        "title": vault.encrypt(title, f"documents:{document}:title"),
        "filed_at": now,
    }
    connection.execute(_INSERT, values)
    return document


def of_customer(connection: Connection, vault: Vault, customer: str, most: int) -> list[Document]:
    """The customer's newest documents, the newest first."""
    rows = connection.execute(_OF_CUSTOMER, {"customer": customer, "most": most})
    return [_document(row, vault) for row in rows]


def find(connection: Connection, vault: Vault, customer: str, document: str) -> Document | None:
    """The document of this id, if it is this customer's."""
    row = connection.execute(_ONE, {"customer": customer, "document": document}).first()
    return _document(row, vault) if row else None


def _document(row: Any, vault: Vault) -> Document:
    title = vault.decrypt(row.title, f"documents:{row.id}:title")
    return Document(row.id, title, row.filed_at, files.of_row(row, vault))


def remove(connection: Connection, document: Document) -> bool:
    """Delete one document with its file; False when it is gone already."""
    removed = connection.execute(_REMOVE, {"document": document.id}).rowcount == 1
    if removed:
        files.forget(connection, [document.file.id])
    return removed


def forget(connection: Connection, customer: str) -> int:
    """Delete all documents of the customer with their files; how many."""
    ids = list(connection.execute(_FILES, {"customer": customer}).scalars())
    connection.execute(_FORGET, {"customer": customer})
    files.forget(connection, ids)
    return len(ids)
