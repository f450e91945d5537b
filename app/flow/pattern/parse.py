"""From a pattern's text to its tree, with a word on what to write where it cannot be read."""

import re
from dataclasses import dataclass

from app.flow.pattern.problems import N_, WAYS, PatternProblem
from app.flow.pattern.tree import Atom, Chain, Either, Node, Pattern, Repeat, Test

_LONGEST = 500
_MOST = 99
_DEEPEST = 20
_TOKEN = re.compile(
    r"\s*(?:(?P<name>[a-z][a-z0-9_]*)|(?P<many>\{\s*(?P<least>\d+)\s*(?P<comma>,?)\s*(?P<most>\d*)\s*\})"
    r"|(?P<sign>>>|[>|&()?*+^$.:!]))"
)
_REPEATS = {"?": (0, 1), "*": (0, None), "+": (1, None)}


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
        raise PatternProblem(1, N_("This pattern is empty."), WAYS)
    if len(text) > _LONGEST:
        raise PatternProblem(_LONGEST + 1, N_("A pattern has %(most)s characters at most."), most=_LONGEST)
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
        return PatternProblem(at + 1, N_("This repetition is not complete."), N_("Write {2}, {2,} or {2,5}."))
    if sign.isupper():
        return PatternProblem(
            at + 1, N_("'%(sign)s' cannot begin a name."), N_("Names are in lower case."), sign=sign
        )
    return PatternProblem(at + 1, N_("'%(sign)s' means nothing in a pattern."), WAYS, sign=sign)


def _times(match: re.Match[str], column: int) -> tuple[int, int | None]:
    least = int(match["least"])
    most = int(match["most"]) if match["most"] else None if match["comma"] else least
    if max(least, most or 0) > _MOST:
        raise PatternProblem(column, N_("Nothing is counted beyond %(most)s."), most=_MOST)
    if most is not None and (most < least or most == 0):
        fix = N_("Write the smaller number first.") if most else N_("Write * for 'any number of times'.")
        raise PatternProblem(column, N_("%(sign)s can never be."), fix, sign=match["many"])
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
            return PatternProblem(token.column, N_("No bracket is open here."), N_("Leave ) out."))
        what, fix = N_("'%(sign)s' cannot stand here."), WAYS
        if token.sort in {"name", ".", "("}:
            what, fix = N_("What leads to '%(sign)s'?"), N_("Write > or >> before.")
        elif token.sort == "many" or token.sort in _REPEATS:
            what, fix = (
                N_("'%(sign)s' repeats nothing."),
                N_("Repeat a repetition in brackets: (code{2}){3}."),
            )
        elif token.sort in {"^", "$"}:
            fix = N_("^ stands at the very beginning, $ at the very end.")
        return PatternProblem(token.column, what, fix, sign=token.text)

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
            raise PatternProblem(bracket.column, N_("Brackets are %(most)s deep at most."), most=_DEEPEST)
        inside = self.chain()
        self.depth -= 1
        if not self.took(")"):
            what = N_("The bracket of column %(open)s is not closed.")
            raise PatternProblem(self.here.column, what, N_("Write )."), open=bracket.column)
        return inside

    def atom(self) -> Atom:
        begins = self.here.column
        tests = [self.test()]
        while self.took("&"):
            tests.append(self.test())
        states = {test.name for test in tests if test.sort in {"state", "way"} and test.name}
        if len(states) > 1:
            raise PatternProblem(
                begins, N_("A run stands in one state at a time."), N_("Write | for 'either'.")
            )
        self.tests += tests
        return Atom(tuple(tests))

    def test(self) -> Test:
        token = self.took("name", ".")
        if token is None:
            if not self.at:
                raise PatternProblem(
                    self.here.column, N_("Nothing can begin with '%(sign)s'."), WAYS, sign=self.here.text
                )
            before = self.tokens[self.at - 1].text
            raise PatternProblem(self.here.column, N_("Nothing follows '%(sign)s'."), WAYS, sign=before)
        name = token.text if token.sort == "name" else None
        if self.took("!"):
            return Test("trigger", name, None, token.column)
        if name and self.here.sort == "." and self.here.ends - 1 == token.ends:
            self.at += 1
            what, fix = N_("The way is missing."), N_("Write %(name)s.submitted, say.")
            return Test("way", name, self.word(what, fix, name), token.column)
        if self.took(":"):
            if name is None:
                raise PatternProblem(token.column, N_("Which guard?"), N_("Write its name before the colon."))
            what, fix = N_("The answer is missing."), N_("Write %(name)s:no or %(name)s:unavailable, say.")
            return Test("guard", name, None if self.took(".") else self.word(what, fix, name), token.column)
        return Test("state", name, None, token.column)

    def word(self, what: str, fix: str, name: str) -> str:
        token = self.took("name")
        if token is None:
            raise PatternProblem(self.here.column, what, fix, name=name)
        return token.text
