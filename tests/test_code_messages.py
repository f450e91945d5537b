"""One-time codes: how they are made and worded, how often they are sent, what lint sees to."""

import logging
import re
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest

from app import wiring
from app.config import ROOT
from app.delivery.post import Post
from app.effects.codes import new_code, worded
from app.flow.definition import Flow
from app.flow.lint import lint
from app.flow.loader import load, read_folder
from app.flow.spec import CodeSpec
from app.gateways.sms.length import plan
from app.runner import publish
from app.runner.house import House
from tests.conftest import Clock
from tests.flows import TODAY
from tests.knock import (
    ALPHABET,
    EMAIL,
    FOLDER,
    PHONE,
    code_of,
    delivered,
    give,
    knock,
    knocked,
    open_knock,
    said,
)
from tests.walk import Walk

WORDED = [FOLDER, *sorted(file.parent for file in (ROOT / "workflows").glob("*/flow.yaml"))]


@pytest.fixture
def dialect() -> str:
    return "sqlite"


@pytest.fixture(autouse=True)
def knocking(house: House) -> House:
    return open_knock(house)


# How codes are made


def uneven(counted: Counter[str], signs: str) -> bool:
    """Whether chi-square is beyond what chance does once in a million."""
    expected = counted.total() / len(signs)
    chi = sum((counted[sign] - expected) ** 2 for sign in signs) / expected
    free = len(signs) - 1
    return chi > free + 5 * (2 * free) ** 0.5 + 22 or not set(counted) <= set(signs)


def test_codes_are_uniform_and_what_is_typed_holds_a_digit() -> None:
    spec = CodeSpec(channel="sms", to="phone", typed="last 5")
    made = [new_code(spec) for _ in range(20_000)]
    assert all(len(code) == 6 and set(code) <= set(ALPHABET) for code in made)
    assert all(re.search("[2-9]", code[1:]) for code in made)
    assert not uneven(Counter(code[0] for code in made), ALPHABET)
    for place in range(1, 6):
        here = Counter(code[place] for code in made)
        for signs in (ALPHABET[:8], ALPHABET[8:]):
            assert not uneven(Counter({sign: here[sign] for sign in signs}), signs)


def test_a_pin_is_six_digits_as_likely_as_any_other() -> None:
    spec = CodeSpec(channel="mail", to="email", alphabet="digits")
    made = [new_code(spec) for _ in range(20_000)]
    assert all(re.fullmatch("[0-9]{6}", pin) for pin in made)
    for place in range(6):
        assert not uneven(Counter(pin[place] for pin in made), "0123456789")


# How they are told


def messages(host: str) -> list[tuple[Flow, str, str, str, str, str]]:
    """(flow, language, name, code, subject, body) of every message that carries a code."""
    found = []
    for flow in map(knocked, WORDED):
        for lang in flow.spec.languages:
            for name, spec in flow.spec.codes.items():
                code = new_code(spec)
                found.append((flow, lang, name, code, *worded(flow, lang, name, code, host)))
    return found


def origin_bound(message: str) -> tuple[str, str] | None:
    """(host, code) as a phone reads it: WICG sms-one-time-codes, "parse a message"."""
    last = message.splitlines()[-1]
    read = re.fullmatch(r"@([^\s@#%]+) #([^\s@#%]+)(?: @.*)?", last)
    return (read[1], read[2]) if read and re.search("[0-9]", read[2]) else None


def test_phones_read_the_typed_part_and_our_host_out_of_every_sms() -> None:
    told = [m for m in messages("portal.kohid-demo.hu") if m[0].spec.codes[m[2]].channel == "sms"]
    assert {lang for _, lang, *_ in told} >= {"bg", "hu"}
    for flow, lang, name, code, _, body in told:
        typed = code[-flow.spec.codes[name].typed_length :]
        assert origin_bound(body) == ("portal.kohid-demo.hu", typed), (flow.name, lang, name)
        assert "" not in body.splitlines()
        assert plan(body).parts <= 2, (flow.name, lang, name)


def test_a_message_tells_the_code_first_unbroken_who_sends_it_and_how_long_it_lives() -> None:
    for flow, lang, name, code, subject, body in messages("localhost"):
        where = (flow.name, lang, name)
        valid = flow.spec.codes[name].valid
        assert valid is not None
        minutes = int(valid.total_seconds() // 60)
        spans = {str(minutes), str(minutes // 60)} - {"0"}
        written = body.partition("\n@")[0]
        assert len(re.findall(rf"(?<!\w){code}(?!\w)", written)) == 1, where
        assert code in written.splitlines()[0], where
        assert flow.theme.name[lang] in written + subject, where
        told = any(re.search(rf"(?<!\d){span}(?!\d)", written.replace(code, "")) for span in spans)
        # The guide's mail with the PIN says nothing else; the page does.
        assert told or flow.spec.codes[name].channel == "mail", where
        assert not re.search(r"https?:|www\.|/", written + subject), where
        assert code not in subject and "{" not in written + subject, where


# What lint sees to


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("[use_code phone_code, send pin_code]", "[send pin_code]", "leaves it good for another time"),
        ("conditions: [pin_right], ", "", "without asking whether it is right"),
    ],
)
def test_a_code_that_is_right_is_used_up_and_no_other(old: str, new: str, told: str) -> None:
    files = read_folder(FOLDER)
    assert not any(each.blocks for each in publish.check_folder(FOLDER, wiring.catalogue(), TODAY))
    files["flow.yaml"] = files["flow.yaml"].replace(old, new, 1)
    loaded = load(files, wiring.catalogue())
    assert loaded.flow is not None
    found = [each for each in lint(loaded.flow, wiring.catalogue(), loaded.sources) if each.code == "N005"]
    assert [told in str(each) for each in found] == [True]


# What is sent


def test_codes_are_sent_after_pauses_and_five_within_ten_minutes(
    walk: Walk, post: Post, clock: Clock
) -> None:
    sent = delivered(knock(walk), post)
    for pause in (30, 60, 120, 120):
        clock.pass_(seconds=pause - 1)
        assert said(walk.post(trigger="resend")) == "not_yet"
        clock.pass_(seconds=1)
        assert "Нов код е на път." in walk.post(trigger="resend").text
        sent.append(code_of(walk, post))
    clock.pass_(seconds=120)
    assert said(walk.post(trigger="resend")) == "capped"
    assert len(delivered(walk, post)) == len(set(sent)) == 5
    assert give(walk, sent[-1]).at == "/knock/pin"


def test_going_back_and_on_again_sends_nothing_before_the_pause_is_over(walk: Walk, post: Post) -> None:
    code = code_of(knock(walk), post)
    for _ in range(3):
        walk.post(trigger="back").post(phone=PHONE, email=EMAIL)
    assert delivered(walk, post) == [code]
    assert give(walk, code).at == "/knock/pin"


def test_ten_codes_a_day_go_to_one_number_whatever_the_run(walk: Walk, post: Post, clock: Clock) -> None:
    for number in range(12):
        assert len(delivered(knock(walk), post)) == min(number + 1, 10)
        walk.get("/knock/").post("/knock/", trigger="restart")
        clock.pass_(minutes=11)
    clock.pass_(hours=24)
    assert len(delivered(knock(walk), post)) == 11


def test_three_numbers_get_codes_from_one_run_and_no_more(walk: Walk, post: Post) -> None:
    knock(walk)
    for number in range(2, 6):
        walk.post(trigger="back").post(phone=f"088812345{number}", email=EMAIL)
    assert len(delivered(walk, post)) == 3
    assert 'value="resend"' not in walk.text
    assert 'class="code-first"' not in walk.text, "no code went to the number in view"


def test_a_flow_that_has_sent_its_budget_sends_no_more_and_raises_an_alarm(
    browser: Callable[..., Walk], post: Post, house: House, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    files = read_folder(FOLDER)
    files["flow.yaml"] = files["flow.yaml"].replace("initial: ask", "initial: ask\nmessages_per_day: 2")
    for name, content in files.items():
        (tmp_path / name).write_text(content, encoding="utf-8")
    publish.publish(house, tmp_path)
    walk = browser()
    for number in range(4):
        knock(browser(), f"088812345{number}")
    assert len(delivered(walk, post)) == 2
    assert [r.levelno for r in caplog.records if "messages of a flow" in r.message] == [logging.ERROR] * 2
    ecard = browser().get("/ecard/")
    ecard.post(email="maria.sineva.demo@gmail.com", mobile=PHONE, national_id="9912310123", device="ios")
    assert len(delivered(walk, post)) == 3, "another flow is not concerned"
