"""Deciding: which transition a step takes, and why. Pure; the only importer of `transitions`.

The machine decides and never acts: no callbacks of ours run inside it but guards, no model is attached, and
every name is resolved to one of our callables before anything reaches it.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any, cast

from transitions import EventData, Machine, MachineError
from transitions import Transition as MachineTransition

from app.flow.definition import Condition, Flow, Transition
from app.flow.verdict import Verdict

Ask = Callable[[str], Verdict]


class UnknownTrigger(Exception):
    """The state does not answer to this trigger; nothing moves."""


class NothingFits(Exception):
    """No transition fitted, which lint rules out: a fault of the definition, not of the applicant."""


@dataclass(frozen=True)
class Decision:
    """The transition taken and every guard asked, in order, each once."""

    transition: Transition
    verdicts: tuple[tuple[str, Verdict], ...]

    @property
    def stayed(self) -> bool:
        """Whether the step leads back to the page it came from."""
        return self.transition.dest == self.transition.source

    @property
    def moved(self) -> bool:
        """Whether the run stands elsewhere afterwards."""
        return not self.stayed


@dataclass
class _Cursor:
    """The bare model that travels through the machine for one decision."""

    state: str
    ask: Ask
    verdicts: dict[str, Verdict] = field(default_factory=dict)
    chosen: Transition | None = None

    def verdict(self, guard: str) -> Verdict:
        if guard not in self.verdicts:
            self.verdicts[guard] = self.ask(guard)
        return self.verdicts[guard]


def _cursor(event: EventData) -> _Cursor:
    return cast(_Cursor, event.model)


class _Way(MachineTransition):
    """The engine's transition, carrying ours."""

    def __init__(self, *args: Any, ours: Transition, **kwargs: Any) -> None:
        self.ours = ours
        super().__init__(*args, **kwargs)

    def execute(self, event_data: EventData) -> bool:
        taken = bool(super().execute(event_data))
        if taken:
            _cursor(event_data).chosen = self.ours
        return taken


class FlowMachine(Machine):
    """A machine without models, built once per flow version and shared by all threads."""

    transition_cls = _Way

    def __init__(self, flow: Flow) -> None:
        super().__init__(
            model=None,
            states=list(flow.spec.states),
            initial=flow.spec.initial,
            auto_transitions=False,
            send_event=True,
            queued=False,
        )
        for ways in flow.transitions.values():
            for way in ways:
                self._add(way)

    def _add(self, way: Transition) -> None:
        if missing := {way.source, way.dest} - set(self.states):
            raise MachineError(f"transition {way.id!r} leads to an unknown state {missing}")
        asks: list[Any] = [_asks(condition) for condition in way.conditions]
        self.add_transition(way.trigger, way.source, way.dest, conditions=asks, ours=way)

    @staticmethod
    def resolve_callable(func: Any, event_data: EventData) -> Callable[..., Any]:  # noqa: ARG004
        """Only what we built is called; the engine would import a dotted string and run it."""
        if not callable(func):
            raise MachineError(f"{func!r} is not a guard")
        return cast(Callable[..., Any], func)

    def add_model(self, model: Any, initial: Any = None) -> None:  # noqa: ARG002
        """Refused: a shared machine would keep every model for ever."""
        if model:
            raise TypeError("no model is attached to a shared machine")


def _asks(condition: Condition) -> Callable[[EventData], bool]:
    def asks(event: EventData) -> bool:
        verdict = _cursor(event).verdict(condition.guard)
        return condition.fits(verdict.answer, verdict.reason)

    return asks


@lru_cache(maxsize=256)
def machine_for(flow: Flow) -> FlowMachine:
    """The machine of this version, built at its first use and kept for the last 256 versions used."""
    return FlowMachine(flow)


def decide(flow: Flow, state: str, trigger: str, ask: Ask) -> Decision:
    """The transition `trigger` takes from `state`, guards asked lazily in document order, each at most once.

    Pure: everything outside comes in through `ask`. Raises UnknownTrigger if the state does not answer to
    the trigger and NothingFits if no transition fits.
    """
    if not flow.ways(state, trigger):
        raise UnknownTrigger(trigger)
    cursor = _Cursor(state, ask)
    machine_for(flow).events[trigger].trigger(cursor)
    if cursor.chosen is None:
        raise NothingFits(f"{flow.name}: nothing fits {trigger!r} in {state!r}")
    return Decision(cursor.chosen, tuple(cursor.verdicts.items()))
