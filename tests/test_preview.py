"""Pages in invented situations: each can be drawn, in every language, and nothing is written."""

import re
from collections.abc import Callable, Iterator
from dataclasses import replace

import pytest
from flask import Flask
from sqlalchemy import event

from app.flow.definition import Flow
from app.runner.house import House
from app.runner.previewing import Situation, situations
from app.web.desk.preview_drawing import Picture, picture
from tests.desk import cheap, log_in, staffed
from tests.drafted import drafted
from tests.test_diagram import FLOWS, shipped
from tests.walk import Walk

SHEET, PAGE = "/desk/flows/ecard/preview", "/desk/flows/ecard/preview/page"


@pytest.fixture
def dialect() -> str:
    return "sqlite"


@pytest.fixture
def house(house: House) -> House:
    return cheap(house)


@pytest.fixture
def at_the_desk(app: Flask) -> Iterator[None]:
    with app.test_request_context("/desk/"):
        yield


@pytest.fixture
def desk(house: House, browser: Callable[..., Walk]) -> Walk:
    staffed(house, "vera", "analyst")
    return log_in(browser(lang="en"))


def every(flow: Flow, house: House) -> Iterator[tuple[Situation, str, Picture]]:
    for state in flow.spec.states:
        for situation in situations(flow, state, house.catalogue):
            for lang in flow.spec.languages:
                yield situation, lang, picture(flow, situation, lang, "/theme.css")


@pytest.mark.parametrize("name", FLOWS)
@pytest.mark.usefixtures("at_the_desk")
def test_every_situation_of_every_page_is_drawn_in_every_language(name: str, house: House) -> None:
    flow = shipped(name)
    for situation, lang, drawn in every(flow, house):
        where, texts = (name, situation.key, lang), flow.texts[lang]
        assert (drawn.why, drawn.lacking) == ("", ()), where
        if drawn.html is None:
            assert flow.state(situation.state).kind == "portal", where
            continue
        assert f'<html lang="{lang}"' in drawn.html
        assert "<script" not in drawn.html
        said = [texts[f"fields.{each.field}.errors.{each.code}"] for each in situation.wrong]
        said += [texts[f"states.{situation.state}.say.{situation.said}"]] if situation.said else []
        said += [texts[f"states.{situation.state}.tell.{situation.told}"]] if situation.told else []
        assert all(text.partition("{")[0] in drawn.html for text in said), where


def keys(flow: Flow, state: str, house: House) -> set[str]:
    return {each.key for each in situations(flow, state, house.catalogue)}


def test_what_may_happen_on_a_page_is_found_in_the_definition(house: House) -> None:
    flow = shipped("registration")
    code = keys(flow, "verify_phone", house)
    assert {"sent", "may_ask_again", "undelivered", "capped"} <= code
    assert {"error.code.too_short", "say.wrong_code", "tell.sent_again", "end.locked", "end.expired"} <= code
    password = keys(flow, "password", house)
    assert {"error.password.no_digit", "error.password_again.not_alike", "errors.password_fits"} <= password
    identify = keys(flow, "identify", house)
    assert {"plain", "filled", "filled.id_kind.account", "errors", "say.not_on_file"} <= identify
    assert "error.email.required" not in identify
    wallet = keys(shipped("ecard"), "add_to_wallet", house)
    assert {"android", "ios", "other", "without_link", "link_expired", "link_used_up"} <= wallet


def test_an_error_is_shown_on_the_page_that_lists_it_and_not_on_the_one_it_came_from(house: House) -> None:
    flow = shipped("ecard")
    assert "error.national_id.not_ten_digits" in keys(flow, "invalid", house)
    assert not any(key.startswith("error") for key in keys(flow, "form", house))


@pytest.mark.usefixtures("at_the_desk")
def test_a_code_page_begins_with_the_sign_that_is_in_the_message_and_masks_the_number(house: House) -> None:
    flow = shipped("registration")
    first = situations(flow, "verify_phone", house.catalogue)[0]
    drawn = picture(flow, first, "hu", "/theme.css").html or ""
    assert re.search(r'class="code-first"[^>]*>K<', drawn)
    assert re.search(r'class="number">[0-9 ]*•[0-9 •]*<', drawn)


@pytest.mark.usefixtures("at_the_desk")
def test_the_text_missing_in_one_language_stands_as_its_key_and_is_named(house: House) -> None:
    flow = shipped("ecard")
    lacking = {"states.form.title", "fields.email.label"}
    bulgarian = {key: text for key, text in flow.texts["bg"].items() if key not in lacking}
    flow = replace(flow, texts={**flow.texts, "bg": bulgarian})
    first = situations(flow, "form", house.catalogue)[0]
    drawn = picture(flow, first, "bg", "/theme.css")
    assert set(drawn.lacking) == lacking
    assert "⟦states.form.title⟧" in (drawn.html or "")
    assert picture(flow, first, "en", "/theme.css").lacking == ()


def test_the_sheet_shows_each_language_at_each_width_and_says_why_the_page_is_there(desk: Walk) -> None:
    desk.get(f"{SHEET}?state=invalid&show=errors")
    assert desk.status == 200
    titles = re.findall(r'<iframe src="[^"]+" title="([^"]+)"', desk.text)
    assert len(titles) == len(set(titles)) == 2 * 2 * 3
    assert all(f"{width} px" in " ".join(titles) for width in (320, 768, 1280))
    assert "form.malformed" in desk.text
    assert "Ways on, in the order tried" in desk.text


def test_a_page_of_the_sheet_is_the_real_one_and_can_do_nothing(desk: Walk) -> None:
    desk.get(f"{PAGE}?of=live&state=form&show=filled&language=bg")
    assert desk.page is not None
    assert "sandbox allow-same-origin" in desk.page.headers["Content-Security-Policy"]
    shown = re.sub(r"\s+", " ", desk.text)
    assert "Заявете електронния си талон" in shown
    assert not re.search(r"<script|<button(?![^>]*disabled)|<a [^>]*\bhref=|action=", shown)
    assert 'value="reka' in shown or "@example.com" in shown


@pytest.mark.parametrize(
    "query", ["state=nowhere", "language=hu", "width=7", "show=say.nothing", "of=99", "sheet=x"]
)
def test_what_a_definition_does_not_have_is_not_found(desk: Walk, query: str) -> None:
    assert desk.get(f"{SHEET}?{query}").status == 404


def test_what_looks_like_a_template_in_a_draft_stays_the_text_it_is(house: House, desk: Walk) -> None:
    hostile = "{{7*7}}<script>alert(1)</script>"
    drafted(house, "ecard", ("texts.en.yaml", "label: Email address", f'label: "{hostile}"'))
    desk.get(f"{PAGE}?of=draft&state=form&show=plain&language=en")
    assert desk.status == 200
    assert "{{7*7}}&lt;script&gt;alert(1)&lt;/script&gt;" in desk.text
    assert "49<" not in desk.text
    assert "<script" not in desk.text


def test_a_draft_that_does_not_load_tells_what_hinders_it_and_shows_no_older_picture(
    house: House, desk: Walk
) -> None:
    drafted(house, "ecard", ("flow.yaml", "initial: form", "initial: from"))
    for page in (SHEET, f"{SHEET}/messages", f"{SHEET}/look", "/desk/flows/ecard/diagram"):
        desk.get(page)
        assert desk.status == 200
        assert "&#39;from&#39;" in desk.text
        assert "<iframe" not in desk.text
        assert '<svg class="diagram"' not in desk.text


def test_a_draft_with_an_error_is_drawn_as_far_as_it_can_be(house: House, desk: Walk) -> None:
    drafted(
        house,
        "ecard",
        ("flow.yaml", "    options: [android, ios]\n", "    options: [android, ios]\n    when: {email: x}\n"),
        (
            "flow.yaml",
            "fields: [email, mobile, national_id, device]",
            "fields: [mobile, national_id, device]",
        ),
    )
    desk.get(f"{SHEET}?state=form")
    assert desk.status == 200
    assert "This page cannot be drawn:" in desk.text
    assert desk.get(f"{SHEET}?state=requested").text.count("<iframe") > 0


def test_looking_writes_nothing_and_makes_no_run(house: House, desk: Walk) -> None:
    written: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_: object) -> None:
        if not statement.lstrip().upper().startswith(("SELECT", "PRAGMA", "BEGIN")):
            written.append(statement)

    engine = house.database.engine
    event.listen(engine, "before_cursor_execute", note)
    for path in (
        f"{SHEET}?state=all",
        f"{PAGE}?of=live&state=requested&show=sent&language=en",
        f"{SHEET}/messages",
        f"{SHEET}/look",
        f"{SHEET}/theme.css?scheme=dark",
        "/desk/flows/ecard/diagram?state=form",
        "/desk/flows/ecard/diagram/svg",
    ):
        assert desk.get(path).status == 200
    event.remove(engine, "before_cursor_execute", note)
    assert written == []


def test_the_sheet_lists_the_texts_that_its_pages_lack(house: House, desk: Walk) -> None:
    drafted(house, "ecard", ("texts.bg.yaml", "    title: Заявете електронния си талон\n", ""))
    desk.get(f"{SHEET}?state=form")
    assert "Missing texts on these pages: 1" in desk.text
    assert "<code>states.form.title</code></a>: Български" in desk.text
    assert "/texts?of=draft&amp;find=states.form.title" in desk.text
    assert "texts missing: 1" in desk.text


def test_who_is_locked_out_or_late_is_shown_from_the_page_where_it_happens(desk: Walk) -> None:
    sheet = "/desk/flows/registration/preview?state=verify_phone&show="
    assert "Led to locked" in desk.get(f"{sheet}locked").text
    assert "Led to expired" in desk.get(f"{sheet}expired").text
    assert "There is no such situation" in desk.get("/desk/flows/ecard/preview?show=locked").text


def test_messages_are_told_with_their_length_and_what_makes_them_dear(house: House, desk: Walk) -> None:
    drafted(
        house,
        "registration",
        ("texts.en.yaml", "is your registration code", "is your code " + "really " * 12),
    )
    told = re.sub(r"<[^>]+>|\s+", " ", desk.get("/desk/flows/registration/preview/messages").text)
    assert "UCS-2" in told
    assert re.search(r"These signs alone make the message UCS-2.*?ő", told)
    assert "More than two parts" in told
    assert "@localhost #7P4M2" in told


def test_a_colour_that_cannot_be_read_on_its_ground_is_told(house: House, desk: Walk) -> None:
    look = "/desk/flows/ecard/preview/look"
    assert desk.get(look).text.count("every pair holds") == 2
    drafted(house, "ecard", ("theme.yaml", 'light: {brand: "#17508f"', 'light: {brand: "#c0c0c0"'))
    desk.get(look)
    assert desk.text.count("every pair holds") == 0  # the card keeps its colours in the dark
    assert "too weak" in desk.text
    assert 'fill="#c0c0c0"' in desk.text
