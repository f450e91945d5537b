"""YAML read strictly: every word means what it looks like, and nothing in a file can cost much.

Words stay words (`on`, `12:30`, `1.10`, `0888123456`): only `true`, `false`, empty, `null`, `~` and whole
numbers without leading zeros are more. What YAML offers beyond mappings, lists and scalars is refused.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

import yaml

from app.flow.findings import Finding, Mark, shown

try:
    from yaml import CSafeLoader as Loader
except ImportError:  # a PyYAML built without libyaml: slower, the same events
    from yaml import SafeLoader as Loader  # type: ignore[assignment]

#: Keys and list positions from the root of a file.
Path = tuple[str | int, ...]

LARGEST = 1024 * 1024
DEEPEST = 40
MOST_NODES = 50_000

_KEPT_FILES, _KEPT_LENGTH = 128, 64 * 1024

# Controls, other line breaks than \n and \r, marks that turn the direction of text, lone surrogates.
_UNSEEN = re.compile(
    r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069\ud800-\udfff\ufeff\ufffe\uffff]"
)
_BREAK = re.compile(r"\r\n|\r|\n")
_INTEGER = re.compile(r"0|-?[1-9][0-9]{0,14}")
_NO_NUMBER = re.compile(r"[-+]?\.(inf|nan)", re.IGNORECASE)
_WORDS: Mapping[str, bool | None] = {"true": True, "false": False, "null": None, "~": None, "": None}

_CURES = {
    "mapping values are not allowed": "Put a text that contains ': ' in quotes.",
    "did not find expected": "Check the indentation, and that quotes and brackets are closed.",
    "expected ',' or": "Check that quotes and brackets are closed.",
    "could not find expected ':'": "Write `key: value`; put longer texts in quotes.",
    "tab character": "Indent with spaces.",
    "cannot start any token": "Put a text that begins with this character in quotes.",
    "found unexpected end of stream": "Close the quote.",
}


class Unreadable(Exception):
    """A file that cannot be read as a definition; `finding` says where and what to do."""

    def __init__(self, finding: Finding) -> None:
        super().__init__(str(finding))
        self.finding = finding


def refusal(path: str, mark: Mark, text: str, fix: str) -> Unreadable:
    """An Unreadable with code F000."""
    return Unreadable(Finding(path, *mark, "F000", "error", text, fix))


@dataclass(frozen=True)
class Source:
    """One file: `data` is made of dict, list, str, int, bool and None; `path` is how findings name it."""

    path: str
    data: Any
    _values: Mapping[Path, Mark] = field(default_factory=dict, repr=False)
    _keys: Mapping[Path, Mark] = field(default_factory=dict, repr=False)

    def mark(self, path: Path, *, key: bool = False) -> Mark:
        """(line, column) of what stands at `path`, or of its nearest parent that exists.

        A scalar's mark is the scalar's own; that of a mapping, a list or nothing, and any with `key`, is its
        key's.
        """
        for end in range(len(path), -1, -1):
            here = path[:end]
            if here in self._keys and (key or here not in self._values):
                return self._keys[here]
            if here in self._values:
                return self._values[here]
        return 1, 1


def has_unseen(words: str) -> bool:
    """Whether the words hold a character that cannot be seen, which no file may have."""
    return _UNSEEN.search(words) is not None


def read(text: str, path: str) -> Source:
    """The content of one file called `path` in findings. Raises Unreadable; never anything else."""
    if len(text.encode("utf-8", "surrogatepass")) > LARGEST:
        raise refusal(path, (1, 1), "The file is larger than 1 MiB.", "Split the flow.")
    if unseen := _UNSEEN.search(text, 1 if text.startswith("\ufeff") else 0):
        raise refusal(path, _place(text, unseen.start()), _unseen_words(unseen[0]), "Delete it.")
    builder = _Builder(path)
    try:
        for event in events(text):
            builder.take(event)
    except yaml.MarkedYAMLError as problem:
        raise _syntax(path, text, problem) from None
    except yaml.YAMLError as problem:
        raise refusal(path, (1, 1), f"This is no YAML: {problem}.", "") from None
    return Source(path, builder.root, builder.values, builder.keys)


def read_kept(text: str, path: str) -> Source:
    """As `read`; who reads the same file again gets the same Source, which nobody may change.

    A flow is loaded again and again while one of its files is edited. Large files are not kept.
    """
    return _kept(text, path) if len(text) <= _KEPT_LENGTH else read(text, path)


_kept = lru_cache(maxsize=_KEPT_FILES)(read)


def events(text: str) -> Iterator[yaml.Event]:
    """What the parser sees in a text, mark by mark. Raises yaml.YAMLError."""
    return yaml.parse(text, Loader=Loader)


def _place(text: str, at: int) -> Mark:
    before = _BREAK.split(text[:at])
    return len(before), len(before[-1]) + 1


def _unseen_words(character: str) -> str:
    return f"A character stands here that cannot be seen: U+{ord(character):04X}."


def _syntax(path: str, text: str, problem: yaml.MarkedYAMLError) -> Unreadable:
    mark = problem.problem_mark or problem.context_mark
    line, column = (mark.line, mark.column) if mark else (0, 0)
    words = " ".join(part for part in (problem.context, problem.problem) if part)
    cure = next((cure for sign, cure in _CURES.items() if sign in words), "")
    lines = _BREAK.split(text)
    if line < len(lines) and lines[line][column : column + 1] == "\t":
        cure = _CURES["tab character"]
    return refusal(path, (line + 1, column + 1), f"This is no YAML: {words}.", cure)


@dataclass
class _Open:
    """A mapping or list whose end has not come; `key` waits for its value."""

    value: Any
    path: Path
    key: str | None = None
    mark: Mark = (1, 1)

    @property
    def wants_key(self) -> bool:
        return isinstance(self.value, dict) and self.key is None


class _Builder:
    """Builds data from events one by one, so that a hostile file is refused before it costs anything."""

    def __init__(self, path: str) -> None:
        self.path = path
        self.root: Any = None
        self.values: dict[Path, Mark] = {}
        self.keys: dict[Path, Mark] = {}
        self.open: list[_Open] = []
        self.documents = 0
        self.nodes = 0

    def take(self, event: yaml.Event) -> None:
        mark = _mark(event)
        if isinstance(event, yaml.DocumentStartEvent):
            self._document(event, mark)
        elif isinstance(event, yaml.NodeEvent):
            self._plain(event, mark)
            self._node(event, mark)
        elif isinstance(event, yaml.CollectionEndEvent):
            self.open.pop()

    def _refuse(self, mark: Mark, text: str, fix: str) -> Unreadable:
        return refusal(self.path, mark, text, fix)

    def _document(self, event: yaml.DocumentStartEvent, mark: Mark) -> None:
        self.documents += 1
        if self.documents > 1:
            raise self._refuse(mark, "A second document begins here.", "Keep one document a file.")
        if event.version or event.tags:
            raise self._refuse(mark, "Directives are not read.", "Remove the lines that begin with %.")

    def _plain(self, event: yaml.NodeEvent, mark: Mark) -> None:
        self.nodes += 1
        if self.nodes > MOST_NODES:
            raise self._refuse(mark, f"The file has more than {MOST_NODES:,} values.", "Split the flow.")
        if event.anchor is not None:
            sign = "*" if isinstance(event, yaml.AliasEvent) else "&"
            words = f"{shown(sign + event.anchor)} refers to another place."
            raise self._refuse(mark, words, "Write it out.")
        if (tag := getattr(event, "tag", None)) is not None:
            raise self._refuse(mark, f"The tag {shown(tag)} is not read.", "Remove it.")

    def _node(self, event: yaml.NodeEvent, mark: Mark) -> None:
        if isinstance(event, yaml.ScalarEvent):
            self._scalar(event, mark)
            return
        if self.open and self.open[-1].wants_key:
            raise self._refuse(mark, "A list or mapping stands where a key is expected.", "Write a word.")
        if len(self.open) == DEEPEST:
            raise self._refuse(mark, f"Nested deeper than {DEEPEST} levels.", "Flatten it.")
        value: Any = {} if isinstance(event, yaml.MappingStartEvent) else []
        self.open.append(_Open(value, self._put(value, mark)))

    def _scalar(self, event: yaml.ScalarEvent, mark: Mark) -> None:
        if unseen := _UNSEEN.search(event.value):
            raise self._refuse(mark, _unseen_words(unseen[0]), "Delete it.")
        plain = event.style in (None, "")
        if plain and _NO_NUMBER.fullmatch(event.value):
            raise self._refuse(mark, f"'{event.value}' is no number we know.", "Put a text in quotes.")
        value = _resolve(event.value) if plain else event.value
        if self.open and self.open[-1].wants_key:
            self._key(value, event, mark, plain=plain)
        else:
            path = self._put(value, mark)
            if value is None and path in self.keys:
                del self.values[path]

    def _key(self, value: Any, event: yaml.ScalarEvent, mark: Mark, *, plain: bool) -> None:
        here = self.open[-1]
        if plain and value == "<<":
            raise self._refuse(mark, "Mappings are not merged.", "Write the keys out.")
        if not isinstance(value, str):
            raise self._refuse(mark, f"The key '{event.value}' is no text.", "Put it in quotes.")
        if value in here.value:
            line = self.keys[(*here.path, value)][0]
            words = f"{shown(value)} stands here twice, first in line {line}."
            raise self._refuse(mark, words, "Remove one.")
        here.key, here.mark = value, mark

    def _put(self, value: Any, mark: Mark) -> Path:
        """Hang `value` where it belongs and remember its place; returns its path."""
        path: Path = ()
        if not self.open:
            self.root = value
        elif (here := self.open[-1]).key is None:
            path = (*here.path, len(here.value))
            here.value.append(value)
        else:
            path = (*here.path, here.key)
            here.value[here.key] = value
            self.keys[path] = here.mark
            here.key = None
        if not (isinstance(value, dict | list) and path in self.keys):
            self.values[path] = mark
        return path


def _resolve(word: str) -> str | int | bool | None:
    if word in _WORDS:
        return _WORDS[word]
    return int(word) if _INTEGER.fullmatch(word) else word


def _mark(event: yaml.Event) -> Mark:
    return (event.start_mark.line + 1, event.start_mark.column + 1) if event.start_mark else (1, 1)
