"""The demo's beginning: flows published from their folders, registers loaded where they are empty."""

import sys
from pathlib import Path

import click

from app.flow.spec import RegisterSpec
from app.importing import ImportUnderWay, import_register
from app.runner.house import House
from app.runner.publish import NotPublishable, publish
from app.store import registers


def fill_demo(house: House, workflows: Path) -> None:
    """Publish every folder that has changed, import the registers beside it that were never imported."""
    for definition in sorted(workflows.glob("*/flow.yaml")):
        folder = definition.parent
        try:
            version = publish(house, folder)
        except NotPublishable as problem:
            for finding in problem.findings:
                click.echo(str(finding), err=True)
            click.echo(f"{folder}: not published; mend the lines above and start again.", err=True)
            sys.exit(2)
        flow = house.shelf.live(version.flow)
        for name, spec in flow.spec.registers.items():
            file = folder / "registers" / f"{name}.csv"
            with house.database.read() as connection:
                known = registers.is_imported(connection, name)
            if known or spec.source != "imported" or not file.exists():
                continue
            _load(house, name, spec, file)


def _load(house: House, name: str, spec: RegisterSpec, file: Path) -> None:
    try:
        report = import_register(
            house.database,
            house.vault,
            name,
            spec,
            file,
            replace=True,
            dry_run=False,
            now=house.clock(),
            progress=lambda _: None,
        )
    except ImportUnderWay:
        click.echo(f"{file}: being loaded by another process", err=True)
        return
    for error in report.errors:
        click.echo(f"{file}:{error.line}: {error.column}: {error.text}; {error.cure}", err=True)
