"""`narthex flows lint`: what is wrong with folders, for people, programs and code hosts."""

import json
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import partial
from importlib.metadata import version
from pathlib import Path
from typing import Literal, cast

import click

from app import config, wiring
from app.cli import common
from app.cli.flows import folders
from app.flow.findings import Finding
from app.flow.lint import Profile
from app.flow.loader import read_folder
from app.flow.reports import plain, sarif
from app.flow.source import Unreadable, read
from app.flow.spec import Language
from app.flow.worded import worded
from app.runner import linting
from app.runner.house import House
from app.runner.publish import check_folder, errors_of

Format = Literal["text", "json", "sarif"]

_BORNE: Mapping[Language, str] = {"en": "waived until", "bg": "с изключение до", "hu": "kivétel eddig:"}


@dataclass
class _Checked:
    """What was found in all folders, and the exit code so far."""

    found: list[Finding] = field(default_factory=list)
    worst: int = 0


@click.command()
@click.argument("folder", nargs=-1, type=click.Path(path_type=Path))
@click.option("--format", "form", type=click.Choice(["text", "json", "sarif"]), default="text")
@click.option("--lang", type=click.Choice(["en", "bg", "hu"]), default="en", help="Language of the words.")
@click.option(
    "--for",
    "profile",
    type=click.Choice(["live", "test"]),
    default="live",
    help="Published for whom: F030-F063 are only warnings for `test`.",
)
@click.option("--house", is_flag=True, help="With what is live, under way and recorded in this house.")
def lint(folder: tuple[Path, ...], form: str, lang: str, profile: str, house: bool) -> None:
    """Check FOLDERs (all flows by default). Ends with 0: no errors, 1: errors, 2: unreadable.

    An error that somebody bears by a waiver counts as none.
    """
    looking = common.looking_house() if house else None
    checked = _Checked()
    for each in folder or folders(config.load()):
        _check(checked, each, cast(Profile, profile), looking)
    _tell(checked.found, cast(Format, form), cast(Language, lang))
    sys.exit(checked.worst)


def _check(checked: _Checked, folder: Path, profile: Profile, house: House | None) -> None:
    today = common.today()
    try:
        if house is None:
            found = check_folder(folder, wiring.catalogue(), today, profile)
        else:
            files = read_folder(folder)
            found = linting.findings(house, files, str(folder), today=today, profile=profile)
        unreadable = _is_unreadable(folder)
    except Unreadable as problem:
        click.echo(str(problem), err=True)
        checked.worst = 2
        return
    checked.found += found
    checked.worst = max(checked.worst, 2 if unreadable else int(bool(errors_of(found))))


def _is_unreadable(folder: Path) -> bool:
    """Whether a file of the folder cannot be taken as YAML at all."""
    try:
        for name, content in read_folder(folder).items():
            read(content, str(folder / name))
    except Unreadable:
        return True
    return False


def _tell(found: list[Finding], form: Format, lang: Language) -> None:
    as_json = partial(json.dumps, ensure_ascii=False, indent=2)
    if form == "json":
        click.echo(as_json(plain(found, lang)))
    elif form == "sarif":
        click.echo(as_json(sarif([_from_here(each) for each in found], version("narthex"), lang)))
    else:
        for each in found:
            click.echo(_line(each, lang))


def _from_here(each: Finding) -> Finding:
    """Named from where the command runs, the root of a repository say, if it lies below it."""
    path = Path(each.path).absolute()
    here = Path.cwd()
    return replace(each, path=str(path.relative_to(here))) if path.is_relative_to(here) else each


def _line(each: Finding, lang: Language) -> str:
    """`PATH:LINE:COLUMN: CODE text`; who bears it stands behind."""
    words = " ".join(part for part in worded(each, lang) if part)
    borne = f" [{_BORNE[lang]} {each.waiver.until}: {each.waiver.owner}]" if each.waiver else ""
    return f"{each.path}:{each.line}:{each.column}: {each.code} {words}{borne}"
