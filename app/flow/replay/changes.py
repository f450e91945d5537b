"""In what two definitions differ, in sentences, as far as one step is concerned."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import timedelta
from typing import Any

from app.flow.definition import FORM_VALID, Condition, Flow, Transition
from app.flow.durations import write_duration
from app.flow.replay.bridge import Bridge
from app.flow.replay.parts import Reference, deciding, limits, references
from app.flow.replay.why import wanted_in_words

_ONE_OF = {"codes": "code", "links": "link", "budgets": "budget", "fields": "field", "accounts": "account"}


def changes(bridge: Bridge, state: str, trigger: str) -> tuple[str, ...]:
    """What is otherwise about `trigger` in `state`: the state, its ways, the guards they ask."""
    old, new = bridge.old, bridge.new
    if state not in new.transitions:
        return (f"the state {state} was removed",)
    if state not in old.transitions:
        return (f"the state {state} is new",)
    gone = [way.dest for way in old.ways(state, trigger) if way.dest not in new.transitions]
    told = [f"the state {each} was removed" for each in gone]
    told += [*_page(old, new, state), *_ways(old, new, state, trigger), *_guards(bridge, state, trigger)]
    return tuple(dict.fromkeys(told))


def beginnings(bridge: Bridge) -> tuple[str, ...]:
    """What is otherwise about where runs begin."""
    old, new = bridge.old.spec.initial, bridge.new.spec.initial
    return (f"runs begin at {new}, began at {old}",) if old != new else ()


def reworded(old: Flow, new: Flow, state: str) -> bool:
    """Whether the page of `state` has other words or other looks, in any language both speak."""
    if state not in new.spec.states or state not in old.spec.states:
        return False
    parts = {f"states.{state}.", *(f"fields.{name}." for name in new.state(state).fields)}
    langs = set(old.texts) & set(new.texts)
    return any(_words(old, lang, parts) != _words(new, lang, parts) for lang in langs)


def _words(flow: Flow, lang: str, parts: Iterable[str]) -> dict[str, str]:
    begins = tuple(parts)
    return {key: text for key, text in flow.texts[lang].items() if key.startswith(begins)}


def _page(old: Flow, new: Flow, state: str) -> Iterator[str]:
    before, after = old.state(state), new.state(state)
    if before.kind != after.kind:
        yield f"the page {state} is of kind {after.kind}, was {before.kind}"
    for name in after.fields:
        if name not in before.fields:
            yield f"the page {state} asks for the field {name}, which it did not"
    for name in before.fields:
        if name not in after.fields:
            yield f"the page {state} does not ask for the field {name} any more"


def _ways(old: Flow, new: Flow, state: str, trigger: str) -> Iterator[str]:
    before = {way.id: way for way in old.ways(state, trigger)}
    after = {way.id: way for way in new.ways(state, trigger)}
    if not after:
        yield f"{state} does not answer to {trigger} any more"
        return
    yield from (f"the way '{name}' of {state} was removed" for name in before if name not in after)
    for name, way in after.items():
        if name not in before:
            yield f"the way '{name}' of {state} is new"
        else:
            yield from _way(state, before[name], way)
    both = [name for name in before if name in after]
    if both != [name for name in after if name in before]:
        yield f"the ways of {state} on {trigger} stand in another order"


def _way(state: str, old: Transition, new: Transition) -> Iterator[str]:
    if old.dest != new.dest:
        yield f"the way '{new.id}' of {state} leads to {new.dest}, led to {old.dest}"
    if old.conditions != new.conditions:
        yield f"the way '{new.id}' of {state} asks {_conditions(new)}, asked {_conditions(old)}"
    if old.effects != new.effects:
        yield f"the way '{new.id}' of {state} orders {orders(new)}, ordered {orders(old)}"


def _conditions(way: Transition) -> str:
    return " and ".join(map(_condition, way.conditions)) or "nothing"


def _condition(condition: Condition) -> str:
    return f"{condition.guard} for {wanted_in_words(condition)}"


def orders(way: Transition) -> str:
    """What a way orders, as written: `send phone_code`."""
    written = [f"{each.effect} {each.argument}" if each.argument else each.effect for each in way.effects]
    return ", ".join(written) or "nothing"


def _guards(bridge: Bridge, state: str, trigger: str) -> Iterator[str]:
    asked = [c.guard for way in bridge.new.ways(state, trigger) for c in way.conditions]
    for guard in dict.fromkeys(asked):
        use = bridge.new.guards.get(guard)
        if use is None:
            continue
        refer = references(bridge.catalogue, use)
        if use.guard == "link_live":
            refer = tuple(("links", name) for name in bridge.new.spec.links)
        yield from (told for each in refer for told in _part(bridge, each))
        before = bridge.old.guards.get(guard)
        if bridge.carried(guard).old is None and use.guard != FORM_VALID:
            if before is None:
                yield f"the guard {guard} is new"
            elif (before.guard, before.options) != (use.guard, use.options):
                yield f"the guard {guard} is asked something else than it was"


def _part(bridge: Bridge, reference: Reference) -> Iterator[str]:
    section, name = reference
    before, after = dict(limits(bridge.old, reference)), dict(limits(bridge.new, reference))
    entry = f"the {_ONE_OF.get(section, section)} {name}"
    for number, value in after.items():
        if number in before and before[number] != value:
            yield f"{number} of {entry}: {_value(value)}, was {_value(before[number])}"
    if deciding(bridge.old, reference) != deciding(bridge.new, reference):
        yield f"{entry} is declared otherwise" if deciding(bridge.old, reference) else f"{entry} is new"


def _value(value: Any) -> str:
    if isinstance(value, timedelta):
        return write_duration(value) if value else "none"
    if isinstance(value, list):
        return ", ".join(map(_value, value)) or "none"
    if isinstance(value, Mapping):
        return ", ".join(f"{name} {number}" for name, number in value.items())
    return "none" if value is None else str(value)
