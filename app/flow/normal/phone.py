"""Mobile numbers, as libphonenumber knows their ranges."""

from collections.abc import Collection

import phonenumbers
from phonenumbers import PhoneNumber, PhoneNumberFormat, PhoneNumberType, ValidationResult

from app.flow.normal.shape import ShapeProblem, required, tidy, without_separators

LONGEST = 40

_MOBILE = frozenset({PhoneNumberType.MOBILE, PhoneNumberType.FIXED_LINE_OR_MOBILE})
_TOO_LONG = phonenumbers.NumberParseException.TOO_LONG


def mobile(typed: str, region: str, countries: Collection[str] | None = None) -> str:
    """The number in E.164 (`+359888123456`); one without + is dialled from `region`.

    `countries` are those accepted, None for any. Who serves a number is never asked: numbers are ported.
    Raises ShapeProblem `required`, `too_long`, `not_a_phone`, or `not_mobile` when the number exists but is
    no mobile number of an accepted country.
    """
    number = _parsed(_dialled(typed), region)
    if not phonenumbers.is_valid_number(number):
        raise ShapeProblem(_what_is_wrong(number))
    country = phonenumbers.region_code_for_number(number)
    if phonenumbers.number_type(number) not in _MOBILE or not (countries is None or country in countries):
        raise ShapeProblem("not_mobile")
    return phonenumbers.format_number(number, PhoneNumberFormat.E164)


def joined(prefix: str, typed: str, region: str, prefixes: Collection[str]) -> str:
    """The number of `region` whose `prefix` was chosen from `prefixes` and whose rest was typed, in E.164.

    A whole number where the rest belongs (browsers fill it in like that) counts as what it says. Raises
    ShapeProblem as `mobile` does; `required` also when no prefix was chosen and the number has none.
    """
    rest = _dialled(typed)
    problem = "required"
    if prefix in prefixes:
        try:
            return mobile(f"+{phonenumbers.country_code_for_region(region)}{prefix}{rest}", region, {region})
        except ShapeProblem as refused:
            problem = refused.code
    try:
        return _whole(rest, region, prefixes)
    except ShapeProblem as refused:
        problem = refused.code if refused.code == "not_mobile" else problem
    raise ShapeProblem(problem)


def trunk(region: str) -> str:
    """What is dialled before a national number of `region`: 0 in Bulgaria, 06 in Hungary, else empty."""
    return phonenumbers.phonenumberutil.ndd_prefix_for_region(region, True) or ""


def masked(number: str) -> str:
    """A number in E.164 of which its owner knows the rest, as people say it: `06 •• ••• ••67`."""
    written = spoken(number)
    begun = 3 if written.startswith("+") else 2
    middle = "".join("•" if sign.isdecimal() else sign for sign in written[begun:-2])
    return f"{written[:begun]}{middle}{written[-2:]}"


def spoken(number: str) -> str:
    """A number in E.164 as people say it: `0888 123 456`, `06 20 123 4567`; of another country as it stands.

    libphonenumber groups Bulgarian mobile numbers as 088 812 3456, which nobody there says.
    """
    if number.startswith("+359"):
        national = f"0{number[4:]}"
        area = 2 if national.startswith("02") else 4 if national[:2] in {"07", "08", "09"} else 3
        middle = 5 if area == 2 else len(national) - 3
        return f"{national[:area]} {national[area:middle]} {national[middle:]}"
    if number.startswith("+36"):
        area = 4 if number.startswith("+361") else 5
        return f"06 {number[3:area]} {number[area : area + 3]} {number[area + 3 :]}"
    return number


def is_region(region: str) -> bool:
    """Whether `region` is a country libphonenumber knows, as its two capital letters."""
    return region in phonenumbers.SUPPORTED_REGIONS


def _whole(typed: str, region: str, prefixes: Collection[str]) -> str:
    number = mobile(typed, region, {region})
    national = str(phonenumbers.parse(number).national_number)
    if not national.startswith(tuple(prefixes)):
        raise ShapeProblem("not_mobile")
    return number


def _dialled(typed: str) -> str:
    number = without_separators(required(tidy(typed, LONGEST, "not_a_phone")))
    # libphonenumber would read letters as keys of a telephone and cut off an extension.
    if not number.lstrip("+").isdecimal():
        raise ShapeProblem("not_a_phone")
    return number


def _parsed(number: str, region: str) -> PhoneNumber:
    try:
        return phonenumbers.parse(number, region)
    except phonenumbers.NumberParseException as refused:
        code = "too_long" if refused.error_type == _TOO_LONG else "not_a_phone"
    raise ShapeProblem(code)


def _what_is_wrong(number: PhoneNumber) -> str:
    possible = phonenumbers.is_possible_number_for_type_with_reason(number, PhoneNumberType.MOBILE)
    return "too_long" if possible == ValidationResult.TOO_LONG else "not_a_phone"
