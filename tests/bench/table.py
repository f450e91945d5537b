"""The table, printed group by group as it is measured."""

import os
import platform
import sqlite3

from tests.bench.measure import Group, Line

_WIDTH = 64
_LEGEND = """ratio: its speed divided by that of the first line of its group. Ratios can be compared between
machines, seconds cannot. Each figure is the best of five rounds, of an import the only one."""


def print_head() -> None:
    """What was measured on, and the columns' names."""
    cores, load = os.cpu_count(), os.getloadavg()[0]
    print(
        f"Python {platform.python_version()}, SQLite {sqlite3.sqlite_version}, {cores} cores, load {load:.1f}"
    )
    print(_LEGEND)
    print(f"\n{'':{_WIDTH}}{'per second':>12}{'ms each':>10}{'ratio':>8}", flush=True)


def print_group(group: Group) -> None:
    """The group's lines, each with its ratio to the first, and its notes."""
    print(f"\n{group.title}")
    for line in group.lines:
        print(_row(line, group.lines[0].each / line.each))
    for note in group.notes:
        print(f"  {note}")
    print(end="", flush=True)


def _row(line: Line, ratio: float) -> str:
    per_second, milliseconds = _figure(1 / line.each), _figure(1000 * line.each)
    return f"  {line.what:{_WIDTH - 2}}{per_second:>12}{milliseconds:>10}{_figure(ratio):>8}"


def _figure(value: float) -> str:
    """About three significant digits, without an exponent."""
    if value >= 100:
        return f"{value:,.0f}"
    digits = 1 if value >= 10 else 2 if value >= 1 else 3 if value >= 0.1 else 4
    return f"{value:.{digits}f}"
