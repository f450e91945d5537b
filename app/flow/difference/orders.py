"""Differences of lists: what came, what went, and an order that means something."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from app.flow.difference.change import Change, Path
from app.flow.difference.leaves import MISSING, Leaf
from app.flow.difference.tree import ORDER

_EVERYWHERE = f"everywhere {ORDER}"


def listed(leaf: Leaf, order: str, added: str = "", removed: str = "") -> Iterator[Change]:
    """A list of names: each that is new or gone, and `order` if those that stayed stand otherwise."""
    old, new = _list(leaf.old), _list(leaf.new)
    name = {"name": leaf.path[1]} if len(leaf.path) > 1 else {}
    if added:
        yield from (Change(added, leaf.path, None, each, name) for each in new if each not in old)
        yield from (Change(removed, leaf.path, each, None, name) for each in old if each not in new)
    stayed = [each for each in old if each in new]
    if stayed != [each for each in new if each in old] or (set(old) == set(new) and old != new):
        yield Change(order, leaf.path, old, new, name)


def ordered(leaf: Leaf) -> Iterator[Change]:
    """The ways of a state, or of everywhere, in another order, as far as that decides anything."""
    old, new = _list(leaf.old), _list(leaf.new)
    path: Path = ("everywhere", ORDER) if leaf.path[-1] == _EVERYWHERE else leaf.path
    params: dict[str, Any] = {"name": path[1] if path[0] == "states" else ""}
    stayed = set(old) & set(new)
    before, after = [each for each in old if each in stayed], [each for each in new if each in stayed]
    tried = False
    for trigger in dict.fromkeys(trigger for _, trigger in after):
        was, now = _on(before, trigger), _on(after, trigger)
        if was != now:
            tried = True
            code = "everywhere_order" if path[0] == "everywhere" else "ways_order"
            yield Change(code, path, was, now, {**params, "trigger": trigger})
    first = (old[:1] or [("", "")])[0][1], (new[:1] or [("", "")])[0][1]
    if all(first) and first[0] != first[1] and path[0] == "states":
        yield Change("first_button", path, *first, params)
    elif before != after and not tried:
        yield Change("buttons_order", path, [t for _, t in before], [t for _, t in after], params)


def way_added(path: Path, way: Mapping[str, Any], order: Sequence[tuple[str, str]]) -> Change:
    """A way that is new, with the way that is tried after it on the same trigger, if there is one."""
    name, trigger = path[-1], way["trigger"]
    on = _on(order, trigger)
    behind = on[on.index(name) + 1 :] if name in on else []
    shared = path[0] == "everywhere"
    params: dict[str, Any] = {"way": name, "trigger": trigger, "dest": way["dest"]}
    params |= {} if shared else {"name": path[1], "state": path[1]}
    # What comes behind another way on the same trigger changes nothing for whom that one fits.
    code = "way_added_before" if behind and not shared else "way_added"
    params |= {"before": behind[0]} if code == "way_added_before" else {}
    return Change(f"everywhere_{code}" if shared else code, path, None, dict(way), params)


def _on(order: Sequence[tuple[str, str]], trigger: str) -> list[str]:
    return [name for name, on in order if on == trigger]


def _list(value: Any) -> list[Any]:
    return [] if value is MISSING or value is None else list(value)
