"""Whether another `narthex serve` works in the same data folder; a dead one lets go by itself."""

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO


@contextmanager
def among_others(var: Path) -> Iterator[IO[bytes]]:
    """Be one of those who use this folder; what it gives is for `alone`."""
    with (var / "serve.lock").open("wb") as lock:
        fcntl.flock(lock, fcntl.LOCK_SH)
        yield lock


def alone(lock: IO[bytes]) -> bool:
    """Whether nobody else uses the folder; until the lock is closed, whoever comes then has to wait."""
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
