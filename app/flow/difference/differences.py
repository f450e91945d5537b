"""All that differs between two definitions, as typed changes; nothing differs untold."""

from collections.abc import Iterator, Mapping
from typing import Any

from app.flow.definition import Flow
from app.flow.difference.change import SECTIONS, Change, Path
from app.flow.difference.consequences import in_consequence
from app.flow.difference.frames import SETTING, WHOLE, frame_of
from app.flow.difference.leaves import MISSING, Leaf, compare
from app.flow.difference.orders import listed, ordered, way_added
from app.flow.difference.renamed import renamed, under_new_names
from app.flow.difference.tree import ORDER, effective, section_of, written
from app.flow.loader import FLOW
from app.flow.texts import file_of

_TWO_NAMES = 2


def differences(old: Flow, new: Flow) -> list[Change]:
    """What `new` does otherwise than `old`, in the order of the new definition.

    Empty if and only if the files hold the same data: comments, blank lines, quotes and the order of entries
    whose order means nothing are no difference. What the files say in other words and mean alike is told as
    `written_otherwise`. A state that only got another name is told as that, and else by its new one.
    """
    names = renamed(old, new)
    called = under_new_names(old, names) if names else None
    if called is not None:
        told = [Change("state_renamed", ("states", now), old=was, new=now) for was, now in names.items()]
        return [*told, *differences(called, new)]
    before, after = effective(old), effective(new)
    told = [
        in_consequence(change, new)
        for leaf in compare(before, after, WHOLE)
        if not _of_another_type(leaf, old, new)
        for change in _changes(leaf, before, after)
    ]
    return [*told, *_written_otherwise(old, new, told)]


def _changes(leaf: Leaf, before: Mapping[str, Any], after: Mapping[str, Any]) -> Iterator[Change]:
    match leaf.path:
        case (*_, last) if last.endswith(ORDER):
            yield from ordered(leaf)
        case (*_, "contact_order"):
            yield from listed(leaf, "match_order")
        case ("languages",):
            yield from _languages(leaf, after)
        case ("texts", _):
            return  # told with its language
        case ("everywhere", _):
            yield from _way(leaf, after)
        case ("guards", _, _):
            yield from _guard(leaf, before)
        case ("states", _, *_):
            yield from _state(leaf, after)
        case _:
            yield from _entry_or_value(leaf)


def _entry_or_value(leaf: Leaf) -> Iterator[Change]:
    if leaf.path[0] in SECTIONS and len(leaf.path) == _TWO_NAMES:
        yield _entry(leaf)
    else:
        yield from _value(leaf)


def _state(leaf: Leaf, after: Mapping[str, Any]) -> Iterator[Change]:
    name = leaf.path[1]
    match leaf.path[2:]:
        case ():
            yield _entry(leaf)
            if leaf.new is not MISSING:
                ways = leaf.new["transitions"]
                yield from (way_added((*leaf.path, "transitions", each), ways[each], ()) for each in ways)
        case ("fields",):
            yield from listed(leaf, "state_fields_order", "state_field_added", "state_field_removed")
        case ("transitions", _):
            yield from _way(leaf, after["states"].get(name, {}))
        case _:
            yield from _value(leaf)


def _way(leaf: Leaf, after: Mapping[str, Any]) -> Iterator[Change]:
    """A way that only one of both has; `after` holds the order in which it is tried now."""
    if leaf.new is MISSING:
        own = {"trigger": leaf.old["trigger"], "dest": leaf.old["dest"]}
        yield Change(
            f"{_shared(leaf.path)}way_removed", leaf.path, old=leaf.old, params=_names(leaf.path) | own
        )
        return
    order = after.get(ORDER) or after.get(f"everywhere {ORDER}") or ()
    yield way_added(leaf.path, leaf.new, order)


def _shared(path: Path) -> str:
    return "everywhere_" if path[0] == "everywhere" else ""


def _guard(leaf: Leaf, before: Mapping[str, Any]) -> Iterator[Change]:
    if leaf.new is MISSING:
        return  # told with what stands in its place
    if leaf.old is MISSING:
        was = next(iter(before["guards"][leaf.path[1]]))
        yield Change("guard_kind", leaf.path[:2], was, leaf.path[2], {"name": leaf.path[1]})
    else:
        yield from _value(leaf)


def _languages(leaf: Leaf, after: Mapping[str, Any]) -> Iterator[Change]:
    for change in listed(leaf, "languages_order", "language_added", "language_removed"):
        own = {"texts": len(after["texts"].get(change.new, ()))} if change.code == "language_added" else {}
        yield Change(change.code, change.path, change.old, change.new, {**change.params, **own})


def _entry(leaf: Leaf) -> Change:
    """An entry of a section that only one of both has, or a section that only one program knows."""
    section, name = leaf.path
    what = "removed" if leaf.new is MISSING else "added"
    params = {"section": section, "name": name}
    kind = leaf.old if what == "removed" else leaf.new
    if section in {"fields", "states"}:
        params["kind"] = kind["type" if section == "fields" else "kind"]
    code = f"{section.removesuffix('s')}_{what}" if section in {"fields", "states"} else f"entry_{what}"
    return Change(code, leaf.path, _none(leaf.old), _none(leaf.new), params)


def _value(leaf: Leaf) -> Iterator[Change]:
    if leaf.path[0] == "texts":
        code = "text_added" if leaf.old is MISSING else "text_removed" if leaf.new is MISSING else "text"
        params = {"lang": leaf.path[1], "key": leaf.path[2]}
        yield Change(code, leaf.path, _none(leaf.old), _none(leaf.new), params)
        return
    code = frame_of(leaf.path)
    if code == SETTING and leaf.path[2:] == ("options",) and leaf.path[0] == "fields":
        yield from listed(leaf, "choice_order", "choice_added", "choice_removed")
        return
    if code == SETTING and (leaf.path[0] not in SECTIONS or len(leaf.path) == 1):
        code = "setting_of_flow"
    yield Change(code, leaf.path, _none(leaf.old), _none(leaf.new), _names(leaf.path))


def _names(path: Path) -> dict[str, Any]:
    """What a sentence calls the place: its section, its entry, the state and the way, the setting itself."""
    section, *rest = path
    named: dict[str, Any] = {"section": section, "option": path[-1], "column": path[-1]}
    if section not in SECTIONS:
        named["option"] = ".".join(rest or path)
    if rest:
        named["name"] = rest[0]
    if section == "states" and rest[1:2] == ["transitions"]:
        named |= {"state": rest[0], "way": rest[2]}
    elif section == "everywhere" and rest:
        named["way"] = rest[0]
    elif section in SECTIONS and len(rest) > 1:
        named["option"] = ".".join(rest[1:])
    if rest[2:3] == ["contact"]:
        named["register"] = rest[3]
    return named


def _none(value: Any) -> Any:
    return None if value is MISSING else value


def _of_another_type(leaf: Leaf, old: Flow, new: Flow) -> bool:
    """Whether the option came or went with the type of its field or the kind of its state, unwritten."""
    if len(leaf.path) != _TWO_NAMES + 1 or (leaf.old is not MISSING and leaf.new is not MISSING):
        return False
    section, name, option = leaf.path
    if section not in {"fields", "states"}:
        return False
    flow = new if leaf.old is MISSING else old
    entry = flow.spec.fields[name] if section == "fields" else flow.spec.states[name]
    return option not in entry.options


def _written_otherwise(old: Flow, new: Flow, told: list[Change]) -> Iterator[Change]:
    before, after = written(old), written(new)
    for file in [*after, *(name for name in before if name not in after)]:
        if file == FLOW:
            yield from _words_of_the_flow(before[file], after[file], told)
        elif not _is_told(file, old, new, told):
            gone, came = file not in after, file not in before
            if gone or came:
                yield Change("file_removed" if gone else "file_added", ("files", file), params={"file": file})
            elif next(compare(before[file], after[file], frozenset()), None):
                yield Change("file_otherwise", ("files", file), params={"file": file})


def _is_told(file: str, old: Flow, new: Flow, told: list[Change]) -> bool:
    if section_of(file) == "theme":
        return any(change.path[0] == "theme" for change in told)
    lang = file.removeprefix("texts.").removesuffix(".yaml")
    if file_of(lang) == file and (lang in old.texts) != (lang in new.texts):
        return True
    return any(change.path[:2] == ("texts", lang) for change in told)


def _words_of_the_flow(before: Any, after: Any, told: list[Change]) -> Iterator[Change]:
    paths = [change.path for change in told]
    for leaf in compare(before, after, WHOLE):
        if ORDER in leaf.path[-1] or leaf.path[-1] == "contact_order":
            continue  # the order that is written is the order that holds
        if not any(_meet(leaf.path, path) for path in paths):
            params = {"file": FLOW, "place": ".".join(leaf.path)}
            yield Change("written_otherwise", leaf.path, _none(leaf.old), _none(leaf.new), params)


def _meet(one: Path, other: Path) -> bool:
    """Whether one of the paths leads to the other."""
    shorter = min(len(one), len(other))
    return one[:shorter] == other[:shorter]
