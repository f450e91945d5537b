"""`narthex texts`: words in all languages, out to translators and back, and what is up to date."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import get_args

import click

from app import wiring
from app.cli import common
from app.flow.findings import suggestion
from app.flow.loader import load, read_folder
from app.flow.spec import FlowSpec
from app.flow.translated import TRANSLATED, Wording, marked, wording
from app.flow.wording import Sort
from app.runner import named
from app.runner.texts.export import workbook

_SORTS: tuple[Sort, ...] = get_args(Sort)
_ONLY = tuple(sort for sort in _SORTS if sort not in {"unknown_key"})


@click.group()
def texts() -> None:
    """The words of a flow: to translators and back, and which translations are up to date."""


class _Only(click.ParamType[tuple[Sort, ...]]):
    name = "sorts"

    def convert(
        self,
        value: str,
        param: click.Parameter | None,  # noqa: ARG002
        ctx: click.Context | None,  # noqa: ARG002
    ) -> tuple[Sort, ...]:
        named_sorts = [word.strip() for word in value.split(",") if word.strip()]
        for word in named_sorts:
            if word not in _ONLY:
                self.fail(f"'{word}' is no sort of finding. {suggestion(word, _ONLY)}")
        return tuple(sort for sort in _ONLY if sort in named_sorts)


@texts.command()
@click.argument("flow")
@click.option("--of", "which", default=named.LIVE, show_default=True, help="live, draft, or a version.")
@click.option("--xlsx", required=True, type=click.Path(dir_okay=False, path_type=Path), help="The file.")
@click.option("--lang", multiple=True, help="Only this language; may be given several times.")
@click.option("--only", type=_Only(), default="", help="Only texts that are so, e.g. stale,missing.")
def export(flow: str, which: str, xlsx: Path, lang: tuple[str, ...], only: tuple[Sort, ...]) -> None:
    """Write the texts of FLOW (a folder, or a published flow's name) into a workbook for translators."""
    name, there, spec = _words_of(flow, which)
    _spoken(there, lang)
    content = workbook(name, there, lang, only, spec=spec)
    xlsx.write_bytes(content)
    click.echo(f"{xlsx} written: {', '.join(lang or there.translations)}.")


def _words_of(flow: str, which: str) -> tuple[str, Wording, FlowSpec | None]:
    if Path(flow).is_dir():
        files = read_folder(Path(flow))
        loaded = load(files, wiring.catalogue(), root=flow).flow
        return _name(Path(flow), files), wording(files, flow), loaded.spec if loaded else None
    try:
        found = named.definition(common.looking_house(), flow, which)
    except named.NotThere:
        raise click.UsageError(f"There is no folder '{flow}', and no {which} of such a flow.") from None
    return flow, wording(found.files, f"{flow} {which}"), found.flow.spec if found.flow else None


def _name(folder: Path, files: Mapping[str, str]) -> str:
    loaded = load(files, wiring.catalogue(), root=str(folder)).flow
    return loaded.name if loaded else folder.resolve().name


def _spoken(there: Wording, languages: Sequence[str]) -> None:
    for each in languages:
        if each not in there.translations:
            known = suggestion(each, there.translations)
            raise click.UsageError(f"'{each}' is no language that is translated into here. {known}")


@texts.command()
@click.argument("folder", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option("--lang", multiple=True, help="Only this language; may be given several times.")
@click.option("--key", multiple=True, help="Only this text; may be given several times.")
def mark(folder: Path, lang: tuple[str, ...], key: tuple[str, ...]) -> None:
    """Note in FOLDER that its translations are right for the source texts as they are now."""
    files = read_folder(folder)
    there = wording(files, str(folder))
    _spoken(there, lang)
    for each in key:
        if each not in there.words(there.source):
            raise click.UsageError(f"No text has the key '{each}'. {suggestion(each, there.every_key())}")
    for language in lang or there.translations:
        files[TRANSLATED] = marked(files, language, key or there.every_key())
        count = len(wording(files).translated.made_from(language))
        click.echo(f"{language}: {count} texts up to date with {there.source}.")
    if TRANSLATED in files:
        common.write_whole(folder / TRANSLATED, files[TRANSLATED])
