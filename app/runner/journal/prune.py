"""Deleting runs that ended long ago, whole; their heads stay, so that statements stay good."""

from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime

from app.flow.chain import Fault
from app.flow.trace import parsed
from app.runner.house import House
from app.runner.journal.statement import sign_pruned, signing_key
from app.runner.journal.verify import Checked, verify_chains
from app.runner.journal.verify_statements import accepted_keys, verify_stored
from app.store import chains, pruned
from app.store.pruned import Ended
from app.store.statements import Head

_BATCH = 200


@dataclass(frozen=True)
class Spared:
    """A run that was left alone because it is evidence: its chain is not whole, or not as it was stated."""

    fault: Fault


def prune_runs(house: House, before: datetime, dry: bool) -> Iterator[Ended | Spared]:
    """Delete every run that ended before then with all that hangs on it, a commit each, and tell of each.

    Left alone are runs whose link still works, whose letters are still to leave, whose chain is not whole,
    and who are not as a signed statement says: our signature would excuse what was done to them. A run whose
    last record is younger is not old, whatever its row says. `dry`: nothing is deleted.
    """
    after = ""
    stated = {each.run: each for each in verify_stored(house, (), accepted_keys(house), Checked())}
    while True:
        with house.database.read() as connection:
            found = pruned.ended(connection, before, house.clock(), after, _BATCH)
        if not found:
            return
        after = found[-1].id
        faults = {each.run: each for each in verify_chains(house, [run.id for run in found], Checked())}
        young = _younger(house, found, before)
        for run in found:
            if fault := faults.get(run.id) or stated.get(run.id):
                yield Spared(fault)
            elif run.id not in young and (dry or _pruned(house, run)):
                yield run


def _younger(house: House, found: Sequence[Ended], before: datetime) -> set[str]:
    """Those of the runs that recorded something since `before`; what cannot be read is another's to name."""
    with house.database.read() as connection:
        newest = chains.texts(connection, [(run.id, run.seq) for run in found])
    young = set()
    for (run, _), text in newest.items():
        with suppress(ValueError, KeyError, TypeError):
            if datetime.fromisoformat(parsed(text)["at"]["occurred"]) >= before:
                young.add(run)
    return young


def _pruned(house: House, run: Ended) -> bool:
    last = Head(run.id, run.seq, run.head)
    sig = sign_pruned(last, signing_key(house.secrets[0]))
    with house.database.write() as connection:
        return pruned.prune(connection, run, house.clock(), sig)
