"""What a password must be like: length and signs, and what anybody would try first (C3, S40, S41).

A password is looked at exactly as typed; folding happens to copies, to compare them.
"""

import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field
from zxcvbn.frequency_lists import FREQUENCY_LISTS

#: Fewer than this ASVS 6.2.1 does not allow, whatever else a password must contain.
FEWEST = 8

_COMMON = frozenset(FREQUENCY_LISTS["passwords"])
_SHORTEST_TRACE = 4  # a shorter piece of a name stands in too many words by accident
_SHORTEST_MIXED = 5  # shorter figures begin many a number by accident
_PART_OF_A_NUMBER = 6  # the birth date in a national id, a phone without its prefix


class Profile(BaseModel):
    """What a flow asks of the passwords it sets."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    min: int = Field(ge=6, le=64, description="The fewest characters.")
    need: tuple[Literal["lower", "upper", "digit"], ...] = Field(
        default=(), description="What must be among them."
    )
    only: Literal["letters and digits"] | None = Field(
        default=None, description="No other signs, and letters without accents; without it, any signs."
    )

    @property
    def is_risky(self) -> bool:
        """Whether it allows passwords, or forbids some, against ASVS 6.2.1 and 6.2.5."""
        return self.min < FEWEST or self.only is not None


#: `seed` is an insurer's own rule to the letter; `strong` is what a password alone has to be (NIST 3.1.1.2).
PROFILES: Mapping[str, Profile] = {
    "seed": Profile(min=6, need=("lower", "upper", "digit"), only="letters and digits"),
    "strong": Profile(min=15),
}


@dataclass(frozen=True)
class Known:
    """What is known of the owner: addresses; brands, each taken whole; names and numbers in pieces."""

    addresses: tuple[str, ...] = field(default=(), repr=False)
    brands: tuple[str, ...] = ()
    facts: tuple[str, ...] = field(default=(), repr=False)


def possible_faults(profile: Profile) -> tuple[str, ...]:
    """The codes of the rules a profile has, in the order in which they are told."""
    signs = ("accents", "specials") if profile.only else ()
    missing = tuple(f"no_{each}" for each in profile.need)
    return ("too_short", *missing, *signs, "like_address", "common", "about_you")


def faults(password: str, profile: Profile, known: Known) -> list[str]:
    """The codes of all rules that are not kept (U21); a forbidden sign is told by its class, never itself."""
    broken = {
        "too_short": len(password) < profile.min,
        "no_lower": not any(map(str.islower, password)),
        "no_upper": not any(map(str.isupper, password)),
        "no_digit": not any(sign in "0123456789" for sign in password),
        "accents": any(map(_is_foreign_letter, password)),
        "specials": any(not _is_plain(sign) and not _is_foreign_letter(sign) for sign in password),
        "like_address": _like_address(password, known.addresses),
        "common": is_common(password),
    }
    # Who repeats the address is told that; it holds the owner's name as a matter of course.
    broken["about_you"] = not broken["like_address"] and _tells_of(password, known)
    return [code for code in possible_faults(profile) if broken[code]]


def is_common(password: str) -> bool:
    """Whether it is among the thirty thousand used most, bare or with figures or signs behind it."""
    stem = password.casefold()
    if stem in _COMMON:
        return True
    while stem and not stem[-1].isalpha():
        stem = stem[:-1]
        shortest = _SHORTEST_TRACE if stem.isalpha() else _SHORTEST_MIXED
        if len(stem) >= shortest and stem in _COMMON:
            return True
    return False


def _is_plain(sign: str) -> bool:
    return sign.isascii() and sign.isalnum()


def _is_foreign_letter(sign: str) -> bool:
    """A letter beyond a-z, or an accent that stands as a sign of its own."""
    return not sign.isascii() and unicodedata.category(sign)[0] in "LM"


def _squeezed(text: str) -> str:
    """Letters and digits alone, without accents and case."""
    folded = unicodedata.normalize("NFKD", text.casefold())
    return "".join(sign for sign in folded if sign.isalnum())


def _like_address(password: str, addresses: Iterable[str]) -> bool:
    typed = {_squeezed(password), *_spellings(password)}
    return any(typed & _spellings(address) for address in addresses)


def _spellings(address: str) -> set[str]:
    """An address and its local part, with and without what follows a plus sign; dots do not count."""
    local, at, domain = address.rpartition("@")
    if not at:
        local, domain = domain, ""
    main = local.partition("+")[0]
    return {each for part in (local, main) for each in (_squeezed(part), _squeezed(part + domain)) if each}


def _tells_of(password: str, known: Known) -> bool:
    squeezed = _squeezed(password)
    whole = [_squeezed(each) for each in known.brands]
    whole += [_squeezed(each.rpartition("@")[0].partition("+")[0]) for each in known.addresses]
    traces = [each for each in whole if len(each) >= _SHORTEST_TRACE]
    traces += [piece for fact in known.facts for piece in _pieces(fact)]
    return any(trace in squeezed for trace in traces)


def _pieces(fact: str) -> Iterable[str]:
    """The words of a name, and every six digits in a row of a number."""
    folded = unicodedata.normalize("NFKD", fact.casefold())
    folded = "".join(sign for sign in folded if not unicodedata.combining(sign))
    words = "".join(sign if sign.isalpha() else " " for sign in folded).split()
    yield from (word for word in words if len(word) >= _SHORTEST_TRACE)
    figures = "".join(sign for sign in folded if sign.isdigit())
    if len(figures) >= _SHORTEST_TRACE:
        for start in range(max(len(figures) - _PART_OF_A_NUMBER, 0) + 1):
            yield figures[start : start + _PART_OF_A_NUMBER]
