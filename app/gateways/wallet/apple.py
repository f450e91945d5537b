"""Apple Wallet: a signed ``.pkpass`` built in memory. No network, no file, no clock of ours.

The style is ``generic``: its primary field is a name in readable type that shrinks to fit. A ``storeCard``
is made for a balance over a picture strip and cuts off a long name, and Apple means it for loyalty cards.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, time
from io import BytesIO
from typing import Self

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, pkcs7
from py_pkpass.models import Barcode, BarcodeFormat, DateField, DateStyle, Field, Generic, Pass

from app.gateways.wallet import artwork, keys
from app.gateways.wallet.apple_strings import look_up_keys, strings_files
from app.gateways.wallet.card import Brand, Card, PassIncomplete, PassTexts, missing_from

MIME = "application/vnd.apple.pkpass"
"""The content type a phone opens in Wallet (Apple, Distributing and updating a pass)."""

_NOON = time(12, tzinfo=UTC)


@dataclass(frozen=True)
class AppleSigner:
    """The pass certificate, its key and Apple's WWDR intermediate, read once: reading costs 70 signatures."""

    certificate: x509.Certificate = field(repr=False)
    wwdr: x509.Certificate = field(repr=False)
    pass_type_id: str
    team_id: str
    key: RSAPrivateKey = field(repr=False)

    @classmethod
    def load(
        cls,
        certificate: keys.Source,
        wwdr: keys.Source,
        key: keys.Source | None = None,
        password: str | None = None,
    ) -> Self:
        """A signer from a .p12 (``key`` None) or PEM files; the WWDR certificate as PEM or as Apple's .cer.

        Pass type and team come from the certificate: a pass that says otherwise is refused by the phone
        without a word. Raises keys.WalletKeyProblem.
        """
        leaf, private = keys.load_pair(certificate, key, password)
        file = keys.name_of(certificate, "the pass certificate")
        if not keys.fits(leaf, private):
            raise keys.WalletKeyProblem(file, "The private key belongs to another certificate: pair them.")
        pass_type, team = keys.pass_type_of(leaf), keys.team_of(leaf)
        if not pass_type or not team:
            cure = "It names no pass type (UID) and team (OU): use a Pass Type ID certificate from Apple."
            raise keys.WalletKeyProblem(file, cure)
        intermediate = keys.load_certificate(wwdr, "the WWDR certificate")
        return cls(leaf, intermediate, pass_type, team, private)

    def sign(self, manifest: bytes) -> bytes:
        """A detached CMS signature in DER over ``manifest``, SHA-256, with the WWDR certificate inside.

        Binary: without it the digest is taken over text with CRLF line ends, which Apple does not do.
        """
        return (
            pkcs7.PKCS7SignatureBuilder()
            .set_data(manifest)
            .add_signer(self.certificate, self.key, hashes.SHA256())
            .add_certificate(self.wwdr)
            .sign(Encoding.DER, [pkcs7.PKCS7Options.DetachedSignature, pkcs7.PKCS7Options.Binary])
        )


class _SignedPass(Pass):  # type: ignore[misc]  # py-pkpass has no types
    """The library's pass, signed by a key already in memory; the library reads four files for each pass."""

    def __init__(self, style: Generic, signer: AppleSigner, organisation: str) -> None:
        super().__init__(
            style,
            passTypeIdentifier=signer.pass_type_id,
            organizationName=organisation,
            teamIdentifier=signer.team_id,
        )
        self._signer = signer

    def _createSignatureCrypto(self, manifest: str, *_paths: str) -> bytes:  # noqa: N802 - the library's name
        return self._signer.sign(manifest.encode())


def build_pass(
    card: Card,
    brand: Brand,
    texts: PassTexts,
    signer: AppleSigner,
    *,
    web_service_url: str | None = None,
    images: Mapping[str, bytes] | None = None,
) -> bytes:
    """The ``.pkpass`` of ``card``, ready to send as ``MIME``.

    ``web_service_url`` is where phones ask for updates; it is left out unless it is https, as iOS takes no
    other. ``images`` are PNG files by their name in the pass, drawn from the brand's colours when None.
    Raises PassIncomplete naming what the card, brand, texts or images lack.
    """
    pictures = artwork.draw(brand) if images is None else images
    _require(card, brand, texts, pictures)
    words = look_up_keys(texts, {card.holder, card.number, card.insurer, brand.name, brand.logo_text})
    made = _SignedPass(_fields(card, words), signer, brand.name)
    made.serialNumber = card.serial
    made.description = words["title"]
    made.sharingProhibited = True
    made.barcode = Barcode(card.number, BarcodeFormat.QR, card.number, "utf-8")
    _paint(made, brand)
    _set_validity(made, card, brand)
    if web_service_url and web_service_url.startswith("https://"):
        made.webServiceURL = web_service_url
        made.authenticationToken = card.authentication_token
    for name, content in {**pictures, **strings_files(texts, words)}.items():
        made.addFile(name, BytesIO(content))
    packed: BytesIO = made.create("", "", "", "")
    return packed.getvalue()


def _require(card: Card, brand: Brand, texts: PassTexts, pictures: Mapping[str, bytes]) -> None:
    missing = missing_from(card, brand, texts)
    if not pictures.get("icon.png"):
        missing = (*missing, "images.icon.png")
    if missing:
        raise PassIncomplete(missing)


def _fields(card: Card, words: Mapping[str, str]) -> Generic:
    """Where each thing stands. With a square barcode a generic pass has room for four below the name."""
    style = Generic()
    if card.valid_until:
        # Noon in UTC with ignoresTimeZone: every phone shows the day itself, in its own language's form.
        day = datetime.combine(card.valid_until, _NOON).isoformat()
        until = DateField("valid_until", day, words["valid_until"], DateStyle.MEDIUM, DateStyle.NONE, True)
        style.headerFields.append(_lean(until))
    style.primaryFields.append(_lean(Field("holder", card.holder, words["holder"])))
    style.secondaryFields.append(_lean(Field("number", card.number, words["number"])))
    style.auxiliaryFields.append(_lean(Field("insurer", card.insurer, words["insurer"])))
    if card.phones:
        style.backFields.append(_back("phones", "\n".join(card.phones), words, "PhoneNumber"))
    if card.support_mail:
        style.backFields.append(_back("support", card.support_mail, words, "Link"))
    return style


def _back(key: str, value: str, words: Mapping[str, str], detected_as: str) -> Field:
    made = _lean(Field(key, value, words[key]))
    made.dataDetectorTypes = [f"PKDataDetectorType{detected_as}"]
    return made


def _lean(made: Field) -> Field:
    """Without the library's defaults Apple does not allow in every place (alignment) or that say nothing."""
    del made.textAlignment, made.changeMessage
    return made


def _paint(made: _SignedPass, brand: Brand) -> None:
    made.backgroundColor = _css(brand.background)
    made.foregroundColor = _css(brand.foreground)
    made.labelColor = _css(brand.label)
    made.logoText = brand.logo_text or None


def _css(colour: str) -> str:
    red, green, blue = artwork.rgb(colour)
    return f"rgb({red}, {green}, {blue})"


def _set_validity(made: _SignedPass, card: Card, brand: Brand) -> None:
    """A voided card is also out of date from the moment it was voided: older phones read only the date."""
    ends = card.ends_at(brand.zone)
    if card.voided and (ends is None or card.updated_at < ends):
        ends = card.updated_at
    made.voided = card.voided
    made.expirationDate = ends and ends.isoformat(timespec="seconds")
