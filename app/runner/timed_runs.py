"""Runs with the time of each step, one after the other; what a record means is worked out once for a fold."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain, groupby
from operator import itemgetter

from sqlalchemy import Connection

from app.flow.definition import Flow
from app.flow.funnel.learnt import Learnt, learnt
from app.flow.funnel.tally import Timed
from app.flow.trace import BadRecord, read_text
from app.store import replaying, timed
from app.store.timed import Moment, Window

_REMEMBERED = 100_000  # folds whose meaning is kept; more are worked out anew


@dataclass(frozen=True, slots=True)
class TimedRun:
    """A run's steps in order, or None where a record is missing or, `unreadable` of them, cannot be read.

    None as well of a run that was `moved` here from another version: its steps are of both.
    """

    number: int
    lang: str
    steps: Sequence[Timed] | None
    unreadable: int = 0
    moved: bool = False


def timed_runs(connection: Connection, flows: Mapping[int, Flow], window: Window) -> Iterator[TimedRun]:
    """Every run of the window; `flows` are the versions by number."""
    reading = _Reading(connection, flows)
    rows = chain.from_iterable(timed.moments(connection, window))
    for _, run in groupby(rows, key=itemgetter(0)):
        yield reading.run(list(run))


class _Reading:
    def __init__(self, connection: Connection, flows: Mapping[int, Flow]) -> None:
        self._connection, self._flows = connection, flows
        self._learnt: dict[str, Learnt] = {}

    def run(self, rows: Sequence[Moment]) -> TimedRun:
        number, lang, newest = rows[0][4], rows[0][5], rows[-1][1]
        steps: list[Timed] = []
        unreadable = 0
        for run, seq, at, fold, _, _ in rows:
            known = self._learnt.get(fold) if fold else None
            try:
                steps.append((at, known or self._learn(self._flows[number], run, seq, fold)))
            except BadRecord:
                unreadable += 1
        whole = not unreadable and newest == len(rows) - 1
        moved = any(step.moved for _, step in steps)
        return TimedRun(number, lang, steps if whole and not moved else None, unreadable, moved)

    def _learn(self, flow: Flow, run: str, seq: int, fold: str | None) -> Learnt:
        found = learnt(flow, read_text(run, seq, replaying.text(self._connection, run, seq)))
        if fold:
            if len(self._learnt) >= _REMEMBERED:
                self._learnt.clear()
            self._learnt[fold] = found
        return found
