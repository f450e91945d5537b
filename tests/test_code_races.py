"""One-time codes asked by many hands at once, on both databases."""

import json
from collections import Counter
from collections.abc import Callable

import pytest
from flask import Flask
from sqlalchemy import text

from app.delivery.post import Post
from app.runner.house import House
from tests.conftest import Clock
from tests.knock import ALPHABET, code_of, delivered, give, knock, open_knock
from tests.test_races import together
from tests.walk import Walk

HANDS = 50


@pytest.fixture(autouse=True)
def knocking(house: House) -> House:
    return open_knock(house)


def copies(app: Flask, walk: Walk, count: int) -> list[Walk]:
    """The same browser many times over, each looking at the page that it has in view."""
    with walk.client.session_transaction() as session:
        kept = dict(session)
    found = []
    for _ in range(count):
        other = Walk(app)
        with other.client.session_transaction() as session:
            session.update(kept)
        other.page, other.at = walk.page, walk.at
        found.append(other)
    return found


def guesses(*codes: str) -> list[str]:
    """As many wrong codes as there are hands, no two alike."""
    ends = {code[-5:] for code in codes}
    all_ = (f"2{first}2{second}2" for first in ALPHABET for second in ALPHABET)
    return [guess for guess in all_ if guess not in ends][:HANDS]


def verdicts(house: House, guard: str = "phone_code_right") -> Counter[str]:
    """What was judged of codes in all steps that count, by reason."""
    with house.database.read() as connection:
        records = map(json.loads, connection.execute(text("select record from journal")).scalars())
        told = [each for record in records for each in record["guards"] if each["g"] == guard]
    return Counter(each["reason"] or each["answer"] for each in told)


def numbers(house: House, statement: str) -> list[int]:
    with house.database.read() as connection:
        return list(connection.execute(text(statement)).scalars())


@pytest.mark.parametrize("looks_again", [False, True])
def test_fifty_guesses_at_once_get_five_verdicts_at_most(
    app: Flask, walk: Walk, post: Post, house: House, looks_again: bool
) -> None:
    """S19: with the token of one page all but one are too late; those cost a try as well, unseen."""
    code = code_of(knock(walk), post)

    def guess(hand: Walk, typed: str) -> None:
        if looks_again:
            hand.get("/knock/prove")
        hand.post("/knock/prove", follow=False, code=typed)

    hands = zip(copies(app, walk, HANDS), guesses(code), strict=True)
    together([lambda h=hand, g=typed: guess(h, g) for hand, typed in hands])  # type: ignore[misc]
    judged = verdicts(house)
    assert 1 <= judged.total() <= 5
    assert judged.total() == 1 or looks_again
    assert numbers(house, "select tries from codes") == [5]
    assert numbers(house, "select count(*) from code_failures") == [5]
    give(walk.get("/knock/prove"), code)
    assert walk.at == "/knock/locked"
    late = copies(app, walk, 1)[0]
    late.page = late._ask("POST", "/knock/prove", data={**walk.hidden(), "code": code})
    assert late.get("/knock/pin").at == "/knock/locked"
    assert numbers(house, "select count(*) from codes where used_at is not null") == [0]


def test_twenty_hands_with_the_right_code_use_it_once(
    app: Flask, walk: Walk, post: Post, house: House
) -> None:
    """S22: the same post again has the first one's result; the six-sign spelling of it is too late."""
    code = code_of(knock(walk), post)
    hands = copies(app, walk, 20)

    def give_it(number: int, hand: Walk) -> str:
        hand.post("/knock/prove", follow=False, code=code if number % 2 else code[1:])
        assert hand.page is not None
        return f"{hand.status} {hand.page.location}"

    answers = Counter(together([lambda n=n, h=hand: give_it(n, h) for n, hand in enumerate(hands)]))  # type: ignore[misc]
    assert set(answers) <= {"303 /knock/pin", "303 /knock/"}
    assert answers["303 /knock/pin"] >= 10
    assert verdicts(house) == {"yes": 1}
    assert numbers(house, "select count(*) from codes where used_at is not null") == [1]
    assert len(delivered(walk, post, "gmail.com")) == 1


def test_guesses_from_many_runs_at_one_number_count_together(
    browser: Callable[..., Walk], post: Post, house: House, clock: Clock
) -> None:
    """S20: four runs of one number, guessed at in parallel, get ten verdicts in all."""
    walks = [browser() for _ in range(4)]
    for walk in walks:
        knock(walk)
    sent = delivered(walks[0], post)

    def guess_on(walk: Walk, typed: list[str]) -> None:
        for each in typed:
            if give(walk, each).at != "/knock/prove":
                return

    shares = [guesses(*sent)[number * 4 : number * 4 + 4] for number in range(4)]
    together([lambda w=w, s=share: guess_on(w, s) for w, share in zip(walks, shares, strict=True)])  # type: ignore[misc]
    assert numbers(house, "select count(*) from code_failures") == [10]
    judged = verdicts(house)
    assert judged["wrong"] == 9
    last = browser()
    assert give(knock(last), code_of(last, post)).at == "/knock/locked"
    assert numbers(house, "select count(*) from codes where used_at is not null") == [0]


def test_parallel_resends_send_once(app: Flask, walk: Walk, post: Post, clock: Clock) -> None:
    first = delivered(knock(walk), post)
    clock.pass_(seconds=31)
    walk.get("/knock/prove")

    def again(hand: Walk) -> None:
        hand.get("/knock/prove")
        hand.post("/knock/prove", follow=False, trigger="resend")

    together([lambda h=hand: again(h) for hand in copies(app, walk, 10)])  # type: ignore[misc]
    sent = delivered(walk, post)
    assert len(sent) == 2 and sent[0] == first[0]
    assert give(walk.get("/knock/prove"), sent[1]).at == "/knock/pin"
