"""Where a list goes on, as it stands in its address: a moment and an id."""

from datetime import UTC, datetime, timedelta

_MICROSECOND = timedelta(microseconds=1)
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def cursor(written: str) -> tuple[datetime, str] | None:
    """The moment and the id after which a list goes on; None for what no list of ours wrote."""
    moment, _, behind = written.partition(".")
    if not (moment.isdecimal() and len(moment) < 17 and behind):
        return None
    return _EPOCH + int(moment) * _MICROSECOND, behind


def written(after: tuple[datetime, str]) -> str:
    """The same for an address."""
    return f"{(after[0] - _EPOCH) // _MICROSECOND}.{after[1]}"
