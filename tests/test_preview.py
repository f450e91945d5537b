"""Pages in invented situations: each can be drawn, in every language, and nothing is written."""

import re
from collections.abc import Callable, Iterator
from dataclasses import replace

import pytest
from flask import Flask

from app.flow.definition import Flow
from app.runner.house import House
from app.runner.previewing import Situation, situations
from app.web.desk.preview_drawing import Picture, picture
from tests.desk import cheap, log_in, staffed
from tests.test_diagram import FLOWS, shipped


@pytest.fixture
def dialect() -> str:
    return "sqlite"


@pytest.fixture
def request_of_the_desk(app: Flask) -> Iterator[None]:
    with app.test_request_context("/desk/"):
        yield


def every(flow: Flow, house: House) -> Iterator[tuple[Situation, str, Picture]]:
    for state in flow.spec.states:
        for situation in situations(flow, state, house.catalogue):
            for lang in flow.spec.languages:
                yield situation, lang, picture(flow, situation, lang, "/theme.css")


@pytest.mark.parametrize("name", FLOWS)
@pytest.mark.usefixtures("request_of_the_desk")
def test_every_situation_of_every_page_is_drawn_in_every_language(name: str, house: House) -> None:
    flow = shipped(name)
    for situation, lang, drawn in every(flow, house):
        where = (name, situation.key, lang)
        assert drawn.why == "", where
        assert drawn.lacking == (), where
        if drawn.html is None:
            assert flow.state(situation.state).kind == "portal", where
            continue
        assert f'lang="{lang}"' in drawn.html, where
        assert "<script" not in drawn.html
        assert (
            flow.texts[lang][f"states.{situation.state}.title"] in drawn.html or "link_" in situation.key
        ), where
        for wrong in situation.wrong:
            text = flow.texts[lang][f"fields.{wrong.field}.errors.{wrong.code}"]
            assert re.sub(r"\{.*", "", text) in drawn.html, where


@pytest.fixture
def desk(house: House, app: Flask, browser: Callable[..., Walk]) -> Walk:
    staffed(house, "vera", "analyst")
    return log_in(browser(lang="en"))


def test_the_sheet_shows(desk: Walk) -> None:
    desk.get("/desk/flows/registration/preview?state=verify_phone")
    assert desk.answer.status_code == 200
