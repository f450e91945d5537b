"""Where a text is shown, told from its key: on which page, at which field, in which message."""

from dataclasses import dataclass
from typing import Literal, get_args

Place = Literal["flow", "page", "field", "message", "card", "wallet", "portal", "nowhere"]
PLACES: tuple[Place, ...] = get_args(Place)

#: What a part of a place is; `other` for what has no word of its own.
Part = Literal[
    "title",
    "lead",
    "body",
    "button",
    "say",
    "tell",
    "label",
    "hint",
    "error",
    "option",
    "text",
    "sms",
    "mail",
    "mail_subject",
    "other",
]

_PLACES: dict[str, Place] = {
    "flow": "flow",
    "states": "page",
    "fields": "field",
    "messages": "message",
    "pass": "card",
    "wallet": "wallet",
    "portal": "portal",
}
_NAMED = frozenset({"states", "fields", "messages"})
_PLURALS: dict[str, Part] = {"buttons": "button", "errors": "error", "options": "option"}


@dataclass(frozen=True)
class Shown:
    """`name` is the page's, field's or message's, empty elsewhere; `detail` which of several parts it is."""

    place: Place
    name: str
    part: Part
    detail: str = ""


def shown_at(key: str) -> Shown:
    """Where the text of a flat key is shown: `states.form.buttons.submit` is a button of the page `form`."""
    section, _, rest = key.partition(".")
    place = _PLACES.get(section, "nowhere")
    name, _, rest = rest.partition(".") if section in _NAMED else ("", "", rest)
    first, _, detail = rest.partition(".")
    part = _PLURALS.get(first) or first
    if part in get_args(Part):
        return Shown(place, name, part, detail)  # type: ignore[arg-type]
    return Shown(place, name, "other", rest)


def in_english(key: str) -> str:
    """The place in English, for files and commands: "page 'form', button 'submit'"."""
    shown = shown_at(key)
    place = f"{shown.place} '{shown.name}'" if shown.name else shown.place
    part = "" if shown.part == "other" else shown.part.replace("_", " ")
    detail = f"'{shown.detail}'" if shown.detail else ""
    return ", ".join(each for each in (place, f"{part} {detail}".strip()) if each)
