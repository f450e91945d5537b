"""What is done on the diagram, as edits: ways led elsewhere, put in, moved, taken away; states put in.

Each is made from the files as their author saw them, so that it does not fit where somebody has changed the
very thing meanwhile. A way is named by the state it starts in, or `everywhere`, and by its id.
"""

from collections.abc import Mapping
from copy import deepcopy
from dataclasses import dataclass, replace
from typing import Any, Literal

from app.flow.catalogue import Catalogue
from app.flow.diagram import EVERYWHERE
from app.flow.edit import ABSENT, FIRST, Edit, Insert, Move, Place, SetValue, find, remove_everywhere
from app.flow.edit.model import parts
from app.flow.loader import FLOW
from app.flow.source import Unreadable, read
from app.flow.text_edits import edits_for
from app.flow.translated import wording
from app.flow.wording import TextChange

Files = Mapping[str, str]

#: The kinds of states that need nothing but a title, so that one can be put there by its name alone.
PLAIN_KINDS = ("message", "form", "success")


@dataclass(frozen=True)
class NewState:
    """A state to be put there: of one of PLAIN_KINDS, leading on to `dest`, without it an end.

    `title` and `button`, what people press to go on, are in the flow's source language.
    """

    name: str
    kind: str
    title: str = ""
    dest: str = ""
    button: str = ""


#: The trigger of the way on from a state that was just put there.
GO_ON = "go_on"


def re_aimed(files: Files, state: str, way: str, dest: str) -> list[Edit]:
    """The way leads to `dest` from now on."""
    place = (*_way(state, way), "dest")
    return [SetValue(FLOW, place, dest, find(_said(files), place))]


def moved(files: Files, state: str, way: str, to: Literal["earlier", "later"]) -> list[Edit]:
    """The way is tried before the one before it, or after the one after it, of the same trigger.

    Nothing where there is none.
    """
    ways = _ways(files, state)
    ids = [_id(each) for each in ways]
    if way not in ids:
        return [Move(FLOW, _way(state, way))]  # which does not fit any more
    mine = ids.index(way)
    alike = [number for number, each in enumerate(ways) if each.get("trigger") == ways[mine].get("trigger")]
    beside = alike.index(mine) + (1 if to == "later" else -1)
    if not 0 <= beside < len(alike):
        return []
    behind = alike[beside] if to == "later" else alike[beside] - 1
    names = parts(ways, root=False)
    return [Move(FLOW, _way(state, way), names[behind] if behind >= 0 else FIRST)]


def removed_way(files: Files, state: str, way: str, catalogue: Catalogue) -> list[Edit]:
    """The way is gone. Raises DoesNotFit where something besides names it, with the uses."""
    section = EVERYWHERE if state == EVERYWHERE else f"states.{state}.transitions"
    return remove_everywhere(files, section, way, catalogue)


def added_way(
    files: Files, state: str, trigger: str, dest: str, name: str = "", condition: str = "", button: str = ""
) -> list[Edit]:
    """A way from the state to `dest`; its id is `name`, or one that nothing there has yet.

    With a condition, the name of a guard that says yes, it is tried before the first of its trigger that
    always fits: behind that one it would never be taken. `button` are the words people press, in the flow's
    source language.
    """
    made: dict[str, Any] = {"id": name or proposed_id(files, state, dest), "trigger": trigger, "dest": dest}
    if condition:
        made["conditions"] = [condition]
    words = _worded(files, {f"states.{state}.buttons.{trigger}": button})
    if find(_said(files), _list(state)) is ABSENT:
        return [SetValue(FLOW, _list(state), [made], ABSENT), *words]
    after = _behind(files, state, trigger) if condition else None
    return [Insert(FLOW, _way(state, made["id"]), made, after), *words]


def begun_at(files: Files, state: str) -> list[Edit]:
    """Runs begin in the state from now on."""
    return [SetValue(FLOW, ("initial",), state, find(_said(files), ("initial",)))]


def added_state(files: Files, after: str, made: NewState, trigger: str) -> list[Edit]:
    """A state behind `after` in the file, and a way to it from there."""
    return [
        Insert(FLOW, ("states", made.name), _value(after, made), after),
        *added_way(files, after, trigger, made.name),
        *_titled(files, made),
    ]


def put_between(files: Files, state: str, way: str, made: NewState) -> list[Edit]:
    """A new state on a way: the way leads there, and people go on from there to where it led."""
    dest = find(_said(files), (*_way(state, way), "dest"))
    if dest is ABSENT:
        return re_aimed(files, state, way, made.name)  # which does not fit any more
    made = replace(made, dest=str(dest))
    return [
        Insert(FLOW, ("states", made.name), _value(state, made), state if state != EVERYWHERE else None),
        *re_aimed(files, state, way, made.name),
        *_titled(files, made),
    ]


def proposed_id(files: Files, state: str, dest: str) -> str:
    """An id for a way to `dest` that no way from the state, nor one from everywhere, has."""
    taken = {_id(each) for place in (state, EVERYWHERE) for each in _ways(files, place)}
    numbered = (f"{dest}_{number}" for number in range(2, len(taken) + 3))
    return next(each for each in (dest, *numbered) if each not in taken)


def _value(before: str, made: NewState) -> dict[str, Any]:
    if not made.dest:
        return {"kind": made.kind, "end": "success"}
    back: Any = "locked" if before == EVERYWHERE else {"to": before}
    way = {"id": made.dest, "trigger": _on(made), "dest": made.dest}
    return {"kind": made.kind, "back": back, "transitions": [way]}


def _on(made: NewState) -> str:
    return "submit" if made.kind == "form" else GO_ON


def _titled(files: Files, made: NewState) -> list[Edit]:
    words = {f"states.{made.name}.title": made.title}
    if made.dest:
        words[f"states.{made.name}.buttons.{_on(made)}"] = made.button
    return _worded(files, words)


def _worded(files: Files, words: Mapping[str, str]) -> list[Edit]:
    """Words in the source language, as far as there are any; translations are written by people.

    Nothing where the texts cannot be read: then lint says what is missing.
    """
    try:
        there = wording(files)
        was = there.words(there.source)
        changes = [
            TextChange(there.source, key, text, was.get(key)) for key, text in words.items() if text.strip()
        ]
        return edits_for(files, changes)
    except Unreadable:
        return []


def _behind(files: Files, state: str, trigger: str) -> str | int | None:
    """Where a way with a condition goes: before the first of its trigger without; else at the end."""
    ways = _ways(files, state)
    always = [
        number
        for number, each in enumerate(ways)
        if each.get("trigger") == trigger and not each.get("conditions") and not each.get("unless")
    ]
    if not always:
        return None
    return FIRST if always[0] == 0 else parts(ways, root=False)[always[0] - 1]


def _way(state: str, way: str) -> Place:
    return (*_list(state), f"#{way}")


def _list(state: str) -> Place:
    return (EVERYWHERE,) if state == EVERYWHERE else ("states", state, "transitions")


def _ways(files: Files, state: str) -> list[dict[str, Any]]:
    """The ways as they are written; what is written there is not always what should be."""
    found = find(_said(files), _list(state))
    return [each for each in found if isinstance(each, dict)] if isinstance(found, list) else []


def _id(way: Mapping[str, Any]) -> str:
    return str(way.get("id", ""))


def _said(files: Files) -> Any:
    """What flow.yaml says; nothing where it cannot be read: no edit fits then."""
    try:
        return deepcopy(read(files.get(FLOW, ""), FLOW).data)
    except Unreadable:
        return None
