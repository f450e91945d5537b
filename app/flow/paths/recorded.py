"""What a recorded run is as a path: to be driven again with invented people, forked, told as a scenario."""

from collections.abc import Sequence

from app.flow.definition import Flow, Transition
from app.flow.paths.facts import PROBLEM
from app.flow.paths.model import Move, Outcome, Path
from app.flow.trace import BadRecord, Judged, Recorded


class NoSteps(Exception):
    """The run has taken no step yet."""


def path_of(flow: Flow, records: Sequence[Recorded]) -> Path:
    """The transitions that were taken, each with the answers recorded, problems of fields included.

    `flow` is the version the run was recorded on. Raises NoSteps, and BadRecord for a transition that this
    definition does not have.
    """
    taken = [record for record in records if record.type == "transition" and record.chosen is not None]
    if not taken:
        raise NoSteps
    return Path(tuple(Move(_transition(flow, record), _outcomes(record)) for record in taken))


def _transition(flow: Flow, record: Recorded) -> Transition:
    ways = flow.transitions.get(record.state, ())
    found = next((way for way in ways if (way.id, way.trigger) == (record.chosen, record.trigger)), None)
    if found is None:
        what = f"{flow.name} has no transition '{record.state}.{record.chosen}' on '{record.trigger}'"
        raise BadRecord(record.run, record.seq, f"{what}; was it recorded on another version?")
    return found


def _outcomes(record: Recorded) -> tuple[tuple[str, Outcome], ...]:
    return tuple(
        (judged.guard, Outcome(judged.answer, judged.reason, _problems(judged))) for judged in record.judged
    )


def _problems(judged: Judged) -> dict[str, str]:
    return {f"{PROBLEM}{field}": code for field, code in judged.problems if field}
