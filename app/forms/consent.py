"""Consents, which may be declined, and agreements, which may not."""

from datetime import date

from app.flow.catalogue import field_type
from app.flow.normal.shape import ShapeProblem, required
from app.forms.boxes import ACCEPT, DECLINE, TickField, radio_list
from app.forms.question import FieldOptions, Question


@field_type(reasons=("required",), options=FieldOptions)
def consent(options: FieldOptions) -> Question:
    """Accept or decline; one must be chosen, neither is chosen beforehand. Kept as `accept` or `decline`."""

    def read(typed: tuple[str, ...], today: date) -> str:  # noqa: ARG001
        if typed[0] not in {ACCEPT, DECLINE}:
            raise ShapeProblem("required")
        return typed[0]

    return Question("radio", {"": radio_list((ACCEPT, DECLINE))}, read, len(DECLINE), when=options.when)


@field_type(reasons=("required",), options=FieldOptions)
def agreement(options: FieldOptions) -> Question:
    """A check box that must be ticked before one can go on, never ticked beforehand. Kept as `accept`."""

    def read(typed: tuple[str, ...], today: date) -> str:  # noqa: ARG001
        required(typed[0])
        return ACCEPT

    return Question("tick", {"": TickField()}, read, len(ACCEPT), when=options.when)
