"""One of several given answers."""

from datetime import date
from typing import Annotated, Literal

from pydantic import Field as Option
from pydantic import StringConstraints, model_validator

from app.flow.catalogue import field_type
from app.flow.normal.shape import ShapeProblem, required
from app.forms.boxes import drop_down, radio_list
from app.forms.question import FieldOptions, Question, Written, width_for

#: The style sheet (questions.css) opens so many.
MOST_TABS = 4

Answer = Annotated[Written, StringConstraints(pattern=r"^[a-z0-9][a-z0-9_]{0,39}$")]


class ChoiceOptions(FieldOptions):
    """Options of `choice`; each answer is worded at `fields.<field>.options.<answer>`."""

    options: list[Answer] = Option(min_length=1, description="The answers, in the order shown.")
    look: Literal["select", "radio", "tabs"] = Option(
        default="select",
        alias="as",
        description="A drop-down, a list, or two to four tabs: questions of the same page with `when` this "
        "answer stand inside its tab.",
    )

    @model_validator(mode="after")
    def _fit_for_tabs(self) -> "ChoiceOptions":
        if self.look == "tabs" and not 2 <= len(self.options) <= MOST_TABS:
            raise ValueError(f"there are two to {MOST_TABS} tabs; offer more answers as a list")
        return self


@field_type(reasons=("required", "not_a_choice"), options=ChoiceOptions)
def choice(options: ChoiceOptions) -> Question:
    """One of the answers given in `options`; none is chosen beforehand, but of tabs the first is open."""
    longest = max(map(len, options.options))
    if options.look == "select":
        box = drop_down(options.options, width_for(longest), "off")
    else:
        box = radio_list(options.options, options.options[0] if options.look == "tabs" else None)

    def read(typed: tuple[str, ...], today: date) -> str:  # noqa: ARG001
        if required(typed[0]) not in options.options:
            raise ShapeProblem("not_a_choice")
        return typed[0]

    return Question(options.look, {"": box}, read, longest, when=options.when)
