"""The funnel: how people got through versions of a flow, from the journal alone. Looks and writes nothing."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import chain, groupby
from operator import itemgetter

from sqlalchemy import Connection

from app.flow.definition import Flow
from app.flow.funnel.figures import Figures, figures
from app.flow.funnel.learnt import Learnt, learnt
from app.flow.funnel.tally import Tally
from app.flow.trace import BadRecord, read_text
from app.runner.coverage import version
from app.runner.house import House
from app.store import replaying, run_search, timed
from app.store.timed import Moment, Window

_REMEMBERED = 100_000  # folds whose meaning is kept; more are worked out anew


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


def _counted(house: House, asked: Sequence[Flow], window: Window) -> "_Counting":
    with replaying.looking(house.database) as connection:
        counting = _Counting(connection, asked)
        rows = chain.from_iterable(timed.moments(connection, window))
        for _, run in groupby(rows, key=itemgetter(0)):
            counting.count(list(run))
    return counting


class _Counting:
    """Takes runs apart; what a record means is worked out once for each fold."""

    def __init__(self, connection: Connection, asked: Sequence[Flow]) -> None:
        self._connection = connection
        self._learnt: dict[str, Learnt] = {}
        self.tallies = {flow.number: Tally(flow) for flow in asked}
        self.left_out = dict.fromkeys(self.tallies, 0)
        self.unreadable = 0

    def count(self, rows: Sequence[Moment]) -> None:
        """Count one run, or leave it out."""
        number, lang, newest = rows[0][4], rows[0][5], rows[-1][1]
        tally = self.tallies[number]
        bad = self.unreadable
        steps = list(self._steps(tally.flow, rows))
        if self.unreadable > bad or newest != len(rows) - 1:
            self.left_out[number] += 1
        else:
            tally.add(lang, steps)

    def _steps(self, flow: Flow, rows: Sequence[Moment]) -> Iterator[tuple[int, Learnt]]:
        for run, seq, at, fold, _, _ in rows:
            known = self._learnt.get(fold) if fold else None
            if known is None:
                try:
                    known = self._learn(flow, run, seq, fold)
                except BadRecord:
                    self.unreadable += 1
                    continue
            yield at, known

    def _learn(self, flow: Flow, run: str, seq: int, fold: str | None) -> Learnt:
        found = learnt(flow, read_text(run, seq, replaying.text(self._connection, run, seq)))
        if fold:
            if len(self._learnt) >= _REMEMBERED:
                self._learnt.clear()
            self._learnt[fold] = found
        return found
