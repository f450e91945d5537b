"""`narthex flows export | import`: a definition as one file or a folder, from house to house."""

import sys
from pathlib import Path
from typing import NoReturn

import click

from app.cli import common
from app.flow.findings import suggestion
from app.runner.exporting import ENDING, FolderChanged, archive_of, into_folder
from app.runner.house import House
from app.runner.named import DRAFT, LIVE, Definition, NotThere, definition


def add_to(group: click.Group) -> None:
    """Put these commands below `narthex flows`."""
    group.add_command(export)


def _stop(sentence: str) -> NoReturn:
    click.echo(sentence, err=True)
    sys.exit(2)


@click.command()
@click.argument("flow")
@click.option("--of", "which", default=LIVE, show_default=True, help="`live`, `draft` or a version's number.")
@click.option("--to", type=click.Path(path_type=Path), required=True, help="A FILE.zip, or a folder.")
@click.option("--over", is_flag=True, help="Even over what lies there and is in no version.")
def export(flow: str, which: str, to: Path, over: bool) -> None:
    """Write FLOW's definition, with its scenarios and rules, to an archive or into a folder.

    A folder with changes that no version holds is left as it is. Ends with 0, or 2 where nothing was written.
    """
    house = common.looking_house()
    found = _definition(house, flow, which)
    if to.suffix.lower() == ENDING:
        _to_file(house, found, to, over)
        return
    if to.exists() and not to.is_dir():
        _stop(f"{to} is a file, no folder. Name a folder, or a file that ends in {ENDING}.")
    try:
        written = into_folder(house, found, to, over=over)
    except FolderChanged as changed:
        place = to / changed.file if changed.file else to
        _stop(
            f"{place}: holds changes that no version of {flow} has, and nothing was written. "
            f"`narthex flows diff {to} {which}` tells them; take them in with `narthex flows import {to} "
            "--as-draft`, or write over them with --over."
        )
    click.echo(f"{to}: {', '.join(written)}")


def _definition(house: House, flow: str, which: str) -> Definition:
    try:
        return definition(house, flow, which)
    except NotThere:
        names = house.shelf.names()
        if flow not in names and which != DRAFT:
            _stop(f"There is no flow '{flow}'. {suggestion(flow, names)}")
    what = "no draft" if which == DRAFT else f"no version '{which}'"
    _stop(f"{flow} has {what}; `narthex flows versions {flow}` lists what there is.")


def _to_file(house: House, found: Definition, file: Path, over: bool) -> None:
    if file.exists() and not over:
        _stop(f"{file} is there already. Name another file, or write over it with --over.")
    file.write_bytes(archive_of(house, found))
    click.echo(f"{file} written.")
