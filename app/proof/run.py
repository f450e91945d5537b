"""Proving a flow: its paths chosen, driven, probed; what failed made as short as it can be."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice

from app.flow.definition import Flow
from app.flow.paths.cover import paths_to, select
from app.flow.paths.coverage import Coverage, of_records
from app.flow.paths.explore import Space
from app.flow.paths.goals import Criterion, Goal
from app.flow.paths.model import Path
from app.flow.paths.shrink import shrink
from app.proof.failures import Failure
from app.proof.ground import Ground
from app.proof.probes import PROBES, Probe
from app.proof.prover import Prover, Unstaged

_MOST_SHRUNK = 5  # failures of one cause look alike; so many are enough to see which
_MOST_TRIES = 80  # paths driven to make one failure shorter


@dataclass(frozen=True)
class Proof:
    """What became of a flow's paths.

    `taken` is how often each transition was, by `state.id`; `looked` how many pages were probed; `still` the
    failures of earlier runs that are there still; `forged` the buttons no page had, `state trigger`;
    `first_page` what is wrong there before anything has begun.
    """

    flow: Flow
    space: Space
    coverage: Coverage
    paths: int
    taken: Mapping[str, int]
    looked: int
    failures: tuple[Failure, ...]
    still: tuple[Failure, ...]
    unstaged: tuple[Unstaged, ...]
    forged: tuple[str, ...]
    first_page: tuple[str, ...] = ()

    @property
    def holds(self) -> bool:
        """Whether everything that can be reached was reached, and nothing failed."""
        wrong = self.failures or self.first_page or self.space.stuck or self.coverage.surprises
        return not wrong and not self.coverage.having("uncovered")


def prove(
    ground: Ground,
    criteria: Iterable[Criterion],
    *,
    flow: Flow | None = None,
    probes: Sequence[Probe] = PROBES,
    first: Iterable[Failure] = (),
    watched: Callable[[Sequence[Path]], Iterable[Path]] = iter,
) -> Proof:
    """Drive the paths of `flow` on the ground, those that failed before `first`.

    `watched` is handed the paths and hands them on one by one, so that it can tell how far they are.
    What a path missed, because it failed or could not be brought about as a whole, is tried goal by goal.
    """
    prover, criteria = Prover(ground, flow, probes), tuple(criteria)
    langs = prover.flow.spec.languages
    still = [failure for failure in first if prover.fails_again(failure, failure.path)]
    prover.failures += still
    prover.try_all(watched(select(prover.flow, criteria)), langs)
    if missed := _open(prover, criteria):
        prover.try_all(paths_to(prover.space, missed, "short"), langs)
    beginning: list[str] = []
    if probes:
        prover.probe_the_rest()
        beginning = prover.beginning()
    return Proof(
        flow=prover.flow,
        space=prover.space,
        coverage=_coverage(prover, criteria),
        paths=len(prover.driven),
        taken=Counter(f"{record.state}.{record.chosen}" for record in prover.records if record.chosen),
        looked=prover.looked,
        failures=tuple(_shortest(prover)),
        still=tuple(still),
        unstaged=tuple(prover.unstaged),
        forged=tuple(sorted(prover.forged)),
        first_page=tuple(beginning),
    )


def _coverage(prover: Prover, criteria: Iterable[Criterion]) -> Coverage:
    return Coverage.of(prover.space, of_records(prover.records), criteria)


def _open(prover: Prover, criteria: Iterable[Criterion]) -> Sequence[Goal]:
    return _coverage(prover, criteria).having("uncovered")


def _shortest(prover: Prover) -> list[Failure]:
    """One failure of each sort, the shortest of them made as short as it can be."""
    sorts: dict[tuple[object, ...], Failure] = {}
    for failure in sorted(prover.failures, key=lambda each: len(each.path.moves)):
        last = failure.path.moves[-1].transition
        sorts.setdefault((last.source, last.id, failure.probe), failure)
    found = list(sorts.values())
    unstaged = len(prover.unstaged)
    shorter = [_shrunk(prover, each) for each in islice(found, _MOST_SHRUNK)]
    del prover.unstaged[unstaged:]  # what could not be brought about on the way to a shorter path
    return list(dict.fromkeys([*shorter, *found[_MOST_SHRUNK:]]))


def _shrunk(prover: Prover, failure: Failure) -> Failure:
    tries = 0

    def fails(path: Path) -> bool:
        nonlocal tries
        tries += 1
        if path == failure.path:
            return True
        return tries <= _MOST_TRIES and prover.fails_again(failure, path)

    path = shrink(failure.path, fails, prover.flow, prover.space)
    return Failure(path, failure.text, failure.probe, failure.lang)
