"""Where paths are driven: one house and one application for all of a flow's paths, which differ in people."""

import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path as File

from flask import Flask

from app.config import Settings
from app.flow.catalogue import Catalogue
from app.flow.definition import Flow
from app.proof.http import HttpWalk
from app.runner.house import House
from app.runner.sweep import sweep
from app.scenarios.memory import Memory, Surroundings
from app.scenarios.rows import put_rows
from app.scenarios.spec import Scenario
from app.scenarios.stage import Scene, Stage, StagedHouse
from app.store.passwords import Passwords

#: How an application is put together of a house; `app.application.build`, which lies above us.
Build = Callable[[Settings, House], Flask]

#: What hashing costs is not what paths are about.
_QUICK = Passwords(kibibytes=8, passes=1)
_A_LONG_NIGHT = timedelta(days=400)  # whatever is kept for a while is forgotten after it
_MEMORY = File("/dev/shm")  # noqa: S108 - a folder of our own is made in it


class Unstageable(Exception):
    """A row that a path needs does not fit into its register; the text says which and why."""


@dataclass(frozen=True)
class Ground:
    """A flow published in a house of its own, and the application that serves it."""

    app: Flask
    scene: Scene
    flow: Flow

    @property
    def house(self) -> StagedHouse:
        """The house."""
        return self.scene.house

    def begin(self, scenario: Scenario, seed: int) -> HttpWalk:
        """A walk through a scenario that nobody has begun; raises Unstageable."""
        memory = self.prepare(scenario, seed)
        return HttpWalk(self.app, self.house, self.scene.post, self.flow, memory)

    def prepare(self, scenario: Scenario, seed: int) -> Memory:
        """Let be so what the scenario says; its browsers are at networks nobody has used. Raises Unstageable.

        What others left is over: their runs have expired, their messages and counters are forgotten.
        """
        self._pass_the_night()
        now = Surroundings.described(scenario.given)
        here = self.house.surroundings
        here.now, here.domains, here.silent = now.now, now.domains, now.silent
        if wrong := put_rows(self.scene, self.flow, scenario.given):
            raise Unstageable(f"{'.'.join(map(str, wrong[0]))}: {wrong[1]}")
        return Memory(scenario.lang or self.flow.spec.languages[0], here, network=_network(seed))

    def _pass_the_night(self) -> None:
        self.house.surroundings.now += _A_LONG_NIGHT
        sweep(self.house)


def _network(seed: int) -> str:
    """Of the block that is set aside for trying out networks (RFC 2544)."""
    return f"198.{18 + seed // 256 % 2}.{seed % 256}"


@contextmanager
def ground(folder: File, home: File, build: Build, catalogue: Catalogue | None = None) -> Iterator[Ground]:
    """A ground for the definition in `folder`; with `catalogue` its guards and effects are those.

    Raises what `Stage` does. Nothing is left behind.
    """
    with tempfile.TemporaryDirectory(prefix="narthex-paths-", dir=_scratch()) as scratch:
        stage = Stage(folder, home, File(scratch))
        with stage.scene(Surroundings()) as scene:
            house = replace(scene.house, passwords=_QUICK, catalogue=catalogue or scene.house.catalogue)
            app = build(stage.settings(scene.folder), house)
            for limiter in app.extensions["limiter"]:
                limiter.enabled = False  # it counts by the wall clock: hundreds of people come in a minute
            yield Ground(app, replace(scene, house=house), house.shelf.live(stage.flow.name))


def _scratch() -> File | None:
    """Where writing is cheapest: a disk would be waited for at each of thousands of commits."""
    return _MEMORY if _MEMORY.is_dir() else None
