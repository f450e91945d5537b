"""Which definition a page of the desk is about, by `?of=` in its address: `draft`, `live` or a number."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from flask import abort, current_app, request, url_for
from flask_babel import gettext

from app.flow.definition import Flow
from app.flow.findings import Finding
from app.flow.lint import lint
from app.flow.loader import load
from app.runner import coverage
from app.runner.house import FlowMissing
from app.web.desk.numbers import number
from app.web.house import house


@dataclass(frozen=True)
class Definition:
    """Stand-in until the named definitions are on main."""

    name: str
    which: str
    number: int | None
    digest: str
    files: Mapping[str, str] = field(repr=False)
    flow: Flow | None
    findings: tuple[Finding, ...] = ()


def meant(name: str) -> Definition:
    """The definition that the address names; what is there to be edited where it names none."""
    which = request.args.get("of", "live")
    if which != "live" and number(which) is None:
        abort(404)
    try:
        flow = coverage.version(house(), name, number(which) if which != "live" else None)
    except FlowMissing:
        abort(404)
    return Definition(name, which, flow.number, flow.digest, flow.files, flow)


def choices(of: Definition) -> list[tuple[str, str]]:
    """What may be looked at instead: value and words, the one in view among them."""
    words = {"draft": gettext("Draft"), "live": gettext("Live version")}
    there = ["live"]
    named = [of.which] if of.which not in words else []
    return [
        (each, words.get(each) or gettext("Version %(number)s", number=each)) for each in (*there, *named)
    ]


def findings(of: Definition, *codes: str) -> list[Finding]:
    """What is wrong with the definition, what hinders loading first; of these rules alone if named."""
    found = list(of.findings)
    if of.flow is not None:
        sources = load(of.flow.files, house().catalogue, root=f"workflows/{of.name}").sources
        found += lint(of.flow, house().catalogue, sources)
    return [each for each in found if not codes or each.code in codes]


def address_if_there(endpoint: str, **parts: Any) -> str | None:
    """The address of a page of the desk, None where this desk has no such page."""
    return url_for(endpoint, **parts) if endpoint in current_app.view_functions else None
