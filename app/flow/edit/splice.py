"""Putting entries into a file, taking them out, and giving them another place or name."""

from collections.abc import Callable, Iterator
from typing import Any

from app.flow.edit.model import container_for, same
from app.flow.edit.rows import Rows, in_rows, starts_line
from app.flow.edit.sheet import Sheet
from app.flow.edit.tree import Node, column, line_end, space_after
from app.flow.edit.values import in_braces, with_value
from app.flow.edit.write import few, inline, item, key_word, pair
from app.flow.source import Path

#: Changes the collection at a place, which is laid out as the change needs it.
Change = Callable[[Sheet, Node], Iterator[str]]


def with_entry(sheet: Sheet, parent: Path, part: str | int, value: Any, number: int) -> Iterator[str]:
    """Texts that may have a new entry as the one of this `number` in the collection at `parent`.

    `part` is its key in a mapping; in a list it only says that one is meant.
    """
    there = sheet.value(parent)
    if not there:
        node = sheet.node(parent) if there is not None else None
        if node is not None and "#" in sheet.text[node.start : node.end]:
            yield from _put_inline(sheet, node, _written(sheet, parent, part, value), 0)
        lone = container_for(part) if there is None else type(there)()
        yield from with_value(sheet, parent, {part: value} if isinstance(lone, dict) else [value])
        return
    yield from _laid_out(sheet, parent, lambda laid, node: _put(laid, node, parent, part, value, number))


def without_entry(sheet: Sheet, place: Path) -> Iterator[str]:
    """Texts that may lack the entry at `place`."""
    parent, number = place[:-1], sheet.number_of(place)
    if len(sheet.value(parent)) == 1 and sheet.node(parent).style == "block":
        yield from with_value(sheet, parent, type(sheet.value(parent))())
        return

    def taken_out(laid: Sheet, node: Node) -> Iterator[str]:
        if in_rows(laid.text, node):
            yield Rows(laid.text, node, laid.hand).without(number)[0]
        yield _cut_inline(laid.text, node, number)

    yield from _laid_out(sheet, parent, taken_out)


def with_order(sheet: Sheet, place: Path, number: int) -> Iterator[str]:
    """Texts that may have the entry at `place` as the one of this `number`, itself not counted."""
    parent, own = place[:-1], sheet.number_of(place)

    def moved(laid: Sheet, node: Node) -> Iterator[str]:
        if in_rows(laid.text, node):
            text, lines = Rows(laid.text, node, laid.hand).without(own)
            rest = Sheet(text)
            yield Rows(text, rest.node(parent), laid.hand).with_lines(number, lines)
            yield Rows(text, rest.node(parent), laid.hand).with_lines(number, lines, gaps=False)
            return
        entry = node.entries[own]
        rest = Sheet(_cut_inline(laid.text, node, own))
        yield from _put_inline(rest, rest.node(parent), laid.text[entry.start : entry.end], number)

    yield from _laid_out(sheet, parent, moved)


def with_key(sheet: Sheet, place: Path, name: str) -> Iterator[str]:
    """Texts that may call the key at `place` so."""
    entry = sheet.entry(place)
    assert entry is not None and entry.key is not None, "a key is renamed"
    flow = sheet.node(place[:-1]).style == "flow"
    for style in dict.fromkeys((entry.key.style, '"')):
        word = key_word(name, flow=flow, style=style)
        yield sheet.text[: entry.key.start] + word + sheet.text[entry.key.end :]


def _laid_out(sheet: Sheet, parent: Path, change: Change) -> Iterator[str]:
    """The change, made while the collection stands so that every entry has a line, if it has lines at all.

    Afterwards it is given back the look it had.
    """
    laid, broken = _opened(sheet, parent)
    rows = in_rows(laid.text, laid.node(parent))
    endless = rows and laid.text[-1] not in "\r\n"
    if endless:
        laid = Sheet(_with_final_break(laid))
    node = laid.node(parent)
    comma = rows and node.style == "flow" and not _comma(laid.text, node)
    if comma:
        end = node.entries[-1].end
        laid = Sheet(laid.text[:end] + "," + laid.text[end:])
    for changed in change(laid, laid.node(parent)):
        text = _joined(Sheet(changed), parent) if broken else changed
        text = _without_comma(Sheet(text), parent) if comma else text
        if endless:
            yield text.removesuffix("\n").removesuffix("\r")
        yield text


def _opened(sheet: Sheet, parent: Path) -> tuple[Sheet, bool]:
    """With braces around a mapping that does without, and with the first entry on a line of its own; whether
    it was behind a dash."""
    text, node = sheet.text, sheet.node(parent)
    begin = node.entries[0].start
    if node.pair:
        return Sheet(f"{text[: node.start]}{{{text[node.start : node.end]}}}{text[node.end :]}"), False
    if node.style == "flow" or starts_line(text, begin):
        return sheet, False
    return Sheet(text[:begin] + sheet.hand.newline + " " * column(text, begin) + text[begin:]), True


def _with_final_break(sheet: Sheet) -> str:
    """The text with a break at its end, which a literal block that stands there must not take for its own."""
    text, newline = sheet.text, sheet.hand.newline
    if same(Sheet(text + newline).data, sheet.data):
        return text + newline
    last = sheet.root
    while last is not None and last.entries:
        last = last.entries[-1].node
    assert last is not None, "a break says nothing in an empty file"
    header = text[last.start : line_end(text, last.start)]
    indicators, space, comment = header.partition(" ")
    stripping = indicators.replace("+", "").replace("-", "") + "-"
    return text[: last.start] + stripping + space + comment + text[last.start + len(header) :] + newline


def _comma(text: str, node: Node) -> int | None:
    """Where the comma behind the last entry stands."""
    at = space_after(text, node.entries[-1].end)
    return at if text[at : at + 1] == "," else None


def _without_comma(sheet: Sheet, parent: Path) -> str:
    text, node = sheet.text, sheet.node(parent)
    at = _comma(text, node) if node.entries else None
    return text if at is None else text[:at] + text[at + 1 :]


def _joined(sheet: Sheet, parent: Path) -> str:
    """The first entry back behind its dash, unless a comment stands between."""
    text, node, owner = sheet.text, sheet.node(parent), sheet.entry(parent)
    if owner is None or node.style != "block":
        return text
    begin = node.entries[0].start
    if text[owner.mark : begin].strip(" \r\n") or column(text, begin) <= column(text, owner.mark):
        return text
    return text[: owner.mark] + " " * (column(text, begin) - column(text, owner.mark)) + text[begin:]


def _written(sheet: Sheet, parent: Path, part: str | int, value: Any) -> str:
    """The entry in one line, as it stands in brackets."""
    word = inline(value, flow=True)
    return f"{key_word(str(part), flow=True)}: {word}" if sheet.node(parent).mapping else word


def _put(sheet: Sheet, node: Node, parent: Path, part: str | int, value: Any, number: int) -> Iterator[str]:
    if not in_rows(sheet.text, node):
        yield from _put_inline(sheet, node, _written(sheet, parent, part, value), number)
        return
    rows = Rows(sheet.text, node, sheet.hand)
    default = sheet.hand.braces and (not node.mapping or (few(value) and len(parent) > 1))
    braces = in_braces([each.node for each in node.entries], None, default)
    if node.style == "flow":
        lines = " " * rows.column + _written(sheet, parent, part, value) + ","
    elif node.mapping:
        lines = pair(str(part), value, rows.column, sheet.hand, braces=braces)
    else:
        lines = item(value, rows.column, sheet.hand, braces=braces)
    yield rows.with_lines(number, lines + sheet.hand.newline)
    yield rows.with_lines(number, lines + sheet.hand.newline, gaps=False)


def _put_inline(sheet: Sheet, node: Node, word: str, number: int) -> Iterator[str]:
    text = sheet.text
    word += " " if word.endswith(":") else ""
    if not node.entries:
        at = node.start + 1
        yield text[:at] + word + text[at:]
    elif number == 0:
        at = node.entries[0].start
        yield f"{text[:at]}{word}, {text[at:]}"
    else:
        at = node.entries[number - 1].end
        space = " " if text[at - 1] == ":" else ""
        yield f"{text[:at]}{space}, {word}{text[at:]}"


def _cut_inline(text: str, node: Node, number: int) -> str:
    """Without an entry in brackets and one comma; comments stay."""
    entry = node.entries[number]
    after = space_after(text, entry.end)
    if text[after : after + 1] == ",":
        stop = after + 1
        while text[stop : stop + 1] == " ":
            stop += 1
        return text[: entry.start] + _only_comments(text[entry.end : after]) + text[stop:]
    if number == 0:
        return text[: entry.start] + text[entry.end :]
    end = node.entries[number - 1].end
    comma = space_after(text, end)
    return text[:comma] + _only_comments(text[comma + 1 : entry.start]) + text[entry.end :]


def _only_comments(between: str) -> str:
    return between if "#" in between else ""
