"""A pattern once it is read: what to look for, and in which order."""

from dataclasses import dataclass
from typing import Literal

from app.flow.pattern.letters import Letter, Place

Sort = Literal["state", "way", "guard", "trigger"]


@dataclass(frozen=True)
class Test:
    """One statement about a letter; `name` or `word` None stands for any. `column` counts from 1."""

    sort: Sort
    name: str | None
    word: str | None
    column: int

    def holds(self, letter: Letter) -> bool:
        """Whether the letter is so; a state asked of a step is the one it was taken from."""
        if self.sort == "state":
            return self.name in {None, letter.state}
        if isinstance(letter, Place):
            return False
        if self.sort == "trigger":
            return self.name in {None, letter.trigger}
        if self.sort == "way":
            return (letter.state, letter.way) == (self.name, self.word)
        return any(guard == self.name and self.word in {None, word} for guard, word in letter.said)


@dataclass(frozen=True)
class Atom:
    """One letter of which all `tests` hold; of a step as soon as one of them speaks of a step."""

    tests: tuple[Test, ...]

    @property
    def of_step(self) -> bool:
        """Whether it is a step that is looked for, else a place."""
        return any(test.sort != "state" for test in self.tests)

    def fits(self, letter: Letter) -> bool:
        """Whether `letter`, which is of the right sort, is the one looked for."""
        return all(test.holds(letter) for test in self.tests)


@dataclass(frozen=True)
class Chain:
    """One part after the other; `later[i]`: the part i + 1 may come any time later, not only next."""

    parts: tuple["Node", ...]
    later: tuple[bool, ...]


@dataclass(frozen=True)
class Either:
    """One of the parts."""

    parts: tuple["Node", ...]


@dataclass(frozen=True)
class Repeat:
    """The part `least` to `most` times, one next to the other; without end if `most` is None."""

    part: "Node"
    least: int
    most: int | None


Node = Atom | Chain | Either | Repeat


@dataclass(frozen=True)
class Pattern:
    """A whole pattern; `at_start` and `at_end` tie it to the run's beginning and to where it stands now."""

    text: str
    body: Node
    at_start: bool
    at_end: bool
    tests: tuple[Test, ...]
