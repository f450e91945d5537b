"""Parts of sentences that can still be said in another language once they stand in a finding."""

from collections.abc import Mapping, Sequence


class Phrase(str):
    """Words in English that remember their frame (`Did you mean '{near}'?`) and what fills it."""

    frame: str
    parts: Mapping[str, object]
    capital: bool

    def __new__(cls, frame: str, /, *, capital: bool = False, **parts: object) -> "Phrase":
        """The frame filled with `parts`; with `capital` as the beginning of a sentence."""
        words = frame.format(**parts) if parts else frame
        made = super().__new__(cls, words[:1].upper() + words[1:] if capital else words)
        made.frame, made.parts, made.capital = frame, parts, capital
        return made

    def at_the_beginning(self) -> "Phrase":
        """The same to begin a sentence with."""
        return Phrase(self.frame, capital=True, **self.parts)


def beginning(words: str) -> str:
    """`words` to begin a sentence with, still a Phrase if they were one."""
    return words.at_the_beginning() if isinstance(words, Phrase) else words[:1].upper() + words[1:]


def said_with(value: object, frames: Mapping[str, str]) -> object:
    """`value` with every frame that `frames` knows exchanged; what is no Phrase stays as it is."""
    if not isinstance(value, Phrase):
        return value
    parts = {name: said_with(part, frames) for name, part in value.parts.items()}
    frame = frames.get(value.frame, value.frame)
    words = frame.format(**parts) if parts else frame
    return words[:1].upper() + words[1:] if value.capital else words


def listed(words: Sequence[str], between: str = "{one}, {more}") -> str:
    """The words in a row: `a, b, c`, or with another frame `a or b or c`."""
    if len(words) < 2:
        return words[0] if words else ""
    return Phrase(between, one=words[0], more=listed(words[1:], between))
