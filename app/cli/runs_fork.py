"""`narthex runs fork`: a recorded run brought about again up to a step, and the step taken otherwise."""

import sys
import tempfile
from datetime import UTC, datetime
from pathlib import Path

import click

from app.application import build_pages
from app.cli import common
from app.flow.definition import Flow
from app.flow.replay.why import why
from app.runner.publish import NotPublishable
from app.runner.replaying.replay import NoSuchRun
from app.runner.staff.acts import AT_THE_CONSOLE
from app.sandbox import outbox
from app.sandbox.fork import Forked, NoSuchStep, Wish
from app.sandbox.fork import fork as forking
from app.sandbox.sandboxes import Sandboxes


@click.command()
@click.argument("run")
@click.option("--at", "step", type=click.IntRange(1), required=True, help="The step that goes otherwise.")
@click.option(
    "--say",
    multiple=True,
    metavar="GUARD=ANSWER",
    help="What a guard answers there: yes, no, unavailable, or a reason of its own.",
)
def fork(run: str, step: int, say: tuple[str, ...]) -> None:
    """Bring RUN about again up to a step, with invented people in a sandbox, and take that step once more.

    Nothing is sent and nothing is kept. Ends with 0: taken, 1: a step cannot be brought about again, 2: there
    is no such run, step or answer, or a guard of --say is not asked there.
    """
    pairs = dict(each.split("=", 1) for each in say if "=" in each)
    if len(pairs) != len(say):
        raise click.UsageError("Write --say guard=answer, for example --say card_found=unknown.")
    settings = common.settings()
    house = common.looking_house()
    with tempfile.TemporaryDirectory(prefix="narthex-fork-") as scratch:
        sandboxes = Sandboxes(
            Path(scratch),
            settings.home,
            lambda: datetime.now(UTC),
            lambda _: "http://localhost",
            build_pages,
        )
        try:
            forked = forking(house, sandboxes, AT_THE_CONSOLE, Wish(run, step, say=pairs), take=True)
            sandbox = sandboxes.open(forked.sheet.id)
            _tell(forked, sandbox.flow, pairs)
            for message in outbox.sent(sandbox.folder, sandbox.house.vault):
                click.echo(f"   would send: {message.channel} to {message.to}")
        except (NoSuchRun, NoSuchStep) as problem:
            click.echo(str(problem), err=True)
            sys.exit(2)
        except NotPublishable as problem:
            click.echo(str(problem.findings[0]), err=True)
            sys.exit(2)
        finally:
            sandboxes.close()
    sys.exit(1 if forked.stopped else 2 if _unasked(forked, pairs) else 0)


def _unasked(forked: Forked, said: dict[str, str]) -> bool:
    return forked.taken is not None and not said.keys() <= {each.guard for each in forked.taken.judged}


def _tell(forked: Forked, flow: Flow, said: dict[str, str]) -> None:
    for line in forked.told:
        click.echo(line)
    if forked.stopped:
        click.echo(f"Stopped: {forked.stopped}.", err=True)
    if forked.taken is None:
        return
    asked = [each.guard for each in forked.taken.judged]
    for guard, code in said.items():
        if guard in asked:
            click.echo(f"   {guard} was made to say {code}")
        else:
            there = ", ".join(asked) or "none"
            click.echo(f"   {guard} was not asked at this step, so nothing changed; asked: {there}", err=True)
    for way in why(flow, forked.taken).ways:
        click.echo(f"   {way.sentence}")
