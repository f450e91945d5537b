"""Driving a flow's paths in Chromium, one after the other, each with people and windows of its own."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import count, cycle
from typing import TYPE_CHECKING

from app.flow.paths.model import Path
from app.proof.browser import BrowserWalk, chromium
from app.proof.compile import Compiled, NotStaged, compile_path
from app.proof.drive import Driven, drive_on
from app.proof.failures import Failure
from app.proof.ground import Ground, Unstageable
from app.proof.serving import served

if TYPE_CHECKING:
    from playwright.sync_api import Browser

_SEEDS = 10_001  # other people than those who went over HTTP on the same ground


@dataclass
class Seen:
    """What became of paths in the browser; `unclickable` posts had no click to send them, each with why."""

    driven: int = 0
    failures: list[Failure] = field(default_factory=list)
    unclickable: list[str] = field(default_factory=list)
    left_out: list[tuple[Path, str]] = field(default_factory=list)


class ChromiumProver:
    """Chromium and an application served for it; drives paths one by one."""

    def __init__(self, ground: Ground, browser: "Browser", url: str) -> None:
        self._ground, self._browser, self._url = ground, browser, url
        self._watched: set[object] = set()
        self._seeds = count(_SEEDS)

    def try_all(self, paths: Iterable[Path], langs: Iterable[str]) -> Seen:
        """Drive the paths, each in the next of `langs`."""
        seen = Seen()
        for path, lang in zip(paths, cycle(langs), strict=False):
            try:
                failure = self._try(path, lang, seen)
            except (NotStaged, Unstageable) as problem:
                seen.left_out.append((path, str(problem)))
                continue
            seen.driven += 1
            seen.failures += [failure] if failure else []
        return seen

    def _try(self, path: Path, lang: str, seen: Seen) -> Failure | None:
        seed = next(self._seeds)
        driven = Driven(compile_path(self._ground.flow, path, seed, lang), seed)
        with self._walk(driven.plan, seed) as walk:
            drive_on(self._ground, driven, walk)
            seen.unclickable += walk.by_itself
        if driven.wrong is None:
            return None
        return Failure(driven.upto(driven.wrong.move), f"in Chromium: {driven.wrong.text}", None, lang)

    @contextmanager
    def _walk(self, plan: Compiled, seed: int) -> Iterator[BrowserWalk]:
        memory = self._ground.prepare(plan.scenario, seed)
        walk = BrowserWalk(self._ground, memory, self._browser, self._url, self._watched)
        try:
            yield walk
        finally:
            walk.close()


@contextmanager
def in_chromium(ground: Ground, browser: "Browser | None" = None) -> Iterator[ChromiumProver]:
    """The ground's application served, and Chromium, one of its own where none is given; raises NoBrowser."""
    with served(ground.app) as url:
        if browser is not None:
            yield ChromiumProver(ground, browser, url)
            return
        with chromium() as own:
            yield ChromiumProver(ground, own, url)
