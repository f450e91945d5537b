"""Every word a page needs is there, in every language, and lint says which is not."""

import pytest

from app.flow.lint import lint
from app.flow.loader import load
from tests.flows import CATALOGUE, Edit, codes, findings, flow, only, sound, worded


def text(lang: str, old: str, new: str) -> Edit:
    return f"texts.{lang}.yaml", old, new


def test_f050_a_text_that_one_language_lacks():
    told = only("F050", text("hu", "  later: {title: Jöjjön vissza később}\n", ""))
    assert told == "club/texts.hu.yaml:12:1: F050 'states.later.title' has no Hungarian text."
    assert "'states.ask.hint' has no English text." in only(
        "F050", ("texts.hu.yaml", "", "states.ask.hint: Kérem")
    )


def test_f050_what_the_flow_the_kinds_and_the_messages_need():
    told = findings(*[text(lang, *pair) for lang, pair in (
        ("en", ("title: Club badge, ", "")), ("hu", ("title: Klubkártya, ", "")),
        ("en", (", mail_subject: Your badge", "")), ("hu", (", mail_subject: Az Ön kártyája", "")),
    )])  # fmt: skip
    assert [f"{f.code} {f.text}" for f in told if "en" in f.path.split(".")] == [
        "F050 'flow.title' has no English text.",
        "F050 'messages.badge_link.mail_subject' has no English text.",
    ]
    assert len(told) == 4


def test_f050_a_language_without_a_file():
    files = sound()
    del files["texts.hu.yaml"]
    loaded = load(files, CATALOGUE, "club")
    (finding,) = [each for each in lint(loaded.flow, CATALOGUE, loaded.sources) if each.code == "F050"]
    assert str(finding).startswith(
        "club/flow.yaml:4:1: F050 There is no texts.hu.yaml, though the flow speaks Hung"
    )


def test_f050_a_theme_that_lacks_a_language():
    told = only(
        "F050", ("theme.yaml", "legal_name: {en: The Club, hu: A Klub}", "legal_name: {en: The Club}")
    )
    assert told == "club/theme.yaml:2:1: F050 'legal_name' has no Hungarian text."


def test_f052_placeholders_that_differ():
    told = only("F052", text("hu", "Az Ön kódja: {code}", "Az Ön kódja"))
    assert told.startswith("club/texts.hu.yaml:22:20:") and "'messages.door_code.sms' lacks {code}" in told
    assert "F052" in only("F052", text("hu", "kódja: {code}", "kódja: {code}, {other}"))


@pytest.mark.parametrize("words", ["{Code}", "{code", "{ code }", "{0}", "}"])
def test_f052_braces_that_are_no_placeholder(words):
    assert codes(*worded(f"states.ask.hint: 'See {words}'")) == {"F052"}


BOTH = {
    "F053:title": (
        ("  later: {title: Come back later}\n", ""),
        ("  later: {title: Jöjjön vissza később}\n", ""),
    ),
    "F053:label": (("    label: Phone\n", ""), ("    label: Telefon\n", "")),
    "F053:reason": (
        (", too_long: The phone is too long.", ""),
        (", too_long: A telefonszám túl hosszú.", ""),
    ),
    "F053:say": ((", say: {unknown: We do not find you.}", ""), (", say: {unknown: Nem találjuk.}", "")),
}


@pytest.mark.parametrize(
    ("case", "message"),
    [
        ("F053:title", "club/flow.yaml:54:3: F053 The page of 'later' has no title."),
        ("F053:label", "F053 The field 'phone' has no label. Add the text 'fields.phone.label'."),
        ("F053:reason", "F053 'phone' can fail as 'too_long', but there is no message for it."),
        ("F053:say", "club/flow.yaml:52:9: F053 'unknown' says 'unknown' on the page of 'ask'"),
    ],
)  # fmt: skip
def test_f053_words_that_no_language_has(case, message):
    english, hungarian = BOTH[case]
    assert message in only("F053", text("en", *english), text("hu", *hungarian))


def test_f053_two_errors_that_read_alike():
    told = only("F053", text("en", "too_long: The phone is too long.", "too_long: 'Enter  your phone.'"))
    assert (
        "'fields.phone.errors.required' and 'fields.phone.errors.too_long' have the same English text" in told
    )


def test_f053_an_optional_field_never_lacks_an_answer():
    gone = [
        text("en", "required: Enter your phone., ", ""),
        text("hu", "required: Adja meg a telefonszámát., ", ""),
    ]
    assert codes(*gone) == {"F053"}
    assert codes(*gone, flow("  phone: {type: phone,", "  phone: {type: phone, optional: true,")) == set()


def test_f009_a_language_the_flow_does_not_speak():
    assert "club/texts.bg.yaml:1:1: F009 The file 'texts.bg.yaml'" in only(
        "F009", ("texts.bg.yaml", "", "a: б")
    )
