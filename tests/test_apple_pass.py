"""The Apple pass as a phone takes it apart: zip, manifest, CMS signature, pass.json and its words."""

import codecs
import hashlib
import io
import json
import re
import subprocess
import zipfile
from dataclasses import fields, replace
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.gateways.wallet import artwork
from app.gateways.wallet.apple import AppleSigner, build_pass
from app.gateways.wallet.apple_strings import look_up_keys, strings_files
from app.gateways.wallet.card import LABELS, Card, PassIncomplete, PassTexts
from app.gateways.wallet.demo_keys import DemoKeys, make_demo_keys
from tests.wallet_samples import BRAND, BULGARIAN, CANARY_ID, ENGLISH, HOLDER, NOW, TEXTS, new_card


@pytest.fixture(scope="module")
def keys(tmp_path_factory: pytest.TempPathFactory) -> DemoKeys:
    return make_demo_keys(tmp_path_factory.mktemp("wallet") / "keys", NOW)


@pytest.fixture(scope="module")
def signer(keys: DemoKeys) -> AppleSigner:
    return AppleSigner.load(keys.certificate, keys.wwdr, keys.key)


def unpacked(pkpass: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(pkpass)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def pass_json(pkpass: bytes) -> dict[str, Any]:
    return json.loads(unpacked(pkpass)["pass.json"])


def openssl_verifies(files: dict[str, bytes], keys: DemoKeys, folder: Path) -> bool:
    for name in ("manifest.json", "signature"):
        (folder / name).write_bytes(files[name])
    command = ["openssl", "smime", "-verify", "-binary", "-inform", "DER", "-in", str(folder / "signature")]
    command += ["-content", str(folder / "manifest.json"), "-CAfile", str(keys.root), "-out", "/dev/null"]
    command += ["-attime", str(int(NOW.timestamp()))]
    return subprocess.run(command, capture_output=True, check=False).returncode == 0


def field_of(made: dict[str, Any], key: str) -> dict[str, Any]:
    return next(each for group in made["generic"].values() for each in group if each["key"] == key)


def parsed_strings(content: bytes) -> dict[str, str]:
    assert content.startswith(codecs.BOM_UTF16_LE)
    text = content.decode("utf-16")
    pairs = re.findall(r'"((?:[^"\\]|\\.)*)" = "((?:[^"\\]|\\.)*)";\n', text)
    assert "".join(f'"{key}" = "{value}";\n' for key, value in pairs) == text
    return {unescaped(key): unescaped(value) for key, value in pairs}


def unescaped(text: str) -> str:
    return re.sub(r"\\(.)", lambda found: {"n": "\n", "r": "\r"}.get(found[1], found[1]), text)


def test_openssl_verifies_the_signature_up_to_the_root(keys, signer, tmp_path):
    assert openssl_verifies(unpacked(build_pass(new_card(), BRAND, TEXTS, signer)), keys, tmp_path)


def test_one_changed_byte_of_the_manifest_breaks_the_signature(keys, signer, tmp_path):
    files = unpacked(build_pass(new_card(), BRAND, TEXTS, signer))
    manifest = bytearray(files["manifest.json"])
    manifest[-3] ^= 1
    assert not openssl_verifies({**files, "manifest.json": bytes(manifest)}, keys, tmp_path)


def test_a_manifest_of_several_lines_is_signed_as_it_is(keys, signer, tmp_path):
    manifest = b'{\n"pass.json": "x"\n}\n'
    assert openssl_verifies({"manifest.json": manifest, "signature": signer.sign(manifest)}, keys, tmp_path)


def test_the_manifest_names_every_file_with_its_hash(signer):
    files = unpacked(build_pass(new_card(), BRAND, TEXTS, signer))
    contents = {
        name: content for name, content in files.items() if name not in {"manifest.json", "signature"}
    }
    hashes = {name: hashlib.sha1(content).hexdigest() for name, content in contents.items()}
    assert json.loads(files["manifest.json"]) == hashes
    assert {"icon.png", "icon@2x.png", "logo.png", "bg.lproj/pass.strings", "en.lproj/pass.strings"} <= set(
        files
    )


def test_the_pass_carries_the_card_and_names_of_its_certificate(keys, signer):
    card = new_card()
    made = pass_json(build_pass(card, BRAND, TEXTS, signer))
    assert made["formatVersion"] == 1
    assert made["passTypeIdentifier"] == keys.pass_type_id
    assert made["teamIdentifier"] == keys.team_id
    assert made["organizationName"] == BRAND.name
    assert made["serialNumber"] == card.serial
    assert made["sharingProhibited"] is True
    assert made["expirationDate"] == "2027-12-31T23:59:59+02:00"
    assert made["backgroundColor"] == "rgb(16, 96, 160)"
    assert field_of(made, "holder")["value"] == HOLDER
    assert field_of(made, "number")["value"] == card.number
    assert field_of(made, "insurer")["value"] == card.insurer
    assert field_of(made, "valid_until")["value"].startswith("2027-12-31T")
    assert field_of(made, "phones")["value"] == "\n".join(card.phones)
    assert "voided" not in made


def test_the_barcode_is_the_card_number_in_utf_8(signer):
    made = pass_json(build_pass(new_card(number="ЗОК-7"), BRAND, TEXTS, signer))
    code = {"format": "PKBarcodeFormatQR", "message": "ЗОК-7", "messageEncoding": "utf-8", "altText": "ЗОК-7"}
    assert made["barcodes"] == [code]


def test_a_card_has_no_place_for_a_national_id(signer):
    assert not [each.name for each in fields(Card) if "national" in each.name or "egn" in each.name]
    for name, content in unpacked(build_pass(new_card(), BRAND, TEXTS, signer)).items():
        assert CANARY_ID.encode() not in content, name
        assert CANARY_ID.encode("utf-16-le") not in content, name


def test_people_and_tokens_are_not_in_a_cards_repr():
    card = new_card()
    for hidden in (card.holder, card.number, card.authentication_token):
        assert hidden not in repr(card)


def test_two_cards_differ_in_serial_and_token(signer):
    made = [
        pass_json(build_pass(new_card(), BRAND, TEXTS, signer, web_service_url="https://cards.example/apple"))
        for _ in range(2)
    ]
    for key in ("serialNumber", "authenticationToken"):
        assert made[0][key] != made[1][key]


@pytest.mark.parametrize("url", [None, "", "http://127.0.0.1:8000/apple"])
def test_without_an_https_address_there_is_no_web_service_and_no_token(signer, url):
    made = pass_json(build_pass(new_card(), BRAND, TEXTS, signer, web_service_url=url))
    assert "webServiceURL" not in made
    assert "authenticationToken" not in made


def test_a_voided_card_is_out_of_date_from_that_moment(signer):
    voided_at = NOW + timedelta(days=3)
    made = pass_json(build_pass(new_card(voided=True, updated_at=voided_at), BRAND, TEXTS, signer))
    assert made["voided"] is True
    assert datetime.fromisoformat(made["expirationDate"]) == voided_at


def test_a_card_voided_after_its_end_keeps_its_end(signer):
    card = new_card(voided=True, valid_until=date(2026, 1, 31))
    assert pass_json(build_pass(card, BRAND, TEXTS, signer))["expirationDate"] == "2026-01-31T23:59:59+02:00"


def test_open_ended_cover_shows_no_date(signer):
    made = pass_json(build_pass(new_card(valid_until=None), BRAND, TEXTS, signer))
    assert "expirationDate" not in made
    assert "headerFields" not in made["generic"]


def test_the_last_day_there_is_does_not_overflow(signer):
    made = pass_json(build_pass(new_card(valid_until=date.max, voided=True), BRAND, TEXTS, signer))
    assert datetime.fromisoformat(made["expirationDate"]) == NOW


@pytest.mark.parametrize(
    ("changes", "missing"),
    [
        ({"card": {"holder": " "}}, ("card.holder",)),
        ({"card": {"number": "", "insurer": ""}}, ("card.number", "card.insurer")),
        ({"card": {"authentication_token": "short"}}, ("card.authentication_token",)),
        ({"brand": {"name": ""}}, ("brand.name",)),
        ({"images": {"logo.png": b"x"}}, ("images.icon.png",)),
    ],
)
def test_a_pass_a_phone_would_refuse_is_never_signed(signer, changes, missing):
    card, brand = new_card(**changes.get("card", {})), replace(BRAND, **changes.get("brand", {}))
    with pytest.raises(PassIncomplete) as caught:
        build_pass(card, brand, TEXTS, signer, images=changes.get("images"))
    assert caught.value.missing == missing


def test_a_missing_translation_is_named_with_its_language(signer):
    texts = PassTexts("bg", {"bg": BULGARIAN, "en": {**ENGLISH, "phones": ""}})
    with pytest.raises(PassIncomplete, match=r"texts\.en\.phones"):
        build_pass(new_card(), BRAND, texts, signer)


def test_each_language_finds_its_own_words(signer):
    files = unpacked(build_pass(new_card(), BRAND, TEXTS, signer))
    made = json.loads(files["pass.json"])
    for language, words in (("bg", BULGARIAN), ("en", ENGLISH)):
        table = parsed_strings(files[f"{language}.lproj/pass.strings"])
        assert table[made["description"]] == words["title"]
        assert {key: table[field_of(made, key)["label"]] for key in LABELS if key != "title"} == {
            key: word for key, word in words.items() if key != "title"
        }


words = st.fixed_dictionaries({key: st.text(min_size=1, max_size=8) for key in LABELS})
few_words = st.fixed_dictionaries({key: st.sampled_from(['a"', "b\\", "c\n", "d"]) for key in LABELS})


@given(bg=words | few_words, en=words | few_words, values=st.sets(st.sampled_from(["d", "b\\"])))
def test_whatever_the_words_are_no_label_takes_anothers_translation(bg, en, values):
    texts = PassTexts("bg", {"bg": bg, "en": en})
    keys = look_up_keys(texts, values)
    for language, table in strings_files(texts, keys).items():
        found = parsed_strings(table)
        assert {key: found[keys[key]] for key in LABELS} == texts.by_language[language.split(".")[0]]
        assert not values & set(found)


def test_the_pictures_are_drawn_in_three_sizes_from_the_brands_colours():
    pictures = artwork.draw(BRAND)
    for name, size in (("icon.png", 29), ("icon@2x.png", 58), ("icon@3x.png", 87), ("logo@2x.png", 100)):
        header = pictures[name][:33]
        assert header.startswith(b"\x89PNG\r\n\x1a\n")
        assert int.from_bytes(header[16:20]) == int.from_bytes(header[20:24]) == size
    assert artwork.draw(BRAND)["icon.png"] != artwork.draw(replace(BRAND, background="#903010"))["icon.png"]


def test_own_pictures_take_the_place_of_the_drawn_ones(signer):
    files = unpacked(build_pass(new_card(), BRAND, TEXTS, signer, images={"icon.png": b"own"}))
    assert files["icon.png"] == b"own"
    assert "logo.png" not in files


@pytest.mark.parametrize("colour", ["red", "#fff", "#12345g"])
def test_a_colour_is_six_hexadecimal_digits(colour):
    with pytest.raises(ValueError, match="#rrggbb"):
        replace(BRAND, background=colour)


def test_a_card_without_a_time_zone_or_with_a_serial_unfit_for_a_url_is_not_made():
    with pytest.raises(ValueError, match="time zone"):
        new_card(updated_at=datetime(2026, 11, 23))  # noqa: DTZ001 - the mistake under test
    with pytest.raises(ValueError, match="serial"):
        new_card(serial="../1")
