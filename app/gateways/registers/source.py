"""What a register that is asked live looks like from inside, and how it says that it cannot be asked."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Protocol

from app.gateways.breaker import Breaker, BreakerState


class RegisterUnavailable(Exception):
    """Nobody knows whether there is such a row; `code` says why, without an answer or a sentence in it."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


class AnswerUnusable(RegisterUnavailable):
    """The source is there, but what it said about this one question cannot be used."""


class RegisterSource(Protocol):
    """A register asked live."""

    def find(self, lookup: Mapping[str, str]) -> list[dict[str, str]]:
        """The rows in which each column of `lookup` has its value, normalised; raises RegisterUnavailable."""


class Guarded:
    """A source behind a circuit breaker: after failures in a row it is left alone for a while.

    An unusable answer is no failure: one customer's odd row must not shut the register for all.
    """

    def __init__(self, source: RegisterSource, breaker: Breaker, clock: Callable[[], datetime]) -> None:
        self._source = source
        self._breaker = breaker
        self._clock = clock

    def breaker_state(self, now: datetime) -> BreakerState:
        """Whether the source is asked (`closed`), left alone (`open`), or about to be tried (`half_open`)."""
        return self._breaker.state(now)

    def find(self, lookup: Mapping[str, str]) -> list[dict[str, str]]:
        """As the source; raises RegisterUnavailable `resting` while the breaker is open."""
        if not self._breaker.allows(self._clock()):
            raise RegisterUnavailable("resting")
        try:
            rows = self._source.find(lookup)
        except AnswerUnusable:
            self._breaker.succeeded(self._clock())
            raise
        except BaseException:
            self._breaker.failed(self._clock())
            raise
        self._breaker.succeeded(self._clock())
        return rows
