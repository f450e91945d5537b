"""Runs under way that staff moved to another version: each order, and the runs moved by it."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import BindParameter, Connection, Select, bindparam, insert, select, update

from app.store.drafts_models import moved_runs, moves
from app.store.models import answers, links, runs
from app.store.portal_models import codes


@dataclass(frozen=True)
class Move:
    """One order of staff to let the runs of a version go on on another; `runs` counts those moved so far."""

    id: str
    flow: str
    from_number: int
    to_number: int
    mapping: Mapping[str, str]
    by: str
    reason: str
    at: datetime
    runs: int = 0


@dataclass(frozen=True)
class UnderWay:
    """A run that has not ended, as a plan looks at it; `erased`: nobody can read its answers any more."""

    id: str
    reference: str
    state: str
    seq: int
    expires_at: datetime | None
    erased: bool


_OF_FLOW = (
    select(moves).where(moves.c.flow == bindparam("of_flow")).order_by(moves.c.at.desc(), moves.c.id.desc())
)
_COUNT = update(moves).where(moves.c.id == bindparam("move")).values(runs=moves.c.runs + 1)
_OF_RUN = select(moved_runs.c.seq).where(moved_runs.c.run == bindparam("of_run")).limit(1)
_UNDER_WAY = (
    select(runs.c.id, runs.c.reference, runs.c.state, runs.c.seq, runs.c.expires_at, runs.c.run_key.is_(None))
    .where(
        runs.c.flow == bindparam("of_flow"),
        runs.c.number == bindparam("of_number"),
        runs.c.ended_at.is_(None),
        runs.c.id > bindparam("after"),
    )
    .order_by(runs.c.id)
    .limit(bindparam("most"))
)
_IDS: BindParameter[Any] = bindparam("ids", expanding=True)
_ANSWERED = (
    select(answers.c.run_id, answers.c.field)
    .where(answers.c.run_id.in_(_IDS))
    .order_by(answers.c.run_id, answers.c.field)
)
_CODES = (
    select(codes.c.run_id, codes.c.name)
    .where(
        codes.c.run_id.in_(_IDS),
        codes.c.used_at.is_(None),
        codes.c.replaced_at.is_(None),
        codes.c.expires_at > bindparam("now"),
    )
    .order_by(codes.c.run_id, codes.c.name)
)
_LINKS = (
    select(links.c.run_id, links.c.name)
    .where(links.c.run_id.in_(_IDS), links.c.replaced_at.is_(None), links.c.expires_at > bindparam("now"))
    .order_by(links.c.run_id, links.c.name)
)


def put(connection: Connection, move: Move) -> None:
    """Keep what staff asks for, before the first run is moved."""
    row = {
        "id": move.id,
        "flow": move.flow,
        "from_number": move.from_number,
        "to_number": move.to_number,
        "mapping": json.dumps(dict(sorted(move.mapping.items()))),
        "by": move.by,
        "reason": move.reason,
        "at": move.at,
        "runs": move.runs,
    }
    connection.execute(insert(moves), row)


def note_run(connection: Connection, move: str, run: str, seq: int) -> None:
    """Note that record `seq` of a run is a move by `move`."""
    connection.execute(insert(moved_runs), {"run": run, "seq": seq, "move": move})
    connection.execute(_COUNT, {"move": move})


def of_flow(connection: Connection, flow: str) -> list[Move]:
    """Every move of a flow's runs, the newest first."""
    rows: Any = connection.execute(_OF_FLOW, {"of_flow": flow})
    return [
        Move(
            row.id,
            row.flow,
            row.from_number,
            row.to_number,
            json.loads(row.mapping),
            row.by,
            row.reason,
            row.at,
            row.runs,
        )
        for row in rows
    ]


def was_moved(connection: Connection, run: str) -> bool:
    """Whether the run was ever moved."""
    return connection.execute(_OF_RUN, {"of_run": run}).first() is not None


def under_way(connection: Connection, flow: str, number: int, after: str, most: int) -> list[UnderWay]:
    """Up to `most` runs of a version that have not ended, by id, those beyond `after` only."""
    asked = {"of_flow": flow, "of_number": number, "after": after, "most": most}
    return [UnderWay(*row) for row in connection.execute(_UNDER_WAY, asked)]


def answered(connection: Connection, ids: Sequence[str]) -> Mapping[str, frozenset[str]]:
    """The fields that each of these runs holds an answer to; the answers are not read."""
    return _by_run(connection, _ANSWERED, {"ids": list(ids)})


def live_codes(connection: Connection, ids: Sequence[str], now: datetime) -> Mapping[str, frozenset[str]]:
    """The names of the codes that may still be given in each of these runs."""
    return _by_run(connection, _CODES, {"ids": list(ids), "now": now})


def live_links(connection: Connection, ids: Sequence[str], now: datetime) -> Mapping[str, frozenset[str]]:
    """The names of the links of each of these runs that may still open something."""
    return _by_run(connection, _LINKS, {"ids": list(ids), "now": now})


def _by_run(
    connection: Connection, query: Select[tuple[str, str]], asked: Mapping[str, Any]
) -> Mapping[str, frozenset[str]]:
    found: dict[str, set[str]] = {}
    rows: Any = connection.execute(query, asked)
    for run, name in rows:
        found.setdefault(run, set()).add(name)
    return {run: frozenset(names) for run, names in found.items()}


def was_on(flow: str, number: str) -> Select[tuple[str]]:
    """The ids of runs moved away from a version, its flow and number given as parameters so called."""
    return (
        select(moved_runs.c.run)
        .join(moves, moves.c.id == moved_runs.c.move)
        .where(moves.c.flow == bindparam(flow), moves.c.from_number == bindparam(number))
    )
