"""A browser without a screen: real requests to the whole application, cookies, redirects and all."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from http import HTTPStatus
from urllib.parse import urlsplit

from flask import Flask
from itsdangerous import BadSignature
from werkzeug.datastructures import Headers
from werkzeug.test import Cookie, TestResponse

from app.proof.owed import lacking
from app.proof.page import Form, PageRead, read_page
from app.scenarios.failed import Failed

_MOST_HOPS = 5


@dataclass(frozen=True)
class Seen:
    """What came in the end: a page or a file of this MIME type."""

    status: int
    mimetype: str


@dataclass(frozen=True)
class Sent:
    """A form as it was sent: to `path`, with `fields`, and where the answer led."""

    path: str
    fields: Mapping[str, str] = field(repr=False)
    location: str


_SIGNS = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"


class Visit:
    """One browser at `app`, from the network `address`, that prefers `lang`.

    `page` is what it shows, under `path`; `seen` what came last; `away` where it was sent outside the
    house; `sent` the form last sent. Every page is checked for what any page owes; Failed says what it lacks.
    """

    def __init__(self, app: Flask, lang: str, address: str) -> None:
        self.app, self.lang, self.address = app, lang, address
        self._client = app.test_client()
        self._given: set[str] = set()
        self._over: dict[tuple[str, str, str], datetime] = {}
        self.page = PageRead()
        self.path = ""
        self.away: str | None = None
        self.seen: Seen | None = None
        self.sent: Sent | None = None

    def ask(self, method: str, path: str, fields: Mapping[str, str] | None = None) -> TestResponse:
        """One request and its answer as it comes, redirects not followed, nothing checked."""
        answer = self._client.open(
            path,
            method=method,
            data=dict(fields) if fields is not None else None,
            headers={"Accept-Language": self.lang, "User-Agent": _SIGNS},
            environ_overrides={"REMOTE_ADDR": self.address},
            buffered=True,
        )
        self._given |= {each.partition("=")[0] for each in answer.headers.getlist("Set-Cookie")}
        return answer

    def hop(self, path: str) -> tuple[int, str]:
        """How a page is answered, redirects not followed: status, and where it leads."""
        answer = self.ask("GET", path)
        return answer.status_code, answer.location or ""

    def get(self, path: str, allowed: int = HTTPStatus.OK) -> "Visit":
        """Look at a page; `allowed` is the status it may have beside 200."""
        return self._show(self.ask("GET", path), path, allowed)

    def send(self, form: Form, typed: Mapping[str, str], name: str = "", value: str = "") -> "Visit":
        """Fill in a form of the page, press a button of it, and go where that leads."""
        fields = {**form.posted(), **typed, **({name: value} if name else {})}
        answer = self.ask("POST", form.action, fields)
        if answer.status_code != HTTPStatus.SEE_OTHER:
            if answer.status_code == HTTPStatus.BAD_REQUEST:
                raise Failed("at", "the page does not take this")
            raise Failed("at", f"POST {form.action} was answered {answer.status_code}, expected 303")
        self.sent = Sent(form.action, fields, answer.location)
        return self._show(answer, form.action, HTTPStatus.OK)

    def _show(self, answer: TestResponse, path: str, allowed: int) -> "Visit":
        self.away = None
        for _ in range(_MOST_HOPS):
            if answer.status_code != HTTPStatus.SEE_OTHER:
                break
            path = answer.location
            if urlsplit(path).netloc:
                self.away = path
                return self
            answer = self.ask("GET", path)
        self.seen = Seen(answer.status_code, answer.mimetype or "")
        if answer.mimetype == "text/html" or answer.status_code >= HTTPStatus.BAD_REQUEST:
            self._read(answer.get_data(as_text=True), answer.headers, path, allowed)
        return self

    def _read(self, html: str, headers: Headers, path: str, allowed: int) -> None:
        self.path, self.page = path.partition("?")[0], read_page(html)
        status = self.seen.status if self.seen else 0
        if status not in (HTTPStatus.OK, allowed):
            raise Failed("", f"the page {self.path} has status {status}: {self.page.title}")
        if lacks := list(lacking(headers, self.page, self.lang)):
            raise Failed("", f"the page {self.path}: {'; '.join(lacks)}")

    @property
    def cookies(self) -> tuple[Cookie, ...]:
        """What this browser has been given to keep; the test client itself finds cookies by name only."""
        return tuple((self._client._cookies or {}).values())

    def cookie(self, name: str, path: str = "/") -> str | None:
        """The value of one cookie."""
        found = self._client.get_cookie(name, path=path)
        return found.decoded_value if found else None

    @property
    def identity(self) -> str | None:
        """The id in its session by which the house knows this browser; None before the first look."""
        signed = self.cookie(self.app.config["SESSION_COOKIE_NAME"])
        serializer = self.app.session_interface.get_signing_serializer(self.app)  # type: ignore[attr-defined]
        try:
            session = serializer.loads(signed) if signed else {}
        except BadSignature:
            return None
        return session.get("browser")

    def age(self, now: datetime) -> None:
        """Note until when the cookies live that this browser has just been given."""
        for each in self.cookies:
            if each.key not in self._given:
                continue
            span = timedelta(seconds=each.max_age) if each.max_age else None
            if span is None and each.expires is not None:
                span = self.app.permanent_session_lifetime
            if span is not None:
                self._over[_place(each)] = now + span
        self._given.clear()

    def forget(self, now: datetime) -> None:
        """Drop the cookies whose time is over by the scenario's clock, as a browser would by its own."""
        for each in self.cookies:
            if self._over.get(_place(each), now + timedelta(1)) <= now:
                self._client.delete_cookie(each.key, domain=each.domain, path=each.path)

    def going_on_at(self, app: Flask) -> "Visit":
        """The same browser, its cookies kept, at another application."""
        other = Visit(app, self.lang, self.address)
        for each in self.cookies:
            span = int(each.max_age) if each.max_age else None
            other._client.set_cookie(
                each.key, each.value, domain=each.domain, path=each.path, max_age=span, expires=each.expires
            )
        other._over = dict(self._over)
        return other


def _place(cookie: Cookie) -> tuple[str, str, str]:
    return cookie.domain, cookie.path, cookie.key
