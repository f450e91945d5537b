"""The funnel: how people got through versions of a flow, from the journal alone. Looks and writes nothing."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from app.flow.definition import Flow
from app.flow.funnel.figures import Figures, figures
from app.flow.funnel.tally import Tally
from app.runner.coverage import version
from app.runner.house import House
from app.runner.timed_runs import timed_runs
from app.store import replaying, run_search
from app.store.timed import Window


@dataclass(frozen=True)
class Funnel:
    """The figures of each version asked for, in the order asked; runs begun in this window, all of them.

    `unreadable` counts records that cannot be read; their runs are left out.
    """

    flow: str
    lang: str | None
    since: datetime | None
    until: datetime | None
    versions: tuple[Figures, ...]
    unreadable: int


def funnel(
    house: House,
    flow: str,
    numbers: Sequence[int] = (),
    *,
    lang: str | None = None,
    since: datetime | None = None,
    until: datetime | None = None,
) -> Funnel:
    """The figures of these versions, of the live one without any; raises FlowMissing.

    Runs are those begun at `since` or later, before `until`, whose newest page was in `lang`.
    """
    asked = [version(house, flow, number) for number in numbers] or [house.shelf.live(flow)]
    window = Window(flow, tuple(each.number for each in asked), lang, since, until)
    counting = _counted(house, asked, window)
    told = tuple(figures(tally, counting.left_out[number]) for number, tally in counting.tallies.items())
    return Funnel(flow, lang, since, until, told, counting.unreadable)


def numbers_of(house: House, flow: str) -> list[int]:
    """The numbers of all versions of a flow ever published, the newest first."""
    with house.database.read() as connection:
        return [each.number for each in run_search.published(connection) if each.flow == flow]


def taken_in(
    house: House, flow: Flow, *, since: datetime | None = None, until: datetime | None = None
) -> Mapping[str, int]:
    """How many runs of a published version took each way, by `state.id`, exactly: not to show as it is."""
    counting = _counted(house, [flow], Window(flow.name, (flow.number,), None, since, until))
    return dict(counting.tallies[flow.number].taken)


@dataclass
class _Counting:
    """The tallies by the number of the version, and what could not be counted."""

    tallies: dict[int, Tally]
    left_out: Counter[int] = field(default_factory=Counter)
    unreadable: int = 0


def _counted(house: House, asked: Sequence[Flow], window: Window) -> _Counting:
    flows = {flow.number: flow for flow in asked}
    counting = _Counting({number: Tally(flow) for number, flow in flows.items()})
    with replaying.looking(house.database) as connection:
        for run in timed_runs(connection, flows, window):
            if run.steps is None:
                counting.left_out[run.number] += 1
                counting.unreadable += run.unreadable
            else:
                counting.tallies[run.number].add(run.lang, run.steps)
    return counting
