"""A link that dies between the look at it and the press of its button grants nothing and moves nothing."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from app.delivery.post import Post
from app.runner import links
from app.runner.house import House
from app.runner.outcome import Browser
from app.store import runs
from tests.conftest import Clock
from tests.walk import PERSON, Walk, link_in


@pytest.fixture
def dialect() -> str:
    return "sqlite"


def test_a_press_that_comes_too_late_by_an_instant_is_told_like_any_dead_link(
    house: House, walk: Walk, post: Post, clock: Clock
) -> None:
    walk.get("/ecard/").post(**PERSON)
    post.deliver()
    token = link_in(walk.messages()[-1]).rpartition("/")[2]
    secret = links.link_secret(house, token)
    assert secret is not None
    opened = links.look(house, secret)
    assert opened is not None
    moments: Iterator[datetime] = iter([clock.now])
    # The first look is in time, everything after it is not.
    late = replace(house, clock=lambda: next(moments, clock.now + timedelta(hours=25)))
    browser = Browser(id="b", lang="bg", network="192.0.2.10")
    pressed = links.press(late, secret, browser, "add", opened.token, "apple")
    assert isinstance(pressed, links.Pressed)
    assert (pressed.granted, pressed.opened.fate) == (False, "expired")
    with house.database.read() as connection:
        run = runs.by_id(connection, opened.run.id)
    assert run is not None
    assert (run.state, run.seq) == ("requested", opened.run.seq)
