"""From a pattern's text to its tree, with a word on what to write where it cannot be read."""

import re
from dataclasses import dataclass

from app.flow.findings import shown
from app.flow.pattern.tree import Atom, Chain, Either, Node, Pattern, Repeat, Test

_LONGEST = 500
_MOST = 99
_DEEPEST = 20
_TOKEN = re.compile(
    r"\s*(?:(?P<name>[a-z][a-z0-9_]*)|(?P<many>\{\s*(?P<least>\d+)\s*(?P<comma>,?)\s*(?P<most>\d*)\s*\})"
    r"|(?P<sign>>>|[>|&()?*+^$.:!]))"
)
_WAYS = "Write a state (code), guard:answer (card_found:no) or trigger! (resend!), joined by > or >>."
_REPEATS = {"?": (0, 1), "*": (0, None), "+": (1, None)}


class PatternProblem(Exception):
    """A pattern that cannot be read: at which `column` (from 1), what is wrong and what to write instead."""

    def __init__(self, column: int, what: str, fix: str) -> None:
        super().__init__(f"column {column}: {what} {fix}".rstrip())
        self.column, self.what, self.fix = column, what, fix


@dataclass(frozen=True)
class _Token:
    sort: str  # name, many, end or the sign itself
    text: str
    column: int
    ends: int
    times: tuple[int, int | None] = (1, 1)


def parse(text: str) -> Pattern:
    """The pattern `text` says; raises PatternProblem."""
    if not text.strip():
        raise PatternProblem(1, "This pattern is empty.", _WAYS)
    if len(text) > _LONGEST:
        raise PatternProblem(_LONGEST + 1, f"A pattern has {_LONGEST} characters at most.", "Say less.")
    return _Reader(text).pattern()


def _tokens(text: str) -> list[_Token]:
    found, at = [], 0
    while text[at:].strip():
        match = _TOKEN.match(text, at)
        if match is None:
            raise _unreadable(text, at + len(text[at:]) - len(text[at:].lstrip()))
        written = match[0].lstrip()
        column = match.end() - len(written) + 1
        sort = "name" if match["name"] else "many" if match["many"] else written
        times = _times(match, column) if sort == "many" else (1, 1)
        found.append(_Token(sort, written, column, match.end(), times))
        at = match.end()
    found.append(_Token("end", "the end", len(text) + 1, len(text)))
    return found


def _unreadable(text: str, at: int) -> PatternProblem:
    sign = text[at]
    if sign in "{}":
        return PatternProblem(at + 1, "This repetition is not complete.", "Write {2}, {2,} or {2,5}.")
    if sign.isupper():
        return PatternProblem(at + 1, f"{shown(sign)} cannot begin a name.", "Names are in lower case.")
    return PatternProblem(at + 1, f"{shown(sign)} means nothing in a pattern.", _WAYS)


def _times(match: re.Match[str], column: int) -> tuple[int, int | None]:
    least = int(match["least"])
    most = int(match["most"]) if match["most"] else None if match["comma"] else least
    if max(least, most or 0) > _MOST:
        raise PatternProblem(column, f"Nothing is counted beyond {_MOST}.", f"Write {{{_MOST},}} at most.")
    if most is not None and (most < least or most == 0):
        fix = "Write the smaller number first." if most else "Write * for 'any number of times'."
        raise PatternProblem(column, f"{match['many']} can never be.", fix)
    return least, most


class _Reader:
    """Recursive descent over the tokens; each method reads one rule of the grammar."""

    def __init__(self, text: str) -> None:
        self.text, self.tokens, self.at = text, _tokens(text), 0
        self.tests: list[Test] = []
        self.depth = 0

    @property
    def here(self) -> _Token:
        return self.tokens[self.at]

    def took(self, *sorts: str) -> _Token | None:
        """The token here if it is of one of these sorts, then the next one is here."""
        token = self.here
        if token.sort not in sorts:
            return None
        self.at += 1
        return token

    def pattern(self) -> Pattern:
        at_start = self.took("^") is not None
        body = self.chain()
        at_end = self.took("$") is not None
        if self.here.sort != "end":
            raise self.unexpected()
        return Pattern(self.text, body, at_start, at_end, tuple(self.tests))

    def unexpected(self) -> PatternProblem:
        token = self.here
        if token.sort == ")":
            return PatternProblem(token.column, "No bracket is open here.", "Leave ) out.")
        if token.sort in {"name", ".", "("}:
            return PatternProblem(
                token.column, f"What leads to {shown(token.text)}?", "Write > or >> before."
            )
        if token.sort == "many" or token.sort in _REPEATS:
            fix = "Repeat a repetition in brackets: (code{2}){3}."
            return PatternProblem(token.column, f"{shown(token.text)} repeats nothing.", fix)
        fix = "^ stands at the very beginning, $ at the very end." if token.sort in "^$" else _WAYS
        return PatternProblem(token.column, f"{shown(token.text)} cannot stand here.", fix)

    def chain(self) -> Node:
        parts, later = [self.either()], []
        while link := self.took(">", ">>"):
            later.append(link.sort == ">>")
            parts.append(self.either())
        return Chain(tuple(parts), tuple(later)) if later else parts[0]

    def either(self) -> Node:
        parts = [self.part()]
        while self.took("|"):
            parts.append(self.part())
        return Either(tuple(parts)) if len(parts) > 1 else parts[0]

    def part(self) -> Node:
        bracket = self.took("(")
        inside = self.bracketed(bracket) if bracket else self.atom()
        if repeat := self.took(*_REPEATS):
            return Repeat(inside, *_REPEATS[repeat.sort])
        many = self.took("many")
        return Repeat(inside, *many.times) if many else inside

    def bracketed(self, bracket: _Token) -> Node:
        self.depth += 1
        if self.depth > _DEEPEST:
            raise PatternProblem(bracket.column, f"Brackets are {_DEEPEST} deep at most.", "Say less.")
        inside = self.chain()
        self.depth -= 1
        if not self.took(")"):
            where = self.here.column
            raise PatternProblem(where, f"The bracket of column {bracket.column} is open.", "Write ).")
        return inside

    def atom(self) -> Atom:
        begins = self.here.column
        tests = [self.test()]
        while self.took("&"):
            tests.append(self.test())
        states = {test.name for test in tests if test.sort in {"state", "way"} and test.name}
        if len(states) > 1:
            raise PatternProblem(begins, "A run stands in one state at a time.", "Write | for 'either'.")
        self.tests += tests
        return Atom(tuple(tests))

    def test(self) -> Test:
        token = self.took("name", ".")
        if token is None:
            before = self.tokens[self.at - 1].text if self.at else "the beginning"
            raise PatternProblem(self.here.column, f"Nothing follows {shown(before)}.", _WAYS)
        name = token.text if token.sort == "name" else None
        if self.took("!"):
            return Test("trigger", name, None, token.column)
        if name and self.here.sort == "." and self.here.ends - 1 == token.ends:
            self.at += 1
            return Test("way", name, self.word("way", f"{name}.submitted"), token.column)
        if self.took(":"):
            if name is None:
                raise PatternProblem(token.column, "Which guard?", "Write its name before the colon.")
            word = None if self.took(".") else self.word("answer", f"{name}:no, {name}:unavailable")
            return Test("guard", name, word, token.column)
        return Test("state", name, None, token.column)

    def word(self, what: str, example: str) -> str:
        token = self.took("name")
        if token is None:
            raise PatternProblem(self.here.column, f"The {what} is missing.", f"Write {example}.")
        return token.text
