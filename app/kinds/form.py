"""A page that asks for fields."""

from collections.abc import Mapping
from typing import Any

from pydantic import BaseModel, ConfigDict, Field

from app.flow.catalogue import kind
from app.step import Page


class FormOptions(BaseModel):
    """Options of `form`."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    clock: bool = Field(default=False, description="Say, counting down, how long the page stays valid.")


@kind(raises=("submit",), texts=("title",), options=FormOptions)
def form(page: Page, options: FormOptions) -> Mapping[str, Any]:  # noqa: ARG001
    """Asks for the state's fields in the order given; the first trigger's button sends them."""
    return {"clock": options.clock}
