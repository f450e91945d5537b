"""What a fork of a run at a step may be asked: which guard is to answer otherwise than it did."""

from flask import current_app

from app.flow.definition import FORM_VALID
from app.flow.trace import Recorded
from app.runner.story import Story
from app.web.house import house

#: The sandbox's view, where there is one: it takes `run`, `step`, `say` (`guard=word`) and `reason`.
_VIEW = "sandbox.fork_run"


def forkable(told: Story, step: Recorded) -> str | None:
    """The endpoint that forks the run before this step; None where it cannot be forked there."""
    if (
        told.flow_of(step) is None
        or step.chosen is None
        or _is_behind_a_move(told, step)
        or _VIEW not in current_app.view_functions
    ):
        return None
    return _VIEW


def otherwise(told: Story, step: Recorded) -> list[tuple[str, list[str]]]:
    """Each guard asked in the step with the words it might have answered instead, its refusals and silence.

    What it found cannot be put into its mouth, so a yes is not offered; shape follows from what is typed.
    """
    found = []
    flow = told.flow_of(step)
    for judged in step.judged:
        use = flow.guards.get(judged.guard) if flow else None
        if use is None or judged.guard == FORM_VALID or use.guard not in house().catalogue.guards:
            continue
        guard = house().catalogue.guards[use.guard]
        words = [*(guard.reasons or ("no",)), *(["unavailable"] if guard.may_be_unavailable else [])]
        answered = judged.reason if judged.answer == "no" and judged.reason else judged.answer
        found.append((judged.guard, [word for word in words if word != answered]))
    return found


def _is_behind_a_move(told: Story, step: Recorded) -> bool:
    """Whether the run was on another version before: a sandbox has one only, and cannot walk up to there."""
    return told.moved_at is not None and step.seq > told.moved_at
