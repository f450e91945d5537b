"""What an edit of a draft did, in the reader's words."""

from flask import g
from flask_babel import gettext

from app.flow.difference.wording import sentence
from app.runner.drafting.telling import Told


def sentences(told: Told, most: int | None = None) -> list[str]:
    """What differs for people; where nothing does, or it cannot be read, which files differ in their text."""
    said = [sentence(each, g.lang) for each in told.changes or ()]
    if most is not None and len(said) > most:
        return [*said[:most], str(gettext("and %(count)s further changes", count=len(said) - most))]
    return said or [_files(told)]


def _files(told: Told) -> str:
    names = ", ".join(each.file for each in told.patches)
    if not names:
        return str(gettext("Nothing differs."))
    if told.changes is None:
        return str(gettext("The text of %(files)s; it cannot be read as a flow on one side.", files=names))
    return str(gettext("Only comments, layout or what lies beside the definition: %(files)s.", files=names))
