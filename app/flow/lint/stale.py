"""F051: translations older than their source, or not translated at all; F009 for entries of lost keys."""

from collections.abc import Iterator

from app.flow.findings import Finding
from app.flow.lint.scene import Scene
from app.flow.lint.texts import LANGUAGES
from app.flow.phrases import Phrase
from app.flow.texts import file_of
from app.flow.translated import TRANSLATED, Wording, wording_of
from app.flow.wording import same_as_source, stale


def check(scene: Scene) -> Iterator[Finding]:
    """What translated.yaml tells of the texts; without it nothing is older than its source."""
    there = wording_of(scene.spec.languages, scene.sources)
    for language in there.translations:
        for key in stale(there, language):
            yield _found(scene, there, "F051", language, key)
        for key in same_as_source(there, language):
            yield _found(scene, there, "F051:same", language, key)
        for key in there.translated.made_from(language):
            if key not in there.words(language):
                words = {"sort": Phrase("entry"), "name": key}
                yield scene.found_in(TRANSLATED, "F009", (language, key), words)


def _found(scene: Scene, there: Wording, rule: str, language: str, key: str) -> Finding:
    words = {"language": LANGUAGES[language], "source": LANGUAGES[there.source], "key": key}
    return scene.found_in(file_of(language), rule, there.texts[language].places[key], words)
