"""`narthex portal`: what the organisation's staff does for customers. Nothing here knows a password."""

import sys
from datetime import datetime
from pathlib import Path
from typing import NoReturn

import click

from app.cli import common
from app.flow.normal.shape import ShapeProblem
from app.runner.house import FlowMissing, House
from app.runner.portal import documents as filing
from app.runner.portal.documents import CustomerMissing
from app.runner.portal.erasure import erase_account
from app.runner.portal.realms import Realm, RealmMissing
from app.runner.portal.realms import realm as find_realm
from app.runner.portal.uploads import NotTaken
from app.store import accounts as store
from app.store import customers, logins

_SHAPES = {
    "required": "is empty; write something",
    "too_long": "is too long; shorten it",
    "unusual_characters": "holds control characters; take them out",
}
_NOT_TAKEN = {
    "empty": "the file is empty",
    "too_large": f"the file is larger than {filing.LARGEST // 1024 // 1024} MB; make it smaller",
    "wrong_type": "not a PDF, JPEG or PNG by its content; convert it to one of them",
}


def stop(sentence: str) -> NoReturn:
    """End the command with what is wrong and the cure; exit code 2."""
    click.echo(sentence, err=True)
    sys.exit(2)


def wrong_words(what: str, problem: ShapeProblem) -> NoReturn:
    """End the command because of an option's words."""
    stop(f"{what} {_SHAPES.get(problem.code, f'is not written as it should be ({problem.code})')}.")


def shown(at: datetime) -> str:
    """A moment on one line of a list."""
    return f"{at:%Y-%m-%d %H:%M} UTC"


def realm_of(house: House, name: str) -> Realm:
    """The realm; the command ends with the names there are."""
    try:
        return find_realm(house, name)
    except RealmMissing:
        names = ", ".join(sorted(_realms(house))) or "none; publish a flow with an `accounts` section"
        stop(f"No portal is at realm '{name}'. Realms with a portal: {names}.")


def _realms(house: House) -> set[str]:
    found = set()
    for name in house.shelf.names():
        try:
            spec = house.shelf.live(name).spec
        except FlowMissing:
            continue
        if spec.accounts:
            found.add(spec.realm)
    return found


def _numbers(house: House, here: Realm, written: str) -> dict[str, str]:
    kind, equals, number = written.partition("=")
    kinds = ", ".join(f"{each}=…" for each in here.spec.customer)
    if not equals or kind not in here.spec.customer:
        stop(f"--customer: write the sort of number and the number. At realm '{here.name}': {kinds}")
    try:
        return filing.numbers(house, here, kind, number)
    except ShapeProblem as problem:
        wrong_words(f"--customer: the {kind}", problem)


def _unknown_customer() -> NoReturn:
    stop("No customer in this portal has that number. Check it, or give --name to make the customer.")


@click.group()
def portal() -> None:
    """The customer portal's other side: documents, requests, accounts."""


_realm = click.option("--realm", required=True, help="The organisation's realm, as in its flow.")
_customer = click.option("--customer", required=True, metavar="KIND=NUMBER", help="policy_number=… or eik=…")


@portal.group("documents")
def documents() -> None:
    """Documents filed for customers."""


@documents.command("file")
@_realm
@_customer
@click.option("--title", required=True, help="What the customer reads in the list.")
@click.option("--name", default="", help="Make the customer under this name if the portal does not know it.")
@click.argument("file", type=click.Path(path_type=Path))
def file_document(realm: str, customer: str, title: str, name: str, file: Path) -> None:
    """File FILE (PDF, JPEG or PNG) for a customer, who finds it under Documents."""
    house = common.house()
    known_by = _numbers(house, realm_of(house, realm), customer)
    try:
        with file.open("rb") as stream:
            document = filing.file_document(
                house, realm, known_by, title, file.name, stream, customer_name=name.strip()
            )
    except NotTaken as problem:
        stop(f"{file}: {_NOT_TAKEN[problem.code]}.")
    except ShapeProblem as problem:
        wrong_words("--title", problem)
    except CustomerMissing:
        _unknown_customer()
    readers = filing.of_customer(house, realm, known_by)[2]
    click.echo(f"{document}  filed; accounts that can read it: {readers}")


@documents.command("list")
@_realm
@_customer
def list_documents(realm: str, customer: str) -> None:
    """Show a customer's documents, the newest first."""
    house = common.house()
    known_by = _numbers(house, realm_of(house, realm), customer)
    try:
        _, theirs, readers = filing.of_customer(house, realm, known_by)
    except CustomerMissing:
        _unknown_customer()
    for each in theirs:
        click.echo(f"{each.id}  {shown(each.filed_at)}  {each.file.size:>9}  {each.title}")
    click.echo(f"{len(theirs)} documents; accounts that can read them: {readers}")


@documents.command("withdraw")
@_realm
@_customer
@click.argument("document")
def withdraw_document(realm: str, customer: str, document: str) -> None:
    """Take DOCUMENT (an id of `list`) back for good: nobody reads it any more."""
    house = common.house()
    known_by = _numbers(house, realm_of(house, realm), customer)
    try:
        theirs = filing.of_customer(house, realm, known_by)[0]
    except CustomerMissing:
        _unknown_customer()
    if not filing.withdraw(house, theirs.id, document):
        stop(f"The customer has no document {document}. `narthex portal documents list` shows the ids.")
    click.echo("Withdrawn.")


@portal.group("accounts")
def accounts() -> None:
    """Logins of customers, by id; whose they are is not shown."""


@accounts.command("list")
@_realm
def list_accounts(realm: str) -> None:
    """Show the realm's accounts: id, since when, confirmed or not, how many customers."""
    house = common.house()
    realm_of(house, realm)
    with house.database.read() as connection:
        for each in store.of_realm(connection, house.vault, realm):
            state = "confirmed" if each.confirmed_at else "not confirmed"
            count = len(customers.of_account(connection, house.vault, each.id))
            click.echo(f"{each.id}  {shown(each.created_at)}  {state:<13}  customers: {count}")


@accounts.command("end-logins")
@click.argument("account")
def end_logins(account: str) -> None:
    """End every open login of ACCOUNT; its password stays as it is."""
    house = common.house()
    with house.database.write() as connection:
        if store.by_id(connection, house.vault, account) is None:
            _unknown_account()
        ended = logins.end_all(connection, account, house.clock())
    click.echo(f"{ended} logins ended.")


@accounts.command("forget")
@click.argument("account")
@click.option("--customers", "customers_too", is_flag=True, help="Also the customers nobody else acts for.")
@click.option("--yes", is_flag=True, help="Yes, for good: there is no way back.")
def forget(account: str, customers_too: bool, yes: bool) -> None:
    """Erase ACCOUNT with its logins, requests and files for good."""
    if not yes:
        stop("Nothing was erased. It cannot be undone: repeat the command with --yes.")
    house = common.house()
    erased = erase_account(house, account, customers_too=customers_too)
    if erased is None:
        _unknown_account()
    click.echo(
        f"Account erased, with {erased.files} files, {erased.customers} customers "
        f"and their {erased.documents} documents."
    )
    if erased.kept:
        click.echo(f"{erased.kept} customers stay, with their documents, though nobody can log in for them.")


def _unknown_account() -> NoReturn:
    stop("There is no such account. `narthex portal accounts list --realm …` shows their ids.")
