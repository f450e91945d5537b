"""Files put into a draft and taken out of it, as edits; texts come and go with their language."""

import re
from collections.abc import Mapping
from typing import Any

from app.flow.edit import ABSENT, AddFile, Edit, Insert, Remove, RemoveFile, find
from app.flow.loader import FLOW, THEME
from app.flow.source import Unreadable, read
from app.flow.texts import file_of
from app.flow.translated import HEAD, TRANSLATED

#: Without these there is no flow.
KEPT = frozenset({FLOW, THEME})

_TEXTS = re.compile(r"texts\.([a-z]{2})\.yaml")

#: What a new file begins with, until somebody writes in it.
_BEGINNINGS: Mapping[str, str] = {
    TRANSLATED: HEAD,
    "scenarios.yaml": "# What must happen, in the words of the business.\n",
    "safety.yaml": "# What must never happen, whatever applicants do.\n",
}


def with_file(files: Mapping[str, str], file: str) -> list[Edit]:
    """The file is there, empty but for its first words; a flow with texts in a language is declared so."""
    made: list[Edit] = [AddFile(file, _BEGINNINGS.get(file, ""))]
    language, declared = _language(file), _declared(files)
    if language and isinstance(declared, list) and language not in declared:
        made.append(Insert(FLOW, ("languages", len(declared)), language))
    return made


def without_file(files: Mapping[str, str], file: str) -> list[Edit]:
    """The file is gone, and of texts the language with it."""
    made: list[Edit] = [RemoveFile(file)]
    language, declared = _language(file), _declared(files)
    if language and isinstance(declared, list) and language in declared:
        made.append(Remove(FLOW, ("languages", declared.index(language)), language))
    return made


def removable(files: Mapping[str, str]) -> list[str]:
    """What may be taken out: not what makes a flow, and not the texts that the others are translated from."""
    declared = _declared(files)
    source = file_of(str(declared[0])) if isinstance(declared, list) and declared else None
    return [name for name in files if name not in KEPT and name != source]


def _language(file: str) -> str | None:
    found = _TEXTS.fullmatch(file)
    return found[1] if found else None


def _declared(files: Mapping[str, str]) -> Any:
    try:
        return find(read(files.get(FLOW, ""), FLOW).data, ("languages",))
    except Unreadable:
        return ABSENT
