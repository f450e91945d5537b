"""Which definition is meant: `live`, `draft` or a version's number."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from app.flow.definition import Flow
from app.flow.findings import Finding
from app.flow.loader import Loaded, definition_files, load
from app.runner.drafting.drafts import NoDraft, draft_of
from app.runner.house import House
from app.store import releases, versions

LIVE, DRAFT = "live", "draft"


class NotThere(Exception):
    """There is no such version, no such flow, or no draft of it."""


@dataclass(frozen=True)
class Definition:
    """A definition as it was asked for: `flow` is None where it does not load, then `findings` say why.

    `number` is the version's, None for a draft; `revision` the draft's, None for a version.
    """

    name: str
    which: str
    number: int | None
    digest: str
    files: Mapping[str, str] = field(repr=False)
    flow: Flow | None
    findings: tuple[Finding, ...] = ()
    revision: int | None = None

    @property
    def is_draft(self) -> bool:
        """Whether this is what analysts are working on."""
        return self.which == DRAFT


def definition(house: House, name: str, which: str = LIVE) -> Definition:
    """The definition of flow `name` that `which` names, scenarios and rules with it; raises NotThere."""
    if which == DRAFT:
        try:
            draft = draft_of(house, name)
        except NoDraft:
            raise NotThere(f"{name} {which}") from None
        loaded = loaded_files(house, name, draft.files)
        return Definition(
            name,
            DRAFT,
            None,
            draft.digest,
            draft.files,
            loaded.flow,
            tuple(loaded.findings),
            draft.revision,
        )
    return _version(house, name, which)


def usual(house: House, name: str) -> str:
    """What an analyst means who says nothing: the draft where there is one, else what is live."""
    try:
        draft_of(house, name)
    except NoDraft:
        return LIVE
    return DRAFT


def _version(house: House, name: str, which: str) -> Definition:
    wanted = int(which) if which.isdecimal() and len(which) < 9 else None
    if wanted is None and which != LIVE:
        raise NotThere(f"{name} {which}")
    with house.database.read() as connection:
        found = (
            versions.live(connection, name) if wanted is None else versions.numbered(connection, name, wanted)
        )
        content = versions.content(connection, found.digest) if found else None
        beside = releases.beside(connection, house.vault, name, found.number) if found else None
    if found is None or content is None:
        raise NotThere(f"{name} {which}")
    loaded = load(content, house.catalogue, root=f"workflows/{name}", number=found.number)
    return Definition(
        name,
        which,
        found.number,
        found.digest,
        {**content, **(beside or {})},
        loaded.flow,
        tuple(loaded.findings),
    )


def loaded_files(house: House, name: str, files: Mapping[str, str]) -> Loaded:
    """A draft's files as a flow, or what hinders that; findings name them as they would lie on disk."""
    return load(definition_files(files), house.catalogue, root=f"workflows/{name}")
