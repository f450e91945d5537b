"""Passwords: as typed, every broken rule told, none that everybody would try, readable to nobody."""

import dataclasses
import json
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import text
from zxcvbn.frequency_lists import FREQUENCY_LISTS

from app.flow.normal.password import PROFILES, Known, Profile, faults, is_common, possible_faults
from app.runner.house import House
from app.runner.publish import check_folder
from app.store.crypto import Vault
from app.store.passwords import Passwords
from app.wiring import catalogue
from tests.flows import TODAY
from tests.lodge import CHEAP
from tests.members import EMAIL, FLOWS, PASSWORD, activated, at_password, joined, logins_of, open_club, typed
from tests.walk import Walk

SEED, STRONG = PROFILES["seed"], PROFILES["strong"]
ANNA = Known(
    addresses=("Anna.Verbenova+club@gmail.com",),
    brands=("Club Verbena", "Verbéna Klub"),
    facts=("Kovács Eszter", "HU-20471183", "+36201234567", "8503121234"),
)
#: Cheaper than those that are kept: what is tested here does not depend on the cost.
QUICK = Passwords(kibibytes=64, passes=1)
OLD, NEW = b"the secret of last year", b"the secret of this year"


@pytest.fixture
def dialect() -> str:
    return "sqlite"


@pytest.fixture
def house(house: House) -> House:
    """The demo's house as it is outside tests: what passwords cost is what is tested here."""
    return dataclasses.replace(house, passwords=Passwords())


@pytest.mark.parametrize(
    ("password", "told"),
    [
        ("Zw7kqL", ""),
        ("Zw7kq", "too_short"),
        ("", "too_short no_lower no_upper no_digit"),
        ("zw7kql", "no_upper"),
        ("ZW7KQL", "no_lower"),
        ("ZwxkqL", "no_digit"),
        ("zwxkql", "no_upper no_digit"),
        ("7384921605", "no_lower no_upper"),
        ("Парола1", "accents"),
        ("Jelszó1", "accents"),
        ("Jelszo\u0301x1", "accents"),
        ("A b1cdef", "specials"),
        (" Zw7kqL", "specials"),
        ("Zw7kqL ", "specials"),
        ("Zw7\tkqL", "specials"),
        ("Zw7kqL!", "specials"),
        ("Zw7kqL_", "specials"),
        ("Zw7kqL💧", "specials"),
        ("Zw٣kqL", "no_digit specials"),
        ("Zw7kqLé!", "accents specials"),
        ("Zw7kqL" * 12 + "x", ""),
        ("AnnaVerbenova1", "about_you"),
        ("Annaverbenova", "no_digit like_address"),
        ("ANNAVERBENOVACLUB", "no_lower no_digit like_address"),
        ("annaverbenovagmailcom", "no_upper no_digit like_address"),
        ("Anna.Verbenova@Gmail.com", "no_digit specials like_address"),
        ("anna.verbenova+other@gmail.com", "no_upper no_digit specials like_address"),
        ("ClubVerbena1", "about_you"),
        ("1verbenaKlub", "about_you"),
        ("XKovacs7q", "about_you"),
        ("eszTER99q", "about_you"),
        ("Qx20471183", "about_you"),
        ("Qx471183y", "about_you"),
        ("Qx47118y3", ""),
        ("Qx1234567y", "about_you"),
        ("Qx850312y", "about_you"),
        ("Password1", "common"),
        ("PASSWORD1x", ""),
        ("Dragon99", "common"),
        ("Abc123", "common"),
        ("Qwerty123!", "specials common"),
    ],
)
def test_every_rule_that_is_broken_is_told_and_no_other(password: str, told: str) -> None:
    """The insurer's own rule to the letter, and what it lacks (C3, S40, S41, U21)."""
    assert faults(password, SEED, ANNA) == told.split()


@pytest.mark.parametrize(
    ("password", "told"),
    [
        ("ви́но и хляб за обяд", ""),
        ("correct battery!", ""),
        ("💧" * 15, ""),
        ("a" * 256, ""),
        ("fourteen sign!", "too_short"),
        ("the club verbena of old", "about_you"),
        ("passwordpassword", ""),
        ("Password9999999", "common"),
        ("1234567890123456", "common about_you"),
    ],
)
def test_a_strong_password_is_long_and_of_any_signs(password: str, told: str) -> None:
    assert faults(password, STRONG, ANNA) == told.split()


@given(st.text(max_size=40), st.sampled_from([SEED, STRONG, Profile(min=8, need=("lower", "upper"))]))
def test_whatever_is_typed_is_judged_by_the_rules_of_its_profile_alone(password: str, rules: Profile) -> None:
    told = faults(password, rules, ANNA)
    assert told == [code for code in possible_faults(rules) if code in told]
    assert ("too_short" in told) == (len(password) < rules.min)
    plain = all(sign.isascii() and sign.isalnum() for sign in password)
    assert bool({"accents", "specials"} & set(told)) == (not plain and rules.only is not None)


@given(st.text(max_size=60), st.text(max_size=60), st.text(max_size=60))
def test_whatever_is_known_of_the_owner_can_be_compared(password: str, address: str, fact: str) -> None:
    faults(password, SEED, Known((address,), (fact,), (fact,)))


def test_the_three_thousand_used_most_are_refused_dressed_up_as_the_policy_wants_them() -> None:
    """As far as the policy lets anybody write them at all (S41)."""
    top = list(FREQUENCY_LISTS["passwords"])[:3000]
    dressed = [word for bare in top for word in (bare.capitalize(), bare.upper(), f"{bare.capitalize()}1")]
    kept = [word for word in dressed if set(faults(word, SEED, Known())) <= {"common"}]
    assert len(kept) > 1000
    assert [word for word in kept if not is_common(word)] == []


def test_the_shortest_names_and_an_empty_address_forbid_nothing() -> None:
    known = Known(("", "al@x.bg"), ("", "Ok"), ("", "Li Bo", "12"))
    assert faults("Alokli12bo", SEED, known) == []


def test_a_password_is_kept_as_argon2id_of_the_asked_cost() -> None:
    vault = Vault((NEW,))
    encoded = Passwords().hash(vault, PASSWORD)
    assert encoded.startswith("$argon2id$v=19$m=19456,t=2,p=1$")
    assert Passwords().verify(vault, encoded, PASSWORD)
    assert Passwords().hash(vault, PASSWORD) != encoded


def test_the_pepper_is_not_in_the_database() -> None:
    """Whoever has the database alone can try no password on it (S42)."""
    encoded = QUICK.hash(Vault((OLD,)), PASSWORD)
    assert not QUICK.verify(Vault((NEW,)), encoded, PASSWORD)


def test_a_secret_is_rotated_by_rehashing_at_the_next_login() -> None:
    encoded = QUICK.hash(Vault((OLD,)), PASSWORD)
    both = Vault((NEW, OLD))
    assert QUICK.verify(both, encoded, PASSWORD) and not QUICK.verify(both, encoded, PASSWORD + " ")
    assert QUICK.is_outdated(both, encoded, PASSWORD)
    renewed = QUICK.hash(both, PASSWORD)
    assert not QUICK.is_outdated(both, renewed, PASSWORD)
    assert QUICK.verify(Vault((NEW,)), renewed, PASSWORD)


def test_a_higher_cost_makes_older_hashes_outdated() -> None:
    vault = Vault((NEW,))
    encoded = QUICK.hash(vault, PASSWORD)
    dearer = Passwords(kibibytes=128, passes=1)
    assert dearer.is_outdated(vault, encoded, PASSWORD) and not QUICK.is_outdated(vault, encoded, PASSWORD)
    assert dearer.verify(vault, encoded, PASSWORD)


@pytest.mark.parametrize(
    ("password", "near"),
    [
        ("x" * 72, "x" * 71 + "y"),
        ("x" * 73, "x" * 72),
        ("x" * 256, "x" * 255),
        ("ж" * 36 + "a", "ж" * 36 + "b"),
    ],
)
def test_no_password_is_cut(password: str, near: str) -> None:
    vault = Vault((NEW,))
    encoded = QUICK.hash(vault, password)
    assert QUICK.verify(vault, encoded, password) and not QUICK.verify(vault, encoded, near)


@given(st.text(min_size=1, max_size=30).filter(lambda each: each.casefold().strip() != each))
def test_no_password_is_trimmed_or_folded(password: str) -> None:
    vault = Vault((NEW,))
    assert not QUICK.verify(vault, QUICK.hash(vault, password), password.casefold().strip())


def test_the_page_tells_every_broken_rule_in_words_and_never_the_password(
    browser: Callable[..., Walk], house: House
) -> None:
    open_club(house)
    walk = at_password(browser(lang="en")).post(password="Jelszó 1x", password_again="Jelszó 1y")
    assert walk.at == "/joining/choose"
    for sentence in (
        "Only letters without accents.",
        "No spaces and no special signs.",
        "The two are not alike.",
    ):
        assert sentence in walk.text
    assert "A digit is missing." not in walk.text and "Jelsz" not in walk.text
    assert logins_of(house) == []


def test_the_rules_are_the_same_where_a_password_is_made_and_where_it_is_renewed(
    browser: Callable[..., Walk], house: House
) -> None:
    """The user name is known there too, though nobody typed it."""
    open_club(house)
    joined(browser(lang="en"))
    walk = browser(lang="en", address="198.51.100.9")
    walk.get("/joining/who").post(number="M-4711-9920", holder="x").post(trigger="renew")
    walk.post(**typed("AnnaVerbenova"))
    assert walk.at == "/joining/anew"
    assert "Not your address." in walk.text and "A digit is missing." in walk.text


@pytest.mark.parametrize("password", ["x" * 100 + "Yz", "  Белият заек бяга  ", "Aé" + "💧" * 8])
def test_what_was_typed_is_what_opens(walk: Walk, house: House, password: str) -> None:
    open_club(house)
    activated(walk, "203955619", EMAIL, password)
    (account,) = logins_of(house, "works")
    assert house.passwords.verify(house.vault, account.password, password)
    assert not house.passwords.verify(house.vault, account.password, password.strip() + "?")
    assert account.password.startswith("$argon2id$v=19$m=19456,t=2,p=1$")


def test_a_flow_must_word_every_reason_its_profile_can_give(tmp_path: Path) -> None:
    def lacking(profile: str, *reasons: str) -> set[str]:
        for file in (FLOWS / "joining").iterdir():
            words = file.read_text(encoding="utf-8").replace("profile: seed", f"profile: {profile}")
            lines = [line for line in words.splitlines() if line.strip().partition(":")[0] not in reasons]
            (tmp_path / file.name).write_text("\n".join(lines), encoding="utf-8")
        return {str(found) for found in check_folder(tmp_path, catalogue(), TODAY) if found.code == "F053"}

    told = lacking("seed", "accents", "common", "not_alike")
    assert {each.partition("fail as '")[2].partition("'")[0] for each in told} == {
        "accents",
        "common",
        "not_alike",
    }
    assert lacking("strong", "accents", "specials", "no_digit", "no_upper", "no_lower") == set()


def test_lint_names_the_risk_of_a_weak_profile_and_lets_it_pass() -> None:
    every = check_folder(FLOWS / "joining", catalogue(), TODAY)
    (found,) = [each for each in every if each.code == "N004"]
    assert (found.code, found.severity) == ("N004", "warning")
    assert "'good' takes passwords of 6 characters of letters and digits only" in found.text
    assert check_folder(FLOWS / "activating", catalogue(), TODAY) == []
    assert not STRONG.is_risky and Profile(min=7).is_risky


def test_a_crowd_of_passwords_is_hashed_a_few_at_a_time(house: House) -> None:
    """Nineteen megabytes each: a hundred at once would be two gigabytes (S42)."""
    busy = dataclasses.replace(house, passwords=Passwords(at_once=1))
    turns = busy.passwords._turns
    assert turns.acquire(blocking=False) and not turns.acquire(blocking=False)
    turns.release()


def test_what_is_kept_of_a_post_is_no_short_cut_to_its_password(
    browser: Callable[..., Walk], house: House
) -> None:
    """Whoever has the database and the operator's secret still pays for each guess (S42)."""
    open_club(house)
    joined(browser(lang="en"))
    with house.database.read() as connection:
        rows = connection.execute(text("select run, posted from journal where posted is not null")).all()
    posted = sorted((name, [word]) for name, word in typed(PASSWORD).items())
    guesses = {house.vault.index(json.dumps([row.run, "choose", None, posted]), "posted") for row in rows}
    assert guesses.isdisjoint(row.posted for row in rows)


def test_what_is_stretched_is_the_same_each_time_and_for_each_run_another() -> None:
    assert CHEAP.stretched(PASSWORD, "r-1") == CHEAP.stretched(PASSWORD, "r-1")
    assert len({CHEAP.stretched(word, run) for word in (PASSWORD, "x") for run in ("r-1", "r-2")}) == 4
