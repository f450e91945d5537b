"""Passwords."""

from dataclasses import replace
from datetime import date
from typing import Literal

from pydantic import Field as Option
from wtforms import PasswordField
from wtforms.widgets import PasswordInput

from app.flow.catalogue import field_type
from app.flow.normal.shape import of_length, required
from app.forms.question import FieldOptions, Question, attributes, line


class PasswordOptions(FieldOptions):
    """Options of `password`."""

    autocomplete: Literal["new-password", "current-password"] = Option(
        default="new-password", description="Whether a password is chosen or given."
    )
    max: int = Option(default=256, ge=64, le=1024, description="The most characters.")


@field_type(reasons=("required", "too_long"), options=PasswordOptions, fills="new-password", unshown=True)
def password(options: PasswordOptions) -> Question:
    """A password exactly as typed: not trimmed, not cut, not normalised, never shown back.

    Whether it is good enough, and typed twice alike, is asked by a guard.
    """
    box = PasswordField(
        widget=PasswordInput(hide_value=True),
        render_kw=attributes("medium", autocomplete=options.autocomplete),
    )

    def read(typed: str, today: date) -> str:  # noqa: ARG001
        return of_length(required(typed), 1, options.max)

    question = line(box, read, options.max, options, limits={"max": options.max}, secret=True)
    return replace(question, look="password")
