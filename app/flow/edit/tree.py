"""Where every value of a file begins and ends, so that one can be changed and all else be left as it is.

Offsets count characters. The text has no byte-order mark; lines end with \\n, \\r\\n or \\r.
"""

import re
from dataclasses import dataclass, field

import yaml

from app.flow.source import events

#: Blanks, line breaks and comments between two things.
_SPACE = re.compile(r"(?:[ \t\r\n]|#[^\r\n]*)*")
_LINE = re.compile(r"[^\r\n]*(?:\r\n|\r|\n)?")


@dataclass
class Node:
    """A value: `text[start:end]`; `style` is that of PyYAML for scalars, `flow` and `block` for collections.

    `pair` is a mapping of a list that is written without its braces: `[a: b]`.
    """

    start: int
    end: int
    style: str
    entries: list["Entry"] = field(default_factory=list)
    mapping: bool = False
    pair: bool = False

    @property
    def scalar(self) -> bool:
        """Whether it is a scalar, an empty one too."""
        return self.style not in {"flow", "block"}


@dataclass
class Entry:
    """What stands in a collection: from its key, `?`, `-` or (in a flow list) its value on.

    `mark` is where the colon or dash ends, or where the key ends if there is no colon.
    """

    start: int
    mark: int
    node: Node
    key: Node | None = None
    colon: bool = True

    @property
    def end(self) -> int:
        """Where its content ends."""
        return max(self.mark, self.node.end)


def space_after(text: str, at: int) -> int:
    """Where the blanks, breaks and comments that begin at `at` end."""
    found = _SPACE.match(text, at)
    assert found is not None, "it matches nothing, too"
    return found.end()


def line_start(text: str, at: int) -> int:
    """Where the line of `at` begins."""
    return max(text.rfind("\n", 0, at), text.rfind("\r", 0, at)) + 1


def next_line(text: str, at: int) -> int:
    """Where the line after that of `at` begins, or the end of the text."""
    found = _LINE.match(text, at)
    assert found is not None, "it matches nothing, too"
    return found.end()


def line_end(text: str, at: int) -> int:
    """Where the line of `at` ends, without its break."""
    following = next_line(text, at)
    return at + len(text[at:following].rstrip("\r\n"))


def column(text: str, at: int) -> int:
    """How many characters stand before `at` on its line."""
    return at - line_start(text, at)


def tree(text: str) -> Node | None:
    """The value of the file; None if it says nothing. The text must be readable."""
    reader = _Reader(text)
    for event in events(text):
        reader.take(event)
    return reader.root


class _Reader:
    """Builds nodes from events; the marks of the ends of block collections are of no use, so they are found
    from their last entries."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.root: Node | None = None
        self.open: list[Node] = []
        self.keys: list[Node | None] = []

    def take(self, event: yaml.Event) -> None:
        if isinstance(event, yaml.ScalarEvent):
            self._put(self._scalar(event))
        elif isinstance(event, yaml.CollectionStartEvent):
            self._open(event)
        elif isinstance(event, yaml.CollectionEndEvent):
            node = self.open.pop()
            self.keys.pop()
            if node.style == "flow" and not node.pair:
                node.end = _stop(event)
            elif node.entries:
                node.end = node.entries[-1].end

    def _scalar(self, event: yaml.ScalarEvent) -> Node:
        start, end = _start(event), _stop(event)
        if event.style in {"|", ">"}:
            end = _block_end(self.text, start, end)
        return Node(start, end, event.style or "")

    def _open(self, event: yaml.CollectionStartEvent) -> None:
        start, flow = _start(event), bool(event.flow_style)
        mapping = isinstance(event, yaml.MappingStartEvent)
        pair = flow and mapping and self.text[start : start + 1] != "{"
        node = Node(start, _stop(event), "flow" if flow else "block", [], mapping, pair)
        self._put(node)
        self.open.append(node)
        self.keys.append(None)

    def _put(self, node: Node) -> None:
        if not self.open:
            self.root = node
            return
        parent = self.open[-1]
        if not parent.mapping:
            parent.entries.append(self._item(parent, node))
        elif self.keys[-1] is None:
            self.keys[-1] = node
        else:
            parent.entries.append(self._pair(parent, self.keys[-1], node))
            self.keys[-1] = None

    def _item(self, parent: Node, node: Node) -> Entry:
        if parent.style == "flow":
            return Entry(node.start, node.start, node)
        # What stands before the first dash is no part of the list; after that only space comes between.
        dash = space_after(self.text, parent.entries[-1].end) if parent.entries else parent.start
        if node.scalar and node.start == node.end:
            node.start = node.end = dash + 1
        return Entry(dash, dash + 1, node)

    def _pair(self, parent: Node, key: Node, node: Node) -> Entry:
        start = self._before(parent, key)
        after = space_after(self.text, key.end)
        colon = self.text[after : after + 1] == ":"
        mark = after + 1 if colon else key.end
        if node.scalar and node.start == node.end:
            node.start = node.end = mark
        return Entry(start, mark, node, key, colon)

    def _before(self, parent: Node, key: Node) -> int:
        """Where an entry begins: at its key, or at the question mark before it."""
        if parent.entries:
            start = space_after(self.text, parent.entries[-1].end)
            if self.text[start : start + 1] == "," and parent.style == "flow":
                start = space_after(self.text, start + 1)
        else:
            start = parent.start + (parent.style == "flow" and not parent.pair)
            start = space_after(self.text, start)
        return start if start <= key.start and self.text[start : start + 1] == "?" else key.start


def _start(event: yaml.Event) -> int:
    assert event.start_mark is not None, "the parser marks everything"
    return int(event.start_mark.index)


def _stop(event: yaml.Event) -> int:
    assert event.end_mark is not None, "the parser marks everything"
    return int(event.end_mark.index)


def _block_end(text: str, start: int, end: int) -> int:
    """Where the content of a literal or folded scalar ends, which empty lines belong to with `+` only."""
    header = line_end(text, start)
    if "+" in text[start:header].partition("#")[0]:
        return min(end, len(text)) if end > header else header
    indent, last, at = None, header, next_line(text, start)
    while at < end:
        stop = line_end(text, at)
        line = text[at:stop]
        if indent is None and line.strip(" "):
            indent = len(line) - len(line.lstrip(" "))
        if line.strip(" ") or (indent is not None and len(line) > indent):
            last = stop
        at = next_line(text, at)
    return min(last, end)
