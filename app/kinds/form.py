"""A page that asks for fields."""

from collections.abc import Mapping
from typing import Any

from pydantic import BaseModel

from app.flow.catalogue import kind
from app.step import Page


@kind(raises=("submit",), texts=("title",))
def form(page: Page, options: BaseModel) -> Mapping[str, Any]:  # noqa: ARG001
    """Asks for the state's fields in the order given; the first trigger's button sends them."""
    return {}
