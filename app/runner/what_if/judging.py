"""Limits that guards judge by: each recorded step is asked about on the definition with the other value."""

from dataclasses import dataclass

from sqlalchemy import Connection

from app.flow.catalogue import Catalogue
from app.flow.definition import Flow
from app.flow.limits import Limit
from app.flow.replay.bridge import Bridge
from app.flow.replay.parts import references
from app.flow.replay.turns import SAME, Turn, turn
from app.flow.trace import Judged, Recorded
from app.guards.codes import SINCE_SENT as CODE_AGE
from app.guards.codes import TRIES
from app.guards.links import SENT_IN_10_MINUTES, SENT_IN_A_DAY, SINCE_LAST, USES
from app.guards.match import REFUSALS
from app.runner.replaying.lessons import Lessons
from app.runner.replaying.passages import Passage, passages
from app.runner.replaying.troubles import Troubles
from app.runner.what_if.counting import Counted, ends_well
from app.store.replaying import Chosen

#: Of each kind of limit: the number a guard judges by, and the reasons it gives once that is spent.
_SPENT = {
    "tries": (TRIES, {"no_tries_left"}),
    "valid": (CODE_AGE, {"expired"}),
    "resend_after": (SINCE_LAST, {"too_soon"}),
    "per_10_minutes": (SENT_IN_10_MINUTES, {"capped"}),
    "per_day": (SENT_IN_A_DAY, {"capped"}),
    "opens": (USES, {"used_up"}),
    "per": (REFUSALS, {"over_budget", "match_over_budget"}),
}
#: Told as the time gone by: over the limit by the reason alone. All others count up to it.
_ELAPSED = {"valid", "resend_after"}


@dataclass(frozen=True, slots=True)
class Asked:
    """A recorded step: how it comes out with the other value, whether it was stopped at the limit, at which
    try its code was right (0: it was not)."""

    turn: Turn
    stopped: bool
    right_at: int


class Judging:
    """Counts runs of one version whose guards judge by the limit."""

    def __init__(self, catalogue: Catalogue, old: Flow, new: Flow, limit: Limit) -> None:
        self._limit, self._flow = limit, old
        self._bridge = Bridge(old, new, catalogue)
        self._guards = frozenset(name for name in old.guards if self._is_about(name, catalogue))
        self.counted = Counted()
        self._moved = 0

    def _is_about(self, guard: str, catalogue: Catalogue) -> bool:
        use = self._flow.guards[guard]
        # Which link somebody came by is not said by the guard's options.
        any_link = use.guard == "link_live" and self._limit.of[0] == "links"
        return any_link or self._limit.of in references(catalogue, use)

    def count(self, connection: Connection, chosen: Chosen) -> Counted:
        """All these runs; those that cannot be replayed are left out and counted."""
        troubles = Troubles()
        for passage in passages(connection, chosen, Lessons(self._learn, troubles), troubles):
            self._count(passage)
        self.counted.left_out = sum(each.runs for each in troubles) + troubles.further + self._moved
        return self.counted

    def _learn(self, recorded: Recorded) -> Asked:
        about = [judged for judged in recorded.judged if judged.guard in self._guards]
        right = next((judged for judged in about if judged.answer == "yes"), None)
        used = next((count.before for count in right.counts if count.name == TRIES), None) if right else None
        return Asked(
            turn(self._bridge, recorded),
            any(self._is_spent(judged) for judged in about),
            0 if used is None else used + 1,
        )

    def _is_spent(self, judged: Judged) -> bool:
        name, reasons = _SPENT[self._limit.part]
        if judged.answer != "no" or judged.reason not in reasons:
            return False
        if self._limit.part in _ELAPSED:
            return True
        own = f"{name}{self._limit.path[-1]}" if self._limit.part == "per" else name
        return any(count.name == own and count.after >= count.limit for count in judged.counts)

    def _count(self, passage: Passage[Asked]) -> None:
        if any(step.recorded.moves for step in passage.steps):
            self._moved += passage.runs  # its steps are of two versions
            return
        steps = [step.finding for step in passage.steps]
        spent = [step for step in steps if step.stopped]
        freed = sum(step.turn is not SAME for step in spent)
        # Who was stopped already is not stopped by the other value.
        refused = [step.turn for step in steps if step.turn is not SAME and not step.stopped]
        self.counted.run(
            passage.runs,
            ended_well=ends_well(self._flow, passage.end),
            stopped=None if not spent else "could" if freed else "not",
            refused=_how(refused[0] if refused else None),
        )
        otherwise = freed + len(refused)
        self.counted.messages += otherwise * passage.runs
        self.counted.who_asked += passage.runs if otherwise else 0
        if right := max((step.right_at for step in steps), default=0):
            self.counted.right_at[right] += passage.runs


def _how(first: Turn | None) -> str:
    """Whether a run is refused with the other value, by its first step that comes out otherwise."""
    if first is None:
        return "never"
    return "certainly" if first.kind == "other" else "perhaps"
