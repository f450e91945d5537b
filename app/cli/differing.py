"""`narthex flows diff`: what one definition does otherwise than another, in words, as data, as a picture."""

import json
import sys
from collections.abc import Iterable
from itertools import groupby
from pathlib import Path
from typing import Any

import click

from app import drawing, wiring
from app.cli import common
from app.drawing import Marks, TooLarge
from app.flow.difference.change import Change
from app.flow.difference.union import Fate, Union
from app.flow.difference.wording import TABLES, heading, sentence, word
from app.runner.comparing import Compared, NotNamed, compared, sides
from app.runner.named import Definition

_FATES: tuple[Fate, ...] = ("added", "removed", "changed")


@click.command()
@click.argument("old")
@click.argument("new")
@click.option("--flow", help="Of which flow, where numbers, `live` or `draft` do not say it.")
@click.option("--lang", type=click.Choice(sorted(TABLES)), default="en", show_default=True)
@click.option("--json", "as_json", is_flag=True, help="One JSON object: each change with its sentence.")
@click.option("--svg", type=click.Path(dir_okay=False, path_type=Path), help="Write both as one picture.")
def diff(old: str, new: str, flow: str | None, lang: str, as_json: bool, svg: Path | None) -> None:
    """Say what NEW does otherwise than OLD: each a folder, a version's number, `live` or `draft`.

    Ends with 0: the same, 1: different, 2: one of them cannot be read.
    """
    catalogue = wiring.catalogue()
    try:
        found = compared(catalogue, *sides(common.looking_house, catalogue, old, new, flow))
    except NotNamed as problem:
        click.echo(str(problem), err=True)
        sys.exit(2)
    if found.changes is None or found.union is None:
        for side in (found.old, found.new):
            _tell_findings(side)
        sys.exit(2)
    if as_json:
        click.echo(json.dumps(_plain(found, found.changes, lang), ensure_ascii=False, indent=2))
    else:
        _tell(found.changes, lang)
    if svg is not None:
        _draw(svg, found.union, lang)
    sys.exit(0 if found.same else 1)


def _tell_findings(side: Definition) -> None:
    for finding in side.findings:
        common.say(str(finding), err=True)


def _tell(changes: Iterable[Change], lang: str) -> None:
    ordered = sorted(changes, key=lambda each: heading(each.subject, lang))
    for title, group in groupby(ordered, key=lambda each: heading(each.subject, lang)):
        common.say(title)
        for each in group:
            common.say(f"  {sentence(each, lang)}")


def _plain(found: Compared, changes: Iterable[Change], lang: str) -> dict[str, Any]:
    return {
        "flow": found.new.name,
        "old": {"which": found.old.which, "number": found.old.number, "digest": found.old.digest},
        "new": {"which": found.new.which, "number": found.new.number, "digest": found.new.digest},
        "same": found.same,
        "changes": [{**each.plain(), "sentence": sentence(each, lang)} for each in changes],
        "files": [each.file for each in found.patches],
    }


def _draw(file: Path, both: Union, lang: str) -> None:
    notes = both.notes({fate: word(f"mark.{fate}", lang) for fate in _FATES})
    try:
        written = drawing.svg(both.picture, both.picture.flow, Marks(dict(both.fates), notes))
    except TooLarge:
        click.echo(
            "Both together have too many states for a picture; the sentences tell all of it.", err=True
        )
        sys.exit(2)
    file.write_text(written + "\n", encoding="utf-8")
    click.echo(f"{file} written.", err=True)
