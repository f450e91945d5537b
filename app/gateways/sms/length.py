"""How long a text message is: its encoding, its units and the parts it is billed in.

3GPP TS 23.038 (GSM 7-bit default alphabet, its extension table, UCS-2) and TS 23.040 (a part of a
longer message gives 6 octets to its header: 153 septets or 67 UTF-16 units are left of 160 or 70).
National language tables are not used: most vendors and many phones do not offer them.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

SmsEncoding = Literal["gsm7", "ucs2"]

BASIC = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?"
    "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
"""The 127 characters that take one septet (the 128th place is the escape to the extension table)."""

EXTENSION = frozenset("\f^{}\\[~]|€")
"""The characters that take two septets: the escape and themselves."""


@dataclass(frozen=True)
class SmsPlan:
    """``units`` are septets (gsm7) or UTF-16 code units (ucs2); an empty text is still one part."""

    encoding: SmsEncoding
    units: int
    parts: int


def plan(text: str) -> SmsPlan:
    """Encoding, units and parts of the text. One character outside both tables makes all of it UCS-2.

    An extension pair and a surrogate pair are never cut between two parts, so now and then a part
    ends one unit early.
    """
    if all(char in BASIC or char in EXTENSION for char in text):
        weights = [2 if char in EXTENSION else 1 for char in text]
        return SmsPlan("gsm7", sum(weights), _parts(weights, alone=160, joined=153))
    weights = [2 if ord(char) > 0xFFFF else 1 for char in text]
    return SmsPlan("ucs2", sum(weights), _parts(weights, alone=70, joined=67))


def _parts(weights: Iterable[int], *, alone: int, joined: int) -> int:
    weights = list(weights)
    if sum(weights) <= alone:
        return 1
    parts, filled = 1, 0
    for weight in weights:
        if filled + weight > joined:
            parts, filled = parts + 1, 0
        filled += weight
    return parts
