"""What a guard answers, and what the page may show of it."""

import dataclasses
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Literal

Answer = Literal["yes", "no", "unavailable"]

_STEPS = ((600, 10), (86_400, 60), (10**12, 3600))  # up to so many seconds, told in steps of so many


@dataclass(frozen=True)
class Problem:
    """Something to mend: a reason code, the field it belongs to (None: the page), plain parameters.

    Parameters are shown to the applicant and stored beside the run, so they never hold an answer.
    """

    code: str
    field: str | None = None
    params: Mapping[str, str | int] = dataclasses.field(default_factory=dict)


@dataclass(frozen=True)
class Charge:
    """One refusal to be counted against a budget, in the same commit as the verdict that says so."""

    budget: str
    subject: str
    value: str = dataclasses.field(repr=False)


@dataclass(frozen=True)
class Count:
    """A number the answer was judged by: how much of `limit` was used before the step and after it.

    `name` says of what (`tries`, `seconds since sent`); numbers only, never an answer. Journaled, so that
    replay can tell what another limit would have said.
    """

    name: str
    before: int
    after: int
    limit: int

    @classmethod
    def used(cls, name: str, used: int, limit: int, more: int = 0) -> "Count":
        """`used` of `limit`, and `more` by the step; told no further than the limit."""
        return cls(name, min(used, limit), min(used + more, limit), limit)

    @classmethod
    def elapsed(cls, name: str, span: timedelta, limit: timedelta) -> "Count":
        """Seconds gone by of those in `limit`, rounded down but never to the other side of the limit.

        Steps of ten seconds, of a minute from ten minutes on, of an hour from a day on: limits are written in
        such steps, so every other limit is judged right too, and runs that went alike look alike.
        """
        most, seconds = int(limit.total_seconds()), max(int(span.total_seconds()), 0)
        step = next(size for end, size in _STEPS if seconds < end)
        coarse = max(seconds - seconds % step, most) if span >= limit else seconds - seconds % step
        return cls(name, coarse, coarse, most)


@dataclass(frozen=True)
class Verdict:
    """A guard's answer with its reason code; `found` and `charges` go to effects and counters only.

    `still` is asked inside the commit, with its connection: whether the counters that the answer was judged
    by still say the same. If not, the answer is discarded unseen and the step decided anew. `count` is
    carried out in the same commit: what the answer costs, one try of a code say. `keeps` are facts the
    answer brought to light that later steps need, by field; they are kept with the answers, and no form
    can post them. `counts` are the numbers behind the answer, for the journal.
    """

    answer: Answer
    reason: str | None = None
    problems: tuple[Problem, ...] = ()
    found: Mapping[str, str] = dataclasses.field(default_factory=dict, repr=False)
    charges: tuple[Charge, ...] = ()
    still: Callable[[Any], bool] | None = dataclasses.field(default=None, repr=False, compare=False)
    count: Callable[[Any], None] | None = dataclasses.field(default=None, repr=False, compare=False)
    keeps: Mapping[str, str] = dataclasses.field(default_factory=dict, repr=False)
    counts: tuple[Count, ...] = ()

    @classmethod
    def yes(cls, reason: str | None = None, found: Mapping[str, str] | None = None) -> "Verdict":
        """The statement is true."""
        return cls("yes", reason, found=found or {})

    @classmethod
    def no(
        cls,
        reason: str,
        problems: tuple[Problem, ...] = (),
        found: Mapping[str, str] | None = None,
        charges: tuple[Charge, ...] = (),
    ) -> "Verdict":
        """The statement is false, for the reason given."""
        return cls("no", reason, problems, found or {}, charges)

    @classmethod
    def unavailable(cls, reason: str) -> "Verdict":
        """Nobody could be asked; this is neither true nor false."""
        return cls("unavailable", reason)
