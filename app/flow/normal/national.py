"""Bulgarian national ids: ЕГН of citizens, ЛНЧ (ЕНЧ) of foreigners."""

from datetime import date

from stdnum.bg import egn, pnf

from app.flow.normal.shape import ShapeProblem, bounded, required

LONGEST = 40


def national_id(typed: str, as_of: date | None = None) -> str:
    """The ten digits; everything but 0-9 is dropped.

    With `as_of` the check digit must be right for an ЕГН or an ЛНЧ, and the birth date in an ЕГН exist and
    not lie after that day; without it neither is looked at. Raises ShapeProblem `required`, `too_long`,
    `not_ten_digits` and `number_wrong`.
    """
    line = required(bounded(typed, LONGEST).strip())
    digits = "".join(char for char in line if char in "0123456789")
    if len(digits) != 10:
        raise ShapeProblem("not_ten_digits")
    if as_of is not None and not (_is_egn(digits, as_of) or pnf.is_valid(digits)):
        raise ShapeProblem("number_wrong")
    return digits


def _is_egn(digits: str, as_of: date) -> bool:
    return bool(egn.is_valid(digits)) and egn.get_birth_date(digits) <= as_of
