"""A change as a sentence in Bulgarian, English or Hungarian: numbers, spans, quotes and articles right."""

import re
from collections.abc import Mapping
from datetime import timedelta
from string import Formatter
from typing import Any

from app.flow.difference import words_bg, words_en, words_hu
from app.flow.difference.change import Change

TABLES: Mapping[str, Mapping[str, str]] = {
    "bg": words_bg.WORDS,
    "en": words_en.WORDS,
    "hu": words_hu.WORDS,
}

_SPANS = (
    ("days", timedelta(days=1)),
    ("h", timedelta(hours=1)),
    ("min", timedelta(minutes=1)),
    ("s", timedelta(seconds=1)),
)
_FEWEST_DAYS = 2
_LAST = re.compile(r"last ([1-9][0-9]?)")
_VOWELS = frozenset("aeiouáéíóöőúüű")
_THOUSANDS = {"en": ",", "bg": " ", "hu": " "}
_GROUPED_FROM = 10_000  # 5000 is written in one piece in Bulgarian and Hungarian


def sentence(change: Change, lang: str) -> str:
    """What the change does, as one whole sentence in `lang`."""
    words = TABLES[lang]
    given = {**change.params, "old": change.old, "new": change.new}
    shown = {name: _Shown(value, change, lang) for name, value in given.items()}
    return Formatter().vformat(words[_frame(change, words)], (), shown)


def word(key: str, lang: str) -> str:
    """A word of the tables: `mark.added`, `group.theme`."""
    return TABLES[lang][key]


def heading(subject: tuple[str, str], lang: str) -> str:
    """What a group of changes is called: `Code ‘phone_code’`, `Look and contact`."""
    section, name = subject
    words = TABLES[lang]
    if f"section.{section}" in words and name:
        return f"{_capital(words[f'section.{section}'])} {_quoted(name, lang)}"
    return words.get(f"group.{section}", words["group.flow"])


def span(value: timedelta, lang: str) -> str:
    """A span as people say it: 5 minutes, 5 минути, 5 perc; up to two days in hours."""
    for unit, one in _SPANS:
        number, rest = divmod(value, one)
        if not rest and number and (unit != "days" or number >= _FEWEST_DAYS):
            return _counted(TABLES[lang][unit], number, lang)
    return _counted(TABLES[lang]["s"], int(value.total_seconds()), lang)


def _frame(change: Change, words: Mapping[str, str]) -> str:
    """The table's key: a code has sentences of its own for what came, what went, and for yes and no."""
    variant = ""
    if isinstance(change.new, bool):
        variant = str(change.new).lower()
    elif change.old is None:
        variant = "added"
    elif change.new is None:
        variant = "removed"
    special = f"{change.code}.{variant}"
    return special if special in words else change.code


class _Shown:
    """A value inside a sentence; what stands behind the colon of its placeholder says how it is shown."""

    def __init__(self, value: Any, change: Change, lang: str) -> None:
        self._value, self._change, self._lang = value, change, lang

    def __format__(self, spec: str) -> str:
        value, words = self._value, TABLES[self._lang]
        if "|" in spec and isinstance(value, int):
            return _counted(f"{{n:{spec}}}", value, self._lang)
        if spec == "L":
            return self._languages()
        if spec in {"s", "S"}:
            called = words.get(f"section.{value}", _quoted(str(value), self._lang))
            return _capital(called) if spec == "S" else called
        if spec == "O":
            name = str(value).rpartition(".")[2]
            return words.get(f"option.{name}", _quoted(str(value), self._lang))
        shown = worded(value, self._change, self._lang)
        return f"{_article(str(value), spec)} {shown}" if spec in {"a", "A"} and value else shown

    def _languages(self) -> str:
        words = TABLES[self._lang]
        each = self._value if isinstance(self._value, list) else [self._value]
        return words["list"].join(words.get(f"lang.{code}", str(code)) for code in each)


def worded(value: Any, change: Change, lang: str) -> str:
    """A value in words, as the change's sentence needs it."""
    words = TABLES[lang]
    match value:
        case None | [] | {} if not value:
            shown = words.get(f"none.{change.code}", words["none"])
        case bool():
            shown = words[str(value).lower()]
        case int():
            shown = _number(value, lang)
        case timedelta():
            shown = span(value, lang)
        case list():
            shown = words["list"].join(worded(each, change, lang) for each in value)
        case Mapping():
            shown = _mapping(value, change, lang)
        case _:
            shown = _text(str(value), change, lang)
    return shown


def _text(value: str, change: Change, lang: str) -> str:
    words = TABLES[lang]
    if f"value.{change.path[-1]}.{value}" in words:
        return words[f"value.{change.path[-1]}.{value}"]
    if change.code == "code_typed" and (last := _LAST.fullmatch(value)):
        return _counted(words["last"], int(last[1]), lang)
    return _quoted(value, lang)


def _mapping(value: Mapping[str, Any], change: Change, lang: str) -> str:
    words = TABLES[lang]
    if change.code == "state_back":
        keep = words.get(f"value.keep.{value['keep']}", str(value["keep"]))
        return words["back"].format(to=_quoted(str(value["to"]), lang), keep=keep)
    pairs = (f"{_quoted(str(name), lang)}: {worded(each, change, lang)}" for name, each in value.items())
    return words["list"].join(pairs)


def _counted(frame: str, number: int, lang: str) -> str:
    """`{n:minute|minutes}` for a number; Hungarian has one form after numbers: `{n} perc`."""
    (before, _, spec, _), *rest = Formatter().parse(frame)
    behind = "".join(each[0] for each in rest)
    one, _, many = (spec or "").partition("|")
    noun = one if number == 1 else many
    return " ".join(part for part in (before.strip(), _number(number, lang), noun, behind.strip()) if part)


def _number(value: int, lang: str) -> str:
    if lang != "en" and abs(value) < _GROUPED_FROM:
        return str(value)
    return f"{value:,}".replace(",", _THOUSANDS[lang])


def _quoted(value: str, lang: str) -> str:
    return TABLES[lang]["quote"].format(value)


def _capital(words: str) -> str:
    return words[:1].upper() + words[1:]


def _article(value: str, spec: str) -> str:
    """The Hungarian article before a name."""
    article = "az" if value[:1].lower() in _VOWELS else "a"
    return _capital(article) if spec == "A" else article
