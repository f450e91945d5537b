"""A browser without a screen: walks a flow over HTTP, as a person would, cookies and tokens included."""

import html
import re
from dataclasses import dataclass, field
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

HIDDEN = re.compile(r'<input type="hidden" name="([^"]+)" value="([^"]*)">')
PERSON = {
    "email": "maria.sineva.demo@gmail.com",
    "mobile": "0888123456",
    "national_id": "9912310123",
    "device": "ios",
}


@dataclass
class Walk:
    """One browser. `at` is the path of the page in view, `page` its last answer."""

    app: Flask
    lang: str = "bg"
    address: str = "192.0.2.10"
    agent: str = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X)"
    client: FlaskClient = field(init=False)
    page: TestResponse | None = None
    at: str = ""

    def __post_init__(self) -> None:
        self.client = self.app.test_client()

    def _ask(self, method: str, path: str, **more: Any) -> TestResponse:
        headers = {"Accept-Language": self.lang, "User-Agent": self.agent, **more.pop("headers", {})}
        return self.client.open(
            path,
            method=method,
            headers=headers,
            environ_overrides={"REMOTE_ADDR": self.address},
            buffered=True,
            **more,
        )

    def get(self, path: str, **more: Any) -> "Walk":
        """Look at a page, redirects followed."""
        self.page = self._ask("GET", path, **more)
        while self.page.status_code == 303:
            path = self.page.location
            self.page = self._ask("GET", path, **more)
        self.at = path.partition("?")[0]
        return self

    def post(self, path: str | None = None, follow: bool = True, **fields: str) -> "Walk":
        """Send the page's form with these fields; `follow=False` stops at the answer itself."""
        path = path or self.at
        self.page = self._ask("POST", path, data={**self.hidden(), **fields})
        if follow and self.page.status_code == 303:
            return self.get(self.page.location)
        return self

    def hidden(self) -> dict[str, str]:
        """What the page's first form carries."""
        form = self.text.partition("<main")[2].partition("<form")[2].partition("</form>")[0]
        return {
            html.unescape(n): html.unescape(v) for n, v in HIDDEN.findall(form) if n in {"csrf_token", "step"}
        }

    def header_token(self) -> str:
        """The token of a form beside the page's own, such as the way out."""
        return html.unescape(dict(HIDDEN.findall(self.text))["csrf_token"])

    @property
    def text(self) -> str:
        assert self.page is not None
        return self.page.get_data(as_text=True)

    @property
    def status(self) -> int:
        assert self.page is not None
        return self.page.status_code

    def messages(self) -> list[dict[str, str]]:
        """What came into the demo's inbox."""
        found: list[dict[str, str]] = self._ask("GET", "/inbox/messages.json").json["messages"]
        return found


def link_in(message: dict[str, str]) -> str:
    """The path of the link that stands alone on a line of the message."""
    (line,) = [line for line in message["text"].splitlines() if "/w/" in line]
    return "/w/" + line.strip().partition("/w/")[2]


def carries_code(message: dict[str, str]) -> bool:
    """Whether the message begins with a code."""
    return re.match(r"[A-Z0-9]{6}\b", message["text"]) is not None


def code_in(message: dict[str, str]) -> str:
    """The six signs with which a message begins that carries a code."""
    assert carries_code(message)
    return message["text"][:6]
