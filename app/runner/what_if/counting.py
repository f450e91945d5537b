"""Counting runs for a limit: who was stopped at it, who got through, and whom the other value would reach."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field

from app.flow.definition import Flow
from app.flow.funnel.hiding import SMALLEST, Shown, sealed
from app.runner.what_if.bounds import Split

_STOPPED, _ANYWAY, _REFUSED = ("could", "not"), ("well", "otherwise"), ("certainly", "perhaps", "never")


@dataclass
class Counted:
    """Numbers of runs, exact; nothing of this is shown as it is."""

    stopped: Counter[str] = field(default_factory=Counter)
    anyway: Counter[str] = field(default_factory=Counter)
    through: Counter[str] = field(default_factory=Counter)
    every: Counter[str] = field(default_factory=Counter)
    right_at: Counter[int] = field(default_factory=Counter)
    messages: int = 0
    who_asked: int = 0
    left_out: int = 0

    def run(self, runs: int, *, ended_well: bool, stopped: str | None, refused: str) -> None:
        """Count `runs` that went alike."""
        if stopped is not None:
            self.stopped[stopped] += runs
            self.anyway["well" if ended_well else "otherwise"] += runs
        if ended_well:
            self.through[refused] += runs
        self.every[refused] += runs

    def splits(self) -> dict[str, Split]:
        """The numbers as they may be shown."""
        return {
            "stopped": _split(self.stopped, _STOPPED),
            "anyway": _split(self.anyway, _ANYWAY),
            "through": _split(self.through, _REFUSED),
            "every": _split(self.every, _REFUSED),
        }

    def shown_messages(self) -> int | None:
        """How many messages more or fewer; None where they would point at few people."""
        return self.messages if self.who_asked >= SMALLEST or not self.who_asked else None

    def shown_tries(self) -> Mapping[int, Shown]:
        """Runs by the number of the try that was right."""
        if not self.right_at:
            return {}
        numbers = range(1, max(self.right_at) + 1)
        _, cells = sealed([self.right_at[number] for number in numbers])
        return dict(zip(numbers, cells, strict=True))


def _split(counts: Counter[str], names: tuple[str, ...]) -> Split:
    whole, cells = sealed([counts[name] for name in names])
    return Split(whole, dict(zip(names, cells, strict=True)))


def ends_well(flow: Flow, state: str) -> bool:
    """Whether a run that stands there has ended in success."""
    spec = flow.spec.states.get(state)
    return spec is not None and spec.end == "success"
