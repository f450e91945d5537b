"""Deleting runs that ended long ago, whole; their heads stay, so that statements stay good."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from app.flow.chain import Fault
from app.runner.house import House
from app.runner.journal.statement import sign_pruned, signing_key
from app.runner.journal.verify import Checked, verify_chains
from app.store import pruned
from app.store.pruned import Ended
from app.store.statements import Head

_BATCH = 200


@dataclass(frozen=True)
class Spared:
    """A run that was left alone because it is evidence: its chain is not whole."""

    fault: Fault


def prune_runs(house: House, before: datetime, dry: bool) -> Iterator[Ended | Spared]:
    """Delete every run that ended before then with all that hangs on it, a commit each, and tell of each.

    Left alone are runs whose link still works, whose letters are still to leave, and whose chain is not
    whole. `dry`: nothing is deleted.
    """
    after = ""
    while True:
        with house.database.read() as connection:
            found = pruned.ended(connection, before, house.clock(), after, _BATCH)
        if not found:
            return
        after = found[-1].id
        faults = {each.run: each for each in verify_chains(house, [run.id for run in found], Checked())}
        for run in found:
            if run.id in faults:
                yield Spared(faults[run.id])
            elif dry or _pruned(house, run):
                yield run


def _pruned(house: House, run: Ended) -> bool:
    last = Head(run.id, run.seq, run.head)
    sig = sign_pruned(last, signing_key(house.secrets[0]))
    with house.database.write() as connection:
        return pruned.prune(connection, run, house.clock(), sig)
