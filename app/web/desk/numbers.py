"""Numbers as they come in addresses and forms."""

_DIGITS = 9  # what every database keeps in an integer


def number(written: str | None) -> int | None:
    """The number of at most nine digits that is written there; None for anything else."""
    fits = written is not None and written.isdecimal() and len(written) <= _DIGITS
    return int(written or "") if fits else None
