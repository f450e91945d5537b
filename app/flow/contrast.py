"""Whether inks can be read on their grounds: WCAG 2.2's contrast, pair by pair, of a realm's colours.

The colours are those of tokens.css, of which a theme sets the brand's; which pairs occur is said here once.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import product
from typing import Literal

from app.flow.theme import Theme

Scheme = Literal["light", "dark"]

INKS = ("ink", "muted", "danger", "ok", "brand")
GROUNDS = ("paper", "surface", "note-soft")
#: Text on a filled shape.
FILLED = (("brand-ink", "brand"), ("card-ink", "card"), ("wallet-ink", "wallet"))
#: Borders of boxes and buttons, and the ring of the focus (WCAG 1.4.11).
OUTLINES = ("edge", "focus", "danger", "brand")
WALLET_OUTLINE = ("wallet-edge", "paper")

#: The least ratio for text of any size (WCAG 1.4.3), and for shapes that mean something (1.4.11).
TEXT, SHAPE = 4.5, 3.0

_TOKEN = re.compile(r"--([a-z-]+):\s*(#[0-9a-f]{6});")
_DARK = "@media (prefers-color-scheme: dark)"


@dataclass(frozen=True)
class Pair:
    """One ink on one ground by the names of their tokens, and the least ratio they need."""

    ink: str
    ground: str
    least: float


@dataclass(frozen=True)
class Measured:
    """A pair with the colours it has, and its ratio."""

    pair: Pair
    ink: str
    ground: str
    ratio: float

    @property
    def holds(self) -> bool:
        """Whether the ratio is enough."""
        return self.ratio >= self.pair.least


PAIRS: tuple[Pair, ...] = (
    *(Pair(ink, ground, TEXT) for ink, ground in (*product(INKS, GROUNDS), *FILLED)),
    *(Pair(line, ground, SHAPE) for line, ground in (*product(OUTLINES, GROUNDS), WALLET_OUTLINE)),
)


def luminance(colour: str) -> float:
    """Relative luminance of `#rrggbb` as WCAG 2.2 defines it."""
    channels = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    """The ratio of two colours, from 1 to 21."""
    darker, lighter = sorted((luminance(one), luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


def colours(css: str, scheme: Scheme, theme: Theme | None = None) -> dict[str, str]:
    """The colour of every token of `css` (tokens.css) in a scheme, with the brand's of a theme."""
    light, _, dark = css.partition(_DARK)
    found = dict(_TOKEN.findall(light))
    if scheme == "dark":
        found |= dict(_TOKEN.findall(dark))
    if theme is None:
        return found
    palette = theme.light if scheme == "light" else theme.dark
    own = {"brand": palette.brand, "brand-ink": palette.brand_ink}
    return found | own | {"card": theme.light.brand, "card-ink": theme.light.brand_ink}


def measured(found: Mapping[str, str]) -> tuple[Measured, ...]:
    """Every pair in these colours, the weakest first."""
    pairs = [
        Measured(pair, found[pair.ink], found[pair.ground], contrast(found[pair.ink], found[pair.ground]))
        for pair in PAIRS
    ]
    return tuple(sorted(pairs, key=lambda each: each.ratio / each.pair.least))
