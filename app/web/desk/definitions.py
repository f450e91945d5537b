"""Which definition a page of the desk is about, by `?of=` in its address: `draft`, `live` or a number."""

from typing import Any

from flask import abort, current_app, request, url_for
from flask_babel import gettext

from app.flow.lint import judged
from app.runner import named
from app.runner.named import DRAFT, LIVE, Definition, NotThere
from app.web.desk.finding_words import Said, said
from app.web.house import house


def meant(name: str) -> Definition:
    """The definition that the address names; where it names none, the draft if there is one."""
    which = request.args.get("of") or named.usual(house(), name)
    try:
        return named.definition(house(), name, which)
    except NotThere:
        abort(404)


def choices(of: Definition) -> list[tuple[str, str]]:
    """What may be looked at instead: value and words, the one in view among them."""
    words = {DRAFT: gettext("Draft"), LIVE: gettext("Live version")}
    there = dict.fromkeys([which for which in words if _is_there(of.name, which)] + [of.which])
    return [(each, words.get(each) or gettext("Version %(number)s", number=each)) for each in there]


def _is_there(name: str, which: str) -> bool:
    try:
        named.definition(house(), name, which)
    except NotThere:
        return False
    return True


def findings(of: Definition, *codes: str) -> list[Said]:
    """What is wrong with the definition, in words; of these rules alone if named."""
    found = list(of.findings)
    if of.flow is not None:
        sources = named.loaded_files(house(), of.name, of.files).sources
        found += judged(of.flow, house().catalogue, sources, today=house().clock().date())
    return said(each for each in found if not codes or each.code in codes)


def address_if_there(endpoint: str, **parts: Any) -> str | None:
    """The address of a page of the desk, None where this desk has no such page."""
    return url_for(endpoint, **parts) if endpoint in current_app.view_functions else None
