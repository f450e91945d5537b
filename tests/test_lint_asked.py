"""What is asked is needed and easily answered; words fit a phone, links open, titles keep secrets."""

import pytest

from app.flow.lint.links import broken
from app.flow.lint.slots import SLOTS, lines, width
from tests.flows import Edit, codes, findings, flow, only, worded


def text(lang: str, old: str, new: str) -> Edit:
    return f"texts.{lang}.yaml", old, new


def test_f040_a_field_that_nobody_reads():
    told = only("F040", flow("{code: door_code, field: pin}", "{code: door_code}"))
    assert "'pin' is asked but never used." in told


def test_f043_what_would_stand_in_a_title_or_a_subject():
    subjects = (("en", "mail_subject: Your badge"), ("hu", "mail_subject: Az Ön kártyája"))
    told = findings(*[text(lang, old, "mail_subject: '{link} {number}'") for lang, old in subjects])
    assert [each.code for each in told] == ["F043"] * 4
    assert "'{link}' in 'messages.badge_link.mail_subject' would stand in titles" in str(told[0])


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("phone: {type: phone", "phone: {type: word", "should let the phone fill in the phone number."),
        ("pin: {type: code, class: secret", "pin: {type: word, class: coarse", "fill in the code."),
        ("max: 8, class: sensitive", "max: 8, class: secret", "'number' is secret, yet its type 'word' sh"),
    ],
)
def test_f045_fields_that_phones_fill_in_and_secrets_that_stay_so(old, new, message):
    told = [each for each in findings(flow(old, new)) if each.code == "F045"]
    assert len(told) == 1 and message in str(told[0])


MANY = "Back to the very first page of the club and all of its many members"


@pytest.mark.parametrize(
    ("key", "words", "message"),
    [
        ("states.sent.buttons.a", MANY, "to 3 lines"),
        ("fields.number.hint", "Please authenticate yourself.", "do not know the word 'authenticate'"),
        ("states.ask.hint", f"{'very ' * 41}long.", "has 42 words"),
        ("states.sent.buttons.b", "Donaudampfschifffahrtsgesellschaft", "is wider than a phone"),
    ],
)
def test_f054_words_that_do_not_fit_or_are_not_understood(key, words, message):
    told = [each for each in findings(("texts.en.yaml", "", f"{key}: {words}")) if each.code == "F054"]
    assert len(told) == 1 and message in str(told[0])


def test_f054_lines_are_broken_between_words_and_a_soft_hyphen_makes_words_narrow():
    title = next(slot for slot in SLOTS.values() if slot.rule == "F054:title")
    assert lines("Your badge", title) == 1
    assert lines("Registration for the customer portal", title) == 2
    assert width("Ж") > width("i") and width("a\u00adb") == width("ab")


@pytest.mark.parametrize(
    "link",
    [
        "https://example.org/a?b#c",
        "http://example.org:8080/",
        "mailto:help@example.org?subject=x",
        "tel:+359 2 987-65-43",
    ],
)
def test_f055_links_that_open(link):
    assert broken(link) == ""


@pytest.mark.parametrize(
    "link", ["https://", "https://host", "www.example.org", "mailto:help", "tel:call", "https://[::1"]
)
def test_f055_links_that_do_not(link):
    assert codes(*worded(f"states.ask.hint: 'See {link}'")) == {"F055"}


def test_f055_addresses_of_the_theme():
    told = only("F055", ("theme.yaml", "support_mail: help@club-demo.hu", "support_mail: ask the porter"))
    assert "club/theme.yaml:" in told and "'ask the porter' in 'support_mail'" in told
    assert codes(("theme.yaml", "", "booking_phones: [call us]")) == {"F055"}
    assert codes(("theme.yaml", "", "faq_url: 'https://a'")) == {"F055"}
