"""Numbers that name a person, a company or a contract."""

from datetime import date

from pydantic import Field as Option
from pydantic import model_validator
from wtforms import StringField

from app.flow.catalogue import CATALOGUE, field_type
from app.flow.normal import company, national
from app.flow.normal import text as plain
from app.forms.question import FieldOptions, Question, Width, attributes, line, width_for

for rule in (company.eik, national.national_id, plain.digits):
    CATALOGUE.remember(rule)


class NationalIdOptions(FieldOptions):
    """Options of `national_id`."""

    check_digit: bool = Option(default=False, description="Refuse a wrong check digit or birth date.")


@field_type(
    reasons=("required", "too_long", "not_ten_digits", "number_wrong"),
    options=NationalIdOptions,
)
def national_id(options: NationalIdOptions) -> Question:
    """ЕГН or ЛНЧ (ЕНЧ): everything but the digits 0-9 is dropped, then exactly ten must be left.

    With `check_digit: true` also the check digit must be right and the birth date not lie in the future.
    """

    def read(typed: str, today: date) -> str:
        return national.national_id(typed, today if options.check_digit else None)

    # Off: the browser of a shared phone should not offer somebody else's number.
    return line(_number_box("medium", autocomplete="off"), read, national.LONGEST, options)


@field_type(
    reasons=("required", "too_long", "not_9_or_13_digits", "number_wrong"),
    options=FieldOptions,
)
def eik(options: FieldOptions) -> Question:
    """ЕИК of a company (9 digits) or a branch (13) with right check digits; placeholders are refused."""
    return line(_number_box("medium"), lambda typed, _: company.eik(typed), company.LONGEST, options)


class DigitsOptions(FieldOptions):
    """Options of `digits`."""

    min: int = Option(default=1, ge=1, description="The fewest digits.")
    max: int = Option(default=20, ge=1, le=64, description="The most digits.")

    @model_validator(mode="after")
    def _in_order(self) -> "DigitsOptions":
        if self.min > self.max:
            raise ValueError("'min' is greater than 'max'")
        return self


@field_type(reasons=("required", "too_short", "too_long", "not_digits"), options=DigitsOptions)
def digits(options: DigitsOptions) -> Question:
    """A number to be copied, digits only; leading zeros are kept, spaces and dashes between are dropped."""

    def read(typed: str, today: date) -> str:  # noqa: ARG001
        return plain.digits(typed, options.min, options.max)

    limits = {"min": options.min, "max": options.max}
    return line(_number_box(width_for(options.max)), read, options.max, options, limits=limits)


def _number_box(width: Width, **more: str) -> StringField:
    return StringField(render_kw=attributes(width, inputmode="numeric", **more))
