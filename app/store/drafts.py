"""Drafts of flow definitions and every edit of them. A draft moves only by compare-and-set on `revision`.

Files and edits are compressed and sealed (see `drafts_models`); an edit keeps per file what it took away and
what it put there, so that any revision can be had again by walking back from the newest.
"""

import json
import zlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, bindparam, insert, select, update
from sqlalchemy.exc import IntegrityError

from app.store.crypto import Vault
from app.store.drafts_models import draft_edits, drafts

Files = Mapping[str, str]


class StaleDraft(Exception):
    """The draft has moved since it was read; nothing was written."""


class DraftThere(Exception):
    """The flow has an open draft already."""


@dataclass(frozen=True)
class StoredDraft:
    """One draft: its files as text by name, and those of the version it was made from.

    `base_number` is None for a flow that was not live then; `revision` counts the edits.
    """

    id: str
    flow: str
    base_number: int | None
    base_files: Files = field(repr=False)
    files: Files = field(repr=False)
    digest: str
    revision: int
    opened_by: str
    opened_at: datetime
    touched_at: datetime
    closed_at: datetime | None = None
    closed_as: str | None = None


@dataclass(frozen=True)
class Patch:
    """What an edit did to one file: at `at` it put `new` in the place of `old`; None: there is no file."""

    file: str
    at: int
    old: str | None
    new: str | None


@dataclass(frozen=True)
class StoredEdit:
    """One edit: who, when, `what` as data for a sentence, and the patches that made it.

    `kind` is `edit`, `text`, `import`, `restore`, `merge`, `undo` or `redo`; `undoes` is the revision that an
    undo took back, or whose undo a redo took back; `undone_by` the newest revision that took this one back.
    """

    revision: int
    at: datetime
    staff: str
    kind: str
    what: Mapping[str, Any]
    patches: Sequence[Patch] = field(repr=False)
    undoes: int | None = None
    undone_by: int | None = None


_COLUMNS = list(drafts.c)
_OPEN = select(*_COLUMNS).where(drafts.c.open_flow == bindparam("of_flow"))
_BY_ID = select(*_COLUMNS).where(drafts.c.id == bindparam("of_draft"))
_OPEN_FLOWS = select(drafts.c.open_flow).where(drafts.c.open_flow.is_not(None)).order_by(drafts.c.open_flow)
_ADVANCE = (
    update(drafts)
    .where(
        drafts.c.id == bindparam("of_draft"),
        drafts.c.revision == bindparam("from_revision"),
        drafts.c.closed_at.is_(None),
    )
    .values(
        files=bindparam("now_files"),
        digest=bindparam("now_digest"),
        revision=bindparam("to_revision"),
        touched_at=bindparam("now"),
    )
)
_REBASE = (
    update(drafts)
    .where(drafts.c.id == bindparam("of_draft"))
    .values(base_number=bindparam("number"), base_files=bindparam("on_files"))
)
_CLOSE = (
    update(drafts)
    .where(
        drafts.c.id == bindparam("of_draft"),
        drafts.c.revision == bindparam("from_revision"),
        drafts.c.closed_at.is_(None),
    )
    .values(
        open_flow=None,
        closed_at=bindparam("now"),
        closed_as=bindparam("fate"),
        closed_by=bindparam("who"),
        closed_number=bindparam("became"),
    )
)
_EDITS = (
    select(*draft_edits.c)
    .where(draft_edits.c.draft == bindparam("of_draft"), draft_edits.c.revision <= bindparam("newest"))
    .order_by(draft_edits.c.revision.desc())
)
_UNDONE = (
    update(draft_edits)
    .where(draft_edits.c.draft == bindparam("of_draft"), draft_edits.c.revision == bindparam("of_revision"))
    .values(undone_by=bindparam("by_revision"))
)


def put(connection: Connection, vault: Vault, draft: StoredDraft) -> None:
    """Open a draft; raises DraftThere."""
    row = {
        "id": draft.id,
        "flow": draft.flow,
        "open_flow": draft.flow,
        "base_number": draft.base_number,
        "files": _sealed(vault, dict(draft.files), f"drafts:{draft.id}:files"),
        "base_files": _sealed(vault, dict(draft.base_files), f"drafts:{draft.id}:base_files"),
        "digest": draft.digest,
        "revision": draft.revision,
        "opened_by": draft.opened_by,
        "opened_at": draft.opened_at,
        "touched_at": draft.touched_at,
    }
    try:
        connection.execute(insert(drafts), row)
    except IntegrityError:
        raise DraftThere(draft.flow) from None


def open_of(connection: Connection, vault: Vault, flow: str) -> StoredDraft | None:
    """The open draft of a flow."""
    row = connection.execute(_OPEN, {"of_flow": flow}).first()
    return _draft(vault, row) if row else None


def by_id(connection: Connection, vault: Vault, draft: str) -> StoredDraft | None:
    """A draft, open or closed."""
    row = connection.execute(_BY_ID, {"of_draft": draft}).first()
    return _draft(vault, row) if row else None


def open_flows(connection: Connection) -> list[str]:
    """The flows that have an open draft, sorted."""
    return [str(name) for (name,) in connection.execute(_OPEN_FLOWS)]


def _draft(vault: Vault, row: Any) -> StoredDraft:
    return StoredDraft(
        row.id,
        row.flow,
        row.base_number,
        _opened(vault, row.base_files, f"drafts:{row.id}:base_files"),
        _opened(vault, row.files, f"drafts:{row.id}:files"),
        row.digest,
        row.revision,
        row.opened_by,
        row.opened_at,
        row.touched_at,
        row.closed_at,
        row.closed_as,
    )


def advance(
    connection: Connection, vault: Vault, draft: StoredDraft, files: Files, digest: str, edit: StoredEdit
) -> None:
    """Put `files` in the place of those of `draft`, and note the edit; raises StaleDraft."""
    moved = connection.execute(
        _ADVANCE,
        {
            "of_draft": draft.id,
            "from_revision": draft.revision,
            "to_revision": edit.revision,
            "now_files": _sealed(vault, dict(files), f"drafts:{draft.id}:files"),
            "now_digest": digest,
            "now": edit.at,
        },
    )
    if moved.rowcount != 1:
        raise StaleDraft(draft.flow)
    place = f"draft_edits:{draft.id}/{edit.revision}"
    patches = [[each.file, each.at, each.old, each.new] for each in edit.patches]
    connection.execute(
        insert(draft_edits),
        {
            "draft": draft.id,
            "revision": edit.revision,
            "at": edit.at,
            "staff": edit.staff,
            "kind": edit.kind,
            "what": _sealed(vault, dict(edit.what), f"{place}:what"),
            "patch": _sealed(vault, patches, f"{place}:patch"),
            "undoes": edit.undoes,
        },
    )


def mark_undone(connection: Connection, draft: str, revision: int, by: int | None) -> None:
    """Note that the edit of this revision was taken back, or stands again."""
    connection.execute(_UNDONE, {"of_draft": draft, "of_revision": revision, "by_revision": by})


def rebase(connection: Connection, vault: Vault, draft: str, number: int, files: Files) -> None:
    """Note that the draft stands on another version now."""
    sealed = _sealed(vault, dict(files), f"drafts:{draft}:base_files")
    connection.execute(_REBASE, {"of_draft": draft, "number": number, "on_files": sealed})


def close(
    connection: Connection, draft: StoredDraft, fate: str, now: datetime, who: str, became: int | None = None
) -> None:
    """Close the draft as it was read: `published`, as version `became`, or `discarded`; raises StaleDraft."""
    values = {"of_draft": draft.id, "from_revision": draft.revision, "fate": fate, "now": now}
    if connection.execute(_CLOSE, {**values, "who": who, "became": became}).rowcount != 1:
        raise StaleDraft(draft.flow)


def edits(connection: Connection, vault: Vault, draft: str, newest: int) -> Iterator[StoredEdit]:
    """The edits of a draft up to a revision, the newest first, read as they are asked for."""
    for row in connection.execute(_EDITS, {"of_draft": draft, "newest": newest}):
        place = f"draft_edits:{draft}/{row.revision}"
        yield StoredEdit(
            row.revision,
            row.at,
            row.staff,
            row.kind,
            _opened(vault, row.what, f"{place}:what"),
            tuple(Patch(*each) for each in _opened(vault, row.patch, f"{place}:patch")),
            row.undoes,
            row.undone_by,
        )


def _sealed(vault: Vault, value: Any, place: str) -> bytes:
    written = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    return vault.encrypt_bytes(zlib.compress(written.encode("utf-8", "surrogatepass")), place)


def _opened(vault: Vault, sealed: bytes, place: str) -> Any:
    return json.loads(zlib.decompress(vault.decrypt_bytes(sealed, place)).decode("utf-8", "surrogatepass"))


_PUBLISHED = (
    select(drafts.c.id, drafts.c.revision)
    .where(
        drafts.c.flow == bindparam("of_flow"),
        drafts.c.closed_as == "published",
        drafts.c.base_number >= bindparam("low"),
        drafts.c.base_number < bindparam("high"),
    )
    .order_by(drafts.c.base_number, drafts.c.closed_at)
)


def published_between(connection: Connection, flow: str, low: int, high: int) -> list[tuple[str, int]]:
    """(id, revision) of every draft that became a version behind `low`, up to `high`, the oldest first."""
    rows = connection.execute(_PUBLISHED, {"of_flow": flow, "low": low, "high": high})
    return [(row.id, row.revision) for row in rows]
