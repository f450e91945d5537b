"""One-time codes: stored as keyed MACs bound to run, name, channel and row, with what wrong ones cost.

The key is not in the database, so whoever has only that cannot try all codes on it (S25).
"""

import hmac
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Literal

from sqlalchemy import Connection, and_, bindparam, delete, func, insert, or_, select, text, update

from app.store.crypto import Vault
from app.store.ids import ulid
from app.store.portal_models import code_failures, codes

Fate = Literal["live", "expired", "replaced", "used", "no_tries_left"]

#: Failures of one recipient after which no code of theirs is right any more (S20; NIST SP 800-63B-4 3.2.2).
MOST_FAILURES = ((timedelta(days=1), 10), (timedelta(days=30), 100))


@dataclass(frozen=True)
class Purpose:
    """What a code is good for, and for nothing else (S24): it shows that whoever stands in `run` reads what
    is sent to `recipient`; `name` is the code's in the flow."""

    realm: str
    run: str
    name: str
    channel: str
    recipient: str = field(repr=False)


@dataclass(frozen=True)
class StoredCode:
    """A code that was sent; `tries` are the wrong ones given while it was the newest."""

    id: str
    mac: str = field(repr=False)
    typed: str = field(repr=False)
    shown: bytes = field(repr=False)
    sent_at: datetime
    expires_at: datetime
    replaced_at: datetime | None
    used_at: datetime | None
    tries: int

    def fate(self, now: datetime, most_tries: int) -> Fate:
        """What has become of it by `now`."""
        if self.used_at is not None:
            return "used"
        if self.replaced_at is not None:
            return "replaced"
        if self.tries >= most_tries:
            return "no_tries_left"
        return "expired" if now >= self.expires_at else "live"


@dataclass(frozen=True)
class Standing:
    """The codes of one purpose, the newest first, and the recipient's failures in each span that counts."""

    codes: tuple[StoredCode, ...]
    failures: tuple[int, ...]

    @property
    def newest(self) -> StoredCode | None:
        """The only one that may still be good."""
        return self.codes[0] if self.codes else None

    def exhausted(self, most_tries: int, more: int = 0) -> bool:
        """Whether, after `more` further wrong codes, none will be looked at any more."""
        dead = self.newest is not None and self.newest.tries + more >= most_tries
        spans = zip(self.failures, MOST_FAILURES, strict=True)
        return dead or any(failures + more >= most for failures, (_, most) in spans)


_OF_PURPOSE = (
    select(codes)
    .where(
        codes.c.run_id == bindparam("run"),
        codes.c.name == bindparam("code_name"),
        codes.c.subject.in_(bindparam("subjects", expanding=True)),
    )
    .order_by(codes.c.replaced_at.is_not(None), codes.c.sent_at.desc(), codes.c.id.desc())
)
_INSERT = insert(codes)
_REPLACE = (
    update(codes)
    .where(
        codes.c.run_id == bindparam("run"),
        codes.c.name == bindparam("code_name"),
        codes.c.replaced_at.is_(None),
    )
    .values(replaced_at=bindparam("now"))
)
_USE = (
    update(codes)
    .where(
        codes.c.id == bindparam("code"),
        codes.c.used_at.is_(None),
        codes.c.replaced_at.is_(None),
        codes.c.expires_at > bindparam("now"),
    )
    .values(used_at=bindparam("now"))
)
_END_ALL = (
    update(codes)
    .where(
        codes.c.subject.in_(bindparam("subjects", expanding=True)),
        codes.c.expires_at > bindparam("now"),
        codes.c.used_at.is_(None),
        codes.c.replaced_at.is_(None),
    )
    .values(replaced_at=bindparam("now"))
)
_PROVEN = (
    select(codes.c.run_id)
    .where(codes.c.subject.in_(bindparam("subjects", expanding=True)), codes.c.used_at.is_not(None))
    .distinct()
    .order_by(codes.c.run_id)
)
_TRIED = update(codes).where(codes.c.id == bindparam("code")).values(tries=codes.c.tries + 1)
_FAILED = insert(code_failures)
_FAILURES = (
    select(func.count())
    .select_from(code_failures)
    .where(
        code_failures.c.subject.in_(bindparam("subjects", expanding=True)),
        code_failures.c.at > bindparam("since"),
    )
)
_FORGIVE = delete(code_failures).where(code_failures.c.subject.in_(bindparam("subjects", expanding=True)))
_PURGE = delete(codes).where(
    or_(
        codes.c.expires_at < bindparam("before"),
        and_(codes.c.used_at.is_not(None), codes.c.used_at < bindparam("before")),
        and_(codes.c.replaced_at.is_not(None), codes.c.replaced_at < bindparam("before")),
    )
)
_PURGE_FAILURES = delete(code_failures).where(code_failures.c.at < bindparam("before"))
_LOCK = text("select pg_advisory_xact_lock(hashtextextended(:subject, 0))")


def put(
    connection: Connection,
    vault: Vault,
    purpose: Purpose,
    code: str,
    typed: int,
    now: datetime,
    valid: timedelta,
) -> None:
    """Store a fresh code of which the last `typed` signs are typed; older ones of the run are replaced."""
    connection.execute(_REPLACE, {"run": purpose.run, "code_name": purpose.name, "now": now})
    code_id = ulid(now)
    connection.execute(
        _INSERT,
        {
            "id": code_id,
            "run_id": purpose.run,
            "name": purpose.name,
            "mac": vault.index(code, _bound(purpose, code_id, "whole")),
            "typed": vault.index(code[-typed:], _bound(purpose, code_id, "typed")),
            "shown": vault.encrypt(code[:-typed], f"codes:{code_id}:shown"),
            "subject": _subjects(vault, purpose.realm, purpose.recipient)[0],
            "sent_at": now,
            "expires_at": now + valid,
            "tries": 0,
        },
    )


def standing(connection: Connection, vault: Vault, purpose: Purpose, now: datetime) -> Standing:
    """What there is to judge a code by."""
    subjects = _subjects(vault, purpose.realm, purpose.recipient)
    asked = {"run": purpose.run, "code_name": purpose.name, "subjects": subjects}
    rows = connection.execute(_OF_PURPOSE, asked).all()
    failures = (
        connection.execute(_FAILURES, {"subjects": subjects, "since": now - span}).scalar_one()
        for span, _ in MOST_FAILURES
    )
    return Standing(tuple(map(_stored, rows)), tuple(failures))


def _stored(row: Any) -> StoredCode:
    return StoredCode(
        row.id,
        row.mac,
        row.typed,
        row.shown,
        row.sent_at,
        row.expires_at,
        row.replaced_at,
        row.used_at,
        row.tries,
    )


def agrees(vault: Vault, purpose: Purpose, code: StoredCode, given: str) -> bool:
    """Whether `given` is this code or its typed part, compared in constant time and to the end (S26)."""
    compared = [
        hmac.compare_digest(mac, stored)
        for part, stored in (("whole", code.mac), ("typed", code.typed))
        for mac in vault.indexes(given, _bound(purpose, code.id, part))
    ]
    return any(compared)


def first_signs(vault: Vault, code: StoredCode) -> str:
    """The signs that are not typed, by which the right message is found; empty where all are."""
    return vault.decrypt(code.shown, f"codes:{code.id}:shown")


def hold(connection: Connection, vault: Vault, purpose: Purpose) -> None:
    """Until the commit, let nobody else count this recipient's failures; SQLite has one writer anyway."""
    if connection.dialect.name == "postgresql":
        connection.execute(_LOCK, {"subject": _subjects(vault, purpose.realm, purpose.recipient)[0]})


def fail(connection: Connection, vault: Vault, purpose: Purpose, code: str, now: datetime) -> None:
    """Count a wrong code, given while the one of the id `code` was the newest: a try of that one, and a
    failure of the recipient."""
    connection.execute(_TRIED, {"code": code})
    connection.execute(_FAILED, {"subject": _subjects(vault, purpose.realm, purpose.recipient)[0], "at": now})


def use(connection: Connection, code: str, now: datetime) -> bool:
    """Use the code up; False when it is used, replaced or out of date by now (S22)."""
    return connection.execute(_USE, {"code": code, "now": now}).rowcount == 1


def end_all(connection: Connection, vault: Vault, realm: str, recipient: str, now: datetime) -> int:
    """Let no code sent to this recipient be right any more, in whatever run (S48); how many were open."""
    asked = {"subjects": _subjects(vault, realm, recipient), "now": now}
    return connection.execute(_END_ALL, asked).rowcount


def proven_in(connection: Connection, vault: Vault, realm: str, recipient: str) -> list[str]:
    """The runs in which a code sent to this recipient was right, as long as their codes are kept."""
    asked = {"subjects": _subjects(vault, realm, recipient)}
    return list(connection.execute(_PROVEN, asked).scalars())


def forgive(connection: Connection, vault: Vault, purpose: Purpose) -> None:
    """The right code was given: earlier failures of the recipient count no more."""
    connection.execute(_FORGIVE, {"subjects": _subjects(vault, purpose.realm, purpose.recipient)})


def purge(connection: Connection, before: datetime) -> int:
    """Forget codes that ended before then, however that came; how many."""
    return connection.execute(_PURGE, {"before": before}).rowcount


def purge_failures(connection: Connection, before: datetime) -> int:
    """Forget failures older than anything looks back; how many."""
    return connection.execute(_PURGE_FAILURES, {"before": before}).rowcount


def _bound(purpose: Purpose, code: str, part: str) -> str:
    return f"code:{purpose.run}:{purpose.name}:{purpose.channel}:{code}:{part}"


def _subjects(vault: Vault, realm: str, recipient: str) -> list[str]:
    """The recipient, whose failures count in every run of the realm, however its letters are typed."""
    return vault.indexes(recipient.lower(), f"code recipient:{realm}")
