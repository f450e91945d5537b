"""What an account's owner sees of it and may change: consents and open logins."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from app.effects.webhooks import put_event
from app.runner.house import House
from app.runner.logins import is_open
from app.runner.portal.visitor import Visitor
from app.step.consents import words_of
from app.store import accounts, consents, logins
from app.store.consents import Consent
from app.store.ids import ulid
from app.store.logins import StoredLogin

DECISIONS = ("accept", "decline")


@dataclass(frozen=True)
class Matter:
    """Something one was asked to consent or agree to: what counts today, and every decision, newest first.

    `may_change`: a consent can be withdrawn and given again; what was agreed upon cannot.
    """

    field: str
    may_change: bool
    history: Sequence[Consent]

    @property
    def current(self) -> Consent | None:
        """The newest decision."""
        return self.history[0] if self.history else None


def matters(house: House, visitor: Visitor) -> list[Matter]:
    """What the realm keeps as proof, in its own order, and what it once kept."""
    with house.database.read() as connection:
        decided = consents.history(connection, visitor.account.id)
    spec = visitor.realm.flow.spec
    fields = dict.fromkeys([*visitor.realm.spec.consents, *(consent.field for consent in decided)])
    return [
        Matter(
            name,
            _may_change(visitor, name),
            tuple(reversed([consent for consent in decided if consent.field == name])),
        )
        for name in fields
        if name in spec.fields
    ]


def _may_change(visitor: Visitor, field: str) -> bool:
    known = visitor.realm.flow.spec.fields.get(field)
    return field in visitor.realm.spec.consents and known is not None and known.type == "consent"


def decide(house: House, visitor: Visitor, field: str, decision: str, lang: str) -> bool:
    """`decline` (withdraw) a consent or `accept` it, on the words of the version that is live today (S58).

    The same decision once more changes nothing; False for what cannot be decided here.
    """
    if not _may_change(visitor, field) or decision not in DECISIONS:
        return False
    flow, account, now = visitor.realm.flow, visitor.account, house.clock()
    text = words_of(flow, lang, field)
    consent = Consent(account.id, field, decision, text, flow.name, flow.digest, lang, None, now)
    with house.database.write() as connection:
        accounts.hold(connection, account.id)
        before = consents.current(connection, account.id).get(field)
        if before is None or before.decision != decision:
            consents.record(connection, consent)
            key = f"consent:{account.id}:{ulid(now)}"
            put_event(connection, house.world(flow), "consent.changed", account, key, now)
    return True


@dataclass(frozen=True)
class OpenLogin:
    """One login as its owner sees it; `here`: it is the one of this very browser."""

    id: str
    device: str
    started_at: datetime
    seen_at: datetime
    here: bool


def open_logins(house: House, visitor: Visitor) -> list[OpenLogin]:
    """The account's logins that nobody ended and no time did, this one first, then the last seen."""
    with house.database.read() as connection:
        stored = logins.of_account(connection, house.vault, visitor.account.id)
    found = [_shown(login, visitor) for login in stored if is_open(house, login)]
    return sorted(found, key=lambda login: not login.here)


def _shown(login: StoredLogin, visitor: Visitor) -> OpenLogin:
    here = login.id == visitor.login.id
    return OpenLogin(login.id, login.device, login.started_at, login.seen_at, here)


def end_login(house: House, visitor: Visitor, login: str) -> bool:
    """End one of one's open logins; False when it is nobody's, not one's own, or over already."""
    with house.database.write() as connection:
        theirs = {each.id for each in logins.of_account(connection, house.vault, visitor.account.id)}
        if login not in theirs:  # whatever was posted goes no further
            return False
        return logins.end(connection, visitor.account.id, [login], house.clock()) == 1


def end_other_logins(house: House, visitor: Visitor) -> None:
    """End every login but this one."""
    with house.database.write() as connection:
        theirs = logins.of_account(connection, house.vault, visitor.account.id)
        others = [login.id for login in theirs if login.id != visitor.login.id]
        logins.end(connection, visitor.account.id, others, house.clock())
