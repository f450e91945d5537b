"""A draft as the definition of a sandbox, and a walk there kept among the draft's scenarios."""

from collections.abc import Mapping
from pathlib import Path

from app.flow.edit import AddFile, Edit, Insert
from app.flow.loader import definition_files
from app.flow.source import read
from app.runner.drafting.drafts import NoDraft, draft_of
from app.runner.house import House
from app.sandbox.making import NoSuchVersion, Wanted, people_of
from app.scenarios.read import FILE

_MOST_SAME = 100  # scenarios of one name


def wanted_draft(house: House, workflows: Path, name: str) -> Wanted:
    """The draft of a flow as it stands now; its people are the folder's, or those its scenarios speak of.

    Raises NoSuchVersion where there is no draft.
    """
    try:
        draft = draft_of(house, name)
    except NoDraft:
        raise NoSuchVersion(f"{name} draft") from None
    return Wanted(
        name,
        0,
        files=definition_files(draft.files),
        people=people_of(workflows / name),
        scenarios=draft.files.get(FILE, ""),
    )


def kept_as(files: Mapping[str, str], told: str) -> tuple[str, list[Edit]]:
    """The name under which a scenario comes into a draft, and the edits that put it there.

    `told` is the text of one scenario as a file of its own. Raises Unreadable where the draft's own
    scenarios are no YAML.
    """
    (entry,) = read(told, FILE).data
    if FILE not in files:
        return entry["name"], [AddFile(FILE, told)]
    data = read(files[FILE], FILE).data
    taken = {each.get("name") for each in data if isinstance(each, dict)} if isinstance(data, list) else set()
    tries = (f"{entry['name']} ({number})" for number in range(2, _MOST_SAME))
    name = next(each for each in (entry["name"], *tries) if each not in taken)
    return name, [Insert(FILE, (f"#{name}",), {**entry, "name": name})]
