"""Driving many paths on one ground: what was recorded, what failed, what could not be brought about."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import count, cycle

from app.flow.definition import Flow
from app.flow.paths.explore import space_of
from app.flow.paths.model import Path
from app.flow.paths.walking import path_of, shortest, whole
from app.flow.trace import Recorded
from app.proof.compile import NotStaged, compile_path
from app.proof.drive import Driven, Look, drive
from app.proof.failures import Failure
from app.proof.ground import Ground, Unstageable
from app.proof.http import HttpWalk
from app.proof.probes import PROBES, Probe, probed
from app.proof.spot import Spot
from app.scenarios.spec import Scenario, Step


@dataclass(frozen=True)
class Unstaged:
    """A path that nobody knew how to bring about, and why."""

    path: Path
    why: str


class Prover:
    """Drives paths of `flow`, each with people of its own, and probes every page that looks new.

    The ground may have another version of the flow published: then it is that one which is tried.
    """

    def __init__(self, ground: Ground, flow: Flow | None = None, probes: Sequence[Probe] = PROBES) -> None:
        self.ground, self.flow, self.probes = ground, flow or ground.flow, tuple(probes)
        self.space = space_of(self.flow)
        self.records: list[Recorded] = []
        self.failures: list[Failure] = []
        self.unstaged: list[Unstaged] = []
        self.forged: set[str] = set()
        self.driven: list[Driven] = []
        self._looked: set[Look] = set()
        self._stood: set[str] = set()
        self._seeds = count(1)

    @property
    def looked(self) -> int:
        """How many pages were probed."""
        return len(self._looked)

    def try_all(self, paths: Iterable[Path], langs: Iterable[str]) -> None:
        """Drive the paths, each in the next of `langs`; the pages they end at are probed."""
        for path, lang in zip(paths, cycle(langs), strict=False):
            self.failures += self.try_one(path, lang)

    def try_one(self, path: Path, lang: str | None = None) -> list[Failure]:
        """Drive one path, and probe the page it ends at if that looks new; what went wrong."""
        driven, walk = self._drive(path, lang)
        if driven is None or walk is None:
            return []
        self.records += driven.records
        self.forged |= set(driven.forged)
        self.driven.append(driven)
        if driven.wrong is not None:
            return [Failure(driven.upto(driven.wrong.move), driven.wrong.text, None, lang)]
        look = driven.looks[-1]
        return self._probe(path, look, walk, lang)

    def probe_the_rest(self) -> None:
        """Walk once more to each page that some path came by and none ended at, and probe it."""
        for driven in tuple(self.driven):
            lang = driven.plan.scenario.lang
            for index, look in enumerate(driven.looks):
                if look not in self._looked:
                    self.failures += self.try_one(self._shortcut(driven.upto(index)), lang)
                if look not in self._looked:  # the short way led there with other words
                    self.failures += self.try_one(driven.upto(index), lang)
                    self._looked.add(look)  # whatever became of it, not a third time

    def _shortcut(self, path: Path) -> Path:
        """The cheapest path that ends with the same move."""
        last = path.moves[-1]
        way = shortest(self.space, self.space.initial, lambda edge: edge.move == last)
        return path_of(way) if way and whole(way) else path

    def beginning(self) -> list[str]:
        """What is wrong with the first page, before anything has begun: the probes' sentences."""
        nobody = Scenario(name="nobody yet", steps=[Step(registers="answering")])
        walk = self.ground.begin(nobody, next(self._seeds))
        spot = Spot.of(walk, self.ground.house, self.ground.flow)
        return [f"{probe.name}: {text}" for probe, text in probed(spot, self.probes)]

    def fails_again(self, failure: Failure, path: Path) -> bool:
        """Whether `path` fails as `failure` did: going otherwise than it says, or at its probe."""
        driven, walk = self._drive(path, failure.lang)
        if driven is None or walk is None:
            return False
        if failure.probe is None or driven.wrong is not None or walk.is_lost:
            return failure.probe is None and driven.wrong is not None
        spot = Spot.of(walk, self.ground.house, self.ground.flow)
        wanted = [probe for probe in PROBES if probe.name == failure.probe]
        return any(True for _ in probed(spot, wanted))

    def _drive(self, path: Path, lang: str | None) -> tuple[Driven | None, HttpWalk | None]:
        seed = next(self._seeds)
        try:
            return drive(self.ground, compile_path(self.flow, path, seed, lang), seed)
        except (NotStaged, Unstageable) as problem:
            self.unstaged.append(Unstaged(path, str(problem)))
            return None, None

    def _probe(self, path: Path, look: Look, walk: HttpWalk, lang: str | None) -> list[Failure]:
        if look in self._looked or not self.probes or walk.is_lost:
            return []
        self._looked.add(look)
        fresh = [probe for probe in self.probes if not (probe.once and look.state in self._stood)]
        self._stood.add(look.state)
        spot = Spot.of(walk, self.ground.house, self.ground.flow)
        return [Failure(path, text, probe.name, lang) for probe, text in probed(spot, fresh)]
