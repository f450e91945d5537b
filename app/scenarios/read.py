"""Reading `scenarios.yaml`: grammar, names against the flow, and which scenario goes on after which."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path as File

from app.flow.definition import Flow
from app.flow.findings import Finding, shown, suggestion
from app.flow.grammar import check
from app.flow.loader import text_of
from app.flow.rules import finding
from app.flow.source import Path, Source, read
from app.scenarios.names import unknown_names
from app.scenarios.spec import Given, Scenario, Step

FILE = "scenarios.yaml"


@dataclass(frozen=True)
class Story:
    """A scenario ready to be walked: its steps behind those it goes on after, each with its place.

    `given` and `lang` are those of the scenario at the very beginning; `opening` is where that one stands.
    """

    name: str
    lang: str
    given: Given
    opening: Path
    place: Path
    steps: tuple[tuple[Path, Step], ...]


@dataclass(frozen=True)
class Told:
    """A file's stories in its order, or what is wrong with it; `source` knows the places."""

    source: Source
    stories: tuple[Story, ...]
    findings: tuple[Finding, ...]


def read_scenarios(file: File, flow: Flow) -> Told:
    """The scenarios of `flow` in `file`. Raises source.Unreadable for what is no YAML of ours."""
    source = read(text_of(file), str(file))
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
    stories = () if findings else tuple(_stories(scenarios, flow))
    return Told(source, stories, tuple(sorted(findings)))


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


def _stories(scenarios: Mapping[int, Scenario], flow: Flow) -> Iterator[Story]:
    known: dict[str, Story] = {}
    for number, scenario in scenarios.items():
        steps = tuple(((number, "steps", at), step) for at, step in enumerate(scenario.steps))
        before = known.get(scenario.after or "")
        lang = before.lang if before else scenario.lang or flow.spec.languages[0]
        known[scenario.name] = Story(
            scenario.name,
            lang,
            before.given if before else scenario.given,
            before.opening if before else (number,),
            (number, "name"),
            (*before.steps, *steps) if before else steps,
        )
    yield from known.values()
