"""The same walks in Chromium: clicks and keys of a real browser."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from app.proof.ground import Ground
from app.proof.http import HttpWalk
from app.proof.visit import Visit
from app.proof.window import Window
from app.scenarios.memory import Memory

if TYPE_CHECKING:
    from playwright.sync_api import Browser

_ARGUMENTS = [
    *("--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking"),
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",  # nothing leaves this machine
]
_INSTALLED = Path("/usr/bin/chromium")


class NoBrowser(Exception):
    """Chromium or Playwright is missing; the text says how to get it."""


@contextmanager
def chromium() -> Iterator["Browser"]:
    """Headless Chromium for as long as the block runs; raises NoBrowser."""
    try:
        from playwright.sync_api import Error, sync_playwright  # noqa: PLC0415
    except ImportError:
        raise NoBrowser(
            "Playwright is not installed: `make test` installs it, "
            "or `.venv/bin/python -m pip install -r requirements/dev.lock`."
        ) from None
    with sync_playwright() as playwright:
        own = str(_INSTALLED) if _INSTALLED.exists() else None
        try:
            browser = playwright.chromium.launch(executable_path=own, args=_ARGUMENTS)
        except Error:
            raise NoBrowser(
                "Chromium cannot be started: install the package `chromium`, "
                "or run `.venv/bin/python -m playwright install chromium`."
            ) from None
        yield browser
        browser.close()


class BrowserWalk(HttpWalk):
    """A scenario under way in Chromium; the application answers it in threads of its own."""

    _in_threads = True

    def __init__(
        self, ground: Ground, memory: Memory, chromium: "Browser", url: str, watched: set[object]
    ) -> None:
        super().__init__(ground.app, ground.house, ground.scene.post, ground.flow, memory)
        self._chromium, self._url, self._watched = chromium, url, watched

    def opened(self, lang: str, network: str) -> Visit:  # noqa: ARG002 - it is this machine
        """A new window."""
        return Window(self._app, lang, self._chromium, self._url, self._watched)

    @property
    def by_itself(self) -> list[str]:
        """The posts that no click could send, each with why."""
        return [post for each in self.visits.values() if isinstance(each, Window) for post in each.by_itself]

    def close(self) -> None:
        """Close its windows."""
        for each in self.visits.values():
            if isinstance(each, Window):
                each.close()
