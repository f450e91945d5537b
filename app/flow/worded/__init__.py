"""Findings in the three languages: the tables beside this file have the frames of RULES, case by case."""

from collections.abc import Mapping
from string import Formatter
from typing import Any

from app.flow.findings import Finding, Waiver
from app.flow.phrases import Phrase, said_with
from app.flow.rules import RULES
from app.flow.spec import Language
from app.flow.worded.bg import RULES_BG
from app.flow.worded.bg_further import FURTHER_BG
from app.flow.worded.bg_phrases import PHRASES_BG
from app.flow.worded.hu import RULES_HU
from app.flow.worded.hu_further import FURTHER_HU
from app.flow.worded.hu_phrases import PHRASES_HU

#: By language and case of RULES: the text and the fix.
TABLES: Mapping[Language, Mapping[str, tuple[str, str]]] = {
    "en": {case: (rule.text, rule.fix) for case, rule in RULES.items()},
    "bg": {**RULES_BG, **FURTHER_BG},
    "hu": {**RULES_HU, **FURTHER_HU},
}

#: By language, the parts of sentences by their English frames.
PHRASES: Mapping[Language, Mapping[str, str]] = {"en": {}, "bg": PHRASES_BG, "hu": PHRASES_HU}


def worded(finding: Finding, lang: Language) -> tuple[str, str]:
    """Text and fix of a finding in a language; in English where it does not know its rule."""
    frames = TABLES[lang].get(finding.rule)
    if frames is None or lang == "en":
        return finding.text, finding.fix
    words: Any = {name: said_with(word, PHRASES[lang]) for name, word in finding.words.items()}
    text, fix = (frame.format(**words) for frame in frames)
    return text, fix


def frames_of(case: str, lang: Language) -> tuple[str, str]:
    """Text and fix of a case as they are written, `{names}` left open, doubled braces single."""
    text, fix = TABLES[lang][case]
    return _readable(text), _readable(fix)


def _readable(frame: str) -> str:
    parts = Formatter().parse(frame)
    return "".join(words + (f"{{{name}}}" if name else "") for words, name, _, _ in parts)


def packed(finding: Finding) -> dict[str, Any]:
    """All of a finding as JSON, to be kept and worded later."""
    waiver = finding.waiver
    return {
        **{name: getattr(finding, name) for name in _PLAIN},
        "words": {name: _packed(word) for name, word in finding.words.items()},
        "waiver": [waiver.owner, waiver.reason, waiver.until] if waiver else None,
    }


_PLAIN = ("path", "line", "column", "code", "severity", "text", "fix", "rule", "id", "example")


def unpacked(kept: Mapping[str, Any]) -> Finding:
    """The finding again; one that was kept before it had words of its own stays in English."""
    words = {name: _unpacked(word) for name, word in kept.get("words", {}).items()}
    waiver = kept.get("waiver")
    plain = {name: kept[name] for name in _PLAIN if name in kept}
    return Finding(**plain, words=words, waiver=Waiver(*waiver) if waiver else None)


def _packed(word: object) -> object:
    if isinstance(word, Phrase):
        parts = {name: _packed(part) for name, part in word.parts.items()}
        return {"frame": word.frame, "parts": parts, "capital": word.capital}
    return word if isinstance(word, int) else str(word)


def _unpacked(word: Any) -> object:
    if isinstance(word, dict):
        parts: Any = {name: _unpacked(part) for name, part in word["parts"].items()}
        return Phrase(word["frame"], capital=word["capital"], **parts)
    return word
