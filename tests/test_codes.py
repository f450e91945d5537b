"""One-time codes: what is right, what wrong ones cost, what stays of them, what their pages show."""

import hashlib
import logging
import re
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import text

from app.delivery.post import Post
from app.runner.house import House
from app.runner.sweep import sweep
from app.store import codes
from app.store.codes import Purpose
from app.store.crypto import Vault
from tests.conftest import Clock
from tests.knock import (
    ALPHABET,
    EMAIL,
    OTHER_PHONE,
    PHONE,
    code_of,
    delivered,
    give,
    knock,
    open_knock,
    said,
    wrong,
)
from tests.walk import Walk


@pytest.fixture
def dialect() -> str:
    return "sqlite"


@pytest.fixture(autouse=True)
def knocking(house: House) -> House:
    return open_knock(house)


def column(house: House, statement: str) -> list[object]:
    with house.database.read() as connection:
        return list(connection.execute(text(statement)).scalars())


# What is right


def test_five_or_six_signs_as_people_type_them_are_right(browser: Callable[..., Walk], post: Post) -> None:
    look_alikes = str.maketrans("ABEKMHPCTYX", "АВЕКМНРСТУХ")
    spellings: list[Callable[[str], str]] = [
        lambda code: code[1:],
        lambda code: code,
        lambda code: code.lower(),
        lambda code: f" {code[1:3]} {code[3:]} ",
        lambda code: f"{code[:3]}-{code[3:]}",
        lambda code: code.translate(look_alikes),
    ]
    for number, spelling in enumerate(spellings):
        walk, phone = browser(), f"08881234{number:02}"
        code = code_of(knock(walk, phone), post, phone[1:])
        assert give(walk, spelling(code)).at == "/knock/pin", number


def test_a_wrong_sixth_sign_is_wrong(walk: Walk, post: Post) -> None:
    code = code_of(knock(walk), post)
    other = next(sign for sign in ALPHABET if sign != code[0])
    assert said(give(walk, other + code[1:])) == "wrong"
    assert give(walk, code).at == "/knock/pin"


def test_what_cannot_be_a_code_costs_no_try(walk: Walk, post: Post, house: House) -> None:
    code = code_of(knock(walk), post)
    for typed in ("", "K7", "K7-M2Q-XX", "K7*M2"):
        assert give(walk, typed).at == "/knock/prove"
    assert column(house, "select tries from codes") == [0]
    assert give(walk, code).at == "/knock/pin"


def test_a_code_lives_ten_minutes_by_our_clock(
    browser: Callable[..., Walk], post: Post, clock: Clock
) -> None:
    for seconds, at in ((599, "pin"), (600, "prove"), (601, "prove")):
        walk = browser()
        code = code_of(knock(walk), post)
        clock.pass_(seconds=seconds)
        walk.get("/knock/prove", headers={"Date": "Sat, 01 Jan 2000 00:00:00 GMT"})
        assert give(walk, code).at == f"/knock/{at}"
        assert at == "pin" or said(walk) == "expired"


def test_a_newer_message_replaces_the_older_one_and_says_so(walk: Walk, post: Post, clock: Clock) -> None:
    first = code_of(knock(walk), post)
    clock.pass_(seconds=31)
    second = code_of(walk.post(trigger="resend"), post)
    assert said(give(walk, first)) == "replaced"
    assert give(walk, second).at == "/knock/pin"


def test_an_older_message_costs_a_try_like_a_wrong_one(
    walk: Walk, post: Post, clock: Clock, house: House
) -> None:
    first = code_of(knock(walk), post)
    clock.pass_(seconds=31)
    second = code_of(walk.post(trigger="resend"), post)
    for _ in range(4):
        assert said(give(walk, first)) == "replaced"
    assert sorted(column(house, "select tries from codes")) == [0, 4]  # type: ignore[type-var]
    assert give(walk, wrong(first, second)).at == "/knock/locked"


def test_a_used_code_is_not_right_again(walk: Walk, post: Post) -> None:
    code = code_of(knock(walk), post)
    assert give(walk, code).at == "/knock/pin"
    assert said(give(walk.post(trigger="back"), code)) == "used"


def test_a_code_is_right_for_its_run_purpose_and_address_only(
    browser: Callable[..., Walk], post: Post
) -> None:
    """Two runs, an SMS and a PIN in each: of all pairings only a code on its own page is right (S24)."""
    walks, phones = [browser(), browser()], (PHONE, OTHER_PHONE)
    for walk, phone in zip(walks, phones, strict=True):
        knock(walk, phone, f"n{phone}@gmail.com")
    sms = [code_of(walks[0], post, phone[1:]) for phone in phones]
    for walk, other in zip(walks, reversed(sms), strict=True):
        assert said(give(walk, other)) == "wrong"
    for walk, code in zip(walks, sms, strict=True):
        give(walk, code)
    pins = [code_of(walks[0], post, f"n{phone}@gmail.com") for phone in phones]
    for walk, other in zip(walks, reversed(pins), strict=True):
        assert walk.at == "/knock/pin"
        assert said(give(walk, other, "pin")) == "wrong"
    for walk, pin in zip(walks, pins, strict=True):
        assert give(walk, pin, "pin").at == "/knock/pin_confirmed"


def test_a_mac_is_bound_to_run_name_channel_and_row(house: House) -> None:
    own = Purpose("knock", "r-1", "phone_code", "sms", "+359888123456")
    stored = codes.StoredCode("c1", "", "", b"", house.clock(), house.clock(), None, None, 0)
    sealed = replace(
        stored,
        mac=house.vault.index("K2345X", "code:r-1:phone_code:sms:c1:whole"),
        typed=house.vault.index("2345X", "code:r-1:phone_code:sms:c1:typed"),
    )
    assert codes.agrees(house.vault, own, sealed, "K2345X") and codes.agrees(
        house.vault, own, sealed, "2345X"
    )
    for other in (
        replace(own, run="r-2"),
        replace(own, name="pin_code"),
        replace(own, channel="mail"),
    ):
        assert not codes.agrees(house.vault, other, sealed, "2345X")
    assert not codes.agrees(house.vault, own, replace(sealed, id="c2"), "2345X")
    assert not codes.agrees(Vault((b"another operator's secret, long enough",)), own, sealed, "2345X")


def test_a_code_for_another_number_of_the_same_run_is_not_right(walk: Walk, post: Post, house: House) -> None:
    """The number is changed while nothing may be sent to the new one: the old one's code shows nothing."""
    code = code_of(knock(walk), post)
    with house.database.write() as connection:
        spent = [{"r": index} for index in [house.vault.index("+359888654321", "recipient")] * 5]
        insert = text(
            "insert into sends (recipient, run_id, what, at) select :r, null, 'x', max(at) from sends"
        )
        for each in spent:
            connection.execute(insert, each)
    walk.post(trigger="back").post(phone=OTHER_PHONE, email=EMAIL)
    assert delivered(walk, post) == [code]
    assert said(give(walk, code)) == "no_code"
    walk.post(trigger="back").post(phone=PHONE, email=EMAIL)
    assert give(walk, code).at == "/knock/pin"


# What wrong ones cost


def test_the_fifth_wrong_code_locks_and_the_right_one_comes_too_late(
    walk: Walk, post: Post, caplog: pytest.LogCaptureFixture
) -> None:
    code = code_of(knock(walk), post)
    for _ in range(4):
        assert said(give(walk, wrong(code))) == "wrong"
    token = walk.hidden()
    assert "no tries of a code are left" not in caplog.text
    assert give(walk, wrong(code)).at == "/knock/locked"
    assert "no tries of a code are left" in caplog.text
    walk.page = walk._ask("POST", "/knock/prove", data={**token, "code": code})
    assert walk.get("/knock/pin").at == "/knock/locked"


def test_failures_outlive_resends_and_runs_until_the_right_code(
    browser: Callable[..., Walk], post: Post, clock: Clock, house: House
) -> None:
    """4 wrong, resend, 4 wrong, a new run, 2 wrong: the right code is refused, for this number only (S20)."""
    walk = browser()
    sent = [code_of(knock(walk), post)]
    for _ in range(4):
        give(walk, wrong(*sent))
    clock.pass_(seconds=31)
    sent.append(code_of(walk.post(trigger="resend"), post))
    for _ in range(4):
        assert said(give(walk, wrong(*sent))) == "wrong"
    second = browser()
    sent.append(code_of(knock(second), post))
    assert said(give(second, wrong(*sent))) == "wrong"
    assert give(second, wrong(*sent)).at == "/knock/locked"
    third, stranger = browser(), browser()
    assert give(knock(third), code_of(third, post)).at == "/knock/locked"
    assert give(knock(stranger, OTHER_PHONE), code_of(stranger, post, OTHER_PHONE[1:])).at == "/knock/pin"
    clock.pass_(hours=24, seconds=1)
    fourth = browser()
    assert give(knock(fourth), code_of(fourth, post)).at == "/knock/pin"
    assert column(house, "select count(*) from code_failures") == [0]


def test_a_hundred_failures_within_thirty_days_are_the_end(
    walk: Walk, post: Post, clock: Clock, house: House
) -> None:
    code = code_of(knock(walk), post)
    purpose = Purpose("knock", "r-0", "phone_code", "sms", "+359888123456")
    with house.database.write() as connection:
        for number in range(100):
            at = house.clock() - timedelta(days=29 - number / 4)
            codes.fail(connection, house.vault, purpose, "none", at)
    assert give(walk, code).at == "/knock/locked"


# What stays of them


def test_no_code_is_anywhere_in_the_database_logs_addresses_and_pages(
    walk: Walk, post: Post, house: House, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    seen = []
    code = code_of(knock(walk), post)
    seen.append(walk.text.encode())
    pin = code_of(give(walk, code), post, EMAIL)
    seen.append(walk.text.encode())
    give(walk, pin, "pin")
    seen.append(walk.text.encode())
    database = Path(str(house.database.url.database))
    stored = b"".join(file.read_bytes() for file in database.parent.glob(f"{database.name}*"))
    for secret in (code, code[1:], pin):
        alone = re.compile(rf"(?<![0-9A-Za-z]){secret}(?![0-9A-Za-z])".encode())  # hex digits hold any PIN
        assert not any(alone.search(place) for place in (*seen, caplog.text.encode(), stored))
        for algorithm in ("sha1", "sha256", "sha512", "md5"):
            digest = hashlib.new(algorithm, secret.encode())
            assert digest.digest() not in stored
            assert digest.hexdigest().encode() not in stored
            assert digest.hexdigest()[:32].encode() not in stored


def test_codes_are_gone_a_day_after_their_end_and_failures_after_a_month(
    walk: Walk, post: Post, house: House, clock: Clock
) -> None:
    code = code_of(knock(walk), post)
    give(walk, wrong(code))
    clock.pass_(hours=24, minutes=9)
    sweep(house)
    assert column(house, "select count(*) from codes") == [1]
    clock.pass_(minutes=2)
    sweep(house)
    assert column(house, "select count(*) from codes") == [0]
    assert column(house, "select count(*) from code_failures") == [1]
    clock.pass_(days=31)
    sweep(house)
    assert column(house, "select count(*) from code_failures") == [0]


# Whose browser it is


def cookies(walk: Walk) -> dict[str, object]:
    with walk.client.session_transaction() as session:
        return dict(session)


def with_cookies(app: Flask, kept: dict[str, object]) -> Walk:
    walk = Walk(app)
    with walk.client.session_transaction() as session:
        session.update(kept)
    return walk


def test_a_lost_answer_to_the_right_code_is_given_again_and_the_browser_goes_on(
    app: Flask, walk: Walk, post: Post
) -> None:
    code = code_of(knock(walk), post)
    kept, form = cookies(walk), {**walk.hidden(), "code": code}
    walk.post(code=code)
    again = with_cookies(app, kept)
    answer = again._ask("POST", "/knock/prove", data=form)
    assert (answer.status_code, answer.location) == (303, "/knock/pin")
    assert again.get("/knock/pin").at == "/knock/pin"
    assert cookies(again)["browser"] == cookies(walk)["browser"] != kept["browser"]
    assert give(again, code_of(again, post, EMAIL), "pin").at == "/knock/pin_confirmed"


def test_the_identity_from_before_the_right_code_opens_nothing(app: Flask, walk: Walk, post: Post) -> None:
    code = code_of(knock(walk), post)
    planted, form = cookies(walk), walk.hidden()
    give(walk, code)
    thief = with_cookies(app, planted)
    assert thief.get("/knock/pin").at == "/knock/ask"
    for typed in (wrong(code), code.lower()):
        answer = thief._ask("POST", "/knock/prove", data={**form, "code": typed})
        assert answer.location == "/knock/"
    assert thief.get("/knock/pin").at == "/knock/ask"
    assert walk.get("/knock/pin").at == "/knock/pin"


# What the pages show


def test_the_page_shows_the_first_sign_the_masked_number_and_what_became_of_the_message(
    walk: Walk, post: Post, house: House
) -> None:
    page = knock(walk).text
    assert "08•• ••• •56" in page and PHONE not in page
    assert page.count('autocomplete="one-time-code"') == 1 and "maxlength" not in page
    code = code_of(walk, post)
    assert f'<span class="code-first" aria-hidden="true">{code[0]}</span>' in walk.get("/knock/prove").text
    box = re.search(r"<input[^>]*one-time-code[^>]*>", walk.text)
    assert box and 'autocapitalize="characters"' in box[0] and 'spellcheck="false"' in box[0]
    assert "inputmode" not in box[0]


def test_the_page_tells_what_became_of_the_message_and_the_way_out_of_a_failure(
    walk: Walk, house: House
) -> None:
    knock(walk)
    for state, receipt, mark in (
        ("queued", None, None),
        ("sent", None, None),
        ("sent", "delivered", "state-done"),
        ("sent", "failed", "state-failed"),
        ("given_up", None, "state-failed"),
        ("expired", None, "state-failed"),
    ):
        with house.database.write() as connection:
            values = {"state": state, "receipt": receipt}
            connection.execute(text("update outbox set state = :state, receipt = :receipt"), values)
        page = walk.get("/knock/prove").text.partition("<main")[2]
        for each in ("state-done", "state-failed"):
            assert (each in page) is (each == mark)
        help_ = page.partition("</dl>")[2].partition("<form")[0]
        assert ('href="tel:+35920005550"' in help_) is (mark == "state-failed")


def test_the_pin_page_has_a_second_button_that_cannot_be_pressed_until_the_pin_is_right(
    walk: Walk, post: Post
) -> None:
    give(knock(walk), code_of(walk, post))
    main = walk.text.partition("<main")[2]
    check, activate = re.findall(r"<button[^>]*>[^<]*(?:Провери|Активирай)</button>", main)
    assert 'value="check"' in check and "disabled" not in check
    assert 'value="activate"' in activate and "disabled" in activate
    assert walk.post(trigger="activate", follow=False).status == 400
    walk.get("/knock/pin")
    assert give(walk, code_of(walk, post, EMAIL), "pin").at == "/knock/pin_confirmed"
    (activate,) = re.findall(r"<button[^>]*>Активирай</button>", walk.text)
    assert 'value="activate"' in activate and "autofocus" in activate and "disabled" not in activate
    assert "one-time-code" not in walk.text
    assert walk.post(trigger="activate").at == "/knock/done"
