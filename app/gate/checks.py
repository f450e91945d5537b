"""What the gate looks at, one part after the other, told as plain data that a page and a program can read."""

import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
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
from app.runner.publish import NotPublishable
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
    """A draft to be checked: its files, and the folder with the flow's invented people, if there is one."""

    flow: str
    files: Mapping[str, str]
    people: Path | None
    live: bool  # whether a version is live, so that there are runs to replay


def run_checks(house: House, home: Path, wanted: Wanted, tell: Callable[[str, Found], bool]) -> Found | None:
    """Everything the gate finds; `tell` is told each stage before it begins, and answers whether to go on.

    None where nobody waits for it any more.
    """
    found: Found = {}
    with _folder(wanted) as folder:
        for stage in STAGES:
            if not tell(stage, found):
                return None
            found[stage] = _CHECKS[stage](house, home, wanted, folder)
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


def _lint(house: House, home: Path, wanted: Wanted, folder: Path) -> Found:  # noqa: ARG001
    root, today = f"workflows/{wanted.flow}", house.clock().date()
    # What the records say on the draft is told by a part of its own.
    found = linting.findings(house, read_folder(folder), root, today=today, replay=False)
    loads = load(read_folder(folder), house.catalogue).flow is not None
    told = [packed(each) for each in found]
    return {"passed": not linting.in_the_way(found), "loads": loads, "problem": None, "findings": told}


def _scenarios(house: House, home: Path, wanted: Wanted, folder: Path) -> Found:  # noqa: ARG001
    if SCENARIOS not in wanted.files:
        return {"passed": True, "tried": [], "problem": None}
    try:
        tried = [
            {"name": each.name, "place": _shown(each.place, folder), "failure": each.failure}
            for each in try_folder(folder, home)
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


def _safety(house: House, home: Path, wanted: Wanted, folder: Path) -> Found:  # noqa: ARG001
    if SAFETY not in wanted.files:
        return {"passed": True, "rules": [], "problem": None}
    flow = _loaded(folder, house.catalogue)
    try:
        told = read_rules(folder / SAFETY, flow, house.catalogue)
    except Unreadable as problem:
        return {"passed": False, "rules": [], "problem": [_shown(str(problem), folder)]}
    if told.findings:
        return {
            "passed": False,
            "rules": [],
            "problem": [_shown(str(each), folder) for each in told.findings],
        }
    prover = Prover(explore(flow, house.catalogue), house.catalogue)
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
    return {"passed": not any(each["verdict"] == "broken" for each in rules), "rules": rules, "problem": None}


def _loaded(folder: Path, catalogue: Catalogue) -> Flow:
    flow = load(read_folder(folder), catalogue, root=str(folder)).flow
    assert flow is not None, "lint has found that it loads"
    return flow


def _replay(house: House, home: Path, wanted: Wanted, folder: Path) -> Found:  # noqa: ARG001
    if not wanted.live:
        return {"passed": True, "report": None, "problem": None}
    try:
        report = held_against(house, Asked(chosen=Chosen(wanted.flow)), str(folder))
    except NoSuchDefinition as problem:
        return {"passed": False, "report": None, "problem": [_shown(str(problem), folder)]}
    told = report.plain()
    told["mode"] = "against the draft"
    told["further"] = max(len(told["differences"]) - _MOST_GROUPS, 0)
    told["differences"] = told["differences"][:_MOST_GROUPS]
    return {"passed": True, "report": told, "problem": None}


_CHECKS: Mapping[str, Callable[[House, Path, Wanted, Path], Found]] = {
    "lint": _lint,
    "scenarios": _scenarios,
    "safety": _safety,
    "replay": _replay,
}
