"""The demo's beginning: flows published from their folders, registers loaded where they are empty, a few
documents filed for the portal's visitors to find."""

import sys
from pathlib import Path

import click

from app.flow.source import read
from app.flow.spec import RegisterSpec
from app.importing import ImportUnderWay, import_register
from app.runner.house import House
from app.runner.portal.documents import file_document
from app.runner.publish import FolderBehind, FolderConflict, NotPublishable, publish
from app.store import customers, registers


def fill_demo(house: House, workflows: Path) -> None:
    """Publish every folder that has changed, import the registers beside it that were never imported."""
    for definition in sorted(workflows.glob("*/flow.yaml")):
        folder = definition.parent
        try:
            flow = house.shelf.live(_published(house, folder))
        except NotPublishable as problem:
            for finding in problem.findings:
                click.echo(str(finding), err=True)
            click.echo(f"{folder}: not published; mend the lines above and start again.", err=True)
            sys.exit(2)
        for name, spec in flow.spec.registers.items():
            file = folder / "registers" / f"{name}.csv"
            with house.database.read() as connection:
                known = registers.is_imported(connection, name)
            if known or spec.source != "imported" or not file.exists():
                continue
            _load(house, name, spec, file)


def fill_portals(house: House, workflows: Path) -> None:
    """File what each folder's `demo.yaml` lists under `documents` for customers no portal knows yet."""
    for definition in sorted(workflows.glob("*/flow.yaml")):
        flow = _published(house, definition.parent)  # published already: nothing new
        _file_documents(house, house.shelf.live(flow).spec.realm, definition.parent)


def _published(house: House, folder: Path) -> str:
    """The flow of a folder, live: as the folder has it, or as the desk has made it since."""
    try:
        return publish(house, folder).flow
    except FolderBehind as behind:
        return behind.flow
    except FolderConflict as conflict:
        click.echo(
            f"{folder}: changed here, and version {conflict.live} of {conflict.flow} was made at the desk by "
            f"{conflict.by}. That version stays live. Bring them together: `narthex flows import {folder} "
            f"--as-draft` at the desk, or `narthex flows publish {folder} --over {conflict.live}`.",
            err=True,
        )
        return conflict.flow


def _file_documents(house: House, realm: str, folder: Path) -> None:
    file = folder / "demo.yaml"
    listed = read(file.read_text(encoding="utf-8"), str(file)).data if file.is_file() else {}
    fresh: dict[str, bool] = {}
    for each in listed.get("documents", ()):
        numbers = {kind: str(number) for kind, number in each["customer"].items()}
        if not fresh.setdefault(repr(numbers), _is_unknown(house, realm, numbers)):
            continue
        document = folder / each["file"]
        with document.open("rb") as stream:
            file_document(
                house, realm, numbers, each["title"], document.name, stream, customer_name=each["name"]
            )


def _is_unknown(house: House, realm: str, numbers: dict[str, str]) -> bool:
    with house.database.read() as connection:
        return customers.find(connection, house.vault, realm, numbers) is None


def _load(house: House, name: str, spec: RegisterSpec, file: Path) -> None:
    try:
        report = import_register(
            house.database,
            house.vault,
            name,
            spec,
            file,
            replace=True,
            dry_run=False,
            now=house.clock(),
            progress=lambda _: None,
        )
    except ImportUnderWay:
        click.echo(f"{file}: being loaded by another process", err=True)
        return
    for error in report.errors:
        click.echo(f"{file}:{error.line}: {error.column}: {error.text}; {error.cure}", err=True)
