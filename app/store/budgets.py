"""How many refusals a subject may cause within a span: the last word on guessing, whatever the web limits.

A subject is a field's answer, the `browser` or the `network`, kept as a blind index. With `same_network` a
field's refusals count only together with the network they came from, so that no stranger locks the owner
out; how often the answer was refused from anywhere is then counted beside, for the alarm alone (C6).
"""

from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy import Connection, bindparam, delete, func, insert, select, text

from app.flow.spec import BudgetSpec
from app.flow.verdict import Charge
from app.store.crypto import Vault
from app.store.models import refusals

#: Subjects that are no field of the flow.
PLACES = ("browser", "network")
_EVERYWHERE = " everywhere"

_INSERT = insert(refusals)
#: Counts no further than the number allowed: a storm of refusals must not make the question dear.
_RECENT = select(func.count()).select_from(
    select(refusals.c.id)
    .where(
        refusals.c.budget == bindparam("budget"),
        refusals.c.subject.in_(bindparam("subjects", expanding=True)),
        refusals.c.at > bindparam("since"),
    )
    .limit(bindparam("number"))
    .subquery()
)
_BESIEGED = select(func.count()).select_from(
    select(refusals.c.subject)
    .where(refusals.c.budget == bindparam("budget"), refusals.c.at > bindparam("since"))
    .group_by(refusals.c.subject)
    .having(func.count() >= bindparam("number"))
    .subquery()
)
_STORM = select(refusals.c.budget, func.count()).where(refusals.c.at > bindparam("since"))
_STORM = _STORM.group_by(refusals.c.budget).order_by(refusals.c.budget)
_LOCK = text("select pg_advisory_xact_lock(hashtextextended(:subject, 1))")
_PURGE = delete(refusals).where(refusals.c.at < bindparam("before"))


def charges_for(
    budget: str, spec: BudgetSpec, answers: Mapping[str, str], browser: str, network: str
) -> tuple[Charge, ...]:
    """What one refusal costs: a charge for every subject of `spec.per` that is there."""
    charges = []
    for subject in spec.per:
        value = {"browser": browser, "network": network}.get(subject, answers.get(subject, ""))
        if not value:
            continue
        if spec.same_network and subject not in PLACES:
            charges.append(Charge(budget, subject + _EVERYWHERE, value))
            value = f"{value}\0{network}"
        charges.append(Charge(budget, subject, value))
    return tuple(charges)


def recent(
    connection: Connection,
    vault: Vault,
    budget_name: str,
    spec: BudgetSpec,
    subjects: Mapping[str, str],
    now: datetime,
) -> dict[str, int]:
    """How many refusals each subject has had within the span, counted no further than the number allowed.

    `subjects` are values by subject, as in the charges of `charges_for`. All are asked about, always, so
    that the work does not tell which one is spent.
    """
    return {
        subject: _recent(connection, vault, budget_name, spec, subject, value, now)
        for subject, value in subjects.items()
        if value and subject in spec.per
    }


def _recent(
    connection: Connection,
    vault: Vault,
    budget: str,
    spec: BudgetSpec,
    subject: str,
    value: str,
    now: datetime,
) -> int:
    asked = {
        "budget": budget,
        "subjects": vault.indexes(value, f"budget:{budget}:{subject}"),
        "since": now - spec.within,
        "number": spec.per[subject],
    }
    return connection.execute(_RECENT, asked).scalar_one()


def hold(connection: Connection, vault: Vault, budget: str, subjects: Mapping[str, str]) -> None:
    """Until the commit, let nobody else count these subjects; SQLite has one writer anyway."""
    if connection.dialect.name == "postgresql":
        for index in sorted(vault.index(v, f"budget:{budget}:{s}") for s, v in subjects.items()):
            connection.execute(_LOCK, {"subject": index})


def charge(connection: Connection, vault: Vault, charges: Sequence[Charge], now: datetime) -> None:
    """Count refusals, in the commit of the step that refused."""
    rows = [
        {
            "budget": _shelf(c.budget) if c.subject.endswith(_EVERYWHERE) else c.budget,
            "subject": vault.index(c.value, f"budget:{c.budget}:{c.subject}"),
            "at": now,
        }
        for c in charges
    ]
    if rows:
        connection.execute(_INSERT, rows)


def besieged(connection: Connection, budget: str, since: datetime, number: int) -> int:
    """How many answers of a `same_network` budget were refused `number` times or more, from anywhere.

    For an alarm: such an answer is being guessed at from several networks, and no budget stops that.
    """
    asked = {"budget": _shelf(budget), "since": since, "number": number}
    return connection.execute(_BESIEGED, asked).scalar_one()


def counted(connection: Connection, since: datetime) -> dict[str, int]:
    """Charges since then by budget, for an alarm: a refusal makes one charge for each of its subjects."""
    rows = connection.execute(_STORM, {"since": since}).all()
    return {row[0]: row[1] for row in rows if not row[0].startswith("*")}


def purge(connection: Connection, before: datetime) -> int:
    """Forget refusals older than any budget looks back; how many."""
    return connection.execute(_PURGE, {"before": before}).rowcount


def _shelf(budget: str) -> str:
    # No budget's name can begin like this, so these rows are never found when a budget is asked about.
    return f"*{budget}"[:40]
