"""The first look at anything typed: bounded, normalised once, in one line."""

import unicodedata

#: No answer is looked at beyond this many characters, whatever its own limit.
CEILING = 4096

_LINE_SPACE = frozenset("\t\n\r\v\f\x85")


class ShapeProblem(ValueError):
    """What was typed does not have the shape asked for; carries the reason's code, never the value."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def cap(longest: int) -> int:
    """The most raw characters of an answer of at most `longest`: four times that, but CEILING at most."""
    return min(4 * longest, CEILING)


def bounded(typed: str, longest: int) -> str:
    """`typed` in NFKC; raises ShapeProblem `too_long`, before any work, if it exceeds `cap(longest)`."""
    if len(typed) > cap(longest):
        raise ShapeProblem("too_long")
    return unicodedata.normalize("NFKC", typed)


def tidy(typed: str, longest: int, unusual: str = "unusual_characters") -> str:
    """`bounded` text without invisible marks, whitespace runs as one space, trimmed.

    The outcome may still be longer than `longest`: separators have not been taken out. Raises ShapeProblem
    `too_long`, and `unusual` for control characters and lone surrogates.
    """
    kept = []
    for char in bounded(typed, longest):
        category = unicodedata.category(char)
        if char in _LINE_SPACE:
            kept.append(" ")
        elif category in {"Cc", "Cs"}:
            raise ShapeProblem(unusual)
        elif category != "Cf":  # direction marks, zero-width and soft hyphens come along when one copies
            kept.append(char)
    # A mark that is gone may have parted a letter from its accent.
    return unicodedata.normalize("NFKC", " ".join("".join(kept).split()))


def without_separators(text: str) -> str:
    """`text` without what people put between groups: spaces, dots, slashes, brackets, dashes of any kind."""
    return "".join(c for c in text if c not in " ./()\u2212" and unicodedata.category(c) != "Pd")


def required(text: str) -> str:
    """`text` itself; raises ShapeProblem `required` if nothing is left of it."""
    if not text:
        raise ShapeProblem("required")
    return text


def of_length(text: str, shortest: int, longest: int) -> str:
    """`text` itself; raises ShapeProblem `too_short` or `too_long` if its length is not between the two."""
    if len(text) < shortest:
        raise ShapeProblem("too_short")
    if len(text) > longest:
        raise ShapeProblem("too_long")
    return text


def only_ascii_digits(text: str) -> bool:
    """Whether `text` is made of 0-9 alone; other scripts' digits do not count."""
    return text.isascii() and text.isdigit()
