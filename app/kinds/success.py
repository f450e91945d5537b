"""The page that says that it is done."""

from collections.abc import Mapping
from typing import Any

from app.flow.catalogue import kind
from app.kinds.message import TellingOptions, accounts_named, paragraphs, user_name
from app.step import Page


@kind(texts=("title", "lead"), options=TellingOptions, references=accounts_named)
def success(page: Page, options: TellingOptions) -> Mapping[str, Any]:
    """Says that it is done and what comes next, with a reference to quote; a button for every way on."""
    return {
        "paragraphs": paragraphs(page),
        "user_name": user_name(page, options),
        "reference": page.run.reference if page.run else "",
    }
