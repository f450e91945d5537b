"""One cell of a register in normal form, so that what is on file and what is typed can be compared."""

import re
from datetime import date
from typing import Literal

from app.flow.normal.email import email_key
from app.flow.normal.phone import mobile
from app.flow.normal.shape import CEILING, ShapeProblem, tidy
from app.flow.normal.text import digits

ColumnType = Literal["text", "reference", "digits", "email", "mobile", "date", "boolean"]

_DAY = re.compile(r"([0-9]{4}-[0-9]{2}-[0-9]{2})(?:[ T]00:00(?::00(?:\.0+)?)?)?")
_BOOLEANS = {"true": "true", "1": "true", "yes": "true", "false": "false", "0": "false", "no": "false"}


def normalise(column_type: ColumnType, value: str, region: str = "BG") -> str:
    """`value` as a column of this type holds it; empty stays empty, a normal form stays as it is.

    References (numbers with letters in them) in capitals, digits without separators, e-mails as
    `email_key`, mobiles in E.164 (of any country; those without + are of `region`), dates in ISO 8601,
    booleans `true` or `false`. An answer to be compared with a column goes through here too. Raises
    ShapeProblem with the field types' codes, `not_a_date`, `not_a_boolean`.
    """
    line = tidy(value, CEILING)
    return _BY_TYPE[column_type](line, region) if line else ""


def _text(line: str, region: str) -> str:  # noqa: ARG001
    return line


def _reference(line: str, region: str) -> str:  # noqa: ARG001
    return line.upper()


def _digits(line: str, region: str) -> str:  # noqa: ARG001
    # A spreadsheet gives a number typed into a cell as 175074752.0; its zero is no digit of it.
    return digits(line.removesuffix(".0"), 1, 64)


def _email(line: str, region: str) -> str:  # noqa: ARG001
    return email_key(line)


def _mobile(line: str, region: str) -> str:
    return mobile(line, region)


def _date(line: str, region: str) -> str:  # noqa: ARG001
    day = _DAY.fullmatch(line)
    try:
        return date.fromisoformat(day[1] if day else "").isoformat()
    except ValueError:
        raise ShapeProblem("not_a_date") from None


def _boolean(line: str, region: str) -> str:  # noqa: ARG001
    try:
        return _BOOLEANS[line.lower()]
    except KeyError:
        raise ShapeProblem("not_a_boolean") from None


_BY_TYPE = {
    "text": _text,
    "reference": _reference,
    "digits": _digits,
    "email": _email,
    "mobile": _mobile,
    "date": _date,
    "boolean": _boolean,
}
