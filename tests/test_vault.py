"""Personal values at rest."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.store.crypto import Undecipherable, Vault

OLD, NEW = b"an old secret of thirty-two signs or more", b"a new secret of thirty-two signs or more"


@given(st.text(max_size=200))
def test_what_was_encrypted_comes_back_in_its_own_place_only(plain: str) -> None:
    vault = Vault((NEW,))
    sealed = vault.encrypt(plain, "table:1:column")
    assert vault.decrypt(sealed, "table:1:column") == plain
    with pytest.raises(Undecipherable):
        vault.decrypt(sealed, "table:2:column")


def test_a_rotated_secret_still_reads_and_finds_what_the_old_one_wrote() -> None:
    before, after = Vault((OLD,)), Vault((NEW, OLD))
    assert after.decrypt(before.encrypt("x", "p"), "p") == "x"
    assert before.index("9912310123", "id") in after.indexes("9912310123", "id")
    assert after.index("9912310123", "id") != before.index("9912310123", "id")


def test_without_its_secret_a_value_cannot_be_read() -> None:
    with pytest.raises(Undecipherable):
        Vault((NEW,)).decrypt(Vault((OLD,)).encrypt("x", "p"), "p")


def test_a_changed_byte_is_noticed() -> None:
    vault = Vault((NEW,))
    sealed = bytearray(vault.encrypt("x", "p"))
    sealed[-1] ^= 1
    with pytest.raises(Undecipherable):
        vault.decrypt(bytes(sealed), "p")


def test_the_same_value_looks_different_every_time_and_has_one_index_a_purpose() -> None:
    vault = Vault((NEW,))
    assert vault.encrypt("x", "p") != vault.encrypt("x", "p")
    assert vault.index("x", "a") == vault.index("x", "a") != vault.index("x", "b")


def test_a_run_key_belongs_to_its_run() -> None:
    vault = Vault((NEW,))
    key, wrapped = vault.new_run_key("r-1")
    assert vault.run_key(wrapped, "r-1") == key
    with pytest.raises(Undecipherable):
        vault.run_key(wrapped, "r-2")
