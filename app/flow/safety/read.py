"""Reading `safety.yaml`: grammar, and names against the flow."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path as File

from app.flow.catalogue import CATALOGUE, Catalogue
from app.flow.definition import Flow
from app.flow.findings import Finding, shown, suggestion
from app.flow.grammar import check
from app.flow.loader import load, read_folder, text_of
from app.flow.places import locate
from app.flow.rules import finding
from app.flow.safety.events import Event, meant
from app.flow.safety.spec import Rule, Thing
from app.flow.source import Source, Unreadable, read

FILE = "safety.yaml"


@dataclass(frozen=True)
class Told:
    """A file's rules in its order, or what is wrong with it; `source` knows the places."""

    source: Source
    rules: tuple[Rule, ...]
    findings: tuple[Finding, ...]

    def place(self, number: int) -> str:
        """Where the rule of this number, from 0, stands: `file:line`."""
        return f"{self.source.path}:{self.source.mark((number,))[0]}"


def read_rules(file: File, flow: Flow, catalogue: Catalogue = CATALOGUE) -> Told:
    """The rules of `flow` in `file`. Raises source.Unreadable for what is no YAML of ours."""
    return understood(text_of(file), str(file), flow, catalogue)


def understood(text: str, place: str, flow: Flow, catalogue: Catalogue = CATALOGUE) -> Told:
    """The rules of `flow` in a text that findings name as `place`; raises source.Unreadable."""
    source = read(text, place)
    entries = source.data if isinstance(source.data, list) else []
    findings: list[Finding] = []
    if not entries:
        what = "The file should hold a list of rules."
        findings.append(finding("F000", source, (), what=what, fix="Begin each with `- rule: `."))
    rules: list[Rule] = []
    for number, entry in enumerate(entries):
        rule, wrong = check(Rule, entry, source, (number,))
        findings += wrong
        if rule is not None:
            rules.append(rule)
            findings += _unknown(rule, source, number, Names.of(flow, catalogue))
    return Told(source, () if findings else tuple(rules), tuple(sorted(findings)))


def findings_in(folder: File, catalogue: Catalogue = CATALOGUE) -> tuple[Finding, ...]:
    """What is wrong with a flow's rules; nothing for a flow without any, or one that does not load itself."""
    if not (folder / FILE).exists():
        return ()
    try:
        flow = load(read_folder(folder), catalogue, root=str(folder)).flow
        return read_rules(folder / FILE, flow, catalogue).findings if flow else ()
    except Unreadable as problem:
        return (problem.finding,)


@dataclass(frozen=True)
class Names:
    """What rules may speak of, by the word that stands before it; a guard's answers by its name."""

    known: dict[str, frozenset[str]]
    answers: dict[str, frozenset[str]]

    @classmethod
    def of(cls, flow: Flow, catalogue: Catalogue) -> "Names":
        """Those of a flow."""
        ways = [way for each in flow.transitions.values() for way in each]
        orders = {order for way in ways for order in way.effects}
        asked = {condition.guard for way in ways for condition in way.conditions}
        known = {
            "reach": frozenset(flow.spec.states),
            "order": frozenset({f"{o.effect} {o.argument}" if o.argument else o.effect for o in orders})
            | {order.effect for order in orders},
            "press": frozenset(way.trigger for way in ways),
            "take": frozenset(f"{way.source}.{way.id}" for way in ways),
            "says": frozenset(asked),
        }
        return cls(known, {guard: _answers(flow, catalogue, guard) for guard in asked})


def _answers(flow: Flow, catalogue: Catalogue, guard: str) -> frozenset[str]:
    use = flow.guards.get(guard)
    declared = catalogue.guards.get(use.guard) if use else None
    if declared is None:
        return frozenset({"yes", "no"})
    return frozenset(
        {"yes", "no", *declared.reasons, *(["unavailable"] if declared.may_be_unavailable else [])}
    )


def _unknown(rule: Rule, source: Source, number: int, names: Names) -> Iterator[Finding]:
    for event in _told(rule):
        word, name = event[0], event[1]
        if name not in names.known[word]:
            place = locate(source.data, (number,), name)
            what = f"{_SORTS[word]} {shown(name)} does not occur in the flow."
            yield finding("F000", source, place, what=what, fix=suggestion(name, names.known[word]))
        elif word == "says" and event[2] not in names.answers[name]:
            place = locate(source.data, (number,), event[2])
            what = f"'{name}' never answers {shown(event[2])}."
            yield finding("F000", source, place, what=what, fix=suggestion(event[2], names.answers[name]))


_SORTS = {
    "reach": "The state",
    "order": "The effect",
    "press": "The trigger",
    "take": "The transition",
    "says": "The guard",
}


def _told(rule: Rule) -> Iterable[Event]:
    """Everything the rule speaks of."""
    never, always, most = rule.never, rule.always, rule.at_most
    if never is not None:
        return {*meant(_bare(never)), *meant(never.after), *meant(never.without), *meant(never.unless)}
    if most is not None:
        return {*meant(_bare(most)), *meant(most.per)}
    assert always is not None, "a rule makes one demand"
    return {*meant(always.after), *meant(always.no), *meant(always.comes), *meant(always.before)}


def _bare(told: Thing) -> Thing:
    return Thing(reach=told.reach, order=told.order, says=told.says, press=told.press, take=told.take)
