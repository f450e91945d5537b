"""Where a thing of a definition stands, as an address says it: `states/verify_phone/transitions/#locked`."""

from app.flow.edit import Place

#: The address of what belongs to the whole flow: languages, lifetimes, its first state.
WHOLE = "flow"

_LONGEST = 400


def address(place: Place) -> str:
    """The place in one line; what belongs to the whole flow is `flow`."""
    return "/".join(map(_written, place)) if place else WHOLE


def place_of(written: str) -> Place:
    """The place an address names; a part of digits alone is a position."""
    if written in {"", WHOLE} or len(written) > _LONGEST:
        return ()
    return tuple(_read(part) for part in written.split("/"))


def _written(part: str | int) -> str:
    return str(part).replace("~", "~0").replace("/", "~1")


def _read(part: str) -> str | int:
    if part.isascii() and part.isdecimal() and len(part) < 6:
        return int(part)
    return part.replace("~1", "/").replace("~0", "~")


def section_of(place: Place) -> str:
    """The section of FlowSpec, or the part of one (`states.form.transitions`), in which the thing stands."""
    return ".".join(map(str, place[:-1]))


def name_of(place: Place) -> str:
    """What the thing is called, an item of a list without its `#`."""
    return str(place[-1]).removeprefix("#") if place else ""
