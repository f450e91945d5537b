"""The words of an Apple pass in every language: ``pass.strings`` files and the keys that look them up.

A phone looks every text of ``pass.json`` up in the table of its language and shows the text itself when it is
not there. So the default language's own words are the keys: a reader without tables still shows words.
"""

import codecs
from collections.abc import Collection, Mapping

from app.gateways.wallet.card import LABELS, PassTexts

_ESCAPES = str.maketrans({"\\": "\\\\", '"': '\\"', "\n": "\\n", "\r": "\\r"})


def look_up_keys(texts: PassTexts, values: Collection[str]) -> Mapping[str, str]:
    """For each label, what to write into ``pass.json`` so that each language finds its own word.

    Where one word of the default language has two translations, or a value on the card (``values``) reads
    like a label and would be translated with it, the label goes by a name of its own instead.
    """
    keys: dict[str, str] = {}
    first_with: dict[str, str] = {}
    for label in LABELS:
        word = texts.text(texts.default, label)
        twin = first_with.setdefault(word, label)
        differs = any(texts.text(each, twin) != texts.text(each, label) for each in texts.languages)
        keys[label] = f"label.{label}" if differs or word in values else word
    return keys


def strings_files(texts: PassTexts, keys: Mapping[str, str]) -> Mapping[str, bytes]:
    """``bg.lproj/pass.strings`` and its sisters, in UTF-16 with a byte order mark as Apple's tools write."""
    files = {}
    for language in texts.languages:
        lines = [
            f'"{keys[label].translate(_ESCAPES)}" = "{texts.text(language, label).translate(_ESCAPES)}";\n'
            for label in LABELS
        ]
        # A name is written as the default language has it; a label of the same words has taken another key.
        lines += [
            f'"{written.translate(_ESCAPES)}" = "{shown.translate(_ESCAPES)}";\n'
            for written, shown in texts.names.get(language, {}).items()
        ]
        files[f"{language}.lproj/pass.strings"] = codecs.BOM_UTF16_LE + "".join(lines).encode("utf-16-le")
    return files
