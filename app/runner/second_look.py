"""Carrying out what `look_again` left: for the right person after too many refusals, in a run of its own."""

import json
import logging
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from app.flow.step import Decision
from app.flow.verdict import Verdict
from app.runner.house import FlowMissing, House
from app.step import Step
from app.step.recording import Planned, moved, new_run, plan_effects, record_step
from app.store import runs, second_looks
from app.store.ids import new_run_id
from app.store.second_looks import SecondLook

log = logging.getLogger(__name__)

_BATCH = 50


def look_again(house: House) -> int:
    """Work off the refusals left since the last time; how many there were."""
    with house.database.read() as connection:
        looks = second_looks.oldest(connection, house.vault, _BATCH)
    for look in looks:
        try:
            planned = _plan(house, look)
        except (FlowMissing, KeyError, ValueError, StopIteration) as fault:
            log.error("a second look failed", extra={"look": look.id, "fault": type(fault).__name__})
            planned = None
        with house.database.write() as connection:
            if second_looks.drop(connection, look.id) and planned is not None:
                record_step(connection, house.vault, planned, house.clock())
                runs.write_answers(connection, planned.after.id, planned.key, planned.step.values)
    return len(looks)


def _plan(house: House, look: SecondLook) -> Planned | None:
    """The step to take, or None where nothing was found, which is nearly always."""
    left: Mapping[str, Any] = json.loads(look.body)
    if not left["found"]:
        return None
    flow = house.shelf.version(left["flow"], left["number"], left["digest"])
    way = next(t for t in flow.transitions[left["state"]] if t.id == left["way"])
    now = house.clock()
    before = replace(new_run(flow, new_run_id(), left["lang"], None, now, house.vault), state=left["state"])
    step = Step(
        flow=flow,
        run=before.id,
        seq=1,
        state=before.state,
        trigger=way.trigger,
        lang=before.lang,
        now=now,
        browser="",
        network="",
        world=house.world(flow),
        values=left["values"],
    )
    # The facts were found under the guard's other answer; the effects need them under the same name.
    verdicts = tuple((name, Verdict.yes(found=found)) for name, found in left["found"].items())
    decision = Decision(way, verdicts)
    return Planned(
        step=step,
        decision=decision,
        before=before,
        after=moved(before, flow, decision, step),
        key=before.key(house.vault),
        writes=plan_effects(step, decision, before.id, 1),
        actor="house",
        parent=left["parent"],
    )
