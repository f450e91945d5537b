"""`narthex flows diagram`: a definition as a picture, for a page, for Graphviz or for Mermaid."""

import sys
from pathlib import Path

import click

from app import config, drawing, wiring
from app.cli.flows import folders
from app.config import Settings
from app.flow.diagram import Diagram, mermaid
from app.flow.diagram import diagram as picture_of
from app.flow.findings import suggestion
from app.flow.loader import load, read_folder

_FORMS = {
    "svg": lambda picture: drawing.svg(picture, f"Diagram of {picture.flow}") + "\n",
    "dot": drawing.dot,
    "mermaid": mermaid,
}


@click.command()
@click.argument("flow")
@click.option("--as", "form", type=click.Choice(list(_FORMS)), default="svg", show_default=True)
@click.option("--out", type=click.Path(dir_okay=False, path_type=Path), help="Write to this file.")
def diagram(flow: str, form: str, out: Path | None) -> None:
    """Draw FLOW (a name, or a folder) from its definition, so that the picture cannot lie."""
    written = _FORMS[form](_picture(config.load(), flow))
    if out is None:
        click.echo(written, nl=False)
    else:
        out.write_text(written, encoding="utf-8")
        click.echo(f"{out} written.")


def _picture(settings: Settings, named: str) -> Diagram:
    known = {folder.name: folder for folder in folders(settings)}
    folder = known.get(named, Path(named))
    if not folder.is_dir():
        raise click.UsageError(f"There is no flow '{named}'. {suggestion(named, known)}")
    loaded = load(read_folder(folder), wiring.catalogue(), root=str(folder))
    if loaded.flow is None:
        for finding in loaded.findings:
            click.echo(str(finding), err=True)
        sys.exit(2)
    return picture_of(loaded.flow)
