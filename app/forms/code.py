"""One-time codes, typed or filled in by the phone."""

from datetime import date

from pydantic import Field as Option
from pydantic import model_validator

from app.flow.catalogue import CATALOGUE, field_type
from app.flow.normal import code as codes
from app.forms.boxes import UnshownField
from app.forms.question import FieldOptions, Question, attributes, line

CATALOGUE.remember(codes.code)


class CodeOptions(FieldOptions):
    """Options of `code`; both numbers are given where a part of the code is typed, 5 and 6 say."""

    alphabet: codes.Alphabet = Option(default="letters and digits", description="What the code is made of.")
    min: int = Option(default=4, ge=1, le=12, description="The fewest characters; fewer cost no try.")
    max: int = Option(default=12, ge=1, le=12, description="The most characters.")

    @model_validator(mode="after")
    def _in_order(self) -> "CodeOptions":
        if self.min > self.max:
            raise ValueError("'min' is greater than 'max'")
        return self


@field_type(
    reasons=("required", "too_short", "too_long", "not_a_code"),
    options=CodeOptions,
    fills="one-time-code",
    unshown=True,
)
def code(options: CodeOptions) -> Question:
    """A one-time code in one box: lower case, spaces and dashes, and Cyrillic look-alikes are forgiven.

    Whether it is the right one is asked by a guard.
    """
    look = {"inputmode": "numeric"} if options.alphabet == "digits" else {"autocapitalize": "characters"}
    box = UnshownField(render_kw=attributes("short", autocomplete="one-time-code", **look))

    def read(typed: str, today: date) -> str:  # noqa: ARG001
        return codes.code(typed, options.alphabet, options.min, options.max)

    limits = {"min": options.min, "max": options.max}
    return line(box, read, options.max, options, limits=limits, secret=True)
