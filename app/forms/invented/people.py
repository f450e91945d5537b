"""Names, addresses and phone numbers of people there are not."""

from collections.abc import Mapping, Sequence

import phonenumbers
from phonenumbers import PhoneNumberFormat, PhoneNumberType

from app.forms.invented.seeds import one_of, spread

#: RFC 2606 keeps this domain for examples: no mail to it ever reaches anybody.
DOMAIN = "example.com"

_NAMES: Mapping[str, tuple[Sequence[str], Sequence[str]]] = {
    "BG": (
        ("Ралица", "Тихомир", "Невена", "Красимир", "Десислава", "Огнян", "Биляна", "Захари"),
        ("Измислова", "Небивалов", "Примерова", "Образцов", "Мечтанова", "Няманов"),
    ),
    "HU": (
        ("Képzelt", "Minta", "Nincsen", "Mesebeli", "Kitalált", "Sosevolt"),
        ("Réka", "Bálint", "Zsófia", "Gergő", "Noémi", "Márton", "Lilla", "Dénes"),
    ),
}
_ELSEWHERE = (
    ("Avery", "Rowan", "Imogen", "Felix", "Harriet", "Jasper", "Marigold", "Silas"),
    ("Sample", "Nobody", "Makebelieve", "Fable", "Inkling", "Mirage"),
)
_LOCAL = ("ralitsa", "tihomir", "nevena", "reka", "balint", "noemi", "rowan", "imogen")


def name(seed: int, region: str) -> str:
    """Two words as the region writes its people, names that give themselves away."""
    first, second = _NAMES.get(region, _ELSEWHERE)
    return f"{one_of(first, seed, 'first name')} {one_of(second, seed, 'second name')}"


def address(seed: int, what: str, domain: str = DOMAIN) -> str:
    """An e-mail address at a domain kept for examples, or at `domain`; `what` tells a person's apart."""
    number = spread(seed, f"address {what}", 10_000_000)
    return f"{one_of(_LOCAL, seed, what)}.{number:07}@{domain}"


def mobile(seed: int, region: str, prefixes: Sequence[str] = ()) -> str:
    """A mobile number of `region` in E.164, of one of `prefixes` if there are any.

    In Bulgaria and Hungary of blocks whose subscribers' numbers begin with zeros, which nobody is given.
    """
    if region == "HU":
        prefix = one_of(prefixes or ("20", "30", "70"), seed, "prefix")
        return f"+36{prefix}0{spread(seed, 'mobile', 1_000_000):06}"
    if region == "BG":
        prefix = one_of(prefixes or ("87", "88", "89"), seed, "prefix")
        return f"+359{prefix}00{spread(seed, 'mobile', 100_000):05}"
    return _like_the_example(seed, region, one_of(prefixes or ("",), seed, "prefix"))


def national(number: str, region: str) -> str:
    """What of a number in E.164 is dialled behind the country's own number."""
    return number.removeprefix(f"+{phonenumbers.country_code_for_region(region)}")


def landline(region: str) -> str:
    """A number of the region that is no mobile one, as far as there is such a thing; in E.164."""
    return _example(region, PhoneNumberType.FIXED_LINE)


def _like_the_example(seed: int, region: str, prefix: str) -> str:
    """The region's example with the prefix in front and other figures behind; a few ranges have gaps."""
    example = _example(region, PhoneNumberType.MOBILE)
    country = example.removesuffix(national(example, region))
    begun = country + prefix + national(example, region)[len(prefix) : -5]
    for more in range(20):
        number = f"{begun}{spread(seed + more, 'mobile', 100_000):05}"
        if phonenumbers.is_valid_number(phonenumbers.parse(number)):
            return number
    return example


def _example(region: str, kind: int) -> str:
    example = phonenumbers.example_number_for_type(region, kind)
    return phonenumbers.format_number(example, PhoneNumberFormat.E164) if example else ""
