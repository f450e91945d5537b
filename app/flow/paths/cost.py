"""How much a step costs to bring about: what paths are kept short by."""

from collections.abc import Mapping

from app.flow.paths.explore import Edge, Space
from app.flow.paths.model import By

#: What an outcome costs beside the step itself, by who brings it about.
_BY: Mapping[By, int] = {"here": 0, "others": 25, "crowd": 40}
_STEP, _UNBEGUN = 1, 4


def cost(edge: Edge, space: Space) -> int:
    """One for a step, more where other runs must do something first.

    A run begins with its first post; until then only a draft can run out of time, which costs more, too.
    """
    others = sum(_BY[outcome.by] for _, outcome in edge.move.outcomes)
    unbegun = edge.source == space.initial and edge.move.transition.trigger == "expire"
    return _STEP + others + _UNBEGUN * unbegun
