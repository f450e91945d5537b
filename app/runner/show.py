"""Looking: which page a browser is shown. Moves nothing and writes nothing."""

from app.flow.definition import Flow
from app.flow.step import decide
from app.flow.verdict import Verdict
from app.runner.house import House
from app.runner.outcome import At, Browser, Resume, Showing, Shown, StartAgain
from app.runner.pausing import check_open
from app.runner.resting import is_resting
from app.runner.submit import step_token, version_of
from app.store import runs
from app.store.ids import new_run_id
from app.store.runs import Run


def open_run(house: House, flow_name: str, browser: Browser) -> Showing:
    """What `/<flow>/` leads to: the first page, or the choice to continue a run that is there.

    Raises pausing.Paused where nobody may begin at present.
    """
    held = _held(house, flow_name, browser)
    if held is None:
        check_open(house, flow_name)
        return At(flow_name, house.shelf.live(flow_name).spec.initial)
    token = step_token(house, held.id, held.seq)
    flow = version_of(house, held)
    if flow is None:  # its version is gone: all one can do is start again
        return Resume(house.shelf.live(flow_name), held, token, lost=True)
    return Resume(flow, held, token, is_resting(flow, held, house))


def show(house: House, flow_name: str, state: str, browser: Browser) -> Showing:
    """The page of `state` if the run stands there, else the way to where it stands. Raises Paused."""
    held = _held(house, flow_name, browser)
    if held is None:
        return _first(house, flow_name, state)
    flow = version_of(house, held)
    if flow is None:
        return StartAgain(flow_name)
    if is_over(held, house):
        return Shown(flow, expiry_state(flow, held), step_token(house, held.id, held.seq), held, final=True)
    if is_resting(flow, held, house):
        return Resume(flow, held, step_token(house, held.id, held.seq), idle=True)
    if state != held.state:
        return At(flow_name, held.state, "led_here")
    with house.database.read() as connection:
        answers = runs.read_answers(connection, held, house.vault)
    return Shown(flow, held.state, step_token(house, held.id, held.seq), held, answers)


def _held(house: House, flow_name: str, browser: Browser) -> Run | None:
    with house.database.read() as connection:
        return runs.held_by(connection, house.vault.indexes(browser.id, "browser"), flow_name)


def _first(house: House, flow_name: str, state: str) -> Showing:
    check_open(house, flow_name)
    flow = house.shelf.live(flow_name)
    if state != flow.spec.initial:
        return At(flow_name, flow.spec.initial)
    return Shown(flow, state, step_token(house, new_run_id(), 0))


def is_over(run: Run, house: House) -> bool:
    """Whether the run's time is over although the clock's trigger has not been fired yet."""
    return run.ended_at is None and run.expires_at is not None and house.clock() >= run.expires_at


def expiry_state(flow: Flow, run: Run) -> str:
    """Where `expire` would lead, asked without moving; guards cannot be asked here and count as no."""
    return decide(flow, run.state, "expire", lambda _: Verdict.no("not_asked")).transition.dest
