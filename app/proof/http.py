"""Walking a scenario through the real application: every act is a request, every page is looked at."""

from dataclasses import replace
from datetime import timedelta
from http import HTTPStatus
from pathlib import Path
from urllib.parse import urlsplit

from flask import Flask
from werkzeug.test import Cookie

from app.delivery.post import Post
from app.flow.definition import SYSTEM_TRIGGERS, Flow
from app.proof.page import Box, Button, Form, PageRead
from app.proof.visit import Visit
from app.runner import links
from app.runner.submit import step_token
from app.scenarios.came import Came
from app.scenarios.codes import token_in
from app.scenarios.failed import Failed
from app.scenarios.faults import faults
from app.scenarios.memory import Memory
from app.scenarios.names import posted_names
from app.scenarios.spec import Credentials, Person, Step
from app.scenarios.stage import Scene, StagedHouse
from app.scenarios.walk import Walk
from app.store.runs import Run
from app.web.wallet import COOKIE as LINK_COOKIE

_GOOGLE = "pay.google.com"
_APPLE = "application/vnd.apple.pkpass"


class HttpWalk(Walk):
    """A scenario under way over HTTP, one test client for each of its browsers.

    What passes by itself (time, letters, registers) is the scenarios' own; what a person does is done by
    forms and links of the pages in view. Beyond what a scenario expects, Failed is raised where a page lacks
    what any page owes, shows another state than the run stands in, or a fault is logged. With `before`, its
    browsers go on here.
    """

    _in_threads = False

    def __init__(
        self,
        app: Flask,
        house: StagedHouse,
        post: Post,
        flow: Flow,
        memory: Memory,
        before: "HttpWalk | None" = None,
    ) -> None:
        super().__init__(Scene(house, post, Path()), flow, memory)
        self._app = app
        known = before.visits if before else {}
        self.visits: dict[Person, Visit] = {who: each.going_on_at(app) for who, each in known.items()}
        self._shown: Visit | None = None
        #: What was sent though the page in view had no button for it: `state trigger`.
        self.forged: list[str] = []

    @property
    def visit(self) -> Visit:
        """The browser in use, opened when it is first asked for."""
        person = self._memory.person
        if person not in self.visits:
            self.visits[person] = self.opened(self._memory.lang, self._visitor.browser.network)
        return self.visits[person]

    def opened(self, lang: str, network: str) -> Visit:
        """A new browser."""
        return Visit(self._app, lang, network)

    @property
    def cookies(self) -> tuple[Cookie, ...]:
        """What the browser in use keeps; another browser that is given them goes on in its place."""
        return self.visit.cookies

    def take(self, step: Step) -> Came:
        """Do what the step says and look at the page it leads to; raises Failed."""
        with faults(everywhere=self._in_threads) as heard:
            came = super().take(step)
        if heard:
            raise Failed("", f"the program reports a fault of its own: {heard[0]}")
        self._agrees(came)
        return came

    def show(self, path: str) -> PageRead:
        """Look at a page in the browser in use."""
        visit = self.visit
        visit.get(path)
        self._note(visit)
        return visit.page

    @property
    def run(self) -> Run | None:
        """The run that the browser in use holds, or that the link it has open belongs to."""
        opened = self._opened() if self._visitor.at_link else None
        return opened.run if opened else self._run()

    @property
    def is_lost(self) -> bool:
        """Whether the browser in use has forgotten who it is, as after days: it holds no run any more."""
        return self.visit.identity is None

    @property
    def at_link(self) -> bool:
        """Whether the browser in use looks at a link's page."""
        return self._visitor.at_link

    def _address(self, state: str = "") -> str:
        return f"/{self._flow.name}/{state}"

    def _note(self, visit: Visit) -> None:
        """Keep what the requests made of this browser: who it is now, its login."""
        self._shown = visit
        visit.age(self._house.clock())
        if identity := visit.identity:
            self._visitor.browser = replace(self._visitor.browser, id=identity)
        self._visitor.login = visit.cookie(f"narthex_{self._flow.spec.realm}")

    def _post(self, step: Step) -> None:
        self._visitor.at_link = False
        page = self.page_of(str(step.at))
        there = self.visit.path == self._address(str(step.at))
        form = page.form(step.press) if there else None
        form = form or self._forged(page, str(step.at), step.press)
        button = form.button(step.press) if form else None
        if form is None or button is None:
            raise Failed("press", f"the page has no button '{step.press or 'to go on'}'")
        typed = {name: self._answer(answer, str(step.at)) for name, answer in step.answers.items()}
        if strange := sorted(set(typed) - set(form.boxes)):
            raise Failed("answers", f"the page has no box '{strange[0]}' beside this button")
        if step.late:
            self._pass(step.late)
            self.visit.forget(self._house.clock())
        self._send(form, typed, button.name, button.value)

    def carried(self, page: PageRead) -> dict[str, str]:
        """What a form of this page carries, whether or not it has one: the tokens of session and step."""
        run = self.run
        step = page.token("step") or (step_token(self._house, run.id, run.seq) if run else "")
        return {"csrf_token": page.token() or self.show(self._address()).token(), "step": step}

    def _forged(self, page: PageRead, state: str, trigger: str | None) -> Form | None:
        """A form that the page does not have, for a trigger that its state has all the same."""
        trigger = trigger or self._flow.triggers(state)[0]
        if trigger in SYSTEM_TRIGGERS or trigger not in self._flow.triggers(state):
            return None
        self.forged.append(f"{state} {trigger}")
        boxes = {name: Box(name, "text") for name in posted_names(self._flow, state)}
        return Form(
            self._address(state), "post", True, self.carried(page), boxes, [Button("trigger", trigger)]
        )

    def _send(self, form: Form, typed: dict[str, str], name: str = "", value: str = "") -> None:
        self.visit.send(form, typed, name, value)
        self._note(self.visit)

    def page_of(self, state: str) -> PageRead:
        """The state's page: the one in view when nothing has happened since, else asked for anew.

        A state may show another page in its stead, the login say; it then still takes what was open before.
        """
        address, visit = self._address(state), self.visit
        if self._shown is not visit or visit.path != address or visit.page.offers_to_continue:
            self.show(address)
        if visit.page.offers_to_continue:
            raise Failed("at", "the page offers to continue first; add a step `choose: continue`")
        run = self.run
        if visit.path != address and (run is None or run.state != state):
            raise Failed("at", f"stands at {visit.path.rpartition('/')[2]}, expected {state}")
        return visit.page

    def _open(self, back: int) -> None:
        token, visit = token_in(self._memory.messages, back), self.visit
        self._visitor.secret = links.link_secret(self._house, token)
        self._visitor.at_link, self._visitor.handed_over = True, False
        visit.get(f"/w/{token}", allowed=HTTPStatus.NOT_FOUND)
        self._note(visit)
        if visit.seen is not None and visit.seen.status == HTTPStatus.NOT_FOUND:
            raise Failed("open", "nobody knows this link any more")

    def _press(self, wallet: str) -> None:
        visit, visitor = self.visit, self._visitor
        if not visitor.at_link or not visit.cookie(LINK_COOKIE, "/w"):
            raise Failed("wallet", "no link is open in this browser; add a step `open: link`")
        # A link that died since still has its buttons where its page was left open.
        form = _wallet_form(visit.page, wallet) or _wallet_form(self.show("/w/card"), wallet)
        visitor.handed_over = False
        if form is not None:
            self._send(form, {})
            visitor.handed_over = _handed_over(visit, wallet)
        self.show("/w/card")

    def _wait(self, span: timedelta) -> None:
        super()._wait(span)
        visit = self.visit
        visit.forget(self._house.clock())
        if self.is_lost:
            self._shown = None
        elif visit.path:
            visit.get(visit.path)
            self._note(visit)

    def _choose(self, choice: str) -> None:
        self._visitor.at_link = False
        page = self.show(self._address())
        form = page.form(choice)
        if form is None or not {"continue", "restart"} & set(page.triggers()):
            raise Failed("choose", "nothing has begun in this browser")
        self._send(form, {}, "trigger", choice)

    def _log_in(self, typed: Credentials | None) -> None:
        assert typed is not None
        self._visitor.at_link = False
        address = f"/portal/{self._flow.spec.realm}/login"
        page = self.show(address)
        # Who is in already is led in; the login page may still be open in another tab.
        forms = [form for form in page.forms if form.action == address] or [
            Form(address, "post", True, {"csrf_token": page.token()})
        ]
        self._send(forms[0], {"username": typed.username, "password": typed.password})

    def _log_out(self) -> None:
        if self._login() is None:
            raise Failed("log_out", "nobody is logged in in this browser")
        realm = self._flow.spec.realm
        page = self.show(f"/portal/{realm}/")
        address = f"/portal/{realm}/log_out"
        forms = [form for form in page.forms if form.action == address] or [
            Form(address, "post", False, {"csrf_token": page.token()})
        ]
        self._send(forms[0], {})

    def _portal(self) -> str:
        """What the realm's portal shows; told by its pages and by what is stored, which must agree."""
        told = super()._portal()
        realm, visit = self._flow.spec.realm, self.visit
        if not self._visitor.login:
            return told
        status, location = visit.hop(f"/portal/{realm}/")
        to_login = urlsplit(location).path == f"/portal/{realm}/login"
        if (told == "closed") is not to_login or (told == "open" and status != HTTPStatus.OK):
            raise Failed("portal", f"the portal is {told}, but answers {status}")
        return told

    def _agrees(self, came: Came) -> None:
        """What is in view is the page of the state reached, and says what the step says."""
        visit, run = self.visit, came.run
        if self._shown is not visit or self._visitor.at_link or run is None:
            return
        if visit.path.startswith("/portal/") or visit.page.offers_to_continue:
            return
        if visit.path != self._address(run.state):
            raise Failed("then", f"the page in view is {visit.path}, the run stands at {run.state}")
        for verb, said in (("say", run.said), ("tell", run.told)):
            key = f"states.{run.state}.{verb}.{said}"
            if said and not _reads(visit.page, self._flow.text(visit.lang, key)):
                raise Failed(f"{verb}s", f"the page does not {verb} the words of {key}")


def _wallet_form(page: PageRead, wallet: str) -> Form | None:
    return next((form for form in page.forms if form.hidden.get("wallet") == wallet), None)


def _handed_over(visit: Visit, wallet: str) -> bool:
    if wallet == "google":
        return urlsplit(visit.away or "").netloc == _GOOGLE
    return visit.seen is not None and visit.seen.mimetype == _APPLE


def _reads(page: PageRead, words: str) -> bool:
    """Whether the page has these words, up to the first placeholder, which stands for anything."""
    return " ".join(words.partition("{")[0].split()) in page.text
