"""`translated.yaml`: from which words of the source language each translation was made.

Beside `texts.<lang>.yaml` it holds, for every other language and flat key, the first 12 hex digits of the
SHA-256 of the source text. A translation whose source reads otherwise today is *stale*. A key without an
entry was made from nobody knows what, and is taken for right.
"""

import hashlib
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import takewhile
from typing import Annotated

from pydantic import Field

from app.flow.findings import Finding
from app.flow.grammar import check
from app.flow.source import Source, Unreadable, read_kept
from app.flow.spec import Frozen, Language
from app.flow.texts import Texts, file_of, flatten

TRANSLATED = "translated.yaml"

#: What the file begins with.
HEAD = """\
# From which words of the source language each translation was made: the first 12 hex digits of the SHA-256
# of the source text. The desk and `narthex flows texts mark` write it; merge it line by line.
"""
_FLOW = "flow.yaml"
_LANGUAGES = ("bg", "en", "hu")

SourceHash = Annotated[str, Field(pattern=r"^[0-9a-f]{12}$")]
TextKey = Annotated[str, Field(pattern=r"^[a-z0-9_]+(\.[a-z0-9_]+)*$", max_length=400)]


class Translated(Frozen):
    """The whole file."""

    source: Language | None = Field(default=None, description="The language translated from.")
    bg: dict[TextKey, SourceHash] = {}
    en: dict[TextKey, SourceHash] = {}
    hu: dict[TextKey, SourceHash] = {}

    def made_from(self, language: str) -> Mapping[str, str]:
        """By key, the hash of the source that the translation into `language` was made from."""
        made: dict[str, str] = getattr(self, language)
        return made


NOTHING_TRANSLATED = Translated()


@dataclass(frozen=True)
class Wording:
    """All words of a definition: the source language first, then the others as declared.

    `head` is the comment that translated.yaml begins with.
    """

    languages: tuple[str, ...]
    texts: Mapping[str, Texts]
    translated: Translated = NOTHING_TRANSLATED
    head: str = ""

    @property
    def source(self) -> str:
        """The language the others are translated from."""
        return self.languages[0]

    @property
    def translations(self) -> tuple[str, ...]:
        """Every language but the source."""
        return self.languages[1:]

    def words(self, language: str) -> Mapping[str, str]:
        """Text by key; empty for a language that has no file yet."""
        return self.texts[language].words if language in self.texts else {}

    def every_key(self) -> list[str]:
        """Every key of any language, in the order of the source's file, new ones of others at the end."""
        return list(dict.fromkeys(key for language in self.languages for key in self.words(language)))

    def is_stale(self, language: str, key: str) -> bool:
        """Whether the source of this translation reads otherwise than when it was made."""
        made = self.translated.made_from(language).get(key)
        source, words = self.words(self.source).get(key), self.words(language).get(key)
        return None not in (made, source, words) and made != source_hash(source or "")


def source_hash(words: str) -> str:
    """What stands for a source text: 12 hex digits over its NFC form."""
    return hashlib.sha256(unicodedata.normalize("NFC", words).encode("utf-8", "surrogatepass")).hexdigest()[
        :12
    ]


def read_translated(source: Source) -> tuple[Translated, list[Finding]]:
    """The file as read, empty where it is wrong, and what is wrong with it."""
    if source.data is None:
        return Translated(), []
    found, wrong = check(Translated, source.data, source)
    return found or Translated(), wrong


def wording(files: Mapping[str, str], root: str = "workflows") -> Wording:
    """The words of a definition, whether or not the rest of it is sound.

    Raises source.Unreadable where a file with words, or translated.yaml, cannot be read as what it is.
    """
    names = [name for name in files if name.startswith("texts.")]
    texts = {name[6:8]: _texts(read_kept(files[name], f"{root}/{name}")) for name in sorted(names)}
    translated = Translated()
    if TRANSLATED in files:
        translated, wrong = read_translated(read_kept(files[TRANSLATED], f"{root}/{TRANSLATED}"))
        if wrong:
            raise Unreadable(wrong[0])
    declared = _declared(files, root) or [language for language in _LANGUAGES if language in texts]
    first: str = translated.source or (declared[0] if declared else "en")
    head = _head(files.get(TRANSLATED, ""))
    return Wording(tuple(dict.fromkeys([first, *declared])), texts, translated, head)


def _head(content: str) -> str:
    lines = content.splitlines(keepends=True)
    return "".join(takewhile(lambda line: line.startswith("#"), lines))


def wording_of(
    languages: Iterable[str], sources: Mapping[str, Source], translated: Translated | None = None
) -> Wording:
    """The same of files that are read already; what is wrong in them is told elsewhere."""
    if translated is None:
        there = sources.get(TRANSLATED)
        translated = read_translated(there)[0] if there else Translated()
    declared = tuple(dict.fromkeys(languages))
    texts = {lang: flatten(sources[file_of(lang)])[0] for lang in declared if file_of(lang) in sources}
    first: str = translated.source or declared[0]
    return Wording(tuple(dict.fromkeys([first, *declared])), texts, translated)


def _texts(source: Source) -> Texts:
    found, wrong = flatten(source)
    if wrong:
        raise Unreadable(wrong[0])
    return found


def _declared(files: Mapping[str, str], root: str) -> list[str]:
    """The languages flow.yaml names; none where it cannot be read: it is not about words."""
    try:
        data = read_kept(files.get(_FLOW, ""), f"{root}/{_FLOW}").data
    except Unreadable:
        return []
    named = data.get("languages") if isinstance(data, dict) else None
    return [each for each in named if each in _LANGUAGES] if isinstance(named, list) else []


def marked(files: Mapping[str, str], language: str, keys: Iterable[str]) -> str:
    """The new content of translated.yaml: the translations of `keys` into `language` are right as of now.

    Entries of other keys stay, those of keys that are gone from the source's texts are dropped. Raises
    source.Unreadable as `wording`, and ValueError if `language` is the source.
    """
    there = wording(files)
    if language not in there.translations:
        raise ValueError(f"'{language}' is no language that is translated into")
    source, words = there.words(there.source), there.words(language)
    made = dict(there.translated.made_from(language))
    for key in keys:
        if key in source and key in words:
            made[key] = source_hash(source[key])
    return written(there, {language: made})


def written(there: Wording, made: Mapping[str, Mapping[str, str]]) -> str:
    """translated.yaml with the hashes of `made` by language, the other languages as they are.

    Its lines follow the order of the source's texts, so that two people's edits touch different lines.
    """
    source = there.words(there.source)
    parts = [there.head or HEAD]
    if there.translated.source:
        parts.append(f"source: {there.translated.source}\n")
    for language in sorted({*there.translations, *made}):
        entries = made.get(language, there.translated.made_from(language))
        lines = [f"  {key}: {_quoted(entries[key])}\n" for key in source if key in entries]
        if lines:
            parts.append(f"{language}:\n" + "".join(lines))
    return "".join(parts)


def _quoted(made: str) -> str:
    """The hash as a word: one of digits alone would be read as a number."""
    return f'"{made}"' if made.isdecimal() and made[0] != "0" else made
