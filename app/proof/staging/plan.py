"""The plan of one visit: what is typed, what others do before, how long is waited; stagers fill it in.

A plan is made from the moves of a path. Everybody in it and everything that is so before the first step
belong to the `Story`, which several plans share: the applicant's, and those of others who come between.
"""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any, Literal

from werkzeug.datastructures import MultiDict

from app.flow.definition import Flow, GuardUse
from app.flow.paths.model import Outcome
from app.forms import invent
from app.forms.build import form_class, read
from app.proof.staging.course import Course
from app.proof.staging.people import People, Person
from app.proof.staging.schedule import Schedule
from app.proof.staging.unfit import NotStaged
from app.scenarios import memory

_TODAY: date = memory.BEGINNING.date()

#: In the place of a move: before the first one, however long before that may be.
BEGINNING = -1

Come = Literal["first", "before", "late"]


@dataclass
class Story:
    """What all visits of a scenario share.

    `domains` are those that do not take mail, by what DNS says. `come` is when others do what the run's own
    messages or tries are counted with: before the visit begins, before its message, or just when it is asked.
    """

    flow: Flow
    people: People
    domains: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    come: Come = "first"
    browsers: int = 1

    def another_browser(self) -> int:
        """The number of a browser that nobody has used yet."""
        self.browsers += 1
        return self.browsers


@dataclass(frozen=True, eq=False)
class CodeOf:
    """The code that a move of a plan has sent, to be read from its message when it is typed."""

    plan: "Plan"
    code: str
    sent: int


@dataclass(frozen=True)
class Wrong:
    """A code nobody has sent."""


Typed = str | CodeOf | Wrong


@dataclass(frozen=True, eq=False)
class Visit:
    """A preparation: somebody else's visit, or one's own that is given up again."""

    plan: "Plan"


@dataclass(frozen=True, eq=False)
class Forget:
    """A preparation: the operator erases the login with this user name."""

    username: str


@dataclass(eq=False)
class Plan:
    """One visit under way to being staged.

    `typed` is by move what is posted; `late` how long its page was open before; `silent` where registers do
    not answer; `portal` the moves that are logins on the portal's own page; `kept` what guards brought to
    light, by move and field; `unsent` the moves whose message is held back. By the name of a code or link:
    `ended` the moves at which others end it; `flooded` since which move its recipient gets no more messages,
    `own_count` where the run's own are among those; `barred` since when its recipient has no tries left.
    `renewed` tells since which move the run's own login has another password, `login` of others' (user name,
    confirmed). A plan that `refuses_customer` types somebody else's contact for its own customer.
    """

    story: Story
    course: Course
    customer: Person
    hand: Person
    browser: int
    schedule: Schedule = field(init=False)
    typed: dict[int, dict[str, Typed]] = field(default_factory=dict, repr=False)
    before: dict[int, list[Visit | Forget]] = field(default_factory=lambda: defaultdict(list))
    late: dict[int, timedelta] = field(default_factory=dict)
    silent: set[int] = field(default_factory=set)
    portal: set[int] = field(default_factory=set)
    kept: dict[tuple[int, str], str] = field(default_factory=dict, repr=False)
    unsent: set[tuple[int, str]] = field(default_factory=set)
    ended: dict[str, list[int]] = field(default_factory=lambda: defaultdict(list))
    flooded: dict[str, int] = field(default_factory=dict)
    own_count: set[str] = field(default_factory=set)
    barred: dict[str, int] = field(default_factory=dict)
    renewed: list[tuple[int, str]] = field(default_factory=list, repr=False)
    refuses_customer: bool = False
    named: list[Any] = field(default_factory=list, repr=False)
    login_needs: list[Any] = field(default_factory=list, repr=False)
    login: tuple[str, bool] | None = field(default=None, repr=False)

    def __post_init__(self) -> None:
        self.schedule = Schedule(len(self.course.moves))
        for at in range(len(self.course.moves)):
            if self.course.posts(at):
                self.type_page(at, self.hand)

    @property
    def flow(self) -> Flow:
        """The flow visited."""
        return self.story.flow

    def type_page(self, at: int, person: Person) -> None:
        """Let the page of this move be filled in by `person`."""
        source = self.course.moves[at].transition.source
        self.typed[at] = {**invent.page(self.flow, source, person.seed)}
        for name in self.flow.state(source).fields if person == self.hand else ():
            if name in self._numbers:
                self.typed[at] |= invent.answer(self.flow, name, self.customer.seed)

    @property
    def _numbers(self) -> set[str]:
        """The fields by which a customer of the portal is known, whoever visits for them."""
        return {name for account in self.flow.spec.accounts.values() for name in account.customer.values()}

    def values(self, at: int) -> Mapping[str, str]:
        """What the page posted at `at` will be read as, codes left out."""
        source = self.course.moves[at].transition.source
        plain = {name: typed for name, typed in self.typed.get(at, {}).items() if isinstance(typed, str)}
        form: Any = form_class(self.flow, source)
        return read(form(MultiDict(plain), meta={"csrf": False}), _TODAY).values

    def value(self, name: str, at: int) -> str:
        """The answer in a field as a guard at the move finds it; empty where there is none."""
        typed = self.course.typed_at(name, at)
        brought = max((move for move, each in self.kept if each == name and move <= at), default=-1)
        if typed is not None and typed > brought:
            return self.values(typed).get(name, "")
        return self.kept.get((brought, name), "")

    def sends(self, name: str, before: int) -> list[int]:
        """The moves before `before` at which a message with the code or link really left."""
        return [at for at in self.course.sends(name) if at < before and (at, name) not in self.unsent]


@dataclass(frozen=True)
class Asked:
    """A guard asked at a move of a plan, and what it shall answer."""

    plan: Plan
    at: int
    use: GuardUse
    outcome: Outcome

    @property
    def options(self) -> Any:
        """The guard's options."""
        return self.use.options

    def unfit(self, why: str) -> NotStaged:
        """What is raised where the answer cannot be brought about."""
        return NotStaged(self.at, self.use.name, self.outcome.reason or self.outcome.answer, why)

    def at_least(self, later: int, earlier: int, span: timedelta, why: str) -> None:
        """So long has to pass between two moves."""
        self.plan.schedule.at_least(later, earlier, span, lambda: self.unfit(why))

    def at_most(self, later: int, earlier: int, span: timedelta, why: str) -> None:
        """No more than that may pass between two moves."""
        self.plan.schedule.at_most(later, earlier, span, lambda: self.unfit(why))
