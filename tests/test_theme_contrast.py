"""Every ink is readable on every ground, light and dark: computed from tokens.css and the shipped themes."""

import re
from itertools import product

import pytest
import yaml

from app.config import ROOT
from app.flow.theme import Theme

CSS = ROOT / "app" / "static" / "css"
TOKENS = (CSS / "tokens.css").read_text(encoding="utf-8")
TOKEN = re.compile(r"--([a-z-]+):\s*(#[0-9a-f]{6});")
THEMES = {path.parent.name: path for path in sorted((ROOT / "workflows").glob("*/theme.yaml"))}

INKS = ("ink", "muted", "danger", "ok", "brand")
GROUNDS = ("paper", "surface", "note-soft")
#: Text on a filled shape.
FILLED = (("brand-ink", "brand"), ("card-ink", "card"), ("wallet-ink", "wallet"))
#: Borders of boxes and buttons, and the ring of the focus (WCAG 1.4.11): 3 to 1 is enough.
OUTLINES = ("edge", "focus", "danger", "brand")
#: Separates, means nothing.
DECORATION = {"line"}


def luminance(colour: str) -> float:
    """Relative luminance as WCAG 2.2 defines it."""
    channels = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    darker, lighter = sorted((luminance(one), luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


def tokens(scheme: str, realm: str) -> dict[str, str]:
    light, _, dark = TOKENS.partition("@media (prefers-color-scheme: dark)")
    colours = dict(TOKEN.findall(light))
    if scheme == "dark":
        colours |= dict(TOKEN.findall(dark))
    if realm == "house":
        return colours
    theme = Theme.model_validate(yaml.safe_load(THEMES[realm].read_text(encoding="utf-8")))
    palette = theme.light if scheme == "light" else theme.dark
    return colours | {
        "brand": palette.brand,
        "brand-ink": palette.brand_ink,
        "card": theme.light.brand,
        "card-ink": theme.light.brand_ink,
    }


@pytest.fixture(params=list(product(("light", "dark"), ("house", *THEMES))), ids="-".join)
def colours(request: pytest.FixtureRequest) -> dict[str, str]:
    return tokens(*request.param)


def test_text_can_be_read_on_every_ground(colours: dict[str, str]) -> None:
    pairs = [*product(INKS, GROUNDS), *FILLED]
    weak = {pair: contrast(*(colours[name] for name in pair)) for pair in pairs}
    assert {pair: round(ratio, 2) for pair, ratio in weak.items() if ratio < 4.5} == {}


def test_borders_and_the_focus_ring_can_be_seen_on_every_ground(colours: dict[str, str]) -> None:
    ratios = {pair: contrast(*(colours[name] for name in pair)) for pair in product(OUTLINES, GROUNDS)}
    ratios["wallet-edge", "paper"] = contrast(colours["wallet-edge"], colours["paper"])
    assert {pair: round(ratio, 2) for pair, ratio in ratios.items() if ratio < 3} == {}


def test_no_colour_token_escapes_the_count(colours: dict[str, str]) -> None:
    counted = {*INKS, *GROUNDS, *OUTLINES, *DECORATION, "wallet-edge"} | {n for pair in FILLED for n in pair}
    assert set(colours) == counted


def test_pages_take_their_colours_from_the_tokens() -> None:
    # A QR code is read by machines: black on white whatever the scheme. Paper is white.
    for sheet in sorted(CSS.glob("*.css")):
        if sheet.name in {"tokens.css", "print.css"}:
            continue
        bare = set(re.findall(r"#[0-9a-fA-F]{3,8}\b", sheet.read_text(encoding="utf-8")))
        assert bare <= {"#ffffff"} if sheet.name == "card.css" else not bare, sheet.name


def test_the_browser_frame_has_the_header_s_colour() -> None:
    base = (ROOT / "templates" / "base.html").read_text(encoding="utf-8")
    assert re.findall(r'name="theme-color" content="(#[0-9a-f]{6})"', base) == [
        tokens("light", "house")["surface"],
        tokens("dark", "house")["surface"],
    ]
