"""An application, its post office and browsers for tests that walk."""

from collections.abc import Callable

import pytest
from flask import Flask
from jinja2 import BytecodeCache
from jinja2.bccache import Bucket

from app import wiring
from app.application import build
from app.config import Settings
from app.delivery.post import Post
from app.runner.house import House
from app.runner.wallet import Wallets
from tests.walk import Walk


class Compiled(BytecodeCache):
    """Templates compiled once for all applications of a process; one whose source changed is not taken."""

    kept: dict[str, bytes] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        if bucket.key in self.kept:
            bucket.bytecode_from_string(self.kept[bucket.key])

    def dump_bytecode(self, bucket: Bucket) -> None:
        self.kept[bucket.key] = bucket.bytecode_to_string()


_opened: dict[tuple[object, ...], Wallets] = {}


def _wallets(settings: Settings, house: House) -> Wallets | None:
    """The demo's signers: keys that were read once are not read again, for checking a key takes its time."""
    files = sorted((settings.var / "wallet").glob("*"))
    if not files or settings.apple_certificate or settings.google_account:
        return None
    key = (settings.google_mode, *(file.read_bytes() for file in files))
    if key not in _opened:
        _opened[key] = wiring.open_wallets(settings, house.clock())
    return _opened[key]


def ready_app(settings: Settings, house: House) -> Flask:
    """The application, with what is the same for all those of a process made once."""
    app = build(settings, house, _wallets(settings, house))
    app.jinja_env.bytecode_cache = Compiled()
    return app


@pytest.fixture
def app(settings: Settings, house: House) -> Flask:
    return ready_app(settings, house)


@pytest.fixture
def post(settings: Settings, house: House) -> Post:
    return wiring.open_post(settings, house)


@pytest.fixture
def browser(app: Flask) -> Callable[..., Walk]:
    """Opens browsers: `browser(address=..., lang=...)`."""

    def open_browser(**more: str) -> Walk:
        return Walk(app, **more)

    return open_browser


@pytest.fixture
def walk(browser: Callable[..., Walk]) -> Walk:
    return browser()
