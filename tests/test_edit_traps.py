"""How edits are written, in each of the ways in which YAML is laid out."""

import pytest

from app.flow.edit import ABSENT, FIRST, DoesNotFit, Edit, Insert, Move, Remove, Rename, SetValue, apply

F = "f.yaml"


def after(text: str, edit: Edit) -> str:
    return apply({F: text}, edit)[F]


CASES: dict[str, tuple[str, Edit, str]] = {
    "a comment behind a value stays": (
        "a: 1   # why\nb: 2\n", SetValue(F, ("a",), "x", 1), "a: x   # why\nb: 2\n"),
    "quotes stay": (
        "a: 'x'\nb: \"y\"\n", SetValue(F, ("a",), "it's", "x"), "a: 'it''s'\nb: \"y\"\n"),
    "a word that would be a number is quoted": (
        "a: x\n", SetValue(F, ("a",), "12", "x"), 'a: "12"\n'),
    "a key with nothing behind it": (
        "a:   # later\nb: 2\n", SetValue(F, ("a",), "x", None), "a: x   # later\nb: 2\n"),
    "a mapping below a key with nothing": (
        "a:   # later\nb: 2\n", Insert(F, ("a", "c"), 1), "a:   # later\n  c: 1\nb: 2\n"),
    "a list below a key with nothing": (
        "a:\nb: 2\n", Insert(F, ("a", "#x"), {"id": "x"}), "a:\n  - {id: x}\nb: 2\n"),
    "an empty mapping": (
        "a: {}  # none\nb: 2\n", Insert(F, ("a", "c"), {"d": 1}), "a:  # none\n  c:\n    d: 1\nb: 2\n"),
    "the last entry goes": (
        "a:  # some\n  # about c\n  c: 1\nb: 2\n", Remove(F, ("a", "c"), 1), "a: {}  # some\nb: 2\n"),
    "a comment above goes with its key": (
        "a: 1\n# about b\nb: 2\nc: 3\n", Remove(F, ("b",), 2), "a: 1\nc: 3\n"),
    "a comment apart stays": (
        "a: 1\n\n# part two\n\nb: 2\nc: 3\n", Remove(F, ("b",), 2), "a: 1\n\n# part two\n\nc: 3\n"),
    "a comment above moves with its key": (
        "a: 1\n# about b\nb: 2  # two\nc: 3\n", Move(F, ("b",), FIRST),
        "# about b\nb: 2  # two\na: 1\nc: 3\n"),
    "the words at the head belong to the file": (
        "# The flow\na: 1\nb: 2\n", Move(F, ("a",)), "# The flow\nb: 2\na: 1\n"),
    "plain text over several lines": (
        "a: one\n  two\n  three  # so\nb: 2\n", SetValue(F, ("a",), "x", "one two three"),
        "a: x  # so\nb: 2\n"),
    "quoted text over several lines": (
        'a: "one\n  two"\nb: 2\n', SetValue(F, ("a",), "x", "one two"), 'a: "x"\nb: 2\n'),
    "a literal block": (
        "a: |  # so\n  one\n  two\nb: 2\n", SetValue(F, ("a",), "x\ny\n", "one\ntwo\n"),
        "a: |  # so\n  x\n  y\nb: 2\n"),
    "a literal block that becomes one line stays a block": (
        "a: |\n  one\n  two\nb: 2\n", SetValue(F, ("a",), "x", "one\ntwo\n"), "a: |-\n  x\nb: 2\n"),
    "a folded block": (
        "a: >\n  one\n  two\n\nb: 2\n", SetValue(F, ("a",), "x y\n", "one two\n"), "a: >\n  x y\n\nb: 2\n"),
    "a text that gets line breaks": (
        "a: one  # so\nb: 2\n", SetValue(F, ("a",), "x\ny", "one"), "a: |-  # so\n  x\n  y\nb: 2\n"),
    "a text with line breaks in brackets": (
        "{a: one, b: 2}\n", SetValue(F, ("a",), "x\ny", "one"), '{a: "x\\ny", b: 2}\n'),
    "a block at the end of a file without a last break": (
        "a: |\n  one", Insert(F, ("b",), 2), "a: |-\n  one\nb: 2"),
    "a block before a comment without a last break": (
        "a: |\n  one\n# end", Insert(F, ("b",), 2), "a: |\n  one\nb: 2\n# end"),
    "a file without a last break": (
        "a: 1", Insert(F, ("b",), 2), "a: 1\nb: 2"),
    "lines that end as on Windows": (
        "a: 1\r\nb:\r\n  c: 2\r\n", Insert(F, ("b", "d"), {"e": "x\ny"}),
        "a: 1\r\nb:\r\n  c: 2\r\n  d:\r\n    e: |-\r\n      x\r\n      y\r\n"),
    "a file of comments alone": (
        "# nothing yet\n", Insert(F, ("a",), {"b": 1}), "# nothing yet\na:\n  b: 1\n"),
    "a mark at the beginning": (
        "\ufeffa: 1\n", SetValue(F, ("a",), 2, 1), "\ufeffa: 2\n"),
    "keys in quotes and with dots": (
        'body: {"1": Едно, "2": Две}\nbody.3: x\n', Insert(F, ("body", "4"), "Ő, ű", "2"),
        'body: {"1": Едно, "2": Две, "4": "Ő, ű"}\nbody.3: x\n'),
    "a renamed key keeps its quotes": (
        '"1": a  # so\nbody.2: b\n', Rename(F, ("1",), "3"), '"3": a  # so\nbody.2: b\n'),
    "a renamed item": (
        "- {id: a, x: 1}\n- id: b\n", Rename(F, ("#b",), "c"), "- {id: a, x: 1}\n- id: c\n"),
    "brackets take a new item": (
        "a: [x, y]  # two\n", Insert(F, ("a", 0), "z", 0), "a: [x, z, y]  # two\n"),
    "brackets lose an item": (
        "a: [x, y, z]\n", Remove(F, ("a", 0), "x"), "a: [y, z]\n"),
    "brackets over several lines": (
        "a: [\n  x,  # first\n  y   # second\n]\n", Insert(F, ("a", 0), "z"),
        "a: [\n  x,  # first\n  y,   # second\n  z\n]\n"),
    "a list at its key's own column": (
        "a:\n- x\n- y\nb: 2\n", Insert(F, ("a", 0), "z", FIRST), "a:\n- z\n- x\n- y\nb: 2\n"),
    "the first key behind a dash goes": (
        "- id: a\n  b: 1\n", Remove(F, (0, "id"), "a"), "- b: 1\n"),
    "a key before the first behind a dash": (
        "- b: 1\n  c: 2\n", Insert(F, (0, "a"), 0, FIRST), "- a: 0\n  b: 1\n  c: 2\n"),
    "a transition on one line like its neighbours": (
        "t:\n  - {id: a, trigger: go, dest: x}\n",
        Insert(F, ("t", "#b"), {"id": "b", "trigger": "go", "dest": "y", "unless": ["c", {"d": "no"}]}),
        't:\n  - {id: a, trigger: go, dest: x}\n  - {id: b, trigger: go, dest: y, unless: [c, {d: "no"}]}\n'),
    "a transition in lines like its neighbours": (
        "t:\n  - id: a\n    dest: x\n", Insert(F, ("t", "#b"), {"id": "b", "dest": "y"}),
        "t:\n  - id: a\n    dest: x\n  - id: b\n    dest: y\n"),
    "a state among states": (
        "states:\n  a:\n    kind: form\n    back: {to: b, keep: all}\n\n  b:\n    kind: message\n",
        Insert(F, ("states", "c"), {"kind": "message", "back": {"to": "a", "keep": "all"}}, "a"),
        "states:\n  a:\n    kind: form\n    back: {to: b, keep: all}\n\n"
        "  c:\n    kind: message\n    back: {to: a, keep: all}\n\n  b:\n    kind: message\n"),
    "a comment between a key and its value": (
        "a:\n  # why\n  x  # so\n", SetValue(F, ("a",), {"b": 1}, "x"), "a:\n  # why\n  # so\n  b: 1\n"),
    "a key with a question mark and no value": (
        "? a\n? b\n", SetValue(F, ("b",), [1], None), "? a\nb: [1]\n"),
    "a value that was not there": (
        "a: 1\n", SetValue(F, ("b",), True, ABSENT), "a: 1\nb: true\n"),
    "a scenario is called by its name": (
        "- name: One\n  steps: [{at: a}]\n- name: Two\n  steps: []\n",
        SetValue(F, ("#Two", "steps"), [{"at": "b"}], []),
        "- name: One\n  steps: [{at: a}]\n- name: Two\n  steps: [{at: b}]\n"),
}  # fmt: skip


@pytest.mark.parametrize("case", CASES)
def test_an_edit_is_written_as_people_would(case: str) -> None:
    before, edit, wanted = CASES[case]
    assert after(before, edit) == wanted


def test_a_transition_too_long_for_one_line_is_written_in_lines() -> None:
    way = {
        "id": "b",
        "trigger": "submit",
        "dest": "y",
        "conditions": [f"condition_number_{n}" for n in range(4)],
    }
    written = after("t:\n  - {id: a, trigger: go, dest: x}\n", Insert(F, ("t", "#b"), way))
    assert "  - id: b\n    trigger: submit\n    dest: y\n    conditions: [condition_number_0, " in written


REFUSED: dict[str, tuple[str, Edit, str]] = {
    "nothing there": ("a: 1\n", SetValue(F, ("b",), 2, 1), "gone"),
    "something else there": ("a: 1\n", SetValue(F, ("a",), 3, 2), "changed"),
    "a truth is no number": ("a: true\n", Remove(F, ("a",), 1), "changed"),
    "something there already": ("a: 1\n", Insert(F, ("a",), 2), "there_already"),
    "the new name is taken": ("a: 1\nb: 2\n", Rename(F, ("a",), "b"), "there_already"),
    "the sibling is not there": ("a: 1\n", Insert(F, ("b",), 2, "c"), "gone"),
    "a mapping below a word": ("a: 1\n", Insert(F, ("a", "b"), 2), "changed"),
    "no YAML": ("a: [\n", Insert(F, ("b",), 2), "unreadable"),
    "a number with a point": ("a: 1\n", SetValue(F, ("a",), 1.5, 1), "not_written_so"),
    "a sign nobody sees": ("a: 1\n", SetValue(F, ("a",), "x\x00", 1), "not_written_so"),
    "a number too long": ("a: 1\n", SetValue(F, ("a",), 10**20, 1), "not_written_so"),
    "a key that is no text": ("a: 1\n", SetValue(F, ("a",), {1: 2}, 1), "not_written_so"),
    "an item that is called otherwise": ("- id: a\n", Insert(F, ("#b",), {"id": "c"}), "not_written_so"),
    "no such file": ("", Remove("g.yaml", ("a",), 1), "gone"),
}  # fmt: skip


@pytest.mark.parametrize("case", REFUSED)
def test_an_edit_that_does_not_fit_says_why(case: str) -> None:
    text, edit, code = REFUSED[case]
    with pytest.raises(DoesNotFit) as refused:
        apply({F: text}, edit)
    assert refused.value.code == code
    assert refused.value.edit is edit


def test_what_stands_there_instead_is_told() -> None:
    with pytest.raises(DoesNotFit) as refused:
        after("a: {b: 2}\n", SetValue(F, ("a", "b"), 3, 1))
    assert refused.value.place == ("a", "b")
    assert refused.value.params == {"theirs": 2}
