"""`narthex flows`: list, lint, publish, and the JSON Schema for editors."""

import json
import sys
from pathlib import Path

import click
import jinja2

from app import config, wiring
from app.cli import common
from app.config import Settings
from app.flow.catalogue import Catalogue
from app.flow.findings import Finding
from app.flow.lint.sources import check_sources
from app.flow.safety import spec as safety
from app.flow.safety.read import findings_in
from app.flow.schema import json_schema
from app.runner import publish as publishing
from app.scenarios import spec
from app.store import versions


@click.group()
def flows() -> None:
    """The flows: what is live, what is wrong with a folder, publishing."""


def folders(settings: Settings) -> list[Path]:
    """The flows' folders on disk, by name."""
    return sorted(file.parent for file in (settings.home / "workflows").glob("*/flow.yaml"))


@flows.command("list")
def list_flows() -> None:
    """Show each flow's live version."""
    house = common.house()
    with house.database.read() as connection:
        for name in versions.flows(connection):
            version = versions.live(connection, name)
            if version:
                at = f"{version.published_at:%Y-%m-%d %H:%M} UTC"
                click.echo(f"{name}  version {version.number}  {version.digest[:19]}  {at}")


@flows.command()
@click.argument("folder", nargs=-1, type=click.Path(path_type=Path))
@click.option("--over", type=int, help="Undo what this version, made at the desk, has changed.")
def publish(folder: tuple[Path, ...], over: int | None) -> None:
    """Make FOLDERs (all flows by default) the live versions; runs under way finish on theirs.

    A folder that knows nothing of what was published at the desk since is refused, unless --over names that
    version. Ends with 0, or 2 where a folder was not published.
    """
    settings = common.settings()
    house = common.house(settings)
    failed = False
    for each in folder or folders(settings):
        try:
            version = publishing.publish(house, each, over)
        except publishing.FolderBehind as behind:
            failed = True
            click.echo(
                f"{each}: holds version {behind.held} of {behind.flow}; version {behind.live} was made at "
                f"the desk since. Take it into the folder: `narthex flows export {behind.flow} --to {each}`.",
                err=True,
            )
        except publishing.FolderConflict as conflict:
            failed = True
            click.echo(
                f"{each}: changed here, and version {conflict.live} of {conflict.flow} was made at the desk "
                f"by {conflict.by}. `narthex flows diff {conflict.live} {each}` tells the difference; --over "
                f"{conflict.live} undoes what it changed.",
                err=True,
            )
        except publishing.NotPublishable as problem:
            failed = True
            for finding in problem.findings:
                click.echo(str(finding), err=True)
        else:
            click.echo(f"{version.flow}  version {version.number}  {version.digest[:19]}")
    sys.exit(2 if failed else 0)


@flows.command()
@click.option("--check", is_flag=True, help="Only say whether workflows/schema.json is fresh.")
def schema(check: bool) -> None:
    """Write workflows/*schema.json, by which editors complete and check flow.yaml and what lies beside it."""
    stale = _stale_schemas(config.load(), wiring.catalogue())
    for file, text in stale.items():
        if check:
            click.echo(f"{file} is out of date: run `narthex flows schema`.", err=True)
        else:
            file.write_text(text)
            click.echo(f"{file} written.")
    if not stale:
        click.echo("The schemas are fresh.")
    sys.exit(1 if stale and check else 0)


def _stale_schemas(settings: Settings, catalogue: Catalogue) -> dict[Path, str]:
    """The schemas' files that do not say what they should, each with what it should say."""
    wanted = {
        "schema.json": json_schema(catalogue),
        "scenarios.schema.json": spec.json_schema(),
        "safety.schema.json": safety.json_schema(),
    }
    texts = {
        settings.home / "workflows" / name: json.dumps(each, indent=2, ensure_ascii=False) + "\n"
        for name, each in wanted.items()
    }
    return {file: text for file, text in texts.items() if not file.exists() or file.read_text() != text}


@click.command()
def check() -> None:
    """Check what ships: flows lint clean, their rules read, the JSON Schemas are fresh, templates compile."""
    settings = config.load()
    catalogue = wiring.catalogue()
    problems = [str(f) for f in _errors(settings, catalogue)]
    stale = _stale_schemas(settings, catalogue)
    problems += [f"{file}: out of date: run `narthex flows schema`" for file in stale]
    problems += [str(found) for each in folders(settings) for found in findings_in(each, catalogue)]
    problems += _broken_templates(settings.home / "templates")
    for problem in problems:
        click.echo(problem, err=True)
    click.echo(f"{len(folders(settings))} flows, templates and schema checked: {len(problems)} problems.")
    sys.exit(1 if problems else 0)


def _errors(settings: Settings, catalogue: Catalogue) -> list[Finding]:
    found = [
        f for folder in folders(settings) for f in publishing.check_folder(folder, catalogue, common.today())
    ]
    return [*publishing.errors_of(found), *check_sources(catalogue)]


def _broken_templates(folder: Path) -> list[str]:
    environment = jinja2.Environment(autoescape=True, extensions=["jinja2.ext.i18n"])
    problems = []
    for file in sorted(folder.rglob("*.*")):
        try:
            environment.parse(file.read_text(encoding="utf-8"), filename=str(file))
        except jinja2.TemplateSyntaxError as broken:
            problems.append(f"{file}:{broken.lineno}: {broken.message}")
    return problems
