"""Google's link as Google reads it: claims, signature, the card within the limit."""

import base64
import json
import re
from datetime import date
from typing import Any

import google.auth.jwt
import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from cryptography.hazmat.primitives.serialization import load_pem_private_key
from hypothesis import given
from hypothesis import strategies as st

from app.gateways.wallet.card import PassIncomplete, PassTexts
from app.gateways.wallet.demo_keys import DemoKeys, make_demo_keys
from app.gateways.wallet.google import LONGEST_JWT, SAVE, CardVoided, GoogleSigner, PassTooLong, save_url
from tests.wallet_samples import BRAND, BULGARIAN, CANARY_ID, ENGLISH, HOLDER, NOW, PHONES, TEXTS, new_card

ISSUER, CLASS = "3388000000012345678", "health_card"
ORIGINS = ("https://cards.example",)
SIXTY_LETTERS = "Щ" * 60


@pytest.fixture(scope="module")
def keys(tmp_path_factory: pytest.TempPathFactory) -> DemoKeys:
    return make_demo_keys(tmp_path_factory.mktemp("wallet") / "keys", NOW)


@pytest.fixture(scope="module")
def signer(keys: DemoKeys) -> GoogleSigner:
    return GoogleSigner.load(keys.service_account)


@pytest.fixture(scope="module")
def public_key(keys: DemoKeys) -> RSAPublicKey:
    entries = json.loads(keys.service_account.read_text())
    return load_pem_private_key(entries["private_key"].encode(), None).public_key()


def link(signer: GoogleSigner, card: Any, *, mode: Any = "private", texts: PassTexts = TEXTS) -> str:
    return save_url(
        card, BRAND, texts, signer, mode=mode, issuer_id=ISSUER, class_suffix=CLASS, origins=ORIGINS, now=NOW
    )


def claims_of(url: str, public_key: RSAPublicKey) -> dict[str, Any]:
    # PyJWT checks the signature and the audience; the clock is ours, so that it must not ask its own.
    return jwt.decode(
        url.removeprefix(SAVE), public_key, ["RS256"], audience="google", options={"verify_iat": False}
    )


def private_pass_of(url: str, public_key: RSAPublicKey) -> dict[str, Any]:
    [made] = claims_of(url, public_key)["payload"]["genericPrivatePasses"]
    return made


def rows_of(made: dict[str, Any]) -> dict[str, str]:
    return {row["header"]: row["body"] for row in made["textModulesData"]}


def test_the_claims_are_exactly_googles(signer, public_key):
    claims = claims_of(link(signer, new_card()), public_key)
    assert {key: value for key, value in claims.items() if key != "payload"} == {
        "iss": signer.email,
        "aud": "google",
        "typ": "savetowallet",
        "iat": int(NOW.timestamp()),
        "origins": list(ORIGINS),
    }
    assert list(claims["payload"]) == ["genericPrivatePasses"]


def test_the_private_pass_carries_the_card_and_nothing_else(signer, public_key):
    card = new_card()
    made = private_pass_of(link(signer, card), public_key)
    assert set(made) == {
        "id", "type", "hexBackgroundColor", "header", "titleLabel", "title", "barcode", "textModulesData"
    }  # fmt: skip
    assert made["id"] == f"{ISSUER}.{card.serial}"
    assert made["title"]["defaultValue"] == {"language": "bg", "value": HOLDER}
    assert made["barcode"] == {"type": "QR_CODE", "value": card.number}
    assert rows_of(made) == {
        "Номер на карта": card.number,
        "Застраховател": card.insurer,
        "Валидна до": "31.12.2027\u00a0г.",
        "Запазване на час": ", ".join(PHONES),
    }


@pytest.mark.parametrize("mode", ["private", "generic"])
def test_no_national_id_and_no_apple_token_is_in_the_link(signer, public_key, mode):
    card = new_card()
    written = json.dumps(claims_of(link(signer, card, mode=mode), public_key))
    assert CANARY_ID not in written
    assert card.authentication_token not in written


def test_a_changed_link_is_not_believed(signer, public_key):
    head, body, signature = link(signer, new_card()).removeprefix(SAVE).split(".")
    claims = json.loads(base64.urlsafe_b64decode(body + "=="))
    claims["payload"]["genericPrivatePasses"][0]["title"]["defaultValue"]["value"] = "Друг"
    forged = base64.urlsafe_b64encode(json.dumps(claims).encode()).rstrip(b"=").decode()
    with pytest.raises(jwt.InvalidSignatureError):
        claims_of(f"{SAVE}{head}.{forged}.{signature}", public_key)


def test_the_same_claims_are_nearly_a_third_shorter_than_in_googles_own_writing(signer):
    claims = jwt.decode(link(signer, new_card()).removeprefix(SAVE), options={"verify_signature": False})
    theirs = google.auth.jwt.encode(signer.rsa, claims)
    assert len(signer.jwt(claims)) < 0.7 * len(theirs)


def test_a_short_card_keeps_its_translation(signer, public_key):
    brief = {key: word[:3] for key, word in ENGLISH.items()}
    texts = PassTexts("bg", {"bg": {key: word[:3] for key, word in BULGARIAN.items()}, "en": brief})
    card = new_card(phones=(), valid_until=None, insurer="ДЗИ", holder="Ян Ян")
    made = private_pass_of(link(signer, card, texts=texts), public_key)
    assert made["header"]["translatedValues"] == [{"language": "en", "value": "Hea"}]
    assert made["textModulesData"][0]["localizedHeader"]["translatedValues"][0]["value"] == "Car"


def test_over_the_limit_the_translation_goes_first_and_all_phones_stay(signer, public_key):
    url = link(signer, new_card(holder=SIXTY_LETTERS))
    made = private_pass_of(url, public_key)
    assert len(url.removeprefix(SAVE)) <= LONGEST_JWT
    assert made["title"]["defaultValue"]["value"] == SIXTY_LETTERS
    assert "translatedValues" not in json.dumps(made)
    assert rows_of(made)["Запазване на час"] == ", ".join(PHONES)


def test_then_all_phones_but_the_first_go(signer, public_key):
    url = link(signer, new_card(holder=SIXTY_LETTERS, insurer="ЗАД Обединен примерен здравен фонд"))
    assert len(url.removeprefix(SAVE)) <= LONGEST_JWT
    assert rows_of(private_pass_of(url, public_key))["Запазване на час"] == PHONES[0]


def test_a_card_that_cannot_fit_is_an_error_that_says_how_long_it_was(signer):
    with pytest.raises(PassTooLong, match=r"JWT of \d{4} characters, 1800 is the limit") as caught:
        link(signer, new_card(holder="Щ" * 200))
    assert caught.value.length > LONGEST_JWT
    assert "Щ" not in str(caught.value)


@given(holder=st.text(min_size=1).filter(str.strip), number=st.text(min_size=1).filter(str.strip))
def test_whatever_stands_on_a_card_the_link_fits_and_says_it(signer, public_key, holder, number):
    try:
        url = link(signer, new_card(holder=holder, number=number))
    except PassTooLong:
        return
    made = private_pass_of(url, public_key)
    assert len(url.removeprefix(SAVE)) <= LONGEST_JWT
    assert (made["title"]["defaultValue"]["value"], made["barcode"]["value"]) == (holder, number)


def test_the_generic_link_only_names_the_object(signer, public_key):
    card = new_card(holder="Щ" * 500)
    claims = claims_of(link(signer, card, mode="generic"), public_key)
    names = {"id": f"{ISSUER}.{card.serial}", "classId": f"{ISSUER}.{CLASS}"}
    assert claims["payload"] == {"genericObjects": [names]}


def test_a_voided_card_gets_no_private_link(signer):
    with pytest.raises(CardVoided):
        link(signer, new_card(voided=True))


def test_an_incomplete_card_gets_no_link(signer):
    with pytest.raises(PassIncomplete, match=r"card\.number"):
        link(signer, new_card(number=""))


@pytest.mark.parametrize(
    ("language", "written"),
    [
        ("hu", "2027. december 31."),
        ("en", "31 December 2027"),
        ("bg", "31.12.2027\u00a0г."),
        ("xx", "2027-12-31"),
    ],
)
def test_the_last_day_is_written_as_people_write_it(signer, public_key, language, written):
    url = link(signer, new_card(), texts=PassTexts(language, {language: ENGLISH}))
    assert rows_of(private_pass_of(url, public_key))["Valid until"] == written


def test_the_signers_repr_holds_no_key(signer):
    assert re.fullmatch(r"GoogleSigner\(email='[^']+', token_uri='[^']+'\)", repr(signer))


def test_an_open_ended_card_has_no_date_row(signer, public_key):
    made = private_pass_of(link(signer, new_card(valid_until=None)), public_key)
    assert "Валидна до" not in rows_of(made)
    assert date.max.isoformat() not in json.dumps(made)
