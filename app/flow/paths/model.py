"""What a path is: moves through a definition, each with the answers its guards are to give.

A path is abstract: it says *that* the register knows nobody, not whom it is asked about. Whoever drives it
(`app.proof`) brings each answer about in the real application, with invented people.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from app.flow.definition import Transition
from app.flow.verdict import Answer, Count

#: What holds on a way so far, by name: `code phone_code: there`, `field renewing: given`. Only what guards or
#: effects say of each other (their names stand in `app.flow.paths.facts`); one nobody has stated is missing.
Facts = Mapping[str, str]

#: Who brings an answer about just before the step: the run's own applicant and what the world tells when it
#: is asked (`here`), another run or login of the same person (`others`), so many others that a limit they
#: share with this run is reached (`crowd`).
By = Literal["here", "others", "crowd"]


@dataclass(frozen=True)
class Outcome:
    """One answer a guard may give at some place, and the facts that hold once it has been given.

    A fact with an empty text holds no longer. `counts` are the numbers the answer is judged by.
    """

    answer: Answer
    reason: str | None = None
    facts: Facts = field(default_factory=dict, hash=False)
    by: By = "here"
    counts: tuple[Count, ...] = ()


@dataclass(frozen=True)
class Move:
    """One step of a path: in `transition.source` its trigger is fired, and the guards asked answer so.

    `outcomes` are (guard, outcome) in the order asked.
    """

    transition: Transition
    outcomes: tuple[tuple[str, Outcome], ...] = ()


@dataclass(frozen=True)
class Path:
    """Moves from the initial state on, each beginning where the one before led."""

    moves: tuple[Move, ...]

    @property
    def end(self) -> str:
        """The state it leads to."""
        return self.moves[-1].transition.dest

    def in_words(self) -> str:
        """The path as one line: `form submit (card_found unavailable) > try_later retry > ...`."""
        steps = [_step(move) for move in self.moves]
        return " > ".join([*steps, self.end])


def _step(move: Move) -> str:
    told = [_told(guard, each) for guard, each in move.outcomes if each.answer != "yes"]
    why = f" ({', '.join(told)})" if told else ""
    return f"{move.transition.source} {move.transition.trigger}{why}"


def _told(guard: str, outcome: Outcome) -> str:
    return f"{guard} {outcome.reason or outcome.answer}"
