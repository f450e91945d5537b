"""The README's way to a new flow, followed by a machine: its commands are run, its buttons pressed."""

import html
import re
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
import requests
from playwright.sync_api import Browser, Page, expect

from app.config import ROOT
from tests.server import Server, environment, serving
from tests.test_templates import compile_translations
from tests.walk import HIDDEN, code_in

BIN = Path(sys.executable).parent
ANA, BELA = "ana.petrova@example-mail.bg", "bela.kerekes@example-mail.bg"
EDIT = re.compile(r"In `([^`]+)` write `([^`]+)` instead of `([^`]+)`")
ACT = re.compile(
    r"log in as `(?P<name>\w+)`|as `(?P<back>\w+)`|\*\*(?P<press>[^*]+)\*\*"
    r"|\*(?P<label>[^*]+)\*: `(?P<value>[^`]+)`|says “(?P<said>[^”]+)”"
)


@pytest.fixture
def dialect() -> str:
    return "sqlite"


def guide(part: str) -> str:
    """The part of the README's section, its wrapped lines joined."""
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    section = readme.partition("## A new flow in ten minutes\n")[2].partition("\n## ")[0]
    return section.partition(f"**{part}**")[2].partition("\n**With")[0]


@dataclass
class Clone:
    """A fresh clone with nothing published yet, and the demo that runs in it."""

    home: Path
    var: Path
    server: Server

    def run(self, command: str) -> str:
        """A command of the guide, as it is typed; what it prints."""
        words = command.replace(".venv/bin", str(BIN)).split()
        port = int(self.server.url.rpartition(":")[2])
        done = subprocess.run(
            words,
            cwd=self.home,
            env=environment(self.var, port, NARTHEX_HOME=str(self.home)),
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    def code_for(self, address: str) -> str:
        """The code in the demo's inbox for this address; it is delivered a moment after it was asked for."""
        until = time.monotonic() + 30
        while time.monotonic() < until:
            answer = requests.get(f"{self.server.url}/inbox/messages.json", timeout=10)
            for message in answer.json()["messages"]:
                if message["to"] == address:
                    return code_in(message)
        raise AssertionError("no message came")


@pytest.fixture(scope="module")
def clone(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Clone]:
    compile_translations()
    home = tmp_path_factory.mktemp("clone")
    for each in ("templates", "migrations", "app"):
        (home / each).symlink_to(ROOT / each)
    (home / "workflows").mkdir()
    with serving(home / "var", NARTHEX_HOME=str(home)) as server:
        yield Clone(home, home / "var", server)


def test_the_commands_of_the_guide_lead_to_a_running_wizard(clone: Clone) -> None:
    steps = guide("With commands")
    told = ""
    for line in steps.splitlines():
        if line.strip().startswith(".venv/bin/"):
            told = clone.run(line.strip())
        for file, new, old in EDIT.findall(line):
            path = clone.home / file
            text = path.read_text(encoding="utf-8")
            assert text.count(old) == 1
            path.write_text(text.replace(old, new), encoding="utf-8")
    assert "hello  version 1" in told
    assert _end(steps) in _walked(clone, "/hello/")


def _end(steps: str) -> str:
    """What the guide says one reads at the end."""
    return re.findall(r"at the end it says “([^”]+)”", steps)[-1]


def _walked(clone: Clone, first: str) -> str:
    """The text of the last page, walked to over HTTP."""
    with requests.Session() as session:
        page = session.get(f"{clone.server.url}{first}", timeout=10)
        page = session.post(page.url, data={**_hidden(page.text), "email": ANA}, timeout=10)
        assert page.url.endswith("/code")
        code = clone.code_for(ANA)
        page = session.post(page.url, data={**_hidden(page.text), "code": code}, timeout=10)
    return html.unescape(page.text)


def _hidden(page: str) -> dict[str, str]:
    form = page.partition("<main")[2].partition("<form")[2].partition("</form>")[0]
    return {html.unescape(n): html.unescape(v) for n, v in HIDDEN.findall(form)}


@dataclass
class Reader:
    """Somebody who does what the guide says, with a browser for each name."""

    clone: Clone
    browser: Browser
    pages: dict[str, Page]
    page: Page | None = None

    def follow(self, step: str) -> None:
        """Everything one numbered step says, in its order."""
        for act in ACT.finditer(step):
            kind = act.lastgroup
            if kind in {"name", "back"}:
                self.come_as(act[kind])
            elif kind == "press":
                self.press(act["press"])
            elif kind == "value":
                self.answer(act["label"], act["value"])
            elif kind == "said":
                self.read(act["said"])

    @property
    def here(self) -> Page:
        assert self.page is not None
        return self.page

    def come_as(self, name: str) -> None:
        if name not in self.pages:
            page = self.browser.new_context(locale="en").new_page()
            page.set_default_timeout(20_000)
            page.goto(f"{self.clone.server.url}/desk/")
            page.locator("[name=name]").fill(name)
            page.locator("[name=password]").fill(self._password(name))
            page.locator("main button.button").first.click()
            expect(page.locator("h1")).to_have_text("Overview")
            self.pages[name] = page
        self.page = self.pages[name]

    def _password(self, name: str) -> str:
        """The one that `make run` prints."""
        log = self.clone.server.log.read_text(encoding="utf-8")
        found = re.search(rf"/desk/ for {name} with the password (\S+)", log)
        assert found
        return found[1]

    def press(self, words: str) -> None:
        """What is called so: a link first, but one to the page in view is done with, then it is a button."""
        link = self.here.get_by_role("link", name=words, exact=True).first
        if link.count() and link.get_attribute("aria-current") != "page":
            link.click()
        else:
            self.here.get_by_role("button", name=words, exact=True).click()
        self.here.wait_for_load_state()

    def answer(self, label: str, value: str) -> None:
        box = self.here.get_by_label(label)
        if box.evaluate("each => each.tagName") == "SELECT":
            box.select_option(label=value)
        else:
            box.fill(value)

    def read(self, words: str) -> None:
        """See these words; in the wizard, at the end of the way through it."""
        if "/desk/" not in self.here.url:
            self.walk()
        expect(self.here.get_by_text(words, exact=True).first).to_be_visible(timeout=60_000)

    def walk(self) -> None:
        """An address, and the code out of the inbox."""
        for box, answer in (("email", lambda: BELA), ("code", lambda: self.clone.code_for(BELA))):
            self.here.locator(f"[name={box}]").fill(answer())
            self.here.locator("main .button").first.click()


def test_the_buttons_of_the_guide_lead_to_a_running_wizard(clone: Clone, window: Browser) -> None:
    steps = guide("With the browser")
    reader = Reader(clone, window, {})
    for step in re.split(r"(?m)^\d+\. ", steps)[1:]:
        reader.follow(" ".join(step.split()))
    assert reader.here.url.startswith(f"{clone.server.url}/welcome/")
