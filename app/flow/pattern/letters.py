"""What a pattern reads: the places and steps that a record of the journal stands for."""

from dataclasses import dataclass, field

from app.flow.trace import Recorded


@dataclass(frozen=True)
class Place:
    """The run stands in `state`."""

    state: str


@dataclass(frozen=True)
class Taken:
    """A step taken from `state`: by which trigger and way; `said` are guards with their answer and reason.

    A note (the run rested, it was let go of) is a step by the note's name that leads nowhere.
    """

    state: str
    trigger: str
    way: str | None = None
    said: frozenset[tuple[str, str]] = field(default_factory=frozenset)


Letter = Place | Taken


def letters(recorded: Recorded) -> tuple[Letter, ...]:
    """The record as a pattern sees it; equal for records of equal fold."""
    if recorded.type == "run.started":
        return (Place(recorded.to),)
    said = {(judged.guard, word) for judged in recorded.judged for word in (judged.answer, judged.reason)}
    spoken = frozenset((guard, word) for guard, word in said if word is not None)
    taken = Taken(recorded.state, recorded.trigger, recorded.chosen, spoken)
    renamed = recorded.moves and recorded.to != recorded.state
    return (taken, Place(recorded.to)) if recorded.chosen or renamed else (taken,)
