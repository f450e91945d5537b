"""An analyst and an auditor at the desk, each in a browser, for tests of the pages about a draft."""

from collections.abc import Callable
from dataclasses import dataclass

import pytest

from app.runner.house import House
from tests.desk import cheap, log_in, staffed
from tests.walk import Walk


@dataclass
class Desk:
    house: House
    anna: Walk
    auditor: Walk


@pytest.fixture
def desk(house: House, browser: Callable[..., Walk]) -> Desk:
    staffed(cheap(house), "anna", "analyst")
    staffed(cheap(house), "vera", "auditor")
    return Desk(house, log_in(browser(lang="en"), "anna"), log_in(browser(lang="en"), "vera"))
