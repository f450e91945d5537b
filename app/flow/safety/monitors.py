"""What watches a run for one rule: a small automaton that sees the events of each step."""

from dataclasses import dataclass
from typing import Protocol

from app.flow.safety.events import Events, meant
from app.flow.safety.spec import Rule, Thing

#: What a monitor remembers: flags and a count.
State = tuple[int, ...]

#: An end that excuses what has not come yet.
_EXCUSED = {"expired", "cancelled"}


class Monitor(Protocol):
    """Watches for one rule; pure, so that it can watch all runs at once."""

    @property
    def start(self) -> State:
        """Before the first step."""

    def see(self, state: State, events: Events) -> State | None:
        """What it remembers after a step; None: the rule is broken by it."""


@dataclass(frozen=True)
class Forbids:
    """`bad` must not happen: after `after`, if there is one, unless `without` has happened since or `unless`
    happens along with it."""

    bad: Events
    after: Events = frozenset()
    without: Events = frozenset()
    unless: Events = frozenset()

    @property
    def start(self) -> State:
        """Whether it counts by now; whether it is excused."""
        return (int(not self.after), 0)

    def see(self, state: State, events: Events) -> State | None:
        """An excuse counts in its own step, what comes after something only from the next."""
        armed, excused = state
        excused = int(excused or bool(events & self.without))
        if armed and not excused and events & self.bad and not events & self.unless:
            return None
        return (1, 0) if events & self.after else (armed, excused)


@dataclass(frozen=True)
class Counts:
    """`what` happens at most so many times, counted anew with every `per`."""

    what: Events
    times: int
    per: Events = frozenset()

    @property
    def start(self) -> State:
        """How often so far."""
        return (0,)

    def see(self, state: State, events: Events) -> State | None:
        """A step in which counting begins anew is counted itself."""
        so_far = 0 if events & self.per else state[0]
        so_far += bool(events & self.what)
        return None if so_far > self.times else (so_far,)


@dataclass(frozen=True)
class Awaits:
    """Once `after` has happened, `comes` does: in that step or later, before the run ends or `before`."""

    after: Events
    comes: Events
    before: Events = frozenset()

    @property
    def start(self) -> State:
        """Whether something is awaited."""
        return (0,)

    def see(self, state: State, events: Events) -> State | None:
        """What comes in the last step is in time."""
        if events & self.comes:
            return (0,)
        if state[0] and events & self.before:
            return None
        pending = int(bool(state[0] or events & self.after))
        over = any(each[0] == "ends" and each[1] not in _EXCUSED for each in events)
        return None if pending and over else (pending,)


Watch = Forbids | Counts | Awaits


def watch(rule: Rule) -> Watch:
    """The monitor of a rule."""
    if rule.never is not None:
        never = rule.never
        return Forbids(meant(_thing(never)), meant(never.after), meant(never.without), meant(never.unless))
    if rule.at_most is not None:
        return Counts(meant(_thing(rule.at_most)), rule.at_most.times, meant(rule.at_most.per))
    assert rule.always is not None, "a rule makes one demand"
    always = rule.always
    if always.no is not None:
        return Forbids(meant(always.no), meant(always.after))
    return Awaits(meant(always.after), meant(always.comes), meant(always.before))


def _thing(told: Thing) -> Thing:
    return Thing(reach=told.reach, order=told.order, says=told.says, press=told.press, take=told.take)
