"""Doing what a transition orders in a run that no browser holds."""

from dataclasses import replace

from sqlalchemy import Connection

from app.flow.catalogue import effect
from app.flow.step import Decision
from app.flow.verdict import Verdict
from app.step import Order, Step, Write
from app.step.recording import Planned, moved, new_run, plan_effects, record_step
from app.store import runs
from app.store.ids import new_run_id


@effect(section="transitions")
def in_another_run(order: Order) -> Write:
    """Carry out the named transition of this state in a run of its own, unseen by the browser at hand.

    For the right person after too many refusals (C6): the page says what it says to everybody, and the owner
    of the number gets the link all the same.
    """
    step = order.step
    flow, vault = step.flow, step.world.vault
    way = next(t for t in flow.transitions[step.state] if t.id == order.argument)
    before = replace(new_run(flow, new_run_id(), step.lang, None, step.now, vault), state=step.state)
    unseen = replace(step, run=before.id, seq=1, browser="")
    # The facts were found under the guard's other answer; the effects need them under the same name.
    verdicts = tuple((name, Verdict.yes(found=found)) for name, found in order.found.items())
    decision = Decision(way, verdicts)
    planned = Planned(
        step=unseen,
        decision=decision,
        before=before,
        after=moved(before, flow, decision, unseen),
        key=before.key(vault),
        writes=plan_effects(unseen, decision, before.id, 1),
        actor="applicant",
        parent=f"{step.run}:{step.seq}",
    )

    def write(connection: Connection) -> str:
        record_step(connection, vault, planned, step.now)
        runs.write_answers(connection, before.id, planned.key, _lasting(step))
        return "requested"

    return write


def _lasting(step: Step) -> dict[str, str]:
    """The answers without secrets, whichever page of the first run they were given on."""
    fields = step.flow.spec.fields
    return {name: value for name, value in step.values.items() if fields[name].data_class != "secret"}
