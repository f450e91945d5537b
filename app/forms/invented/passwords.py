"""Passwords that satisfy a profile and tell of nobody."""

from app.flow.normal.password import PROFILES, Known, Profile, faults
from app.forms.invented.seeds import spread

_LETTERS = "bcdfghjkmnprstvz"
_SHORTEST = 12


def password(seed: int, profile: Profile | None) -> str:
    """A password that keeps every rule of the profile; of the strong one where none is known.

    A capital, a small letter and a digit in turn: no word, no name and no figures of six digits are in it.
    """
    wanted = max((profile or PROFILES["strong"]).min, _SHORTEST)
    made, number = "", 0
    while len(made) < wanted:
        drawn = spread(seed, f"password {number}", len(_LETTERS) ** 2 * 10)
        drawn, digit = divmod(drawn, 10)
        made += _LETTERS[drawn // 16].upper() + _LETTERS[drawn % 16] + str(digit)
        number += 1
    return made


def is_good(password: str, profile: Profile | None) -> bool:
    """Whether it keeps every rule that can be told without knowing whose it is."""
    return not faults(password, profile or PROFILES["strong"], Known())
