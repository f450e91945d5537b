"""The journal: every step with its reasons, chained, and never a value."""

import json

from sqlalchemy import text

from app.delivery.post import Post
from app.flow.record import GENESIS, canonical, chain
from app.runner.house import House
from tests.conftest import Clock
from tests.walk import PERSON, Walk, link_in


def records(house: House) -> list[dict[str, object]]:
    with house.database.read() as connection:
        rows = connection.execute(text("select record from journal order by run, seq")).scalars().all()
    return [json.loads(row) for row in rows]


def test_a_walk_is_one_contiguous_chain_from_zero(walk: Walk, post: Post, house: House, clock: Clock) -> None:
    walk.get("/ecard/").post(**{**PERSON, "national_id": "1"}).post(trigger="back").post(**PERSON)
    post.deliver()
    clock.pass_(seconds=31)
    walk.post(trigger="resend")
    post.deliver()
    walk.get(link_in(walk.messages()[-1])).post(follow=False, trigger="add", wallet="apple")
    walk.get("/ecard/").post(trigger="restart")
    chained = records(house)
    assert [record["seq"] for record in chained] == list(range(len(chained)))
    previous = GENESIS
    for record in chained:
        assert record["prev"] == previous
        assert record["hash"] == chain(record, previous)
        previous = str(record["hash"])
    assert [record["event"] for record in chained] == [
        *("start", "submit", "back", "submit", "resend", "open_link", "add", "restart")
    ]
    assert [record["to"] for record in chained] == [
        *("form", "invalid", "form", "requested", "requested", "add_to_wallet", "added", "added")
    ]
    with house.database.read() as connection:
        assert connection.execute(text("select head from runs")).scalar_one() == previous


def test_a_step_tells_every_guard_asked_in_order_with_its_reason(walk: Walk, house: House) -> None:
    walk.get("/ecard/").post(**{**PERSON, "email": "wrong@sineva-demo.bg"})
    record = records(house)[-1]
    told = [(entry["g"], entry["answer"], entry["reason"]) for entry in record["guards"]]  # type: ignore[union-attr,index]
    assert told == [
        ("form_valid", "yes", None),
        ("address_takes_mail", "unavailable", "dns_unknown"),
        ("card_found", "no", "contact_differs"),
    ]
    assert record["chosen"] == "form.not_found"
    assert record["outcome"] == "moved"
    assert set(record["charges"]["card_match"]) == {  # type: ignore[index]
        *("national_id", "mobile", "email", "browser", "network")
    }


def test_a_record_holds_classes_and_lengths_and_no_value(walk: Walk, house: House) -> None:
    walk.get("/ecard/").post(**PERSON)
    record = records(house)[-1]
    written = canonical(record)
    for value in (*PERSON.values(), "+359888123456"):
        if value not in {"ios", "android"}:
            assert value not in written
    inputs = {entry["f"]: entry for entry in record["input"]}  # type: ignore[union-attr,index]
    assert inputs["national_id"]["class"] == "sensitive"
    assert inputs["national_id"]["len"] == "<=16"
    assert inputs["email"]["present"]
    assert inputs["email"]["len"] == len(PERSON["email"])
    assert "len" not in inputs["device"], "the length of a choice tells which it was"


def test_the_same_answer_looks_different_in_another_run(walk: Walk, house: House) -> None:
    walk.get("/ecard/").post(**{**PERSON, "national_id": "1"})
    walk.get("/ecard/").post(trigger="restart").post(**{**PERSON, "national_id": "1"})
    marks = {
        entry["fp"]
        for record in records(house)
        if record["event"] == "submit"
        for entry in record["input"]  # type: ignore[attr-defined]
        if entry["f"] == "email"
    }
    assert len(marks) == 2
