"""F050, F052, F053: every word a page needs is there, in every language, with the same placeholders."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from app.flow.definition import PLACEHOLDER
from app.flow.findings import Finding
from app.flow.lint.scene import Scene
from app.flow.lint.words import Need, needs
from app.flow.loader import THEME
from app.flow.phrases import Phrase
from app.flow.texts import Texts, file_of, flatten

LANGUAGES = {"bg": Phrase("Bulgarian"), "en": Phrase("English"), "hu": Phrase("Hungarian")}

#: What theme.yaml words in every language.
_LOCALISED = ("name", "legal_name")


@dataclass(frozen=True)
class _Wording:
    """The texts of a flow by language, of those languages that have a file."""

    scene: Scene
    texts: Mapping[str, Texts]

    def found(self, rule: str, lang: str, key: str, **words: object) -> Finding:
        """A finding at `key` in a language's file, or where the key would stand."""
        place = self.texts[lang].places.get(key) or tuple(key.split("."))
        words = {"language": LANGUAGES[lang], "key": key, **words}
        return self.scene.found_in(file_of(lang), rule, place, words)

    def languages_with(self, key: str) -> list[str]:
        return [lang for lang, texts in self.texts.items() if key in texts.words]


def check(scene: Scene) -> Iterator[Finding]:
    """Texts that are missing, differ in what they tell, or cannot be told apart."""
    files = {lang: scene.sources.get(file_of(lang)) for lang in dict.fromkeys(scene.spec.languages)}
    for lang, source in files.items():
        if source is None:
            yield scene.found("F050:file", ("languages",), file=file_of(lang), language=LANGUAGES[lang])
    wording = _Wording(scene, {lang: flatten(source)[0] for lang, source in files.items() if source})
    yield from _theme(scene)
    if wording.texts:
        yield from _missing(wording)
        yield from _placeholders(wording)
        yield from _same(wording)


def _theme(scene: Scene) -> Iterator[Finding]:
    localised = {key: value for key, value in scene.flow.theme.model_dump().items() if key in _LOCALISED}
    for key, by_language in localised.items():
        for lang in dict.fromkeys(scene.spec.languages):
            if lang not in by_language:
                words = {"key": key, "language": LANGUAGES[lang]}
                yield scene.found_in(THEME, "F050:theme", (key,), words)


def _missing(wording: _Wording) -> Iterator[Finding]:
    needed = {need.key: need for need in needs(wording.scene)}
    every = [*needed, *(key for texts in wording.texts.values() for key in texts.words)]
    for key in dict.fromkeys(every):
        there = wording.languages_with(key)
        need = needed.get(key)
        if not there and need is not None and need.rule:
            yield _nowhere(wording.scene, need)
            continue
        for lang in wording.texts:
            if lang not in there:
                yield wording.found("F050", lang, key)


def _nowhere(scene: Scene, need: Need) -> Finding:
    return scene.found(need.rule, need.place, key=need.key, **need.words)


def _placeholders(wording: _Wording) -> Iterator[Finding]:
    keys = dict.fromkeys(key for texts in wording.texts.values() for key in texts.words)
    for key in keys:
        by_language = {lang: wording.texts[lang].words[key] for lang in wording.languages_with(key)}
        everywhere = set().union(*map(_open, by_language.values()))
        for lang, words in by_language.items():
            if lacking := sorted(everywhere - _open(words)):
                missing = ", ".join(f"{{{name}}}" for name in lacking)
                yield wording.found("F052", lang, key, missing=missing)
            if set("{}") & set(PLACEHOLDER.sub("", words)):
                yield wording.found("F052:brace", lang, key)


def _open(words: str) -> set[str]:
    return set(PLACEHOLDER.findall(words))


def _same(wording: _Wording) -> Iterator[Finding]:
    """F053: errors of one field that read alike leave people guessing."""
    for field in wording.scene.spec.fields:
        for lang, texts in wording.texts.items():
            first: dict[str, str] = {}
            for key in _errors(texts.words, field):
                before = first.setdefault(" ".join(texts.words[key].split()).casefold(), key)
                if before != key:
                    yield wording.found("F053:same", lang, key, first=before, second=key)


def _errors(words: Iterable[str], field: str) -> list[str]:
    return [key for key in words if key.startswith(f"fields.{field}.errors.")]
