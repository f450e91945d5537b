"""A file under an edit: its text, what it says, and where everything stands."""

from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Any

from app.flow.edit.model import numbered
from app.flow.edit.tree import Entry, Node, column, tree
from app.flow.edit.write import Hand
from app.flow.source import Path, Source, read


@dataclass(frozen=True)
class Sheet:
    """A text and the file it is of; what it says and where is found out once, and must not be changed."""

    text: str
    file: str = ""

    @cached_property
    def source(self) -> Source:
        """What it says, with marks. Raises source.Unreadable."""
        return read(self.text, self.file)

    @property
    def data(self) -> Any:
        """What it says. Raises source.Unreadable."""
        return self.source.data

    @cached_property
    def root(self) -> Node | None:
        """Its value with places in the text; None if it says nothing."""
        return tree(self.text)

    @cached_property
    def hand(self) -> Hand:
        """How its author writes."""
        newline = next((each for each in ("\r\n", "\n", "\r") if each in self.text), "\n")
        full = [(owner, entry) for owner, entry in _all_entries(self.root) if entry.node.entries]
        steps: dict[bool, int] = {}
        for owner, entry in full:
            if owner.mapping and entry.node.style == "block":
                inner = column(self.text, entry.node.entries[0].start)
                steps.setdefault(entry.node.mapping, inner - column(self.text, entry.start))
        step = max(1, steps.get(True, 2))
        braces = any(entry.node.style == "flow" and entry.node.mapping for _, entry in full)
        return Hand(newline, step, max(0, steps.get(False, step)), braces or True not in steps)

    def number_of(self, place: Path) -> int:
        """Which of its siblings the entry at `place` is."""
        parent = self.value(place[:-1])
        return list(parent).index(place[-1]) if isinstance(parent, dict) else int(place[-1])

    def value(self, place: Path) -> Any:
        """What stands at a place made of keys and numbers."""
        here = self.data
        for part in place:
            here = here[part]
        return here

    def node(self, place: Path) -> Node:
        """Where that stands."""
        entry = self.entry(place)
        node = entry.node if entry else self.root
        assert node is not None, "the place is there"
        return node

    def entry(self, place: Path) -> Entry | None:
        """The entry that holds it; None for the root."""
        here, found = self.root, None
        for depth in range(len(place)):
            assert here is not None, "the place is there"
            found = here.entries[self.number_of(place[: depth + 1])]
            here = found.node
        return found

    def numbered(self, place: Path) -> Path:
        """The place with numbers for the names of items."""
        return numbered(self.data, place)


@lru_cache(maxsize=32)
def sheet_of(text: str, file: str) -> Sheet:
    """The sheet of a text; edits that follow each other find what the one before has read already."""
    return Sheet(text, file)


def _all_entries(node: Node | None) -> list[tuple[Node, Entry]]:
    found: list[tuple[Node, Entry]] = []
    waiting = [node] if node else []
    for here in waiting:
        found += [(here, entry) for entry in here.entries]
        waiting += [entry.node for entry in here.entries]
    return found
