"""A tab of the browser that QA tries a sandbox with: the same cookies, real requests, no screen."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from flask import Flask
from itsdangerous import BadSignature
from werkzeug.test import Cookie, TestResponse

from app.flow.definition import Flow
from app.forms import invent
from app.proof.page import Form, PageRead, read_page
from app.scenarios.codes import code_in, wrong_code
from app.scenarios.failed import Failed
from app.scenarios.names import code_of
from app.store.inbox import Message

_TYPED = {"text", "email", "tel", "password", "date", "number", "search"}


class Tab:
    """One tab on `app`, with the cookies of the browser that it belongs to."""

    def __init__(self, app: Flask, cookies: Mapping[str, str], network: str, lang: str) -> None:
        self._app, self._client = app, app.test_client()
        self._network, self._lang = network, lang
        self._brought = dict(cookies)
        for name, value in cookies.items():
            self._client.set_cookie(name, value)

    def ask(self, method: str, path: str, fields: Mapping[str, str] | None = None) -> TestResponse:
        """One request and its answer, redirects not followed."""
        return self._client.open(
            path,
            method=method,
            data=dict(fields) if fields is not None else None,
            headers={"Accept-Language": self._lang},
            environ_overrides={"REMOTE_ADDR": self._network},
            buffered=True,
        )

    def look(self, path: str) -> PageRead:
        """The page under a path, redirects followed."""
        answer = self.ask("GET", path)
        while answer.status_code == 303:
            answer = self.ask("GET", answer.location)
        return read_page(answer.get_data(as_text=True))

    def beside(self) -> "Tab":
        """Another tab of the same browser, for what happens at the same instant."""
        kept = {each.key: each.value for each in (self._client._cookies or {}).values()}
        return Tab(self._app, kept, self._network, self._lang)

    @property
    def cookies(self) -> tuple[Cookie, ...]:
        """What it was given that it had not brought."""
        kept = (self._client._cookies or {}).values()
        return tuple(each for each in kept if self._brought.get(each.key) != each.value)

    @property
    def session(self) -> Mapping[str, Any]:
        """What the house remembers of this browser in its signed cookie."""
        cookie = self._client.get_cookie(self._app.config["SESSION_COOKIE_NAME"])
        return session_in(self._app, cookie.decoded_value if cookie else "")


def session_in(app: Flask, signed: str) -> Mapping[str, Any]:
    """What a session cookie of `app` holds; nothing where it is not ours."""
    serializer = app.session_interface.get_signing_serializer(app)  # type: ignore[attr-defined]
    try:
        found: Mapping[str, Any] = serializer.loads(signed) if signed else {}
    except BadSignature:
        return {}
    return found


@dataclass(frozen=True)
class Filler:
    """Knows what to type into pages of `flow`: what stands there, what `given` says, codes that came, or
    answers of somebody invented, another one for each `seed`."""

    flow: Flow
    given: Mapping[str, str]
    messages: tuple[Message, ...]

    def filled(self, form: Form, state: str, seed: int = 1) -> dict[str, str]:
        """All that is posted with the form, its first button pressed."""
        answers = {**self._answers(state, seed), **(self._given(form, state) if seed == 1 else {})}
        typed = {name: value for name, value in answers.items() if name in form.boxes}
        standing = {
            name: value
            for name, value in form.posted().items()
            if value and (name not in form.boxes or form.boxes[name].sort != "select")
        }
        return {**form.posted(), **typed, **standing, **self._code(state, wrong=False), **_pressed(form)}

    def otherwise(self, form: Form, state: str) -> dict[str, str]:
        """The same with one answer changed: a code that nobody sent, or the first thing one can type."""
        fields = self.filled(form, state)
        strangers = {**self._answers(state, seed=2), **self._code(state, wrong=True)}
        for name, box in form.boxes.items():
            if box.sort in _TYPED and strangers.get(name, "") not in ("", fields.get(name)):
                return {**fields, name: strangers[name]}
        return fields

    def _answers(self, state: str, seed: int) -> dict[str, str]:
        try:
            return invent.page(self.flow, state, seed)
        except LookupError:
            return {}

    def _given(self, form: Form, state: str) -> dict[str, str]:
        """What the flow's folder says to type, box by box: `06 20 123 4567` is chosen and typed."""
        typed: dict[str, str] = {}
        for field in set(self.flow.state(state).fields) & set(self.given):
            question, value = invent.question_of(self.flow, field), self.given[field]
            names = [field + suffix for suffix in question.boxes]
            if question.look == "prefixed" and len(names) == 2 and names[0] in form.boxes:
                digits = "".join(filter(str.isdigit, value)).removeprefix(question.trunk)
                prefix = next(
                    (each for each in form.boxes[names[0]].offered if each and digits.startswith(each)), ""
                )
                typed |= {names[0]: prefix, names[1]: digits.removeprefix(prefix)}
            else:
                typed[names[0]] = value
        return typed

    def older(self, form: Form, state: str) -> dict[str, str]:
        """The same with the code of the message before; LookupError where there is none."""
        spec = code_of(self.flow, state)
        try:
            code = code_in(self.flow, self.messages, spec.channel, 1, spec.typed_length) if spec else ""
        except Failed:
            code = ""
        if not code or not self._asking(state):
            raise LookupError(state)
        return {**self.filled(form, state), **dict.fromkeys(self._asking(state), code)}

    def wrong(self, form: Form, state: str) -> dict[str, str]:
        """The same with a code that nobody sent; LookupError where none is asked for."""
        code = self._code(state, wrong=True)
        if not code:
            raise LookupError(state)
        return {**self.filled(form, state), **code}

    def _code(self, state: str, wrong: bool) -> dict[str, str]:
        spec = code_of(self.flow, state)
        if spec is None:
            return {}
        try:
            right = code_in(self.flow, self.messages, spec.channel, 0, spec.typed_length)
        except Failed:
            return {}
        code = wrong_code(self.flow, self.messages, spec) if wrong else right
        return dict.fromkeys(self._asking(state), code)

    def _asking(self, state: str) -> list[str]:
        """The fields of the page that ask for a code."""
        spec = self.flow.spec
        return [name for name in self.flow.state(state).fields if spec.fields[name].type == "code"]


def _pressed(form: Form) -> dict[str, str]:
    button = form.button(None)
    return {button.name: button.value} if button and button.name else {}
