"""What stands beside a thing of the outline: who uses it, who stands there, what is wrong with it."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from flask import g, request, url_for

from app.flow.difference.change import Change
from app.flow.difference.differences import differences
from app.flow.difference.patch import patches
from app.flow.difference.wording import sentence
from app.flow.edit import ABSENT, Place, Use, find, uses
from app.flow.edit.model import numbered
from app.flow.findings import Finding
from app.flow.outline.places import address, name_of, section_of
from app.flow.outline.things import sort_at
from app.flow.outline.tree import Branch, tree
from app.flow.translated import TRANSLATED
from app.runner import named
from app.runner.drafting.drafts import NoDraft, draft_of
from app.runner.drafting.patches import Unpatchable
from app.runner.drafting.saving import at
from app.runner.named import loaded_files
from app.store import run_search
from app.web.desk import outline_words
from app.web.desk.definitions import address_if_there
from app.web.desk.numbers import number
from app.web.desk.outline_scene import Changes, Scene
from app.web.house import house


@dataclass(frozen=True)
class UsedBy:
    """Where the thing is named: in words, and the way there."""

    words: str
    file: str
    url: str | None
    own: bool


@dataclass(frozen=True)
class Standing:
    """How many people stand here now, on which version."""

    number: int
    people: int


def used_by(scene: Scene) -> list[UsedBy]:
    """Who names the thing, itself left out."""
    if len(scene.place) < 2 or isinstance(scene.place[-1], int):
        return []
    found = uses(scene.of.files, section_of(scene.place), name_of(scene.place), house().catalogue)
    return [told(scene, use) for use in found if use.file != TRANSLATED and not _inside(use, scene.place)]


def _inside(use: Use, place: Place) -> bool:
    return use.file == "flow.yaml" and use.place[: len(place)] == place


def told(scene: Scene, use: Use) -> UsedBy:
    """One use in the reader's language."""
    way_to = _way_to(scene, use.file, use.place, use.line)
    words = outline_words.phrase(use.words)
    if use.file == "flow.yaml":
        words = outline_words.place(use.place, thing_around(use.place))
    return UsedBy(words, use.file, way_to, use.own)


def _way_to(scene: Scene, file: str, place: Place, line: int) -> str | None:
    if file == "flow.yaml":
        return url_for("desk.flow", flow=scene.of.name, of=scene.of.which, at=address(thing_around(place)))
    if file.startswith("texts."):
        key = ".".join(map(str, place))
        return url_for("desk.flow_texts", flow=scene.of.name, of=scene.of.which, find=key)
    there = address_if_there("desk.flow_yaml", flow=scene.of.name, of=scene.of.which, file=file, line=line)
    return f"{there}#line" if there else None


def thing_around(place: Place) -> Place:
    """The thing of the outline in which the place is."""
    return next((place[:end] for end in (4, 2) if len(place) >= end and sort_at(place[:end])), ())


def states_of(scene: Scene) -> set[str]:
    """The states whose pages the thing is about: it is one, leads away from one, or is named by one."""
    if scene.place[:1] == ("states",):
        return {str(each) for each in scene.place[1:2]}
    if len(scene.place) < 2 or scene.place[0] not in {"fields", "codes", "links", "guards"}:
        return set()
    found = uses(scene.of.files, section_of(scene.place), name_of(scene.place), house().catalogue)
    return {str(use.place[1]) for use in found if use.file == "flow.yaml" and use.place[:1] == ("states",)}


def standing(scene: Scene) -> list[Standing]:
    """The people who stand on these pages now; they stay on their version whatever is saved."""
    wanted = states_of(scene)
    if not wanted:
        return []
    found = []
    with house().database.read() as connection:
        for version, _, _ in list(run_search.under_way(connection, scene.of.name)):
            asked = {"flow": scene.of.name, "number": version, "open": True}
            people = sum(
                many for state, many in run_search.standing(connection, asked).items() if state in wanted
            )
            if people:
                found.append(Standing(version, people))
    return found


def against_live(scene: Scene) -> list[str] | None:
    """What the draft changes here so far, in words; None where there is nothing to compare."""
    if not scene.of.is_draft or scene.loaded.flow is None:
        return None
    try:
        live = named.definition(house(), scene.of.name, named.LIVE).flow
    except named.NotThere:
        return None
    if live is None:
        return None
    found = differences(live, scene.loaded.flow)
    return list(dict.fromkeys(sentence(each, g.lang) for each in found if _is_here(each, scene.place)))


def _is_here(change: Change, place: Place) -> bool:
    if not place:
        return change.subject[0] == "flow"
    if len(place) == 4:
        return change.path[:4] == (*place[:3], name_of(place))
    if len(place) == 2:
        return change.subject == (place[0], name_of(place)) or change.path[:2] == (place[0], name_of(place))
    return change.path[:1] == place[:1]


def changes(scene: Scene, before: Mapping[str, str], after: Mapping[str, str]) -> Changes:
    """What became of the files, for people and line by line."""
    old, new = (loaded_files(house(), scene.of.name, files).flow for files in (before, after))
    told = None if old is None or new is None else [sentence(each, g.lang) for each in differences(old, new)]
    return Changes(None if told is None else list(dict.fromkeys(told)), patches(before, after))


def saved(scene: Scene) -> Changes | None:
    """What the edit did that the address names with `saved=`; None where it names none of this draft."""
    revision = number(request.args.get("saved"))
    if not revision or not scene.of.is_draft:
        return None
    try:
        draft = draft_of(house(), scene.of.name)
        if revision > draft.revision:
            return None
        return changes(scene, at(house(), draft, revision - 1), at(house(), draft, revision))
    except (NoDraft, Unpatchable):
        return None


def placed(scene: Scene, found: Sequence[Finding]) -> list[tuple[Place, Finding]]:
    """Each finding with the thing it is about."""
    lines = sorted(_lines(scene, tree(scene.flow)))
    return [(_place_of(scene, each, lines), each) for each in found]


def _lines(scene: Scene, branches: Sequence[Branch]) -> Iterator[tuple[int, Place]]:
    for branch in branches:
        if find(scene.flow, (branch.section,)) is not ABSENT:
            yield scene.source.mark((branch.section,), key=True)[0], (branch.section,)
        for node in branch.nodes:
            for each in (node, *node.inner):
                yield scene.source.mark(numbered(scene.flow, each.place), key=True)[0], each.place


def _place_of(scene: Scene, found: Finding, lines: Sequence[tuple[int, Place]]) -> Place:
    file = found.path.rpartition("/")[2]
    if file == "flow.yaml":
        before = [place for line, place in lines if line <= found.line]
        return before[-1] if before else ()
    section, _, rest = found.id.partition(".")
    name = rest.partition(".")[0]
    if section == "messages":
        section = next((each for each in ("codes", "links", "notices") if _is_there(scene, each, name)), "")
    return (section, name) if file.startswith("texts.") and _is_there(scene, section, name) else ()


def _is_there(scene: Scene, section: str, name: str) -> bool:
    return section in {"states", "fields", "codes", "links", "notices"} and (
        find(scene.flow, (section, name)) is not ABSENT
    )
