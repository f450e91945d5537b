"""Plain text."""

from typing import Literal

from pydantic import Field as Option
from wtforms import StringField

from app.flow.catalogue import CATALOGUE, field_type
from app.flow.normal import text as plain
from app.forms.question import FieldOptions, Question, attributes, line, width_for

CATALOGUE.remember(plain.text)

Autocomplete = Literal["off", "name", "given-name", "family-name", "organization", "postal-code"]


class TextOptions(FieldOptions):
    """Options of `text`."""

    max: int = Option(default=200, ge=1, le=1000, description="The most characters.")
    autocomplete: Autocomplete = Option(default="off", description="What the browser may fill in.")


@field_type(reasons=("required", "too_long", "unusual_characters"), options=TextOptions)
def text(options: TextOptions) -> Question:
    """One line of text, trimmed, with single spaces; control characters are refused."""
    box = StringField(render_kw=attributes(width_for(options.max), autocomplete=options.autocomplete))
    return line(
        box,
        lambda typed, _: plain.text(typed, options.max),
        options.max,
        options,
        limits={"max": options.max},
    )
