"""Noting what a browser sent to its run that took no step: for QA, and never in the way of the answer."""

import logging
from dataclasses import dataclass

from sqlalchemy.exc import IntegrityError, SQLAlchemyError

from app.flow.aside import Aside, AsideKind, build
from app.flow.definition import Flow
from app.runner.house import FlowMissing, House
from app.runner.outcome import At, Browser, NotUnderstood, Outcome, Resting
from app.store import asides, runs
from app.store.crypto import Undecipherable
from app.store.runs import Run

log = logging.getLogger(__name__)

MOST = 50  # of one run: nobody learns more from the fifty-first
_AGAIN = 3
_PATIENCE = 0.25  # seconds for the writer's turn; who sent the same twice is not kept waiting for our notes


@dataclass(frozen=True)
class Came:
    """What a post said of itself: the run and step its page was shown for, its state, what was pressed."""

    shown_for: tuple[str, int] | None
    state: str | None
    trigger: str | None


def note_aside(house: House, flow: str, browser: Browser, came: Came, outcome: Outcome) -> None:
    """Write down that a post took no step, if `outcome` says so and this browser holds a run of `flow`.

    A commit of its own. Raises nothing: what cannot be written now is not written.
    """
    kind = _kind(outcome)
    if kind is None:
        return
    try:
        _write(house, flow, browser, came, kind)
    except (SQLAlchemyError, FlowMissing, Undecipherable) as fault:
        log.warning("an aside was not written", extra={"fault": type(fault).__name__})


def _kind(outcome: Outcome) -> AsideKind | None:
    if isinstance(outcome, At):
        return outcome.aside
    if isinstance(outcome, Resting):
        return "late"
    return "refused" if isinstance(outcome, NotUnderstood) else None


def _write(house: House, flow_name: str, browser: Browser, came: Came, kind: AsideKind) -> None:
    for _ in range(_AGAIN):
        with house.database.read() as connection:
            run = runs.held_by(connection, house.vault.indexes(browser.id, "browser"), flow_name)
            newest = asides.last(connection, run.id) if run else None
        if run is None or newest is None or newest.number >= MOST:
            return
        flow = house.shelf.version(run.flow, run.number, run.digest)
        aside = _aside(house, flow, run, newest.number + 1, browser, came, kind)
        try:
            with house.database.write(patience=_PATIENCE) as connection:
                record = build(aside, (run.flow, run.number), newest.hash)
                asides.append(connection, record, aside.at)
                return
        except IntegrityError:  # another one took the number
            continue


def _aside(
    house: House, flow: Flow, run: Run, number: int, browser: Browser, came: Came, kind: AsideKind
) -> Aside:
    """Names that the definition does not know are left out: anybody may send anything."""
    known = {way.trigger for ways in flow.transitions.values() for way in ways} | {"continue", "restart"}
    key = run.key(house.vault) if run.wrapped_key is not None else None
    shown_for = came.shown_for
    return Aside(
        run=run.id,
        number=number,
        at=house.clock(),
        kind=kind,
        seq=run.seq,
        form_seq=shown_for[1] if shown_for and shown_for[0] == run.id else None,
        state=came.state if came.state in flow.spec.states else None,
        trigger=came.trigger if came.trigger in known else None,
        browser=key.fingerprint(f"browser\0{browser.id}") if key else None,
        env=house.env,
    )
