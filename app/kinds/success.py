"""The page that says that it is done."""

from collections.abc import Mapping
from typing import Any

from pydantic import BaseModel

from app.flow.catalogue import kind
from app.kinds.message import paragraphs
from app.step import Page


@kind(texts=("title", "lead"))
def success(page: Page, options: BaseModel) -> Mapping[str, Any]:  # noqa: ARG001
    """Says that it is done and what comes next, with a reference to quote; a button for every way on."""
    return {"paragraphs": paragraphs(page), "reference": page.run.reference if page.run else ""}
