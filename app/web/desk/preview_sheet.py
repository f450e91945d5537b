"""The contact sheet: which pictures stand on it, by what its address asks for."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from flask import abort, request, url_for

from app.flow.definition import Flow
from app.runner.named import Definition
from app.runner.previewing import Situation, situations
from app.web.desk.numbers import number
from app.web.desk.preview_drawing import Picture, picture
from app.web.desk.preview_words import groups
from app.web.house import house

#: Pictures are drawn at these widths, in CSS pixels: the smallest phone, a tablet, a computer.
WIDTHS = (320, 768, 1280)
SCHEMES = ("", "light", "dark")
EVERY = "all"

#: So many situations stand on one sheet; further ones on the next.
_ON_A_SHEET = 12


@dataclass(frozen=True)
class Asked:
    """What the address asks for. `state` and `language` may be EVERY; `width` 0 stands for all."""

    state: str
    show: str
    language: str
    width: int
    scheme: str
    sheet: int

    def query(self, **other: str | int) -> dict[str, str | int]:
        """The same as parts of an address, some of them changed."""
        told: dict[str, str | int] = {
            "state": self.state,
            "show": self.show,
            "language": self.language,
            "width": self.width,
            "scheme": self.scheme,
        }
        return {**told, **other}


@dataclass(frozen=True)
class Cell:
    """One situation in one language: where its frame is shown, and what is known of it beforehand."""

    lang: str
    url: str
    lacking: tuple[str, ...]
    why: str
    has_page: bool


@dataclass(frozen=True)
class Row:
    """One situation of a state, `of` which it is a page, in the languages asked for."""

    of: str
    situation: Situation
    cells: tuple[Cell, ...]


@dataclass(frozen=True)
class Sheet:
    """What stands on one sheet, and which `lacking` texts, by key, are missing in which languages on it."""

    rows: tuple[Row, ...]
    lacking: Mapping[str, tuple[str, ...]]
    sheets: int


def asked(flow: Flow) -> Asked:
    """What the address asks for; 404 for what the flow does not have."""
    state = request.args.get("state") or flow.spec.initial
    language = request.args.get("language") or EVERY
    show = request.args.get("show") or "normal"
    width = number(request.args.get("width") or "0")
    scheme = request.args.get("scheme", "")
    sheet = number(request.args.get("sheet") or "1")
    known = (
        state in {EVERY, *flow.spec.states}
        and language in {EVERY, *flow.spec.languages}
        and width in {0, *WIDTHS}
        and scheme in SCHEMES
    )
    if not known or width is None or not sheet:
        abort(404)
    return Asked(state, show, language, width, scheme, sheet)


def sheet_of(of: Definition, flow: Flow, wanted: Asked) -> Sheet:
    """The pictures asked for; 404 for a situation that there is not."""
    states = list(flow.spec.states) if wanted.state == EVERY else [wanted.state]
    every = [(state, each) for state in states for each in shown(flow, state, wanted.show)]
    if not every and wanted.show not in groups():
        abort(404)
    sheets = max(1, -(-len(every) // _ON_A_SHEET))
    first = (wanted.sheet - 1) * _ON_A_SHEET
    languages = dict.fromkeys(flow.spec.languages if wanted.language == EVERY else [wanted.language])
    rows = tuple(
        Row(state, each, tuple(_cell(of, flow, wanted.scheme, (state, each), lang) for lang in languages))
        for state, each in every[first : first + _ON_A_SHEET]
    )
    return Sheet(rows, _lacking(rows), sheets)


def shown(flow: Flow, state: str, show: str) -> list[Situation]:
    """The situations of a state that `show` names: a group of them, or one by its key."""
    every = situations(flow, state, house().catalogue)
    if show not in groups():
        return [each for each in every if each.key == show]
    return [each for each in every if show == "all" or _belongs(flow, state, each, show)]


def _belongs(flow: Flow, state: str, each: Situation, show: str) -> bool:
    if show in {"locked", "expired"}:
        return flow.state(each.state).end == show and (each.sort == "end" or each.state == state)
    return (
        each.sort
        in {
            "normal": {"moment", "filled"},
            "errors": {"errors"},
            "each": {"error", "said", "told"},
        }[show]
    )


def drawn(of: Definition, flow: Flow, each: Situation, lang: str, scheme: str = "") -> Picture:
    """One picture of the sheet, in the colours that this browser prefers if no `scheme` is named."""
    parts: dict[str, Any] = {"of": of.which, "v": of.digest[7:19], **({"scheme": scheme} if scheme else {})}
    theme = url_for("desk.flow_preview_theme", flow=of.name, **parts)
    return picture(flow, each, lang, theme)


def _cell(of: Definition, flow: Flow, scheme: str, shown_in: tuple[str, Situation], lang: str) -> Cell:
    state, each = shown_in
    there = drawn(of, flow, each, lang)
    url = address(of, state, each, lang, scheme)
    return Cell(lang, url, there.lacking, there.why, there.html is not None)


def address(of: Definition, state: str, each: Situation, lang: str, scheme: str = "") -> str:
    """Where one picture is shown by itself."""
    parts: dict[str, Any] = {"of": of.which, "state": state, "show": each.key, "language": lang}
    parts |= {"scheme": scheme} if scheme else {}
    return url_for("desk.flow_preview_page", flow=of.name, **parts)


def _lacking(rows: tuple[Row, ...]) -> dict[str, tuple[str, ...]]:
    found: dict[str, dict[str, None]] = {}
    for cell in (cell for row in rows for cell in row.cells):
        for key in cell.lacking:
            found.setdefault(key, {})[cell.lang] = None
    return {key: tuple(languages) for key, languages in found.items()}
