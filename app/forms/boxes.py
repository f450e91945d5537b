"""WTForms fields that differ from the library's."""

from collections.abc import Iterable
from typing import Any

from wtforms import BooleanField, RadioField, SelectField, StringField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # the stubs lag behind 3.3

from app.forms.question import Width

#: What choices that accept or decline post.
ACCEPT = "accept"
DECLINE = "decline"


class UnshownField(StringField):
    """A line whose content never goes back into the page: a one-time code."""

    def _value(self) -> str:
        return ""


class TickField(BooleanField):
    """A check box that posts `accept`; ticked by any value at all."""

    def _value(self) -> str:
        return ACCEPT

    def process_formdata(self, valuelist: list[Any]) -> None:
        """Take over what was posted; a box that is not ticked posts nothing."""
        self.data = any(valuelist)


def drop_down(values: Iterable[str], width: Width, autocomplete: str) -> SelectField:
    """A drop-down of `values` below an empty first entry, so that nothing is chosen beforehand."""
    choices = [SelectChoice(""), *map(SelectChoice, values)]
    return SelectField(choices=choices, render_kw={"data-width": width, "autocomplete": autocomplete})


def radio_list(values: Iterable[str], chosen: str | None = None) -> RadioField:
    """A list of `values` of which one is chosen, none beforehand unless `chosen` is given."""
    return RadioField(choices=[*map(SelectChoice, values)], default=chosen)
