"""Messages asked for again, too soon or once too often; links pressed."""

from datetime import timedelta

from app.flow.spec import SendPolicy
from app.proof.staging import others
from app.proof.staging.plan import BEGINNING, Asked, Plan
from app.proof.staging.registry import asked_of, settles, stages
from app.proof.staging.schedule import SECOND
from app.store.sends import TEN_MINUTES


@stages("may_send", turn=6)
def may_send(asked: Asked) -> None:
    """Ask after the pause, within it, or once the recipient has had as many messages as are allowed."""
    if asked.outcome.answer == "yes":
        _after_the_pause(asked)
    elif asked.outcome.reason == "too_soon":
        _within_the_pause(asked)
    elif len(asked.plan.sends(asked.options.name, asked.at)) < _policy(asked).per_10_minutes:
        _flooded(asked)
    else:
        _sent_too_often(asked)


@settles(turn=6)
def not_full_yet(plan: Plan) -> None:
    """A cap that others have filled is told before any pause."""
    for asked in asked_of(plan, "may_send"):
        flooded = plan.flooded.get(asked.options.name)
        if asked.outcome.reason == "too_soon" and flooded is not None and flooded <= asked.at:
            raise asked.unfit("others have used the cap up by then, which is told first")


@stages("link_live", turn=6)
def link_live(asked: Asked) -> None:
    """A link is opened where it shall be good; without one, the page's own button is pressed."""
    if asked.outcome.answer == "no" and asked.outcome.reason != "no_link":
        raise asked.unfit("a dead link is told on its page and takes no step")


def _pause(asked: Asked, sends: list[int]) -> timedelta:
    pauses = _policy(asked).resend_after
    return pauses[min(len(sends), len(pauses)) - 1] if pauses else timedelta()


def _policy(asked: Asked) -> SendPolicy:
    spec = asked.plan.flow.spec
    return spec.codes.get(asked.options.name) or spec.links[asked.options.name]


def _after_the_pause(asked: Asked) -> None:
    sends = asked.plan.sends(asked.options.name, asked.at)
    if sends:
        asked.at_least(asked.at, sends[-1], _pause(asked, sends), "the pause is over by then")
    flooded = asked.plan.flooded.get(asked.options.name)
    if flooded is not None:
        asked.at_least(asked.at, flooded, TEN_MINUTES, "the others' messages do not count by then")


def _within_the_pause(asked: Asked) -> None:
    sends = asked.plan.sends(asked.options.name, asked.at)
    pause = _pause(asked, sends)
    if not sends or not pause:
        raise asked.unfit("nothing has been sent that a pause would follow")
    asked.at_most(asked.at, sends[-1], pause - SECOND, "the pause would be over by then")


def _sent_too_often(asked: Asked) -> None:
    """The run itself has sent so many within the span of a cap."""
    sends, most = asked.plan.sends(asked.options.name, asked.at), _policy(asked).per_10_minutes
    asked.at_most(asked.at, sends[-most], TEN_MINUTES - SECOND, "the first messages would not count by then")


def _flooded(asked: Asked) -> None:
    """Others have had so many sent to this recipient that with this run's own there are enough.

    Before the run's own message, so that its code is the newest; just before the move itself where the story
    has it so, or where others can only try to register the address that is taken by now.
    """
    plan, name = asked.plan, asked.options.name
    sends = plan.sends(name, asked.at)
    if name not in plan.flooded:
        late = not sends or plan.story.come == "late" or others.is_taken(plan, name, asked.at)
        come = asked.at if late else BEGINNING if plan.story.come == "first" else sends[-1]
        others.flood(asked, name, come, _policy(asked).per_10_minutes - (0 if late else len(sends)))
        plan.own_count |= set() if late else {name}
    counted = [plan.flooded[name], *(sends if name in plan.own_count else [])]
    asked.at_most(asked.at, min(counted), TEN_MINUTES - SECOND, "the messages would not count by then")
