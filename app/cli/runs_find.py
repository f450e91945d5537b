"""`narthex runs find`: which runs went a certain way. One line for each, or one JSON object."""

import json
import sys
from collections.abc import Callable
from datetime import timedelta
from inspect import cleandoc

import click

from app.cli import common
from app.flow import pattern
from app.flow.durations import parse_duration
from app.flow.pattern import PatternProblem
from app.runner import searching
from app.runner.house import House
from app.runner.searching import ENDED, Criteria, Found, WrongSearch
from app.store.run_search import Listed

_AT_ONCE = 1000


class _Span(click.ParamType[timedelta]):
    """A span of time: `30 s`, `10 min`, `24 h`."""

    name = "span"

    def convert(
        self,
        value: str,
        param: click.Parameter | None,  # noqa: ARG002
        ctx: click.Context | None,  # noqa: ARG002
    ) -> timedelta:
        """The span."""
        try:
            return parse_duration(value)
        except ValueError as problem:
            self.fail(f"{problem}.")


_HELP = "\n\n".join(f"\b\n{paragraph}" for paragraph in cleandoc(pattern.__doc__ or "").split("\n\n"))


@click.command(epilog=_HELP)
@click.argument("pattern", required=False)
@click.option("--flow", help="Runs of this flow only.")
@click.option("--version", type=int, help="Of this version of it.")
@click.option("--state", help="That stand in this state now.")
@click.option("--ended", type=click.Choice(ENDED), help="Open, ended, or how it ended.")
@click.option("--lang", help="In this language.")
@click.option("--since", type=common.Moment(), help="Started then or later: 2026-11-23, yesterday, '3 days'.")
@click.option("--until", type=common.Moment(), help="Started before then.")
@click.option("--lasting", type=_Span(), help="That took so long at least: '10 min'.")
@click.option("--run", "named", help="The run with this id or reference.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object a line.")
def find(as_json: bool, **asked: object) -> None:
    """Find the runs that went the way PATTERN says, the newest first; all there are without it.

    Ends with 0: some found, 1: none, 2: the pattern cannot be read or names what does not exist.
    """
    house = common.house()
    line = _json if as_json else _line
    try:
        found, looked, unreadable = _print_all(house, Criteria(**asked), line)  # type: ignore[arg-type]
    except PatternProblem as problem:
        _point_at(str(asked["pattern"]), problem)
        sys.exit(2)
    except WrongSearch as problem:
        click.echo(str(problem), err=True)
        sys.exit(2)
    click.echo(f"{looked} runs looked through, {found} found.", err=True)
    if unreadable:
        click.echo(
            f"{len(unreadable)} could not be read; `narthex runs verify` says why: {unreadable[0]}", err=True
        )
    sys.exit(0 if found else 1)


def _print_all(
    house: House, criteria: Criteria, line: Callable[[Listed], str]
) -> tuple[int, int, tuple[str, ...]]:
    """Print every run found, page by page; how many, of how many, and which could not be read."""
    page = searching.find(house, criteria, most=_AT_ONCE)
    count, looked, unreadable = _printed(page, line), page.looked, page.unreadable
    while page.further:
        page = searching.find(house, criteria, before=page.further, most=_AT_ONCE)
        count += _printed(page, line)
        looked, unreadable = looked + page.looked, unreadable + page.unreadable
    return count, looked, unreadable


def _printed(page: Found, line: Callable[[Listed], str]) -> int:
    for run in page.runs:
        common.say(line(run))
    return len(page.runs)


def _line(run: Listed) -> str:
    how = "ended" if run.ended_at else "open"
    took = f"{int(run.lasted.total_seconds())} s"
    return (
        f"{run.id}  {run.started_at:%Y-%m-%d %H:%M:%S} UTC  {run.flow} {run.number} {run.lang}  "
        f"{run.state} ({how})  {run.seq} steps  {took}"
    )


def _json(run: Listed) -> str:
    told = {
        "run": run.id,
        "reference": run.reference,
        "flow": run.flow,
        "version": run.number,
        "state": run.state,
        "steps": run.seq,
        "lang": run.lang,
        "started": run.started_at.isoformat(),
        "touched": run.touched_at.isoformat(),
        "ended": run.ended_at.isoformat() if run.ended_at else None,
    }
    return json.dumps(told, ensure_ascii=False)


def _point_at(pattern: str, problem: PatternProblem) -> None:
    """The pattern with a caret below the column, and what is wrong there."""
    if len(pattern) < 100:
        click.echo(f"  {pattern}\n  {' ' * (problem.column - 1)}^", err=True)
    click.echo(str(problem), err=True)
