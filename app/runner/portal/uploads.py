"""Files that come from outside: what they are is told by their content, never by their name or label."""

import re
import unicodedata
from dataclasses import dataclass, field
from pathlib import PurePosixPath
from typing import IO

LARGEST = 5 * 1024 * 1024  # bytes
_LONGEST_NAME = 100

#: How a file of each type begins, and the endings its name may have; the first is given to others.
_TYPES = (
    ("application/pdf", b"%PDF-", (".pdf",)),
    ("image/jpeg", b"\xff\xd8\xff", (".jpg", ".jpeg")),
    ("image/png", b"\x89PNG\r\n\x1a\n", (".png",)),
)
_NOT_IN_NAMES = re.compile(r'[<>:"|?*%;]')


class NotTaken(ValueError):
    """A file that is not stored: `empty`, `too_large`, `wrong_type`."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True)
class Upload:
    """A file as it came; `stream` can be sought."""

    name: str = field(repr=False)
    stream: IO[bytes] = field(repr=False)


@dataclass(frozen=True)
class Examined:
    """A file that may be stored: under which name, what it is, its size in bytes."""

    name: str = field(repr=False)
    media_type: str
    size: int


def examined(upload: Upload, largest: int = LARGEST) -> Examined:
    """What the file is, its stream at the beginning again; raises NotTaken."""
    size = upload.stream.seek(0, 2)
    upload.stream.seek(0)
    if size == 0:
        raise NotTaken("empty")
    if size > largest:
        raise NotTaken("too_large")
    head = upload.stream.read(16)
    upload.stream.seek(0)
    for media_type, begins, endings in _TYPES:
        if head.startswith(begins):
            return Examined(file_name(upload.name, endings), media_type, size)
    raise NotTaken("wrong_type")


def file_name(given: str, endings: tuple[str, ...]) -> str:
    """A name that is safe to show and to save under: without folders, marks that hide or reverse letters
    and signs that file systems refuse, with an ending that fits the content."""
    last = unicodedata.normalize("NFC", given).replace("\\", "/").rpartition("/")[2]
    seen = "".join(c if c == " " or unicodedata.category(c)[0] not in "CZ" else "" for c in last)
    plain = " ".join(_NOT_IN_NAMES.sub("_", seen).split()).strip(". ")
    path = PurePosixPath(plain or "file")
    if path.suffix.lower() in endings:
        return path.stem[:_LONGEST_NAME] + path.suffix.lower()
    return path.name[:_LONGEST_NAME] + endings[0]
