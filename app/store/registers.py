"""What the organisation knows about its customers, as imported: found by blind index, opened field by field.

The rows of a register stand in generations. Only the one named in `registers` is live; an import fills
another and puts it in its place (`register_staging`). Values are AES-256-GCM per field, bound to their row
and column; lookups are keyed MACs under another key (requirements S54, S55).
"""

import base64
import json
from collections.abc import Mapping, Sequence

from sqlalchemy import Connection, bindparam, func, select

from app.store.crypto import Vault
from app.store.models import register_lookups, register_rows, registers

#: The cost of opening one row, paid when there is none.
_COLUMNS_OF_NOBODY = 8

_HITS = (
    select(register_lookups.c.row_id)
    .where(register_lookups.c.mac.in_(bindparam("macs", expanding=True)))
    .group_by(register_lookups.c.row_id)
    .having(func.count() == bindparam("columns"))
)
#: Every generation is of one register; asking for the register too would lead SQLite to walk all its rows.
_FIND = (
    select(register_rows.c.id, register_rows.c["values"])
    .where(
        register_rows.c.id.in_(_HITS),
        register_rows.c.generation
        == select(registers.c.generation).where(registers.c.name == bindparam("register")).scalar_subquery(),
    )
    .order_by(register_rows.c.id)
)
_IMPORTED = select(registers.c.name).where(registers.c.name == bindparam("register"))


def find(
    connection: Connection, vault: Vault, register: str, lookup: Mapping[str, str]
) -> list[dict[str, str]]:
    """The live rows in which every column of `lookup` has the given normalised value.

    Only columns the register declares under `search` are found by. An empty value, or no column at all,
    matches nothing. Whether a row was found or not, the same query runs and about as much is deciphered.
    """
    macs = [
        mac for column, value in lookup.items() for mac in vault.indexes(value, lookup_name(register, column))
    ]
    asked = {"register": register, "macs": macs, "columns": len(lookup)}
    rows = connection.execute(_FIND, asked).all()
    if not rows:
        _open_nobody(vault)
    if not lookup or "" in lookup.values():
        return []
    return [open_values(vault, row.id, row.values) for row in rows]


def is_imported(connection: Connection, register: str) -> bool:
    """Whether there ever was an import of this register."""
    return connection.execute(_IMPORTED, {"register": register}).first() is not None


def lookup_name(register: str, column: str) -> str:
    """What the blind index of a column's value is an index of."""
    return f"register:{register}:{column}"


def key_text(values: Sequence[str]) -> str:
    """The key columns' values as one text that no other values give."""
    return json.dumps(values, ensure_ascii=False, separators=(",", ":"))


def seal_values(vault: Vault, row: str, values: Mapping[str, str]) -> dict[str, str]:
    """Column to base64 ciphertext, each bound to its row and column. Empty values are sealed alike."""
    return {
        column: base64.b64encode(vault.encrypt(value, _place(row, column))).decode()
        for column, value in values.items()
    }


def open_values(vault: Vault, row: str, sealed: Mapping[str, str]) -> dict[str, str]:
    """What `seal_values` sealed for this row; raises Undecipherable if it is another row's."""
    return {
        column: vault.decrypt(base64.b64decode(value), _place(row, column))
        for column, value in sealed.items()
    }


def _open_nobody(vault: Vault) -> None:
    # Sealing costs what opening costs, so half the columns each way make up one row.
    half = [str(number) for number in range(_COLUMNS_OF_NOBODY // 2)]
    open_values(vault, "nobody", seal_values(vault, "nobody", dict.fromkeys(half, "0000000000")))


def _place(row: str, column: str) -> str:
    return f"register_rows:{row}:{column}"
