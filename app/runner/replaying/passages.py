"""Runs put together from their records: without a gap, each step beginning where the one before led."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from sqlalchemy import Connection

from app.runner.replaying.lessons import Alike, Lessons
from app.runner.replaying.troubles import Troubles
from app.store import replaying as store
from app.store.replaying import Chosen, Standing

Finding = TypeVar("Finding")

_RUNS = 500  # whose own rows are read at once


@dataclass(frozen=True, slots=True)
class Passage(Generic[Finding]):
    """A run from its first record to its last."""

    run: str
    steps: Sequence[Alike[Finding]]


@dataclass(frozen=True, slots=True)
class _Rows:
    run: str
    last: int
    folds: list[str | None]


def passages(
    connection: Connection, chosen: Chosen, lessons: Lessons[Finding], troubles: Troubles
) -> Iterator[Passage[Finding]]:
    """Every run of these that can be replayed, in the order of their ids.

    Folds are taken as they stand beside the records; only one record of each fold is read.
    """
    after = ""
    for batch in _batches(store.folds(connection, chosen)):
        stands = {each.id: each for each in store.standings(connection, chosen, after, batch[-1].run)}
        after = batch[-1].run
        for rows in batch:
            steps = _steps(connection, rows, lessons, troubles)
            standing = stands.pop(rows.run, None)
            if steps is not None and _whole(rows.run, rows.last, steps, standing, troubles):
                yield Passage(rows.run, steps)
        _unrecorded(stands.values(), troubles)
    _unrecorded(store.standings(connection, chosen, after, None), troubles)


def passage(
    connection: Connection, standing: Standing, lessons: Lessons[Finding], troubles: Troubles
) -> Passage[Finding] | None:
    """One run, each of its records read and folded anew; None, and trouble, if it cannot be replayed."""
    rows = store.texts(connection, standing.id)
    if not rows:
        _unrecorded([standing], troubles)
        return None
    if rows[-1][0] != len(rows) - 1:
        _gap(connection, standing.id, troubles)
        return None
    steps = []
    for seq, kept, text in rows:
        alike = lessons.learn(standing.id, seq, text, kept)
        if alike is None:
            return None
        steps.append(alike)
    if not _whole(standing.id, rows[-1][0], steps, standing, troubles):
        return None
    return Passage(standing.id, steps)


def _batches(rows: Iterable[tuple[str, int, str | None]]) -> Iterator[list[_Rows]]:
    """The rows run by run, some hundred runs at a time."""
    batch: list[_Rows] = []
    current, last = "", -1
    folds: list[str | None] = []
    for run, seq, fold in rows:
        if run != current:
            if folds:
                batch.append(_Rows(current, last, folds))
                if len(batch) == _RUNS:
                    yield batch
                    batch = []
            current, folds = run, []
        folds.append(fold)
        last = seq
    if folds:
        batch.append(_Rows(current, last, folds))
    if batch:
        yield batch


def _steps(
    connection: Connection, rows: _Rows, lessons: Lessons[Finding], troubles: Troubles
) -> list[Alike[Finding]] | None:
    if rows.last != len(rows.folds) - 1:
        _gap(connection, rows.run, troubles)
        return None
    known = lessons.known
    try:
        return [known[fold] for fold in rows.folds]  # type: ignore[index]  # None is not among them
    except KeyError:
        return _learnt(connection, rows, lessons)


def _learnt(connection: Connection, rows: _Rows, lessons: Lessons[Finding]) -> list[Alike[Finding]] | None:
    steps = []
    for seq, fold in enumerate(rows.folds):
        alike = lessons.known.get(fold) if fold else None
        alike = alike or lessons.learn(rows.run, seq, store.text(connection, rows.run, seq), fold)
        if alike is None:
            return None
        steps.append(alike)
    return steps


def _gap(connection: Connection, run: str, troubles: Troubles) -> None:
    expected = 0
    for seq, _, _ in store.texts(connection, run):
        if seq != expected:
            break
        expected += 1
    troubles.add(run, expected, "this record is missing, and later ones are there")


def _whole(
    run: str,
    last: int,
    steps: Sequence[Alike[Finding]],
    standing: Standing | None,
    troubles: Troubles,
) -> bool:
    """Whether each step begins where the one before led, and the run stands where the last one led."""
    at = steps[0].state
    for seq, step in enumerate(steps):
        if step.state != at:
            what = f"the step begins at {step.state}, though the one before led to {at}"
            troubles.add(run, seq, what)
            return False
        at = step.to
    return _stands(run, last, at, standing, troubles)


def _stands(run: str, last: int, at: str, standing: Standing | None, troubles: Troubles) -> bool:
    if standing is None:
        troubles.add(run, None, "there are records of it, but the run itself is not there")
        return False
    if (standing.state, standing.seq) != (at, last):
        what = (
            f"it stands at {standing.state} after {standing.seq} steps, its records lead to {at} after {last}"
        )
        troubles.add(run, last, what)
        return False
    return True


def _unrecorded(standings: Iterable[Standing], troubles: Troubles) -> None:
    for standing in standings:
        if not standing.pruned:
            troubles.add(standing.id, 0, "the run is there, but none of its records")
