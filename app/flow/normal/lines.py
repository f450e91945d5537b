"""Prose of several lines, as people write a message."""

import re
import unicodedata

from app.flow.normal.shape import ShapeProblem, of_length, required

_LINE_END = re.compile("\r\n?|[\n\v\f\x85\u2028\u2029]")
_MANY_EMPTY = re.compile("\n{3,}")
_JOINER = "\u200d"  # part of many pictographs; other invisible marks can reverse or hide what stands there


def lines(typed: str, longest: int) -> str:
    """The text in NFC, lines trimmed and one empty line at most between two others.

    Nothing else is changed: square metres keep their raised two. Raises ShapeProblem `required`, `too_long`,
    and `unusual_characters` for control characters and lone surrogates.
    """
    if len(typed) > 2 * longest:
        raise ShapeProblem("too_long")
    each = [_line(line) for line in _LINE_END.split(unicodedata.normalize("NFC", typed))]
    return of_length(required(_MANY_EMPTY.sub("\n\n", "\n".join(each)).strip("\n")), 0, longest)


def _line(typed: str) -> str:
    kept = []
    for char in typed.replace("\t", " "):
        category = unicodedata.category(char)
        if category in {"Cc", "Cs"}:
            raise ShapeProblem("unusual_characters")
        if category != "Cf" or char == _JOINER:
            kept.append(char)
    return "".join(kept).strip()
