"""All sandboxes of this house: made, opened, kept open for a while, taken away after a week."""

import re
import secrets
import shutil
from collections import OrderedDict
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from threading import Lock

from flask import Flask

from app import config, wiring
from app.config import Settings
from app.delivery.post import Post
from app.flow.definition import Flow
from app.runner.second_look import look_again
from app.runner.sweep import sweep as let_time_pass
from app.runner.wallet import Wallets
from app.sandbox import making
from app.sandbox import sheet as sheets
from app.sandbox.house import Circumstances, SandboxHouse, open_house, open_post, secret_of
from app.sandbox.making import ID_SIGNS, Wanted
from app.sandbox.sheet import NoSuchSandbox, Origin, Sheet
from app.store.passwords import Passwords

KEPT = timedelta(days=7)
MOST_EACH = 20
_MOST_OPEN = 8
_ID = re.compile(rf"[0-9a-f]{{{ID_SIGNS}}}")

#: Builds the pages that applicants see: application.build_pages.
BuildPages = Callable[[Settings, SandboxHouse, Wallets], Flask]


class TooMany(Exception):
    """This member of staff has as many sandboxes as one may have."""


@dataclass(frozen=True)
class Sandbox:
    """One that is open: its house, its post office, the real pages on it."""

    folder: Path
    house: SandboxHouse
    post: Post
    app: Flask
    circumstances: Circumstances

    @property
    def sheet(self) -> Sheet:
        """Its sheet as it stands now."""
        return sheets.read(self.folder)

    @property
    def flow(self) -> Flow:
        """The flow that is tried in it."""
        return self.house.shelf.live(self.sheet.flow)

    def settle(self) -> None:
        """What follows by itself: second looks, letters into the outbox."""
        look_again(self.house)
        while self.post.deliver():
            pass

    def pass_(self, span: timedelta) -> None:
        """Let time pass, and all that time does."""
        self.circumstances.pass_(span)
        let_time_pass(self.house)
        self.settle()


class Sandboxes:
    """The sandboxes under `root`. `wall` is the real time, `address` where a sandbox's pages are reached."""

    def __init__(
        self,
        root: Path,
        home: Path,
        wall: Callable[[], datetime],
        address: Callable[[str], str],
        build: BuildPages,
        passwords: Passwords | None = None,
    ) -> None:
        self.root, self.home, self.wall = root, home, wall
        self._address, self._build, self._passwords = address, build, passwords
        self._open: OrderedDict[str, Sandbox] = OrderedDict()
        self._lock = Lock()
        self._wallets: Wallets | None = None

    def make(self, owner: str, wanted: Wanted, origin: Origin | None = None) -> Sheet:
        """A new sandbox for `owner`; raises TooMany, and what making.make raises."""
        self.sweep()
        if len(self.of(owner)) >= MOST_EACH:
            raise TooMany(owner)
        folder = self.root / secrets.token_hex(ID_SIGNS // 2)
        return making.make(folder, owner, wanted, self.wall, origin)

    def of(self, owner: str) -> list[Sheet]:
        """The sandboxes of one member of staff, the newest first."""
        return sorted(
            (each for each in self._all() if each.owner == owner), key=lambda each: each.made_at, reverse=True
        )

    def _all(self) -> list[Sheet]:
        return [sheet for _, sheet in _there(self.root)]

    def sheet(self, name: str) -> Sheet:
        """The sheet of one; raises NoSuchSandbox, after its week too."""
        sheet = sheets.read(self._folder(name))
        if sheet.made_at + KEPT <= self.wall():
            raise NoSuchSandbox(name)
        return sheet

    def _folder(self, name: str) -> Path:
        if not _ID.fullmatch(name):
            raise NoSuchSandbox(name)
        return self.root / name

    def open(self, name: str) -> Sandbox:
        """One of them with its pages; raises NoSuchSandbox."""
        folder = self._folder(name)
        with self._lock:
            self.sheet(name)
            if name not in self._open:
                self._open[name] = self._opened(folder)
            self._open.move_to_end(name)
            while len(self._open) > _MOST_OPEN:
                _, longest_unused = self._open.popitem(last=False)
                longest_unused.house.database.close()
            return self._open[name]

    def _opened(self, folder: Path) -> Sandbox:
        settings = self._settings(folder)
        house = open_house(folder, self._address(folder.name), self.wall, self._passwords)
        if self._wallets is None:
            own = settings.model_copy(update={"var": self.root})
            self._wallets = wiring.open_wallets(own, self.wall())
        app = self._build(settings, house, self._wallets)
        return Sandbox(folder, house, open_post(house), app, Circumstances(folder, self.wall))

    def _settings(self, folder: Path) -> Settings:
        """The demo's settings, with nothing in them of those this house runs by."""
        own = {
            "NARTHEX_VAR": str(folder),
            "NARTHEX_HOME": str(self.home),
            "NARTHEX_SECRET_KEYS": secret_of(folder),
            "NARTHEX_DNS": "off",
        }
        return config.load(own)

    def remove(self, name: str) -> None:
        """Take one away with all that happened in it; raises NoSuchSandbox."""
        folder = self._folder(name)
        with self._lock:
            there = self._open.pop(name, None)
            if there:
                there.house.database.close()
            sheets.read(folder)
            _delete(folder)

    def sweep(self) -> int:
        """Take away those made more than a week ago; how many."""
        old = [each.id for each in self._all() if each.made_at + KEPT <= self.wall()]
        for name in old:
            self.remove(name)
        return len(old)

    def close(self) -> None:
        """Give all connections back."""
        with self._lock:
            for each in self._open.values():
                each.house.database.close()
            self._open.clear()


def _there(root: Path) -> Iterator[tuple[Path, Sheet]]:
    for folder in root.iterdir() if root.is_dir() else ():
        if _ID.fullmatch(folder.name):
            try:
                yield folder, sheets.read(folder)
            except NoSuchSandbox:
                continue  # being made or taken away


def _delete(folder: Path) -> None:
    (folder / sheets.FILE).unlink(missing_ok=True)  # first, so that nobody opens half of it
    shutil.rmtree(folder, ignore_errors=True)


def delete_old(root: Path, now: datetime) -> None:
    """Take away those below `root` made more than a week ago, whoever has them open: for the worker."""
    for folder, sheet in _there(root):
        if sheet.made_at + KEPT <= now:
            _delete(folder)
