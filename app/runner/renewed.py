"""Posts of a page whose run was moved to another version meanwhile: no step, but nothing typed is lost."""

from collections.abc import Mapping

from app.flow.definition import Flow
from app.flow.record import MOVED
from app.forms import build
from app.runner.house import House
from app.runner.outcome import At, Posted
from app.runner.resting import keep_draft
from app.store import journal
from app.store.runs import Run


def typed_on(flow: Flow, run: Run, posted: Posted) -> Mapping[str, str]:
    """What of a post, made for whatever page, is typed in a box of the page that the run stands on."""
    form = build.form_class(flow, run.state)
    unknown = set(build.unknown_names(form, posted.fields))
    return build.as_typed(form, {name: each for name, each in posted.fields.items() if name not in unknown})


def renewed(house: House, flow: Flow, run: Run, seq: int, state: str, typed: Mapping[str, str]) -> At | None:
    """The page of `state`, shown for `seq`, as it is now, with what was typed; None where it is another one.

    `run` stands on `flow`; it has taken no step since, but was moved.
    """
    if run.ended_at is not None or not _only_moved(house, run, seq, state):
        return None
    asked = flow.state(run.state).fields
    kept = {name: text for name, text in typed.items() if name in asked and _may_be_kept(flow, name)}
    keep_draft(house, flow, run, kept)
    # Where all that was typed is secret, nothing of it is there to look through.
    return At(run.flow, run.state, "renewed" if kept else "led_here", aside="stale")


def _may_be_kept(flow: Flow, field: str) -> bool:
    return flow.spec.fields[field].data_class != "secret"


def _only_moved(house: House, run: Run, seq: int, state: str) -> bool:
    """Whether all records since `seq` are moves, the first of them away from `state`."""
    with house.database.read() as connection:
        first = journal.entry(connection, run.id, seq + 1)
        if first is None or first.record["from"] != state:
            return False
        later = (journal.entry(connection, run.id, each) for each in range(seq + 1, run.seq + 1))
        return all(each is not None and each.record["note"] == MOVED for each in later)
