"""The comparison of two versions in Chromium: on a phone in the dark, and on a wide screen."""

from collections.abc import Callable
from pathlib import Path

import pytest

from app.runner.house import House
from app.runner.publish import publish
from tests.desk import LOGIN, PASSWORD, cheap, staffed
from tests.screens import Screen
from tests.test_compare import OPENS, folder

pytestmark = pytest.mark.browser


@pytest.fixture
def dialect() -> str:
    return "sqlite"


def test_the_comparison_is_read_on_a_phone_and_on_a_wide_screen(
    house: House, open_screen: Callable[..., Screen], tmp_path: Path
) -> None:
    edits = (
        OPENS,
        ("dest: not_found, effects", "dest: invalid, effects"),
        ("    valid: 24 h", "    valid: 12 h"),
    )
    publish(house, folder(tmp_path, *edits))
    staffed(cheap(house), "ana", "analyst")
    for lang, wide in (("bg", False), ("hu", True)):
        screen = open_screen(lang, f"compare-{'wide' if wide else 'phone'}", wide=wide)
        screen.go(LOGIN)
        screen.page.locator("#name").fill("ana")
        screen.page.locator("#password").fill(PASSWORD)
        screen.send()
        screen.go("/desk/flows/ecard/compare?of=2&with=1&zoom=75")
        screen.page.locator("details.patch").evaluate_all("all => all.forEach(each => { each.open = true })")
        screen.seen("compare", dark=not wide)
        assert not screen.complaints
    refused = tmp_path / "no.zip"
    refused.write_bytes(b"no archive")
    screen.page.locator("#archive").set_input_files(refused)
    with screen.page.expect_navigation():
        screen.page.locator("main form[enctype] button").click()
    screen.seen("refused")
