"""Files that customers and the organisation hand each other: sealed in chunks, never whole in the clear.

A chunk is bound to its file, its number and the file's size: chunks that are swapped, moved to another file
or missing at the end do not open (S54).
"""

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import IO, Any

from sqlalchemy import Connection, bindparam, delete, insert, select

from app.store.crypto import Undecipherable, Vault
from app.store.ids import ulid
from app.store.portal_models import file_chunks, files

CHUNK = 64 * 1024  # bytes in the clear


@dataclass(frozen=True)
class StoredFile:
    """A file without its content: the name people see, the media type, the size in bytes."""

    id: str
    name: str = field(repr=False)
    media_type: str
    size: int
    created_at: datetime

    @property
    def chunks(self) -> int:
        """How many chunks its content has."""
        return -(-self.size // CHUNK)


@dataclass(frozen=True)
class SealedFile:
    """A file ready to be stored: sealed before the commit, so that the commit only writes rows.

    `digest` is the SHA-256 of its content, which is not stored.
    """

    file: StoredFile
    chunks: tuple[bytes, ...] = field(repr=False)
    digest: str = field(repr=False)


_INSERT = insert(files)
_INSERT_CHUNKS = insert(file_chunks)
_CHUNKS = (
    select(file_chunks)
    .where(
        file_chunks.c.file_id == bindparam("file"),
        file_chunks.c.number >= bindparam("first"),
        file_chunks.c.number < bindparam("beyond"),
    )
    .order_by(file_chunks.c.number)
)
_DELETE = delete(files).where(files.c.id.in_(bindparam("ids", expanding=True)))

#: The columns of a file, for statements that join it to what it belongs to.
COLUMNS = tuple(column.label(f"file_{column.name}") for column in files.c)


def seal(
    vault: Vault, stream: IO[bytes], *, name: str, media_type: str, size: int, now: datetime
) -> SealedFile:
    """The file in `stream`, read once and sealed chunk by chunk.

    Raises ValueError when the stream does not hold exactly `size` bytes.
    """
    file = StoredFile(ulid(now), name, media_type, size, now)
    sealed: list[bytes] = []
    read, digest = 0, hashlib.sha256()
    while chunk := stream.read(CHUNK):
        digest.update(chunk)
        sealed.append(vault.encrypt_bytes(chunk, _place(file, len(sealed))))
        read += len(chunk)
    if read != size:
        raise ValueError("the file changed while it was read")
    return SealedFile(file, tuple(sealed), digest.hexdigest())


def _place(file: StoredFile, number: int) -> str:
    return f"file_chunks:{file.id}:{number}:content of {file.size}"


def put(connection: Connection, vault: Vault, sealed: SealedFile) -> None:
    """Store the file."""
    file = sealed.file
    values = {
        "id": file.id,
        "name": vault.encrypt(file.name, f"files:{file.id}:name"),
        "media_type": file.media_type,
        "size": file.size,
        "created_at": file.created_at,
    }
    connection.execute(_INSERT, values)
    rows = [
        {"file_id": file.id, "number": number, "content": content}
        for number, content in enumerate(sealed.chunks)
    ]
    if rows:
        connection.execute(_INSERT_CHUNKS, rows)


def of_row(row: Any, vault: Vault) -> StoredFile:
    """The file in a row that was selected with COLUMNS."""
    return StoredFile(
        row.file_id,
        vault.decrypt(row.file_name, f"files:{row.file_id}:name"),
        row.file_media_type,
        row.file_size,
        row.file_created_at,
    )


def content(connection: Connection, vault: Vault, file: StoredFile, first: int, most: int) -> Iterator[bytes]:
    """Up to `most` chunks in the clear, from number `first` on.

    Raises Undecipherable when one of them is missing, altered or not this file's.
    """
    beyond = min(first + most, file.chunks)
    rows: Sequence[Any] = connection.execute(
        _CHUNKS, {"file": file.id, "first": first, "beyond": beyond}
    ).all()
    if [row.number for row in rows] != list(range(first, beyond)):
        raise Undecipherable("a part of a stored file is missing")
    for row in rows:
        yield vault.decrypt_bytes(row.content, _place(file, row.number))


def forget(connection: Connection, ids: Sequence[str]) -> None:
    """Delete these files; whatever belonged to them must have gone before."""
    if ids:
        connection.execute(_DELETE, {"ids": list(ids)})
