"""A folder becomes a flow, or a list of everything that is wrong with it."""

import os

import pytest

from app.flow.definition import Condition
from app.flow.loader import digest, load, read_folder
from app.flow.source import LARGEST, Unreadable
from app.flow.step import decide
from app.flow.verdict import Verdict
from tests.flows import CATALOGUE, SOUND, Edit, WordOptions, flow, sound


def found(*edits: Edit) -> list[str]:
    loaded = load(sound(*edits), CATALOGUE, "club")
    assert loaded.flow is None or not loaded.findings
    return [str(finding) for finding in loaded.findings]


def only(*edits: Edit) -> str:
    (message,) = found(*edits)
    return message


def test_the_sound_flow_loads_with_everything_resolved():
    loaded = load(sound(), CATALOGUE, number=7)
    made = loaded.flow
    assert made is not None and loaded.findings == []
    assert made.number == 7 and made.name == "badge"
    assert made.field_options["number"] == WordOptions(max=8)
    assert made.kind_options["prove"].code == "door_code"
    assert made.guards["is_member"].guard == "known"
    assert made.guards["is_member"].options.answers == ("number", "phone")
    assert made.guards["link_live"].name == made.guards["link_live"].guard == "link_live"
    assert made.guards["form_valid"].options is not None
    assert made.text("hu", "messages.door_code.sms", code="X") == "Az Ön kódja: X"
    assert Condition("is_member", "unavailable") in made.ways("ask", "submit")[1].conditions


def test_a_loaded_flow_decides():
    made = load(sound(), CATALOGUE).flow
    assert made is not None
    taken = decide(made, "ask", "submit", lambda guard: Verdict.yes())
    assert taken.transition.id == "found"


def test_unknown_keys_are_named_with_place_and_the_nearest_right_word():
    assert only(flow("initial: ask", "initail: ask\ninitial: ask")) == (
        "club/flow.yaml:5:1: F000 'initail' is not known here. Did you mean 'initial'?"
    )
    assert only(flow("    kind: message\n    end: locked", "    kind: message\n    edn: locked")) == (
        "club/flow.yaml:96:5: F013 State 'locked': 'edn' is not known here. Did you mean 'end'?"
    )
    assert "Did you mean 'dest'?" in found(flow("dest: later,", "dset: later,"))[1]
    assert "Field 'number': 'maxx' is not known here. Did you mean 'max'?" in only(flow("max: 8", "maxx: 8"))
    assert "Did you mean 'register'?" in found(flow("known: {register:", "known: {regster:"))[1]


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("end: locked", "end: lokced", "State 'locked', end: 'lokced' is none of the words known here. Did"),
        ("back: locked", "back: lokced", "State 'sent', back: 'lokced' is none of the words known here. Did"),
        (
            "back: {to: ask}",
            "back: {too: ask}",
            "State 'prove', back: 'too' is not known here. Did you mean 'to'?",
        ),
        (
            "languages: [en, hu]",
            "languages: [en, de]",
            "Languages.2: 'de' is none of the words known here. Known",
        ),
        ("class: sensitive", "class: sensitiv", "Did you mean 'sensitive'?"),
        ("idle: 30 min", "idle: 30 minutes", "Lifetime.idle: write a duration as '30 s', '10 min', '24 h'"),
        ("lifetime: 24 h", "lifetime: 24", "State 'sent', lifetime: write a duration as"),
        ("lifetime: 24 h", "lifetime: nome", "State 'sent', lifetime: 'nome' is none of the words"),
        ("tries: 5", 'tries: "5"', "Code 'door_code', tries: '5' should be a whole number."),
        ("tries: 5", "tries: 0", "Code 'door_code', tries: '0': should be greater than or equal to 1."),
        ("tries: 5", "tries: yes", "Code 'door_code', tries: 'yes' should be a whole number."),
        ("max: 8", "optional: yes", "Field 'number', optional: 'yes' should be true or false."),
        ("typed: last 5", "typed: 5", "Code 'door_code', typed: '5' should be a text. Put it in quotes."),
        (
            "[is_member]",
            "[is member]",
            "transition 'found', conditions.1: 'is member' is not written as it should",
        ),
        ("[is_member]", "is_member", "transition 'found', conditions: 'is_member' should be a list. Write"),
        (
            "[{is_member: unavailable}]",
            "[{is_member: true}]",
            "conditions.1.is_member: true should be a text",
        ),
        ("[is_member]", "[{is_member: yes, link_live: no}]", "conditions.1: should hold at most 1 entry."),
        ("[is_member]", "[{}]", "conditions.1: should hold at least 1 entry."),
        (
            "  locked:\n",
            "  Locked up:\n",
            "State 'Locked up': 'Locked up' is not written as it should be. Write small",
        ),
        (
            "  is_member:\n",
            "  is_member:\n    link_live:\n",
            "Guard 'is_member': should hold at most 1 entry.",
        ),
        ("states:\n", "states: 3\nx:\n", "States: '3' should hold keys and values"),
        ("to: phone, valid", "valid", "Code 'door_code': 'to' is missing."),
    ],
)
def test_wrong_values_are_told_in_words(old, new, message):
    messages = found(flow(old, new))
    assert any(message in each for each in messages), messages
    assert messages[0].startswith("club/flow.yaml:")


@pytest.mark.parametrize(
    ("lacking", "line"), [("class: sensitive, ", 9), ("purpose: find the member, ", 9), (", keep: 7 days", 9)]
)
def test_a_field_that_does_not_say_what_becomes_of_it_is_refused(lacking, line):
    assert only(flow(lacking, "")).startswith(f"club/flow.yaml:{line}:3: F041 Field 'number' lacks '")


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        (
            "initial: ask",
            "initial: asks",
            "F008 The initial state 'asks' does not exist. Did you mean 'ask'?",
        ),
        (
            "dest: prove,",
            "dest: proof,",
            "State 'ask', transition 'found' names the state 'proof', which does not exist. Did you mean",
        ),
        ("dest: expired}", "dest: expierd}", "Transition 'expire' names the state 'expierd'"),
        (
            "back: {to: ask}",
            "back: {to: aks}",
            "State 'prove' names the state 'aks', which does not exist. Did you mean 'ask'?",
        ),
        ("page: fetch", "page: fecth", "Link 'badge_link' names the state 'fecth'"),
        ("channel: mail, to: phone", "channel: mail, to: phne", "Link 'badge_link' names the field 'phne'"),
        ("sms, to: phone", "sms, to: pone", "Code 'door_code' names the field 'pone'"),
        ("facts: door_code_right", "facts: door_code_rigt", "Card 'badge' names the guard 'door_code_rigt'"),
        ("subject: number", "subject: numer", "Card 'badge' names the field 'numer'"),
        ("per: {number", "per: {numbr", "Budget 'tries' names the field 'numbr'"),
        ("key: [number]", "key: [numbre]", "Register 'members' names the column 'numbre'"),
        ("search: [number]", "search: [nummer]", "Register 'members' names the column 'nummer'"),
        ("empty: [phone]", "empty: [phon]", "Register 'members' names the column 'phon'"),
        (
            "fields: [number, phone]\n    tr",
            "fields: [number, fone]\n    tr",
            "State 'ask' names the field 'fone'",
        ),
        ("register: members", "register: member", "Guard 'is_member' names the register 'member'"),
        (
            "fields: [number, phone], b",
            "fields: [number, phoen], b",
            "Guard 'is_member' names the field 'phoen'",
        ),
        ("budget: tries", "budget: trie", "Guard 'is_member' names the budget 'trie'"),
        (
            "right_code: {code: door_code,",
            "right_code: {code: dor_code,",
            "Guard 'door_code_right' names the code 'dor_code'",
        ),
        ("    code: door_code\n", "    code: door_cod\n", "State 'prove' names the code 'door_cod'"),
        (
            "[send door_code]",
            "[send door_cod]",
            "names the code or link 'door_cod', which does not exist. Did you mean 'door_code'?",
        ),
        ("issue badge,", "issue budge,", "transition 'right' names the card 'budge'"),
        (
            "[send door_code]",
            "[in_another_run latr]",
            "names the transition 'latr', which does not exist. Did you mean 'later'?",
        ),
    ],
)
def test_names_that_nobody_declared_are_told_with_the_nearest_that_is(old, new, message):
    told = only(flow(old, new))
    assert message in told
    assert ("F008" if "initial" in message else "F005") in told
    assert "Did you mean" in told or "Known:" in told


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        (
            "[is_member]",
            "[is_membr]",
            "names the guard 'is_membr', which is not known. Did you mean 'is_member'?",
        ),
        (
            "known: {",
            "nown: {",
            "Guard 'is_member' names the guard 'nown', which is not known. Did you mean 'known'?",
        ),
        (
            "kind: message",
            "kind: mesage",
            "State 'later' names the kind 'mesage', which is not known. Did you mean 'message'?",
        ),
        (
            "type: word",
            "type: wort",
            "Field 'number' names the field type 'wort', which is not known. Did you mean 'word'?",
        ),
        (
            "[send door_code]",
            "[sent door_code]",
            "names the effect 'sent', which is not known. Did you mean 'send'?",
        ),
        (
            "{is_member: unavailable}",
            "{is_member: unavailabel}",
            "waits for 'unavailabel', which 'is_member' never answers. Did you mean 'unavailable'?",
        ),
        ("no_tries_left}", "no_trys_left}", "'door_code_right' never answers. Did you mean 'no_tries_left'?"),
        ("no_tries_left}", "unavailable}", "waits for 'unavailable', which 'door_code_right' never answers."),
        (
            "[is_member]",
            "[known]",
            "'known' cannot be asked without options. Give it a name under `guards:`.",
        ),
        ("[send door_code]", "[send]", "'send' does not say of what. Known: badge_link, door_code."),
        ("badge_link, note]", "badge_link, note well]", "'note' takes no 'well'."),
        ("max: 8", "max: eight", "Field 'number', max: 'eight' should be a whole number."),
        ("    code: door_code\n", "", "State 'prove': 'code' is missing."),
        (
            "right_code: {code: door_code, field: pin}",
            "right_code:",
            "Guard 'door_code_right', right_code: 'code' is missing.",
        ),
    ],
)
def test_words_that_nobody_programmed_are_told(old, new, message):
    told = only(flow(old, new))
    assert " F013 " in told and message in told


def test_a_guard_whose_options_are_optional_each_but_not_all_is_not_asked_bare():
    assert "'may_send' cannot be asked without options" in only(flow("[link_may_go]", "[may_send]"))
    assert "say either `code` or `link`." in only(flow("may_send: {link: badge_link}", "may_send: {}"))


def test_a_guard_without_options_may_be_named_all_the_same():
    edits = (
        flow("  link_may_go:\n", "  fresh:\n    link_live:\n  link_may_go:\n"),
        flow("[link_live]", "[fresh]"),
    )
    made = load(sound(*edits), CATALOGUE).flow
    assert made is not None and made.guards["fresh"].guard == "link_live"


def test_reasons_of_the_fields_types_are_reasons_of_the_form():
    way = "      - {id: long, trigger: submit, dest: later, conditions: [{form_valid: too_long}]}\n"
    assert found(flow("    transitions:\n", f"    transitions:\n{way}")) == []
    told = only(flow("    transitions:\n", f"    transitions:\n{way.replace('too_long', 'too_wide')}"))
    assert "waits for 'too_wide', which 'form_valid' never answers" in told


def test_all_mistakes_of_all_files_are_told_at_once():
    messages = found(
        flow("dest: prove,", "dest: proof,"),
        flow("kind: message", "kind: mesage"),
        flow("max: 8", "max: eight"),
        ("theme.yaml", '"#205080"', '"#20508"'),
        ("texts.en.yaml", "label: Phone", "label: 12"),
        ("texts.hu.yaml", "label: Telefon", "label: ["),
    )
    assert [each.split(":")[0].removeprefix("club/") for each in messages] == [
        "flow.yaml", "flow.yaml", "flow.yaml", "texts.en.yaml", "texts.hu.yaml", "theme.yaml",
    ]  # fmt: skip
    assert "12" in messages[3] and "Put it in quotes" in messages[3]


def test_grammar_mistakes_are_told_together():
    assert (
        len(found(flow("tries: 5", "tries: 0"), flow("idle: 30 min", "idle: soon"), flow("hu]", "xx]"))) == 3
    )


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("states.ask.title: Again", "'states.ask.title' stands here twice, first in line"),
        ("extra: [a, b]", "'extra' holds a list."),
        ("extra:", "'extra' has no words."),
        ('extra: " "', "'extra' has no words."),
        ("extra: true", "'extra' is true, which is no text. Put it in quotes."),
        ("Extra: x", "The key 'Extra' is not written as it should be."),
        ("a..b: x", "The key 'a..b' is not written as it should be."),
    ],
)
def test_texts_are_plain_sentences_under_plain_keys(line, message):
    assert message in only(("texts.en.yaml", "", line))


def test_a_text_may_stand_under_a_dotted_key():
    made = load(sound(("texts.en.yaml", "", "states.ask.body.1: First.")), CATALOGUE).flow
    assert made is not None and made.text("en", "states.ask.body.1") == "First."


@pytest.mark.parametrize("file", ["flow.yaml", "theme.yaml"])
def test_a_file_that_is_not_there_is_told(file):
    files = sound()
    del files[file]
    (finding,) = load(files, CATALOGUE, "club").findings
    assert str(finding) == f"club/{file}:1:1: F000 There is no {file}. Add it."


@pytest.mark.parametrize("content", ["", "just words", "- a\n- list", "null"])
def test_files_without_keys_are_told(content):
    for name in ("flow.yaml", "theme.yaml", "texts.en.yaml"):
        loaded = load({**sound(), name: content}, CATALOGUE, "club")
        assert loaded.flow is None
        assert any("should hold keys and" in finding.text for finding in loaded.findings)


def test_the_digest_tells_contents_and_names_apart():
    files = sound()
    assert digest(files) == digest(dict(reversed(files.items())))
    assert digest(files).startswith("sha256:") and len(digest(files)) == 71
    different = [
        files,
        {**files, "flow.yaml": files["flow.yaml"] + " "},
        {**files, "scenarios.yaml": ""},
        {"a": "1", "b": "2"},
        {"a": "1b", "": "2"},
        {"a": "", "1b": "2"},
        {"a1:1": "b2"},
        {"ab": "12"},
    ]
    assert len({digest(each) for each in different}) == len(different)
    assert load(files, CATALOGUE).flow.digest == digest(files)


def test_a_folder_is_read_to_the_byte_and_only_the_definition(tmp_path):
    files = {**sound(), "texts.bg.yaml": "a: 1\r\n"}
    for name, text in files.items():
        (tmp_path / name).write_bytes(text.encode())
    (tmp_path / "scenarios.yaml").write_text("- name: people stand here, and no version holds them")
    (tmp_path / "notes.txt").write_text("nothing of ours")
    (tmp_path / "texts.en.yaml.bak").write_text("nothing of ours")
    (tmp_path / "registers").mkdir()
    assert read_folder(tmp_path) == files


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"a: 1\nb: \xff", ":2:4: F000 The file is not UTF-8. Save it as UTF-8."),
        ("a: ж".encode("cp1251"), ":1:4: F000 The file is not UTF-8."),
        (b"#" * (LARGEST + 1), ":1:1: F000 The file is larger than 1 MiB."),
    ],
)
def test_files_that_cannot_be_text_are_unreadable(tmp_path, content, message):
    (tmp_path / "flow.yaml").write_bytes(content)
    with pytest.raises(Unreadable) as caught:
        read_folder(tmp_path)
    assert str(caught.value).startswith(f"{tmp_path}/flow.yaml{message}")


def test_what_is_no_folder_of_a_flow_is_unreadable(tmp_path):
    with pytest.raises(Unreadable, match=r"There is no flow\.yaml here"):
        read_folder(tmp_path)
    with pytest.raises(Unreadable, match="cannot be read: No such file"):
        read_folder(tmp_path / "nowhere")
    os.mkfifo(tmp_path / "flow.yaml")
    with pytest.raises(Unreadable, match=r"There is no flow\.yaml here"):
        read_folder(tmp_path)


def test_the_sound_flow_lies_beside_the_tests():
    assert sorted(read_folder(SOUND)) == ["flow.yaml", "texts.en.yaml", "texts.hu.yaml", "theme.yaml"]
