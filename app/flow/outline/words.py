"""The texts that belong to a thing of the outline: which keys there are, and what was typed for them."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from app.flow.catalogue import Catalogue
from app.flow.definition import SYSTEM_TRIGGERS
from app.flow.edit import Edit
from app.flow.outline.places import name_of
from app.flow.outline.things import Thing
from app.flow.outline.typed import Posted
from app.flow.source import has_unseen
from app.flow.text_edits import edits_for, removals
from app.flow.translated import Wording
from app.flow.wording import LONGEST, TextChange

_MESSAGES = frozenset({"codes", "links", "notices"})


@dataclass(frozen=True)
class TextBox:
    """A text in one language: what was seen, what was typed, what is wrong with it.

    `problem` is `unseen`, `long`, or `half`: a text goes in every language or in none. `theirs` is what
    somebody else wrote there meanwhile.
    """

    key: str
    language: str
    seen: str | None = field(repr=False)
    typed: str = field(repr=False)
    problem: str = ""
    theirs: str | None = field(default=None, repr=False)
    clashes: bool = False

    @property
    def name(self) -> str:
        """How the box is called in the form."""
        return f"{self.language}:{self.key}"

    @property
    def changed(self) -> bool:
        """Whether something else was typed than was seen."""
        return _plain(self.typed) != _plain(self.seen or "")


def keys(thing: Thing, there: Wording, catalogue: Catalogue, needed: Collection[str]) -> list[str]:
    """The keys of a thing's texts: those it has, those a page asks for, those it may have."""
    own = own_keys(thing, catalogue)
    begins = tuple(_prefixes(thing))
    known = [key for key in there.every_key() if begins and key.startswith(begins)]
    asked = [key for key in needed if begins and key.startswith(begins)]
    return list(dict.fromkeys([*own, *known, *asked]))


def _prefixes(thing: Thing) -> Iterator[str]:
    name = name_of(thing.place)
    if thing.sort in {"states", "fields"}:
        yield f"{thing.sort}.{name}."
    elif thing.sort in _MESSAGES:
        yield f"messages.{name}."
    elif thing.sort == "flow":
        yield "flow."


def own_keys(thing: Thing, catalogue: Catalogue) -> list[str]:
    """The keys a thing of its kind has, whether anything is written for them or not."""
    return list(dict.fromkeys(_own(thing, catalogue)))


def _own(thing: Thing, catalogue: Catalogue) -> Iterator[str]:
    value: Mapping[str, Any] = thing.value if isinstance(thing.value, dict) else {}
    name = name_of(thing.place)
    if thing.sort == "states":
        kind = catalogue.kinds.get(thing.chosen or "")
        yield from (f"states.{name}.{text}" for text in (kind.texts if kind else ()))
        ways = value.get("transitions")
        triggers = (
            [way.get("trigger") for way in ways if isinstance(way, dict)] if isinstance(ways, list) else []
        )
        pressed = [each for each in triggers if isinstance(each, str) and each not in SYSTEM_TRIGGERS]
        yield from (f"states.{name}.buttons.{each}" for each in pressed)
    elif thing.sort == "fields":
        yield from _of_field(name, value, thing, catalogue)
    elif thing.sort in {"transitions", "everywhere"}:
        yield from _of_way(thing, value)
    elif thing.sort in _MESSAGES and isinstance(channel := value.get("channel"), str):
        yield from (f"messages.{name}.{each}" for each in _parts_of_message(channel))


def _parts_of_message(channel: str) -> list[str]:
    return ["mail_subject", "mail"] if channel == "mail" else [channel]


def _of_field(name: str, value: Mapping[str, Any], thing: Thing, catalogue: Catalogue) -> Iterator[str]:
    kind = catalogue.field_types.get(thing.chosen or "")
    yield from (f"fields.{name}.{each}" for each in ("label", "hint"))
    options = value.get("options")
    yield from (f"fields.{name}.options.{each}" for each in (options if isinstance(options, list) else ()))
    reasons = kind.reasons if kind else ()
    yield from (
        f"fields.{name}.errors.{each}"
        for each in reasons
        if not (value.get("optional") is True and each == "required")
    )


def _of_way(thing: Thing, value: Mapping[str, Any]) -> Iterator[str]:
    dest, trigger = value.get("dest"), value.get("trigger")
    for part in ("say", "tell"):
        if isinstance(dest, str) and isinstance(said := value.get(part), str):
            yield f"states.{dest}.{part}.{said}"
    if thing.sort == "transitions" and isinstance(trigger, str) and trigger not in SYSTEM_TRIGGERS:
        yield f"states.{thing.place[1]}.buttons.{trigger}"


def text_boxes(there: Wording, wanted: Sequence[str]) -> dict[str, list[TextBox]]:
    """The boxes as the page first shows them, by key, the source language first."""
    found: dict[str, list[TextBox]] = {}
    for key in wanted:
        words = {language: there.words(language).get(key) for language in there.languages}
        found[key] = [TextBox(key, language, said, said or "") for language, said in words.items()]
    return found


def typed_texts(there: Wording, wanted: Sequence[str], posted: Posted) -> dict[str, list[TextBox]]:
    """The boxes as they came back, held against what stands there now."""
    found = text_boxes(there, wanted)
    return {key: _judged([_typed(box, posted) for box in boxes]) for key, boxes in found.items()}


def _typed(box: TextBox, posted: Posted) -> TextBox:
    told, seen = list(posted(f"t:{box.name}")), list(posted(f"s:{box.name}"))
    if not told or not seen:
        return box
    typed, before = _plain(told[0]), _plain(seen[0])
    now = _plain(box.seen or "")
    if typed in {before, now}:
        return box  # nothing was typed, or the same as somebody else did
    clashes = before != now
    return replace(
        box, typed=typed, clashes=clashes, theirs=box.seen if clashes else None, problem=_unfit(typed)
    )


def _unfit(words: str) -> str:
    if has_unseen(words):
        return "unseen"
    return "long" if len(words) > LONGEST else ""


def _judged(boxes: list[TextBox]) -> list[TextBox]:
    """A text is taken away by emptying it in every language; in some alone pages would lack it."""
    emptied = [box for box in boxes if box.changed and not box.typed]
    if not emptied or not any(box.typed for box in boxes):
        return boxes
    return [replace(box, problem="half") if box in emptied else box for box in boxes]


def _plain(words: str) -> str:
    """What was typed into a box: the line breaks of a file, nothing at the ends."""
    return words.replace("\r\n", "\n").replace("\r", "\n").strip()


def text_edits(files: Mapping[str, str], boxes: Mapping[str, Sequence[TextBox]]) -> list[Edit]:
    """The edits of the texts, and of what is noted of translations. Raises source.Unreadable."""
    changes, found = [], []
    for key, each in boxes.items():
        changed = [box for box in each if box.changed]
        if changed and not any(box.typed for box in each):
            found += removals(files, key)
        else:
            changes += [TextChange(box.language, key, box.typed, box.seen) for box in changed]
    return [*edits_for(files, changes), *found]
