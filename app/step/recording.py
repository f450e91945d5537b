"""Writing one step: run, answers, counters, effects and journal, inside a commit that the caller owns."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from sqlalchemy import Connection

from app.flow.catalogue import CATALOGUE
from app.flow.definition import Flow
from app.flow.record import GENESIS, Check, Happening, build
from app.flow.step import Decision
from app.flow.verdict import Problem
from app.step import Order, Step, Write
from app.store import budgets, journal, runs
from app.store.crypto import RunKey, Vault
from app.store.ids import new_reference, ulid
from app.store.runs import Run

APP_VERSION = "0.1.0"


class Outdated(Exception):
    """A counter changed between the verdict and the commit: nothing was written, decide anew."""


@dataclass(frozen=True)
class Planned:
    """A decided step, ready to be written: the run before and after it, its effects already planned.

    `typed` is what is shown back (by field); secrets are in neither `values` nor `typed` by the time they
    are stored. `renewed` is the blind index of the browser's new identity, where a step hands one out;
    `checks` are the questions asked outside the run.
    """

    step: Step
    decision: Decision
    before: Run
    after: Run
    key: RunKey = field(repr=False)
    writes: tuple[tuple[str, str, Write], ...]
    typed: Mapping[str, str] = field(default_factory=dict, repr=False)
    posted: str | None = None
    actor: str = "applicant"
    note: str | None = None
    parent: str | None = None
    renewed: str | None = field(default=None, repr=False)
    checks: tuple[Check, ...] = ()


def new_run(flow: Flow, run: str, lang: str, browser: str | None, now: datetime, vault: Vault) -> Run:
    """A run that is about to take its first step; nothing is stored yet."""
    _, wrapped = vault.new_run_key(run)
    return Run(
        id=run,
        flow=flow.name,
        number=flow.number,
        digest=flow.digest,
        state=flow.spec.initial,
        seq=0,
        lang=lang,
        reference=new_reference(),
        started_at=now,
        touched_at=now,
        expires_at=now + flow.spec.lifetime.absolute,
        ended_at=None,
        continued=0,
        problems=(),
        said=None,
        told=None,
        browser=browser,
        head=GENESIS,
        wrapped_key=wrapped,
    )


def moved(run: Run, flow: Flow, decision: Decision, step: Step) -> Run:
    """`run` as it stands after `decision`."""
    way = decision.transition
    state = flow.state(way.dest)
    problems = [p for _, verdict in decision.verdicts if verdict.answer == "no" for p in verdict.problems]
    return replace(
        run,
        state=way.dest,
        seq=run.seq + 1,
        lang=step.lang,
        touched_at=step.now,
        expires_at=None if state.end else _deadline(run, flow, decision, step.now),
        ended_at=(run.ended_at or step.now) if state.end else None,
        problems=() if way.trigger == "back" else tuple(problems),
        said=way.say,
        told=way.tell,
    )


def _deadline(run: Run, flow: Flow, decision: Decision, now: datetime) -> datetime | None:
    way = decision.transition
    own = flow.state(way.dest).lifetime
    if own == "none":
        return None
    if own is None:
        return run.started_at + flow.spec.lifetime.absolute
    if decision.stayed and not way.effects:
        return run.expires_at  # pressing a button that does nothing does not buy time
    return now + own


def plan_effects(step: Step, decision: Decision, run: str, seq: int) -> tuple[tuple[str, str, Write], ...]:
    """(name, key, write) of every effect ordered; slow parts are done now, before the commit."""
    found = {name: verdict.found for name, verdict in decision.verdicts if verdict.found}
    planned = []
    for number, order in enumerate(decision.transition.effects, start=1):
        key = f"{run}:{seq}:{number}"
        effect = CATALOGUE.effects[order.effect]
        planned.append((order.effect, key, effect.plan(Order(step, order.argument or "", found, key))))
    return tuple(planned)


def record_step(connection: Connection, vault: Vault, planned: Planned, recorded: datetime) -> Run:
    """Write a planned step; returns the run as stored. Raises StaleStep if somebody was quicker.

    The caller commits; everything here is one transaction with whatever else it writes.
    """
    step, before, after = planned.step, planned.before, planned.after
    if before.seq == 0:
        runs.create(connection, after)
        first, flow = _happening(planned, (), recorded), step.flow
        before = replace(before, head=record_start(connection, flow, before, first, planned.key))
    else:
        runs.advance(connection, before, after)
    _judged_right(connection, planned)
    _keep_answers(connection, planned)
    _keep_facts(connection, planned)
    for _, verdict in planned.decision.verdicts:
        if verdict.count is not None:
            verdict.count(connection)
    charges = [charge for _, verdict in planned.decision.verdicts for charge in verdict.charges]
    if charges:
        budgets.charge(connection, vault, charges, step.now)
    effects = tuple((name, key, write(connection)) for name, key, write in planned.writes)
    if planned.renewed and before.browser:
        runs.rebind(connection, before.browser, planned.renewed)
        after = replace(after, browser=planned.renewed)
    record = build(
        step.flow,
        _happening(planned, effects, recorded),
        before.head,
        before.state,
        step.trigger,
        planned.decision,
        planned.key.fingerprint,
    )
    journal.append(connection, record, recorded, planned.posted)
    runs.set_head(connection, after.id, record["hash"])
    return replace(after, head=record["hash"])


def record_start(connection: Connection, flow: Flow, run: Run, first: Happening, key: RunKey) -> str:
    """The record with seq 0, before what `first` happened: that the run began, on which version; its hash."""
    happening = replace(
        first,
        id=ulid(first.recorded),
        seq=0,
        type="run.started",
        form_seq=None,
        errors=(),
        note=None,
        checks=(),
        values={},
    )
    record = build(flow, happening, run.head, run.state, "start", None, key.fingerprint)
    journal.append(connection, record, first.recorded, None)
    return str(record["hash"])


def _judged_right(connection: Connection, planned: Planned) -> None:
    """Ask every verdict whether its counters still say the same; raises Outdated if one does not."""
    for _, verdict in planned.decision.verdicts:
        if verdict.still is not None and not verdict.still(connection):
            raise Outdated(planned.after.id)


def _keep_answers(connection: Connection, planned: Planned) -> None:
    flow, run = planned.step.flow, planned.after.id
    if planned.decision.transition.keep == "nothing":
        runs.drop_answers(connection, run, [f for name in flow.spec.fields for f in (name, f"{name}~")])
        return
    if planned.posted is None:  # a clock or a link brings no answers
        return
    fields = flow.state(planned.before.state).fields
    kept = [name for name in fields if flow.spec.fields[name].data_class != "secret"]
    values = planned.step.values
    stored = {name: values[name] for name in kept if name in values}
    stored |= {f"{name}~": planned.typed[name] for name in kept if name in planned.typed}
    # What was emptied is gone, as value and as typed, or it would come back when the page is shown again.
    asked = [f for name in fields for f in (name, f"{name}~")]
    runs.drop_answers(connection, run, [name for name in asked if name not in stored])
    runs.write_answers(connection, run, planned.key, stored)


def _keep_facts(connection: Connection, planned: Planned) -> None:
    for _, verdict in planned.decision.verdicts:
        if verdict.answer == "yes" and verdict.keeps:
            runs.write_answers(connection, planned.after.id, planned.key, verdict.keeps)


def _happening(planned: Planned, effects: Sequence[tuple[str, str, str]], recorded: datetime) -> Happening:
    step = planned.step
    return Happening(
        id=ulid(recorded),
        run=planned.after.id,
        seq=planned.after.seq,
        type="transition",
        occurred=step.now,
        recorded=recorded,
        now_used=step.now,
        actor=planned.actor,
        actor_ref=planned.key.fingerprint(f"browser\0{step.browser}") if step.browser else None,
        lang=step.lang,
        app=APP_VERSION,
        guards=CATALOGUE.fingerprint(),
        env=step.world.env,
        form_seq=planned.before.seq if planned.posted else None,
        parent=planned.parent,
        effects=tuple(effects),
        checks=planned.checks,
        errors=error_codes(planned.after.problems, planned.after.said),
        note=planned.note,
        values=step.values,
        problem_fields=frozenset(p.field for p in step.problems if p.field),
    )


def error_codes(problems: Sequence[Problem], said: str | None) -> tuple[str, ...]:
    """What a page says is wrong, as the journal keeps it: `field.code`, then what the way said."""
    codes = [f"{p.field}.{p.code}" if p.field else p.code for p in problems]
    return tuple(codes + ([said] if said else []))
