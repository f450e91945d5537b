"""`narthex staff`: who works at the desk, what they may be, what they did."""

import re
import sys
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import NoReturn

import click

from app.cli import common
from app.cli.portal import shown, stop
from app.runner.house import House
from app.runner.staff import acts as trail
from app.runner.staff import people
from app.runner.staff.people import PasswordTooWeak, StaffMissing, UnfitName
from app.runner.staff.who import ROLES, Role
from app.store.staff import NameTaken, StoredStaff, issuer_of

_FAULTS = {
    "too_short": "is shorter than 15 characters; a few words with spaces between them are easy to keep",
    "common": "is among those that everybody tries first; choose another",
    "about_you": "holds the name or the word narthex; take it out",
}
_A_DAY = timedelta(days=1)


@click.group()
def staff() -> None:
    """Staff of the desk at /desk: names, roles, passwords, and what they did there."""


_roles = click.option(
    "--role", "roles", multiple=True, required=True, type=click.Choice(ROLES), help="May be given twice."
)
_stdin = click.option(
    "--password-stdin", "from_stdin", is_flag=True, help="The first line of standard input."
)
_generate = click.option("--generate", is_flag=True, help="Make a password up and print it, once.")


@staff.command()
@click.argument("name")
@_roles
@_stdin
@_generate
def add(name: str, roles: Sequence[Role], from_stdin: bool, generate: bool) -> None:
    """Take NAME in, with one or more roles. Without an option the password is asked for twice."""
    try:
        people.check_name(name)
    except UnfitName:
        stop(
            f"'{name}' cannot be a name at the desk. Write 2 to 40 lower case letters, digits, dots and "
            "dashes, with a letter or a digit at both ends."
        )
    house = common.house()
    if any(member.name == name for member in people.everyone(house)):
        _taken(name)
    password = _password(name, from_stdin, generate)
    try:
        people.add(house, name, roles, password)
    except NameTaken:
        _taken(name)
    _tell(f"{name} can log in at /desk/login.", password if generate else "")


@staff.command("list")
def list_staff() -> None:
    """Show everybody: name, roles, since when, how they log in, when they left."""
    members = people.everyone(common.house())
    width = max((len(member.name) for member in members), default=0)
    for member in members:
        left = f"  left {shown(member.left_at)}" if member.left_at else ""
        roles = ",".join(member.roles)
        since = f"since {shown(member.created_at)}  {_ways_in(member)}"
        click.echo(f"{member.name:<{width}}  {roles:<11}  {since}{left}")
    if not members:
        click.echo("Nobody yet. Take somebody in with: narthex staff add NAME --role qa")


def _ways_in(member: StoredStaff) -> str:
    if member.subject:
        return f"by {issuer_of(member.subject)}"
    return "password and second factor" if member.totp_at else "password"


@staff.command("roles")
@click.argument("name")
@_roles
def set_roles(name: str, roles: Sequence[Role]) -> None:
    """Give NAME these roles and no others, from the next page on."""
    house = common.house()
    try:
        people.set_roles(house, name, roles)
    except StaffMissing:
        _missing(house, name)
    click.echo(f"{name}: {', '.join(role for role in ROLES if role in roles)}.")


@staff.command("password")
@click.argument("name")
@_stdin
@_generate
def set_password(name: str, from_stdin: bool, generate: bool) -> None:
    """Give NAME another password; ends every login of theirs."""
    house = common.house()
    if not _present(house, name).has_password:
        stop(f"{name} logs in by the organisation's identity provider and has no password here.")
    password = _password(name, from_stdin, generate)
    try:
        ended = people.set_password(house, name, password)
    except StaffMissing:
        _missing(house, name)
    _tell(f"{name} has another password; {ended} logins ended.", password if generate else "")


@staff.command("second-factor")
@click.argument("name")
@click.option("--reset", is_flag=True, help="Take it away, with every login: for who lost phone and codes.")
def second_factor(name: str, reset: bool) -> None:
    """Show whether NAME has a second factor, or take it away; at the next login another one is set up."""
    house = common.house()
    member = _present(house, name)
    if not reset:
        since = f"a code is asked for since {shown(member.totp_at)}" if member.totp_at else "no second factor"
        click.echo(f"{name}: {since}.")
        return
    there = people.reset_second_factor(house, name)
    gone = "the second factor is taken away" if there else "there was no second factor"
    click.echo(f"{name}: {gone}; every login ended.")


@staff.command()
@click.argument("name")
def leave(name: str) -> None:
    """Let NAME go: every login ends, the password opens nothing, the name is not used again."""
    house = common.house()
    try:
        ended = people.leave(house, name)
    except StaffMissing:
        _missing(house, name)
    click.echo(f"{name} has left; {ended} logins ended.")


@staff.command()
@click.option("--since", metavar="WHEN", help="2026-11-22, or 2026-11-22T14:30 (UTC); default: a week ago.")
@click.option("--verify", is_flag=True, help="Check the chain of acts: 0 whole, 1 not.")
@click.option("--link", "kept", metavar="LINK", help="With --verify: one it told earlier.")
def acts(since: str | None, verify: bool, kept: str | None) -> None:
    """Show what staff did and what was refused to them, the oldest first.

    --verify ends with 1 when an act was altered or taken out, and names the first one; what came after a link
    that an earlier --verify told cannot have been taken away unseen.
    """
    house = common.house()
    if verify:
        _verify(house, kept)
    if kept:
        stop("--link: only goes with --verify.")
    for act in trail.acts_since(house, _moment(since) if since else house.clock() - 7 * _A_DAY):
        refused = "  refused" if act.outcome == "refused" else ""
        click.echo(f"{shown(act.at)}  {act.staff:<12}  {act.act:<14}  {act.subject}{refused}".rstrip())


def _verify(house: House, kept: str | None) -> NoReturn:
    if kept is not None and not re.fullmatch("[0-9a-f]{64}", kept):
        stop("--link: write the 64 signs that an earlier --verify told.")
    checked = trail.check_chain(house, kept)
    if checked.older:
        click.echo(f"Older than the chain, and so not checked: {checked.older} acts.")
    if checked.fault:
        click.echo(f"{checked.fault} Acts 1 to {checked.acts} are as they were noted.", err=True)
        sys.exit(1)
    click.echo(f"{checked.acts} acts, all as they were noted. Link of the last: {checked.head}")
    click.echo("Keep it somewhere else: --verify --link with it shows whether newer acts were taken away.")
    sys.exit(0)


def _moment(written: str) -> datetime:
    try:
        moment = datetime.fromisoformat(written)
    except ValueError:
        stop(f"--since: '{written}' is no day or time; write 2026-11-22 or 2026-11-22T14:30.")
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def _password(name: str, from_stdin: bool, generate: bool) -> str:
    """The new password, by the way that was chosen; the command ends where it breaks a rule."""
    if from_stdin and generate:
        stop("Give one of --password-stdin and --generate, not both.")
    if generate:
        return people.made_up_password(name)
    password = _first_line() if from_stdin else _typed()
    try:
        people.check_password(name, password)
    except PasswordTooWeak as weak:
        stop("The password " + "; it ".join(_FAULTS.get(code, code) for code in weak.codes) + ".")
    return password


def _first_line() -> str:
    return sys.stdin.readline().rstrip("\r\n")


def _typed() -> str:
    if not sys.stdin.isatty():
        stop("There is no terminal to ask for a password; use --password-stdin or --generate.")
    typed: str = click.prompt(
        "Password (15 characters or more)", hide_input=True, confirmation_prompt="Once more"
    )
    return typed


def _tell(sentence: str, password: str) -> None:
    click.echo(sentence)
    if password:
        click.echo(f"The password, shown this once: {password}")


def _present(house: House, name: str) -> StoredStaff:
    found = [each for each in people.everyone(house) if each.name == name and each.left_at is None]
    return found[0] if found else _missing(house, name)


def _taken(name: str) -> NoReturn:
    stop(f"'{name}' is or was somebody's name at the desk, and acts are noted under it; choose another.")


def _missing(house: House, name: str) -> NoReturn:
    names = ", ".join(member.name for member in people.everyone(house) if member.left_at is None)
    stop(f"Nobody at the desk is called '{name}'. There is: {names or 'nobody yet'}.")
