"""The border of a sandbox: how a request of the desk reaches the pages inside, and an answer comes out.

Inside, the application stands as if it were alone. Its cookies cross under names and a path of the sandbox's
own, so that none of ours gets in and none of its gets out; an answer that leads elsewhere ends here.
"""

from collections.abc import Iterable, Mapping
from typing import Any
from urllib.parse import unquote, urlsplit

from flask import Flask
from werkzeug.http import dump_cookie, parse_cookie
from werkzeug.test import Cookie
from werkzeug.wrappers import Response

#: What the policy of a page inside says instead: framed by the desk, sending forms nowhere else.
_POLICY = (
    ("frame-ancestors 'none'", "frame-ancestors 'self'"),
    ("form-action 'self' https://pay.google.com", "form-action 'self'"),
)
_NOT_OURS_TO_SAY = ("Clear-Site-Data", "Strict-Transport-Security")


class Border:
    """The border of the sandbox `name`: its pages stand below `mount`, `below` is the desk's page of it.

    `secure`: cookies cross by https alone.
    """

    def __init__(self, name: str, below: str, mount: str, *, secure: bool) -> None:
        self._prefix, self._below, self._mount, self._secure = f"sandbox_{name}_", below, mount, secure

    def ask(self, app: Flask, environ: Mapping[str, Any]) -> Response:
        """What the pages inside answer to a request of the desk."""
        within = dict(environ)
        within["SCRIPT_NAME"] = self._mount
        whole = str(environ.get("SCRIPT_NAME", "")) + str(environ.get("PATH_INFO", ""))
        within["PATH_INFO"] = whole.removeprefix(self._mount) or "/"
        within["HTTP_COOKIE"] = "; ".join(f"{name}={value}" for name, value in self._own(environ))
        answer = Response.from_app(app.wsgi_app, within, buffered=True)
        self._bring_out(answer)
        return answer

    def _own(self, environ: Mapping[str, Any]) -> Iterable[tuple[str, str]]:
        """Name and value as written, of the cookies that were given out inside."""
        for part in str(environ.get("HTTP_COOKIE", "")).split(";"):
            name, _, value = part.strip().partition("=")
            if name.startswith(self._prefix):
                yield name.removeprefix(self._prefix), value

    def cookies(self, environ: Mapping[str, Any]) -> dict[str, str]:
        """The cookies that the browser brings for the pages inside, by the name they have there."""
        return dict(parse_cookie("; ".join(f"{name}={value}" for name, value in self._own(environ))))

    def _bring_out(self, answer: Response) -> None:
        given = answer.headers.getlist("Set-Cookie")
        answer.headers.remove("Set-Cookie")
        for each in given:
            answer.headers.add("Set-Cookie", self._renamed(each))
        for name in _NOT_OURS_TO_SAY:
            answer.headers.remove(name)
        policy = answer.headers.get("Content-Security-Policy", "")
        for inside, outside in _POLICY:
            policy = policy.replace(inside, outside)
        answer.headers["Content-Security-Policy"] = policy

    def _renamed(self, written: str) -> str:
        pair, *attributes = [part.strip() for part in written.split(";")]
        kept = [each for each in attributes if not each.lower().startswith(("path=", "secure"))]
        path = next((each[5:] for each in attributes if each.lower().startswith("path=")), "/")
        return "; ".join([self._prefix + pair, *kept, f"Path={self._path(path)}", *self._https()])

    def _path(self, inside: str) -> str:
        """What holds for all pages inside is brought to the desk's page of them too, which acts for one."""
        return self._below if inside == "/" else self._mount + inside

    def _https(self) -> list[str]:
        return ["Secure"] if self._secure else []

    def hand_over(self, answer: Response, cookies: Iterable[Cookie]) -> None:
        """Let this answer of the desk make its browser the one that has these cookies inside."""
        for each in cookies:
            answer.headers.add(
                "Set-Cookie",
                dump_cookie(
                    self._prefix + each.key,
                    each.value,
                    path=self._path(each.path),
                    httponly=True,
                    samesite="Lax",
                    secure=self._secure,
                ),
            )

    def leads_out(self, answer: Response) -> str | None:
        """The host that an answer would send the browser to; None when it stays inside."""
        location = answer.headers.get("Location")
        if location is None:
            return None
        parts = urlsplit(location)
        inside = unquote(parts.path) == self._mount or parts.path.startswith(f"{self._mount}/")
        return None if inside and not parts.netloc else parts.netloc or parts.path
