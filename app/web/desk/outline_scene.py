"""What the outline is about to show: a definition, a place in it, what a form has brought back."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from flask import abort

from app.flow.difference.patch import FilePatch
from app.flow.edit import ABSENT, Place, find
from app.flow.findings import Finding
from app.flow.lint import judged
from app.flow.lint.scene import Scene as Linted
from app.flow.lint.words import needs
from app.flow.loader import FLOW, Loaded
from app.flow.outline.boxes import Box
from app.flow.outline.places import address
from app.flow.outline.things import SECTIONS, Thing, new_thing, offered, thing_at
from app.flow.outline.words import TextBox, keys, own_keys
from app.flow.source import Source, Unreadable, read
from app.flow.translated import Wording, wording
from app.runner import named
from app.runner.drafting.drafts import NoDraft, draft_of
from app.runner.named import Definition
from app.runner.staff.who import Staff
from app.web.desk.definitions import meant
from app.web.desk.draft_findings import findings_in
from app.web.house import house

#: What stands for the name of a thing that has none yet; no name can be so.
UNNAMED = "-"


@dataclass(frozen=True)
class Scene:
    """A definition and a place in it; `source` is flow.yaml, `there` its words, None if unreadable."""

    staff: Staff
    of: Definition
    place: Place
    source: Source
    loaded: Loaded
    there: Wording | None

    @property
    def flow(self) -> Any:
        """What flow.yaml says."""
        return self.source.data

    @property
    def edits(self) -> bool:
        """Whether this reader may change it."""
        return self.of.is_draft and "analyst" in self.staff.roles

    @property
    def at(self) -> str:
        """The place as an address says it."""
        return address(self.place)

    @property
    def thing(self) -> Thing | None:
        """What stands at the place."""
        return thing_at(self.flow, self.place, house().catalogue)

    @property
    def container(self) -> str | None:
        """The section whose things are listed here, `transitions` for ways on of a state."""
        if len(self.place) == 1 and self.place[0] in SECTIONS:
            return str(self.place[0])
        if len(self.place) == 3 and self.place[0] == "states" and self.place[2] == "transitions":
            return "transitions" if find(self.flow, self.place[:2]) is not ABSENT else None
        return None

    def new(self, name: str, chosen: str) -> Thing | None:
        """A thing that would be added here; None where nothing can be, or there is no such sort of it."""
        section = self.container
        if section is None or chosen not in (set(offered(section, house().catalogue)) or {""}):
            return None
        part = f"#{name}" if section in {"transitions", "everywhere"} else name
        return new_thing((*self.place, part), chosen or None, house().catalogue)


@dataclass(frozen=True)
class Changes:
    """What an edit does: sentences for people, None where one of the sides does not load; lines of files."""

    sentences: Sequence[str] | None
    patches: Sequence[FilePatch]


@dataclass(frozen=True)
class Form:
    """What came back: boxes and texts as typed, what else is wrong, what it would change if it were saved.

    `by` are those who changed the draft meanwhile; `lost` what was typed for keys that are there no more.
    """

    boxes: Sequence[Box]
    texts: Mapping[str, Sequence[TextBox]] = field(default_factory=dict)
    name: str = ""
    problem: str = ""
    by: tuple[str, ...] = ()
    lost: Sequence[tuple[str, str]] = ()
    change: "Changes | None" = None

    @property
    def wrong(self) -> bool:
        """Whether something stands in the way of saving it."""
        boxes = any(box.problem or box.clashes for box in self.boxes)
        texts = any(box.problem or box.clashes for each in self.texts.values() for box in each)
        return bool(boxes or texts or self.problem or self.lost)

    @property
    def clashes(self) -> bool:
        """Whether somebody else was quicker."""
        boxes = any(box.clashes for box in self.boxes)
        return boxes or any(box.clashes for each in self.texts.values() for box in each)


def scene_of(staff: Staff, flow: str, place: Place) -> Scene | Finding:
    """The scene that the address means, or why its flow.yaml cannot be read; 404 where there is none."""
    return scene_in(staff, meant(flow), place)


def scene_in(staff: Staff, of: Definition, place: Place) -> Scene | Finding:
    """The same of a definition at hand."""
    if FLOW not in of.files:
        abort(404)
    try:
        source = read(of.files[FLOW], f"workflows/{of.name}/{FLOW}")
    except Unreadable as unreadable:
        return unreadable.finding
    loaded = named.loaded_files(house(), of.name, of.files)
    try:
        there = wording(of.files, f"workflows/{of.name}") if isinstance(source.data, dict) else None
    except (Unreadable, IndexError):
        there = None
    return Scene(staff, of, place, source, loaded, there if there and there.languages else None)


def text_keys(scene: Scene, thing: Thing) -> list[str]:
    """The keys of the texts that belong to the thing."""
    if scene.there is None:
        return []
    if thing.value is ABSENT:
        return own_keys(thing, house().catalogue)
    return keys(thing, scene.there, house().catalogue, _needed(scene))


def _needed(scene: Scene) -> list[str]:
    if scene.loaded.flow is None:
        return []
    linted = Linted(scene.loaded.flow, house().catalogue, scene.loaded.sources)
    return list(dict.fromkeys(need.key for need in needs(linted)))


def findings(scene: Scene) -> list[Finding]:
    """What is wrong with the definition, grammar or lint."""
    if scene.of.is_draft:
        try:
            return list(findings_in(scene.of.name, draft_of(house(), scene.of.name).files))
        except NoDraft:
            return []  # it went live in this very moment
    if scene.loaded.flow is None:
        return list(scene.loaded.findings)
    today = house().clock().date()
    return judged(scene.loaded.flow, house().catalogue, scene.loaded.sources, today=today)
