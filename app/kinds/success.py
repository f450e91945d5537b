"""The page that says that it is done."""

from collections.abc import Mapping
from typing import Any

from app.flow.catalogue import kind
from app.kinds.message import TellingOptions, accounts_named, paragraphs, user_name, user_name_then
from app.step import Page
from app.step.then import Then


def _success_then(page: Page, options: TellingOptions, then: Then) -> Mapping[str, Any]:
    return {
        "paragraphs": paragraphs(page),
        "user_name": user_name_then(options, then),
        "reference": page.run.reference if page.run else "",
    }


@kind(texts=("title", "lead"), options=TellingOptions, references=accounts_named, seen=_success_then)
def success(page: Page, options: TellingOptions) -> Mapping[str, Any]:
    """Says that it is done and what comes next, with a reference to quote; a button for every way on."""
    return {
        "paragraphs": paragraphs(page),
        "user_name": user_name(page, options),
        "reference": page.run.reference if page.run else "",
    }
