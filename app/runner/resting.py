"""Runs that nobody has touched for a while: when they rest, and how what is typed too late is kept.

Nothing is lost by coming late (U16): the answers stay, secrets excepted, and the run may be continued.
"""

from collections.abc import Mapping
from datetime import datetime

from app.flow.definition import Flow
from app.runner.house import House
from app.step.notes import record_note
from app.store import runs
from app.store.runs import Run


def rests_at(flow: Flow, run: Run) -> datetime | None:
    """When the run must be continued before it takes another step; None where no such time is counted.

    A run that is not stored yet was touched when its page was shown.
    """
    if run.ended_at is not None or flow.state(run.state).lifetime is not None:
        return None
    return run.touched_at + flow.spec.lifetime.idle


def is_resting(flow: Flow, run: Run, house: House) -> bool:
    """Whether the run has been idle for so long that it must be continued first."""
    at = rests_at(flow, run)
    return at is not None and house.clock() >= at


def valid_until(flow: Flow, run: Run | None, now: datetime) -> datetime | None:
    """Until when the page of `run`, or of none yet, can be sent at once; None where no clock runs."""
    if run is None:
        counted = flow.state(flow.spec.initial).lifetime is None
        return now + flow.spec.lifetime.idle if counted else None
    at = rests_at(flow, run)
    return min(at, run.expires_at or at) if at else None


def keep_draft(house: House, flow: Flow, run: Run, typed: Mapping[str, str]) -> None:
    """Keep what was typed on a page that came too late; a run that is not stored yet is stored, resting.

    Raises StaleStep if another post made the run, or one in its browser's hands, meanwhile.
    """
    draft = {f"{name}~": value for name, value in typed.items()}
    with house.database.write() as connection:
        if run.seq == 0:
            record_note(connection, house.vault, flow, run, "note", "rested", house.clock(), house.env)
        else:
            runs.lock(connection, run.id)
        runs.write_answers(connection, run.id, run.key(house.vault), draft)
