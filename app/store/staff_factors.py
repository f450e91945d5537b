"""The second factor of staff: a sealed secret, the newest step that was used, MACs of recovery codes."""

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import Connection, bindparam, or_, select, update

from app.store.crypto import Vault
from app.store.desk_models import staff


@dataclass(frozen=True)
class StoredFactor:
    """One member's second factor: the secret in base 32, since when it is asked for, codes not used yet."""

    secret: str = field(repr=False)
    since: datetime
    recovery: tuple[str, ...] = field(repr=False)


_ONE = staff.c.id == bindparam("member")
_OF = select(staff.c.totp, staff.c.totp_at, staff.c.recovery).where(_ONE)
_SET = (
    update(staff)
    .where(_ONE)
    .values(
        totp=bindparam("sealed"),
        totp_at=bindparam("now"),
        totp_step=bindparam("step"),
        recovery=bindparam("macs"),
    )
)
_STEP = (
    update(staff)
    .where(_ONE, or_(staff.c.totp_step.is_(None), staff.c.totp_step < bindparam("step")))
    .values(totp_step=bindparam("step"))
)
_RECOVERY = update(staff).where(_ONE).values(recovery=bindparam("macs"))
_DROP = update(staff).where(_ONE).values(totp=None, totp_at=None, totp_step=None, recovery=None)


def _place(member: str) -> str:
    return f"staff:{member}:totp"


def _what(member: str) -> str:
    return f"desk recovery code:{member}"


def of(connection: Connection, vault: Vault, member: str) -> StoredFactor | None:
    """The member's second factor; None when none is asked for."""
    row = connection.execute(_OF, {"member": member}).first()
    if row is None or row.totp is None or row.totp_at is None:
        return None
    return StoredFactor(vault.decrypt(row.totp, _place(member)), row.totp_at, tuple(row.recovery or ()))


def put(
    connection: Connection,
    vault: Vault,
    member: str,
    secret: str,
    step: int,
    codes: Collection[str],
    now: datetime,
) -> None:
    """From now on ask for this one; `step` has been used to prove it, `codes` stand in for it once each."""
    row = {
        "member": member,
        "sealed": vault.encrypt(secret, _place(member)),
        "now": now,
        "step": step,
        "macs": [vault.index(code, _what(member)) for code in codes],
    }
    connection.execute(_SET, row)


def use_step(connection: Connection, member: str, step: int) -> bool:
    """Use this step up, and all before it; False when it is used up already."""
    return connection.execute(_STEP, {"member": member, "step": step}).rowcount == 1


def use_code(connection: Connection, vault: Vault, member: str, code: str) -> bool:
    """Use a recovery code up; False when it is none of theirs. The caller holds the member."""
    row = connection.execute(_OF, {"member": member}).first()
    known = list(row.recovery or ()) if row else []
    left = [mac for mac in known if mac not in vault.indexes(code, _what(member))]
    if len(left) == len(known):
        return False
    connection.execute(_RECOVERY, {"member": member, "macs": left})
    return True


def drop(connection: Connection, member: str) -> None:
    """Ask for no second factor of theirs any more."""
    connection.execute(_DROP, {"member": member})
