"""What signing a pass costs with the key in memory, and as py-pkpass does it by itself."""

from io import BytesIO
from pathlib import Path

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.serialization import BestAvailableEncryption, Encoding, PrivateFormat
from py_pkpass.models import Barcode, BarcodeFormat, Field, Generic, Pass

from app.gateways.wallet import artwork
from app.gateways.wallet.apple import AppleSigner, build_pass
from app.gateways.wallet.demo_keys import DemoKeys, make_demo_keys
from app.gateways.wallet.google import GoogleSigner, Mode, save_url
from tests.bench.measure import Case, Group, compare
from tests.wallet_samples import BRAND, BULGARIAN, NOW, TEXTS, new_card

_PASSWORD = "a password of the bench"
_CARD = new_card()


def wallets(folder: Path) -> Group:
    """Both wallets beside one RSA signature, which no pass can do without."""
    keys = make_demo_keys(folder, NOW)
    apple = AppleSigner.load(keys.certificate, keys.wwdr, keys.key)
    google = GoogleSigner.load(keys.service_account)
    encrypted = _encrypted(apple, folder.parent / "pass.encrypted.key")

    def google_link(mode: Mode) -> str:
        return save_url(
            _CARD,
            BRAND,
            TEXTS,
            google,
            mode=mode,
            issuer_id=keys.issuer_id,
            class_suffix=keys.class_suffix,
            origins=["https://narthex.example"],
            now=NOW,
        )

    lines = compare(
        Case("one RSA-2048 signature, the limit", lambda: _signature(apple)),
        Case("Apple: build_pass, the key in memory", lambda: build_pass(_CARD, BRAND, TEXTS, apple)),
        Case("Apple: py-pkpass, key file read each time", lambda: _as_it_is(keys, keys.key, "")),
        Case("Apple: py-pkpass, encrypted key file", lambda: _as_it_is(keys, encrypted, _PASSWORD)),
        Case("Google: save_url, the whole card in the link", lambda: google_link("private")),
        Case("Google: save_url, an object's name alone", lambda: google_link("generic")),
        seconds=0.8,
    )
    return Group("Passes a second, one thread", lines)


def _encrypted(signer: AppleSigner, file: Path) -> Path:
    locked = BestAvailableEncryption(_PASSWORD.encode())
    file.write_bytes(signer.key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, locked))
    return file


def _signature(signer: AppleSigner) -> bytes:
    return signer.key.sign(b"a manifest", PKCS1v15(), hashes.SHA256())


def _as_it_is(keys: DemoKeys, key: Path, password: str) -> bytes:
    """The same card by the library's own means, in one language and without its finer points."""
    style = Generic()
    style.primaryFields.append(Field("holder", _CARD.holder, BULGARIAN["holder"]))
    style.secondaryFields.append(Field("number", _CARD.number, BULGARIAN["number"]))
    style.auxiliaryFields.append(Field("insurer", _CARD.insurer, BULGARIAN["insurer"]))
    style.backFields.append(Field("phones", "\n".join(_CARD.phones), BULGARIAN["phones"]))
    made = Pass(style, "", keys.pass_type_id, BRAND.name, keys.team_id)
    made.serialNumber, made.description = _CARD.serial, BULGARIAN["title"]
    made.barcode = Barcode(_CARD.number, BarcodeFormat.QR, _CARD.number, "utf-8")
    for name, content in artwork.draw(BRAND).items():
        made.addFile(name, BytesIO(content))
    packed: BytesIO = made.create(str(keys.certificate), str(key), str(keys.wwdr), password)
    return packed.getvalue()
