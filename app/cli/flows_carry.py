"""`narthex flows export | import`: a definition as one file or a folder, from house to house."""

import sys
from pathlib import Path
from typing import NoReturn

import click

from app.cli import common
from app.flow.archive import LARGEST_ARCHIVE, BadArchive, read_archive
from app.flow.archive_words import sentence
from app.flow.findings import suggestion
from app.runner.bringing import DraftMoved, NoName, bring_in, of_folder
from app.runner.drafting.changing import UnfitFile
from app.runner.drafting.drafts import UnfitName
from app.runner.exporting import ENDING, FolderChanged, archive_of, into_folder
from app.runner.house import House
from app.runner.named import DRAFT, LIVE, Definition, NotThere, definition
from app.runner.staff.acts import AT_THE_CONSOLE
from app.runner.staff.who import Staff


def add_to(group: click.Group) -> None:
    """Put these commands below `narthex flows`."""
    for command in (export, bring):
        group.add_command(command)


def _stop(words: str) -> NoReturn:
    common.say(words, err=True)
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


@click.command("import")
@click.argument("path", type=click.Path(exists=True, path_type=Path))
@click.option("--as-draft", is_flag=True, help="Into the draft of its flow: nothing goes live by itself.")
@click.option("--over", is_flag=True, help="Even in the place of edits that stand in the draft.")
def bring(path: Path, as_draft: bool, over: bool) -> None:
    """Bring the definition in PATH, a FILE.zip or a folder, into the draft of the flow it names.

    A draft with edits of others is left as it is. Ends with 0, or 2 where nothing was brought in.
    """
    if not as_draft:
        raise click.UsageError("Say --as-draft: what is brought in is looked at before it goes live.")
    settings = common.settings()
    try:
        archive = of_folder(path) if path.is_dir() else read_archive(_bytes(path))
        staff = Staff("", AT_THE_CONSOLE, frozenset())
        found = bring_in(
            common.house(settings), staff, archive, settings.home / "workflows", seen=None if over else 0
        )
    except BadArchive as bad:
        _stop(f"{path}: {sentence(bad, 'en')}")
    except NoName:
        _stop(f"{path}: flow.yaml does not say which flow it is. Mend its line `flow:`.")
    except DraftMoved as moved:
        _stop(
            f"{path}: the draft holds edits by {', '.join(moved.by)}, and nothing was brought in. Publish or "
            "discard it first, or take its place with --over; undo brings it back."
        )
    except (UnfitFile, UnfitName) as unfit:
        _stop(f"{path}: no draft can hold {unfit}. Mend it.")
    common.say(f"{found.draft.flow}  draft, revision {found.draft.revision}")
    if found.older:
        common.say(f"Taken from version {found.older}, and a newer one is live: see what it undoes.")
    if found.left_out:
        common.say(f"Left out: {', '.join(found.left_out)}.")
    common.say(f"`narthex flows diff live draft --flow {found.draft.flow}` tells what it changes.")


def _bytes(file: Path) -> bytes:
    with file.open("rb") as opened:
        return opened.read(LARGEST_ARCHIVE + 1)
