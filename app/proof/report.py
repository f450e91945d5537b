"""What a proof found, told in words, as JSON and as JUnit XML.

The JSON is kept for the desk as well: `criteria` by name with `covered`, `reachable` and `unreachable` counts
and every goal with its fate and why; `transitions` by `state.id` how often each was taken.
"""

import xml.etree.ElementTree as ET
from collections.abc import Iterable, Iterator
from typing import Any

from app.flow.paths.coverage import asked_in
from app.flow.paths.goals import Criterion, Goal, met
from app.flow.paths.model import Path
from app.flow.paths.proof import why_not
from app.proof.run import Proof

#: What the criteria are called where people name them.
NAMES: dict[str, Criterion] = {
    "states": "states",
    "transitions": "transitions",
    "guards": "outcomes",
    "pairs": "pairs",
    "limits": "limits",
}


def name_of(criterion: Criterion) -> str:
    """The criterion as people call it."""
    return next(name for name, each in NAMES.items() if each == criterion)


def why(proof: Proof, goal: Goal) -> str:
    """Why a goal was not reached; empty for one that was."""
    status = proof.coverage.status(goal)
    if status == "covered":
        return ""
    if status == "unreachable":
        return why_not(proof.space, goal)
    if status == "unknown":
        return "The definition has too many situations to look at all of them."
    hindered = ((failure.path, f"It failed: {failure.text}") for failure in proof.failures)
    unstaged = ((each.path, f"It could not be brought about: {each.why}") for each in proof.unstaged)
    texts = (text for path, text in (*hindered, *unstaged) if goal in _goals(proof, path))
    return next(texts, "No path that was driven came to it.")


def _goals(proof: Proof, path: Path) -> set[Goal]:
    found, before = set[Goal](), None
    for move in path.moves:
        found.update(met(proof.flow, move.transition, asked_in(move.outcomes), before))
        before = move.transition
    return found


def plain(proof: Proof) -> dict[str, Any]:
    """The report as JSON has it."""
    return {
        "flow": proof.flow.name,
        "digest": proof.flow.digest,
        "holds": proof.holds,
        "paths": proof.paths,
        "pages": proof.looked,
        "criteria": {name_of(each): _criterion(proof, each) for each in _criteria(proof)},
        "transitions": dict(sorted(proof.taken.items())),
        "failures": [
            {"path": each.path.in_words(), "probe": each.probe, "language": each.lang, "text": each.text}
            for each in proof.failures
        ],
        "first_page": list(proof.first_page),
        "stuck": [f"{each.source.state} {each.trigger}" for each in proof.space.stuck],
        "surprises": [str(goal) for goal in proof.coverage.surprises],
        "forged": list(proof.forged),
    }


def _criteria(proof: Proof) -> list[Criterion]:
    return list(dict.fromkeys(goal.criterion for goal in proof.coverage.times))


def _of(proof: Proof, criterion: Criterion) -> list[Goal]:
    return [goal for goal in proof.coverage.times if goal.criterion == criterion]


def _criterion(proof: Proof, criterion: Criterion) -> dict[str, Any]:
    goals = _of(proof, criterion)
    fates = [proof.coverage.status(goal) for goal in goals]
    return {
        "covered": fates.count("covered"),
        "reachable": sum(goal in proof.coverage.reachable for goal in goals),
        "unreachable": fates.count("unreachable"),
        "goals": [
            {"goal": _place(goal), "fate": fate, "why": why(proof, goal)}
            for goal, fate in zip(goals, fates, strict=True)
        ],
    }


def _place(goal: Goal) -> str:
    return ".".join(goal.place) if goal.criterion == "transitions" else str(goal)


def lines(proof: Proof) -> Iterator[str]:
    """The report, line by line."""
    steps = sum(proof.taken.values())
    yield f"{proof.flow.name}: {proof.paths} paths, {steps} steps, {proof.looked} pages probed"
    for criterion in _criteria(proof):
        told = _criterion(proof, criterion)
        beyond = f", {told['unreachable']} cannot be reached" if told["unreachable"] else ""
        yield f"  {name_of(criterion):12}{told['covered']} of {told['reachable']}{beyond}"
    for goal in proof.coverage.having("uncovered"):
        yield f"  not reached: {goal}. {why(proof, goal)}"
    for stuck in proof.space.stuck:
        yield f"  no way fits: {stuck.source} {stuck.trigger}"
    for text in proof.first_page:
        yield f"  failed: the first page, {text}"
    for failure in proof.failures:
        yield f"  failed: {failure.in_words}"
    for goal in proof.coverage.surprises:
        yield f"  reached although its guard's model says it cannot be: {goal}"


def unreachable_lines(proof: Proof) -> Iterator[str]:
    """What cannot be reached, each with its proof."""
    for goal in proof.coverage.having("unreachable"):
        yield f"  cannot be reached: {goal}. {why(proof, goal)}"


def junit(proofs: Iterable[Proof]) -> str:
    """One test suite for each flow and criterion, one test case for each goal; one suite for what failed."""
    root = ET.Element("testsuites", name="narthex paths")
    for proof in proofs:
        for criterion in _criteria(proof):
            _suite(root, proof, criterion)
        _failures(root, proof)
    ET.indent(root)
    return ET.tostring(root, encoding="unicode", xml_declaration=True) + "\n"


def _suite(root: ET.Element, proof: Proof, criterion: Criterion) -> None:
    name, goals = f"{proof.flow.name}.{name_of(criterion)}", _of(proof, criterion)
    fates = [proof.coverage.status(goal) for goal in goals]
    lacking = fates.count("uncovered")
    suite = ET.SubElement(root, "testsuite", name=name, tests=str(len(goals)), failures=str(lacking))
    suite.set("skipped", str(len(goals) - lacking - fates.count("covered")))
    for goal, fate in zip(goals, fates, strict=True):
        case = ET.SubElement(suite, "testcase", classname=name, name=str(goal))
        if fate == "uncovered":
            ET.SubElement(case, "failure", message="not reached", type=fate).text = why(proof, goal)
        elif fate != "covered":
            ET.SubElement(case, "skipped", message=why(proof, goal))


def _failures(root: ET.Element, proof: Proof) -> None:
    name = f"{proof.flow.name}.paths"
    found = [(each.path.in_words(), each.probe or "path", each.text) for each in proof.failures]
    found += [("the first page", "probe", text) for text in proof.first_page]
    tests = max(proof.paths, len(found))
    suite = ET.SubElement(root, "testsuite", name=name, tests=str(tests), failures=str(len(found)))
    for words, sort, text in found:
        case = ET.SubElement(suite, "testcase", classname=name, name=words)
        ET.SubElement(case, "failure", message=text, type=sort)
