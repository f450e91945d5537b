"""Safety rules held against everything recorded: every run, none sampled; reads, never writes."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from app.flow.safety.events import Events, at_start, of_record
from app.flow.safety.monitors import State, Watch, watch
from app.flow.safety.spec import Rule
from app.flow.trace import Recorded
from app.runner.house import House
from app.runner.replaying.definitions import Definitions
from app.runner.replaying.lessons import Alike, Lessons
from app.runner.replaying.passages import passages
from app.runner.replaying.troubles import Troubles
from app.store import replaying as store
from app.store.replaying import Chosen

_MOST_KNOWN = 200_000  # steps remembered; more are worked out anew

#: What every monitor remembers, by rule; None where its rule is broken already.
_Memory = tuple[State | None, ...]


@dataclass
class Breach:
    """Runs that broke a rule: how many, and in which step the first of them did."""

    run: str
    seq: int
    runs: int = 1


@dataclass
class History:
    """What the recorded runs of a flow say of its rules, by the rule's number; `troubles` were left out."""

    runs: int = 0
    breaches: dict[int, Breach] = field(default_factory=dict)
    troubles: Troubles = field(default_factory=Troubles)


def check_recorded(house: House, flow: str, rules: Sequence[Rule]) -> History:
    """Hold the rules against every recorded run of `flow`, each on the version it was decided by."""
    history, definitions = History(), Definitions.of(house)

    def learn(recorded: Recorded) -> Events:
        if recorded.type == "run.started":
            return at_start(recorded.state)
        return of_record(definitions.by(recorded), recorded) or frozenset()

    watched = _Watched([watch(rule) for rule in rules])
    with store.looking(house.database) as connection:
        lessons = Lessons(learn, history.troubles)
        for passage in passages(connection, Chosen(flow), lessons, history.troubles):
            history.runs += 1
            for seq, number in watched.breaks(passage.steps):
                known = history.breaches.setdefault(number, Breach(passage.run, seq, 0))
                known.runs += 1
    return history


class _Watched:
    """All monitors at once; what they make of a step is worked out once for each thing they remember."""

    def __init__(self, monitors: Sequence[Watch]) -> None:
        self._monitors = monitors
        self._start: _Memory = tuple(each.start for each in monitors)
        self._known: dict[tuple[_Memory, str], tuple[_Memory, tuple[int, ...]]] = {}

    def breaks(self, steps: Sequence[Alike[Events]]) -> list[tuple[int, int]]:
        """(step, number of the rule) of every rule that a run breaks, each once."""
        broken: list[tuple[int, int]] = []
        memory = self._start
        for seq, step in enumerate(steps):
            key = (memory, step.fold)
            found = self._known.get(key)
            if found is None:
                if len(self._known) >= _MOST_KNOWN:
                    self._known.clear()
                found = self._known[key] = self._see(memory, step.finding)
            memory, numbers = found
            broken += [(seq, number) for number in numbers]
        return broken

    def _see(self, memory: _Memory, events: Events) -> tuple[_Memory, tuple[int, ...]]:
        pairs = list(zip(self._monitors, memory, strict=True))
        after = tuple(None if state is None else each.see(state, events) for each, state in pairs)
        changed = enumerate(zip(memory, after, strict=True))
        newly = (number for number, (was, now) in changed if was is not None and now is None)
        return after, tuple(newly)
