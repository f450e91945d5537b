"""How long a run lives: every move while it does, `expire` once it does not."""

from collections.abc import Callable
from datetime import timedelta

from app.proof.staging.plan import Plan
from app.proof.staging.registry import settles
from app.proof.staging.schedule import SECOND
from app.proof.staging.unfit import NotStaged

_LEFT_BEHIND = timedelta(days=31)  # a run that could wait for ever is ended after thirty (`runner.sweep`)


@settles(turn=9)
def lifetimes(plan: Plan) -> None:
    """Make every move in the run's time, and let it run out where the clock's own trigger is next."""
    for at, move in enumerate(plan.course.moves):
        over = move.transition.trigger == "expire"
        if at == 0:
            if over:
                plan.late[0] = plan.flow.spec.lifetime.idle
                plan.schedule.at_least(0, -1, plan.late[0] + plan.flow.spec.lifetime.absolute, _never(0))
            continue
        deadline = plan.course.deadline(at)
        if over and deadline:
            plan.schedule.at_least(at, deadline[0], deadline[1], _never(at))
        elif over:
            plan.schedule.at_least(at, at - 1, _LEFT_BEHIND, _never(at))
        elif deadline:
            plan.schedule.at_most(at, deadline[0], deadline[1] - SECOND, _never(at))


def _never(at: int) -> Callable[[], NotStaged]:
    return lambda: NotStaged(at, "", "", "the run would be over by then")
