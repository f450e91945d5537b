"""What the tests need of the machine, installed when it is missing: `python -m tests.machine`.

Debian's chromium, PostgreSQL, openssl and fonts; the tests start and stop the servers themselves.
"""

import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path


def postgres_folder() -> Path | None:
    """Where PostgreSQL's own programs lie, the newest version's."""
    folders = [file.parent for file in Path("/usr/lib/postgresql").glob("*/bin/initdb")]
    return max(folders, key=lambda folder: int(folder.parent.name), default=None)


PACKAGES: dict[str, Callable[[], object]] = {
    "chromium": lambda: shutil.which("chromium"),
    "openssl": lambda: shutil.which("openssl"),
    "postgresql": postgres_folder,
    "fonts-dejavu-core": lambda: Path("/usr/share/fonts/truetype/dejavu/DejaVuSans.ttf").exists(),
}


def missing() -> list[str]:
    """The packages that are not there."""
    return [name for name, found in PACKAGES.items() if not found()]


def main() -> None:
    """Install what is missing, or say what to install."""
    lacking = missing()
    if not lacking:
        return
    apt = shutil.which("apt-get")
    if apt is None or os.geteuid() != 0:
        sys.exit(f"The tests need these packages; install them and run again: {' '.join(lacking)}")
    print(f"Installing {' '.join(lacking)} ...", flush=True)
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    for command in (["update"], ["install", "-y", "--no-install-recommends", *lacking]):
        subprocess.run([apt, *command], env=environment, check=True, stdout=subprocess.DEVNULL)
    if still := missing():
        sys.exit(f"These packages are still missing: {' '.join(still)}")


if __name__ == "__main__":
    main()
