"""Handing out a stored file: a part at a time, no connection held while the reader takes it."""

from collections.abc import Iterator

from app.runner.house import House
from app.store import files
from app.store.files import StoredFile

_AT_ONCE = 8  # chunks of 64 KiB


def content(house: House, file: StoredFile) -> Iterator[bytes]:
    """The file's content in the clear, in order.

    Raises Undecipherable when a part is gone or altered; what was handed out before stays short of its
    announced length, so no reader takes it for whole.
    """
    for first in range(0, file.chunks, _AT_ONCE):
        with house.database.read() as connection:
            parts = list(files.content(connection, house.vault, file, first, _AT_ONCE))
        yield from parts
