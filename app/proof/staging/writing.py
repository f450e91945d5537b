"""Writing settled plans down as the steps of a scenario, in the order in which things happen."""

from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from app.flow.durations import write_duration
from app.proof.staging.logins import credentials
from app.proof.staging.plan import BEGINNING, CodeOf, Plan, Typed, Visit
from app.proof.staging.unfit import NotStaged
from app.scenarios.spec import Step

_FIRST = 1
_NAMES = {1: "first browser", 2: "another browser", 3: "a third browser"}
_ZERO = timedelta()


@dataclass
class Writer:
    """The steps so far; which browser is in use, what time it is, whether registers answer, which codes were
    sent by which channel."""

    steps: list[Step] = field(default_factory=list)
    browser: int = _FIRST
    now: timedelta = _ZERO
    silent: bool = False
    codes: list[tuple[str, Plan, str, int]] = field(default_factory=list)
    busy: set[int] = field(default_factory=set)

    def write(self, plan: Plan) -> tuple[int, ...]:
        """Write a visit; by move, the number of the step that makes it. Raises NotStaged."""
        visit = _Written(self, plan, self.now, plan.schedule.times())
        return tuple(visit.move(at) for at in range(len(plan.course.moves)))

    def add(self, **told: Any) -> int:
        """Add a step; its number."""
        self.steps.append(
            Step.model_validate({key: value for key, value in told.items() if value is not None})
        )
        return len(self.steps) - 1

    def go_on_as(self, browser: int) -> None:
        """Go on in this browser."""
        if browser != self.browser:
            self.browser = browser
            self.add(**{"as": _NAMES.get(browser, f"browser {browser}")})

    def wait(self, until: timedelta) -> None:
        """Let time pass."""
        if until > self.now:
            self.add(wait=write_duration(until - self.now))
            self.now = until


@dataclass
class _Written:
    """A visit being written from the moment `begun` on."""

    writer: Writer
    plan: Plan
    begun: timedelta
    times: list[timedelta]
    touched: timedelta = _ZERO
    opened: bool = False
    step: int = -1

    def move(self, at: int) -> int:
        """Write one move and all that comes before it; the number of its step."""
        plan, writer, way = self.plan, self.writer, self.plan.course.moves[at].transition
        due = self.begun + self.times[at]
        if at == 0:
            self._let_others_come(at, BEGINNING)
        self._prepare(at, due)
        writer.go_on_as(plan.browser)
        if at == 0 and plan.browser in writer.busy:
            writer.add(choose="restart")
        writer.busy.add(plan.browser)
        self._registers(silent=at in plan.silent)
        if way.trigger == "expire":
            return self._expire(at, due)
        if self._is_wizards(at):
            self._continue(at)
        self.step = self._act(at)
        self.touched = due
        for name, spec in plan.flow.spec.codes.items():
            if at in plan.course.sends(name) and (at, name) not in plan.unsent:
                writer.codes.append((spec.channel, plan, name, at))
        return self.step

    def _prepare(self, at: int, due: timedelta) -> None:
        """Wait until the move is due, or its page is opened; then let others do what comes before it."""
        if self.plan.course.moves[at].transition.trigger != "expire":
            self.writer.wait(due - self.plan.late.get(at, _ZERO))
        self._let_others_come(at, at)

    def _let_others_come(self, at: int, when: int) -> None:
        for each in self.plan.before.get(when, []):
            self._registers(silent=False)
            if isinstance(each, Visit):
                self._let_come(at, each)
            else:
                self.writer.add(operator_forgets=each.username)

    def _let_come(self, at: int, other: Visit) -> None:
        try:
            self.writer.write(other.plan)
        except NotStaged as problem:
            raise NotStaged(at, "", "", f"others, who have to come before, cannot: {problem.why}") from None

    def _registers(self, *, silent: bool) -> None:
        if silent is not self.writer.silent:
            self.writer.silent = silent
            self.writer.add(registers="silent" if silent else "answering")

    def _expire(self, at: int, due: timedelta) -> int:
        """Time passes; where nothing has begun, a page opened long before begins a run that rests."""
        plan, writer = self.plan, self.writer
        if at == 0:
            state = plan.flow.spec.initial
            writer.add(at=state, late=write_duration(plan.late[0]), then=state)
            writer.now += plan.late[0]
        dest = plan.course.moves[at].transition.dest
        # A login that nobody confirms is deleted with its run, so that nothing has begun here any more.
        then = plan.flow.spec.initial if plan.course.is_unconfirmed(at) else dest
        step = writer.add(wait=write_duration(due - writer.now), then=then)
        writer.now = due
        return step

    def _is_wizards(self, at: int) -> bool:
        return at not in self.plan.portal and not self._by_link(at)

    def _by_link(self, at: int) -> bool:
        outcomes = self.plan.course.moves[at].outcomes
        guards = self.plan.flow.guards
        return any(guards[name].guard == "link_live" and each.answer == "yes" for name, each in outcomes)

    def _continue(self, at: int) -> None:
        """A run that has rested must be continued first."""
        flow, state = self.plan.flow, self.plan.flow.state(self.plan.course.moves[at].transition.source)
        if at == 0 or state.lifetime is not None or state.end is not None:
            return
        if self.writer.now - self.touched >= flow.spec.lifetime.idle:
            self.writer.add(choose="continue")

    def _act(self, at: int) -> int:
        way = self.plan.course.moves[at].transition
        if self._by_link(at):
            return self._press(at)
        told = {"then": way.dest, "says": way.say, "tells": way.tell}
        if at in self.plan.portal:
            name, password = credentials(self.plan, at)
            return self.writer.add(log_in={"username": name, "password": password}, **told)
        late = self.plan.late.get(at, _ZERO)
        self.writer.now += late
        self.opened = False
        first = self.plan.flow.triggers(way.source)[0]
        return self.writer.add(
            at=way.source,
            answers=self._answers(at),
            press=way.trigger if way.trigger != first else None,
            late=write_duration(late) if late else None,
            **told,
        )

    def _press(self, at: int) -> int:
        """The button on a link's page makes two moves at once where the link is new."""
        moves = self.plan.course.moves
        if at and moves[at - 1].transition.trigger == "open_link":
            return self.step
        if not self.opened:
            self.writer.add(open="link")
            self.opened = True
        last = moves[at + 1] if moves[at].transition.trigger == "open_link" else moves[at]
        wallet = ("apple", "google")[self.plan.hand.seed % 2]
        return self.writer.add(wallet=wallet, handed_over=True, then=last.transition.dest)

    def _answers(self, at: int) -> dict[str, Any]:
        return {name: self._answer(at, name, typed) for name, typed in self.plan.typed.get(at, {}).items()}

    def _answer(self, at: int, name: str, typed: Typed) -> object:
        if isinstance(typed, str):
            return typed
        if not isinstance(typed, CodeOf):
            return {"wrong": True}
        spec = typed.plan.flow.spec.codes[typed.code]
        number = self._messages_since(typed)
        if number is None:
            raise NotStaged(at, "", name, "the message with this code is not there")
        if number > 1:
            raise NotStaged(at, "", name, f"{number} other messages have come since the one with this code")
        last = {"last": spec.typed_length} if spec.typed and typed.plan.hand.seed % 2 else {}
        return {("from", "older")[number]: spec.channel, **last}

    def _messages_since(self, code: CodeOf) -> int | None:
        """How many messages with codes came by this one's channel after it; None if it never came itself."""
        channel = code.plan.flow.spec.codes[code.code].channel
        newest_first = [each for each in reversed(self.writer.codes) if each[0] == channel]
        place = (channel, code.plan, code.code, code.sent)
        return newest_first.index(place) if place in newest_first else None
