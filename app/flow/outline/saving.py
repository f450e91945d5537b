"""What was typed into a form as edits of flow.yaml, and where somebody else was quicker."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from app.flow.catalogue import Catalogue
from app.flow.edit import ABSENT, FIRST, Edit, Insert, Place, Remove, SetValue, find
from app.flow.edit.edits import Inside
from app.flow.edit.model import edited
from app.flow.loader import FLOW
from app.flow.outline.boxes import Box, alike, box_of, shown
from app.flow.outline.controls import Control, controls
from app.flow.outline.things import CHOSEN_BY, Thing, new_thing, offered, thing_of
from app.flow.outline.typed import Posted, typed_box


def typed(
    flow: Any, thing: Thing, catalogue: Catalogue, posted: Posted, doing: tuple[str, str, int] | None = None
) -> list[Box]:
    """Every box of the thing, as typed where the form had it. Raises NotOurForm.

    `doing` is a button of rows: what it asks for, the name of the box, the row.
    """
    found = []
    for control in controls(flow, thing, catalogue):
        act = (doing[0], doing[2]) if doing and doing[1] == "/".join(control.path) else None
        box = typed_box(control, posted, act)
        found.append(box_of(control) if box is None else _beside_others(box, control))
    return found


def _beside_others(box: Box, control: Control) -> Box:
    """What was typed, held against what stands there now; what was not touched is shown as it is now."""
    if not box.changed:
        return box_of(control)
    if alike(box.seen, control.value):
        return box
    if alike(box.value, control.value):
        return box_of(control)  # somebody else did the same
    both = _both(box.seen, box.value, control.value)
    if both is not None:
        return replace(box, value=both, raw=shown(control, both), seen=control.value)
    return replace(box, clashes=True, theirs=control.value, seen=control.value)


def _both(seen: Any, mine: Any, theirs: Any) -> dict[str, Any] | None:
    """Both sides' changes of a mapping, where they are of different keys."""
    if not isinstance(seen, dict) or not isinstance(mine, dict) or not isinstance(theirs, dict):
        return None
    made = dict(theirs)
    for key in dict.fromkeys([*seen, *mine]):
        before, now, there = (each.get(key, ABSENT) for each in (seen, mine, theirs))
        if alike(before, now) or alike(now, there):
            continue
        if not alike(before, there):
            return None
        made.pop(key, None) if now is ABSENT else made.update({key: now})
    return made


def edits(flow: Any, thing: Thing, boxes: Sequence[Box], catalogue: Catalogue) -> list[Edit]:
    """The edits that make what was typed of the thing: only keys that were changed."""
    found: list[Inside] = []
    order = _order(thing)
    for box in boxes:
        if box.changed:
            at = (*thing.place, *box.control.path)
            edit = _edit(flow, at, box.value, len(thing.place), order)
            found.append(edit)
            flow = edited(flow, edit)
    for edit in _out_of_place(flow, thing, catalogue):
        found.append(edit)
        flow = edited(flow, edit)
    return list(found)


def added(thing: Thing, boxes: Sequence[Box], given: Mapping[str, Any]) -> Any:
    """What a new thing says: what the section needs of it, and what was typed."""
    value: Any = dict(given)
    for box in boxes:
        if box.value is not ABSENT:
            value = edited(value, _edit(value, box.control.path, box.value, 0, _order(thing)))
    return value


def _edit(data: Any, at: Place, value: Any, depth: int, order: Sequence[str]) -> Inside:
    there = find(data, at)
    if value is ABSENT:
        return Remove(FLOW, at, there)
    if there is not ABSENT:
        return SetValue(FLOW, at, value, there)
    end = len(at)
    while end > depth + 1 and find(data, at[: end - 1]) is ABSENT:
        end -= 1
        value = {at[end]: value}
    return Insert(FLOW, at[:end], value, _behind(find(data, at[: end - 1]), at[end - 1], order))


def _behind(parent: Any, key: str | int, order: Sequence[str]) -> str | int | None:
    """The sibling after which a new key goes, in the order of the grammar."""
    if not isinstance(parent, dict) or key not in order or not parent:
        return None
    before = [each for each in order[: order.index(str(key))] if each in parent]
    return before[-1] if before else FIRST


def _order(thing: Thing) -> list[str]:
    keys = [key for part in thing.parts for key in part.path]
    options = [part.path[0] for part in thing.parts if part.model.__name__.endswith("Options")]
    own = [key for key in dict.fromkeys(keys) if key not in options]
    if chosen := CHOSEN_BY.get(thing.sort):
        # As flows are written: what it is and its options first, where it leads last.
        return [chosen, *options, *(key for key in own if key != chosen), "transitions"]
    return ["id", *own]


def _out_of_place(flow: Any, thing: Thing, catalogue: Catalogue) -> list[Inside]:
    """Options of the kind or type before, which the one chosen now does not know."""
    key = CHOSEN_BY.get(thing.sort)
    value = find(flow, thing.place)
    chosen = value.get(key) if key and isinstance(value, dict) else None
    if chosen == thing.chosen or chosen not in offered(thing.sort, catalogue):
        return []
    now = new_thing(thing.place, str(chosen), catalogue)
    before = thing_of(thing.sort, thing.place, value, thing.chosen, catalogue)
    assert now is not None
    known = {part.path[0] for part in now.parts}
    gone = dict.fromkeys(part.path[0] for part in before.parts if part.path[0] not in known)
    return [Remove(FLOW, (*thing.place, each), value[each]) for each in gone if each in value]
