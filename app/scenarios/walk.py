"""Walking one scenario: each step is the use case that the web would call, then what follows by itself."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import timedelta

from app.flow.definition import Flow
from app.runner import links, logins
from app.runner.logins import Login
from app.runner.outcome import At, Browser, NotUnderstood, Outcome, Posted, Resume, Shown, StartAgain
from app.runner.portal import entry
from app.runner.portal.erasure import erase_account
from app.runner.resting import is_resting
from app.runner.second_look import look_again
from app.runner.show import open_run, show
from app.runner.submit import choose, submit
from app.runner.sweep import sweep
from app.scenarios.came import Came, reasons
from app.scenarios.codes import code_in, token_in, wrong_code
from app.scenarios.failed import Failed
from app.scenarios.memory import Memory, Visitor
from app.scenarios.names import code_of
from app.scenarios.spec import FIRST, Answer, CodeFrom, Credentials, OlderCode, Person, Step, WrongCode
from app.scenarios.stage import Scene
from app.store import accounts, inbox, runs
from app.store.inbox import Message
from app.store.runs import Run


class Walk:
    """A scenario under way in `scene`, on `flow`; what it remembers is `memory`, which it changes."""

    def __init__(self, scene: Scene, flow: Flow, memory: Memory) -> None:
        self._scene, self._house, self._flow, self._memory = scene, scene.house, flow, memory

    @property
    def _visitor(self) -> Visitor:
        return self._memory.visitor

    def take(self, step: Step) -> Came:
        """Do what the step says and all that follows by itself; raises Failed when it cannot be done."""
        acts: Mapping[str, Callable[[], None]] = {
            "at": lambda: self._post(step),
            "open": lambda: self._open(1 if step.open == "older link" else 0),
            "wallet": lambda: self._press(step.wallet or ""),
            "wait": lambda: self._wait(step.wait or timedelta()),
            "choose": lambda: self._choose(step.choose or ""),
            "person": lambda: self._go_on_as(step.person or FIRST),
            "log_in": lambda: self._log_in(step.log_in),
            "log_out": self._log_out,
            "registers": lambda: self._registers(step.registers == "silent"),
            "operator_forgets": lambda: self._forget(step.operator_forgets or ""),
        }
        next(act for name, act in acts.items() if getattr(step, name) is not None)()
        return self._came(self._deliver())

    def _post(self, step: Step) -> None:
        state, visitor = str(step.at), self._visitor
        visitor.at_link = False
        page = show(self._house, self._flow.name, state, self._browser())
        if not isinstance(page, Shown) or page.final:
            raise Failed("at", self._elsewhere(page, state))
        fields = {name: [self._answer(answer, state)] for name, answer in step.answers.items()}
        if step.late:
            self._pass(step.late)
        posted = Posted(step.press, fields, page.token)
        self._hear(submit(self._house, self._flow.name, state, self._browser(), posted))

    def _elsewhere(self, page: Shown | Resume | At | StartAgain, state: str) -> str:
        if isinstance(page, Resume) and not page.ended:
            return "the page offers to continue first; add a step `choose: continue`"
        if isinstance(page, At):
            return f"stands at {page.state}, expected {state}"
        return "the run is over"

    def _hear(self, outcome: Outcome) -> None:
        if isinstance(outcome, NotUnderstood):
            raise Failed("at", "the page does not take this")
        if isinstance(outcome, At):
            if outcome.browser:
                self._visitor.browser = replace(self._visitor.browser, id=outcome.browser)
            if outcome.login:
                self._visitor.login = outcome.login[1]

    def _answer(self, answer: Answer, state: str) -> str:
        if isinstance(answer, CodeFrom):
            return code_in(self._flow, self._memory.messages, answer.channel, 0, answer.last)
        if isinstance(answer, OlderCode):
            return code_in(self._flow, self._memory.messages, answer.channel, 1, answer.last)
        if isinstance(answer, WrongCode):
            spec = code_of(self._flow, state)
            assert spec is not None, "told before anything is walked"
            return wrong_code(self._flow, self._memory.messages, spec)
        return answer

    def _open(self, back: int) -> None:
        self._visitor.secret = links.link_secret(self._house, token_in(self._memory.messages, back))
        self._visitor.at_link, self._visitor.handed_over = True, False
        if not self._opened():
            raise Failed("open", "nobody knows this link any more")

    def _opened(self) -> links.OpenedLink | None:
        return links.look(self._house, self._visitor.secret or "")

    def _press(self, wallet: str) -> None:
        opened = self._opened()
        if opened is None or not self._visitor.at_link:
            raise Failed("wallet", "no link is open in this browser; add a step `open: link`")
        pressed = links.press(
            self._house, self._visitor.secret or "", self._browser(), "add", opened.token, wallet
        )
        if isinstance(pressed, NotUnderstood):
            raise Failed("wallet", "the link's page has no such button")
        self._visitor.handed_over = pressed is not None and pressed.granted

    def _wait(self, span: timedelta) -> None:
        self._pass(span)

    def _pass(self, span: timedelta) -> None:
        self._memory.surroundings.pass_(span)
        sweep(self._house)

    def _choose(self, choice: str) -> None:
        browser = self._browser()
        page = open_run(self._house, self._flow.name, browser)
        if not isinstance(page, Resume):
            raise Failed("choose", "nothing has begun in this browser")
        self._visitor.at_link = False
        self._hear(choose(self._house, self._flow.name, browser, Posted(choice, {}, page.token)))

    def _go_on_as(self, person: Person) -> None:
        self._memory.person = person

    def _log_in(self, typed: Credentials | None) -> None:
        assert typed is not None
        visitor = self._visitor
        visitor.at_link = False
        entered = entry.log_in(
            self._house,
            self._flow.spec.realm,
            visitor.browser,
            typed.username,
            typed.password,
            self._login(),
        )
        if isinstance(entered, entry.Entered):
            visitor.login = entered.token
            visitor.browser = replace(visitor.browser, id=entered.browser)

    def _log_out(self) -> None:
        login = self._login()
        if login is None:
            raise Failed("log_out", "nobody is logged in in this browser")
        entry.log_out(self._house, login)
        self._visitor.login = None

    def _registers(self, silent: bool) -> None:
        self._memory.surroundings.silent = silent

    def _forget(self, username: str) -> None:
        realm = self._flow.spec.realm
        with self._house.database.read() as connection:
            account = accounts.by_username(connection, self._house.vault, realm, username)
        if account is None:
            raise Failed("operator_forgets", f"nobody has the user name {username}")
        erase_account(self._house, account.id, customers_too=False)

    def _login(self) -> Login | None:
        token = self._visitor.login
        return logins.who(self._house, self._flow.spec.realm, token) if token else None

    def _browser(self) -> Browser:
        login = self._login()
        return replace(self._visitor.browser, account=login.account if login else None)

    def _deliver(self) -> tuple[Message, ...]:
        """Second looks and letters, as the worker would by now; what came new into somebody's inbox."""
        look_again(self._house)
        while self._scene.post.deliver():
            pass
        with self._house.database.read() as connection:
            there = inbox.messages(connection, self._house.vault)
        known = {each.id for each in self._memory.messages}
        new = tuple(each for each in there if each.id not in known)
        self._memory.messages += new  # kept here: the inbox forgets within a day
        return new

    def _came(self, messages: tuple[Message, ...]) -> Came:
        visitor = self._visitor
        opened = self._opened() if visitor.at_link else None
        run = opened.run if opened else self._run()
        state = run.state if run else self._flow.spec.initial
        return Came(
            flow=self._flow,
            state=opened.state if opened else state,
            run=run,
            reasons=reasons(self._house, run) if run else "",
            messages=messages,
            resting=run is not None and is_resting(self._flow, run, self._house),
            fate=opened.fate if opened else None,
            handed_over=visitor.handed_over,
            portal=self._portal(),
        )

    def _run(self) -> Run | None:
        owner = self._house.vault.indexes(self._visitor.browser.id, "browser")
        with self._house.database.read() as connection:
            return runs.held_by(connection, owner, self._flow.name)

    def _portal(self) -> str:
        login = self._login()
        if login is None:
            return "closed"
        with self._house.database.read() as connection:
            account = accounts.by_id(connection, self._house.vault, login.account)
        return "open" if account and account.confirmed_at else "asks for a code"
