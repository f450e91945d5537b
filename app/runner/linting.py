"""Flow lint with the house around it: who is under way, what was recorded, what was walked."""

from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import date

from app.flow.definition import Flow
from app.flow.findings import Finding
from app.flow.lint import Profile
from app.flow.replay.groups import Group
from app.flow.surroundings import Replayed, Surroundings
from app.runner import coverage
from app.runner.house import FlowMissing, House
from app.runner.publish import check_files
from app.runner.replaying.replay import Asked, held_against_flows
from app.runner.replaying.report import Report
from app.store import path_results, run_search
from app.store.replaying import Chosen


def findings(
    house: House,
    files: Mapping[str, str],
    root: str,
    *,
    today: date,
    profile: Profile = "live",
    surroundings: bool = True,
    replay: bool = True,
) -> list[Finding]:
    """What is wrong with `files`, which findings name as `root`/name, in this house; nothing is written.

    Without `replay` the records are not held against it, which takes its time where there are many.
    """
    around = (lambda flow: surroundings_of(house, flow, replay=replay)) if surroundings else None
    return check_files(files, house.catalogue, root, today, profile, around)


def in_the_way(found: Iterable[Finding]) -> list[Finding]:
    """What keeps a definition from being published at the desk: errors and warnings that nobody bears.

    What records and tests say (F061-F063) is for people to judge and does not stand in the way by itself.
    """
    return [each for each in found if each.blocks and not (each.severity == "warning" and each.code in _TOLD)]


_TOLD = {"F061", "F062", "F063"}


def surroundings_of(house: House, flow: Flow, *, replay: bool = True) -> Surroundings:
    """What there is around a definition that may become the next version of its flow.

    With `replay` every recorded run is held against it, runs that are alike once. Those under way finish
    on their own version: that is the house's rule.
    """
    try:
        before = house.shelf.live(flow.name)
    except FlowMissing:
        return Surroundings(walked=_driven(house, flow))
    taken = coverage.taken(house, before)
    walked = {way for way, count in taken.recorded.items() if count}
    return Surroundings(
        before=before,
        standing=_standing(house, before),
        replayed=_replayed(house, flow) if replay else None,
        walked=(walked & _unchanged(before, flow)) | _driven(house, flow),
    )


def _standing(house: House, flow: Flow) -> Mapping[str, int]:
    """The open runs of a version, by state."""
    wanted = {"flow": flow.name, "number": flow.number, "open": True}
    with house.database.read() as connection:
        return run_search.standing(connection, wanted)


def _driven(house: House, flow: Flow) -> set[str]:
    """The ways that generated paths of this very definition have taken."""
    with house.database.read() as connection:
        stored = path_results.newest(connection, flow.name, flow.digest)
    return {way for way, count in stored.result["transitions"].items() if count} if stored else set()


def _unchanged(before: Flow, now: Flow) -> set[str]:
    """The ways that lead from and to where they led before."""
    old = {f"{way.source}.{way.id}": way.dest for ways in before.transitions.values() for way in ways}
    new = {f"{way.source}.{way.id}": way.dest for ways in now.transitions.values() for way in ways}
    return {name for name, dest in new.items() if old.get(name) == dest}


def _replayed(house: House, flow: Flow) -> Replayed:
    chosen = Asked(chosen=Chosen(flow.name))
    return in_numbers(held_against_flows(house, chosen, {flow.name: flow}, "the draft"))


def in_numbers(report: Report) -> Replayed:
    """What a replay on another definition says of it, in numbers of runs."""
    told: Counter[str] = Counter()
    for group in report.groups:
        assert isinstance(group, Group)
        classes = group.classes
        told["starved"] += classes.get("starved", 0)
        # What a change explains is expected, unless people could not go on.
        told["unexplained"] += sum(
            count
            for sort, count in classes.items()
            if sort == "stuck" or (sort != "starved" and not group.first.expected)
        )
    return Replayed(told["unexplained"], told["starved"])
