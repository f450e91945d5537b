"""What a definition says about a live source. Addresses and secrets are named, never written there.

The names are environment variables `NARTHEX_REGISTER_...`: the operator decides whom this house calls and
with which token, not whoever may edit a flow (ASVS 13.2.4, requirement S66).
"""

from collections.abc import Mapping
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, field_validator

EnvironmentName = Annotated[str, Field(pattern=r"^NARTHEX_REGISTER_[A-Z0-9_]{1,60}$")]
Seconds = Annotated[float, Field(ge=0.1, le=5, description="How long one question may take, in seconds.")]


class SourceOptions(BaseModel):
    """What every live source has."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    url_from: EnvironmentName = Field(description="The environment variable with the address.")
    timeout: Seconds = 2.0


class SqlSource(SourceOptions):
    """A table or view in somebody's SQL database, by a query with `:column` where a searched value goes."""

    query: str = Field(
        min_length=10,
        description="One SELECT that names every column; `:column` is a searched value, NULL if not asked.",
    )

    @field_validator("query")
    @classmethod
    def _one_select(cls, query: str) -> str:
        if query.split(None, 1)[0].lower() not in {"select", "with"} or ";" in query:
            raise ValueError("write one SELECT without a semicolon")
        return query


class HttpSource(SourceOptions):
    """A service that answers JSON.

    POST sends the searched columns as a JSON object. GET puts them into the address, where the service's
    own access log may keep them: use it only where nothing else is offered.
    """

    method: Literal["GET", "POST"] = "POST"
    token_from: EnvironmentName | None = Field(
        default=None, description="The environment variable with the bearer token."
    )
    ca_file_from: EnvironmentName | None = Field(
        default=None, description="The environment variable with the file (PEM) of a private authority."
    )
    rows: str = Field(
        default="rows",
        pattern=r"^$|^[^.\s]+(\.[^.\s]+)*$",
        description="Where the list of rows stands: keys joined by dots; empty: the answer is the list.",
    )
    unknown_is_404: bool = Field(default=False, description="The service says 404 when it has no row.")


def named(name: str, secrets: Mapping[str, str]) -> str:
    """The value of a named variable; raises ValueError with the cure when it is not set."""
    value = secrets.get(name, "").strip()
    if not value:
        raise ValueError(f"set {name}: a register's source refers to it")
    return value
