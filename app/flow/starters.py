"""Flows to start from: whole small definitions, found in `app/starters`, which get a name and languages."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

from app.flow.edit import DoesNotFit, Edit, SetValue, apply_all, find
from app.flow.loader import FLOW
from app.flow.names import RESERVED, STAFFS_REALM
from app.flow.source import Unreadable, read
from app.flow.spec import NAME_PATTERN

FOLDER = Path(__file__).parent.parent / "starters"

#: What each is called, in the order in which they are offered: from the smallest.
NAMES = ("form", "code", "register")

_PLACEHOLDER = "start_here"
_LONGEST = 30  # a register is called after the flow
_TEXTS = re.compile(r"texts\.([a-z]{2})\.yaml")
_LANGUAGES = re.compile(r"^languages: \[.*\]$", re.MULTILINE)
_UNTIL = re.compile(r"^(    until: )2000-01-01$", re.MULTILINE)
_BORNE = timedelta(days=365)
_SPOKEN = re.compile(r"^(  lang: )en$", re.MULTILINE)


class UnfitFlow(Exception):
    """No flow can be made so: `code` is name, long, reserved, starter, languages or unreadable."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True)
class Started:
    """A definition by file name, and what lies beside it: scenarios, rules, invented people."""

    files: dict[str, str]
    beside: dict[str, str]


def started(starter: str, flow: str, languages: Sequence[str], today: date) -> Started:
    """The starter under a name of its own, in these languages, the first of them its source.

    What its makers had to bear of lint is borne for a year from `today`. Raises UnfitFlow.
    """
    _check(starter, flow, languages)
    files: dict[str, str] = {}
    beside: dict[str, str] = {}
    for file in sorted(path for path in (FOLDER / starter).rglob("*") if path.is_file()):
        name = file.relative_to(FOLDER / starter).as_posix().replace(_PLACEHOLDER, flow)
        spoken = _TEXTS.fullmatch(name)
        if spoken and spoken[1] not in languages:
            continue
        text = file.read_text(encoding="utf-8").replace(_PLACEHOLDER, flow)
        if name == "flow.yaml":
            text = _LANGUAGES.sub(f"languages: [{', '.join(languages)}]", text)
            text = _UNTIL.sub(rf"\g<1>{(today + _BORNE).isoformat()}", text)
        if name == "scenarios.yaml":
            text = _SPOKEN.sub(rf"\g<1>{languages[0]}", text)
        defines = spoken or name in {"flow.yaml", "theme.yaml"}
        (files if defines else beside)[name] = text
    return Started(files, beside)


def renamed(files: Mapping[str, str], flow: str, realm: str = "") -> dict[str, str]:
    """The files of a flow as those of another one of this name, in another realm if one is named.

    Comments and order stay. Raises UnfitFlow, with code `unreadable` where flow.yaml cannot be read.
    """
    _check_name(flow)
    if realm and (not re.fullmatch(NAME_PATTERN, realm) or realm == STAFFS_REALM):
        raise UnfitFlow("name" if realm != STAFFS_REALM else "reserved")
    wanted = {"flow": flow, **({"realm": realm} if realm else {})}
    try:
        said = read(files.get(FLOW, ""), FLOW).data
        edits: list[Edit] = [
            SetValue(FLOW, (key,), value, find(said, (key,))) for key, value in wanted.items()
        ]
        return apply_all(files, edits)
    except (Unreadable, DoesNotFit):
        raise UnfitFlow("unreadable") from None


def _check(starter: str, flow: str, languages: Sequence[str]) -> None:
    if starter not in NAMES:
        raise UnfitFlow("starter")
    _check_name(flow)
    if not languages or len(set(languages)) != len(languages) or set(languages) - offered():
        raise UnfitFlow("languages")


def _check_name(flow: str) -> None:
    if not re.fullmatch(NAME_PATTERN, flow):
        raise UnfitFlow("name")
    if len(flow) > _LONGEST:
        raise UnfitFlow("long")
    if flow in RESERVED or flow == STAFFS_REALM:
        raise UnfitFlow("reserved")


def offered() -> set[str]:
    """The languages in which starters are worded."""
    found = (_TEXTS.fullmatch(file.name) for file in (FOLDER / NAMES[0]).iterdir())
    return {match[1] for match in found if match}
