"""National ids, company and phone numbers: agreement with the libraries, number by number (S08)."""

import random
from collections.abc import Callable
from datetime import date

import phonenumbers
import pytest
from phonenumbers import PhoneNumberType
from stdnum.bg import egn, pnf, vat

from app.flow.normal.company import branch_check_digit, eik
from app.flow.normal.national import national_id
from app.flow.normal.phone import mobile
from app.flow.normal.shape import ShapeProblem

DAY = date(2026, 11, 22)


def refusal(normal: Callable[[str], str], typed: str) -> str | None:
    try:
        normal(typed)
    except ShapeProblem as problem:
        return problem.code
    return None


def checked_id(typed: str) -> str:
    return national_id(typed, DAY)


def digit_strings(seed: int, lengths: tuple[int, ...], many: int) -> list[str]:
    chance = random.Random(seed)
    return ["".join(chance.choices("0123456789", k=chance.choice(lengths))) for _ in range(many)]


def mutated(numbers: list[str], seed: int) -> list[str]:
    """Each with one digit changed, two swapped, one lost or one doubled."""
    chance = random.Random(seed)

    def change(number: str) -> str:
        at = chance.randrange(len(number) - 1)
        return chance.choice(
            [
                number[:at] + chance.choice("0123456789") + number[at + 1 :],
                number[:at] + number[at + 1] + number[at] + number[at + 2 :],
                number[:at] + number[at + 1 :],
                number[:at] + number[at] + number[at:],
            ]
        )

    return [change(number) for number in numbers]


def citizens(many: int) -> list[str]:
    chance = random.Random(1)
    numbers = []
    for _ in range(many):
        born = date.fromordinal(chance.randint(date(1850, 1, 1).toordinal(), date(2099, 12, 31).toordinal()))
        month = born.month + {18: 20, 19: 0, 20: 40}[born.year // 100]
        start = f"{born.year % 100:02}{month:02}{born.day:02}{chance.randrange(1000):03}"
        numbers.append(start + egn.calc_check_digit(start))
    return numbers


def foreigners(many: int) -> list[str]:
    return [start + pnf.calc_check_digit(start) for start in digit_strings(2, (9,), many)]


def companies(many: int) -> list[str]:
    return [start + vat.calc_check_digit_legal(start) for start in digit_strings(3, (8,), many)]


def test_national_ids_agree_with_stdnum():
    right = citizens(5000) + foreigners(5000)
    for number in right + mutated(right, 4):
        born_already = egn.is_valid(number) and egn.get_birth_date(number) <= DAY
        assert (refusal(checked_id, number) is None) == (born_already or pnf.is_valid(number)), number


def test_an_egn_of_somebody_not_yet_born_is_refused_until_the_day():
    number = next(n for n in citizens(10_000) if egn.get_birth_date(n) > DAY and not pnf.is_valid(n))
    born = egn.get_birth_date(number)
    assert national_id(number, born) == number
    with pytest.raises(ShapeProblem, match="number_wrong"):
        national_id(number, date.fromordinal(born.toordinal() - 1))


def test_company_numbers_agree_with_stdnum_but_for_placeholders():
    right = companies(10_000)
    for number in right + mutated(right, 5):
        expected = len(number) == 9 and vat.is_valid(number) and len(set(number)) > 1
        assert (refusal(eik, number) is None) == expected, number


@pytest.mark.parametrize(
    ("branch", "why"),
    [
        ("1750747520019", "2*2 + 5*1 = 9"),
        ("1750747520207", "2*2 + 3*2 = 10, so 4*2 + 5*2 = 18, modulo 11 = 7"),
        ("1750747528010", "65 modulo 11 = 10, so 87 modulo 11 = 10, kept as 0"),
    ],
)
def test_a_branch_ends_in_its_own_check_digit(branch: str, why: str):
    assert eik(branch) == branch
    wrong = [branch[:12] + digit for digit in "0123456789" if digit != branch[12]]
    assert {refusal(eik, number) for number in wrong} == {"number_wrong"}


def test_a_branch_of_a_company_that_cannot_be_is_refused():
    start = "175074751" + "001"
    assert refusal(eik, start + branch_check_digit(start)) == "number_wrong"


def spelled(number: str, chance: random.Random) -> str:
    return "".join(c if c == "+" else c + chance.choice(["", "", "", " ", "-", "."]) for c in number)


@pytest.mark.parametrize(
    ("region", "ways_to_dial", "ranges"),
    [
        ("BG", ["0", "+359", "00359", "359", ""], ["87", "88", "89", "98"]),
        ("HU", ["06", "+36", "0036", "36", ""], ["20", "30", "31", "50", "70"]),
    ],
)
def test_mobile_numbers_agree_with_libphonenumber(region: str, ways_to_dial: list[str], ranges: list[str]):
    chance = random.Random(6)
    right = [
        chance.choice(ways_to_dial) + chance.choice(ranges) + rest for rest in digit_strings(7, (7,), 10_000)
    ]
    assert all(refusal(lambda typed: mobile(typed, region, {region}), number) is None for number in right)
    for number in mutated(right, 8) + digit_strings(9, (3, 8, 9, 10, 11, 12), 5000):
        typed = spelled(number, chance).strip("-. ")
        assert kept_or_none(typed, region) == as_libphonenumber_says(typed, region), typed


def kept_or_none(typed: str, region: str) -> str | None:
    try:
        return mobile(typed, region, {region})
    except ShapeProblem:
        return None


def as_libphonenumber_says(typed: str, region: str) -> str | None:
    try:
        number = phonenumbers.parse(typed, region)
    except phonenumbers.NumberParseException:
        return None
    is_mobile = phonenumbers.number_type(number) == PhoneNumberType.MOBILE
    fits = is_mobile and phonenumbers.is_valid_number_for_region(number, region)
    return phonenumbers.format_number(number, 0) if fits else None
