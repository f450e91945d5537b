"""Edits of a definition's files as text: comments, order, quotes and empty lines survive.

An untouched file stays the same text by construction, as an edit is spliced in between the marks of what it
changes; whatever was spliced is read again and must say the old content with that one change.
"""

from app.flow.edit.applying import apply, apply_all
from app.flow.edit.differing import changes
from app.flow.edit.edits import (
    ABSENT,
    FIRST,
    AddFile,
    DoesNotFit,
    Edit,
    Insert,
    Move,
    Place,
    Remove,
    RemoveFile,
    Rename,
    ReplaceText,
    SetValue,
    from_data,
    to_data,
)
from app.flow.edit.merging import Conflict, Merged, merge
from app.flow.edit.model import find, same
from app.flow.edit.uses import Use, declared, remove_everywhere, rename_everywhere, uses

__all__ = [
    "ABSENT",
    "FIRST",
    "AddFile",
    "Conflict",
    "DoesNotFit",
    "Edit",
    "Insert",
    "Merged",
    "Move",
    "Place",
    "Remove",
    "RemoveFile",
    "Rename",
    "ReplaceText",
    "SetValue",
    "Use",
    "apply",
    "apply_all",
    "changes",
    "declared",
    "find",
    "from_data",
    "merge",
    "remove_everywhere",
    "rename_everywhere",
    "same",
    "to_data",
    "uses",
]
