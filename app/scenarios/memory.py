"""What a scenario remembers beside its database; one that goes on after it begins with a copy."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from app.runner.outcome import Browser
from app.scenarios.spec import FIRST, Given, Person
from app.store.inbox import Message

BEGINNING = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)


@dataclass
class Surroundings:
    """What a scenario moves: the time, which domains do not take mail, whether the registers answer."""

    now: datetime = BEGINNING
    domains: Mapping[str, str] = field(default_factory=dict)
    silent: bool = False

    @classmethod
    def described(cls, given: Given) -> "Surroundings":
        """As the scenario says."""
        answers = {
            "no_such_domain": given.no_such_domain,
            "takes_no_mail": given.takes_no_mail,
            "unknown": given.nobody_knows_domain,
        }
        domains = {name.casefold(): answer for answer, names in answers.items() for name in names}
        now = datetime.combine(given.today, BEGINNING.timetz()) if given.today else BEGINNING
        return cls(now, domains)

    def clock(self) -> datetime:
        """The scenario's time."""
        return self.now

    def mail_domain(self, domain: str) -> str:
        """What DNS says of a domain; all others take mail."""
        return self.domains.get(domain.casefold(), "takes_mail")

    def pass_(self, span: timedelta) -> None:
        """Let time pass."""
        self.now += span


@dataclass
class Visitor:
    """One browser: who it is, its login to the portal, the link it has opened, what became of a wallet."""

    browser: Browser = field(repr=False)
    login: str | None = field(default=None, repr=False)
    secret: str | None = field(default=None, repr=False)
    at_link: bool = False
    handed_over: bool = False


@dataclass
class Memory:
    """The world around, the browsers there are, the one in use, and every message that ever came.

    `network` is where its browsers are, without the last number.
    """

    lang: str
    surroundings: Surroundings
    visitors: dict[Person, Visitor] = field(default_factory=dict)
    person: Person = FIRST
    messages: list[Message] = field(default_factory=list)
    network: str = "192.0.2"

    @property
    def visitor(self) -> Visitor:
        """The browser in use, opened when it is first asked for."""
        if self.person not in self.visitors:
            number = len(self.visitors) + 1
            browser = Browser(f"browser {number}", f"{self.network}.{number}", self.lang)
            self.visitors[self.person] = Visitor(browser)
        return self.visitors[self.person]
