"""A definition as one file to carry from house to house: a ZIP, the same bytes for the same content.

An archive comes from anywhere. It is read in memory, bounded by what is counted while reading and never by
what its heads say, and nothing of it ever becomes a path.
"""

import json
import lzma
import re
import stat
import struct
import zipfile
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from io import BytesIO
from typing import Any

from app.flow.loader import FLOW
from app.flow.source import LARGEST

#: What an archive says of itself: flow, number, digest, exported_at.
ABOUT = "narthex.json"

#: The most that is taken: bytes of the archive, bytes of all it holds, entries.
LARGEST_ARCHIVE, LARGEST_CONTENT, MOST_ENTRIES = 4 * 1024 * 1024, 8 * 1024 * 1024, 60

#: A text of many equal lines is packed 200 to 1 at most; what is packed tighter is made to burst.
_TIGHTEST, _SMALL = 200, 64 * 1024

_TAKEN = re.compile(
    r"flow\.yaml|theme\.yaml|translated\.yaml|texts\.[a-z]{2}\.yaml|scenarios\.yaml|safety\.yaml|narthex\.json"
)
_NESTED = re.compile(r"\.(zip|gz|tgz|bz2|xz|7z|rar|tar|jar|zst)$", re.IGNORECASE)
_ARCHIVES = (b"PK\x03\x04", b"PK\x05\x06", b"\x1f\x8b", b"7z\xbc\xaf", b"Rar!", b"BZh", b"\xfd7zXZ")
_DRIVE = re.compile(r"^[A-Za-z]:")
_ENCRYPTED = 0x1
_EPOCH = (1980, 1, 1, 0, 0, 0)
_LONGEST_SHOWN = 80
_PACKED = {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}

#: All that reading a damaged archive was seen to raise.
_BROKEN = (
    zipfile.BadZipFile,
    zlib.error,
    lzma.LZMAError,
    struct.error,
    EOFError,
    ValueError,
    OverflowError,
    NotImplementedError,
    RuntimeError,
    OSError,
    IndexError,
    KeyError,
    TypeError,
)


class BadArchive(Exception):
    """An archive that is not taken. `code` names the sentence (`archive_words`), `name` the entry."""

    def __init__(self, code: str, name: str = "") -> None:
        super().__init__(code)
        self.code, self.name = code, _shown(name)


@dataclass(frozen=True)
class Archive:
    """What an archive holds: texts by file name, what it says of itself, and the entries left out."""

    files: Mapping[str, str] = field(repr=False)
    about: Mapping[str, Any]
    left_out: tuple[str, ...] = ()


def write_archive(files: Mapping[str, str], about: Mapping[str, Any]) -> bytes:
    """The archive of these files; equal content gives equal bytes."""
    entries = {ABOUT: json.dumps(about, ensure_ascii=False, indent=2, sort_keys=True) + "\n", **files}
    packed = BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for name in sorted(entries):
            info = zipfile.ZipInfo(name, _EPOCH)
            info.compress_type, info.create_system = zipfile.ZIP_DEFLATED, 3
            info.external_attr = (stat.S_IFREG | 0o644) << 16
            archive.writestr(info, entries[name].encode(), compresslevel=9)
    return packed.getvalue()


def read_archive(content: bytes) -> Archive:
    """What stands in the archive; raises BadArchive, never anything else.

    All files may lie in one folder. Files that are no part of a definition are left out and named.
    """
    if len(content) > LARGEST_ARCHIVE:
        raise BadArchive("too_large")
    try:
        with zipfile.ZipFile(BytesIO(content)) as archive:
            return _read(archive)
    except _BROKEN:
        raise BadArchive("no_archive") from None


def _read(archive: zipfile.ZipFile) -> Archive:
    entries = archive.infolist()
    if len(entries) > MOST_ENTRIES:
        raise BadArchive("too_many")
    for entry in entries:
        _check(entry)
    _check_doubles(entries)
    folder = _folder(entries)
    taken = {entry.filename.removeprefix(folder): entry for entry in entries if _is_taken(entry, folder)}
    files = dict(_texts(archive, taken))
    about = _about(files.pop(ABOUT, "{}"))
    if FLOW not in files:
        raise BadArchive("no_flow")
    left = [each.filename for each in entries if not each.is_dir() and each not in taken.values()]
    return Archive(files, about, tuple(sorted(map(_shown, left))))


def _check(entry: zipfile.ZipInfo) -> None:
    name = entry.orig_filename
    problem = ""
    if "\0" in name or not name.strip():
        problem = "odd_name"
    elif name.startswith(("/", "\\")) or _DRIVE.match(name):
        problem = "absolute"
    elif "\\" in name or ".." in name.split("/"):
        problem = "leads_out"
    elif stat.S_ISLNK(entry.external_attr >> 16):
        problem = "link"
    elif entry.flag_bits & _ENCRYPTED:
        problem = "encrypted"
    elif _NESTED.search(name):
        problem = "nested"
    if problem:
        raise BadArchive(problem, name)


def _check_doubles(entries: list[zipfile.ZipInfo]) -> None:
    seen: set[str] = set()
    for entry in entries:
        folded = entry.filename.rstrip("/").casefold()
        if folded in seen:
            raise BadArchive("double", entry.filename)
        seen.add(folded)


def _folder(entries: list[zipfile.ZipInfo]) -> str:
    """The one folder the definition lies in, with its slash; empty where it lies at the top."""
    flows = [each.filename for each in entries if each.filename.rpartition("/")[2] == FLOW]
    if FLOW in flows or not flows:
        return ""
    nearest = min(flows, key=lambda name: (name.count("/"), name))
    if nearest.count("/") > 1:
        raise BadArchive("no_flow")
    if sum(name.count("/") == 1 for name in flows) > 1:
        raise BadArchive("several")
    return nearest.removesuffix(FLOW)


def _is_taken(entry: zipfile.ZipInfo, folder: str) -> bool:
    name = entry.filename
    return name.startswith(folder) and _TAKEN.fullmatch(name.removeprefix(folder)) is not None


def _texts(archive: zipfile.ZipFile, taken: Mapping[str, zipfile.ZipInfo]) -> Iterator[tuple[str, str]]:
    room = LARGEST_CONTENT
    for name, entry in sorted(taken.items()):
        content = _content(archive, entry, min(LARGEST, room))
        room -= len(content)
        yield name, _text(content, entry.filename)


def _content(archive: zipfile.ZipFile, entry: zipfile.ZipInfo, most: int) -> bytes:
    """The bytes of an entry, counted as they come: what its head says of its size is not believed."""
    if entry.compress_type not in _PACKED:
        raise BadArchive("odd_packing", entry.filename)
    with archive.open(entry) as opened:
        content = opened.read(most + 1)
    if len(content) > most:
        raise BadArchive("bursts", entry.filename)
    if len(content) > max(_SMALL, _TIGHTEST * entry.compress_size):
        raise BadArchive("bursts", entry.filename)
    return content


def _text(content: bytes, name: str) -> str:
    if content.startswith(_ARCHIVES):
        raise BadArchive("nested", name)
    if b"\0" in content:
        raise BadArchive("no_text", name)
    try:
        return content.decode()
    except UnicodeDecodeError:
        raise BadArchive("no_text", name) from None


def _about(written: str) -> Mapping[str, Any]:
    """What the archive says of itself, as far as it can be read; nothing depends on it."""
    try:
        told = json.loads(written)
    except (ValueError, RecursionError):
        return {}
    return told if isinstance(told, dict) else {}


def _shown(name: str) -> str:
    """An entry's name as a message quotes it: printable, and not for ever."""
    plain = "".join(sign if sign.isprintable() else "\N{REPLACEMENT CHARACTER}" for sign in name)
    return f"{plain[:_LONGEST_SHOWN]}…" if len(plain) > _LONGEST_SHOWN else plain
