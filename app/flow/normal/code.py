"""One-time codes as people type them: in lower case, in groups, on a Cyrillic keyboard (C2)."""

from typing import Literal

from app.flow.normal.shape import (
    ShapeProblem,
    of_length,
    only_ascii_digits,
    required,
    tidy,
    without_separators,
)

Alphabet = Literal["digits", "letters and digits"]

_LOOK_ALIKES = str.maketrans("АВЕКМНРСТУХ", "ABEKMHPCTYX")


def code(typed: str, alphabet: Alphabet, shortest: int, longest: int) -> str:
    """The code in unbroken Latin capitals and digits, Cyrillic capitals of the same look mapped.

    Raises ShapeProblem `required`, `too_short`, `too_long`, and `not_a_code` for other characters.
    """
    bare = without_separators(required(tidy(typed, longest, "not_a_code"))).upper().translate(_LOOK_ALIKES)
    fits = only_ascii_digits(bare) if alphabet == "digits" else bare.isascii() and bare.isalnum()
    if not fits:
        raise ShapeProblem("not_a_code")
    return of_length(bare, shortest, longest)
