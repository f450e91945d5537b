"""Runs and their answers. A run moves only by compare-and-set on `seq`."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, bindparam, delete, insert, select, update
from sqlalchemy.exc import IntegrityError

from app.flow.verdict import Problem
from app.store.crypto import RunKey, Vault
from app.store.models import answers, runs


class StaleStep(Exception):
    """The run has moved since the page was shown; nothing was written."""


@dataclass(frozen=True)
class Run:
    """One applicant's passage through one version.

    `head` is the hash of the newest journal record; `expires_at` is empty where a state has no lifetime.
    """

    id: str
    flow: str
    number: int
    digest: str
    state: str
    seq: int
    lang: str
    reference: str
    started_at: datetime
    touched_at: datetime
    expires_at: datetime | None
    ended_at: datetime | None
    continued: int
    problems: tuple[Problem, ...]
    said: str | None
    told: str | None
    browser: str | None
    head: str
    wrapped_key: bytes | None = field(repr=False)

    def key(self, vault: Vault) -> RunKey:
        """The key of this run's answers; ValueError once it was erased."""
        if self.wrapped_key is None:
            raise ValueError("the answers of this run were erased")
        return vault.run_key(self.wrapped_key, self.id)


_COLUMNS = [column for column in runs.c]
_BY_ID = select(*_COLUMNS).where(runs.c.id == bindparam("id"))
_BY_BROWSER = select(*_COLUMNS).where(
    runs.c.browser.in_(bindparam("browsers", expanding=True)), runs.c.flow == bindparam("flow")
)
_INSERT = insert(runs)
_ADVANCE = (
    update(runs)
    .where(runs.c.id == bindparam("run"), runs.c.seq == bindparam("from_seq"))
    .values(
        state=bindparam("state"),
        seq=bindparam("to_seq"),
        lang=bindparam("lang"),
        problems=bindparam("problems"),
        said=bindparam("said"),
        told=bindparam("told"),
        head=bindparam("head"),
        touched_at=bindparam("touched_at"),
        expires_at=bindparam("expires_at"),
        ended_at=bindparam("ended_at"),
        forget_at=None,  # it may have ended anew and have answers again
    )
)
_RELEASE = update(runs).where(runs.c.id == bindparam("run")).values(browser=None)
_RELEASE_OPEN = (
    update(runs)
    .where(runs.c.id.in_(bindparam("ids", expanding=True)), runs.c.ended_at.is_(None))
    .values(browser=None)
)
_CONTINUE = (
    update(runs)
    .where(runs.c.id == bindparam("run"))
    .values(touched_at=bindparam("touched_at"), continued=runs.c.continued + 1)
)
_EXPIRED = (
    select(runs.c.id)
    .where(
        runs.c.expires_at <= bindparam("now"),
        runs.c.ended_at.is_(None),
        runs.c.id > bindparam("after"),
    )
    .order_by(runs.c.id)
    .limit(bindparam("most"))
)
_LEFT_BEHIND = (
    select(runs.c.id)
    .where(
        runs.c.expires_at.is_(None),
        runs.c.ended_at.is_(None),
        runs.c.touched_at < bindparam("before"),
        runs.c.id > bindparam("after"),
    )
    .order_by(runs.c.id)
    .limit(bindparam("most"))
)
_ANSWERS = select(answers.c.field, answers.c.value).where(answers.c.run_id == bindparam("run"))
_DROP_ANSWERS = delete(answers).where(
    answers.c.run_id == bindparam("run"), answers.c.field.in_(bindparam("fields", expanding=True))
)
_PUT_ANSWER = insert(answers)


def _run(row: Any) -> Run:
    problems = tuple(Problem(p["code"], p["field"], p["params"]) for p in row.problems)
    return Run(
        row.id,
        row.flow,
        row.number,
        row.digest,
        row.state,
        row.seq,
        row.lang,
        row.reference,
        row.started_at,
        row.touched_at,
        row.expires_at,
        row.ended_at,
        row.continued,
        problems,
        row.said,
        row.told,
        row.browser,
        row.head,
        row.run_key,
    )


def _plain(problems: Sequence[Problem]) -> list[dict[str, Any]]:
    return [{"code": p.code, "field": p.field, "params": dict(p.params)} for p in problems]


def by_id(connection: Connection, run: str) -> Run | None:
    """The run of this id."""
    row = connection.execute(_BY_ID, {"id": run}).first()
    return _run(row) if row else None


def held_by(connection: Connection, browsers: Sequence[str], flow: str) -> Run | None:
    """The run of `flow` held by a browser, named by its blind indexes."""
    row = connection.execute(_BY_BROWSER, {"browsers": list(browsers), "flow": flow}).first()
    return _run(row) if row else None


def expired(connection: Connection, now: datetime, most: int, after: str = "") -> list[str]:
    """Ids beyond `after`, in order, of runs whose time is over and that have not ended."""
    return list(connection.execute(_EXPIRED, {"now": now, "most": most, "after": after}).scalars())


def left_behind(connection: Connection, before: datetime, most: int, after: str = "") -> list[str]:
    """Ids beyond `after`, in order, of runs in a state without a lifetime that nobody touched since then."""
    asked = {"before": before, "most": most, "after": after}
    return list(connection.execute(_LEFT_BEHIND, asked).scalars())


def create(connection: Connection, run: Run) -> None:
    """Store a new run; raises StaleStep if it exists or its browser holds another of this flow."""
    values = {
        "id": run.id,
        "flow": run.flow,
        "number": run.number,
        "digest": run.digest,
        "state": run.state,
        "seq": run.seq,
        "lang": run.lang,
        "browser": run.browser,
        "problems": _plain(run.problems),
        "said": run.said,
        "told": run.told,
        "run_key": run.wrapped_key,
        "head": run.head,
        "reference": run.reference,
        "continued": run.continued,
        "started_at": run.started_at,
        "touched_at": run.touched_at,
        "expires_at": run.expires_at,
        "ended_at": run.ended_at,
    }
    try:
        connection.execute(_INSERT, values)
    except IntegrityError:
        raise StaleStep(run.id) from None


def advance(connection: Connection, before: Run, after: Run) -> None:
    """Put `after` in the place of `before`; raises StaleStep if somebody was quicker."""
    values = {
        "run": before.id,
        "from_seq": before.seq,
        "to_seq": after.seq,
        "state": after.state,
        "lang": after.lang,
        "problems": _plain(after.problems),
        "said": after.said,
        "told": after.told,
        "head": after.head,
        "touched_at": after.touched_at,
        "expires_at": after.expires_at,
        "ended_at": after.ended_at,
    }
    if connection.execute(_ADVANCE, values).rowcount != 1:
        raise StaleStep(before.id)


_REBIND = update(runs).where(runs.c.browser == bindparam("old")).values(browser=bindparam("new"))


def rebind(connection: Connection, old: str, new: str) -> None:
    """Hand everything that one identity of a browser holds to its new one."""
    connection.execute(_REBIND, {"old": old, "new": new})


_BIND = update(runs).where(runs.c.id == bindparam("run")).values(browser=bindparam("holder"))


def bind(connection: Connection, run: str, flow: str, browsers: Sequence[str]) -> None:
    """Put the run into a browser's hands, named by its blind indexes; another of this flow is let go of."""
    held = held_by(connection, browsers, flow)
    if held is not None and held.id != run:
        release(connection, held.id)
    connection.execute(_BIND, {"run": run, "holder": browsers[0]})


def release(connection: Connection, run: str) -> None:
    """Take the run out of its browser's hands; its links go on working."""
    connection.execute(_RELEASE, {"run": run})


def release_open(connection: Connection, ids: Sequence[str]) -> None:
    """Take those of these runs that have not ended out of their browsers' hands."""
    connection.execute(_RELEASE_OPEN, {"ids": list(ids)})


def resume(connection: Connection, run: str, now: datetime) -> None:
    """The run is under way: its idle span begins anew."""
    connection.execute(_CONTINUE, {"run": run, "touched_at": now})


def read_answers(connection: Connection, run: Run, vault: Vault) -> dict[str, str]:
    """What the applicant has answered so far, by field; as typed under `<field>~`."""
    if run.wrapped_key is None:
        return {}
    key = run.key(vault)
    rows = connection.execute(_ANSWERS, {"run": run.id})
    return {row.field: key.open(row.value, f"{run.id}:{row.field}") for row in rows}


def write_answers(connection: Connection, run: str, key: RunKey, values: Mapping[str, str]) -> None:
    """Replace the named answers."""
    drop_answers(connection, run, list(values))
    rows = [{"run_id": run, "field": f, "value": key.seal(v, f"{run}:{f}")} for f, v in values.items()]
    if rows:
        connection.execute(_PUT_ANSWER, rows)


def drop_answers(connection: Connection, run: str, fields: Sequence[str]) -> None:
    """Forget the named answers."""
    if fields:
        connection.execute(_DROP_ANSWERS, {"run": run, "fields": list(fields)})


_KEEP_ANSWERS = delete(answers).where(
    answers.c.run_id == bindparam("run"), answers.c.field.not_in(bindparam("fields", expanding=True))
)


def keep_answers(connection: Connection, run: str, fields: Sequence[str]) -> None:
    """Forget all answers but these."""
    connection.execute(_KEEP_ANSWERS, {"run": run, "fields": list(fields)})


_SET_HEAD = update(runs).where(runs.c.id == bindparam("run")).values(head=bindparam("head"))


def set_head(connection: Connection, run: str, head: str) -> None:
    """Remember the hash of the newest journal record."""
    connection.execute(_SET_HEAD, {"run": run, "head": head})


_LOCK = select(runs.c.id).where(runs.c.id == bindparam("run")).with_for_update()


def lock(connection: Connection, run: str) -> None:
    """Until the commit, let nobody else write to this run; SQLite has one writer anyway."""
    connection.execute(_LOCK, {"run": run})


_PUT_ON = (
    update(runs)
    .where(runs.c.id == bindparam("run"))
    .values(number=bindparam("on_number"), digest=bindparam("on_digest"))
)


def put_on(connection: Connection, run: Run) -> None:
    """Let the run go on on the version that `run` names."""
    connection.execute(_PUT_ON, {"run": run.id, "on_number": run.number, "on_digest": run.digest})
