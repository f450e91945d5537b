"""`narthex outbox`: what waits to leave the house, what failed, and trying or giving up one letter."""

import sys
from datetime import datetime, timedelta
from typing import NoReturn

import click

from app.cli import common
from app.cli.common import Moment
from app.runner import letters
from app.runner.letters import PAGE, LetterMissing, NotDone
from app.runner.staff.acts import AT_THE_CONSOLE
from app.store.letters import STATES, Asked

_WHY = {
    "not_given_up": "it was not given up, so there is nothing to try again",
    "too_late": "it would come too late; the applicant can ask for a new one on the page",
    "replaced": "its run has sent a newer message since; look at that one",
    "nothing_left": "what it said was erased or cannot be read any more",
    "not_waiting": "it does not wait: it is being handed over, or closed already",
}


@click.group()
def outbox() -> None:
    """What leaves the house: SMS, mail, events, card objects. Never to whom, never what it says."""


@outbox.command("standing")
def standing() -> None:
    """Count letters by channel and state; closed ones of the last seven days."""
    house = common.looking_house()
    for each in letters.standing(house):
        age = house.clock() - each.oldest
        click.echo(f"{each.channel:<8}  {each.state:<9}  {each.letters:>7}  oldest {_age(age)} ago")


@outbox.command("list")
@click.option("--state", type=click.Choice(STATES), help="How they stand.")
@click.option("--channel", help="sms, mail, webhook or google.")
@click.option("--flow", help="Of runs of this flow.")
@click.option("--run", "run", help="Of the run with this reference or id.")
@click.option("--since", type=Moment(), help="Left from then on.")
def list_letters(
    state: str | None, channel: str | None, flow: str | None, run: str | None, since: datetime | None
) -> None:
    """Show the newest letters that fit, fifty at most."""
    asked = Asked(state, channel, flow, run.lower() if run else None, since)
    found = letters.search(common.looking_house(), asked)
    for each in found[:PAGE]:
        of = f"{each.flow} {each.reference}" if each.reference else "-"
        click.echo(
            f"{each.id}  {each.created_at:%Y-%m-%d %H:%M} UTC  {each.channel:<8}  {each.state:<9}  "
            f"tries {each.tries:>2}  {of}"
        )
    if len(found) > PAGE:
        click.echo("... and older ones: narrow it by --state, --channel, --flow or --run.", err=True)


@outbox.command("show")
@click.argument("letter")
def show(letter: str) -> None:
    """Show a letter's attempts and what became of it."""
    try:
        told = letters.tell(common.looking_house(), letter)
    except LetterMissing:
        _unknown(letter)
    found = told.letter
    common.say(
        f"{found.channel}  {found.state}  receipt: {found.receipt or '-'}  to: {told.to or '(erased)'}"
    )
    click.echo(f"left {_moment(found.created_at)}, of use until {_moment(found.expires_at)}")
    for each in told.attempts:
        click.echo(
            f"{each.number:>3}  {each.started_at:%H:%M:%S}  {each.gateway}  {each.outcome or '(no answer)'}"
            f"  {each.reason or ''}".rstrip()
        )
    if found.state == "given_up":
        cure = f"it can be tried again: narthex outbox retry {letter}"
        click.echo(_WHY[told.refusal] if told.refusal else cure)


@outbox.command("retry")
@click.argument("letter")
def retry(letter: str) -> None:
    """Have a letter that was given up tried again, as often as a new one."""
    try:
        letters.retry(common.house(), AT_THE_CONSOLE, letter)
    except LetterMissing:
        _unknown(letter)
    except NotDone as problem:
        _stop(f"{letter}: {_WHY[problem.why]}.")
    click.echo("It waits to leave again.")


@outbox.command("give-up")
@click.argument("letter")
def give_up(letter: str) -> None:
    """Let go of a letter that waits; until it would come too late it can be tried again."""
    try:
        letters.give_up(common.house(), AT_THE_CONSOLE, letter)
    except LetterMissing:
        _unknown(letter)
    except NotDone as problem:
        _stop(f"{letter}: {_WHY[problem.why]}.")
    click.echo("Given up.")


def _moment(at: datetime) -> str:
    return f"{at:%Y-%m-%d %H:%M:%S} UTC"


def _age(age: timedelta) -> str:
    return str(timedelta(seconds=max(round(age.total_seconds()), 0)))


def _unknown(letter: str) -> NoReturn:
    _stop(f"There is no letter {letter}. `narthex outbox list` shows their ids.")


def _stop(sentence: str) -> NoReturn:
    click.echo(sentence, err=True)
    sys.exit(2)
