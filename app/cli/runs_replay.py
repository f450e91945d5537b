"""`narthex runs replay`: what was recorded, decided again; nothing is written, sent or asked outside."""

import json
import sys
from datetime import datetime
from pathlib import Path

import click

from app.cli import common
from app.runner.house import House
from app.runner.replaying import replay as replaying
from app.runner.replaying.definitions import NoSuchDefinition
from app.runner.replaying.junit import junit
from app.runner.replaying.replay import Asked, NoSuchRun
from app.runner.replaying.report import Report
from app.store.replaying import Chosen


@click.command()
@click.argument("run", nargs=-1)
@click.option("--flow", help="Runs of this flow only.")
@click.option("--since", type=common.Moment(), help="Begun then or later: 2026-11-23, yesterday, '3 days'.")
@click.option("--strict", is_flag=True, help="On its own definition, as recorded: the default.")
@click.option("--reguard", is_flag=True, help="Likewise, and what answers alone decide is judged anew.")
@click.option("--against", metavar="FOLDER|VERSION", help="On another one: a folder, a number, `live`.")
@click.option(
    "--junit", "junit_file", type=click.Path(path_type=Path, dir_okay=False), help="Write JUnit XML."
)
@click.option("--json", "as_json", is_flag=True, help="One JSON object instead of sentences.")
def replay(
    run: tuple[str, ...],
    flow: str | None,
    since: datetime | None,
    strict: bool,
    reguard: bool,
    against: str | None,
    junit_file: Path | None,
    as_json: bool,
) -> None:
    """Decide again what was recorded: every run, or the RUNs named by id, its beginning, or reference.

    Runs that are alike are decided once, and none is left out; RUNs that are named are read record by
    record. Ends with 0: nothing differs, 1: something differs, 2: not carried out for some or all.
    """
    if strict + reguard + (against is not None) > 1:
        raise click.UsageError("Choose one of --strict, --reguard and --against.")
    if run and (flow or since):
        raise click.UsageError("Name runs, or choose them by --flow and --since.")
    asked = Asked(run, Chosen(flow, since))
    try:
        report = _carried_out(common.looking_house(), asked, reguard, against)
    except (NoSuchRun, NoSuchDefinition) as problem:
        click.echo(str(problem), err=True)
        sys.exit(2)
    if junit_file is not None:
        junit_file.write_text(junit(report), encoding="utf-8")
    if as_json:
        click.echo(json.dumps(report.plain(), ensure_ascii=False, indent=2))
    else:
        common.say("\n".join(report.sentences()))
    sys.exit(report.exit_code)


def _carried_out(house: House, asked: Asked, reguard: bool, against: str | None) -> Report:
    try:
        if against is not None:
            return replaying.held_against(house, asked, against)
        return replaying.judged_anew(house, asked) if reguard else replaying.strictly(house, asked)
    finally:
        house.database.close()
