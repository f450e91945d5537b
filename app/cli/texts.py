"""`narthex texts`: words in all languages, out to translators and back, and what is up to date."""

import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import get_args

import click

from app import wiring
from app.cli import common
from app.flow.edit import apply
from app.flow.findings import suggestion
from app.flow.loader import load, read_folder
from app.flow.spec import FlowSpec
from app.flow.text_edits import edits_for
from app.flow.translated import TRANSLATED, Wording, marked, wording
from app.flow.wording import Sort
from app.runner import named
from app.runner.texts import intake as taking
from app.runner.texts.export import workbook
from app.runner.texts.intake import NotTexts, Refused

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


@texts.command("import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.argument("folder", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option("--dry-run", is_flag=True, help="Only tell what would be taken and refused.")
def take(file: Path, folder: Path, dry_run: bool) -> None:
    """Take translations from FILE, a workbook written by `export`, into FOLDER.

    Every row is judged: good ones are taken, the others told with what to do. Ends with 0: all taken,
    1: some refused, 2: the file cannot be read.
    """
    files = read_folder(folder)
    try:
        with file.open("rb") as opened:
            found = taking.intake(opened, _name(folder, files), wording(files, str(folder)))
    except NotTexts as problem:
        click.echo(f"{file}: {problem}", err=True)
        sys.exit(2)
    after = files
    for edit in edits_for(files, found.changes):
        after = apply(after, edit)
    for refused in found.refused:
        common.say(f"{file}: {told(refused)}", err=True)
    if not dry_run:
        _write(folder, files, after)
    verb = "would be taken" if dry_run else "taken"
    click.echo(
        f"Rows {verb}: {len(found.changes)}, as before: {found.unchanged}, refused: {len(found.refused)}."
    )
    sys.exit(1 if found.refused else 0)


def told(refused: Refused) -> str:
    """A refused row in English: where, what is wrong, what to do."""
    where = f"sheet {refused.sheet}, row {refused.row}"
    key = f", {refused.key}" if refused.key else ""
    return f"{where}{key}: {_REASONS[refused.reason].format(r=refused, differs=_differs(refused))}"


_REASONS = {
    "unknown_key": "no text has this key; leave the first column as it was exported.",
    "duplicate": "the text stands in row {r.first} already; keep one of the two.",
    "empty": "there is no translation; write it.",
    "not_text": "the cell holds a formula or an error; write the text itself.",
    "unseen": "a character cannot be seen; type the text anew.",
    "brace": "a brace belongs to no placeholder; keep placeholders as they stand in the source.",
    "placeholders": "{differs}; keep the placeholders of the source.",
    "too_long": "{r.length} characters do not fit where {r.most} do; shorten it.",
    "source_changed": "the source changed since the export, from “{r.was}” to “{r.now}”; translate it anew.",
    "no_such_language": "the flow is not translated into this language; remove the sheet.",
}


def _differs(refused: Refused) -> str:
    lacking = " ".join(f"{{{name}}}" for name in refused.lacking)
    extra = " ".join(f"{{{name}}}" for name in refused.extra)
    parts = [f"it lacks {lacking}" if lacking else "", f"the source has no {extra}" if extra else ""]
    return " and ".join(part for part in parts if part)


def _write(folder: Path, before: Mapping[str, str], after: Mapping[str, str]) -> None:
    for name, text in after.items():
        if before.get(name) != text:
            common.write_whole(folder / name, text)


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
