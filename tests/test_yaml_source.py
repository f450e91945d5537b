"""Definitions are read strictly, and a hostile file costs nothing."""

import json
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.flow.source import DEEPEST, LARGEST, MOST_NODES, Unreadable, read, read_kept


def data(text: str) -> object:
    return read(text, "flow.yaml").data


def refused(text: str) -> str:
    with pytest.raises(Unreadable) as caught:
        read(text, "flow.yaml")
    assert caught.value.finding.code == "F000"
    assert str(caught.value) == str(caught.value.finding)
    return str(caught.value)


WORDS = [
    "on", "off", "yes", "no", "y", "True", "NULL", "12:30", "1.10",
    "1e3", "0888123456", "+359888123456", "2026-11-23", "0x1F", "0o17", "1_000", "-0", "00", "=",
]  # fmt: skip


@pytest.mark.parametrize("word", [*WORDS, "9" * 16, "9" * 5000])
def test_words_stay_words(word):
    assert data(f"key: {word}") == {"key": word}


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("true", True),
        ("false", False),
        ("null", None),
        ("~", None),
        ("", None),
        ("0", 0),
        ("-7", -7),
        ("42", 42),
        ("'true'", "true"),
        ('"42"', "42"),
        ("''", ""),
    ],
)
def test_little_is_more_than_a_word(written, meant):
    got = data(f"key: {written}")["key"]
    assert got == meant and type(got) is type(meant)


def test_on_is_a_key_like_any_other():
    assert data("on: submit\nno: 1") == {"on": "submit", "no": 1}


def test_an_empty_file_holds_nothing():
    assert data("") is None
    assert data("# only a comment\n") is None


@pytest.mark.parametrize(
    ("text", "place", "cure"),
    [
        ("a: 1\nb: 2\na: 3", "3:1", "'a' stands here twice, first in line 1"),
        ("a: {b: 1, 'b': 2}", "1:11", "'b' stands here twice"),
        ("1: x", "1:1", "Put it in quotes"),
        ("true: x", "1:1", "The key 'true' is no text"),
        ("~: x", "1:1", "is no text"),
        ("? [a, b]\n: x", "1:3", "where a key is expected"),
        ("a: &x [1]\nb: *x", "1:4", "'&x' refers to another place"),
        ("a: *x", "1:4", "'*x' refers to another place"),
        ("a: !!python/object/apply:os.system [id]", "1:4", "The tag"),
        ("a: !!str 1", "1:4", "The tag"),
        ("a: ! b", "1:4", "The tag"),
        ("a: 1\n<<: {b: 2}", "2:1", "Mappings are not merged"),
        ("a: 1\n---\nb: 2", "2:1", "A second document"),
        ("%YAML 1.1\n---\na: 1", ":1", "Directives are not read"),
        ("%TAG ! tag:x,2000:\n---\na: 1", ":1", "Directives are not read"),
        ("a: .nan", "1:4", "no number we know"),
        ("a: -.INF", "1:4", "no number we know"),
        ("a: 1\n b: 2", "2:3", "Put a text that contains ': ' in quotes"),
        ("a:\n\tb: 1", "2:1", "Indent with spaces"),
        ("a: 'x", ":1:", "Close the quote"),
        ("a: @x", "1:4", "in quotes"),
        ("a: [1, 2", "", "quotes and brackets are closed"),
        ("a: x\x00y", "1:5", "U+0000"),
        ("a: 1\nb: x\u202ey", "2:5", "U+202E"),
        ("a: x\u2028y", "1:5", "U+2028"),
        ('a: "x\\0y"', "1:4", "U+0000"),
        ("a: \ud800", "1:4", "U+D800"),
        ("a: b\ufeff", "1:5", "U+FEFF"),
    ],
)
def test_what_yaml_offers_besides_is_refused_with_place_and_cure(text, place, cure):
    message = refused(text)
    assert message.startswith("flow.yaml:") and place in message
    assert cure in message


def test_a_byte_order_mark_at_the_beginning_is_read_over():
    assert data("\ufeffa: 1") == {"a": 1}


def test_a_file_of_ten_megabytes_is_refused_by_its_size():
    assert "larger than 1 MiB" in refused("a: 1\n" * 2_000_000)
    assert "larger than 1 MiB" in refused("я" * (LARGEST // 2 + 1))


@pytest.mark.parametrize("nest", ["[", "{a: ", "- "])
def test_a_hundred_thousand_levels_are_refused_at_the_forty_first(nest):
    assert f"Nested deeper than {DEEPEST}" in refused(nest * 100_000)


def test_forty_levels_are_read():
    got = data("[" * DEEPEST + "]" * DEEPEST)
    for _ in range(DEEPEST - 1):
        (got,) = got
    assert got == []


def test_a_bomb_of_aliases_does_not_go_off():
    lines = ["a0: &a0 [lol, lol, lol, lol, lol, lol, lol, lol, lol]"]
    lines += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]" for n in range(1, 10)]
    assert "refers to another place" in refused("\n".join(lines))


def test_too_many_values_are_refused():
    assert len(data("[" + "a," * (MOST_NODES - 1) + "]")) == MOST_NODES - 1
    assert "more than 50,000 values" in refused("[" + "a," * MOST_NODES + "]")


TEXT = """\
initial: form
states:
  form:
    kind: form
    back:
    fields: [email, {a: b}]
    transitions:
      - id: found
        dest: done
      - {id: lost, dest: form}
"""


@pytest.mark.parametrize(
    ("path", "mark"),
    [
        ((), (1, 1)),
        (("initial",), (1, 10)),
        (("states",), (2, 1)),
        (("states", "form"), (3, 3)),
        (("states", "form", "kind"), (4, 11)),
        (("states", "form", "back"), (5, 5)),
        (("states", "form", "fields"), (6, 5)),
        (("states", "form", "fields", 0), (6, 14)),
        (("states", "form", "fields", 1, "a"), (6, 25)),
        (("states", "form", "transitions", 0), (8, 9)),
        (("states", "form", "transitions", 1, "dest"), (10, 26)),
        (("states", "form", "transitions", 7, "dest"), (7, 5)),
        (("states", "nowhere", "kind"), (2, 1)),
        (("nothing", 3), (1, 1)),
    ],
)
def test_every_value_has_a_place_and_what_is_not_there_its_parents(path, mark):
    assert read(TEXT, "x").mark(path) == mark


def test_a_key_has_a_place_of_its_own():
    assert read(TEXT, "x").mark(("states", "form", "kind"), key=True) == (4, 5)


@given(st.text(st.characters(codec=None), max_size=200))
def test_any_text_is_read_or_unreadable(text):
    try:
        read(text, "x")
    except Unreadable as unreadable:
        assert unreadable.finding.line >= 1 and unreadable.finding.column >= 1


@given(
    st.lists(st.sampled_from([*"[]{}:-?,&*!|>'\"%@`#~ \n\t", "a", "b: ", "- ", "<<", "---\n", "1", "\\x"]))
)
def test_any_yaml_like_text_is_read_or_unreadable(parts):
    with suppress(Unreadable):
        read("".join(parts), "x")


_WORDS = st.text(st.characters(min_codepoint=32, max_codepoint=0x24F, exclude_categories=["Cc"]), max_size=12)
_DATA = st.recursive(
    st.none() | st.booleans() | st.integers(-(10**14), 10**14) | _WORDS,
    lambda each: st.lists(each, max_size=4) | st.dictionaries(_WORDS, each, max_size=4),
    max_leaves=20,
)


@given(_DATA)
def test_what_is_written_as_json_comes_back_the_same(written):
    assert data(json.dumps(written, ensure_ascii=False)) == written


@pytest.mark.parametrize(
    "text",
    ["a" * (LARGEST - 1), "'" + "x\n" * (LARGEST // 2 - 2), "[" * LARGEST, "&a " * 9_999, "? " * 9_999],
)
def test_a_file_at_the_limits_is_answered(text):
    with suppress(Unreadable):
        read(text, "x")


def test_a_file_read_again_is_not_parsed_again_unless_it_changed_or_has_another_name():
    first = read_kept("a: [1]", "flow.yaml")
    assert read_kept("a: [1]", "flow.yaml") is first
    assert read_kept("a: [2]", "flow.yaml").data == {"a": [2]}
    assert read_kept("a: [1]", "other.yaml").path == "other.yaml"


def test_what_cannot_be_read_stays_unreadable_and_what_is_large_is_not_kept():
    for _ in range(2):
        with pytest.raises(Unreadable):
            read_kept("a: [", "flow.yaml")
    large = "a: " + "x" * 70_000
    assert read_kept(large, "flow.yaml") is not read_kept(large, "flow.yaml")
