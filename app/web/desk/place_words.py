"""A place in a file of a definition, in the reader's words."""

from collections.abc import Callable, Mapping

from flask_babel import gettext

from app.flow.edit import Place

_SORTS: Mapping[str, Callable[[str], str]] = {
    "states": lambda name: gettext("state “%(name)s”", name=name),
    "fields": lambda name: gettext("field “%(name)s”", name=name),
    "codes": lambda name: gettext("code “%(name)s”", name=name),
    "guards": lambda name: gettext("guard “%(name)s”", name=name),
    "links": lambda name: gettext("link “%(name)s”", name=name),
    "registers": lambda name: gettext("register “%(name)s”", name=name),
    "accounts": lambda name: gettext("account “%(name)s”", name=name),
    "budgets": lambda name: gettext("budget “%(name)s”", name=name),
    "notices": lambda name: gettext("notice “%(name)s”", name=name),
    "cards": lambda name: gettext("card “%(name)s”", name=name),
    "transitions": lambda name: gettext("way “%(name)s”", name=name),
    "everywhere": lambda name: gettext("way “%(name)s” from everywhere", name=name),
}


def place(at: Place) -> str:
    """From the whole to the part: state “pin”, way “right”, dest."""
    found: list[str] = []
    rest = [str(part + 1) if isinstance(part, int) else part for part in at]
    while rest:
        if len(rest) > 1 and rest[0] in _SORTS:
            found.append(_SORTS[rest[0]](rest[1].removeprefix("#")))
            rest = rest[2:]
        elif rest[0].startswith("#"):
            found.append(f"“{rest[0].removeprefix('#')}”")
            rest = rest[1:]
        else:
            found.append(rest[0])
            rest = rest[1:]
    return ", ".join(found) or str(gettext("the whole file"))
