"""Deciding and committing one step; shared by submit, links and the sweep."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from sqlalchemy.exc import IntegrityError

from app.flow.definition import Flow
from app.flow.step import Decision, decide
from app.flow.verdict import Problem, Verdict
from app.runner.house import House
from app.runner.outcome import At, Browser
from app.step import Step
from app.step.noting import Notes, noting
from app.step.recording import Outdated, Planned, moved, plan_effects, record_step
from app.store.journal import Entry
from app.store.runs import Run, StaleStep

_AGAIN = 8


@dataclass(frozen=True)
class Intent:
    """What is to be done to a run: a trigger with the answers known by now."""

    trigger: str
    values: Mapping[str, str] = field(default_factory=dict, repr=False)
    typed: Mapping[str, str] = field(default_factory=dict, repr=False)
    problems: tuple[Problem, ...] = ()
    posted: str | None = None
    actor: str = "applicant"
    link: str | None = None
    link_id: str | None = None
    note: str | None = None


def plan(
    house: House, flow: Flow, run: Run, intent: Intent, browser: Browser | None, now: datetime
) -> Planned:
    """Ask the guards, decide, plan the effects. Writes nothing; may take as long as the world's time-outs.

    Raises UnknownTrigger when the state does not answer to the trigger.
    """
    notes = Notes()
    step = step_of(house, flow, run, intent, browser, now)
    step = replace(step, world=noting(step.world, notes))

    def ask(name: str) -> Verdict:
        use = flow.guards[name]
        verdict: Verdict = house.catalogue.guards[use.guard].ask(step, use.options)
        return verdict

    decision = decide(flow, run.state, intent.trigger, ask)
    step = replace(step, values={**step.values, **_brought_to_light(decision)})
    writes = plan_effects(step, decision, run.id, run.seq + 1)
    return Planned(
        step=step,
        decision=decision,
        before=run,
        after=moved(run, flow, decision, step),
        key=run.key(house.vault),
        writes=writes,
        checks=tuple(notes.checks),
        typed=intent.typed,
        posted=intent.posted,
        actor=intent.actor,
        note=intent.note,
        renewed=_renewed(house, run, decision),
    )


def step_of(
    house: House, flow: Flow, run: Run, intent: Intent, browser: Browser | None, now: datetime
) -> Step:
    """The step that `intent` wants to take, as guards and effects see it."""
    return Step(
        flow=flow,
        run=run.id,
        seq=run.seq + 1,
        state=run.state,
        trigger=intent.trigger,
        lang=_language(flow, run, browser if intent.actor == "applicant" else None),
        now=now,
        browser=browser.id if browser else "",
        network=browser.network if browser else "",
        world=house.world(flow),
        values=intent.values,
        problems=intent.problems,
        link=intent.link,
        link_id=intent.link_id,
        account=browser.account if browser else None,
        device=browser.device_name if browser else "",
    )


def _brought_to_light(decision: Decision) -> dict[str, str]:
    """The facts that the guards of this step found, so that its effects know them like answers."""
    agreed = (verdict for _, verdict in decision.verdicts if verdict.answer == "yes")
    return {name: value for verdict in agreed for name, value in verdict.keeps.items()}


def _renewed(house: House, run: Run, decision: Decision) -> str | None:
    orders = decision.transition.effects
    if not any(house.catalogue.effects[order.effect].hands == "browser" for order in orders):
        return None
    return house.vault.index(house.renewed_browser(run.id, run.seq + 1), "browser")


def handed(house: House, flow: Flow, run: str, entry: Entry, state: str) -> At:
    """Where a step led, with what its effects hand to the browser that posted it, and to no other (S45)."""
    seq, carried_out = int(entry.record["seq"]), {each["e"] for each in entry.record["effects"]}
    hands = {house.catalogue.effects[name].hands for name in carried_out if name in house.catalogue.effects}
    return At(
        flow.name,
        state,
        browser=house.renewed_browser(run, seq) if "browser" in hands else None,
        login=(flow.spec.realm, house.login_token(run, seq)) if "login" in hands else None,
    )


def _language(flow: Flow, run: Run, browser: Browser | None) -> str:
    """The browser's language if the run's version speaks it; a newer version may speak more."""
    return browser.lang if browser and browser.lang in flow.spec.languages else run.lang


def commit(house: House, steps: Sequence[Planned]) -> Run:
    """Write the steps in one commit; the run as it then stands. Raises StaleStep if it moved meanwhile."""
    with house.database.write() as connection:
        head: str | None = None
        stored = steps[-1].after
        for planned in steps:
            current = planned if head is None else replace(planned, before=replace(planned.before, head=head))
            stored = record_step(connection, house.vault, current, house.clock())
            head = stored.head
        return stored


def commit_once_more(house: House, flow: Flow, run: Run, intent: Intent, browser: Browser | None) -> Run:
    """Plan and commit, anew when a counter or somebody else's row came in between.

    Raises StaleStep when the run itself has moved.
    """
    for _ in range(_AGAIN):
        try:
            return commit(house, [plan(house, flow, run, intent, browser, house.clock())])
        except (IntegrityError, Outdated):
            continue
    raise StaleStep(run.id)
