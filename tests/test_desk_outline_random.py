"""A thousand edits by forms, as whole texts and on the diagram: the text and a model beside it never part."""

import random
import shutil
from collections.abc import Iterator
from copy import deepcopy
from dataclasses import dataclass, field
from datetime import date
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app import wiring
from app.flow.edit import ABSENT, Edit, find
from app.flow.outline.boxes import BELOW
from app.flow.outline.controls import Control, controls
from app.flow.outline.saving import edits, typed
from app.flow.outline.things import thing_at
from app.flow.outline.tree import tree
from app.flow.source import read
from app.flow.starters import started
from app.runner.drafting import diagram_edits
from app.runner.drafting.changing import change, save_file
from app.runner.drafting.drafts import draft_of, start_draft
from app.runner.drafting.saving import Saved
from app.runner.drafting.undoing import redo, undo
from app.runner.house import House
from tests.conftest import Clock, settings_for
from tests.drafting import ANNA, BELA
from tests.outlined import posted

FILE = "flow.yaml"
STEPS, EXAMPLES = 50, 20


@pytest.fixture(scope="module")
def one_house(demo_var: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    var = tmp_path_factory.mktemp("random") / "var"
    shutil.copytree(demo_var, var)
    opened = wiring.open_house(settings_for(var), Clock())
    yield opened
    opened.database.close()


@dataclass
class Desk:
    """Two analysts at one draft, and what it should say, kept beside it; chance is the example's own."""

    house: House
    flow: str
    chance: random.Random
    first: str
    model: Any = None
    done: list[tuple[Any, Any, Any, str]] = field(default_factory=list)
    undone: list[tuple[Any, Any, Any, str]] = field(default_factory=list)
    told: list[str] = field(default_factory=list)

    @property
    def text(self) -> str:
        return draft_of(self.house, self.flow).files[FILE]

    def settled(self, staff: Any, saved: Any, model: Any) -> None:
        """After an edit: the draft read anew says what the model says, in the bytes that were returned."""
        assert isinstance(saved, Saved), saved
        before, text = self.model, draft_of(self.house, self.flow).files
        assert dict(text) == dict(saved.draft.files)
        assert read(text[FILE], FILE).data == model, self.told[-1]
        if model != before or text[FILE] != self.latest:
            self.done.append((staff, before, model, text[FILE]))
            self.undone.clear()
        self.model = model

    @property
    def latest(self) -> str:
        return self.done[-1][3] if self.done else self.first

    def by_form(self, staff: Any) -> None:
        """One box of one thing, typed into and parsed as a post is."""
        data = read(self.text, FILE).data
        nodes = [each for branch in tree(data) for node in branch.nodes for each in (node, *node.inner)]
        place = self.chance.choice([(), *(each.place for each in nodes)])
        thing = thing_at(data, place, self.house.catalogue)
        assert thing is not None
        form = posted(data, thing, self.house.catalogue)
        control = self.chance.choice(controls(data, thing, self.house.catalogue))
        name = "/".join(control.path)
        model = deepcopy(self.model)
        value = self.type_into(control, form, name)
        if value is not None:
            put(model, (*place, *control.path), value)
        boxes = typed(data, thing, self.house.catalogue, lambda key: form.get(key, []))
        made = edits(data, thing, boxes, self.house.catalogue)
        if any(edit.at[-1] in {"kind", "type"} for edit in made if hasattr(edit, "at")):
            return  # options of another kind go with it, which is tested by itself
        self.told.append(f"form {place} {name} {value!r}")
        self.made(staff, made, model)

    def type_into(self, control: Control, form: dict[str, list[str]], name: str) -> Any:
        """Type something that the box can hold; what it says then, ABSENT for nothing, None for as it was."""
        ways = {
            "text": self.word,
            "date": self.word,
            "choice": self.word,
            "number": self.number,
            "tick": self.tick,
            "rows": self.rows,
            "conditions": self.conditions,
            "either": self.either,
            "yaml": self.yaml,
        }
        return ways[control.sort](control, form, f"v:{name}") if control.sort in ways else None

    def word(self, control: Control, form: dict[str, list[str]], box: str) -> Any:
        words = self.chance.choice(control.options or ("5 min", "a word", "x: y", "'", "yes", "007", ""))
        form[box] = [words]
        return words or ABSENT

    def number(self, _: Control, form: dict[str, list[str]], box: str) -> Any:
        number = self.chance.randint(-3, 900)
        form[box] = [str(number)]
        return number

    def tick(self, control: Control, form: dict[str, list[str]], box: str) -> Any:
        now = bool(control.usual) if control.value in (ABSENT, None) else bool(control.value)
        form[box] = [] if now else ["yes"]
        return ABSENT if (not now) is control.usual else not now

    def rows(self, control: Control, form: dict[str, list[str]], box: str) -> Any:
        offered = control.options or ("30 s", "2 min", "yes", "1 h")
        form[box] = self.chance.sample(offered, min(len(offered), self.chance.randint(0, 3)))
        return list(form[box]) or ABSENT

    def conditions(self, _: Control, form: dict[str, list[str]], box: str) -> Any:
        form[box] = ["address_takes_mail=no", "code_fits=yes"]
        return [{"address_takes_mail": "no"}, "code_fits"]

    def yaml(self, _: Control, form: dict[str, list[str]], box: str) -> Any:
        form[box] = ["one: [1, two]\nthree: {four: 'on'}"]
        return {"one": [1, "two"], "three": {"four": "on"}}

    def either(self, control: Control, form: dict[str, list[str]], box: str) -> Any:
        if self.chance.random() < 0.5:
            form[box] = ["locked"]
            return "locked"
        form[box] = [BELOW]
        inner = {each.key: each for each in control.inner}
        dest = self.chance.choice(inner["to"].options)
        form["v:" + "/".join(inner["to"].path)] = [dest]
        before = control.value if isinstance(control.value, dict) else {}
        return {**before, "to": dest}

    def as_text(self, staff: Any) -> None:
        """A whole file as somebody typed it: a comment more, a number another."""
        text = self.text
        model = deepcopy(self.model)
        way = self.chance.randrange(3)
        if way == 0:
            text += f"# seen {self.chance.randrange(1000)}\n"
        elif way == 1:
            text = text.replace("\n\n", f"\n\n# a word {self.chance.randrange(99)}\n\n", 1)
        else:
            name = f"word_{self.chance.randrange(10_000)}"
            if name in model["notices"] if "notices" in model else False:
                return
            if "notices" in model:
                text = text.replace("\nnotices:\n", f"\nnotices:\n  {name}: {{channel: mail}}\n", 1)
                model["notices"][name] = {"channel": "mail"}
            else:
                text += f"\nnotices:\n  {name}: {{channel: mail}}\n"
                model["notices"] = {name: {"channel": "mail"}}
        self.told.append(f"text {way}")
        revision = draft_of(self.house, self.flow).revision
        self.settled(staff, save_file(self.house, staff, self.flow, revision, FILE, text), model)

    def on_the_diagram(self, staff: Any) -> None:
        """A way led elsewhere, or a new one drawn."""
        files = draft_of(self.house, self.flow).files
        model = deepcopy(self.model)
        state = self.chance.choice(list(model["states"]))
        dest = self.chance.choice(list(model["states"]))
        ways = model["states"][state].get("transitions")
        if isinstance(ways, list) and ways and self.chance.random() < 0.5:
            way = self.chance.choice(ways)
            made = diagram_edits.re_aimed(files, state, way["id"], dest)
            way["dest"] = dest
        else:
            name = f"drawn_{self.chance.randrange(10_000)}"
            if any(way["id"] == name for way in ways or ()):
                return
            made = diagram_edits.added_way(files, state, "go_on", dest, name)
            new = {"id": name, "trigger": "go_on", "dest": dest}
            model["states"][state].setdefault("transitions", []).append(new)
        self.told.append(f"diagram {state} {dest}")
        self.made(staff, made, model)

    def made(self, staff: Any, made: list[Edit], model: Any) -> None:
        revision = draft_of(self.house, self.flow).revision
        self.settled(staff, change(self.house, staff, self.flow, made, revision), model)

    def back(self) -> None:
        """The newest edit is taken back by whoever made it: text and model are what they were."""
        if not self.done:
            return
        step = self.done.pop()
        saved = undo(self.house, step[0], self.flow)
        assert isinstance(saved, Saved)
        self.undone.append(step)
        self.model = step[1]
        assert self.text == self.latest == saved.draft.files[FILE]
        assert read(self.text, FILE).data == self.model

    def again(self) -> None:
        """What was taken back last is put back, and is there to the letter."""
        if not self.undone:
            return
        step = self.undone.pop()
        saved = redo(self.house, step[0], self.flow)
        assert isinstance(saved, Saved)
        self.done.append(step)
        self.model = step[2]
        assert self.text == step[3] == saved.draft.files[FILE]


def put(data: Any, place: tuple[Any, ...], value: Any) -> None:
    """Write into the model by hand, maps made where there are none; ABSENT takes away."""
    for part in place[:-1]:
        here = find(data, (part,))
        if here is ABSENT or here is None:
            if value is ABSENT:
                return
            data[part] = {}
            here = data[part]
        data = here
    if value is ABSENT:
        data.pop(place[-1], None)
    else:
        data[place[-1]] = value


def test_after_every_edit_the_draft_reads_as_the_model_kept_beside_it(one_house: House) -> None:
    flows = count(1)

    @settings(max_examples=EXAMPLES, deadline=None)
    @given(st.randoms(use_true_random=True))
    def edited_at_random(chance: random.Random) -> None:
        flow = f"flow_{next(flows)}"
        files = started("code", "greeting", ["en", "hu"], date(2026, 11, 22)).files
        start_draft(one_house, ANNA, flow, files)
        desk = Desk(one_house, flow, chance, files[FILE], read(files[FILE], FILE).data)
        acts = [desk.by_form] * 5 + [desk.as_text] + [desk.on_the_diagram] * 2
        for _ in range(STEPS):
            roll = chance.random()
            if roll < 0.15:
                desk.back()
            elif roll < 0.25:
                desk.again()
            else:
                chance.choice(acts)(chance.choice([ANNA, BELA]))

    edited_at_random()
