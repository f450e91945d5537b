"""Links sent to applicants: 128 random bits, stored as a keyed MAC, replaced by a newer one (S32)."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from sqlalchemy import Connection, bindparam, delete, insert, select, update

from app.store.crypto import Vault
from app.store.models import links

Fate = Literal["live", "expired", "replaced", "used_up"]


@dataclass(frozen=True)
class Link:
    """One link: whose run it opens, until when, how often its button was pressed."""

    id: str
    run_id: str
    name: str
    sent_at: datetime
    expires_at: datetime
    replaced_at: datetime | None
    opens: int

    def fate(self, now: datetime, most: int) -> Fate:
        """Whether it still works at `now`, `most` being how often it may be used."""
        if self.replaced_at is not None:
            return "replaced"
        if now >= self.expires_at:
            return "expired"
        return "used_up" if self.opens >= most else "live"


_BY_MAC = select(links).where(links.c.mac.in_(bindparam("macs", expanding=True)))
_BY_ID = select(links).where(links.c.id == bindparam("id"))
_OF_RUN = (
    select(links)
    .where(links.c.run_id == bindparam("run"), links.c.name == bindparam("link"))
    .order_by(links.c.sent_at.desc(), links.c.id.desc())
    .limit(1)
)
_INSERT = insert(links)
_REPLACE = (
    update(links)
    .where(
        links.c.subject.in_(bindparam("subjects", expanding=True)),
        links.c.name == bindparam("link"),
        links.c.replaced_at.is_(None),
    )
    .values(replaced_at=bindparam("now"))
)
_COUNT = (
    update(links)
    .where(
        links.c.id == bindparam("link"),
        links.c.opens < bindparam("most"),
        links.c.replaced_at.is_(None),
        links.c.expires_at > bindparam("now"),
    )
    .values(opens=links.c.opens + 1)
)
_PURGE = delete(links).where(links.c.expires_at < bindparam("before"))


def _link(row: Any) -> Link:
    return Link(row.id, row.run_id, row.name, row.sent_at, row.expires_at, row.replaced_at, row.opens)


def by_secret(connection: Connection, vault: Vault, secret: str) -> Link | None:
    """The link this secret opens."""
    row = connection.execute(_BY_MAC, {"macs": vault.indexes(secret, "link")}).first()
    return _link(row) if row else None


def by_id(connection: Connection, link: str) -> Link | None:
    """The link of this id."""
    row = connection.execute(_BY_ID, {"id": link}).first()
    return _link(row) if row else None


def newest_of(connection: Connection, run: str, name: str) -> Link | None:
    """The link of this name that the run sent last."""
    row = connection.execute(_OF_RUN, {"run": run, "link": name}).first()
    return _link(row) if row else None


def put(connection: Connection, vault: Vault, link: Link, secret: str, subject: str) -> None:
    """Store a fresh link; older live ones of the same name and subject are replaced."""
    subjects = vault.indexes(subject, f"link subject:{link.name}")
    connection.execute(_REPLACE, {"subjects": subjects, "link": link.name, "now": link.sent_at})
    connection.execute(
        _INSERT,
        {
            "id": link.id,
            "run_id": link.run_id,
            "name": link.name,
            "mac": vault.index(secret, "link"),
            "subject": subjects[0],
            "sent_at": link.sent_at,
            "expires_at": link.expires_at,
            "opens": 0,
        },
    )


def count_use(connection: Connection, link: str, most: int, now: datetime) -> bool:
    """Count one press of the button; False when the link is dead by now, however that came."""
    return connection.execute(_COUNT, {"link": link, "most": most, "now": now}).rowcount == 1


def purge(connection: Connection, before: datetime) -> int:
    """Forget links that ended before then; how many. Who opens one hears that it is not known."""
    return connection.execute(_PURGE, {"before": before}).rowcount
