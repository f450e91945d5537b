"""Questions as people get them, before a browser draws them: tabs, consents, several problems of one."""

import re
from pathlib import Path

import pytest

from app.flow.loader import read_folder
from app.runner.house import House
from app.runner.publish import publish, take_over
from tests.walk import Walk

BOOTH = Path(__file__).parent / "flows" / "booth"
CONTRACT = {"id_kind": "policy", "policy_number": "HU-1", "mobile_prefix": "20", "mobile_number": "1234567"}
CHOICES = {"email": "a@abv.bg", "marketing": "decline", "contract": "on"}


@pytest.fixture
def dialect() -> str:
    return "sqlite"  # pages are the same on every database


@pytest.fixture
def booth(house: House, walk: Walk) -> Walk:
    """A browser at the first page of `booth`, in English."""
    publish(house, BOOTH)
    walk.lang = "en"
    return walk.get("/booth/identify")


def panels(walk: Walk) -> list[list[str]]:
    """The names of the boxes in each panel."""
    found = re.findall(
        r'<div class="panel panel-\d">(.*?)</div>\s*(?=<div class="panel|</fieldset>)', walk.text, re.S
    )
    return [re.findall(r'\bname="([a-z_]+)"', panel) for panel in found]


def error_lines(walk: Walk, field: str) -> list[str]:
    (errors,) = re.findall(rf'<div class="error" id="{field}-error">(.*?)</div>', walk.text, re.S)
    return [line.strip() for line in re.findall(r"Error:</span>(.*?)</span></p>", errors)]


def test_a_question_stands_inside_its_tab_and_nowhere_else(booth: Walk) -> None:
    assert panels(booth) == [["policy_number"], ["account_number"]]
    assert [booth.text.count(f' name="{name}"') for name in ("policy_number", "account_number")] == [1, 1]
    assert re.search(r'<input checked id="id_kind" name="id_kind" type="radio" value="policy">', booth.text)


def test_the_tab_with_the_problem_is_open_and_the_summary_leads_into_it(booth: Walk) -> None:
    booth.post(**{**CONTRACT, "id_kind": "account", "account_number": "12345678"})
    assert re.search(
        r'<input checked id="id_kind-2" name="id_kind" type="radio" value="account">', booth.text
    )
    assert '<a href="#account_number">The account number has 7 digits at most.</a>' in booth.text
    assert error_lines(booth, "account_number") == ["The account number has 7 digits at most."]


def test_what_stands_in_the_other_tab_is_not_asked_about(booth: Walk) -> None:
    assert booth.post(**CONTRACT, account_number="far too long").at == "/booth/contact"


def test_both_boxes_of_a_number_have_names_and_tell_what_is_wrong(booth: Walk) -> None:
    booth.post(**{**CONTRACT, "mobile_number": "1"})
    for name, words in (
        ("mobile_prefix", "Prefix after 06"),
        ("mobile_number", "The number after the prefix"),
    ):
        (box,) = re.findall(rf'<(?:input|select)[^>]* name="{name}"[^>]*>', booth.text)
        assert f'id="{name}"' in box
        assert 'aria-describedby="mobile_prefix-hint mobile_prefix-error"' in box
        assert 'aria-invalid="true"' in box
        assert f'for="{name}">{words}</label>' in booth.text


def test_a_consent_may_be_refused_and_an_agreement_may_not(booth: Walk) -> None:
    booth.post(**CONTRACT)
    assert "you may say no" in booth.text.partition('name="marketing"')[0]
    assert re.search(r'conclude the portal contract\. <span class="optional">\(required\)', booth.text)
    assert booth.text.count('<details class="full-text">') == 2
    assert "<p>It costs nothing and can be ended at any time.</p>" in booth.text
    assert "checked" not in booth.text.partition('<form class="form"')[2]
    booth.post(email="a@abv.bg")
    assert error_lines(booth, "marketing") == ["Choose yes or no."]
    assert error_lines(booth, "contract") == ["To go on you have to accept the portal contract."]
    assert booth.post(**CHOICES).at == "/booth/choose"


def test_every_rule_that_a_password_breaks_is_said_on_a_line_of_its_own(booth: Walk) -> None:
    booth.post(**CONTRACT).post(**CHOICES)
    assert "At least 6 characters" in booth.text  # before anything is typed
    booth.post(password="abc", password_again="abd")
    lacking = ["Use at least 6 characters.", "Put in a capital letter.", "Put in a digit."]
    assert error_lines(booth, "password") == lacking
    assert error_lines(booth, "password_again") == ["The two passwords are not the same."]
    assert re.findall(r'<a href="#password">(.*?)</a>', booth.text) == lacking
    assert "Put in a small letter." not in booth.text
    assert "abc" not in re.sub(r"<input type=.hidden.[^>]*>", "", booth.text)


def test_a_new_password_is_saved_together_with_its_user_name(walk: Walk, house: House) -> None:
    take_over(house, read_folder(BOOTH.parent / "joining"))
    walk.lang = "en"
    walk.get("/joining/who").post(number="M-4711", holder="Anna")
    walk.post(email="Anna.V@gmail.com", marketing="decline", terms="y")
    assert walk.at == "/joining/choose"
    (box,) = re.findall(r'<input[^>]* autocomplete="username"[^>]*>', walk.text)
    assert 'value="Anna.V@gmail.com"' in box
    assert "name=" not in box  # and never sent
