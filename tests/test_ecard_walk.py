"""The health card, walked over HTTP by the real way of the data, on SQLite and PostgreSQL."""

import io
import json
import re
import zipfile
from collections.abc import Callable

import jwt
import pytest
from cryptography.hazmat.primitives.serialization import load_pem_private_key
from sqlalchemy import text

from app.config import Settings
from app.delivery.post import Post
from app.runner.house import House
from app.runner.second_look import look_again
from app.runner.sweep import sweep
from app.store import journal, runs
from tests.conftest import Clock
from tests.walk import PERSON, Walk, link_in


def requested(walk: Walk, **changes: str) -> Walk:
    return walk.get("/ecard/").post(**{**PERSON, **changes})


def arrived(walk: Walk, post: Post) -> Walk:
    requested(walk)
    post.deliver()
    return walk.get(link_in(walk.messages()[-1]))


def test_the_guide_followed_word_by_word_leads_to_an_apple_pass(walk: Walk, post: Post) -> None:
    walk.get("/ecard/")
    assert walk.at == "/ecard/form"
    walk.post(**PERSON)
    assert walk.at == "/ecard/requested"
    assert "0888123456" not in walk.text
    post.deliver()
    (message,) = walk.messages()
    assert message["channel"] == "sms"
    assert message["to"] == "+359888123456"
    walk.get(link_in(message))
    assert walk.at == "/w/card"
    walk.post(follow=False, trigger="add", wallet="apple")
    assert walk.page.location == "/w/card.pkpass"
    walk.get("/w/card.pkpass")
    assert walk.page.mimetype == "application/vnd.apple.pkpass"
    with zipfile.ZipFile(io.BytesIO(walk.page.data)) as made:
        carried = json.loads(made.read("pass.json"))
    assert "9912310123" not in json.dumps(carried)
    assert carried["barcode"]["message"]


def test_the_google_button_leads_to_a_link_whose_jwt_verifies(
    walk: Walk, post: Post, settings: Settings
) -> None:
    arrived(walk, post).post(follow=False, trigger="add", wallet="google")
    assert walk.status == 303
    token = walk.page.location.removeprefix("https://pay.google.com/gp/v/save/")
    assert len(token) <= 1800
    account = json.loads((settings.var / "wallet" / "service_account.json").read_text())
    key = load_pem_private_key(account["private_key"].encode(), None).public_key()
    claims = jwt.decode(token, key, algorithms=["RS256"], audience="google", options={"require": ["iat"]})
    assert claims["typ"] == "savetowallet"
    assert "9912310123" not in json.dumps(claims)


def test_looking_at_the_first_page_writes_nothing(walk: Walk, house: House) -> None:
    walk.get("/ecard/").get("/ecard/form").get("/ecard/requested")
    assert walk.at == "/ecard/form"
    with house.database.read() as connection:
        assert runs.expired(connection, house.clock().replace(year=2100), 10) == []


@pytest.mark.parametrize(
    "written", ["+359 888 123 456", "00359888123456", "0888 12-34-56", "(088) 812.34.56"]
)
def test_every_usual_spelling_of_a_number_is_the_same_number(walk: Walk, post: Post, written: str) -> None:
    requested(walk, mobile=written)
    post.deliver()
    assert walk.messages()[-1]["to"] == "+359888123456"


def test_malformed_answers_lead_to_reasons_and_back_with_what_was_typed(walk: Walk) -> None:
    requested(walk, email="maria at home", mobile="12", national_id="123", device="")
    assert walk.at == "/ecard/invalid"
    reasons = walk.text.partition('class="reasons"')[2].partition("</ul>")[0]
    assert reasons.count("<li>") == 4
    walk.post(trigger="back")
    assert walk.at == "/ecard/form"
    assert "maria at home" in walk.text


@pytest.mark.parametrize(
    "changes",
    [
        {"national_id": "9912310124"},
        {"mobile": "0888123457"},
        {"email": "somebody@sineva-demo.bg"},
    ],
)
def test_every_cause_of_a_refusal_is_the_same_page(
    browser: Callable[..., Walk], changes: dict[str, str]
) -> None:
    def refused(**more: str) -> tuple[int, list[tuple[str, str]], str]:
        walk = requested(browser(), **more)
        assert walk.at == "/ecard/not_found"
        masked = re.sub(r'value="[^"]*"', 'value=""', walk.text)
        headers = [(n, v) for n, v in walk.page.headers if n != "Set-Cookie"]
        return walk.status, headers, masked

    assert refused(**changes) == refused(national_id="1111111111", mobile="0888999999")


def test_after_too_many_refusals_the_page_is_the_same_and_the_owner_gets_the_link(
    browser: Callable[..., Walk], post: Post, house: House
) -> None:
    for number in range(5):
        requested(browser(address=f"198.51.100.{number}"), email="wrong@sineva-demo.bg")
    right = requested(browser(address="203.0.113.9"))
    assert right.at == "/ecard/not_found"
    assert look_again(house) == 6
    post.deliver()
    (message,) = right.messages()
    opened = browser().get(link_in(message))
    assert opened.at == "/w/card"
    opened.post(follow=False, trigger="add", wallet="apple")
    assert opened.page.location == "/w/card.pkpass"
    assert right.get("/ecard/not_found").at == "/ecard/not_found"


def test_a_mismatch_sends_nothing(walk: Walk, post: Post) -> None:
    requested(walk, email="wrong@sineva-demo.bg")
    assert post.deliver() == 0
    assert walk.messages() == []


def test_the_same_post_again_is_answered_with_the_first_result(walk: Walk, post: Post) -> None:
    walk.get("/ecard/form")
    token = walk.hidden()
    locations = set()
    for _ in range(3):
        walk.page = walk._ask("POST", "/ecard/form", data={**token, **PERSON})
        locations.add(walk.page.location)
    assert locations == {"/ecard/requested"}
    post.deliver()
    assert len(walk.messages()) == 1


def test_a_stale_tab_never_overwrites_and_says_so(walk: Walk) -> None:
    walk.get("/ecard/form")
    stale = walk.hidden()
    requested(walk)
    walk.page = walk._ask("POST", "/ecard/form", data={**stale, **PERSON, "mobile": "0888999999"})
    walk.get(walk.page.location)
    assert walk.at == "/ecard/requested"
    assert 'role="status"' in walk.text


def test_another_states_address_leads_to_the_current_page(walk: Walk) -> None:
    requested(walk)
    for state in ("form", "invalid", "not_found", "add_to_wallet", "added", "expired", "nowhere"):
        assert walk.get(f"/ecard/{state}").at == "/ecard/requested"


def test_a_post_to_another_states_address_moves_nothing(walk: Walk, house: House) -> None:
    requested(walk)
    before = _journal(house, walk)
    for state in ("form", "invalid", "not_found", "add_to_wallet", "added"):
        walk.post(f"/ecard/{state}", **PERSON)
        assert walk.at == "/ecard/requested"
    assert _journal(house, walk) == before


def _journal(house: House, walk: Walk) -> list[dict[str, object]]:
    with walk.client.session_transaction() as session:
        owner = house.vault.indexes(session["browser"], "browser")
    with house.database.read() as connection:
        run = runs.held_by(connection, owner, "ecard")
        assert run is not None
        return list(journal.records(connection, run.id))  # type: ignore[arg-type]


def test_an_unknown_trigger_or_field_is_refused_and_nothing_moves(walk: Walk) -> None:
    assert walk.get("/ecard/form").post(trigger="fly", **PERSON).status == 400
    assert walk.get("/ecard/form").post(colour="red", **PERSON).status == 400
    assert walk.get("/ecard/form").at == "/ecard/form"


def test_a_form_without_its_token_is_shown_again_with_the_answers(walk: Walk) -> None:
    walk.get("/ecard/form")
    walk.page = walk._ask("POST", "/ecard/form", data={**walk.hidden(), **PERSON, "csrf_token": "x"})
    assert walk.status == 403
    assert "maria.sineva.demo@gmail.com" in walk.text
    walk.at = "/ecard/form"
    assert walk.post(**PERSON).at == "/ecard/requested"


def test_too_large_a_body_has_a_page_of_its_own(walk: Walk) -> None:
    walk.get("/ecard/form").post(email="x" * 70_000)
    assert walk.status == 413
    assert "<h1>" in walk.text


def test_a_resend_waits_its_pause_and_kills_the_older_link(walk: Walk, post: Post, clock: Clock) -> None:
    requested(walk)
    post.deliver()
    walk.post(trigger="resend")
    assert walk.at == "/ecard/requested"
    assert post.deliver() == 0
    clock.pass_(seconds=31)
    walk.post(trigger="resend")
    post.deliver()
    first, second = walk.messages()
    assert link_in(first) != link_in(second)
    assert "wallet=" not in walk.get(link_in(first)).text
    assert 'name="wallet"' not in walk.text
    assert 'name="wallet"' in walk.get(link_in(second)).text


def test_a_number_gets_five_messages_in_ten_minutes_and_no_more(
    browser: Callable[..., Walk], post: Post
) -> None:
    for number in range(8):
        assert requested(browser(address=f"198.51.100.{number}")).at == "/ecard/requested"
    post.deliver(100)
    assert len(browser().messages()) == 5


def test_a_link_opened_by_scanners_moves_nothing(walk: Walk, post: Post, house: House) -> None:
    requested(walk)
    before = _journal(house, walk)
    post.deliver()
    link = link_in(walk.messages()[0])
    for _ in range(10):
        walk.get(link, headers={"User-Agent": "facebookexternalhit/1.1"})
    assert _journal(house, walk) == before


def test_the_button_works_ten_times_and_journals_the_opening_once(
    walk: Walk, post: Post, house: House
) -> None:
    arrived(walk, post)
    for _ in range(10):
        walk.get("/w/card").post(follow=False, trigger="add", wallet="apple")
        assert walk.page.location == "/w/card.pkpass"
    walk.get("/w/card")
    assert 'name="wallet"' not in walk.text
    events = [record["event"] for record in _journal(house, walk)]
    assert events.count("open_link") == 1
    assert events.count("add") == 10


def test_the_button_pressed_twice_on_one_page_counts_once(walk: Walk, post: Post, house: House) -> None:
    arrived(walk, post)
    token = walk.hidden()
    for _ in range(2):
        walk.page = walk._ask("POST", "/w/card", data={**token, "trigger": "add", "wallet": "apple"})
        assert walk.page.location == "/w/card.pkpass"
    assert [record["event"] for record in _journal(house, walk)].count("add") == 1


def test_a_link_is_dead_after_a_day(walk: Walk, post: Post, clock: Clock, house: House) -> None:
    arrived(walk, post)
    clock.pass_(hours=24, minutes=1)
    walk.get("/w/card")
    assert 'name="wallet"' not in walk.text
    assert walk.get("/ecard/requested").text.count("<h1>") == 1
    assert sweep(house).expired == 1
    assert walk.get("/ecard/requested").at == "/ecard/expired"


def test_asking_again_gives_the_same_card_and_a_fresh_link(
    browser: Callable[..., Walk], post: Post, clock: Clock
) -> None:
    serials = set()
    for number in range(2):
        clock.pass_(seconds=1)
        walk = arrived(browser(address=f"198.51.100.{number}"), post)
        walk.post(follow=False, trigger="add", wallet="apple")
        walk.get("/w/card.pkpass")
        with zipfile.ZipFile(io.BytesIO(walk.page.data)) as made:
            serials.add(json.loads(made.read("pass.json"))["serialNumber"])
    assert len(serials) == 1


def test_after_half_an_hour_the_answers_are_kept_and_the_run_goes_on(walk: Walk, clock: Clock) -> None:
    requested(walk, national_id="1")
    walk.post(trigger="back")
    clock.pass_(minutes=31)
    walk.get("/ecard/form")
    assert 'value="continue"' in walk.text
    walk.post("/ecard/", trigger="continue")
    assert walk.at == "/ecard/form"
    assert "maria.sineva.demo@gmail.com" in walk.text


def test_start_again_lets_go_of_the_run_and_its_link_still_works(walk: Walk, post: Post) -> None:
    requested(walk)
    post.deliver()
    walk.get("/ecard/").post(trigger="restart")
    assert walk.at == "/ecard/form"
    assert 'name="wallet"' in walk.get(link_in(walk.messages()[0])).text


def test_a_run_is_nothing_to_another_browser(browser: Callable[..., Walk]) -> None:
    mine, theirs = requested(browser()), browser()
    theirs.get("/ecard/form")
    stolen = {**theirs.hidden(), "step": mine.hidden()["step"]}
    theirs.page = theirs._ask("POST", "/ecard/requested", data={**stolen, "trigger": "resend"})
    assert theirs.get(theirs.page.location).at == "/ecard/form"


def test_the_language_changes_and_the_page_stays(walk: Walk) -> None:
    requested(walk, email="broken")
    walk.get("/ecard/invalid?lang=en")
    assert walk.at == "/ecard/invalid"
    assert '<html lang="en">' in walk.text
    assert '<html lang="en">' in walk.get("/ecard/invalid").text


def test_the_language_changes_in_the_middle_of_a_page_and_what_was_typed_stays(
    walk: Walk, house: House
) -> None:
    walk.get("/ecard/form")
    walk.page = walk._ask("POST", "/ecard/form", data={**walk.hidden(), "email": "half@", "lang": "en"})
    assert walk.status == 200
    assert '<html lang="en">' in walk.text
    assert "half@" in walk.text
    assert '<html lang="en">' in walk.get("/ecard/form").text
    with house.database.read() as connection:
        assert connection.execute(text("select count(*) from runs")).scalar_one() == 0


def test_the_browser_that_asked_is_told_of_the_end_and_sees_no_card(
    browser: Callable[..., Walk], post: Post
) -> None:
    asked, phone = requested(browser()), browser()
    post.deliver()
    phone.get(link_in(phone.messages()[0])).post(follow=False, trigger="add", wallet="apple")
    asked.get("/ecard/requested")
    assert asked.at == "/ecard/added"
    assert asked.status == 200
    assert "0009 9000 17" not in asked.text
    assert "Примерова" not in asked.text
    assert 'name="wallet"' not in asked.text
    assert asked.get("/ecard/").status == 200
    assert asked.post(trigger="restart").at == "/ecard/form"


def test_a_resend_refused_before_does_not_trouble_the_links_page(walk: Walk, post: Post) -> None:
    requested(walk)
    post.deliver()
    walk.post(trigger="resend")
    assert walk.get(link_in(walk.messages()[0])).status == 200
