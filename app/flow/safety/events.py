"""What happens in a step, whether it was generated or recorded."""

from collections.abc import Iterable, Iterator

from app.flow.definition import Flow, Transition
from app.flow.paths.explore import Edge
from app.flow.safety.spec import Some, Thing
from app.flow.trace import Recorded

#: One thing: `("reach", "locked")`, `("order", "send pin_code")`, `("says", "pin_right", "yes")`,
#: `("press", "resend")`, `("take", "pin.again")`, `("ends", "success")`.
Event = tuple[str, ...]
Events = frozenset[Event]


def meant(told: Some | None) -> Events:
    """The events that a part of a rule names."""
    if told is None:
        return frozenset()
    return frozenset(map(event_of, told if isinstance(told, list) else [told]))


def event_of(told: str | Thing) -> Event:
    """The event that is told."""
    if isinstance(told, str):
        return "says", told, "yes"
    if told.says is not None:
        ((guard, answer),) = told.says.items() if isinstance(told.says, dict) else ((told.says, "yes"),)
        return "says", guard, answer
    word = next(each for each in ("reach", "order", "press", "take") if getattr(told, each) is not None)
    return word, getattr(told, word)


def of_edge(flow: Flow, edge: Edge) -> Events:
    """What happens in a generated step."""
    answers = ((guard, each.answer, each.reason) for guard, each in edge.move.outcomes)
    return frozenset(_of_step(flow, edge.move.transition, answers))


def of_record(flow: Flow, record: Recorded) -> Events | None:
    """What happened in a recorded step; None for a record of no step, or one the definition does not know.

    Staff who move a run to another version bring it to the state it goes on in, if that is called otherwise.
    """
    if record.moves and record.to != record.state:
        return frozenset({("reach", record.to)})
    ways = flow.transitions.get(record.state, ())
    way = next((way for way in ways if way.id == record.chosen), None)
    if way is None:
        return None
    return frozenset(_of_step(flow, way, ((each.guard, each.answer, each.reason) for each in record.judged)))


def at_start(state: str) -> Events:
    """What happens when a run begins."""
    return frozenset({("reach", state)})


def in_words(event: Event) -> str:
    """The event as a sentence's part: `'locked' is reached`."""
    word, what = event[0], event[1]
    if word == "says":
        return f"'{what}' says {event[2]}"
    return {
        "reach": f"'{what}' is reached",
        "order": f"'{what}' is ordered",
        "press": f"'{what}' is pressed",
        "take": f"'{what}' is taken",
        "ends": f"the run ends ({what})",
    }[word]


def any_in_words(events: Iterable[Event]) -> str:
    """Several events, any of which will do."""
    return " or ".join(in_words(each) for each in sorted(events))


def _of_step(flow: Flow, way: Transition, answers: Iterable[tuple[str, str, str | None]]) -> Iterator[Event]:
    yield "reach", way.dest
    yield "press", way.trigger
    yield "take", f"{way.source}.{way.id}"
    for order in way.effects:
        yield "order", order.effect
        yield "order", f"{order.effect} {order.argument}"
    for guard, answer, reason in answers:
        yield "says", guard, answer
        if reason is not None:
            yield "says", guard, reason
    if end := flow.state(way.dest).end:
        yield "ends", end
