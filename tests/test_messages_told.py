"""What a definition's messages will say and cost, told before anything is sent."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.effects.codes import worded
from app.flow.definition import Flow
from app.gateways.sms.length import plan
from app.runner.messages_told import Told, invented_code, length, messages
from tests.test_diagram import FLOWS, shipped


def named(told: tuple[Told, ...], name: str) -> Told:
    return next(each for each in told if each.name == name)


@pytest.mark.parametrize("name", FLOWS)
def test_every_message_of_a_flow_is_told_in_every_language_without_a_gap(name: str) -> None:
    flow = shipped(name)
    for lang in flow.spec.languages:
        told = messages(flow, lang)
        assert [each.name for each in told] == [*flow.spec.codes, *flow.spec.links, *flow.spec.notices]
        for each in told:
            assert each.body
            assert not {"{", "}", "⟦"} & set(each.subject + each.body), each
            assert (each.lacking, each.hindered) == ((), "")
            assert bool(each.subject) is (each.channel == "mail") is (each.length is None)


def test_a_code_is_told_in_the_words_that_real_ones_are_sent_in() -> None:
    flow = shipped("registration")
    told = named(messages(flow, "hu", base_url="https://portal.kohid-demo.hu"), "phone_code")
    code = invented_code(flow.spec.codes["phone_code"])
    assert ("", told.body) == worded(flow, "hu", "phone_code", code, "portal.kohid-demo.hu")


def test_one_letter_outside_of_gsm_is_named_as_what_makes_a_message_dear() -> None:
    plain, dear = length("Kerjen uj kodot." * 9), length("Kérjen új kődot." * 9)
    assert (plain.encoding, plain.parts, plain.alone, plain.cost, plain.signs) == (
        "gsm7",
        1,
        160,
        "one",
        "",
    )
    assert (dear.encoding, dear.parts, dear.joined, dear.cost, dear.signs) == ("ucs2", 3, 67, "more", "úő")


def test_nobody_is_warned_of_cyrillic_letters_as_such() -> None:
    told = length("Кодът Ви е K7P4M2. https://narthex.example/w/a-long-address-in-latin-letters")
    assert (told.encoding, told.signs) == ("ucs2", "")


@given(st.text(max_size=500))
def test_the_length_told_is_the_one_that_is_billed(text: str) -> None:
    told, billed = length(text), plan(text)
    assert (told.encoding, told.units, told.parts) == (billed.encoding, billed.units, billed.parts)


def without(flow: Flow, lang: str, key: str) -> Flow:
    """The flow with one text less."""
    words = {name: text for name, text in flow.texts[lang].items() if name != key}
    return replace(flow, texts={**flow.texts, lang: words})


def test_a_text_that_is_missing_is_marked_and_named() -> None:
    flow = without(shipped("registration"), "en", "messages.email_code.mail_subject")
    told = named(messages(flow, "en"), "email_code")
    assert told.subject == "⟦messages.email_code.mail_subject⟧"
    assert told.lacking == ("messages.email_code.mail_subject",)
    assert named(messages(flow, "hu"), "email_code").lacking == ()


def test_a_code_without_an_end_cannot_be_worded_and_names_the_rule() -> None:
    flow = shipped("registration")
    endless = flow.spec.codes["phone_code"].model_copy(update={"valid": None})
    spec = flow.spec.model_copy(update={"codes": {**flow.spec.codes, "phone_code": endless}})
    assert named(messages(replace(flow, spec=spec), "hu"), "phone_code").hindered == "F023"
