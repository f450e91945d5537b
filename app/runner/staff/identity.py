"""Coming in by the organisation's identity provider, which says who it is and what they may do."""

import hmac
import json
import re
import secrets
import unicodedata
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import timedelta
from typing import Any, Literal

from sqlalchemy import Connection

from app.gateways.oidc import Asked, Provider, Untrue, Vouched, new_question
from app.gateways.outcome import Failed
from app.runner.house import House
from app.runner.staff import entry
from app.runner.staff.acts import NOBODY, note_within
from app.runner.staff.entry import Entered
from app.runner.staff.who import ROLES, Role, StaffLogin, roles_named
from app.store import staff, staff_logins
from app.store.crypto import Undecipherable
from app.store.ids import ulid
from app.store.staff import NO_PASSWORD, NameTaken, StoredStaff

#: Who takes somebody in, or changes their roles, when the provider says so.
BY_PROVIDER = "(provider)"

_ACT = "log in by provider"
_LIFE = timedelta(minutes=10)  # people look for their telephone at the provider's page
_PLACE = "desk identity question"
_LONGEST_NAME, _NUMBERED = 36, 50
_AGAIN = 3  # of two first logins at the same moment one has to look again


@dataclass(frozen=True)
class Identities:
    """The provider, and how what it says of people is read.

    `roles_claim`: which claim holds roles or groups; `role_map`: their name to ours, empty where both are the
    same; `name_claim`: which claim a new member is named after.
    """

    provider: Provider
    roles_claim: str
    role_map: Mapping[str, Role]
    name_claim: str


@dataclass(frozen=True)
class Question:
    """Where the browser goes to ask, and what it keeps meanwhile: sealed, of no use to anybody else."""

    url: str = field(repr=False)
    kept: str = field(repr=False)


#: Why nobody came in: the provider cannot be asked, its answer does not hold or is not to our question, its
#: user said no, or it gives this user no role of ours.
Reason = Literal["away", "untrue", "declined", "no_role"]


@dataclass(frozen=True)
class NotIn:
    """Not let in; `detail` is a code for those who run this."""

    reason: Reason
    detail: str = ""


def ask(house: House, identities: Identities) -> Question | NotIn:
    """A question for the provider."""
    asked = new_question()
    url = identities.provider.address(asked)
    if isinstance(url, Failed):
        return NotIn("away", url.reason)
    kept = json.dumps({**asdict(asked), "at": house.clock().timestamp()})
    return Question(url, urlsafe_b64encode(house.vault.encrypt(kept, _PLACE)).decode())


def _question(house: House, kept: str) -> Asked | None:
    """The question this browser asked; None when it asked none, or too long ago."""
    try:
        told = json.loads(house.vault.decrypt(urlsafe_b64decode(kept), _PLACE))
    except (ValueError, Undecipherable):
        return None
    if house.clock().timestamp() >= told.pop("at") + _LIFE.total_seconds():
        return None
    return Asked(**told)


def come_in(
    house: House,
    identities: Identities,
    network: str,
    kept: str,
    answer: Mapping[str, str],
    former: StaffLogin | None = None,
) -> Entered | NotIn:
    """Let in whom the provider vouches for, if it gives them a role of ours.

    `kept`: what the browser kept since it asked, and must not keep any longer; `answer`: the query by which
    it came back. Somebody new is taken in under a name of their own; roles are those of this very answer.
    """
    vouched = _vouched(house, identities, kept, answer)
    if isinstance(vouched, NotIn):
        if vouched.reason == "untrue":
            _refuse(house)
        return vouched
    for _ in range(_AGAIN):
        try:
            return _judged(house, identities, network, vouched, former)
        except NameTaken:
            continue
    return NotIn("away", "busy")


def _vouched(house: House, identities: Identities, kept: str, answer: Mapping[str, str]) -> Vouched | NotIn:
    asked, provider = _question(house, kept), identities.provider
    if asked is None or not hmac.compare_digest(asked.state.encode(), answer.get("state", "").encode()):
        return NotIn("untrue", "state")
    if answer.get("iss", provider.issuer) != provider.issuer:  # RFC 9207: another provider's answer
        return NotIn("untrue", "iss")
    if "error" in answer or not answer.get("code"):
        return NotIn("declined")
    found = provider.vouched(answer["code"], asked, house.clock())
    if isinstance(found, Failed):
        return NotIn("away", found.reason)
    return NotIn("untrue", found.reason) if isinstance(found, Untrue) else found


def _refuse(house: House) -> None:
    with house.database.write() as connection:
        note_within(connection, house.clock(), NOBODY, _ACT, outcome="refused")


def _judged(
    house: House, identities: Identities, network: str, vouched: Vouched, former: StaffLogin | None
) -> Entered | NotIn:
    roles, now = roles_of(identities, vouched.claims), house.clock()
    kept = staff.subject(vouched.issuer, vouched.sub)
    with house.database.write() as connection:
        member = _held(connection, kept)
        if not roles or (member and member.left_at):
            _shut_out(connection, house, member)
            return NotIn("no_role")
        act = None
        if member is None:
            member, act = _taken_in(connection, house, identities, vouched, kept, roles), "add staff"
        elif set(member.roles) != set(roles):
            staff.set_roles(connection, member.id, roles)
            act = "set roles"
        entered, _ = entry.open_login(connection, house, member, network, former)
        if act:
            note_within(connection, now, BY_PROVIDER, act, f"{member.name}: {', '.join(roles)}")
        note_within(connection, now, member.name, _ACT)
    return entered


def _held(connection: Connection, subject: str) -> StoredStaff | None:
    found = staff.by_subject(connection, subject)
    if found is not None:
        staff.hold(connection, found.id)
        found = staff.by_subject(connection, subject)
    return found


def _shut_out(connection: Connection, house: House, member: StoredStaff | None) -> None:
    """Who has no role any more loses those of the last time, and every login."""
    if member:
        staff.set_roles(connection, member.id, ())
        staff_logins.end_all(connection, member.id, house.clock())
    whose = member.name if member else NOBODY
    note_within(connection, house.clock(), whose, _ACT, outcome="refused")


def _taken_in(
    connection: Connection,
    house: House,
    identities: Identities,
    vouched: Vouched,
    subject: str,
    roles: tuple[Role, ...],
) -> StoredStaff:
    now = house.clock()
    name = _free(connection, fit_name(vouched.claims.get(identities.name_claim)))
    member = StoredStaff(ulid(now), name, roles, NO_PASSWORD, now, now, subject=subject)
    staff.add(connection, member)
    return member


def roles_of(identities: Identities, claims: Mapping[str, Any]) -> tuple[Role, ...]:
    """Which of our roles the claims give."""
    told = _claim(claims, identities.roles_claim)
    theirs = told.split() if isinstance(told, str) else told if isinstance(told, list) else []
    names = [name for name in theirs if isinstance(name, str)]
    if identities.role_map:
        names = [identities.role_map[name] for name in names if name in identities.role_map]
    return roles_named(names)


def role_map(written: str) -> dict[str, Role]:
    """Their names to ours, out of `their group=our role`, comma-separated. Raises ValueError."""
    found: dict[str, Role] = {}
    for pair in filter(str.strip, written.split(",")):
        theirs, _, ours = pair.rpartition("=")
        roles = roles_named([ours.strip()])
        if not theirs.strip() or not roles:
            raise ValueError(f"write their group=our role, comma-separated; ours are {', '.join(ROLES)}")
        found[theirs.strip()] = roles[0]
    return found


def _claim(claims: Mapping[str, Any], name: str) -> Any:
    """The claim of this name, or what stands behind its dots (`realm_access.roles`)."""
    if name in claims:
        return claims[name]
    found: Any = claims
    for part in name.split("."):
        found = found.get(part) if isinstance(found, Mapping) else None
    return found


def fit_name(told: object) -> str:
    """A name at the desk that is like the one told: of an address the part before the @."""
    plain = unicodedata.normalize("NFKD", told if isinstance(told, str) else "")
    plain = plain.partition("@")[0].encode("ascii", "ignore").decode().lower()
    name = re.sub(r"[^a-z0-9.-]+", "-", plain).strip(".-")[:_LONGEST_NAME].strip(".-")
    return name if len(name) > 1 else "staff"


def _free(connection: Connection, name: str) -> str:
    """The name, or the next one of this sort that nobody has or had."""
    for number in range(1, _NUMBERED):
        numbered = name if number == 1 else f"{name}-{number}"
        if staff.by_name(connection, numbered) is None:
            return numbered
    return f"{name[:25].rstrip('.-')}-{secrets.token_hex(6)}"
