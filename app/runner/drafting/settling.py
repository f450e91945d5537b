"""Settling a clash over a file: which of two people's values stand, place by place, or one whole text."""

from collections.abc import Collection, Mapping

from app.flow.edit import (
    ABSENT,
    FIRST,
    Conflict,
    Edit,
    Insert,
    Merged,
    Move,
    Remove,
    SetValue,
    apply_all,
    merge,
)
from app.runner.drafting.drafts import Draft
from app.runner.drafting.saving import at, only
from app.runner.house import House

#: What can be settled place by place; of the others one of two whole texts is chosen.
BY_PLACE = frozenset({"value", "order"})


def clash_of(house: House, draft: Draft, file: str, text: str, seen: int, now: int) -> Merged:
    """What became of `text`, written by somebody who saw revision `seen`, beside the draft at `now`."""
    base, theirs = at(house, draft, seen), at(house, draft, now)
    return merge(only(base, file), {file: text}, only(theirs, file))


def settled(merged: Merged, file: str, mine: Collection[int]) -> str:
    """The text with one's own values at the clashes of these numbers, and the others' at the rest.

    Raises DoesNotFit where one's own value has no place among what the others made.
    """
    edits: list[Edit] = []
    for number, clash in enumerate(merged.conflicts):
        if number in mine:
            edits += _mine(clash)
    return _text(apply_all(merged.files, edits), file)


def _mine(clash: Conflict) -> list[Edit]:
    if clash.kind == "order":
        return _in_order(clash)
    if clash.mine is ABSENT:
        return [Remove(clash.file, clash.place, clash.theirs)]
    if clash.theirs is ABSENT:
        return [Insert(clash.file, clash.place, clash.mine)]
    return [SetValue(clash.file, clash.place, clash.mine, clash.theirs)]


def _in_order(clash: Conflict) -> list[Edit]:
    """Moves that put what both sides have into one's own order; what others added stays behind it."""
    known = [each for each in clash.mine if each in clash.theirs]
    behind = [FIRST, *known[:-1]]
    return [Move(clash.file, (*clash.place, each), after) for each, after in zip(known, behind, strict=True)]


def _text(files: Mapping[str, str], file: str) -> str:
    return files.get(file, "")
