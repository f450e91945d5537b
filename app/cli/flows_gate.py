"""`narthex flows gate`: the desk's whole check of a folder, for those who work with Git."""

import json
import sys
from collections.abc import Iterator
from typing import Any

import click

from app import config, wiring
from app.cli import common
from app.cli.scenarios import folder_named
from app.config import SettingProblem
from app.flow.loader import load, read_folder
from app.flow.reports import plain
from app.flow.source import Unreadable, read
from app.flow.worded import unpacked
from app.gate.checks import STAGES, Found, Ground, Wanted, passed, run_checks
from app.runner.drafting.drafts import read_beside
from app.runner.house import House


@click.command("gate")
@click.argument("flow")
@click.option("--json", "as_json", is_flag=True, help="One JSON object instead of sentences.")
def gate(flow: str, as_json: bool) -> None:
    """Check FLOW, a name or a folder, as the desk does before it publishes.

    Lint, scenarios, safety rules and, where a database stands ready, every recorded run on the folder: what
    differs is told and stands in nobody's way. A warning of lint has to be mended or borne by a waiver. Ends
    with 0: passed, 1: not passed, 2: a file cannot be read.
    """
    settings = config.load()
    folder = folder_named(settings, flow)
    house, catalogue = _house(), wiring.catalogue()
    files = read_folder(folder)
    loaded = load(files, catalogue, root=str(folder)).flow
    name = loaded.name if loaded else folder.name
    wanted = Wanted(
        name,
        {**files, **read_beside(folder)},
        folder,
        live=house is not None and name in house.shelf.names(),
        root=str(folder),
    )
    found = run_checks(Ground(house, catalogue, common.today(), settings.home), wanted, _go_on)
    assert found is not None, "somebody waits for it"
    if as_json:
        click.echo(json.dumps(_plain(found, wanted), ensure_ascii=False, indent=2))
    else:
        for line in _lines(found, wanted):
            common.say(line)
        click.echo(f"{folder}: {'passed' if passed(found) else 'not passed'}.")
    sys.exit(2 if _unreadable(wanted) else int(not passed(found)))


def _go_on(stage: str, _: Found) -> bool:
    """Say on standard error what is being looked at; somebody always waits for a command."""
    click.echo(f"{stage} ...", err=True)
    return True


def _house() -> House | None:
    """The house whose records are looked at; left out where no database stands ready."""
    try:
        return common.looking_house()
    except SettingProblem as problem:
        click.echo(f"Recorded runs are left out. {problem}", err=True)
        return None


def _unreadable(wanted: Wanted) -> bool:
    """Whether a file cannot be taken as YAML at all."""
    try:
        for name, content in wanted.files.items():
            read(content, f"{wanted.root}/{name}")
    except Unreadable:
        return True
    return False


def _plain(found: Found, wanted: Wanted) -> dict[str, Any]:
    told = dict(found)
    told["lint"] = {**found["lint"], "findings": plain(unpacked(each) for each in found["lint"]["findings"])}
    return {"flow": wanted.flow, "folder": wanted.root, "passed": passed(found), **told}


def _lines(found: Found, wanted: Wanted) -> Iterator[str]:
    for stage in STAGES:
        part = found.get(stage)
        if part is None:
            yield f"{stage}: not looked at"
            continue
        yield f"{stage}: {'passed' if part['passed'] else 'not passed'}"
        yield from (f"  {wanted.root}/{line}" for line in part["problem"] or ())
        yield from _TELLS[stage](part, wanted)


def _lint(part: Found, _: Wanted) -> Iterator[str]:
    for each in part["findings"]:
        finding = unpacked(each)
        borne = f" [waived until {finding.waiver.until}: {finding.waiver.owner}]" if finding.waiver else ""
        yield f"  {finding}{borne}"


def _scenarios(part: Found, wanted: Wanted) -> Iterator[str]:
    for each in part["tried"]:
        if each["failure"] is not None:
            yield f"  {wanted.root}/{each['place']}: {each['name']}: {each['failure']}"
    failed = sum(each["failure"] is not None for each in part["tried"])
    yield f"  tried: {len(part['tried'])}, failed: {failed}"


def _safety(part: Found, wanted: Wanted) -> Iterator[str]:
    for each in part["rules"]:
        if each["verdict"] != "holds":
            path = f" {each['path']}" if each["path"] else ""
            yield f"  {each['verdict']} {wanted.root}/{each['place']}: {each['rule']}: {each['why']}{path}"
    yield f"  rules: {len(part['rules'])}"


def _replay(part: Found, _: Wanted) -> Iterator[str]:
    report = part["report"]
    if report is None:
        yield "  no recorded runs were looked at"
        return
    classes = ", ".join(f"{name} {number:,}" for name, number in report["classes"].items() if number)
    yield f"  {report['runs']:,} runs" + (f": {classes}" if classes else "")
    for each in report["differences"]:
        yield from (f"  {sentence}" for sentence in each["sentences"])
        yield f"    {each['runs']:,} runs, one of them {each['example']}"


_TELLS = {"lint": _lint, "scenarios": _scenarios, "safety": _safety, "replay": _replay}
