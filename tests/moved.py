"""Versions for tests to move runs to: shipped flows with something changed or renamed, made live at once."""

from collections.abc import Mapping

from app.config import ROOT
from app.flow.edit import apply_all, rename_everywhere
from app.flow.loader import definition_files, load, read_folder
from app.runner.house import House
from app.store import versions
from tests.altered import altered

#: Another field that activation asks for first, so that everybody behind that must have answered it.
BIRTH = {
    "fields:\n  eik:": (
        "fields:\n  birth: {type: text, max: 9, class: personal, purpose: age, keep: 7 days}\n  eik:"
    ),
    "    fields: [eik, email]\n": "    fields: [eik, email, birth]\n",
}
BIRTH_TEXTS = {
    "fields:\n": (
        "fields:\n  birth: {label: Born, errors: {required: When?, too_long: Long, unusual_characters: No}}\n"
    )
}


def put_live(
    house: House, flow: str, changes: Mapping[str, str], texts: Mapping[str, str] | None = None
) -> int:
    """A shipped flow with other words in flow.yaml, and in all its texts, as the live version; its number."""
    files = dict(read_folder(ROOT / "workflows" / flow))
    for name, text in files.items():
        wanted = texts or {} if name.startswith("texts.") else changes if name == "flow.yaml" else {}
        files[name] = _changed(text, wanted)
    return publish(house, flow, files)


def _changed(text: str, changes: Mapping[str, str]) -> str:
    for old, new in changes.items():
        assert old in text, old
        text = text.replace(old, new, 1)
    return text


def renamed(
    house: House, flow: str, section: str, old: str, new: str, changes: Mapping[str, str] | None = None
) -> int:
    """A shipped flow, changed or not, in which something is called otherwise, as the live version."""
    files = altered(flow, changes or {}).files
    edits = rename_everywhere(files, section, old, new, house.catalogue)
    return publish(house, flow, apply_all(files, edits))


def publish(house: House, flow: str, files: Mapping[str, str]) -> int:
    """Make these files the live version, without a draft."""
    loaded = load(definition_files(files), house.catalogue)
    assert loaded.flow is not None, loaded.findings
    with house.database.write() as connection:
        return versions.publish(connection, flow, loaded.flow.digest, loaded.flow.files, house.clock()).number
