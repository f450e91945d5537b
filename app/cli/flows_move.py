"""`narthex flows move`: letting runs under way go on on another version, or saying what would come of it."""

import sys
from collections.abc import Iterable, Iterator
from typing import NoReturn

import click

from app.cli import common
from app.flow.findings import suggestion
from app.flow.moving import Hindrance, Obstacle, WrongMapping
from app.runner.house import FlowMissing, House
from app.runner.moving.carrying import carry_out
from app.runner.moving.planning import Plan, SameVersion, course_of, plan
from app.runner.staff.acts import AT_THE_CONSOLE

_WHY: dict[Obstacle, str] = {
    "left": "they are left where they are",
    "no_state": "there is no state '{name}' any more; say with --map where they go",
    "other_kind": "the state is of another kind now ({name}); say with --map where else they go",
    "unproven": "the state wants '{name}' proven, which was not asked for before",
    "code_differs": "the code '{name}' is another one now",
    "link_differs": "the link '{name}' is another one now",
    "card_differs": "the card '{name}' is filled in otherwise now",
    "account_differs": "the account '{name}' is made otherwise now",
    "field_missing": "'{name}' was never asked, and the state needs it; --map them to a state before that",
    "field_type": "what was answered to '{name}' would not be accepted; --map them to a state before that",
    "erased": "their answers are erased",
    "over": "their time is over; the clock ends them",
    "moved_on": "they took a step meanwhile; carry it out once more",
}


@click.command("move")
@click.argument("flow")
@click.option("--from", "old", type=int, required=True, help="The version the runs stand on.")
@click.option("--to", "new", type=int, help="The version to go on on; the live one by default.")
@click.option(
    "--map",
    "pairs",
    multiple=True,
    metavar="OLD=NEW",
    help="Where a state leads that is called otherwise, or, with nothing behind the =, that they stay.",
)
@click.option("--dry-run", is_flag=True, help="Say what would come of it, and do nothing.")
@click.option("--reason", help="Why, for whoever reads the history; not needed with --dry-run.")
def move(
    flow: str, old: int, new: int | None, pairs: tuple[str, ...], dry_run: bool, reason: str | None
) -> None:
    """Let the runs of FLOW that are under way on one version go on on another.

    Without this they finish on the version they began on. A state keeps its name, or leads to the one it was
    renamed to. Each run is moved by itself: broken off, the command can be given again. Moved the other way
    round, they are back.

    Ends with 0: all moved, 1: some stay, 2: wrong.
    """
    if not dry_run and not (reason or "").strip():
        _stop("Say why with --reason, or look first with --dry-run.")
    house = common.house()
    planned = _planned(house, flow, old, new, pairs)
    for line in _lines(planned):
        common.say(line)
    if dry_run:
        sys.exit(int(bool(planned.stay)))
    done = carry_out(house, AT_THE_CONSOLE, planned.course, (reason or "").strip())
    common.say(f"{flow}: {done.runs} moved to version {planned.course.new.number}, {done.stay} stay.")
    late = done.blocked[Hindrance("moved_on")]
    if late:
        common.say(f"{late} of them took a step meanwhile; carry it out once more.")
    sys.exit(int(bool(done.stay)))


def _planned(house: House, flow: str, old: int, new: int | None, pairs: tuple[str, ...]) -> Plan:
    try:
        return plan(house, course_of(house, flow, old, dict(_pairs(pairs)), new))
    except FlowMissing:
        names = house.shelf.names()
        if flow not in names:
            _stop(f"There is no flow '{flow}'. {suggestion(flow, names)}")
        _stop(f"{flow} has no such version; `narthex flows versions {flow}` lists them.")
    except SameVersion:
        _stop(f"They stand on version {old} already; name another one with --to.")
    except WrongMapping as wrong:
        near = f" Did you mean '{wrong.near}'?" if wrong.near else ""
        which = "the version they stand on" if wrong.old else "the version they go to"
        _stop(f"--map: there is no state '{wrong.name}' in {which}.{near}")


def _pairs(pairs: Iterable[str]) -> Iterator[tuple[str, str]]:
    for pair in pairs:
        old, sign, new = pair.partition("=")
        if not sign or not old:
            _stop(f"--map {pair}: write OLD=NEW, for example --map ask=identify.")
        yield old.strip(), new.strip()


def _lines(planned: Plan) -> Iterator[str]:
    for leg in planned.legs:
        example = f"for example {leg.example.reference}"
        yield f"{leg.runs:>6}  {leg.state} -> {leg.to}  {example}"
    for each in planned.blocked:
        why = _WHY[each.hindrance.why].format(name=each.hindrance.name)
        yield f"{each.runs:>6}  {each.state} stays: {why}  for example {each.example.reference}"
    yield f"{len(planned.moving)} move, {planned.stay} stay."


def _stop(sentence: str) -> NoReturn:
    click.echo(sentence, err=True)
    sys.exit(2)
