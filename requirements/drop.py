"""Drop one package from hash-locked requirement files: `drop.py NAME FILE...`.

py-pkpass declares `swig`, which it never imports; uv can only mark it as never
installable, and pip would still read the row.
"""

import sys
from pathlib import Path


def without(name: str, lock: str) -> str:
    """The lock file's text without the package `name` and the lines that belong to it."""
    kept: list[str] = []
    dropping = False
    for line in lock.splitlines(keepends=True):
        if not line[0].isspace() and line[0] != "#":
            dropping = line.split("==")[0].strip() == name
        if not dropping:
            kept.append(line)
    return "".join(kept)


if __name__ == "__main__":
    package, *files = sys.argv[1:]
    for file in map(Path, files):
        file.write_text(without(package, file.read_text()))
