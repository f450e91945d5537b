"""The loop that delivers and sweeps: a thread in the one-process default, a process of its own otherwise."""

import logging
import os
import secrets
import threading
import time
from collections.abc import Callable

from app.delivery.post import Post

log = logging.getLogger(__name__)

_SWEEP_EVERY = 15.0  # seconds


def owner_name() -> str:
    """A name no other process has."""
    return f"{os.getpid()}-{secrets.token_hex(6)}"


class Worker:
    """Delivers until told to stop; a broken round is logged and the next one tries again.

    `first` is work of the house that may leave letters, done at the beginning of each round; it and
    `post.deliver` answer how much there was to do. `pause` is in seconds, between rounds without work.
    """

    def __init__(
        self, post: Post, sweep: Callable[[], object], first: Callable[[], int], pause: float = 0.5
    ) -> None:
        self._post = post
        self._first = first
        self._sweep = sweep
        self._pause = pause
        self._stop = threading.Event()
        self._thread: threading.Thread | None = None

    def run(self) -> None:
        """Deliver and sweep until `stop()`."""
        swept: float | None = None
        while not self._stop.is_set():
            # By time, not by rounds: slow calls must not put an hour between two sweeps.
            if swept is None or time.monotonic() >= swept + _SWEEP_EVERY:
                self._attempt(self._sweep, "sweep")
                swept = time.monotonic()
            worked = [self._attempt(self._first, "house"), self._attempt(self._post.deliver, "delivery")]
            if not any(worked):
                self._stop.wait(self._pause)

    def _attempt(self, work: Callable[[], object], name: str) -> object:
        try:
            return work()
        except Exception as fault:
            log.error("a round failed", extra={"work": name, "fault": type(fault).__name__})
            return None

    def start(self) -> None:
        """Run in a thread of this process."""
        self._thread = threading.Thread(target=self.run, name="delivery", daemon=True)
        self._thread.start()

    def finish(self) -> None:
        """Take no further letter; `run` returns once those in hand are done."""
        self._stop.set()

    def stop(self) -> None:
        """Finish and wait for the thread."""
        self.finish()
        if self._thread is not None:
            self._thread.join(timeout=10)
