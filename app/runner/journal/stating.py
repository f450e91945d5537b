"""Making the next signed statements of the journal's heads."""

import heapq
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from app.flow.record import utc
from app.runner.house import House
from app.runner.journal.statement import (
    BEGINNING,
    Statement,
    Whole,
    line_hash,
    line_of,
    public_hex,
    signing_key,
    whole,
)
from app.store import statements
from app.store.statements import Head, StoredStatement

MOST = 10_000  # heads in one statement, so that neither its line nor its making needs much memory


def public_key(house: House) -> str:
    """The key by which whoever keeps statements elsewhere can check them, 64 hex digits."""
    return public_hex(signing_key(house.secrets[0]))


def state_heads(house: House) -> Iterator[str]:
    """Make and store the next statement, and more as long as one cannot hold what changed; their lines.

    Raises IntegrityError when somebody else makes one at the same time; nothing is stored then.
    """
    while True:
        draft, at = _draft(house), house.clock()
        line = line_of(_statement(draft, at), signing_key(house.secrets[0]))
        with house.database.write() as connection:
            number = StoredStatement(draft.number, line)
            statements.put(connection, number, at, draft.heads, draft.pruned)
        yield line
        if len(draft.heads) < MOST and len(draft.pruned) < MOST:
            return


def stated_from(house: House, number: int) -> Iterator[str]:
    """The lines of the stored statements from this number on."""
    with house.database.read() as connection:
        yield from (each.body for each in statements.every(connection) if each.number >= number)


@dataclass(frozen=True)
class _Draft:
    number: int
    previous: str
    heads: tuple[Head, ...]
    pruned: tuple[str, ...]
    all: Whole


def _statement(draft: _Draft, at: datetime) -> Statement:
    return Statement(
        number=draft.number,
        at=utc(at),
        previous=draft.previous,
        heads=draft.heads,
        pruned=draft.pruned,
        runs=draft.all.runs,
        records=draft.all.records,
        root=draft.all.root,
    )


def _draft(house: House) -> _Draft:
    with house.database.read() as connection:
        last = statements.last(connection)
        heads = sorted(statements.changed(connection, MOST), key=lambda head: head.run)
        pruned = statements.pruned(connection, MOST)
        all_heads = whole(_then(statements.stated(connection), heads, pruned))
    number, previous = (last.number + 1, line_hash(last.body)) if last else (1, BEGINNING)
    return _Draft(number, previous, tuple(heads), tuple(pruned), all_heads)


def _then(stated: Iterator[Head], heads: Sequence[Head], pruned: Sequence[str]) -> Iterator[Head]:
    """The heads stated before, those that changed in their places, without those pruned."""
    replaced = {*pruned, *(head.run for head in heads)}
    kept = (head for head in stated if head.run not in replaced)
    return heapq.merge(kept, heads, key=lambda head: head.run)
