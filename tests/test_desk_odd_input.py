"""What nobody types by hand, sent to the desk on both databases: a page says no, and nothing breaks."""

import pytest
from flask import Flask

from app.runner.house import House
from tests.desk import LOGIN, cheap, log_in, staffed
from tests.walk import Walk

MANY = "9" * 5000


@pytest.fixture
def vera(app: Flask, house: House) -> Walk:
    app.extensions["narthex"] = cheap(house)
    return log_in(Walk(app), staffed(cheap(house)))


def test_signs_and_numbers_no_database_keeps_are_refused_in_the_desks_words(vera: Walk, app: Flask) -> None:
    for query in ("runs?run=%00", "runs?spoken=%00", "runs?before=1.%00", "runs/x?lang=%00"):
        assert vera.get(f"/desk/{query}").status == 404, query
    for number in ("99999999999", MANY, "-1", "1.0", "x"):
        assert vera.get(f"/desk/coverage/ecard?version={number}").status == 404
    made, forked = "/desk/sandbox/", "/desk/sandbox/fork"
    for path, fields, status in (
        *((made, {"definition": f"ecard:{number}"}, 404) for number in ("2147483648", MANY, "-1")),
        (made, {"definition": "ecard\0:1"}, 400),
        (forked, {"run": "x", "step": MANY}, 404),
        (forked, {"run": "\0", "step": "1"}, 400),
    ):
        vera.get("/desk/sandbox/")
        token = vera.header_token()
        assert vera.post(path, csrf_token=token, follow=False, **fields).status == status, fields
    stranger = Walk(app).get(LOGIN)
    assert stranger.post(name="vera\0", password="\0", follow=False).status == 303
    assert stranger.get("/desk/").at == LOGIN
