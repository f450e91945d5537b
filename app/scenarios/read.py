"""Reading `scenarios.yaml`: grammar, names against the flow, and which scenario goes on after which."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path as File

from app.flow.definition import Flow
from app.flow.findings import Finding, shown, suggestion
from app.flow.grammar import check
from app.flow.loader import text_of
from app.flow.rules import finding
from app.flow.source import Source, read
from app.scenarios.names import unknown_names
from app.scenarios.spec import Scenario

FILE = "scenarios.yaml"


@dataclass(frozen=True)
class Told:
    """A file's scenarios in its order, or what is wrong with it; `source` knows the places."""

    source: Source
    scenarios: tuple[Scenario, ...]
    findings: tuple[Finding, ...]


def read_scenarios(file: File, flow: Flow) -> Told:
    """The scenarios of `flow` in `file`. Raises source.Unreadable for what is no YAML of ours."""
    return understood(text_of(file), str(file), flow)


def understood(text: str, place: str, flow: Flow) -> Told:
    """The scenarios of `flow` in a text that findings name as `place`; raises source.Unreadable."""
    source = read(text, place)
    entries = source.data if isinstance(source.data, list) else []
    findings: list[Finding] = []
    if not entries:
        what = "The file should hold a list of scenarios."
        findings.append(finding("F000", source, (), what=what, fix="Begin each with `- name: `."))
    scenarios: dict[int, Scenario] = {}
    for number, entry in enumerate(entries):
        scenario, wrong = check(Scenario, entry, source, (number,))
        findings += wrong
        if scenario:
            scenarios[number] = scenario
            findings += unknown_names(scenario, flow, source, (number,))
    # Which one another goes on after can be told only once all of them are understood.
    if not findings:
        findings += _wrong_order(scenarios, source)
    return Told(source, () if findings else tuple(scenarios.values()), tuple(sorted(findings)))


def _wrong_order(scenarios: Mapping[int, Scenario], source: Source) -> Iterator[Finding]:
    """Names that stand twice, and an `after` that names no scenario above."""
    above: dict[str, int] = {}
    for number, scenario in scenarios.items():
        if scenario.name in above:
            line = source.mark((above[scenario.name],))[0]
            what = f"{shown(scenario.name)} stands here twice, first in line {line}."
            yield finding("F000", source, (number, "name"), what=what, fix="Rename one.")
        if scenario.after is not None and scenario.after not in above:
            what = f"No scenario above is called {shown(scenario.after)}."
            fix = suggestion(scenario.after, above) if above else "The first one begins by itself."
            yield finding("F000", source, (number, "after"), what=what, fix=fix)
        for word in ("given", "lang") if scenario.after is not None else ():
            if word in scenario.model_fields_set:
                what = f"'{word}' stands beside 'after', whose scenario has it already."
                fix = "Say it in that scenario, or begin anew without `after`."
                yield finding("F000", source, (number, word), True, what=what, fix=fix)
        above.setdefault(scenario.name, number)
