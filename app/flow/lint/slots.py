"""F054: whether words fit their places on a phone 320 px wide, and whether people will read them.

Widths are estimated from classes of signs, in ems of the system's sans-serif: a sentence comes out within a
tenth of what browsers draw. The desk's preview measures the page itself.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from app.flow.findings import Finding
from app.flow.lint.scene import Scene
from app.flow.lint.texts import LANGUAGES
from app.flow.texts import file_of, flatten


@dataclass(frozen=True)
class Slot:
    """A place for words: its width and the size of its type in px, and how many lines it may take."""

    rule: str
    width: float
    size: float
    lines: int


#: A page of 320 px has 16 px on both sides (page.css); buttons have 24 px of their own on both.
SLOTS: Mapping[str, Slot] = {
    r"states\.[^.]+\.buttons\..+": Slot("F054:button", 240, 16, 2),
    r"states\.[^.]+\.title": Slot("F054:title", 288, 28, 4),
    r"flow\.title": Slot("F054:title", 256, 20, 3),
    r"fields\.[^.]+\.label": Slot("F054:label", 288, 16, 3),
}

_CLASSES = (
    ("\u00ad", 0.0),
    (" il.,:;!|'’·jtfrIíј()[]-‑", 0.31),
    ("mwMW@%—шщжюфмыШЩЖЮФМЫД", 0.83),
)
_CAPITAL, _USUAL, _CYRILLIC = 0.67, 0.54, 0.58

#: More words than this in a sentence, and most readers begin anew.
LONGEST_SENTENCE = 40

#: What people of the trade say among themselves.
JARGON: Mapping[str, str] = {
    "en": r"OTP|PIN code|authenticat\w*|token|session|invalid input|null|payload|timeout|backend",
    "bg": r"OTP|токен\w*|автентик\w*|сесия\w*|валидир\w*|верифик\w*|бекенд\w*|таймаут\w*",
    "hu": r"OTP|token\w*|autentik\w*|munkamenet\w*|valid[aá]l\w*|verifik\w*|backend\w*|időtúllép\w*",
}

_PLACEHOLDER = re.compile(r"\{[a-z_]+\}")
#: A full stop ends a sentence before a space and a capital; abbreviations do not begin one.
_SENTENCE = re.compile(r"(?<=[.!?…])\s+(?=[^\W\d_a-zа-яáéíóöőúüű])|\n+")


def check(scene: Scene) -> Iterator[Finding]:
    """Every text of every language that the flow speaks."""
    for lang in dict.fromkeys(scene.spec.languages):
        source = scene.sources.get(file_of(lang))
        if source is None:
            continue
        texts = flatten(source)[0]
        for key, words in texts.words.items():
            for rule, told in _told(lang, key, words):
                about = {"language": LANGUAGES[lang], "key": key, **told}
                yield scene.found_in(file_of(lang), rule, texts.places[key], about)


def _told(lang: str, key: str, words: str) -> Iterator[tuple[str, dict[str, object]]]:
    for pattern, slot in SLOTS.items():
        if re.fullmatch(pattern, key):
            yield from _wrapped(slot, words)
    for sentence in _SENTENCE.split(words):
        if (count := len(sentence.split())) > LONGEST_SENTENCE:
            yield "F054:sentence", {"count": count}
    if known := re.search(rf"\b({JARGON[lang]})\b", words, re.IGNORECASE):
        yield "F054:jargon", {"word": known[0]}


def _wrapped(slot: Slot, words: str) -> Iterator[tuple[str, dict[str, object]]]:
    wide = next((word for word in words.split() if _widest_part(word) * slot.size > slot.width), None)
    if wide:
        yield "F054:word", {"word": wide}
    elif (count := lines(words, slot)) > slot.lines:
        yield slot.rule, {"lines": count}


def _widest_part(word: str) -> float:
    return max(width(part) for part in re.split("[\u00ad\u200b]|(?<=-)", word))


def lines(words: str, slot: Slot) -> int:
    """How many lines `words` take in the slot, broken between words."""
    taken, used = 1, 0.0
    for word in words.split():
        needed = width(word) * slot.size
        gap = width(" ") * slot.size if used else 0.0
        if used and used + gap + needed > slot.width:
            taken, used = taken + 1, needed
        else:
            used += gap + needed
    return taken


def width(words: str) -> float:
    """How wide `words` are, in ems; a placeholder is taken for eight letters."""
    return sum(map(_width, _PLACEHOLDER.sub("n" * 8, words)))


def _width(sign: str) -> float:
    for signs, wide in _CLASSES:
        if sign in signs:
            return wide
    if sign.isupper():
        return _CAPITAL
    return _CYRILLIC if "а" <= sign <= "я" else _USUAL
