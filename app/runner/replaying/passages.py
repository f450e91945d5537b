"""Runs put together from their records: without a gap, each step beginning where the one before led."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Generic, TypeVar

from sqlalchemy import Connection

from app.runner.replaying.lessons import Alike, Lessons
from app.runner.replaying.troubles import Troubles
from app.store import replaying as store
from app.store.replaying import FOLD, NO_FOLD, Chosen, Kept, Standing

Finding = TypeVar("Finding")

_NOTHING = "the run is there, but none of its records"
_WAYS = 20_000  # kept apart at a time; what is counted of them is handed on before more are


@dataclass(slots=True)
class Passage(Generic[Finding]):
    """A run from its first record to its last, and how many more went alike, fold by fold."""

    run: str
    steps: Sequence[Alike[Finding]]
    runs: int = 1

    @property
    def end(self) -> str:
        """Where its last step led."""
        return self.steps[-1].to


def passages(
    connection: Connection, chosen: Chosen, lessons: Lessons[Finding], troubles: Troubles
) -> Iterator[Passage[Finding]]:
    """Every run of these that can be replayed, those that are alike together, some of them several times.

    Folds are taken as they stand beside the records; only one record of each fold is read.
    """
    ways: dict[str, Passage[Finding]] = {}
    for kept in store.kept(connection, chosen):
        _, records, seqs, folds, state, seq = kept
        way = ways.get(folds)
        if way is not None and seqs == _in_order(records) and seq == records - 1 and state == way.end:
            way.runs += 1
            continue
        way = _passage(connection, kept, lessons, troubles)
        if way is None:
            continue
        if NO_FOLD in folds:
            yield way
            continue
        if len(ways) >= _WAYS:
            yield from ways.values()
            ways.clear()
        ways[folds] = way
    yield from ways.values()
    for standing in store.unrecorded(connection, chosen):
        troubles.add(standing.id, 0, _NOTHING)


def passage(
    connection: Connection,
    run: str,
    standing: Standing | None,
    lessons: Lessons[Finding],
    troubles: Troubles,
) -> Passage[Finding] | None:
    """One run, each of its records read and folded anew; None, and trouble, if it cannot be replayed."""
    rows = store.texts(connection, run)
    missing = next((expected for expected, row in enumerate(rows) if row[0] != expected), None)
    if not rows or missing is not None:
        what = "this record is missing, and later ones are there" if rows else _NOTHING
        troubles.add(run, missing or 0, what)
        return None
    steps = []
    for seq, kept, text in rows:
        alike = lessons.learn(run, seq, text, kept)
        if alike is None:
            return None
        steps.append(alike)
    return _whole(run, steps, standing, troubles)


def _passage(
    connection: Connection, kept: Kept, lessons: Lessons[Finding], troubles: Troubles
) -> Passage[Finding] | None:
    run, records, seqs, folds, state, seq = kept
    standing = None if state is None or seq is None else Standing(run, state, seq)
    if seqs != _in_order(records):
        return passage(connection, run, standing, lessons, troubles)
    steps = _steps(connection, run, [folds[at : at + FOLD] for at in range(0, len(folds), FOLD)], lessons)
    return _whole(run, steps, standing, troubles) if steps is not None else None


@lru_cache(maxsize=4096)
def _in_order(records: int) -> str:
    """The seqs of so many records, joined, none missing."""
    return ",".join(map(str, range(records)))


def _steps(
    connection: Connection, run: str, folds: Sequence[str], lessons: Lessons[Finding]
) -> list[Alike[Finding]] | None:
    known = lessons.known
    try:
        return [known[fold] for fold in folds]
    except KeyError:
        pass
    steps = []
    for seq, fold in enumerate(folds):
        alike = known.get(fold)
        if alike is None:
            text = store.text(connection, run, seq)
            alike = lessons.learn(run, seq, text, None if fold == NO_FOLD else fold)
        if alike is None:
            return None
        steps.append(alike)
    return steps


def _whole(
    run: str, steps: Sequence[Alike[Finding]], standing: Standing | None, troubles: Troubles
) -> Passage[Finding] | None:
    """The passage, if its steps join and the run stands where the last one led."""
    whole = _joined(run, steps, troubles) and _stands(run, steps, standing, troubles)
    return Passage(run, steps) if whole else None


def _joined(run: str, steps: Sequence[Alike[Finding]], troubles: Troubles) -> bool:
    """Whether each step begins where the one before led."""
    at = steps[0].state
    for seq, step in enumerate(steps):
        if step.state != at:
            what = f"the step begins at {step.state}, though the one before led to {at}"
            troubles.add(run, seq, what)
            return False
        at = step.to
    return True


def _stands(run: str, steps: Sequence[Alike[Finding]], standing: Standing | None, troubles: Troubles) -> bool:
    """Whether the run stands where its last step led."""
    if standing is None:
        troubles.add(run, None, "there are records of it, but the run itself is not there")
        return False
    last, at = len(steps) - 1, steps[-1].to
    if (standing.state, standing.seq) != (at, last):
        stands = f"it stands at {standing.state} after {standing.seq} steps"
        troubles.add(run, last, f"{stands}, its records lead to {at} after {last}")
        return False
    return True
