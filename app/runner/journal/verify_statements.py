"""Checking signed statements, those stored and those kept elsewhere, against the journal as it is now."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from app.flow.chain import Fault
from app.flow.trace import parsed
from app.runner.house import House
from app.runner.journal.statement import (
    BEGINNING,
    BadStatement,
    Statement,
    is_signed_pruned,
    line_hash,
    public_hex,
    read_line,
    signing_key,
    whole,
)
from app.runner.journal.verify import Checked
from app.store import chains, pruned, statements
from app.store.pruned import Pruned
from app.store.statements import Head

_AT_ONCE = 300
_RESTORE = "Compare the run with a backup from that time and restore it."


def accepted_keys(house: House, more: Sequence[str] = ()) -> list[str]:
    """The public keys by which statements may be signed: of every configured secret, and `more` (hex)."""
    return [*(public_hex(signing_key(secret)) for secret in house.secrets), *more]


@dataclass
class _Sequence:
    """Statements one after the other, signed by one of `keys`: what the next one must be."""

    keys: Sequence[str]
    number: int = 1
    previous: str | None = BEGINNING
    last: Statement | None = None
    bad_runs: set[str] = field(default_factory=set)


def verify_stored(
    house: House, named: Sequence[str], keys: Sequence[str], checked: Checked
) -> Iterator[Fault]:
    """What is wrong with the statements in the database, or with the journal by what they say of it."""
    so_far = _Sequence(keys)
    with house.database.read() as connection:
        for stored in statements.every(connection):
            checked.statements += 1
            place = f"statement {stored.number}"
            yield from _follows(place, stored.body, so_far)
            yield from _heads(house, place, so_far, named)
    if so_far.last is not None and not named:
        yield from _root(house, so_far.last)


def verify_kept(
    house: House,
    lines: Iterable[tuple[str, str]],
    named: Sequence[str],
    keys: Sequence[str],
    checked: Checked,
) -> Iterator[Fault]:
    """What is wrong with statements kept elsewhere, or with the database by what they say of it.

    `lines` are (where it stands, line), all of them, the oldest first; the same line twice is one. Heads of
    a line that is stored too are left to `verify_stored`.
    """
    so_far, before = _Sequence(keys), ""
    for place, line in lines:
        if line == before:
            continue
        before = line
        checked.statements += 1
        yield from _follows(place, line, so_far)
        if so_far.last is None:
            continue
        with house.database.read() as connection:
            stored = statements.one(connection, so_far.last.number)
        if stored != line:
            yield _unlike(place, so_far.last.number, stored)
            yield from _heads(house, place, so_far, named)


def _unlike(place: str, number: int, stored: str | None) -> Fault:
    what = f"statement {number} is no longer in the database. Restore `statements` from a backup."
    if stored is not None:
        what = f"in the database stands another statement {number}: somebody signed it anew. {_RESTORE}"
    return Fault(None, place, "statement", what)


def _follows(place: str, line: str, so_far: _Sequence) -> Iterator[Fault]:
    """Whether the line is the next statement; it is `so_far.last` then, None where it is none."""
    try:
        statement = read_line(line, so_far.keys)
    except BadStatement as bad:
        so_far.number, so_far.previous, so_far.last = so_far.number + 1, line_hash(line), None
        yield Fault(None, place, "statement", f"{bad}.")
        return
    yield from _in_order(place, statement, so_far)
    so_far.number, so_far.previous, so_far.last = statement.number + 1, line_hash(line), statement


def _heads(house: House, place: str, so_far: _Sequence, named: Sequence[str]) -> Iterator[Fault]:
    """The first fault of each run whose head no longer stands as the newest statement says."""
    statement = so_far.last
    if statement is None:
        return
    wanted = [head for head in statement.heads if not named or head.run in named]
    for at in range(0, len(wanted), _AT_ONCE):
        for head, what in _not_standing(house, wanted[at : at + _AT_ONCE], so_far):
            if head.run not in so_far.bad_runs:
                so_far.bad_runs.add(head.run)
                where = f"run {head.run}, record {head.seq}"
                yield Fault(head.run, where, "statement", f"{place}: {what}")


def _in_order(place: str, statement: Statement, so_far: _Sequence) -> Iterator[Fault]:
    if statement.number > so_far.number:
        gone = f"statement {so_far.number}"
        if statement.number - so_far.number > 1:
            gone = f"statements {so_far.number} to {statement.number - 1}"
        what = f"{gone} before it missing. Look for them where `narthex runs heads` left its lines."
        yield Fault(None, place, "statement", what)
    elif statement.number < so_far.number:
        yield Fault(
            None, place, "statement", f"statement {statement.number} stands behind a newer one. Sort them."
        )
    elif statement.previous != so_far.previous:
        what = f"it does not follow statement {statement.number - 1}: one of both was signed anew. {_RESTORE}"
        yield Fault(None, place, "statement", what)


def _not_standing(house: House, heads: Sequence[Head], so_far: _Sequence) -> Iterator[tuple[Head, str]]:
    at = so_far.last.at if so_far.last else ""
    with house.database.read() as connection:
        texts = chains.texts(connection, [(head.run, head.seq) for head in heads])
        missing = [head.run for head in heads if (head.run, head.seq) not in texts]
        gone = pruned.left(connection, missing)
        there = chains.existing(connection, missing)
    for head in heads:
        text = texts.get((head.run, head.seq))
        if text is not None:
            if _hash(text) != head.hash:
                yield head, f"on {at} it had another hash: the run was rewritten since. {_RESTORE}"
        elif head.run in there:
            yield (
                head,
                f"it was there on {at}: the journal of the run was cut off since. {_RESTORE}",
            )
        elif not _was_pruned(head, gone.get(head.run), so_far.keys):
            yield head, f"it was there on {at}: the run was deleted, not pruned. {_RESTORE}"


def _was_pruned(head: Head, left: Pruned | None, keys: Sequence[str]) -> bool:
    """Whether the run was pruned behind this head, by our own word: anybody may add a row."""
    if left is None or not is_signed_pruned(Head(left.run, left.records - 1, left.head), left.sig, keys):
        return False
    return head.seq < left.records - 1 or (head.seq, head.hash) == (left.records - 1, left.head)


def _hash(text: str) -> str | None:
    try:
        return str(parsed(text)["hash"])
    except (ValueError, KeyError, TypeError):
        return None


def _root(house: House, last: Statement) -> Iterator[Fault]:
    with house.database.read() as connection:
        now = whole(statements.stated(connection))
        newest = statements.last(connection)
    if newest is None or newest.number != last.number:
        return  # another one was made while we looked
    if (now.runs, now.records, now.root) != (last.runs, last.records, last.root):
        what = "the heads kept beside it are not those it signed. Restore `stated_heads` from a backup."
        yield Fault(None, f"statement {last.number}", "statement", what)
