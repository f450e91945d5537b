"""Which words of the source a translation was made from, and what is wrong with a flow's words."""

import shutil
import unicodedata
from pathlib import Path

import pytest
from click.testing import CliRunner

from app.cli import main
from app.config import ROOT
from app.flow.lint import lint
from app.flow.loader import digest, load, read_folder
from app.flow.source import Unreadable
from app.flow.text_places import in_english
from app.flow.translated import TRANSLATED, marked, source_hash, wording
from app.flow.wording import findings, missing, most_characters, reads_like, same_as_source, stale
from tests.flows import CATALOGUE, Edit, only, sound

SHIPPED = sorted(file.parent for file in (ROOT / "workflows").glob("*/flow.yaml"))


def noted(*edits: Edit) -> dict[str, str]:
    """The sound flow, its translations up to date, then edited."""
    files = sound()
    files[TRANSLATED] = marked(files, "hu", wording(files).every_key())
    for name, old, new in edits:
        assert old in files[name]
        files[name] = files[name].replace(old, new, 1)
    return files


def told(files: dict[str, str]) -> list[str]:
    """What lint or the loader says, rule and words; but for refusals, of which `tests.flows` tells."""
    loaded = load(files, CATALOGUE, "club")
    found = lint(loaded.flow, CATALOGUE, loaded.sources) if loaded.flow else loaded.findings
    return [str(each) for each in found if each.code != "F044"]


PHONE = ("texts.en.yaml", "label: Phone", "label: Your phone")


def test_a_translation_is_stale_once_its_source_reads_otherwise() -> None:
    assert told(noted()) == []
    there = wording(noted(PHONE))
    assert (there.source, there.translations) == ("en", ("hu",))
    assert stale(there, "hu") == ["fields.phone.label"]
    assert told(noted(PHONE)) == [
        "club/texts.hu.yaml:7:12: F051 The Hungarian text of 'fields.phone.label' is older than its English "
        "source. Translate it anew, or mark it as right: `narthex flows texts mark`."
    ]


def test_what_was_marked_again_is_not_stale_and_nothing_else_is_touched() -> None:
    files = noted(PHONE, ("texts.en.yaml", "label: Code", "label: Your code"))
    files[TRANSLATED] = marked(files, "hu", ["fields.phone.label"])
    assert stale(wording(files), "hu") == ["fields.pin.label"]


def test_without_the_file_nothing_is_stale_and_the_digest_is_what_it_was() -> None:
    files = sound(PHONE)
    assert stale(wording(files), "hu") == []
    loaded = load(files, CATALOGUE, "club")
    assert loaded.flow is not None
    assert loaded.flow.digest == digest({name: files[name] for name in files if name != TRANSLATED})
    assert load(noted(), CATALOGUE).flow.digest != load(sound(), CATALOGUE).flow.digest  # type: ignore[union-attr]


def test_the_source_may_be_another_language_than_the_first() -> None:
    files = sound()
    files[TRANSLATED] = "source: hu\n"
    files[TRANSLATED] = marked(files, "en", ["fields.phone.label"])
    assert files[TRANSLATED].startswith("source: hu\nen:\n") or "source: hu\nen:\n" in files[TRANSLATED]
    files["texts.hu.yaml"] = files["texts.hu.yaml"].replace("label: Telefon", "label: Telefonszám")
    assert stale(wording(files), "en") == ["fields.phone.label"]


def test_a_comment_at_its_head_stays_and_entries_of_lost_keys_go() -> None:
    files = noted()
    files[TRANSLATED] = "# Ours.\n" + files[TRANSLATED].replace("hu:\n", "hu:\n  lost.key: 'aaaaaaaaaaaa'\n")
    assert told(files) == ["club/translated.yaml:5:13: F009 The entry 'lost.key' is not used by any step."]
    anew = marked(files, "hu", [])
    assert anew.startswith("# Ours.\n")
    assert "lost.key" not in anew


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (
            "hu: {fields.phone.label: nonsense}",
            "club/translated.yaml:1:26: F000 Hu.fields.phone.label: 'nonsense'",
        ),
        (
            "hungarian: {}",
            "club/translated.yaml:1:1: F000 'hungarian' is not known here. Known: bg, en, hu, source.",
        ),
        ("source: fr", "club/translated.yaml:1:9: F000 Source: 'fr' is none of the words known here"),
        ("hu: [", "club/translated.yaml:2:1: F000 This is no YAML"),
    ],
)
def test_the_file_is_read_as_strictly_as_the_others(content: str, says: str) -> None:
    files = {**sound(), TRANSLATED: content + "\n"}
    assert told(files)[0].startswith(says)
    with pytest.raises(Unreadable):
        wording(files)


def test_the_hash_is_of_the_composed_form() -> None:
    assert source_hash("Őszi") == source_hash(unicodedata.normalize("NFD", "Őszi"))
    assert source_hash("Őszi") != source_hash("Oszi")


@pytest.mark.parametrize(
    ("words", "forgotten"),
    [
        ("Enter your phone.", True),
        ("Send {code} again", True),
        ("Android", False),
        ("iPhone (iOS)", False),
        ("Apple Wallet", False),
        ("{brand}: {code}", False),
        ("12 34", False),
    ],
)
def test_only_sentences_that_read_like_the_source_are_suspicious(words: str, forgotten: bool) -> None:
    assert reads_like(words, words) is forgotten
    assert not reads_like(words + " also", words)


def test_f051_a_text_nobody_translated() -> None:
    assert "is the English one, word for word" in only(
        "F051", ("texts.hu.yaml", "title: Kicsoda Ön?", "title: Who are you?")
    )


def test_a_cell_is_told_everything_that_is_wrong_with_it() -> None:
    files = noted(
        ("texts.hu.yaml", "Az Ön kódja: {code}", "Az Ön {kod} kódja {"),
        ("texts.hu.yaml", "  later: {title: Jöjjön vissza később}\n", ""),
        ("texts.hu.yaml", "label: Telefon", "label: " + "Telefon" * 30),
    )
    files["texts.hu.yaml"] += "states.gone.title: Eltűnt\nodd.one: Furcsa\n"
    there = wording(files)
    spec = load(sound(), CATALOGUE).flow.spec  # type: ignore[union-attr]
    found = {
        (each.sort, each.key): each for key in there.every_key() for each in findings(there, key, "hu", spec)
    }
    placed = found["placeholders", "messages.door_code.sms"]
    assert (placed.lacking, placed.extra) == (("code",), ("kod",))
    assert found.keys() == {
        ("placeholders", "messages.door_code.sms"),
        ("brace", "messages.door_code.sms"),
        ("missing", "states.later.title"),
        ("long", "fields.phone.label"),
        ("unknown_key", "states.gone.title"),
        ("unknown_key", "odd.one"),
    }
    assert missing(there, "hu") == ["states.later.title"]
    assert missing(there, "en") == ["states.gone.title", "odd.one"]


def test_places_are_told_in_words() -> None:
    assert in_english("states.form.buttons.submit") == "page 'form', button 'submit'"
    assert in_english("messages.card_link.sms") == "message 'card_link', sms"
    assert in_english("flow.title") == "flow, title"
    assert most_characters("states.form.buttons.submit") < most_characters("states.form.body.1")


@pytest.mark.parametrize("folder", SHIPPED, ids=lambda folder: folder.name)
def test_the_shipped_flows_have_nothing_to_translate(folder: Path) -> None:
    files = read_folder(folder)
    there = wording(files)
    spec = load(files, _catalogue()).flow.spec  # type: ignore[union-attr]
    for language in there.languages:
        assert [each for key in there.every_key() for each in findings(there, key, language, spec)] == []
    for language in there.translations:
        assert set(there.translated.made_from(language)) == set(there.words(there.source))
        assert same_as_source(there, language) == []


def _catalogue():  # type: ignore[no-untyped-def]
    from app import wiring

    return wiring.catalogue()


def narthex(*words: str) -> tuple[int, str]:
    done = CliRunner().invoke(main, words)
    return done.exit_code, done.output


def test_the_command_marks_what_it_is_told_to(tmp_path: Path) -> None:
    folder = tmp_path / "ecard"
    shutil.copytree(ROOT / "workflows" / "ecard", folder)
    before = (folder / TRANSLATED).read_bytes()
    assert narthex("flows", "texts", "mark", str(folder)) == (0, "en: 82 texts up to date with bg.\n")
    assert (folder / TRANSLATED).read_bytes() == before, "nothing was new"
    texts = folder / "texts.bg.yaml"
    texts.write_text(
        texts.read_text()
        .replace("label: Имейл адрес", "label: Имейл")
        .replace("submit: Изпрати", "submit: Напред")
    )
    lint_says = narthex("flows", "lint", str(folder))[1]
    assert lint_says.count("F051") == 2
    assert narthex("texts", "mark", str(folder), "--key", "fields.email.label")[0] == 0
    assert narthex("flows", "lint", str(folder))[1].count("F051") == 1
    status, says = narthex("texts", "mark", str(folder), "--lang", "hu")
    assert (status, "'hu' is no language that is translated into here" in says) == (2, True)
    status, says = narthex("texts", "mark", str(folder), "--key", "fields.emial.label")
    assert (status, "Did you mean 'fields.email.label'?" in says) == (2, True)
