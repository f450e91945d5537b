"""The rules about what is asked, shown and said."""

from collections.abc import Mapping

from app.flow.ruling import Rule

ON_WORDS: Mapping[str, Rule] = {
    "F040": Rule(
        "warning", "'{field}' is asked but never used.", "Remove it, or name it where it is needed."
    ),
    "F043": Rule(
        "error",
        "'{{{name}}}' in '{key}' would stand in titles, histories and notifications, for anybody to read.",
        "Say it in the text below.",
    ),
    "F045:fill": Rule(
        "warning",
        "'{field}' should let the phone fill in {what}.",
        "Use the field type {types}.",
    ),
    "F045:echo": Rule(
        "warning",
        "'{field}' is secret, yet its type '{type}' shows back what was typed.",
        "Use a type that does not: {types}.",
    ),
    "F054:button": Rule(
        "warning",
        "The button '{key}' wraps to {lines} lines in {language} on a phone.",
        "Say it in fewer words.",
    ),
    "F054:title": Rule(
        "warning",
        "The title '{key}' takes {lines} lines in {language} on a phone.",
        "Say it in fewer words.",
    ),
    "F054:label": Rule(
        "warning",
        "The label '{key}' takes {lines} lines in {language} on a phone.",
        "Make it shorter; what explains it is a hint.",
    ),
    "F054:word": Rule(
        "warning",
        "'{word}' in the {language} text of '{key}' is wider than a phone.",
        "Use another word, or show where it may break with a soft hyphen.",
    ),
    "F054:sentence": Rule(
        "warning",
        "A sentence of the {language} text of '{key}' has {count} words; few people read it to the end.",
        "Make two of it.",
    ),
    "F054:jargon": Rule(
        "warning",
        "People do not know the word '{word}' in the {language} text of '{key}'.",
        "Say what it means to them.",
    ),
    "F055": Rule("error", "'{link}' in '{key}' is no address that can be opened.", "{hint}"),
}
