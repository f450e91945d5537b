"""`narthex registers`."""

import sys
from difflib import get_close_matches
from pathlib import Path
from typing import Any

import click

from app.cli import common
from app.flow.spec import RegisterSpec
from app.importing import ImportReport, import_register
from app.importing.rows import plain
from app.runner.house import FlowMissing, House
from app.runner.staff.acts import AT_THE_CONSOLE
from app.store.register_lock import ImportUnderWay


@click.group()
def registers() -> None:
    """The registers that applicants are matched against."""


def declared(house: House) -> dict[str, RegisterSpec]:
    """The registers the live flows declare, by name."""
    found: dict[str, RegisterSpec] = {}
    for name in house.shelf.names():
        try:
            found.update(house.shelf.live(name).spec.registers)
        except FlowMissing:
            click.echo(f"Flow '{name}': its live version does not load; publish it anew.", err=True)
    return found


@registers.command("import")
@click.argument("name")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--replace", is_flag=True, help="The file is the whole register; rows it lacks are removed.")
@click.option(
    "--map",
    "mapped",
    multiple=True,
    metavar="THEIRS=OURS",
    help="The file's column THEIRS is the register's OURS; THEIRS= leaves it out. Repeatable.",
)
@click.option("--dry-run", is_flag=True, help="Check every row and change nothing.")
def import_file(name: str, file: Path, replace: bool, dry_run: bool, mapped: tuple[str, ...]) -> None:
    """Import FILE (CSV or XLSX) into register NAME. With any error nothing changes (exit code 2)."""
    house = common.house()
    known = declared(house)
    if name not in known:
        names = ", ".join(sorted(known)) or "none; publish a flow first"
        click.echo(f"There is no register '{name}'. Declared are: {names}.", err=True)
        sys.exit(2)
    if not file.is_file():
        click.echo(f"{file}: there is no such file", err=True)
        sys.exit(2)
    mapping = _mapping(mapped, known[name])
    with click.progressbar(
        length=max(file.stat().st_size, 1), label=f"{name}", file=sys.stderr, update_min_steps=1
    ) as bar:
        seen = 0

        def progress(position: int) -> None:
            nonlocal seen
            bar.update(max(position - seen, 0))
            seen = max(seen, position)

        report = _import(
            house.database,
            house.vault,
            name,
            known[name],
            file,
            replace=replace,
            dry_run=dry_run,
            now=house.clock(),
            progress=progress,
            mapping=mapping,
            by=AT_THE_CONSOLE,
        )
    _tell(report, file, dry_run)


def _mapping(written: tuple[str, ...], spec: RegisterSpec) -> dict[str, str]:
    """The file's columns by name, as `--map` gives them; the command ends for one it cannot take."""
    mapping: dict[str, str] = {}
    for each in written:
        theirs, equals, ours = (part.strip() for part in each.rpartition("="))
        if not equals or not theirs:
            click.echo(f"--map {each}: write the file's column, =, and the register's column.", err=True)
            sys.exit(2)
        if ours and ours not in spec.columns:
            near = get_close_matches(ours, spec.columns, 1)
            cure = f"did you mean {near[0]}?" if near else f"its columns are {', '.join(spec.columns)}."
            click.echo(f"--map {each}: the register has no column '{ours}'; {cure}", err=True)
            sys.exit(2)
        mapping[plain(theirs)] = ours
    return mapping


def _import(*args: Any, **kwargs: Any) -> ImportReport:
    try:
        return import_register(*args, **kwargs)
    except ImportUnderWay as busy:
        click.echo(f"Another import of '{busy}' is running; wait until it is done.", err=True)
    except OSError as problem:
        click.echo(f"{problem.filename}: {problem.strerror}", err=True)
    sys.exit(2)


def _tell(report: ImportReport, file: Path, dry_run: bool) -> None:
    for problem in report.errors:
        click.echo(f"{file}:{problem.line}: {problem.column}: {problem.text}; {problem.cure}", err=True)
    if report.more_errors:
        click.echo(f"... and {report.more_errors} more.", err=True)
    if report.errors:
        click.echo("Nothing was changed.", err=True)
        sys.exit(2)
    verb = "would be" if dry_run else "were"
    click.echo(
        f"{report.rows} rows read ({report.taken}): {report.inserted} {verb} added, "
        f"{report.updated} updated, {report.deleted} removed."
    )
