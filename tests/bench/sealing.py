"""What keeping a register row encrypted and searchable costs."""

import os

from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from app.store.register_staging import NewRow
from app.store.registers import lookup_name, open_values, seal_values
from tests.bench.measure import Case, Group, compare
from tests.bench.people import REGISTER, ecard, person
from tests.bench.stage import VAULT

_ROW = "01jd0000000000000000000000"


def sealing() -> Group:
    """A row of the register `insured` beside the bare cipher."""
    spec, values = ecard().spec.registers[REGISTER], person(7)
    plain = [value.encode() for value in values.values()]
    cipher = AESGCM(AESGCM.generate_key(256))
    sealed = seal_values(VAULT, _ROW, values)

    def bare() -> list[bytes]:
        return [cipher.encrypt(os.urandom(12), value, None) for value in plain]

    def stored() -> object:
        row = NewRow.of(VAULT, REGISTER, spec.key, values)
        indexes = [VAULT.index(values[column], lookup_name(REGISTER, column)) for column in spec.search]
        return row, indexes, seal_values(VAULT, _ROW, values)

    return Group(
        f"Keeping a register row of {len(values)} values",
        compare(
            Case("AES-256-GCM alone, the limit", bare),
            Case("sealed, each value bound to its place", lambda: seal_values(VAULT, _ROW, values)),
            Case("sealed, with blind indexes of key and search", stored),
            Case("opened", lambda: open_values(VAULT, _ROW, sealed)),
            seconds=0.5,
        ),
    )
