"""`narthex flows what-if`: what another value of a limit would have meant to recorded runs."""

import json
from dataclasses import asdict
from datetime import datetime
from typing import Any

import click

from app.cli import common
from app.flow.definition import Flow
from app.flow.findings import suggestion
from app.flow.limits import NoSuchLimit, WrongValue, limits
from app.runner.coverage import version
from app.runner.house import FlowMissing, House
from app.runner.what_if.answer import what_if as answer
from app.runner.what_if.bounds import Bounds
from app.runner.what_if.sentences import sentences


@click.command("what-if")
@click.argument("flow")
@click.argument("change", required=False)
@click.option("--version", "number", type=int, help="Of this version; the live one without.")
@click.option("--since", type=common.Moment(), help="Runs begun then or later: 2026-11-23, '30 days'.")
@click.option("--until", type=common.Moment(), help="Begun before then.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object.")
def what_if(
    flow: str,
    change: str | None,
    number: int | None,
    since: datetime | None,
    until: datetime | None,
    as_json: bool,
) -> None:
    """Say what CHANGE (codes.phone_code.tries=4) of a limit of FLOW would have meant: bounds, no forecast.

    Without CHANGE the limits there are, each with its value.
    """
    house = common.looking_house()
    try:
        if change is None:
            _list(version(house, flow, number))
            return
        found = _answer(house, flow, change, number, since, until)
    except FlowMissing:
        raise click.UsageError(_missing(house, flow, number)) from None
    if as_json:
        click.echo(json.dumps(_plain(found), ensure_ascii=False))
    else:
        _tell(found)


def _list(flow: Flow) -> None:
    for each in limits(flow):
        click.echo(f"{each.name}={each.written}")


def _answer(
    house: House,
    flow: str,
    change: str,
    number: int | None,
    since: datetime | None,
    until: datetime | None,
) -> Bounds:
    name, _, value = change.partition("=")
    try:
        return answer(house, flow, name.strip(), value, number=number, since=since, until=until)
    except NoSuchLimit as problem:
        raise click.UsageError(f"{problem} `narthex flows what-if {flow}` lists them.") from None
    except WrongValue as problem:
        raise click.UsageError(f"{problem} Write it like {name.strip()}='{problem.example}'.") from None


def _tell(found: Bounds) -> None:
    click.echo(
        f"{found.flow}, version {found.number}: {found.new.name} {found.new.written} for {found.old.written}"
    )
    for each in sentences(found):
        click.echo(f"  {each}")
    if found.right_at:
        told = ", ".join(f"{runs} at try {number}" for number, runs in found.right_at.items())
        click.echo(f"  Codes were right: {told}.")


def _missing(house: House, flow: str, number: int | None) -> str:
    names = house.shelf.names()
    if flow not in names:
        return f"There is no flow '{flow}'. {suggestion(flow, names)}"
    return f"{flow} has no version {number} that loads."


def _plain(found: Bounds) -> dict[str, Any]:
    splits = {"stopped": found.stopped, "through": found.through, "every": found.every}
    return {
        "flow": found.flow,
        "version": found.number,
        "limit": found.old.name,
        "value": found.old.written,
        "other": found.new.written,
        "direction": found.direction,
        **{
            name: {"runs": str(split.whole), **{part: str(each) for part, each in split.parts.items()}}
            for name, split in splits.items()
        },
        "messages": found.messages,
        "right_at": {number: str(runs) for number, runs in found.right_at.items()},
        "guessing": [asdict(each) for each in found.guessing] if found.guessing else None,
        "left_out": found.left_out,
        "sentences": [str(each) for each in sentences(found)],
    }
