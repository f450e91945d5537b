"""How quickly a register is imported, and whether the memory it takes grows with the file."""

import re
import resource
import sys
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path
from time import perf_counter

from app.importing import import_register
from app.store.database import Database
from tests.bench.measure import Group, Line
from tests.bench.people import REGISTER, ecard, write_csv
from tests.bench.stage import VAULT, empty_database
from tests.conftest import BEGINNING

_MANY, _FEW = 20_000, 5_000


def importing(folder: Path) -> Group:
    """Three imports in a process of their own, whose peak memory is theirs alone."""
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as alone:
        return alone.submit(_measured, folder).result()


def _measured(folder: Path) -> Group:
    many, few = write_csv(folder / "many.csv", _MANY), write_csv(folder / "few.csv", _FEW)
    marks = _Marks()
    with empty_database(folder / "import.db") as database:
        before = peak_memory()
        # The large import comes first: what was held in memory before would hide its growth.
        new = _timed(database, many, _MANY, marks)
        after = peak_memory()
        again = _timed(database, few, _FEW, _Marks())
        checked = _timed(database, few, _FEW, _Marks(), dry_run=True)
    midway = marks.peaks[_FEW * len(marks.peaks) // _MANY - 1]
    lines = (
        Line(f"{_FEW:,} rows checked alone (dry run), the limit", checked),
        Line(f"{_MANY:,} rows into an empty register", new),
        Line(f"{_FEW:,} of them again, by their keys", again),
    )
    notes = (
        f"peak memory: {_mib(before)} before, {_mib(midway)} after {_FEW:,} rows, {_mib(after)} at the end:",
        f"it grew by {_mib(after - midway)} for the last {_MANY - _FEW:,} rows",
    )
    return Group("Rows of a register import, one thread, SQLite", lines, notes)


def _mib(octets: int) -> str:
    return f"{octets / (1 << 20):.1f} MiB"


class _Marks:
    """The peak memory in bytes after each batch of an import."""

    def __init__(self) -> None:
        self.peaks: list[int] = []

    def __call__(self, _position: int) -> None:
        self.peaks.append(peak_memory())


def _timed(database: Database, file: Path, rows: int, progress: _Marks, *, dry_run: bool = False) -> float:
    """Seconds a row."""
    began = perf_counter()
    report = import_register(
        database,
        VAULT,
        REGISTER,
        ecard().spec.registers[REGISTER],
        file,
        replace=False,
        dry_run=dry_run,
        now=BEGINNING,
        progress=progress,
    )
    if report.rows != rows or not report.ok:
        raise SystemExit("the register's file was refused: something else would be measured")
    return (perf_counter() - began) / rows


def peak_memory() -> int:
    """The most memory this process has had, in bytes."""
    status = Path("/proc/self/status")
    # Where there is one, ru_maxrss would not do: on Linux it begins with the parent's.
    if status.exists() and (peak := re.search(r"VmHWM:\s+(\d+) kB", status.read_text())):
        return int(peak[1]) * 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * (1 if sys.platform == "darwin" else 1024)
