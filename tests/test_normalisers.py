"""What people type and what it is kept as: spellings, refusals, agreement with the libraries, any Unicode."""

from collections.abc import Callable
from datetime import date

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from app.flow.normal.code import code
from app.flow.normal.company import eik
from app.flow.normal.email import email, email_key
from app.flow.normal.national import national_id
from app.flow.normal.phone import joined, mobile, spoken, trunk
from app.flow.normal.shape import ShapeProblem, tidy
from app.flow.normal.text import digits, text

DAY = date(2026, 11, 22)
WEIRD = "\u00a0\u200f\u202e\u2066\ufeff\u00ad０９＋＠﹫ﷺ№½\u0301\u0000\u001b\ud800\U000e0041٠१АОß"


def bulgarian(typed: str) -> str:
    return mobile(typed, "BG", {"BG"})


def hungarian(typed: str) -> str:
    return mobile(typed, "HU", {"HU"})


def account(typed: str) -> str:
    return digits(typed, 7, 7)


def typed_part(typed: str) -> str:
    return code(typed, "letters and digits", 5, 6)


def pin(typed: str) -> str:
    return code(typed, "digits", 6, 6)


def name(typed: str) -> str:
    return text(typed, 40)


def checked_id(typed: str) -> str:
    return national_id(typed, DAY)


ALL = [bulgarian, hungarian, email, email_key, national_id, checked_id, eik, name, account, typed_part, pin]
Normaliser = Callable[[str], str]


def refusal(normal: Normaliser, typed: str) -> str | None:
    try:
        normal(typed)
    except ShapeProblem as problem:
        return problem.code
    return None


SAME = [
    (
        bulgarian,
        "+359888123456",
        [
            "0888123456",
            "0888 123 456",
            "0888-12-34-56",
            "0888.123.456",
            "0888/123 456",
            "(088) 812-34-56",
            "888123456",
            "+359888123456",
            "+359 888 123 456",
            "+359 (0) 88 812 3456",
            "00359888123456",
            "00359 888 123 456",
            "359888123456",
            "０８８８１２３４５６",
            "＋３５９ 888 123 456",
            "0888–123—456",
            "0888\u2011123\u2212456",
            "\u202a0888\u00a0123\u00a0456\u202c",
            "  0888\t123\u2009456 ",
        ],
    ),
    (
        hungarian,
        "+36201234567",
        [
            "06 20 123 4567",
            "06-20/123-4567",
            "+36 20 123 4567",
            "0036201234567",
            "20 123 4567",
            "+36 (06) 20 1234567",
        ],
    ),
    (
        email,
        "Ivan.Petrov@abv.bg",
        [
            "Ivan.Petrov@abv.bg",
            "  Ivan.Petrov@abv.bg ",
            "\u200bIvan.Petrov@abv.bg\u00a0",
            "Ivan.Petrov＠abv.bg",
            "Ivan.Petrov@ａｂｖ.bg",
        ],
    ),
    (email_key, "ivan.petrov@abv.bg", ["IVAN.PETROV@ABV.BG", "ivan.petrov@Abv.Bg", "Ivan.Petrov@abv.bg"]),
    (email_key, "a@пример.бг", ["A@Пример.бг", "a@xn--e1afmkfd.xn--90ae", "a@XN--E1AFMKFD.xn--90ae"]),
    (
        national_id,
        "9912310123",
        [
            "9912310123",
            "991231 0123",
            "99-12-31-01-23",
            "ЕГН: 9912310123",
            "９９１２３１０１２３",
            "\u200e9912310123\u200e",
            "9912310123 г.",
        ],
    ),
    (checked_id, "9912310125", ["9912310125", "991231 01 25"]),
    (checked_id, "7111042925", ["7111042925", "7111 042 925"]),
    (
        eik,
        "175074752",
        ["175074752", "175 074 752", "BG175074752", "bg 175.074.752", "БГ175074752", "１７５０７４７５２"],
    ),
    (eik, "000694037", ["000694037", "BG 000 694 037"]),
    (account, "0034567", ["0034567", "003 45 67", "003-4567", "００３４５６７"]),
    (
        typed_part,
        "AB7MX",
        ["AB7MX", "ab7mx", "a b 7 m x", "AB7-MX", "АВ7МХ", "ав7мх", " ab7\u00a0mx\u200b", "ＡＢ７ＭＸ"],
    ),
    (typed_part, "9AB7MX", ["9AB7MX", "9ab 7mx"]),
    (pin, "012345", ["012345", "012 345", "０１２３４５", "0-1-2-3-4-5"]),
    (
        name,
        "Анна Мария",
        [
            "Анна Мария",
            "  Анна   Мария ",
            "Анна\u00a0Мария",
            "Анна\tМария",
            "Анна\u200e Мария",
            "Анна\r\nМария",
        ],
    ),
    (name, "é", ["é", "e\u0301", "e\u200b\u0301"]),
]


@pytest.mark.parametrize(
    ("normal", "kept", "typed"),
    [(normal, kept, each) for normal, kept, spellings in SAME for each in spellings],
)
def test_every_spelling_of_an_answer_is_kept_alike(normal: Normaliser, kept: str, typed: str):
    assert normal(typed) == kept


@pytest.mark.parametrize(
    ("normal", "typed", "reason"),
    [
        (bulgarian, "088812345", "not_a_phone"),
        (bulgarian, "088812345678", "too_long"),
        (bulgarian, "0998123456", "not_a_phone"),
        (bulgarian, "0888 ABCDEF", "not_a_phone"),
        (bulgarian, "0888123456 ext 5", "not_a_phone"),
        (bulgarian, "0888123456;ext=5", "not_a_phone"),
        (bulgarian, "0888123456#5", "not_a_phone"),
        (bulgarian, "tel:+359888123456", "not_a_phone"),
        (bulgarian, "0888+123456", "not_a_phone"),
        (bulgarian, "0888\x00123456", "not_a_phone"),
        (bulgarian, "+", "not_a_phone"),
        (bulgarian, "112", "not_a_phone"),
        (bulgarian, "02 987 1234", "not_mobile"),
        (bulgarian, "0700 12 345", "not_mobile"),
        (bulgarian, "+36201234567", "not_mobile"),
        (bulgarian, "06201234567", "too_long"),
        (bulgarian, "1" * 100, "too_long"),
        (hungarian, "06 21 123 4567", "not_mobile"),
        (hungarian, "06 1 234 5678", "not_mobile"),
        (hungarian, "0888123456", "too_long"),
        (email, "ivan", "not_an_address"),
        (email, "ivan@abv", "not_an_address"),
        (email, "ivan petrov@abv.bg", "not_an_address"),
        (email, "ivan@abv.bg.", "not_an_address"),
        (email, "ivan@@abv.bg", "not_an_address"),
        (email, "Ivan <ivan@abv.bg>", "not_an_address"),
        (email, '"ivan p"@abv.bg', "not_an_address"),
        (email, "ivan@[192.0.2.1]", "not_an_address"),
        (email, "ivan@abv.bg\r\nBcc: all@abv.bg", "not_an_address"),
        (email, "ivan@abv.bg\x00", "not_an_address"),
        (email, "ivan@firm.test", "not_an_address"),
        (email, "ivan@host.local", "not_an_address"),
        (email, "иван@abv.bg", "not_latin"),
        (email, "péter@freemail.hu", "not_latin"),
        (email, "a@" + "b" * 60 + ("." + "c" * 60) * 3 + ".bg", None),
        (email, "a@" + "b" * 60 + ("." + "c" * 60) * 4 + ".bg", "too_long"),
        (national_id, "991231012", "not_ten_digits"),
        (national_id, "99123101234", "not_ten_digits"),
        (national_id, "няма", "not_ten_digits"),
        (national_id, "٩٩١٢٣١٠١٢٣", "not_ten_digits"),
        (checked_id, "9912310123", "number_wrong"),
        (checked_id, "9913310125", "number_wrong"),
        (eik, "175074751", "number_wrong"),
        (eik, "000000000", "number_wrong"),
        (eik, "0000000000000", "number_wrong"),
        (eik, "1111111110001", "number_wrong"),
        (eik, "17507475", "not_9_or_13_digits"),
        (eik, "9912310125", "not_9_or_13_digits"),
        (eik, "HU175074752", "not_9_or_13_digits"),
        (account, "123456", "too_short"),
        (account, "12345678", "too_long"),
        (account, "12A4567", "not_digits"),
        (account, "١٢٣٤٥٦٧", "not_digits"),
        (account, "123456½", "not_digits"),
        (typed_part, "AB7", "too_short"),
        (typed_part, "AB7MXQ9", "too_long"),
        (typed_part, "АБ7МХ", "not_a_code"),
        (typed_part, "AB7M!", "not_a_code"),
        (pin, "12345A", "not_a_code"),
        (name, "Анна\x1b[31m", "unusual_characters"),
        (name, "Анна\x00", "unusual_characters"),
        (name, "Анна\ud800", "unusual_characters"),
        (name, "х" * 41, "too_long"),
    ],
)
def test_what_has_another_shape_is_refused_with_its_reason(
    normal: Normaliser, typed: str, reason: str | None
):
    assert refusal(normal, typed) == reason


@pytest.mark.parametrize("normal", ALL)
@pytest.mark.parametrize("nothing", ["", " ", "\u00a0\t", "\r\n"])
def test_nothing_is_missing_and_not_wrong(normal: Normaliser, nothing: str):
    assert refusal(normal, nothing) == "required"


@pytest.mark.parametrize("normal", ALL)
@pytest.mark.parametrize("char", ["0", " ", "а", "\u0301", "\u202e", "@", "+", "ﷺ", "\x00"])
def test_a_megabyte_is_too_long_before_anything_else(normal: Normaliser, char: str):
    assert refusal(normal, char * 2**20) == "too_long"


@pytest.mark.parametrize("normal", ALL)
@settings(deadline=None)
@given(typed=st.one_of(st.text(), st.text(alphabet=WEIRD), st.text(alphabet="0123456789+@. -абвABC" + WEIRD)))
@example(typed="ﷺ" * 60)
@example(typed="\u0315\u0300\u0316" * 30)
@example(typed="@" * 100)
def test_any_text_is_either_kept_in_a_lasting_form_or_refused_in_a_word(normal: Normaliser, typed: str):
    try:
        kept = normal(typed)
    except ShapeProblem as problem:
        assert problem.code.replace("_", "").isalnum()
        assert problem.args == (problem.code,)
    else:
        assert normal(kept) == kept
        assert kept == tidy(kept, 4096)


def test_a_refusal_carries_no_value():
    with pytest.raises(ShapeProblem) as refused:
        email("ivan petrov@abv.bg")
    chain = [refused.value, refused.value.__cause__, refused.value.__context__]
    assert not any("petrov" in repr(each) for each in chain)


HU_PREFIXES = ["20", "30", "70"]


@pytest.mark.parametrize(
    ("prefix", "rest"),
    [
        ("20", "1234567"),
        ("20", "123 45 67"),
        ("20", "123-4567"),
        ("20", "１２３４５６７"),
        ("20", "20 123 4567"),
        ("20", "06 20 123 4567"),
        ("", "+36 20 123 4567"),
        ("30", "+36201234567"),
        ("99", "06201234567"),
    ],
)
def test_a_chosen_prefix_and_a_typed_rest_make_one_number(prefix: str, rest: str):
    assert joined(prefix, rest, "HU", HU_PREFIXES) == "+36201234567"


@pytest.mark.parametrize(
    ("prefix", "rest", "reason"),
    [
        ("20", "", "required"),
        ("", "", "required"),
        ("", "1234567", "required"),
        ("31", "1234567", "required"),
        ("20", "123456", "not_a_phone"),
        ("20", "12345678901", "too_long"),
        ("20", "abc", "not_a_phone"),
        ("20", "+36 31 123 4567", "not_mobile"),
        ("20", "06 1 234 5678", "not_mobile"),
        ("20", "+359888123456", "not_mobile"),
    ],
)
def test_a_prefix_does_not_make_any_rest_a_number(prefix: str, rest: str, reason: str):
    with pytest.raises(ShapeProblem, match=f"^{reason}$"):
        joined(prefix, rest, "HU", HU_PREFIXES)


@settings(deadline=None)
@given(prefix=st.sampled_from(["", *HU_PREFIXES, "x"]), rest=st.text(alphabet="0123456789 +-" + WEIRD))
def test_any_prefix_and_rest_make_a_hungarian_mobile_number_or_a_refusal(prefix: str, rest: str):
    try:
        number = joined(prefix, rest, "HU", HU_PREFIXES)
    except ShapeProblem:
        return
    assert number.startswith(("+3620", "+3630", "+3670"))
    assert len(number) == 12


def test_the_trunk_prefix_stands_before_national_numbers():
    assert (trunk("BG"), trunk("HU")) == ("0", "06")


@pytest.mark.parametrize(
    ("number", "said"),
    [
        ("+359888123456", "0888 123 456"),
        ("+35970020123", "0700 20 123"),
        ("+35920004890", "02 000 4890"),
        ("+35952612345", "052 612 345"),
        ("+36201234567", "06 20 123 4567"),
        ("+3640000421", "06 40 000 421"),
        ("+3615550100", "06 1 555 0100"),
        ("+441632960001", "+441632960001"),
    ],
)
def test_numbers_are_grouped_as_people_say_them(number: str, said: str):
    assert spoken(number) == said
