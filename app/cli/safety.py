"""`narthex safety`: the rules of `safety.yaml`, proven on the definition, held against what was recorded."""

import json
import sys
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import click

from app import config, wiring
from app.cli import common
from app.cli.flows import folders
from app.cli.scenarios import folder_named
from app.config import SettingProblem
from app.flow.catalogue import Catalogue
from app.flow.definition import Flow
from app.flow.findings import Finding
from app.flow.loader import load, read_folder
from app.flow.paths.explore import explore
from app.flow.paths.shrink import in_brief
from app.flow.safety.check import Checked, Prover
from app.flow.safety.read import FILE, Told, read_rules
from app.flow.source import Unreadable
from app.runner.house import House
from app.runner.safety import History, check_recorded


@dataclass
class _Outcome:
    """What became of one flow's rules; a part that was not asked for is missing."""

    flow: str
    told: Told
    checked: list[Checked] = field(default_factory=list)
    history: History | None = None

    @property
    def wanting(self) -> bool:
        """Whether a rule is broken, or says nothing because nothing could ever break it."""
        return any(each.verdict in {"broken", "vacuous"} for each in self.checked) or bool(
            self.history and self.history.breaches
        )

    @property
    def unsure(self) -> bool:
        """Whether something could not be looked at."""
        return any(each.verdict == "unknown" for each in self.checked) or bool(
            self.history and len(self.history.troubles)
        )


@click.command()
@click.argument("flow", nargs=-1)
@click.option("--generated", is_flag=True, help="Only on the definition: every situation it can come into.")
@click.option("--recorded", is_flag=True, help="Only on all runs recorded.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object instead of sentences.")
def safety(flow: tuple[str, ...], generated: bool, recorded: bool, as_json: bool) -> None:
    """Check the safety rules of FLOWs: names, or folders (by default all that have a safety.yaml).

    A rule that holds is proven for every path the definition allows; one that is broken is told with the
    shortest path that breaks it; one that can never fail is vacuous. Ends with 0: all hold, 1: one is
    broken or vacuous, 2: something cannot be read.
    """
    settings, catalogue = config.load(), wiring.catalogue()
    chosen = [folder_named(settings, each) for each in flow] or folders(settings)
    house = _house(recorded, generated)
    outcomes: list[_Outcome] = []
    unreadable = False
    for folder in chosen:
        if not (folder / FILE).exists():
            click.echo(f"{folder.name}: no {FILE} yet", err=as_json)
            continue
        try:
            outcomes.append(_checked(folder, catalogue, house, prove=generated or not recorded))
        except _Wrong as wrong:
            unreadable = True
            for finding in wrong.findings:
                click.echo(str(finding), err=True)
        except Unreadable as problem:
            unreadable = True
            click.echo(str(problem), err=True)
    if as_json:
        click.echo(json.dumps({"flows": [_plain(each) for each in outcomes]}, ensure_ascii=False, indent=2))
    else:
        for each in outcomes:
            _tell(each)
    unreadable = unreadable or any(each.unsure for each in outcomes)
    sys.exit(2 if unreadable else int(any(each.wanting for each in outcomes)))


def _house(recorded: bool, generated: bool) -> House | None:
    """The house whose runs are looked at; unasked it is left out where no database stands ready."""
    try:
        return common.looking_house() if recorded or not generated else None
    except SettingProblem as problem:
        if recorded:
            raise
        click.echo(f"Recorded runs are left out. {problem}", err=True)
        return None


class _Wrong(Exception):
    """A definition or its rules have errors."""

    def __init__(self, findings: tuple[Finding, ...]) -> None:
        super().__init__(len(findings))
        self.findings = findings


def _checked(folder: Path, catalogue: Catalogue, house: House | None, prove: bool) -> _Outcome:
    flow = _flow(folder, catalogue)
    told = read_rules(folder / FILE, flow, catalogue)
    if told.findings:
        raise _Wrong(told.findings)
    outcome = _Outcome(flow.name, told)
    if prove:
        prover = Prover(explore(flow, catalogue), catalogue)
        outcome.checked = [prover.check(rule) for rule in told.rules]
    if house is not None:
        outcome.history = check_recorded(house, flow.name, told.rules)
    return outcome


def _flow(folder: Path, catalogue: Catalogue) -> Flow:
    loaded = load(read_folder(folder), catalogue, root=str(folder))
    if loaded.flow is None:
        raise _Wrong(tuple(loaded.findings))
    return loaded.flow


def _tell(outcome: _Outcome) -> None:
    for number, checked in enumerate(outcome.checked):
        if checked.verdict == "holds":
            click.echo(f"holds    {outcome.flow}: {checked.rule.rule}")
            continue
        click.echo(f"{checked.verdict:8} {outcome.told.place(number)}: {checked.rule.rule}: {checked.why}")
        if checked.path is not None:
            click.echo(f"         {in_brief(checked.path)}")
            click.echo(f"         {checked.path.in_words()}")
    if outcome.history is not None:
        _tell_history(outcome, outcome.history)


def _tell_history(outcome: _Outcome, history: History) -> None:
    for number, breach in sorted(history.breaches.items()):
        rule = outcome.told.rules[number].rule
        runs = "One run broke it" if breach.runs == 1 else f"{breach.runs:,} runs broke it"
        place = outcome.told.place(number)
        click.echo(f"broken   {place}: {rule}: {runs}; for example {breach.run} in step {breach.seq}.")
    for trouble in history.troubles:
        click.echo(trouble.sentence, err=True)
    rules = len(outcome.told.rules)
    kept = f"{rules - len(history.breaches)} of {rules} rules kept"
    click.echo(f"{outcome.flow}: {history.runs:,} recorded runs, {kept}.")


def _plain(outcome: _Outcome) -> dict[str, Any]:
    plain: dict[str, Any] = {"flow": outcome.flow}
    if outcome.checked:
        plain["generated"] = [
            {
                "rule": each.rule.rule,
                "place": outcome.told.place(number),
                "verdict": each.verdict,
                "why": each.why,
                "path": each.path.in_words() if each.path else None,
            }
            for number, each in enumerate(outcome.checked)
        ]
    if outcome.history is not None:
        plain["recorded"] = {
            "runs": outcome.history.runs,
            "broken": [
                {"rule": outcome.told.rules[n].rule, "runs": b.runs, "run": b.run, "seq": b.seq}
                for n, b in sorted(outcome.history.breaches.items())
            ],
            "troubles": [each.sentence for each in outcome.history.troubles],
        }
    return plain
