"""The page behind a flow that ends in the portal."""

from collections.abc import Mapping
from typing import Any

from pydantic import BaseModel

from app.flow.catalogue import kind
from app.step import Page


@kind(texts=())
def portal(page: Page, options: BaseModel) -> Mapping[str, Any]:  # noqa: ARG001
    """Has no page of its own: leads to the home page of the realm's portal."""
    return {"leads_to": "portal"}
