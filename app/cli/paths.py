"""`narthex paths`: the paths of a definition, driven through the real application."""

import json
import logging
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

import click

from app import application, config, wiring
from app.cli import common
from app.cli.flows import folders
from app.cli.scenarios import folder_named
from app.config import SettingProblem, Settings
from app.flow.definition import Flow
from app.flow.loader import load, read_folder
from app.flow.paths import model
from app.flow.paths.cover import select
from app.flow.paths.explore import space_of
from app.flow.paths.goals import Criterion
from app.flow.source import Unreadable
from app.proof import failures, report
from app.proof.browser import NoBrowser
from app.proof.browser_run import Seen, in_chromium
from app.proof.failures import NoFailure
from app.proof.ground import Ground, ground
from app.proof.probes import PROBES
from app.proof.run import Proof, prove
from app.runner.publish import NotPublishable
from app.scenarios.stage import UnfitRegister
from app.store import path_results

_DEFAULT = "transitions,guards"


class Criteria(click.ParamType[tuple[Criterion, ...]]):
    """Names of criteria with commas between them."""

    name = "criteria"

    def convert(
        self,
        value: str,
        param: click.Parameter | None,  # noqa: ARG002
        ctx: click.Context | None,  # noqa: ARG002
    ) -> tuple[Criterion, ...]:
        """The criteria, states always among them."""
        names = [name.strip() for name in value.split(",")]
        if unknown := [name for name in names if name not in report.NAMES]:
            self.fail(f"'{unknown[0]}' is no criterion: choose from {', '.join(report.NAMES)}.")
        return tuple(dict.fromkeys(["states", *(report.NAMES[name] for name in names)]))


@dataclass(frozen=True)
class _Wanted:
    settings: Settings
    criteria: tuple[Criterion, ...]
    of: Path | None
    browser: bool
    probes: bool
    keep: bool


@click.command()
@click.argument("flow", nargs=-1)
@click.option(
    "--criteria",
    type=Criteria(),
    default=_DEFAULT,
    show_default=True,
    help="What the paths must reach: transitions, guards, pairs, limits.",
)
@click.option("--browser", is_flag=True, help="Drive them in Chromium too.")
@click.option("--of", "before", metavar="FLOW", help="Drive the paths of this definition, an older one say.")
@click.option("--list", "only_list", is_flag=True, help="Show the paths and drive none.")
@click.option("--unreachable", is_flag=True, help="Show what cannot be reached, with its proof.")
@click.option(
    "--junit", "junit_file", type=click.Path(path_type=Path, dir_okay=False), help="Write JUnit XML."
)
@click.option("--json", "as_json", is_flag=True, help="One JSON object instead of sentences.")
@click.option("--no-probes", is_flag=True, help="Go straight on: nothing is forged, sent twice or sent late.")
@click.option("--keep", is_flag=True, help="Failures of earlier runs that pass now are tried for good.")
def paths(
    flow: tuple[str, ...],
    criteria: tuple[Criterion, ...],
    browser: bool,
    before: str | None,
    only_list: bool,
    unreachable: bool,
    junit_file: Path | None,
    as_json: bool,
    no_probes: bool,
    keep: bool,
) -> None:
    """Drive the paths of FLOWs (names or folders, by default all) through the real application.

    Every path runs with invented people in a house of its own, which sends nothing. What fails is made as
    short as it can be, kept in the data folder and tried first next time. Ends with 0: everything that can
    be reached was reached and nothing failed, 1: something was not, 2: a definition cannot be read.
    """
    logging.getLogger("app").addHandler(logging.NullHandler())
    settings = config.load()
    if before and len(flow) != 1:
        raise click.UsageError("With --of, name the one flow that is to be tried.")
    chosen = [folder_named(settings, each) for each in flow] or folders(settings)
    of = folder_named(settings, before) if before else None
    wanted = _Wanted(settings, criteria, of, browser, not no_probes, keep)
    proofs: list[Proof] = []
    unreadable = False
    for folder in chosen:
        click.echo(f"{folder.name}: choosing its paths", err=True)
        try:
            if only_list:
                _list(folder, criteria)
                continue
            proof, told = _proven(folder, wanted)
        except (Unreadable, UnfitRegister, NotPublishable, NoFailure, NoBrowser) as problem:
            unreadable = True
            for line in _sentences(problem):
                click.echo(line, err=True)
            continue
        proofs.append(proof)
        for line in () if as_json else (*told, *(report.unreachable_lines(proof) if unreachable else ())):
            click.echo(line)
    _hand_out(proofs, junit_file, as_json)
    if of is None:
        _keep_for_the_desk(proofs)
    sys.exit(2 if unreadable else int(not all(proof.holds for proof in proofs)))


def _definition(folder: Path) -> Flow:
    """The definition in a folder; raises NotPublishable for one with errors."""
    loaded = load(read_folder(folder), wiring.catalogue(), root=str(folder))
    if loaded.flow is None:
        raise NotPublishable([each for each in loaded.findings if each.severity == "error"])
    return loaded.flow


def _sentences(problem: Exception) -> list[str]:
    return [str(each) for each in problem.findings] if isinstance(problem, NotPublishable) else [str(problem)]


def _list(folder: Path, criteria: tuple[Criterion, ...]) -> None:
    flow = _definition(folder)
    chosen = select(flow, criteria)
    for number, path in enumerate(chosen, start=1):
        click.echo(f"{flow.name} {number}. {path.in_words()}")
    moves = sum(len(path.moves) for path in chosen)
    click.echo(f"{flow.name}: {len(chosen)} paths, {moves} steps.")


def _proven(folder: Path, wanted: _Wanted) -> tuple[Proof, list[str]]:
    """The proof of a flow and what is told of it; its failures are kept for the next time."""
    probes = PROBES if wanted.probes else ()
    with ground(folder, wanted.settings.home, application.build) as here:
        if wanted.of is not None:
            proof = prove(
                here,
                wanted.criteria,
                flow=_definition(wanted.of),
                probes=probes,
                watched=_bar(here, "over HTTP"),
            )
            return proof, list(report.lines(proof))
        kept = wanted.settings.var / "failures" / here.flow.name
        saved = list(failures.load(kept, space_of(here.flow)))
        first = [each.failure for each in saved if each.failure]
        proof = prove(here, wanted.criteria, probes=probes, first=first, watched=_bar(here, "over HTTP"))
        told = list(report.lines(proof))
        if wanted.browser:
            seen = _seen(here, wanted.criteria)
            proof = replace(proof, failures=(*proof.failures, *seen.failures))
            told += _told_of(seen)
    told += _tidied(saved, proof, keep=wanted.keep)
    files = dict.fromkeys(failures.save(kept, each) for each in proof.failures)
    return proof, told + [f"  saved: {file}" for file in files]


def _seen(here: Ground, criteria: tuple[Criterion, ...]) -> Seen:
    with in_chromium(here) as prover:
        watched = _bar(here, "in Chromium")
        return prover.try_all(watched(select(here.flow, criteria)), here.flow.spec.languages)


def _bar(here: Ground, where: str) -> Callable[[Sequence[model.Path]], Iterable[model.Path]]:
    """The paths one by one; standard error shows a bar of them, or says once where no terminal is."""

    def one_by_one(chosen: Sequence[model.Path]) -> Iterator[model.Path]:
        label = f"{here.flow.name}: driving its paths {where}"
        with click.progressbar(chosen, label=label, file=sys.stderr) as shown:
            yield from shown

    return one_by_one


def _told_of(seen: Seen) -> Iterator[str]:
    beyond = f", {len(seen.unclickable)} posts that no click could send" if seen.unclickable else ""
    yield f"  in Chromium: {seen.driven} paths{beyond}"
    for failure in seen.failures:
        yield f"  failed: {failure.in_words}"
    for path, problem in seen.left_out:
        yield f"    left out: {path.in_words()}: {problem}"


def _tidied(saved: list[failures.Saved], proof: Proof, *, keep: bool) -> Iterator[str]:
    """Failures of earlier runs that have passed are gone, or kept for good."""
    for each in saved:
        if each.failure is None and not each.kept:
            each.file.unlink()
            yield f"  gone: the definition has no such path any more: {each.words}"
        elif each.failure is not None and each.failure not in proof.still and not each.kept:
            if keep:
                failures.keep(each)
                yield f"  passes now, tried for good: {each.words}"
            else:
                each.file.unlink()
                yield f"  passes now: {each.words}"


def _hand_out(proofs: list[Proof], junit_file: Path | None, as_json: bool) -> None:
    if junit_file is not None:
        junit_file.write_text(report.junit(proofs), encoding="utf-8")
    if as_json:
        flows = [report.plain(proof) for proof in proofs]
        click.echo(json.dumps({"flows": flows}, ensure_ascii=False, indent=2))


def _keep_for_the_desk(proofs: list[Proof]) -> None:
    """Let the desk show what was covered, where there is one."""
    if not proofs:
        return
    try:
        house = common.looking_house()
    except SettingProblem:
        return
    with house.database.write() as connection:
        for proof in proofs:
            result = report.plain(proof)
            path_results.put(connection, proof.flow.name, proof.flow.digest, result, datetime.now(UTC))
