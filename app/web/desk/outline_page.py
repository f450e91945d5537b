"""The page of the outline: the tree at the left, the thing with its form, what is to be known of it."""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from flask import request, url_for
from pydantic import ValidationError
from werkzeug.wrappers import Response

from app.flow.definition import Transition
from app.flow.edit import Place, find
from app.flow.edit.model import parts
from app.flow.findings import Finding
from app.flow.outline import refer
from app.flow.outline.boxes import SAYS, as_yaml, box_of
from app.flow.outline.controls import controls
from app.flow.outline.places import address, name_of
from app.flow.outline.things import SECTIONS, Thing, offered
from app.flow.outline.tree import Branch, tree
from app.flow.outline.words import text_boxes
from app.flow.spec import TransitionSpec
from app.flow.text_places import shown_at
from app.runner.named import Definition
from app.runner.staff.who import Staff
from app.web.browser import LANGUAGES
from app.web.desk import outline_panel, outline_words, text_words, way_words
from app.web.desk.definitions import address_if_there, choices
from app.web.desk.finding_words import Said, said
from app.web.desk.flow_tabs import tabs_of
from app.web.desk.frame import desk_page
from app.web.desk.outline_scene import UNNAMED, Form, Scene, findings, text_keys
from app.web.house import house


@dataclass(frozen=True)
class WayRow:
    """A way on as the page of its state lists it: a sentence where it can be read, else its YAML."""

    at: str
    name: str
    way: Transition | None
    otherwise: bool
    written: str


def unreadable(staff: Staff, of: Definition, found: Finding) -> Response:
    """The page of a flow.yaml that is no YAML: where, and what to do."""
    return desk_page(
        "desk/flow_outline_unreadable.html",
        flow_name=of.name,
        tabs=tabs_of(staff, of.name),
        of=of,
        choices=choices(of),
        finding=said([found])[0],
        line=found.line,
        files_url=address_if_there("desk.flow_yaml", flow=of.name, file="flow.yaml", line=found.line),
    )


def outline(scene: Scene, status: int = 200, form: Form | None = None, **more: Any) -> Response:
    """The page; with `form` as it came back."""
    found = outline_panel.placed(scene, findings(scene))
    branches = tree(scene.flow)
    thing = scene.thing
    adding = request.args.get("add") if scene.edits and scene.container else None
    new = scene.new(UNNAMED, adding or "") if adding is not None else None
    shown = new or thing
    return desk_page(
        "desk/flow_outline.html",
        status if shown or scene.container or form else 404,
        flow_name=scene.of.name,
        tabs=tabs_of(scene.staff, scene.of.name),
        of=scene.of,
        choices=choices(scene.of),
        scene=scene,
        thing=thing,
        new=new,
        adding=adding,
        form=form or (_form(scene, shown) if shown else None),
        branches=branches,
        goes=[name for name, _ in _goes(branches)],
        marks=_marks(found),
        here=[*_here(scene, found)],
        offered=list(offered(scene.container or "", house().catalogue).values()) if scene.edits else [],
        entry=offered(shown.sort, house().catalogue).get(shown.chosen or "") if shown else None,
        ways_on=_ways(scene) if thing and thing.sort == "states" else [],
        conditions=_conditions(scene, shown) if shown else [],
        saved=outline_panel.saved(scene) if form is None else None,
        words=outline_words,
        way_words=way_words,
        text_words=text_words,
        shown_at=shown_at,
        names=LANGUAGES,
        panel=outline_panel,
        at=_link(scene),
        sections=SECTIONS,
        **{"asked": _asked(scene), "touched": None, "missed": "", **more},
    )


def _asked(scene: Scene) -> str:
    """What the address asks besides: to rename the thing, to take it away."""
    wanted = request.args.get("do", "")
    return wanted if wanted in {"rename", "remove", "copy"} and scene.edits and scene.thing else ""


def _link(scene: Scene) -> Callable[..., str]:
    def link(place: Place | str, **more: Any) -> str:
        where = place if isinstance(place, str) else address(place)
        which = None if scene.of.is_draft else scene.of.which
        return url_for("desk.flow", flow=scene.of.name, of=which, at=where, **more)

    return link


def _form(scene: Scene, thing: Thing) -> Form:
    boxes = [box_of(control) for control in controls(scene.flow, thing, house().catalogue)]
    return Form(boxes, text_boxes(scene.there, text_keys(scene, thing)) if scene.there else {})


def _goes(branches: Sequence[Branch]) -> list[tuple[str, str]]:
    """What can be gone to by name: things, and ways as `state.id`."""
    found = []
    for branch in branches:
        for node in branch.nodes:
            found.append((node.name, node.at))
            found += [(f"{node.name}.{each.name}", each.at) for each in node.inner]
    return found


def going(scene: Scene, word: str) -> str | None:
    """The address of the thing of this name, the pages first; None where there is none."""
    wanted = word.strip().casefold()
    names = [(name.casefold(), at) for name, at in _goes(tree(scene.flow))]
    exact = [at for name, at in names if name == wanted]
    begins = [at for name, at in names if wanted and name.startswith(wanted)]
    return next(iter([*exact, *begins]), None)


def _marks(found: Sequence[tuple[Place, Finding]]) -> Counter[str]:
    """How many findings stand in the way, by address; those of ways count for their state as well."""
    counted: Counter[str] = Counter()
    for place, each in found:
        if each.blocks:
            counted[address(place)] += 1
            if len(place) == 4:
                counted[address(place[:2])] += 1
    return counted


def _here(scene: Scene, found: Sequence[tuple[Place, Finding]]) -> list[Said]:
    deep = len(scene.place)
    return said(
        [each for place, each in found if (place[:deep] == scene.place if deep > 1 else place == scene.place)]
    )


def _ways(scene: Scene) -> list[WayRow]:
    here = (*scene.place, "transitions")
    ways = find(scene.flow, here)
    if not isinstance(ways, list):
        return []
    rows: list[WayRow] = []
    met: set[str] = set()
    for part, value in zip(parts(ways, root=False), ways, strict=True):
        way = _compiled(name_of(scene.place), value)
        place = (*here, part)
        rows.append(
            WayRow(address(place), name_of(place), way, bool(way and way.trigger in met), as_yaml(value))
        )
        met |= {way.trigger} if way else set()
    return rows


def _compiled(state: str, value: Any) -> Transition | None:
    try:
        return Transition.compile(state, TransitionSpec.model_validate(value))
    except ValidationError:
        return None


def _conditions(scene: Scene, thing: Thing) -> list[tuple[str, list[tuple[str, str]]]]:
    """Every guard with its answers, for the rows of conditions."""
    if thing.sort not in {"transitions", "everywhere"}:
        return []
    fields = find(scene.flow, (*thing.place[:2], "fields"))
    asked = [str(each) for each in fields] if isinstance(fields, list) else []
    catalogue = house().catalogue
    return [
        (
            guard,
            [
                (f"{guard}{SAYS}{answer}", way_words.answer(answer))
                for answer in refer.answers(scene.flow, guard, asked, catalogue)
            ],
        )
        for guard in refer.names_in(scene.flow, "guards", catalogue)
    ]
