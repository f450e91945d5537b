"""The outline's words: what sections, keys and answers are called; the grammar's own hints, translated."""

import re
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from flask import g
from flask_babel import gettext
from markupsafe import Markup, escape

from app.flow.difference.wording import span
from app.flow.edit import ABSENT, Place
from app.flow.findings import Finding
from app.flow.outline.boxes import Box, as_yaml, shown
from app.flow.outline.controls import Control
from app.flow.outline.places import name_of
from app.flow.outline.things import Thing
from app.flow.phrases import said_with
from app.flow.places import sort_of
from app.flow.worded import PHRASES, worded
from app.web.browser import LANGUAGES
from app.web.desk import outline_labels, way_words

_TICKS = re.compile(r"`([^`]+)`")

#: Where the makers of the house have a rule from, which says nothing to whoever edits: (S19, S20).
_ORIGIN = re.compile(r" \((?:[SC]\d+(?:, )?)+\)")


def section(name: str) -> str:
    """What a section is called: `states` are the pages."""
    words = outline_labels.SECTIONS.get(name)
    return str(gettext(words)) if words else name


def sort(thing: Thing) -> str:
    """What one thing is called: a page, a field."""
    return sort_called(thing.sort)


def sort_called(name: str) -> str:
    """What one entry of a section is called."""
    words = outline_labels.SORTS.get(name)
    return str(gettext(words)) if words else phrase(sort_of(name))


def called(thing: Thing) -> str:
    """The thing by its sort and name: `Code phone_code`."""
    if not thing.place:
        return section("flow")
    name = name_of(thing.place)
    return f"{sort(thing)} {int(name) + 1 if isinstance(thing.place[-1], int) else name}"


def label(thing_sort: str, control: Control) -> str:
    """What a key is called; a key that nobody named is told as it is written."""
    words = label_of(thing_sort, control)
    return str(gettext(words)) if words else control.key


def label_of(thing_sort: str, control: Control) -> str:
    """The label of a key in English; empty where nobody named it."""
    table = outline_labels.LABELS
    below = ".".join(control.path[-2:])
    return table.get(below) or table.get(f"{thing_sort}.{control.key}") or table.get(control.key, "")


def place(where: Place, thing: Place) -> str:
    """A place of flow.yaml as the outline calls it: `Page identify, way found: Leads to`."""
    named = [f"{sort_called(str(thing[0]))} {thing[1]}"] if thing else []
    if len(thing) == 4:
        named.append(f"{sort_called('transitions')} {name_of(thing)}")
    rest = [str(each) for each in where[len(thing) :]]
    sort_of_thing = "transitions" if len(thing) == 4 else str(thing[0]) if thing else "flow"
    options = rest[1:] if sort_of_thing == "guards" else rest
    key = options[0] if options else ""
    table = outline_labels.LABELS
    told = table.get(".".join(options[:2])) or table.get(f"{sort_of_thing}.{key}") or table.get(key, key)
    words = ", ".join(named) or section("flow")
    return f"{words}: {gettext(told)}" if told else words


def hint(control: Control) -> str:
    """What the grammar says of a key, how it is written, and what holds without it."""
    parts = [gettext(control.hint)] if control.hint else []
    if control.word == "duration":
        parts.append(gettext("Write 30 s, 10 min, 24 h or 30 days."))
    if control.sort == "text" and control.word == "duration" and control.suggested:
        parts.append(gettext("Or write: %(words)s.", words=", ".join(control.suggested)))
    if control.sort == "yaml":
        parts.append(gettext("Written as YAML, as in the file."))
    if usual := _usual(control):
        parts.append(gettext("If nothing is said: %(usual)s.", usual=usual))
    return " ".join(map(str, parts))


def _usual(control: Control) -> str:
    usual = control.usual
    if usual is ABSENT or usual is None or usual in ([], {}, ()) or control.sort == "tick":
        return ""
    if isinstance(usual, timedelta):
        return span(usual, g.lang)
    return option(str(usual)) if isinstance(usual, str | int) else ""


def option(value: str) -> str:
    """A word of the grammar as a person says it, with the word itself where they differ."""
    if value in LANGUAGES:
        return LANGUAGES[value]
    words = outline_labels.OPTIONS.get(value)
    said = str(gettext(words)) if words else value
    return said if said == value else f"{said} ({value})"


def chosen(control: Control, value: str) -> str:
    """An option of a picker: names stay names."""
    return value if control.section or not control.options else option(value)


def condition(token: str) -> str:
    """A guard with its answer, as a picker shows it."""
    guard, _, answer = token.partition("=")
    return f"{guard}: {way_words.answer(answer)}"


def value(control: Control) -> str:
    """What is written, for those who only read; empty for nothing."""
    if control.value is ABSENT or control.value is None:
        return ""
    if control.sort == "tick":
        return str(gettext("yes") if control.value else gettext("no"))
    if control.sort in {"rows", "conditions"}:
        word = condition if control.sort == "conditions" else lambda each: chosen(control, each)
        return ", ".join(word(each) for each in shown(control, control.value))
    if control.sort == "pairs":
        return ", ".join(f"{key}: {chosen(control, each)}" for key, each in shown(control, control.value))
    if control.sort == "choice":
        return chosen(control, str(control.value))
    return as_yaml(control.value) if isinstance(control.value, dict | list) else str(control.value)


def problem(found: Finding | str) -> str:
    """What is wrong with what was typed, and what to do."""
    if isinstance(found, Finding):
        text, fix = worded(found, g.lang)
        place = gettext("Line %(line)s:", line=found.line) if not found.rule else ""
        return " ".join(part for part in (str(place), text, fix) if part)
    words: Mapping[str, str] = {
        "needed": gettext("This cannot be left empty."),
        "unseen": gettext("A character in it cannot be seen. Type the text anew."),
        "twice": gettext("The same key stands here twice. Keep one of the rows."),
        "long": gettext("The text is longer than 5,000 characters. Shorten it."),
        "half": gettext("To take the text away, empty it in every language; otherwise write it."),
    }
    return words[found]


def clash(box: Box, by: tuple[str, ...]) -> str:
    """What somebody else wrote there meanwhile."""
    now = gettext("nothing") if box.theirs is ABSENT else value_of(box.theirs)
    names = ", ".join(by) or gettext("somebody else")
    return str(
        gettext(
            "%(names)s changed this meanwhile. Now it says: %(now)s. Yours is in the box.",
            names=names,
            now=now,
        )
    )


def value_of(written: Any) -> str:
    """A value in one line."""
    return as_yaml(written).replace("\n", " ")


def file(name: str) -> str:
    """What a file holds."""
    if name.startswith("texts."):
        language = LANGUAGES.get(name[6:8], name)
        return str(gettext("Texts, %(language)s", language=language))
    words = {"scenarios.yaml": gettext("Scenarios"), "safety.yaml": gettext("Safety rules")}
    return str(words.get(name, name))


def ticked(words: str) -> Markup:
    """Words in which `names` stand between ticks; where a rule comes from is left out."""
    plain = str(escape(_ORIGIN.sub("", words)))
    return Markup(_TICKS.sub(r"<code>\1</code>", plain))  # noqa: S704 - escaped just above


def phrase(words: str) -> str:
    """Words of the core in the reader's language."""
    return str(said_with(words, PHRASES[g.lang]))


def help_of(entry: Any) -> list[str]:
    """What the catalogue says of a kind, guard, type or effect, paragraph by paragraph."""
    told = str(gettext(entry.help)) if entry.help else ""
    return [" ".join(part.split()) for part in told.split("\n\n") if part]
