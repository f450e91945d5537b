"""Plain text and plain digits."""

from app.flow.normal.shape import (
    ShapeProblem,
    of_length,
    only_ascii_digits,
    required,
    tidy,
    without_separators,
)


def text(typed: str, longest: int) -> str:
    """One line of at most `longest` characters, see `tidy`.

    Raises ShapeProblem `required`, `too_long` and `unusual_characters` for control characters.
    """
    return of_length(required(tidy(typed, longest)), 0, longest)


def digits(typed: str, shortest: int, longest: int) -> str:
    """The digits 0-9 without the separators between them; leading zeros are kept.

    Raises ShapeProblem `required`, `too_short`, `too_long` and `not_digits`.
    """
    bare = without_separators(required(tidy(typed, longest, "not_digits")))
    if not only_ascii_digits(bare):
        raise ShapeProblem("not_digits")
    return of_length(bare, shortest, longest)
