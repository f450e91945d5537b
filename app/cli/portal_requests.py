"""`narthex portal requests`: reading, answering and closing what customers ask."""

import os
from pathlib import Path
from typing import NoReturn, TextIO

import click

from app.cli import common
from app.cli.portal import realm_of, shown, stop, wrong_words
from app.flow.normal.shape import ShapeProblem
from app.runner.house import House
from app.runner.portal import staff
from app.runner.portal.contents import content
from app.runner.portal.realms import RealmMissing
from app.runner.portal.requests import Thread
from app.runner.portal.staff import RequestClosed, RequestMissing
from app.store.files import StoredFile


@click.group()
def requests() -> None:
    """Requests of customers."""


@requests.command("list")
@click.option("--realm", required=True, help="The organisation's realm, as in its flow.")
@click.option("--all", "everything", is_flag=True, help="Answered and closed ones too.")
def list_requests(realm: str, everything: bool) -> None:
    """Show the requests that wait for an answer, the longest waiting first."""
    house = common.house()
    realm_of(house, realm)
    for each in staff.waiting(house, realm, closed_too=everything):
        click.echo(f"{each.reference}  {each.state:<8}  {shown(each.updated_at)}  {each.subject}")


@requests.command("show")
@click.argument("reference")
def show(reference: str) -> None:
    """Show a request with its messages; its files by number, for `save`."""
    thread = _thread(common.house(), reference)
    click.echo(f"{thread.request.reference}  {thread.request.state}  {thread.request.subject}")
    for message in thread.messages:
        click.echo(f"\n{message.author}, {shown(message.at)}")
        click.echo(message.text)
        if message.file:
            number = _files(thread).index(message.file) + 1
            click.echo(f"[file {number}: {message.file.name}, {message.file.size} bytes]")


@requests.command("save")
@click.argument("reference")
@click.argument("number", type=click.IntRange(min=1))
@click.argument("target", type=click.Path(path_type=Path))
def save(reference: str, number: int, target: Path) -> None:
    """Write the file NUMBER of a request to TARGET, which must not exist, readable by you alone."""
    house = common.house()
    files = _files(_thread(house, reference))
    if number > len(files):
        stop(f"The request has {len(files)} files; `narthex portal requests show {reference}` numbers them.")
    try:
        descriptor = os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        stop(f"{target}: is there already; name a new file.")
    with os.fdopen(descriptor, "wb") as out:
        for part in content(house, files[number - 1]):
            out.write(part)
    click.echo(f"{target}: {files[number - 1].size} bytes, {files[number - 1].media_type}")


@requests.command("answer")
@click.argument("reference")
@click.option("--text", default=None, help="The answer itself.")
@click.option("--file", "file", type=click.File("r", encoding="utf-8"), help="A text file; - for the input.")
@click.option("--close", "close_too", is_flag=True, help="Close the request with this answer.")
def answer(reference: str, text: str | None, file: TextIO | None, close_too: bool) -> None:
    """Answer a request; its owner is told by mail that an answer waits in the portal."""
    if (text is None) == (file is None):
        stop("Give the answer by --text or by --file, one of the two.")
    house = common.house()
    try:
        staff.answer(house, _plain(reference), file.read() if file else text or "", close=close_too)
    except UnicodeDecodeError:
        stop("--file: is not UTF-8 text; save it as UTF-8.")
    except ShapeProblem as problem:
        wrong_words("The answer", problem)
    except RequestMissing:
        _unknown(reference)
    except RequestClosed:
        stop("The request is closed: nothing can be added. The customer can write a new one.")
    except RealmMissing as problem:
        stop(f"No live flow has the request's realm '{problem}': publish it, then answer.")
    click.echo("Answered and closed." if close_too else "Answered.")


@requests.command("close")
@click.argument("reference")
def close(reference: str) -> None:
    """Close a request for good, without a message."""
    try:
        done = staff.close(common.house(), _plain(reference))
    except RequestMissing:
        _unknown(reference)
    click.echo("Closed." if done else "It was closed already.")


def _plain(reference: str) -> str:
    return reference.strip().lower()


def _thread(house: House, reference: str) -> Thread:
    try:
        return staff.thread(house, _plain(reference))
    except RequestMissing:
        _unknown(reference)


def _files(thread: Thread) -> list[StoredFile]:
    return [message.file for message in thread.messages if message.file]


def _unknown(reference: str) -> NoReturn:
    stop(f"There is no request {reference}. `narthex portal requests list --realm …` shows them.")
