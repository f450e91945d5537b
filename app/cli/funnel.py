"""`narthex flows funnel`: how people got through versions of a flow, and where they left."""

import json
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import get_args

import click

from app.cli import common
from app.flow.findings import suggestion
from app.flow.funnel.figures import Figures, StateFigures, plain
from app.flow.funnel.spans import Spans
from app.flow.spec import Language
from app.runner import funnel as counting
from app.runner.house import FlowMissing, House


@click.command()
@click.argument("flow")
@click.option(
    "--version", "numbers", type=int, multiple=True, help="This version; may be given several times."
)
@click.option("--lang", type=click.Choice(get_args(Language)), help="Runs in this language.")
@click.option("--since", type=common.Moment(), help="Begun then or later: 2026-11-23, yesterday, '3 days'.")
@click.option("--until", type=common.Moment(), help="Begun before then.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object a version.")
def funnel(
    flow: str,
    numbers: tuple[int, ...],
    lang: str | None,
    since: datetime | None,
    until: datetime | None,
    as_json: bool,
) -> None:
    """Count how people got through FLOW, the live version without --version; every run, none sampled.

    Fewer than five people are shown as <5, and what would tell such a number as ≥5.
    """
    house = common.looking_house()
    try:
        told = counting.funnel(house, flow, numbers, lang=lang, since=since, until=until)
    except FlowMissing:
        raise click.UsageError(_missing(house, flow)) from None
    for each in told.versions:
        if as_json:
            click.echo(json.dumps(plain(each), ensure_ascii=False))
        else:
            click.echo("\n".join(_lines(each)))
    if told.unreadable:
        click.echo(
            f"{told.unreadable:,} records cannot be read, their runs are not counted: `narthex runs verify` "
            "names them.",
            err=True,
        )


def _missing(house: House, flow: str) -> str:
    names = house.shelf.names()
    if flow not in names:
        return f"There is no flow '{flow}'. {suggestion(flow, names)}"
    numbers = ", ".join(map(str, sorted(counting.numbers_of(house, flow))))
    return f"{flow} has no such version that loads; its versions are {numbers}."


def _lines(told: Figures) -> Iterator[str]:
    yield f"{told.flow.name}, version {told.flow.number}: {told.runs} runs"
    yield "  " + ", ".join(f"{end} {number}" for end, number in told.ends.items() if str(number) != "0")
    if told.to_success and told.success:
        yield f"  {told.success:.1%} ended well, in {_spans(told.to_success)}"
    for state in told.states:
        yield from _state_lines(state)
    for each in told.refused:
        yield f"no: {each.guard} {each.reason}: {each.runs} people{_times(each.steps)}"
    for wrong in told.fields:
        part = f", {wrong.rate:.1%} of {wrong.asked:,} forms" if wrong.rate is not None else ""
        yield f"wrong: {wrong.field} {wrong.code} ({wrong.lang}): {wrong.runs} people{part}"
    if told.left_out:
        yield (
            f"{told.left_out:,} runs are not counted: their records cannot be read or do not join, or they "
            "were moved from another version."
        )


def _state_lines(state: StateFigures) -> Iterator[str]:
    stands = f"ended there {state.ended}" if state.end else f"still there {state.still}, gone {state.gone}"
    yield f"{state.name}: reached by {state.reached}, {stands}"
    for way in (way for way in state.ways if str(way.runs) != "0"):
        part = f" ({way.share:.1%})" if way.share is not None else ""
        left = f", left by it {way.left}" if way.left else ""
        spent = f", {_spans(way.spans)}" if way.spans else ""
        taken = f"{way.runs}{part}{left}{_times(way.steps)}{spent}"
        yield f"  {way.way.trigger}: {way.way.id} -> {way.way.dest}  {taken}"


def _times(steps: int | None) -> str:
    return "" if steps is None else f", {steps:,} times"


def _spans(told: Spans) -> str:
    return f"median {_whole(told.median)}, nine of ten within {_whole(told.most)}"


def _whole(span: timedelta) -> str:
    return f"{int(span.total_seconds()):,} s"
