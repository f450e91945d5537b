"""E-mail addresses."""

from wtforms import EmailField

from app.flow.catalogue import CATALOGUE, field_type
from app.flow.normal import email as addresses
from app.forms.question import FieldOptions, Question, attributes, line

CATALOGUE.remember(addresses.email)


@field_type(
    reasons=("required", "too_long", "not_latin", "not_an_address"), options=FieldOptions, fills="email"
)
def email(options: FieldOptions) -> Question:
    """An e-mail address with the right syntax; kept as typed, compared without regard to case.

    Whether its domain exists is asked by the guard `mail_domain_exists`.
    """
    box = EmailField(render_kw=attributes("long", autocomplete="email", inputmode="email"))
    return line(box, lambda typed, _: addresses.email(typed), addresses.LONGEST, options)
