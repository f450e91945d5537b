"""Checking the journal: every chain from end to end, and every statement that was signed of its heads."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from operator import attrgetter

from app.flow.chain import Chain, Fault
from app.runner.house import House
from app.store import chains, pruned, statements
from app.store.chains import Stored


@dataclass
class Checked:
    """How much was looked at."""

    runs: int = 0
    records: int = 0
    asides: int = 0
    statements: int = 0


def unknown_runs(house: House, named: Sequence[str]) -> list[str]:
    """Those of these runs that are not here, were not pruned, and of which no statement tells."""
    with house.database.read() as connection:
        known = chains.known(connection, named) | set(pruned.left(connection, named))
        known |= statements.named_in(connection, named)
    return [run for run in named if run not in known]


def verify_chains(house: House, named: Sequence[str], checked: Checked) -> Iterator[Fault]:
    """The first fault of each bad run, of all runs or of those named; memory stays flat.

    A fault of the asides is told of a run whose records are whole, too. Records and ends of runs come out of
    one statement, so runs may move on meanwhile.
    """
    with house.database.read() as connection:
        for run, rows in groupby(chains.records(connection, named), attrgetter("run")):
            fault, seen = _look(Chain(run), rows)
            checked.runs, checked.records = checked.runs + 1, checked.records + seen
            yield from (fault,) if fault else ()
        for run in chains.without_records(connection, named):
            what = "its records are gone. Restore them from a backup."
            yield Fault(run, f"run {run}, record 0", "missing", what)
    with house.database.read() as connection:
        for run, rows in groupby(chains.all_asides(connection, named), attrgetter("run")):
            fault, seen = _look(_beside(run), rows)
            checked.asides += seen
            yield from (fault,) if fault else ()


def _beside(run: str) -> Chain:
    return Chain(run, "aside", "number", first=1)


def _look(chain: Chain, rows: Iterable[Stored]) -> tuple[Fault | None, int]:
    """The first fault of a run's rows, and how many there are."""
    fault: Fault | None = None
    newest: Stored | None = None
    seen = 0
    for seen, newest in enumerate(rows, start=1):  # noqa: B007 - the last ones are used
        fault = fault or chain.add(newest.number, newest.text, newest.fold)
    # Of asides no row says how many there are; but they belong to a run.
    if fault is None and newest is not None and (chain.counted or newest.seq is None):
        fault = chain.end(newest.seq, newest.head)
    return fault, seen
