"""What guards, effects and kinds are handed: one step, one order, one page. Frozen, with named fields."""

from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import Connection

from app.flow.definition import Flow
from app.flow.verdict import Problem
from app.store.crypto import Vault
from app.store.runs import Run


class Unavailable(Exception):
    """A source outside the house does not answer; `reason` is a code without personal data."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


def _nobody_hashes(password: str) -> str:  # noqa: ARG001
    raise LookupError("this world hashes no passwords")


def _nobody_opens(run: str, seq: int) -> str:  # noqa: ARG001
    raise LookupError("this world opens no logins")


@dataclass(frozen=True)
class World:
    """What may be asked while deciding.

    `read()` lends a database connection, given back before anything slower is asked. `mail_domain` answers
    `takes_mail`, `no_such_domain`, `takes_no_mail` or `unknown`. `find` returns the rows of a register in
    which every given column has the given (normalised) value; it raises Unavailable. `link_url` makes the
    address that opens a secret; `google_objects`: cards are made at Google over REST before their SMS leaves.
    `host` is the name of our own site, for which phones fill in codes. `hash_password` takes its time, so it
    is never called inside a transaction. `login_token` is the secret of the login opened by a step of a run.
    `webhooks`: the organisation wants to hear of accounts, by realm. `env` is what records say of where they
    were made: `live`, or `preview` where nobody outside is affected.
    """

    read: Callable[[], AbstractContextManager[Connection]]
    vault: Vault
    mail_domain: Callable[[str], str]
    find: Callable[[str, Mapping[str, str]], Sequence[Mapping[str, str]]]
    link_url: Callable[[str], str]
    google_objects: bool = False
    host: str = "localhost"
    hash_password: Callable[[str], str] = field(default=_nobody_hashes, repr=False)
    login_token: Callable[[str, int], str] = field(default=_nobody_opens, repr=False)
    webhooks: frozenset[str] = frozenset()
    env: str = "live"


@dataclass(frozen=True)
class Step:
    """One trigger in one state, with everything a guard may look at.

    `values` are normalised answers by field, `problems` what the forms layer found; `browser` is the random
    id of the session and `network` an address, both for counting only; `link` is the name of the link the
    step came by, `link_id` its row; `account` is who is logged in to the realm's portal in this browser.
    """

    flow: Flow
    run: str
    seq: int
    state: str
    trigger: str
    lang: str
    now: datetime
    browser: str = field(repr=False)
    network: str = field(repr=False)
    world: World = field(repr=False)
    values: Mapping[str, str] = field(default_factory=dict, repr=False)
    problems: tuple[Problem, ...] = ()
    link: str | None = None
    link_id: str | None = None
    account: str | None = None
    device: str = field(default="", repr=False)


@dataclass(frozen=True)
class Order:
    """An effect to plan: its argument, what the guards found (by guard), the key that makes it once only."""

    step: Step
    argument: str
    found: Mapping[str, Mapping[str, str]] = field(repr=False)
    key: str


#: What an effect returns: carried out inside the one commit; answers `requested`, `suppressed` or what it has
#: proven, for the journal.
Write = Callable[[Connection], str]


@dataclass(frozen=True)
class Page:
    """A state about to be shown. `run` is missing before the first post.

    `shown` is what was typed, by field; `values` are the normalised answers; `device` is `ios`, `android` or
    `other`, as the browser calls itself.
    """

    flow: Flow
    state: str
    lang: str
    now: datetime
    world: World = field(repr=False)
    run: Run | None = None
    shown: Mapping[str, str] = field(default_factory=dict, repr=False)
    values: Mapping[str, str] = field(default_factory=dict, repr=False)
    link_id: str | None = None
    device: str = "other"
    account: str | None = None

    def text(self, key: str, **params: object) -> str:
        """The flow's words for `key` in the page's language."""
        return self.flow.text(self.lang, key, **params)
