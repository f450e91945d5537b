"""A definition whose missing words stand out instead of stopping a page: for previews alone."""

import re
from collections.abc import Mapping
from dataclasses import replace
from functools import lru_cache

from app.flow.definition import Flow

#: Where a text is missing its key stands, so.
MARK = re.compile(r"⟦([a-z0-9_.]+)⟧")

#: What theme.yaml words in every language, by the name its mark has.
_LOCALISED = ("name", "legal_name")


class _Marked(dict[str, str]):
    """The texts of one language. A text that another language has counts as there, as each must have all."""

    def __init__(self, words: Mapping[str, str], elsewhere: frozenset[str]) -> None:
        super().__init__(words)
        self._elsewhere = elsewhere

    def __contains__(self, key: object) -> bool:
        return super().__contains__(key) or key in self._elsewhere

    def __missing__(self, key: str) -> str:
        return f"⟦{key}⟧"


@lru_cache(maxsize=64)
def marked(flow: Flow) -> Flow:
    """The flow with `⟦key⟧` in the place of every text that a language lacks; the same at every call."""
    every = frozenset(key for words in flow.texts.values() for key in words)
    theme = {
        name: {lang: f"⟦theme.{name}⟧" for lang in flow.spec.languages} | getattr(flow.theme, name)
        for name in _LOCALISED
    }
    texts = {lang: _Marked(words, every) for lang, words in flow.texts.items()}
    return replace(flow, texts=texts, theme=flow.theme.model_copy(update=theme))


def missing(flow: Flow, lang: str, shown: str) -> tuple[str, ...]:
    """The keys whose marks stand in `shown`, each once, in order; `flow` is the one without marks.

    A mark that somebody wrote into a text is none.
    """
    found = dict.fromkeys(MARK.findall(shown))
    return tuple(key for key in found if key not in flow.texts[lang])
