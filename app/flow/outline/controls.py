"""From the grammar to boxes: one table says by which control a key of a thing is edited."""

import types
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from typing import Annotated, Any, Literal, Union, get_args, get_origin

from pydantic import BaseModel
from pydantic.fields import FieldInfo

from app.flow.catalogue import Catalogue
from app.flow.edit import ABSENT, find
from app.flow.outline import refer
from app.flow.outline.things import CHOSEN_BY, Part, Thing, offered
from app.flow.spec import ConditionSpec, Language

#: `either` is a word of several or a mapping below it; `rows` a list, `pairs` a mapping of scalars; `yaml` a
#: box for what is deeper.
Sort = Literal["text", "number", "date", "tick", "choice", "rows", "pairs", "conditions", "either", "yaml"]

#: What a word is, for its hint: a span of time, a name, anything.
Word = Literal["", "duration", "name"]


@dataclass(frozen=True)
class Control:
    """The box of one key. `path` leads to it below the thing; `value` is what is written there, or ABSENT.

    `options` is what can be chosen, of `pairs` for the value; `suggested` what may be typed besides others;
    `keys` what the keys of `pairs` may be, None for any. `usual` is what holds where nothing is written.
    `inner` are the boxes below a mapping.
    """

    path: tuple[str, ...]
    sort: Sort
    value: Any
    info: FieldInfo | None = None
    attribute: str = ""
    word: Word = ""
    options: tuple[str, ...] = ()
    suggested: tuple[str, ...] = ()
    keys: tuple[str, ...] | None = None
    section: str = ""
    needed: bool = False
    usual: Any = ABSENT
    hint: str = ""
    inner: tuple["Control", ...] = field(default=())

    @property
    def key(self) -> str:
        """The last key of its path, as it is written."""
        return self.path[-1]


@dataclass(frozen=True)
class _Scene:
    flow: Any
    thing: Thing
    catalogue: Catalogue


def controls(flow: Any, thing: Thing, catalogue: Catalogue) -> list[Control]:
    """The boxes of a thing in the order of the grammar; what it has besides, at the end as YAML."""
    scene = _Scene(flow, thing, catalogue)
    found = [control for part in thing.parts for control in _controls(scene, part)]
    return [*found, *_unknown(thing, found)]


def _controls(scene: _Scene, part: Part) -> Iterator[Control]:
    nested = _model(part.info.annotation)
    if nested is not None:
        for attribute, info in nested.model_fields.items():
            yield from _controls(scene, Part((*part.path, info.alias or attribute), attribute, info, nested))
        return
    yield _control(scene, part)


def _control(scene: _Scene, part: Part) -> Control:
    value = find(scene.thing.value, part.path) if scene.thing.value is not ABSENT else ABSENT
    info = part.info
    common: dict[str, Any] = {
        "path": part.path,
        "value": value,
        "info": info,
        "attribute": part.attribute,
        "needed": info.is_required(),
        "usual": ABSENT if info.is_required() else info.get_default(call_default_factory=True),
        "hint": info.description or "",
    }
    told = _special(scene, part) or _by_type(scene, part, info.annotation)
    return fitted(Control(**common, **told), value)


def fitted(control: Control, value: Any) -> Control:
    """The control for this value: one that its box cannot say is shown as YAML."""
    sort: Sort = control.sort if value is None or value is ABSENT or _fits(control, value) else "yaml"
    return replace(control, value=value, sort=sort)


def _fits(control: Control, value: Any) -> bool:
    fits: Mapping[Sort, Callable[[Any], bool]] = {
        "tick": lambda value: isinstance(value, bool),
        "rows": lambda value: isinstance(value, list) and all(map(_is_word, value)),
        "pairs": lambda value: isinstance(value, dict) and all(map(_is_word, value.values())),
        "conditions": lambda value: isinstance(value, list) and all(map(_is_condition, value)),
        "either": lambda value: isinstance(value, str) or _is_below(control, value),
    }
    return control.sort == "yaml" or fits.get(control.sort, _is_word)(value)


def _is_word(value: Any) -> bool:
    plain = isinstance(value, str | int) and not isinstance(value, bool)
    return plain and (not isinstance(value, str) or ("\n" not in value and value == value.strip() != ""))


def _is_condition(value: Any) -> bool:
    if isinstance(value, dict):
        return len(value) == 1 and all(isinstance(each, str) for each in value.values())
    return isinstance(value, str)


def _is_below(control: Control, value: Any) -> bool:
    known = {each.key: each for each in control.inner}
    return isinstance(value, dict) and all(
        key in known and (inner is None or _fits(known[key], inner)) for key, inner in value.items()
    )


def _special(scene: _Scene, part: Part) -> dict[str, Any] | None:
    """What is chosen from the definition and the catalogue rather than told by its type."""
    flow, place, key = scene.flow, scene.thing.place, part.path[-1]
    if len(part.path) == 1 and CHOSEN_BY.get(scene.thing.sort) == key:
        return {"sort": "choice", "options": tuple(sorted(offered(scene.thing.sort, scene.catalogue)))}
    if scene.thing.sort not in {"transitions", "everywhere"}:
        return None
    found: Mapping[str, Callable[[], dict[str, Any]]] = {
        "effects": lambda: {"sort": "rows", "options": tuple(refer.orders(flow, place, scene.catalogue))},
        "trigger": lambda: _suggesting(refer.triggers(flow, place, scene.catalogue)),
        "say": lambda: _suggesting(refer.said(flow, "say")),
        "tell": lambda: _suggesting(refer.said(flow, "tell")),
    }
    return found[key]() if key in found else None


def _suggesting(words: list[str]) -> dict[str, Any]:
    return {"sort": "text", "word": "name", "suggested": tuple(words)}


def _by_type(scene: _Scene, part: Part, annotation: Any) -> dict[str, Any]:
    """The one table: from an annotation to a control."""
    base = _plain(annotation)
    origin, args = get_origin(base), get_args(base)
    if origin in {list, tuple}:
        return _rows(scene, part, args[0])
    if origin is dict:
        return _pairs(scene, part, *args)
    if origin in {Union, types.UnionType}:
        return _union(scene, part, args)
    return _scalar(scene, part.path, base) or {"sort": "yaml"}


#: Types that are told by themselves.
_SCALARS: Mapping[Any, dict[str, Any]] = {
    bool: {"sort": "tick"},
    int: {"sort": "number"},
    timedelta: {"sort": "text", "word": "duration"},
    date: {"sort": "date"},
}


def _scalar(scene: _Scene, path: tuple[str, ...], annotation: Any) -> dict[str, Any] | None:
    base = _plain(annotation)
    if get_origin(base) is Literal:
        return {"sort": "choice", "options": tuple(map(str, get_args(base)))}
    if base is not str:
        return _SCALARS.get(base)
    if section := refer.section_named(scene.thing, path, scene.catalogue):
        names = refer.names_in(scene.flow, section, scene.catalogue)
        return {"sort": "choice", "options": tuple(names), "section": section}
    return {"sort": "text"}


def _rows(scene: _Scene, part: Part, item: Any) -> dict[str, Any]:
    if item == ConditionSpec:
        return {"sort": "conditions", "section": "guards"}
    scalar = _scalar(scene, (*part.path, "*"), item)
    if scalar is None or scalar["sort"] == "tick":
        return {"sort": "yaml"}
    return {**scalar, "sort": "rows"}


def _pairs(scene: _Scene, part: Part, key: Any, value: Any) -> dict[str, Any]:
    scalar = _scalar(scene, (*part.path, "*"), value)
    if scalar is None or _plain(key) is not str:
        return {"sort": "yaml"}
    section = refer.section_named(scene.thing, (*part.path, "*"), scene.catalogue, key=True)
    keys: tuple[str, ...] | None = None
    if scene.thing.sort == "budgets":
        keys = tuple(refer.subjects(scene.flow, scene.catalogue))
    elif section:
        keys = tuple(refer.names_in(scene.flow, section, scene.catalogue))
    return {"word": "", **scalar, "sort": "pairs", "keys": keys}


def _union(scene: _Scene, part: Part, args: tuple[Any, ...]) -> dict[str, Any]:
    """A span or a word, a word or a mapping; without None, which is what is not written."""
    rest = [each for each in args if each is not type(None)]
    words = tuple(word for each in rest if get_origin(each) is Literal for word in get_args(each))
    others = [each for each in rest if get_origin(each) is not Literal]
    if not others:
        return {"sort": "choice", "options": words}
    if len(others) == 1 and not words:
        return _by_type(scene, part, others[0])
    if len(others) == 1 and _plain(others[0]) is timedelta:
        return {"sort": "text", "word": "duration", "suggested": words}
    if len(others) == 1 and (model := _model(others[0])) is not None:
        below = (
            Part((*part.path, info.alias or attribute), attribute, info, model)
            for attribute, info in model.model_fields.items()
        )
        return {"sort": "either", "options": words, "inner": tuple(_control(scene, each) for each in below)}
    return {"sort": "yaml"}


def _plain(annotation: Any) -> Any:
    while get_origin(annotation) is Annotated:
        annotation = get_args(annotation)[0]
    return annotation


def _model(annotation: Any) -> type[BaseModel] | None:
    base = _plain(annotation)
    return base if isinstance(base, type) and issubclass(base, BaseModel) else None


def _unknown(thing: Thing, found: list[Control]) -> Iterator[Control]:
    """Keys that the grammar does not have here, so that they can be taken away."""
    if not isinstance(thing.value, dict):
        return
    known = {control.path[0] for control in found}
    elsewhere = {"transitions", "id"} if thing.sort in {"states", "transitions", "everywhere"} else set()
    if thing.sort == "flow":
        return
    for key, value in thing.value.items():
        if key not in known | elsewhere and not (thing.sort == "guards" and key == thing.chosen):
            yield Control((key,), "yaml", value)


def languages(flow: Any) -> list[str]:
    """The languages that flow.yaml names, as far as they are languages of the house."""
    named = find(flow, ("languages",))
    known = get_args(Language)
    return [each for each in named if each in known] if isinstance(named, list) else []
