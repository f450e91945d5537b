"""`narthex scenarios`: try on the real engine what analysts say must happen."""

import sys
from pathlib import Path

import click

from app import config
from app.cli.flows import folders
from app.config import Settings
from app.flow.findings import suggestion
from app.flow.source import Unreadable
from app.runner.publish import NotPublishable
from app.scenarios.read import FILE
from app.scenarios.run import NotUnderstood, Tried, try_folder
from app.scenarios.stage import UnfitRegister


@click.command()
@click.argument("flow", nargs=-1)
@click.option("-v", "--verbose", is_flag=True, help="Show each step and where it led.")
def scenarios(flow: tuple[str, ...], verbose: bool) -> None:
    """Try the scenarios of FLOWs: names, or folders (by default all that have a scenarios.yaml).

    Each runs on a database of its own and sends nothing. Ends with 0: all came true, 1: one failed, 2: a
    file cannot be read.
    """
    settings = config.load()
    chosen = [folder_named(settings, each) for each in flow] or _with_scenarios(settings)
    tried: list[Tried] = []
    unreadable = False
    for folder in chosen:
        try:
            for each in try_folder(folder, settings.home):
                _tell(folder.name, each, verbose)
                tried.append(each)
        except (NotPublishable, NotUnderstood) as problem:
            unreadable = True
            for finding in problem.findings:
                click.echo(str(finding), err=True)
        except (Unreadable, UnfitRegister) as problem:
            unreadable = True
            click.echo(str(problem), err=True)
    failed = sum(each.failure is not None for each in tried)
    click.echo(f"Scenarios tried: {len(tried)}, failed: {failed}.")
    sys.exit(2 if unreadable else int(failed > 0))


def folder_named(settings: Settings, named: str) -> Path:
    """The folder that is meant by a flow's name or a path."""
    known = {folder.name: folder for folder in folders(settings)}
    if named in known:
        return known[named]
    if Path(named).is_dir():
        return Path(named)
    raise click.UsageError(f"There is no flow '{named}'. {suggestion(named, known)}")


def _with_scenarios(settings: Settings) -> list[Path]:
    there = folders(settings)
    for folder in there:
        if not (folder / FILE).exists():
            click.echo(f"{folder.name}: no {FILE} yet")
    return [folder for folder in there if (folder / FILE).exists()]


def _tell(flow: str, tried: Tried, verbose: bool) -> None:
    if tried.failure is None:
        click.echo(f"ok      {flow}: {tried.name}")
    else:
        click.echo(f"failed  {tried.place}: {tried.name}: {tried.failure}")
    for number, step in enumerate(tried.steps if verbose else (), start=1):
        click.echo(f"        {number}. {step}")
