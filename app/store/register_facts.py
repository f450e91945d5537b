"""What operators are told of an imported register: how many rows, since when, by whom. No row of it."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, func, select

from app.store.models import register_rows, registers

_ALL = (
    select(registers.c.name, registers.c.imported_at, registers.c.imported_by, func.count(register_rows.c.id))
    .outerjoin(
        register_rows,
        (register_rows.c.register == registers.c.name)
        & (register_rows.c.generation == registers.c.generation),
    )
    .group_by(registers.c.name, registers.c.imported_at, registers.c.imported_by)
    .order_by(registers.c.name)
)


@dataclass(frozen=True)
class Imported:
    """A register's rows in use: how many, when they last changed, who gave them (None: with the demo)."""

    name: str
    imported_at: datetime
    imported_by: str | None
    rows: int


def imported(connection: Connection) -> dict[str, Imported]:
    """Every register that ever was imported, by name."""
    return {row[0]: Imported(*row) for row in connection.execute(_ALL)}
