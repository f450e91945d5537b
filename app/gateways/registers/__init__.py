"""Registers asked live: a query in a SQL database or a question to an HTTP service."""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any, Literal

from app.flow.spec import RegisterSpec
from app.gateways.breaker import Breaker
from app.gateways.registers.http import HttpRegister
from app.gateways.registers.options import HttpSource, SourceOptions, SqlSource
from app.gateways.registers.source import Guarded, RegisterSource, RegisterUnavailable
from app.gateways.registers.sql import SqlRegister

__all__ = ["Guarded", "RegisterSource", "RegisterUnavailable", "open_source", "source_options"]

_OPTIONS: dict[str, type[SourceOptions]] = {"sql": SqlSource, "http": HttpSource}


def source_options(source: Mapping[Literal["sql", "http"], dict[str, Any]]) -> SourceOptions:
    """The options written under `source:`; raises ValueError (pydantic's) with what is wrong in them."""
    if len(source) != 1:
        raise ValueError("name exactly one source: sql or http")
    ((kind, written),) = source.items()
    return _OPTIONS[kind].model_validate(written)


def open_source(
    spec: RegisterSpec,
    secrets: Mapping[str, str],
    clock: Callable[[], datetime] = lambda: datetime.now(UTC),
) -> Guarded:
    """The live source that `spec` declares, behind a breaker of its own; nothing is asked yet.

    `secrets` holds the variables that `url_from`, `token_from` and `ca_file_from` name. Raises ValueError
    or OSError with the cure when one is missing or wrong, and for a register that is imported.
    """
    if spec.source == "imported":
        raise ValueError("this register is imported, not asked")
    options = source_options(spec.source)
    source: RegisterSource
    if isinstance(options, SqlSource):
        source = SqlRegister(spec, options, secrets)
    else:
        assert isinstance(options, HttpSource)
        source = HttpRegister(spec, options, secrets)
    return Guarded(source, Breaker(), clock)
