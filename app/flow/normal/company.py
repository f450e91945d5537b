"""ЕИК (Bulstat): the number of a Bulgarian company (9 digits) or of one of its branches (13)."""

from collections.abc import Sequence

from stdnum.bg import vat

from app.flow.normal.shape import ShapeProblem, only_ascii_digits, required, tidy, without_separators

LONGEST = 40

_BRANCH = (2, 7, 3, 5)
_BRANCH_AGAIN = (4, 9, 5, 7)


def eik(typed: str) -> str:
    """The 9 or 13 digits, leading zeros kept; a `BG` in front, as in VAT numbers, is dropped.

    Raises ShapeProblem `required`, `too_long`, `not_9_or_13_digits`, and `number_wrong` for a wrong check
    digit and for placeholders made of one digit.
    """
    number = without_separators(required(tidy(typed, LONGEST, "not_9_or_13_digits"))).upper()
    number = number.removeprefix("BG").removeprefix("БГ")
    if not only_ascii_digits(number) or len(number) not in {9, 13}:
        raise ShapeProblem("not_9_or_13_digits")
    company = number[:9]
    if len(set(company)) == 1 or not vat.is_valid(company) or not _branch_fits(number):
        raise ShapeProblem("number_wrong")
    return number


def branch_check_digit(number: str) -> str:
    """The 13th digit of a branch: digits 9-12 weighted 2, 7, 3, 5 modulo 11; at 10 again with 4, 9, 5, 7."""
    tail = number[8:12]
    rest = _weighed(tail, _BRANCH)
    return str(rest if rest < 10 else _weighed(tail, _BRANCH_AGAIN) % 10)


def _weighed(digits: str, weights: Sequence[int]) -> int:
    return sum(weight * int(digit) for weight, digit in zip(weights, digits, strict=True)) % 11


def _branch_fits(number: str) -> bool:
    return len(number) == 9 or number[12] == branch_check_digit(number)
