"""Filling a register beside its live rows, and putting the new rows in their place in one short transaction.

A row's key is the blind index of its key columns. Keys written under an older secret are brought under the
current one as they are met, which nobody can see, so that the swap can compare keys inside the database.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, bindparam, delete, func, insert, select, update

from app.store.crypto import Vault
from app.store.ids import ulid
from app.store.models import register_lookups, register_rows, registers
from app.store.registers import key_text, lookup_name, seal_values

_rows, _staged = register_rows, register_rows.alias("staged")
_OF_GENERATION = (_rows.c.register == bindparam("of"), _rows.c.generation == bindparam("in_generation"))

_LIVE = select(registers.c.generation).where(registers.c.name == bindparam("of"))
_SIZE = select(func.count()).select_from(_rows).where(*_OF_GENERATION)
_STANDING = select(_rows.c.key).where(*_OF_GENERATION, _rows.c.key.in_(bindparam("keys", expanding=True)))
_REKEY = update(_rows).where(*_OF_GENERATION, _rows.c.key == bindparam("old")).values(key=bindparam("new"))
_PUT_ROW, _PUT_LOOKUP, _PUT_REGISTER = insert(_rows), insert(register_lookups), insert(registers)
_POINT = (
    update(registers)
    .where(registers.c.name == bindparam("of"))
    .values(generation=bindparam("to"), imported_at=bindparam("at"), imported_by=bindparam("giver"))
)
_RETIRE = (
    update(_rows)
    .where(
        *_OF_GENERATION,
        _rows.c.key.in_(
            select(_staged.c.key).where(
                _staged.c.register == bindparam("of"), _staged.c.generation == bindparam("staging")
            )
        ),
    )
    .values(generation=bindparam("retired"))
)
_MOVE = update(_rows).where(*_OF_GENERATION).values(generation=bindparam("to"))
_GENERATIONS = select(_rows.c.generation).where(_rows.c.register == bindparam("of")).distinct()
_DROP = delete(_rows).where(
    _rows.c.id.in_(select(_rows.c.id).where(*_OF_GENERATION).limit(bindparam("most")))
)


@dataclass(frozen=True)
class NewRow:
    """One row about to be staged, its values normalised, its key under every secret (the current first)."""

    values: Mapping[str, str] = field(repr=False)
    keys: tuple[str, ...]

    @classmethod
    def of(
        cls, vault: Vault, register: str, key_columns: Sequence[str], values: Mapping[str, str]
    ) -> "NewRow":
        """The row with these values."""
        text = key_text([values[column] for column in key_columns])
        return cls(values, tuple(vault.indexes(text, f"register_key:{register}")))


def live_generation(connection: Connection, register: str) -> str | None:
    """The generation that is searched; None before the first import."""
    return connection.execute(_LIVE, {"of": register}).scalar()


def size(connection: Connection, register: str, generation: str | None) -> int:
    """How many rows a generation has."""
    return connection.execute(_SIZE, {"of": register, "in_generation": generation}).scalar_one()


def standing(
    connection: Connection, register: str, generation: str | None, rows: Sequence[NewRow]
) -> dict[str, str]:
    """The keys of `rows` that a generation already has: as they are stored there, to the current form."""
    current = {key: row.keys[0] for row in rows for key in row.keys}
    asked = {"of": register, "in_generation": generation, "keys": list(current)}
    return {row.key: current[row.key] for row in connection.execute(_STANDING, asked)}


def stage(
    connection: Connection,
    vault: Vault,
    register: str,
    generation: str,
    rows: Sequence[NewRow],
    search: Sequence[str],
    now: datetime,
) -> None:
    """Write `rows` into a generation that nobody searches yet, and the blind indexes of `search`."""
    row_values: list[dict[str, Any]] = []
    lookup_values: list[dict[str, Any]] = []
    for row in rows:
        identity = ulid(now)
        sealed = seal_values(vault, identity, row.values)
        row_values.append(
            {
                "id": identity,
                "register": register,
                "generation": generation,
                "key": row.keys[0],
                "values": sealed,
            }
        )
        lookup_values += [
            {"row_id": identity, "column": c, "mac": vault.index(row.values[c], lookup_name(register, c))}
            for c in search
            if row.values[c]
        ]
    connection.execute(_PUT_ROW, row_values)
    if lookup_values:
        connection.execute(_PUT_LOOKUP, lookup_values)


def rekey(connection: Connection, register: str, generation: str, found: Mapping[str, str]) -> None:
    """Bring keys found by `standing` under the current secret."""
    old = [{"old": stored, "new": current} for stored, current in found.items() if stored != current]
    if old:
        place = {"of": register, "in_generation": generation}
        connection.execute(_REKEY, [place | pair for pair in old])


def replace_all(
    connection: Connection, register: str, staged: str, now: datetime, by: str | None = None
) -> None:
    """Make the staged generation the live one; `by` gave it."""
    values = {"of": register, "to": staged, "at": now, "giver": by}
    if connection.execute(_POINT, values).rowcount == 0:
        row = {"name": register, "generation": staged, "imported_at": now, "imported_by": by}
        connection.execute(_PUT_REGISTER, row)


def update_by_key(
    connection: Connection, register: str, staged: str, live: str, now: datetime, by: str | None = None
) -> None:
    """Move the staged rows among the live ones; live rows with the same key retire from the search."""
    # Retired rows are only renamed here and removed later: deleting them would make this commit long.
    connection.execute(
        _RETIRE, {"of": register, "in_generation": live, "staging": staged, "retired": f"retired-{staged}"}
    )
    connection.execute(_MOVE, {"of": register, "in_generation": staged, "to": live})
    connection.execute(_POINT, {"of": register, "to": live, "at": now, "giver": by})


def left_over(connection: Connection, register: str) -> list[str]:
    """The generations that are not live: replaced ones, and those of imports that were cut off."""
    live = live_generation(connection, register)
    found = connection.execute(_GENERATIONS, {"of": register}).scalars()
    return sorted(generation for generation in found if generation != live)


def drop_some(connection: Connection, register: str, generation: str, most: int) -> int:
    """Remove at most `most` rows of a generation; how many there were to remove."""
    return connection.execute(_DROP, {"of": register, "in_generation": generation, "most": most}).rowcount
