"""`narthex flows new`: a folder to start from."""

import sys
from pathlib import Path

import click

from app import config
from app.cli import common
from app.flow.starters import NAMES, UnfitFlow, offered, started

_CURES = {
    "name": "Write 1 to 30 small Latin letters, digits and _, a letter first.",
    "long": "Write 30 characters at most.",
    "reserved": "That address is the house's own; choose another name.",
    "languages": "Name each language once.",
}


@click.command("new")
@click.argument("name")
@click.option("--from", "starter", type=click.Choice(NAMES), default="form", show_default=True)
@click.option(
    "--lang",
    "languages",
    multiple=True,
    type=click.Choice(sorted(offered())),
    help="May be given several times; the first one is what others are translated from. All by default.",
)
@click.option("--to", "folder", type=click.Path(path_type=Path), help="workflows/NAME by default.")
def new(name: str, starter: str, languages: tuple[str, ...], folder: Path | None) -> None:
    """Make the folder of a flow called NAME, which runs as it is: edit it, then publish it.

    It starts from `form`, a form and done; `code`, with a code by email; or `register`, with a match.

    Ends with 2 where there is such a folder already, or the name cannot be one.
    """
    there = folder or config.load().home / "workflows" / name
    if there.exists():
        click.echo(f"{there}: there already. Choose another name, or take it away first.", err=True)
        sys.exit(2)
    try:
        made = started(starter, name, languages or ("en", "bg", "hu"), common.today())
    except UnfitFlow as unfit:
        click.echo(f"'{name}' cannot be a flow's name. {_CURES[unfit.code]}", err=True)
        sys.exit(2)
    for file, text in {**made.files, **made.beside}.items():
        (there / file).parent.mkdir(parents=True, exist_ok=True)
        (there / file).write_text(text, encoding="utf-8")
        click.echo(str(there / file))
    click.echo(
        f"Next: edit {there}/flow.yaml, `narthex flows gate {there}`, `narthex flows publish {there}`."
    )
