"""Numbers that name a person or a company, check digits included, and numbers and codes of no meaning."""

from datetime import date, timedelta

from stdnum.bg import egn, vat

from app.flow.normal.company import branch_check_digit
from app.forms.invented.seeds import spread

_FIRST_BIRTHDAY = date(1940, 1, 1)
_BIRTHDAYS = 60 * 365
_CODE_SIGNS = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"


def national_id(seed: int, what: str) -> str:
    """An ЕГН with a right check digit, of somebody born between 1940 and 1999."""
    number = spread(seed, what, _BIRTHDAYS * 1000)
    born = _FIRST_BIRTHDAY + timedelta(days=number % _BIRTHDAYS)
    nine = f"{born:%y%m%d}{number // _BIRTHDAYS:03}"
    return nine + str(egn.calc_check_digit(nine))


def eik(seed: int, what: str) -> str:
    """The ЕИК of a company, one in four times of a branch; numbers that begin with 98 have not been given."""
    number = spread(seed, what, 4 * 1_000_000)
    eight = f"98{number // 4:06}"
    company = eight + str(vat.calc_check_digit_legal(eight))
    if number % 4:
        return company
    branch = f"{company}{number % 999 + 1:03}"
    return branch + branch_check_digit(branch + "0")


def digits(seed: int, what: str, length: int) -> str:
    """So many digits, as different as they can be."""
    return f"{spread(seed, what, 10**length):0{length}}"


def reference(seed: int, what: str, length: int) -> str:
    """A number with letters in front, as policies and contracts have them; at most `length` signs."""
    wide = min(max(length - 3, 1), 8)
    written = f"ZZ-{digits(seed, what, wide)}"
    return written if len(written) <= length else digits(seed, what, length)


def code(seed: int, what: str, alphabet: str, length: int) -> str:
    """A well-formed one-time code that nobody has sent."""
    signs = "0123456789" if alphabet == "digits" else _CODE_SIGNS
    number = spread(seed, what, len(signs) ** length)
    made = ""
    for _ in range(length):
        number, sign = divmod(number, len(signs))
        made += signs[sign]
    return made
