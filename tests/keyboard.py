"""Somebody at the desk who has no mouse: Tab to a thing, then type or press Enter."""

from playwright.sync_api import Page, expect

from tests.desk import LOGIN, PASSWORD
from tests.screens import Screen

_FOCUSED = """selector => {
  let here = document.activeElement;
  while (here && here.tagName === "IFRAME" && here.contentDocument) here = here.contentDocument.activeElement;
  return Boolean(here && here.matches(selector));
}"""


class Keyboard:
    """A screen used by its keys alone."""

    def __init__(self, screen: Screen) -> None:
        self.screen, self.page = screen, screen.page

    def press(self, *keys: str) -> "Keyboard":
        for key in keys:
            self.page.keyboard.press(key)
        return self

    def type(self, text: str) -> "Keyboard":
        self.page.keyboard.type(text)
        return self

    def tab_to(self, selector: str, most: int = 250) -> "Keyboard":
        """Press Tab until what the selector names has the focus, inside a frame too."""
        for _ in range(most):
            if self.page.evaluate(_FOCUSED, selector):
                return self
            self.page.keyboard.press("Tab")
        raise AssertionError(f"Tab never comes to {selector}")

    def enter(self, selector: str) -> "Keyboard":
        """Go to it by Tab and press Enter; wait for the page that answers."""
        self.tab_to(selector)
        with self.page.expect_navigation():
            self.page.keyboard.press("Enter")
        return self

    def put(self, selector: str, text: str) -> "Keyboard":
        """Go to a box by Tab and type in the place of what stands there."""
        return self.tab_to(selector).press("Control+A").type(text)

    def go(self, path: str) -> "Keyboard":
        self.screen.go(path)
        return self

    def log_in(self, name: str) -> "Keyboard":
        """Through the desk's door, whose first box has the focus."""
        self.screen.go(LOGIN)
        expect(self.page.locator("#name")).to_be_focused()
        self.type(name).press("Tab").type(PASSWORD)
        with self.page.expect_navigation():
            self.press("Enter")
        return self


def notice(page: Page) -> str:
    """What the page says of the act before it."""
    return page.locator(".notice").first.inner_text()
