"""A circuit breaker: after several failures in a row a neighbour is left alone for a while.

It spares a struggling vendor or register the load and spares us the waiting. The pattern is M. Nygard's
("Release It!"): closed, then open for a pause, then half-open with a single trial that decides.
"""

from datetime import datetime, timedelta
from threading import Lock
from typing import Literal

BreakerState = Literal["closed", "open", "half_open"]


class Breaker:
    """Counts failures in a row of one neighbour; safe to share between threads.

    Ask `allows` before every call and report its end with `succeeded` or `failed`. ``now`` is any
    aware time that does not run backwards. A trial whose end is never reported (its thread died) is
    given up after a further ``pause``, so that the breaker cannot stay shut for good.
    """

    def __init__(self, failures: int = 5, pause: timedelta = timedelta(seconds=30)) -> None:
        if failures < 1 or pause <= timedelta(0):
            raise ValueError("Breaker needs at least one failure and a pause longer than nothing")
        self._limit = failures
        self._pause = pause
        self._lock = Lock()
        self._failures = 0
        self._open_until: datetime | None = None
        self._trial_since: datetime | None = None

    def allows(self, now: datetime) -> bool:
        """Whether to call now. After the pause exactly one caller hears yes until its call has ended."""
        with self._lock:
            state = self._state(now)
            if state == "half_open":
                if self._trial_since is not None and now < self._trial_since + self._pause:
                    return False
                self._trial_since = now
            return state != "open"

    def succeeded(self, now: datetime) -> None:
        """The call got an answer. One that began before the breaker opened does not shorten the pause."""
        with self._lock:
            if self._state(now) != "open":
                self._failures = 0
                self._open_until = self._trial_since = None

    def failed(self, now: datetime) -> None:
        """The call got no answer, or one that says the neighbour is unwell."""
        with self._lock:
            state = self._state(now)
            self._failures += 1
            if state == "half_open" or (state == "closed" and self._failures >= self._limit):
                self._open_until = now + self._pause
                self._trial_since = None

    def state(self, now: datetime) -> BreakerState:
        """For the health page: what `allows` would judge by, without taking the trial."""
        with self._lock:
            return self._state(now)

    def _state(self, now: datetime) -> BreakerState:
        if self._open_until is None:
            return "closed"
        return "open" if now < self._open_until else "half_open"
