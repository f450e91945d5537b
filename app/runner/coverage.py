"""How often each way of a version was taken by people, and by the paths generated from it."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from app.flow.definition import Flow
from app.flow.trace import BadRecord, read_text
from app.runner.house import FlowMissing, House
from app.store import folds, path_results, versions

#: Fewer people than this are not told apart in reports.
SMALLEST_SHOWN = 5


@dataclass(frozen=True)
class Taken:
    """How often the ways of one version were taken, by `state.id`.

    `recorded` by people, `driven` by generated paths when they last were, None if never; `results` is what
    the driver stored (see `app.proof.report`); `unreadable` counts records left out.
    """

    flow: Flow
    runs: int
    recorded: Mapping[str, int]
    driven: Mapping[str, int] | None
    results: Mapping[str, Any] | None
    unreadable: int


def version(house: House, name: str, number: int | None = None) -> Flow:
    """A published version, the live one without `number`; raises FlowMissing."""
    if number is None:
        return house.shelf.live(name)
    with house.database.read() as connection:
        stored = versions.numbered(connection, name, number)
    if stored is None:
        raise FlowMissing(f"{name} {number}")
    return house.shelf.version(name, number, stored.digest)


def taken(house: House, flow: Flow) -> Taken:
    """The coverage of a published version, by all its recorded runs, none of them sampled."""
    counts: Counter[str] = Counter()
    unreadable = 0
    with house.database.read() as connection:
        for alike in folds.counted(connection, flow.name, flow.number):
            try:
                record = read_text(alike.run, alike.seq, alike.record)
            except BadRecord:
                unreadable += alike.count
                continue
            if record.chosen and record.number == flow.number:
                counts[f"{record.state}.{record.chosen}"] += alike.count
        runs = folds.how_many_runs(connection, flow.name, flow.number)
        stored = path_results.newest(connection, flow.name, flow.digest)
    results = stored.result if stored else None
    driven = dict(results["transitions"]) if results else None
    return Taken(flow, runs, dict(counts), driven, results, unreadable)
