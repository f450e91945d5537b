"""Every ink is readable on every ground, light and dark: computed from tokens.css and the shipped themes."""

import re
from itertools import product

import pytest
import yaml

from app.config import ROOT
from app.flow.contrast import PAIRS, Scheme, contrast, measured
from app.flow.contrast import colours as colours_of
from app.flow.theme import Theme

CSS = ROOT / "app" / "static" / "css"
TOKENS = (CSS / "tokens.css").read_text(encoding="utf-8")
THEMES = {path.parent.name: path for path in sorted((ROOT / "workflows").glob("*/theme.yaml"))}

#: Separates, means nothing.
DECORATION = {"line"}


def tokens(scheme: Scheme, realm: str) -> dict[str, str]:
    theme = None
    if realm != "house":
        theme = Theme.model_validate(yaml.safe_load(THEMES[realm].read_text(encoding="utf-8")))
    return colours_of(TOKENS, scheme, theme)


@pytest.fixture(params=list(product(("light", "dark"), ("house", *THEMES))), ids="-".join)
def colours(request: pytest.FixtureRequest) -> dict[str, str]:
    return tokens(*request.param)


def test_text_and_borders_can_be_made_out_on_every_ground(colours: dict[str, str]) -> None:
    weak = [each for each in measured(colours) if not each.holds]
    assert {(each.pair.ink, each.pair.ground): round(each.ratio, 2) for each in weak} == {}


def test_no_colour_token_escapes_the_count(colours: dict[str, str]) -> None:
    assert set(colours) == DECORATION | {name for pair in PAIRS for name in (pair.ink, pair.ground)}


def test_black_on_white_is_the_most_there_is_and_the_weakest_pair_comes_first() -> None:
    assert round(contrast("#000000", "#ffffff"), 6) == 21
    assert (
        contrast("#777777", "#ffffff")
        == contrast("#ffffff", "#777777")
        < 4.5
        < contrast("#767676", "#ffffff")
    )
    pale = tokens("light", "house") | {"brand": "#ffffff"}
    first = measured(pale)[0]
    assert (first.pair.ink, first.pair.ground, first.holds) == ("brand", "surface", False)


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
