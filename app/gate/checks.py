"""What the gate looks at, one part after the other, told as plain data that a page and a program can read."""

import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from app.flow.catalogue import Catalogue
from app.flow.definition import Flow
from app.flow.loader import load, read_folder
from app.flow.paths.explore import explore
from app.flow.safety.check import Prover
from app.flow.safety.read import FILE as SAFETY
from app.flow.safety.read import read_rules
from app.flow.source import Unreadable
from app.flow.worded import packed
from app.runner import linting
from app.runner.house import House
from app.runner.publish import NotPublishable, check_files
from app.runner.replaying.definitions import NoSuchDefinition
from app.runner.replaying.replay import Asked, held_against
from app.scenarios.read import FILE as SCENARIOS
from app.scenarios.run import NotUnderstood, try_folder
from app.scenarios.stage import UnfitRegister
from app.store.replaying import Chosen

#: The parts of a check, in their order.
STAGES = ("lint", "scenarios", "safety", "replay")

_MOST_GROUPS = 100  # of first differences; the largest are told

Found = dict[str, Any]


@dataclass(frozen=True)
class Wanted:
    """A draft to be checked: its files, and the folder with the flow's invented people, if there is one.

    Findings name the files as `root`/name.
    """

    flow: str
    files: Mapping[str, str]
    people: Path | None
    live: bool  # whether a version is live, so that there are runs to replay
    root: str


@dataclass(frozen=True)
class Ground:
    """Where a check is carried out: `house` is None where no database stands ready, `home` has the program's
    templates and migrations."""

    house: House | None
    catalogue: Catalogue
    today: date
    home: Path


def run_checks(ground: Ground, wanted: Wanted, tell: Callable[[str, Found], bool]) -> Found | None:
    """Everything the gate finds; `tell` is told each stage before it begins, and answers whether to go on.

    None where nobody waits for it any more.
    """
    found: Found = {}
    with _folder(wanted) as folder:
        for stage in STAGES:
            if not tell(stage, found):
                return None
            found[stage] = _CHECKS[stage](ground, wanted, folder)
            if stage == "lint" and not found["lint"]["loads"]:
                break
    return found


def passed(found: Found) -> bool:
    """Whether nothing stands against publication: what differs in replay is for people to judge."""
    return set(found) == set(STAGES) and all(part["passed"] for part in found.values())


@contextmanager
def _folder(wanted: Wanted) -> Iterator[Path]:
    """The draft as a folder on disk, its invented people beside it."""
    with tempfile.TemporaryDirectory(prefix="narthex-gate-") as scratch:
        folder = Path(scratch) / wanted.flow
        folder.mkdir()
        for name, text in wanted.files.items():
            (folder / name).write_text(text, encoding="utf-8", newline="")
        registers = wanted.people / "registers" if wanted.people else None
        if registers is not None and registers.is_dir():
            (folder / "registers").symlink_to(registers.absolute())
        yield folder


def _lint(ground: Ground, wanted: Wanted, folder: Path) -> Found:
    files, house = read_folder(folder), ground.house
    if house is None:
        found = check_files(files, ground.catalogue, wanted.root, ground.today)
    else:  # what the records say on the draft is told by a part of its own
        found = linting.findings(house, files, wanted.root, today=ground.today, replay=False)
    loads = load(files, ground.catalogue).flow is not None
    told = [packed(each) for each in found]
    return {"passed": not linting.in_the_way(found), "loads": loads, "problem": None, "findings": told}


def _scenarios(ground: Ground, wanted: Wanted, folder: Path) -> Found:
    if SCENARIOS not in wanted.files:
        return {"passed": True, "tried": [], "problem": None}
    try:
        tried = [
            {"name": each.name, "place": _shown(each.place, folder), "failure": each.failure}
            for each in try_folder(folder, ground.home)
        ]
    except (NotPublishable, NotUnderstood) as problem:
        return _not_tried([str(finding) for finding in problem.findings], folder)
    except (Unreadable, UnfitRegister) as problem:
        return _not_tried([str(problem)], folder)
    return {"passed": all(each["failure"] is None for each in tried), "tried": tried, "problem": None}


def _not_tried(problems: list[str], folder: Path) -> Found:
    return {"passed": False, "tried": [], "problem": [_shown(each, folder) for each in problems]}


def _shown(place: str, folder: Path) -> str:
    """A place as it would be called on disk, not where it lies while it is being checked."""
    return place.replace(f"{folder}/", "")


def _safety(ground: Ground, wanted: Wanted, folder: Path) -> Found:
    if SAFETY not in wanted.files:
        return {"passed": True, "rules": [], "problem": None}
    flow = _loaded(folder, ground.catalogue)
    try:
        told = read_rules(folder / SAFETY, flow, ground.catalogue)
    except Unreadable as problem:
        return {"passed": False, "rules": [], "problem": [_shown(str(problem), folder)]}
    if told.findings:
        return {
            "passed": False,
            "rules": [],
            "problem": [_shown(str(each), folder) for each in told.findings],
        }
    prover = Prover(explore(flow, ground.catalogue), ground.catalogue)
    rules = []
    for number, rule in enumerate(told.rules):
        checked = prover.check(rule)
        rules.append(
            {
                "rule": checked.rule.rule,
                "place": _shown(told.place(number), folder),
                "verdict": checked.verdict,
                "why": checked.why,
                "path": checked.path.in_words() if checked.path else None,
            }
        )
    # One that the search did not get to the end of may be broken behind that.
    against = {"broken", "unknown"}
    passed = not any(each["verdict"] in against for each in rules)
    return {"passed": passed, "rules": rules, "problem": None}


def _loaded(folder: Path, catalogue: Catalogue) -> Flow:
    flow = load(read_folder(folder), catalogue, root=str(folder)).flow
    assert flow is not None, "lint has found that it loads"
    return flow


def _replay(ground: Ground, wanted: Wanted, folder: Path) -> Found:
    if ground.house is None or not wanted.live:
        return {"passed": True, "report": None, "problem": None}
    try:
        report = held_against(ground.house, Asked(chosen=Chosen(wanted.flow)), str(folder))
    except NoSuchDefinition as problem:
        return {"passed": False, "report": None, "problem": [_shown(str(problem), folder)]}
    told = report.plain()
    told["mode"] = "against the draft"
    told["further"] = max(len(told["differences"]) - _MOST_GROUPS, 0)
    told["differences"] = told["differences"][:_MOST_GROUPS]
    return {"passed": True, "report": told, "problem": None}


_CHECKS: Mapping[str, Callable[[Ground, Wanted, Path], Found]] = {
    "lint": _lint,
    "scenarios": _scenarios,
    "safety": _safety,
    "replay": _replay,
}
