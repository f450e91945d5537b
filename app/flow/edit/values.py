"""Writing another value where one stands, with the comments around it left as they are."""

from collections.abc import Iterator
from typing import Any

from app.flow.edit.rows import Rows, starts_line
from app.flow.edit.sheet import Sheet
from app.flow.edit.tree import Entry, Node, column, line_end, line_start, next_line
from app.flow.edit.write import behind_dash, block, entries, few, inline, literal
from app.flow.source import Path


def with_value(sheet: Sheet, place: Path, value: Any) -> Iterator[str]:
    """Texts that may say `value` at `place`, which is there, the best first."""
    entry = sheet.entry(place)
    if entry is None:
        yield from _root(sheet, value)
    elif sheet.node(place[:-1]).style == "flow":
        yield from _in_brackets(sheet, entry, value)
    elif entry.key is not None and not entry.colon:
        key, text = entry.key, sheet.text
        plain = f"{text[: entry.start]}{text[key.start : key.end]}:{text[key.end :]}"
        yield from with_value(Sheet(plain), place, value)
    else:
        yield from _in_block(sheet, place, entry, value)


def _in_brackets(sheet: Sheet, entry: Entry, value: Any) -> Iterator[str]:
    text, node = sheet.text, entry.node
    for style in dict.fromkeys((node.style, '"')):
        word = inline(value, flow=True, style=style)
        yield text[: node.start] + _pad(text, entry) + word + text[node.end :]


def _pad(text: str, entry: Entry) -> str:
    """What must stand between a key or dash and a value in the place of nothing."""
    if entry.node.start != entry.node.end:
        return ""
    if entry.key is not None and not entry.colon:
        return ": "
    return " " if text[entry.node.start - 1] in ":-" else ""


def _root(sheet: Sheet, value: Any) -> Iterator[str]:
    text, node, hand = sheet.text, sheet.root, sheet.hand
    lines = entries(value, 0, hand) if isinstance(value, dict | list) and value else inline(value)
    if node is None or (node.scalar and node.start == node.end):
        at = len(text) if node is None else node.start
        lead = "" if not text or text[-1] in "\r\n" else hand.newline
        yield text[:at] + lead + lines + hand.newline + text[at:].lstrip("\r\n")
        yield text[:at] + hand.newline + lines + hand.newline + text[at:]
        return
    end = _end(text, node)
    comment = text[end : line_end(text, end)].strip()
    if comment:
        yield text[: node.start] + comment + hand.newline + lines + text[line_end(text, end) :]
    yield text[: node.start] + lines + text[end:]
    yield text[: node.start] + hand.newline + lines + text[end:]
    yield text[: node.start] + inline(value, style='"') + text[end:]


def _end(text: str, node: Node) -> int:
    """Where the content ends, without the breaks that end a literal block."""
    if node.style not in {"|", ">"}:
        return node.end
    return node.start + len(text[node.start : node.end].rstrip("\r\n"))


def _in_block(sheet: Sheet, place: Path, entry: Entry, value: Any) -> Iterator[str]:
    text, node = sheet.text, entry.node
    new = _behind(sheet, place, entry, value)
    if node.style == "block":
        yield _for_block(sheet, entry, new)
        yield _for_block(sheet, entry, new, apart=False)
        return
    if node.style in {"|", ">"}:
        if isinstance(value, str) and (written := _as_before(sheet, entry, value)) is not None:
            yield _for_inline(text, entry, f" {written}")
    elif not ("\n" in new or "\r" in new):
        for style in dict.fromkeys((node.style, '"')):
            word = inline(value, style=style)
            yield text[: node.start] + _pad(text, entry) + word + text[node.end :]
    if node.start > line_end(text, entry.mark):
        yield _on_own_lines(text, entry, new)
    yield _for_inline(text, entry, new)
    yield _for_inline(text, entry, " " + inline(value))
    yield _for_inline(text, entry, " " + inline(value, style='"'))


def _behind(sheet: Sheet, place: Path, entry: Entry, value: Any) -> str:
    """What stands behind the key or the dash from now on."""
    at, hand = column(sheet.text, entry.start), sheet.hand
    siblings = [each.node for each in sheet.node(place[:-1]).entries if each is not entry]
    braces = in_braces(siblings, entry.node, hand.braces and few(value) and len(place) > 2)
    if entry.key is None:
        return behind_dash(value, at, hand, braces=braces or (hand.braces and not siblings))
    return block(value, at, hand, braces=braces, room=column(sheet.text, entry.mark))


def in_braces(siblings: list[Node], before: Node | None, default: bool) -> bool:
    """Whether a mapping stands in braces: as what stood there before, or as most of its siblings do."""
    if before is not None and before.entries:
        return before.style == "flow"
    styles = [each.style for each in siblings if each.mapping and each.entries]
    return styles.count("flow") * 2 >= len(styles) if styles else default


def _as_before(sheet: Sheet, entry: Entry, value: str) -> str | None:
    """The text as a block again, which one stands there."""
    written = literal(value, column(sheet.text, entry.start) + sheet.hand.step, sheet.hand)
    if written is not None and entry.node.style == ">" and "\n" not in value.removesuffix("\n"):
        return written.replace("|", ">", 1)
    return written


def _comments(text: str, entry: Entry) -> str:
    """The comments on the lines of a key and of its value, which is not a block collection."""
    node, found = entry.node, ""
    if node.start > line_end(text, entry.mark):
        found = text[entry.mark : line_end(text, entry.mark)]
    if node.style in {"|", ">"}:
        header = text[node.start : line_end(text, node.start)]
        return found + header[len(header.partition(" ")[0]) :].rstrip()
    end = _end(text, node)
    return found + text[end : line_end(text, end)].rstrip()


def _for_inline(text: str, entry: Entry, new: str) -> str:
    """`new` in the place of a scalar or a collection in brackets; its first line takes the comments."""
    end = _end(text, entry.node)
    stop = end if entry.node.style in {"|", ">"} else line_end(text, end)
    return text[: entry.mark] + _with_comment(new, _comments(text, entry)) + text[stop:]


def _on_own_lines(text: str, entry: Entry, new: str) -> str:
    """`new` in the place of a value on a line of its own below its key, and below comments perhaps."""
    node, end = entry.node, _end(text, entry.node)
    begin = line_start(text, node.start)
    comment = text[end : line_end(text, end)].strip()
    if new[:1] in "\r\n":
        above = text[begin : node.start] + comment + text[end : next_line(text, end)][-1:] if comment else ""
        return text[:begin] + above + new.lstrip("\r\n") + text[line_end(text, end) :]
    return (
        text[: node.start]
        + _with_comment(new[1:], f"  {comment}" if comment else "")
        + text[line_end(text, end) :]
    )


def _with_comment(new: str, comment: str) -> str:
    """Behind the first line, unless that is a quoted text or ends where the text goes on."""
    at = line_end(new, 1 if new[:1] == " " else 0)
    return new[:at] + comment + new[at:]


def _for_block(sheet: Sheet, entry: Entry, new: str, *, apart: bool = True) -> str:
    """`new` in the place of a collection on lines of its own.

    Comments that belong to none of its entries stay; what stands `apart` above the first would be taken for
    the text of a literal block.
    """
    text, node, newline = sheet.text, entry.node, sheet.hand.newline
    rows = Rows(text, node, sheet.hand)
    begin = rows.begin(0) if starts_line(text, node.entries[0].start) else None
    stop = rows.stop(len(node.entries) - 1)
    final = newline if text[stop - 1] in "\r\n" else ""
    at = line_end(new, 0)
    head, lines = new[:at], new[at:].lstrip("\r\n")
    lines = lines + final if lines else ""
    if begin is None:
        return text[: entry.mark] + head + (newline if lines else "") + (lines or final) + text[stop:]
    between = text[entry.mark : begin if apart else next_line(text, entry.mark)]
    return text[: entry.mark] + head + between + lines + text[stop:]
