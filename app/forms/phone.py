"""Mobile numbers, in one box or behind a drop-down of prefixes."""

from datetime import date
from typing import Annotated

from pydantic import Field as Option
from pydantic import StringConstraints, field_validator
from wtforms import TelField

from app.flow.catalogue import CATALOGUE, field_type
from app.flow.normal import phone
from app.forms.boxes import drop_down
from app.forms.question import FieldOptions, Question, Written, attributes, line

CATALOGUE.remember(phone.mobile)


Prefix = Annotated[Written, StringConstraints(pattern=r"^[1-9][0-9]{0,3}$")]


class MobileOptions(FieldOptions):
    """Options of `mobile`."""

    region: str = Option(default="BG", description="Country of numbers typed without +, two capitals.")
    countries: list[str] = Option(default=[], description="Countries accepted; without it, the region only.")
    prefixes: list[Prefix] = Option(
        default=[], description="Offered in a drop-down before the number, for numbers of the region only."
    )

    @field_validator("region", "countries")
    @classmethod
    def _known(cls, written: str | list[str]) -> str | list[str]:
        for region in [written] if isinstance(written, str) else written:
            if not phone.is_region(region):
                raise ValueError(f"'{region}' is no country; write two capitals, BG say")
        return written


@field_type(
    reasons=("required", "too_long", "not_a_phone", "not_mobile"),
    options=MobileOptions,
    suffixes=("", "_prefix", "_number"),
    fills="tel",
)
def mobile(options: MobileOptions) -> Question:
    """A mobile number of the countries accepted, typed in any usual way and kept as +359888123456.

    With `prefixes` there are two boxes, posted as <field>_prefix and <field>_number, behind the fixed 0 or
    06 of the country.
    """
    if options.prefixes:
        return _prefixed(options)
    countries = frozenset(options.countries or [options.region])
    box = TelField(render_kw=attributes("medium", autocomplete="tel"))
    return line(box, lambda typed, _: phone.mobile(typed, options.region, countries), phone.LONGEST, options)


def _prefixed(options: MobileOptions) -> Question:
    prefix_box = drop_down(options.prefixes, "short", "tel-area-code")
    number_box = TelField(render_kw=attributes("medium", autocomplete="tel-local"))

    def read(typed: tuple[str, ...], today: date) -> str:  # noqa: ARG001
        return phone.joined(typed[0], typed[1], options.region, options.prefixes)

    return Question(
        "prefixed",
        {"_prefix": prefix_box, "_number": number_box},
        read,
        phone.LONGEST,
        trunk=phone.trunk(options.region),
        when=options.when,
    )
