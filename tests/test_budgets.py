"""Budgets of refusals: counted per answer, browser and network, kept without the answers."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import event, text

from app.flow.spec import BudgetSpec
from app.store import budgets
from app.store.crypto import Vault

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
OLD, NEW = b"the older secret, long enough to be one", b"the newer secret, long enough to be one"
VAULT = Vault((OLD,))
SPEC = BudgetSpec.model_validate({"within": "1 h", "per": {"email": 2, "browser": 3, "network": 5}})
NEAR = SPEC.model_copy(update={"same_network": True})
ANSWERS = {"email": "maria.sineva.demo@gmail.com"}


def charges(answers=ANSWERS, browser="b1", network="n1", spec=SPEC, budget="card_match"):
    return budgets.charges_for(budget, spec, answers, browser, network)


def refuse(database, times, now=NOW, vault=VAULT, **who):
    with database.write() as connection:
        for _ in range(times):
            budgets.charge(connection, vault, charges(**who), now)


def spent(database, now=NOW, vault=VAULT, spec=SPEC, budget="card_match", **who):
    subjects = {c.subject: c.value for c in charges(spec=spec, budget=budget, **who)}
    with database.read() as connection:
        had = budgets.recent(connection, vault, budget, spec, subjects, now)
        return any(number >= spec.per[subject] for subject, number in had.items())


@pytest.mark.parametrize(
    ("number", "who"),
    [
        (2, {"browser": "other", "network": "other"}),
        (3, {"answers": {"email": "other"}, "network": "other"}),
        (5, {"answers": {"email": "other"}, "browser": "other"}),
    ],
)
def test_each_subject_has_its_own_number(database, number, who):
    refuse(database, number - 1)
    assert not spent(database, **who)
    refuse(database, 1)
    assert spent(database, **who)


def test_somebody_with_nothing_in_common_is_not_touched(database):
    refuse(database, 50)
    assert not spent(database, answers={"email": "other"}, browser="other", network="other")
    assert not spent(database, budget="another")


def test_a_refusal_counts_for_the_span_and_no_longer(database):
    refuse(database, 2)
    assert spent(database, NOW + timedelta(minutes=59, seconds=59))
    assert not spent(database, NOW + timedelta(hours=1))


def test_the_same_value_of_two_subjects_or_budgets_is_not_mixed_up(database):
    refuse(database, 2, answers={"email": "x"}, browser="y", network="z")
    assert not spent(database, answers={"email": "y"}, browser="x", network="x")
    refuse(database, 9, budget="other")
    assert not spent(database)


def test_what_was_not_answered_is_neither_counted_nor_spent(database):
    assert [c.subject for c in charges(answers={"email": ""}, browser="")] == ["network"]
    refuse(database, 4, answers={}, browser="")
    assert not spent(database, answers={"email": ""}, browser="")


def test_counters_survive_a_rotation_of_secrets(database):
    refuse(database, 1)
    rotated = Vault((NEW, OLD))
    refuse(database, 1, vault=rotated)
    assert spent(database, vault=rotated, browser="other", network="other")


def test_with_same_network_no_stranger_locks_the_owner_out(database):
    refuse(database, 2, spec=NEAR, network="stranger", browser="stranger")
    assert spent(database, spec=NEAR, network="stranger", browser="other")
    assert not spent(database, spec=NEAR, network="owner", browser="owner")


def test_an_answer_guessed_at_from_many_networks_is_seen(database):
    for number in range(4):
        refuse(database, 1, spec=NEAR, network=f"n{number}", browser=f"b{number}")
    since = NOW - timedelta(minutes=1)
    with database.read() as connection:
        assert budgets.besieged(connection, "card_match", since, 4) == 1
        assert budgets.besieged(connection, "card_match", since, 5) == 0
        assert budgets.besieged(connection, "card_match", NOW, 1) == 0
        assert budgets.counted(connection, since) == {"card_match": 12}


def test_nothing_counted_is_nothing_written(database):
    with database.write() as connection:
        budgets.charge(connection, VAULT, (), NOW)
        assert budgets.counted(connection, NOW - timedelta(days=1)) == {}


def test_old_refusals_are_forgotten(database):
    refuse(database, 2, NOW - timedelta(days=3))
    refuse(database, 1, NOW)
    with database.write() as connection:
        assert budgets.purge(connection, NOW - timedelta(days=2)) == 6
        assert connection.execute(text("select count(*) from refusals")).scalar_one() == 3


def test_no_answer_can_be_read_in_the_counters_or_a_charge(database):
    refuse(database, 1, spec=NEAR)
    with database.read() as connection:
        rows = connection.execute(text("select * from refusals")).all()
    assert "maria" not in repr(rows) + repr(charges())


def test_the_question_costs_the_same_whatever_is_spent(database):
    asked = []

    def queried(_connection, _cursor, statement, *_):
        if statement.startswith("SELECT"):
            asked.append(statement)

    event.listen(database.engine, "before_cursor_execute", queried)
    spent(database)
    untouched = len(asked)
    refuse(database, 40)
    asked.clear()
    spent(database)
    assert len(asked) == untouched == 3
