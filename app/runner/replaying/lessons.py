"""What replay learnt of the records it has seen: once for each fold, however often it comes."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Generic, TypeVar

from app.flow.trace import BadRecord, Recorded, fold, parsed, read
from app.runner.replaying.troubles import VERIFY, Troubles

Finding = TypeVar("Finding")

_MOST_FOLDS = 20_000  # kept in memory; more are learnt anew when they come again


class NotReplayed(Exception):
    """A record cannot be replayed; the text says why, `cure` what to do."""

    def __init__(self, what: str, cure: str = VERIFY) -> None:
        super().__init__(what)
        self.cure = cure


@dataclass(frozen=True, slots=True)
class Alike(Generic[Finding]):
    """What was learnt of one record and holds for all of its fold; `move` numbers what was done where."""

    fold: str
    state: str
    to: str
    move: int
    recorded: Recorded
    finding: Finding


class Lessons(Generic[Finding]):
    """Learns from a record by `learn`, which may raise NotReplayed or BadRecord; both become trouble."""

    def __init__(self, learn: Callable[[Recorded], Finding], troubles: Troubles) -> None:
        self._learn, self._troubles = learn, troubles
        self.known: dict[str, Alike[Finding]] = {}
        self.learnt = 0
        self._moves: dict[str, int] = {}

    @property
    def moves(self) -> list[str]:
        """What was done where, by the numbers of `Alike.move`."""
        return list(self._moves)

    def learn(self, run: str, seq: int, text: str, kept: str | None) -> Alike[Finding] | None:
        """What there is to know of the stored `text`; None, and trouble, if it cannot be replayed.

        `kept` is the fold that stands beside it; where that is another one than the record's own, one of
        both was altered.
        """
        try:
            return self._learn_from(run, seq, text, kept)
        except BadRecord as problem:
            self._troubles.add(run, seq, problem.what)
        except NotReplayed as problem:
            self._troubles.add(run, seq, str(problem), problem.cure)
        return None

    def _learn_from(self, run: str, seq: int, text: str, kept: str | None) -> Alike[Finding]:
        try:
            record = parsed(text)
        except ValueError:
            raise BadRecord(run, seq, "it is not JSON") from None
        if not isinstance(record, dict):
            raise BadRecord(run, seq, "it is no object")
        recorded, own = read(record), fold(record)
        if (recorded.run, recorded.seq) != (run, seq):
            raise NotReplayed(f"it says of itself that it is record {recorded.seq} of run {recorded.run}")
        if kept is not None and kept != own:
            raise NotReplayed("it is not the record that the fold beside it was made of")
        alike = self.known.get(own)
        if alike is None:
            alike = self._alike(recorded, own)
            if len(self.known) >= _MOST_FOLDS:
                self.known.clear()
            self.known[own] = alike
        return alike

    def _alike(self, recorded: Recorded, own: str) -> Alike[Finding]:
        finding = self._learn(recorded)
        self.learnt += 1
        move = self._moves.setdefault(_move(recorded), len(self._moves))
        return Alike(own, recorded.state, recorded.to, move, recorded, finding)


def _move(recorded: Recorded) -> str:
    if recorded.type == "run.started":
        return f"{recorded.flow} {recorded.number}: {recorded.state}"
    return f"{recorded.state}.{recorded.chosen or recorded.trigger}"


def path_in_words(moves: list[str], end: str) -> str:
    """The way of a run on one line; what was done several times in turn is told once."""
    told: list[tuple[str, int]] = []
    for move in moves:
        if told and told[-1][0] == move:
            told[-1] = (move, told[-1][1] + 1)
        else:
            told.append((move, 1))
    words = [move if times == 1 else f"{move} ({times} times)" for move, times in told]
    return " > ".join([*words, end])
