"""Limits that time itself keeps: how long a run may lie idle, and how long it may last in all."""

from collections.abc import Callable, Iterator, Sequence
from datetime import timedelta
from itertools import pairwise

from sqlalchemy import Connection

from app.flow.definition import Flow
from app.flow.funnel.tally import Timed
from app.flow.limits import Limit
from app.runner.timed_runs import timed_runs
from app.runner.what_if.counting import Counted, ends_well
from app.store.timed import Window

#: Whether a run was stopped at the limit (`could` go on with the other value, `not`, None: it was not), and
#: whether the other value would have stopped it.
_Fate = tuple[str | None, str]
_MICROSECOND = timedelta(microseconds=1)


def counted(connection: Connection, flow: Flow, old: Limit, new: Limit, window: Window) -> Counted:
    """All these runs of `flow`; those that cannot be read are left out and counted."""
    assert isinstance(old.value, timedelta)
    assert isinstance(new.value, timedelta)
    fate: Callable[[Flow, Sequence[Timed], timedelta, timedelta], _Fate]
    fate = _rested if old.path[-1] == "idle" else _lasted
    found = Counted()
    for run in timed_runs(connection, {flow.number: flow}, window):
        if run.steps is None:
            found.left_out += 1
            continue
        stopped, refused = fate(flow, run.steps, old.value, new.value)
        well = ends_well(flow, run.steps[-1][1].to)
        found.run(1, ended_well=well, stopped=stopped, refused=refused)
    return found


def _rested(flow: Flow, steps: Sequence[Timed], old: timedelta, new: timedelta) -> _Fate:
    """By the longest wait for a next step: nobody knows of a rest after which no step came."""
    longest = max(_waits(flow, steps), default=timedelta(0))
    stopped = None if longest < old else "could" if longest < new else "not"
    # A look at the page after a rest begins the time anew, so a long wait may have been two short ones.
    return stopped, "perhaps" if new <= longest < old else "never"


def _waits(flow: Flow, steps: Sequence[Timed]) -> Iterator[timedelta]:
    """The spans between steps of the applicant, where the flow's own lifetime counts."""
    for (before, _), (at, step) in pairwise(steps):
        if step.way and not _by_clock(flow, step.way) and flow.state(step.state).lifetime is None:
            yield (at - before) * _MICROSECOND


def _lasted(flow: Flow, steps: Sequence[Timed], old: timedelta, new: timedelta) -> _Fate:
    """By when the clock ended the run, and by the last step taken where the flow's own lifetime counts."""
    start = steps[0][0] * _MICROSECOND
    here = [
        (at * _MICROSECOND - start, step)
        for at, step in steps
        if step.way and flow.state(step.state).lifetime is None
    ]
    ended = any(_by_clock(flow, step.way or "") for _, step in here)
    last = max((at for at, step in here if not _by_clock(flow, step.way or "")), default=timedelta(0))
    # Who rested when the clock ended the run may have been gone for good.
    awake = old - last <= flow.spec.lifetime.idle
    return ("could" if awake else "not") if ended else None, "certainly" if new <= last else "never"


def _by_clock(flow: Flow, way: str) -> bool:
    """Whether it is the clock that takes this way, `state.id`."""
    state, _, name = way.partition(".")
    return any(each.id == name and each.trigger == "expire" for each in flow.transitions[state])
