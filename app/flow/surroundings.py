"""What lint may know beside a definition: who is under way, the version before it, what was walked."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Literal

from app.flow.definition import Flow


@dataclass(frozen=True)
class Replayed:
    """How many recorded runs come out otherwise: those that are `stuck` or end elsewhere although nothing
    was changed there, and those whose records do not answer what the new definition asks (`starved`)."""

    unexplained: int = 0
    starved: int = 0


@dataclass(frozen=True)
class Surroundings:
    """The house around a definition.

    `before` is the live version, None for a flow that is new; `standing` counts its open runs by state.
    `under_way` says what becomes of them: they `finish` on their version (the house's rule), or `move` to
    the new one by `mapping`, old state to new. `replayed` is None where nothing was replayed; `walked` are
    the ways (`state.transition`) that people or tests have gone, None where nobody looked.
    """

    before: Flow | None = None
    standing: Mapping[str, int] = field(default_factory=dict)
    under_way: Literal["finish", "move"] = "finish"
    mapping: Mapping[str, str] = field(default_factory=dict)
    replayed: Replayed | None = None
    walked: Collection[str] | None = None
