"""E-mail addresses: their syntax. Whether the domain exists is a guard's question."""

from email_validator import ValidatedEmail, validate_email

from app.flow.normal.shape import ShapeProblem, of_length, required, tidy

LONGEST = 254


def email(typed: str) -> str:
    """The address as typed, trimmed and in NFKC.

    Raises ShapeProblem `required`, `too_long`, `not_latin` (other letters before the @, which few servers
    take) and `not_an_address`, also for domains that never take mail such as `.test` and `.local`.
    """
    address = _line(typed)
    _checked(address)
    return address


def email_key(typed: str) -> str:
    """What the spellings of one address have in common: all lower case, the domain in its own script.

    The local part's case does not count either, as everywhere here. Raises ShapeProblem as `email` does.
    """
    parts = _checked(_line(typed))
    return f"{parts.local_part.lower()}@{parts.domain}"


def _line(typed: str) -> str:
    return of_length(required(tidy(typed, LONGEST, "not_an_address")), 0, LONGEST)


def _checked(address: str) -> ValidatedEmail:
    try:
        return validate_email(address, allow_smtputf8=False, check_deliverability=False)
    except ValueError:  # the library's own refusals and codec errors; their texts quote the address
        local, at, _ = address.rpartition("@")
    raise ShapeProblem("not_latin" if at and not local.isascii() else "not_an_address")
