"""The words of a definition side by side: a row for each text, a cell for each language."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from itertools import groupby
from typing import Literal, get_args

from app.flow.definition import Flow
from app.flow.text_places import Place, Shown, shown_at
from app.flow.translated import Wording, source_hash
from app.flow.wording import TextFinding, findings, most_characters
from app.runner.messages_told import MOST_PARTS, Length, length, messages

#: Which rows are wanted: those with something to look at, of one sort, or all.
Only = Literal["all", "open", "missing", "stale", "same", "placeholders", "long", "unknown_key"]
ONLY: tuple[Only, ...] = get_args(Only)

AT_A_TIME = 20


@dataclass(frozen=True)
class Cell:
    """One text in one language: None where there is none. `sms` tells what a text message costs.

    `most` is how many characters fit where it is shown, `seen` stands for the words in a form, `source_was`
    is what a translation older than its source was made from, where that is still known.
    """

    language: str
    words: str | None = field(repr=False)
    findings: tuple[TextFinding, ...]
    most: int
    seen: str
    sms: Length | None = None
    source_was: str | None = field(default=None, repr=False)

    @property
    def is_dear(self) -> bool:
        """Whether the text message takes more parts than it should."""
        return self.sms is not None and self.sms.parts > MOST_PARTS

    @property
    def sorts(self) -> frozenset[str]:
        """What there is to look at."""
        return frozenset(found.sort for found in self.findings) | ({"long"} if self.is_dear else frozenset())


@dataclass(frozen=True)
class Row:
    """One text in all languages, the source first."""

    key: str
    shown: Shown
    cells: tuple[Cell, ...]


@dataclass(frozen=True)
class Group:
    """The rows of one page, field or message."""

    place: Place
    name: str
    rows: tuple[Row, ...]


@dataclass(frozen=True)
class Asked:
    """What is looked for: a sort of finding, in one language or any, and part of a key or of a text."""

    only: Only = "all"
    language: str = ""
    find: str = ""


@dataclass(frozen=True)
class Grid:
    """The rows that fit, and how many cells there are of each sort of finding, per language."""

    rows: tuple[Row, ...]
    every: int
    counts: Mapping[str, Mapping[str, int]]


@dataclass(frozen=True)
class Scene:
    """What a grid is made of: the words, what else is known of their flow, and the words that are live.

    Without `flow`, one that does not load, keys that no page asks for are not told.
    """

    there: Wording
    flow: Flow | None = None
    live: Wording | None = None

    @cached_property
    def lengths(self) -> Mapping[tuple[str, str], Length]:
        """The lengths of text messages by language and key."""
        return _lengths(self.there, self.flow)

    def source_was(self, language: str, key: str) -> str | None:
        """What a stale translation was made from, if that is what is live."""
        made = self.there.translated.made_from(language).get(key)
        if self.live is None or not self.there.is_stale(language, key):
            return None
        words = self.live.words(self.there.source).get(key)
        return words if words is not None and source_hash(words) == made else None


def grid(scene: Scene, asked: Asked) -> Grid:
    """The words as asked for."""
    there = scene.there
    rows = [_row(scene, key) for key in there.every_key()]
    counts: dict[str, dict[str, int]] = {language: {} for language in there.languages}
    for cell in (cell for row in rows for cell in row.cells):
        for sort in cell.sorts:
            counts[cell.language][sort] = counts[cell.language].get(sort, 0) + 1
    return Grid(tuple(row for row in rows if _fits(row, asked)), len(rows), counts)


def grouped(rows: tuple[Row, ...]) -> Iterator[Group]:
    """The rows by what they are shown in, in their order."""
    for (place, name), some in groupby(rows, key=lambda row: (row.shown.place, row.shown.name)):
        yield Group(place, name, tuple(some))


def row_of(scene: Scene, key: str) -> Row | None:
    """The row of one key; None where no language words it."""
    return _row(scene, key) if key in scene.there.every_key() else None


def seen(words: str | None) -> str:
    """What stands for the words of a cell in a form: nothing for none."""
    return source_hash(plain(words)) if words is not None else ""


def plain(words: str) -> str:
    """The words as a form sends them back when nobody touched them."""
    return words.replace("\r\n", "\n").replace("\r", "\n").strip()


def _row(scene: Scene, key: str) -> Row:
    there, spec = scene.there, scene.flow.spec if scene.flow else None
    cells = tuple(
        Cell(
            language,
            words := there.words(language).get(key),
            tuple(findings(there, key, language, spec)),
            most_characters(key),
            seen(words),
            scene.lengths.get((language, key)),
            scene.source_was(language, key),
        )
        for language in there.languages
    )
    return Row(key, shown_at(key), cells)


def _lengths(there: Wording, flow: Flow | None) -> dict[tuple[str, str], Length]:
    """The lengths of text messages as they are sent, code and link filled in; else of the bare words."""
    told = {
        (language, key): length(words)
        for language in there.languages
        for key, words in there.words(language).items()
        if shown_at(key).place == "message" and shown_at(key).part == "sms"
    }
    if flow is not None:
        for language in set(there.languages) & set(flow.spec.languages):
            for message in messages(flow, language):
                if message.length and (language, message.key) in told:
                    told[language, message.key] = message.length
    return told


def _fits(row: Row, asked: Asked) -> bool:
    cells = [cell for cell in row.cells if asked.language in {"", cell.language}]
    sorts = frozenset().union(*(cell.sorts for cell in cells))
    # Braces are wrong placeholders to whoever looks for those.
    wanted = {"placeholders", "brace"} if asked.only == "placeholders" else {asked.only}
    if asked.only == "open" and not sorts:
        return False
    if asked.only not in {"all", "open"} and not wanted & sorts:
        return False
    sought = asked.find.casefold()
    return sought in row.key.casefold() or any(sought in (cell.words or "").casefold() for cell in row.cells)
