"""What was typed into the boxes of a thing, beside what its author had seen: what changed, what is wrong."""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from functools import lru_cache
from typing import Any

from pydantic import BaseModel, create_model

from app.flow.edit import ABSENT
from app.flow.findings import Finding
from app.flow.grammar import check
from app.flow.outline.boxes import BELOW, MANY, SAYS, Box, Raw, condition_shown, shown
from app.flow.outline.controls import Control, fitted
from app.flow.source import Source, Unreadable, has_unseen, read

#: All values that were posted under a name, in their order.
Posted = Callable[[str], Sequence[str]]


class NotOurForm(Exception):
    """What was posted did not come from a form of the outline."""


def typed_box(control: Control, posted: Posted, doing: tuple[str, int] | None = None) -> Box | None:
    """The box as it came back; None where the form had none for this control. Raises NotOurForm.

    `doing` is what a button of its rows asks for besides: `up`, `down` or `out`, and which row.
    """
    name = "/".join(control.path)
    told = list(posted(f"w:{name}"))
    if not told:
        return None
    seen = _seen(told[0])
    control = fitted(control, seen)
    raw = done(_raw(control, posted), *doing) if doing else _raw(control, posted)
    value, problem = _value(control, raw, seen)
    box = Box(control, raw, seen, value, problem)
    return replace(box, problem=_wrong(box)) if box.changed and not problem else box


def _seen(told: str) -> Any:
    if not told:
        return ABSENT
    try:
        return json.loads(told)
    except (ValueError, RecursionError):
        raise NotOurForm(told[:40]) from None


def _raw(control: Control, posted: Posted) -> Raw:
    name = "/".join(control.path)
    values = [each.replace("\r\n", "\n") for each in posted(f"v:{name}")]
    if control.sort == "either":
        return (values or [""])[0], {each.key: _raw(each, posted) for each in control.inner}
    if control.sort == "pairs":
        keys = [each.strip() for each in posted(f"k:{name}")]
        return [
            (key, value.strip()) for key, value in zip(keys, values, strict=False) if key or value.strip()
        ]
    if control.sort in MANY:
        return [each.strip() for each in values if each.strip()]
    return (values or [""])[0] if control.sort == "yaml" else (values or [""])[0].strip()


def done(raw: Raw, act: str, row: int) -> Raw:
    """The rows after one was moved or taken out."""
    rows = list(raw)
    if not 0 <= row < len(rows):
        return rows
    each = rows.pop(row)
    if act != "out":
        rows.insert(max(row + (-1 if act == "up" else 1), 0), each)
    return rows


def _value(control: Control, raw: Raw, seen: Any) -> tuple[Any, Finding | str | None]:
    """What the box says, and what keeps it from saying anything; what was not touched is as it was seen."""
    if raw == shown(control, seen):
        return seen, None
    if not raw and control.sort != "tick":
        return ABSENT, None
    reader: _Reader = _READ.get(control.sort, _single)
    return reader(control, raw, seen)


def _either(control: Control, raw: Raw, seen: Any) -> tuple[Any, Finding | str | None]:
    word, below = raw
    if word not in {"", BELOW} or (word == "" and (isinstance(seen, dict) or not any(below.values()))):
        return word or ABSENT, None
    before = seen if isinstance(seen, dict) else {}
    made, problem = dict(before), None
    for each in control.inner:
        value, wrong = _value(each, below[each.key], before.get(each.key, ABSENT))
        problem = problem or wrong
        made.pop(each.key, None) if value is ABSENT else made.update({each.key: value})
    return made, problem


def _of_yaml(control: Control, raw: str, seen: Any) -> tuple[Any, Finding | str | None]:  # noqa: ARG001
    if not raw.strip():
        return ABSENT, None
    try:
        return read(raw, "").data, None
    except Unreadable as unreadable:
        return ABSENT, unreadable.finding


def _ticked(control: Control, raw: str, seen: Any) -> tuple[Any, None]:
    """Nothing is written for what holds anyhow."""
    ticked = raw == "yes"
    before = bool(control.usual) if seen is ABSENT or seen is None else bool(seen)
    if ticked == before:
        return seen, None
    return (ABSENT if control.usual is ticked else ticked), None


def _paired(control: Control, raw: Raw, seen: Any) -> tuple[Any, str | None]:
    before = seen if isinstance(seen, dict) else {}
    made = {}
    for key, value in raw:
        if key in made or not key:
            return ABSENT, "twice" if key else "needed"
        untouched = key in before and str(before[key]) == value
        whole = any(isinstance(each, int) for each in before.values()) or _is_whole(control)
        made[key] = before[key] if untouched else _word(value, whole=whole)
    return made, None


def _is_whole(control: Control) -> bool:
    return control.info is not None and "int" in str(control.info.annotation)


def _listed(control: Control, raw: list[str], seen: Any) -> tuple[Any, None]:  # noqa: ARG001
    before = seen if isinstance(seen, list) else []
    known = {str(each): each for each in before}
    whole = any(isinstance(each, int) for each in before)
    return [known.get(each, _word(each, whole=whole)) for each in raw], None


def _asked(control: Control, raw: list[str], seen: Any) -> tuple[Any, None]:  # noqa: ARG001
    known = {condition_shown(each): each for each in (seen if isinstance(seen, list) else [])}
    return [known.get(each) or _condition(each) for each in raw], None


def _single(control: Control, raw: str, seen: Any) -> tuple[Any, None]:  # noqa: ARG001
    return _word(raw, whole=control.sort == "number"), None


def _condition(raw: str) -> Any:
    guard, _, answer = raw.partition(SAYS)
    return guard if answer in {"", "yes"} else {guard: answer}


def _word(raw: str, *, whole: bool) -> Any:
    """A number where numbers stand and one was typed; else what was typed, which is told to be none."""
    digits = raw.removeprefix("-")
    fits = (
        digits.isascii() and digits.isdecimal() and len(digits) < 15 and (digits == "0" or digits[0] != "0")
    )
    return int(raw) if whole and fits else raw


_Reader = Callable[[Control, Any, Any], tuple[Any, Finding | str | None]]

_READ: Mapping[str, _Reader] = {
    "either": _either,
    "yaml": _of_yaml,
    "tick": _ticked,
    "pairs": _paired,
    "rows": _listed,
    "conditions": _asked,
}


def _wrong(box: Box) -> Finding | str | None:
    """What the grammar has against the value by itself."""
    control = box.control
    if has_unseen(json.dumps(box.value, ensure_ascii=False) if box.value is not ABSENT else ""):
        return "unseen"
    if box.value is ABSENT:
        return "needed" if control.needed else None
    if control.info is None:
        return None
    model = _alone(control.attribute, _Info(control.info))
    _, found = check(model, {control.key: box.value}, Source("", {control.key: box.value}))
    return found[0] if found else None


class _Info:
    """A key of the grammar, told apart by what it is and not by what it equals."""

    def __init__(self, info: Any) -> None:
        self.info = info

    def __hash__(self) -> int:
        return id(self.info)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Info) and other.info is self.info


@lru_cache(maxsize=512)
def _alone(attribute: str, key: _Info) -> type[BaseModel]:
    """A model of this one key."""
    made: type[BaseModel] = create_model("Typed", **{attribute: (key.info.annotation, key.info)})  # type: ignore[call-overload]
    return made
