"""Google Wallet: the link that saves a card, a JWT signed by the organisation's service account.

Two modes. ``private`` (generic private pass, for health cards; Google must approve the issuer) carries the
whole card in the link. ``generic`` carries only the name of an object that ``google_objects`` made before.
"""

import json
from base64 import urlsafe_b64encode
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal, Self

from google.auth.crypt import RSASigner

from app.gateways.wallet import keys
from app.gateways.wallet.card import Brand, Card, PassIncomplete, PassTexts, missing_from
from app.gateways.wallet.google_body import object_name, private_pass

SAVE = "https://pay.google.com/gp/v/save/"
LONGEST_JWT = 1800
"""Characters of the JWT, not of the URL, above which browsers may cut the link (Google, Wallet JWT guide)."""

Mode = Literal["private", "generic"]


class PassTooLong(Exception):
    """Even one language and one phone make a JWT of ``length`` characters; no content in the text."""

    def __init__(self, length: int) -> None:
        super().__init__(f"the card needs a JWT of {length} characters, {LONGEST_JWT} is the limit")
        self.length = length


class CardVoided(Exception):
    """A private pass has no state: once saved, a link to a voided card would look like a valid one."""


@dataclass(frozen=True)
class GoogleSigner:
    """A service account ready to sign, read once: reading its key costs 90 signatures.

    ``email`` is the issuer of every JWT; ``token_uri`` is where REST calls fetch their access token.
    """

    email: str
    token_uri: str
    rsa: RSASigner = field(repr=False)

    @classmethod
    def load(cls, account: keys.Source) -> Self:
        """A signer from a service account's JSON. Raises keys.WalletKeyProblem."""
        entries, key = keys.load_account(account)
        rsa = RSASigner(key, entries.get("private_key_id"))  # type: ignore[no-untyped-call]
        return cls(entries["client_email"], entries["token_uri"], rsa)

    def jwt(self, claims: Mapping[str, object]) -> str:
        """``claims`` as a signed RS256 JWT, its JSON compact and in UTF-8.

        Not google.auth.jwt.encode: it writes each Cyrillic letter as six ASCII characters and a space after
        every comma, which makes the same card half as long again. The key id is left out, as in Google's Java
        samples: the account's few keys are all tried.
        """
        segments = [_segment({"alg": "RS256", "typ": "JWT"}), _segment(claims)]
        signature: bytes = self.rsa.sign(".".join(segments).encode())
        return ".".join((*segments, _base64(signature)))


def save_url(
    card: Card,
    brand: Brand,
    texts: PassTexts,
    signer: GoogleSigner,
    *,
    mode: Mode,
    issuer_id: str,
    class_suffix: str,
    origins: Sequence[str],
    now: datetime,
) -> str:
    """The address that opens Google Wallet with this card; it holds personal data and belongs in no log.

    ``issuer_id`` is the number Google gave the organisation, ``class_suffix`` names the card's class there,
    ``origins`` are our own https origins. Over ``LONGEST_JWT`` first the translations go, then all phones but
    the first; with ordinary labels no translation fits, so let ``texts.default`` be the reader's language.
    Raises PassIncomplete, PassTooLong, CardVoided (private mode only).
    """
    missing = missing_from(card, brand, texts)
    if missing:
        raise PassIncomplete(missing)
    claims = {
        "iss": signer.email,
        "aud": "google",
        "typ": "savetowallet",
        "iat": int(now.timestamp()),
        "origins": list(origins),
    }
    if mode == "generic":
        skinny = {"id": object_name(issuer_id, card.serial), "classId": object_name(issuer_id, class_suffix)}
        return SAVE + _fitting(signer, claims, iter([{"genericObjects": [skinny]}]))
    if card.voided:
        raise CardVoided
    return SAVE + _fitting(signer, claims, _private_payloads(card, brand, texts, issuer_id))


def _private_payloads(card: Card, brand: Brand, texts: PassTexts, issuer_id: str) -> Iterator[object]:
    """The same card, ever shorter: whole; in one language; with one phone."""
    for languages, phones in (
        (texts.languages, card.phones),
        (texts.languages[:1], card.phones),
        (texts.languages[:1], card.phones[:1]),
    ):
        yield {"genericPrivatePasses": [private_pass(card, brand, texts, issuer_id, languages, phones)]}


def _fitting(signer: GoogleSigner, claims: Mapping[str, object], payloads: Iterator[object]) -> str:
    length = 0
    for payload in payloads:
        jwt = signer.jwt({**claims, "payload": payload})
        length = len(jwt)
        if length <= LONGEST_JWT:
            return jwt
    raise PassTooLong(length)


def _segment(value: Mapping[str, object]) -> str:
    return _base64(json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode())


def _base64(content: bytes) -> str:
    return urlsafe_b64encode(content).rstrip(b"=").decode()
