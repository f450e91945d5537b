"""From words to what they mean: guards, kinds and field types of the catalogue with their options checked."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from pydantic import BaseModel

from app.flow.catalogue import Catalogue, Guard
from app.flow.definition import FORM_VALID, EffectOrder, GuardUse, compile_transitions
from app.flow.findings import Finding, suggestion
from app.flow.grammar import check
from app.flow.names import Names, bare, check_sections
from app.flow.phrases import Phrase, listed
from app.flow.places import sort_of
from app.flow.rules import finding
from app.flow.source import Path, Source
from app.flow.spec import Back, FieldSpec, FlowSpec, Open, StateSpec, TransitionSpec


@dataclass
class Resolved:
    """What a flow adds to its grammar; incomplete if there are findings."""

    guards: dict[str, GuardUse] = field(default_factory=dict)
    field_options: dict[str, BaseModel] = field(default_factory=dict)
    kind_options: dict[str, BaseModel] = field(default_factory=dict)
    findings: list[Finding] = field(default_factory=list)


def resolve(spec: FlowSpec, catalogue: Catalogue, source: Source) -> Resolved:
    """Everything `spec` names, or a finding for each name and option that is wrong (F005, F008, F013)."""
    names = Names(spec, catalogue, source)
    resolved = Resolved(findings=list(check_sections(names)))
    _guards(names, resolved)
    _bare_guards(names, resolved)
    for name, entry in spec.fields.items():
        _field(names, resolved, name, entry)
    for name, state in spec.states.items():
        _state(names, resolved, name, state)
    for number, way in enumerate(spec.everywhere):
        resolved.findings += _way(names, ("everywhere", number), way, tuple(spec.fields), spec.everywhere)
    return resolved


def _guards(names: Names, resolved: Resolved) -> None:
    for own, use in names.spec.guards.items():
        ((name, written),) = use.items()
        path: Path = ("guards", own, name)
        guard = names.catalogue.guards.get(name)
        if guard is None:
            known = names.catalogue.guards
            resolved.findings.append(names.unknown("F013", path, Phrase("guard"), name, known, at_key=True))
            continue
        # `may_resend:` with nothing behind it means no options.
        given = {} if written is None else written
        options, wrong = check(guard.options, given, names.source, path, "F013:options")
        resolved.findings += wrong
        if options is not None:
            resolved.guards[own] = GuardUse(own, name, options)
            resolved.findings += names.references(path, guard.references, options)


def _bare_guards(names: Names, resolved: Resolved) -> None:
    """Guards asked by their own names, without an entry under `guards:`."""
    asked = {
        condition.guard
        for ways in compile_transitions(names.spec).values()
        for way in ways
        for condition in way.conditions
    }
    for name in sorted(
        {*asked, *(card.facts for card in names.spec.cards.values())} - set(names.spec.guards)
    ):
        guard = names.catalogue.guards.get(name)
        if guard is not None and bare(guard):
            resolved.guards[name] = GuardUse(name, name, guard.options())
        elif name == FORM_VALID:
            known = names.catalogue.guards
            resolved.findings.append(names.unknown("F013", ("states",), Phrase("guard"), name, known))


def _field(names: Names, resolved: Resolved, name: str, entry: FieldSpec) -> None:
    kind = names.catalogue.field_types.get(entry.type)
    path: Path = ("fields", name)
    if kind is None:
        known = names.catalogue.field_types
        resolved.findings.append(
            names.unknown("F013", (*path, "type"), Phrase("field type"), entry.type, known)
        )
        return
    options, wrong = _options(kind.options, entry, names.source, path)
    resolved.findings += wrong
    if options is not None:
        resolved.field_options[name] = options


def _state(names: Names, resolved: Resolved, name: str, state: StateSpec) -> None:
    path: Path = ("states", name)
    for number, asked in enumerate(state.fields):
        resolved.findings += names.declared((*path, "fields", number), "fields", asked)
    for number, needed in enumerate(state.requires):
        resolved.findings += names.declared((*path, "requires", number), "guards", needed)
    if isinstance(state.back, Back):
        resolved.findings += names.declared((*path, "back", "to"), "states", state.back.to)
    ways = [*state.transitions, *([] if state.end else names.spec.everywhere)]
    for number, way in enumerate(state.transitions):
        here = (*path, "transitions", number)
        resolved.findings += _way(names, here, way, tuple(state.fields), ways)
    kind = names.catalogue.kinds.get(state.kind)
    if kind is None:
        known = names.catalogue.kinds
        resolved.findings.append(names.unknown("F013", (*path, "kind"), Phrase("kind"), state.kind, known))
        return
    options, wrong = _options(kind.options, state, names.source, path)
    resolved.findings += wrong
    if options is not None:
        resolved.kind_options[name] = options
        resolved.findings += names.references(path, kind.references, options)


def _options(
    model: type[BaseModel], entry: Open, source: Source, path: Path
) -> tuple[BaseModel | None, list[Finding]]:
    own = [info.alias or name for name, info in type(entry).model_fields.items()]
    return check(model, entry.options, source, path, "F013:options", also=own)


def _way(
    names: Names, path: Path, way: TransitionSpec, fields: tuple[str, ...], ways: list[TransitionSpec]
) -> Iterator[Finding]:
    yield from names.declared((*path, "dest"), "states", way.dest)
    for part, conditions in (("conditions", way.conditions), ("unless", way.unless)):
        for number, written in enumerate(conditions):
            yield from _condition(names, (*path, part, number), written, fields)
    for number, order in enumerate(way.effects):
        yield from _effect(names, (*path, "effects", number), EffectOrder.parse(order), ways)


def _condition(
    names: Names, path: Path, written: str | Mapping[str, str], fields: tuple[str, ...]
) -> Iterator[Finding]:
    name, answer = (written, "yes") if isinstance(written, str) else next(iter(written.items()))
    guard = names.guard(name)
    if guard is None:
        # A name under `guards:` that stands for an unknown guard is told there, once.
        if name not in names.guards:
            yield names.unknown("F013", path, Phrase("guard"), name, names.guards)
    elif name not in names.guards:
        yield finding("F013:bare", names.source, path, where=names.where(path), guard=name)
    else:
        known = _answers(guard) | names.reasons(name, fields)
        if answer not in known:
            hint = suggestion(answer, known)
            place = (*path, name)
            where = names.where(path)
            yield finding(
                "F013:answer", names.source, place, where=where, answer=answer, guard=name, hint=hint
            )


def _answers(guard: Guard) -> set[str]:
    return {"yes", "no", "unavailable"} if guard.may_be_unavailable else {"yes", "no"}


def _effect(names: Names, path: Path, order: EffectOrder, ways: list[TransitionSpec]) -> Iterator[Finding]:
    effect = names.catalogue.effects.get(order.effect)
    if effect is None:
        yield names.unknown("F013", path, Phrase("effect"), order.effect, names.catalogue.effects)
        return
    sections = (effect.section,) if isinstance(effect.section, str) else effect.section or ()
    known: set[str] = set()
    for section in sections:
        known |= {way.id for way in ways} if section == "transitions" else names.section(section)
    problem = ""
    if order.argument is None and sections:
        problem = Phrase("does not say of what")
    elif order.argument is not None and not sections:
        problem = Phrase("takes no '{argument}'", argument=order.argument)
    if problem:
        words: dict[str, Any] = {"effect": order.effect, "problem": problem}
        hint = Phrase("Known: {names}.", names=listed(sorted(known))) if known else ""
        yield finding("F013:argument", names.source, path, where=names.where(path), hint=hint, **words)
    elif order.argument is not None and order.argument not in known:
        sort = listed([sort_of(section) for section in sections], "{one} or {more}")
        yield names.unknown("F005", path, sort, order.argument, known)
