"""What edits of a draft did: an edit never changes, so what was found once is kept for the next pages."""

from collections.abc import Sequence

from app.runner.drafting.drafts import Draft
from app.runner.drafting.telling import Told, told_each
from app.web.desk.kept import Kept
from app.web.house import house

_TOLD = Kept("told", 400)


def edits_told(draft: Draft, revisions: Sequence[int]) -> dict[int, Told]:
    """By revision what its edit did."""
    kept = {each: told for each in revisions if (told := _TOLD.known((draft.id, each))) is not None}
    missing = [each for each in revisions if each not in kept]
    found = told_each(house(), draft, missing) if missing else {}
    for revision, told in found.items():
        _TOLD.keep((draft.id, revision), told)
    return {**kept, **found}
