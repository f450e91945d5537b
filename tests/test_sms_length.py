"""How many parts a text message takes."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.gateways.sms.length import BASIC, EXTENSION, SmsPlan, plan

gsm_texts = st.text(st.sampled_from(sorted(BASIC | EXTENSION)), max_size=700)
any_texts = st.text(max_size=400)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", SmsPlan("gsm7", 0, 1)),
        ("a" * 160, SmsPlan("gsm7", 160, 1)),
        ("a" * 161, SmsPlan("gsm7", 161, 2)),
        ("a" * 306, SmsPlan("gsm7", 306, 2)),
        ("a" * 307, SmsPlan("gsm7", 307, 3)),
        ("€" * 80, SmsPlan("gsm7", 160, 1)),
        ("€" * 81, SmsPlan("gsm7", 162, 2)),
        ("я" * 70, SmsPlan("ucs2", 70, 1)),
        ("я" * 71, SmsPlan("ucs2", 71, 2)),
        ("я" * 134, SmsPlan("ucs2", 134, 2)),
        ("я" * 135, SmsPlan("ucs2", 135, 3)),
        ("😀" * 35, SmsPlan("ucs2", 70, 1)),
    ],
)
def test_the_borders_of_a_part_are_those_of_the_standard(text, expected):
    assert plan(text) == expected


@pytest.mark.parametrize("letter", ["é", "ö", "ü", "Ö", "Ü", "Δ", "\n", "@"])
def test_letters_of_the_basic_table_keep_a_text_at_160(letter):
    assert plan("k" * 159 + letter) == SmsPlan("gsm7", 160, 1)


@pytest.mark.parametrize("letter", ["ő", "ű", "á", "í", "ó", "ú", "Ж", "`", "\t", "’"])
def test_one_letter_outside_the_tables_makes_the_whole_text_ucs2(letter):
    assert plan("a" * 69 + letter) == SmsPlan("ucs2", 70, 1)
    assert plan("a" * 70 + letter) == SmsPlan("ucs2", 71, 2)


def test_an_extension_pair_is_not_cut_between_two_parts():
    # 152 septets, then a pair: it begins the second part, which is then one septet too small for the rest.
    text = "a" * 152 + "€" + "a" * 152
    assert plan(text) == SmsPlan("gsm7", 306, 3)


def test_a_surrogate_pair_is_not_cut_between_two_parts():
    assert plan("я" * 66 + "😀" + "я" * 66) == SmsPlan("ucs2", 134, 3)


@given(gsm_texts)
def test_units_of_gsm_texts_count_an_extension_character_twice(text):
    found = plan(text)
    assert found.encoding == "gsm7"
    assert found.units == len(text) + sum(char in EXTENSION for char in text)


@given(any_texts)
def test_units_of_other_texts_are_utf16_code_units(text):
    found = plan(text + "я")
    assert found.encoding == "ucs2"
    assert found.units == len((text + "я").encode("utf-16-le")) // 2


@given(st.one_of(gsm_texts, any_texts))
def test_parts_hold_all_units_and_waste_at_most_one_in_each(text):
    found = plan(text)
    alone, joined = (160, 153) if found.encoding == "gsm7" else (70, 67)
    if found.units <= alone:
        assert found.parts == 1
    else:
        assert -(-found.units // joined) <= found.parts <= -(-found.units // (joined - 1))


@given(any_texts, st.characters())
def test_a_longer_text_never_takes_fewer_parts_nor_a_narrower_alphabet(text, more):
    shorter, longer = plan(text), plan(text + more)
    assert longer.parts >= shorter.parts
    assert (shorter.encoding, longer.encoding) != ("ucs2", "gsm7")
