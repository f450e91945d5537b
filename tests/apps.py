"""An application, its post office and browsers for tests that walk."""

from collections.abc import Callable

import pytest
from flask import Flask

from app import wiring
from app.application import build
from app.config import Settings
from app.delivery.post import Post
from app.runner.house import House
from tests.walk import Walk


@pytest.fixture
def app(settings: Settings, house: House) -> Flask:
    return build(settings, house)


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
