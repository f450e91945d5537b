"""The files of a definition as text: chosen, read, written, with what lint finds marked at its lines."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from flask import abort, request, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response

from app.flow.findings import Finding
from app.flow.loader import FLOW, THEME
from app.flow.texts import file_of
from app.runner.drafting.drafts import FILES, Draft, NoDraft, draft_of
from app.runner.drafting.file_edits import removable
from app.runner.named import Definition
from app.runner.staff.who import Staff
from app.web.browser import LANGUAGES
from app.web.desk.definitions import choices, meant
from app.web.desk.draft_findings import findings_in
from app.web.desk.finding_words import Said, said
from app.web.desk.flow_tabs import tabs_of
from app.web.desk.frame import bp, desk_page, for_staff
from app.web.desk.numbers import number
from app.web.house import house

#: Files that are no definition's texts, in the order in which they are offered.
_ORDER = (FLOW, THEME, "translated.yaml", "scenarios.yaml", "safety.yaml")
_GRAVITY = ("error", "warning", "note")


@dataclass(frozen=True)
class Row:
    """A file in the chooser, with how much is to be mended in it."""

    name: str
    url: str
    current: bool
    errors: int
    warnings: int


@dataclass(frozen=True)
class Line:
    """A line that is only read: its number, its text, and what is found there, the gravest first."""

    number: int
    text: str
    found: tuple[Said, ...]


@bp.get("/flows/<flow>/files")
@for_staff
def flow_yaml(staff: Staff, flow: str) -> Response:
    """The definition that the address names; `file` of it is in view, `line` of that is looked for."""
    of = meant(flow)
    file = request.args.get("file", FLOW)
    if not FILES.fullmatch(file):
        abort(404)
    return yaml_page(staff, of, file)


def yaml_page(staff: Staff, of: Definition, file: str, status: int = 200, **more: Any) -> Response:
    """The page of one file; `more` may hold a `text` that was typed, and `wrong`, words about it."""
    found = findings_in(of.name, of.files)
    draft = _draft(staff, of)
    here = found_in(found, file, of)
    lines = of.files.get(file, "").splitlines()
    line = number(request.args.get("line"))
    context: dict[str, Any] = {
        "flow_name": of.name,
        "tabs": tabs_of(staff, of.name),
        "of": of,
        "choices": choices(of),
        "rows": _rows(of, file, found),
        "file": file,
        "there": file in of.files,
        "draft": draft,
        "edits": "analyst" in staff.roles,
        "text": of.files.get(file, ""),
        "wrong": None,
        "found": here,
        "marks": marks(found, file),
        "line": min(line, max(len(lines), 1)) if line else None,
        "lines": None if draft else _lines(lines, found, file),
        "line_text": lines[line - 1] if line and line <= len(lines) else "",
        "addable": addable(of.files),
        "removable": file in removable(of.files),
        "revision": of.revision,
        **more,
    }
    return desk_page("desk/flow_yaml.html", status, **context)


def _draft(staff: Staff, of: Definition) -> Draft | None:
    """The draft, if it is in view and may be edited."""
    if not of.is_draft or "analyst" not in staff.roles:
        return None
    try:
        return draft_of(house(), of.name)
    except NoDraft:
        return None


def found_in(found: Iterable[Finding], file: str, of: Definition) -> list[Said]:
    """What is found in one file, each with the way to its line; what somebody bears stands last."""
    here = sorted((each for each in found if _file(each) == file), key=lambda each: each.waived)
    return [_said(each, address(of.name, of.which, file, each.line)) for each in here]


def _said(found: Finding, url: str) -> Said:
    place = gettext("line %(line)s, column %(column)s", line=found.line, column=found.column)
    return replace(said([found], lambda _: url)[0], place=place)


def marks(found: Iterable[Finding], file: str) -> list[tuple[int, str]]:
    """The lines of a file at which something is to be mended, and how grave it is: the editor's margin."""
    return [(each.line, each.severity) for each in found if _file(each) == file and not each.waived]


def address(flow: str, which: str, file: str, line: int | None = None) -> str:
    """The page of a file, at a line of it."""
    anchor = "line" if line else None
    return url_for("desk.flow_yaml", flow=flow, of=which, file=file, line=line, _anchor=anchor)


def _file(found: Finding) -> str:
    return found.path.rpartition("/")[2]


def _rows(of: Definition, file: str, found: Iterable[Finding]) -> list[Row]:
    open_ = [each for each in found if not each.waived]
    return [
        Row(
            name,
            address(of.name, of.which, name),
            name == file,
            sum(_file(each) == name and each.severity == "error" for each in open_),
            sum(_file(each) == name and each.severity == "warning" for each in open_),
        )
        for name in sorted(of.files, key=_rank)
    ]


def _rank(name: str) -> tuple[int, str]:
    """flow.yaml first, then the texts, then the rest."""
    places = (FLOW, "texts", *_ORDER[1:])
    return places.index("texts" if name.startswith("texts.") else name), name


def _lines(lines: list[str], found: Iterable[Finding], file: str) -> list[Line]:
    at: dict[int, list[Finding]] = {}
    for each in found:
        if _file(each) == file and not each.waived:
            at.setdefault(each.line, []).append(each)
    return [Line(n, text, _said_at(at.get(n, []))) for n, text in enumerate(lines, 1)]


def _said_at(found: list[Finding]) -> tuple[Said, ...]:
    return tuple(said(sorted(found, key=lambda each: _GRAVITY.index(each.severity))))


def addable(files: Mapping[str, str]) -> list[str]:
    """The files that are not there yet and may be."""
    every = [*(file_of(language) for language in LANGUAGES), *_ORDER[2:]]
    return [name for name in every if name not in files]
