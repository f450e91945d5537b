"""`narthex flows versions | rollback | pause | resume`: what is live, and going back to what was."""

import sys
from typing import NoReturn

import click

from app.cli import common
from app.cli.flows_move import move
from app.flow.findings import suggestion
from app.runner import releases
from app.runner.house import House
from app.runner.moving.planning import moves_of
from app.runner.publish import NotPublishable
from app.runner.releasing import going_live, planning
from app.runner.releasing.going_live import NoSuchVersion, SameContent
from app.runner.staff.acts import AT_THE_CONSOLE


def add_to(group: click.Group) -> None:
    """Put these commands below `narthex flows`."""
    for command in (list_versions, rollback, pause, resume, move):
        group.add_command(command)


def _house(flow: str) -> House:
    house = common.house()
    names = house.shelf.names()
    if flow not in names:
        _stop(f"There is no flow '{flow}'. {suggestion(flow, names)}")
    return house


def _stop(sentence: str) -> NoReturn:
    click.echo(sentence, err=True)
    sys.exit(2)


@click.command("versions")
@click.argument("flow")
def list_versions(flow: str) -> None:
    """Show each version of FLOW: whence it came, who made it and agreed, how many runs still stand on it."""
    house = _house(flow)
    for each in releases.history(house, flow):
        said = [f"{each.version.number}", f"{each.version.published_at:%Y-%m-%d %H:%M} UTC"]
        said.append(each.version.digest[:19])
        if each.release:
            base = f" of {each.release.base_number}" if each.release.origin == "rollback" else ""
            said.append(f"{each.release.origin}{base} by {each.release.by}")
            if each.release.approved_by:
                said.append(f"agreed to by {each.release.approved_by}")
        if each.standing:
            last = each.standing.last_ends
            ends = f", the last ends {last:%Y-%m-%d %H:%M} UTC" if last else ""
            said.append(f"{each.standing.runs} under way{ends}")
        common.say(("* " if each.live else "  ") + "  ".join(said))
    for order in moves_of(house, flow):
        told = f"{order.at:%Y-%m-%d %H:%M} UTC  {order.runs} runs moved from {order.from_number}"
        common.say(f"  {told} to {order.to_number} by {order.by}: {order.reason}")


@click.command()
@click.argument("flow")
@click.option(
    "--to", "number", type=int, required=True, help="The version whose content shall be live again."
)
@click.option("--reason", required=True, help="Why, for whoever reads the history.")
def rollback(flow: str, number: int, reason: str) -> None:
    """Make an older version's content live again, under a new number; runs under way finish on theirs."""
    house = _house(flow)
    try:
        made = going_live.roll_back(house, AT_THE_CONSOLE, flow, number, reason)
    except NoSuchVersion:
        _stop(f"{flow} has no version {number}; `narthex flows versions {flow}` lists them.")
    except SameContent:
        _stop(f"The content of version {number} is live already.")
    except NotPublishable as problem:
        for finding in problem.findings:
            click.echo(str(finding), err=True)
        _stop(f"Version {number} does not load with this program.")
    click.echo(
        f"{made.flow}  version {made.number}  {made.digest[:19]}  with the content of version {number}"
    )


@click.command()
@click.argument("flow")
@click.option("--reason", required=True, help="Why, for whoever reads it on the desk.")
def pause(flow: str, reason: str) -> None:
    """Let nobody begin FLOW for now; runs under way go on."""
    planning.pause(_house(flow), AT_THE_CONSOLE, flow, reason)
    click.echo(f"Nobody begins {flow} now. `narthex flows resume {flow}` ends that.")


@click.command()
@click.argument("flow")
def resume(flow: str) -> None:
    """Let people begin FLOW again."""
    there = planning.resume(_house(flow), AT_THE_CONSOLE, flow)
    click.echo(f"People can begin {flow} again." if there else f"{flow} was not paused.")
