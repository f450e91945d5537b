"""`narthex runs verify | heads | prune | export`: the journal as evidence."""

import sys
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import click
from sqlalchemy.exc import IntegrityError

from app.cli import common
from app.flow.trace import BadRecord
from app.proof.telling import NotTellable, as_pytest, as_scenario
from app.runner.house import House
from app.runner.journal import export as exporting
from app.runner.journal.export import Selection
from app.runner.journal.prune import Spared, prune_runs
from app.runner.journal.stating import public_key, state_heads, stated_from
from app.runner.journal.verify import Checked, unknown_runs, verify_chains
from app.runner.journal.verify_statements import accepted_keys, verify_kept, verify_stored
from app.runner.replaying.replay import NoSuchRun, run_named

_File = click.Path(path_type=Path, dir_okay=False)
_Kept = click.Path(path_type=Path, dir_okay=False, exists=True)


@dataclass(frozen=True)
class Format:
    """A way to write runs down: lines of text; `one_run`: of exactly one run, which must be named."""

    lines: Callable[[House, Selection], Iterable[str]]
    one_run: bool = False


#: The ways in which `narthex runs export --as` writes.
FORMATS: Mapping[str, Format] = {
    "jsonl": Format(exporting.json_lines),
    "cloudevents": Format(exporting.cloud_events),
    "scenario": Format(lambda house, chosen: [as_scenario(house, chosen.runs[0]).rstrip()], one_run=True),
    "pytest": Format(lambda house, chosen: [as_pytest(house, chosen.runs[0]).rstrip()], one_run=True),
}


@click.command()
@click.argument("run", nargs=-1)
@click.option("--heads", multiple=True, type=_Kept, help="Statements kept elsewhere, the oldest file first.")
@click.option("--key", multiple=True, metavar="HEX", help="A further public key statements may be signed by.")
def verify(run: tuple[str, ...], heads: tuple[Path, ...], key: tuple[str, ...]) -> None:
    """Check that the journal of every RUN (of all by default) is whole and as its signed heads say.

    RUN is an id, its beginning, or a reference. The first bad record of each bad run is named. Ends with 0:
    all good, 1: something is wrong, 2: there is no such run.
    """
    house = common.looking_house()
    run = _named(house, run)
    checked, faults = Checked(), 0
    keys = accepted_keys(house, [each.lower() for each in key])
    for fault in _faults(house, run, heads, keys, checked):
        faults += 1
        common.say(str(fault), err=True)
    verdict = f"{faults} wrong" if faults else "nothing wrong"
    click.echo(
        f"{checked.runs} runs, {checked.records} records, {checked.asides} asides, "
        f"{checked.statements} statements looked at: {verdict}."
    )
    sys.exit(1 if faults else 0)


def _faults(
    house: House, run: tuple[str, ...], heads: tuple[Path, ...], keys: list[str], checked: Checked
) -> Iterator[object]:
    yield from verify_chains(house, run, checked)
    yield from verify_stored(house, run, keys, checked)
    if heads:
        yield from verify_kept(house, _lines(heads), run, keys, checked)


def _lines(files: tuple[Path, ...]) -> Iterator[tuple[str, str]]:
    for file in files:
        with file.open(encoding="utf-8", errors="replace") as lines:
            for number, line in enumerate(lines, start=1):
                if line.strip():
                    yield f"{file}:{number}", line.rstrip("\r\n")


@click.command()
@click.option("--out", type=_File, help="Append the statement to this file instead of printing it.")
@click.option("--public-key", "only_key", is_flag=True, help="Print the key it can be checked by, no more.")
@click.option("--again", type=click.IntRange(1), metavar="NUMBER", help="Write those from NUMBER on anew.")
def heads(out: Path | None, only_key: bool, again: int | None) -> None:
    """Sign which heads the journal has now: the next statement, one line of JSON to be kept elsewhere.

    A statement names at most 10,000 heads; where more have changed, several are made. With `--again` none is
    made: those the database has are written down once more.
    """
    house = common.house()
    if only_key:
        click.echo(public_key(house))
        return
    try:
        with _written_to(out, "a") as write:
            for line in stated_from(house, again) if again else state_heads(house):
                write(line)
    except IntegrityError:
        click.echo("Another statement is being made at this moment: try again.", err=True)
        sys.exit(2)


@click.command()
@click.option(
    "--ended-before",
    required=True,
    type=common.Moment(),
    help="Runs that ended before this moment (UTC) are pruned.",
)
@click.option("--dry-run", is_flag=True, help="Only say what would be pruned.")
def prune(ended_before: datetime, dry_run: bool) -> None:
    """Delete runs that ended long ago, records and all, and keep their heads, so that statements stay good.

    A run whose chain is not whole is left alone and named. Ends with 0: all pruned, 1: some were left.
    """
    house = common.house()
    gone = records = left = 0
    for each in prune_runs(house, ended_before, dry_run):
        if isinstance(each, Spared):
            left += 1
            common.say(f"left alone: {each.fault}", err=True)
        else:
            gone, records = gone + 1, records + each.seq + 1
    click.echo(f"{gone} runs with {records} records {'would be pruned' if dry_run else 'pruned'}.")
    sys.exit(1 if left else 0)


@click.command()
@click.argument("run", nargs=-1)
@click.option("--flow", help="Only runs of this flow.")
@click.option(
    "--since",
    type=common.Moment(),
    default="1970-01-01",
    show_default=False,
    help="Only what was recorded since this moment (UTC).",
)
@click.option("--as", "kind", type=click.Choice(list(FORMATS)), default="jsonl", help="How it is written.")
@click.option("--out", type=_File, help="Write to this file instead of printing.")
def export(run: tuple[str, ...], flow: str | None, since: datetime, kind: str, out: Path | None) -> None:
    """Write down the journal of every RUN (of all by default) for another program.

    With `--as scenario` or `--as pytest` one RUN is told anew with invented people, to be kept as a test; it
    is tried before it is written. Ends with 0: written, 1: a record cannot be read or the run not be told
    anew, 2: no such run.
    """
    house = common.looking_house()
    run = _named(house, run)
    chosen = FORMATS[kind]
    if chosen.one_run and len(run) != 1:
        raise click.UsageError(f"`--as {kind}` writes one run: name it.")
    try:
        with _written_to(out, "w") as write:
            for line in chosen.lines(house, Selection(run, flow, since)):
                write(line)
    except BadRecord as bad:
        click.echo(f"{bad}. `narthex runs verify` looks at all of them.", err=True)
        sys.exit(1)
    except NotTellable as problem:
        click.echo(str(problem), err=True)
        sys.exit(1)


def _named(house: House, run: tuple[str, ...]) -> tuple[str, ...]:
    """The ids of these runs; of one that was pruned only the whole id is known."""
    unknown = set(unknown_runs(house, run))
    try:
        with house.database.read() as connection:
            return tuple(run_named(connection, each) if each in unknown else each for each in run)
    except NoSuchRun as problem:
        raise click.UsageError(f"{problem} `narthex runs find` lists runs.") from None


@contextmanager
def _written_to(out: Path | None, mode: str) -> Iterator[Callable[[str], object]]:
    """A function that writes a line to the file, or to the terminal."""
    if out is None:
        yield click.echo
        return
    with out.open(mode, encoding="utf-8") as file:
        yield lambda line: file.write(line + "\n")
