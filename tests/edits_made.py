"""Edits at random places of a file."""

from typing import Any

from hypothesis import strategies as st

from app.flow.edit import FIRST, Edit, Insert, Move, Place, Remove, Rename, SetValue, find
from app.flow.edit.model import parts
from tests.handwriting import KEYS, values


def all_places(value: Any) -> list[Place]:
    found: list[Place] = []
    waiting: list[Place] = [()]
    while waiting:
        at = waiting.pop()
        inside = [(*at, part) for part in parts(find(value, at), root=not at)]
        found += inside
        waiting += inside
    return found


@st.composite
def edits(draw: Any, value: Any, file: str = "f.yaml") -> Edit:
    """One edit that fits a file that says `value`."""
    there = all_places(value)
    if not isinstance(value, dict | list | None):
        return SetValue(file, (), draw(values()), value)
    sort = draw(st.sampled_from(["insert", "set", "remove", "move", "rename"])) if there else "insert"
    if sort == "insert":
        return draw(inserts(value, file))
    at = draw(st.sampled_from(there))
    if sort == "set":
        new = draw(values())
        return SetValue(file, at, new, find(value, at))
    if sort == "remove" or (sort == "rename" and isinstance(at[-1], int)):
        return Remove(file, at, find(value, at))
    siblings = [each for each in parts(find(value, at[:-1]), root=len(at) == 1) if each != at[-1]]
    if sort == "move":
        return Move(file, at, draw(st.sampled_from([None, FIRST, *siblings])))
    taken = {str(each).removeprefix("#") for each in siblings}
    free = [key for key in [*KEYS, "new", "new.1"] if key not in taken]
    return Rename(file, at, draw(st.sampled_from(free)))


@st.composite
def inserts(draw: Any, value: Any, file: str) -> Edit:
    into = [
        at
        for at in [(), *all_places(value)]
        if find(value, at) is None or isinstance(find(value, at), dict | list)
    ]
    at = draw(st.sampled_from(into))
    parent = find(value, at)
    siblings = parts(parent, root=not at)
    after = draw(st.sampled_from([None, FIRST, *siblings]))
    new = draw(values())
    if isinstance(parent, list):
        named = isinstance(new, dict) and isinstance(new.get("id"), str)
        if named and f"#{new['id']}" not in siblings:
            return Insert(file, (*at, f"#{new['id']}"), new, after)
        return Insert(file, (*at, 0), new, after)
    key = draw(st.sampled_from([key for key in [*KEYS, "new"] if key not in siblings]))
    return Insert(file, (*at, key), new, after)
