"""The funnel counts alike on SQLite and on PostgreSQL."""

from app.runner.funnel import funnel, taken_in
from app.runner.house import House
from app.runner.what_if.answer import what_if
from tests.walk import PERSON, Walk


def test_runs_of_a_window_are_counted_on_either_database(walk: Walk, house: House) -> None:
    walk.get("/ecard/").post(**{**PERSON, "national_id": "1"}).post(trigger="back")
    flow, now = house.shelf.live("ecard"), house.clock()
    assert taken_in(house, flow, since=now) == {"form.malformed": 1, "invalid.back": 1}
    assert taken_in(house, flow, until=now) == {}
    assert [str(funnel(house, "ecard", [1], lang=lang).versions[0].runs) for lang in ("bg", "en")] == [
        "<5",
        "0",
    ]
    assert str(what_if(house, "ecard", "links.card_link.opens", "5", since=now).every.whole) == "<5"
