"""What is wrong with the words of a definition, language by language, and how long they may be."""

import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Literal

from app.flow.definition import PLACEHOLDER
from app.flow.spec import FlowSpec
from app.flow.translated import Wording

#: `missing`: no text in this language. `stale`: the source changed since. `same`: reads like the source.
#: `placeholders`: others than in the source. `brace`: a brace that belongs to no placeholder. `unknown_key`:
#: no page asks for it. `long`: over its slot.
Sort = Literal["missing", "stale", "same", "placeholders", "brace", "unknown_key", "long"]

#: The longest a text may be: what a form sends, and what fits into one cell of a spreadsheet.
LONGEST = 5000

#: How many characters a text should have at most, by where it is shown; the first pattern that fits counts.
_SLOTS: tuple[tuple[re.Pattern[str], int], ...] = tuple(
    (re.compile(pattern), most)
    for pattern, most in (
        (r"states\.[^.]+\.buttons\..+|wallet\.(apple|google)", 40),
        (r"messages\.[^.]+\.sms", 300),
        (r"messages\.[^.]+\.mail_subject", 78),  # RFC 5322, 2.1.1: a line should have no more
        (r"messages\.[^.]+\.mail", 2000),
        (r"(flow|states\.[^.]+|wallet\.[^.]+)\.title", 80),
        (r"pass\..+", 60),
        (r"fields\.[^.]+\.label", 140),
        (r"fields\.[^.]+\.text", LONGEST),
        (r"fields\..+|flow\..+", 240),
        (r"states\.[^.]+\.body\..+", 1000),
    )
)
_ELSEWHERE = 400

_SECTIONS = frozenset({"flow", "fields", "states", "messages", "pass", "wallet", "portal"})
_LETTERS = re.compile(r"[^\W\d_]+")


#: A language and a key whose translation is right as it is.
Mark = tuple[str, str]


@dataclass(frozen=True)
class TextChange:
    """`words` in the place of `was`; None there for a text that this language does not have yet."""

    language: str
    key: str
    words: str = field(repr=False)
    was: str | None = field(repr=False)


@dataclass(frozen=True)
class TextFinding:
    """One thing to look at in a cell; `lacking` and `extra` are placeholders, `most` characters."""

    sort: Sort
    language: str
    key: str
    lacking: tuple[str, ...] = ()
    extra: tuple[str, ...] = ()
    most: int = 0


def placeholders(words: str) -> tuple[str, ...]:
    """The placeholders of a text, each once, in alphabetical order."""
    return tuple(sorted(set(PLACEHOLDER.findall(words))))


def has_loose_brace(words: str) -> bool:
    """Whether people would read a brace that belongs to no placeholder."""
    return bool(set("{}") & set(PLACEHOLDER.sub("", words)))


def most_characters(key: str) -> int:
    """How long the text of a key should be at most."""
    return next((most for pattern, most in _SLOTS if pattern.fullmatch(key)), _ELSEWHERE)


def reads_like(words: str, source: str) -> bool:
    """Whether a translation was probably forgotten: the source's own words, and no name or number.

    Names have no word in small letters: `iPhone (iOS)` reads the same in every language.
    """
    if _plain(words) != _plain(source):
        return False
    found = _LETTERS.findall(PLACEHOLDER.sub("", words))
    return len(found) > 1 and any(word.islower() for word in found)


def _plain(words: str) -> str:
    return " ".join(unicodedata.normalize("NFC", words).split())


def asked_for(key: str, spec: FlowSpec) -> bool:
    """Whether a page or message of the flow can show a key: what it is named after is declared."""
    section, _, rest = key.partition(".")
    name, _, part = rest.partition(".")
    known: Mapping[str, frozenset[str]] = {
        "fields": frozenset(spec.fields),
        "states": frozenset(spec.states),
        "messages": frozenset({*spec.codes, *spec.links, *spec.notices}),
    }
    if section in known:
        return name in known[section] and bool(part)
    return section in _SECTIONS


def findings(there: Wording, key: str, language: str, spec: FlowSpec | None = None) -> Iterator[TextFinding]:
    """What is to be said of one cell; without `spec` nothing of whether a page asks for the key."""
    words, source = there.words(language).get(key), there.words(there.source).get(key)
    if spec is not None and not asked_for(key, spec):
        yield TextFinding("unknown_key", language, key)
    if words is None:
        yield TextFinding("missing", language, key)
        return
    if has_loose_brace(words):
        yield TextFinding("brace", language, key)
    if len(words) > (most := most_characters(key)):
        yield TextFinding("long", language, key, most=most)
    if language != there.source and source is not None:
        yield from _against_source(there, key, language)


def _against_source(there: Wording, key: str, language: str) -> Iterator[TextFinding]:
    words, source = there.words(language)[key], there.words(there.source)[key]
    here, wanted = set(placeholders(words)), set(placeholders(source))
    if here != wanted:
        lacking, extra = tuple(sorted(wanted - here)), tuple(sorted(here - wanted))
        yield TextFinding("placeholders", language, key, lacking, extra)
    if there.is_stale(language, key):
        yield TextFinding("stale", language, key)
    if reads_like(words, source):
        yield TextFinding("same", language, key)


def stale(there: Wording, language: str) -> list[str]:
    """The keys whose source changed since they were translated."""
    return [key for key in there.every_key() if there.is_stale(language, key)]


def missing(there: Wording, language: str) -> list[str]:
    """The keys some language words and this one does not."""
    return [key for key in there.every_key() if key not in there.words(language)]


def same_as_source(there: Wording, language: str) -> list[str]:
    """The keys whose translation was probably forgotten."""
    words, source = there.words(language), there.words(there.source)
    if language == there.source:
        return []
    return [key for key in there.every_key() if key in words and reads_like(words[key], source.get(key, ""))]
