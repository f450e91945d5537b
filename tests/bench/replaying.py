"""What replaying a million recorded transitions costs, beside reading each of them."""

import json
import re
import resource
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from time import perf_counter, process_time

from app import wiring
from app.config import ROOT
from app.flow.definition import Flow
from app.flow.replay.strict import replayed
from app.flow.trace import Recorded, read
from app.runner.house import House
from app.runner.publish import publish
from app.runner.replaying import replay
from app.runner.replaying.replay import Asked
from tests.bench.history import RECORDS, History
from tests.bench.measure import Group, Line
from tests.conftest import Clock, settings_for
from tests.played import played

_ONE_BY_ONE = 20_000
_CHANGED = (("tries: 5", "tries: 3"), ("opens: 10", "opens: 5"))


def replaying(folder: Path) -> Group:
    """Strict and counterfactual replay of a million records, each in a process of its own."""
    with played(folder / "var") as there:
        history = History.of(there.house)
    runs = history.write(folder / "var" / "narthex.db")
    house = _house(folder / "var")
    texts = _texts(house, _ONE_BY_ONE)
    flows = {f.digest: f for f in map(house.shelf.live, house.shelf.names())}
    _publish_changed(house, folder)
    plain = _rate(lambda: _by_table(texts, flows), len(texts))
    one_by_one = _rate(lambda: _one_by_one(texts, flows), len(texts))
    house.database.close()
    strict, strict_notes = _measured(folder, "strict")
    against, against_notes = _measured(folder, "live")
    return Group(
        f"Replaying {RECORDS:,} recorded transitions of {runs:,} runs",
        (
            Line(f"decoding each and a plain table, the limit ({_ONE_BY_ONE:,})", plain),
            Line(f"each by itself, through the state machine ({_ONE_BY_ONE:,})", one_by_one),
            Line("strictly, what is alike decided once", strict),
            Line("on definitions with fewer tries and uses, likewise", against),
        ),
        [f"strictly: {strict_notes}", f"on other definitions: {against_notes}"],
    )


def _house(var: Path) -> House:
    return wiring.open_house(settings_for(var), Clock())


def _publish_changed(house: House, folder: Path) -> None:
    """Make versions live that differ in limits."""
    for name in house.shelf.names():
        there = shutil.copytree(ROOT / "workflows" / name, folder / "changed" / name)
        words = (there / "flow.yaml").read_text("utf-8")
        for old, new in _CHANGED:
            words = words.replace(old, new)
        (there / "flow.yaml").write_text(words, "utf-8")
        publish(house, there)


def _texts(house: House, most: int) -> list[str]:
    with house.database.read() as connection:
        rows = connection.exec_driver_sql("select record from journal order by run, seq limit ?", (most,))
        return list(rows.scalars())


def _rate(do: Callable[[], object], makes: int) -> float:
    """Seconds each, the best of three rounds."""
    rounds = []
    for _ in range(3):
        began = perf_counter()
        do()
        rounds.append(perf_counter() - began)
    return min(rounds) / makes


def _by_table(texts: Iterable[str], flows: dict[str, Flow]) -> int:
    """As little as can be done with every record: decode it, look the way up, compare where it leads."""
    table = {
        (digest, state, trigger): [(way.id, way.dest, way.conditions) for way in flow.ways(state, trigger)]
        for digest, flow in flows.items()
        for state in flow.spec.states
        for trigger in flow.triggers(state)
    }
    wrong = 0
    for text in texts:
        record = json.loads(text)
        if record["type"] != "transition":
            continue
        told = {each["g"]: (each["answer"], each["reason"]) for each in record["guards"]}
        for _, dest, conditions in table[record["flow"]["digest"], record["from"], record["event"]]:
            if all(condition.fits(*told[condition.guard]) for condition in conditions):
                wrong += dest != record["to"]
                break
    return wrong


def _one_by_one(texts: Iterable[str], flows: dict[str, Flow]) -> int:
    return sum(bool(replayed(flows[r.digest], r)) for r in _read(texts))


def _read(texts: Iterable[str]) -> Iterator[Recorded]:
    return (read(json.loads(text)) for text in texts)


def _measured(folder: Path, mode: str) -> tuple[float, str]:
    """Seconds a record in a fresh process, and what it says of itself."""
    command = [sys.executable, "-m", "tests.bench.replaying", str(folder), mode]
    told = subprocess.run(command, capture_output=True, text=True, check=True, cwd=ROOT)
    figures = json.loads(told.stdout)
    spent = f"{figures['seconds']:.1f} s ({figures['busy']:.1f} s of one core)"
    notes = f"{spent}, {figures['folds']:,} different records, {figures['megabytes']} MB at most"
    return figures["seconds"] / RECORDS, notes


def _alone(folder: Path, mode: str) -> dict[str, float]:
    house = _house(folder / "var")
    began, busy = perf_counter(), process_time()
    if mode == "live":
        report = replay.held_against(house, Asked(), "live")
    else:
        report = replay.strictly(house, Asked())
    seconds, busy = perf_counter() - began, process_time() - busy
    if report.troubles or report.records < RECORDS or (mode == "strict" and report.groups):
        raise SystemExit("\n".join(report.sentences()[-20:]))
    return {"seconds": seconds, "busy": busy, "folds": report.folds, "megabytes": _most_memory()}


def _most_memory() -> int:
    """Megabytes this process held at most. What rusage tells would be its parent's as well."""
    status = Path("/proc/self/status")
    if not status.exists():
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 2**20
    return int(re.findall(r"VmHWM:\s+(\d+) kB", status.read_text())[0]) // 1024


if __name__ == "__main__":
    print(json.dumps(_alone(Path(sys.argv[1]), sys.argv[2])))
