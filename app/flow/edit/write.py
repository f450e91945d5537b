"""How values are written: as the flows that are there already are, and so that our reader reads them back."""

import re
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any

from app.flow.source import Unreadable, read

#: How long a line may be for a mapping or list to stand on it.
WIDEST = 110

_ESCAPES = {"\\": "\\\\", '"': '\\"', "\n": "\\n", "\r": "\\r", "\t": "\\t"}
_TO_ESCAPE = re.compile(r'[\\"\n\r\t]')
_BREAKS = re.compile(r"[\n\r\t]")
#: Words that other readers of YAML take for true and false.
_TRUTHS = frozenset({"yes", "no", "on", "off"})
#: Texts that a literal block could not say, or only in ways that nobody expects: other breaks, blanks at the
#: ends of lines (editors cut them off), empty lines at the beginning, and nothing but breaks.
_NO_LITERAL = re.compile(r"\r|[ \t](?:\n|$)|\A\n|\A[ \t]")


@dataclass(frozen=True)
class Hand:
    """How somebody writes a file: the line break, the steps by which mappings and lists are indented below
    their key, and whether small mappings stand in braces."""

    newline: str = "\n"
    step: int = 2
    dash: int = 2
    braces: bool = True


def inline(value: Any, *, flow: bool = False, style: str = "") -> str:
    """A value in one line, inside brackets if `flow`; `style` is the quote that stood there before."""
    if isinstance(value, dict):
        inner = ", ".join(
            f"{key_word(key, flow=True)}: {inline(each, flow=True)}" for key, each in value.items()
        )
        return f"{{{inner}}}"
    if isinstance(value, list):
        return f"[{', '.join(inline(each, flow=True) for each in value)}]"
    if isinstance(value, str):
        return _word(value, flow, style)
    return (
        {True: "true", False: "false", None: "null"}[value] if isinstance(value, bool | None) else str(value)
    )


def _word(value: str, flow: bool, style: str) -> str:
    if style == "'" and not _BREAKS.search(value):
        return "'" + value.replace("'", "''") + "'"
    if style not in {"'", '"'} and value.lower() not in _TRUTHS and plain(value, flow=flow):
        return value
    return '"' + _TO_ESCAPE.sub(lambda found: _ESCAPES[found[0]], value) + '"'


@lru_cache(maxsize=4096)
def plain(value: str, *, flow: bool) -> bool:
    """Whether the word means itself without quotes, wherever a value stands."""
    if not value or value != value.strip() or _BREAKS.search(value):
        return False
    written = f"- [{value}, x]\n- {{x: {value}, y: z}}\n" if flow else f"- {value}\n- x: {value}\n"
    wanted = [[value, "x"], {"x": value, "y": "z"}] if flow else [value, {"x": value}]
    try:
        return bool(read(written, "").data == wanted) and not value.startswith(("---", "..."))
    except Unreadable:
        return False


@lru_cache(maxsize=4096)
def key_word(key: str, *, flow: bool, style: str = "") -> str:
    """A key as it is written."""
    if style not in {"'", '"'} and not _BREAKS.search(key):
        written = f"{{{key}: x, y: z}}" if flow else f"{key}: x\ny: z\n"
        try:
            data = read(written, "").data
        except Unreadable:
            data = None
        if isinstance(data, dict) and data == {key: "x", "y": "z"} and key != "y" and key == key.strip():
            return key
    return _word(key, flow, style if style == "'" else '"')


def literal(value: str, indent: int, hand: Hand) -> str | None:
    """The text as a literal block, from its `|` on, without the last break; None if it should be quoted."""
    if not value.strip() or _NO_LITERAL.search(value):
        return None
    body = value.removesuffix("\n")
    if body.endswith("\n"):
        return None
    chomping = "" if value.endswith("\n") else "-"
    lines = [" " * indent + line if line else "" for line in body.split("\n")]
    return hand.newline.join([f"|{chomping}", *lines])


def block(value: Any, at: int, hand: Hand, *, braces: bool, room: int = 0) -> str:
    """A value behind its `key:` in column `at`: either ` one line`, or a break and lines; no last break.

    With `braces` a mapping stands in braces if it fits behind the `room` that is taken on its line.
    """
    if isinstance(value, str) and "\n" in value:
        text = literal(value, at + hand.step, hand)
        return f" {text or inline(value)}"
    if not isinstance(value, dict | list) or not value:
        return f" {inline(value)}"
    line = inline(value)
    if _on_one_line(value, braces) and room + 1 + len(line) <= WIDEST:
        return f" {line}"
    step = hand.step if isinstance(value, dict) else hand.dash
    return hand.newline + entries(value, at + step, hand)


def _on_one_line(value: dict[str, Any] | list[Any], braces: bool) -> bool:
    if _multiline(value):
        return False
    return braces if isinstance(value, dict) else all(map(_small, value))


def _small(value: Any) -> bool:
    """A scalar, or a condition like `{card_found: unavailable}`."""
    if isinstance(value, dict):
        return (
            len(value) == 1
            and "id" not in value
            and not any(isinstance(each, dict | list) for each in value.values())
        )
    return not isinstance(value, list)


def _multiline(value: Any) -> bool:
    if isinstance(value, dict):
        return any(map(_multiline, value.values()))
    if isinstance(value, list):
        return any(map(_multiline, value))
    return isinstance(value, str) and "\n" in value


def entries(value: dict[str, Any] | list[Any], at: int, hand: Hand) -> str:
    """The lines of a mapping or list in column `at`, without the last break."""
    if isinstance(value, dict):
        deep = hand.braces and at > hand.step
        lines = [pair(key, each, at, hand, braces=deep and few(each)) for key, each in value.items()]
    else:
        lines = [item(each, at, hand, braces=hand.braces) for each in value]
    return hand.newline.join(lines)


def pair(key: str, value: Any, at: int, hand: Hand, *, braces: bool) -> str:
    """A key and its value in column `at`, without the last break."""
    start = f"{' ' * at}{key_word(key, flow=False)}:"
    return start + block(value, at, hand, braces=braces, room=len(start))


def few(value: Any) -> bool:
    """Whether a mapping is one that people write in braces: some short scalars, no state and no field."""
    if not isinstance(value, dict) or len(value) > 3:
        return False
    return not any(isinstance(each, dict | list) for each in value.values()) and len(inline(value)) <= 70


def item(value: Any, at: int, hand: Hand, *, braces: bool) -> str:
    """An item of a list in column `at`, without the last break; a mapping begins behind its dash."""
    return f"{' ' * at}-{behind_dash(value, at, hand, braces=braces)}"


def behind_dash(value: Any, at: int, hand: Hand, *, braces: bool) -> str:
    """What stands behind a dash in column `at`."""
    if isinstance(value, dict) and value:
        line = inline(value)
        if braces and not _multiline(value) and at + 2 + len(line) <= WIDEST:
            return f" {line}"
        return " " + entries(value, at + 2, hand)[at + 2 :]
    return block(value, at, replace(hand, step=2, dash=2), braces=braces, room=at + 1)
