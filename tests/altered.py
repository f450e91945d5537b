"""Definitions that differ from the shipped ones in what a test says, and nothing else."""

from collections.abc import Mapping
from functools import cache
from pathlib import Path

from app import wiring
from app.config import ROOT
from app.flow.definition import Flow
from app.flow.loader import load, read_folder

#: The transitions into and the state of registration that tells of a login that is there.
WITHOUT_ALREADY_REGISTERED = {
    "      - {id: known, trigger: submit, dest: already_registered, "
    "conditions: [phone_code_right, has_a_login], effects: [use_code phone_code]}\n": "",
    "      - {id: somebody_was_quicker, trigger: submit, dest: already_registered, "
    "conditions: [has_a_login], tell: somebody_was_quicker}\n": "",
    "  already_registered:\n"
    "    kind: message\n"
    "    user_name_of: portal_login\n"
    "    back: locked\n"
    "    transitions:\n"
    "      - {id: renew, trigger: renew, dest: password, conditions: [login_to_renew]}\n"
    "      - {id: login_gone, trigger: renew, dest: email, tell: login_gone}\n": "",
}
#: A field that was never asked, a guard that looks at it, and the way that wants it.
OF_AGE_FIELD = "fields:\n  id_kind"
OF_AGE = {
    OF_AGE_FIELD: OF_AGE_FIELD.replace(
        "  id_kind", "  birth: {type: text, class: personal, purpose: age, keep: 7 days}\n  id_kind"
    ),
    "guards:\n  contract": "guards:\n  of_age:\n    answered: {field: birth}\n  contract",
    "dest: verify_phone, conditions: [contract_on_file],": (
        "dest: verify_phone, conditions: [contract_on_file, of_age],"
    ),
}
THREE_TRIES = {"tries: 5": "tries: 3"}


@cache
def shipped(name: str) -> Flow:
    """A shipped flow."""
    return _loaded(read_folder(ROOT / "workflows" / name))


def altered(name: str, changes: Mapping[str, str], file: str = "flow.yaml") -> Flow:
    """A shipped flow with other words in one of its files; each must be there."""
    return _loaded(_changed(name, changes, file))


def altered_folder(name: str, changes: Mapping[str, str], where: Path, file: str = "flow.yaml") -> Path:
    """The same as a folder under `where`."""
    folder = where / name
    folder.mkdir(parents=True)
    for each, text in _changed(name, changes, file).items():
        (folder / each).write_text(text, "utf-8")
    return folder


def _changed(name: str, changes: Mapping[str, str], file: str) -> dict[str, str]:
    files = read_folder(ROOT / "workflows" / name)
    for old, new in changes.items():
        assert old in files[file], old
        files[file] = files[file].replace(old, new)
    return files


def _loaded(files: Mapping[str, str]) -> Flow:
    loaded = load(files, wiring.catalogue())
    assert loaded.flow is not None, loaded.findings
    return loaded.flow
