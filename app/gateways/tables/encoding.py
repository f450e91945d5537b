"""Which of the encodings in use a text file has: decided on a sample, then held against all of it."""

import codecs
import re
from collections.abc import Iterator
from pathlib import Path

from app.gateways.tables.table import TableUnreadable

NAMES = {"utf-8-sig": "UTF-8", "cp1251": "Windows-1251", "cp1250": "Windows-1250"}

_CHUNK = 64 * 1024
_SAMPLE = 20_000
_WORD = re.compile(rb"[A-Za-z\x80-\xff]*[\x80-\xff][A-Za-z\x80-\xff]*")
_UTF_8_PAIR = re.compile(rb"[\xc2-\xdf][\x80-\xbf]|[\xe0-\xef][\x80-\xbf]{2}")
_HUNGARIAN = frozenset("áéíóöőúüűÁÉÍÓÖŐÚÜŰ")
_CURE = "save it as CSV UTF-8"


def recognise(path: Path) -> str:
    """`utf-8-sig`, `cp1251` (Bulgarian) or `cp1250` (Hungarian); raises TableUnreadable if it is none."""
    with path.open("rb") as file:
        if file.read(2) in {codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE}:
            raise TableUnreadable(1, "is UTF-16", _CURE)
    line = _first_line_not("utf-8-sig", path)
    if line is None:
        return "utf-8-sig"
    words = _sample(path)
    if _nearly_utf_8(words):
        raise TableUnreadable(line, "is UTF-8 but damaged here", "export it again as CSV UTF-8")
    encoding = _single_byte(words)
    if encoding is None:
        raise TableUnreadable(line, "is in an encoding that is not recognised", _CURE)
    if (line := _first_line_not(encoding, path)) is not None:
        raise TableUnreadable(line, f"is not {NAMES[encoding]} throughout", _CURE)
    return encoding


def _chunks(path: Path) -> Iterator[bytes]:
    with path.open("rb") as file:
        while chunk := file.read(_CHUNK):
            yield chunk


def _first_line_not(encoding: str, path: Path) -> int | None:
    decoder, line = codecs.getincrementaldecoder(encoding)(), 1
    try:
        for chunk in _chunks(path):
            decoder.decode(chunk)
            line += chunk.count(b"\n")
        decoder.decode(b"", final=True)
    except UnicodeDecodeError as error:
        # The object is the chunk and up to three bytes that waited for it, none of them a line's end.
        return line + error.object[: error.start].count(b"\n")
    return None


def _sample(path: Path) -> list[bytes]:
    words: list[bytes] = []
    for chunk in _chunks(path):
        words += _WORD.findall(chunk)
        if len(words) >= _SAMPLE:
            break
    return words


def _nearly_utf_8(words: list[bytes]) -> bool:
    high = sum(byte >= 0x80 for word in words for byte in word)
    in_pairs = sum(len(pair) for word in words for pair in _UTF_8_PAIR.findall(word))
    return in_pairs > high / 2


def _single_byte(words: list[bytes]) -> str | None:
    # A Cyrillic word has no ASCII letter in it, a Hungarian one hardly ever lacks them.
    cyrillic = [word for word in words if len(word) > 1 and min(word) >= 0xC0]
    latin = [word for word in words if min(word) < 0x80]
    if len(cyrillic) > len(latin):
        return "cp1251" if _mostly(_cased_as_words_are(word) for word in cyrillic) else None
    if len(latin) > len(cyrillic):
        return "cp1250" if _mostly(_is_hungarian(word) for word in latin) else None
    return None


def _mostly(hits: Iterator[bool]) -> bool:
    seen = list(hits)
    return sum(seen) >= 0.8 * len(seen)


def _cased_as_words_are(word: bytes) -> bool:
    # KOI8-R read as Windows-1251 has its capitals and small letters the wrong way round.
    text = word.decode("cp1251")
    return text.islower() or text.isupper() or text.istitle()


def _is_hungarian(word: bytes) -> bool:
    text = word.decode("cp1250", errors="replace")
    return all(char.isascii() or char in _HUNGARIAN for char in text)
