"""Edits of words: where a new text goes, and what is noted of the source it was made from."""

from itertools import count

from app.flow.edit import apply_all
from app.flow.text_edits import edits_for
from app.flow.translated import TRANSLATED, marked, source_hash, wording
from app.flow.wording import TextChange
from tests.flows import sound


def after(files: dict[str, str], *changes: TextChange) -> dict[str, str]:
    return apply_all(files, edits_for(files, changes))


def test_a_source_that_changes_at_the_desk_makes_unnoted_translations_older() -> None:
    changed = after(sound(), TextChange("en", "fields.phone.label", "Your phone", "Phone"))
    there = wording(changed)
    assert there.translated.made_from("hu") == {"fields.phone.label": source_hash("Phone")}
    assert there.is_stale("hu", "fields.phone.label")


def test_a_new_text_goes_behind_the_one_before_it_in_the_source() -> None:
    files = sound(("texts.hu.yaml", "  later: {title: Jöjjön vissza később}\n", ""))
    back = after(files, TextChange("hu", "states.later.title", "Jöjjön vissza később", None))
    assert back["texts.hu.yaml"] == sound()["texts.hu.yaml"]


def test_a_whole_language_can_be_written_from_nothing_in_the_order_of_the_source() -> None:
    files = sound()
    words = wording(files).words("hu")
    del files["texts.hu.yaml"]
    made = after(files, *(TextChange("hu", key, said, None) for key, said in words.items()))
    assert list(wording(made).words("hu").items()) == list(words.items())
    assert made[TRANSLATED] == marked(sound(), "hu", words)


def test_a_hash_of_digits_alone_stays_a_word() -> None:
    words = next(each for each in map(str, count()) if source_hash(each).isdecimal())
    files = sound(("texts.en.yaml", "label: Phone", f'label: "{words}"'))
    assert marked(files, "hu", ["fields.phone.label"]).endswith(
        f'  fields.phone.label: "{source_hash(words)}"\n'
    )
    changed = after(files, TextChange("hu", "fields.phone.label", "Szám", "Telefon"))
    assert changed[TRANSLATED] == marked(changed, "hu", ["fields.phone.label"])
