"""Records of what happened to a run and is no step: it rested, it was let go of, staff moved it."""

from dataclasses import replace
from datetime import datetime

from sqlalchemy import Connection

from app.flow.catalogue import CATALOGUE
from app.flow.definition import Flow
from app.flow.record import MOVED, Happening, build
from app.step.recording import APP_VERSION, error_codes, record_start
from app.store import journal, runs
from app.store.crypto import Vault
from app.store.ids import ulid
from app.store.runs import Run


def record_note(
    connection: Connection,
    vault: Vault,
    flow: Flow,
    run: Run,
    kind: str,
    note: str,
    now: datetime,
    env: str,
) -> Run:
    """Write that something happened to `run` that is no transition; its state stays, its seq rises.

    A run that is not stored yet is stored by it. Raises StaleStep like a step.
    """
    after, key, head = replace(run, seq=run.seq + 1), run.key(vault), run.head
    happening = _noted(after, kind, note, now, env, "applicant")
    if run.seq == 0:
        runs.create(connection, after)
        head = record_start(connection, flow, run, happening, key)
    else:
        runs.advance(connection, run, after)
    record = build(flow, happening, head, run.state, note, None, key.fingerprint)
    journal.append(connection, record, now, None)
    runs.set_head(connection, run.id, record["hash"])
    return replace(after, head=record["hash"])


def record_move(
    connection: Connection,
    vault: Vault,
    flow: Flow,
    run: Run,
    after: Run,
    now: datetime,
    env: str,
    parent: str,
) -> Run:
    """Write that staff let `run` go on as `after`, on the version `flow`; the run as stored.

    The record is of that version and leads from where the run stood to where it stands there; `parent` is
    the id of what staff carried out. Raises StaleStep like a step.
    """
    after = replace(after, number=flow.number, digest=flow.digest, seq=run.seq + 1)
    happening = replace(
        _noted(after, "note", MOVED, now, env, "staff"),
        parent=parent,
        errors=error_codes(after.problems, after.said),
    )
    runs.advance(connection, run, after)
    runs.put_on(connection, after)
    fingerprint = run.key(vault).fingerprint
    record = build(flow, happening, run.head, run.state, MOVED, None, fingerprint, after.state)
    journal.append(connection, record, now, None)
    runs.set_head(connection, run.id, record["hash"])
    return replace(after, head=record["hash"])


def _noted(after: Run, kind: str, note: str, now: datetime, env: str, actor: str) -> Happening:
    return Happening(
        id=ulid(now),
        run=after.id,
        seq=after.seq,
        type=kind,
        occurred=now,
        recorded=now,
        now_used=now,
        actor=actor,
        lang=after.lang,
        app=APP_VERSION,
        guards=CATALOGUE.fingerprint(),
        env=env,
        note=note,
    )
